//! Every key that a manifest can hold is in the reference of manifests.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::docs::repository::root;

/// The names of all properties below a schema.
fn keys(schema: &Value, into: &mut BTreeSet<String>) {
    match schema {
        Value::Object(members) => {
            if let Some(Value::Object(properties)) = members.get("properties") {
                into.extend(properties.keys().cloned());
            }
            members.values().for_each(|member| keys(member, into));
        }
        Value::Array(elements) => elements.iter().for_each(|element| keys(element, into)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_key_of_manifests_is_in_their_reference() {
    let schema = fs::read_to_string(root().join("schemas/manifest.v1.json")).unwrap();
    let text = fs::read_to_string(root().join("docs/manifests.md")).unwrap();
    let mut wanted = BTreeSet::new();
    keys(&serde_json::from_str(&schema).unwrap(), &mut wanted);
    let code = text.split('`').skip(1).step_by(2);
    let said: BTreeSet<&str> = code.flat_map(|part| part.split(|c: char| !c.is_alphanumeric())).collect();
    let missing: Vec<&String> = wanted.iter().filter(|key| !said.contains(key.as_str())).collect();
    assert!(missing.is_empty(), "docs/manifests.md does not say {missing:?}");
    assert!(wanted.len() > 50, "the schema has only {} keys", wanted.len());
}
