//! Names that try to be more than names, and plans that are too large for their paper.

use crate::model::{Change, Delta, Field, GroupName, GroupSource, Object, Origin, Piece, Severity, Verb};
use crate::render::Redaction;
use crate::render::markdown::PageKind;
use crate::render::tests::sample::{change, fact, plan, sources, user};
use crate::render::tests::{as_json, as_markdown, as_page, as_text};

const HOSTILE: [&str; 9] = [
    "\u{1b}[2J\u{1b}[31mred",
    "\u{202e}nimda\u{202c}",
    "two\nlines\r\n### heading",
    "a | b",
    "```\n@team",
    "<script>alert(1)</script>",
    "@acme/team",
    "</details><!-- -->",
    "\u{2066}\u{200b}\u{feff}",
];

fn member(name: &str, severity: Severity) -> Change {
    let member = Piece::User(user(name, name, Some(1)));
    let delta = if severity == Severity::Safe { Delta::Add(member) } else { Delta::Remove(member) };
    let object = Object::Group {
        id: None,
        name: GroupName::observed(name),
        source: GroupSource::Foreign(name.into()),
    };
    let verb = if severity == Severity::Irreversible { Verb::Delete } else { Verb::Update };
    change(object, verb, Origin::NONE, vec![fact(Field::Member, delta, severity, Origin::NONE)])
}

#[test]
fn no_name_reaches_a_terminal_or_comment_as_anything_but_a_name() {
    for name in HOSTILE {
        let severities = [Severity::Safe, Severity::Disruptive, Severity::Irreversible];
        let mut hostile = plan(severities.map(|severity| member(name, severity)).to_vec());
        hostile.account = name.into();
        let acts = |c: char| {
            (c.is_control() && c != '\n') || ('\u{2066}'..='\u{2069}').contains(&c) || c == '\u{202e}'
        };
        for text in [as_text, as_markdown].map(|show| show(&hostile, &sources(), Redaction::Off)) {
            assert!(!text.contains(acts), "{text:?}");
            assert!(!text.contains("\n### heading") && !text.contains("two\n"), "{text}");
        }
        // In a comment, every line with a hostile name lies in a code block or a code span.
        let (mut fence, markdown) = (None, as_markdown(&hostile, &sources(), Redaction::Off));
        for line in markdown.lines().skip(1) {
            let ticks = line.len() - line.trim_start_matches('`').len();
            match fence {
                None if ticks >= 3 && line.ends_with("diff") => fence = Some(ticks),
                Some(open) if ticks == open && line.len() == ticks => fence = None,
                None if line.contains("team") || line.contains("script") => {
                    assert!(line.contains('`'), "{line}");
                }
                None | Some(_) => {}
            }
        }
        assert_eq!(fence, None, "a code block is left open: {markdown}");
        assert!(
            serde_json::from_str::<serde_json::Value>(&as_json(&hostile, &sources(), Redaction::Off)).is_ok()
        );
    }
}

#[test]
fn a_very_long_name_is_shown_whole() {
    let name = "x".repeat(10_000);
    let hostile = plan(vec![member(&name, Severity::Disruptive)]);
    for show in [as_text, as_markdown] {
        assert!(show(&hostile, &sources(), Redaction::Off).contains(&name));
    }
}

#[test]
fn a_large_plan_folds_what_is_safe_and_nothing_else() {
    let mut changes: Vec<Change> = (0..300).map(|at| member(&format!("safe {at}"), Severity::Safe)).collect();
    changes.extend((0..300).map(|at| member(&format!("lost {at}"), Severity::Disruptive)));
    changes.extend((0..9).map(|at| member(&format!("gone {at}"), Severity::Irreversible)));
    let text = as_text(&plan(changes), &sources(), Redaction::Off);
    for at in 0..300 {
        assert!(text.contains(&format!("~ lost {at}\n")), "lost {at}");
    }
    assert!((0..9).all(|at| text.contains(&format!("- gone {at} ("))), "{text}");
    assert!(!text.contains("safe 1"), "{text}");
    assert!(text.contains("and 300 safe changes not shown: 300 updated"), "{text}");
}

#[test]
fn a_comment_that_is_too_long_leaves_out_from_the_safe_end_and_says_how_much() {
    let long = "n".repeat(100);
    let many = |what: &str, severity, count| {
        (0..count).map(|at| member(&format!("{what} {at} {long}"), severity)).collect::<Vec<_>>()
    };
    let mut changes = many("safe", Severity::Safe, 400);
    changes.extend(many("gone", Severity::Irreversible, 50));
    let markdown = as_markdown(&plan(changes.clone()), &sources(), Redaction::Off);
    assert!(markdown.len() <= 60_000);
    assert_eq!(markdown.matches("\n- gone").count(), 50);
    let shown = markdown.matches("\n! safe").count();
    assert!(shown < 400);
    assert!(markdown.contains(&format!("**{} more changes do not fit here.**", 400 - shown)), "{markdown}");

    changes.extend(many("gone too", Severity::Irreversible, 900));
    let markdown = as_markdown(&plan(changes), &sources(), Redaction::Off);
    assert!(markdown.len() <= 60_000);
    let shown = markdown.matches("\n- gone").count();
    assert!(markdown.contains(&format!("**{} more changes do not fit here.**", 950 - shown)), "{markdown}");
    assert!(markdown.contains("**400 more changes do not fit here.**"), "{markdown}");
}

#[test]
fn a_page_is_measured_in_bytes_and_a_summary_has_room_for_more() {
    let long = "ß".repeat(200);
    let lost = |at: usize| member(&format!("lost {at} {long}"), Severity::Disruptive);
    let plan = plan((0..4_000).map(lost).collect());
    let comment = as_markdown(&plan, &sources(), Redaction::Off);
    assert!((55_000..=60_000).contains(&comment.len()), "{}", comment.len());
    let summary = as_page(&plan, &sources(), Redaction::Off, PageKind::Summary);
    assert!((890 << 10..=900 << 10).contains(&summary.len()), "{}", summary.len());
}

#[test]
fn one_change_that_is_too_long_keeps_its_first_line_and_says_how_many_facts_it_has() {
    let mut large = member("large", Severity::Disruptive);
    let wall = "`".repeat(90);
    large.facts = (0..2_000)
        .map(|at| {
            let leaver = Piece::personal(&format!("{wall} {at}"));
            fact(Field::Member, Delta::Remove(leaver), Severity::Disruptive, Origin::NONE)
        })
        .collect();
    let markdown = as_markdown(&plan(vec![large]), &sources(), Redaction::Off);
    assert!(markdown.len() <= 60_000);
    assert!(markdown.contains("! large\n    (2000 facts left out here)"), "{markdown}");
}
