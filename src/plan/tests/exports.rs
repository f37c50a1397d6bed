//! What the planner makes of users whom only rows of HR exports name.

use crate::model::{DesiredUser, Missing, Origin, Writer};
use crate::plan::tests::build::{account, codes, desired, planned, record, reference};

/// A user as a row says it: by one value, of whatever kind.
fn row(value: &str, missing: Missing) -> DesiredUser {
    DesiredUser { lookups: vec![reference(value)], missing, ..DesiredUser::new(Origin::NONE) }
}

#[test]
fn a_row_finds_its_user_by_an_email_a_upn_or_an_employee_id() {
    let ada = record(1, "ada@x.example").email("a.l@x.example", Writer::Other).employee_id("E1");
    let observed = account(vec![ada], &[]);
    for value in ["ADA@x.example", "a.l@x.example", "E1"] {
        let plan = planned(&desired(vec![row(value, Missing::Block)], vec![]), &observed);
        assert_eq!((codes(&plan), plan.changes.len(), plan.notices.len()), (vec![], 0, 0), "{value}");
    }
}

#[test]
fn a_row_that_matches_nobody_blocks_or_is_listed() {
    let observed = account(vec![record(1, "ada@x.example")], &[]);
    for (missing, blockers, notices) in
        [(Missing::Block, vec!["unmatched-row"], 0), (Missing::List, vec![], 1)]
    {
        let plan = planned(&desired(vec![row("bob@x.example", missing)], vec![]), &observed);
        assert_eq!((codes(&plan), plan.notices.len()), (blockers, notices));
        assert!(plan.is_empty());
    }
}

#[test]
fn a_row_that_matches_nobody_but_has_the_name_of_a_record_asks_whether_it_is_the_same() {
    let observed = account(vec![record(1, "ada@x.example").called("Ada")], &[]);
    for missing in [Missing::Block, Missing::List] {
        let plan = planned(&desired(vec![row("a.l@x.example", missing).named("ada")], vec![]), &observed);
        assert_eq!(codes(&plan), ["same-user"]);
    }
}
