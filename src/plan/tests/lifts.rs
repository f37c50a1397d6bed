//! What a lifted block takes away: the rules that a removal leaves, each by name, and never one in silence.

use jiff::civil::date;

use crate::model::{
    Act, Afterwards, Delta, Desired, ExclusionState, Fact, Field, Located, Observed, Piece, Severity, Verb,
};
use crate::plan::tests::build::{declared, exclusion, login, planned, record, reference, rule};
use crate::plan::tests::orders::{DECIDED, after, company, limits, notices, order, remove, rules};
use crate::plan::{LimitKind, Plan, ViolationKind};

#[test]
fn an_unblocked_removal_spares_declared_exclusions_and_says_what_stays() {
    let mut observed = company();
    observed.exclusions = vec![rule(40, "*\\bob"), rule(41, "*\\kiosk")];
    let mut wanted = order(remove(Afterwards::Unblock));
    wanted.exclusions = vec![exclusion("*\\bob", ExclusionState::Present)];
    let plan = planned(&wanted, &observed);
    assert_eq!(lifted(&plan), ["*\\bob@x.example"], "the other form of the address");
    let gone = after(&observed, &plan, usize::MAX);
    assert_eq!(gone.exclusions.len(), 2);
    assert!(planned(&wanted, &gone).is_empty());
}

/// The rules that go, as the facts of changes that go or stay say it.
fn blocks(plan: &Plan, verb: Verb) -> Vec<String> {
    let changes = plan.changes.iter().filter(|change| change.verb == verb);
    let facts = changes.flat_map(|change| &change.facts).filter(|fact| fact.field == Field::Block);
    let rule = |fact: &Fact| match &fact.delta {
        Delta::Remove(Piece::Personal(rule)) if fact.severity == Severity::Disruptive => rule.to_string(),
        other => format!("{other:?}"),
    };
    facts.map(rule).collect()
}

/// The rules that a lifted block takes away, as facts and as its step: one list.
fn lifted(plan: &Plan) -> Vec<String> {
    let facts = blocks(plan, Verb::Update);
    let steps = plan.steps().filter_map(|step| match &step.act {
        Act::Unblock(logins) => Some(logins.iter().map(ToString::to_string).collect::<Vec<_>>()),
        _ => None,
    });
    assert_eq!(steps.flatten().collect::<Vec<_>>(), facts);
    facts
}

#[test]
fn an_unblocked_removal_spares_what_keeps_somebody_else_blocked() {
    let mut observed = company();
    observed.exclusions = vec![rule(40, "*\\bob")];
    observed.users.push(record(9, "bob@y.example").untracked());
    let plan = planned(&order(remove(Afterwards::Unblock)), &observed);
    let gone = after(&observed, &plan, usize::MAX);
    assert_eq!(rules(&gone), ["*\\bob"], "an untracked user who stays");

    observed.users.pop();
    let mut wanted = order(remove(Afterwards::Unblock));
    wanted.users.push(declared("bob@y.example").ordered(remove(Afterwards::StayBlocked), DECIDED));
    let plan = planned(&wanted, &observed);
    let gone = after(&observed, &plan, usize::MAX);
    assert_eq!(rules(&gone), ["*\\bob"], "a user who was removed and stays blocked");
}

/// What a removal makes of a company where these rules stand.
fn with_rules(rules: &[&str]) -> Observed {
    let mut observed = company();
    observed.exclusions = (40..).zip(rules).map(|(id, text)| rule(id, text)).collect();
    observed
}

fn unblock() -> Desired {
    order(remove(Afterwards::Unblock))
}

#[test]
fn a_lifted_block_takes_what_a_removal_leaves_and_no_wider_rule() {
    let mut wanted = unblock();
    wanted.users[0].device_logins = vec![Located::unplaced(login("ACME\\rob"))];
    let mut observed = with_rules(&["*\\rob", "ACME\\kiosk"]);
    observed.users[1].device_logins = vec![login("ACME\\rob")];
    let plan = planned(&wanted, &observed);
    assert_eq!(lifted(&plan), ["*\\bob", "*\\bob@x.example", "ACME\\rob"]);
    assert!(!limits(&plan).contains(&(LimitKind::RemoveExclusions, 1)), "none of them stands yet");
    let end = after(&observed, &plan, usize::MAX);
    assert_eq!(rules(&end), ["*\\rob", "ACME\\kiosk"]);
    let next = planned(&wanted, &end);
    assert!(next.is_empty());
    assert!(
        notices(&next).ends_with("is done: remove it from the manifest; still blocked by *\\rob"),
        "{}",
        notices(&next)
    );
}

#[test]
fn a_rule_that_stands_before_the_removal_is_a_fact_more_and_counts() {
    let (without, with) = (planned(&unblock(), &company()), planned(&unblock(), &with_rules(&["*\\bob"])));
    assert_eq!(lifted(&without), lifted(&with));
    assert_eq!(
        (blocks(&without, Verb::Delete).len(), blocks(&with, Verb::Delete)),
        (0, vec!["*\\bob".into()])
    );
    assert_ne!(without.digest, with.digest, "who approved the one did not approve the other");
    let counted = |plan| limits(plan).contains(&(LimitKind::RemoveExclusions, 1));
    assert_eq!((counted(&without), counted(&with)), (false, true));
}

#[test]
fn a_rule_that_goes_by_name_and_with_a_block_counts_once() {
    let mut wanted = unblock();
    wanted.exclusions = vec![exclusion("*\\bob", ExclusionState::Absent)];
    let plan = planned(&wanted, &with_rules(&["*\\bob"]));
    assert!(limits(&plan).contains(&(LimitKind::RemoveExclusions, 1)), "{:?}", limits(&plan));
}

#[test]
fn whoever_a_lifted_rule_frees_is_tracked_by_name_and_protected() {
    let byron = record(3, "byron@x.example").called("Byron").agent("OTHER\\bob");
    let mut observed = with_rules(&["*\\bob"]);
    observed.users.push(byron);
    let mut wanted = unblock();
    wanted.policy.limits.track.at_least = 1;
    wanted.policy.protected_users = vec![reference("byron@x.example")];
    let plan = planned(&wanted, &observed);
    let tracked = plan.changes.iter().flat_map(|change| &change.facts).filter(|fact| {
        matches!(&fact.delta, Delta::Set { to, .. } if *to == Piece::from("tracked"))
            && fact.field == Field::Tracking
    });
    assert_eq!(tracked.count(), 1);
    assert!(limits(&plan).contains(&(LimitKind::Track, 2)), "Byron, and whoever comes by Bob's name");
    let protected = plan.violations.iter().filter(|it| matches!(it.kind, ViolationKind::Protected { .. }));
    assert_eq!(protected.count(), 2, "his own change, and the lifted block");
}

#[test]
fn a_rule_that_comes_once_an_order_is_done_never_goes_in_silence() {
    let end = after(&company(), &planned(&unblock(), &company()), usize::MAX);
    assert!(planned(&unblock(), &end).is_empty());
    let mut later = end;
    later.exclusions.push(rule(99, "*\\bob"));
    let plan = planned(&unblock(), &later);
    assert_eq!(lifted(&plan), ["*\\bob"]);
    assert_eq!(limits(&plan), [(LimitKind::RemoveExclusions, 1)]);

    let mut declared = unblock();
    declared.exclusions = vec![exclusion("*\\bob", ExclusionState::Present)];
    assert!(planned(&declared, &later).is_empty(), "a manifest says that it stays");
    let mut old = unblock();
    old.users[0] = old.users[0].clone().ordered(remove(Afterwards::Unblock), date(1969, 11, 1));
    assert!(planned(&old, &later).is_empty(), "an old order does nothing");
}
