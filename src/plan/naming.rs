//! Which entries of the audit log name a thing, and which of them name that thing and no other?
//!
//! No document says how an entry names what it is about: its description is free text. So what may be meant is told apart from what is
//! certainly meant, and only the latter is ever claimed.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{AuditEntry, Object, Observed};
use crate::plan::finished::Plan;

/// The texts that one thing goes by.
pub(crate) type Subject = Vec<String>;

/// What a name may be the name of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Thing {
    User(Option<u64>),
    Group(Option<u64>),
}

/// Words that say what a name is the name of, or what was done to it: beside one of them a name ends.
const LABELS: [&str; 32] = [
    "user",
    "users",
    "member",
    "members",
    "group",
    "groups",
    "computer",
    "computers",
    "exclusion",
    "rule",
    "named",
    "called",
    "from",
    "to",
    "is",
    "was",
    "has",
    "added",
    "removed",
    "created",
    "deleted",
    "renamed",
    "moved",
    "changed",
    "edited",
    "updated",
    "tracked",
    "untracked",
    "excluded",
    "enabled",
    "disabled",
    "restored",
];
/// What a name may stand between.
const ENDS: &str = "\"'`“”‘’«»()[]<>{},;:=|";

/// An audit log, and the names that may be in it.
pub(crate) struct Naming<'a> {
    pub(crate) log: &'a [AuditEntry],
    /// The words of each entry.
    words: Vec<Vec<String>>,
    /// Which entries have a word.
    with: BTreeMap<String, Vec<usize>>,
    /// Every name of a user or group, in small letters.
    names: BTreeMap<String, BTreeSet<Thing>>,
}

impl<'a> Naming<'a> {
    pub(crate) fn of(log: &'a [AuditEntry], plan: &Plan, observed: &Observed) -> Self {
        let words: Vec<Vec<String>> = log.iter().map(|entry| words(&entry.description)).collect();
        let mut with: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, words) in words.iter().enumerate() {
            for word in words.iter().collect::<BTreeSet<_>>() {
                with.entry(word.clone()).or_default().push(at);
            }
        }
        Self { log, words, with, names: names(plan, observed) }
    }

    /// The entries that may be about a thing: one of its texts is in them, word by word, in whatever case.
    pub(crate) fn perhaps(&self, subject: &Subject) -> BTreeSet<usize> {
        subject.iter().flat_map(|text| self.with_text(&words(text))).collect()
    }

    fn with_text(&self, text: &[String]) -> Vec<usize> {
        let found = text.iter().map(|word| self.with.get(word).map_or(&[][..], Vec::as_slice));
        let rarest = found.min_by_key(|found| found.len()).unwrap_or_default();
        let has = |at: &&usize| self.words[**at].windows(text.len()).any(|words| words == text);
        rarest.iter().filter(has).copied().collect()
    }

    /// Whether an entry names a thing and nothing else that is called so: a text of it stands there as it is written, by itself, is no
    /// part of a longer name of the account, and is the name of nothing else.
    pub(crate) fn surely(&self, entry: usize, subject: &Subject) -> bool {
        let said = &self.log[entry].description;
        let small = said.to_lowercase();
        subject.iter().any(|text| {
            let key = text.to_lowercase();
            let is_longer =
                |name: &&String| name.len() > key.len() && name.contains(&key) && small.contains(*name);
            stands_alone(said, text)
                && self.names.get(&key).is_none_or(|things| things.len() == 1)
                && !self.names.keys().any(|name| is_longer(&name))
        })
    }
}

/// Every name of a user or group that is there, and those of a plan for what is not.
fn names(plan: &Plan, observed: &Observed) -> BTreeMap<String, BTreeSet<Thing>> {
    let mut names: BTreeMap<String, BTreeSet<Thing>> = BTreeMap::new();
    let users =
        observed.users.iter().filter_map(|user| Some((user.display_name.as_ref()?.as_written(), user.id)));
    for (name, id) in users {
        names.entry(name.to_lowercase()).or_default().insert(Thing::User(Some(id.0)));
    }
    for group in &observed.groups {
        names
            .entry(group.name.as_written().to_lowercase())
            .or_default()
            .insert(Thing::Group(Some(group.id.0)));
    }
    for change in &plan.changes {
        let (name, thing) = match &change.object {
            Object::User(label) if label.record.is_none() => (label.name.as_deref(), Thing::User(None)),
            Object::Group { id: None, name, .. } => (Some(name.as_written()), Thing::Group(None)),
            _ => continue,
        };
        if let Some(name) = name {
            names.entry(name.to_lowercase()).or_insert_with(|| BTreeSet::from([thing]));
        }
    }
    names
}

/// The runs of letters and digits of a text, in small letters.
fn words(text: &str) -> Vec<String> {
    let runs = text.split(|c: char| !c.is_alphanumeric()).filter(|run| !run.is_empty());
    runs.map(str::to_lowercase).collect()
}

/// Whether a text stands in another so that it begins and ends there.
fn stands_alone(said: &str, text: &str) -> bool {
    // Neither an address nor a login has a blank in it.
    let is_login = text.contains(['@', '\\']) && !text.contains(char::is_whitespace);
    said.match_indices(text).any(|(at, _)| {
        let (before, behind) = (&said[..at], &said[at + text.len()..]);
        let word_before =
            || before.trim_end().rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let word_behind =
            || behind.trim_start().split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let begins = match before.chars().next_back() {
            None => true,
            Some(c) if c.is_whitespace() => {
                is_login || is_end(before.trim_end().chars().next_back()) || is_label(word_before())
            }
            Some(c) => ENDS.contains(c),
        };
        let ends = match behind.chars().next() {
            None => true,
            Some('.') => behind[1..].chars().next().is_none_or(char::is_whitespace),
            Some(c) if c.is_whitespace() => {
                is_login || is_end(behind.trim_start().chars().next()) || is_label(word_behind())
            }
            Some(c) => ENDS.contains(c),
        };
        !text.is_empty() && begins && ends
    })
}

fn is_end(c: Option<char>) -> bool {
    c.is_none_or(|c| ENDS.contains(c))
}

fn is_label(word: &str) -> bool {
    LABELS.iter().any(|label| label.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_alone_between_marks_or_beside_what_says_what_it_is() {
        for (said, text, alone) in [
            ("Sales", "Sales", true),
            ("group \"Sales\" deleted", "Sales", true),
            ("Deleted group Sales.", "Sales", true),
            ("Group: Sales, Members: 3", "Sales", true),
            ("User Ada King removed from group Sales", "Ada King", true),
            ("User Ada King de Vries removed from group Sales", "Ada King", false),
            ("User Mary Ada King removed from group Sales", "Ada King", false),
            ("Removed user [Ada King]", "Ada King", true),
            ("Deleted group Sales EMEA", "Sales", false),
            ("Deleted group Inside Sales", "Sales", false),
            ("Deleted group Sales-EMEA", "Sales", false),
            ("Deleted group Sales.EMEA", "Sales", false),
            ("Deleted group Sales team", "Sales", false),
            ("group Salesforce", "Sales", false),
            ("group sales", "Sales", false),
            ("untracked ada@acme.example today", "ada@acme.example", true),
            ("untracked mada@acme.example", "ada@acme.example", false),
            ("untracked ada@acme.example.com", "ada@acme.example", false),
            ("login ACME\\ada untracked", "ACME\\ada", true),
            ("login ACME\\adam", "ACME\\ada", false),
            ("exclusion *\\svc added", "*\\svc", true),
            ("exclusion X*\\svc", "*\\svc", false),
            ("", "", false),
            ("é", "é", true),
        ] {
            assert_eq!(stands_alone(said, text), alone, "{text} in {said}");
        }
    }

    #[test]
    fn words_are_runs_of_letters_and_digits_in_whatever_script() {
        assert_eq!(words("*\\R&D, Zoë@ACME.example!"), ["r", "d", "zoë", "acme", "example"]);
        assert_eq!(words(" -- "), Vec::<String>::new());
    }
}
