//! The sandbox against the documents of the API: what they have is served or on the list of what is missing, parameters that they
//! have are taken, and answers are what they say, to requests made at random of what they allow.

pub(crate) mod facts;
mod generated;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jsonschema::Validator;
use rollcall::sandbox::{Config, Kept, Sandbox, Seed};
use serde_json::{Value, json};

use facts::{Document, Fact, documents, key};
use generated::{Request, pairs, requests};

/// What the sandbox serves and no document has: the developer portal has it on pages of its own.
pub(crate) const ON_THE_PORTAL: [&str; 2] = ["PATCH /scim/v1/groups/{}", "PATCH /scim/v1/users/{}"];

/// Random requests for each operation.
const COUNT: usize = 40;

/// Where an answer is known to be other than a document says, and why. What is not so any more fails.
const DEVIATIONS: [(&str, &str, &str); 3] = [
    ("public", "GET /admin/v1/clients 200", "the account answers with an array, as was seen live"),
    ("Admin", "GET /admin/v1/groups/list/{} 200", "of a search by prefix the document declares no success"),
    (
        "Identity",
        "POST /identity/v1/dnt 200",
        "the schema's base forbids the members that the schema adds to it",
    ),
];

const ACCOUNT: &str = r#"{"version":1,"account":{"id":123456,"name":"acme"},"users":[
 {"id":349,"revision":5,"created":"2026-01-05T10:00:00Z","updated":"2026-02-01T09:00:00Z","displayName":"Ana Ruiz",
  "upns":["ana@corp.example"],"emails":[{"value":"ana.ruiz@corp.example","source":"AdminAPI"}],"employeeIds":["E1001"],
  "deviceLogins":["CORP\\aruiz"],"primaryGroup":9001,"groups":[9001,9005],
  "agents":[{"id":142,"username":"aruiz","domain":"CORP","alias":"Ana Ruiz","firstLog":"2026-01-05T10:00:00Z",
  "lastLog":"2026-02-01T09:00:00Z"}]},
 {"id":350,"displayName":"Bob","emails":["bob@corp.example"],"groups":[9001]},
 {"id":351,"employeeIds":["E3"],"deviceLogins":["*\\cy"],"tracked":false,
  "agents":[{"id":143,"username":"cy","domain":"WORKGROUP"}]}],
 "groups":[{"id":9001,"name":"Finance","computers":[7]},{"id":9002,"name":"Okta","source":"scim"},
  {"id":9005,"name":"Oslo","source":"hr"}],
 "computers":[{"id":7,"name":"PC-0007","domain":"CORP"},{"id":8,"name":"PC-0008","domain":"CORP"}],
 "exclusions":[{"id":231,"login":"bgrove.com\\abell"}]}"#;

struct Account {
    sandbox: Sandbox,
    client: reqwest::Client,
}

impl Account {
    async fn open() -> Account {
        drop(rustls::crypto::ring::default_provider().install_default());
        let config = Config { hr_delay: Duration::ZERO, ..Config::default() };
        let seed: Seed = serde_json::from_str(ACCOUNT).unwrap();
        let client = reqwest::Client::builder().no_proxy().tls_certs_only([]).build().unwrap();
        Account { sandbox: Sandbox::start(seed, config, 0).await.unwrap(), client }
    }

    async fn answer(&self, request: &Request) -> (u16, String) {
        let method: reqwest::Method = request.method.parse().unwrap();
        let url = format!("{}{}", self.sandbox.url(), request.path);
        let mut asked = self.client.request(method, url).header("x-api-key", "any");
        if let Some(body) = &request.body {
            asked = asked.header("content-type", "application/json").body(body.clone());
        }
        let answer = asked.send().await.unwrap_or_else(|error| panic!("{request:?}: {error:?}"));
        (
            answer.status().as_u16(),
            answer.text().await.unwrap_or_else(|error| panic!("{request:?}: {error:?}")),
        )
    }
}

fn served(kept: Kept) -> BTreeSet<String> {
    let operations = Sandbox::operations().into_iter().filter(|operation| operation.kept == kept);
    operations.map(|operation| key(operation.method, operation.path)).collect()
}

/// Nothing is ever served of what is between ActivTrak's own services.
fn is_internal(fact: &Fact) -> bool {
    fact.path.starts_with("/internal/")
}

#[test]
fn what_the_documents_have_is_served_or_on_the_list_of_what_is_missing() {
    let documents = documents();
    let known = documents.iter().flat_map(|document| &document.operations);
    let known: BTreeSet<String> =
        known.filter(|fact| !is_internal(fact)).map(|fact| key(&fact.method, &fact.path)).collect();
    let (served, missing) = (served(Kept::Served), served(Kept::Missing));
    assert_eq!(served.intersection(&missing).collect::<Vec<_>>(), [""; 0], "both served and missing");
    let kept: BTreeSet<String> = served.union(&missing).cloned().collect();
    let neither: Vec<&String> = known.difference(&kept).collect();
    assert_eq!(neither, [""; 0], "neither served nor on the list of what is missing");
    let unknown: Vec<&String> = kept.difference(&known).collect();
    assert_eq!(unknown, ON_THE_PORTAL, "in no document");
}

/// The facts of the operations that are served.
fn of_served(document: &Document) -> impl Iterator<Item = &Fact> {
    let served = served(Kept::Served);
    document.operations.iter().filter(move |fact| served.contains(&key(&fact.method, &fact.path)))
}

/// The audit log.
const AUDIT_LOG: &str = "/admin/v1/auditlog";
/// Its parameters that are declared as any text and take some only: the name of a column, and filters of which no document says what
/// they are. Its own tests have what they take.
const TEXTS_OF_THE_AUDIT_LOG: [&str; 2] = ["SortColumn", "Filters"];

/// Values that a document has for a parameter.
fn values(document: &Document, schema: &Value) -> Vec<Value> {
    let schema = document.meant(schema);
    if let Some(words) = schema["enum"].as_array() {
        return words.clone();
    }
    match schema["type"].as_str() {
        Some("array") => values(document, &schema["items"]),
        Some("boolean") => vec![json!(true), json!(false)],
        Some("integer") => vec![json!(1), json!(7)],
        _ if schema["format"] == "date-time" => vec![json!("2026-02-01T00:00:00Z")],
        _ => vec![json!("1")],
    }
}

#[tokio::test]
async fn every_documented_parameter_of_a_read_is_taken_with_every_documented_value() {
    let account = Account::open().await;
    for document in &documents() {
        for fact in of_served(document).filter(|fact| fact.method == "GET") {
            let path =
                fact.path.replace("{groupId}", "9001").replace("{id}", "349").replace("{deviceId}", "7");
            for (name, schema) in &fact.query {
                if fact.path == AUDIT_LOG && TEXTS_OF_THE_AUDIT_LOG.contains(&name.as_str()) {
                    continue;
                }
                // What `Filter` may be is said of `Filters` alone.
                let schema = fact.query.get("Filters").filter(|_| name == "Filter").unwrap_or(schema);
                for value in values(document, schema) {
                    let path = format!("{path}?{}", pairs(name, &value).join("&"));
                    let request = Request { method: "GET".to_owned(), path, body: None };
                    let (status, text) = account.answer(&request).await;
                    assert_eq!(status, 200, "{}: {} {text}", document.name, request.path);
                }
            }
        }
    }
}

/// What tells of each declared status whether an answer is as the document says; of some it says only the status.
fn validators(document: &Document, fact: &Fact) -> BTreeMap<u16, Option<Validator>> {
    let read = |(status, schema): (&String, &Option<Value>)| {
        (status.parse().unwrap(), schema.as_ref().map(|schema| document.validator(schema)))
    };
    fact.answers.iter().map(read).collect()
}

/// What is wrong with an answer.
fn wrong(declared: &BTreeMap<u16, Option<Validator>>, status: u16, text: &str) -> Option<String> {
    let Some(validator) = declared.get(&status) else { return Some("the status is not declared".to_owned()) };
    let validator = validator.as_ref()?;
    match serde_json::from_str(text) {
        Ok(value) => {
            let error = validator.iter_errors(&value).next()?;
            Some(format!("{error} at {}", error.instance_path()))
        }
        Err(error) => Some(format!("no JSON: {error}")),
    }
}

#[tokio::test]
async fn answers_to_requests_that_the_documents_allow_are_what_they_say() {
    let mut found: BTreeMap<(&str, String), String> = BTreeMap::new();
    for document in &documents() {
        for fact in of_served(document).filter(|fact| !fact.form) {
            let (account, declared) = (Account::open().await, validators(document, fact));
            for request in requests(document, fact, COUNT) {
                let (status, text) = account.answer(&request).await;
                assert!(status < 500, "{request:?}: {status} {text}");
                if let Some(why) = wrong(&declared, status, &text) {
                    let at = format!("{} {status}", key(&fact.method, &fact.path));
                    let found = found.entry((document.name, at));
                    found.or_insert_with(|| format!("{why}\n  {request:?}\n  {text}"));
                }
            }
        }
    }
    let is_known = |name: &str, at: &str| {
        DEVIATIONS.iter().any(|(document, known, _)| *document == name && *known == at)
    };
    let unknown: Vec<String> = found
        .iter()
        .filter(|((name, at), _)| !is_known(name, at))
        .map(|((name, at), why)| format!("{name}: {at}: {why}"))
        .collect();
    assert!(unknown.is_empty(), "{}", unknown.join("\n\n"));
    for (document, at, why) in DEVIATIONS {
        assert!(
            found.contains_key(&(document, at.to_owned())),
            "{document}: {at} does not deviate any more: {why}"
        );
    }
}
