//! What is said of one user in two places, put together; what contradicts is reported with both.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::Diagnostics;
use crate::manifest::export::keys::{Key, keys};
use crate::manifest::export::problems::{CORRECT, Problems, contradiction};
use crate::model::{
    AttributeName, DesiredUser, DisplayName, EmployeeId, Located, Managed, Members, Order, OrderKind,
    Reference, Tracking, fold,
};

/// Whose word a user's display name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NameOf {
    /// An entry's, by its position.
    Entry(u32),
    /// That of rows.
    Rows,
}

/// What uniting needs besides the users.
pub(super) struct Desk<'d> {
    pub(super) names: &'d mut Names,
    /// Attributes that may have several values.
    pub(super) many: &'d BTreeSet<AttributeName>,
    pub(super) problems: &'d mut Problems,
}

/// The names of rows whose user an entry names otherwise. An entry may: one of two namesakes needs another name in the account.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// The position of the entry, what the row says, and what the entry says.
    other: Vec<(u32, Located<DisplayName>, Located<DisplayName>)>,
}

impl Names {
    /// Reports every name that is neither a namesake's nor the beginning of the entry's, once all rows are read.
    pub(super) fn judge(&self, users: &[DesiredUser], became: &[u32], found: &mut Diagnostics) {
        if self.other.is_empty() {
            return;
        }
        let mut holders: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
        for (at, row, _) in &self.other {
            holders.entry(row.value.key()).or_default().insert(*at);
        }
        for (at, user) in (0u32..).zip(users).filter(|(at, _)| became.get(*at as usize) == Some(at)) {
            let name = user.display_name.declared().map(|name| name.value.key());
            if let Some(holders) = name.and_then(|name| holders.get_mut(name)) {
                holders.insert(at);
            }
        }
        for (_, row, entry) in &self.other {
            let namesakes = holders.get(row.value.key()).map_or(0, BTreeSet::len);
            if namesakes < 2 && !adds_to(&row.value, &entry.value) {
                let [ours, theirs] =
                    [row, entry].map(|name| name.clone().map(|name| name.as_written().to_owned()));
                let help = "correct one of the two, or take `displayName` out of the entry: it may only tell namesakes apart, or \
                            add to the name of the row";
                found.push(contradiction("display name", &ours, &theirs, help));
            }
        }
    }
}

/// Whether a name is another one and something behind it: `John Smith (Oslo)`.
fn adds_to(name: &DisplayName, longer: &DisplayName) -> bool {
    let rest = longer.key().strip_prefix(name.key());
    rest.and_then(|rest| rest.chars().next()).is_some_and(|next| !next.is_alphanumeric())
}

/// Puts what is said of one user in two places together.
pub(super) fn unite(user: &mut DesiredUser, more: DesiredUser, name: NameOf, desk: &mut Desk<'_>) {
    let DesiredUser {
        origin: _,
        row,
        lookups,
        missing,
        display_name,
        namesake,
        upns,
        emails,
        employee_ids,
        device_logins,
        tracking,
        status: _,
        untracked_by,
        groups,
        primary_group: _,
        agents: _,
        attributes,
        formerly: _,
        match_name: _,
        releases: _,
        adopt: _,
        order,
    } = more;
    user.row = user.row.or(row);
    user.missing = user.missing.min(missing);
    let (mine, theirs) = (employee_numbers(user), said_numbers(&employee_ids, &lookups));
    for number in theirs.iter().filter(|number| !mine.is_empty() && !mine.contains(number)) {
        if let Some(known) = mine.first() {
            desk.problems.push(contradiction("employee ID", number, known, CORRECT));
        }
    }
    add(&mut user.device_logins, device_logins);
    at_least(&mut user.upns, upns);
    at_least(&mut user.emails, emails);
    at_least(&mut user.employee_ids, employee_ids);
    let new = lookups.into_iter().filter(|lookup| !holds(user, &lookup.value)).collect::<Vec<_>>();
    user.lookups.extend(new);
    names(user, display_name, name, desk);
    if let (NameOf::Rows, Some(more)) = (name, namesake) {
        among_namesakes(user, more, desk.problems);
    }
    let word = |tracking: &Tracking| match tracking {
        Tracking::Tracked => "tracked".to_owned(),
        Tracking::Untracked => "untracked".to_owned(),
    };
    scalar("tracking", &mut user.tracking, tracking, word, desk.problems);
    user.untracked_by = user.untracked_by.take().or(untracked_by);
    add(&mut user.groups, groups);
    for (name, value) in attributes {
        attribute(user, name, value, desk);
    }
    match (&user.order, order) {
        (None, order) => user.order = order,
        (Some(known), Some(more)) => orders(known, &more, desk.problems),
        (Some(_), None) => {}
    }
}

/// Adds what is not there yet.
fn add<T: PartialEq>(known: &mut Vec<Located<T>>, more: Vec<Located<T>>) {
    for one in more {
        if !known.contains(&one) {
            known.push(one);
        }
    }
}

/// Two rows that give different orders about one user; an order that an entry gives counts whatever rows say.
fn orders(known: &Order, more: &Order, problems: &mut Problems) {
    let of_rows = known.row.is_some() && more.row.is_some();
    if of_rows && (known.kind, known.decided) != (more.kind, more.decided) {
        let said = |order: &Order| {
            let key = if order.kind == OrderKind::Erase { "erase" } else { "remove" };
            Located::new(format!("{key} of {}", order.decided), order.origin)
        };
        let help = "correct one of the rows; if it is one person in two positions, say which row counts: `primary: …`";
        problems.push(contradiction("order", &said(more), &said(known), help));
    }
}

/// Takes over what the user is called where another has the display name.
fn among_namesakes(user: &mut DesiredUser, more: Located<DisplayName>, problems: &mut Problems) {
    match user.namesake.as_ref().filter(|known| known.value.as_written() != more.value.as_written()) {
        None => user.namesake = Some(more),
        Some(known) => {
            let help = "let `onCollision` name columns that are alike in all rows of a user";
            problems.push(contradiction("name among namesakes", &more, known, help));
        }
    }
}

/// Takes a display name over; that of an entry stands before that of rows, if it may.
fn names(user: &mut DesiredUser, name: Managed<DisplayName>, of: NameOf, desk: &mut Desk<'_>) {
    match (of, user.display_name.declared(), &name) {
        (NameOf::Entry(at), Some(known), Managed::Set(more)) if known.value != more.value => {
            desk.names.other.push((at, more.clone(), known.clone()));
        }
        _ => {
            let said = |name: &DisplayName| name.as_written().to_owned();
            scalar("display name", &mut user.display_name, name, said, desk.problems);
        }
    }
}

/// Takes a value of an attribute over, beside others if it may have several.
fn attribute(user: &mut DesiredUser, name: AttributeName, value: Located<Box<str>>, desk: &mut Desk<'_>) {
    let mut known = user.attributes.iter().filter(|(known, _)| *known == name).map(|(_, value)| value);
    if desk.many.contains(&name) {
        let folded = fold(&value.value);
        if !known.any(|known| fold(&known.value) == folded) {
            user.attributes.push((name, value));
        }
        return;
    }
    match known.next() {
        None => user.attributes.push((name, value)),
        Some(known) if known.value == value.value => {}
        Some(known) => {
            let help = "correct one of the two; if it is one person in two positions, let the attribute have both: \
                        `{ column: …, many: true }`";
            desk.problems.push(contradiction(&format!("attribute `{name}`"), &value, known, help));
        }
    }
}

/// Whether a user is found by a value already.
fn holds(user: &DesiredUser, value: &Reference) -> bool {
    Key::of(value).is_some_and(|key| keys(user).any(|(known, _)| known == key))
}

/// Takes what finds a user and is said to be an identifier too for the identifier.
pub(super) fn settle(user: &mut DesiredUser) {
    let lookups = std::mem::take(&mut user.lookups);
    user.lookups = lookups.into_iter().filter(|lookup| !holds(user, &lookup.value)).collect();
}

/// What a row says beside what was said before: never the whole list, and no longer list than before is made shorter.
fn at_least<T: PartialEq>(members: &mut Members<T>, more: Members<T>) {
    let (Members::AtLeast(more) | Members::Exactly(more)) = more else { return };
    match members {
        Members::Leave => *members = Members::AtLeast(more),
        Members::AtLeast(known) | Members::Exactly(known) => {
            for value in more {
                if !known.contains(&value) {
                    known.push(value);
                }
            }
        }
    }
}

fn employee_numbers(user: &DesiredUser) -> Vec<Located<EmployeeId>> {
    said_numbers(&user.employee_ids, &user.lookups)
}

fn said_numbers(ids: &Members<EmployeeId>, lookups: &[Located<Reference>]) -> Vec<Located<EmployeeId>> {
    let lookups = lookups.iter().filter_map(|lookup| match &lookup.value {
        Reference::EmployeeId(id) => Some(Located::new(id.clone(), lookup.origin)),
        Reference::Address(_) | Reference::DeviceLogin(_) | Reference::Slashed(..) | Reference::Name(_) => {
            None
        }
    });
    ids.listed().iter().cloned().chain(lookups).collect()
}

fn scalar<T>(
    what: &str,
    known: &mut Managed<T>,
    more: Managed<T>,
    said: impl Fn(&T) -> String,
    problems: &mut Problems,
) {
    match (known.declared(), more) {
        (_, Managed::Leave) => {}
        (None, more) => *known = more,
        (Some(known), Managed::Set(more)) => {
            let (ours, theirs) = (said(&more.value), said(&known.value));
            if ours != theirs {
                let (ours, theirs) = (Located::new(ours, more.origin), Located::new(theirs, known.origin));
                problems.push(contradiction(what, &ours, &theirs, CORRECT));
            }
        }
    }
}
