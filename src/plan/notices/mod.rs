//! What should a reader know of users besides what changes?

mod display_id;
mod former;
mod left_out;
mod temporary;

use crate::plan::draft::Draft;
use crate::plan::people::People;

/// Says what a reader should know of who is who.
pub(super) fn of_users(people: &People<'_>, draft: &mut Draft) {
    display_id::notes(people, draft);
    temporary::notices(people, draft);
    former::notices(people, draft);
    left_out::notices(people, draft);
}
