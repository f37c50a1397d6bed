//! The rules by which an account fills a group itself: sets of conditions, as the account keeps them.
//!
//! The platform's help calls them so ("Managing groups"): within a set every condition holds, and of the sets one or all. Both come to
//! the same here: some set, all of whose conditions hold. Whatever order an account lists them in, equal rules are equal.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::model::id::UserId;
use crate::model::rule::{Below, Progress};

/// What the values of a field are, as far as conditions are written otherwise for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ValueKind {
    /// Texts.
    Texts,
    /// Days.
    Days,
    /// Yes or no.
    YesNo,
    /// Numbers of what can be chosen.
    Options,
    /// Values that nothing here knows how to read.
    Unread,
}

/// How a condition compares the value of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Comparison {
    /// It is one of these.
    Equals,
    /// It has this in it.
    Contains,
    /// It starts with this.
    StartsWith,
    /// It ends with this.
    EndsWith,
    /// There is none.
    IsEmpty,
    /// There is one.
    NotEmpty,
    /// It is a day before this one.
    Before,
    /// It is a day after this one.
    After,
    /// It is this day.
    On,
}

/// One condition on a user.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum GroupCondition {
    /// What the user has in a field.
    Field {
        /// The number of the field.
        field: u64,
        /// What its values are.
        of: ValueKind,
        /// How it is compared.
        comparison: Comparison,
        /// With what, sorted: nothing where presence is asked for, and numbers of options where one is chosen.
        values: Vec<Box<str>>,
    },
    /// The user is in one of these branches.
    Branches(BTreeSet<(u64, Below)>),
    /// The user is so far in the course of a number.
    Course(u64, Progress),
    /// The email address of the user's profile has this text in it.
    Address(Box<str>),
    /// Something that nothing here knows how to read, as the account writes it (JSON).
    Unread(Box<str>),
}

/// What a condition is, as far as it decides how it is written: each is written only where the account shows how it writes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConditionKind {
    /// A comparison of a field whose values are of a kind.
    Field(Comparison, ValueKind),
    /// That a field has one of several options.
    SeveralOptions,
    /// Being in a branch.
    Branch(Below),
    /// Being so far in a course.
    Course(Progress),
    /// A text in the address.
    Address,
}

impl GroupCondition {
    /// What has to be known to write it; nothing of what is written back as it was.
    pub fn kinds(&self) -> Vec<ConditionKind> {
        match self {
            Self::Field { of: ValueKind::Options, values, .. } if values.len() > 1 => {
                vec![ConditionKind::SeveralOptions]
            }
            Self::Field { of, comparison, .. } => vec![ConditionKind::Field(*comparison, *of)],
            Self::Branches(branches) => {
                let ways: BTreeSet<Below> = branches.iter().map(|(_, below)| *below).collect();
                ways.into_iter().map(ConditionKind::Branch).collect()
            }
            Self::Course(_, progress) => vec![ConditionKind::Course(*progress)],
            Self::Address(_) => vec![ConditionKind::Address],
            Self::Unread(_) => Vec::new(),
        }
    }
}

/// Rules: some set of conditions, all of which hold.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct RuleSet {
    sets: Vec<Vec<GroupCondition>>,
}

/// The most conditions of one set. Published.
pub const MOST_CONDITIONS: usize = 10;
/// The most sets. Published, in a newer text.
pub const MOST_SETS: usize = 50;
/// The most sets by an older text: more may be refused.
pub const USUAL_SETS: usize = 10;

impl RuleSet {
    /// Rules that hold where all conditions of one of these sets do.
    pub fn any_of(sets: impl IntoIterator<Item = Vec<GroupCondition>>) -> Self {
        let sets = sets.into_iter().map(|set| set.into_iter().collect::<BTreeSet<_>>());
        let sets: BTreeSet<Vec<GroupCondition>> =
            joined(sets.map(|set| set.into_iter().collect())).into_iter().collect();
        Self { sets: sets.into_iter().collect() }
    }

    /// The sets, sorted, and sorted conditions in each.
    pub fn sets(&self) -> &[Vec<GroupCondition>] {
        &self.sets
    }

    /// Every condition.
    pub fn conditions(&self) -> impl Iterator<Item = &GroupCondition> {
        self.sets.iter().flatten()
    }

    /// Whether they say something that nothing here knows how to read.
    pub fn has_unread(&self) -> bool {
        self.conditions().any(|it| matches!(it, GroupCondition::Unread(_)))
    }
}

/// Sets that are nothing but branches as one, in the place of the first: whoever is in one of several branches is what a single
/// condition asks for.
pub fn joined(sets: impl IntoIterator<Item = Vec<GroupCondition>>) -> Vec<Vec<GroupCondition>> {
    let (mut all, mut place): (Vec<Vec<GroupCondition>>, Option<usize>) = (Vec::new(), None);
    for set in sets {
        match (&set[..], place.map(|at| &mut all[at][..])) {
            ([GroupCondition::Branches(more)], Some([GroupCondition::Branches(first)])) => {
                first.extend(more.iter().copied());
            }
            ([GroupCondition::Branches(_)], _) => {
                place = Some(all.len());
                all.push(set);
            }
            _ => all.push(set),
        }
    }
    all
}

/// Whether a group that fills itself passes deactivated users over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deactivated {
    /// They match like others.
    Counted,
    /// They never match.
    PassedOver,
}

/// What fills a group of itself, and who is in it besides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filling {
    /// The rules.
    pub rules: RuleSet,
    /// Whether they pass deactivated users over.
    pub deactivated: Deactivated,
    /// Who is in the group because somebody put them there, sorted; nothing where the account does not tell.
    pub by_hand: Option<Vec<UserId>>,
    /// When the group was changed last, where the account tells: who matches is in it only some time later.
    pub changed: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> GroupCondition {
        GroupCondition::Address(text.into())
    }

    fn branch(id: u64) -> GroupCondition {
        GroupCondition::Branches([(id, Below::LeftOut)].into())
    }

    #[test]
    fn equal_rules_are_equal_in_whatever_order_and_however_often_they_are_listed() {
        let one = RuleSet::any_of([vec![address("a"), branch(1)], vec![address("b")]]);
        let other = RuleSet::any_of([
            vec![address("b")],
            vec![branch(1), address("a")],
            vec![address("b"), address("b")],
        ]);
        assert_eq!(one, other);
        assert_ne!(one, RuleSet::any_of([vec![address("a"), branch(1), address("b")]]));
    }

    #[test]
    fn sets_of_nothing_but_branches_are_one() {
        let apart = RuleSet::any_of([vec![branch(1)], vec![address("a")], vec![branch(2)]]);
        let both = GroupCondition::Branches([(1, Below::LeftOut), (2, Below::LeftOut)].into());
        assert_eq!(apart, RuleSet::any_of([vec![address("a")], vec![both]]));
        let held = RuleSet::any_of([vec![branch(1), address("a")], vec![branch(2)]]);
        assert_eq!(held.sets().len(), 2, "what has to hold besides keeps a set apart");
    }
}
