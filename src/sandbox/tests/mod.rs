//! The sandbox over HTTP, against transcripts of the API document.

mod admin;
mod audit;
mod docs;
mod documented;
mod envelopes;
mod faults;
mod hrdc;
mod identity;
mod providers;
mod scim;
mod settings;

use std::time::Duration;

use reqwest::Method;
use serde_json::Value;

use crate::sandbox::{Clock, Config, Faults, Keys, Sandbox, Seed, Settings};

/// Three users, a group of each source that matters, two computers, a global rule.
const ACME: &str = r#"{"version":1,"account":{"id":123456,"name":"acme"},"users":[
 {"id":349,"revision":5,"created":"2026-01-05T10:00:00Z","updated":"2026-02-01T09:00:00Z","displayName":"Ana Ruiz",
  "upns":[{"value":"ana@corp.example","source":"AzureADintegration"}],
  "emails":[{"value":"ana.ruiz@corp.example","source":"AdminAPI"}],"employeeIds":["E1001"],
  "deviceLogins":[{"value":"CORP\\aruiz","source":"ActivTrak"}],"primaryGroup":9001,"groups":[9001,9005],
  "agents":[{"id":142,"username":"aruiz","domain":"CORP","alias":"Ana Ruiz","firstLog":"2026-01-05T10:00:00Z",
  "lastLog":"2026-02-01T09:00:00Z"}]},
 {"id":350,"displayName":"Bob","emails":["bob@corp.example"],"groups":[9001]},
 {"id":351,"employeeIds":["E3"],"deviceLogins":["*\\cy"],"tracked":false,
  "agents":[{"id":143,"username":"cy","domain":"WORKGROUP"}]}],
 "groups":[{"id":9001,"name":"Finance","computers":[7]},{"id":9002,"name":"Empty Group"},
  {"id":9005,"name":"Oslo","source":"hr"},{"id":9006,"name":"Staff","source":"azure"}],
 "computers":[{"id":7,"name":"PC-0007","domain":"CORP"},{"id":8,"name":"PC-0008","domain":"CORP","alias":"Lobby PC"}],
 "exclusions":[{"id":231,"login":"bgrove.com\\abell"}]}"#;

/// A sandbox and a client that speaks to it.
struct Account {
    sandbox: Sandbox,
    client: reqwest::Client,
}

/// What came back.
#[derive(Debug)]
struct Reply {
    status: u16,
    content_type: String,
    headers: reqwest::header::HeaderMap,
    text: String,
}

impl Reply {
    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }
}

impl Account {
    /// The account above with a fixed clock and HR uploads that are carried out at once.
    async fn acme(faults: &[&str]) -> Account {
        Account::of(ACME, faults, Duration::ZERO).await
    }

    /// The same account, set up otherwise.
    async fn set_up(settings: &[&str], faults: &[&str]) -> Account {
        let settings = Settings::parse(settings).unwrap_or_else(|error| panic!("{error}"));
        Account::start(ACME, faults, Duration::ZERO, settings).await
    }

    async fn of(seed: &str, faults: &[&str], hr_delay: Duration) -> Account {
        Account::start(seed, faults, hr_delay, Settings::default()).await
    }

    async fn start(seed: &str, faults: &[&str], hr_delay: Duration, settings: Settings) -> Account {
        let seed: Seed = serde_json::from_str(seed).unwrap_or_else(|error| panic!("{error}"));
        let config = Config {
            faults: Faults::parse(faults).unwrap_or_else(|error| panic!("{error}")),
            settings,
            hr_delay,
            keys: Keys::Only("secret".to_owned()),
            scim_keys: Keys::Only("scim-secret".to_owned()),
            clock: Clock::Fixed(jiff::Timestamp::constant(1_770_000_000, 0)),
            ..Config::default()
        };
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = reqwest::Client::builder().no_proxy().tls_certs_only([]).build();
        let sandbox = Sandbox::start(seed, config, 0).await;
        Account {
            sandbox: sandbox.unwrap_or_else(|error| panic!("{error:?}")),
            client: client.unwrap_or_else(|error| panic!("{error}")),
        }
    }

    fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let method: Method = method.parse().unwrap_or(Method::GET);
        self.client.request(method, format!("{}{path}", self.sandbox.url()))
    }

    /// Sends with the key.
    async fn send(&self, method: &str, path: &str, body: &str) -> Reply {
        let request = self.request(method, path).header("x-api-key", "secret");
        reply(request.header("content-type", "application/json").body(body.to_owned())).await
    }

    /// Sends to SCIM with the key of SCIM.
    async fn scim(&self, method: &str, path: &str, body: &str) -> Reply {
        let request = self.request(method, path).header("authorization", "Bearer scim-secret");
        reply(request.header("content-type", "application/scim+json").body(body.to_owned())).await
    }

    async fn get(&self, path: &str) -> Reply {
        self.send("GET", path, "").await
    }

    /// Uploads a file as the form's part.
    async fn upload(&self, path: &str, part: &'static str, csv: &'static str) -> Reply {
        let file = reqwest::multipart::Part::text(csv).file_name("snapshot.csv");
        let form = reqwest::multipart::Form::new().part(part, file);
        reply(self.request("POST", path).header("x-api-key", "secret").multipart(form)).await
    }
}

async fn reply(request: reqwest::RequestBuilder) -> Reply {
    let response = request.send().await.unwrap_or_else(|error| panic!("{error:?}"));
    let headers = response.headers().clone();
    Reply {
        status: response.status().as_u16(),
        content_type: headers
            .get("content-type")
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned(),
        headers,
        text: response.text().await.unwrap_or_else(|error| panic!("{error:?}")),
    }
}

/// The ids of a list of entities.
fn ids(page: &Value) -> Vec<u64> {
    let results = page["results"].as_array().cloned().unwrap_or_default();
    results.iter().filter_map(|entity| entity["id"].as_u64()).collect()
}

/// The group ids of an entity.
fn groups(entity: &Value) -> Vec<u64> {
    let groups = entity["groups"].as_array().cloned().unwrap_or_default();
    groups.iter().filter_map(|group| group["groupId"].as_u64()).collect()
}
