//! What do rows of HR exports say that comes to nothing?

use crate::phrase;
use crate::plan::draft::Draft;
use crate::plan::people::People;
use crate::plan::people::keys::label;
use crate::plan::people::resolve::Fit;

/// What is to be known of exports.
pub(in crate::plan) fn draft(people: &People<'_>, draft: &mut Draft) {
    left_out(people, draft);
}

/// Names every user whom only rows of exports name and nobody in the account matches (`unmatched: list`).
fn left_out(people: &People<'_>, draft: &mut Draft) {
    for (user, _) in
        people.desired.users.iter().zip(&people.resolution.fits).filter(|(_, fit)| **fit == Fit::LeftOut)
    {
        let message = phrase![label(user), " matches nobody, and is left out of every group"];
        draft.notice(user.origin, message);
    }
}
