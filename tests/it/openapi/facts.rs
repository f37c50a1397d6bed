//! What the three documents of the API say, without their prose: operations, parameters, bodies, answers and schemas.
//!
//! The facts are carried over into `tests/data/activtrak`; each file says of which document it is. Parts of operations that the
//! sandbox does not serve are left out, and elements of arrays stand as such, which the public document draws as members "0", "1".

use std::collections::BTreeMap;

use jsonschema::Validator;
use serde::Deserialize;
use serde_json::{Map, Value, json};

const FILES: [(&str, &str); 3] = [
    ("public", include_str!("../../data/activtrak/public.json")),
    ("Admin", include_str!("../../data/activtrak/admin.json")),
    ("Identity", include_str!("../../data/activtrak/identity.json")),
];

/// One document.
#[derive(Deserialize)]
pub(crate) struct Document {
    #[serde(skip)]
    pub(crate) name: &'static str,
    /// What the document calls itself.
    #[serde(rename = "of")]
    _title: String,
    pub(crate) operations: Vec<Fact>,
    pub(crate) schemas: Map<String, Value>,
}

/// What a document says of an operation.
#[derive(Debug, Deserialize)]
pub(crate) struct Fact {
    pub(crate) method: String,
    pub(crate) path: String,
    #[serde(default)]
    pub(crate) query: BTreeMap<String, Value>,
    pub(crate) body: Option<Value>,
    #[serde(default)]
    pub(crate) form: bool,
    #[serde(default)]
    pub(crate) answers: BTreeMap<String, Option<Value>>,
}

pub(crate) fn documents() -> Vec<Document> {
    let read = |(name, text): (&'static str, &str)| {
        let document: Document = serde_json::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        Document { name, ..document }
    };
    FILES.into_iter().map(read).collect()
}

/// An operation without the names of what varies in its path.
pub(crate) fn key(method: &str, path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
    format!("{method} {}", parts.collect::<Vec<_>>().join("/"))
}

impl Document {
    /// What tells whether a value is as one of the document's schemas says.
    pub(crate) fn validator(&self, schema: &Value) -> Validator {
        let schemas: Map<String, Value> =
            self.schemas.iter().map(|(name, schema)| (name.clone(), draft(schema))).collect();
        let whole = json!({ "schemas": schemas, "allOf": [draft(schema)] });
        jsonschema::validator_for(&whole).unwrap_or_else(|error| panic!("{schema}: {error}"))
    }

    /// A schema, or the one that it refers to.
    pub(crate) fn meant<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let name = schema["$ref"].as_str().and_then(|path| path.strip_prefix("#/schemas/"));
        name.map_or(schema, |name| &self.schemas[name])
    }
}

/// A schema of OpenAPI 3.0 as JSON Schema has it: what is `nullable` may be null too.
fn draft(schema: &Value) -> Value {
    let Value::Object(members) = schema else {
        return match schema {
            Value::Array(all) => all.iter().map(draft).collect(),
            other => other.clone(),
        };
    };
    let mut kept = Map::new();
    for (name, value) in members {
        let value = match (name.as_str(), value) {
            ("nullable", _) => continue,
            // The names of properties are no words of a schema.
            ("properties", Value::Object(all)) => {
                all.iter().map(|(name, schema)| (name.clone(), draft(schema))).collect()
            }
            ("enum" | "required", value) => value.clone(),
            (_, value) => draft(value),
        };
        kept.insert(name.clone(), value);
    }
    if members.get("nullable") == Some(&Value::Bool(true)) {
        json!({ "anyOf": [{ "type": "null" }, kept] })
    } else {
        Value::Object(kept)
    }
}
