//! Do Not Track rules that follow from identifiers, and those that stand.
//!
//! Source: "Create and Manage Users via the Users Page", "Manage tracking status": untracking blocks UPNs and emails by username on
//! every domain, device logins by username and domain, those marked Any on every domain; employee IDs not at all.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    DesiredUser, Domain, Folded, Identifier, Login, Observed, ObservedExclusion, Tracking, UserLabel,
};

/// The rules that untracking or removing a user with these identifiers may make, sorted.
pub(in crate::plan) fn made_by<'a>(identifiers: impl Iterator<Item = &'a Identifier>) -> BTreeSet<Login> {
    identifiers.flat_map(forms).collect()
}

/// The rules that the untracked users of an account may bring, in the order of their records.
pub fn rules_of_users(observed: &Observed) -> Vec<(UserLabel, Login)> {
    let untracked = observed.users.iter().filter(|user| user.tracking == Tracking::Untracked);
    let rules = untracked.flat_map(|user| {
        let identifiers: Vec<Identifier> = user.identifiers().collect();
        made_by(identifiers.iter()).into_iter().map(|login| (UserLabel::of(user), login)).collect::<Vec<_>>()
    });
    rules.collect()
}

/// The rules that may stand on an identifier once its user is untracked or removed. Of an address the account blocks "that username, on
/// any domain" (Users page guide, manage tracking status): whether that is the whole address or its first part is nowhere said,
/// so both are taken for it.
pub(in crate::plan) fn forms(identifier: &Identifier) -> Vec<Login> {
    match identifier {
        Identifier::DeviceLogin(login) => vec![login.clone()],
        Identifier::Upn(_) | Identifier::Email(_) | Identifier::EmployeeId(_) => {
            let names = names(identifier).into_iter().flatten();
            names.map(|name| Login { domain: Domain::Any, user: Folded::new(name) }).collect()
        }
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

/// What names a rule in fingerprints.
pub(in crate::plan) fn fingerprint_key(rule: &Login) -> String {
    let domain = match &rule.domain {
        Domain::Any => "*",
        Domain::Named(domain) => domain.key(),
    };
    format!("exclusion:{domain}\\{}", rule.user.key())
}

/// The identifiers of an entry that rules can stand on.
pub(in crate::plan) fn blockable(user: &DesiredUser) -> impl Iterator<Item = Identifier> + '_ {
    user.identifiers().map(|said| said.value).filter(|it| !matches!(it, Identifier::EmployeeId(_)))
}
