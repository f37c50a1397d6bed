//! How steps become requests, and the table of `docs/performance.md`.

use super::{Call, Packet};
use crate::model::{
    Act, Afterwards, Email, Family, GroupId, GroupName, GroupRef, Identifier, Keeper, Login, NewUser,
    ObservedUser, Portrait, Step, StepId, Tracking, UserId, UserRef,
};

fn steps(acts: impl IntoIterator<Item = Act>) -> Vec<Step> {
    let step = |(id, act)| Step { id: StepId(id), change: None, act, needs: Vec::new() };
    (0..).zip(acts).map(step).collect()
}

fn pack(steps: Vec<Step>) -> Vec<Packet> {
    super::pack(steps, Family::Identity)
}

fn shape(packets: &[Packet]) -> Vec<(Call, usize, usize)> {
    packets.iter().map(|packet| (packet.call, packet.steps.len(), packet.requests())).collect()
}

fn track(user: u64, to: Tracking) -> Act {
    Act::Track { user: UserId(user), to }
}

fn join(group: u64, user: u64) -> Act {
    Act::Join {
        keeper: Keeper::App,
        group: GroupRef::Known(GroupId(group)),
        user: UserRef::Known(UserId(user)),
    }
}

#[test]
fn fifty_one_users_are_two_requests() {
    let packets = pack(steps((0..51).map(|user| track(user, Tracking::Untracked))));
    let call = Call::Track(Tracking::Untracked);
    assert_eq!(shape(&packets), [(call, 50, 1), (call, 1, 1)]);
}

#[test]
fn scim_takes_users_one_by_one() {
    let packets = super::pack(steps((0..3).map(|user| track(user, Tracking::Tracked))), Family::Scim);
    assert_eq!(shape(&packets), [(Call::Track(Tracking::Tracked), 1, 1); 3]);
}

#[test]
fn fifty_one_rules_are_two_requests_that_are_read_back_once() {
    let login = |n| Act::AddExclusion(Login::observed(None, &format!("svc{n}")));
    assert_eq!(shape(&pack(steps((0..51).map(login)))), [(Call::AddExclusions, 51, 2)]);
}

#[test]
fn members_are_packed_by_group_and_direction() {
    let leave = Act::Leave { keeper: Keeper::App, group: GroupId(1), user: UserId(9) };
    let packets = pack(steps([join(1, 1), join(2, 1), leave, join(1, 2)]));
    let call = |group| Call::Join(Keeper::App, GroupRef::Known(GroupId(group)));
    let wanted = [(call(1), 2, 1), (call(2), 1, 1), (Call::Leave(Keeper::App, GroupId(1)), 1, 1)];
    assert_eq!(shape(&packets), wanted);
}

#[test]
fn one_record_stands_once_in_a_request() {
    let edit = || Act::EditUser { user: UserId(1), edits: Vec::new() };
    assert_eq!(shape(&pack(steps([edit(), edit()]))), [(Call::EditUsers, 1, 1); 2]);
}

#[test]
fn a_request_that_one_record_is_kept_out_of_is_filled_by_others() {
    let edit = |user| Act::EditUser { user: UserId(user), edits: Vec::new() };
    let packets = pack(steps([1, 1].into_iter().chain(2..100).map(edit)));
    assert_eq!(shape(&packets), [(Call::EditUsers, 50, 1); 2]);
}

#[test]
fn what_cannot_be_put_back_is_sent_for_one_user_at_a_time() {
    let seen = Portrait::new(&ObservedUser::new(UserId(1)), None, Vec::new());
    let afterwards = Afterwards::StayBlocked;
    let remove = |user| Act::RemoveUser { user: UserId(user), seen: seen.clone(), afterwards };
    assert_eq!(shape(&pack(steps((0..3).map(remove)))), [(Call::RemoveUser, 1, 1); 3]);
    assert!(Call::RemoveUser.goes_alone() && !Call::EditUsers.goes_alone());
}

#[test]
fn nothing_is_lost_and_the_order_of_first_steps_is_kept() {
    let mixed: Vec<Act> =
        (0..500).map(|n| if n % 3 == 0 { track(n, Tracking::Tracked) } else { join(n % 7, n) }).collect();
    let packets = pack(steps(mixed));
    let mut ids: Vec<StepId> = packets.iter().flat_map(|p| &p.steps).map(|step| step.id).collect();
    let firsts: Vec<StepId> = packets.iter().map(|packet| packet.steps[0].id).collect();
    assert!(firsts.is_sorted());
    ids.sort_unstable();
    assert_eq!(ids, (0..500).map(StepId).collect::<Vec<_>>());
}

/// The row of a table: what is done, and the requests that 1, 10, 50, 51 and 1,000 of it take.
fn row(what: &str, act: impl Fn(u64) -> Act, users: Family) -> String {
    let requests = |count| -> usize {
        super::pack(steps((0..count).map(&act)), users).iter().map(Packet::requests).sum()
    };
    let cells = [1, 10, 50, 51, 1000].map(|count| format!(" {} |", requests(count)));
    format!("| {what} |{}", cells.concat())
}

#[test]
fn the_guide_says_how_many_requests_so_many_changes_take() {
    let guide = include_str!("../../../docs/performance.md");
    let (app, scim) = (Keeper::App, Keeper::Scim);
    let create = |n| {
        Act::CreateUser(NewUser {
            display_name: None,
            identifiers: vec![Identifier::Email(Email::parse(&format!("{n}@acme.example")).unwrap())],
            tracking: None,
        })
    };
    let edit = |n| Act::EditUser { user: UserId(n), edits: Vec::new() };
    let name = |n: u64| GroupName::observed(&format!("Group {n}"));
    let rename = |n| Act::RenameGroup { keeper: app, group: GroupId(n), from: name(n), to: name(n + 5000) };
    let into_one = |keeper| {
        move |n| Act::Join { keeper, group: GroupRef::Known(GroupId(1)), user: UserRef::Known(UserId(n)) }
    };
    for row in [
        row("users created", create, Family::Identity),
        row("users edited", edit, Family::Identity),
        row("users untracked", |n| track(n, Tracking::Untracked), Family::Identity),
        row("users edited by SCIM", edit, Family::Scim),
        row(
            "exclusions added",
            |n| Act::AddExclusion(Login::observed(None, &format!("s{n}"))),
            Family::Identity,
        ),
        row("groups created", |n| Act::CreateGroup(app, name(n).into()), Family::Identity),
        row("groups renamed", rename, Family::Identity),
        row("groups deleted", |n| Act::DeleteGroup { group: GroupId(n), name: name(n) }, Family::Identity),
        row("users put into one group", into_one(app), Family::Identity),
        row("users put into one group of SCIM", into_one(scim), Family::Scim),
        row("users put into a group each", |n| join(n, n), Family::Identity),
    ] {
        assert!(guide.contains(&row), "docs/performance.md lacks\n{row}");
    }
}
