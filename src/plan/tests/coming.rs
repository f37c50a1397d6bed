//! What arrives or goes in the very run counts for rules that come, stand and go.

use crate::model::{
    Allowance, Delta, Desired, DesiredUser, ExclusionState, Field, Identifier, Located, Observed,
    ObservedUser, Piece, Severity, Tracking,
};
use crate::plan::Plan;
use crate::plan::tests::build::{
    account, codes, declared, desired, exclusion, login, planned, record, reference, rule,
};
use crate::plan::tests::orders::said_in;

impl DesiredUser {
    fn login(mut self, text: &str) -> Self {
        self.device_logins.push(Located::unplaced(login(text)));
        self
    }
}

impl ObservedUser {
    fn login(mut self, text: &str) -> Self {
        self.device_logins.push(login(text));
        self
    }
}

/// Whom rules turn, and to what.
fn turned(plan: &Plan) -> Vec<String> {
    let facts = plan.changes.iter().flat_map(|change| &change.facts);
    let to = |delta: &Delta| match delta {
        Delta::Set { to: Piece::Plain(to), .. } => to.to_string(),
        other => format!("{other:?}"),
    };
    let turned = facts.filter(|fact| fact.field == Field::Tracking && fact.remark.is_some());
    turned.filter(|fact| matches!(fact.delta, Delta::Set { .. })).map(|fact| to(&fact.delta)).collect()
}

fn notes(plan: &Plan) -> String {
    plan.changes
        .iter()
        .flat_map(|change| &change.notes)
        .map(|note| said_in(&note.sentence()))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Ada, who is untracked by this plan; and Carl, who is tracked.
fn untracking(carl: ObservedUser) -> Observed {
    account(vec![record(1, "ada@x.example"), carl], &[])
}

fn with(user: DesiredUser) -> Desired {
    desired(vec![declared("ada@x.example").tracked(Tracking::Untracked), user], vec![])
}

#[test]
fn a_rule_hits_the_device_login_that_somebody_gets_in_the_same_run() {
    let carl = || declared("carl@x.example").login("LAB\\ada");
    let plan = planned(&with(carl()), &untracking(record(2, "carl@x.example")));
    assert_eq!(turned(&plan).len(), 2, "Ada as declared, and Carl");
    assert!(notes(&plan).contains("also hits LAB\\ada of carl@x.example (tracked)"), "{}", notes(&plan));

    let plan = planned(&with(carl()), &account(vec![record(1, "ada@x.example")], &[]));
    assert!(notes(&plan).contains("also hits LAB\\ada of carl@x.example (tracked)"), "a user to be created");
    let plan =
        planned(&with(carl().tracked(Tracking::Untracked)), &account(vec![record(1, "ada@x.example")], &[]));
    assert!(!notes(&plan).contains("also hits"), "who is created untracked loses nothing");
}

#[test]
fn a_rule_does_not_hit_the_device_login_that_somebody_gives_up_in_the_same_run() {
    let mut carl = declared("carl@x.example");
    carl.releases = vec![Located::unplaced(Identifier::DeviceLogin(login("LAB\\ada")))];
    let observed = untracking(record(2, "carl@x.example").login("LAB\\ada"));
    assert_eq!(turned(&planned(&with(carl), &observed)).len(), 1, "Ada alone");
    assert_eq!(turned(&planned(&with(declared("carl@x.example")), &observed)).len(), 2, "but for that");
}

#[test]
fn a_login_that_comes_is_not_collected_again_and_stays_stopped_by_what_stands() {
    let carl = declared("carl@x.example").login("LAB\\kiosk");
    let mut wanted = desired(vec![carl], vec![]);
    let mut observed = account(vec![record(2, "carl@x.example")], &[]);
    observed.exclusions = vec![rule(40, "*\\kiosk")];
    let plan = planned(&wanted, &observed);
    assert!(notes(&plan).contains("LAB\\kiosk is stopped by the rule on *\\kiosk"), "{}", notes(&plan));
    wanted.exclusions = vec![exclusion("*\\kiosk", ExclusionState::Absent)];
    let plan = planned(&wanted, &observed);
    assert_eq!((turned(&plan), notes(&plan).as_str()), (vec![], ""), "it was stopped for nobody");
    wanted.policy.protected_users = vec![reference("carl@x.example")];
    wanted.policy.limits.remove_exclusions.at_least = 1;
    assert_eq!(planned(&wanted, &observed).violations.len(), 2, "his own change, and the rule on his login");
}

#[test]
fn an_exclusion_erases_what_comes_to_a_user_to_be_created() {
    let mut grace = declared("grace@x.example");
    grace.agents = vec![Located::unplaced(login("LAB\\kiosk"))];
    let observed = account(vec![record(2, "carl@x.example").agent("LAB\\kiosk")], &[]);
    let plan = |grace: DesiredUser| {
        let mut wanted = desired(vec![grace.named("Grace"), declared("carl@x.example")], vec![]);
        wanted.exclusions = vec![exclusion("LAB\\kiosk", ExclusionState::Present)];
        wanted.account.allow = vec![Located::unplaced(Allowance::AgentMoves)];
        wanted.policy.limits.erase_history.at_least = 0;
        planned(&wanted, &observed)
    };
    assert_eq!(codes(&plan(grace.clone())), ["exclusion-hits-tracked"]);
    let plan = plan(grace.tracked(Tracking::Untracked));
    let lost =
        plan.changes.iter().flat_map(|change| &change.facts).filter(|fact| fact.field == Field::History);
    let lost: Vec<Severity> = lost.map(|fact| fact.severity).collect();
    assert_eq!(lost, [Severity::Irreversible; 3], "that it goes, whose it is, and the agent");
    assert_eq!(plan.violations.len(), 1, "eraseHistory");
}
