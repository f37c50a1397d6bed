//! What was done to the account, as its audit log says it? No document has the words: these are the sandbox's own.

use crate::sandbox::seed::{Computer, ComputerId, Group, GroupId, Login, User};

/// One thing that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Deed {
    /// What kind of thing.
    pub(crate) event: &'static str,
    /// To what, in words.
    pub(crate) description: String,
}

impl Deed {
    pub(super) fn of_user(event: &'static str, user: &User, what: &str) -> Deed {
        Deed { event, description: format!("user {} {what}", named(user)) }
    }

    pub(super) fn of_group(event: &'static str, name: &str, what: &str) -> Deed {
        Deed { event, description: format!("group \"{name}\" {what}") }
    }

    pub(super) fn of_rule(event: &'static str, login: &Login, what: &str) -> Deed {
        Deed { event, description: format!("exclusion \"{login}\" {what}") }
    }
}

/// What makes two lists different: what is new in one, and what is gone.
fn differing<'a, T: PartialEq>(old: &'a [T], new: &'a [T]) -> [impl Iterator<Item = &'a T>; 2] {
    [(new, old), (old, new)].map(|(these, those)| these.iter().filter(|it| !those.contains(it)))
}

/// What it is to put a record in the place of another, with what groups are called.
pub(super) fn edits<'a>(old: &User, new: &User, name_of: impl Fn(GroupId) -> Option<&'a str>) -> Vec<Deed> {
    let mut deeds = Vec::new();
    if old.tracked != new.tracked {
        let what = if new.tracked { "is tracked" } else { "is untracked" };
        deeds.push(Deed::of_user("TrackingChanged", new, what));
    }
    let group = |event, what: &str, group: &GroupId| {
        Some(Deed::of_user(event, new, &format!("{what} group \"{}\"", name_of(*group)?)))
    };
    let [joined, left] = differing(&old.groups, &new.groups);
    deeds.extend(joined.filter_map(|it| group("GroupMemberAdded", "added to", it)));
    deeds.extend(left.filter_map(|it| group("GroupMemberRemoved", "removed from", it)));
    if old.primary_group != new.primary_group {
        let chosen = new.primary_group.as_ref();
        let chosen = chosen.and_then(|it| group("PrimaryGroupChanged", "has the primary", it));
        let none = || Deed::of_user("PrimaryGroupChanged", new, "has no chosen primary group");
        deeds.push(chosen.unwrap_or_else(none));
    }
    let is_same = old.display_name == new.display_name
        && [&old.upns, &old.emails, &old.employee_ids] == [&new.upns, &new.emails, &new.employee_ids]
        && old.device_logins == new.device_logins;
    if !is_same {
        deeds.push(Deed::of_user("UserUpdated", old, &format!("edited, now {}", named(new))));
    }
    if old.agents != new.agents || old.deleted_agents != new.deleted_agents {
        deeds.push(Deed::of_user("AgentsChanged", new, "has other agents"));
    }
    deeds
}

/// What it is to put other computers into a group.
pub(super) fn computer_moves<'a>(
    group: &Group,
    computers: &[ComputerId],
    found: impl Fn(ComputerId) -> Option<&'a Computer>,
) -> Vec<Deed> {
    let deed = |event, what: &str, id: &ComputerId| {
        let Computer { name, domain, .. } = found(*id)?;
        let description = format!("computer \"{domain}\\{name}\" {what} group \"{}\"", group.name);
        Some(Deed { event, description })
    };
    let [joined, left] = differing(&group.computers, computers);
    let joined = joined.filter_map(|id| deed("GroupComputerAdded", "added to", id));
    joined.chain(left.filter_map(|id| deed("GroupComputerRemoved", "removed from", id))).collect()
}

/// What a user is called: the display name, else what the app shows, else the number.
fn named(user: &User) -> String {
    let shown = || user.display_id().map(|shown| shown.value.into_owned());
    match user.display_name.as_ref().map(|name| name.value.clone()).or_else(shown) {
        Some(name) => format!("\"{name}\""),
        None => format!("#{}", user.id),
    }
}
