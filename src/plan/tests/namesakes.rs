//! What namesakes of an export are called, whoever of them is in the account and by whatever name.

use crate::model::{DesiredUser, DisplayName, Located, Observed};
use crate::plan::resolve::namesakes::settled;
use crate::plan::tests::build::{account, codes, declared, desired, planned, record};

/// The name that all of them have in the export.
const NAME: &str = "John Smith";

fn address(at: usize) -> String {
    format!("js{at}@x.example")
}

fn other(at: usize) -> String {
    format!("{NAME} ({at})")
}

fn john(at: usize) -> DesiredUser {
    DesiredUser {
        namesake: Some(Located::unplaced(DisplayName::observed(&other(at)))),
        ..declared(&address(at)).named(NAME)
    }
}

/// An account in which these are called so; those without a name are not in it.
fn called(names: &[Option<String>]) -> Observed {
    let records = (1..)
        .zip(names.iter().enumerate())
        .filter_map(|(id, (at, name))| name.as_ref().map(|name| record(id, &address(at)).called(name)));
    let somebody = record(9, "ada@x.example").called("Ada");
    account(records.chain([somebody]).collect(), &[])
}

/// What these users are to be called; no plan of them is blocked.
fn names(users: &[usize], observed: &Observed) -> Vec<String> {
    let wanted = desired(users.iter().map(|at| john(*at)).collect(), vec![]);
    assert_eq!(codes(&planned(&wanted, observed)), Vec::<&str>::new(), "{users:?}");
    let settled = settled(&wanted, observed);
    settled
        .users
        .iter()
        .map(|user| user.display_name.declared().unwrap().value.as_written().to_owned())
        .collect()
}

#[test]
fn nobody_is_renamed_because_a_namesake_comes_or_goes() {
    let states = |at: usize| [None, Some(NAME.to_owned()), Some(other(at)), Some(format!("Somebody {at}"))];
    for (one, two, three) in (0..64).map(|all| (all % 4, all / 4 % 4, all / 16)) {
        let before = [states(0)[one].clone(), states(1)[two].clone(), states(2)[three].clone()];
        if before.iter().filter(|name| name.as_deref() == Some(NAME)).count() > 1 {
            continue;
        }
        let after = names(&[0, 1, 2], &called(&before));
        for (at, (before, after)) in before.iter().zip(&after).enumerate() {
            assert!(*after == NAME || *after == other(at), "{after}");
            if before.as_deref() == Some(NAME) || *before == Some(other(at)) {
                assert_eq!(before.as_ref(), Some(after), "{before:?}");
            }
        }
        assert!(after[0] != after[1] && after[1] != after[2] && after[0] != after[2], "{after:?}");
        // The run is done: one leaves, another comes, and all others are called what they were.
        let all: Vec<Option<String>> = after.iter().cloned().map(Some).collect();
        let there = called(&all);
        assert_eq!(names(&[0, 1, 2], &there), after);
        assert_eq!(names(&[0, 1, 2, 3], &there)[..3], after);
        for gone in 0..3 {
            let staying: Vec<usize> = (0..3).filter(|at| *at != gone).collect();
            let expected: Vec<String> = staying.iter().map(|at| after[*at].clone()).collect();
            assert_eq!(names(&staying, &there), expected, "without {gone} of {after:?}");
        }
    }
}

#[test]
fn whoever_has_no_other_name_has_the_plain_one() {
    let users = vec![john(0), declared(&address(1)).named(NAME)];
    let observed = called(&[Some(NAME.to_owned()), Some("Jay Smith".to_owned())]);
    let wanted = desired(users, vec![]);
    let settled = settled(&wanted, &observed);
    let name = |at: usize| settled.users[at].display_name.declared().unwrap().value.as_written();
    assert_eq!([name(0), name(1)], [other(0).as_str(), NAME]);
    assert_eq!(codes(&planned(&wanted, &observed)), Vec::<&str>::new());
}
