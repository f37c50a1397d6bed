//! The tables that find a record without a walk over all of them; never iterated.

use crate::sandbox::seed::{AgentId, GroupId, RuleId, User, UserId};
use crate::sandbox::state::fold::{fold, same_login};

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
    /// The tables of an account's users, on all cores; whoever holds what another one holds is the first clash of its kind.
    pub(crate) fn of(users: &[User]) -> Result<Self, Clash> {
        let names = || rayon::join(|| display_names(users), || logins(users));
        let ids = || rayon::join(|| employee_ids(users), names);
        let (addresses, (employee_ids, (display_names, logins))) = rayon::join(|| addresses(users), ids);
        let (usernames, agents) = logins?;
        Ok(Self {
            addresses: addresses?,
            employee_ids: employee_ids?,
            display_names: display_names?,
            usernames,
            agents,
            ..Self::default()
        })
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

/// Two users who hold what one alone can.
pub(crate) struct Clash {
    pub(crate) users: [UserId; 2],
    /// What they hold.
    pub(crate) what: String,
}

impl Clash {
    fn new(first: UserId, second: UserId, what: String) -> Self {
        Self { users: [first, second], what }
    }
}

fn addresses(users: &[User]) -> Result<Table<String, UserId>, Clash> {
    let mut table = Table::default();
    table.reserve(2 * users.len());
    for user in users {
        for address in user.upns.iter().chain(&user.emails) {
            let other = table.insert(fold(&address.value), user.id);
            if let Some(other) = other.filter(|other| *other != user.id) {
                return Err(Clash::new(other, user.id, format!("the UPN or email {:?}", address.value)));
            }
        }
    }
    Ok(table)
}

fn display_names(users: &[User]) -> Result<Table<String, UserId>, Clash> {
    let mut table = Table::default();
    table.reserve(users.len());
    for user in users {
        let Some(name) = &user.display_name else { continue };
        if let Some(other) = table.insert(fold(&name.value), user.id) {
            return Err(Clash::new(other, user.id, format!("the display name {:?}", name.value)));
        }
    }
    Ok(table)
}

/// Employee IDs are exact: only of those that fold to one key it has to be asked who holds the very one.
fn employee_ids(users: &[User]) -> Result<Table<String, Vec<UserId>>, Clash> {
    let mut table: Table<String, Vec<UserId>> = Table::default();
    table.reserve(users.len());
    for user in users {
        for id in &user.employee_ids {
            let holders = table.entry(fold(&id.value)).or_default();
            let holds = |user: &User| user.employee_ids.iter().any(|held| held.value == id.value);
            if let Some(other) = first(users, holders, holds).filter(|other| *other != user.id) {
                return Err(Clash::new(other, user.id, format!("the employee ID {:?}", id.value)));
            }
            enter(holders, user.id);
        }
    }
    Ok(table)
}

/// The usernames of device logins and agents, and whose each agent is.
type Logins = (Table<String, Vec<UserId>>, Table<AgentId, UserId>);

fn logins(users: &[User]) -> Result<Logins, Clash> {
    let (mut usernames, mut agents): Logins = Default::default();
    for user in users {
        for login in &user.device_logins {
            let holders = usernames.entry(fold(&login.value.user)).or_default();
            let holds =
                |user: &User| user.device_logins.iter().any(|held| same_login(&held.value, &login.value));
            if let Some(other) = first(users, holders, holds).filter(|other| *other != user.id) {
                return Err(Clash::new(other, user.id, format!("the device login {}", login.value)));
            }
            enter(holders, user.id);
        }
        for agent in &user.agents {
            push(&mut usernames, &agent.username, user.id);
            if let Some(other) = agents.insert(agent.id, user.id) {
                return Err(Clash::new(other, user.id, format!("the agent {}", agent.id)));
            }
        }
    }
    Ok((usernames, agents))
}

/// The first of some users, who are in order, of whom something holds.
fn first(users: &[User], among: &[UserId], holds: impl Fn(&User) -> bool) -> Option<UserId> {
    let is_such =
        |id: &&UserId| users.binary_search_by_key(*id, |user| user.id).is_ok_and(|at| holds(&users[at]));
    among.iter().find(is_such).copied()
}

/// Enters one holder of a text.
pub(crate) fn push<T: PartialEq + Copy>(table: &mut Table<String, Vec<T>>, text: &str, holder: T) {
    enter(table.entry(fold(text)).or_default(), holder);
}

fn enter<T: PartialEq>(holders: &mut Vec<T>, holder: T) {
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
