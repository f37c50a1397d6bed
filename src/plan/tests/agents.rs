//! Agents that move from one user to another.

use crate::model::{
    Act, Allowance, Change, Desired, Edit, Expected, Field, Located, Members, Observed, Tracking, Writer,
};
use crate::plan::tests::build::{account, codes, declared, desired, emails, login, planned, record};
use crate::plan::{PhaseKind, Plan};

fn kinds(plan: &Plan) -> Vec<(PhaseKind, usize)> {
    plan.phases.iter().map(|phase| (phase.kind, phase.steps.len())).collect()
}

/// Bob has Ada's agent and the email that the account made of it, and goes by the agent's name.
fn sides() -> (Desired, Observed) {
    let bob = record(2, "bob@x.example").email("ada@PC", Writer::Account).agent("PC\\ada").called("ada");
    let observed = account(vec![record(1, "ada@x.example").employee_id("E1"), bob.employee_id("E2")], &[]);
    let mut ada = declared("ada@x.example").employee("E1").named("Ada");
    ada.agents = vec![Located::unplaced(login("pc\\ADA"))];
    let mut wanted = desired(vec![ada, declared("bob@x.example").employee("E2").named("Bob")], vec![]);
    wanted.account.allow = vec![Located::unplaced(Allowance::AgentMoves)];
    (wanted, observed)
}

#[test]
fn first_the_name_is_freed_then_the_agent_moves_then_the_name_is_taken() {
    let (wanted, observed) = sides();
    let plan = planned(&wanted, &observed);
    assert_eq!(codes(&plan), Vec::<&str>::new());
    assert_eq!(kinds(&plan), [(PhaseKind::Users, 1), (PhaseKind::Agents, 1), (PhaseKind::Claims, 1)]);
    let needs: Vec<Vec<u32>> =
        plan.steps().map(|step| step.needs.iter().map(|need| need.0).collect()).collect();
    assert_eq!(needs, [vec![], vec![0], vec![0, 1]]);
    for died_after in 0..=3 {
        let carried_out = |from: &Observed, plan: &Plan, most: usize| {
            let steps = plan.steps().take(most);
            let start = Expected::new(from.clone());
            steps.fold(start, |state, step| state.after(step).expect("no collision")).observed().clone()
        };
        let left = carried_out(&observed, &plan, died_after);
        let second = planned(&wanted, &left);
        assert!(second.fingerprints.iter().all(|one| plan.evidence().contains(one)), "{died_after}");
        assert!(planned(&wanted, &carried_out(&left, &second, 3)).is_empty(), "{died_after}");
    }
}

#[test]
fn a_move_that_is_not_allowed_is_a_step_by_hand_and_what_waits_for_it_is_no_change() {
    let (mut wanted, observed) = sides();
    wanted.account.allow.clear();
    let plan = planned(&wanted, &observed);
    assert_eq!((codes(&plan), plan.manual.len(), kinds(&plan)), (vec![], 1, vec![(PhaseKind::Users, 1)]));
    let names = plan.steps().filter_map(|step| match &step.act {
        Act::EditUser { edits, .. } => {
            Some(edits.iter().filter(|edit| matches!(edit, Edit::Name { .. })).count())
        }
        _ => None,
    });
    // Only Bob's: Ada's waits.
    assert_eq!(names.sum::<usize>(), 1);
}

#[test]
fn an_agent_stays_with_whoever_would_still_go_by_its_name() {
    let (mut wanted, observed) = sides();
    wanted.users[0].display_name = crate::model::Managed::Leave;
    wanted.users[1].display_name = crate::model::Managed::Leave;
    assert_eq!(codes(&planned(&wanted, &observed)), ["agent-held"]);
    wanted.users.truncate(1);
    assert_eq!(codes(&planned(&wanted, &observed)), ["agent-held"]);
}

#[test]
fn an_agent_that_nobody_has_or_that_is_being_merged_is_said() {
    let (mut wanted, mut observed) = sides();
    wanted.users.truncate(1);
    wanted.users[0].display_name = crate::model::Managed::Leave;
    observed.users[1].agents[0].merge_pending = true;
    let plan = planned(&wanted, &observed);
    assert_eq!((codes(&plan), plan.notices.len(), plan.is_empty()), (vec![], 1, true));
    observed.users[1].agents.clear();
    let plan = planned(&wanted, &observed);
    assert_eq!((codes(&plan), plan.notices.len(), plan.is_empty()), (vec![], 1, true));
}

#[test]
fn somebody_whom_nobody_declares_loses_the_agent_and_nothing_else() {
    let (mut wanted, mut observed) = sides();
    wanted.users.truncate(1);
    wanted.users[0].tracking = crate::model::Managed::Set(Located::unplaced(Tracking::Untracked));
    wanted.users[0].emails = emails(&["ada@x.example"]);
    wanted.users[0].upns = Members::Leave;
    observed.users[1].display_name = None;
    let plan = planned(&wanted, &observed);
    assert_eq!(codes(&plan), Vec::<&str>::new());
    let stops = |change: &&Change| change.facts.iter().any(|fact| fact.field == Field::Collection);
    let loses = plan.changes.iter().find(stops).expect("whose agent is collected no more");
    assert_eq!(
        loses.facts.iter().map(|fact| fact.field).collect::<Vec<_>>(),
        [Field::Agent, Field::Collection]
    );
}

#[test]
fn an_agent_that_is_collected_no_more_is_an_untrack_and_one_that_is_again_a_track() {
    use crate::plan::LimitKind;
    use crate::plan::tests::build::rule;
    use crate::plan::tests::orders::limits;

    let planned_with = |change: &dyn Fn(&mut Desired, &mut Observed)| {
        let (mut wanted, mut observed) = sides();
        wanted.policy.limits.untrack.at_least = 0;
        wanted.policy.limits.track.at_least = 0;
        change(&mut wanted, &mut observed);
        planned(&wanted, &observed)
    };
    let both_tracked = planned_with(&|_, _| {});
    assert_eq!(limits(&both_tracked), []);
    let stops = planned_with(&|_, observed| observed.users[0].tracking = Tracking::Untracked);
    assert_eq!(limits(&stops), [(LimitKind::Untrack, 1)]);
    assert_ne!(stops.fingerprints, both_tracked.fingerprints, "it was reviewed while Ada was tracked");
    let begins = planned_with(&|_, observed| observed.users[1].tracking = Tracking::Untracked);
    assert_eq!(limits(&begins), [(LimitKind::Track, 1)]);
    let stopped_anyway = planned_with(&|_, observed| {
        observed.users[0].tracking = Tracking::Untracked;
        observed.exclusions.push(rule(1, "PC\\ada"));
    });
    assert_eq!(limits(&stopped_anyway), [], "a rule stops it now as then");
    let new_user = planned_with(&|wanted, observed| {
        observed.users.remove(0);
        wanted.users[0].tracking = crate::model::Managed::Set(Located::unplaced(Tracking::Untracked));
    });
    assert_eq!(limits(&new_user), [(LimitKind::Untrack, 1)], "{:?}", codes(&new_user));
}
