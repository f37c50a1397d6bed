//! By which steps does a rule come or go that turns the tracking of somebody else? As long as one of them is not done, that is not.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Act, ChangeId, Login, StepId, UserId};
use crate::plan::after::After;
use crate::plan::draft::Draft;
use crate::plan::people::People;
use crate::plan::tracking::turned::{rules_after, rules_before};

/// Lets everybody whose tracking a rule turns follow from the steps that make or lift it.
pub(in crate::plan) fn link(people: &People<'_>, after: &After, draft: &mut Draft) {
    let mut turned: BTreeMap<Login, BTreeSet<ChangeId>> = BTreeMap::new();
    for (change, rule) in std::mem::take(&mut draft.turned) {
        turned.entry(rule).or_default().insert(change);
    }
    if turned.is_empty() {
        return;
    }
    for (rule, step) in by_itself(draft).into_iter().chain(with_a_user((people, after), draft)) {
        for change in turned.get(&rule).into_iter().flatten() {
            draft.follows(*change, step);
        }
    }
}

/// The rules that steps make or lift by themselves.
fn by_itself(draft: &Draft) -> Vec<(Login, StepId)> {
    let rules = draft.steps().flat_map(|step| {
        let rules = match &step.act {
            Act::AddExclusion(login) | Act::RemoveExclusion { login, .. } => std::slice::from_ref(login),
            Act::Unblock(logins) => logins,
            _ => &[],
        };
        rules.iter().map(|rule| (rule.clone(), step.id))
    });
    rules.collect()
}

/// The rules that come or go with a user, by what is done to the record first: who is removed is untracked before.
fn with_a_user((people, after): (&People<'_>, &After), draft: &Draft) -> Vec<(Login, StepId)> {
    let mut turns: BTreeMap<UserId, StepId> = BTreeMap::new();
    for step in draft.steps() {
        if let Act::Track { user, .. } | Act::RemoveUser { user, .. } = &step.act {
            turns.entry(*user).or_insert(step.id);
        }
    }
    let mut rules = Vec::new();
    for person in draft.of_person.keys() {
        let (before, left) = (rules_before(people, *person), rules_after(people, after, *person));
        let turned = people.record(*person).and_then(|record| turns.get(&record.id));
        for step in draft.person_steps.get(person).into_iter().chain(turned) {
            rules.extend(before.symmetric_difference(&left).map(|rule| (rule.clone(), *step)));
        }
    }
    rules
}
