//! Users by SCIM: the client against the sandbox with the Identity API closed, and against transcripts of the portal.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use rollcall::account::activtrak::{Connection, Credentials, Reader, Writer};
use rollcall::account::{Family, Read, ReadError, Scope, Unproved, Write, pack};
use rollcall::http::{Endpoint, Limiter, Limits, Pace, Secret};
use rollcall::model::{
    Act, ChangeId, DisplayName, Edit, Email, EmployeeId, GroupId, GroupName, GroupRef, GroupSource,
    Identifier, Keeper, NewUser, Observed, Outcome, Step, StepId, Tracking, UserId, UserRef,
};
use rollcall::sandbox::{Config, Faults, Keys, LoggedRequest, Sandbox, Seed, Settings};

const ACCOUNT: &str = r#"{
  "version": 1,
  "account": { "id": 123456, "name": "acme" },
  "users": [
    { "id": 1, "displayName": "Ada", "upns": ["ada@acme.example"], "emails": ["ada@acme.example"], "employeeIds": ["E1", "E1b"], "groups": [11, 13] },
    { "id": 2, "displayName": "Bob", "emails": ["bob@acme.example"], "groups": [11] },
    { "id": 3, "displayName": "Cy", "employeeIds": ["E3"], "tracked": false },
    { "id": 4, "emails": ["dee@acme.example"], "groups": [13] },
    { "id": 5, "displayName": "Eve", "upns": ["eve@acme.example"] },
    { "id": 6, "displayName": "Fay", "upns": ["fay@acme.example"] },
    { "id": 7, "displayName": "Gus", "upns": ["gus@acme.example"] }
  ],
  "groups": [
    { "id": 11, "name": "Engineering" }, { "id": 12, "name": "Old team" },
    { "id": 13, "name": "London office", "source": "hr" }
  ]
}"#;

struct Rehearsal {
    sandbox: Sandbox,
    connection: Connection,
}

impl Rehearsal {
    async fn start(settings: &[&str], faults: &[&str]) -> Self {
        Self::of(serde_json::from_str(ACCOUNT).unwrap(), settings, faults).await
    }

    async fn of(seed: Seed, settings: &[&str], faults: &[&str]) -> Self {
        let settings = settings.iter().chain(&["identity-closed"]);
        let config = Config {
            faults: Faults::parse(faults).unwrap(),
            settings: Settings::parse(settings).unwrap(),
            hr_delay: Duration::ZERO,
            keys: Keys::Only("key".to_owned()),
            scim_keys: Keys::Only("scim-key".to_owned()),
            ..Config::default()
        };
        let sandbox = Sandbox::start(seed, config, 0).await.unwrap();
        let secret = |text| Some(Secret::parse(text).unwrap());
        let connection = Connection {
            endpoint: Endpoint::parse(&sandbox.url()).unwrap(),
            proxy: None,
            credentials: Credentials {
                api_key: secret("key"),
                scim_key: secret("scim-key"),
                ..Credentials::default()
            },
            pace: Pace::real().scaled(0.001),
            limiter: Limiter::new(Limits::of(NonZeroUsize::new(4).unwrap())),
            hr_group_type: "HRDC".into(),
        };
        Self { sandbox, connection }
    }

    async fn observe(&self) -> Result<Observed, ReadError> {
        Reader::new(&self.connection).unwrap().observe(&Scope::default()).await
    }

    async fn perform(&self, observed: &Observed, act: Act) -> Outcome {
        self.perform_all(observed, vec![act]).await.remove(0)
    }

    async fn perform_all(&self, observed: &Observed, acts: Vec<Act>) -> Vec<Outcome> {
        let writer = Writer::new(&self.connection, Arc::new(observed.clone())).unwrap();
        let step = |(id, act)| Step { id: StepId(id), change: Some(ChangeId(0)), act, needs: Vec::new() };
        let mut outcomes = Vec::new();
        for packet in pack((0..).zip(acts).map(step), Family::Scim) {
            outcomes.extend(writer.perform(&packet).await);
        }
        outcomes.sort_unstable_by_key(|outcome| outcome.0);
        outcomes.into_iter().map(|outcome| outcome.1).collect()
    }

    fn writes(&self) -> Vec<String> {
        let requests = self.sandbox.requests().into_iter().filter(LoggedRequest::is_write);
        requests.map(|request| format!("{} {}", request.method, request.path)).collect()
    }
}

fn email(text: &str) -> Identifier {
    Identifier::Email(Email::observed(text))
}

fn new_user(identifiers: Vec<Identifier>) -> Act {
    let display_name = Some(DisplayName::observed("Hal"));
    Act::CreateUser(NewUser { display_name, identifiers, tracking: Some(Tracking::Untracked) })
}

#[tokio::test]
async fn pages_and_places_of_any_size_give_one_reading() {
    let whole = Rehearsal::start(&[], &[]).await.observe().await.unwrap();
    assert_eq!((whole.users.len(), whole.groups.len(), whole.memberships.len()), (7, 3, 4));
    for size in ["1", "2", "3", "4", "6", "7"] {
        let size = format!("scim-page={size}");
        for settings in
            [vec![size.as_str()], vec![size.as_str(), "scim-offset"], vec![size.as_str(), "scim-capitals"]]
        {
            let rehearsal = Rehearsal::start(&settings, &[]).await;
            assert_eq!(rehearsal.observe().await.unwrap(), whole, "{settings:?}");
            assert_eq!(rehearsal.writes(), Vec::<String>::new());
        }
    }
}

#[tokio::test]
async fn a_list_that_is_not_whole_is_an_error() {
    for (settings, fault, wanted) in [
        (&["scim-page=2"][..], "duplicate-page", "listed twice"),
        (&["scim-page=2", "scim-offset"], "duplicate-page", ""),
        (&["scim-page=2"], "unstable-total", "between pages"),
        (&["scim-page=2"], "short-page=3", "page 3 holds 1 rows"),
        (&[], "no-memberships", "came without its members"),
        (&[], "drop-membership", "whose members do not hold the user"),
    ] {
        let error = Rehearsal::start(settings, &[fault]).await.observe().await.unwrap_err();
        assert!(matches!(error, ReadError::Unproved(_)), "{fault}: {error}");
        assert!(error.to_string().contains(wanted), "{fault}: {error}");
    }
}

#[tokio::test]
async fn the_members_of_a_group_are_proved_by_its_own_record() {
    let rehearsal = Rehearsal::start(&[], &[]).await;
    let mut observed = rehearsal.observe().await.unwrap();
    let reader = Reader::new(&rehearsal.connection).unwrap();
    let groups: Vec<_> = observed.groups.iter().map(|group| group.id).collect();
    reader.prove(&observed, &groups).await.unwrap();
    observed.memberships.pop();
    let error = reader.prove(&observed, &groups).await.unwrap_err();
    assert!(matches!(error, ReadError::Unproved(Unproved::MemberCount { .. })), "{error}");
}

#[tokio::test]
async fn a_record_that_changed_since_the_reading_is_left_alone() {
    let rehearsal = Rehearsal::start(&[], &[]).await;
    let before = rehearsal.observe().await.unwrap();
    let rename = Edit::Name { from: Some(DisplayName::observed("Bob")), to: DisplayName::observed("Robert") };
    let edit = Act::EditUser { user: UserId(2), edits: vec![rename] };
    assert_eq!(rehearsal.perform(&before, edit).await, Outcome::Applied);
    let track = || Act::Track { user: UserId(2), to: Tracking::Untracked };
    let outcome = rehearsal.perform(&before, track()).await;
    assert!(
        matches!(&outcome, Outcome::Failed(why) if why.contains("changed since the plan")),
        "{outcome:?}"
    );
    let now = rehearsal.observe().await.unwrap();
    assert_eq!(rehearsal.perform(&now, track()).await, Outcome::Applied);
    assert_eq!(rehearsal.perform(&now, track()).await, Outcome::AlreadyTrue);
    assert_eq!(rehearsal.writes(), ["PATCH /scim/v1/users/2", "PATCH /scim/v1/users/2"]);
}

#[tokio::test]
async fn creating_never_changes_somebody_who_is_there() {
    let rehearsal = Rehearsal::start(&[], &[]).await;
    let before = rehearsal.observe().await.unwrap();
    let taken = rehearsal.perform(&before, new_user(vec![email("EVE@acme.example")])).await;
    assert!(matches!(&taken, Outcome::Failed(why) if why.contains("record 5")), "{taken:?}");
    assert_eq!(rehearsal.writes(), Vec::<String>::new());
    // Employee IDs can't be looked for, and SCIM shows one of each user: they are added to a record that is known to be new.
    for (number, outcome) in [("E3", false), ("E1b", false), ("E9", true)] {
        let rehearsal = Rehearsal::start(&[], &[]).await;
        let id = Identifier::EmployeeId(EmployeeId::observed(number));
        let made = rehearsal.perform(&before, new_user(vec![email("hal@acme.example"), id])).await;
        assert_eq!(made == Outcome::Applied, outcome, "{number}: {made:?}");
        let refused = matches!(&made, Outcome::Failed(why) if why.contains("not given its employee ID"));
        assert_eq!(refused, !outcome, "{number}: {made:?}");
        let after = rehearsal.observe().await.unwrap();
        assert_eq!(after.users[..before.users.len()], before.users[..], "nobody who was there is touched");
    }
}

#[tokio::test]
async fn a_removal_that_is_refused_is_not_sent_in_another_way() {
    let rehearsal = Rehearsal::start(&["scim-plain-paths"], &[]).await;
    let before = rehearsal.observe().await.unwrap();
    let edit = Act::EditUser { user: UserId(1), edits: vec![Edit::Remove(email("ada@acme.example"))] };
    let refused = rehearsal.perform(&before, edit).await;
    assert!(matches!(&refused, Outcome::Failed(why) if why.contains("400")), "{refused:?}");
    assert_eq!(rehearsal.writes(), ["PATCH /scim/v1/users/1"]);
    assert_eq!(rehearsal.observe().await.unwrap().users, before.users);
}

#[tokio::test]
async fn an_account_number_takes_a_group_that_both_apis_show() {
    let scope = Scope { account: Some(123_456), ..Scope::default() };
    let both = Rehearsal::start(&[], &[]).await;
    Reader::new(&both.connection).unwrap().observe(&scope).await.unwrap();
    let none = Rehearsal::start(&["scim-own-groups"], &[]).await;
    let reader = Reader::new(&none.connection).unwrap();
    let error = reader.observe(&scope).await.unwrap_err();
    assert!(matches!(error, ReadError::UnprovedAccount { expected: 123_456 }), "{error}");
    Reader::new(&none.connection).unwrap().observe(&Scope::default()).await.unwrap();
}

#[tokio::test]
async fn a_key_that_is_not_known_is_no_closed_door() {
    let rehearsal = Rehearsal::start(&[], &[]).await;
    let expired = || Some(Secret::parse("expired").unwrap());
    let good = rehearsal.connection.credentials.clone();
    for (credentials, variable) in [
        (Credentials { api_key: expired(), ..good.clone() }, "ACTIVTRAK_API_KEY (401"),
        (Credentials { token: expired(), ..good.clone() }, "ACTIVTRAK_TOKEN (401"),
        (Credentials { api_key: None, token: expired(), ..good.clone() }, "ACTIVTRAK_TOKEN (401"),
    ] {
        let connection = Connection { credentials, ..rehearsal.connection.clone() };
        let error = Reader::new(&connection).unwrap().observe(&Scope::default()).await.unwrap_err();
        assert!(error.to_string().contains(variable), "{error}");
        assert!(error.hint().unwrap().starts_with("key or region"));
    }
    let connection =
        Connection { credentials: Credentials { api_key: None, ..good }, ..rehearsal.connection.clone() };
    Reader::new(&connection).unwrap().observe(&Scope::default()).await.unwrap();
}

#[tokio::test]
async fn a_lost_answer_is_looked_up_before_anything_is_sent_again() {
    let rehearsal = Rehearsal::start(&[], &["lose-answer=1"]).await;
    let before = rehearsal.observe().await.unwrap();
    let outcome = rehearsal.perform(&before, new_user(vec![email("hal@acme.example")])).await;
    assert_eq!(outcome, Outcome::Applied);
    assert_eq!(rehearsal.writes(), ["POST /scim/v1/users", "PATCH /scim/v1/users/8"]);
    let rehearsal = Rehearsal::start(&[], &["lose-answer=1"]).await;
    let before = rehearsal.observe().await.unwrap();
    let outcome = rehearsal.perform(&before, Act::Track { user: UserId(1), to: Tracking::Untracked }).await;
    assert_eq!(outcome, Outcome::Applied);
    assert_eq!(rehearsal.writes(), ["PATCH /scim/v1/users/1"]);
}

#[tokio::test]
async fn reads_that_lag_are_waited_for_by_every_kind_of_step_that_scim_carries() {
    for fault in ["lag=120", "lag-scim=120"] {
        let scim = r#"{ "id": 14, "name": "Provider", "source": "scim" }, { "id": 13,"#;
        let seed = serde_json::from_str(&ACCOUNT.replace(r#"{ "id": 13,"#, scim)).unwrap();
        let rehearsal = Rehearsal::of(seed, &[], &[fault]).await;
        let before = rehearsal.observe().await.unwrap();
        let group = before.groups.iter().find(|group| group.source == GroupSource::Scim).unwrap();
        let (keeper, id, from) = (Keeper::Scim, group.id, group.name.clone());
        let name = |from: &str, to: &str| Edit::Name {
            from: Some(DisplayName::observed(from)),
            to: DisplayName::observed(to),
        };
        let acts = vec![
            new_user(vec![email("hal@acme.example"), Identifier::EmployeeId(EmployeeId::observed("E8"))]),
            Act::EditUser {
                user: UserId(2),
                edits: vec![name("Bob", "Rob"), Edit::Add(email("rob@acme.example"))],
            },
            Act::EditUser { user: UserId(2), edits: vec![name("Rob", "Robin")] },
            Act::Track { user: UserId(3), to: Tracking::Tracked },
            Act::Track { user: UserId(5), to: Tracking::Untracked },
            Act::CreateGroup(keeper, GroupName::observed("Fresh").into()),
            Act::RenameGroup { keeper, group: id, from, to: GroupName::observed("Other") },
            Act::Join { keeper, group: GroupRef::Known(id), user: UserRef::Known(UserId(7)) },
            Act::Leave { keeper, group: id, user: UserId(7) },
        ];
        let writer = Writer::new(&rehearsal.connection, Arc::new(before.clone())).unwrap();
        let writer = writer.patient(Duration::from_secs(20));
        for (id, act) in (0..).zip(acts) {
            let step = Step { id: StepId(id), change: Some(ChangeId(id)), act, needs: Vec::new() };
            for packet in pack([step], Family::Scim) {
                let outcomes = writer.perform(&packet).await;
                assert_eq!(outcomes, [(StepId(id), Outcome::Applied)], "{fault}");
            }
        }
        assert_eq!(writer.late().first().map(|late| late.0), Some(Family::Scim), "{fault}");
    }
}

#[tokio::test]
async fn a_closed_users_page_takes_a_key_that_opens_scim() {
    let rehearsal = Rehearsal::start(&[], &[]).await;
    let mut connection = rehearsal.connection.clone();
    connection.credentials.scim_key = Some(Secret::parse("key").unwrap());
    let error = Reader::new(&connection).unwrap().observe(&Scope::default()).await.unwrap_err();
    assert!(matches!(error, ReadError::Denied { family: Family::Scim, .. }), "{error}");
    connection.credentials.scim_key = None;
    let error = Reader::new(&connection).unwrap().observe(&Scope::default()).await.unwrap_err();
    assert!(matches!(error, ReadError::Denied { family: Family::Identity, .. }), "{error}");
    assert!(error.hint().unwrap().contains("ACTIVTRAK_SCIM_KEY"));
}

#[tokio::test]
async fn what_is_gone_since_the_plan_is_not_written() {
    let rehearsal = Rehearsal::start(&["scim-own-groups"], &[]).await;
    let mut observed = rehearsal.observe().await.unwrap();
    observed.users.retain(|user| user.id == UserId(2));
    let mut seed: Seed = serde_json::from_str(ACCOUNT).unwrap();
    seed.users.retain(|user| user.id.0 != 2);
    seed.groups.retain(|group| group.id.0 != 12);
    // The same account, once somebody removed a user and a group.
    let later = Rehearsal::of(seed, &[], &[]).await;
    let (user, group, keeper) = (UserId(2), GroupId(12), Keeper::Scim);
    let [from, to] = ["Old team", "New team"].map(GroupName::observed);
    for act in [
        Act::Track { user, to: Tracking::Untracked },
        Act::EditUser { user, edits: vec![Edit::Add(email("b@acme.example"))] },
        Act::RenameGroup { keeper, group, from, to },
    ] {
        let outcome = later.perform(&observed, act.clone()).await;
        assert!(matches!(&outcome, Outcome::Failed(why) if why.ends_with("is gone")), "{act:?}: {outcome:?}");
        assert_eq!(later.writes(), Vec::<String>::new(), "{act:?}");
    }
    let join = Act::Join { keeper, group: GroupRef::Known(group), user: UserRef::Known(UserId(1)) };
    let outcome = later.perform(&observed, join).await;
    assert!(matches!(&outcome, Outcome::Failed(_)), "{outcome:?}");
}

#[tokio::test]
async fn a_group_of_any_size_is_read_whole_and_written_fifty_users_at_a_time() {
    let mut seed: Seed = serde_json::from_str(ACCOUNT).unwrap();
    let (first, last) = (100, 219);
    for id in first..=last {
        let user = format!(r#"{{ "id": {id}, "emails": ["u{id}@acme.example"], "groups": [14] }}"#);
        seed.users.push(serde_json::from_str(&user).unwrap());
    }
    for (id, name) in [(14, "Everybody"), (15, "Nobody yet")] {
        let group = format!(r#"{{ "id": {id}, "name": "{name}", "source": "scim" }}"#);
        seed.groups.push(serde_json::from_str(&group).unwrap());
    }
    let rehearsal = Rehearsal::of(seed, &["scim-page=50"], &[]).await;
    let observed = rehearsal.observe().await.unwrap();
    let members = |observed: &Observed, id| observed.members(observed.group_ix(GroupId(id)).unwrap()).len();
    assert_eq!((members(&observed, 14), members(&observed, 15)), (120, 0));
    let keeper = Keeper::Scim;
    let acts = (first..=last).flat_map(|id| {
        let user = UserId(id);
        let join = Act::Join { keeper, group: GroupRef::Known(GroupId(15)), user: UserRef::Known(user) };
        [join, Act::Leave { keeper, group: GroupId(14), user }]
    });
    let outcomes = rehearsal.perform_all(&observed, acts.collect()).await;
    assert!(outcomes.iter().all(|outcome| *outcome == Outcome::Applied), "{outcomes:?}");
    let [to, from] = ["PATCH /scim/v1/groups/15", "PATCH /scim/v1/groups/14"];
    assert_eq!(rehearsal.writes(), [to, to, to, from, from, from]);
    let now = rehearsal.observe().await.unwrap();
    assert_eq!((members(&now, 14), members(&now, 15)), (0, 120));
    let reader = Reader::new(&rehearsal.connection).unwrap();
    reader.prove(&now, &[GroupId(14), GroupId(15)]).await.unwrap();
}
