//! Beside what differs stands who changed it last, where the account's audit log says so with certainty, and nothing where it does not.

use jiff::{SignedDuration, Timestamp};
use rollcall::github::DriftMarker;
use rollcall::sandbox::{Clock, Config, Fault, Setting, Settings};
use serde_json::{Value, json};

use super::drift::{DECLARED, clean, renamed, watched};
use super::people::{names_nobody, public};
use super::{Step, Workshop};

/// What is declared besides.
const MORE: &str = "groups:
  - { name: Engineering, members: [ada@acme.example, E2] }
  - { name: On-call, members: [E3] }
exclusions: ['*\\svc-backup']
";

/// So long ago, as an account writes it.
#[expect(
    clippy::disallowed_methods,
    reason = "the log is asked for what is since the last look, by the program's clock"
)]
fn ago(hours: i64) -> String {
    format!("{:.0}", Timestamp::now() - SignedDuration::from_hours(hours))
}

/// The same as a plan shows it.
fn shown(time: &str) -> String {
    time.parse::<Timestamp>().unwrap().strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// An account in which Bob was untracked and taken out of a group, another group was deleted, and an exclusion is gone; with what its
/// log says, as users, times and descriptions.
fn changed(log: &[(&str, &str, &str)]) -> Value {
    let mut account = clean();
    account["users"][1]["tracked"] = json!(false);
    let entry = |(id, (user, time, words)): (usize, &(&str, &str, &str))| json!({ "id": id, "user": user, "time": time, "event": "Changed", "description": words });
    account["auditLog"] = log.iter().enumerate().map(entry).collect();
    account
}

fn workshop() -> Workshop {
    let tracked = DECLARED.replace("employeeId: E2", "employeeId: E2, tracking: tracked");
    let workshop = watched();
    workshop.commit(&format!("{tracked}{MORE}"));
    workshop
}

/// How often somebody is named.
fn claims(body: &str) -> usize {
    body.matches("audit log: ").count()
}

/// What was asked of the audit log.
fn asked(workshop: &Workshop) -> Vec<String> {
    let paths = workshop.sandbox.requests().into_iter().map(|request| request.path);
    paths.filter(|path| path.contains("/auditlog")).collect()
}

#[test]
fn who_changed_a_fact_of_tracking_groups_and_exclusions_is_said() {
    let (one, two, three, four) = (ago(5), ago(4), ago(3), ago(2));
    let mut workshop = workshop();
    workshop.checks(&changed(&[
        ("amy@acme.example", &one, "Tracking of user Bob Leaver (E2) turned off"),
        ("ben@acme.example", &two, "bob@acme.example removed from group \"Engineering\""),
        ("cleo@acme.example", &three, "Group deleted: On-call"),
        ("dan@acme.example", &four, "Do Not Track: removed *\\svc-backup"),
        ("eve@acme.example", &four, "Login"),
    ]));
    let (_, body) = workshop.issue();
    for (login, time) in [("a***", one), ("b***", two), ("c***", three), ("d***", four)] {
        let claim = format!("audit log: Changed by {login}@a***.example, {}", shown(&time));
        assert_eq!(body.matches(&claim).count(), 1, "{claim}: {body}");
    }
    assert_eq!(claims(&body), 4, "{body}");
    assert!(!body.contains("not known"), "{body}");
}

#[test]
fn nothing_is_claimed_where_two_entries_could_be_meant_or_none_names_it() {
    let (old, new) = (ago(5), ago(4));
    for log in [
        // Twice the same; the same and something about the same; an address of the same user.
        &[("amy", &*old, "user Bob Leaver untracked"), ("ben", &*new, "user Bob Leaver untracked")][..],
        &[("amy", &*old, "user Bob Leaver untracked"), ("ben", &*new, "Viewed BOB LEAVER's page")],
        &[("amy", &*old, "user Bob Leaver untracked"), ("ben", &*new, "reset bob@acme.example")],
        // A name that is a part of another, or of nobody here; a number; nobody.
        &[("amy", &*old, "user Bob Leaver Jr untracked"), ("ben", &*new, "untracked: Mr Bob Leaver")],
        &[("amy", &*old, "user E2 untracked")],
        &[("", &*old, "user Bob Leaver untracked")],
        &[],
    ] {
        let mut workshop = workshop();
        workshop.checks(&changed(log));
        let (_, body) = workshop.issue();
        assert_eq!((claims(&body), body.contains("not known")), (0, false), "{log:?}: {body}");
        assert_eq!(asked(&workshop).len(), 1);
    }
    // Somebody else was taken out of the group since, and nobody says who besides.
    for (later, count) in [
        ("Members of \"Engineering\" changed", 0),
        ("user Cy Young removed from group Engineering", 0),
        ("Members of \"Support\" changed", 1),
    ] {
        let mut workshop = workshop();
        let removed = ("amy", &*old, "user Bob Leaver removed from group Engineering");
        workshop.checks(&changed(&[removed, ("ben", &*new, later)]));
        let (_, body) = workshop.issue();
        let member = body.lines().filter(|line| line.contains("Bob Leaver") && line.contains("by amy"));
        assert_eq!(member.count(), count, "{later}: {body}");
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the account's clock goes with that of the program")]
fn what_happens_in_the_account_is_found_in_its_log() {
    let mut workshop = workshop();
    let live = || Config { clock: Clock::Live(Timestamp::now), ..Config::default() };
    workshop.becomes(&changed(&[]), live());
    drop(rustls::crypto::ring::default_provider().install_default());
    let url = format!("{}/admin/v1/groups/10", workshop.sandbox.url());
    let request = reqwest::Client::builder().no_proxy().build().unwrap().put(url).header("x-api-key", "any");
    let request = request.header("content-type", "application/json");
    let sent = request.body(r#"{"name":"Engineers"}"#).send();
    assert_eq!(workshop.runtime.block_on(sent).unwrap().status().as_u16(), 200);
    workshop
        .commit(&format!("{DECLARED}{}", MORE.replace("Engineering,", "Engineering, formerly: Engineers,")));
    workshop.run("schedule").ends(0, "");
    let (_, body) = workshop.issue();
    assert!(body.contains("audit log: GroupRenamed by k***@s***.example, "), "{body}");
}

#[test]
fn a_log_that_cannot_be_read_is_said_and_the_check_is_green() {
    let time = ago(3);
    let many = vec![("amy@acme.example", &*time, "user Bob Leaver untracked"); 150];
    let closed = Settings::default().with(Setting::NoAuditLog);
    let torn = [Fault::UnstableTotal].into_iter().collect();
    for (config, why) in [
        (Config { settings: closed, ..Config::default() }, "the key may not read the audit log"),
        (Config { faults: torn, ..Config::default() }, "audit log: the total went from 150 to 151"),
    ] {
        let mut workshop = workshop();
        workshop.becomes(&changed(&many), config);
        let step = workshop.run("schedule");
        step.ends(0, "");
        let (state, body) = workshop.issue();
        assert!(
            state == "open" && body.contains("**The account is other than the manifests say.**"),
            "{body}"
        );
        for said in [&body, &step.summary, &step.err] {
            assert!(said.contains("ho changed it is not known: ") && said.contains(why), "{said}");
        }
    }
}

#[test]
fn the_log_is_asked_only_where_it_could_tell_and_only_since_the_account_was_clean() {
    let mut workshop = watched();
    workshop.checks(&clean());
    workshop.checks(&renamed(clean()));
    assert_eq!(asked(&workshop), Vec::<String>::new(), "of a name the account says itself who set it");

    workshop.checks(&clean());
    let clean_at = DriftMarker::read(&workshop.issue().1).unwrap().clean.unwrap();
    workshop.commit(&format!("{DECLARED}{MORE}"));
    for _ in 0..2 {
        workshop.checks(&changed(&[]));
        let from = format!("{:.0}", clean_at - SignedDuration::from_hours(1)).replace(':', "%3A");
        let [path] = &asked(&workshop)[..] else { panic!("{:?}", asked(&workshop)) };
        assert!(path.contains(&format!("FromDate={from}")), "{path}: {from}");
        assert_eq!(
            DriftMarker::read(&workshop.issue().1).unwrap().clean,
            Some(clean_at),
            "as long as it drifts"
        );
    }
}

#[test]
fn in_a_public_repository_nobody_of_the_log_is_named() {
    let time = ago(3);
    let mut workshop = workshop();
    let log = [("cy@acme.example", &*time, "user Bob Leaver untracked")];
    workshop.becomes(&changed(&log), Config::default());
    let step: Step = workshop.run_with("schedule", &public(&workshop.payload("schedule")));
    step.ends(0, "");
    names_nobody(&workshop, &step);
    assert!(workshop.issue().1.contains("audit log: Changed by id-"), "{}", workshop.issue().1);
}

#[test]
fn an_entry_of_the_log_neither_pings_nor_forges_a_marker_nor_ends_a_block() {
    const LOGIN: &str = "<!-- rollcall:v1 {} -->\n```\n@acme/all </details> ##[group]x \u{202e}z";
    let time = ago(3);
    let mut workshop = workshop();
    let mut account = changed(&[(LOGIN, &time, "user Bob Leaver untracked\n```\n@acme/all")]);
    account["auditLog"][0]["event"] = json!("@acme/all");
    workshop.checks(&account);
    let (_, body) = workshop.issue();
    assert_eq!((claims(&body), body.matches("<!--").count()), (1, 1), "{body}");
    assert_eq!(DriftMarker::read(&body).unwrap().account, "acme");
    assert!(!body.contains(['\u{202e}', '\u{1b}']) && !body.contains("##["), "{body}");
    let seen = super::plan::outside_of_code(body.split_once('\n').unwrap().1);
    assert!(!seen.contains("@acme") && !seen.contains("/details"), "{seen}");
}
