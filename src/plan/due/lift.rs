//! Which rules does a lifted block take away? Those that a removal leaves on the identifiers of its entry, each by itself.
//!
//! Nobody can tell a rule that a removal left from one that somebody made later. So each is a fact, and one that stands already
//! counts as an exclusion that is removed. Any other rule on the identifiers is left alone, and said to stay.

use std::collections::BTreeSet;

use crate::model::{Desired, DesiredUser, Fact, Field, Identifier, Login, Order, Phrase, Piece};
use crate::plan::due::spared::Spared;
use crate::plan::fact::removed;
use crate::plan::rules::{Standing, blockable, forms};

/// The rules on the identifiers of one entry whose block is lifted.
#[derive(Debug)]
pub(in crate::plan) struct Lift {
    /// Those that the removal may leave, but for those that stay.
    left: BTreeSet<Login>,
    /// Of these, those that the account has already.
    standing: BTreeSet<Login>,
    /// Those that stay, as they are somebody else's.
    spared: Spared,
    /// Those that the account has, and that no removal leaves.
    others: BTreeSet<Login>,
}

impl Lift {
    /// Sorts the rules on the identifiers of an entry.
    pub(in crate::plan) fn new(
        user: &DesiredUser,
        spared: Spared,
        desired: &Desired,
        standing: &Standing<'_>,
    ) -> Self {
        let forms: BTreeSet<Login> = blockable(user).flat_map(|identifier| forms(&identifier)).collect();
        let identifiers: Vec<Identifier> = blockable(user).collect();
        let stands = identifiers.iter().flat_map(|it| standing.on(it)).map(|rule| rule.login.clone());
        let stands: BTreeSet<Login> = stands.collect();
        // What becomes of a declared one is said with its declaration, or among those that are spared.
        let is_declared = |login: &Login| desired.exclusions.iter().any(|it| it.login.value == *login);
        let others = stands.difference(&forms).filter(|login| !is_declared(login)).cloned().collect();
        let left: BTreeSet<Login> = forms.into_iter().filter(|login| !spared.contains(login)).collect();
        let standing = left.intersection(&stands).cloned().collect();
        Self { left, standing, spared, others }
    }

    /// What is left to lift where the record is gone: only what stands.
    pub(in crate::plan) fn rest(self) -> Self {
        Self { left: self.standing.clone(), ..self }
    }

    /// The rules that go, and no other.
    pub(in crate::plan) fn rules(&self) -> &BTreeSet<Login> {
        &self.left
    }

    /// Those that go and stand already.
    pub(in crate::plan) fn standing(&self) -> &BTreeSet<Login> {
        &self.standing
    }

    /// Those that stand, and that no removal leaves.
    pub(in crate::plan) fn others(&self) -> &BTreeSet<Login> {
        &self.others
    }

    /// A fact for each rule that goes. What a removal left and what it will leave are one fact.
    pub(in crate::plan) fn facts(&self, order: &Order) -> impl Iterator<Item = Fact> {
        self.left.iter().map(|login| removed(Field::Block, login, order.origin))
    }

    /// One fact more for each rule that stands before its user is removed: who approved the plan without it did not mean it.
    pub(in crate::plan) fn standing_facts(&self, order: &Order) -> impl Iterator<Item = Fact> {
        let remark = || Some(Phrase::words("an exclusion that stands already"));
        self.standing
            .iter()
            .map(move |login| Fact { remark: remark(), ..removed(Field::Block, login, order.origin) })
    }

    /// What the plan says of the rules that stay.
    pub(in crate::plan) fn stay(&self) -> impl Iterator<Item = Phrase> {
        let list = |words: &'static str, logins: &[&Login]| {
            let words = Phrase::words(words).list(logins.iter().map(Piece::personal));
            (!logins.is_empty()).then_some(words)
        };
        let declared: Vec<&Login> = self.spared.declared.iter().collect();
        let others: Vec<&Login> = self.others.iter().collect();
        let declared = list("stays, as a manifest declares it: ", &declared);
        let others = list("stays, as no removal leaves it: ", &others);
        declared.into_iter().chain(self.spared.notes()).chain(others)
    }
}
