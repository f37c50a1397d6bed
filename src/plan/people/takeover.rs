//! Is a match the mark of a reused address?

use std::collections::BTreeSet;

use crate::model::{DesiredUser, Members, ObservedUser, Reference, Writer};
use crate::plan::people::keys::{Key, declared, held, releases};

/// A part of a name so long, in characters, is no chance.
const TELLING: usize = 3;

/// One shared identifier, and a contradicting employee ID, or another name and every other identifier replaced: the mark of
/// a reused address.
pub(in crate::plan) fn is_takeover(user: &DesiredUser, record: &ObservedUser) -> bool {
    let shared = held(record).filter(|key| declared(user).any(|(other, _)| other == *key));
    let shared: BTreeSet<Key<'_>> = shared.collect();
    // A username that is given again brings its login along: that is no second sign.
    let telling = shared.iter().filter(|key| !matches!(key, Key::Login(_))).count();
    if is_same_human(user, record) || telling > 1 || (telling == 0 && shared.len() != 1) {
        return false;
    }
    let ids = user.employee_ids.said();
    let contradicts = !ids.is_empty()
        && !record.employee_ids.is_empty()
        && !record.employee_ids.iter().any(|held| ids.iter().any(|id| id.value == *held));
    contradicts
        || (shared.len() == 1 && is_renamed(user, record) && replaces_all_others(user, record, &shared))
}

/// Whether the entry says outright that it is the record: one of its identifiers is `formerly` theirs.
pub(in crate::plan) fn is_same_human(user: &DesiredUser, record: &ObservedUser) -> bool {
    user.formerly.iter().any(|former| held(record).any(|key| key == Key::from(&former.value)))
}

fn is_renamed(user: &DesiredUser, record: &ObservedUser) -> bool {
    match (user.display_name.said(), &record.display_name) {
        (Some(wanted), Some(name)) => wanted.value != *name,
        _ => false,
    }
}

fn replaces_all_others(user: &DesiredUser, record: &ObservedUser, shared: &BTreeSet<Key<'_>>) -> bool {
    let owned = |key: &Key<'_>| !shared.contains(key);
    let elsewhere = has_other_addresses(user, record, shared);
    let upns = record
        .upns
        .iter()
        .map(|upn| (Key::Address(upn.key()), elsewhere || matches!(user.upns, Members::Exactly(_))));
    let emails = record
        .emails
        .iter()
        .filter(|email| email.writer == Writer::Other && !record.is_placeholder(&email.email))
        .map(|email| {
            (Key::Address(email.email.key()), elsewhere || matches!(user.emails, Members::Exactly(_)))
        });
    let ids = record
        .employee_ids
        .iter()
        .map(|id| (Key::EmployeeId(id.said()), matches!(user.employee_ids, Members::Exactly(_))));
    // Device logins are left out: no list of them is ever whole, so none is replaced.
    let mut others = upns.chain(emails).chain(ids).filter(|(key, _)| owned(key)).peekable();
    others.peek().is_some() && others.all(|(key, replaced)| replaced || releases(user, key))
}

/// Whether a row of an export has addresses, not one of the record's, and no word of its name. Its lists are never whole, so they
/// replace nothing; yet whoever got a number again has neither the addresses nor the name of the one before. Who marries keeps
/// one name, and a record that is called by its login has a part of one.
fn has_other_addresses(user: &DesiredUser, record: &ObservedUser, shared: &BTreeSet<Key<'_>>) -> bool {
    let is_address = |key: &Key<'_>| matches!(key, Key::Address(_));
    let from_row = matches!(user.emails, Members::AtLeast(_))
        || matches!(user.upns, Members::AtLeast(_))
        || user.lookups.iter().any(|lookup| matches!(lookup.value, Reference::Address(_)));
    from_row && !shared.iter().any(is_address) && !shares_a_word(user, record)
}

/// Whether a word of one name is in the other; a short one as a whole word only.
fn shares_a_word(user: &DesiredUser, record: &ObservedUser) -> bool {
    let (Some(wanted), Some(name)) = (user.display_name.said(), &record.display_name) else { return false };
    let within = |one: &str, other: &str| {
        words(one).any(|word| {
            (word.chars().count() >= TELLING && other.contains(word)) || words(other).any(|it| it == word)
        })
    };
    let (wanted, name) = (wanted.value.key(), name.key());
    within(wanted, name) || within(name, wanted)
}

fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty())
}
