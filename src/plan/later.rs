//! What manifests may ask for and this version does not carry out: a blocker that names the key, never silence.

use crate::model::{Origin, Phrase};
use crate::plan::draft::Draft;
use crate::plan::people::People;
use crate::plan::types::{Blocker, BlockerCode};

/// Blocks the plan for everything that it would need and that a later version carries out.
pub(super) fn block(people: &People<'_>, draft: &mut Draft) {
    for origin in &people.desired.hr_sources {
        let message = Phrase::words("`hr.sources`: reading HR exports");
        not_carried_out(*origin, message, "declare the HR groups with their members instead", draft);
    }
}

fn not_carried_out(origin: Origin, what: Phrase, way_out: &'static str, draft: &mut Draft) {
    draft.blockers.push(
        Blocker::new(origin, BlockerCode::NotCarriedOut, what.then(" is not carried out by this version"))
            .way_out(way_out),
    );
}
