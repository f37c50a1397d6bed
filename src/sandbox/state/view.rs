//! What an account shows but does not store: display IDs, status, default groups, and whom a Do Not Track rule hits.

use jiff::{SignedDuration, Timestamp};

use crate::sandbox::seed::{Agent, Domain, GroupId, Login, Part, User};
use crate::sandbox::state::account::{GroupEntry, State};
use crate::sandbox::state::fold::same;

/// After this long without data a user counts as inactive (the account setting's default).
const ACTIVE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How long deleted agents can be brought back.
const RESTORABLE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The status column of the Users page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Status {
    /// An agent reported lately.
    Active,
    /// No agent did.
    Inactive,
    /// There is no agent.
    Unlicensed,
}

/// The identifier a user is shown by.
pub(crate) struct DisplayId<'a> {
    /// The identifier as one text.
    pub(crate) value: std::borrow::Cow<'a, str>,
    /// Who wrote it.
    pub(crate) source: &'a str,
}

impl User {
    /// The first UPN, else email, else employee ID, else device login ("Display ID selection", Users page guide).
    pub(crate) fn display_id(&self) -> Option<DisplayId<'_>> {
        let lists = [&self.upns, &self.emails, &self.employee_ids];
        if let Some(first) = lists.into_iter().find_map(|list| list.first()) {
            return Some(DisplayId { value: first.value.as_str().into(), source: &first.source });
        }
        let login = self.device_logins.first()?;
        let value = match &login.value.domain {
            Domain::Any => login.value.user.as_str().into(),
            Domain::Named(domain) => format!("{}@{domain}", login.value.user).into(),
        };
        Some(DisplayId { value, source: &login.source })
    }

    /// The status at a moment.
    pub(crate) fn status(&self, now: Timestamp) -> Status {
        if self.agents.is_empty() {
            return Status::Unlicensed;
        }
        let recent = |agent: &Agent| agent.last_log.is_some_and(|last| now.duration_since(last) <= ACTIVE);
        if self.agents.iter().any(recent) { Status::Active } else { Status::Inactive }
    }

    /// Whether the first, middle or last name, or the one that is meant, is such.
    pub(crate) fn is_called(&self, part: Option<Part>, such: impl Fn(&str) -> bool) -> bool {
        let parts = [
            (Part::First, &self.first_name),
            (Part::Middle, &self.middle_name),
            (Part::Last, &self.last_name),
        ];
        let meant = parts.into_iter().filter(|(held, _)| part.is_none_or(|part| part == *held));
        meant.filter_map(|(_, text)| text.as_ref()).any(|text| such(&text.value))
    }

    /// Whether SCIM shows the user as not `active`: untracked, and either taken out of service or left without the agents that
    /// there were.
    pub(crate) fn is_deactivated(&self) -> bool {
        let has_lost_all = self.agents.is_empty() && !self.deleted_agents.is_empty();
        !self.tracked && (!self.active || has_lost_all)
    }

    /// The rules an untracked user stands for ("Manage tracking status", Users page guide): addresses and logins marked
    /// Any on every domain, other logins on theirs; nothing for an employee ID.
    pub(crate) fn derived_rules(&self) -> impl Iterator<Item = Login> {
        let addresses = self.upns.iter().chain(&self.emails).map(|address| Login::any(address.value.clone()));
        addresses.chain(self.device_logins.iter().map(|login| login.value.clone()))
    }

    /// Whether a rule hits an identifier or an agent of this user.
    pub(crate) fn is_hit_by(&self, rule: &Login) -> bool {
        let agent = |agent: &Agent| hits(rule, &agent_login(agent));
        self.derived_rules().any(|login| hits(rule, &login)) || self.agents.iter().any(agent)
    }
}

impl Agent {
    /// Whether the agent was deleted and can be brought back.
    pub(crate) fn is_restorable(&self, now: Timestamp) -> bool {
        self.deleted.is_some_and(|deleted| now.duration_since(deleted) <= RESTORABLE)
    }
}

impl State {
    /// The agents of a group's users, in the order of the users.
    pub(crate) fn agents_of<'a>(&'a self, entry: &'a GroupEntry) -> impl Iterator<Item = &'a Agent> {
        entry.members.iter().filter_map(|id| self.user(*id)).flat_map(|user| &user.agents)
    }

    /// The group an admin chose, else the one with the highest goal, else that of the lowest number ("Manage User Primary
    /// Group", Users page guide).
    pub(crate) fn primary_group(&self, user: &User) -> Option<GroupId> {
        let goal = |id: &GroupId| self.group(*id).and_then(|entry| entry.group.goal_hours).unwrap_or(0);
        let default = || user.groups.iter().copied().min_by_key(|id| (std::cmp::Reverse(goal(id)), *id));
        user.primary_group.or_else(default)
    }

    /// Whether the account collects data of an agent: its user is tracked, no global rule hits the user, and no rule of an
    /// untracked user hits the agent.
    pub(crate) fn collects(&self, user: &User, agent: &Agent) -> bool {
        if !user.tracked {
            return false;
        }
        let login = agent_login(agent);
        let global = |login: &Login| self.rules_for(&login.user).any(|rule| hits(&rule.login, login));
        if !self.rules.is_empty() && (global(&login) || user.derived_rules().any(|own| global(&own))) {
            return false;
        }
        self.untracked == 0 || !self.derived_rule_hits(&login)
    }

    /// Whether an untracked user's rule hits a login.
    fn derived_rule_hits(&self, login: &Login) -> bool {
        let addressed = self.holder_of_address(&login.user).and_then(|id| self.user(id));
        let mut others = self.users_with_username(&login.user).chain(addressed).filter(|user| !user.tracked);
        others.any(|user| user.derived_rules().any(|rule| hits(&rule, login)))
    }

    /// A tracked user whom a new global rule would hit.
    pub(crate) fn tracked_user_hit_by(&self, rule: &Login) -> Option<&User> {
        let addressed = self.holder_of_address(&rule.user).and_then(|id| self.user(id));
        let mut candidates = self.users_with_username(&rule.user).chain(addressed);
        candidates.find(|user| user.tracked && user.is_hit_by(rule))
    }
}

/// Whether a rule covers something of a login: the same username, and domains that overlap.
fn hits(rule: &Login, login: &Login) -> bool {
    same(&rule.user, &login.user)
        && match (rule.domain_name(), login.domain_name()) {
            (Some(left), Some(right)) => same(left, right),
            (None, _) | (_, None) => true,
        }
}

fn agent_login(agent: &Agent) -> Login {
    Login::on(agent.domain.clone(), agent.username.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(text: &str) -> User {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn the_display_id_is_the_first_upn_else_email_else_employee_id_else_login() {
        for (members, expected) in [
            (r#""upns":["u@x"],"emails":["e@x"],"employeeIds":["E"],"deviceLogins":["D\\l"]"#, Some("u@x")),
            (r#""emails":["e@x","f@x"],"employeeIds":["E"],"deviceLogins":["D\\l"]"#, Some("e@x")),
            (r#""employeeIds":["E"],"deviceLogins":["D\\l"]"#, Some("E")),
            (r#""deviceLogins":["D\\l"]"#, Some("l@D")),
            (r#""deviceLogins":["*\\l"]"#, Some("l")),
            (r#""displayName":"Ana""#, None),
        ] {
            let user = user(&format!("{{\"id\":1,{members}}}"));
            assert_eq!(user.display_id().map(|id| id.value.into_owned()).as_deref(), expected, "{members}");
        }
    }

    #[test]
    fn the_primary_group_is_the_chosen_one_else_that_of_the_highest_goal_else_the_first() {
        for (goals, members, expected) in [
            ([None, Some(6), Some(8)], r#""groups":[3,4,5]"#, Some(5)),
            ([Some(6), None, Some(6)], r#""groups":[3,4,5]"#, Some(3)),
            ([None, None, None], r#""groups":[4,5]"#, Some(4)),
            ([None, None, Some(8)], r#""groups":[4,5],"primaryGroup":4"#, Some(4)),
            ([None, None, Some(8)], r#""groups":[]"#, None),
        ] {
            let groups: Vec<String> = (3..)
                .zip(goals)
                .map(|(id, goal)| {
                    let goal = goal.map_or_else(String::new, |goal| format!(",\"goalHours\":{goal}"));
                    format!("{{\"id\":{id},\"name\":\"G{id}\"{goal}}}")
                })
                .collect();
            let seed = format!(
                "{{\"version\":1,\"account\":{{\"id\":1,\"name\":\"acme\"}},\"groups\":[{}],\"users\":[{{\"id\":1,{members}}}]}}",
                groups.join(",")
            );
            let state =
                State::open(serde_json::from_str(&seed).unwrap()).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(state.primary_group(&state.users()[0]).map(|id| id.0), expected, "{members}");
        }
    }

    #[test]
    fn a_rule_hits_the_same_username_where_the_domains_overlap() {
        for (rule, login, expected) in [
            ("*\\ana", "CORP\\Ana", true),
            ("CORP\\ana", "*\\ana", true),
            ("corp\\ana", "CORP\\ana", true),
            ("LAB\\ana", "CORP\\ana", false),
            ("*\\anna", "CORP\\ana", false),
        ] {
            assert_eq!(hits(&rule.parse().unwrap(), &login.parse().unwrap()), expected, "{rule} on {login}");
        }
    }

    #[test]
    fn data_is_collected_unless_the_user_or_a_rule_says_no() {
        let tracked = r#"{"id":1,"emails":["ana@x"],"deviceLogins":["CORP\\ana"],
            "agents":[{"id":1,"username":"aruiz","domain":"PC"}]}"#;
        for (members, expected) in [
            (format!(r#""users":[{tracked}]"#), true),
            (format!(r#""users":[{tracked}],"exclusions":[{{"id":1,"login":"*\\aruiz"}}]"#), false),
            (format!(r#""users":[{tracked}],"exclusions":[{{"id":1,"login":"LAB\\aruiz"}}]"#), true),
            (format!(r#""users":[{tracked}],"exclusions":[{{"id":1,"login":"*\\ana@x"}}]"#), false),
            (format!(r#""users":[{tracked}],"exclusions":[{{"id":1,"login":"*\\ana"}}]"#), false),
            (format!(r#""users":[{tracked},{{"id":2,"deviceLogins":["*\\aruiz"],"tracked":false}}]"#), false),
            (format!(r#""users":[{tracked},{{"id":2,"deviceLogins":["*\\aruiz"],"tracked":true}}]"#), true),
        ] {
            let seed = format!("{{\"version\":1,\"account\":{{\"id\":1,\"name\":\"acme\"}},{members}}}");
            let state =
                State::open(serde_json::from_str(&seed).unwrap()).unwrap_or_else(|error| panic!("{error}"));
            let ana = &state.users()[0];
            assert_eq!(state.collects(ana, &ana.agents[0]), expected, "{members}");
        }
    }
}
