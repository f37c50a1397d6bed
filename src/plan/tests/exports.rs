//! What the planner makes of users whom only rows of HR exports name.

use crate::model::{
    DeclaredSource, Delta, DesiredUser, Export, GroupName, GroupSource, Limit, Missing, Origin, Rows, Said,
    UnmanagedHrGroups, Writer,
};
use crate::plan::Plan;
use crate::plan::tests::build::{account, codes, desired, group, planned, record, reference, said};

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

/// An export whose rows name these groups.
fn export(groups: &[&str]) -> Export {
    Export {
        origin: Origin::at(5),
        name: "workday".into(),
        file: "hr/workers.csv".into(),
        sha256: [0; 32],
        rows: Rows::default(),
        attributes: Vec::new(),
        groups: groups.iter().map(|name| said(GroupName::observed(name))).collect(),
        shrink: Limit::count(0),
    }
}

/// The remarks of those who leave and of groups that go, with their places.
fn losses(plan: &Plan) -> Vec<(String, Origin)> {
    let facts = plan.changes.iter().flat_map(|change| &change.facts);
    let lost = facts.filter(|fact| matches!(fact.delta, Delta::Remove(_)));
    lost.map(|fact| (format!("{:?}", fact.remark), fact.origin)).collect()
}

#[test]
fn who_joins_is_at_their_row_and_who_leaves_is_in_no_row_of_the_export() {
    let observed = account(
        vec![record(1, "ada@x.example"), record(2, "bob@x.example")],
        &[(9, "Paris", GroupSource::Hr, &[2])],
    );
    let joins = Said::new(GroupName::observed("Paris"), Origin::at(1204));
    let ada = DesiredUser { groups: vec![joins], ..row("ada@x.example", Missing::Block) };
    let mut desired = desired(vec![ada], vec![group("Paris", DeclaredSource::Hr, &[])]);
    desired.exports.push(export(&["Oslo", "Paris"]));
    let plan = planned(&desired, &observed);
    assert_eq!(plan.changes[0].facts[0].origin, Origin::at(1204));
    let [(remark, origin)] = &losses(&plan)[..] else { panic!("{plan:?}") };
    assert!(remark.contains("in no row of ") && remark.contains("hr/workers.csv (workday)"), "{remark}");
    assert_eq!(*origin, Origin::at(5), "where the export is declared");
}

#[test]
fn a_group_that_goes_by_policy_is_said_to_be_in_no_row_either() {
    let observed = account(
        vec![record(1, "ada@x.example"), record(2, "bob@x.example")],
        &[(9, "Paris", GroupSource::Hr, &[2]), (10, "Oslo", GroupSource::Hr, &[1])],
    );
    let mut desired = desired(
        vec![row("ada@x.example", Missing::Block)],
        vec![group("Oslo", DeclaredSource::Hr, &["ada@x.example"])],
    );
    desired.exports.push(export(&["Oslo"]));
    desired.policy.unmanaged_hr_groups.value = UnmanagedHrGroups::DeleteByAbsence;
    let plan = planned(&desired, &observed);
    let [(remark, _)] = &losses(&plan)[..] else { panic!("{plan:?}") };
    assert!(remark.contains("in no manifest, and in no row of "), "{remark}");
}
