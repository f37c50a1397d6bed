//! What of the manifests leads nowhere once a fact is adopted? Names of somebody who goes by another, or is not there.

use std::collections::BTreeMap;

use crate::import::adopt::answer::Edit;
use crate::import::adopt::book::Book;
use crate::manifest::edit::TextChange;
use crate::model::{
    DesiredGroup, DesiredUser, Identifier, Key, Located, Object, Reference, UserIx, UserLabel,
};
use crate::plan::{Blocker, BlockerCode, Plan};

/// A value in the form in which it is compared.
type Name = (u8, String);

/// Whom a name meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whom {
    /// A record.
    Record(UserIx),
    /// Somebody whom the account does not have.
    Nobody,
}

/// Whom names of the manifests meant before anything was adopted.
#[derive(Debug, Default)]
pub(super) struct Meant(BTreeMap<Name, Whom>);

impl Meant {
    /// What entries of users say whom a plan would change.
    pub(super) fn by(book: &Book<'_>, plan: &Plan) -> Self {
        let mut meant = BTreeMap::new();
        for change in &plan.changes {
            let Object::User(UserLabel { record, .. }) = &change.object else { continue };
            let Some(entry) = book.user(change.origin) else { continue };
            let ix = record.and_then(|id| book.observed.user_ix(id));
            let whom = ix.map_or(Whom::Nobody, Whom::Record);
            meant.extend(names(entry).into_iter().map(|name| (name, whom)));
        }
        Self(meant)
    }

    /// Whom a reference meant, if a plan would have changed them.
    fn whom(&self, reference: &Reference) -> Option<Whom> {
        let slashed = match reference {
            Reference::Slashed(_, id) => self.0.get(&name(Key::EmployeeId(id.as_written()))),
            _ => None,
        };
        self.0.get(&name(Key::from(reference))).or(slashed).copied()
    }
}

fn names(entry: &DesiredUser) -> Vec<Name> {
    let identifiers: Vec<Located<Identifier>> = entry.identifiers().collect();
    let held = identifiers.iter().map(|said| name(Key::from(&said.value)));
    held.chain(entry.display_name.declared().map(|said| name(Key::Name(said.value.key())))).collect()
}

fn name(key: Key<'_>) -> Name {
    match key {
        Key::Address(text) => (0, text.to_owned()),
        Key::EmployeeId(text) => (1, text.to_owned()),
        Key::Login(login) => (2, login.to_string().to_lowercase()),
        Key::Name(text) => (3, text.to_owned()),
    }
}

/// Edits that take away the reason of a blocker; none if it is for a human to settle.
pub(super) fn repair(book: &Book<'_>, meant: &Meant, blocker: &Blocker) -> Option<Vec<Edit>> {
    book.spot(blocker.origin).ok()?;
    match blocker.code {
        BlockerCode::UnknownReference | BlockerCode::AmbiguousReference => reference(book, meant, blocker),
        BlockerCode::UnknownGroup | BlockerCode::NotInGroup => group(book, blocker),
        _ => None,
    }
}

/// A reference that means nobody any more: it says who is meant in another way, or goes with somebody who is not there.
fn reference(book: &Book<'_>, meant: &Meant, blocker: &Blocker) -> Option<Vec<Edit>> {
    let is_it = |said: &&Located<Reference>| said.origin == blocker.origin;
    let mut lists = book.desired.groups.iter().flat_map(|group| {
        let automatic = group.automatic.as_ref();
        let also = automatic.map_or(&[][..], |automatic| &automatic.also);
        let except = automatic.map_or(&[][..], |automatic| &automatic.except);
        [group.members.listed(), also, except]
    });
    let left_out = book.desired.leave_out.iter().map(|left| &left.user).find(is_it);
    let (list, said) = match lists.find_map(|list| Some((list, list.iter().find(is_it)?))) {
        Some((list, said)) => (list, said),
        None => (&[][..], left_out?),
    };
    let whom = meant.whom(&said.value)?;
    let again =
        |ix: UserIx| list.iter().any(|other| other.origin != said.origin && book.means(&other.value, ix));
    let change = match whom {
        Whom::Record(ix) if !again(ix) => TextChange::Say(book.reference(ix, list)?),
        Whom::Record(_) | Whom::Nobody => TextChange::TakeOut,
    };
    Some(vec![Edit { origin: blocker.origin, change }])
}

/// A user or a group that names a group which is not there.
fn group(book: &Book<'_>, blocker: &Blocker) -> Option<Vec<Edit>> {
    let origin = blocker.origin;
    let is_copying = |group: &&DesiredGroup| group.copied().iter().any(|name| name.origin == origin);
    if let Some(entry) = book.desired.groups.iter().find(is_copying) {
        return no_longer_copied(entry, blocker);
    }
    if book.desired.users.iter().any(|user| user.groups.iter().any(|group| group.origin == origin)) {
        return Some(vec![Edit { origin, change: TextChange::TakeOut }]);
    }
    let primary =
        |user: &&DesiredUser| user.primary_group.declared().is_some_and(|said| said.origin == origin);
    let user = book.desired.users.iter().find(primary)?;
    let identifiers: Vec<Located<Identifier>> = user.identifiers().collect();
    let held = |record: &crate::model::ObservedUser| {
        record
            .identifiers()
            .any(|held| identifiers.iter().any(|said| Key::from(&said.value) == Key::from(&held)))
    };
    let record = book.observed.users.iter().find(|record| held(record));
    Some(vec![Edit { origin, change: book.primary_group(record) }])
}

/// A group without one of those that it copies. The last goes with the key, and with what that left out; whom `also` names would
/// be left behind by that.
fn no_longer_copied(entry: &DesiredGroup, blocker: &Blocker) -> Option<Vec<Edit>> {
    let automatic = entry.automatic.as_ref()?;
    if automatic.of.len() > 1 {
        return Some(vec![Edit { origin: blocker.origin, change: TextChange::TakeOut }]);
    }
    let drop = |key| Edit { origin: entry.origin, change: TextChange::Drop(key) };
    match (&automatic.rule, &automatic.also[..], &automatic.except[..]) {
        (Some(_), ..) | (None, [], []) => Some(vec![drop("membersOf")]),
        (None, [], [_, ..]) => Some(vec![drop("membersOf"), drop("except")]),
        (None, [_, ..], _) => None,
    }
}
