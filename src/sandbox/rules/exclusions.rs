//! Do Not Track: the rows of the list, and global rules made, changed and deleted (Identity API, /identity/v1/dnt).
//!
//! The rules of untracked users follow from their identifiers and have no number; only global rules are stored.

use serde::Deserialize;

use crate::sandbox::rules::refusal::{Refusal, within_limit};
use crate::sandbox::seed::{Domain, Exclusion, Login, RuleId, User, UserId};
use crate::sandbox::state::{State, fold, same_login};

/// A global rule as a request writes it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct RuleRequest {
    pub(crate) username: String,
    #[serde(default)]
    pub(crate) domain: Option<String>,
    #[serde(default)]
    pub(crate) any_domain: bool,
    #[serde(default)]
    pub(crate) id: Option<RuleId>,
}

/// What became of one rule of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RuleOutcome {
    /// Made or changed.
    Done,
    /// There already, under this number.
    Duplicate(RuleId),
    /// It would hit a tracked user: that one has to be untracked instead.
    HitsTracked {
        /// The user.
        user: UserId,
        /// The revision to untrack it with.
        revision: u64,
    },
    /// It is no rule.
    Invalid(String),
}

/// A row of the Do Not Track list.
pub(crate) enum DntRow<'a> {
    /// An untracked user.
    User(&'a User),
    /// A global rule.
    Global(&'a Exclusion),
}

/// Which rows are asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum DntRows {
    /// Both.
    #[default]
    All,
    /// Untracked users.
    Users,
    /// Global rules.
    Global,
}

/// What rows are sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum DntKey {
    /// The username; of a user, the display ID.
    #[default]
    Username,
    /// The domain; users have none.
    Domain,
    /// The display ID of a user; global rules have none.
    User,
}

/// A text that rows have to hold.
#[derive(Debug, Default)]
pub(crate) struct DntTerms {
    /// In the username or the domain; of a user, in any address or the display ID.
    pub(crate) anywhere: Option<String>,
    /// In the username.
    pub(crate) username: Option<String>,
    /// In the domain.
    pub(crate) domain: Option<String>,
}

impl State {
    /// The rows of the list, in order.
    pub(crate) fn dnt_rows(&self, rows: DntRows, terms: &DntTerms, key: DntKey) -> Vec<DntRow<'_>> {
        let mut list: Vec<DntRow<'_>> = Vec::new();
        if rows != DntRows::Global {
            list.extend(self.users().iter().filter(|user| !user.tracked).map(DntRow::User));
        }
        if rows != DntRows::Users {
            list.extend(self.rules().map(DntRow::Global));
        }
        list.retain(|row| row.holds(terms));
        list.sort_by_cached_key(|row| row.key(key));
        list
    }

    /// Makes global rules.
    ///
    /// # Errors
    /// There are none, or more than 50.
    pub(crate) fn add_rules(&mut self, requests: &[RuleRequest]) -> Result<Vec<RuleOutcome>, Refusal> {
        within_limit("rules", requests)?;
        Ok(requests.iter().map(|request| self.add_one(request)).collect())
    }

    /// Changes global rules.
    ///
    /// # Errors
    /// There are none, more than 50, one lacks its id, or no rule has it: then nothing is changed.
    pub(crate) fn change_rules(&mut self, requests: &[RuleRequest]) -> Result<Vec<RuleOutcome>, Refusal> {
        within_limit("rules", requests)?;
        let mut ids = Vec::new();
        for request in requests {
            let id = request.id.ok_or_else(|| Refusal::invalid("every rule needs its id"))?;
            self.rule(id).ok_or_else(|| Refusal::Invalid(format!("there is no rule {id}")))?;
            ids.push(id);
        }
        Ok(requests.iter().zip(ids).map(|(request, id)| self.change_one(request, id)).collect())
    }

    /// Deletes global rules; the outcome says of each whether it was there.
    ///
    /// # Errors
    /// There are none, or more than 50.
    pub(crate) fn delete_rules(&mut self, ids: &[RuleId]) -> Result<Vec<Result<Exclusion, RuleId>>, Refusal> {
        within_limit("ids", ids)?;
        let delete = |id: &RuleId| {
            let rule = self.rule(*id).cloned().ok_or(*id)?;
            self.remove_rule(*id);
            Ok(rule)
        };
        Ok(ids.iter().map(delete).collect())
    }

    fn add_one(&mut self, request: &RuleRequest) -> RuleOutcome {
        self.checked(request, None).map_or_else(
            |outcome| outcome,
            |login| {
                self.add_rule(login);
                RuleOutcome::Done
            },
        )
    }

    fn change_one(&mut self, request: &RuleRequest, id: RuleId) -> RuleOutcome {
        self.checked(request, Some(id)).map_or_else(
            |outcome| outcome,
            |login| {
                self.replace_rule(Exclusion { id, login });
                RuleOutcome::Done
            },
        )
    }

    /// The login of a rule that makes sense, hits no tracked user and is not there under another number.
    fn checked(&self, request: &RuleRequest, own: Option<RuleId>) -> Result<Login, RuleOutcome> {
        let login = request.login().map_err(RuleOutcome::Invalid)?;
        if let Some(user) = self.tracked_user_hit_by(&login) {
            return Err(RuleOutcome::HitsTracked { user: user.id, revision: user.revision });
        }
        match self.rule_like(&login).filter(|holder| Some(*holder) != own) {
            Some(holder) => Err(RuleOutcome::Duplicate(holder)),
            None => Ok(login),
        }
    }

    fn rule_like(&self, login: &Login) -> Option<RuleId> {
        self.rules_for(&login.user).find(|rule| same_login(&rule.login, login)).map(|rule| rule.id)
    }
}

impl RuleRequest {
    fn login(&self) -> Result<Login, String> {
        if self.username.trim().is_empty() {
            return Err("a rule needs a username".to_owned());
        }
        match (self.any_domain, self.domain.as_deref()) {
            (true, None) => Ok(Login::any(self.username.as_str())),
            (true, Some(_)) => Err("a rule for any domain has no domain".to_owned()),
            (false, Some(domain)) if !domain.trim().is_empty() => {
                Ok(Login::on(domain, self.username.as_str()))
            }
            (false, _) => Err("a rule needs a domain, or anyDomain".to_owned()),
        }
    }
}

impl DntRow<'_> {
    fn key(&self, key: DntKey) -> String {
        let display_id = |user: &User| user.display_id().map(|id| fold(&id.value)).unwrap_or_default();
        match (self, key) {
            (DntRow::User(user), DntKey::Username | DntKey::User) => display_id(user),
            (DntRow::User(_), DntKey::Domain) | (DntRow::Global(_), DntKey::User) => String::new(),
            (DntRow::Global(rule), DntKey::Username) => fold(&rule.login.user),
            (DntRow::Global(rule), DntKey::Domain) => rule.login.domain_name().map(fold).unwrap_or_default(),
        }
    }

    fn holds(&self, terms: &DntTerms) -> bool {
        if let Some(term) = &terms.anywhere {
            let term = fold(term);
            return self.usernames().chain(self.domains()).any(|text| fold(&text).contains(&term));
        }
        let username = |term: &String| self.usernames().any(|text| fold(&text).contains(&fold(term)));
        let domain = |term: &String| self.domains().any(|text| fold(&text).contains(&fold(term)));
        terms.username.as_ref().is_none_or(username) && terms.domain.as_ref().is_none_or(domain)
    }

    fn logins(&self) -> Vec<Login> {
        match self {
            DntRow::User(user) => user.derived_rules().collect(),
            DntRow::Global(rule) => vec![rule.login.clone()],
        }
    }

    fn usernames(&self) -> impl Iterator<Item = String> {
        let display_id = match self {
            DntRow::User(user) => user.display_id().map(|id| id.value.into_owned()),
            DntRow::Global(_) => None,
        };
        self.logins().into_iter().map(|login| login.user).chain(display_id)
    }

    fn domains(&self) -> impl Iterator<Item = String> {
        self.logins().into_iter().filter_map(|login| match login.domain {
            Domain::Any => None,
            Domain::Named(name) => Some(name),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::rules::testing::state;

    const SEED: &str = r#""users":[{"id":1,"revision":4,"upns":["ana@x"],"deviceLogins":["CORP\\ana"],
        "agents":[{"id":7,"username":"aruiz","domain":"PC"}]},{"id":2,"emails":["bob@x"],"tracked":false,
        "deviceLogins":["LAB\\bob"]}],"exclusions":[{"id":5,"login":"*\\svc"},{"id":6,"login":"CORP\\admin"}]"#;

    fn rule(text: &str) -> RuleRequest {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_new_rule_is_made_unless_it_is_there_or_hits_a_tracked_user() {
        let hit = RuleOutcome::HitsTracked { user: UserId(1), revision: 4 };
        for (request, expected) in [
            (r#"{"username":"new","anyDomain":true}"#, RuleOutcome::Done),
            (r#"{"username":"SVC","anyDomain":true,"domain":null}"#, RuleOutcome::Duplicate(RuleId(5))),
            (r#"{"username":"svc","domain":"CORP"}"#, RuleOutcome::Done),
            (r#"{"username":"ana","anyDomain":true}"#, hit.clone()),
            (r#"{"username":"ANA","domain":"corp"}"#, hit.clone()),
            (r#"{"username":"ana@x","anyDomain":true}"#, hit.clone()),
            (r#"{"username":"aruiz","anyDomain":true}"#, hit.clone()),
            (r#"{"username":"ana","domain":"LAB"}"#, RuleOutcome::Done),
            (r#"{"username":"bob","domain":"LAB"}"#, RuleOutcome::Done),
            (r#"{"username":" ","anyDomain":true}"#, RuleOutcome::Invalid("a rule needs a username".into())),
            (r#"{"username":"a"}"#, RuleOutcome::Invalid("a rule needs a domain, or anyDomain".into())),
            (
                r#"{"username":"a","domain":"X","anyDomain":true}"#,
                RuleOutcome::Invalid("a rule for any domain has no domain".into()),
            ),
        ] {
            assert_eq!(state(SEED).add_rules(&[rule(request)]), Ok(vec![expected]), "{request}");
        }
    }

    #[test]
    fn more_rules_than_fifty_or_none_are_refused_whole() {
        let many = vec![rule(r#"{"username":"a","anyDomain":true}"#); 51];
        assert!(state(SEED).add_rules(&many).is_err());
        assert!(state(SEED).add_rules(&[]).is_err());
        assert!(state(SEED).delete_rules(&[]).is_err());
    }

    #[test]
    fn changing_and_deleting_go_by_number() {
        let mut changed = state(SEED);
        let request = rule(r#"{"id":6,"username":"root","domain":null,"anyDomain":true}"#);
        assert_eq!(changed.change_rules(&[request]), Ok(vec![RuleOutcome::Done]));
        assert_eq!(changed.rule(RuleId(6)).map(|rule| rule.login.to_string()).as_deref(), Some("*\\root"));
        assert!(changed.rules_for("admin").next().is_none(), "the old username is still looked up");
        for request in [r#"{"username":"a","anyDomain":true}"#, r#"{"id":9,"username":"a","anyDomain":true}"#]
        {
            assert!(changed.change_rules(&[rule(request)]).is_err(), "{request}");
        }
        let deleted = changed.delete_rules(&[RuleId(5), RuleId(9)]).unwrap();
        assert_eq!(deleted.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false]);
        assert_eq!(changed.rules().count(), 1);
    }

    #[test]
    fn the_list_merges_untracked_users_and_global_rules() {
        let state = state(SEED);
        let names = |rows: DntRows, terms: &DntTerms, key: DntKey| -> Vec<String> {
            let name = |row: &DntRow<'_>| match row {
                DntRow::User(user) => format!("user {}", user.id),
                DntRow::Global(rule) => rule.login.to_string(),
            };
            state.dnt_rows(rows, terms, key).iter().map(name).collect()
        };
        let term = |text: &str| DntTerms { anywhere: Some(text.to_owned()), ..DntTerms::default() };
        let none = DntTerms::default();
        assert_eq!(names(DntRows::All, &none, DntKey::Username), ["CORP\\admin", "user 2", "*\\svc"]);
        assert_eq!(names(DntRows::All, &none, DntKey::Domain), ["user 2", "*\\svc", "CORP\\admin"]);
        assert_eq!(names(DntRows::Users, &none, DntKey::Username), ["user 2"]);
        assert_eq!(names(DntRows::Global, &none, DntKey::User), ["*\\svc", "CORP\\admin"]);
        assert_eq!(names(DntRows::All, &term("BOB"), DntKey::Username), ["user 2"]);
        assert_eq!(names(DntRows::All, &term("corp"), DntKey::Username), ["CORP\\admin"]);
        let domain = DntTerms { domain: Some("lab".into()), ..DntTerms::default() };
        assert_eq!(names(DntRows::All, &domain, DntKey::Username), ["user 2"]);
    }
}
