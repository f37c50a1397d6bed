//! Facts that rows of an export ask for: each with its row.

use crate::diag::Sources;
use crate::model::{
    Delta, Field, GroupId, GroupName, GroupSource, Object, Origin, Phrase, Piece, Severity, Verb,
};
use crate::plan::{Plan, Violation, ViolationKind};
use crate::render::tests::sample::{change, fact, plan, user};
use crate::render::tests::{as_json, as_markdown, as_text};
use crate::render::{Colour, Layout, Redaction, View, text};

/// A manifest, an export of three columns, and a group with members from its rows.
fn plan_of_rows() -> (Plan, Sources) {
    let mut sources = Sources::default();
    sources.add("rollcall.yaml", "\n".repeat(99)).unwrap();
    let table = sources.add_table("hr/workers.csv", 2_000, 3).unwrap();
    let joins = |name: &str, record, row| {
        let label = user(name, &format!("{name}@acme.example"), Some(record));
        fact(Field::Member, Delta::Add(Piece::User(label)), Severity::Safe, table.cell(row, 2))
    };
    let bob = Delta::Remove(Piece::User(user("Bob", "bob@acme.example", Some(3))));
    let mut leaves = fact(Field::Member, bob, Severity::Disruptive, Origin::at(11));
    leaves.remark = Some(Phrase::words("in no row of hr/workers.csv (workday)"));
    let paris =
        Object::Group { id: Some(GroupId(5)), name: GroupName::observed("Paris"), source: GroupSource::Hr };
    let facts = vec![joins("Ada", 1, 2), joins("Cy", 2, 1204), leaves];
    (plan(vec![change(paris, Verb::Update, table.cell(2, 2), facts)]), sources)
}

#[test]
fn who_joins_by_a_row_is_shown_with_the_row_and_who_leaves_with_what_does_not_name_them() {
    let (plan, sources) = plan_of_rows();
    let text = as_text(&plan, &sources, Redaction::Off);
    let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
    let line = |words: &str| lines.contains(&words.split_whitespace().collect());
    assert!(line("~ Paris hr/workers.csv:2"), "{text}");
    assert!(line("members + Ada"), "the row of the title\n{text}");
    assert!(line("+ Cy hr/workers.csv:1204"), "{text}");
    assert!(line("- Bob (in no row of hr/workers.csv (workday)) rollcall.yaml:12"), "{text}");
    assert!(as_markdown(&plan, &sources, Redaction::Off).contains("hr/workers.csv:1204"));
    let json: serde_json::Value = serde_json::from_str(&as_json(&plan, &sources, Redaction::Off)).unwrap();
    let origin = serde_json::json!({ "file": "hr/workers.csv", "line": 1204, "column": 3 });
    assert_eq!(json["changes"][0]["facts"][1]["origin"], origin);
}

#[test]
fn once_more_than_three_join_or_leave_each_has_a_line_and_a_place() {
    let (mut plan, sources) = plan_of_rows();
    plan.changes[0].facts.truncate(1);
    let join = |name: &str, line| {
        let label = user(name, "x@acme.example", Some(line));
        let origin = Origin::at(u32::try_from(line).unwrap());
        fact(Field::Member, Delta::Add(Piece::User(label)), Severity::Safe, origin)
    };
    plan.changes[0].origin = Origin::at(1);
    plan.changes[0].facts = [("Ada", 2), ("Bob", 3), ("Cy", 4)].map(|(name, line)| join(name, line)).into();
    let few = as_text(&plan, &sources, Redaction::Off);
    assert!(few.contains("members       + Ada   + Bob   + Cy\n"), "{few}");
    plan.changes[0].facts.push(join("Dee", 5));
    let many = as_text(&plan, &sources, Redaction::Off);
    for (name, line) in [("Ada", 3), ("Bob", 4), ("Cy", 5), ("Dee", 6)] {
        let place = format!("rollcall.yaml:{line}");
        let found = many.lines().find(|line| line.contains(&format!("+ {name}")));
        assert!(found.is_some_and(|found| found.ends_with(&place)), "{name}\n{many}");
    }
}

#[test]
fn of_a_blocked_headline_the_verdict_alone_is_coloured() {
    let (mut plan, sources) = plan_of_rows();
    plan.violations.push(Violation { kind: ViolationKind::Unproved, origin: Origin::NONE });
    let mut out = Vec::new();
    let layout = Layout { width: 100, colour: Colour::Ansi };
    text::plan(&mut out, &plan, &View::new(&sources, Redaction::Off), layout, None).unwrap();
    let text = String::from_utf8(out).unwrap();
    let (before, after) = text.split_once("BLOCKED").unwrap();
    let headline = after.split_once('\n').unwrap().0;
    assert!(before.ends_with("\u{1b}[1m\u{1b}[31m"), "{text:?}");
    assert!(headline.contains('1') && !headline.contains("[31m"), "{text:?}");
}

#[test]
fn thousands_of_safe_facts_are_counted_and_what_is_lost_is_shown() {
    let (mut plan, sources) = plan_of_rows();
    let joins = plan.changes[0].facts[1].clone();
    plan.changes[0].facts.extend(std::iter::repeat_n(joins, 2_000));
    let text = as_text(&plan, &sources, Redaction::Off);
    assert!(text.contains("- Bob") && text.contains("and 2002 safe facts not shown"), "{text}");
    assert!(!text.contains("+ Cy"), "{text}");
}
