//! What would the entry of a user say, so that a plan leaves a fact of theirs as it is?

use crate::import::adopt::answer::{Answer, Edit};
use crate::import::adopt::book::Book;
use crate::manifest::edit::{Said, TextChange};
use crate::model::{
    Cause, Change, Delta, DesiredUser, DisplayName, Fact, Field, Identifier, Key, Members, Object,
    ObservedUser, Phrase, Piece, Sayable, UserIx, UserLabel, Verb, is_temporary,
};

/// Of an order that is due.
const DUE: &str = "its order is due: `rollcall apply` carries it out, or take it out of the entry";
/// Of somebody whose tracking a rule sets, and whom no entry declares.
const RULED: &str = "a rule of `tracking` sets it, and no entry of the user could say otherwise";
/// Of what a run left.
const CUT_OFF: &str = "a run that was cut off put it there: let `rollcall apply` finish it";

/// What is to be done about one fact of a user.
pub(super) fn answer(book: &Book<'_>, change: &Change, fact: &Fact) -> Answer {
    let ordered = matches!(fact.field, Field::Existence | Field::History | Field::Block);
    if change.verb == Verb::Delete || (ordered && change.verb == Verb::Update) {
        return Answer::Not(Phrase::words(DUE));
    }
    if fact.cause == Cause::Rule && change.verb == Verb::Update {
        return ruled(book, change);
    }
    if fact.cause != Cause::Declared {
        return Answer::Follows;
    }
    let Some(entry) = book.user(change.origin) else { return Answer::Follows };
    if change.verb == Verb::Create {
        return created(book, entry);
    }
    let Some((ix, record)) = record(change).and_then(|id| book.record(id)) else { return Answer::Follows };
    if let Err(why) = book.spot(fact.origin) {
        return Answer::Not(why);
    }
    match fact.field {
        Field::Name => name(book, (ix, record), fact),
        Field::Upn | Field::Email | Field::EmployeeId | Field::DeviceLogin => identifier(entry, record, fact),
        Field::Agent => match fact.delta {
            Delta::Add(_) => Answer::edit(fact.origin, TextChange::TakeOut),
            Delta::Remove(_) | Delta::Set { .. } => Answer::Follows,
        },
        Field::Tracking => Answer::edit(fact.origin, TextChange::Say(Said::Word(record.tracking.word()))),
        Field::Status => match record.activation {
            Some(status) => Answer::edit(fact.origin, TextChange::Say(Said::Word(status.word()))),
            None => Answer::Follows,
        },
        Field::PrimaryGroup => primary(book, record, fact),
        _ => Answer::Follows,
    }
}

fn record(change: &Change) -> Option<crate::model::UserId> {
    match &change.object {
        Object::User(UserLabel { record, .. }) => *record,
        Object::Group { .. } | Object::Exclusion { .. } => None,
    }
}

/// A rule says whether the user is tracked: their own entry counts more, if there is one.
fn ruled(book: &Book<'_>, change: &Change) -> Answer {
    let (Some(_), Some((_, record))) =
        (book.user(change.origin), record(change).and_then(|id| book.record(id)))
    else {
        return Answer::Not(Phrase::words(RULED));
    };
    if let Err(why) = book.spot(change.origin) {
        return Answer::Not(why);
    }
    Answer::edit(change.origin, TextChange::Set("tracking", Said::Word(record.tracking.word())))
}

/// The account does not have the user: the entry goes. One that a row asks for too would come again.
fn created(book: &Book<'_>, entry: &DesiredUser) -> Answer {
    let row = entry.row.map(|row| book.spot(row));
    match row.into_iter().chain([book.spot(entry.origin)]).find_map(Result::err) {
        Some(why) => Answer::Not(why),
        None => Answer::edit(entry.origin, TextChange::TakeOutEntry),
    }
}

/// A name that another record has too is left to the account.
fn name(book: &Book<'_>, (ix, record): (UserIx, &ObservedUser), fact: &Fact) -> Answer {
    let held = record.display_name.as_ref();
    if held.is_some_and(|held| is_temporary(held.as_written())) {
        return Answer::Not(Phrase::words(CUT_OFF));
    }
    let is_own = |held: &&DisplayName| book.claims.other(Key::Name(held.key()), ix).is_none();
    let held = held.filter(|held| held.is_sayable()).filter(is_own);
    let change =
        held.map_or(TextChange::DropKey, |held| TextChange::Say(Said::Name(held.as_written().into())));
    Answer::edit(fact.origin, change)
}

fn identifier(entry: &DesiredUser, record: &ObservedUser, fact: &Fact) -> Answer {
    let key = key(fact.field);
    match &fact.delta {
        // Only what stands for a value that is there already has a word beside it.
        Delta::Add(_) if fact.remark.is_some() => Answer::Not(Phrase::words(CUT_OFF)),
        Delta::Add(_) => Answer::edit(fact.origin, TextChange::TakeOut),
        Delta::Remove(_) if entry.releases.iter().any(|released| released.origin == fact.origin) => {
            Answer::edit(fact.origin, TextChange::TakeOut)
        }
        Delta::Remove(Piece::Personal(text)) => {
            let is_it = |held: &Identifier| Field::of(held) == fact.field && held.to_string() == **text;
            held(entry, key, record.identifiers().find(is_it).as_ref())
        }
        // What is not seen can't be said.
        Delta::Remove(_) => Answer::edit(entry.origin, TextChange::Drop(key)),
        Delta::Set { .. } => Answer::Follows,
    }
}

/// An identifier of the account that the entry does not list. A list of which one value can't be said is left alone.
fn held(entry: &DesiredUser, key: &'static str, held: Option<&Identifier>) -> Answer {
    let (text, is_sayable) = match held {
        Some(held @ Identifier::Upn(upn)) => (held.to_string(), upn.is_sayable()),
        Some(held @ Identifier::Email(email)) => (held.to_string(), email.is_sayable()),
        Some(held @ Identifier::EmployeeId(id)) => (held.to_string(), id.is_sayable()),
        Some(held @ Identifier::DeviceLogin(login)) => (held.to_string(), login.is_sayable()),
        None => return Answer::edit(entry.origin, TextChange::Drop(key)),
    };
    if is_temporary(&text)
        || matches!(held, Some(Identifier::DeviceLogin(login)) if is_temporary(login.user.as_written()))
    {
        return Answer::Not(Phrase::words(CUT_OFF));
    }
    if !is_sayable {
        return Answer::edit(entry.origin, TextChange::Drop(key));
    }
    let released =
        entry.releases.iter().filter(|released| Some(Key::from(&released.value)) == held.map(Key::from));
    let released = released.map(|it| Edit { origin: it.origin, change: TextChange::TakeOut });
    let added = TextChange::Add(key, Said::Identifier(text.into()));
    Answer::Edits(released.chain([Edit { origin: entry.origin, change: added }]).collect())
}

/// All that the account knows a user by and the entry says nothing of, for an entry that nobody would be known by without.
pub(super) fn known_by(book: &Book<'_>, change: &Change) -> Vec<Edit> {
    let (Some(entry), Some(id)) = (book.user(change.origin), record(change)) else { return Vec::new() };
    let Some((_, record)) = book.record(id) else { return Vec::new() };
    let is_open = |kind: Field| match kind {
        Field::Upn => entry.upns == Members::Leave,
        Field::Email => entry.emails == Members::Leave,
        Field::EmployeeId => entry.employee_ids == Members::Leave,
        _ => entry.device_logins.is_empty(),
    };
    let is_automatic = |held: &Identifier| match held {
        Identifier::Email(email) => record.is_automatic(email),
        _ => false,
    };
    let mut edits = Vec::new();
    for identifier in record.identifiers().filter(|it| is_open(Field::of(it)) && !is_automatic(it)) {
        if let Answer::Edits(more) = held(entry, key(Field::of(&identifier)), Some(&identifier)) {
            edits.extend(more.into_iter().filter(|edit| !matches!(edit.change, TextChange::Drop(_))));
        }
    }
    edits
}

/// The key of a kind of identifiers.
const fn key(kind: Field) -> &'static str {
    match kind {
        Field::Upn => "upn",
        Field::Email => "email",
        Field::EmployeeId => "employeeId",
        _ => "deviceLogin",
    }
}

fn primary(book: &Book<'_>, record: &ObservedUser, fact: &Fact) -> Answer {
    Answer::Edits(vec![Edit { origin: fact.origin, change: book.primary_group(Some(record)) }])
}
