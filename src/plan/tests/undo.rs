//! What undoes a plan brings the account back, after all of it or any part of it.

use proptest::prelude::*;

use crate::model::{
    Act, Afterwards, DeclaredSource, Expected, GroupSource, Identifier, Observed, ObservedUser, Tracking,
    UserId,
};
use crate::plan::tests::build::{codes, declared, group, planned, record};
use crate::plan::tests::orders::{company, order, remove};
use crate::plan::tests::properties::{circle, human, sides};
use crate::plan::{Removals, Undo, undo};

/// A user as far as an undo has to bring them back.
type Person = (UserId, Option<String>, Vec<Identifier>, Tracking);

fn person(user: &ObservedUser) -> Person {
    let mut identifiers: Vec<Identifier> = user.identifiers().collect();
    identifiers.sort_unstable();
    (user.id, user.display_name.as_ref().map(ToString::to_string), identifiers, user.tracking)
}

/// The users of an account who were there before, without the names that nothing can take away again.
fn people(account: &Observed, before: &Observed) -> Vec<Person> {
    let was = |user: &ObservedUser| before.user_ix(user.id).map(|ix| before.user(ix));
    let known = account.users.iter().filter_map(|user| Some((user, was(user)?)));
    known
        .map(|(user, was)| {
            let (id, name, identifiers, tracking) = person(user);
            (id, name.filter(|_| was.display_name.is_some()), identifiers, tracking)
        })
        .collect()
}

/// The groups that were there before, with their members: what the plan makes is left alone.
fn groups(account: &Observed, before: &Observed) -> Vec<(String, Vec<u64>)> {
    let all = (0..).map(crate::model::GroupIx).zip(&account.groups);
    let kept = all.filter(|(_, group)| before.group_named(&group.name).is_some());
    let mut groups: Vec<(String, Vec<u64>)> = kept
        .map(|(ix, group)| {
            let mut members: Vec<u64> = account.members(ix).map(|user| account.user(user).id.0).collect();
            members.sort_unstable();
            (group.name.to_string(), members)
        })
        .collect();
    groups.sort();
    groups
}

fn fold(account: &Observed, plan: &crate::plan::Plan, steps: usize) -> Result<Observed, TestCaseError> {
    let mut expected = Expected::new(account.clone());
    for step in plan.steps().take(steps) {
        expected = expected.after(step).map_err(|collision| TestCaseError::fail(collision.to_string()))?;
    }
    Ok(expected.observed().clone())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, max_global_rejects: 100_000, ..ProptestConfig::default() })]

    #[test]
    fn what_undoes_a_plan_brings_back_all_of_it_or_what_was_done_of_it(
        humans in proptest::collection::vec(human(), 1..8),
        circles in proptest::collection::vec(circle(), 0..5),
        stop in any::<proptest::sample::Index>(),
        whole in any::<bool>(),
    ) {
        let (desired, observed) = sides(&humans, &circles);
        prop_assume!(!desired.users.is_empty() && !observed.users.is_empty());
        let plan = planned(&desired, &observed);
        prop_assume!(plan.blockers.is_empty() && !plan.is_empty());
        // An HR group without members can't be sent again.
        let empty = (0..).map(crate::model::GroupIx).zip(&observed.groups);
        let empty = empty.filter(|(ix, group)| group.source == GroupSource::Hr && observed.members(*ix).len() == 0);
        prop_assume!(empty.count() == 0);
        // A new group keeps the name that it took over.
        let made = plan.steps().filter_map(|step| match &step.act {
            Act::CreateGroup(_, new) => observed.group_named(&new.name),
            _ => None,
        });
        prop_assume!(made.count() == 0);
        let Undo { patch, .. } = undo(&plan, &observed, (&desired.account, &desired.policy), Removals::Open);
        let steps = plan.steps().count();
        let after = fold(&observed, &plan, if whole { steps } else { stop.index(steps + 1) })?;
        let back = planned(&patch, &after);
        prop_assert!(back.blockers.is_empty(), "{:?}\n{:?}", codes(&back), back.blockers);
        let again = fold(&after, &back, usize::MAX)?;
        prop_assert_eq!(people(&again, &observed), people(&observed, &observed));
        prop_assert_eq!(groups(&again, &observed), groups(&observed, &observed));
        prop_assert!(planned(&patch, &again).is_empty());
    }
}

#[test]
fn who_was_to_be_removed_and_is_there_still_stays_in_their_groups() {
    let mut wanted = order(remove(Afterwards::StayBlocked));
    wanted.users.push(declared("cy@x.example"));
    for (name, source) in [("Sales", DeclaredSource::App), ("Paris", DeclaredSource::Hr)] {
        wanted.groups.push(group(name, source, &["ada@x.example", "cy@x.example"]));
    }
    let mut observed = company();
    observed.users.push(record(3, "cy@x.example").called("Cy"));
    let plan = planned(&wanted, &observed);
    let back = |removals| {
        let Undo { patch, lost, .. } = undo(&plan, &observed, (&wanted.account, &wanted.policy), removals);
        let said = lost.iter().filter(|lost| format!("{lost:?}").contains("who joined it stays")).count();
        (patch, said)
    };
    // Killed before its first write: nothing is to be taken back.
    let (open, said) = back(Removals::Open);
    assert_eq!(
        (planned(&open, &observed).steps().count(), said),
        (0, 2),
        "{:?}",
        planned(&open, &observed).changes
    );
    // Over to its end: Cy leaves again.
    let (done, said) = back(Removals::Done);
    let after = fold(&observed, &plan, usize::MAX).unwrap();
    let again = fold(&after, &planned(&done, &after), usize::MAX).unwrap();
    let members = |name: &str| groups(&again, &observed).into_iter().find(|group| group.0 == name).unwrap().1;
    assert_eq!((members("Sales"), members("Paris"), said), (vec![1], vec![1], 0));
}
