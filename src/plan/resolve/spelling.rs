//! An entry says almost what a record has: what is asked then, with both texts.

use crate::model::{DesiredUser, Identifier, Key, ObservedUser, Piece, Reference, UserLabel};
use crate::phrase;
use crate::plan::blocker::{Blocker, BlockerCode};
use crate::plan::resolve::alike::Alike;
use crate::plan::resolve::keys::label;
use crate::plan::resolve::wording::{describe, is_of_rows, key_piece, line, quoted};

/// Whose record it is that has almost what an entry says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plan) enum RecordOwner {
    /// The entry's own.
    Own,
    /// Nobody's yet.
    Nobodys,
    /// Another entry's, and the account may take the two texts for one.
    Anothers,
}

/// Asks whether two spellings are one.
pub(in crate::plan) fn blocker(
    user: &DesiredUser,
    record: &ObservedUser,
    alike: &Alike<'_>,
    owner: RecordOwner,
) -> Blocker {
    let (said, held) = (declared_text(user, alike.said), held(record, alike.held));
    let (holder, asks): (Piece, &str) = match owner {
        RecordOwner::Own => ("the record".into(), ": one value, spelled in two ways?"),
        RecordOwner::Nobodys => (UserLabel::of(record).into(), ": the same user, spelled in two ways?"),
        RecordOwner::Anothers => (UserLabel::of(record).into(), ": the account may take the two for one"),
    };
    let message = phrase![label(user), " says ", said, ", and ", holder, " has ", held, asks];
    let blocker = Blocker::new(user.origin, BlockerCode::LooksAlike, message).between([describe(record)]);
    match owner {
        RecordOwner::Own => the_same(blocker, user, record, alike, "the same: "),
        RecordOwner::Nobodys => {
            another(the_same(blocker, user, record, alike, "the same user: "), record, alike)
        }
        RecordOwner::Anothers => blocker
            .way_out("give one of the two users another spelling")
            .way_out("if the other gives it up: let them do so in one change, and take it over in the next"),
    }
}

/// What to write if the two spellings are one.
fn the_same(
    blocker: Blocker,
    user: &DesiredUser,
    record: &ObservedUser,
    alike: &Alike<'_>,
    who: &'static str,
) -> Blocker {
    let Some(identifier) = identifier(record, alike.held) else {
        let own = record.identifiers().next();
        let own = own.map_or_else(
            || phrase!["an identifier of theirs"],
            |own| phrase!["`"].joined(line(&own)).then("`"),
        );
        return blocker.way_out_phrase(phrase![who, "declare what the record is known by, "].joined(own));
    };
    let place = if is_of_rows(user) { " in the export" } else { "" };
    let write = phrase![who, "write it", place, " as the account has it, `", quoted(&identifier), "`"];
    let respell =
        phrase!["to respell it in the account: add `formerly: ", quoted(&identifier), "` to the entry"];
    let blocker = blocker.way_out_phrase(write);
    if is_of_rows(user) { blocker } else { blocker.way_out_phrase(respell) }
}

/// What to write if the two are two.
fn another(blocker: Blocker, record: &ObservedUser, alike: &Alike<'_>) -> Blocker {
    if alike.may_be_one() {
        return blocker.way_out(
            "another user: give one of the two another spelling, as the account may take them for one",
        );
    }
    match identifier(record, alike.held).or_else(|| record.identifiers().next()) {
        Some(known) => {
            let entry = phrase!["another user: declare the other too, `- { "].joined(line(&known));
            blocker.way_out_phrase(entry.then(" }`"))
        }
        None => blocker.way_out("another user: give one of the two another spelling"),
    }
}

/// A record that almost has what an entry says, of several the first.
pub(in crate::plan) fn first<'a, 'q>(
    questions: &'q [(Alike<'a>, RecordOwner)],
) -> Option<&'q (Alike<'a>, RecordOwner)> {
    questions.iter().min_by_key(|(alike, owner)| (*owner != RecordOwner::Own, alike.record, alike.held))
}

/// A text of an entry, as it says it.
pub(super) fn declared_text(user: &DesiredUser, key: Key<'_>) -> Piece {
    if let (Key::Name(_), Some(name)) = (key, user.display_name.declared()) {
        return Piece::personal(&name.value);
    }
    let former = user.formerly.iter().map(|said| said.value.clone());
    let mut all = user.identifiers().map(|said| said.value).chain(former);
    let lookup = user.lookups.iter().map(|it| &it.value).find(|it| Key::from(*it) == key);
    match (all.find(|it| Key::from(it) == key), lookup) {
        (Some(identifier), _) => Piece::personal(&identifier),
        (None, Some(Reference::Address(address))) => Piece::personal(address),
        (None, _) => key_piece(key),
    }
}

/// A text of a record, as the account has it.
fn held(record: &ObservedUser, key: Key<'_>) -> Piece {
    match (identifier(record, key), &record.display_name) {
        (Some(identifier), _) => Piece::personal(&identifier),
        (None, Some(name)) if Key::Name(name.key()) == key => Piece::personal(name),
        (None, _) => key_piece(key),
    }
}

fn identifier(record: &ObservedUser, key: Key<'_>) -> Option<Identifier> {
    record.identifiers().find(|held| Key::from(held) == key)
}

/// Whether an entry says outright what becomes of a text that its record has.
pub(in crate::plan) fn is_settled(user: &DesiredUser, key: Key<'_>) -> bool {
    user.formerly.iter().chain(&user.releases).any(|said| Key::from(&said.value) == key)
}
