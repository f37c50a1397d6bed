//! What the planner makes of small accounts, case by case.

use crate::model::{
    Act, AutoEmails, Cause, DeclaredSource, Delta, Edit, Email, ExclusionState, Field, GroupSource,
    Identifier, LeaveOut, Located, Members, NameMatch, Object, Recreate, Severity, Tracking, Verb, Writer,
};
use crate::plan::tests::build::{
    account, codes, declared, desired, emails, exclusion, group, login, planned, record, reference, rule,
};
use crate::plan::{Base, Context, Digest, Fate, LimitKind, PhaseKind, Plan, ViolationKind, plan};

fn edits(plan: &Plan) -> Vec<Edit> {
    plan.steps()
        .filter_map(|step| match &step.act {
            Act::EditUser { edits, .. } => Some(edits.clone()),
            _ => None,
        })
        .flatten()
        .collect()
}

fn limits(plan: &Plan) -> Vec<(LimitKind, u64, u64)> {
    plan.violations
        .iter()
        .filter_map(|violation| match violation.kind {
            ViolationKind::Limit { limit, planned, allowed, .. } => Some((limit, planned, allowed)),
            ViolationKind::Protected { .. } | ViolationKind::Unproved => None,
        })
        .collect()
}

#[test]
fn a_list_that_is_absent_is_left_alone_an_empty_one_empties_and_a_present_one_is_whole() {
    let observed =
        account(vec![record(1, "a@x.example").email("b@x.example", Writer::Other).employee_id("E1")], &[]);
    let remove = |text| Edit::Remove(Identifier::Email(Email::observed(text)));
    let add = |text| Edit::Add(Identifier::Email(Email::observed(text)));
    for (list, expected) in [
        (Members::Leave, vec![]),
        (Members::Exactly(vec![]), vec![remove("a@x.example"), remove("b@x.example")]),
        (emails(&["A@x.example", "c@x.example"]), vec![add("c@x.example"), remove("b@x.example")]),
        (emails(&["b@x.example", "a@x.example"]), vec![]),
    ] {
        let mut user = declared("unused@x.example").employee("E1");
        user.emails = list;
        let plan = planned(&desired(vec![user], vec![]), &observed);
        assert_eq!((codes(&plan), edits(&plan)), (vec![], expected));
    }
}

#[test]
fn placeholder_and_auto_detected_emails_stay_unless_the_policy_removes_them() {
    let user = record(1, "ada@x.example").email("ada@ACME", Writer::Other).agent("ACME\\ada");
    let observed = account(vec![user.email("found@x.example", Writer::Account)], &[]);
    let mut wanted = desired(vec![declared("ada@x.example")], vec![]);
    assert!(planned(&wanted, &observed).is_empty());
    wanted.policy.auto_emails = Located::unplaced(AutoEmails::Remove);
    assert_eq!(edits(&planned(&wanted, &observed)).len(), 2);
}

#[test]
fn the_last_identifier_is_never_taken() {
    let observed = account(vec![record(1, "a@x.example").called("Ada")], &[]);
    let mut user = declared("a@x.example").named("Ada");
    user.formerly = vec![Located::unplaced(Identifier::Email(Email::observed("a@x.example")))];
    user.emails = Members::Exactly(vec![]);
    let plan = planned(&desired(vec![user], vec![]), &observed);
    assert_eq!(codes(&plan), ["no-identifier"]);
    assert!(plan.is_empty());
}

#[test]
fn a_case_only_difference_is_equal_for_identifiers_and_an_update_for_names() {
    let observed = account(vec![record(1, "A@X.example").called("ada")], &[]);
    let plan = planned(&desired(vec![declared("a@x.example").named("Ada")], vec![]), &observed);
    assert!(matches!(&edits(&plan)[..], [Edit::Name { to, .. }] if to.as_written() == "Ada"));
}

#[test]
fn matches_that_are_not_sure_block() {
    let ada = || record(1, "ada@x.example").called("Ada").employee_id("E1");
    let bob = || record(2, "bob@x.example").called("Bob").employee_id("E2");
    let both = || account(vec![ada(), bob()], &[]);
    let two_emails =
        |user: crate::model::DesiredUser, list| crate::model::DesiredUser { emails: emails(list), ..user };
    let cases = [
        (vec![two_emails(declared(""), &["ada@x.example", "bob@x.example"])], "two-records"),
        (vec![declared("ada@x.example"), declared("n@x.example").employee("E1")], "one-record-twice"),
        (vec![declared("new@x.example").named("ADA")], "same-user"),
        (vec![declared("ada@x.example").employee("E9")], "takeover"),
        (vec![declared("ada@x.example").named("Nina").employee("E9")], "takeover"),
        (vec![declared("ada@x.example").named("Bob")], "value-taken"),
    ];
    for (at, (users, code)) in cases.into_iter().enumerate() {
        let plan = planned(&desired(users, vec![]), &both());
        assert_eq!(codes(&plan).first(), Some(&code), "case {at}: {:?}", plan.blockers);
    }
}

#[test]
fn a_former_identifier_settles_a_takeover_and_a_name_may_match_if_it_is_told_to() {
    let observed = account(vec![record(1, "ada@x.example").called("Ada").employee_id("E1")], &[]);
    let mut same_human = declared("ada@x.example").employee("E9");
    same_human.formerly =
        vec![Located::unplaced(Identifier::EmployeeId(crate::model::EmployeeId::observed("E1")))];
    let mut by_name = declared("new@x.example").named("Ada");
    by_name.match_name = NameMatch::Same;
    for user in [same_human, by_name] {
        let plan = planned(&desired(vec![user], vec![]), &observed);
        assert_eq!(codes(&plan), Vec::<&str>::new());
        assert!(plan.changes.iter().all(|change| change.verb == Verb::Update));
    }
}

#[test]
fn untracking_counts_everybody_its_rules_hit() {
    let users = vec![
        record(1, "ada@x.example").called("Ada").agent("ACME\\ada"),
        record(2, "byron@x.example").called("Ada Byron").agent("OTHER\\ada"),
        record(3, "gone@x.example").agent("THIRD\\ada").untracked(),
    ];
    let wanted = desired(vec![declared("ada@x.example").tracked(Tracking::Untracked)], vec![]);
    let plan = planned(&wanted, &account(users.clone(), &[]));
    let consequence = plan.changes.iter().find(|change| change.origin.offset().is_none() && change.id.0 == 1);
    let fact = &consequence.expect("a change of the user who is hit").facts[0];
    assert_eq!((fact.field, fact.cause), (Field::Tracking, Cause::Consequence));
    assert_eq!(plan.steps().count(), 1);
    // With the limit at one, the cause alone would pass and cause and consequence do not.
    let mut strict = wanted;
    strict.policy.limits.untrack = crate::model::Limit::count(1);
    assert_eq!(limits(&planned(&strict, &account(users, &[]))), [(LimitKind::Untrack, 2, 1)]);
}

#[test]
fn whoever_was_hit_before_is_not_hit_again() {
    let users =
        vec![record(1, "ada@x.example").agent("ACME\\ada"), record(2, "byron@x.example").agent("OTHER\\ada")];
    let mut observed = account(users, &[]);
    observed.exclusions.push(rule(9, "*\\ada"));
    let wanted = desired(vec![declared("ada@x.example").tracked(Tracking::Untracked)], vec![]);
    assert_eq!(planned(&wanted, &observed).changes.len(), 1);
}

#[test]
fn declared_tracked_removes_leftover_exclusions_and_counts_as_tracking() {
    let mut observed = account(vec![record(1, "ada@x.example")], &[]);
    observed.exclusions = vec![rule(7, "*\\ada"), rule(8, "*\\ada@x.example"), rule(9, "*\\else")];
    let mut wanted = desired(vec![declared("ada@x.example").tracked(Tracking::Tracked)], vec![]);
    wanted.policy.limits.track = crate::model::Limit::count(0);
    let plan = planned(&wanted, &observed);
    let removed: Vec<u64> = plan
        .steps()
        .filter_map(|step| match step.act {
            Act::RemoveExclusion { id, .. } => Some(id.0),
            _ => None,
        })
        .collect();
    assert_eq!(removed, [7, 8]);
    assert_eq!(limits(&plan), [(LimitKind::Track, 1, 0)]);
    wanted.exclusions = vec![exclusion("*\\ada", ExclusionState::Present)];
    assert_eq!(codes(&planned(&wanted, &observed)), ["exclusion-hits-tracked"]);
}

#[test]
fn a_leftover_that_goes_counts_everybody_it_stopped() {
    let mut observed = account(
        vec![
            record(1, "bob@x.example"),
            record(2, "bob@y.example"),
            record(3, "ceo@x.example").agent("HOME\\bob"),
            record(4, "bob@z.example"),
        ],
        &[],
    );
    observed.exclusions = vec![rule(7, "*\\bob")];
    let tracked = |email| declared(email).tracked(Tracking::Tracked);
    let mut wanted = desired(vec![tracked("bob@x.example"), tracked("bob@y.example")], vec![]);
    wanted.policy.limits.track = crate::model::Limit::count(0);
    assert_eq!(limits(&planned(&wanted, &observed)), [(LimitKind::Track, 3, 0)]);
    for protected in ["bob@y.example", "ceo@x.example", "bob@z.example"] {
        wanted.policy.protected_users = vec![reference(protected)];
        let plan = planned(&wanted, &observed);
        assert!(plan.violations.len() > 1, "{protected} is touched");
    }
}

#[test]
fn an_exclusion_never_hits_a_tracked_user_and_says_when_it_erases() {
    let users = |tracking| {
        let mut user = record(1, "ada@x.example").agent("ACME\\svc");
        user.tracking = tracking;
        account(vec![user], &[])
    };
    let mut wanted = desired(vec![declared("ada@x.example")], vec![]);
    wanted.exclusions = vec![exclusion("*\\svc", ExclusionState::Present)];
    assert_eq!(codes(&planned(&wanted, &users(Tracking::Tracked))), ["exclusion-hits-tracked"]);
    let plan = planned(&wanted, &users(Tracking::Untracked));
    assert_eq!(plan.changes[0].severity, Severity::Irreversible);
    assert_eq!(limits(&plan), [(LimitKind::EraseHistory, 1, 0)]);
}

#[test]
fn an_approved_exclusion_lets_nobody_else_lose_their_history() {
    let svc = |at: u64| record(at, &format!("u{at}@x.example")).agent("ACME\\svc").untracked();
    let mut wanted = desired(vec![declared("ada@x.example")], vec![]);
    wanted.exclusions = vec![exclusion("*\\svc", ExclusionState::Present)];
    let one = planned(&wanted, &account(vec![record(1, "ada@x.example"), svc(2)], &[]));
    let two = planned(&wanted, &account(vec![record(1, "ada@x.example"), svc(2), svc(3)], &[]));
    let lost = |plan: &Plan| plan.changes[0].facts.iter().filter(|fact| fact.field == Field::History).count();
    assert_eq!((lost(&one), lost(&two)), (3, 6), "for each: that it goes, whose it is, and the agent");
    assert_ne!(one.digest, two.digest);
    assert_eq!(two.changed_users.total(), 2);
}

#[test]
fn an_exclusion_erases_also_what_nobody_knows_the_age_of() {
    let mut ada = record(1, "ada@x.example").agent("ACME\\svc").untracked();
    ada.agents[0].first_log = None;
    ada.agents[0].last_log = None;
    let mut wanted = desired(vec![declared("ada@x.example")], vec![]);
    wanted.exclusions = vec![exclusion("*\\svc", ExclusionState::Present)];
    assert_eq!(limits(&planned(&wanted, &account(vec![ada], &[]))), [(LimitKind::EraseHistory, 1, 0)]);
}

#[test]
fn removing_an_exclusion_is_over_the_default_limit() {
    let mut observed = account(vec![record(1, "ada@x.example")], &[]);
    observed.exclusions = vec![rule(7, "*\\svc")];
    let mut wanted = desired(vec![declared("ada@x.example")], vec![]);
    wanted.exclusions = vec![exclusion("*\\SVC", ExclusionState::Absent)];
    assert_eq!(limits(&planned(&wanted, &observed)), [(LimitKind::RemoveExclusions, 1, 0)]);
}

fn three() -> Vec<crate::model::ObservedUser> {
    (1..=3).map(|at| record(at, &format!("u{at}@x.example")).employee_id(&format!("E{at}"))).collect()
}

#[test]
fn a_group_of_another_source_is_never_written() {
    let observed = account(
        three(),
        &[
            (11, "Azure", GroupSource::Directory, &[1]),
            (12, "Hr", GroupSource::Hr, &[1]),
            (13, "Scim", GroupSource::Scim, &[1]),
            (14, "Other", GroupSource::Foreign("Thing".into()), &[1]),
        ],
    );
    for (name, code) in [
        ("Azure", "read-only-group"),
        ("Hr", "source-change"),
        ("Scim", "read-only-group"),
        ("Other", "read-only-group"),
    ] {
        let changed = group(name, DeclaredSource::App, &["u1@x.example", "u2@x.example"]);
        let plan = planned(&desired(vec![declared("u1@x.example")], vec![changed]), &observed);
        assert_eq!((codes(&plan), plan.steps().count()), (vec![code], 0), "{name}");
    }
    let same = group("Azure", DeclaredSource::App, &["u1@x.example"]);
    let plan = planned(&desired(vec![declared("u1@x.example")], vec![same]), &observed);
    assert_eq!((codes(&plan), plan.is_empty()), (vec![], true));
}

#[test]
fn a_declared_hr_group_may_not_take_the_name_of_another_source() {
    let observed = account(three(), &[(11, "Sales", GroupSource::App, &[1])]);
    let wanted = group("sales", DeclaredSource::Hr, &["u1@x.example"]);
    let plan = planned(&desired(vec![declared("u1@x.example")], vec![wanted]), &observed);
    assert_eq!((codes(&plan), plan.snapshot.is_none()), (vec!["source-change"], true));
}

#[test]
fn a_snapshot_carries_every_group_that_no_manifest_declares() {
    let observed = account(
        three(),
        &[
            (11, "London", GroupSource::Hr, &[1]),
            (12, "Oslo", GroupSource::Hr, &[2, 3]),
            (13, "App", GroupSource::App, &[1]),
        ],
    );
    let london = group("London", DeclaredSource::Hr, &["u1@x.example", "E2"]);
    let plan = planned(&desired(vec![declared("u1@x.example")], vec![london]), &observed);
    let snapshot = plan.snapshot.as_ref().expect("a snapshot");
    let csv = String::from_utf8_lossy(&snapshot.snapshot.csv).into_owned();
    assert_eq!(csv, "user_lookup_id,group\nE1,London\nE2,London\nE2,Oslo\nE3,Oslo\n");
    let fates: Vec<Fate> = snapshot.groups.iter().map(|group| group.fate).collect();
    assert_eq!(fates, [Fate::Changed, Fate::Carried]);
    assert_eq!(plan.groups_to_prove(&observed).iter().map(|id| id.0).collect::<Vec<_>>(), [11, 12]);
}

#[test]
fn a_set_that_would_not_change_is_not_sent() {
    let observed = account(three(), &[(11, "London", GroupSource::Hr, &[1, 2])]);
    let london = group("London", DeclaredSource::Hr, &["E2", "u1@x.example"]);
    let plan = planned(&desired(vec![declared("u1@x.example")], vec![london]), &observed);
    assert!(plan.is_empty() && plan.snapshot.is_none());
}

#[test]
fn a_set_is_never_emptied_and_no_group_of_it_is_left_empty() {
    let observed = account(three(), &[(11, "London", GroupSource::Hr, &[1, 2])]);
    let users = || vec![declared("u1@x.example")];
    let mut gone = group("London", DeclaredSource::Hr, &[]);
    gone.members = Members::Leave;
    gone.state = crate::model::GroupState::Deleted(crate::model::Origin::NONE);
    let plan = planned(&desired(users(), vec![gone]), &observed);
    assert_eq!((codes(&plan), plan.snapshot.is_none()), (vec!["empty-set"], true));
    let empty = group("Paris", DeclaredSource::Hr, &[]);
    assert_eq!(codes(&planned(&desired(users(), vec![empty]), &observed)), ["empty-hr-group"]);
}

#[test]
fn an_hr_group_is_renamed_only_by_being_made_anew_and_counts_as_deleted() {
    let observed =
        account(three(), &[(11, "London", GroupSource::Hr, &[1]), (12, "Oslo", GroupSource::Hr, &[2])]);
    let mut renamed = group("London office", DeclaredSource::Hr, &["E1"]);
    renamed.formerly = vec![Located::unplaced(crate::model::GroupName::observed("London"))];
    let users = || vec![declared("u1@x.example")];
    assert_eq!(codes(&planned(&desired(users(), vec![renamed.clone()]), &observed)), ["hr-rename"]);
    renamed.recreate = Recreate::Allowed(crate::model::Origin::NONE);
    let mut wanted = desired(users(), vec![renamed]);
    wanted.policy.limits.delete_groups = crate::model::Limit::count(0);
    let plan = planned(&wanted, &observed);
    assert_eq!(codes(&plan), Vec::<&str>::new());
    assert_eq!(limits(&plan), [(LimitKind::DeleteGroups, 1, 0)]);
    assert!(plan.changes.iter().any(|change| change.severity == Severity::Irreversible));
}

#[test]
fn a_lookup_value_is_held_by_one_user_before_and_after() {
    let users = vec![
        record(1, "one@x.example").employee_id("e1"),
        record(2, "two@x.example").employee_id("E1"),
        record(3, "u@x.example"),
    ];
    let observed = account(users, &[(11, "London", GroupSource::Hr, &[1])]);
    let london = group("London", DeclaredSource::Hr, &["one@x.example", "two@x.example", "new@x.example"]);
    let mut moved = declared("changed@x.example");
    moved.formerly = vec![Located::unplaced(Identifier::Email(Email::observed("u@x.example")))];
    let wanted = desired(vec![moved, declared("new@x.example")], vec![london.clone()]);
    let plan = planned(&wanted, &observed);
    let csv = String::from_utf8_lossy(&plan.snapshot.expect("a snapshot").snapshot.csv).into_owned();
    assert_eq!(
        csv,
        "user_lookup_id,group\nnew@x.example,London\none@x.example,London\ntwo@x.example,London\n"
    );
    let mut with_moved = london;
    with_moved.members = Members::Exactly(vec![reference("changed@x.example")]);
    let plan = planned(&desired(wanted.users.clone(), vec![with_moved]), &observed);
    assert_eq!(codes(&plan), ["no-lookup-value"]);
}

#[test]
fn a_carried_member_without_a_lookup_value_blocks_until_left_out() {
    let mut lost = record(9, "x@x.example");
    lost.emails.clear();
    lost.device_logins.push(login("ACME\\lost"));
    let mut users = three();
    users.push(lost);
    let observed =
        account(users, &[(11, "London", GroupSource::Hr, &[1]), (12, "Oslo", GroupSource::Hr, &[2, 9])]);
    let london = group("London", DeclaredSource::Hr, &["E1", "E3"]);
    let mut wanted = desired(vec![declared("u1@x.example")], vec![london]);
    assert_eq!(codes(&planned(&wanted, &observed)), ["no-lookup-value"]);
    let group = Located::unplaced(crate::model::GroupName::observed("Oslo"));
    wanted.leave_out = vec![LeaveOut { group, user: reference("ACME\\lost") }];
    let plan = planned(&wanted, &observed);
    assert_eq!(codes(&plan), Vec::<&str>::new());
    let leaves = |change: &crate::model::Change| {
        change.facts.iter().any(|fact| matches!(fact.delta, Delta::Remove(_)) && fact.field == Field::Member)
    };
    assert_eq!(plan.changes.iter().filter(|change| leaves(change)).count(), 1);
}

#[test]
fn a_group_whose_source_is_not_known_stops_a_snapshot_but_nothing_else() {
    let foreign = |name: &str| GroupSource::Foreign(name.into());
    let hr = || group("Paris", DeclaredSource::Hr, &["E1", "E2"]);
    let app = || group("App", DeclaredSource::App, &["E1"]);
    let users = || vec![declared("u1@x.example")];
    let london = (11, "London", GroupSource::Hr, &[1][..]);
    let cases = [
        (vec![london.clone(), (12, "Odd", foreign(""), &[2][..])], vec!["unknown-source"]),
        // With no HR group in sight, the type of HR groups may be said wrong.
        (vec![(12, "Odd", foreign("Workday"), &[2][..])], vec!["unknown-source"]),
        (vec![london, (12, "Odd", foreign("Workday"), &[2][..])], vec![]),
    ];
    for (groups, expected) in cases {
        let observed = account(three(), &groups);
        assert_eq!(codes(&planned(&desired(users(), vec![hr()]), &observed)), expected);
        assert_eq!(codes(&planned(&desired(users(), vec![app()]), &observed)), Vec::<&str>::new());
    }
}

#[test]
fn two_hr_groups_of_one_name_stop_a_snapshot() {
    let observed =
        account(three(), &[(11, "London", GroupSource::Hr, &[1]), (12, "LONDON", GroupSource::Hr, &[2])]);
    let paris = group("Paris", DeclaredSource::Hr, &["E1"]);
    let plan = planned(&desired(vec![declared("u1@x.example")], vec![paris]), &observed);
    assert_eq!(codes(&plan), ["unknown-source"]);
}

#[test]
fn a_name_that_no_row_says_or_that_may_be_read_as_another_stops_a_snapshot() {
    let codes_of = |other: &str| {
        let groups = [(11, "Plain", GroupSource::Hr, &[1][..]), (12, other, GroupSource::Hr, &[2])];
        let paris = group("Paris", DeclaredSource::Hr, &["E1"]);
        codes(&planned(&desired(vec![declared("u1@x.example")], vec![paris]), &account(three(), &groups)))
    };
    for other in ["PLAIN", " Plain ", "Pla\u{131}n", "P\u{131}ain\u{7}", "", " ", "\0"] {
        assert_eq!(codes_of(other), ["unknown-source"], "{other:?}");
    }
    for other in ["Plains", "Pla\u{ef}n", "Pla in"] {
        assert_eq!(codes_of(other), Vec::<&str>::new(), "{other:?}");
    }
}

#[test]
fn a_carried_group_without_a_row_blocks_as_it_would_be_deleted() {
    let paris = group("Paris", DeclaredSource::Hr, &["E3"]);
    let mut wanted = desired(vec![declared("u1@x.example")], vec![paris]);
    let empty =
        account(three(), &[(11, "London", GroupSource::Hr, &[1]), (12, "Oslo", GroupSource::Hr, &[])]);
    assert_eq!(codes(&planned(&wanted, &empty)), ["empty-hr-group"]);
    let left = |user| LeaveOut {
        group: Located::unplaced(crate::model::GroupName::observed("Oslo")),
        user: reference(user),
    };
    wanted.leave_out = vec![left("E1"), left("E2")];
    let full =
        account(three(), &[(11, "London", GroupSource::Hr, &[1]), (12, "Oslo", GroupSource::Hr, &[1, 2])]);
    assert_eq!(codes(&planned(&wanted, &full)), ["empty-hr-group"]);
}

#[test]
fn a_lookup_value_that_the_run_gives_to_another_is_not_used() {
    let ada = record(1, "ada@x.example").employee_id("E1");
    let fay = record(2, "fay@x.example").employee_id("ada.upn@x.example");
    let observed = account(vec![ada.upn("ada.upn@x.example"), fay], &[(11, "London", GroupSource::Hr, &[1])]);
    let paris = || group("Paris", DeclaredSource::Hr, &["fay@x.example"]);
    let mut fay = declared("fay@x.example");
    fay.employee_ids = Members::AtLeast(vec![Located::unplaced(crate::model::EmployeeId::observed("e1"))]);
    fay.formerly = vec![Located::unplaced(Identifier::EmployeeId(crate::model::EmployeeId::observed(
        "ada.upn@x.example",
    )))];
    let created = declared("new@x.example").employee("e1");
    for mut users in [vec![fay], vec![declared("fay@x.example"), created]] {
        // Declared, so that nobody asks whether `e1` is Ada's `E1`.
        users.push(declared("ada@x.example"));
        let plan = planned(&desired(users, vec![paris()]), &observed);
        assert_eq!(codes(&plan), Vec::<&str>::new());
        let csv = String::from_utf8_lossy(&plan.snapshot.expect("a snapshot").snapshot.csv).into_owned();
        // Neither the ID that clashes nor the UPN that is somebody's ID: only the email is Ada's alone.
        assert_eq!(csv, "user_lookup_id,group\nada@x.example,London\nfay@x.example,Paris\n");
    }
}

#[test]
fn a_group_in_the_account_is_named_byte_for_byte() {
    let observed = account(three(), &[(11, "Zu\u{308}rich", GroupSource::Hr, &[1])]);
    let paris = group("Paris", DeclaredSource::Hr, &["E2"]);
    let plan = planned(&desired(vec![declared("u1@x.example")], vec![paris]), &observed);
    let csv = plan.snapshot.expect("a snapshot").snapshot.csv.clone();
    assert!(String::from_utf8_lossy(&csv).contains("E1,Zu\u{308}rich\n"));
}

#[test]
fn a_group_to_delete_is_of_the_source_that_is_written() {
    let observed = account(
        three(),
        &[
            (11, "Oslo", GroupSource::App, &[1]),
            (12, "OSLO", GroupSource::Hr, &[2]),
            (13, "London", GroupSource::Hr, &[3]),
        ],
    );
    let gone = |name: &str, source| {
        let mut group = group(name, DeclaredSource::App, &[]);
        group.source = source;
        group.members = Members::Leave;
        group.state = crate::model::GroupState::Deleted(crate::model::Origin::NONE);
        planned(&desired(vec![declared("u1@x.example")], vec![group]), &observed)
    };
    let deleted = |plan: &Plan| -> Vec<u64> {
        plan.changes
            .iter()
            .filter_map(|change| match change.object {
                Object::Group { id, .. } => id.map(|id| id.0),
                _ => None,
            })
            .collect()
    };
    assert_eq!(deleted(&gone("Oslo", Some(DeclaredSource::App))), [11]);
    assert_eq!(deleted(&gone("Oslo", Some(DeclaredSource::Hr))), [12]);
    for plan in [gone("Oslo", None), gone("London", Some(DeclaredSource::App))] {
        assert_eq!((codes(&plan), deleted(&plan)), (vec!["source-change"], vec![]));
    }
}

#[test]
fn an_hr_group_is_not_made_anew_from_an_app_group() {
    let observed = account(three(), &[(11, "Engineering", GroupSource::App, &[1])]);
    let mut anew = group("Eng HR", DeclaredSource::Hr, &["E1"]);
    anew.formerly = vec![Located::unplaced(crate::model::GroupName::observed("Engineering"))];
    anew.recreate = Recreate::Allowed(crate::model::Origin::NONE);
    let plan = planned(&desired(vec![declared("u1@x.example")], vec![anew]), &observed);
    assert_eq!((codes(&plan), plan.is_empty()), (vec!["source-change"], true));
}

#[test]
fn an_exclusion_that_stands_on_a_tracked_users_identifier_blocks_without_an_agent_too() {
    let observed = account(vec![record(1, "dee@x.example")], &[]);
    let mut wanted = desired(vec![declared("dee@x.example")], vec![]);
    wanted.exclusions = vec![exclusion("*\\dee", ExclusionState::Present)];
    assert_eq!(codes(&planned(&wanted, &observed)), ["exclusion-hits-tracked"]);
}

#[test]
fn deletions_wait_for_the_upload() {
    let observed =
        account(three(), &[(11, "London", GroupSource::Hr, &[1]), (12, "Old", GroupSource::App, &[2])]);
    let mut old = group("Old", DeclaredSource::App, &[]);
    old.members = Members::Leave;
    old.state = crate::model::GroupState::Deleted(crate::model::Origin::NONE);
    let london = group("London", DeclaredSource::Hr, &["E1", "E2"]);
    let plan = planned(&desired(vec![declared("u1@x.example")], vec![old, london]), &observed);
    let kinds: Vec<PhaseKind> = plan.phases.iter().map(|phase| phase.kind).collect();
    assert_eq!(kinds, [PhaseKind::Snapshot, PhaseKind::Deletions]);
    let upload = plan.phases[0].steps[0].id;
    assert_eq!(plan.phases[1].steps[0].needs, [upload]);
}

#[test]
fn leaving_one_group_is_limited_by_that_group_alone() {
    let users: Vec<_> = (1..=20).map(|at| record(at, &format!("u{at}@x.example"))).collect();
    let all: Vec<u64> = (1..=20).collect();
    let observed =
        account(users, &[(11, "Big", GroupSource::App, &all), (12, "Small", GroupSource::App, &all[..4])]);
    let stay: Vec<String> = (1..=13).map(|at| format!("u{at}@x.example")).collect();
    let stay: Vec<&str> = stay.iter().map(String::as_str).collect();
    let groups =
        vec![group("Big", DeclaredSource::App, &stay), group("Small", DeclaredSource::App, &stay[..1])];
    let plan = planned(&desired(vec![declared("u1@x.example")], groups), &observed);
    assert_eq!(limits(&plan), [(LimitKind::LeaveGroup, 7, 6)]);
}

#[test]
fn protected_users_and_groups_are_protected_from_indirect_changes_too() {
    let observed = account(three(), &[(11, "Executives", GroupSource::App, &[1])]);
    let mut wanted = desired(
        vec![declared("u2@x.example")],
        vec![group("Executives", DeclaredSource::App, &["E1", "E2"])],
    );
    wanted.policy.protected_users = vec![reference("E2")];
    wanted.policy.protected_groups = vec![Located::unplaced(crate::model::GroupName::observed("EXECUTIVES"))];
    let plan = planned(&wanted, &observed);
    let protected =
        plan.violations.iter().filter(|v| matches!(v.kind, ViolationKind::Protected { .. })).count();
    assert_eq!(protected, 2);
}

#[test]
fn protections_see_deleted_groups_new_names_and_rules_that_come_and_go() {
    let protect = |wanted: &mut crate::model::Desired| {
        wanted.policy.protected_users = vec![reference("E1")];
        wanted.policy.protected_groups =
            vec![Located::unplaced(crate::model::GroupName::observed("Leadership"))];
    };
    let groups = [(11, "Sales", GroupSource::App, &[1, 2][..])];
    let user = || vec![declared("u2@x.example")];
    let mut deleted = group("Sales", DeclaredSource::App, &[]);
    deleted.members = Members::Leave;
    deleted.state = crate::model::GroupState::Deleted(crate::model::Origin::NONE);
    let mut renamed = group("Leadership", DeclaredSource::App, &["E1", "E2"]);
    renamed.formerly = vec![Located::unplaced(crate::model::GroupName::observed("Sales"))];
    let leftover = desired(vec![declared("u1@x.example").tracked(Tracking::Tracked)], vec![]);
    let mut lifted = desired(user(), vec![]);
    lifted.exclusions = vec![exclusion("*\\u1", ExclusionState::Absent)];
    let mut with_rule = account(three(), &groups);
    with_rule.exclusions = vec![rule(7, "*\\u1")];
    let mut cases = [
        (desired(user(), vec![deleted]), account(three(), &groups)),
        (desired(user(), vec![renamed]), account(three(), &groups)),
        (leftover, with_rule.clone()),
        (lifted, with_rule),
    ];
    for (at, (wanted, observed)) in cases.iter_mut().enumerate() {
        protect(wanted);
        wanted.policy.limits.remove_exclusions = crate::model::Limit::count(9);
        // The protected group must be somewhere for a plan to be made at all.
        if !wanted.groups.iter().any(|group| group.name.value.key() == "leadership") {
            let mut other = group("Leadership", DeclaredSource::App, &[]);
            other.members = Members::Leave;
            other.state = crate::model::GroupState::Deleted(crate::model::Origin::NONE);
            wanted.groups.push(other);
        }
        let plan = planned(wanted, observed);
        let protected =
            |violation: &&crate::plan::Violation| matches!(violation.kind, ViolationKind::Protected { .. });
        assert_eq!(plan.violations.iter().filter(protected).count(), 1, "case {at}: {:?}", plan.violations);
    }
}

#[test]
fn the_stricter_of_two_policies_holds_and_loosening_is_said() {
    let observed = account(three(), &[]);
    let users = vec![declared("u1@x.example").tracked(Tracking::Untracked)];
    let mut wanted = desired(users, vec![]);
    let mut base = Base {
        gap: None,
        policy: wanted.policy.clone(),
        allow: vec![],
        hr_group_type: "HRDC".into(),
        exports: vec![],
    };
    base.policy.limits.untrack = crate::model::Limit::count(0);
    wanted.policy.limits.untrack = crate::model::Limit::count(5);
    let context = Context { now: super::build::NOW, base: Some(&base), attempts: None, number: None };
    let plan = plan(&wanted, &observed, &context).expect("the whole picture");
    assert_eq!(limits(&plan), [(LimitKind::Untrack, 1, 0)]);
    assert_eq!(plan.loosened.len(), 1);
}

#[test]
fn half_a_picture_gives_no_plan() {
    let mut wanted = desired(vec![declared("u1@x.example")], vec![]);
    wanted.policy.minimum.users = Located::unplaced(4);
    wanted.policy.minimum.groups = Located::unplaced(1);
    wanted.policy.minimum.declared_users = Located::unplaced(2);
    wanted.policy.protected_users = vec![reference("nobody@x.example")];
    let context = Context { now: super::build::NOW, base: None, attempts: None, number: None };
    let reasons = plan(&wanted, &account(three(), &[]), &context).expect_err("too little");
    assert_eq!(reasons.len(), 4);
}

#[test]
fn the_digest_follows_what_would_be_done_and_nothing_else() {
    let digest = |wanted: &crate::model::Desired, observed: &crate::model::Observed| -> Digest {
        planned(wanted, observed).digest
    };
    let observed = account(three(), &[]);
    let wanted = desired(vec![declared("u1@x.example").named("Ada")], vec![]);
    let first = digest(&wanted, &observed);
    let mut unrelated = observed.clone();
    unrelated.users[2].revision.0 += 1;
    unrelated.users[2].display_name = Some(crate::model::DisplayName::observed("Else"));
    assert_eq!(digest(&wanted, &unrelated), first);
    let mut moved = wanted.clone();
    moved.users[0].origin = crate::model::Origin::at(77);
    assert_eq!(digest(&moved, &observed), first);
    let mut policy = wanted.clone();
    policy.policy.limits.untrack = crate::model::Limit::count(1);
    assert_ne!(digest(&policy, &observed), first);
    let other = desired(vec![declared("u1@x.example").named("ada")], vec![]);
    assert_ne!(digest(&other, &observed), first);
    let access = crate::model::Access::Shown(crate::model::Family::Identity);
    let reach = crate::model::Reach::everything().with(crate::model::Topic::Removal, access);
    assert_ne!(digest(&wanted, &observed.clone().within(reach)), first);
}

/// How users are tracked by consequence of a plan.
fn turned(plan: &Plan) -> Vec<(u64, String)> {
    let of = |change: &crate::model::Change| {
        let Object::User(label) = &change.object else { return None };
        let fact = change.facts.iter().find(|fact| fact.cause == Cause::Consequence)?;
        match &fact.delta {
            Delta::Set { to: crate::model::Piece::Plain(to), .. } => Some((label.record?.0, to.to_string())),
            _ => None,
        }
    };
    plan.changes.iter().filter_map(of).collect()
}

#[test]
fn whoever_a_rule_stopped_is_tracked_again_once_it_goes_unless_another_stops_them() {
    let users = || {
        let ada = record(1, "ada@x.example").untracked();
        let namesake = record(2, "byron@x.example").agent("OTHER\\ada").agent("THIRD\\ada");
        vec![ada, namesake, record(3, "svc@x.example").agent("ACME\\kiosk")]
    };
    let mut observed = account(users(), &[]);
    observed.exclusions = vec![rule(1, "*\\kiosk"), rule(2, "*\\kiosk"), rule(3, "ACME\\kiosk")];
    let tracked = desired(vec![declared("ada@x.example").tracked(Tracking::Tracked)], vec![]);
    let plan = planned(&tracked, &observed);
    assert_eq!(turned(&plan), [(2, "tracked".to_owned())]);
    assert_eq!(limits(&plan), []);

    let mut lifted = desired(vec![declared("ada@x.example")], vec![]);
    lifted.exclusions = vec![exclusion("*\\kiosk", ExclusionState::Absent)];
    assert_eq!(turned(&planned(&lifted, &observed)), [], "a rule on one domain still stops the kiosk");
    lifted.exclusions.push(exclusion("ACME\\kiosk", ExclusionState::Absent));
    let plan = planned(&lifted, &observed);
    assert_eq!(turned(&plan), [(3, "tracked".to_owned())]);
    assert_eq!(plan.steps().count(), 3, "a rule that is there twice goes twice");
    lifted.policy.limits.track = crate::model::Limit { at_least: 0, ..lifted.policy.limits.track };
    lifted.policy.limits.remove_exclusions.at_least = 5;
    assert_eq!(limits(&planned(&lifted, &observed)), [(LimitKind::Track, 1, 0)]);
    lifted.policy.protected_users = vec![reference("svc@x.example")];
    assert!(planned(&lifted, &observed).violations.len() > 1);
}

#[test]
fn who_is_tracked_again_and_stays_stopped_by_a_rule_of_another_is_said() {
    let ada = record(1, "ada@x.example").agent("ACME\\desk").untracked();
    let mut observed = account(vec![ada], &[]);
    let wanted = desired(vec![declared("ada@x.example").tracked(Tracking::Tracked)], vec![]);
    let notes = |observed: &crate::model::Observed| planned(&wanted, observed).changes[0].notes.len();
    assert_eq!(notes(&observed), 1, "the block that is lifted");
    observed.exclusions = vec![rule(1, "*\\desk")];
    assert_eq!(notes(&observed), 2, "and the rule that stays");
}

#[test]
fn an_exclusion_that_stands_on_what_a_user_is_to_get_blocks() {
    let observed = account(vec![record(1, "ada@x.example")], &[]);
    let mut wanted = desired(vec![declared("ada@x.example"), declared("new@x.example").named("New")], vec![]);
    wanted.users[0].emails = emails(&["ada@x.example", "svc@x.example"]);
    for (rule, codes_of) in [("*\\svc", 1), ("*\\new@x.example", 1), ("*\\other", 0)] {
        wanted.exclusions = vec![exclusion(rule, ExclusionState::Present)];
        let blocked = vec!["exclusion-hits-tracked"; codes_of];
        assert_eq!(codes(&planned(&wanted, &observed)), blocked, "{rule}");
    }
}

#[test]
fn what_no_manifest_mentions_is_listed_if_the_policy_says_so() {
    let users = ["ada", "bob", "cy"].map(|name| format!("{name}@x.example"));
    let users = (1..).zip(&users).map(|(id, email)| record(id, email)).collect();
    let mut observed = account(users, &[(11, "Sales", GroupSource::App, &[2])]);
    observed.exclusions = vec![rule(1, "*\\svc"), rule(2, "ACME\\svc"), rule(3, "*\\kiosk")];
    let mut wanted = desired(vec![declared("ada@x.example")], vec![]);
    wanted.groups = vec![group("Sales", DeclaredSource::App, &["bob@x.example"])];
    wanted.exclusions = vec![exclusion("*\\SVC", ExclusionState::Present)];
    assert_eq!(planned(&wanted, &observed).notices, []);
    wanted.policy.unmanaged_users = Located::unplaced(crate::model::Unmanaged::Report);
    wanted.policy.unmanaged_exclusions = Located::unplaced(crate::model::Unmanaged::Report);
    let plan = planned(&wanted, &observed);
    let said: Vec<_> = plan.notices.iter().map(|it| (it.message.clone(), it.about.len())).collect();
    let words = |text| crate::model::Phrase::words(text);
    assert_eq!(said, [(words("1 user is in no manifest"), 1), (words("2 exclusions are in no manifest"), 2)]);
}

#[test]
fn what_is_done_by_hand_is_no_change_and_not_in_the_digest() {
    let observed = account(vec![record(1, "u1@x.example")], &[(11, "Loose", GroupSource::App, &[1])]);
    let without = desired(vec![declared("u1@x.example")], vec![]);
    let mut with = without.clone();
    with.users[0].primary_group =
        crate::model::Managed::Set(Located::unplaced(crate::model::GroupName::observed("Loose")));
    let (plan, without) = (planned(&with, &observed), planned(&without, &observed));
    assert_eq!((plan.manual.len(), plan.blockers.len(), plan.is_empty()), (1, 0, true));
    assert_eq!(plan.digest, without.digest);
}

#[test]
fn an_object_never_changes_twice_in_one_plan() {
    let observed = account(three(), &[(11, "Sales", GroupSource::App, &[1])]);
    let mut user = declared("u2@x.example").tracked(Tracking::Untracked).named("Two");
    user.groups = vec![Located::unplaced(crate::model::GroupName::observed("Sales"))];
    let plan = planned(&desired(vec![user], vec![]), &observed);
    let objects: Vec<&Object> = plan.changes.iter().map(|change| &change.object).collect();
    for (at, object) in objects.iter().enumerate() {
        assert!(!objects[..at].contains(object));
    }
    assert_eq!(objects.len(), 2);
}

#[test]
fn a_released_value_never_makes_its_taker_the_one_who_gave_it_up() {
    let holder = record(3, "carol@x.example").called("Carol Old");
    let mut leaver = declared("c.new@x.example").named("Carol Old");
    leaver.releases = vec![Located::unplaced(Identifier::Email(Email::observed("carol@x.example")))];
    let taker = declared("carol@x.example").named("Carol Young");
    let observed = account(vec![holder], &[]);
    let plan = planned(&desired(vec![leaver.clone(), taker.clone()], vec![]), &observed);
    assert_eq!(codes(&plan), ["same-user", "value-taken"]);
    leaver.match_name = NameMatch::Same;
    let plan = planned(&desired(vec![leaver, taker], vec![]), &observed);
    assert_eq!(codes(&plan), Vec::<&str>::new());
    assert_eq!(plan.changes.len(), 2);
}

#[test]
fn a_login_that_comes_with_a_reused_address_is_no_second_sign() {
    let mut holder = record(1, "bob@x.example").called("Old Bob").employee_id("E44");
    holder.device_logins = vec![login("ACME\\bob")];
    let mut hired = declared("bob@x.example").named("New Bob").employee("E99");
    hired.device_logins = vec![Located::unplaced(login("ACME\\bob"))];
    let plan = planned(&desired(vec![hired], vec![]), &account(vec![holder], &[]));
    assert_eq!(codes(&plan), ["takeover"]);
}

#[test]
fn a_reference_by_what_the_plan_takes_away_blocks() {
    let observed =
        account(vec![record(1, "old@x.example").employee_id("E1")], &[(11, "G", GroupSource::App, &[])]);
    let mut wanted = desired(
        vec![declared("new@x.example").employee("E1")],
        vec![group("G", DeclaredSource::App, &["old@x.example"])],
    );
    assert_eq!(codes(&planned(&wanted, &observed)), ["unknown-reference"]);
    wanted.groups.clear();
    wanted.policy.protected_users = vec![reference("old@x.example")];
    let plan = planned(&wanted, &observed);
    assert_eq!((codes(&plan), plan.violations.len()), (vec!["unknown-reference"], 1));
}

#[test]
fn nobody_leaves_a_group_while_it_is_in_doubt_who_is_meant() {
    let holder = record(1, "a@x.example").called("Z").employee_id("E1");
    let wanted = desired(
        vec![declared("a@x.example").named("A").employee("E2")],
        vec![group("L", DeclaredSource::Hr, &["E2"])],
    );
    let plan = planned(&wanted, &account(vec![holder], &[(11, "L", GroupSource::Hr, &[1])]));
    assert_eq!((codes(&plan), plan.changes.len()), (vec!["takeover"], 0));
}

#[test]
fn a_plan_after_which_a_protection_would_name_no_group_blocks() {
    let observed = account(three(), &[(11, "Executives", GroupSource::App, &[1])]);
    let called = |text: &str| crate::model::GroupName::observed(text);
    let mut renamed = group("Leadership", DeclaredSource::App, &["E1"]);
    renamed.formerly = vec![Located::unplaced(called("Executives"))];
    let protecting = |name: &str| {
        let mut wanted = desired(vec![declared("u2@x.example")], vec![renamed.clone()]);
        wanted.policy.protected_groups = vec![Located::unplaced(called(name))];
        planned(&wanted, &observed)
    };
    assert_eq!(codes(&protecting("Executives")), ["unknown-reference"]);
    let by_its_new_name = protecting("Leadership");
    assert_eq!((codes(&by_its_new_name), by_its_new_name.violations.len()), (Vec::new(), 1));
}
