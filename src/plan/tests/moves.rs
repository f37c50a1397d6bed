//! Values that move between users: in random pairs of states, and case by case.

use proptest::prelude::*;

use crate::model::{
    Act, Desired, DesiredUser, DisplayName, Edit, Email, EmployeeId, Expected, Identifier, Located, Members,
    Observed, ObservedUser, Step, Upn, Writer,
};
use crate::plan::Plan;
use crate::plan::tests::build::{account, codes, declared, desired, emails, planned, record};

/// What is drawn for a pair of states. Every human holds two addresses, an employee ID and a name before; afterwards each of
/// these is moved round among them.
#[derive(Debug, Clone)]
struct Drawn {
    humans: Vec<Human>,
    addresses: Vec<usize>,
    names: Vec<usize>,
    ids: Vec<usize>,
    /// Who gives an address up to a user that nobody has yet.
    leavers: Vec<bool>,
}

#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "every field is a coin of its own")]
struct Human {
    /// An address of their own that never moves.
    steady: bool,
    keeps_id: bool,
    remembers: bool,
    upper: bool,
    manages_emails: bool,
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let human = any::<[bool; 5]>().prop_map(|[steady, keeps_id, remembers, upper, manages_emails]| Human {
        steady: steady || keeps_id,
        keeps_id,
        remembers,
        upper,
        manages_emails,
    });
    (2usize..6).prop_flat_map(move |n| {
        let shuffled = |n: usize| Just((0..n).collect::<Vec<_>>()).prop_shuffle();
        let humans = proptest::collection::vec(human.clone(), n);
        let leavers = proptest::collection::vec(proptest::bool::weighted(0.2), n);
        (humans, shuffled(2 * n), shuffled(n), shuffled(n), leavers).prop_map(
            |(humans, addresses, names, ids, leavers)| Drawn { humans, addresses, names, ids, leavers },
        )
    })
}

fn address(at: usize) -> String {
    format!("p{at}@x.example")
}

fn sides(drawn: &Drawn) -> (Desired, Observed) {
    let (mut users, mut records) = (Vec::new(), Vec::new());
    for (at, human) in drawn.humans.iter().enumerate() {
        let mut held = record(at as u64 + 1, &address(2 * at))
            .upn(&address(2 * at + 1))
            .employee_id(&format!("E{at}"))
            .called(&format!("Human {at}"));
        let case = |text: String| if human.upper { text.to_uppercase() } else { text };
        let mut wanted = declared("").named(&case(format!("Human {}", drawn.names[at])));
        let mut addresses = vec![case(address(drawn.addresses[2 * at]))];
        if human.steady {
            held = held.email(&format!("steady{at}@x.example"), Writer::Other);
            addresses.push(format!("steady{at}@x.example"));
        }
        let list: Vec<&str> = addresses.iter().map(String::as_str).collect();
        wanted.emails = emails(&list);
        if !human.manages_emails {
            wanted.emails = Members::AtLeast(wanted.emails.listed().to_vec());
            let old = address(2 * at);
            let kept = [2 * at, 2 * at + 1].iter().any(|place| drawn.addresses[*place] == 2 * at);
            wanted
                .releases
                .extend((!kept).then(|| Located::unplaced(Identifier::Email(Email::observed(&old)))));
        }
        let id = if human.keeps_id { at } else { drawn.ids[at] };
        wanted = wanted.employee(&format!("E{id}"));
        let upn = Upn::observed(&address(drawn.addresses[2 * at + 1]));
        wanted.upns = Members::Exactly(vec![Located::unplaced(upn)]);
        if human.remembers {
            wanted.formerly = vec![
                Located::unplaced(Identifier::Email(Email::observed(&address(2 * at)))),
                Located::unplaced(Identifier::Upn(Upn::observed(&address(2 * at + 1)))),
            ];
        }
        users.push(wanted);
        records.push(held);
    }
    for at in (0..drawn.humans.len()).filter(|at| drawn.leavers[*at]) {
        give_to_somebody_new(at, drawn.addresses[2 * at], &mut users);
    }
    (desired(users, vec![]), account(records, &[]))
}

/// A new user gets the address that somebody was to get from its holder, who says that it is given up.
fn give_to_somebody_new(at: usize, moved: usize, users: &mut Vec<DesiredUser>) {
    let email = Email::observed(&address(moved));
    if let Members::Exactly(list) | Members::AtLeast(list) = &mut users[at].emails {
        list.retain(|said| said.value != email);
    }
    let given = if moved.is_multiple_of(2) {
        Identifier::Email(email)
    } else {
        Identifier::Upn(Upn::observed(&address(moved)))
    };
    let holder = &mut users[moved / 2];
    holder.formerly.retain(|former| former.value != given);
    holder.releases.retain(|released| released.value != given);
    holder.releases.push(Located::unplaced(given));
    users.push(declared(&address(moved)).employee(&format!("N{at}")));
}

/// Whether an account is as the manifests say: written without the planner.
fn satisfies(desired: &Desired, observed: &Observed) -> Result<(), String> {
    for user in &desired.users {
        let id = &user.employee_ids.listed()[0].value;
        let record = observed.users.iter().find(|record| record.employee_ids.contains(id));
        let record = record.ok_or_else(|| format!("nobody holds {id}"))?;
        let name = user.display_name.declared().map(|name| name.value.as_written());
        if name.is_some() && name != record.display_name.as_ref().map(DisplayName::as_written) {
            return Err(format!("{id} is called {:?}", record.display_name));
        }
        let mut held: Vec<&Email> = record.emails.iter().map(|held| &held.email).collect();
        let mut wanted: Vec<&Email> = user.emails.listed().iter().map(|said| &said.value).collect();
        if matches!(user.emails, Members::AtLeast(_)) {
            held.retain(|email| wanted.contains(email) || email.as_written().contains("rollcall"));
        }
        held.sort();
        wanted.sort();
        let upns: Vec<Upn> = user.upns.listed().iter().map(|said| said.value.clone()).collect();
        let upn_differs = matches!(user.upns, Members::Exactly(_)) && upns != record.upns;
        if held != wanted || upn_differs || record.employee_ids.len() != 1 {
            return Err(format!("{id} holds {:?}", record.identifiers().collect::<Vec<_>>()));
        }
        if user.releases.iter().any(|gone| record.identifiers().any(|held| held == gone.value)) {
            return Err(format!("{id} still holds what it releases"));
        }
    }
    Ok(())
}

/// Carries steps out, none of which may take somebody's last identifier.
pub(super) fn carried_out<'a>(
    observed: &Observed,
    steps: impl Iterator<Item = &'a Step>,
) -> Result<Observed, TestCaseError> {
    let mut expected = Expected::new(observed.clone());
    for step in steps {
        let refused = |why: crate::model::Collision| TestCaseError::fail(format!("{step:?}: {why}"));
        expected = expected.after(step).map_err(refused)?;
        let bare = |user: &ObservedUser| user.identifiers().next().is_none();
        prop_assert!(!expected.observed().users.iter().any(bare), "{step:?}");
    }
    Ok(expected.observed().clone())
}

fn checked(desired: &Desired, observed: &Observed) -> Result<usize, TestCaseError> {
    let first = planned(desired, observed);
    prop_assume!(first.blockers.is_empty());
    let reviewed = first.evidence();
    for died_after in 0..=first.steps().count() {
        let left = carried_out(observed, first.steps().take(died_after))?;
        let second = planned(desired, &left);
        prop_assert_eq!(&second.blockers, &vec![], "after {} steps of {:#?}", died_after, first.phases);
        let known = |fingerprint| reviewed.binary_search(fingerprint).is_ok();
        prop_assert!(second.fingerprints.iter().all(known), "{:#?}\n{:#?}", first.changes, second.changes);
        let after = carried_out(&left, second.steps())?;
        satisfies(desired, &after).map_err(TestCaseError::fail)?;
        prop_assert!(planned(desired, &after).is_empty());
    }
    Ok(first.steps().count())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, max_global_rejects: 100_000, ..ProptestConfig::default() })]

    #[test]
    fn values_move_without_a_collision_and_a_run_that_dies_is_finished_by_the_next(drawn in drawn()) {
        let (desired, observed) = sides(&drawn);
        checked(&desired, &observed)?;
    }
}

/// Records and entries that know each other by former addresses alone, and rotate all of them.
fn strangers() -> (Desired, Observed) {
    let place = |at: usize, which: usize| format!("{which}{at}@x.example");
    let records = (0..3).map(|at| {
        record(at as u64 + 1, &place(at, 0))
            .email(&place(at, 1), Writer::Other)
            .called(&format!("Human {at}"))
    });
    let entries = (0..3).map(|at| {
        let mut user = declared("").named(&format!("Human {}", (at + 1) % 3));
        user.emails = emails(&[&place((at + 1) % 3, 0), &place((at + 2) % 3, 1)]);
        user.formerly = (0..2)
            .map(|which| Located::unplaced(Identifier::Email(Email::observed(&place(at, which)))))
            .collect();
        user
    });
    (desired(entries.collect(), vec![]), account(records.collect(), &[]))
}

fn edits(plan: &Plan) -> Vec<(u64, Vec<Edit>)> {
    let edits = plan.steps().filter_map(|step| match &step.act {
        Act::EditUser { user, edits } => Some((user.0, edits.clone())),
        _ => None,
    });
    edits.collect()
}

fn mail(text: &str) -> Identifier {
    Identifier::Email(Email::observed(text))
}

#[test]
fn a_record_that_would_be_left_with_nothing_its_entry_is_known_by_gets_temporaries() {
    let (wanted, observed) = strangers();
    let first = planned(&wanted, &observed);
    assert_eq!(codes(&first), Vec::<&str>::new());
    let steps = edits(&first);
    assert_eq!(steps.iter().map(|(record, _)| *record).collect::<Vec<_>>(), [1, 2, 3, 2, 1]);
    assert!(steps[0].1.contains(&Edit::Add(mail("00@x.example.rollcall.invalid"))));
    assert!(steps[4].1.contains(&Edit::Remove(mail("00@x.example.rollcall.invalid"))));
    let shown = format!("{:?}{:?}", first.changes, first.notices);
    assert!(!shown.contains("rollcall.invalid"), "{shown}");
}

#[test]
fn a_run_that_dies_among_temporaries_is_finished_by_the_next() {
    let (wanted, observed) = strangers();
    let first = planned(&wanted, &observed);
    for died_after in 0..=first.steps().count() {
        let left = carried_out(&observed, first.steps().take(died_after)).expect("no collision");
        let second = planned(&wanted, &left);
        assert_eq!(codes(&second), Vec::<&str>::new(), "after {died_after}");
        assert!(second.fingerprints.iter().all(|one| first.evidence().contains(one)), "after {died_after}");
        let after = carried_out(&left, second.steps()).expect("no collision");
        assert!(planned(&wanted, &after).is_empty(), "after {died_after}");
        assert!(!format!("{after:?}").contains("rollcall.invalid"));
    }
}

#[test]
fn a_circle_is_opened_by_the_record_with_the_smallest_number() {
    let observed = account(
        (1..=3).map(|at| record(at, &format!("m{at}@x.example")).employee_id(&format!("E{at}"))).collect(),
        &[],
    );
    let users = (1..=3).map(|at| declared(&format!("m{}@x.example", at % 3 + 1)).employee(&format!("E{at}")));
    let plan = planned(&desired(users.collect(), vec![]), &observed);
    let remove = |text: &str| Edit::Remove(mail(text));
    let add = |text: &str| Edit::Add(mail(text));
    let expected = [
        (1, vec![remove("m1@x.example")]),
        (3, vec![add("m1@x.example"), remove("m3@x.example")]),
        (2, vec![add("m3@x.example"), remove("m2@x.example")]),
        (1, vec![add("m2@x.example")]),
    ];
    assert_eq!(edits(&plan), expected);
}

#[test]
fn what_nobody_gives_up_is_not_taken() {
    let observed = account(
        vec![record(1, "a@x.example").employee_id("E1"), record(2, "b@x.example").employee_id("E2")],
        &[],
    );
    let mut keeps = declared("").employee("E2");
    keeps.emails = Members::Leave;
    let takes = || {
        let mut user = declared("a@x.example").employee("E1");
        user.emails = emails(&["a@x.example", "b@x.example"]);
        user
    };
    let plan = planned(&desired(vec![takes(), keeps.clone()], vec![]), &observed);
    assert_eq!(codes(&plan), ["value-taken"]);
    keeps.releases = vec![Located::unplaced(mail("b@x.example"))];
    let plan = planned(&desired(vec![takes(), keeps], vec![]), &observed);
    assert_eq!((codes(&plan), edits(&plan).len()), (vec![], 2));
    // Somebody whom nobody declares can't be asked.
    assert_eq!(codes(&planned(&desired(vec![takes()], vec![]), &observed)), ["two-records"]);
}

#[test]
fn a_temporary_goes_from_a_list_that_nobody_manages_and_what_it_stood_for_comes_back_if_declared() {
    let left = |held: ObservedUser| account(vec![held.employee_id("E1")], &[]);
    let observed = left(record(1, "a@x.example.rollcall.invalid"));
    let mut user = declared("").employee("E1");
    user.emails = Members::Leave;
    let plan = planned(&desired(vec![user], vec![]), &observed);
    assert_eq!(edits(&plan), [(1, vec![Edit::Remove(mail("a@x.example.rollcall.invalid"))])]);
    assert!(format!("{:?}", plan.changes).contains("Remove(Personal(\"a@x.example\"))"));
    let back = planned(&desired(vec![declared("a@x.example")], vec![]), &observed);
    let expected = vec![Edit::Remove(mail("a@x.example.rollcall.invalid")), Edit::Add(mail("a@x.example"))];
    assert_eq!(edits(&back), [(1, expected)]);
    let nobody = planned(&desired(vec![declared("new@x.example").employee("E2")], vec![]), &observed);
    assert_eq!((nobody.notices.len(), edits(&nobody)), (1, vec![]));
}

#[test]
fn the_one_who_gives_a_value_up_can_be_one_whose_record_goes() {
    let observed = account(vec![record(1, "info@x.example").employee_id("E1")], &[]);
    let mut leaver = declared("").employee("E1");
    leaver.emails = Members::Leave;
    leaver.releases = vec![Located::unplaced(mail("info@x.example"))];
    let next = declared("info@x.example").employee("E2");
    let plan = planned(&desired(vec![leaver, next], vec![]), &observed);
    assert_eq!(codes(&plan), Vec::<&str>::new());
    let steps: Vec<&Step> = plan.steps().collect();
    assert!(matches!(steps[1].act, Act::CreateUser(_)));
    assert_eq!(steps[1].needs, [steps[0].id]);
    let ids: Vec<EmployeeId> = vec![EmployeeId::observed("E1")];
    assert_eq!(observed.users[0].employee_ids, ids);
}

#[test]
fn one_identifier_that_says_the_opposite_of_two_names_swaps_nobody() {
    let observed = || {
        let records = vec![
            record(1, "a@x.example").employee_id("E1").called("Ann"),
            record(2, "b@x.example").employee_id("E2").called("Bob"),
        ];
        account(records, &[])
    };
    let entry = |address: &str, id: &str, name: &str| declared(address).employee(id).named(name);
    let mixed_up =
        desired(vec![entry("a@x.example", "E2", "Ann"), entry("b@x.example", "E1", "Bob")], vec![]);
    let plan = planned(&mixed_up, &observed());
    assert_eq!(codes(&plan), ["two-records", "two-records"]);
    assert!(plan.changes.is_empty());

    let mut users = mixed_up.users;
    for (user, former) in users.iter_mut().zip(["b@x.example", "a@x.example"]) {
        user.formerly = vec![Located::unplaced(Identifier::Email(Email::observed(former)))];
    }
    let plan = planned(&desired(users, vec![]), &observed());
    assert_eq!(codes(&plan), Vec::<&str>::new(), "who was whom is said outright");
}
