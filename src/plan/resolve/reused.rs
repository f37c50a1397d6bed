//! A match that looks like a reused identifier: what is said then, with lines to paste.

use crate::model::{DesiredUser, Identifier, Key, ObservedUser, Phrase, UserLabel};
use crate::phrase;
use crate::plan::blocker::{Blocker, BlockerCode};
use crate::plan::resolve::keys::{declared, held, label};
use crate::plan::resolve::wording::{describe, is_of_rows, key_piece, line, quoted};

/// An entry shares identifiers with a record, and contradicts it otherwise.
pub(in crate::plan) fn blocker(user: &DesiredUser, record: &ObservedUser) -> Blocker {
    let shared: Vec<Key<'_>> = declared(user).map(|(key, _)| key).filter(|key| holds(record, *key)).collect();
    let mut keys = shared.clone();
    keys.sort_unstable();
    keys.dedup();
    let message = phrase![label(user), " shares "]
        .list(keys.iter().map(|key| key_piece(*key)))
        .then(" with ")
        .then(UserLabel::of(record))
        .then(", and what else the entry says goes against it: ")
        .then(question(&keys));
    Blocker::new(user.origin, BlockerCode::Takeover, message)
        .between([describe(record)])
        .way_out_phrase(same_human(user, record))
        .way_out_phrase(another_human(user, record))
}

fn question(shared: &[Key<'_>]) -> &'static str {
    match shared.first() {
        Some(Key::EmployeeId(_)) => "a reused employee ID?",
        Some(Key::Login(_)) => "a reused login?",
        _ => "a reused address?",
    }
}

fn holds(record: &ObservedUser, key: Key<'_>) -> bool {
    held(record).any(|held| held == key)
}

/// One identifier of the record under `formerly` says that it is the same human: one that the entry does not have any more, if
/// there is one.
fn same_human(user: &DesiredUser, record: &ObservedUser) -> Phrase {
    let shared = shared(user, record);
    let former = record.identifiers().find(|it| is_own(user, record, it)).or_else(|| shared.first().cloned());
    let former = former.map_or_else(|| "an identifier of the record".into(), |former| quoted(&former));
    if is_of_rows(user) {
        let known = shared.first().map_or_else(Phrase::default, |known| line(known).then(", "));
        return phrase!["the same human: declare them in a manifest beside the row, `- { "]
            .joined(known)
            .then("formerly: ")
            .then(former)
            .then(" }`");
    }
    phrase!["the same human: add `formerly: ", former, "` to the entry"]
}

/// Another human gets what the record's entry releases; an entry of the record has to name something else that is theirs.
fn another_human(user: &DesiredUser, record: &ObservedUser) -> Phrase {
    let released = shared(user, record);
    let released = released.iter().map(quoted);
    if let Some(own) = record.identifiers().find(|it| is_own(user, record, it)) {
        let entry = phrase!["another human: declare the leaver too, `- { "].joined(line(&own));
        return entry.then(", releases: [").list(released).then("] }`");
    }
    let give = phrase![
        "another human: give ",
        UserLabel::of(record),
        " an identifier of their own on the Users page"
    ];
    give.then(", then declare them with it, and `releases: [").list(released).then("]`")
}

/// Whether an identifier is the record's alone, and somebody gave it to them.
fn is_own(user: &DesiredUser, record: &ObservedUser, identifier: &Identifier) -> bool {
    let made_up = matches!(identifier, Identifier::Email(email) if record.is_placeholder(email));
    !made_up && !declared(user).any(|(key, _)| key == Key::from(identifier))
}

/// What both have, each value once, as the record has it.
fn shared(user: &DesiredUser, record: &ObservedUser) -> Vec<Identifier> {
    let mut shared: Vec<Identifier> = Vec::new();
    for held in record.identifiers() {
        let key = Key::from(&held);
        if declared(user).any(|(said, _)| said == key) && !shared.iter().any(|it| Key::from(it) == key) {
            shared.push(held);
        }
    }
    shared
}
