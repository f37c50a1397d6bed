//! How a learning platform is read and written, by the shapes that its help and the clients of others show.

use std::sync::Arc;
use std::time::Duration;

use rollcall::account::docebo::{Connection, Credentials, NewUsers, Reader, Tokens, UserLogin, Writer};
use rollcall::account::{Listing, Read, ReadError, Scope, Unproved, Write, pack};
use rollcall::http::Secret;
use rollcall::model::{
    Act, Asked, Below, ChangeId, Detail, DisplayName, Email, Family, Folded, GroupId, GroupName, GroupRef,
    GroupSource, Identifier, Keeper, NewUser, Observed, ObservedUser, Outcome, Step, StepId, UserId, UserRef,
    Username,
};

use super::canned::Canned;

const TOKEN: &str = "POST /oauth2/token";
const GRANTED: &str = r#"{"access_token":"t0ken","expires_in":"3600","token_type":"Bearer","scope":"api"}"#;
const UUID: &str = "0b7a3c1e-5d2f-4a6b-8c9d-0e1f2a3b4c5d";
const SECRETS: [&str; 4] = ["an-app", "an-app-secret", "admin@acme.example", "pass & word"];

fn list(path: &str, order: &str, page: usize) -> String {
    format!("GET {path}?page={page}&page_size=200&get_total_count=1&sort_attr={order}&sort_dir=asc")
}

fn users(page: usize) -> String {
    list("/manage/v1/user", "username", page)
}

fn groups() -> String {
    list("/audiences/v1/audience", "name", 1)
}

fn members() -> String {
    list(&format!("/audiences/v1/audience/{UUID}/users"), "username", 1)
}

fn items(rows: &str, total: usize) -> String {
    format!(r#"{{"data":{{"items":[{rows}],"total_count":{total},"has_more_data":false}},"version":"1.0"}}"#)
}

fn user(id: u64) -> String {
    format!(r#"{{"user_id":"{id}","username":"u{id}@acme.example","first_name":"U","last_name":"{id}"}}"#)
}

/// The users 7 and 8, and a group with user 7 in it.
fn platform() -> Canned {
    let group = format!(r#"{{"uuid":"{UUID}","name":"Drivers","type":"manual","labels":[]}}"#);
    Canned::default()
        .on(TOKEN, 200, GRANTED)
        .on(&users(1), 200, &items(&[user(7), user(8)].join(","), 2))
        .on(&groups(), 200, &items(&group, 1))
        .on(&members(), 200, &items(r#"{"idst":"7","relation_type":"Manual"}"#, 1))
}

async fn serve(canned: &Canned, grant: Option<UserLogin>) -> Connection {
    let served = canned.serve().await;
    let [client_id, client_secret] = [SECRETS[0], SECRETS[1]].map(|text| Secret::parse(text).unwrap());
    Connection {
        endpoint: served.endpoint,
        proxy: None,
        credentials: Credentials { client_id, client_secret, login: grant, tokens: Tokens::default() },
        pace: served.pace,
        limiter: served.limiter,
        username: Username::Email,
        new_users: NewUsers::Never,
    }
}

async fn read(canned: &Canned) -> Result<Observed, ReadError> {
    let connection = serve(canned, None).await;
    Reader::new(&connection).unwrap().observe(&Scope::default()).await
}

#[tokio::test]
async fn a_token_is_granted_once_and_everything_is_read_with_it() {
    let canned = platform();
    let observed = read(&canned).await.unwrap();
    let identifiers: Vec<String> =
        observed.users.iter().flat_map(ObservedUser::identifiers).map(|it| it.to_string()).collect();
    assert_eq!(identifiers, ["u7@acme.example", "u8@acme.example"]);
    assert_eq!((&observed.groups[0].source, observed.memberships.len()), (&GroupSource::App, 1));
    assert_eq!(observed.reach.users(), Family::Learning);
    let heard = canned.heard();
    assert_eq!(heard.iter().filter(|heard| heard.line == TOKEN).count(), 1);
    let form = "client_id=an-app&client_secret=an-app-secret&scope=api&grant_type=client_credentials";
    assert_eq!((&*heard[0].body, heard[0].headers.get("authorization")), (form, None));
    assert_eq!(heard[0].headers["content-type"], "application/x-www-form-urlencoded");
    for asked in &heard[1..] {
        assert_eq!(asked.headers["authorization"], "Bearer t0ken", "{}", asked.line);
        assert!(!asked.line.contains("t0ken"));
    }
}

#[tokio::test]
async fn a_token_that_is_no_longer_taken_is_renewed_once_and_the_request_sent_again() {
    let canned = platform();
    let answer = items(&[user(7), user(8)].join(","), 2);
    let canned = Canned::default()
        .on(TOKEN, 200, GRANTED)
        .on(TOKEN, 200, &GRANTED.replace("t0ken", "newer"))
        .on(&users(1), 401, "{}")
        .on(&users(1), 200, &answer)
        .on(&groups(), 200, &items("", 0))
        .and(&canned);
    assert_eq!(read(&canned).await.unwrap().users.len(), 2);
    let heard = canned.heard();
    let sent: Vec<&str> = heard
        .iter()
        .filter(|heard| heard.line == users(1))
        .map(|heard| heard.headers["authorization"].to_str().unwrap())
        .collect();
    assert_eq!(sent, ["Bearer t0ken", "Bearer newer"]);
    assert_eq!(heard.iter().filter(|heard| heard.line == TOKEN).count(), 2);

    let closed = Canned::default().on(TOKEN, 200, GRANTED).on(&users(1), 401, "{}").on(&groups(), 401, "{}");
    let error = read(&closed).await.unwrap_err();
    assert!(matches!(error, ReadError::Denied { family: Family::Learning, .. }), "{error:?}");
    let granted = closed.heard().iter().filter(|heard| heard.line == TOKEN).count();
    assert!(granted <= 3, "a token is not renewed over and over: {granted}");
}

/// A platform with a branch in which user 7 is, by the branch's own list; `of_all` are those in it by the list of all users.
fn with_branch(of_all: &[u64]) -> Canned {
    let of_branch = list("/manage/v1/orgchart/2/users", "username", 1);
    let rows: Vec<String> = of_all.iter().map(|id| user(*id)).collect();
    let branch = r#"{"id":"2","code":"OSL","title":"Oslo","i_left":"2","i_right":"3","lev":"1"}"#;
    let chart = "GET /manage/v1/orgchart?page=1&page_size=200&get_total_count=1&flattened=1";
    platform()
        .on(chart, 200, &items(branch, 1))
        .on(&format!("{of_branch}&only_first_level=1"), 200, &items(&user(7), 1))
        .on(
            &format!("{}&branch_id=2&selection_status=1", users(1)),
            200,
            &items(&rows.join(","), of_all.len()),
        )
}

#[tokio::test]
async fn who_is_in_a_branch_is_believed_only_where_two_lists_say_it() {
    let asked = Asked { branches: [(Folded::new("osl"), Below::LeftOut)].into(), ..Asked::default() };
    let scope = Scope { asked, ..Scope::default() };
    let connection = serve(&with_branch(&[7]), None).await;
    let observed = Reader::new(&connection).unwrap().observe(&scope).await.unwrap();
    let held = |user| observed.details.values(Detail::Branch(2, Below::LeftOut), UserId(user)).count();
    assert_eq!((held(7), held(8)), (1, 0));
    // A list that ignores what it is asked for shows everybody.
    let connection = serve(&with_branch(&[7, 8]), None).await;
    let error = Reader::new(&connection).unwrap().observe(&scope).await.unwrap_err();
    let wanted = Unproved::BranchCount { branch: 2, read: 1, counted: 2 };
    assert!(matches!(&error, ReadError::Unproved(unproved) if *unproved == wanted), "{error}");
}

#[tokio::test]
async fn no_secret_is_in_an_error_whatever_the_platform_echoes() {
    let echo =
        "client_id=an-app secret=an-app-secret user=admin@acme.example pass=pass+%26+word, pass & word";
    let answers = [(400, echo), (401, echo), (500, echo), (200, r#"{"access_token":7,"x":"an-app-secret"}"#)];
    for (status, body) in answers {
        let canned = Canned::default().on(TOKEN, status, body);
        let [username, password] = [SECRETS[2], SECRETS[3]].map(|text| Secret::password(text).unwrap());
        let connection = serve(&canned, Some(UserLogin { username, password })).await;
        let error = Reader::new(&connection).unwrap().observe(&Scope::default()).await.unwrap_err();
        let said = format!("{error:?} {error} {:?} {connection:?}", error.answer_text());
        for secret in SECRETS {
            assert!(!said.contains(secret), "{status}: {secret} in {said}");
        }
        assert!(
            canned.heard()[0]
                .body
                .contains("grant_type=password&username=admin%40acme.example&password=pass+%26+word")
        );
        if status == 400 {
            assert!(matches!(error, ReadError::Denied { family: Family::Learning, .. }), "{error:?}");
        }
    }
}

#[tokio::test]
async fn pages_are_read_from_whichever_number_is_the_first() {
    let all: Vec<String> = (1..=205).map(user).collect();
    let (first, second) = (items(&all[..200].join(","), 205), items(&all[200..].join(","), 205));
    let rest = |canned: Canned| canned.on(TOKEN, 200, GRANTED).on(&groups(), 200, &items("", 0));
    let from_one = rest(Canned::default()).on(&users(0), 200, &first).on(&users(1), 200, &first).on(
        &users(2),
        200,
        &second,
    );
    let from_zero = rest(Canned::default()).on(&users(0), 200, &first).on(&users(1), 200, &second);
    let no_zero = rest(Canned::default()).on(&users(0), 400, "{}").on(&users(1), 200, &first).on(
        &users(2),
        200,
        &second,
    );
    for canned in [from_one, from_zero, no_zero] {
        assert_eq!(read(&canned).await.unwrap().users.len(), 205);
    }
}

#[tokio::test]
async fn a_list_whose_length_nothing_proves_is_an_error() {
    let of_users = |rows: &str, total: &str, more: &str| {
        let page = format!(r#"{{"data":{{"items":[{rows}]{total},"has_more_data":{more}}}}}"#);
        let empty = items("", 0);
        Canned::default().on(TOKEN, 200, GRANTED).on(&users(1), 200, &page).on(&users(0), 200, &page).on(
            &groups(),
            200,
            &empty,
        )
    };
    assert_eq!(read(&of_users(&user(7), "", "false")).await.unwrap().users.len(), 1);
    let error = read(&of_users(&user(7), "", "true")).await.unwrap_err();
    assert!(matches!(error, ReadError::Unproved(Unproved::Untold { listing: Listing::Users })), "{error:?}");
    let twice = [user(7), user(7)].join(",");
    let error = read(&of_users(&twice, r#","total_count":2"#, "false")).await.unwrap_err();
    assert!(matches!(error, ReadError::Unproved(Unproved::Twice { id: 7, .. })), "{error:?}");
    let error = read(&of_users(&user(7), r#","total_count":"0""#, "false")).await.unwrap_err();
    assert!(matches!(error, ReadError::Unproved(Unproved::PageLength { .. })), "{error:?}");
    let stranger = platform().on("nothing", 200, "");
    let stranger = Canned::default().on(&members(), 200, &items(r#"{"user_id":9}"#, 1)).and(&stranger);
    let error = read(&stranger).await.unwrap_err();
    assert!(matches!(error, ReadError::Unproved(Unproved::UnknownMember { user: 9, .. })), "{error:?}");
}

#[tokio::test]
async fn a_user_is_created_once_and_nobody_who_is_there_is_changed() {
    let search = users(1) + "&search_text=u9%40acme.example";
    let batch = "POST /manage/v1/user/batch";
    let new = |name: &str| {
        Act::CreateUser(NewUser {
            display_name: Some(DisplayName::observed(name)),
            identifiers: vec![Identifier::Email(Email::observed("u9@acme.example"))],
            tracking: None,
        })
    };
    let nobody = items("", 0);
    // The search finds whoever has the text in theirs.
    let near = items(&user(9).replace("u9@", "xu9@"), 1);
    let there = items(&user(9), 1);
    let lost = Canned::default().on(batch, 500, "lost").on(&search, 200, &near).on(&search, 200, &there);
    let lost = lost.and(&platform());
    assert_eq!(perform(&lost, vec![new("U 9")]).await, [Outcome::Applied]);
    let sent: Vec<_> = lost.writes().into_iter().filter(|(line, _)| line == batch).collect();
    let body = r#"{"items":[{"username":"u9@acme.example","firstname":"U","lastname":"9","email":"u9@acme.example"}],"options":{"update_user_info":false,"change_user_password":false}}"#;
    assert_eq!(sent, [(batch.to_owned(), body.to_owned())]);

    let taken = Canned::default().on(&search, 200, &there).and(&platform());
    let outcomes = perform(&taken, vec![new("U 9")]).await;
    assert!(
        matches!(&outcomes[..], [Outcome::Failed(why)] if why.contains("since the plan")),
        "{outcomes:?}"
    );
    let refused = r#"{"data":[{"row_index":0,"success":false,"message":"userid: is taken"}]}"#;
    let refused = Canned::default().on(batch, 200, refused).on(&search, 200, &nobody).and(&platform());
    let outcomes = perform(&refused, vec![new("U 9")]).await;
    assert_eq!(outcomes, [Outcome::Failed("userid: is taken".to_owned())]);
    let otherwise = Canned::default().on(batch, 200, "{}").on(&search, 200, &nobody).on(&search, 200, &there);
    let outcomes = perform(&otherwise.and(&platform()), vec![new("Ada King")]).await;
    assert!(matches!(&outcomes[..], [Outcome::Mismatched { .. }]), "{outcomes:?}");
}

/// What becomes of steps on the platform.
async fn perform(canned: &Canned, acts: Vec<Act>) -> Vec<Outcome> {
    let connection = serve(canned, None).await;
    let observed = Reader::new(&connection).unwrap().observe(&Scope::default()).await.unwrap();
    let writer = Writer::new(&connection, Arc::new(observed)).unwrap().patient(Duration::from_secs(10));
    let step = |(at, act)| Step { id: StepId(at), change: Some(ChangeId(0)), act, needs: Vec::new() };
    let mut outcomes = Vec::new();
    for packet in pack((0..).zip(acts).map(step), Family::Learning) {
        outcomes.extend(writer.perform(&packet).await.into_iter().map(|(_, outcome)| outcome));
    }
    outcomes
}

fn drivers() -> GroupId {
    GroupId(0x000b_7a3c_1e5d_2f4a >> 3)
}

fn join(user: u64) -> Act {
    let group = GroupRef::Known(drivers());
    Act::Join { keeper: Keeper::App, group, user: UserRef::Known(UserId(user)) }
}

#[tokio::test]
async fn users_are_named_one_by_one_in_either_way_that_the_platform_takes_them() {
    let put = format!("PUT /audiences/v1/audience/{UUID}/assign_users");
    let post = format!("POST /audiences/v1/audience/{UUID}/users");
    for (line, other) in [(&put, None), (&post, Some(&put))] {
        let mut canned = Canned::default();
        if let Some(none) = other {
            canned = canned.on(none, 405, "{}");
        }
        let one = items(r#"{"idst":"7"}"#, 1);
        let canned = canned
            .on(line, 200, r#"{"data":{"success":true}}"#)
            // The reading, right before, and after.
            .on(&members(), 200, &one)
            .on(&members(), 200, &one)
            .on(&members(), 200, &items(r#"{"idst":"7"},{"idst":"8"}"#, 2))
            .and(&platform());
        assert_eq!(perform(&canned, vec![join(8)]).await, [Outcome::Applied], "{line}");
        let body = r#"{"user_ids":[8],"user_all":false}"#;
        let writes = canned.writes();
        let sent: Vec<_> = writes.iter().filter(|(line, _)| line != TOKEN).collect();
        assert!(sent.iter().all(|(_, sent)| sent == body), "{sent:?}");
        assert_eq!(sent.last().map(|(line, _)| line), Some(line));
    }
}

#[tokio::test]
async fn too_many_requests_and_late_lists_are_waited_for() {
    let put = format!("PUT /audiences/v1/audience/{UUID}/assign_users");
    let one = items(r#"{"idst":"7"}"#, 1);
    let canned = Canned::default()
        .on(&put, 429, "{}")
        .on(&put, 200, "{}")
        // The reading, right before, twice as before, and at last as it was written.
        .on(&members(), 200, &one)
        .on(&members(), 200, &one)
        .on(&members(), 200, &one)
        .on(&members(), 200, &one)
        .on(&members(), 200, &items(r#"{"idst":"7"},{"idst":"8"}"#, 2))
        .and(&platform());
    assert_eq!(perform(&canned, vec![join(8)]).await, [Outcome::Applied]);
    let sent = canned.writes().into_iter().filter(|(line, _)| *line == put).count();
    assert_eq!((sent, canned.taken()), (2, 2), "the grant, and the write that was not turned away");
}

#[tokio::test]
async fn whoever_else_comes_in_or_goes_out_is_told_and_ends_the_run() {
    let put = format!("PUT /audiences/v1/audience/{UUID}/assign_users");
    let one = items(r#"{"idst":"7"}"#, 1);
    let canned = Canned::default()
        .on(&put, 200, "{}")
        .on(&members(), 200, &one)
        .on(&members(), 200, &one)
        .on(&members(), 200, &items(r#"{"idst":"8"}"#, 1))
        .and(&platform());
    let outcomes = perform(&canned, vec![join(8)]).await;
    let [Outcome::Overdone { besides, .. }] = &outcomes[..] else { panic!("{outcomes:?}") };
    assert_eq!(besides, "U 7 is out of the group");
}

#[tokio::test]
async fn a_success_that_says_it_is_none_is_a_failure_in_the_platforms_words() {
    let delete = format!("DELETE /audiences/v1/audience/{UUID}/users");
    let refused = r#"{"data":{"success":false,"message":[{"id":7,"message":"is locked"}]}}"#;
    let canned = Canned::default().on(&delete, 200, refused).and(&platform());
    let leave = Act::Leave { keeper: Keeper::App, group: drivers(), user: UserId(7) };
    assert_eq!(perform(&canned, vec![leave]).await, [Outcome::Failed("7: is locked".to_owned())]);
    let sent = canned.writes().into_iter().filter(|(line, _)| line != TOKEN).collect::<Vec<_>>();
    assert_eq!(sent, [(delete, r#"{"user_ids":[7]}"#.to_owned())]);
}

#[tokio::test]
async fn a_group_is_made_once_and_never_beside_one_of_its_name() {
    let create = |name: &str| Act::CreateGroup(Keeper::App, GroupName::observed(name).into());
    let taken = platform();
    let outcomes = perform(&taken, vec![create("drivers")]).await;
    assert!(
        matches!(&outcomes[..], [Outcome::Failed(why)] if why.starts_with("the name is taken")),
        "{outcomes:?}"
    );
    assert_eq!(taken.writes().len(), 1, "the grant, and nothing else");

    let group = |uuid: &str, name: &str| format!(r#"{{"uuid":"{uuid}","name":"{name}","type":"manual"}}"#);
    let before = items(&group(UUID, "Drivers"), 1);
    let other = "1b7a3c1e-5d2f-4a6b-8c9d-0e1f2a3b4c5d";
    let after = items(&[group(UUID, "Drivers"), group(other, "Wardens")].join(","), 2);
    let third = "2b7a3c1e-5d2f-4a6b-8c9d-0e1f2a3b4c5d";
    let twice =
        items(&[group(UUID, "Drivers"), group(other, "Wardens"), group(third, "wardens")].join(","), 3);
    for (shown, wanted) in [(&after, true), (&twice, false)] {
        let canned = Canned::default()
            .on("POST /audiences/v1/audience", 404, "{}")
            .on("POST /audiences/v1/audiences", 500, "lost")
            .on(&groups(), 200, &before)
            .on(&groups(), 200, &before)
            .on(&groups(), 200, shown)
            .and(&platform());
        let outcomes = perform(&canned, vec![create("Wardens")]).await;
        match &outcomes[..] {
            [Outcome::Applied] if wanted => {}
            [Outcome::Overdone { besides, .. }] if !wanted => {
                assert_eq!(besides, "there are 2 groups of that name");
            }
            other => panic!("{other:?}"),
        }
        let made = canned.writes().into_iter().filter(|(line, _)| line.ends_with("/audiences")).count();
        assert_eq!(made, 1, "what shows is not made again");
    }
}
