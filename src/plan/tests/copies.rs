//! Groups that have the users of others: in every order as they will be, and nobody leaves for what is not certain.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::model::{
    Access, Afterwards, Automatic, DeclaredSource, Delta, DesiredGroup, Family, Field, GroupName,
    GroupSource, Located, Members, Object, Observed, Piece, Reach, Topic, UnmanagedGroups,
};
use crate::plan::Plan;
use crate::plan::tests::build::{account, codes, declared, desired, group, planned, record, reference};
use crate::plan::tests::orders::{DECIDED, remove};

fn named(name: &str) -> Located<GroupName> {
    Located::unplaced(GroupName::observed(name))
}

/// A group of the app with the users of others.
fn copying(name: &str, of: &[&str]) -> DesiredGroup {
    let mut group = group(name, DeclaredSource::App, &[]);
    let of = of.iter().map(|name| named(name)).collect();
    (group.members, group.automatic) = (Members::Leave, Some(Automatic { of, ..Automatic::default() }));
    group
}

fn text(pieces: &[Piece]) -> String {
    let word = |piece: &Piece| match piece {
        Piece::Plain(text) => text.to_string(),
        Piece::Personal(text) => text.to_string(),
        Piece::User(label) => label.display_id.as_deref().unwrap_or("?").to_owned(),
    };
    pieces.iter().map(word).collect()
}

/// Who enters and leaves which group, as `G + email` and `G - email`.
fn moves(plan: &Plan) -> Vec<String> {
    let mut moves = Vec::new();
    for change in &plan.changes {
        let Object::Group { name, .. } = &change.object else { continue };
        for fact in change.facts.iter().filter(|fact| fact.field == Field::Member) {
            let (sign, piece) = match &fact.delta {
                Delta::Remove(piece) => ('-', piece),
                Delta::Add(piece) | Delta::Set { to: piece, .. } => ('+', piece),
            };
            moves.push(format!("{name} {sign} {}", text(std::slice::from_ref(piece))));
        }
    }
    moves.sort();
    moves
}

fn notices(plan: &Plan) -> Vec<String> {
    plan.notices.iter().map(|notice| text(&notice.message.0)).collect()
}

fn email(at: u64) -> String {
    format!("u{at}@x.example")
}

fn of(groups: &[(u64, &str, GroupSource, &[u64])]) -> Observed {
    account((1..=4).map(|at| record(at, &email(at))).collect(), groups)
}

#[test]
fn whoever_is_left_out_of_a_carried_group_is_in_no_copy() {
    let observed = of(&[
        (11, "Sales", GroupSource::Directory, &[1, 2]),
        (12, "Rows", GroupSource::Hr, &[2, 3]),
        (13, "All", GroupSource::App, &[2, 4]),
    ]);
    let plan = planned(
        &desired(vec![declared("u1@x.example")], vec![copying("All", &["Sales", "Rows"])]),
        &observed,
    );
    assert_eq!(
        (codes(&plan), moves(&plan)),
        (
            vec![],
            ["All + u1@x.example", "All + u3@x.example", "All - u4@x.example"].map(String::from).to_vec()
        )
    );
    let mut leaving = desired(vec![declared("u1@x.example")], vec![copying("All", &["Sales", "Rows"])]);
    leaving.leave_out.push(crate::model::LeaveOut { group: named("Rows"), user: reference("u3@x.example") });
    assert!(!moves(&planned(&leaving, &observed)).contains(&"All + u3@x.example".to_owned()));
}

#[test]
fn whoever_an_order_removes_is_in_no_copy() {
    let mut observed =
        of(&[(11, "Sales", GroupSource::Directory, &[1, 2][..]), (12, "All", GroupSource::App, &[1, 3])]);
    observed.users[1].created = "1969-01-01T00:00:00Z".parse().ok();
    let copy = || vec![copying("All", &["Sales"])];
    let kept = planned(&desired(vec![declared("u1@x.example"), declared("u2@x.example")], copy()), &observed);
    assert_eq!(moves(&kept), ["All + u2@x.example", "All - u3@x.example"]);
    let gone = declared("u2@x.example").ordered(remove(Afterwards::Unblock), DECIDED);
    let plan = planned(&desired(vec![declared("u1@x.example"), gone], copy()), &observed);
    assert_eq!(moves(&plan), ["All - u3@x.example", "Sales - u2@x.example"]);
}

#[test]
fn a_group_whose_users_another_has_is_mentioned() {
    let groups = [
        (11, "Design", GroupSource::App, &[1][..]),
        (12, "All", GroupSource::App, &[1]),
        (13, "Else", GroupSource::App, &[1]),
    ];
    let mut wanted = desired(vec![declared("u1@x.example")], vec![copying("All", &["Design"])]);
    wanted.policy.unmanaged_groups = Located::unplaced(UnmanagedGroups::Delete);
    let plan = planned(&wanted, &of(&groups));
    let names: Vec<String> = plan.changes.iter().map(|change| format!("{:?}", change.object)).collect();
    assert!(names.len() == 1 && names[0].contains("Else"), "{names:?}");
}

#[test]
fn nobody_leaves_where_the_keys_do_not_show_who_is_in_another() {
    let groups = [(11, "Design", GroupSource::App, &[][..]), (12, "All", GroupSource::Scim, &[1])];
    let hidden = Reach::everything().with(Topic::Members, Access::Hidden(Family::Identity));
    let mut copy = copying("All", &["Design"]);
    copy.source = Some(DeclaredSource::Scim);
    let wanted = desired(vec![declared("u1@x.example")], vec![copy]);
    let plan = planned(&wanted, &of(&groups).within(hidden));
    assert_eq!((codes(&plan), moves(&plan)), (vec![], vec![]));
    let because = "nobody leaves All: these keys do not show who is in Design";
    assert!(notices(&plan).iter().any(|notice| notice == because), "{:?}", notices(&plan));
    assert_eq!(moves(&planned(&wanted, &of(&groups))), ["All - u1@x.example"]);
}

#[test]
fn nobody_leaves_until_somebody_has_filled_another_by_hand() {
    let groups = [(11, "Design", GroupSource::App, &[2][..]), (12, "All", GroupSource::Scim, &[1, 2])];
    let by_hand = Reach::everything().with(Topic::Members, Access::Shown(Family::Identity));
    let mut copy = copying("All", &["Middle"]);
    copy.source = Some(DeclaredSource::Scim);
    let mut middle = copying("Middle", &["Design"]);
    middle.source = Some(DeclaredSource::Scim);
    let of_middle = (13, "Middle", GroupSource::Scim, &[][..]);
    let groups = [groups[0].clone(), groups[1].clone(), of_middle];
    let design = |members: &[&str]| group("Design", DeclaredSource::App, members);
    let users = || vec![declared("u1@x.example"), declared("u2@x.example")];
    let wanted = desired(users(), vec![copy.clone(), middle.clone(), design(&["u1@x.example"])]);
    let plan = planned(&wanted, &of(&groups).within(by_hand.clone()));
    assert_eq!((codes(&plan), moves(&plan)), (vec![], vec!["Middle + u2@x.example".to_owned()]));
    let because = "nobody leaves All until what there is to do by hand about Middle is done";
    assert!(notices(&plan).iter().any(|notice| notice == because), "{:?}", notices(&plan));
    // Once it is done, the copies follow.
    let done = desired(users(), vec![copy, middle, design(&["u2@x.example"])]);
    let plan = planned(&done, &of(&groups).within(by_hand));
    assert_eq!(moves(&plan), ["All - u1@x.example", "Middle + u2@x.example"]);
}

#[test]
fn a_group_whose_entry_is_read_only_stays_what_it_is_for_others() {
    let groups = [(11, "Sales", GroupSource::Directory, &[1][..]), (12, "All", GroupSource::App, &[1, 2])];
    let wanted = desired(
        vec![declared("u1@x.example")],
        vec![DesiredGroup::new(named("Sales")), copying("All", &["Sales"])],
    );
    let plan = planned(&wanted, &of(&groups));
    assert_eq!((codes(&plan), moves(&plan)), (vec![], vec!["All - u2@x.example".to_owned()]));
}

/// A drawn group: who is in it now, whom its entry lists, which earlier groups it copies, whom it leaves out, and what it is.
type Drawn = (BTreeSet<u64>, BTreeSet<u64>, BTreeSet<usize>, BTreeSet<u64>, u8);

fn drawn() -> impl Strategy<Value = Vec<Drawn>> {
    let users = || prop::collection::btree_set(1..=4u64, 0..4);
    let group = (users(), users(), prop::collection::btree_set(0..6usize, 0..4), users(), 0..4u8);
    prop::collection::vec(group, 1..6)
}

/// What each group comes to, by looking at one after the other.
fn model(groups: &[Drawn]) -> Vec<BTreeSet<u64>> {
    let mut after: Vec<BTreeSet<u64>> = Vec::new();
    for (at, (present, listed, of, except, kind)) in groups.iter().enumerate() {
        let copied = of.iter().filter(|source| **source < at).flat_map(|source| after[*source].clone());
        let copied: BTreeSet<u64> = copied.filter(|user| !except.contains(user)).collect();
        let wanted: BTreeSet<u64> = listed.union(&copied).copied().collect();
        after.push(match kind {
            // Not declared, and so as it is.
            0 => present.clone(),
            // Additive.
            1 => present.union(&wanted).copied().collect(),
            _ => wanted,
        });
    }
    after
}

proptest! {
    #[test]
    fn every_group_comes_to_what_the_others_come_to(groups in drawn(), turned in any::<bool>()) {
        let name = |at: usize| format!("G{at}");
        let mut entries = Vec::new();
        for (at, (_, listed, of, except, kind)) in groups.iter().enumerate() {
            let of: Vec<String> = of.iter().filter(|source| **source < at).map(|source| name(*source)).collect();
            let of: Vec<&str> = of.iter().map(|name| &**name).collect();
            let mut entry = copying(&name(at), &of);
            let listed: Vec<_> = listed.iter().map(|user| reference(&email(*user))).collect();
            entry.members = if *kind == 1 { Members::AtLeast(listed) } else { Members::Exactly(listed) };
            if let Some(automatic) = entry.automatic.as_mut() {
                automatic.except = except.iter().map(|user| reference(&email(*user))).collect();
            }
            if of.is_empty() {
                entry.automatic = None;
            }
            if *kind > 0 {
                entries.push(entry);
            }
        }
        if turned {
            entries.reverse();
        }
        let names: Vec<String> = (0..groups.len()).map(name).collect();
        let present: Vec<Vec<u64>> = groups.iter().map(|group| group.0.iter().copied().collect()).collect();
        let there: Vec<(u64, &str, GroupSource, &[u64])> = (0..groups.len())
            .map(|at| (10 + at as u64, &*names[at], GroupSource::App, &*present[at]))
            .collect();
        let plan = planned(&desired(vec![declared("u1@x.example")], entries), &of(&there));
        prop_assert_eq!(codes(&plan), Vec::<&str>::new());
        let moves = moves(&plan);
        for (at, wanted) in model(&groups).into_iter().enumerate() {
            let moved = |sign: char, user: u64| moves.contains(&format!("G{at} {sign} {}", email(user)));
            let after: BTreeSet<u64> = (1..=4)
                .filter(|user| moved('+', *user) || groups[at].0.contains(user) && !moved('-', *user))
                .collect();
            prop_assert_eq!(after, wanted, "G{} of {:?}", at, groups);
        }
    }
}
