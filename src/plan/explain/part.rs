//! Which part of a plan speaks of somebody? Whatever names them, or is asked for where they are declared.

use std::collections::BTreeSet;

use crate::model::{Change, Delta, Object, Origin, Phrase, Piece, UserLabel, fold};
use crate::plan::explain::explanation::{Elsewhere, Part};
use crate::plan::finished::Plan;
use crate::plan::violation::ViolationKind;

/// How a plan may speak of somebody.
#[derive(Default)]
pub(super) struct Marks {
    /// Their labels, with and without a record.
    pub(super) labels: Vec<UserLabel>,
    /// Their identifiers, as they are shown.
    pub(super) texts: BTreeSet<String>,
    /// The names of a group that is asked about, folded.
    pub(super) groups: BTreeSet<String>,
    /// The places where they are declared.
    pub(super) origins: BTreeSet<Origin>,
}

impl Marks {
    fn in_piece(&self, piece: &Piece) -> bool {
        match piece {
            Piece::User(label) => self.labels.iter().any(|own| match (own.record, label.record) {
                (Some(own), Some(other)) => own == other,
                (Some(_), None) | (None, Some(_)) => false,
                (None, None) => own == label,
            }),
            Piece::Personal(text) => self.texts.contains(&**text),
            Piece::Plain(text) => !self.groups.is_empty() && self.groups.contains(&*fold(text)),
        }
    }

    fn in_phrase(&self, phrase: &Phrase) -> bool {
        phrase.0.iter().any(|piece| self.in_piece(piece))
    }

    fn in_delta(&self, delta: &Delta) -> bool {
        match delta {
            Delta::Add(value) | Delta::Remove(value) => self.in_piece(value),
            Delta::Set { from, to } => self.in_piece(to) || from.as_ref().is_some_and(|it| self.in_piece(it)),
        }
    }

    fn is_own(&self, change: &Change) -> bool {
        match &change.object {
            Object::User(label) => self.in_piece(&Piece::User(label.clone())),
            Object::Group { name, .. } => self.groups.contains(name.key()),
            Object::Exclusion { .. } => false,
        }
    }

    fn said_here(&self, origin: Origin) -> bool {
        origin != Origin::NONE && self.origins.contains(&origin)
    }

    /// What a plan says of them.
    pub(super) fn part_of(&self, plan: &Plan) -> Part {
        let own = |change: &&Change| self.is_own(change);
        let changes: Vec<_> = plan.changes.iter().filter(own).map(|change| change.id).collect();
        let violations = places(&plan.violations, |violation| match &violation.kind {
            ViolationKind::Limit { .. } | ViolationKind::Unproved => false,
            ViolationKind::Protected { object, change } => changes.contains(change) || self.in_phrase(object),
        });
        let blockers = places(&plan.blockers, |blocker| {
            self.said_here(blocker.origin)
                || self.in_phrase(&blocker.message)
                || blocker.candidates.iter().any(|candidate| self.in_phrase(candidate))
        });
        let manual =
            places(&plan.manual, |manual| self.said_here(manual.origin) || self.in_phrase(&manual.what));
        let notices = places(&plan.notices, |notice| {
            self.said_here(notice.origin)
                || self.in_phrase(&notice.message)
                || notice.about.iter().any(|piece| self.in_piece(piece))
        });
        let others = plan.changes.iter().filter(|change| !self.is_own(change));
        let elsewhere = others.filter_map(|change| {
            let facts = places(&change.facts, |fact| self.in_delta(&fact.delta));
            let notes = places(&change.notes, |note| self.in_phrase(&note.words));
            (!facts.is_empty() || !notes.is_empty()).then_some(Elsewhere { change: change.id, facts, notes })
        });
        Part { elsewhere: elsewhere.collect(), changes, violations, blockers, manual, notices }
    }
}

/// The positions of those for which something holds.
fn places<T>(all: &[T], holds: impl Fn(&T) -> bool) -> Vec<usize> {
    all.iter().enumerate().filter(|(_, it)| holds(it)).map(|(at, _)| at).collect()
}
