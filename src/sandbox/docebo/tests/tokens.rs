//! Who is let in, and for how long.

use std::sync::atomic::{AtomicI64, Ordering};

use serde_json::Value;

use super::{ACME, Tenant, reply};
use crate::sandbox::Clock;
use crate::sandbox::docebo::Config;

#[tokio::test]
async fn a_token_is_given_for_the_right_credentials_and_no_others() {
    let tenant = Tenant::acme().await;
    let secret = ("client_secret", "sandbox");
    let (user, password) = (("username", "admin"), ("password", "sandbox"));
    for (form, status, member) in [
        (&[("grant_type", "client_credentials"), secret][..], 200, "access_token"),
        (&[("grant_type", "password"), secret, user, password], 200, "refresh_token"),
        (&[("grant_type", "client_credentials"), ("client_secret", "other")], 401, "error"),
        (&[("grant_type", "password"), secret, user, ("password", "other")], 401, "error"),
        (&[("grant_type", "refresh_token"), secret, ("refresh_token", "none")], 401, "error"),
        (&[("grant_type", "authorization_code"), secret], 400, "error"),
        (&[secret], 400, "error"),
    ] {
        let reply = tenant.grant(form).await;
        assert_eq!(reply.status, status, "{form:?}: {}", reply.text);
        assert!(reply.json()[member].is_string(), "{form:?}: {}", reply.text);
        if status == 200 {
            assert_eq!(
                (&reply.json()["expires_in"], &reply.json()["token_type"]),
                (&3600.into(), &"Bearer".into())
            );
        }
    }
}

#[tokio::test]
async fn a_refresh_token_gives_one_other_token() {
    let tenant = Tenant::acme().await;
    let secret = ("client_secret", "sandbox");
    let first = [("grant_type", "password"), secret, ("username", "admin"), ("password", "sandbox")];
    let first = tenant.grant(&first).await.json();
    let refresh = first["refresh_token"].as_str().unwrap();
    let form = [("grant_type", "refresh_token"), secret, ("refresh_token", refresh)];
    let second = tenant.grant(&form).await;
    assert_eq!(second.status, 200);
    assert_ne!(second.json()["access_token"], first["access_token"]);
    assert_eq!(tenant.grant(&form).await.status, 401, "it is used up");
}

#[tokio::test]
async fn a_form_in_parts_is_read_too() {
    let tenant = Tenant::acme().await;
    let form = reqwest::multipart::Form::new()
        .text("grant_type", "client_credentials")
        .text("client_id", "rollcall")
        .text("client_secret", "sandbox");
    let request = tenant.client.post(format!("{}/oauth2/token", tenant.docebo.url())).multipart(form);
    assert!(reply(request).await.json()["access_token"].is_string());
}

#[tokio::test]
async fn nothing_is_served_without_a_token_that_is_in_force() {
    let mut tenant = Tenant::acme().await;
    for token in ["", "made-up"] {
        token.clone_into(&mut tenant.token);
        let reply = tenant.get("/manage/v1/user").await;
        let body = reply.json();
        assert_eq!(
            (reply.status, &body["status"], &body["name"]),
            (401, &401.into(), &"Unauthorized".into())
        );
        assert_eq!(tenant.get("/nothing").await.status, 401);
    }
    tenant.renew().await;
    assert_eq!(tenant.get("/manage/v1/user").await.status, 200);
}

#[tokio::test]
async fn a_token_is_in_force_for_an_hour() {
    static NOW: AtomicI64 = AtomicI64::new(1_770_000_000);
    let clock = Clock::Live(|| jiff::Timestamp::from_second(NOW.load(Ordering::SeqCst)).unwrap_or_default());
    let mut tenant = Tenant::of(ACME, Config { clock, ..Config::default() }).await;
    for (later, status) in [(3599, 200), (1, 401)] {
        NOW.fetch_add(later, Ordering::SeqCst);
        assert_eq!(tenant.get("/manage/v1/user").await.status, status);
    }
    tenant.renew().await;
    assert_eq!(tenant.get("/manage/v1/user").await.status, 200);
}

#[tokio::test]
async fn no_credentials_are_remembered_or_shown() {
    use std::sync::{Arc, Mutex};
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let noted = Arc::clone(&seen);
    let watcher = crate::sandbox::Watcher::new(move |sight| {
        noted.lock().unwrap().push(format!("{sight} {} {}", sight.sent, sight.answered));
    });
    let tenant = Tenant::of(ACME, Config { watcher, ..Config::default() }).await;
    tenant.send("DELETE", "/audiences/v1/audience/g-auto", &Value::Null).await;
    let first = tenant.docebo.requests().into_iter().next().unwrap();
    assert_eq!((first.path.as_str(), first.body.as_str()), ("/oauth2/token", "(credentials)"));
    let seen = seen.lock().unwrap().clone();
    assert_eq!(seen[0], "POST /oauth2/token 200 (credentials) (credentials)");
    assert!(
        seen[1].starts_with("DELETE /audiences/v1/audience/g-auto 200  group g-auto deleted"),
        "{seen:?}"
    );
}
