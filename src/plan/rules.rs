//! Do Not Track rules that follow from identifiers, and whom they hit.
//!
//! Source: "Create and Manage Users via the Users Page", "Manage tracking status": untracking blocks UPNs and emails by username on
//! every domain, device logins by username and domain, those marked Any on every domain; employee IDs not at all.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Domain, Email, Folded, Identifier, Login, Tracking, Upn, UserIx};
use crate::plan::people::{People, Person};

/// The rules that untracking a user with these identifiers makes, sorted.
pub(super) fn made_by<'a>(identifiers: impl Iterator<Item = &'a Identifier>) -> BTreeSet<Login> {
    identifiers.filter_map(made_by_one).collect()
}

fn made_by_one(identifier: &Identifier) -> Option<Login> {
    let anywhere = |user: &str| Login { domain: Domain::Any, user: Folded::new(user) };
    match identifier {
        Identifier::Upn(upn) => Some(anywhere(upn.user())),
        Identifier::Email(email) => Some(anywhere(email.user())),
        Identifier::DeviceLogin(login) => Some(login.clone()),
        Identifier::EmployeeId(_) => None,
    }
}

/// Whether a rule stands on one of a user's own identifiers: the one that untracking makes of it, or the whole address, which
/// removing a user leaves behind.
pub(super) fn stands_on(rule: &Login, upns: &[Upn], emails: &[Email], logins: &[Login]) -> bool {
    let names = |key: &str, user: &str| rule.user.key() == key || rule.user.key() == user;
    let address = rule.domain == Domain::Any
        && (upns.iter().any(|upn| names(upn.key(), upn.user()))
            || emails.iter().any(|email| names(email.key(), email.user())));
    address || logins.iter().any(|login| rule.covers(login))
}

/// Whether a person is tracked once the plan is carried out.
pub(super) fn tracking_after(people: &People<'_>, person: Person) -> Tracking {
    let declared = people.entry(person).and_then(|at| people.desired.users[at as usize].tracking.said());
    declared
        .map(|said| said.value)
        .or_else(|| people.record(person).map(|record| record.tracking))
        .unwrap_or(Tracking::Tracked)
}

/// A login of a record that a rule covers.
pub(super) struct Hit<'a> {
    /// Whose.
    pub(super) user: UserIx,
    /// The agent's or device login's own text.
    pub(super) login: &'a Login,
    /// The rule.
    pub(super) rule: &'a Login,
    /// Whether an agent with history reports under the login.
    pub(super) history: History,
}

/// Whether data has been collected under a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum History {
    /// An agent has reported.
    Some,
    /// None that is known.
    None,
}

/// Rules by the username they stand on.
pub(super) type ByName<'a> = BTreeMap<&'a str, Vec<&'a Login>>;

/// Puts rules where a username finds them.
pub(super) fn by_name<'a>(rules: impl IntoIterator<Item = &'a Login>) -> ByName<'a> {
    let mut by_name = ByName::new();
    for rule in rules {
        by_name.entry(rule.user.key()).or_default().push(rule);
    }
    by_name
}

/// The rules that cover a login.
pub(super) fn covering<'r, 'a>(
    rules: &'r ByName<'a>,
    login: &'r Login,
) -> impl Iterator<Item = &'a Login> + use<'r, 'a> {
    let named = rules.get(login.user.key()).into_iter().flatten();
    named.copied().filter(move |rule| rule.covers(login))
}

/// Every login of the account's users that one of `rules` covers, in the order of records. One pass over the users.
pub(super) fn hits<'a>(people: &People<'a>, rules: &ByName<'a>) -> Vec<Hit<'a>> {
    let mut hits = Vec::new();
    if rules.is_empty() {
        return hits;
    }
    for (at, user) in (0..).zip(&people.observed.users) {
        let agents = user.agents.iter().map(|agent| {
            let history = if agent.first_log.is_some() { History::Some } else { History::None };
            (&agent.login, history)
        });
        let logins = user.device_logins.iter().map(|login| (login, History::None));
        for (login, history) in agents.chain(logins) {
            let user = UserIx(at);
            hits.extend(covering(rules, login).map(|rule| Hit { user, login, rule, history }));
        }
    }
    hits
}

/// The users on whose own identifiers one of `rules` stands, whether an agent of theirs reports or not.
pub(super) fn holders<'a>(people: &People<'a>, rules: &ByName<'a>) -> Vec<(UserIx, &'a Login)> {
    let mut holders = Vec::new();
    if rules.is_empty() {
        return holders;
    }
    for (at, user) in (0..).zip(&people.observed.users) {
        let emails: Vec<Email> = user.emails.iter().map(|held| held.email.clone()).collect();
        let names = user.upns.iter().flat_map(|upn| [upn.key(), upn.user()]);
        let names = names.chain(emails.iter().flat_map(|email| [email.key(), email.user()]));
        let names: BTreeSet<&str> =
            names.chain(user.device_logins.iter().map(|login| login.user.key())).collect();
        let standing = names.iter().filter_map(|name| rules.get(name)).flatten();
        let standing = standing.filter(|rule| stands_on(rule, &user.upns, &emails, &user.device_logins));
        holders.extend(standing.map(|rule| (UserIx(at), *rule)));
    }
    holders
}

/// What names a rule in fingerprints.
pub(super) fn fingerprint_key(rule: &Login) -> String {
    let domain = match &rule.domain {
        Domain::Any => "*",
        Domain::Named(domain) => domain.key(),
    };
    format!("exclusion:{domain}\\{}", rule.user.key())
}
