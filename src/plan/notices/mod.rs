//! What should a reader know of users besides what changes?

mod former;
pub(super) mod guards;
pub(super) mod late;
mod left_out;
mod missing_row;
mod temporary;

use crate::plan::findings::Findings;
use crate::plan::people::People;

/// Says what a reader should know of who is who.
pub(super) fn of_users(people: &People<'_>) -> Findings {
    let mut findings = Findings::default();
    temporary::notices(people, &mut findings);
    former::notices(people, &mut findings);
    left_out::notices(people, &mut findings);
    missing_row::notices(people, &mut findings);
    findings
}
