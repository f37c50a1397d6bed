//! What may an account look like between two others, and what may a run do to it that leads from one to the other?

use std::collections::BTreeSet;

use rollcall::sandbox::{Seed, Setting};

use super::picture::Picture;

/// The way from one account to another.
pub(crate) struct Way<'a> {
    /// The account at first: what was in it goes by its number. None at a learning platform, where no run makes anything in passing.
    pub(crate) origin: Option<&'a Seed>,
    pub(crate) from: &'a Picture,
    pub(crate) to: &'a Picture,
}

impl Way<'_> {
    /// What of an account is not on the way: neither end has it, or both have it and it is missing.
    pub(crate) fn astray(&self, now: &Picture) -> Vec<String> {
        let astray = now.astray(self.from, self.to);
        // That somebody is not matched meanwhile is no more a deed than that they are.
        let is_matched = |fact: &String| fact.contains(" lacks by rules in ");
        astray.into_iter().filter(|fact| !is_matched(fact) && !self.is_passing(fact)).collect()
    }

    /// What a run did that does not lead from here to there: facts that it made or took away and that the way does not.
    pub(crate) fn beyond(&self, before: &Picture, after: &Picture) -> Vec<String> {
        let mut beyond = Vec::new();
        let keys: BTreeSet<&String> = before.objects.keys().chain(after.objects.keys()).collect();
        for key in keys {
            let only = |one: &Picture, other: &Picture| -> BTreeSet<String> {
                let [one, other] = [one, other].map(|picture| picture.objects.get(key));
                one.into_iter()
                    .flatten()
                    .filter(|it| other.is_none_or(|has| !has.contains(*it)))
                    .cloned()
                    .collect()
            };
            let (made, makes) = (only(after, before), only(self.to, self.from));
            let (took, takes) = (only(before, after), only(self.from, self.to));
            let strange = |facts: BTreeSet<String>, way: &BTreeSet<String>| -> Vec<String> {
                let strange = facts.into_iter().filter(|fact| !way.contains(fact));
                strange.filter(|fact| !self.is_passing(&format!("{key} has {fact}"))).collect()
            };
            beyond.extend(strange(made, &makes).iter().map(|fact| format!("{key} got {fact}")));
            beyond.extend(strange(took, &takes).iter().map(|fact| format!("{key} lost {fact}")));
        }
        beyond
    }

    /// Whether a fact is one that a run makes on its way: a value that stands in for another, a user untracked to be removed, the
    /// rules that a removal leaves.
    fn is_passing(&self, fact: &str) -> bool {
        // Nobody writes whom rules match.
        if fact.contains(" has by rules in ") {
            return true;
        }
        let Some(origin) = self.origin else { return false };
        if let Some(user) = fact.strip_suffix(" has tracked=false")
            && !self.to.objects.contains_key(user)
        {
            return true;
        }
        // SCIM makes a user tracked, and untracks them in a write of its own.
        if let Some(user) = fact.strip_suffix(" has tracked=true")
            && origin.account.settings.has(Setting::IdentityClosed)
            && !self.from.objects.contains_key(user)
        {
            return true;
        }
        let left = |login: &str| {
            let user = login.split_once('\\').map_or(login, |(_, user)| user);
            let named = |it: &String| it == user || it.ends_with(&format!("\\{user}"));
            origin.users.iter().any(|it| {
                let addresses = it.upns.iter().chain(&it.emails).map(|held| held.value.clone());
                addresses
                    .chain(it.device_logins.iter().map(|held| held.value.to_string()))
                    .any(|it| named(&it))
            })
        };
        fact.contains("rollcall.invalid") || fact.strip_prefix("rules has ").is_some_and(left)
    }
}
