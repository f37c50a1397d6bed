//! Do Not Track rules that follow from identifiers, and whom they hit.
//!
//! Source: "Create and Manage Users via the Users Page", "Manage tracking status": untracking blocks UPNs and emails by username on
//! every domain, device logins by username and domain, those marked Any on every domain; employee IDs not at all.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Domain, Folded, Identifier, Login, ObservedExclusion, Tracking, UserIx};
use crate::plan::draft::Draft;
use crate::plan::orders::only_removes;
use crate::plan::people::{People, Person};

/// The rules that untracking a user with these identifiers makes, sorted.
pub(in crate::plan) fn made_by<'a>(identifiers: impl Iterator<Item = &'a Identifier>) -> BTreeSet<Login> {
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

/// The account's global rules, by the username they stand on.
pub(in crate::plan) struct Standing<'a>(BTreeMap<&'a str, Vec<&'a ObservedExclusion>>);

impl<'a> Standing<'a> {
    /// Puts rules where a username finds them.
    pub(in crate::plan) fn of(rules: &'a [ObservedExclusion]) -> Self {
        let mut by_name: BTreeMap<&str, Vec<&ObservedExclusion>> = BTreeMap::new();
        for rule in rules {
            by_name.entry(rule.login.user.key()).or_default().push(rule);
        }
        Self(by_name)
    }

    /// Whether there is none.
    pub(in crate::plan) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The rules that stand on an identifier.
    pub(in crate::plan) fn on<'i>(
        &'i self,
        identifier: &'i Identifier,
    ) -> impl Iterator<Item = &'a ObservedExclusion> + use<'a, 'i> {
        let names = names(identifier).into_iter().flatten();
        let rules = names.filter_map(|name| self.0.get(name)).flatten().copied();
        rules.filter(|rule| rule.login.stands_on(identifier))
    }
}

/// The usernames that a rule on an identifier may have.
pub(in crate::plan) fn names(identifier: &Identifier) -> [Option<&str>; 2] {
    match identifier {
        Identifier::Upn(upn) => [Some(upn.key()), Some(upn.user())],
        Identifier::Email(email) => [Some(email.key()), Some(email.user())],
        Identifier::DeviceLogin(login) => [Some(login.user.key()), None],
        Identifier::EmployeeId(_) => [None, None],
    }
}

/// Whether a person is tracked once the plan is carried out; who is removed is not.
pub(in crate::plan) fn tracking_after(people: &People<'_>, person: Person) -> Tracking {
    if people.orders.removal(person).is_some() {
        return Tracking::Untracked;
    }
    let entry = people.entry(person).map(|at| &people.desired.users[at as usize]);
    let declared = entry.filter(|user| !only_removes(user)).and_then(|user| user.tracking.said());
    declared
        .map(|said| said.value)
        .or_else(|| people.record(person).map(|record| record.tracking))
        .unwrap_or(Tracking::Tracked)
}

/// A login of a record that a rule covers.
pub(in crate::plan) struct Hit<'a> {
    /// Whose.
    pub(in crate::plan) user: UserIx,
    /// The agent's or device login's own text.
    pub(in crate::plan) login: &'a Login,
    /// The rule.
    pub(in crate::plan) rule: &'a Login,
    /// Whether an agent reports under the login.
    pub(in crate::plan) history: History,
}

/// Whether data has been collected under a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plan) enum History {
    /// There is an agent; one whose data nobody knows the age of counts too.
    Some,
    /// None that is known.
    None,
}

/// Rules by the username they stand on.
pub(in crate::plan) type ByName<'a> = BTreeMap<&'a str, Vec<&'a Login>>;

/// Puts rules where a username finds them.
pub(in crate::plan) fn by_name<'a>(rules: impl IntoIterator<Item = &'a Login>) -> ByName<'a> {
    let mut by_name = ByName::new();
    for rule in rules {
        by_name.entry(rule.user.key()).or_default().push(rule);
    }
    by_name
}

/// The rules that cover a login.
pub(in crate::plan) fn covering<'r, 'a>(
    rules: &'r ByName<'a>,
    login: &'r Login,
) -> impl Iterator<Item = &'a Login> + use<'r, 'a> {
    let named = rules.get(login.user.key()).into_iter().flatten();
    named.copied().filter(move |rule| rule.covers(login))
}

/// Every login of the account's users that one of `rules` covers, in the order of records. One pass over the users. An agent that
/// moves is its new user's by then; one that moves to a user to be created hits nobody who is there.
pub(in crate::plan) fn hits<'a>(people: &People<'a>, draft: &Draft, rules: &ByName<'a>) -> Vec<Hit<'a>> {
    let mut hits = Vec::new();
    if rules.is_empty() {
        return hits;
    }
    for (at, user) in (0..).zip(&people.observed.users) {
        let agents = user.agents.iter().filter_map(|agent| {
            let user = match draft.moved.get(&agent.id) {
                None => UserIx(at),
                Some(Person::Known(to)) => *to,
                Some(Person::New(_)) => return None,
            };
            Some((user, &agent.login, History::Some))
        });
        let logins = user.device_logins.iter().map(|login| (UserIx(at), login, History::None));
        for (user, login, history) in agents.chain(logins) {
            hits.extend(covering(rules, login).map(|rule| Hit { user, login, rule, history }));
        }
    }
    hits
}

/// The users on whose own identifiers one of `rules` stands, whether an agent of theirs reports or not.
pub(in crate::plan) fn holders<'a>(people: &People<'a>, rules: &ByName<'a>) -> Vec<(UserIx, &'a Login)> {
    let mut holders = Vec::new();
    if rules.is_empty() {
        return holders;
    }
    for (at, user) in (0..).zip(&people.observed.users) {
        let emails = user.emails.iter().map(|held| &held.email);
        let names = user.upns.iter().flat_map(|upn| [upn.key(), upn.user()]);
        let names = names.chain(emails.flat_map(|email| [email.key(), email.user()]));
        let names: BTreeSet<&str> =
            names.chain(user.device_logins.iter().map(|login| login.user.key())).collect();
        let standing = names.iter().filter_map(|name| rules.get(name)).flatten();
        let standing = standing.filter(|rule| user.identifiers().any(|held| rule.stands_on(&held)));
        holders.extend(standing.map(|rule| (UserIx(at), *rule)));
    }
    holders
}

/// What names a rule in fingerprints.
pub(in crate::plan) fn fingerprint_key(rule: &Login) -> String {
    let domain = match &rule.domain {
        Domain::Any => "*",
        Domain::Named(domain) => domain.key(),
    };
    format!("exclusion:{domain}\\{}", rule.user.key())
}
