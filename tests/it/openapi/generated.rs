//! Requests that a document allows, made at random of what it says of them; the same on every run.

use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Map, Value, json};

use super::facts::{Document, Fact};

/// A request.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) body: Option<String>,
}

/// Texts that mean something in the account, and others that a name may be.
const TEXTS: [&str; 24] = [
    "ana@corp.example",
    "ana.ruiz@corp.example",
    "bob@corp.example",
    "new@corp.example",
    "E1001",
    "E3",
    "CORP",
    "aruiz",
    "cy",
    "abell",
    "Finance",
    "Oslo",
    "Ana Ruiz",
    "9001",
    "9005",
    "349",
    "142",
    "",
    " ",
    "Zoë 💥",
    "a\"b",
    "a\\b",
    "\u{0}",
    "*",
];

/// Numbers that mean something in the account, and others.
const NUMBERS: [i64; 16] = [349, 350, 351, 9001, 9002, 9005, 142, 143, 7, 8, 231, 5, 1, 0, -1, 2_147_483_647];

/// So many requests that a document allows for an operation.
pub(crate) fn requests(document: &Document, fact: &Fact, count: usize) -> Vec<Request> {
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let strategy = request(document, fact);
    (0..count).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}

fn request(document: &Document, fact: &Fact) -> BoxedStrategy<Request> {
    let number = select(&NUMBERS[..]).prop_map(|number| number.to_string());
    // A part of a path that is empty is none.
    let named = select(&TEXTS[..]).prop_filter("empty", |text| !text.is_empty()).prop_map(str::to_owned);
    let text = prop_oneof![12 => number, 1 => named];
    let parts: Vec<BoxedStrategy<String>> = fact
        .path
        .split('/')
        .map(|part| {
            if part.starts_with('{') {
                text.clone().prop_map(|it| escaped(&it)).boxed()
            } else {
                Just(part.to_owned()).boxed()
            }
        })
        .collect();
    let query: Vec<BoxedStrategy<Vec<String>>> = fact
        .query
        .iter()
        .map(|(name, schema)| {
            let name = name.clone();
            let values = proptest::option::of(value(document, schema, 0));
            values.prop_map(move |value| value.map_or(Vec::new(), |value| pairs(&name, &value))).boxed()
        })
        .collect();
    let body = match &fact.body {
        Some(schema) => value(document, schema, 0).prop_map(|value| Some(value.to_string())).boxed(),
        None => Just(None).boxed(),
    };
    let method = fact.method.clone();
    let made = move |(parts, query, body): (Vec<String>, Vec<Vec<String>>, Option<String>)| {
        let query = query.concat().join("&");
        let path = parts.join("/");
        let path = if query.is_empty() { path } else { format!("{path}?{query}") };
        Request { method: method.clone(), path, body }
    };
    (parts, query, body).prop_map(made).boxed()
}

/// A value as a parameter of a query: of an array, each by itself.
pub(crate) fn pairs(name: &str, value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().flat_map(|value| pairs(name, value)).collect(),
        Value::Null => Vec::new(),
        Value::String(text) => vec![format!("{name}={}", escaped(text))],
        other => vec![format!("{name}={other}")],
    }
}

/// A text as a part of a path or a query.
fn escaped(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut all, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => all.push(char::from(byte)),
            _ => write!(all, "%{byte:02X}").unwrap(),
        }
        all
    })
}

fn value(document: &Document, schema: &Value, depth: usize) -> BoxedStrategy<Value> {
    let schema = document.meant(schema);
    let inner = one_of(document, schema, depth);
    if schema["nullable"] == json!(true) {
        prop_oneof![1 => Just(Value::Null), 4 => inner].boxed()
    } else {
        inner
    }
}

fn one_of(document: &Document, schema: &Value, depth: usize) -> BoxedStrategy<Value> {
    if let Some(others) = schema["oneOf"].as_array() {
        return value(document, &others[0], depth);
    }
    if let Some(words) = schema["enum"].as_array() {
        return select(words.clone()).boxed();
    }
    match schema["type"].as_str() {
        Some("boolean") => any::<bool>().prop_map(Value::Bool).boxed(),
        Some("integer" | "number") => select(&NUMBERS[..]).prop_map(|number| json!(number)).boxed(),
        Some("array") if depth < 5 => {
            let element = value(document, &schema["items"], depth + 1);
            proptest::collection::vec(element, 0..4).prop_map(Value::Array).boxed()
        }
        Some("array") => Just(json!([])).boxed(),
        Some("object") => object(document, schema, depth),
        _ => {
            let text = prop_oneof![4 => select(&TEXTS[..]).prop_map(str::to_owned), 1 => any::<String>()];
            text.prop_map(Value::String).boxed()
        }
    }
}

fn object(document: &Document, schema: &Value, depth: usize) -> BoxedStrategy<Value> {
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let properties = schema["properties"].as_object().cloned().unwrap_or_default();
    let members: Vec<BoxedStrategy<Option<(String, Value)>>> = properties
        .iter()
        .map(|(name, schema)| {
            let name = name.clone();
            let is_required = required.contains(&name.as_str());
            let value = value(document, schema, depth + 1).prop_map(move |value| (name.clone(), value));
            if is_required {
                value.prop_map(Some).boxed()
            } else {
                proptest::option::weighted(0.4, value).boxed()
            }
        })
        .collect();
    members.prop_map(|members| Value::Object(members.into_iter().flatten().collect::<Map<_, _>>())).boxed()
}
