//! Orders: carried out once, against the record they were written about, and finished by the next run if one is cut off.

use jiff::civil::{Date, date};

use crate::model::{
    Act, Afterwards, Agent, AgentId, DeclaredSource, DeletedAgent, Delta, Desired, DesiredUser, Expected,
    Field, GroupName, GroupSource, Located, Observed, ObservedUser, Order, OrderKind, Origin, Phrase, Piece,
    Severity, Tracking, Verb,
};
use crate::plan::tests::build::{
    account, codes, declared, desired, group, login, planned, record, reference, rule,
};
use crate::plan::{LimitKind, PhaseKind, Plan, ViolationKind};

pub(super) const DECIDED: Date = date(1969, 12, 20);

pub(super) fn remove(afterwards: Afterwards) -> OrderKind {
    OrderKind::Remove(afterwards)
}

impl DesiredUser {
    pub(super) fn ordered(mut self, kind: OrderKind, decided: Date) -> Self {
        self.order = Some(Order { kind, decided, reason: None, origin: Origin::NONE, row: None });
        self
    }
}

impl ObservedUser {
    fn made(mut self, text: &str) -> Self {
        self.created = text.parse().ok();
        self
    }

    fn reporting(mut self, text: &str, since: &str) -> Self {
        let id = AgentId(self.id.0 * 100 + self.agents.len() as u64);
        let log = since.parse().ok();
        self.agents.push(Agent {
            id,
            login: login(text),
            alias: None,
            first_log: log,
            last_log: log,
            merge_pending: false,
        });
        self
    }
}

/// Bob, with an agent and history, in an app group, an HR group and a directory group; Ada in all of them.
pub(super) fn bob() -> ObservedUser {
    let bob = record(2, "bob@x.example").employee_id("E2").called("Bob").made("1969-01-01T00:00:00Z");
    bob.reporting("ACME\\bob", "1969-02-01T00:00:00Z")
}

pub(super) fn company() -> Observed {
    let ada = record(1, "ada@x.example").called("Ada").made("1969-01-01T00:00:00Z");
    let groups: &[(u64, &str, GroupSource, &[u64])] = &[
        (11, "Sales", GroupSource::App, &[1, 2]),
        (12, "Paris", GroupSource::Hr, &[1, 2]),
        (13, "Staff", GroupSource::Directory, &[1, 2]),
    ];
    account(vec![ada, bob()], groups)
}

pub(super) fn order(kind: OrderKind) -> Desired {
    desired(vec![declared("bob@x.example").employee("E2").ordered(kind, DECIDED)], vec![])
}

pub(super) fn kinds(plan: &Plan) -> Vec<(PhaseKind, &'static str)> {
    let word = |act: &Act| match act {
        Act::Upload(_) => "upload",
        Act::Track { .. } => "untrack",
        Act::EraseHistory { .. } => "erase",
        Act::RemoveUser { .. } => "remove",
        Act::Unblock(_) => "unblock",
        Act::RemoveExclusion { .. } => "rule",
        Act::EditUser { .. } => "edit",
        _ => "other",
    };
    let of = |phase: &crate::plan::Phase| {
        phase.steps.iter().map(|step| (phase.kind, word(&step.act))).collect::<Vec<_>>()
    };
    plan.phases.iter().flat_map(of).collect()
}

pub(super) fn limits(plan: &Plan) -> Vec<(LimitKind, u64)> {
    let limit = |violation: &crate::plan::Violation| match violation.kind {
        ViolationKind::Limit { limit, planned, .. } => Some((limit, planned)),
        ViolationKind::Protected { .. } | ViolationKind::Unproved => None,
    };
    plan.violations.iter().filter_map(limit).collect()
}

pub(super) fn notices(plan: &Plan) -> String {
    plan.notices.iter().map(|notice| said_in(&notice.message)).collect::<Vec<_>>().join("\n")
}

/// A phrase as plain text.
pub(super) fn said_in(phrase: &Phrase) -> String {
    let words = |piece: &Piece| match piece {
        Piece::Plain(text) => text.to_string(),
        Piece::Personal(text) => text.to_string(),
        Piece::User(label) => label.display_id.as_deref().unwrap_or_default().to_owned(),
    };
    phrase.0.iter().map(words).collect()
}

/// Carries out the first steps of a plan.
pub(super) fn after(observed: &Observed, plan: &Plan, steps: usize) -> Observed {
    let done = plan.steps().take(steps).try_fold(Expected::new(observed.clone()), Expected::after);
    done.expect("no step collides").observed().clone()
}

#[test]
fn a_removal_goes_last_and_once_nothing_else_names_the_user() {
    let plan = planned(&order(remove(Afterwards::StayBlocked)), &company());
    assert_eq!(codes(&plan), [""; 0]);
    let wanted =
        [(PhaseKind::Snapshot, "upload"), (PhaseKind::Orders, "untrack"), (PhaseKind::Orders, "remove")];
    assert_eq!(kinds(&plan), wanted);
    let steps: Vec<_> = plan.steps().collect();
    assert_eq!((&steps[1].needs, &steps[2].needs), (&vec![steps[0].id], &vec![steps[1].id]));
    assert_eq!(limits(&plan), [(LimitKind::RemoveUsers, 1), (LimitKind::EraseHistory, 1)]);
    assert_eq!(plan.licences, 1);
    let removal = plan.changes.iter().find(|change| change.verb == Verb::Delete).expect("a removal");
    assert_eq!(removal.severity, Severity::Irreversible);
}

#[test]
fn a_removed_user_leaves_every_group_and_the_plan_says_so() {
    let plan = planned(&order(remove(Afterwards::StayBlocked)), &company());
    let left: Vec<(String, usize, usize)> = plan
        .changes
        .iter()
        .filter_map(|change| match (&change.object, change.members) {
            (crate::model::Object::Group { name, .. }, Some(sizes)) => {
                assert!(matches!(&change.facts[..], [fact] if matches!(fact.delta, Delta::Remove(_))));
                Some((name.to_string(), sizes.before, sizes.after))
            }
            _ => None,
        })
        .collect();
    let wanted = ["Sales", "Staff", "Paris"].map(|name| (name.to_owned(), 2, 1));
    assert_eq!(left, wanted);
    let set = plan.snapshot.expect("a set without Bob");
    assert_eq!(String::from_utf8_lossy(&set.snapshot.csv).lines().count(), 2);
}

#[test]
fn a_removed_user_joins_no_group_and_is_wanted_in_none() {
    let mut wanted = order(remove(Afterwards::StayBlocked));
    wanted.users[0].groups = vec![Located::unplaced(GroupName::observed("Choir"))];
    wanted.groups = vec![
        group("Sales", DeclaredSource::App, &["ada@x.example"]),
        group("Choir", DeclaredSource::App, &["ada@x.example", "bob@x.example"]),
    ];
    let plan = planned(&wanted, &company());
    let members = plan.steps().filter(|step| matches!(step.act, Act::Join { .. } | Act::Leave { .. }));
    assert_eq!(members.count(), 1, "Ada joins the choir, and nothing else");
    let sales = plan.changes.iter().find(
        |change| matches!(&change.object, crate::model::Object::Group { name, .. } if name.as_written() == "Sales"),
    );
    assert_eq!(sales.map(|change| change.facts.len()), Some(1));
}

#[test]
fn a_group_left_by_a_removed_user_counts_for_limits_and_protections() {
    let mut wanted = order(remove(Afterwards::StayBlocked));
    wanted.policy.limits.remove_users.at_least = 1;
    wanted.policy.limits.erase_history.at_least = 1;
    wanted.policy.limits.leave_group.at_least = 0;
    wanted.policy.protected_groups = vec![Located::unplaced(GroupName::observed("Sales"))];
    let plan = planned(&wanted, &company());
    assert_eq!(limits(&plan), [(LimitKind::LeaveGroup, 1); 3]);
    assert_eq!(plan.violations.len(), 4);
    wanted.policy.protected_users = vec![reference("bob@x.example")];
    assert!(planned(&wanted, &company()).violations.len() > 4);
}

#[test]
fn an_order_hits_only_the_record_it_was_written_about() {
    let with = |change: fn(&mut ObservedUser)| {
        let mut bob = bob();
        change(&mut bob);
        account(vec![record(1, "ada@x.example").made("1969-01-01T00:00:00Z"), bob], &[])
    };
    let cases = [
        ("it is", with(|_| {}), vec![]),
        ("younger", with(|bob| bob.created = "1969-12-21T00:00:00Z".parse().ok()), vec!["unsure-order"]),
        (
            "of the same day",
            with(|bob| bob.created = "1969-12-20T08:00:00Z".parse().ok()),
            vec!["unsure-order"],
        ),
        ("of an unknown day", with(|bob| bob.created = None), vec!["unsure-order"]),
        ("half of it", with(|bob| bob.employee_ids.clear()), vec!["unsure-order"]),
        (
            "two records",
            account(vec![record(1, "bob@x.example"), record(2, "b@x.example").employee_id("E2")], &[]),
            vec!["two-records"],
        ),
    ];
    for kind in [remove(Afterwards::StayBlocked), remove(Afterwards::Unblock), OrderKind::Erase] {
        for (what, observed, wanted) in &cases {
            let plan = planned(&order(kind), observed);
            assert_eq!(codes(&plan), *wanted, "{kind:?}: {what}");
            assert!(plan.blockers.iter().all(|it| !it.ways_out.is_empty() && !it.candidates.is_empty()));
            let carried_out = plan.phases.iter().any(|phase| phase.kind == PhaseKind::Orders);
            assert_eq!(carried_out, wanted.is_empty(), "{kind:?}: {what}");
        }
    }
}

#[test]
fn an_agent_that_another_entry_declares_is_not_erased_with_its_present_holder() {
    for kind in [remove(Afterwards::StayBlocked), OrderKind::Erase] {
        let mut wanted = order(kind);
        let mut ada = declared("ada@x.example");
        ada.agents = vec![Located::unplaced(login("ACME\\bob"))];
        wanted.users.push(ada);
        assert!(codes(&planned(&wanted, &company())).contains(&"unsure-order"));
    }
}

#[test]
fn an_agent_does_not_come_to_a_user_whose_history_goes() {
    let mut wanted = order(OrderKind::Erase);
    wanted.users[0].agents = vec![Located::unplaced(login("LAB\\tina"))];
    let mut empty = company();
    empty.users[1].agents.clear();
    for mut observed in [company(), empty] {
        observed.users[0] = observed.users[0].clone().reporting("LAB\\tina", "1969-02-01T00:00:00Z");
        let plan = planned(&wanted, &observed);
        assert_eq!(codes(&plan), ["unsure-order"], "be the order done or not");
        assert_eq!(plan.blockers[0].ways_out.len(), 2);
        let agent = observed.users[0].agents.pop();
        observed.users[1].agents.extend(agent);
        assert_eq!(kinds(&planned(&wanted, &observed)), [(PhaseKind::Orders, "erase")], "it was theirs");
    }
}

#[test]
fn an_order_that_is_done_or_expired_does_nothing_and_is_said_to_be_so() {
    let nobody = account(vec![record(1, "ada@x.example")], &[]);
    let erased = {
        let mut bob = bob();
        bob.agents.clear();
        account(vec![bob], &[])
    };
    let old = date(1969, 11, 1);
    for (kind, observed, decided, said) in [
        (
            remove(Afterwards::StayBlocked),
            &nobody,
            DECIDED,
            "`remove` of E2 is done: remove it from the manifest; not blocked: bob@x.example",
        ),
        (
            remove(Afterwards::Unblock),
            &nobody,
            DECIDED,
            "`remove` of E2 is done: remove it from the manifest",
        ),
        (
            remove(Afterwards::StayBlocked),
            &company(),
            old,
            "`remove` of E2 has expired and does nothing: remove it from the manifest",
        ),
        (OrderKind::Erase, &nobody, DECIDED, "`erase` of E2 is done: remove it from the manifest"),
        (OrderKind::Erase, &erased, DECIDED, "`erase` of E2 is done: remove it from the manifest"),
        (
            OrderKind::Erase,
            &company(),
            old,
            "`erase` of E2 has expired and does nothing: remove it from the manifest",
        ),
    ] {
        let mut wanted = order(kind);
        wanted.users[0] = declared("bob@x.example").employee("E2").ordered(kind, decided);
        let plan = planned(&wanted, observed);
        assert!(plan.is_empty() && plan.blockers.is_empty(), "{said}");
        assert_eq!(
            notices(&plan).replace("bob@x.example is", "E2 is").replace("bob@x.example has", "E2 has"),
            said
        );
    }
}

#[test]
fn what_outlives_an_erasure_is_reported_and_not_erased_again() {
    let mut bob = bob();
    let deleted = "1969-12-21T00:00:00Z".parse().ok();
    bob.deleted_agents.push(DeletedAgent { id: AgentId(9), deleted });
    let plan = planned(&order(OrderKind::Erase), &account(vec![bob.clone()], &[]));
    assert!(plan.is_empty());
    assert!(
        notices(&plan).contains("data up to 1969-12-20 (UTC) is still there, of ACME\\bob"),
        "{}",
        notices(&plan)
    );
    bob.deleted_agents[0].deleted = "1969-12-19T00:00:00Z".parse().ok();
    let plan = planned(&order(OrderKind::Erase), &account(vec![bob], &[]));
    assert_eq!(kinds(&plan), [(PhaseKind::Orders, "erase")], "an agent deleted before says nothing");
}

#[test]
fn data_of_unknown_age_is_not_taken_for_erased() {
    let mut bob = bob();
    bob.agents[0].first_log = None;
    for last in [Some("1969-12-24T00:00:00Z"), None] {
        bob.agents[0].last_log = last.and_then(|last| last.parse().ok());
        let plan = planned(&order(OrderKind::Erase), &account(vec![bob.clone()], &[]));
        assert_eq!(kinds(&plan), [(PhaseKind::Orders, "erase")], "{last:?}");
    }
    bob.agents.clear();
    assert!(planned(&order(OrderKind::Erase), &account(vec![bob], &[])).is_empty(), "no agent, no data");
}

#[test]
fn an_entry_that_is_erased_is_a_user_like_any_other() {
    let mut wanted = order(OrderKind::Erase);
    wanted.users[0] = wanted.users[0].clone().named("Robert").tracked(Tracking::Untracked);
    let plan = planned(&wanted, &company());
    let phases = [(PhaseKind::Users, "edit"), (PhaseKind::Tracking, "untrack"), (PhaseKind::Orders, "erase")];
    assert_eq!(kinds(&plan), phases);
    assert_eq!(plan.changes.len(), 1, "one change of one object");
    let erase = plan.steps().last().expect("a step");
    assert_eq!(erase.needs.len(), 2, "after all that is done to the record");
    assert_eq!(plan.changes[0].facts.last().map(|fact| fact.field), Some(Field::History));
}

#[test]
fn a_removed_users_rules_hit_others_as_those_of_an_untracked_one() {
    let other = record(3, "byron@x.example").called("Byron").agent("OTHER\\bob");
    let observed = account(vec![bob(), other], &[]);
    let plan = planned(&order(remove(Afterwards::StayBlocked)), &observed);
    let untracked =
        plan.changes.iter().filter(|change| change.facts.iter().any(|fact| fact.field == Field::Tracking));
    assert_eq!(untracked.count(), 1);
    let lifted = planned(&order(remove(Afterwards::Unblock)), &observed);
    assert!(
        !lifted.changes.iter().any(|change| change.facts.iter().any(|fact| fact.field == Field::Tracking))
    );
}

#[test]
fn an_order_whose_entry_contradicts_the_record_is_not_carried_out() {
    let mut wanted = order(remove(Afterwards::StayBlocked));
    wanted.users[0] = wanted.users[0].clone().named("Robert");
    assert_eq!(codes(&planned(&wanted, &company())), ["unsure-order"]);
    let mut by_number = order(remove(Afterwards::Unblock));
    by_number.users[0].upns = crate::model::Members::Leave;
    by_number.users[0].emails = crate::model::Members::Leave;
    assert_eq!(codes(&planned(&by_number, &company())), ["unsure-order"], "no rule stands on an employee ID");
}

#[test]
fn every_job_is_done_once_and_finished_whatever_step_a_run_dies_at() {
    let with = |change: fn(DesiredUser) -> DesiredUser| {
        desired(vec![change(declared("bob@x.example").employee("E2"))], vec![])
    };
    let mut blocked = company();
    blocked.exclusions = vec![rule(40, "*\\bob"), rule(41, "*\\kiosk")];
    let jobs = [
        ("untrack and retain", with(|bob| bob.tracked(Tracking::Untracked)), company()),
        ("track", with(|bob| bob.tracked(Tracking::Tracked)), blocked.clone()),
        ("reset", order(OrderKind::Erase), company()),
        (
            "reset and untrack",
            {
                let mut both = order(OrderKind::Erase);
                both.users[0] = both.users[0].clone().tracked(Tracking::Untracked);
                both
            },
            company(),
        ),
        ("delete", order(remove(Afterwards::StayBlocked)), company()),
        ("delete, unblock", order(remove(Afterwards::Unblock)), company()),
        ("delete, unblock what was blocked", order(remove(Afterwards::Unblock)), blocked),
    ];
    for (job, wanted, observed) in jobs {
        let first = planned(&wanted, &observed);
        let steps = first.steps().count();
        assert!(first.blockers.is_empty() && steps > 0, "{job}: {:?}", first.blockers);
        let end = after(&observed, &first, steps);
        for died in 0..=steps {
            let left = after(&observed, &first, died);
            let second = planned(&wanted, &left);
            assert!(second.blockers.is_empty(), "{job}, died at {died}: {:?}", second.blockers);
            let reviewed = first.evidence();
            assert!(
                second.fingerprints.iter().all(|fact| reviewed.binary_search(fact).is_ok()),
                "{job}, died at {died}: it is what is left of the first"
            );
            let done = after(&left, &second, usize::MAX);
            assert_eq!((&done.users, rules(&done)), (&end.users, rules(&end)), "{job}, died at {died}");
            let third = planned(&wanted, &done);
            assert!(third.is_empty() && third.blockers.is_empty(), "{job}: {:?}", third.changes);
        }
    }
}

pub(super) fn rules(observed: &Observed) -> Vec<String> {
    let mut rules: Vec<String> = observed.exclusions.iter().map(|rule| rule.login.to_string()).collect();
    rules.sort();
    rules
}

#[test]
fn whoever_is_hired_again_is_tracked_once_the_leftover_rules_are_gone() {
    let first = order(remove(Afterwards::StayBlocked));
    let gone = after(&company(), &planned(&first, &company()), usize::MAX);
    assert_eq!(rules(&gone), ["*\\bob@x.example"]);
    let hired = desired(vec![declared("bob@x.example").named("Bob").tracked(Tracking::Tracked)], vec![]);
    let plan = planned(&hired, &gone);
    assert_eq!(kinds(&plan), [(PhaseKind::Users, "other"), (PhaseKind::Exclusions, "rule")]);
    let back = after(&gone, &plan, usize::MAX);
    assert_eq!(rules(&back), [""; 0]);
    assert!(planned(&hired, &back).is_empty());
    let mut young = back.clone();
    young.users.last_mut().expect("Bob").created = "1969-12-25T00:00:00Z".parse().ok();
    let mut stale = first;
    stale.users[0].employee_ids = crate::model::Members::Leave;
    assert_eq!(
        codes(&planned(&stale, &young)),
        ["unsure-order"],
        "the old order does not hit who came after it"
    );
}

#[test]
fn a_set_that_a_removal_would_empty_blocks() {
    let observed = account(
        vec![bob(), record(1, "ada@x.example")],
        &[(12, "Paris", GroupSource::Hr, &[2]), (13, "Oslo", GroupSource::Hr, &[1])],
    );
    let plan = planned(&order(remove(Afterwards::StayBlocked)), &observed);
    assert_eq!(codes(&plan), ["empty-hr-group"]);
}

/// What a plan would bring about for Bob, after a change of his record.
fn digest_with(kind: OrderKind, change: impl FnOnce(&mut ObservedUser)) -> crate::plan::Digest {
    let mut account = company();
    change(&mut account.users[1]);
    planned(&order(kind), &account).digest
}

/// What else a record may be by the time of the write.
type Change = fn(&mut ObservedUser);

#[test]
fn an_approval_of_an_order_is_of_this_person_with_these_agents_since_that_day() {
    for kind in [OrderKind::Erase, remove(Afterwards::StayBlocked), remove(Afterwards::Unblock)] {
        let reviewed = digest_with(kind, |_| {});
        let others: [(&str, Change); 7] = [
            ("another name", |bob| *bob = bob.clone().called("Chief Executive")),
            ("no name", |bob| bob.display_name = None),
            ("an identifier more", |bob| *bob = bob.clone().employee_id("E9")),
            ("an agent more", |bob| *bob = bob.clone().reporting("HOME\\bob", "1969-05-01T00:00:00Z")),
            ("another agent", |bob| bob.agents[0].login = login("ACME\\ceo")),
            ("older data", |bob| bob.agents[0].first_log = "1969-01-15T00:00:00Z".parse().ok()),
            ("data of unknown age", |bob| bob.agents[0].first_log = None),
        ];
        for (what, change) in others {
            assert_ne!(digest_with(kind, change), reviewed, "{what}");
        }
        let later = digest_with(kind, |bob| bob.agents[0].last_log = "1969-12-24T00:00:00Z".parse().ok());
        assert_eq!(later, reviewed, "an agent that goes on reporting makes no review stale");
    }
}

#[test]
fn what_is_left_of_an_erasure_that_lost_an_agent_was_all_reviewed() {
    let mut account = company();
    account.users[1] = account.users[1].clone().reporting("HOME\\bob", "1969-05-01T00:00:00Z");
    let reviewed = planned(&order(OrderKind::Erase), &account);
    account.users[1].agents.remove(0);
    let rest = planned(&order(OrderKind::Erase), &account);
    assert!(rest.fingerprints.iter().all(|print| reviewed.fingerprints.contains(print)));
    assert!(rest.fingerprints.len() < reviewed.fingerprints.len());
}

#[test]
fn no_history_goes_while_one_of_its_agents_is_being_merged() {
    for kind in [OrderKind::Erase, remove(Afterwards::StayBlocked), remove(Afterwards::Unblock)] {
        let mut account = company();
        account.users[1].agents[0].merge_pending = true;
        let plan = planned(&order(kind), &account);
        assert_eq!(codes(&plan), ["unsure-order"]);
        assert!(said_in(&plan.blockers[0].message).contains("is merging the agent ACME\\bob"));
        assert!(
            plan.steps().all(|step| !matches!(step.act, Act::EraseHistory { .. } | Act::RemoveUser { .. }))
        );
    }
}

#[test]
fn an_erasure_is_done_only_where_no_data_up_to_its_day_is_left() {
    let data_since = |first: &str, deleted: Option<&str>| {
        let mut account = company();
        let bob = &mut account.users[1];
        bob.agents[0].first_log = first.parse().ok();
        if let Some(deleted) = deleted {
            bob.deleted_agents.push(DeletedAgent { id: AgentId(9), deleted: deleted.parse().ok() });
        }
        let plan = planned(&order(OrderKind::Erase), &account);
        (plan.steps().count(), notices(&plan))
    };
    let (at_dawn, at_night) = ("1969-12-20T00:00:00Z", "1969-12-20T23:59:59Z");
    assert_eq!(data_since(at_dawn, None).0, 1, "data of the day itself");
    assert_eq!(data_since(at_night, None).0, 1);
    assert!(data_since("1969-12-21T00:00:00Z", None).1.contains("is done: remove it from the manifest"));
    // What an agent gathers after the deletion, on the same day, is newer than what the order means.
    assert!(
        data_since(at_night, Some("1969-12-20T12:00:00Z")).1.contains("is done: remove it from the manifest")
    );
    let (steps, said) = data_since(at_dawn, Some("1969-12-20T12:00:00Z"));
    assert!(steps == 0 && said.contains("data up to 1969-12-20 (UTC) is still there"), "{said}");
}

#[test]
fn an_order_of_a_day_on_which_the_record_was_made_somewhere_on_earth_asks() {
    for (made, asks) in [("1969-12-19T09:59:59Z", false), ("1969-12-19T10:00:00Z", true)] {
        let mut account = company();
        account.users[1] = account.users[1].clone().made(made);
        let found = codes(&planned(&order(OrderKind::Erase), &account));
        assert_eq!(found == ["unsure-order"], asks, "{made}: {found:?}");
    }
}
