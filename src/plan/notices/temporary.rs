//! Which records that nobody declares still hold a temporary?

use crate::model::{Origin, Piece, UserIx, UserLabel};
use crate::phrase;
use crate::plan::findings::Findings;
use crate::plan::people::People;

/// Says which records nobody declares still hold a temporary: nothing here can finish them.
pub(in crate::plan) fn notices(people: &People<'_>, findings: &mut Findings) {
    let undeclared = |ix: &UserIx| people.resolution.entries[ix.0 as usize].is_none();
    for (ix, value) in people.temporaries.iter().filter(|(ix, _)| undeclared(ix)) {
        let message = phrase![
            UserLabel::of(people.observed.user(ix)),
            " has a temporary in place of ",
            Piece::personal(value),
            ", left by an interrupted run, and no manifest declares them: put it right on the Users page"
        ];
        findings.notice(Origin::NONE, message);
    }
    for ix in people.temporaries.names() {
        let entry = people.resolution.entries[ix.0 as usize].map(|at| &people.desired.users[at as usize]);
        if entry.is_none_or(|entry| entry.display_name.declared().is_none()) {
            let message = phrase![
                UserLabel::of(people.observed.user(ix)),
                " has a temporary in place of their display name, left by an interrupted run: declare one, or put it \
                 right on the Users page"
            ];
            findings.notice(Origin::NONE, message);
        }
    }
}
