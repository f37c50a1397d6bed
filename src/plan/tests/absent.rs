//! What the planner makes of what the account has no place for, and of what is only shown.

use crate::model::{
    Access, Afterwards, AgentId, Computer, ComputerId, DeclaredSource, Desired, DesiredGroup, DesiredUser,
    ExclusionState, Family, GroupName, GroupSource, GroupState, Identifier, Located, Managed, Members,
    Observed, Order, OrderKind, Origin, Phrase, Piece, Reach, Topic, Tracking,
};
use crate::plan::tests::build::{
    account, codes, declared, desired, emails, exclusion, group, login, planned, record, reference,
};
use crate::plan::{Notice, Plan};

/// A learning platform whose usernames are emails.
fn learning(observed: Observed) -> Observed {
    let access = |topic| match topic {
        Topic::Groups | Topic::Members => Access::Written,
        Topic::Users | Topic::UsersWithoutEmail | Topic::Names | Topic::Emails => {
            Access::Shown(Family::Learning)
        }
        _ => Access::Absent(Family::Learning),
    };
    let reach = Topic::ALL.into_iter().fold(Reach::everything(), |reach, it| reach.with(it, access(it)));
    observed.within(reach)
}

fn text(phrase: &Phrase) -> String {
    let word = |piece: &Piece| match piece {
        Piece::Plain(text) => text.to_string(),
        Piece::Personal(text) => text.to_string(),
        Piece::User(label) => label.display_id.as_deref().unwrap_or("?").to_owned(),
    };
    phrase.0.iter().map(word).collect()
}

fn told(plan: &Plan) -> Vec<String> {
    let words = |it: &Notice| {
        let about = it.about.iter().map(|it| text(&Phrase(vec![it.clone()])));
        std::iter::once(text(&it.message)).chain(about).collect::<Vec<_>>().join(" ")
    };
    plan.notices.iter().map(words).collect()
}

fn asked(plan: &Plan) -> Vec<String> {
    plan.manual.iter().map(|manual| text(&manual.what)).collect()
}

fn in_group(mut user: DesiredUser, name: &str) -> DesiredUser {
    user.groups.push(Located::unplaced(GroupName::observed(name)));
    user
}

/// Entries that say everything that an account at ActivTrak takes.
fn everything() -> Desired {
    let mut ada = in_group(declared("u1@x.example").employee("7").tracked(Tracking::Untracked), "Eng");
    ada.device_logins = vec![Located::unplaced(login("ACME\\ada"))];
    ada.agents = vec![Located::unplaced(login("ACME\\ada"))];
    ada.primary_group = Managed::Set(Located::unplaced(GroupName::observed("Eng")));
    let mut eng = group("Eng", DeclaredSource::App, &["7"]);
    eng.computers = Members::Exactly(vec![Located::unplaced(login("ACME\\PC-1"))]);
    let hr = group("Staff", DeclaredSource::Hr, &["u1@x.example"]);
    let mut wanted = desired(vec![in_group(ada, "Staff")], vec![eng, hr]);
    wanted.exclusions = vec![exclusion("*\\svc", ExclusionState::Present)];
    wanted.policy.protected_groups = vec![Located::unplaced(GroupName::observed("Staff"))];
    wanted
}

#[test]
fn what_has_no_place_is_told_once_a_topic_and_the_rest_is_planned() {
    let observed = learning(account(vec![record(1, "u1@x.example")], &[(11, "Eng", GroupSource::App, &[])]));
    let plan = planned(&everything(), &observed);
    assert_eq!((codes(&plan), asked(&plan)), (vec![], vec![]));
    assert_eq!(
        (plan.changes.len(), plan.steps().count()),
        (1, 1),
        "who is in Eng by an employee ID joins it"
    );
    assert_eq!(
        told(&plan),
        [
            "the learning platform has no place for HR groups: said once, and left out",
            "the learning platform has no place for agents: said once, and left out",
            "the learning platform has no place for device logins: said once, and left out",
            "the learning platform has no place for employee IDs: said once, and left out",
            "the learning platform has no place for exclusions: said once, and left out",
            "the learning platform has no place for primary groups: said once, and left out",
            "the learning platform has no place for the computers of groups: said once, and left out",
            "the learning platform has no place for tracking: said once, and left out",
        ]
    );
}

#[test]
fn where_everything_has_a_place_nothing_is_left_out() {
    let mut observed = account(
        vec![record(1, "u1@x.example").agent("ACME\\ada")],
        &[(11, "Eng", GroupSource::App, &[]), (12, "Staff", GroupSource::Hr, &[1])],
    );
    observed.users[0].agents[0].id = AgentId(9);
    observed.computers = vec![Computer { id: ComputerId(3), login: login("ACME\\PC-1") }];
    observed.groups[0].computers = Some(Vec::new());
    let plan = planned(&everything(), &observed);
    assert!(told(&plan).iter().all(|told| !told.contains("no place")), "{:?}", told(&plan));
}

#[test]
fn names_and_usernames_are_compared_and_never_changed() {
    let mut renamed = declared("new@x.example").named("Ada King");
    let former = crate::model::Email::observed("u1@x.example");
    renamed.formerly = vec![Located::unplaced(Identifier::Email(former))];
    let two =
        DesiredUser { emails: emails(&["u2@x.example", "second@x.example"]), ..declared("u2@x.example") };
    let users = vec![record(1, "u1@x.example").called("Ada Lovelace"), record(2, "u2@x.example")];
    let plan = planned(&desired(vec![renamed, two], vec![]), &learning(account(users, &[])));
    assert_eq!((codes(&plan), plan.is_empty()), (vec![], true));
    assert_eq!(
        told(&plan),
        [
            "display names are not as declared, and are not changed from here u1@x.example",
            "emails are not as declared, and are not changed from here u1@x.example",
            "the learning platform has one username a user, and no place for other emails: said once, and left out",
        ]
    );
}

#[test]
fn who_is_not_there_is_a_step_by_hand_and_joins_wait() {
    let without = DesiredUser { emails: Members::Leave, ..declared("?@x.example") }.employee("9");
    let users = vec![declared("u1@x.example"), declared("gone@x.example"), without];
    let members = ["u1@x.example", "gone@x.example", "9"];
    let wanted = desired(users, vec![group("Eng", DeclaredSource::App, &members)]);
    let observed = learning(account(vec![record(1, "u1@x.example")], &[]));
    let plan = planned(&wanted, &observed);
    assert_eq!((codes(&plan), asked(&plan)), (vec![], vec!["create these users: gone@x.example".to_owned()]));
    let steps: Vec<_> = plan.steps().map(|step| format!("{:?}", step.act)).collect();
    assert_eq!(steps.len(), 2, "the group is made, and one user joins: {steps:?}");
    assert_eq!(
        told(&plan),
        [
            "Eng waits for users who are a step by hand 9 gone@x.example",
            "the learning platform has no place for employee IDs: said once, and left out",
            "these users can't be looked for: usernames are emails there, and no entry says theirs 9",
        ]
    );
}

#[test]
fn an_order_is_told_as_long_as_its_user_is_there_and_the_user_stays_in_groups() {
    let ordered = |kind| {
        let order = Order {
            kind,
            decided: "1969-12-31".parse().unwrap(),
            reason: None,
            origin: Origin::NONE,
            row: None,
        };
        DesiredUser { order: Some(order), ..declared("u1@x.example") }
    };
    for kind in
        [OrderKind::Remove(Afterwards::StayBlocked), OrderKind::Remove(Afterwards::Unblock), OrderKind::Erase]
    {
        let wanted = desired(vec![ordered(kind)], vec![]);
        let there = account(vec![record(1, "u1@x.example")], &[(11, "Eng", GroupSource::App, &[1])]);
        let plan = planned(&wanted, &learning(there));
        assert_eq!((codes(&plan), plan.is_empty(), asked(&plan)), (vec![], true, vec![]), "{kind:?}");
        assert_eq!(
            told(&plan),
            [
                "the learning platform takes no orders: what `remove` and `erase` say of these users is not carried out here u1@x.example"
            ]
        );
    }
    let removed =
        desired(vec![ordered(OrderKind::Remove(Afterwards::Unblock)), declared("u2@x.example")], vec![]);
    let plan = planned(&removed, &learning(account(vec![record(2, "u2@x.example")], &[])));
    assert_eq!((told(&plan), asked(&plan)), (vec![], vec![]), "whoever is gone is not asked for");
}

#[test]
fn a_group_that_fills_itself_is_read_only() {
    let groups = [(11, "Drivers", GroupSource::Automatic, &[1][..])];
    let observed = learning(account(vec![record(1, "u1@x.example"), record(2, "u2@x.example")], &groups));
    let with = |members: &[&str]| {
        let users = vec![declared("u1@x.example"), declared("u2@x.example")];
        codes(&planned(&desired(users, vec![group("Drivers", DeclaredSource::App, members)]), &observed))
    };
    assert_eq!(with(&["u1@x.example"]), Vec::<&str>::new());
    assert_eq!(with(&["u1@x.example", "u2@x.example"]), ["read-only-group"]);
}

#[test]
fn a_reference_to_what_is_not_shown_says_so() {
    let wanted = desired(vec![declared("u1@x.example")], vec![group("Eng", DeclaredSource::App, &["9"])]);
    let plan = planned(&wanted, &learning(account(vec![record(1, "u1@x.example")], &[])));
    assert_eq!(codes(&plan), ["unknown-reference"]);
    assert_eq!(text(&plan.blockers[0].message), "9 can't be looked up: this account shows no employee IDs");
    assert!(reference("9") == wanted.groups[0].members.listed()[0]);
}

#[test]
fn a_name_that_several_groups_have_is_refused_whatever_is_asked_of_it() {
    let twice = |name, other| [(11, name, GroupSource::App, &[1][..]), (12, other, GroupSource::App, &[])];
    let with = |entry: DesiredUser, groups: Vec<DesiredGroup>, name, other| {
        let users = vec![record(1, "u1@x.example")];
        codes(&planned(&desired(vec![entry], groups), &learning(account(users, &twice(name, other)))))
    };
    let ada = || declared("u1@x.example");
    let eng = || group("Eng", DeclaredSource::App, &["u1@x.example"]);
    assert_eq!(with(ada(), vec![eng()], "Eng", "eng"), ["ambiguous-group"]);
    assert_eq!(with(in_group(ada(), "Eng"), vec![], "Eng", "Eng"), ["ambiguous-group"]);
    let mut gone = eng();
    gone.state = GroupState::Deleted(Origin::NONE);
    gone.members = Members::Leave;
    assert_eq!(with(ada(), vec![gone], "Eng", "Eng"), ["ambiguous-group"]);
    let mut renamed = eng();
    renamed.formerly = vec![Located::unplaced(GroupName::observed("Old"))];
    assert_eq!(with(ada(), vec![renamed.clone()], "Old", "Old"), ["ambiguous-group"]);
    assert_eq!(with(ada(), vec![renamed], "Old", "Other"), Vec::<&str>::new());
    assert_eq!(with(ada(), vec![eng()], "Old", "Old"), Vec::<&str>::new(), "nobody names them");
}
