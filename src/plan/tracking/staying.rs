//! Which rules stay because somebody who is removed stays blocked? Nobody lifts them for somebody else without a word.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Afterwards, ExclusionState, Identifier, Login, OrderKind, Origin, Phrase, Piece, UserLabel,
};
use crate::phrase;
use crate::plan::after::After;
use crate::plan::blocker::{Blocker, BlockerCode};
use crate::plan::people::People;
use crate::plan::person::Person;
use crate::plan::resolve::keys::label;
use crate::plan::resolve::resolution::Fit;
use crate::plan::rules::{Standing, blockable, made_by, names};

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
    pub(in crate::plan) fn of(people: &People<'_>, standing: &Standing<'_>, after: &After) -> Self {
        let mut staying = Self { by_name: BTreeMap::new() };
        for (at, user) in (0_u32..).zip(&people.desired.users) {
            let Some(order) = user.order.as_ref() else { continue };
            if order.kind != OrderKind::Remove(Afterwards::StayBlocked) {
                continue;
            }
            let (who, rules) = match people.resolution.fits[at as usize] {
                Fit::Record(ix) if people.orders.removal(Person::Known(ix)).is_none() => continue,
                Fit::Record(ix) => {
                    let held = after.identifiers(people, Person::Known(ix));
                    (UserLabel::of(people.observed.user(ix)), made_by(held.iter()))
                }
                Fit::Gone => {
                    let held: Vec<Identifier> = blockable(user).collect();
                    let stands = held.iter().flat_map(|identifier| standing.on(identifier));
                    let stands: BTreeSet<&Login> = stands.map(|rule| &rule.login).collect();
                    let left =
                        made_by(held.iter()).into_iter().filter(|rule| stands.contains(rule)).collect();
                    (label(user), left)
                }
                Fit::New | Fit::ByHand | Fit::Blocked | Fit::LeftOut => continue,
            };
            let removal = Removal { who, origin: order.origin };
            for rule in rules {
                staying.by_name.entry(rule.user.key().into()).or_default().push((rule, removal.clone()));
            }
        }
        staying
    }

    /// Whether nobody leaves any.
    pub(in crate::plan) fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    /// Why an identifier of somebody declared tracked can't be tracked: each removal that leaves a rule which stands on it.
    pub(in crate::plan) fn against(
        &self,
        identifier: &Identifier,
        person: impl Fn() -> UserLabel,
    ) -> Vec<Blocker> {
        let names = names(identifier).into_iter().flatten();
        let rules = names.filter_map(|name| self.by_name.get(name)).flatten();
        let mut rules: Vec<_> = rules.filter(|(rule, _)| rule.stands_on(identifier)).collect();
        rules.dedup_by_key(|(_, removal)| removal.origin);
        let blockers = rules.into_iter().map(|(rule, removal)| {
            let with = phrase![person(), " with ", Piece::personal(identifier)];
            let blocker = removal.against(rule, with, " is declared tracked");
            blocker.between([phrase![person(), ": declared tracked"]]).way_out(
                "to keep the block: take `tracking: tracked`, or the identifier, out of the other entry",
            )
        });
        blockers.collect()
    }

    /// Why no manifest takes away what a removal leaves: an exclusion that is to go, and what another removal lifts of an identifier
    /// that only the record of the first says. Of what both entries say, the block stays, and the plan says so.
    pub(in crate::plan) fn against_lifts(&self, people: &People<'_>) -> Vec<Blocker> {
        let absent = people.desired.exclusions.iter().filter(|it| it.state == ExclusionState::Absent);
        let absent = absent.flat_map(|exclusion| {
            let rule = &exclusion.login.value;
            self.removals(rule).map(move |removal| {
                let blocker = removal.against(
                    rule,
                    phrase!["the exclusion ", Piece::personal(rule)],
                    " is declared absent",
                );
                blocker
                    .between([phrase![Piece::personal(rule), ": an exclusion that is to go"]])
                    .way_out("to keep the block: take the exclusion out of the manifests")
            })
        });
        let lifts = people.orders.lifts().flat_map(|(at, rules)| rules.iter().map(move |rule| (at, rule)));
        let lifts = lifts.flat_map(|(at, rule)| {
            self.removals(rule).map(move |removal| {
                let other = phrase![label(&people.desired.users[at as usize])];
                let why = " is removed with `unblock: true`, which lifts it";
                let entry = phrase!["to keep the block: write the identifier behind ", Piece::personal(rule)];
                removal
                    .against(rule, other.clone(), why)
                    .between([other.then(": removed, and the block is lifted")])
                    .way_out_phrase(entry.then(" in the entry of ").then(removal.who.clone()))
            })
        });
        absent.chain(lifts).collect()
    }

    fn removals<'a>(&'a self, rule: &'a Login) -> impl Iterator<Item = &'a Removal> {
        let named = self.by_name.get(rule.user.key()).into_iter().flatten();
        named.filter(move |(left, _)| left == rule).map(|(_, removal)| removal)
    }
}

impl Removal {
    /// That the rule stays, which something else contradicts; the way out that ends the block comes first.
    fn against(&self, rule: &Login, other: Phrase, why: &'static str) -> Blocker {
        let message =
            phrase!["the removal of ", self.who.clone(), " leaves a rule on ", Piece::personal(rule)];
        let message = message.then(", and ").joined(other).then(why);
        Blocker::new(self.origin, BlockerCode::StaysBlocked, message)
            .between([phrase![self.who.clone(), ": removed, and stays blocked"]])
            .way_out(
                "to lift the block: `unblock: true` in the removal, with the identifiers that it is about",
            )
    }
}
