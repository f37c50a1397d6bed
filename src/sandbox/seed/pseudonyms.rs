//! How is an account shown to somebody who is not to know who is in it? Every name and identifier becomes another, the same
//! everywhere: what was equal stays equal, and what belonged together does.

use std::collections::BTreeMap;

use crate::sandbox::seed::records::{Agent, Seed};
use crate::sandbox::seed::value::{Domain, Login};

/// The kinds of words; each is numbered by itself, in the order of the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// A display name or an alias.
    Name,
    /// What stands before the `@` of an address, and a username.
    User,
    /// A mail domain, a logon domain or a computer.
    Domain,
    /// An employee ID.
    EmployeeId,
    /// A group's name.
    Group,
}

/// What stands for what.
#[derive(Default)]
struct Words {
    numbers: BTreeMap<(Kind, String), usize>,
    last: BTreeMap<Kind, usize>,
}

impl Words {
    /// The number of a word, whatever its case.
    fn number(&mut self, kind: Kind, word: &str) -> usize {
        let last = self.last.entry(kind).or_default();
        *self.numbers.entry((kind, word.trim().to_lowercase())).or_insert_with(|| {
            *last += 1;
            *last
        })
    }

    fn name(&mut self, name: &mut String) {
        *name = format!("Person {}", self.number(Kind::Name, name));
    }

    fn user(&mut self, user: &str) -> String {
        match user.split_once('@') {
            Some((user, domain)) => {
                format!("user{}@{}", self.number(Kind::User, user), self.domain(domain))
            }
            None => format!("user{}", self.number(Kind::User, user)),
        }
    }

    /// A domain with a dot stays one of the internet.
    fn domain(&mut self, domain: &str) -> String {
        let number = self.number(Kind::Domain, domain);
        if domain.contains('.') { format!("domain{number}.example") } else { format!("DOMAIN{number}") }
    }

    fn login(&mut self, login: &mut Login) {
        login.user = self.user(&login.user);
        if let Domain::Named(domain) = &mut login.domain {
            *domain = self.domain(domain);
        }
    }

    fn agent(&mut self, agent: &mut Agent) {
        if !agent.username.is_empty() {
            agent.username = self.user(&agent.username);
        }
        if !agent.domain.is_empty() {
            agent.domain = self.domain(&agent.domain);
        }
        agent.alias.iter_mut().for_each(|alias| self.name(alias));
    }
}

impl Seed {
    /// The same account with pseudonyms for everybody and everything that has a name. Numbers of records, moments and sources
    /// stay; the audit log, which is free text, does not.
    #[must_use]
    pub fn with_pseudonyms(mut self) -> Seed {
        let mut words = Words::default();
        "account".clone_into(&mut self.account.name);
        self.account.id = self.account.id.map(|_| 1);
        for user in &mut self.users {
            user.display_name.iter_mut().for_each(|it| words.name(&mut it.value));
            let parts = [&mut user.first_name, &mut user.middle_name, &mut user.last_name];
            parts.into_iter().flatten().for_each(|it| words.name(&mut it.value));
            for address in user.upns.iter_mut().chain(&mut user.emails) {
                address.value = words.user(&address.value);
            }
            for id in &mut user.employee_ids {
                id.value = format!("ID{}", words.number(Kind::EmployeeId, &id.value));
            }
            user.device_logins.iter_mut().for_each(|it| words.login(&mut it.value));
            let agents = user.agents.iter_mut().chain(&mut user.deleted_agents);
            agents.for_each(|agent| words.agent(agent));
        }
        for group in &mut self.groups {
            group.name = format!("Group {}", words.number(Kind::Group, &group.name));
        }
        for computer in &mut self.computers {
            computer.name = words.domain(&computer.name);
            if !computer.domain.is_empty() {
                computer.domain = words.domain(&computer.domain);
            }
            computer.alias.iter_mut().for_each(|alias| words.name(alias));
        }
        self.exclusions.iter_mut().for_each(|rule| words.login(&mut rule.login));
        // Free text may name anybody.
        self.audit_log.clear();
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_named_and_what_belonged_together_still_does() {
        let text = r#"{"version":1,"account":{"id":7,"name":"acme"},"users":[
            {"id":1,"displayName":"Ada","upns":["Ada@acme.example"],"emails":["ada@ACME"],"employeeIds":["E1"],
             "deviceLogins":["ACME\\ada"],"groups":[5],
             "agents":[{"id":3,"username":"ada","domain":"ACME","alias":"Ada"}]},
            {"id":2,"upns":["bob@acme.example"]}],
            "groups":[{"id":5,"name":"Team","computers":[9]}],
            "computers":[{"id":9,"name":"ACME","domain":""}],
            "exclusions":[{"id":4,"login":"*\\bob"}],
            "auditLog":[{"id":1,"time":"2026-01-01T00:00:00Z","user":"root@acme.example","event":"Ada","description":"Bob"}]}"#;
        let seed: Seed = serde_json::from_str(text).unwrap();
        let text = serde_json::to_string(&seed.with_pseudonyms()).unwrap();
        for (name, times) in [
            ("user1@domain1.example", 1),
            ("user1@DOMAIN2", 1),
            (r"DOMAIN2\\user1", 1),
            ("user2@domain1.example", 1),
            (r"*\\user2", 1),
            ("\"Person 1\"", 2),
            ("ID1", 1),
            ("Group 1", 1),
        ] {
            assert_eq!(text.matches(name).count(), times, "{name}: {text}");
        }
        for secret in ["Ada", "ada", "bob", "Bob", "root", "ACME", "acme", "E1", "Team"] {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
    }
}
