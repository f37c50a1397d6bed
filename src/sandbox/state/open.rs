//! Makes a state of a seed, or says why no account could hold it.

use std::collections::BTreeMap;
use std::fmt;

use crate::sandbox::seed::{AuditEntry, ComputerId, Group, GroupId, Seed, SeedError, User};
use crate::sandbox::state::account::{GroupEntry, LastIds, State};
use crate::sandbox::state::lookup::{Clash, Lookup, push};

impl Seed {
    /// Whether such an account could exist: whether a sandbox would start from it.
    ///
    /// # Errors
    /// Those of a sandbox that starts.
    pub fn check(&self) -> Result<(), SeedError> {
        State::open(self.clone()).map(drop)
    }
}

impl State {
    /// Opens an account.
    ///
    /// # Errors
    /// A number or an identifier is there twice, a user is in an unknown group, a primary group is none of the user's, a
    /// group holds an unknown computer, or an agent is deleted and not.
    pub(crate) fn open(seed: Seed) -> Result<State, SeedError> {
        let Seed { version: _, account, mut users, groups, computers, exclusions, audit_log } = seed;
        users.sort_by_key(|user| user.id);
        if let Some(pair) = users.windows(2).find(|pair| pair[0].id == pair[1].id) {
            return twice("user", pair[0].id, "its id");
        }
        let clash = |it: Clash| format!("users {} and {} both have {}", it.users[0], it.users[1], it.what);
        let lookup = Lookup::of(&users).map_err(|it| SeedError::Impossible(clash(it)))?;
        let mut state = State {
            account,
            users,
            groups: BTreeMap::new(),
            computers: BTreeMap::new(),
            rules: BTreeMap::new(),
            audit_log: Vec::new(),
            deeds: Vec::new(),
            lookup,
            untracked: 0,
            last: LastIds { user: 0, group: 0, rule: 0 },
        };
        for computer in computers {
            let id = computer.id;
            if state.computers.insert(id, computer).is_some() {
                return twice("computer", id, "its id");
            }
        }
        for group in groups {
            state.open_group(group)?;
        }
        for rule in exclusions {
            push(&mut state.lookup.rule_usernames, &rule.login.user, rule.id);
            state.last.rule = state.last.rule.max(rule.id.0);
            let id = rule.id;
            if state.rules.insert(id, rule).is_some() {
                return twice("exclusion", id, "its id");
            }
        }
        state.open_users()?;
        state.open_audit_log(audit_log)?;
        Ok(state)
    }

    fn open_audit_log(&mut self, mut entries: Vec<AuditEntry>) -> Result<(), SeedError> {
        entries.sort_by_key(|entry| entry.id);
        if let Some(pair) = entries.windows(2).find(|pair| pair[0].id == pair[1].id) {
            return twice("audit entry", pair[0].id, "its id");
        }
        self.audit_log = entries;
        Ok(())
    }

    fn open_group(&mut self, mut group: Group) -> Result<(), SeedError> {
        group.computers.sort_unstable();
        group.computers.dedup();
        let unknown = |id: &&ComputerId| !self.computers.contains_key(id);
        if let Some(computer) = group.computers.iter().find(unknown) {
            return impossible(format!(
                "group {} holds computer {computer}, which is not in computers",
                group.id
            ));
        }
        let known = self.groups_named(&group.name);
        let rival =
            |id: &&GroupId| self.groups.get(id).is_some_and(|entry| entry.group.source == group.source);
        if let Some(rival) = known.iter().find(rival) {
            return impossible(format!(
                "groups {rival} and {} of one source are both called {:?}",
                group.id, group.name
            ));
        }
        push(&mut self.lookup.group_names, &group.name, group.id);
        self.last.group = self.last.group.max(group.id.0);
        let id = group.id;
        if self.groups.insert(id, GroupEntry { group, members: Vec::new() }).is_some() {
            return twice("group", id, "its id");
        }
        Ok(())
    }

    fn open_users(&mut self) -> Result<(), SeedError> {
        for user in &mut self.users {
            user.groups.sort_unstable();
            user.groups.dedup();
            check_user(user)?;
            for group in &user.groups {
                let Some(entry) = self.groups.get_mut(group) else {
                    let message = format!("user {} is in group {group}, which is not in groups", user.id);
                    return impossible(message);
                };
                entry.members.push(user.id);
            }
            self.untracked += usize::from(!user.tracked);
            self.last.user = user.id.0;
        }
        Ok(())
    }
}

/// Refuses a user whose own values contradict each other.
fn check_user(user: &User) -> Result<(), SeedError> {
    if let Some(agent) = user.agents.iter().find(|agent| agent.deleted.is_some()) {
        return impossible(format!(
            "agent {} of user {} is deleted and not in deletedAgents",
            agent.id, user.id
        ));
    }
    if let Some(group) = user.primary_group.filter(|group| !user.groups.contains(group)) {
        return impossible(format!("primary group {group} of user {} is none of its groups", user.id));
    }
    Ok(())
}

fn twice<T>(what: &str, id: impl fmt::Display, part: &str) -> Result<T, SeedError> {
    impossible(format!("{what} {id} is there twice: {part} has to be unique"))
}

fn impossible<T>(message: String) -> Result<T, SeedError> {
    Err(SeedError::Impossible(message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(members: &str) -> Result<State, SeedError> {
        let text = format!("{{\"version\":1,\"account\":{{\"id\":1,\"name\":\"acme\"}},{members}}}");
        State::open(serde_json::from_str(&text).unwrap())
    }

    #[test]
    fn a_seed_that_no_account_could_hold_is_refused_by_name() {
        for (members, message) in [
            (r#""users":[{"id":1},{"id":1}]"#, "user 1 is there twice"),
            (
                r#""users":[{"id":1,"upns":["a@x"]},{"id":2,"emails":["A@X"]}]"#,
                "users 1 and 2 both have the UPN or email",
            ),
            (
                r#""users":[{"id":1,"employeeIds":["E1"]},{"id":2,"employeeIds":["E1"]}]"#,
                "the employee ID \"E1\"",
            ),
            (
                r#""users":[{"id":1,"deviceLogins":["*\\a"]},{"id":2,"deviceLogins":["*\\A"]}]"#,
                "the device login *\\A",
            ),
            (
                r#""users":[{"id":1,"displayName":"Ana"},{"id":2,"displayName":"ana"}]"#,
                "the display name \"ana\"",
            ),
            (r#""users":[{"id":1,"groups":[3]}]"#, "user 1 is in group 3, which is not in groups"),
            (r#""users":[{"id":1,"primaryGroup":3}],"groups":[{"id":3,"name":"A"}]"#, "none of its groups"),
            (r#""groups":[{"id":3,"name":"A"},{"id":3,"name":"B"}]"#, "group 3 is there twice"),
            (
                r#""groups":[{"id":3,"name":"A"},{"id":4,"name":"a"}]"#,
                "groups 3 and 4 of one source are both called \"a\"",
            ),
            (r#""groups":[{"id":3,"name":"A","computers":[9]}]"#, "computer 9, which is not in computers"),
            (
                r#""exclusions":[{"id":3,"login":"*\\a"},{"id":3,"login":"*\\b"}]"#,
                "exclusion 3 is there twice",
            ),
            (
                r#""auditLog":[{"id":3,"time":"2026-01-01T00:00:00Z","user":"a","event":"A"},{"id":3,"time":"2026-01-01T00:00:00Z","user":"b","event":"B"}]"#,
                "audit entry 3 is there twice",
            ),
            (
                r#""users":[{"id":1,"agents":[{"id":4,"username":"a"}]},{"id":2,"agents":[{"id":4,"username":"b"}]}]"#,
                "the agent 4",
            ),
        ] {
            let error = open(members).err().map(|error| error.to_string()).unwrap_or_default();
            assert!(error.contains(message), "{members}: {error:?}");
        }
    }

    #[test]
    fn what_is_unique_only_per_person_or_source_is_accepted() {
        for members in [
            r#""users":[{"id":1,"upns":["a@x"],"emails":["A@x"]}]"#,
            r#""users":[{"id":1,"employeeIds":["E1"]},{"id":2,"employeeIds":["e1"]}]"#,
            r#""users":[{"id":1,"deviceLogins":["*\\a"]},{"id":2,"deviceLogins":["CORP\\a"]}]"#,
            r#""groups":[{"id":3,"name":"A"},{"id":4,"name":"a","source":"azure"}]"#,
        ] {
            assert!(open(members).is_ok(), "{members} was refused");
        }
    }
}
