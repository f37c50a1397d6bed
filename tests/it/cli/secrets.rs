//! What must never be shown: keys, and people where they are not to be named.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;

use rollcall::sandbox::{Config, Keys};

use super::{CHANGES, Folder, OVER_LIMIT, Remote, UPLOAD, ran};

const KEY: &str = "k3y-that-nobody-may-see";

#[test]
fn a_key_is_in_no_output_whether_it_opens_the_account_or_not() {
    let folder = Folder::new(CHANGES);
    for (opens, code) in [(KEY, 0), ("another", 1)] {
        let config = Config { keys: Keys::Only(opens.to_owned()), ..Config::default() };
        let remote = Remote::of(&folder, config);
        let mut command =
            folder.command(&["apply", "--yes", "-vv", "--json", "report.json", "--endpoint", &remote.url()]);
        let ran = ran(command.env("ACTIVTRAK_API_KEY", KEY).env("ACTIVTRAK_TOKEN", KEY).output().unwrap());
        assert_eq!(ran.code, code, "{}{}", ran.out, ran.err);
        assert!(ran.err.contains("GET /identity/v1/"), "-vv shows requests: {}", ran.err);
        let report = std::fs::read_to_string(folder.path().join("report.json")).unwrap_or_default();
        for text in [&ran.out, &ran.err, &report] {
            assert!(!text.contains(KEY), "{text}");
        }
    }
}

#[test]
fn no_key_of_the_environment_is_read_for_a_sandbox() {
    let folder = Folder::new(CHANGES);
    let mut command = folder.command(&["plan"]);
    // A key that can't be one would be an error if it were looked at.
    let ran = ran(command.env("ACTIVTRAK_API_KEY", "two words").output().unwrap());
    assert_eq!(ran.code, 0, "{}", ran.err);
}

#[test]
fn an_account_without_a_key_is_an_error_that_names_the_variable() {
    let folder = Folder::new("");
    folder.write(
        "rollcall.yaml",
        "account: { name: acme, platform: activtrak, region: us }\nusers:\n  - { upn: ada@acme.example }\n",
    );
    let ran = folder.run(&["plan"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("ACTIVTRAK_API_KEY"), "{}", ran.err);
}

#[test]
fn another_learning_platform_than_the_manifests_name_is_asked_nothing() {
    let folder = Folder::new("");
    folder.write(
        "rollcall.yaml",
        "account: { name: acme, platform: docebo, id: acme, username: email }\nusers:\n  - { email: ada@acme.example }\n",
    );
    let plan = |variables: &[(&str, &str)]| {
        let mut command = folder.command(&["plan"]);
        ran(command.envs(variables.iter().copied()).output().unwrap())
    };
    let [id, secret] = [("DOCEBO_CLIENT_ID", KEY), ("DOCEBO_CLIENT_SECRET", KEY)];
    // Nothing of these hosts is there: whatever is asked of them would be told as an error of its own.
    for (url, said) in [
        ("https://other.docebosaas.com", "is the account other, the manifests describe account acme"),
        ("https://acme.example", "is the account acme.example, the manifests describe account acme"),
        ("http://acme.docebosaas.com", "must be reached by https"),
        ("acme", "is not a URL"),
    ] {
        let ran = plan(&[("DOCEBO_URL", url), id, secret]);
        assert_eq!(ran.code, 1);
        assert!(ran.err.contains(said) && !ran.err.contains(KEY), "{url}: {}", ran.err);
    }
    let url = ("DOCEBO_URL", "https://acme.docebosaas.com");
    for (variables, said) in [
        (&[id, secret][..], "the environment has no DOCEBO_URL"),
        (&[url, id], "the environment has no DOCEBO_CLIENT_SECRET"),
        (&[url, secret], "the environment has no DOCEBO_CLIENT_ID"),
        (&[url, id, secret, ("DOCEBO_PASSWORD", KEY)], "has DOCEBO_PASSWORD without DOCEBO_USERNAME"),
        (&[url, id, secret, ("DOCEBO_USERNAME", KEY)], "has DOCEBO_USERNAME without DOCEBO_PASSWORD"),
        // A workflow hands a secret that is not set over as an empty text.
        (&[url, id, secret, ("DOCEBO_USERNAME", ""), ("DOCEBO_PASSWORD", KEY)], "without DOCEBO_USERNAME"),
        (&[url, id, secret, ("DOCEBO_USERNAME", KEY), ("DOCEBO_PASSWORD", "")], "without DOCEBO_PASSWORD"),
    ] {
        let ran = plan(variables);
        assert!(ran.code == 1 && ran.err.contains(said) && !ran.err.contains(KEY), "{}", ran.err);
    }
}

/// What the token of a learning platform is asked for with, by its variables.
#[test]
fn a_user_of_a_learning_platform_who_is_empty_is_none() {
    let folder = Folder::new("");
    folder.write(
        "rollcall.yaml",
        "account: { name: acme, platform: docebo, id: acme, username: email }\nusers:\n  - { email: ada@acme.example }\n",
    );
    let app = [("DOCEBO_CLIENT_ID", KEY), ("DOCEBO_CLIENT_SECRET", KEY)];
    let of_app = "DOCEBO_CLIENT_ID and DOCEBO_CLIENT_SECRET";
    let of_user = "DOCEBO_CLIENT_ID, DOCEBO_CLIENT_SECRET, DOCEBO_USERNAME and DOCEBO_PASSWORD";
    for (text, asked_with) in [("", of_app), (KEY, of_user)] {
        let url = always("401 Unauthorized", "{}");
        let mut command = folder.command(&["plan", "--endpoint", &url]);
        let user = [("DOCEBO_USERNAME", text), ("DOCEBO_PASSWORD", text)];
        let ran = ran(command.envs(app).envs(user).output().unwrap());
        assert!(ran.code == 1 && ran.err.contains(asked_with), "{}", ran.err);
        assert_eq!(ran.err.contains("DOCEBO_USERNAME"), !text.is_empty(), "{}", ran.err);
    }
}

#[test]
fn what_opens_a_learning_platform_is_in_no_output() {
    let folder = Folder::new("");
    folder.write(
        "rollcall.yaml",
        "account: { name: acme, platform: docebo, id: acme, username: email }\nusers:\n  - { email: ada@acme.example }\n",
    );
    for (status, code) in [("400 Bad Request", 1), ("401 Unauthorized", 1), ("200 OK", 1)] {
        let url = always(status, &format!(r#"{{"error":"{KEY}","access_token":"{KEY}"}}"#));
        let mut command = folder.command(&["plan", "-vv", "--endpoint", &url]);
        let names = ["DOCEBO_CLIENT_ID", "DOCEBO_CLIENT_SECRET", "DOCEBO_USERNAME", "DOCEBO_PASSWORD"];
        let ran = ran(command.envs(names.map(|name| (name, KEY))).output().unwrap());
        assert_eq!(ran.code, code, "{}{}", ran.out, ran.err);
        assert!(ran.err.contains("/oauth2/token"), "{}", ran.err);
        assert!(!ran.err.contains(KEY) && !ran.out.contains(KEY), "{}", ran.err);
    }
}

#[test]
fn redaction_reaches_every_output_of_every_command() {
    let names = ["Ada", "Bob", "ada@", "bob@", "b.leaver@", "Cy Young", "cy@", "E3"];
    let broken = "users:\n  - { displayName: Ada King, emial: bob@acme.example }\n  - { email: [cy@acme.example, cy@acme.example] }\n";
    for (manifest, args) in [
        (broken, &["validate", "--redact", "--json", "out.json"][..]),
        (broken, &["plan", "--redact"]),
        (CHANGES, &["plan", "--redact", "--json", "out.json", "--markdown", "out.md", "--out", "out.plan"]),
        (OVER_LIMIT, &["plan", "--redact", "--json", "out.json", "--markdown", "out.md"]),
        (UPLOAD, &["apply", "--redact", "--yes", "--json", "out.json"]),
    ] {
        let folder = Folder::new(manifest);
        let ran = folder.run(args);
        let file = |name| std::fs::read_to_string(folder.path().join(name)).unwrap_or_default();
        for text in [&ran.out, &ran.err, &file("out.json"), &file("out.md"), &file("out.plan")] {
            for name in names {
                assert!(!text.contains(name), "{args:?} shows {name}:\n{text}");
            }
        }
        for kept in kept(&folder.path().join(".rollcall")) {
            for name in names {
                assert!(!kept.contains(name), "{args:?} keeps {name} on the disk: {kept}");
            }
        }
    }
}

/// The text of every file in a folder, but for rollback files: with pseudonyms they would bring nothing back.
fn kept(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.map(|entry| entry.unwrap().path()).filter(|path| !path.ends_with("rollback"));
    paths
        .flat_map(
            |path| if path.is_dir() { kept(&path) } else { vec![std::fs::read_to_string(path).unwrap()] },
        )
        .collect()
}

/// A server that answers everything with this; its address.
fn always(status: &str, body: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let length = body.len();
    let answer = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _request = stream.read(&mut [0; 8192]);
            let _gone = stream.write_all(answer.as_bytes());
        }
    });
    url
}

#[test]
fn what_the_account_answers_is_shown_and_withheld_where_people_are() {
    let folder = Folder::new(CHANGES);
    for (status, body) in [
        ("400 Bad Request", r#"{"message":"Ada Lovelace is not available"}"#),
        ("401 Unauthorized", r#""no key of Ada Lovelace""#),
        ("200 OK", r#""Ada Lovelace""#),
    ] {
        let url = always(status, body);
        let plan = |more: &[&str]| {
            let mut command = folder.command(&["plan", "--endpoint", &url]);
            ran(command.args(more).env("ACTIVTRAK_API_KEY", KEY).output().unwrap())
        };
        let (open, redacted) = (plan(&[]), plan(&["--redact", "-vv"]));
        assert_eq!((open.code, redacted.code), (1, 1), "{}{}", open.err, redacted.err);
        assert!(open.err.contains(body), "{}", open.err);
        assert!(redacted.err.contains(&format!("was answered {status}")), "{}", redacted.err);
        assert!(!redacted.err.contains("Lovelace"), "{}", redacted.err);
    }
}
