//! What do rows of HR exports say that comes to nothing, and what may that hide?

use std::collections::BTreeMap;

use crate::model::{DesiredUser, EmployeeId, GroupName, ObservedUser, Piece, Reference};
use crate::phrase;
use crate::plan::draft::Draft;
use crate::plan::groups::members::Move;
use crate::plan::people::People;
use crate::plan::people::doubt::describe;
use crate::plan::people::keys::label;
use crate::plan::people::resolve::Fit;
use crate::plan::types::{Blocker, BlockerCode};

/// So many members who may be meant are shown.
const SHOWN: usize = 10;

/// Names every user whom only rows of exports name and nobody in the account matches (`unmatched: list`).
pub(in crate::plan) fn draft(people: &People<'_>, draft: &mut Draft) {
    for user in left_out(people) {
        draft.notice(user.origin, phrase![label(user), " matches nobody, and is left out of every group"]);
    }
}

fn left_out<'a>(people: &People<'a>) -> impl Iterator<Item = &'a DesiredUser> {
    let desired = people.desired;
    let fits = desired.users.iter().zip(&people.resolution.fits);
    fits.filter(|(_, fit)| **fit == Fit::LeftOut).map(|(user, _)| user)
}

/// Users whom nobody matches and whom the plan leaves out, by the folded names of their groups.
pub(super) struct Unmatched<'a>(BTreeMap<&'a str, Vec<&'a DesiredUser>>);

impl<'a> Unmatched<'a> {
    /// Looks through everybody.
    pub(super) fn of(people: &People<'a>) -> Self {
        let mut by_group: BTreeMap<&str, Vec<&DesiredUser>> = BTreeMap::new();
        for user in left_out(people) {
            for group in &user.groups {
                by_group.entry(group.value.key()).or_default().push(user);
            }
        }
        Self(by_group)
    }

    /// Whether any of them names a group.
    pub(super) fn name(&self, group: &GroupName) -> bool {
        self.0.contains_key(group.key())
    }

    /// Whether a member who would leave may be one whom a row names by what the account does not know: nobody leaves a group
    /// because a match failed.
    pub(super) fn doubt(&self, people: &People<'_>, group: &GroupName, leave: &[Move]) -> Option<Blocker> {
        let rows = self.0.get(group.key())?;
        // Whom an entry or another row names is somebody else.
        let unnamed = leave.iter().filter(|it| people.entry(it.person).is_none());
        let members: Vec<&ObservedUser> = unnamed
            .filter_map(|it| people.record(it.person))
            .filter(|record| rows.iter().any(|user| may_be(user, record)))
            .collect();
        // The same one whatever the order of the rows.
        let meant = rows.iter().filter(|user| members.iter().any(|record| may_be(user, record)));
        let user = meant.min_by_key(|user| label(user).display_id)?;
        let message = phrase![
            label(user),
            " of ",
            Piece::plain(group),
            " matches nobody, and members of it would leave whom nothing names: is it one of them?"
        ];
        Some(
            Blocker::new(user.origin, BlockerCode::UnmatchedRow, message)
                .between(members.iter().take(SHOWN).map(|record| describe(record)))
                .way_out("if so: declare the user in a manifest, with an identifier of the row and one of the record")
                .way_out("if not: declare whoever leaves in a manifest, by an identifier; an entry names them, and they leave")
                .way_out("or give both sides employee IDs: users with different ones are two"),
        )
    }
}

/// Whether nothing says that a row and a record are two users: employee IDs would.
fn may_be(user: &DesiredUser, record: &ObservedUser) -> bool {
    let numbers = user.employee_ids.said().iter().map(|id| &id.value);
    let lookups = user.lookups.iter().filter_map(|lookup| match &lookup.value {
        Reference::EmployeeId(id) => Some(id),
        Reference::Address(_) | Reference::DeviceLogin(_) | Reference::Slashed(..) | Reference::Name(_) => {
            None
        }
    });
    let numbers: Vec<&EmployeeId> = numbers.chain(lookups).collect();
    numbers.is_empty()
        || record.employee_ids.is_empty()
        || record.employee_ids.iter().any(|held| numbers.contains(&held))
}
