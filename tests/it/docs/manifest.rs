//! The reference of manifests has every key, in words and in an example, and every example plans against an account.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::docs::repository::{program, root};

const REFERENCE: &str = "docs/manifest.md";
/// What the account of the examples holds before them.
const ACCOUNT: &str = include_str!("manifest.account.json");
/// The manifest beside an example that names no account.
const HERE: &str = "account: { name: acme, platform: sandbox, seed: account.json }\n";
/// A manifest that says somebody, so that none of the examples has to.
const SHARED: &str = "users: [{ email: joan@acme.example }]\n";
/// The day on which the examples are read: orders in them are fresh.
const NOW: &str = "2026-05-10T08:00:00Z";

fn reference() -> String {
    fs::read_to_string(root().join(REFERENCE)).unwrap()
}

fn schema() -> Value {
    let text = fs::read_to_string(root().join("schemas/manifest.v1.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The examples: fenced blocks of YAML.
fn examples(text: &str) -> Vec<&str> {
    let blocks = text.split("```yaml\n").skip(1);
    blocks.map(|block| block.split_once("```").expect("a block that ends").0).collect()
}

/// The HR export that stands below an example, with the path that the example gives it.
fn export<'a>(text: &'a str, example: &'a str) -> Option<(&'a str, &'a str)> {
    let path = example.lines().find_map(|line| line.trim().strip_prefix("csv: "))?;
    let (_, below) = text.split_once(example)?;
    let (_, export) = below.split_once("```csv\n").expect("an export below the example");
    Some((path, export.split_once("```").expect("a block that ends").0))
}

/// Every key of a schema, as `Definition.key`.
fn keys(schema: &Value) -> BTreeSet<String> {
    let own = |name: &str, definition: &Value| -> Vec<String> {
        let properties = definition["properties"].as_object().into_iter().flatten();
        properties.map(|(key, _)| format!("{name}.{key}")).collect()
    };
    let definitions = schema["$defs"].as_object().unwrap();
    let below = definitions.iter().flat_map(|(name, definition)| own(name, definition));
    own("", schema).into_iter().chain(below).collect()
}

/// Notes the keys that a value uses, by the schema that describes it.
fn used(root: &Value, name: &str, schema: &Value, value: &Value, into: &mut BTreeSet<String>) {
    if let Some(path) = schema["$ref"].as_str() {
        let name = path.rsplit('/').next().unwrap();
        return used(root, name, &root["$defs"][name], value, into);
    }
    for choice in ["anyOf", "oneOf", "allOf"] {
        for schema in schema[choice].as_array().into_iter().flatten() {
            used(root, name, schema, value, into);
        }
    }
    match value {
        Value::Array(elements) => elements.iter().for_each(|it| used(root, name, &schema["items"], it, into)),
        Value::Object(members) => {
            for (key, member) in members {
                let property = &schema["properties"][key];
                if property.is_null() {
                    used(root, name, &schema["additionalProperties"], member, into);
                } else {
                    into.insert(format!("{name}.{key}"));
                    used(root, name, property, member, into);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_key_of_manifests_is_in_their_reference() {
    let text = reference();
    let code = text.split('`').skip(1).step_by(2);
    let said: BTreeSet<&str> = code.flat_map(|part| part.split(|c: char| !c.is_alphanumeric())).collect();
    let wanted = keys(&schema());
    let missing: Vec<&String> =
        wanted.iter().filter(|key| !said.contains(key.rsplit('.').next().unwrap())).collect();
    assert!(missing.is_empty(), "{REFERENCE} does not say {missing:?}");
    assert!(wanted.len() > 80, "the schema has only {} keys", wanted.len());
}

#[test]
fn every_key_of_manifests_has_an_example() {
    let (text, schema) = (reference(), schema());
    let mut shown = BTreeSet::new();
    for example in examples(&text) {
        let value: Value =
            serde_saphyr::from_str(example).unwrap_or_else(|error| panic!("{example}\n{error}"));
        used(&schema, "", &schema, &value, &mut shown);
    }
    let missing: Vec<String> = keys(&schema).difference(&shown).cloned().collect();
    assert!(missing.is_empty(), "no example of {REFERENCE} has {missing:?}");
}

#[test]
fn every_example_of_the_reference_plans() {
    let text = reference();
    let examples = examples(&text);
    assert!(examples.len() > 10);
    for example in examples {
        let repository = tempfile::tempdir().unwrap();
        let folder = repository.path().join("acme");
        for path in [".git", "acme", "common"] {
            fs::create_dir(repository.path().join(path)).unwrap();
        }
        let shared =
            if example.contains("../common") { repository.path().join("common") } else { folder.clone() };
        fs::write(shared.join("shared.yaml"), SHARED).unwrap();
        fs::write(folder.join("example.yaml"), example).unwrap();
        fs::write(folder.join("account.json"), ACCOUNT).unwrap();
        if let Some((path, export)) = export(&text, example) {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, export).unwrap();
        }
        if !example.contains("account:\n") {
            fs::write(folder.join("rollcall.yaml"), HERE).unwrap();
        }
        let said = run(&folder, &["validate", ".", "--now", NOW]);
        assert!(said.contains("no problems"), "{example}\n{said}");
        if !example.contains("platform: activtrak") && !example.contains("platform: docebo") {
            plans(&folder, example);
        }
    }
}

/// Nothing blocks an example; a limit that it breaks is a limit.
fn plans(folder: &Path, example: &str) {
    let said = run(folder, &["plan", ".", "--now", NOW, "--json", "plan.json"]);
    let plan = fs::read_to_string(folder.join("plan.json")).unwrap_or_else(|_| panic!("{example}\n{said}"));
    let plan: Value = serde_json::from_str(&plan).unwrap();
    assert!(plan["blockers"].as_array().unwrap().is_empty(), "{example}\n{said}");
}

fn run(folder: &Path, args: &[&str]) -> String {
    let output = program(env!("CARGO_BIN_EXE_rollcall"), folder).args(args).output().unwrap();
    let (out, aside) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    format!("{out}{aside}")
}
