//! What the planner makes of what the keys do not show: neither there nor missing.

use crate::model::{
    Access, DeclaredSource, DesiredGroup, Family, GroupSource, ListProof, Located, Observed, Phrase, Piece,
    Reach, Topic, UnmanagedGroups,
};
use crate::plan::tests::build::{NOW, account, codes, declared, desired, group, planned, record, reference};
use crate::plan::{Base, Context, plan};

/// The keys of SCIM alone: some groups are shown, and not which there are.
fn unlisted(observed: Observed) -> Observed {
    let hidden = [Topic::Groups, Topic::Members, Topic::Computers, Topic::HrGroups];
    let reach = hidden
        .into_iter()
        .fold(Reach::everything(), |reach, topic| reach.with(topic, Access::Hidden(Family::Admin)))
        .with(Topic::DeviceLogins, Access::Hidden(Family::Identity));
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

fn asked(plan: &crate::plan::Plan) -> Vec<String> {
    plan.manual.iter().map(|manual| text(&manual.what)).collect()
}

#[test]
fn a_group_that_is_shown_is_no_list_of_groups() {
    let sources = [GroupSource::App, GroupSource::Directory, GroupSource::Foreign("source 4".into())];
    for source in sources {
        let groups = [(11, "Eng", source.clone(), &[2][..]), (12, "Club", source, &[2])];
        let users = vec![record(1, "u1@x.example"), record(2, "u2@x.example")];
        let mut entry = declared("u1@x.example");
        entry.groups = vec![Located::unplaced(crate::model::GroupName::observed("Club"))];
        let mut wanted = desired(vec![entry], vec![group("Eng", DeclaredSource::App, &["u1@x.example"])]);
        wanted.policy.unmanaged_groups = Located::unplaced(UnmanagedGroups::Delete);
        let plan = planned(&wanted, &unlisted(account(users, &groups)));
        assert_eq!((codes(&plan), plan.is_empty()), (vec![], true));
        assert_eq!(
            asked(&plan),
            [
                "see that Club holds u1@x.example",
                "see that Eng holds exactly u1@x.example",
                "see that there are no app groups but those that manifests mention",
            ]
        );
    }
}

#[test]
fn a_group_of_scim_is_not_taken_for_one_of_the_app() {
    let groups = [(11, "Eng", GroupSource::Scim, &[][..])];
    let observed = unlisted(account(vec![record(1, "u1@x.example")], &groups));
    let mut naming = declared("u1@x.example");
    naming.groups = vec![Located::unplaced(crate::model::GroupName::observed("Eng"))];
    let declared_app = vec![group("Eng", DeclaredSource::App, &["u1@x.example"])];
    for wanted in [desired(vec![naming], vec![]), desired(vec![declared("u1@x.example")], declared_app)] {
        let plan = planned(&wanted, &observed);
        assert_eq!((codes(&plan), asked(&plan)), (vec!["read-only-group"], vec![]));
    }
}

#[test]
fn where_members_are_hidden_nobody_is_taken_for_missing() {
    let groups = [(11, "Eng", GroupSource::App, &[][..])];
    let reach = Reach::everything().with(Topic::Members, Access::Hidden(Family::Identity));
    let observed = account(vec![record(1, "u1@x.example")], &groups).within(reach);
    let mut entry = declared("u1@x.example");
    entry.groups = vec![Located::unplaced(crate::model::GroupName::observed("Eng"))];
    let mut wanted = desired(vec![entry], vec![]);
    wanted.policy.unmanaged_groups = Located::unplaced(UnmanagedGroups::Delete);
    let plan = planned(&wanted, &observed);
    let deleted = "delete the app groups that no manifest mentions";
    assert_eq!(
        (asked(&plan), plan.is_empty()),
        (vec![deleted.into(), "see that Eng holds u1@x.example".into()], true)
    );
}

#[test]
fn a_protection_of_somebody_who_may_be_hidden_blocks_be_it_the_bases() {
    let observed = unlisted(account(vec![record(1, "u1@x.example")], &[]));
    let open = desired(vec![declared("u1@x.example").named("Ada")], vec![]);
    let mut protecting = open.clone();
    protecting.policy.protected_users = vec![reference("ACME\\ceo")];
    assert_eq!(codes(&planned(&protecting, &observed)), ["unknown-reference"]);
    let base = Base {
        gap: None,
        policy: protecting.policy,
        allow: vec![],
        hr_group_type: "HRDC".into(),
        exports: vec![],
    };
    for (reading, blockers) in
        [(observed.clone(), vec!["unknown-reference"]), (observed.within(Reach::everything()), vec![])]
    {
        let plan =
            plan(&open, &reading, &Context { now: NOW, base: Some(&base), attempts: None, number: None })
                .expect("the whole picture");
        assert_eq!(codes(&plan), blockers);
    }
}

#[test]
fn a_least_number_of_groups_holds_if_those_that_are_shown_are_enough() {
    let groups = [(11, "Eng", GroupSource::App, &[][..]), (12, "Ops", GroupSource::Scim, &[])];
    let observed = unlisted(account(vec![record(1, "u1@x.example")], &groups));
    for (least, blockers) in [(2, vec![]), (3, vec!["unseen"])] {
        let mut wanted = desired(vec![declared("u1@x.example")], vec![]);
        wanted.policy.minimum.groups = Located::unplaced(least);
        assert_eq!(codes(&planned(&wanted, &observed)), blockers);
    }
}

#[test]
fn a_plan_about_groups_says_where_nothing_counts_them() {
    let says = |proof: ListProof, groups: Vec<DesiredGroup>| {
        let observed = account(vec![record(1, "u1@x.example")], &[]).groups_by(proof);
        let plan = planned(&desired(vec![declared("u1@x.example")], groups), &observed);
        plan.notices.iter().any(|notice| text(&notice.message).contains("says nowhere how many groups"))
    };
    let made = || vec![group("Support", DeclaredSource::App, &[])];
    assert!(says(ListProof::Uncounted, made()));
    assert!(!says(ListProof::Counted, made()));
    assert!(!says(ListProof::Uncounted, Vec::new()), "no group is changed");
}
