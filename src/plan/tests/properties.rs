//! For random pairs of states: the steps make the account equal to the manifests, none of them collides, and then nothing is
//! left to do; the order of files and pages changes nothing.

use proptest::prelude::*;

use crate::model::{
    DeclaredSource, Desired, DesiredGroup, DesiredUser, DisplayName, Email, EmployeeId, Expected, GroupIx,
    GroupSource, Located, Managed, Members, Observed, ObservedUser, Tracking, Upn, UserIx,
};
use crate::plan::tests::build::{account, declared, desired, group, planned, record};

/// What is drawn for one human: on either side, or both, or neither.
#[derive(Debug, Clone)]
pub(super) struct Human {
    observed: Option<Record>,
    declared: Option<Entry>,
}

#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "every field is a coin of its own")]
struct Record {
    name: bool,
    upn: bool,
    second_email: bool,
    employee_id: bool,
    tracked: bool,
}

#[derive(Debug, Clone)]
struct Entry {
    name: u8,
    upn: u8,
    emails: u8,
    employee_id: u8,
    tracking: u8,
}

#[derive(Debug, Clone)]
pub(super) struct Circle {
    hr: bool,
    observed: Option<u16>,
    declared: Option<u16>,
    whole: bool,
    renamed: Renamed,
}

/// What a group of the app is called in the manifests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Renamed {
    No,
    Anew,
    /// As the next one is in the account, if that gives its name up.
    AsTheNext,
}

pub(super) fn human() -> impl Strategy<Value = Human> {
    let record = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    let record = record.prop_map(|(name, upn, second_email, employee_id, tracked)| Record {
        name,
        upn,
        second_email,
        employee_id,
        tracked,
    });
    let entry = (0..4u8, 0..4u8, 0..4u8, 0..3u8, 0..3u8);
    let entry = entry.prop_map(|(name, upn, emails, employee_id, tracking)| Entry {
        name,
        upn,
        emails,
        employee_id,
        tracking,
    });
    (proptest::option::of(record), proptest::option::of(entry))
        .prop_map(|(observed, declared)| Human { observed, declared })
}

pub(super) fn circle() -> impl Strategy<Value = Circle> {
    let mask = || proptest::option::of(any::<u16>());
    let renamed = prop_oneof![Just(Renamed::No), Just(Renamed::Anew), Just(Renamed::AsTheNext)];
    (any::<bool>(), mask(), mask(), any::<bool>(), renamed).prop_map(
        |(hr, observed, declared, whole, renamed)| Circle { hr, observed, declared, whole, renamed },
    )
}

fn observed_user(at: usize, drawn: &Record) -> ObservedUser {
    let mut user = record(at as u64 + 1, &format!("h{at}@x.example"));
    if drawn.name {
        user = user.called(&format!("Human {at}"));
    }
    if drawn.upn {
        user = user.upn(&format!("h{at}.upn@x.example"));
    }
    if drawn.second_email {
        user = user.email(&format!("h{at}.two@x.example"), crate::model::Writer::Other);
    }
    if drawn.employee_id {
        user = user.employee_id(&format!("E{at}"));
    }
    if drawn.tracked { user } else { user.untracked() }
}

fn declared_user(at: usize, drawn: &Entry) -> DesiredUser {
    let mut user = declared(&format!("h{at}@x.example"));
    let name = |text: String| Managed::Set(Located::unplaced(DisplayName::observed(&text)));
    user.display_name = match drawn.name {
        0 => Managed::Leave,
        1 => name(format!("Human {at}")),
        2 => name(format!("HUMAN {at}")),
        _ => name(format!("Renamed {at}")),
    };
    let upns = |texts: &[String]| {
        Members::Exactly(texts.iter().map(|text| Located::unplaced(Upn::observed(text))).collect())
    };
    user.upns = match drawn.upn {
        0 => Members::Leave,
        1 => upns(&[]),
        2 => upns(&[format!("h{at}.upn@x.example")]),
        _ => upns(&[format!("h{at}.new@x.example")]),
    };
    let mut emails = vec![format!("h{at}@x.example")];
    emails.extend((drawn.emails & 1 == 1).then(|| format!("h{at}.two@x.example")));
    emails.extend((drawn.emails & 2 == 2).then(|| format!("h{at}.three@x.example")));
    user.emails =
        Members::Exactly(emails.iter().map(|text| Located::unplaced(Email::observed(text))).collect());
    let ids = |texts: &[String]| {
        Members::Exactly(texts.iter().map(|text| Located::unplaced(EmployeeId::observed(text))).collect())
    };
    user.employee_ids = match drawn.employee_id {
        0 => Members::Leave,
        1 => ids(&[format!("E{at}")]),
        _ => ids(&[format!("E{at}"), format!("F{at}")]),
    };
    user.tracking = match drawn.tracking {
        0 => Managed::Leave,
        1 => Managed::Set(Located::unplaced(Tracking::Tracked)),
        _ => Managed::Set(Located::unplaced(Tracking::Untracked)),
    };
    user
}

pub(super) fn sides(humans: &[Human], circles: &[Circle]) -> (Desired, Observed) {
    let users: Vec<DesiredUser> = humans
        .iter()
        .enumerate()
        .filter_map(|(at, human)| human.declared.as_ref().map(|entry| declared_user(at, entry)))
        .collect();
    let records: Vec<ObservedUser> = humans
        .iter()
        .enumerate()
        .filter_map(|(at, human)| human.observed.as_ref().map(|drawn| observed_user(at, drawn)))
        .collect();
    let names: Vec<String> = (0..circles.len()).map(|at| format!("Circle {at}")).collect();
    let members: Vec<Vec<u64>> = circles
        .iter()
        .map(|circle| {
            let mask = circle.observed.unwrap_or(0);
            records.iter().map(|user| user.id.0).filter(|id| mask >> (id % 16) & 1 == 1).collect()
        })
        .collect();
    let groups: Vec<(u64, &str, GroupSource, &[u64])> = circles
        .iter()
        .enumerate()
        .filter(|(_, circle)| circle.observed.is_some())
        .map(|(at, circle)| {
            let source = if circle.hr { GroupSource::Hr } else { GroupSource::App };
            (100 + at as u64, names[at].as_str(), source, members[at].as_slice())
        })
        .collect();
    let declared = circles.iter().enumerate().filter_map(|(at, circle)| {
        let mask = circle.declared?;
        Some(declared_group(&names[at], &declared_name(at, circles), circle, mask, humans))
    });
    (desired(users, declared.collect()), account(records, &groups))
}

fn declared_name(at: usize, circles: &[Circle]) -> String {
    let gives_up = |next: &Circle| next.declared.is_none() || (!next.hr && next.renamed != Renamed::No);
    match (circles[at].hr, circles[at].renamed) {
        (false, Renamed::AsTheNext) if circles.get(at + 1).is_some_and(gives_up) => {
            format!("Circle {}", at + 1)
        }
        (false, Renamed::Anew | Renamed::AsTheNext) => format!("Round {at}"),
        (true, _) | (false, Renamed::No) => format!("Circle {at}"),
    }
}

fn declared_group(old: &str, name: &str, circle: &Circle, mask: u16, humans: &[Human]) -> DesiredGroup {
    let anybody = |at: &usize| humans[*at].declared.is_some() || humans[*at].observed.is_some();
    let members: Vec<String> = (0..humans.len())
        .filter(anybody)
        .filter(|at| mask >> (at % 16) & 1 == 1)
        .map(|at| format!("h{at}@x.example"))
        .collect();
    let members: Vec<&str> = members.iter().map(String::as_str).collect();
    let source = if circle.hr { DeclaredSource::Hr } else { DeclaredSource::App };
    let mut group = group(name, source, &members);
    if name != old {
        group.formerly = vec![Located::unplaced(crate::model::GroupName::observed(old))];
    }
    if !circle.whole {
        group.members = Members::AtLeast(group.members.listed().to_vec());
    }
    group
}

/// Whether an account is as the manifests say: written without the planner.
fn satisfies(desired: &Desired, observed: &Observed) -> Result<(), String> {
    for user in &desired.users {
        let email = user.emails.listed()[0].value.clone();
        let holds = |record: &&ObservedUser| record.emails.iter().any(|held| held.email == email);
        let record = observed.users.iter().find(holds).ok_or(format!("nobody holds {email}"))?;
        let name = user.display_name.declared().map(|said| said.value.as_written());
        if name.is_some() && name != record.display_name.as_ref().map(DisplayName::as_written) {
            return Err(format!("{email} has another name"));
        }
        let emails: Vec<Email> = record.emails.iter().map(|held| held.email.clone()).collect();
        same(&user.emails, &emails)?;
        same(&user.upns, &record.upns)?;
        same(&user.employee_ids, &record.employee_ids)?;
        if user.tracking.declared().is_some_and(|said| said.value != record.tracking) {
            return Err(format!("{email} is tracked otherwise"));
        }
    }
    for group in &desired.groups {
        let at = observed.group_named(&group.name.value).ok_or(format!("no group {}", group.name.value))?;
        let members: Vec<String> = observed
            .members(at)
            .map(|user: UserIx| {
                observed.user(user).emails.iter().map(|held| held.email.to_string()).collect()
            })
            .map(|mut emails: Vec<String>| emails.remove(0))
            .collect();
        let wanted: Vec<String> = group.members.listed().iter().map(|said| said.value.to_string()).collect();
        let missing = wanted.iter().any(|member| !members.contains(member));
        let whole = matches!(group.members, Members::Exactly(_));
        if missing || (whole && members.len() != wanted.len()) {
            return Err(format!("{} has {members:?}, wanted {wanted:?}", group.name.value));
        }
    }
    Ok(())
}

fn same<T: Ord + Clone + std::fmt::Debug>(wanted: &Members<T>, held: &[T]) -> Result<(), String> {
    let Members::Exactly(wanted) = wanted else { return Ok(()) };
    let mut wanted: Vec<T> = wanted.iter().map(|said| said.value.clone()).collect();
    let mut held = held.to_vec();
    wanted.sort();
    held.sort();
    if wanted == held { Ok(()) } else { Err(format!("{held:?} instead of {wanted:?}")) }
}

fn undeclared_memberships(desired: &Desired, observed: &Observed) -> Vec<(String, u64)> {
    let declared = |group: GroupIx| {
        desired.groups.iter().any(|said| {
            let name = &observed.group(group).name;
            said.name.value == *name || said.formerly.iter().any(|former| former.value == *name)
        })
    };
    observed
        .memberships
        .iter()
        .filter(|(group, _)| !declared(*group))
        .map(|(group, user)| (observed.group(*group).name.to_string(), observed.user(*user).id.0))
        .collect()
}

/// The records of users that no manifest mentions.
fn unmentioned<'a>(desired: &Desired, observed: &'a Observed) -> Vec<&'a ObservedUser> {
    let declared: Vec<&Email> =
        desired.users.iter().flat_map(|user| user.emails.listed()).map(|said| &said.value).collect();
    let mentioned = |user: &&ObservedUser| user.emails.iter().any(|held| declared.contains(&&held.email));
    observed.users.iter().filter(|user| !mentioned(user)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, max_global_rejects: 100_000, ..ProptestConfig::default() })]

    #[test]
    fn the_steps_make_the_account_equal_to_the_manifests(
        humans in proptest::collection::vec(human(), 1..9),
        circles in proptest::collection::vec(circle(), 0..5),
    ) {
        let (desired, observed) = sides(&humans, &circles);
        prop_assume!(!desired.users.is_empty() && !observed.users.is_empty());
        let first = planned(&desired, &observed);
        prop_assume!(first.blockers.is_empty());
        let mut expected = Expected::new(observed.clone());
        for step in first.steps() {
            expected = expected.after(step).map_err(|collision| TestCaseError::fail(collision.to_string()))?;
        }
        let after = expected.observed();
        satisfies(&desired, after).map_err(TestCaseError::fail)?;
        prop_assert_eq!(undeclared_memberships(&desired, &observed), undeclared_memberships(&desired, after));
        let second = planned(&desired, after);
        prop_assert!(second.is_empty() && second.steps().count() == 0, "{:?}", second.changes);
    }

    #[test]
    fn what_is_left_after_any_step_is_done_by_the_next_run(
        humans in proptest::collection::vec(human(), 1..5),
        circles in proptest::collection::vec(circle(), 0..6),
        stop in any::<proptest::sample::Index>(),
    ) {
        let (desired, observed) = sides(&humans, &circles);
        prop_assume!(!desired.users.is_empty() && !observed.users.is_empty());
        let first = planned(&desired, &observed);
        prop_assume!(first.blockers.is_empty());
        let done = stop.index(first.steps().count() + 1);
        let mut expected = Expected::new(observed.clone());
        for step in first.steps().take(done) {
            expected = expected.after(step).map_err(|collision| TestCaseError::fail(collision.to_string()))?;
        }
        let second = planned(&desired, expected.observed());
        prop_assert!(second.blockers.is_empty(), "{:?}", second.blockers);
        let mut rest = Expected::new(expected.observed().clone());
        for step in second.steps() {
            rest = rest.after(step).map_err(|collision| TestCaseError::fail(collision.to_string()))?;
        }
        satisfies(&desired, rest.observed()).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn whoever_no_manifest_mentions_stays_as_they_are(
        humans in proptest::collection::vec(human(), 1..9),
        circles in proptest::collection::vec(circle(), 0..5),
    ) {
        let (desired, observed) = sides(&humans, &circles);
        prop_assume!(!desired.users.is_empty() && !observed.users.is_empty());
        let mut expected = Expected::new(observed.clone());
        for step in planned(&desired, &observed).steps() {
            expected = expected.after(step).map_err(|collision| TestCaseError::fail(collision.to_string()))?;
        }
        prop_assert_eq!(unmentioned(&desired, &observed), unmentioned(&desired, expected.observed()));
    }

    #[test]
    fn the_order_of_files_and_pages_changes_nothing(
        humans in proptest::collection::vec(human(), 1..9),
        circles in proptest::collection::vec(circle(), 0..5),
    ) {
        let (mut desired, observed) = sides(&humans, &circles);
        prop_assume!(!desired.users.is_empty() && !observed.users.is_empty());
        let first = planned(&desired, &observed);
        desired.users.reverse();
        desired.groups.reverse();
        for group in &mut desired.groups {
            if let Members::Exactly(members) | Members::AtLeast(members) = &mut group.members {
                members.reverse();
            }
        }
        let pairs: Vec<_> = observed
            .memberships
            .iter()
            .rev()
            .map(|(group, user)| (observed.group(*group).id, observed.user(*user).id))
            .collect();
        let turned = |mut users: Vec<ObservedUser>| { users.reverse(); users };
        let mut groups = observed.groups.clone();
        groups.reverse();
        let shuffled = Observed::new(turned(observed.users.clone()), groups, &pairs, vec![], vec![]);
        prop_assert_eq!(first, planned(&desired, &shuffled));
    }
}
