//! The tables that find a record without a walk over all of them; never iterated.

use crate::sandbox::seed::{AgentId, GroupId, RuleId, User, UserId};
use crate::sandbox::state::fold::fold;

/// A table that is only asked, never walked.
pub(crate) type Table<K, V> = hashbrown::HashMap<K, V, foldhash::fast::RandomState>;

/// Who holds what; keys are folded.
#[derive(Clone, Default)]
pub(crate) struct Lookup {
    /// UPNs and emails share one space: one user may hold a value as both, two users may not share it.
    pub(crate) addresses: Table<String, UserId>,
    /// Employee IDs are exact, so several may fold to one key; the HR upload looks them up folded.
    pub(crate) employee_ids: Table<String, Vec<UserId>>,
    /// Display names.
    pub(crate) display_names: Table<String, UserId>,
    /// The usernames of device logins and agents.
    pub(crate) usernames: Table<String, Vec<UserId>>,
    /// Whose an agent is.
    pub(crate) agents: Table<AgentId, UserId>,
    /// Groups by name; sources made outside the app may repeat one.
    pub(crate) group_names: Table<String, Vec<GroupId>>,
    /// Global rules by username.
    pub(crate) rule_usernames: Table<String, Vec<RuleId>>,
}

impl Lookup {
    /// Tables that so many users fit into, each with a UPN, an email and an employee ID.
    pub(crate) fn for_users(users: usize) -> Self {
        let mut lookup = Self::default();
        lookup.addresses.reserve(2 * users);
        lookup.employee_ids.reserve(users);
        lookup.display_names.reserve(users);
        lookup
    }

    /// Enters a user.
    pub(crate) fn enter(&mut self, user: &User) {
        for address in user.upns.iter().chain(&user.emails) {
            self.addresses.insert(fold(&address.value), user.id);
        }
        for id in &user.employee_ids {
            push(&mut self.employee_ids, &id.value, user.id);
        }
        if let Some(name) = &user.display_name {
            self.display_names.insert(fold(&name.value), user.id);
        }
        for login in &user.device_logins {
            push(&mut self.usernames, &login.value.user, user.id);
        }
        for agent in &user.agents {
            push(&mut self.usernames, &agent.username, user.id);
            self.agents.insert(agent.id, user.id);
        }
    }

    /// Forgets a user as it was entered.
    pub(crate) fn forget(&mut self, user: &User) {
        for address in user.upns.iter().chain(&user.emails) {
            self.addresses.remove(&fold(&address.value));
        }
        for id in &user.employee_ids {
            pull(&mut self.employee_ids, &id.value, user.id);
        }
        if let Some(name) = &user.display_name {
            self.display_names.remove(&fold(&name.value));
        }
        for login in &user.device_logins {
            pull(&mut self.usernames, &login.value.user, user.id);
        }
        for agent in &user.agents {
            pull(&mut self.usernames, &agent.username, user.id);
            self.agents.remove(&agent.id);
        }
    }
}

/// Enters one holder of a text.
pub(crate) fn push<T: PartialEq + Copy>(table: &mut Table<String, Vec<T>>, text: &str, holder: T) {
    let holders = table.entry(fold(text)).or_default();
    if !holders.contains(&holder) {
        holders.push(holder);
    }
}

/// Takes one holder of a text out.
pub(crate) fn pull<T: PartialEq + Copy>(table: &mut Table<String, Vec<T>>, text: &str, holder: T) {
    let key = fold(text);
    if let Some(holders) = table.get_mut(&key) {
        holders.retain(|other| *other != holder);
        if holders.is_empty() {
            table.remove(&key);
        }
    }
}
