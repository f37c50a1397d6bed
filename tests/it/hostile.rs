//! Files made to exhaust a reader are refused, quickly and in bounded memory.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use rollcall::diag::{Code, Diagnostic, Place, Sources};
use rollcall::manifest::yaml::{self, Field};

use crate::value::Value;

/// What a text is refused for, within seconds even where everything is slow.
fn refused(text: &str) -> Vec<Diagnostic> {
    let mut sources = Sources::default();
    let source = sources.add("hostile.yaml", text).unwrap();
    let started = Instant::now();
    let (_, problems) = yaml::read::<Field<Value>>(source);
    assert!(started.elapsed() < Duration::from_secs(10), "took {:?}", started.elapsed());
    problems.sorted()
}

fn codes(text: &str) -> Vec<Code> {
    let mut codes: Vec<_> = refused(text).into_iter().map(|it| it.code).collect();
    codes.dedup();
    codes
}

#[test]
fn a_hundred_thousand_brackets_are_too_deep() {
    for open in ["[", "{a: ", "{", "- ", "? "] {
        assert_eq!(codes(&open.repeat(100_000)).last(), Some(&Code::TooDeep), "{open:?}");
    }
}

#[test]
fn deep_indentation_is_too_deep() {
    let mut text = String::new();
    for depth in 0..1000 {
        writeln!(text, "{}a:", " ".repeat(depth)).unwrap();
    }
    assert_eq!(codes(&text), [Code::TooDeep]);
}

#[test]
fn depth_that_manifests_may_need_is_read() {
    assert_eq!(codes(&format!("{}a{}", "[".repeat(60), "]".repeat(60))), []);
}

#[test]
fn a_bomb_of_aliases_builds_nothing() {
    let mut text = "a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (name, of) in
        ["b", "c", "d", "e", "f", "g", "h", "i"].iter().zip(["a", "b", "c", "d", "e", "f", "g", "h"])
    {
        writeln!(text, "{name}: &{name} [{}]", vec![format!("*{of}"); 9].join(", ")).unwrap();
    }
    let found = refused(&text);
    assert_eq!(found.len(), 9 + 8 * 9);
    assert!(found.iter().all(|it| it.code == Code::AnchorOrAlias));
}

#[test]
fn a_large_anchor_used_thousands_of_times_builds_nothing() {
    let text = format!("a: &a {}\nb: [{}]\n", "x".repeat(60_000), "*a, ".repeat(5000));
    assert_eq!(codes(&text), [Code::TooManyProblems, Code::AnchorOrAlias]);
}

#[test]
fn the_problems_of_one_file_are_bounded_and_the_rest_is_counted() {
    let found = refused(&format!("[{}]", "*a, ".repeat(100_000)));
    assert_eq!(found.len(), 1001);
    assert_eq!(found[0].message, "99000 more problems in this file are not listed");
}

#[test]
fn a_text_of_many_megabytes_is_too_long() {
    let long = "x".repeat(20 << 20);
    for text in
        [format!("a: {long}"), format!("a: '{long}'"), format!("a: \"{long}\""), format!("a: |\n  {long}")]
    {
        assert_eq!(codes(&text), [Code::TooLong]);
    }
}

#[test]
fn a_key_of_many_megabytes_is_refused() {
    let long = "x".repeat(20 << 20);
    assert_eq!(codes(&format!("{long}: a")), [Code::TooLong, Code::Syntax]);
    assert_eq!(codes(&format!("? {long}\n: a")), [Code::TooLong]);
}

#[test]
fn a_text_at_the_limit_is_read() {
    assert_eq!(codes(&format!("a: {}", "x".repeat(64 << 10))), []);
    assert_eq!(codes(&format!("a: {}x", "x".repeat(64 << 10))), [Code::TooLong]);
}

#[test]
fn a_mapping_of_many_keys_takes_no_quadratic_time() {
    let mut text = String::new();
    for key in 0..50_000 {
        writeln!(text, "k{key}: v").unwrap();
    }
    assert_eq!(codes(&text), []);
}

#[test]
fn a_quote_left_open_over_the_whole_file_is_refused() {
    for quote in ['"', '\''] {
        assert_eq!(codes(&format!("a: {quote}{}", "x y\n ".repeat(1 << 20))), [Code::Syntax]);
    }
}

#[test]
fn a_zero_character_ends_nothing_silently() {
    assert_eq!(codes("users: []\n\0groups: []"), [Code::ControlCharacter]);
}

proptest! {
    #[test]
    fn any_text_is_read_and_every_problem_has_a_place(text in "[-:,\\[\\]{}#&*!|>'\"%@?~<. \n\r\ta-c0\\\\é\u{0}]{0,120}") {
        let mut sources = Sources::default();
        sources.add("before.yaml", "x").unwrap();
        let (_, problems) = yaml::read::<Field<Value>>(sources.add("any.yaml", &*text).unwrap());
        for problem in problems.found() {
            let Place::Span(span) = problem.place else { continue };
            let file = sources.file(span).unwrap();
            prop_assert_eq!(file.path(), "any.yaml");
            prop_assert!(file.text().get(file.range(span)).is_some(), "{:?}", span);
            prop_assert!(file.locate(span.start).line <= file.line_count());
        }
    }
}
