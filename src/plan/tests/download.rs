//! Plans over a download of groups, where nothing shows users.

use jiff::civil::date;

use super::build::{NOW, account, codes, declared, desired, emails, exclusion, group, login};
use crate::model::{
    Access, Act, Afterwards, DeclaredSource, Desired, DesiredUser, Download, Earlier, EmployeeId, Evidence,
    ExclusionState, Family, GroupName, GroupSource, GroupState, KeyProof, Located, Members, Order, OrderKind,
    Origin, Reach, Recreate, Topic, Tracking, Upn,
};
use crate::plan::{Context, Preview, ViolationKind, from_download};

/// A download of HR groups and one app group.
fn download(hr: &[&str]) -> Download {
    let reach = Topic::ALL
        .into_iter()
        .fold(Reach::everything(), |reach, topic| reach.with(topic, Access::Hidden(Family::Identity)));
    let reach = reach.with(Topic::HrGroups, Access::Written);
    let groups = (2..).zip(hr).map(|(id, name)| (id, *name, GroupSource::Hr, &[][..]));
    let groups: Vec<_> =
        std::iter::once((1, "Engineering", GroupSource::App, &[][..])).chain(groups).collect();
    Download {
        agents: vec![3; groups.len()],
        account: account(Vec::new(), &groups).within(reach),
        made: NOW,
        key: KeyProof::SameGroups,
        earlier: None,
    }
}

fn made(desired: &Desired, download: &Download) -> Preview {
    from_download(desired, download, &Context { now: NOW, base: None, attempts: None, number: None })
        .expect("the whole picture")
}

/// The file of a plan, its rows apart.
fn file(preview: &Preview) -> Vec<String> {
    let planned = preview.plan.snapshot.as_ref().expect("an upload");
    String::from_utf8_lossy(&planned.snapshot.csv).lines().map(str::to_owned).collect()
}

fn upn(text: &str) -> Members<Upn> {
    Members::Exactly(vec![Located::unplaced(Upn::observed(text))])
}

fn hr(members: &[&str]) -> Vec<crate::model::DesiredGroup> {
    vec![group("Oslo", DeclaredSource::Hr, members)]
}

#[test]
fn a_row_finds_its_user_by_what_no_file_adds_and_carries_one_value_of_each_kind() {
    let ada = DesiredUser { upns: upn("ada@x"), emails: emails(&["b@x", "a@x"]), ..declared("") };
    let users = vec![ada.employee("E1").named("Ada, A."), declared("bob@x").employee("E2"), {
        DesiredUser { emails: Members::Leave, ..declared("") }.employee("E3")
    }];
    let preview = made(&desired(users, hr(&["ada@x", "bob@x", "E3"])), &download(&["Oslo"]));
    assert_eq!(
        file(&preview),
        [
            "user_lookup_id,employee_id,email_address,display_name,group",
            "E3,,,,Oslo",
            "ada@x,E1,a@x,\"Ada, A.\",Oslo",
            "bob@x,E2,,,Oslo"
        ]
    );
    let plain = made(&desired(vec![declared("bob@x")], hr(&["bob@x"])), &download(&[]));
    assert_eq!(file(&plain), ["user_lookup_id,group", "bob@x,Oslo"]);
}

#[test]
fn a_text_that_two_users_declare_finds_neither() {
    let crossed = DesiredUser {
        employee_ids: Members::Exactly(vec![Located::unplaced(EmployeeId::observed("BOB@x"))]),
        ..declared("cy@x")
    };
    let preview =
        made(&desired(vec![declared("bob@x"), crossed], hr(&["bob@x", "cy@x"])), &download(&["Oslo"]));
    assert_eq!(codes(&preview.plan), ["no-lookup-value"]);
    assert!(file(&preview).contains(&"cy@x,BOB@x,Oslo".to_owned()));
}

#[test]
fn whatever_is_declared_nothing_but_the_set_is_sent_and_the_rest_is_by_hand() {
    let order = |kind| {
        Some(Order { kind, decided: date(1969, 12, 1), reason: None, origin: Origin::NONE, row: None })
    };
    let ada = DesiredUser {
        agents: vec![Located::unplaced(login("PC\\ada"))],
        device_logins: vec![Located::unplaced(login("PC\\ada"))],
        order: order(OrderKind::Erase),
        ..declared("ada@x").named("Ada").tracked(Tracking::Untracked)
    };
    let gone = DesiredUser { order: order(OrderKind::Remove(Afterwards::Unblock)), ..declared("gone@x") };
    let mut groups = hr(&["ada@x"]);
    groups.push(group("Sales", DeclaredSource::App, &["ada@x"]));
    groups.push(group("Provider", DeclaredSource::Scim, &["ada@x"]));
    let mut old = group("Engineering", DeclaredSource::App, &[]);
    old.state = GroupState::Deleted(Origin::NONE);
    groups.push(old);
    let mut wanted = desired(vec![ada, gone], groups);
    wanted.exclusions.push(exclusion("PC\\svc", ExclusionState::Present));
    let plan = made(&wanted, &download(&["Oslo"])).plan;
    assert_eq!(codes(&plan), Vec::<&str>::new());
    assert!(plan.steps().all(|step| matches!(step.act, Act::Upload(_))) && plan.steps().count() == 1);
    assert_eq!(plan.violations.iter().map(|it| &it.kind).collect::<Vec<_>>(), [&ViolationKind::Unproved]);
    assert_eq!(plan.manual.len(), 11);
}

#[test]
fn a_group_that_would_lose_members_nobody_has_read_blocks() {
    let users = || vec![declared("ada@x")];
    let mut additive = hr(&["ada@x"]);
    additive[0].members = Members::AtLeast(additive[0].members.listed().to_vec());
    let mut renamed = vec![group("Bergen", DeclaredSource::Hr, &["ada@x"])];
    renamed[0].formerly.push(Located::unplaced(GroupName::observed("Oslo")));
    for (groups, shown, wanted) in [
        (hr(&["ada@x"]), &["Oslo", "Bergen"][..], "undeclared-hr-group"),
        (additive, &["Oslo"], "unread-members"),
        (renamed.clone(), &["Oslo"], "hr-rename"),
        (hr(&[]), &["Oslo"], "empty-hr-group"),
    ] {
        let plan = made(&desired(users(), groups), &download(shown)).plan;
        assert_eq!(codes(&plan).first(), Some(&wanted));
    }
    renamed[0].recreate = Recreate::Allowed(Origin::NONE);
    let preview = made(&desired(users(), renamed), &download(&["Oslo"]));
    assert_eq!((codes(&preview.plan), file(&preview).len()), (Vec::new(), 2));
}

#[test]
fn only_a_newer_download_with_the_very_groups_settles_an_upload() {
    let wanted = desired(vec![declared("ada@x")], hr(&["ada@x"]));
    let first = made(&wanted, &download(&["Oslo"])).plan;
    let sha256 = first.snapshot.expect("an upload").snapshot.sha256;
    let after = |seconds: i64, shown: &[&str]| {
        let sent = NOW - jiff::SignedDuration::from_secs(seconds);
        let earlier = Some(Earlier {
            sent,
            sha256,
            groups: vec![GroupName::observed("Oslo")],
            evidence: Evidence::Groups,
        });
        made(&wanted, &Download { earlier, ..download(shown) }).plan
    };
    assert!(after(1, &["Oslo"]).is_empty());
    for (seconds, shown) in [(0, &["Oslo"][..]), (1, &[]), (3599, &[])] {
        assert_eq!(codes(&after(seconds, shown)), ["unsettled-upload"], "{seconds}");
    }
    let believed = after(3600, &[]);
    assert_eq!((codes(&believed), believed.steps().count()), (Vec::new(), 1));
}

#[test]
fn groups_that_were_there_before_settle_no_upload_by_themselves() {
    let wanted = desired(vec![declared("ada@x")], hr(&["ada@x"]));
    let first = made(&wanted, &download(&["Oslo"])).plan;
    let sha256 = first.snapshot.expect("an upload").snapshot.sha256;
    let after = |seconds: i64, evidence| {
        let sent = NOW - jiff::SignedDuration::from_secs(seconds);
        let earlier = Some(Earlier { sent, sha256, groups: vec![GroupName::observed("Oslo")], evidence });
        made(&wanted, &Download { earlier, ..download(&["Oslo"]) }).plan
    };
    assert_eq!(codes(&after(3599, Evidence::Nothing)), ["unsettled-upload"]);
    let again = after(3600, Evidence::Nothing);
    assert_eq!(
        (codes(&again), again.steps().count()),
        (Vec::new(), 1),
        "it is the whole set, and sent again"
    );
    for evidence in [Evidence::Groups, Evidence::Answer] {
        assert!(after(1, evidence).is_empty(), "the same file is not sent again");
    }
    let other = desired(vec![declared("ada@x"), declared("bob@x")], hr(&["ada@x", "bob@x"]));
    let then = |seconds: i64, evidence| {
        let sent = NOW - jiff::SignedDuration::from_secs(seconds);
        let earlier = Some(Earlier { sent, sha256, groups: vec![GroupName::observed("Oslo")], evidence });
        codes(&made(&other, &Download { earlier, ..download(&["Oslo"]) }).plan)
    };
    assert_eq!(then(3599, Evidence::Answer), ["unsettled-upload"], "another may still be processed");
    assert_eq!((then(3600, Evidence::Answer), then(1, Evidence::Groups)), (Vec::new(), Vec::new()));
}

#[test]
fn a_plan_says_where_nothing_tells_of_an_earlier_upload() {
    let wanted = desired(vec![declared("ada@x")], hr(&["ada@x"]));
    let plan = made(&wanted, &download(&["Oslo"])).plan;
    let said =
        |notice: &crate::plan::Notice| format!("{:?}", notice.message).contains("tells of an earlier upload");
    assert!(plan.notices.iter().any(said), "{:?}", plan.notices);
}
