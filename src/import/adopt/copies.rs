//! Which facts of a group go away by themselves once the groups are adopted that it copies?

use std::collections::BTreeSet;

use crate::import::adopt::answer::Answer;
use crate::import::adopt::book::Book;
use crate::import::adopt::groups;
use crate::model::{Change, Delta, DesiredGroup, Fact, Field, Object, Piece, UserId, UserLabel, Verb};

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
    /// Looks through the changes that are adopted. Of a group that is to be made, everybody goes with it.
    pub(super) fn by(book: &Book<'_>, changes: &[&Change]) -> Self {
        let mut moved = Self::default();
        if book.desired.groups.iter().all(|group| group.copied().is_empty()) {
            return moved;
        }
        let is_edited =
            |change: &Change, fact: &Fact| matches!(groups::answer(book, change, fact), Answer::Edits(_));
        for change in changes.iter().filter(|change| matches!(change.object, Object::Group { .. })) {
            let is_unmade =
                change.verb == Verb::Create && change.facts.iter().any(|fact| is_edited(change, fact));
            let facts = change.facts.iter().filter(|fact| is_unmade || is_edited(change, fact));
            moved.0.extend(facts.filter_map(moved_by).map(|(user, way)| (key(book, change), user, way)));
        }
        moved
    }

    /// Whether a fact is about somebody who enters or leaves a group that the group copies, be it by way of others.
    pub(super) fn is_copied(&self, book: &Book<'_>, change: &Change, fact: &Fact) -> bool {
        let Some((user, way)) = moved_by(fact) else { return false };
        let mut open: Vec<&DesiredGroup> = book.group(change.origin).into_iter().collect();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        while let Some(group) = open.pop() {
            for name in group.copied() {
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

fn moved_by(fact: &Fact) -> Option<(UserId, Way)> {
    match (&fact.field, &fact.delta) {
        (Field::Member, Delta::Add(Piece::User(UserLabel { record: Some(id), .. }))) => Some((*id, Way::In)),
        (Field::Member, Delta::Remove(Piece::User(UserLabel { record: Some(id), .. }))) => {
            Some((*id, Way::Out))
        }
        _ => None,
    }
}
