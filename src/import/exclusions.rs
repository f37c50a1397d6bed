//! Which global Do Not Track rules can a manifest say, and which stand on somebody who is tracked?

use std::collections::BTreeMap;

use crate::import::unsaid::{Kind, Unsaid};
use crate::model::{
    DesiredExclusion, ExclusionState, Identifier, Located, Login, Observed, ObservedUser, Piece,
};
use crate::phrase;

/// An entry for every rule that a manifest can say, sorted.
pub(super) fn entries(observed: &Observed, unsaid: &mut Vec<Unsaid>) -> Vec<DesiredExclusion> {
    let mut logins: Vec<(String, &Login)> =
        observed.exclusions.iter().map(|rule| (rule.login.to_string(), &rule.login)).collect();
    logins.sort();
    logins.dedup_by(|one, other| one.1 == other.1);
    let mut entries = Vec::with_capacity(logins.len());
    for (text, login) in logins {
        if Login::existing(&text).as_ref() == Ok(login) {
            let login = Located::unplaced(login.clone());
            entries.push(DesiredExclusion { login, state: ExclusionState::Present });
        } else {
            let what = phrase!["the exclusion ", Piece::personal(login), ": no manifest can say it"];
            unsaid.push(Unsaid::new(Kind::Exclusion, what));
        }
    }
    entries
}

/// The rules of an account, by the username that they stand on.
pub(super) struct Standing<'a>(BTreeMap<&'a str, Vec<&'a Login>>);

impl<'a> Standing<'a> {
    /// Puts them where a username finds them.
    pub(super) fn of(observed: &'a Observed) -> Self {
        let mut by_name: BTreeMap<&str, Vec<&Login>> = BTreeMap::new();
        for rule in &observed.exclusions {
            by_name.entry(rule.login.user.key()).or_default().push(&rule.login);
        }
        Self(by_name)
    }

    /// A rule that an account may take for one on an identifier of a user.
    pub(super) fn on(&self, user: &ObservedUser) -> Option<&'a Login> {
        if self.0.is_empty() {
            return None;
        }
        user.identifiers().find_map(|held| self.on_one(&held))
    }

    fn on_one(&self, held: &Identifier) -> Option<&'a Login> {
        let names = match held {
            Identifier::Upn(upn) => [Some(upn.key()), Some(upn.user())],
            Identifier::Email(email) => [Some(email.key()), Some(email.user())],
            Identifier::DeviceLogin(login) => [Some(login.user.key()), None],
            Identifier::EmployeeId(_) => [None, None],
        };
        let mut rules = names.into_iter().flatten().filter_map(|name| self.0.get(name)).flatten().copied();
        rules.find(|rule| rule.may_hit(held))
    }
}
