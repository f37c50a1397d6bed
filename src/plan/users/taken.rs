//! A value that somebody is to get and its holder would keep: what is said of it.

use crate::model::{DesiredUser, IdentifierKind, Key, Origin, Piece, UserIx};
use crate::phrase;
use crate::plan::blocker::{Blocker, BlockerCode};
use crate::plan::people::People;
use crate::plan::person::Person;
use crate::plan::resolve::keys::declared;
use crate::plan::resolve::wording::describe;

/// The blocker of a value that is in use, with its holder and the ways out.
pub(in crate::plan) fn blocker(people: &People<'_>, person: Person, holder: UserIx, key: Key<'_>) -> Blocker {
    let entry = |person| people.entry(person).map(|at| &people.desired.users[at as usize]);
    let wanted = entry(person).and_then(|user| declaration(user, key));
    let (what, value, origin) = wanted.unwrap_or(("value", "".into(), Origin::NONE));
    let keeper = Person::Known(holder);
    let message = phrase![
        format!("the {what} "),
        value,
        ", wanted for ",
        people.label(person),
        ", is in use by ",
        people.label(keeper)
    ];
    let blocker = Blocker::new(origin, BlockerCode::ValueTaken, message);
    if matches!(key, Key::Name(_)) {
        return blocker
            .way_out("choose another name")
            .way_out("or give the other user another name first, in a change of its own");
    }
    let blocker = blocker.between([describe(people.observed.user(holder))]);
    match entry(keeper) {
        Some(_) => blocker.way_out("put it under `releases` of the other user, who then gives it up"),
        None => blocker.way_out("declare the other user too, with the value under `releases`"),
    }
    .way_out("or take it out of this entry")
}

/// The blocker of a temporary value that somebody needs and a record still has of a run that was cut off.
pub(in crate::plan) fn by_a_temporary(people: &People<'_>, person: Person, holder: UserIx) -> Blocker {
    let origin = people.entry(person).map_or(Origin::NONE, |at| people.desired.users[at as usize].origin);
    let message = phrase![
        "what ",
        people.label(person),
        " passes on would need the temporary value that ",
        people.label(Person::Known(holder)),
        " still has of an interrupted run"
    ];
    Blocker::new(origin, BlockerCode::ValueTaken, message)
        .between([describe(people.observed.user(holder))])
        .way_out("apply the manifests of that run first, which finishes it")
        .way_out("or give the one who has it another identifier on the Users page")
}

/// What a user declares under a key: the kind, the value as it is said, and where.
fn declaration(user: &DesiredUser, key: Key<'_>) -> Option<(&'static str, Piece, Origin)> {
    if let (Key::Name(_), Some(name)) = (key, user.display_name.declared()) {
        return Some(("display name", Piece::personal(&name.value), name.origin));
    }
    let origin = declared(user).find(|(declared, _)| *declared == key)?.1;
    let said = user.identifiers().find(|said| Key::from(&said.value) == key)?;
    let kind = match said.value.kind() {
        IdentifierKind::Upn => "UPN",
        IdentifierKind::Email => "email",
        IdentifierKind::EmployeeId => "employee ID",
        IdentifierKind::DeviceLogin => "device login",
    };
    Some((kind, Piece::personal(&said.value), origin))
}
