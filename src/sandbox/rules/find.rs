//! Which users a list or a search is about (Identity API, GET /identity/v1/entities and POST /identity/v2/entities/search).

use std::ops::Range;

use jiff::Timestamp;
use serde::Deserialize;

use crate::sandbox::rules::refusal::{BULK_LIMIT, Refusal};
use crate::sandbox::seed::{Domain, GroupId, Login, Part, User, UserId};
use crate::sandbox::state::{State, Status, fold};

/// What a term is looked for in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Search {
    /// In everything below but the last two.
    #[default]
    All,
    /// In emails.
    Email,
    /// In UPNs.
    Upn,
    /// In emails and UPNs.
    EmailOrUpn,
    /// In employee IDs.
    EmployeeId,
    /// In emails, UPNs and employee IDs.
    EmailOrUpnOrEmployeeId,
    /// In the usernames of device logins.
    DeviceLogon,
    /// In the usernames of device logins and agents.
    Username,
    /// In the logon domains of device logins and agents.
    LogonDomain,
    /// In display names.
    DisplayName,
    /// In first, middle and last names, or one of them.
    Name(Option<Part>),
    /// In display IDs.
    DisplayId,
    /// In the aliases of agents.
    Alias,
    /// The term is the number of an agent.
    AgentId,
    /// The term is the number of a group.
    GroupId,
    /// In what the API can sort by and the sandbox has no text of: no term is found.
    Nothing,
}

impl Search {
    /// Reads a `SearchType`; nothing for one that is unknown.
    pub(crate) fn from_name(name: &str) -> Option<Search> {
        Some(match name.to_ascii_lowercase().as_str() {
            "all" => Search::All,
            "email" => Search::Email,
            "upn" => Search::Upn,
            "email|upn" => Search::EmailOrUpn,
            "employeeid" => Search::EmployeeId,
            "email|upn|employeeid" => Search::EmailOrUpnOrEmployeeId,
            "devicelogon" => Search::DeviceLogon,
            "displayname" => Search::DisplayName,
            "displayid" => Search::DisplayId,
            "alias" => Search::Alias,
            "agent" | "user" | "username" => Search::Username,
            "logondomain" => Search::LogonDomain,
            "name" => Search::Name(None),
            "firstname" => Search::Name(Some(Part::First)),
            "middlename" => Search::Name(Some(Part::Middle)),
            "lastname" => Search::Name(Some(Part::Last)),
            "firstlog" | "lastlog" | "tracked" | "usercount" | "groupcount" | "primarygroup"
            | "entity_guid" | "timezone" => Search::Nothing,
            "userid" => Search::AgentId,
            "groupid" => Search::GroupId,
            _ => return None,
        })
    }

    /// Whether one of the texts of a user holds a folded term.
    fn finds(self, user: &User, term: &str) -> bool {
        let upn = || user.upns.iter().any(|held| fold(&held.value).contains(term));
        let email = || user.emails.iter().any(|held| fold(&held.value).contains(term));
        let employee_id = || user.employee_ids.iter().any(|held| fold(&held.value).contains(term));
        let login = || user.device_logins.iter().any(|held| fold(&held.value.user).contains(term));
        let name = || user.display_name.as_ref().is_some_and(|name| fold(&name.value).contains(term));
        let alias = || {
            user.agents
                .iter()
                .filter_map(|agent| agent.alias.as_deref())
                .any(|alias| fold(alias).contains(term))
        };
        let username = || login() || user.agents.iter().any(|agent| fold(&agent.username).contains(term));
        let domain = || {
            let logins = user.device_logins.iter().filter_map(|held| held.value.domain_name());
            logins.chain(user.agents.iter().map(|agent| &*agent.domain)).any(|name| fold(name).contains(term))
        };
        match self {
            Search::All => upn() || email() || employee_id() || login() || name() || alias(),
            Search::Email => email(),
            Search::Upn => upn(),
            Search::EmailOrUpn => email() || upn(),
            Search::EmployeeId => employee_id(),
            Search::EmailOrUpnOrEmployeeId => email() || upn() || employee_id(),
            Search::DeviceLogon => login(),
            Search::Username => username(),
            Search::LogonDomain => domain(),
            Search::DisplayName => name(),
            Search::Name(part) => user.is_called(part, |text| fold(text).contains(term)),
            Search::Nothing => false,
            Search::DisplayId => user.display_id().is_some_and(|id| fold(&id.value).contains(term)),
            Search::Alias => alias(),
            Search::AgentId => {
                term.parse().is_ok_and(|id: u64| user.agents.iter().any(|agent| agent.id.0 == id))
            }
            Search::GroupId => term.parse().is_ok_and(|id: u64| user.groups.contains(&GroupId(id))),
        }
    }
}

/// One condition of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Filter {
    /// Tracked users.
    Tracked,
    /// Untracked users.
    Untracked,
    /// Users in at least one group.
    Grouped,
    /// Users in none.
    Ungrouped,
    /// Users with a display name.
    Named,
    /// Users without one.
    Unnamed,
    /// Users with agents.
    WithAgents,
    /// Users without.
    Unlicensed,
    /// Users whose agents reported lately.
    Active,
    /// Users whose agents did not.
    Inactive,
    /// Of whom there are none here: agents without a user, and agents whose licence waits for approval.
    Nobody,
}

impl Filter {
    /// Reads a `FilterType`; nothing for one that is unknown.
    pub(crate) fn from_name(name: &str) -> Option<Filter> {
        Some(match name.to_ascii_lowercase().as_str() {
            "tracked" => Filter::Tracked,
            "untracked" => Filter::Untracked,
            "groupcount" => Filter::Grouped,
            "nogroupcount" => Filter::Ungrouped,
            "displayname" => Filter::Named,
            "nodisplayname" => Filter::Unnamed,
            "userswithagents" => Filter::WithAgents,
            "userswithoutagents" | "unlicensed" => Filter::Unlicensed,
            "active30days" | "activeusers" => Filter::Active,
            "inactiveusers" => Filter::Inactive,
            "orphans" | "pendinglicense" => Filter::Nobody,
            _ => return None,
        })
    }

    fn keeps(self, user: &User, now: Timestamp) -> bool {
        match self {
            Filter::Tracked => user.tracked,
            Filter::Untracked => !user.tracked,
            Filter::Grouped => !user.groups.is_empty(),
            Filter::Ungrouped => user.groups.is_empty(),
            Filter::Named => user.display_name.is_some(),
            Filter::Unnamed => user.display_name.is_none(),
            Filter::WithAgents => !user.agents.is_empty(),
            Filter::Unlicensed => user.agents.is_empty(),
            Filter::Active => user.status(now) == Status::Active,
            Filter::Inactive => user.status(now) == Status::Inactive,
            Filter::Nobody => false,
        }
    }
}

/// The users found, in the order of their ids; whole lists are not copied.
pub(crate) enum Matches<'a> {
    /// All of them.
    Everyone(&'a [User]),
    /// The members of a group.
    Members(&'a State, &'a [UserId]),
    /// Some of them.
    Some(Vec<&'a User>),
}

impl<'a> Matches<'a> {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        match self {
            Matches::Everyone(users) => users.len(),
            Matches::Members(_, ids) => ids.len(),
            Matches::Some(users) => users.len(),
        }
    }

    /// Those of a range within the length.
    pub(crate) fn slice(&self, range: Range<usize>) -> Vec<&'a User> {
        match self {
            Matches::Everyone(users) => users[range].iter().collect(),
            Matches::Members(state, ids) => ids[range].iter().filter_map(|id| state.user(*id)).collect(),
            Matches::Some(users) => users[range].to_vec(),
        }
    }
}

/// The body of POST /identity/v2/entities/search (`IdentityLookupRequest`): any of these.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub(crate) struct Lookups {
    email_addresses: Option<Vec<String>>,
    employee_ids: Option<Vec<String>>,
    upns: Option<Vec<String>>,
    device_logons: Option<Vec<LoginLookup>>,
    display_name: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct LoginLookup {
    user: String,
    #[serde(default)]
    logon_domain: Option<String>,
}

impl State {
    /// The users a list is about.
    pub(crate) fn find(
        &self,
        search: Search,
        term: Option<&str>,
        filters: &[Filter],
        now: Timestamp,
    ) -> Matches<'_> {
        match (search, term, filters) {
            (_, None, []) => Matches::Everyone(self.users()),
            (Search::GroupId, Some(term), []) => {
                let group = term.parse().ok().and_then(|id| self.group(GroupId(id)));
                Matches::Members(self, group.map_or(&[], |entry| entry.members.as_slice()))
            }
            _ => {
                let term = term.map(fold);
                let kept = |user: &&User| {
                    filters.iter().all(|filter| filter.keeps(user, now))
                        && term.as_ref().is_none_or(|term| search.finds(user, term))
                };
                Matches::Some(self.users().iter().filter(kept).collect())
            }
        }
    }

    /// The users who hold any of some identifiers exactly, each once, in the order of their ids.
    ///
    /// # Errors
    /// No identifier is given, or too many.
    pub(crate) fn look_up(&self, lookups: Lookups) -> Result<Vec<&User>, Refusal> {
        let Lookups { email_addresses, employee_ids, upns, device_logons, display_name } = lookups;
        let emails = email_addresses.unwrap_or_default();
        let (employee_ids, upns) = (employee_ids.unwrap_or_default(), upns.unwrap_or_default());
        let logins = device_logons.unwrap_or_default();
        match emails.len()
            + employee_ids.len()
            + upns.len()
            + logins.len()
            + usize::from(display_name.is_some())
        {
            0 => return Err(Refusal::invalid("no identifier given")),
            1..=BULK_LIMIT => {}
            count => {
                return Err(Refusal::Invalid(format!(
                    "{count} identifiers given, the maximum is {BULK_LIMIT}"
                )));
            }
        }
        let mut found: Vec<UserId> = Vec::new();
        found.extend(emails.iter().filter_map(|value| self.holder_in(value, |user| &user.emails)));
        found.extend(upns.iter().filter_map(|value| self.holder_in(value, |user| &user.upns)));
        found.extend(employee_ids.iter().filter_map(|value| self.holder_of_employee_id(value)));
        for login in logins {
            let domain = login.logon_domain.map_or(Domain::Any, Domain::Named);
            found.extend(self.holder_of_login(&Login { user: login.user, domain }));
        }
        found.extend(display_name.and_then(|name| self.holder_of_display_name(&name)));
        found.sort_unstable();
        found.dedup();
        Ok(found.into_iter().filter_map(|id| self.user(id)).collect())
    }

    /// The holder of an address, if it is in that list of theirs.
    fn holder_in(
        &self,
        value: &str,
        list: fn(&User) -> &[crate::sandbox::seed::Sourced<String>],
    ) -> Option<UserId> {
        let user = self.holder_of_address(value).and_then(|id| self.user(id))?;
        list(user).iter().any(|held| fold(&held.value) == fold(value)).then_some(user.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::rules::testing::{NOW, state};

    const SEED: &str = r#""groups":[{"id":3,"name":"A"},{"id":4,"name":"B"}],"users":[
        {"id":1,"displayName":"Ana","upns":["ana@x"],"emails":["a@x"],"groups":[3],"agents":[{"id":7,"username":"u",
        "alias":"Ali","lastLog":"2026-05-20T00:00:00Z"}]},
        {"id":2,"employeeIds":["E2"],"deviceLogins":["CORP\\bob"],"tracked":false,"groups":[3,4],
        "agents":[{"id":8,"username":"w","lastLog":"2026-01-01T00:00:00Z"}]},
        {"id":3,"emails":["cy@x"]}]"#;

    fn ids(found: &[&User]) -> Vec<u64> {
        found.iter().map(|user| user.id.0).collect()
    }

    #[test]
    fn a_list_is_what_the_term_and_every_filter_leave() {
        let state = state(SEED);
        for (search, term, filters, expected) in [
            ("all", None, "", vec![1, 2, 3]),
            ("all", Some("A@X"), "", vec![1]),
            ("all", Some("@x"), "", vec![1, 3]),
            ("email", Some("ana"), "", vec![]),
            ("email|upn", Some("ana"), "", vec![1]),
            ("employeeid", Some("e2"), "", vec![2]),
            ("devicelogon", Some("bob"), "", vec![2]),
            ("displayid", Some("bob@corp"), "", vec![]),
            ("displayid", Some("cy"), "", vec![3]),
            ("alias", Some("ali"), "", vec![1]),
            ("userid", Some("8"), "", vec![2]),
            ("groupid", Some("3"), "", vec![1, 2]),
            ("groupid", Some("3"), "untracked", vec![2]),
            ("groupid", Some("99"), "", vec![]),
            ("all", None, "tracked", vec![1, 3]),
            ("all", None, "tracked,nogroupcount", vec![3]),
            ("all", None, "nodisplayname", vec![2, 3]),
            ("all", None, "activeUsers", vec![1]),
            ("all", None, "inactiveUsers", vec![2]),
            ("all", None, "unlicensed", vec![3]),
        ] {
            let names = filters.split(',').filter(|name| !name.is_empty());
            let filters: Vec<Filter> = names.filter_map(Filter::from_name).collect();
            let found = state.find(Search::from_name(search).unwrap(), term, &filters, NOW);
            assert_eq!(ids(&found.slice(0..found.len())), expected, "{search} {term:?} {filters:?}");
        }
    }

    #[test]
    fn a_search_finds_whoever_holds_any_of_the_identifiers() {
        let state = state(SEED);
        for (lookups, expected) in [
            (r#"{"emailAddresses":["A@x","cy@x","none@x"]}"#, vec![1, 3]),
            (r#"{"emailAddresses":["ana@x"]}"#, vec![]),
            (r#"{"upns":["ana@x"],"displayName":"ana","emailAddresses":["a@x"]}"#, vec![1]),
            (r#"{"employeeIds":["E2"]}"#, vec![2]),
            (r#"{"employeeIds":["e2"]}"#, vec![]),
            (r#"{"deviceLogons":[{"user":"BOB","logonDomain":"corp"}]}"#, vec![2]),
            (r#"{"deviceLogons":[{"user":"bob"}]}"#, vec![]),
        ] {
            let found = state.look_up(serde_json::from_str(lookups).unwrap()).unwrap();
            assert_eq!(ids(&found), expected, "{lookups}");
        }
        assert!(state.look_up(Lookups::default()).is_err());
        let many = Lookups { upns: Some(vec!["a".to_owned(); 51]), ..Lookups::default() };
        assert!(state.look_up(many).is_err());
    }
}
