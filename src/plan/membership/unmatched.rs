//! May a member who would leave be one whom a row names by what the account does not know?

use crate::model::{DesiredUser, GroupName, ObservedUser, Piece, Reach, Topic};
use crate::phrase;
use crate::plan::blocker::{Blocker, BlockerCode};
use crate::plan::membership::feeds::numbers;
use crate::plan::membership::wanted::Move;
use crate::plan::people::People;
use crate::plan::resolve::keys::label;
use crate::plan::resolve::wording::describe;

/// So many members who may be meant are shown.
const SHOWN: usize = 10;

/// Whether a member who would leave may be one whom a row names by what the account does not know: nobody leaves a group because
/// a match failed. `rows` are those that match nobody, and whose users the group would have.
pub(in crate::plan) fn doubt(
    people: &People<'_>,
    group: &GroupName,
    rows: &[&DesiredUser],
    leave: &[Move],
) -> Option<Blocker> {
    if rows.is_empty() {
        return None;
    }
    // Whom an entry or another row names is somebody else.
    let unnamed = leave.iter().filter(|it| people.entry(it.person).is_none());
    let members: Vec<&ObservedUser> = unnamed
        .filter_map(|it| people.record(it.person))
        .filter(|record| rows.iter().any(|user| may_be(user, record, &people.observed.reach)))
        .collect();
    // The same one whatever the order of the rows.
    let may_be = |user: &DesiredUser, record| may_be(user, record, &people.observed.reach);
    let meant = rows.iter().filter(|user| members.iter().any(|record| may_be(user, record)));
    let user = meant.min_by_key(|user| label(user).display_id)?;
    let message = phrase![
        label(user),
        " of ",
        Piece::plain(group),
        " matches nobody, and members of it would leave whom nothing names: is it one of them?"
    ];
    let blocker = Blocker::new(user.origin, BlockerCode::UnmatchedRow, message)
        .between(members.iter().take(SHOWN).map(|record| describe(record)))
        .way_out("if so: declare the user in a manifest, with an identifier of the row and one of the record")
        .way_out("if not: declare whoever leaves in a manifest, by an identifier; an entry names them, and they leave");
    Some(match people.observed.reach.hidden(Topic::MoreEmployeeIds) {
        Some(_) => blocker,
        None => blocker.way_out("or give both sides employee IDs: users with different ones are two"),
    })
}

/// Whether nothing says that a row and a record are two users: employee IDs would, where all of them are shown.
fn may_be(user: &DesiredUser, record: &ObservedUser, reach: &Reach) -> bool {
    let hidden = reach.hidden(Topic::MoreEmployeeIds).is_some();
    let mut numbers = numbers(user).peekable();
    numbers.peek().is_none()
        || record.employee_ids.is_empty()
        || hidden
        || numbers.any(|number| record.employee_ids.contains(number))
}
