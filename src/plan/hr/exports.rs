//! Which groups do HR exports feed? What do their rows say that comes to nothing, and what may that hide?

use crate::model::{
    DesiredGroup, DesiredUser, EmployeeId, Export, GroupName, ObservedUser, Order, OrderKind, Phrase, Piece,
    Reach, Reference, Rule, Subject, Topic,
};
use crate::phrase;
use crate::plan::blocker::{Blocker, BlockerCode};
use crate::plan::draft::Draft;
use crate::plan::groups::members::Move;
use crate::plan::people::People;
use crate::plan::people::doubt::describe;
use crate::plan::people::keys::label;
use crate::plan::people::resolve::Fit;
use crate::plan::people::reused::is_of_rows;

/// So many members who may be meant are shown.
const SHOWN: usize = 10;

/// Names every user whom only rows of exports name and nobody in the account matches (`unmatched: list`), and every user whom a
/// row asks for beside an order.
pub(in crate::plan) fn draft(people: &People<'_>, draft: &mut Draft) {
    for user in left_out(people) {
        draft.notice(user.origin, phrase![label(user), " matches nobody, and is left out of every group"]);
    }
    for (at, user) in (0..).zip(&people.desired.users) {
        if let (Some(row), Some(order)) = (user.row, &user.order) {
            draft.notice(row, asked_for(people, at, order));
        }
    }
}

/// A row asks for somebody with an order.
fn asked_for(people: &People<'_>, at: u32, order: &Order) -> Phrase {
    let is_going = || people.person(at).is_some_and(|person| people.orders.is_going(person));
    let gone = ". Take the row out, or the order if they are back";
    let (key, does) = match order.kind {
        OrderKind::Erase => ("erase", " is about their history: they stay".to_owned()),
        OrderKind::Remove(_) if people.resolution.fits[at as usize] == Fit::Gone => {
            ("remove", format!(" has taken them away: they are put into no group{gone}"))
        }
        OrderKind::Remove(_) if is_going() => {
            ("remove", format!(" takes them away: they are put into no group{gone}"))
        }
        OrderKind::Remove(_) => ("remove", format!(" is not carried out by this plan{gone}")),
    };
    let user = &people.desired.users[at as usize];
    phrase!["a row asks for ", label(user), format!(", and `{key}` of {}{does}", order.decided)]
}

fn left_out<'a>(people: &People<'a>) -> impl Iterator<Item = &'a DesiredUser> {
    let desired = people.desired;
    let fits = desired.users.iter().zip(&people.resolution.fits);
    fits.filter(|(_, fit)| **fit == Fit::LeftOut).map(|(user, _)| user)
}

/// Whether a row is of nobody who is seen: of nobody at all, or maybe of somebody by an employee ID that the keys don't show.
pub(in crate::plan) fn is_unmatched(people: &People<'_>, at: u32) -> bool {
    let user = &people.desired.users[at as usize];
    match people.resolution.fits[at as usize] {
        Fit::LeftOut => true,
        Fit::New | Fit::ByHand => {
            let hidden = people.observed.reach.hidden(Topic::MoreEmployeeIds).is_some();
            hidden && is_of_rows(user) && numbers(user).next().is_some()
        }
        Fit::Record(_) | Fit::Gone | Fit::Blocked => false,
    }
}

/// Whether rows of an export decide who is in a group: they name it, or say what its rule looks at.
pub(in crate::plan) fn feeds(export: &Export, group: &DesiredGroup) -> bool {
    let name = &group.name.value;
    let is_named = export.groups.binary_search_by(|named| named.value.cmp(name)).is_ok();
    is_named || group.automatic.as_ref().is_some_and(|automatic| looks_at(&automatic.rule.value, export))
}

/// Whether a rule looks at an attribute that an export gives.
fn looks_at(rule: &Rule, export: &Export) -> bool {
    match rule {
        Rule::All(rules) | Rule::Any(rules) => rules.iter().any(|rule| looks_at(&rule.value, export)),
        Rule::Not(rule) => looks_at(&rule.value, export),
        Rule::Is { subject: Subject::Attribute(name), .. } => export.attributes.contains(name),
        Rule::Is { .. } => false,
    }
}

/// Exports by file and name, as sentences have them.
pub(in crate::plan) fn files<'e>(exports: impl IntoIterator<Item = &'e Export>) -> Vec<String> {
    exports.into_iter().map(|export| format!("{} ({})", export.file, export.name)).collect()
}

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

/// Every employee ID of a row.
fn numbers(user: &DesiredUser) -> impl Iterator<Item = &EmployeeId> {
    let lookups = user.lookups.iter().filter_map(|lookup| match &lookup.value {
        Reference::EmployeeId(id) => Some(id),
        Reference::Address(_) | Reference::DeviceLogin(_) | Reference::Slashed(..) | Reference::Name(_) => {
            None
        }
    });
    user.employee_ids.said().iter().map(|id| &id.value).chain(lookups)
}
