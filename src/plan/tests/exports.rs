//! What the planner makes of users whom only rows of HR exports name.

use crate::model::{
    Bounds, Condition, DeclaredSource, Delta, DesiredGroup, DesiredUser, EmployeeId, Export, GroupName,
    GroupSource, Limit, Located, Members, Missing, Origin, Phrase, Rows, UnmanagedHrGroups, Writer,
};
use crate::plan::tests::build::{NOW, account, codes, desired, group, planned, record, reference};
use crate::plan::{Base, Context, LimitKind, Plan, ViolationKind, plan};

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

#[test]
fn a_row_with_the_number_of_somebody_of_another_name_and_other_addresses_takes_nobody_over() {
    let bob = record(2, "bob@x.example").called("Bob Stone").employee_id("E2");
    let observed = account(vec![bob], &[]);
    let new = |email: &str, name: &str| {
        let id = Members::AtLeast(vec![Located::unplaced(EmployeeId::observed("E2"))]);
        DesiredUser { employee_ids: id, ..row(email, Missing::Create) }.named(name)
    };
    for (user, expected) in [
        (new("nina@x.example", "Nina Vale"), vec!["takeover"]),
        (new("nina@x.example", "Bo St"), vec!["takeover"]),
        (new("bob.vale@x.example", "Bob Vale"), vec![]),
        (new("bob.stone@x.example", "bstone"), vec![]),
        (new("bob@x.example", "Nina Vale"), vec![]),
    ] {
        assert_eq!(codes(&planned(&desired(vec![user], vec![]), &observed)), expected);
    }
}

#[test]
fn a_row_whose_number_lost_its_zeros_is_neither_created_nor_left_out() {
    let observed = account(vec![record(1, "ada@x.example").employee_id("00042")], &[]);
    for missing in [Missing::Block, Missing::List, Missing::Create] {
        for (number, expected) in
            [("42", vec!["unmatched-row"]), ("0042", vec!["unmatched-row"]), ("00042", vec![])]
        {
            let plan = planned(&desired(vec![row(number, missing)], vec![]), &observed);
            assert_eq!((codes(&plan), plan.changes.len()), (expected, 0), "{number}");
        }
    }
    let other = row("ada@x.example", Missing::List);
    let plan = planned(&desired(vec![other, row("42", Missing::List)], vec![]), &observed);
    assert_eq!(codes(&plan), Vec::<&str>::new(), "another row names who has the number");
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
        groups: groups.iter().map(|name| Located::unplaced(GroupName::observed(name))).collect(),
        left_out: Vec::new(),
        bounds: bounds(Limit::count(0)),
    }
}

/// Nothing is asked of an export but how much it may lose.
fn bounds(shrink: Limit) -> Bounds {
    Bounds { shrink, rows: 0, groups: 0, missing: Missing::Block, only: Vec::new() }
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
    let joins = Located::new(GroupName::observed("Paris"), Origin::at(1204));
    let ada = DesiredUser { groups: vec![joins], ..row("ada@x.example", Missing::Block) };
    let mut desired = desired(vec![ada], vec![group("Paris", DeclaredSource::Hr, &[])]);
    desired.exports.push(export(&["Oslo", "Paris"]));
    let plan = planned(&desired, &observed);
    assert_eq!(plan.changes[0].facts[0].origin, Origin::at(1204));
    let [(remark, origin)] = &losses(&plan)[..] else { panic!("{plan:?}") };
    assert!(remark.contains("no row of ") && remark.contains("hr/workers.csv (workday)"), "{remark}");
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

/// A group whose members are those who name it, as rows make one.
fn named_by_rows(name: &str) -> DesiredGroup {
    group(name, DeclaredSource::Hr, &[])
}

fn naming(mut user: DesiredUser, groups: &[&str]) -> DesiredUser {
    user.groups = groups.iter().map(|name| Located::unplaced(GroupName::observed(name))).collect();
    user
}

fn shrunk(plan: &Plan) -> Vec<(Phrase, u64, u64)> {
    let limits = plan.violations.iter().filter_map(|violation| match &violation.kind {
        ViolationKind::Limit { limit: LimitKind::Shrink, of: Some(of), planned, allowed } => {
            Some((of.clone(), *planned, *allowed))
        }
        _ => None,
    });
    limits.collect()
}

#[test]
fn nobody_leaves_a_group_while_a_row_of_it_matches_nobody_and_may_be_them() {
    let records = vec![
        record(1, "ada@x.example"),
        record(2, "bob@x.example").employee_id("E2"),
        record(3, "c@x.example"),
    ];
    let observed = account(records, &[(9, "X", GroupSource::Hr, &[1, 2])]);
    let ada = || naming(row("ada@x.example", Missing::List), &["X"]);
    let new = || naming(row("max@x.example", Missing::List), &["X"]);
    for (users, blockers) in [
        (vec![ada(), new()], vec!["unmatched-row"]),
        (vec![ada(), new(), row("bob@x.example", Missing::List)], vec![]),
        (vec![ada(), new().employee("E2")], vec![]),
        (vec![ada(), new().employee("E7")], vec![]),
        (vec![ada(), naming(row("max@x.example", Missing::List), &["Y"])], vec![]),
        (vec![ada()], vec![]),
        (vec![ada(), naming(row("bob@x.example", Missing::List), &["X"]), new()], vec![]),
    ] {
        let count = users.len();
        let plan = planned(&desired(users, vec![named_by_rows("X"), named_by_rows("Y")]), &observed);
        let kept: Vec<_> = codes(&plan).into_iter().filter(|code| *code != "empty-hr-group").collect();
        assert_eq!(kept, blockers, "{count} users");
    }
}

#[test]
fn nobody_leaves_a_group_while_a_row_of_it_blocks() {
    let observed = account(
        vec![record(1, "ada@x.example"), record(2, "bob@x.example")],
        &[(9, "X", GroupSource::Hr, &[1, 2])],
    );
    let users = vec![
        naming(row("ada@x.example", Missing::Block), &["X"]),
        naming(row("max@x.example", Missing::Block), &["X"]),
    ];
    let plan = planned(&desired(users, vec![named_by_rows("X")]), &observed);
    assert_eq!((codes(&plan), plan.changes.len()), (vec!["unmatched-row"], 0));
}

#[test]
fn a_group_and_an_export_may_lose_only_so_many_members() {
    let records = (1..=10).map(|id| record(id, &format!("u{id}@x.example"))).collect();
    let observed = account(
        records,
        &[(8, "X", GroupSource::Hr, &[1, 2, 3, 4, 5, 6]), (9, "Y", GroupSource::Hr, &[6, 7, 8, 9, 10])],
    );
    let user = |id: u64, groups: &[&str]| naming(row(&format!("u{id}@x.example"), Missing::Block), groups);
    let all = |leave: &[u64]| -> Vec<DesiredUser> {
        let x = (1..=6)
            .filter(|id| !leave.contains(id))
            .map(|id| user(id, if id == 6 { &["X", "Y"] } else { &["X"] }));
        x.chain((7..=10).map(|id| user(id, &["Y"]))).collect()
    };
    let violations = |users: Vec<DesiredUser>, shrink: Limit| {
        let mut wanted = desired(users, vec![named_by_rows("X"), named_by_rows("Y")]);
        wanted.policy.limits.leave_group = Limit::count(10);
        wanted.exports = vec![Export { bounds: bounds(shrink), ..export(&["X", "Y"]) }];
        shrunk(&planned(&wanted, &observed))
    };
    let counts =
        |found: Vec<(Phrase, u64, u64)>| found.into_iter().map(|it| (it.1, it.2)).collect::<Vec<_>>();
    assert_eq!(counts(violations(all(&[1, 2, 3]), Limit::share(5, 3))), []);
    assert_eq!(counts(violations(all(&[1, 2, 3, 4]), Limit::share(5, 3))), [(4, 3), (4, 3)]);
    assert_eq!(
        counts(violations(all(&[1, 2, 3, 4]), Limit::share(40, 3))),
        [(4, 3)],
        "40 % of 10 may go, of 6 only 3"
    );
    // Who moves from one group to the other is lost to the group and not to the export.
    let moved: Vec<DesiredUser> = (1..=4).map(|id| user(id, &["Y"])).chain(all(&[1, 2, 3, 4])).collect();
    assert_eq!(counts(violations(moved, Limit::share(5, 3))), [(4, 3)]);
}

#[test]
fn the_stricter_shrink_of_two_branches_holds_and_a_looser_one_is_said() {
    let observed = account(
        vec![record(1, "a@x.example"), record(2, "b@x.example")],
        &[(9, "X", GroupSource::Hr, &[1, 2])],
    );
    let mut wanted =
        desired(vec![naming(row("a@x.example", Missing::Block), &["X"])], vec![named_by_rows("X")]);
    wanted.exports = vec![Export { bounds: bounds(Limit::count(5)), ..export(&["X"]) }];
    let base = |shrink| Base {
        gap: None,
        policy: wanted.policy.clone(),
        allow: vec![],
        hr_group_type: "HRDC".into(),
        exports: vec![("workday".into(), bounds(shrink))],
    };
    for (shrink, violations, loosened) in
        [(Limit::count(5), 0, 0), (Limit::count(0), 2, 1), (Limit::count(9), 0, 0)]
    {
        let base = base(shrink);
        let plan =
            plan(&wanted, &observed, &Context { now: NOW, base: Some(&base), attempts: None, number: None })
                .unwrap();
        assert_eq!((shrunk(&plan).len(), plan.loosened.len()), (violations, loosened), "{shrink:?}");
    }
}

#[test]
fn an_export_of_which_the_base_branch_asked_for_more_is_said() {
    let observed = account(vec![record(1, "a@x.example")], &[]);
    let asked = Bounds {
        rows: 200,
        groups: 5,
        only: vec![Condition { key: "where", column: "status".into(), values: vec!["active".into()] }],
        ..bounds(Limit::count(0))
    };
    let loosened = |now: Option<Bounds>| {
        let mut wanted = desired(vec![row("a@x.example", Missing::Block)], vec![]);
        wanted.exports = now.into_iter().map(|bounds| Export { bounds, ..export(&[]) }).collect();
        let base = Base {
            gap: None,
            policy: wanted.policy.clone(),
            allow: vec![],
            hr_group_type: "HRDC".into(),
            exports: vec![("workday".into(), asked.clone())],
        };
        let context = Context { now: NOW, base: Some(&base), attempts: None, number: None };
        let plan = plan(&wanted, &observed, &context).unwrap();
        plan.loosened.iter().map(|notice| notice.message.clone()).collect::<Vec<_>>()
    };
    assert_eq!(loosened(Some(asked.clone())), []);
    let more = Bounds { rows: 300, groups: 6, ..asked.clone() };
    assert_eq!(loosened(Some(more)), [], "stricter");
    let gone = "hr.sources: workday is no longer read: none of its rows says a user or a group";
    assert_eq!(loosened(None), [Phrase::words(gone)]);
    let fewer = Bounds { rows: 100, groups: 0, missing: Missing::List, only: Vec::new(), ..asked.clone() };
    let said = [
        "hr.sources: expect.rows of workday: 200 → 100",
        "hr.sources: expect.groups of workday: 5 → 0",
        "hr.sources: rows of workday that match nobody are listed, and block no longer",
        "hr.sources: other rows of workday count: its `where` is another",
    ];
    assert_eq!(loosened(Some(fewer)), said.map(Phrase::words));
    let created = loosened(Some(Bounds { missing: Missing::Create, ..asked.clone() }));
    assert_eq!(created, [Phrase::words("hr.sources: workday creates users that the account does not have")]);
}

#[test]
fn which_file_said_it_is_shown_and_not_in_the_digest() {
    let observed = account(vec![record(1, "a@x.example")], &[]);
    let mut wanted =
        desired(vec![naming(row("a@x.example", Missing::Block), &["X"])], vec![named_by_rows("X")]);
    let without = planned(&wanted, &observed);
    wanted.exports = vec![export(&["X"])];
    let plan = planned(&wanted, &observed);
    assert_eq!((plan.digest, plan.exports.len()), (without.digest, 1));
}
