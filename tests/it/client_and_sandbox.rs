//! The client against the sandbox: every kind of step does what the model expects, and faults are noticed.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use rollcall::account::activtrak::{Connection, Credentials, Reader, Writer};
use rollcall::account::{Computers, Family, Read, ReadError, Scope, Write, pack};
use rollcall::http::{Endpoint, Limiter, Limits, Pace, Secret};
use rollcall::model::{
    Act, Afterwards, ChangeId, ComputerId, DisplayName, Edit, Email, EmployeeId, ExclusionId, Expected,
    GroupId, GroupName, GroupRef, HrGroup, Identifier, Keeper, Login, NewUser, Observed, Outcome, Portrait,
    Snapshot, Step, StepId, Tracking, Upn, UserId, UserRef,
};
use rollcall::sandbox::{Config, Faults, LoggedRequest, Sandbox, Seed};

/// Five users, four groups of three sources, two rules, two computers.
const ACCOUNT: &str = r#"{
  "version": 1,
  "account": { "id": 123456, "name": "acme" },
  "users": [
    { "id": 1, "displayName": "Ada", "upns": ["ada@acme.example"], "emails": ["ada@acme.example"], "employeeIds": ["E1"], "groups": [11, 13] },
    { "id": 2, "displayName": "Bob", "emails": ["bob@acme.example"], "groups": [11] },
    { "id": 3, "displayName": "Cy", "employeeIds": ["E3"], "tracked": false },
    { "id": 4, "emails": ["dee@acme.example"], "deviceLogins": ["ACME\\dee"], "groups": [13, 14] },
    { "id": 5, "displayName": "Eve", "upns": ["eve@acme.example"], "groups": [12] },
    { "id": 6, "displayName": "Gus", "emails": ["gus@acme.example"], "employeeIds": ["E9"], "deviceLogins": ["ACME\\gus"], "groups": [11],
      "agents": [{ "id": 71, "username": "gus", "domain": "ACME", "firstLog": "2024-02-01T08:00:00Z" }] },
    { "id": 7, "displayName": "Hal", "emails": ["hal@acme.example"],
      "agents": [{ "id": 72, "username": "hal", "domain": "ACME", "firstLog": "2024-02-01T08:00:00Z" }] }
  ],
  "groups": [
    { "id": 11, "name": "Engineering", "computers": [21] },
    { "id": 12, "name": "Old team" },
    { "id": 13, "name": "London office", "source": "hr" },
    { "id": 14, "name": "Everyone", "source": "azure" }
  ],
  "computers": [{ "id": 21, "name": "LAB-01", "domain": "ACME" }, { "id": 22, "name": "LAB-02", "domain": "ACME" }],
  "exclusions": [{ "id": 31, "login": "*\\it_admin" }, { "id": 32, "login": "ACME\\svc" }]
}"#;

struct Rehearsal {
    sandbox: Sandbox,
    connection: Connection,
}

impl Rehearsal {
    async fn start(faults: &[&str]) -> Self {
        let config =
            Config { faults: Faults::parse(faults).unwrap(), hr_delay: Duration::ZERO, ..Config::default() };
        let seed: Seed = serde_json::from_str(ACCOUNT).unwrap();
        let sandbox = Sandbox::start(seed, config, 0).await.unwrap();
        let connection = Connection {
            endpoint: Endpoint::parse(&sandbox.url()).unwrap(),
            proxy: None,
            credentials: Credentials {
                api_key: Some(Secret::parse("key").unwrap()),
                ..Credentials::default()
            },
            pace: Pace::real().scaled(0.001),
            limiter: Limiter::new(Limits::of(NonZeroUsize::new(4).unwrap())),
            hr_group_type: "HRDC".into(),
        };
        Self { sandbox, connection }
    }

    async fn observe(&self) -> Result<Observed, ReadError> {
        let named = ["Engineering", "Old team"].map(GroupName::observed).to_vec();
        let scope = Scope { computers: Computers::Of(named), account: Some(123_456), ..Scope::default() };
        Reader::new(&self.connection).unwrap().observe(&scope).await
    }

    /// Carries steps out, each when those before it are done.
    async fn perform(&self, observed: &Observed, steps: &[Step]) -> Vec<Outcome> {
        let writer = Writer::new(&self.connection, Arc::new(observed.clone())).unwrap();
        perform(&writer, observed, steps).await
    }

    fn writes(&self) -> Vec<String> {
        let requests = self.sandbox.requests().into_iter().filter(LoggedRequest::is_write);
        requests.map(|request| format!("{} {}", request.method, request.path)).collect()
    }
}

async fn perform(writer: &Writer, observed: &Observed, steps: &[Step]) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for step in steps {
        for packet in pack([step.clone()], observed.reach.users()) {
            outcomes.extend(writer.perform(&packet).await.into_iter().map(|(_, outcome)| outcome));
        }
    }
    outcomes
}

fn steps(acts: impl IntoIterator<Item = Act>) -> Vec<Step> {
    (0..)
        .zip(acts)
        .map(|(n, act)| Step { id: StepId(n), change: Some(ChangeId(n)), act, needs: Vec::new() })
        .collect()
}

fn email(text: &str) -> Identifier {
    Identifier::Email(Email::observed(text))
}

fn one_of_each(observed: &Observed) -> Vec<Step> {
    let seen = |id| {
        let record = observed.user(observed.user_ix(UserId(id)).unwrap());
        Portrait::new(record, record.display_name.clone(), record.identifiers().collect())
    };
    let new = NewUser {
        display_name: Some(DisplayName::observed("Fay")),
        identifiers: vec![
            email("fay@acme.example"),
            Identifier::Upn(Upn::observed("fay@acme.example")),
            Identifier::EmployeeId(EmployeeId::observed("E6")),
        ],
        tracking: Some(Tracking::Untracked),
    };
    let rename = Edit::Name { from: Some(DisplayName::observed("Ada")), to: DisplayName::observed("Ada L.") };
    let fay = UserRef::New(ChangeId(0));
    let team = GroupRef::New(ChangeId(6));
    steps([
        Act::CreateUser(new),
        Act::EditUser {
            user: UserId(1),
            edits: vec![rename, Edit::Remove(email("ada@acme.example")), Edit::Add(email("al@acme.example"))],
        },
        Act::Track { user: UserId(2), to: Tracking::Untracked },
        Act::Track { user: UserId(3), to: Tracking::Tracked },
        Act::AddExclusion(Login::parse("ACME\\svc-backup").unwrap()),
        Act::RemoveExclusion { id: ExclusionId(32), login: Login::parse("ACME\\svc").unwrap() },
        Act::CreateGroup(Keeper::App, GroupName::observed("R&D London").into()),
        Act::RenameGroup {
            keeper: Keeper::App,
            group: GroupId(11),
            from: GroupName::observed("Engineering"),
            to: GroupName::observed("Engines"),
        },
        Act::Join { keeper: Keeper::App, group: team, user: fay },
        Act::Join { keeper: Keeper::App, group: GroupRef::Known(GroupId(11)), user: fay },
        Act::Join {
            keeper: Keeper::App,
            group: GroupRef::Known(GroupId(11)),
            user: UserRef::Known(UserId(5)),
        },
        Act::Leave { keeper: Keeper::App, group: GroupId(11), user: UserId(2) },
        Act::SetPrimaryGroup { user: fay, group: team, name: GroupName::observed("R&D London") },
        Act::AddComputer { group: GroupRef::Known(GroupId(11)), computer: ComputerId(22) },
        Act::RemoveComputer { group: GroupId(11), computer: ComputerId(21) },
        Act::DeleteGroup { group: GroupId(12), name: GroupName::observed("Old team") },
        Act::EraseHistory { user: UserId(7), seen: seen(7), decided: jiff::civil::date(2025, 1, 1) },
        Act::RemoveUser { user: UserId(6), seen: seen(6), afterwards: Afterwards::StayBlocked },
        Act::Unblock(vec![Login::parse("*\\gus@acme.example").unwrap()]),
    ])
}

/// What of an account does not depend on numbers that only the account gives.
fn gist(observed: &Observed) -> BTreeSet<String> {
    let mut facts = BTreeSet::new();
    let label = |user: &rollcall::model::ObservedUser| {
        let mut identifiers: Vec<String> = user.identifiers().map(|id| format!("{id:?}")).collect();
        identifiers.sort();
        let name = user.display_name.as_ref().map(DisplayName::as_written);
        format!("{name:?} {identifiers:?}, {} and {} agents", user.agents.len(), user.deleted_agents.len())
    };
    for user in &observed.users {
        facts.insert(format!("user {} {:?}", label(user), user.tracking));
    }
    for group in &observed.groups {
        let computers = group.computers.clone().filter(|computers| !computers.is_empty());
        facts.insert(format!("group {} {:?} {computers:?}", group.name, group.source));
    }
    for (group, user) in &observed.memberships {
        facts.insert(format!("{} in {}", label(observed.user(*user)), observed.group(*group).name));
    }
    for rule in &observed.exclusions {
        facts.insert(format!("rule {}", rule.login));
    }
    facts
}

#[tokio::test]
async fn every_kind_of_step_does_what_the_model_expects() {
    let rehearsal = Rehearsal::start(&[]).await;
    let before = rehearsal.observe().await.unwrap();
    let steps = one_of_each(&before);
    let expected = steps.iter().try_fold(Expected::new(before.clone()), Expected::after).unwrap();

    let outcomes = rehearsal.perform(&before, &steps).await;
    assert_eq!(outcomes, vec![Outcome::Applied; steps.len()]);

    let named = ["Engines", "Old team"].map(GroupName::observed).to_vec();
    let reader = Reader::new(&rehearsal.connection).unwrap();
    let after = reader.observe(&Scope { computers: Computers::Of(named), ..Scope::default() }).await.unwrap();
    assert_eq!(gist(&after), gist(expected.observed()));
}

#[tokio::test]
async fn reads_that_lag_are_waited_for_by_every_kind_of_step_whichever_api_lags() {
    for (fault, families) in [
        ("lag=120", &[Family::Identity, Family::Admin][..]),
        ("lag-identity=120", &[Family::Identity]),
        ("lag-admin=120", &[Family::Admin]),
    ] {
        let rehearsal = Rehearsal::start(&[fault]).await;
        let before = rehearsal.observe().await.unwrap();
        let steps = one_of_each(&before);
        let expected = steps.iter().try_fold(Expected::new(before.clone()), Expected::after).unwrap();
        let writer = Writer::new(&rehearsal.connection, Arc::new(before.clone())).unwrap();
        let writer = writer.patient(Duration::from_secs(20));
        let outcomes = perform(&writer, &before, &steps).await;
        assert_eq!(outcomes, vec![Outcome::Applied; steps.len()], "{fault}");
        let late: Vec<Family> = writer.late().into_iter().map(|(family, _)| family).collect();
        assert_eq!(late, families, "{fault}");
        tokio::time::sleep(Duration::from_millis(150)).await;
        let named = ["Engines", "Old team"].map(GroupName::observed).to_vec();
        let reader = Reader::new(&rehearsal.connection).unwrap();
        let after =
            reader.observe(&Scope { computers: Computers::Of(named), ..Scope::default() }).await.unwrap();
        assert_eq!(gist(&after), gist(expected.observed()), "{fault}");
    }
}

#[tokio::test]
async fn what_does_not_show_in_time_is_a_mismatch_and_unknown_where_nobody_waits() {
    let rehearsal = Rehearsal::start(&["lag=60000"]).await;
    let before = rehearsal.observe().await.unwrap();
    let untrack = steps([Act::Track { user: UserId(2), to: Tracking::Untracked }]);
    let patient =
        |limit| Writer::new(&rehearsal.connection, Arc::new(before.clone())).unwrap().patient(limit);
    let outcomes = perform(&patient(Duration::from_millis(200)), &before, &untrack).await;
    let answered = "tracked, as before, after 0.2 s".to_owned();
    assert_eq!(outcomes, [Outcome::Mismatched { asked: "untracked".to_owned(), answered }]);
    let hurried = patient(Duration::from_mins(10));
    hurried.hurry();
    let exclude = steps([Act::AddExclusion(Login::parse("ACME\\svc-backup").unwrap())]);
    let outcomes = perform(&hurried, &before, &exclude).await;
    assert!(matches!(&outcomes[..], [Outcome::Unknown(why)] if why.contains("stopped")), "{outcomes:?}");
}

#[tokio::test]
async fn whichever_answer_is_lost_every_step_is_done_and_none_is_sent_twice() {
    let whole = Rehearsal::start(&[]).await;
    let before = whole.observe().await.unwrap();
    let steps = one_of_each(&before);
    let told = whole.perform(&before, &steps).await;
    let (wanted, writes) = (gist(&whole.observe().await.unwrap()), whole.writes());
    for lost in 1..=writes.len() {
        let rehearsal = Rehearsal::start(&[&format!("lose-answer={lost}")]).await;
        let outcomes = rehearsal.perform(&before, &steps).await;
        assert_eq!(outcomes, told, "write {lost}, {}: what came of it is the run's own", writes[lost - 1]);
        assert_eq!(gist(&rehearsal.observe().await.unwrap()), wanted, "write {lost}, {}", writes[lost - 1]);
        assert_eq!(rehearsal.writes().len(), writes.len(), "write {lost}, {}", writes[lost - 1]);
    }
}

#[tokio::test]
async fn steps_that_hold_already_change_nothing() {
    let rehearsal = Rehearsal::start(&[]).await;
    let before = rehearsal.observe().await.unwrap();
    let all = one_of_each(&before);
    rehearsal.perform(&before, &all).await;
    let after = rehearsal.observe().await.unwrap();
    // What makes a new record or needs one is left out: a plan made now would not ask for it.
    let again: Vec<Step> = all
        .into_iter()
        .filter(|step| {
            !matches!(
                step.act,
                Act::CreateUser(_) | Act::CreateGroup(..) | Act::Join { .. } | Act::SetPrimaryGroup { .. }
            )
        })
        .collect();
    for (step, outcome) in again.iter().zip(rehearsal.perform(&before, &again).await) {
        assert!(outcome.holds(), "{:?}: {outcome:?}", step.act);
    }
    assert_eq!(gist(&rehearsal.observe().await.unwrap()), gist(&after));
}

#[tokio::test]
async fn hundreds_of_steps_go_out_in_batches_and_at_the_same_time() {
    let rehearsal = Rehearsal::start(&[]).await;
    let before = rehearsal.observe().await.unwrap();
    let person = |n: u64| {
        Act::CreateUser(NewUser {
            display_name: None,
            identifiers: vec![email(&format!("p{n}@acme.example"))],
            tracking: None,
        })
    };
    let creates = steps((0..120).map(person));
    assert_eq!(rehearsal.perform(&before, &creates).await, vec![Outcome::Applied; 120]);

    let before = Arc::new(rehearsal.observe().await.unwrap());
    let ids: Vec<UserId> = before.users.iter().map(|user| user.id).filter(|id| id.0 > 7).collect();
    let join = |group: u64, user: UserId| Act::Join {
        keeper: Keeper::App,
        group: GroupRef::Known(GroupId(group)),
        user: UserRef::Known(user),
    };
    let edit = |user: UserId| Act::EditUser {
        user,
        edits: vec![Edit::Add(Identifier::EmployeeId(EmployeeId::observed(&format!("P{}", user.0))))],
    };
    let acts = ids.iter().flat_map(|&id| {
        [Act::Track { user: id, to: Tracking::Untracked }, edit(id), join(11, id), join(12, id)]
    });
    let packets = pack(steps(acts), Family::Identity);
    let earlier = rehearsal.writes().len();
    let writer = Writer::new(&rehearsal.connection, Arc::clone(&before)).unwrap();
    let performed = futures_util::future::join_all(packets.iter().map(|packet| writer.perform(packet))).await;
    for (id, outcome) in performed.concat() {
        assert_eq!(outcome, Outcome::Applied, "{id:?}");
    }
    // 3 for tracking, 3 for edits, 3 for each group; more only where one packet overtook another's revision.
    let sent = rehearsal.writes().len() - earlier;
    assert!((12..=16).contains(&sent), "{sent} writes");
    let after = rehearsal.observe().await.unwrap();
    let untracked = after.users.iter().filter(|user| user.tracking == Tracking::Untracked).count();
    assert_eq!(untracked, 121);
    assert_eq!(after.members(after.group_ix(GroupId(12)).unwrap()).len(), 121);
}

#[tokio::test]
async fn a_record_that_changed_meanwhile_is_read_again_or_left_alone() {
    let rehearsal = Rehearsal::start(&[]).await;
    let before = rehearsal.observe().await.unwrap();
    let rename = |to: &str| Act::EditUser {
        user: UserId(1),
        edits: vec![Edit::Name { from: Some(DisplayName::observed("Ada")), to: DisplayName::observed(to) }],
    };
    let untrack = Act::Track { user: UserId(1), to: Tracking::Untracked };
    let add = Act::EditUser { user: UserId(1), edits: vec![Edit::Add(email("new@acme.example"))] };
    // Somebody else renames Ada: their revision is ahead of what was read.
    rehearsal.perform(&before, &steps([rename("Ada of Lovelace")])).await;

    let outcomes = rehearsal.perform(&before, &steps([add, untrack, rename("Ada L.")])).await;
    assert_eq!(outcomes[..2], [Outcome::Applied, Outcome::Applied]);
    let Outcome::Failed(reason) = &outcomes[2] else { panic!("{outcomes:?}") };
    assert!(reason.starts_with("changed since the plan: display name Ada of Lovelace"), "{reason}");
}

#[tokio::test]
async fn a_primary_group_that_somebody_else_chose_meanwhile_is_left_to_them() {
    let rehearsal = Rehearsal::start(&[]).await;
    let before = rehearsal.observe().await.unwrap();
    let choose = |group: u64| {
        let (group, name) = (GroupRef::Known(GroupId(group)), GroupName::observed("a group"));
        Act::SetPrimaryGroup { user: UserRef::Known(UserId(1)), group, name }
    };
    let chosen = |observed: &Observed| observed.user(observed.user_ix(UserId(1)).unwrap()).primary_group;
    let (ours, theirs) = if chosen(&before) == Some(GroupId(11)) { (11, 13) } else { (13, 11) };
    assert_eq!(rehearsal.perform(&before, &steps([choose(theirs)])).await, [Outcome::Applied]);

    let Outcome::Failed(reason) = &rehearsal.perform(&before, &steps([choose(ours)])).await[0] else {
        panic!("another choice was overwritten")
    };
    assert_eq!(*reason, format!("changed since the plan: primary group {theirs}"));
    assert_eq!(chosen(&rehearsal.observe().await.unwrap()), Some(GroupId(theirs)));
}

#[tokio::test]
async fn what_the_account_refuses_is_reported_in_its_words_and_spoils_nothing_else() {
    let rehearsal = Rehearsal::start(&[]).await;
    let before = rehearsal.observe().await.unwrap();
    let add = |user: u64, address: &str| Act::EditUser {
        user: UserId(user),
        edits: vec![Edit::Add(email(address))],
    };
    let packets = pack(
        steps([add(1, "new1@acme.example"), add(2, "ada@acme.example"), add(3, "new3@acme.example")]),
        Family::Identity,
    );
    assert_eq!(packets.len(), 1);
    let writer = Writer::new(&rehearsal.connection, Arc::new(before)).unwrap();
    let outcomes = writer.perform(&packets[0]).await;
    assert_eq!((&outcomes[0].1, &outcomes[2].1), (&Outcome::Applied, &Outcome::Applied));
    assert!(matches!(&outcomes[1].1, Outcome::Failed(reason) if !reason.is_empty()), "{outcomes:?}");

    let foreign = Act::Join {
        keeper: Keeper::App,
        group: GroupRef::Known(GroupId(14)),
        user: UserRef::Known(UserId(1)),
    };
    let wrong = Act::DeleteGroup { group: GroupId(12), name: GroupName::observed("Another team") };
    let hr = Act::DeleteGroup { group: GroupId(13), name: GroupName::observed("London office") };
    let before = rehearsal.observe().await.unwrap();
    let earlier = rehearsal.writes().len();
    for outcome in rehearsal.perform(&before, &steps([foreign, wrong, hr])).await {
        assert!(matches!(outcome, Outcome::Failed(_)), "{outcome:?}");
    }
    assert_eq!(
        rehearsal.writes().len(),
        earlier + 1,
        "a group that is not the reviewed one is never deleted"
    );
}

#[tokio::test]
async fn a_group_that_somebody_joined_since_the_plan_is_not_deleted() {
    let rehearsal = Rehearsal::start(&[]).await;
    let before = rehearsal.observe().await.unwrap();
    let delete = || steps([Act::DeleteGroup { group: GroupId(12), name: GroupName::observed("Old team") }]);
    let user = UserRef::Known(UserId(1));
    let join = Act::Join { keeper: Keeper::App, group: GroupRef::Known(GroupId(12)), user };
    assert_eq!(rehearsal.perform(&before, &steps([join])).await, [Outcome::Applied]);

    let why = "changed since the plan: 1 more user is in it";
    assert_eq!(rehearsal.perform(&before, &delete()).await, [Outcome::Failed(why.into())]);
    let reviewed_anew = rehearsal.observe().await.unwrap();
    assert_eq!(rehearsal.perform(&reviewed_anew, &delete()).await, [Outcome::Applied]);
}

#[tokio::test]
async fn a_group_that_somebody_renamed_since_the_plan_is_not_taken_for_a_new_one() {
    let rehearsal = Rehearsal::start(&[]).await;
    let before = rehearsal.observe().await.unwrap();
    let [old, new] = ["Old team", "Newcomers"].map(GroupName::observed);
    let rename = Act::RenameGroup { keeper: Keeper::App, group: GroupId(12), from: old, to: new.clone() };
    assert_eq!(rehearsal.perform(&before, &steps([rename])).await, [Outcome::Applied]);

    let create = Act::CreateGroup(Keeper::App, new.into());
    let taken = Outcome::Failed("the name is taken by group 12".into());
    assert_eq!(rehearsal.perform(&before, &steps([create])).await, [taken]);
}

#[tokio::test]
async fn a_snapshot_is_sent_byte_for_byte_and_seen_in_the_hr_slice() {
    let rehearsal = Rehearsal::start(&[]).await;
    let before = rehearsal.observe().await.unwrap();
    let csv = "user_lookup_id,group\nada@acme.example,London office\nE3,Oslo office\n";
    let snapshot =
        Snapshot { csv: Arc::from(csv.as_bytes()), sha256: [0; 32], before: Vec::new(), after: Vec::new() };
    let outcomes = rehearsal.perform(&before, &steps([Act::Upload(Arc::new(snapshot))])).await;
    assert_eq!(outcomes, [Outcome::Pending]);
    let group = |name: &str, user: u64| HrGroup {
        name: GroupName::observed(name),
        members: vec![UserRef::Known(UserId(user))],
    };
    let slice = Reader::new(&rehearsal.connection).unwrap().hr_slice().await.unwrap();
    assert_eq!(slice, [group("London office", 1), group("Oslo office", 3)]);
    let upload = rehearsal.sandbox.requests().into_iter().find(|request| request.path == "/hrdc/v2/bulk");
    assert!(upload.unwrap().body.contains(csv));
}

#[tokio::test]
async fn an_account_that_answers_500_to_writes_is_read_but_not_written() {
    let rehearsal = Rehearsal::start(&["fail-writes"]).await;
    let before = rehearsal.observe().await.unwrap();
    let outcomes = rehearsal.perform(&before, &one_of_each(&before)).await;
    let (last, others) = outcomes.split_last().unwrap();
    assert_eq!(*last, Outcome::AlreadyTrue, "no rule stands on whom nothing removed");
    for outcome in others {
        assert!(!outcome.holds(), "{outcome:?}");
    }
    let unknown = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Unknown(_))).count();
    assert!(unknown >= 10, "a 500 may come after the work was done: {outcomes:?}");
    assert_eq!(gist(&rehearsal.observe().await.unwrap()), gist(&before));
}

#[tokio::test]
async fn faults_of_reading_are_noticed() {
    let error = Rehearsal::start(&["no-memberships"]).await.observe().await.unwrap_err();
    assert!(error.to_string().contains("memberships were left out"), "{error}");

    let rehearsal = Rehearsal::start(&["drop-membership"]).await;
    let observed = rehearsal.observe().await.unwrap();
    let reader = Reader::new(&rehearsal.connection).unwrap();
    let error = reader.prove(&observed, &[GroupId(11)]).await.unwrap_err();
    assert!(error.to_string().ends_with("members of group 11: 2 read, and the account counts 3"), "{error}");
    reader.prove(&observed, &[GroupId(12)]).await.unwrap();
}
