//! What is said of guards that the manifests go without: beside the plan, and not in what identifies it.

use crate::model::{Desired, Located, Origin, Platform};
use crate::plan::tests::build::{NOW, account, declared, desired, record};
use crate::plan::{Context, Plan, plan};

fn planned(wanted: &Desired, number: Option<u64>) -> Plan {
    let context = Context { now: NOW, base: None, attempts: None, number };
    plan(wanted, &account(vec![record(1, "u1@x.example")], &[]), &context).expect("the whole picture")
}

fn said(plan: &Plan, of: &str) -> usize {
    let is_said = |it: &&crate::plan::Notice| format!("{:?}", it.message).contains(of);
    plan.notices.iter().filter(is_said).count()
}

#[test]
fn the_line_that_names_the_account_is_said_while_it_is_missing_and_is_not_in_the_digest() {
    let mut wanted = desired(vec![declared("u1@x.example").named("Ada")], vec![]);
    let (with, without) = (planned(&wanted, Some(7)), planned(&wanted, None));
    assert_eq!((said(&with, "`id: 7`"), said(&without, "`id")), (1, 0));
    assert_eq!(with.digest, without.digest);
    wanted.account.id = Some(Located::unplaced(7));
    assert_eq!(said(&planned(&wanted, Some(7)), "`id"), 0, "a manifest says it");
    wanted.account.id = None;
    wanted.account.platform =
        Platform::Sandbox { seed: Located::unplaced("account.json".into()), username: None };
    assert_eq!(said(&planned(&wanted, Some(7)), "`id"), 0, "there is no other");
}

#[test]
fn a_minimum_of_nobody_is_said_once_users_are_declared_and_what_is_said_is_not_in_the_digest() {
    let users = |count: usize| (0..count).map(|at| declared(&format!("u{at}@x.example"))).collect();
    let of = |users, minimum| {
        let mut wanted = desired(users, vec![]);
        wanted.policy.minimum.declared_users = minimum;
        planned(&wanted, None)
    };
    let written = |least| Located::new(least, Origin::at(0));
    let ten = of(users(10), written(0));
    assert_eq!(said(&ten, "`declaredUsers: 8`"), 1, "{:?}", ten.notices);
    let unsaid = of(users(10), Located::unplaced(0));
    assert_eq!((said(&unsaid, "declaredUsers"), unsaid.digest), (0, ten.digest));
    assert_eq!(said(&of(users(10), written(1)), "declaredUsers"), 0);
    assert_eq!(said(&of(users(0), written(0)), "declaredUsers"), 0, "that is what it is for");
}
