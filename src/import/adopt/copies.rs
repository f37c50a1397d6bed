//! Which facts of a group go away by themselves once the groups are adopted that it copies?

use std::collections::BTreeSet;

use crate::import::adopt::book::Book;
use crate::model::{Change, Delta, DesiredGroup, Fact, Field, Object, Piece, UserId, UserLabel};

/// Whether somebody enters or leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    In,
    Out,
}

/// Who enters and leaves which group, of facts that are adopted; groups by folded name.
#[derive(Debug, Default)]
pub(super) struct Moved(BTreeSet<(String, UserId, Way)>);

impl Moved {
    /// Notes a fact that is adopted.
    pub(super) fn note(&mut self, book: &Book<'_>, change: &Change, fact: &Fact) {
        if let Some((user, way)) = moved(fact) {
            self.0.insert((key(book, change), user, way));
        }
    }

    /// Whether a fact is about somebody who enters or leaves a group that the group copies, be it by way of others.
    pub(super) fn is_copied(&self, book: &Book<'_>, change: &Change, fact: &Fact) -> bool {
        let Some((user, way)) = moved(fact) else { return false };
        let mut open: Vec<&DesiredGroup> = book.group(change.origin).into_iter().collect();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        while let Some(group) = open.pop() {
            for name in group.automatic.iter().flat_map(|automatic| &automatic.of) {
                if self.0.contains(&(name.value.key().to_owned(), user, way)) {
                    return true;
                }
                if seen.insert(name.value.key()) {
                    open.extend(book.desired.groups.iter().find(|other| other.name.value == name.value));
                }
            }
        }
        false
    }
}

/// What a group will be called: what others name it by.
fn key(book: &Book<'_>, change: &Change) -> String {
    let declared = book.group(change.origin).map(|group| group.name.value.key().to_owned());
    declared.unwrap_or_else(|| match &change.object {
        Object::Group { name, .. } => name.key().to_owned(),
        Object::User(_) | Object::Exclusion { .. } => String::new(),
    })
}

fn moved(fact: &Fact) -> Option<(UserId, Way)> {
    match (&fact.field, &fact.delta) {
        (Field::Member, Delta::Add(Piece::User(UserLabel { record: Some(id), .. }))) => Some((*id, Way::In)),
        (Field::Member, Delta::Remove(Piece::User(UserLabel { record: Some(id), .. }))) => {
            Some((*id, Way::Out))
        }
        _ => None,
    }
}
