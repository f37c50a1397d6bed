//! Facts that rows of an export ask for: each with its row.

use crate::diag::Sources;
use crate::model::{
    Delta, Field, GroupId, GroupName, GroupSource, Object, Origin, Phrase, Piece, Severity, Verb,
};
use crate::plan::Plan;
use crate::render::Redaction;
use crate::render::tests::sample::{change, fact, plan, user};
use crate::render::tests::{as_json, as_markdown, as_text};

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
fn thousands_of_safe_facts_are_counted_and_what_is_lost_is_shown() {
    let (mut plan, sources) = plan_of_rows();
    let joins = plan.changes[0].facts[1].clone();
    plan.changes[0].facts.extend(std::iter::repeat_n(joins, 2_000));
    let text = as_text(&plan, &sources, Redaction::Off);
    assert!(text.contains("- Bob") && text.contains("and 2002 safe facts not shown"), "{text}");
    assert!(!text.contains("+ Cy"), "{text}");
}
