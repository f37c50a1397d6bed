//! Of how many users names and identifiers change: what counts, and what does not.

use crate::model::{
    Desired, DesiredUser, EmployeeId, Identifier, IdentifierKind, IdentifierLimits, Limit, Located, Members,
    Observed, ObservedUser, Origin, Upn, Writer,
};
use crate::plan::tests::build::{account, codes, declared, desired, emails, login, planned, record};
use crate::plan::{LimitKind, ViolationKind};

/// How many users a plan changes so, by a limit that allows none.
fn counted(mut wanted: Desired, observed: &Observed) -> Vec<(LimitKind, u64)> {
    wanted.policy.limits.renames = Limit::count(0);
    wanted.policy.limits.identifiers = IdentifierLimits::all(Limit::count(0));
    let plan = planned(&wanted, observed);
    assert_eq!(codes(&plan), Vec::<&str>::new());
    let limits = plan.violations.iter().filter_map(|violation| match violation.kind {
        ViolationKind::Limit { limit, planned, .. } => Some((limit, planned)),
        ViolationKind::Protected { .. } | ViolationKind::Unproved => None,
    });
    limits.collect()
}

/// What counts in an account of one user and an entry that is theirs.
fn of_one(entry: DesiredUser, record: ObservedUser) -> Vec<LimitKind> {
    let counts = counted(desired(vec![entry], vec![]), &account(vec![record], &[]));
    counts.into_iter().map(|(kind, _)| kind).collect()
}

/// A declared user who is known by an employee ID.
fn by_id() -> DesiredUser {
    DesiredUser::new(Origin::NONE).employee("E1")
}

fn upn(text: &str) -> Members<Upn> {
    Members::Exactly(vec![Located::unplaced(Upn::observed(text))])
}

const RENAMES: LimitKind = LimitKind::Renames;
const UPN: LimitKind = LimitKind::Identifiers(IdentifierKind::Upn);
const EMAIL: LimitKind = LimitKind::Identifiers(IdentifierKind::Email);
const EMPLOYEE_ID: LimitKind = LimitKind::Identifiers(IdentifierKind::EmployeeId);
const LOGIN: LimitKind = LimitKind::Identifiers(IdentifierKind::DeviceLogin);

#[test]
fn what_is_replaced_taken_away_or_added_beside_another_counts_and_what_is_new_does_not() {
    let ada = || record(1, "ada@x.example").employee_id("E1").called("Ada");
    let logs_in = |text| DesiredUser { device_logins: vec![Located::unplaced(login(text))], ..by_id() };
    let with_login = || ObservedUser { device_logins: vec![login("ACME\\ada")], ..ada() };
    let mut renumbered = declared("ada@x.example").employee("E2");
    renumbered.formerly = vec![Located::unplaced(Identifier::EmployeeId(EmployeeId::observed("E1")))];
    for (what, entry, record, counts) in [
        ("another name", by_id().named("Ada King"), ada(), &[RENAMES][..]),
        ("a name where none was", by_id().named("Ada"), ObservedUser { display_name: None, ..ada() }, &[]),
        ("another address", DesiredUser { emails: emails(&["a@x.example"]), ..by_id() }, ada(), &[EMAIL]),
        ("the same in other case", DesiredUser { emails: emails(&["ADA@x.example"]), ..by_id() }, ada(), &[]),
        ("no address", DesiredUser { emails: emails(&[]), ..by_id() }, ada(), &[EMAIL]),
        (
            "one more address",
            DesiredUser { emails: emails(&["ada@x.example", "a@x.example"]), ..by_id() },
            ada(),
            &[EMAIL],
        ),
        ("a first UPN", DesiredUser { upns: upn("ada@x.example"), ..by_id() }, ada(), &[]),
        (
            "another UPN",
            DesiredUser { upns: upn("a@x.example"), ..by_id() },
            ada().upn("ada@x.example"),
            &[UPN],
        ),
        ("another employee ID", renumbered, ada(), &[EMPLOYEE_ID]),
        ("a login where one is", logs_in("LAB\\ada"), with_login(), &[]),
        ("a login that turns to any domain", logs_in("*\\ada"), with_login(), &[LOGIN]),
        ("everything left alone", by_id(), ada(), &[]),
    ] {
        assert_eq!(of_one(entry, record), counts, "{what}");
    }
}

#[test]
fn what_the_account_made_up_is_nobodys_identifier_before() {
    let ada = || ObservedUser { emails: vec![], ..record(1, "") }.employee_id("E1").agent("ACME\\ada");
    let entry = || DesiredUser { emails: emails(&["ada@x.example"]), ..by_id() };
    for held in [ada().email("ada@ACME", Writer::Other), ada().email("found@x.example", Writer::Account)] {
        assert_eq!(of_one(entry(), held.clone()), [], "a first address");
        let mut wanted = desired(vec![entry()], vec![]);
        wanted.policy.auto_emails = Located::unplaced(crate::model::AutoEmails::Remove);
        assert_eq!(counted(wanted, &account(vec![held], &[])), [], "what the policy takes away");
    }
}

#[test]
fn an_identifier_that_moves_counts_for_whom_it_leaves() {
    let with =
        |id, email: &str, text: &str| ObservedUser { device_logins: vec![login(text)], ..record(id, email) };
    let observed = account(vec![with(1, "a@x.example", "X\\a"), with(2, "b@x.example", "X\\b")], &[]);
    let mut gives = declared("a@x.example");
    gives.releases = vec![Located::unplaced(Identifier::DeviceLogin(login("X\\a")))];
    let gets =
        DesiredUser { device_logins: vec![Located::unplaced(login("X\\a"))], ..declared("b@x.example") };
    assert_eq!(counted(desired(vec![gives, gets], vec![]), &observed), [(LOGIN, 1)]);
}

#[test]
fn every_kind_is_counted_by_itself_and_of_those_in_the_manifests_who_have_it() {
    let records = (1..=100).map(|at| record(at, &format!("u{at}@x.example")).called(&format!("User {at}")));
    let with_upn = |user: ObservedUser| {
        let upn = format!("u{}@x.example", user.id.0);
        if user.id.0 <= 80 { user.upn(&upn) } else { user }
    };
    let records = records.map(with_upn);
    let observed = account(records.collect(), &[]);
    let entry = |at: u64| {
        let user = declared(&format!("u{at}@x.example")).named(&format!("User {at}"));
        if at <= 5 { DesiredUser { upns: upn(&format!("n{at}@x.example")), ..user } } else { user }
    };
    let limits = |users: u64| {
        let plan = planned(&desired((1..=users).map(entry).collect(), vec![]), &observed);
        let limits = plan.violations.iter().filter_map(|violation| match &violation.kind {
            ViolationKind::Limit { limit, planned, allowed, .. } => Some((*limit, *planned, *allowed)),
            ViolationKind::Protected { .. } | ViolationKind::Unproved => None,
        });
        limits.collect::<Vec<_>>()
    };
    assert_eq!(limits(100), [(UPN, 5, 4)], "5 percent of the 80 who have a UPN");
    assert_eq!(limits(20), [(UPN, 5, 3)], "of the 20 whom the manifests name");
}

#[test]
fn one_column_that_slipped_is_over_the_defaults_and_a_small_teams_week_is_not() {
    let team = |size: u64| {
        let user = |at| record(at, &format!("u{at}@x.example")).called(&format!("User {at}"));
        account((1..=size).map(user).collect(), &[])
    };
    let renamed = |size: u64, others: u64| {
        let name = |at: u64| if at <= others { format!("Other {at}") } else { format!("User {at}") };
        let entry = |at: u64| declared(&format!("u{at}@x.example")).named(&name(at));
        let plan = planned(&desired((1..=size).map(entry).collect(), vec![]), &team(size));
        plan.violations.len()
    };
    for size in [4, 10, 40, 400] {
        assert_eq!(renamed(size, size), 1, "all of {size}");
        assert_eq!(renamed(size, 3), 0, "three of {size}");
    }
}
