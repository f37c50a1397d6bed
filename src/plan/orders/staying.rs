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
        for (at, user) in (0_u32..).zip(&people.desired.users) {
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
        let with = phrase![" is declared tracked with ", Piece::personal(identifier)];
        let blocker = removal
            .against(rule, person, with)
            .between([removal.side(), phrase![person.clone(), ": declared tracked"]]);
        Some(
            blocker
                .way_out("to lift the block: `unblock: true` in the removal, with the identifiers that it is about")
                .way_out("to keep it: take `tracking: tracked`, or the identifier, out of the other entry"),
        )
    }

    /// Why the removal of one user can't lift what the removal of another leaves. Of what both entries say, the block stays, and the
    /// plan says so; this is about what only the record says: once it is gone, the next run would lift it.
    pub(in crate::plan) fn against_lifts(&self, people: &People<'_>) -> Vec<Blocker> {
        let lifts = people.orders.lifts().flat_map(|(at, rules)| rules.iter().map(move |rule| (at, rule)));
        let contested = lifts.filter_map(|(at, rule)| {
            let (_, removal) = self.by_name.get(rule.user.key())?.iter().find(|(left, _)| left == rule)?;
            let other = label(&people.desired.users[at as usize]);
            let with = Phrase::words(" is removed with `unblock: true`, which lifts it");
            let blocker = removal
                .against(rule, &other, with)
                .between([removal.side(), phrase![other.clone(), ": removed, and the block is lifted"]]);
            let rule = Piece::personal(rule);
            Some(
                blocker
                    .way_out_phrase(phrase![
                        "to keep it: write the identifier behind ",
                        rule,
                        " in the entry of ",
                        removal.who.clone()
                    ])
                    .way_out("to lift it: `unblock: true` in both removals"),
            )
        });
        contested.collect()
    }
}

impl Removal {
    fn side(&self) -> Phrase {
        phrase![self.who.clone(), ": removed, and stays blocked"]
    }

    fn against(&self, rule: &Login, other: &UserLabel, why: Phrase) -> Blocker {
        let message =
            phrase!["the removal of ", self.who.clone(), " leaves a rule on ", Piece::personal(rule)];
        let message = message.then(", and ").then(other.clone()).joined(why);
        Blocker::new(self.origin, BlockerCode::StaysBlocked, message)
    }
}
