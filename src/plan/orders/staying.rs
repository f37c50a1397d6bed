//! Which rules stay because somebody who is removed stays blocked? Nobody lifts them for somebody else without a word.

use std::collections::BTreeMap;

use crate::model::{Afterwards, Identifier, Login, OrderKind, Origin, Phrase, Piece, UserLabel};
use crate::phrase;
use crate::plan::draft::Draft;
use crate::plan::orders::blockable;
use crate::plan::people::keys::label;
use crate::plan::people::resolve::Fit;
use crate::plan::people::{People, Person};
use crate::plan::tracking::rules::{Standing, forms, names};
use crate::plan::types::{Blocker, BlockerCode};

/// The rules of everybody whose removal leaves them blocked, be it done or to be done, by the usernames that they stand on.
pub(in crate::plan) struct Staying {
    by_name: BTreeMap<Box<str>, Vec<(Login, Removal)>>,
}

/// A removal that leaves rules.
#[derive(Debug, Clone)]
struct Removal {
    who: UserLabel,
    origin: Origin,
}

impl Staying {
    /// Looks through all removals. Of a removal that is done, only what stands counts.
    pub(in crate::plan) fn of(people: &People<'_>, standing: &Standing<'_>, draft: &Draft) -> Self {
        let mut staying = Self { by_name: BTreeMap::new() };
        for (at, user) in (0..).zip(&people.desired.users) {
            let Some(order) = user.order.as_ref() else { continue };
            if order.kind != OrderKind::Remove(Afterwards::StayBlocked) {
                continue;
            }
            let (who, identifiers) = match people.resolution.fits[at as usize] {
                Fit::Record(ix) if people.orders.removal(Person::Known(ix)).is_none() => continue,
                Fit::Record(ix) => {
                    let held = draft.identifiers_after(people, Person::Known(ix));
                    (UserLabel::of(people.observed.user(ix)), held)
                }
                Fit::Gone => {
                    let is_standing = |it: &Identifier| standing.on(it).next().is_some();
                    (label(user), blockable(user).filter(is_standing).collect())
                }
                Fit::New | Fit::ByHand | Fit::Blocked | Fit::LeftOut => continue,
            };
            let removal = Removal { who, origin: order.origin };
            for rule in identifiers.iter().flat_map(forms) {
                staying.by_name.entry(rule.user.key().into()).or_default().push((rule, removal.clone()));
            }
        }
        staying
    }

    /// Whether nobody leaves any.
    pub(in crate::plan) fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    /// Why an identifier of somebody declared tracked can't be tracked, if a rule that stays stands on it.
    pub(in crate::plan) fn against(&self, identifier: &Identifier, person: &UserLabel) -> Option<Blocker> {
        let names = names(identifier).into_iter().flatten();
        let rules = names.filter_map(|name| self.by_name.get(name)).flatten();
        let (rule, removal) = rules.into_iter().find(|(rule, _)| rule.stands_on(identifier))?;
        let message =
            phrase!["the removal of ", removal.who.clone(), " leaves a rule on ", Piece::personal(rule)]
                .then(", and ")
                .then(person.clone())
                .then(" is declared tracked with ")
                .then(Piece::personal(identifier));
        let of = |label: &UserLabel, words: &'static str| phrase![label.clone(), words];
        let blocker = Blocker::new(removal.origin, BlockerCode::StaysBlocked, message)
            .between([of(&removal.who, ": removed, and stays blocked"), of(person, ": declared tracked")]);
        Some(
            blocker
                .way_out("to lift the block: `unblock: true` in the removal, with the identifiers that it is about")
                .way_out("to keep it: take `tracking: tracked`, or the identifier, out of the other entry"),
        )
    }
}
