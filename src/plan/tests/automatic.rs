//! Rules of automatic groups: sets agree with looking at one user after the other, and each reason says what decides.

use proptest::prelude::*;

use crate::model::{
    Access, AttributeName, Automatic, DeclaredSource, DesiredGroup, DesiredUser, Detail, Details, Family,
    FieldKind, Folded, GroupSource, Located, Managed, Members, Piece, Presence, Reach, Rule, Subject, Test,
    Topic, UserField, UserId, UserLabel, day,
};
use crate::plan::Plan;
use crate::plan::membership::automatic::candidate::Candidate;
use crate::plan::membership::automatic::why;
use crate::plan::tests::build::{account, codes, declared, desired, group, planned, record, reference};

fn attribute(name: &str) -> Subject {
    Subject::Attribute(AttributeName::observed(name))
}

fn is(name: &str, test: Test) -> Rule {
    Rule::Is { subject: attribute(name), test }
}

fn equals(name: &str, value: &str) -> Rule {
    is(name, Test::In(vec![Folded::new(value)]))
}

fn with(mut user: DesiredUser, attributes: &[(&str, &str)]) -> DesiredUser {
    let attributes = attributes
        .iter()
        .map(|(name, value)| (AttributeName::observed(name), Located::unplaced((*value).into())));
    user.attributes.extend(attributes);
    user
}

fn automatic(name: &str, rule: Rule) -> DesiredGroup {
    let mut group = group(name, DeclaredSource::App, &[]);
    group.members = Members::Leave;
    group.automatic = Some(Automatic { rule: Some(Located::unplaced(rule)), ..Automatic::default() });
    group
}

/// The members of the first change, as `+ email: remark` and `- email: remark`.
fn moves(plan: &Plan) -> Vec<String> {
    let Some(change) = plan.changes.first() else { return Vec::new() };
    let text = |piece: &Piece| match piece {
        Piece::Plain(text) => text.to_string(),
        Piece::Personal(text) => text.to_string(),
        Piece::User(UserLabel { display_id, .. }) => display_id.as_deref().unwrap_or_default().to_owned(),
    };
    let members = change.facts.iter().filter(|fact| fact.field == crate::model::Field::Member);
    members
        .map(|fact| {
            let remark: String = fact.remark.iter().flat_map(|remark| &remark.0).map(text).collect();
            match &fact.delta {
                crate::model::Delta::Remove(piece) => format!("- {}: {remark}", text(piece)),
                crate::model::Delta::Add(piece) | crate::model::Delta::Set { to: piece, .. } => {
                    format!("+ {}: {remark}", text(piece))
                }
            }
        })
        .collect()
}

fn users() -> Vec<DesiredUser> {
    vec![
        with(declared("u1@x.example").employee("E1"), &[("Dept", "R&D"), ("start", "2019-03-01")]),
        with(declared("u2@x.example"), &[("dept", "Sales"), ("start", "2024-03-01"), ("badge", "V-7")]),
        with(declared("u3@y.example").named("Cyd"), &[("start", "2021-03-01")]),
    ]
}

fn of(members: &[u64], group: DesiredGroup) -> Plan {
    let records = vec![
        record(1, "u1@x.example").employee_id("E1"),
        record(2, "u2@x.example"),
        record(3, "u3@y.example").called("Cyd"),
        record(4, "u4@x.example"),
    ];
    let observed = account(records, &[(11, "G", GroupSource::App, members)]);
    planned(&desired(users(), vec![group]), &observed)
}

#[test]
fn each_test_finds_its_users_and_says_why() {
    let date = |text| day(text).expect("a date");
    let email = |test| Rule::Is { subject: Subject::Email, test };
    let not = |rule| Rule::Not(Box::new(Located::unplaced(rule)));
    for (rule, wanted) in [
        (equals("DEPT", "r&d"), &["+ u1@x.example: matches: Dept is R&D"][..]),
        (
            is("dept", Test::In(vec![Folded::new("sales"), Folded::new("x")])),
            &["+ u2@x.example: matches: dept is Sales"],
        ),
        (is("badge", Test::Prefix(Folded::new("v-"))), &["+ u2@x.example: matches: badge is V-7"]),
        (
            is("badge", Test::Exists(Presence::Absent)),
            &["+ u1@x.example: matches: has no badge", "+ u3@y.example: matches: has no badge"],
        ),
        (
            is("dept", Test::Exists(Presence::Present)),
            &["+ u1@x.example: matches: dept is R&D", "+ u2@x.example: matches: dept is Sales"],
        ),
        (is("start", Test::Before(date("2021-03-01"))), &["+ u1@x.example: matches: start is 2019-03-01"]),
        (is("start", Test::After(date("2021-03-01"))), &["+ u2@x.example: matches: start is 2024-03-01"]),
        (email(Test::Contains(Folded::new("@Y"))), &["+ u3@y.example: matches: email is u3@y.example"]),
        (email(Test::Suffix(Folded::new("@y.example"))), &["+ u3@y.example: matches: email is u3@y.example"]),
        (
            Rule::Is { subject: Subject::EmployeeId, test: Test::In(vec![Folded::new("E1")]) },
            &["+ u1@x.example: matches: employee ID is E1"],
        ),
        (Rule::Is { subject: Subject::EmployeeId, test: Test::In(vec![Folded::new("e1")]) }, &[]),
        (
            Rule::Is { subject: Subject::DisplayName, test: Test::Suffix(Folded::new("YD")) },
            &["+ u3@y.example: matches: display name is Cyd"],
        ),
        (
            Rule::All(vec![
                Located::unplaced(not(equals("dept", "Sales"))),
                Located::unplaced(email(Test::Contains(Folded::new("@x")))),
            ]),
            &["+ u1@x.example: matches: dept is R&D, not Sales; email is u1@x.example"],
        ),
    ] {
        let wanted: Vec<String> = wanted.iter().map(|&line| line.to_owned()).collect();
        let found = moves(&of(&[], automatic("G", rule.clone())));
        // The subject is called as the rule calls it.
        let folded = |lines: Vec<String>| lines.iter().map(|line| line.to_lowercase()).collect::<Vec<_>>();
        assert_eq!(folded(found), folded(wanted), "{rule:?}");
    }
}

#[test]
fn those_who_stop_matching_leave_and_the_plan_says_what_decides() {
    let plan = of(&[1, 2, 3, 4], automatic("G", equals("dept", "R&D")));
    assert_eq!(
        moves(&plan),
        [
            "- u2@x.example: dept is Sales, not R&D",
            "- u3@y.example: has no dept",
            "- u4@x.example: in no manifest: nothing says their dept",
        ]
    );
    let mut additive = automatic("G", equals("dept", "R&D"));
    additive.members = Members::AtLeast(Vec::new());
    assert_eq!(moves(&of(&[2, 4], additive)), ["+ u1@x.example: matches: dept is R&D"]);
}

#[test]
fn also_except_and_lists_stand_beside_the_rule() {
    let mut group = automatic("G", is("start", Test::Exists(Presence::Present)));
    let rule = group.automatic.as_mut().expect("a rule");
    rule.also = vec![reference("u4@x.example")];
    rule.except = vec![reference("u2@x.example"), reference("u3@y.example")];
    group.members = Members::Exactly(vec![reference("u3@y.example")]);
    assert_eq!(
        moves(&of(&[2], group)),
        [
            "+ u1@x.example: matches: start is 2019-03-01",
            "+ u3@y.example: ",
            "+ u4@x.example: ",
            "- u2@x.example: kept out by `except`",
        ]
    );
    let mut nobody = automatic("G", equals("dept", "R&D"));
    nobody.automatic.as_mut().expect("a rule").except = vec![reference("nobody@x.example")];
    assert_eq!(codes(&of(&[], nobody)), ["unknown-reference"]);
}

#[test]
fn an_attribute_that_is_lacking_is_reported_only_where_it_would_decide() {
    let about = |rule: Rule| {
        let plan = of(&[], automatic("G", rule));
        plan.notices.iter().map(|notice| notice.about.len()).collect::<Vec<_>>()
    };
    let all = |name: &str, value: &str| {
        Rule::All(vec![
            Located::unplaced(equals(name, value)),
            Located::unplaced(is("badge", Test::Prefix(Folded::new("V")))),
        ])
    };
    assert_eq!(about(equals("dept", "R&D")), [1]);
    assert_eq!(about(is("dept", Test::Exists(Presence::Present))), Vec::<usize>::new());
    // Whoever is not in Sales doesn't need a badge; the third user lacks both.
    assert_eq!(about(all("dept", "Sales")), [1, 1]);
    assert_eq!(about(all("start", "2019-03-01")), [1]);
}

#[test]
fn kinds_that_an_entry_leaves_alone_are_those_of_the_record() {
    let email = Rule::Is { subject: Subject::Email, test: Test::Suffix(Folded::new("@x.example")) };
    let name = Rule::Is { subject: Subject::DisplayName, test: Test::In(vec![Folded::new("cyd")]) };
    let user = |id: &str| {
        let mut user = declared("").employee(id);
        user.emails = Members::Leave;
        user
    };
    let mut managed = user("E2");
    managed.emails =
        Members::Exactly(vec![Located::unplaced(crate::model::Email::observed("two@y.example"))]);
    let mut given_up = user("E3");
    let three = crate::model::Identifier::Email(crate::model::Email::observed("three@x.example"));
    given_up.releases = vec![Located::unplaced(three)];
    let users = [user("E1"), managed, given_up, user("E4").named("Cyd")];
    let records = || {
        vec![
            record(1, "one@x.example").employee_id("E1").called("Cyd"),
            record(2, "two@x.example").employee_id("E2").called("Dee"),
            record(3, "three@x.example").employee_id("E3").called("Eve"),
        ]
    };
    let joined = |rule: Rule| {
        let observed = account(records(), &[(11, "G", GroupSource::App, &[])]);
        moves_of(&planned(&desired(users[..3].to_vec(), vec![automatic("G", rule)]), &observed))
    };
    assert_eq!(joined(email.clone()), ["one@x.example"]);
    assert_eq!(
        joined(Rule::Not(Box::new(Located::unplaced(email.clone())))),
        ["two@x.example", "three@x.example"]
    );
    assert_eq!(joined(name), ["one@x.example"]);
    let created = planned(
        &desired(users[3..].to_vec(), vec![automatic("G", email)]),
        &account(vec![record(9, "u9@y.example")], &[]),
    );
    assert_eq!(moves_of(&created), Vec::<String>::new(), "a new user has what is declared");
}

#[test]
fn an_identifier_that_the_keys_do_not_show_is_reported_where_it_would_decide() {
    let rule = |id: &str| Rule::Is { subject: Subject::EmployeeId, test: Test::In(vec![Folded::new(id)]) };
    let reported = |id: &str, topic: Topic| {
        let records = vec![record(1, "u1@x.example").employee_id("E1"), record(2, "u2@x.example")];
        let reach = Reach::everything().with(topic, Access::Hidden(Family::Identity));
        let observed = account(records, &[(11, "G", GroupSource::App, &[])]).within(reach);
        let users = vec![declared("u1@x.example"), declared("u2@x.example")];
        let plan = planned(&desired(users, vec![automatic("G", rule(id))]), &observed);
        let hidden = |piece: &Piece| matches!(piece, Piece::Plain(text) if text.contains("do not show"));
        let of_rules = plan.notices.iter().filter(|notice| notice.message.0.iter().any(hidden));
        of_rules.flat_map(|notice| &notice.about).map(shown).collect::<Vec<_>>()
    };
    assert_eq!(reported("E7", Topic::MoreEmployeeIds), ["u1@x.example"]);
    assert_eq!(reported("E1", Topic::MoreEmployeeIds), Vec::<String>::new());
    assert_eq!(reported("E7", Topic::EmployeeIds), ["u1@x.example", "u2@x.example"]);
    assert_eq!(reported("E7", Topic::Upns), Vec::<String>::new());
}

#[test]
fn an_automatic_hr_group_is_part_of_the_set() {
    let mut group = automatic("G", equals("dept", "R&D"));
    group.source = Some(DeclaredSource::Hr);
    let records = vec![record(1, "u1@x.example").employee_id("E1"), record(2, "u2@x.example")];
    let observed = account(records, &[(11, "G", GroupSource::Hr, &[2])]);
    let plan = planned(&desired(users()[..2].to_vec(), vec![group]), &observed);
    assert_eq!(
        moves(&plan),
        ["+ u1@x.example: matches: dept is R&D", "- u2@x.example: dept is Sales, not R&D",]
    );
    assert_eq!(plan.snapshot.expect("a set").snapshot.rows(), 1);
}

fn rules() -> impl Strategy<Value = Rule> {
    let value = || prop_oneof![Just("ab"), Just("b"), Just("2020-01-01"), Just("2021-01-01")];
    let test = prop_oneof![
        proptest::collection::vec(value(), 1..3)
            .prop_map(|it| Test::In(it.into_iter().map(Folded::new).collect())),
        value().prop_map(|it| Test::Contains(Folded::new(it))),
        value().prop_map(|it| Test::Prefix(Folded::new(it))),
        value().prop_map(|it| Test::Suffix(Folded::new(it))),
        any::<bool>().prop_map(|it| Test::Exists(if it { Presence::Present } else { Presence::Absent })),
        Just(Test::Before(day("2020-06-01").expect("a date"))),
        Just(Test::After(day("2020-06-01").expect("a date"))),
    ];
    let subject = prop_oneof![
        Just(attribute("one")),
        Just(attribute("two")),
        Just(Subject::Email),
        Just(Subject::DisplayName)
    ];
    let leaf = (subject, test).prop_map(|(subject, test)| Rule::Is { subject, test });
    leaf.prop_recursive(3, 8, 3, |inner| {
        let several = || proptest::collection::vec(inner.clone().prop_map(Located::unplaced), 1..4);
        prop_oneof![
            several().prop_map(Rule::All),
            several().prop_map(Rule::Any),
            inner.clone().prop_map(|rule| Rule::Not(Box::new(Located::unplaced(rule)))),
        ]
    })
}

fn value() -> impl Strategy<Value = Option<&'static str>> {
    proptest::option::of(prop_oneof![
        Just("ab"),
        Just("B"),
        Just("cab"),
        Just("2020-01-01"),
        Just("2021-01-01")
    ])
}

proptest! {
    #[test]
    fn sets_agree_with_looking_at_one_user_after_the_other(
        rule in rules(),
        values in proptest::collection::vec((value(), value(), value()), 1..70),
        fill in (value(), value()),
    ) {
        let users: Vec<DesiredUser> = values
            .iter()
            .enumerate()
            .map(|(at, (one, two, name))| {
                let mut user = declared(&format!("u{at}ab@x.example"));
                user.display_name = name.map_or(Managed::Leave, |name| {
                    Managed::Set(Located::unplaced(crate::model::DisplayName::observed(&format!("{at} {name}"))))
                });
                let attributes = [("one", one), ("two", two)];
                let given: Vec<_> =
                    attributes.iter().filter_map(|(name, value)| value.map(|value| (*name, value))).collect();
                with(user, &given)
            })
            .collect();
        let plan = planned(&desired(users.clone(), vec![automatic("G", rule.clone())]), &account(vec![record(999, "else@x.example")], &[]));
        let joined = |user: &DesiredUser| {
            let email: Located<_> = user.emails.listed()[0].clone();
            moves_of(&plan).iter().any(|held| *held == email.value.to_string())
        };
        let reported: Vec<String> = plan.notices.iter().flat_map(|notice| &notice.about).map(shown).collect();
        for user in &users {
            prop_assert_eq!(joined(user), why::holds(&rule, Candidate::new_user(user)));
            // Nobody who is not reported would enter or leave by having what they lack.
            let email = user.emails.listed()[0].value.to_string();
            if !reported.contains(&email) {
                let mut filled = user.clone();
                for (name, value) in [("one", fill.0), ("two", fill.1)] {
                    let name = AttributeName::observed(name);
                    if let Some(value) = value.filter(|_| !user.attributes.iter().any(|(it, _)| *it == name)) {
                        let exists_only = asks_for_presence(&rule, &name);
                        if !exists_only {
                            filled.attributes.push((name, Located::unplaced(value.into())));
                        }
                    }
                }
                prop_assert_eq!(why::holds(&rule, Candidate::new_user(&filled)), why::holds(&rule, Candidate::new_user(user)));
            }
        }
    }
}

proptest! {
    #[test]
    fn whoever_is_in_no_manifest_enters_or_leaves_by_what_the_account_knows_alone(
        rule in rules(),
        values in proptest::collection::vec((value(), any::<bool>()), 1..40),
        fills in proptest::collection::vec((value(), value()), 6),
    ) {
        let twins: Vec<DesiredUser> = values
            .iter()
            .enumerate()
            .map(|(at, (name, _))| {
                let user = declared(&format!("u{at}ab@x.example"));
                name.map_or(user.clone(), |name| user.named(&format!("{at} {name}")))
            })
            .collect();
        let records = twins.iter().enumerate().map(|(at, twin)| {
            let record = record(at as u64 + 1, &twin.emails.listed()[0].value.to_string());
            match twin.display_name.declared() {
                Some(name) => record.called(name.value.as_written()),
                None => record,
            }
        });
        let members: Vec<u64> = (1..).zip(&values).filter(|(_, (_, is_in))| *is_in).map(|(id, _)| id).collect();
        let records = records.chain([record(999, "else@y.example")]).collect();
        let observed = account(records, &[(11, "G", GroupSource::App, &members)]);
        let plan = planned(&desired(vec![declared("else@y.example")], vec![automatic("G", rule.clone())]), &observed);
        let facts: Vec<_> = plan.changes.iter().flat_map(|change| &change.facts).collect();
        let mut said_to_be_unseen = 0;
        for (twin, (_, is_in)) in twins.iter().zip(&values) {
            let email = twin.emails.listed()[0].value.to_string();
            let of = |delta: &crate::model::Delta| match delta {
                crate::model::Delta::Add(piece) | crate::model::Delta::Remove(piece) => shown(piece) == email,
                crate::model::Delta::Set { .. } => false,
            };
            let moved = facts.iter().find(|fact| of(&fact.delta));
            let unseen = moved.and_then(|fact| fact.remark.as_ref()).is_some_and(|remark| {
                matches!(&remark.0[0], Piece::Plain(text) if text.starts_with("in no manifest"))
            });
            said_to_be_unseen += usize::from(unseen);
            for (one, two) in &fills {
                let given: Vec<_> =
                    [("one", one), ("two", two)].into_iter().filter_map(|(name, it)| it.map(|it| (name, it))).collect();
                let filled = with(twin.clone(), &given);
                let holds = why::holds(&rule, Candidate::new_user(&filled));
                // Whoever enters would whatever attributes they had; whoever leaves seen would, too; and who stays may.
                match (is_in, moved) {
                    (false, Some(_)) => prop_assert!(holds, "{email} enters"),
                    (true, Some(_)) if !unseen => prop_assert!(!holds, "{email} leaves"),
                    (true, None) => prop_assert!(holds, "{email} stays"),
                    _ => {}
                }
            }
        }
        let counts = plan.notices.iter().any(|notice| {
            notice.message.0.iter().any(|piece| matches!(piece, Piece::Plain(text) if text.contains("would leave")))
        });
        prop_assert_eq!(counts, said_to_be_unseen > 0);
    }
}

/// Whether a rule asks anywhere if an attribute is there: that is no question which a lack leaves open.
fn asks_for_presence(rule: &Rule, name: &AttributeName) -> bool {
    match rule {
        Rule::All(rules) | Rule::Any(rules) => rules.iter().any(|rule| asks_for_presence(&rule.value, name)),
        Rule::Not(rule) => asks_for_presence(&rule.value, name),
        Rule::Is { subject: Subject::Attribute(other), test: Test::Exists(_) } => other == name,
        Rule::Is { .. } => false,
    }
}

fn shown(piece: &Piece) -> String {
    match piece {
        Piece::User(label) => label.display_id.as_deref().unwrap_or_default().to_owned(),
        Piece::Plain(_) | Piece::Personal(_) => String::new(),
    }
}

fn moves_of(plan: &Plan) -> Vec<String> {
    let facts = plan.changes.iter().flat_map(|change| &change.facts);
    let members = facts.filter(|fact| fact.field == crate::model::Field::Member);
    members
        .filter_map(|fact| match &fact.delta {
            crate::model::Delta::Add(piece) => Some(shown(piece)),
            _ => None,
        })
        .collect()
}

#[test]
fn of_whom_the_platform_does_not_say_what_a_rule_looks_at_nobody_leaves_or_enters() {
    let label = Folded::new("Department");
    let field = UserField { id: 2, label: label.clone(), kind: Some(FieldKind::Text) };
    let here = Detail::Field(2);
    let details = || Details::of(vec![field.clone()], Vec::new(), Vec::new());
    let records: Vec<_> = (1..=4).map(|id| record(id, &format!("u{id}@x.example"))).collect();
    let observed = account(records, &[(11, "G", GroupSource::App, &[2, 3])]);
    let subject = Subject::Field(label.clone());
    let rule = Rule::Is { subject, test: Test::In(vec![Folded::new("r&d")]) };
    let manifests = desired(vec![declared("u1@x.example")], vec![automatic("G", rule)]);
    // Users 2 and 4 are those of whom nothing is said: one is in the group, the other is not.
    let known = details()
        .holding([(here, UserId(1), vec!["R&D".into()]), (here, UserId(3), vec!["Sales".into()])])
        .without([(here, UserId(2)), (here, UserId(4))]);
    let plan = planned(&manifests, &observed.clone().detailed(known.clone()));
    let said = ["+ u1@x.example: matches: Department is R&D", "- u3@x.example: Department is Sales, not r&d"];
    assert_eq!(moves(&plan), said);
    // That it is not said is not that there is nothing: who is known to have something leaves, and nobody enters.
    let none = Rule::Is { subject: Subject::Field(label.clone()), test: Test::Exists(Presence::Absent) };
    let empty = desired(vec![declared("u4@x.example")], vec![automatic("G", none)]);
    let plan = planned(&empty, &observed.clone().detailed(known.clone()));
    assert_eq!(moves(&plan), ["- u3@x.example: Department is Sales"]);
    // Nobody knows which field is meant: nobody moves, and somebody is asked.
    let plan = planned(&manifests, &observed.detailed(Details::default()));
    assert_eq!((moves(&plan), codes(&plan)), (Vec::new(), vec!["unknown-label"]));
}
