//! The YAML reader against the YAML test suite: what is valid reads as the suite says or is refused by name, and what is
//! invalid is refused.

use std::collections::BTreeSet;

use rollcall::diag::{Code, Severity, Sources};
use rollcall::manifest::yaml::{self, Field};
use serde::Deserialize;

use crate::value::Value;

/// Invalid cases that are read all the same: a flow list may close at the indentation of its key, as everybody writes it.
const LENIENT: &[&str] = &["9C9N"];

#[derive(Deserialize)]
struct Case {
    id: String,
    name: String,
    #[serde(default)]
    fail: bool,
    yaml: String,
    tree: Option<String>,
}

fn cases() -> Vec<Case> {
    serde_json::from_str(include_str!("../data/yaml-test-suite.json")).unwrap()
}

/// What the reader makes of a text: the value, and the codes of its problems.
fn read(text: &str) -> (Option<Value>, BTreeSet<Code>) {
    let mut sources = Sources::default();
    let (value, problems) = yaml::read::<Field<Value>>(sources.add("case.yaml", text).unwrap());
    assert_eq!(problems.count(Severity::Warning), 0);
    let codes = problems.found().iter().map(|it| it.code).collect();
    (value.given().map(|it| it.value), codes)
}

#[test]
fn what_is_valid_reads_as_the_suite_says_or_is_refused_by_name() {
    let mut wrong = Vec::new();
    let valid: Vec<_> = cases().into_iter().filter(|it| !it.fail).collect();
    assert_eq!(valid.len(), 308);
    for case in &valid {
        let expected = Expected::of(case.tree.as_deref().unwrap());
        let (value, codes) = read(&case.yaml);
        if codes != expected.refused {
            wrong.push(format!("{} {}: {codes:?}, expected {:?}", case.id, case.name, expected.refused));
        } else if codes.is_empty() && value != expected.value {
            wrong.push(format!("{} {}: {value:?}, expected {:?}", case.id, case.name, expected.value));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_invalid_is_refused() {
    let invalid: Vec<_> = cases().into_iter().filter(|it| it.fail).collect();
    assert_eq!(invalid.len(), 94);
    let read: Vec<_> = invalid.iter().filter(|it| read(&it.yaml).1.is_empty()).map(|it| &*it.id).collect();
    assert_eq!(read, LENIENT);
}

/// What the suite's event tree says: a value, and why the reader should refuse it.
#[derive(Default)]
struct Expected {
    value: Option<Value>,
    refused: BTreeSet<Code>,
}

impl Expected {
    fn of(tree: &str) -> Self {
        let mut expected = Self::default();
        let mut events = tree.lines().map(str::trim_start).filter(|it| !it.starts_with("+STR"));
        if events.next().is_none_or(|it| it.starts_with("-STR")) {
            expected.refused.insert(Code::EmptyManifest);
            return expected;
        }
        let first = events.next().unwrap();
        let root = expected.node(first, &mut events);
        expected.value = Some(expected.value(root));
        events.next();
        if events.next().is_some_and(|it| it.starts_with("+DOC")) {
            expected.refused.insert(Code::SecondDocument);
        }
        expected
    }

    /// Reads the node that begins with `event`, and notes what is refused wherever it stands.
    fn node<'a>(&mut self, event: &str, events: &mut impl Iterator<Item = &'a str>) -> Node {
        let (kind, rest) = event.split_at(4);
        let content = self.properties(rest.trim_start());
        match kind {
            "=VAL" => self.scalar(content),
            "+SEQ" => Node::List(self.nodes(events)),
            "+MAP" => {
                let nodes = self.nodes(events);
                Node::Map(self.entries(nodes))
            }
            "=ALI" => {
                self.refused.insert(Code::AnchorOrAlias);
                Node::Refused
            }
            _ => panic!("unknown event {event}"),
        }
    }

    /// The nodes up to the end of a collection.
    fn nodes<'a>(&mut self, events: &mut impl Iterator<Item = &'a str>) -> Vec<Node> {
        let mut nodes = Vec::new();
        loop {
            match events.next().unwrap() {
                end if end.starts_with('-') => return nodes,
                event => nodes.push(self.node(event, events)),
            }
        }
    }

    /// Takes style, anchor and tag off; what is left is a scalar's quote and text.
    fn properties<'a>(&mut self, mut rest: &'a str) -> &'a str {
        for (mark, code) in [('&', Code::AnchorOrAlias), ('<', Code::Tag)] {
            rest = rest.trim_start_matches("[]").trim_start_matches("{}").trim_start();
            if rest.starts_with(mark) {
                self.refused.insert(code);
                rest = rest.split_once(' ').map_or("", |(_, rest)| rest);
            }
        }
        rest
    }

    fn scalar(&mut self, content: &str) -> Node {
        let (quote, text) = content.split_at(1);
        let text = unescape(text);
        match (quote, &*text) {
            (":", "" | "~" | "null") => Node::Nothing,
            (":", "<<") => Node::Merge,
            ("\"", text) if text.contains(|c: char| c.is_control() || c == '\u{2028}') => {
                self.refused.insert(Code::ControlCharacter);
                Node::Refused
            }
            _ => Node::Text(text),
        }
    }

    /// Pairs keys with values, without those whose key is refused.
    fn entries(&mut self, nodes: Vec<Node>) -> Vec<(String, Node)> {
        let mut entries: Vec<(String, Node)> = Vec::new();
        let mut nodes = nodes.into_iter();
        while let (Some(key), Some(value)) = (nodes.next(), nodes.next()) {
            let refused = match key {
                Node::Text(key) if entries.iter().any(|(earlier, _)| *earlier == key) => Code::DuplicateKey,
                Node::Text(key) => {
                    entries.push((key, value));
                    continue;
                }
                Node::Refused => continue,
                Node::Merge => Code::MergeKey,
                Node::Nothing | Node::List(_) | Node::Map(_) => Code::KeyNotText,
            };
            self.refused.insert(refused);
        }
        entries
    }

    /// A node as a value; nothing at all is refused only where a reader comes to it.
    fn value(&mut self, node: Node) -> Value {
        match node {
            Node::Text(text) => Value::Text(text),
            Node::Merge => Value::Text("<<".to_owned()),
            Node::List(items) => Value::List(items.into_iter().map(|it| self.value(it)).collect()),
            Node::Map(entries) => {
                Value::Map(entries.into_iter().map(|(key, value)| (key, self.value(value))).collect())
            }
            Node::Refused => Value::Broken,
            Node::Nothing => {
                self.refused.insert(Code::EmptyValue);
                Value::Broken
            }
        }
    }
}

enum Node {
    Text(String),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
    Nothing,
    Merge,
    Refused,
}

/// The suite writes some characters of scalars as escapes.
fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        out.push(match (c, (c == '\\').then(|| chars.next()).flatten()) {
            (_, Some('n')) => '\n',
            (_, Some('t')) => '\t',
            (_, Some('r')) => '\r',
            (_, Some('b')) => '\u{8}',
            (_, Some(other)) => other,
            (c, None) => c,
        });
    }
    out
}
