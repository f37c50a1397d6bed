//! What does the account hold? Its records, with the tables that find them, which it keeps consistent.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::sandbox::seed::{
    Account, AgentId, AuditEntry, Computer, ComputerId, Exclusion, Group, GroupId, GroupSource, Login,
    RuleId, Seed, User, UserId, Version,
};
use crate::sandbox::state::deed::{Deed, computer_moves, edits};
use crate::sandbox::state::fold::{fold, same_login};
use crate::sandbox::state::lookup::{Lookup, pull, push};

/// A group and the users in it, in order.
#[derive(Clone)]
pub(crate) struct GroupEntry {
    /// The record.
    pub(crate) group: Group,
    /// The other direction of `User::groups`.
    pub(crate) members: Vec<UserId>,
}

/// Everything the account holds.
#[derive(Clone)]
pub(crate) struct State {
    pub(super) account: Account,
    pub(super) users: Vec<User>,
    pub(super) groups: BTreeMap<GroupId, GroupEntry>,
    pub(super) computers: BTreeMap<ComputerId, Computer>,
    pub(super) rules: BTreeMap<RuleId, Exclusion>,
    /// What the audit log says of the time before.
    pub(super) audit_log: Vec<AuditEntry>,
    /// What was done and is not in the audit log yet.
    pub(super) deeds: Vec<Deed>,
    pub(super) lookup: Lookup,
    pub(super) untracked: usize,
    pub(super) last: LastIds,
}

/// The highest number given of each kind, so that none is given twice.
#[derive(Clone)]
pub(super) struct LastIds {
    pub(super) user: u64,
    pub(super) group: u64,
    pub(super) rule: u64,
}

impl State {
    /// The account as a seed.
    pub(crate) fn snapshot(&self) -> Seed {
        Seed {
            version: Version,
            account: self.account.clone(),
            users: self.users.clone(),
            groups: self.groups.values().map(|entry| entry.group.clone()).collect(),
            computers: self.computers.values().cloned().collect(),
            exclusions: self.rules.values().cloned().collect(),
            audit_log: self.audit_log.clone(),
        }
    }

    /// What the audit log says of the time before.
    pub(crate) fn audit_log(&self) -> &[AuditEntry] {
        &self.audit_log
    }

    /// What was done since this was asked last.
    pub(crate) fn take_deeds(&mut self) -> Vec<Deed> {
        std::mem::take(&mut self.deeds)
    }

    /// The account itself.
    pub(crate) fn account(&self) -> &Account {
        &self.account
    }

    /// All users, in the order of their ids.
    pub(crate) fn users(&self) -> &[User] {
        &self.users
    }

    /// A user by number.
    pub(crate) fn user(&self, id: UserId) -> Option<&User> {
        self.place(id).map(|at| &self.users[at])
    }

    /// All groups, in the order of their ids.
    pub(crate) fn groups(&self) -> impl Iterator<Item = &GroupEntry> {
        self.groups.values()
    }

    /// A group by number.
    pub(crate) fn group(&self, id: GroupId) -> Option<&GroupEntry> {
        self.groups.get(&id)
    }

    /// The groups of a name, in the order of their ids unless one was renamed.
    pub(crate) fn groups_named(&self, name: &str) -> &[GroupId] {
        self.lookup.group_names.get(&fold(name)).map_or(&[], Vec::as_slice)
    }

    /// All computers, in the order of their ids.
    pub(crate) fn computers(&self) -> impl Iterator<Item = &Computer> {
        self.computers.values()
    }

    /// A computer by number.
    pub(crate) fn computer(&self, id: ComputerId) -> Option<&Computer> {
        self.computers.get(&id)
    }

    /// All global rules, in the order of their ids.
    pub(crate) fn rules(&self) -> impl Iterator<Item = &Exclusion> {
        self.rules.values()
    }

    /// A global rule by number.
    pub(crate) fn rule(&self, id: RuleId) -> Option<&Exclusion> {
        self.rules.get(&id)
    }

    /// The global rules for a username.
    pub(crate) fn rules_for(&self, username: &str) -> impl Iterator<Item = &Exclusion> {
        let ids = self.lookup.rule_usernames.get(&fold(username)).map_or(&[][..], Vec::as_slice);
        ids.iter().filter_map(|id| self.rules.get(id))
    }

    /// The user who holds a value as a UPN or an email.
    pub(crate) fn holder_of_address(&self, value: &str) -> Option<UserId> {
        self.lookup.addresses.get(&fold(value)).copied()
    }

    /// The user who holds exactly this employee ID.
    pub(crate) fn holder_of_employee_id(&self, value: &str) -> Option<UserId> {
        let exact = |id: &&UserId| {
            self.user(**id).is_some_and(|user| user.employee_ids.iter().any(|held| held.value == value))
        };
        self.holders_of_employee_id_folded(value).iter().find(exact).copied()
    }

    /// The users who hold an employee ID that differs at most in case.
    pub(crate) fn holders_of_employee_id_folded(&self, value: &str) -> &[UserId] {
        self.lookup.employee_ids.get(&fold(value)).map_or(&[], Vec::as_slice)
    }

    /// The user who has a display name.
    pub(crate) fn holder_of_display_name(&self, name: &str) -> Option<UserId> {
        self.lookup.display_names.get(&fold(name)).copied()
    }

    /// The user who holds exactly this device login: `*\ana` and `CORP\ana` are two.
    pub(crate) fn holder_of_login(&self, login: &Login) -> Option<UserId> {
        let holds = |user: &User| user.device_logins.iter().any(|held| same_login(&held.value, login));
        self.users_with_username(&login.user).find(|user| holds(user)).map(|user| user.id)
    }

    /// The users with a device login or an agent of this username.
    pub(crate) fn users_with_username(&self, username: &str) -> impl Iterator<Item = &User> {
        let ids = self.lookup.usernames.get(&fold(username)).map_or(&[][..], Vec::as_slice);
        ids.iter().filter_map(|id| self.user(*id))
    }

    /// The user whose agent this is.
    pub(crate) fn owner_of_agent(&self, agent: AgentId) -> Option<&User> {
        self.lookup.agents.get(&agent).and_then(|id| self.user(*id))
    }

    /// Adds a user; the number is given here.
    pub(crate) fn add_user(&mut self, now: Timestamp, build: impl FnOnce(&mut User)) -> UserId {
        self.last.user += 1;
        let mut user = User::new(UserId(self.last.user));
        user.created = now;
        user.updated = Some(now);
        build(&mut user);
        let id = user.id;
        self.lookup.enter(&user);
        self.untracked += usize::from(!user.tracked);
        self.deeds.push(Deed::of_user("UserCreated", &user, "created"));
        let groups = user.groups.clone();
        self.users.push(user);
        for group in groups {
            self.list_member(group, id);
        }
        id
    }

    /// Puts a changed record in the place of the one with its number.
    pub(crate) fn replace_user(&mut self, mut user: User) {
        user.groups.sort_unstable();
        user.groups.dedup();
        let Some(at) = self.place(user.id) else { return };
        let id = user.id;
        let group = |id| self.groups.get(&id).map(|entry| entry.group.name.as_str());
        let deeds = edits(&self.users[at], &user, group);
        self.deeds.extend(deeds);
        self.lookup.forget(&self.users[at]);
        self.lookup.enter(&user);
        self.untracked += usize::from(!user.tracked);
        let joined = user.groups.clone();
        let old = std::mem::replace(&mut self.users[at], user);
        self.untracked -= usize::from(!old.tracked);
        for group in old.groups.iter().filter(|group| !joined.contains(group)) {
            self.unlist_member(*group, id);
        }
        for group in joined.iter().filter(|group| !old.groups.contains(group)) {
            self.list_member(*group, id);
        }
    }

    /// Takes a user out.
    pub(crate) fn remove_user(&mut self, id: UserId) {
        let Some(at) = self.place(id) else { return };
        let user = self.users.remove(at);
        self.lookup.forget(&user);
        self.untracked -= usize::from(!user.tracked);
        self.deeds.push(Deed::of_user("UserRemoved", &user, "removed"));
        for group in user.groups {
            self.unlist_member(group, id);
        }
    }

    /// Adds an empty group; the number is given here.
    pub(crate) fn add_group(&mut self, name: &str, source: GroupSource) -> GroupId {
        self.last.group += 1;
        let id = GroupId(self.last.group);
        push(&mut self.lookup.group_names, name, id);
        self.deeds.push(Deed::of_group("GroupCreated", name, "created"));
        let group = Group { id, name: name.to_owned(), source, goal_hours: None, computers: Vec::new() };
        self.groups.insert(id, GroupEntry { group, members: Vec::new() });
        id
    }

    /// Gives a group another name.
    pub(crate) fn rename_group(&mut self, id: GroupId, name: &str) {
        if let Some(entry) = self.groups.get_mut(&id) {
            pull(&mut self.lookup.group_names, &entry.group.name, id);
            push(&mut self.lookup.group_names, name, id);
            let former = std::mem::replace(&mut entry.group.name, name.to_owned());
            self.deeds.push(Deed::of_group("GroupRenamed", &former, &format!("renamed to \"{name}\"")));
        }
    }

    /// Takes a group out; its users and computers stay, and so do their revisions.
    pub(crate) fn remove_group(&mut self, id: GroupId) {
        let Some(entry) = self.groups.remove(&id) else { return };
        pull(&mut self.lookup.group_names, &entry.group.name, id);
        self.deeds.push(Deed::of_group("GroupDeleted", &entry.group.name, "deleted"));
        for member in entry.members {
            if let Some(at) = self.place(member) {
                let user = &mut self.users[at];
                user.groups.retain(|group| *group != id);
                user.primary_group = user.primary_group.filter(|group| *group != id);
            }
        }
    }

    /// Says which computers are in a group.
    pub(crate) fn set_computers(&mut self, id: GroupId, mut computers: Vec<ComputerId>) {
        computers.sort_unstable();
        computers.dedup();
        let deeds =
            self.group(id).map(|entry| computer_moves(&entry.group, &computers, |id| self.computer(id)));
        self.deeds.extend(deeds.unwrap_or_default());
        if let Some(entry) = self.groups.get_mut(&id) {
            entry.group.computers = computers;
        }
    }

    /// Adds a global rule; the number is given here.
    pub(crate) fn add_rule(&mut self, login: Login) -> RuleId {
        self.last.rule += 1;
        let id = RuleId(self.last.rule);
        push(&mut self.lookup.rule_usernames, &login.user, id);
        self.deeds.push(Deed::of_rule("ExclusionAdded", &login, "added"));
        self.rules.insert(id, Exclusion { id, login });
        id
    }

    /// Says whom a global rule blocks.
    pub(crate) fn replace_rule(&mut self, rule: Exclusion) {
        self.remove_rule(rule.id);
        push(&mut self.lookup.rule_usernames, &rule.login.user, rule.id);
        self.deeds.push(Deed::of_rule("ExclusionAdded", &rule.login, "added"));
        self.rules.insert(rule.id, rule);
    }

    /// Takes a global rule out.
    pub(crate) fn remove_rule(&mut self, id: RuleId) {
        if let Some(rule) = self.rules.remove(&id) {
            pull(&mut self.lookup.rule_usernames, &rule.login.user, id);
            self.deeds.push(Deed::of_rule("ExclusionRemoved", &rule.login, "removed"));
        }
    }

    fn place(&self, id: UserId) -> Option<usize> {
        self.users.binary_search_by_key(&id, |user| user.id).ok()
    }

    fn list_member(&mut self, group: GroupId, user: UserId) {
        if let Some(entry) = self.groups.get_mut(&group)
            && let Err(at) = entry.members.binary_search(&user)
        {
            entry.members.insert(at, user);
        }
    }

    fn unlist_member(&mut self, group: GroupId, user: UserId) {
        if let Some(entry) = self.groups.get_mut(&group)
            && let Ok(at) = entry.members.binary_search(&user)
        {
            entry.members.remove(at);
        }
    }
}
