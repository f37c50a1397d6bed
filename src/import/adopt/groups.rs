//! What would manifests say of a group, so that a plan leaves a fact of it as it is?

use crate::import::adopt::answer::{Answer, Edit};
use crate::import::adopt::book::Book;
use crate::manifest::edit::{Said, TextChange};
use crate::model::{
    Cause, Change, Delta, DesiredGroup, Fact, Field, GroupId, GroupState, Located, Login, Members, Object,
    Origin, Phrase, Piece, Recreate, Reference, UserIx, UserLabel, Verb,
};
use crate::phrase;

/// Of a member whom nothing names.
const NAMELESS: &str = "nothing names them alone in a manifest";

/// Of what fills a group.
const UNEDITED: &str = "conditions are not edited: write `match` and `branch` as the account has them";

/// What is to be done about one fact of a group.
pub(super) fn answer(book: &Book<'_>, change: &Change, fact: &Fact) -> Answer {
    let Object::Group { id, .. } = &change.object else { return Answer::Follows };
    match (change.verb, fact.field) {
        (Verb::Create, Field::Existence) => created(book, change),
        (Verb::Delete, Field::Existence) => deleted(book, *id, fact),
        (Verb::Update, Field::Name) => renamed(book, change, *id),
        (Verb::Update, Field::Description) => description(book, *id, fact),
        (Verb::Update, Field::Member | Field::Pinned) => member(book, change, fact),
        (Verb::Update, Field::Conditions) => Answer::Not(Phrase::words(UNEDITED)),
        (Verb::Update, Field::Computer) => computer(book, change, fact),
        _ => Answer::Follows,
    }
}

/// The account does not have the group: the entry goes, or gets the name back under which an HR group is there.
fn created(book: &Book<'_>, change: &Change) -> Answer {
    let Some(entry) = book.group(change.origin) else { return Answer::Follows };
    if let Err(why) = book.spot(entry.origin) {
        return Answer::Not(why);
    }
    let former = entry.formerly.iter().find_map(|name| book.observed.group_named(&name.value));
    match (former, &entry.recreate) {
        (Some(former), Recreate::Allowed(_)) => {
            let mut edits = named_as(book, entry, former);
            edits.extend(["formerly", "recreate"].map(|key| at(entry.origin, TextChange::Drop(key))));
            Answer::Edits(edits)
        }
        _ => Answer::edit(entry.origin, TextChange::TakeOutEntry),
    }
}

const fn at(origin: Origin, change: TextChange) -> Edit {
    Edit { origin, change }
}

/// The account still has the group.
fn deleted(book: &Book<'_>, id: Option<GroupId>, fact: &Fact) -> Answer {
    let recreate =
        |group: &&DesiredGroup| matches!(group.recreate, Recreate::Allowed(at) if at == fact.origin);
    if book.desired.groups.iter().any(|group| recreate(&group)) {
        return Answer::Follows;
    }
    let is_so = |group: &&DesiredGroup| matches!(group.state, GroupState::Deleted(at) if at == fact.origin);
    if let Some(entry) = book.desired.groups.iter().find(is_so) {
        return match book.spot(entry.origin) {
            Ok(_) => Answer::edit(entry.origin, TextChange::TakeOutEntry),
            Err(why) => Answer::Not(why),
        };
    }
    // A policy deletes what no manifest mentions.
    match id.and_then(|id| book.observed.group_ix(id)) {
        Some(ix) => Answer::Declare(ix),
        None => Answer::Follows,
    }
}

fn renamed(book: &Book<'_>, change: &Change, id: Option<GroupId>) -> Answer {
    let Some(entry) = book.group(change.origin) else { return Answer::Follows };
    let Some(ix) = id.and_then(|id| book.observed.group_ix(id)) else { return Answer::Follows };
    if let Err(why) = book.spot(entry.origin) {
        return Answer::Not(why);
    }
    let held = &book.observed.group(ix).name;
    let mut edits = named_as(book, entry, ix);
    let done = entry.formerly.iter().filter(|former| former.value == *held);
    edits.extend(done.map(|former| at(former.origin, TextChange::TakeOut)));
    Answer::Edits(edits)
}

/// The entry says what the group says of itself.
fn description(book: &Book<'_>, id: Option<GroupId>, fact: &Fact) -> Answer {
    let ix = id.and_then(|id| book.observed.group_ix(id));
    let held = ix.and_then(|ix| book.observed.group(ix).description.as_ref());
    let Some(held) = held else { return Answer::Follows };
    if let Err(why) = book.spot(fact.origin) {
        return Answer::Not(why);
    }
    Answer::edit(fact.origin, TextChange::Say(Said::Name(held.as_written().into())))
}

/// The entry and all that names its group say the name that the account has.
fn named_as(book: &Book<'_>, entry: &DesiredGroup, ix: crate::model::GroupIx) -> Vec<Edit> {
    let held = book.observed.group(ix).name.as_written();
    let users = book.desired.users.iter();
    let naming = users.flat_map(|user| user.groups.iter().chain(user.primary_group.declared()));
    let left_out = book.desired.leave_out.iter().map(|left| &left.group);
    let copying = book.desired.groups.iter().filter_map(|group| group.automatic.as_ref());
    let naming = naming.chain(copying.flat_map(|it| &it.of));
    let names = naming.chain(&book.desired.policy.protected_groups).chain(left_out);
    let names =
        names.filter(|name| name.value == entry.name.value).filter(|name| book.spot(name.origin).is_ok());
    let all = std::iter::once(&entry.name).chain(names);
    all.map(|name| at(name.origin, TextChange::Say(Said::Name(held.into())))).collect()
}

fn member(book: &Book<'_>, change: &Change, fact: &Fact) -> Answer {
    if fact.cause != Cause::Declared {
        return Answer::Follows;
    }
    let left_out = book.desired.leave_out.iter().any(|left| left.user.origin == fact.origin);
    match &fact.delta {
        Delta::Remove(_) if left_out => match book.spot(fact.origin) {
            Ok(_) => Answer::edit(fact.origin, TextChange::TakeOut),
            Err(why) => Answer::Not(why),
        },
        // Somebody who is to be created comes with the entry.
        Delta::Add(Piece::User(UserLabel { record: None, .. })) => Answer::Follows,
        Delta::Add(Piece::User(label)) => joins(book, book.group(change.origin), (label, fact)),
        Delta::Remove(Piece::User(label)) => stays(book, book.group(change.origin), label),
        Delta::Add(_) | Delta::Remove(_) | Delta::Set { .. } => Answer::Follows,
    }
}

/// Somebody is wanted in a group and not in it.
fn joins(book: &Book<'_>, entry: Option<&DesiredGroup>, (label, fact): (&UserLabel, &Fact)) -> Answer {
    if let Err(why) = book.spot(fact.origin) {
        return Answer::Not(why);
    }
    let here = |said: &Located<Reference>| said.origin == fact.origin;
    let of_user =
        |user: &crate::model::DesiredUser| user.groups.iter().any(|group| group.origin == fact.origin);
    let also = entry.and_then(|entry| entry.automatic.as_ref()).map_or(&[][..], |automatic| &automatic.also);
    let is_listed = entry.is_some_and(|entry| entry.members.listed().iter().chain(also).any(here))
        || book.desired.users.iter().any(of_user);
    if is_listed {
        return Answer::edit(fact.origin, TextChange::TakeOut);
    }
    match entry.filter(|entry| entry.automatic.is_some()) {
        Some(entry) => listed(book, (label, entry), "except"),
        None => Answer::Not(phrase!["no list of members says it"]),
    }
}

/// Somebody is in a group and not wanted in it.
fn stays(book: &Book<'_>, entry: Option<&DesiredGroup>, label: &UserLabel) -> Answer {
    let Some(entry) = entry else { return Answer::Follows };
    if let Err(why) = book.spot(entry.origin) {
        return Answer::Not(why);
    }
    let ix = label.record.and_then(|id| book.observed.user_ix(id));
    let excepted = entry.automatic.iter().flat_map(|automatic| &automatic.except);
    let kept_out = excepted.filter(|said| ix.is_some_and(|ix| book.means(&said.value, ix)));
    let kept_out: Vec<Edit> = kept_out.map(|said| at(said.origin, TextChange::TakeOut)).collect();
    if !kept_out.is_empty() {
        return Answer::Edits(kept_out);
    }
    match (&entry.members, &entry.automatic) {
        (Members::Leave, None) => Answer::Not(phrase!["no list of members says it"]),
        (Members::Leave, Some(_)) => listed(book, (label, entry), "also"),
        (Members::Exactly(_) | Members::AtLeast(_), _) => listed(book, (label, entry), "members"),
    }
}

/// One more in a list of the entry.
fn listed(book: &Book<'_>, (label, entry): (&UserLabel, &DesiredGroup), key: &'static str) -> Answer {
    let ix: Option<UserIx> = label.record.and_then(|id| book.observed.user_ix(id));
    let automatic = entry.automatic.as_ref();
    let list = match (key, automatic) {
        ("also", Some(automatic)) => &automatic.also,
        ("except", Some(automatic)) => &automatic.except,
        _ => entry.members.listed(),
    };
    match ix.and_then(|ix| book.reference(ix, list)) {
        Some(said) => Answer::edit(entry.origin, TextChange::Add(key, said)),
        None => Answer::Not(Phrase::words(NAMELESS)),
    }
}

fn computer(book: &Book<'_>, change: &Change, fact: &Fact) -> Answer {
    let Some(entry) = book.group(change.origin) else { return Answer::Follows };
    if let Err(why) = book.spot(fact.origin) {
        return Answer::Not(why);
    }
    match &fact.delta {
        Delta::Add(_) => Answer::edit(fact.origin, TextChange::TakeOut),
        Delta::Remove(Piece::Personal(text) | Piece::User(UserLabel { display_id: Some(text), .. }))
            if Login::parse(text).is_ok() =>
        {
            Answer::edit(entry.origin, TextChange::Add("computers", Said::Identifier(text.clone())))
        }
        Delta::Remove(_) | Delta::Set { .. } => Answer::Not(phrase!["no manifest can name the computer"]),
    }
}
