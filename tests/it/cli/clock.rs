//! What time it is in a run: what `--now` says, else what the sandbox's seed says, else what the clock says.

use super::{ACCOUNT, Folder};

/// An order that was decided on a day.
fn erase(decided: &str) -> String {
    format!(
        "policy: {{ limits: {{ eraseHistory: 1 }} }}\nusers:\n  - {{ email: bob@acme.example, employeeId: E2, erase: {{ decided: {decided} }} }}\n"
    )
}

/// A folder whose sandbox always lives in March 2031.
fn of_2031(body: &str) -> Folder {
    let folder = Folder::new(body);
    folder.write(
        "account.json",
        &ACCOUNT.replace(r#""name": "acme" }"#, r#""name": "acme", "asOf": "2031-03-05T12:00:00Z" }"#),
    );
    folder
}

#[test]
fn a_run_lives_at_the_time_that_the_seed_of_its_sandbox_says() {
    for command in ["validate", "plan"] {
        let due = of_2031(&erase("2031-03-01")).run(&[command]);
        assert_eq!(due.code, 0, "{}{}", due.out, due.err);
        let early = of_2031(&erase("2031-04-01")).run(&[command]);
        assert_eq!(early.code, 1, "{}", early.out);
        assert!(
            format!("{}{}", early.out, early.err).contains("is in the future"),
            "{}{}",
            early.out,
            early.err
        );
    }
}

#[test]
fn what_is_today_somewhere_on_earth_is_not_in_the_future() {
    // At 10:00 in Greenwich the next day begins at UTC+14; until 12:00 it is still the day before at UTC-12.
    for (now, decided, code) in [
        ("2031-03-05T09:59:59Z", "2031-03-06", 1),
        ("2031-03-05T10:00:00Z", "2031-03-06", 0),
        ("2031-03-05T20:30:00+13:00", "2031-03-05", 0),
        ("2031-03-05T10:00:00Z", "2031-03-07", 1),
    ] {
        let folder = of_2031(&erase(decided));
        for command in ["validate", "plan"] {
            let ran = folder.run(&[command, "--now", now]);
            assert_eq!(ran.code, code, "{command} at {now}, decided on {decided}: {}{}", ran.out, ran.err);
            let said = format!("{}{}", ran.out, ran.err);
            assert_eq!(said.contains("(UTC+14)"), code == 1, "the zone is said: {said}");
        }
    }
}

#[test]
fn an_order_expires_once_its_time_is_over_everywhere_on_earth() {
    for (now, over) in [("2031-04-05T11:59:59Z", false), ("2031-04-05T12:00:00Z", true)] {
        let ran = of_2031(&erase("2031-03-05")).run(&["validate", "--now", now]);
        assert_eq!(ran.out.contains("order-expired"), over, "{now}: {}", ran.out);
    }
}

#[test]
fn the_time_of_the_command_line_goes_before_that_of_the_seed() {
    let folder = of_2031(&erase("2031-04-01"));
    let later = folder.run(&["plan", "--now", "2031-04-05T12:00:00Z"]);
    assert_eq!(later.code, 0, "{}{}", later.out, later.err);
    let earlier = of_2031(&erase("2031-03-01")).run(&["plan", "--now", "2031-02-01T00:00:00Z"]);
    assert_eq!(earlier.code, 1, "{}{}", earlier.out, earlier.err);
}

#[test]
fn an_apply_keeps_the_time_of_its_sandbox_for_the_next_run() {
    let folder = of_2031("users:\n  - { upn: ada@acme.example, displayName: Ada King }\n");
    let applied = folder.run(&["apply", "--yes"]);
    assert_eq!(applied.code, 0, "{}{}", applied.out, applied.err);
    let state = std::fs::read_to_string(folder.path().join("account.state.json")).unwrap();
    assert!(state.contains(r#""asOf":"2031-03-05T12:00:00Z""#), "{state}");
    assert!(state.contains(r#""updated":"2031-03-05T12:00:00Z""#), "{state}");
}
