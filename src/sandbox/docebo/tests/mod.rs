//! The tenant over HTTP, as a client meets it.

mod audiences;
mod docs;
mod faults;
mod hostile;
mod members;
mod pages;
mod settings;
mod tokens;
mod users;

use reqwest::Method;
use serde_json::{Value, json};

use crate::sandbox::Clock;
use crate::sandbox::docebo::{Config, Docebo, Faults, Seed, Settings};

/// Three users, two fields, three branches, a course, a group of each type.
const ACME: &str = r#"{"version":1,"platform":"docebo","tenant":"acme",
 "users":[{"id":101,"username":"ada","firstName":"Ada","lastName":"Lovelace","email":"ada@fleet.acme.example",
  "fields":{"1":"E-17","2":11},"branches":[2],"enrollments":[{"course":5,"status":"completed"}],
  "created":"2026-01-05T10:00:00Z","lastAccess":"2026-02-01T09:00:00Z"},
 {"id":102,"username":"Bob","email":"bob@acme.example","active":false,"branches":[1]},
 {"id":103,"username":"cy","level":"superadmin","email":"cy@fleet.acme.example"}],
 "fields":[{"id":2,"title":"Department","type":"dropdown","options":[{"id":11,"title":"Transport"},{"id":12,"title":"R&D"}]},
  {"id":1,"title":"Institutional ID"}],
 "branches":[{"id":1,"code":"HQ","title":"Head office"},{"id":2,"code":"OSL","title":"Oslo","parent":1},
  {"id":3,"code":"ROM","title":"Rome"}],
 "courses":[{"id":5,"code":"DRV-101","title":"Driver Safety Fundamentals"}],
 "groups":[{"uuid":"g-manual","name":"Choir","description":"sings","members":[101]},
  {"uuid":"g-auto","name":"Approved Drivers","type":"automatic","members":[102],"updated":"2026-02-01T09:00:00Z",
   "ruleset":{"sets":[[{"enrollment":{"course":5,"status":"completed"}}],[{"field":{"id":2,"operator":"equals","values":[12]}}]]}}]}"#;

/// A tenant and a client that has a token for it.
struct Tenant {
    docebo: Docebo,
    client: reqwest::Client,
    token: String,
}

/// What came back.
#[derive(Debug)]
struct Reply {
    status: u16,
    headers: reqwest::header::HeaderMap,
    text: String,
}

impl Reply {
    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// What is in the envelope.
    #[track_caller]
    fn data(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text);
        self.json()["data"].clone()
    }

    /// A member of every item of a list.
    #[track_caller]
    fn every(&self, member: &str) -> Vec<Value> {
        let data = self.data();
        let items = data["items"].as_array().unwrap_or_else(|| panic!("no list: {data}"));
        items.iter().map(|item| item[member].clone()).collect()
    }
}

impl Tenant {
    async fn acme() -> Tenant {
        Tenant::set_up(&[], &[]).await
    }

    /// The same tenant, set up otherwise.
    async fn set_up(settings: &[&str], faults: &[&str]) -> Tenant {
        let config = Config {
            settings: Settings::parse(settings).unwrap_or_else(|error| panic!("{error}")),
            faults: Faults::parse(faults).unwrap_or_else(|error| panic!("{error}")),
            clock: Clock::Fixed(jiff::Timestamp::constant(1_770_000_000, 0)),
            ..Config::default()
        };
        Tenant::of(ACME, config).await
    }

    async fn of(seed: &str, config: Config) -> Tenant {
        let seed: Seed = serde_json::from_str(seed).unwrap_or_else(|error| panic!("{error}"));
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = reqwest::Client::builder().no_proxy().tls_certs_only([]).build();
        let docebo = Docebo::start(seed, config, 0).await;
        let mut tenant = Tenant {
            docebo: docebo.unwrap_or_else(|error| panic!("{error:?}")),
            client: client.unwrap_or_else(|error| panic!("{error}")),
            token: String::new(),
        };
        tenant.renew().await;
        tenant
    }

    /// Gets another token.
    async fn renew(&mut self) {
        let reply = self.grant(&[("grant_type", "client_credentials"), ("client_secret", "sandbox")]).await;
        self.token = reply.json()["access_token"].as_str().unwrap_or_default().to_owned();
    }

    /// Asks for a token, as the app of the guide.
    async fn grant(&self, form: &[(&str, &str)]) -> Reply {
        let form: Vec<_> = form.iter().chain(&[("client_id", "rollcall"), ("scope", "api")]).collect();
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form.iter().map(|it| (it.0, it.1)))
            .finish();
        let request = self.client.post(format!("{}/oauth2/token", self.docebo.url()));
        reply(request.header("content-type", "application/x-www-form-urlencoded").body(body)).await
    }

    /// Sends with the token.
    async fn send(&self, method: &str, path: &str, body: &Value) -> Reply {
        let method: Method = method.parse().unwrap_or(Method::GET);
        let request = self.client.request(method, format!("{}{path}", self.docebo.url()));
        let request = request.bearer_auth(&self.token);
        reply(if body.is_null() {
            request
        } else {
            request.header("content-type", "application/json").body(body.to_string())
        })
        .await
    }

    async fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &Value::Null).await
    }

    /// The users of a group, with how they came into it.
    async fn members(&self, uuid: &str) -> Vec<(String, String)> {
        let path = format!("/audiences/v1/audience/{uuid}/users?sort_attr=user_id");
        let data = self.get(&path).await.data();
        let items = data["items"].as_array().cloned().unwrap_or_default();
        let text = |item: &Value, name: &str| item[name].as_str().unwrap_or_default().to_owned();
        items.iter().map(|item| (text(item, "user_id"), text(item, "relation_type"))).collect()
    }
}

async fn reply(request: reqwest::RequestBuilder) -> Reply {
    let response = request.send().await.unwrap_or_else(|error| panic!("{error:?}"));
    Reply {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        text: response.text().await.unwrap_or_else(|error| panic!("{error:?}")),
    }
}

/// Members, as a table has them.
fn pairs(members: &[(&str, &str)]) -> Vec<(String, String)> {
    members.iter().map(|(id, relation)| ((*id).to_owned(), (*relation).to_owned())).collect()
}

/// A tenant with so many users and nothing else.
fn crowd(count: usize) -> String {
    let users: Vec<Value> =
        (1..=count).map(|id| json!({ "id": id, "username": format!("user{id:04}") })).collect();
    json!({ "version": 1, "platform": "docebo", "tenant": "acme", "users": users }).to_string()
}
