//! What was reviewed is what is applied.

use rollcall::sandbox::{Config, Seed, Settings};

use super::{BLOCKED, CHANGES, Folder, OVER_LIMIT, Remote};

#[test]
fn an_approval_lets_exactly_that_plan_through_its_violations() {
    let folder = Folder::new(OVER_LIMIT);
    let digest = folder.digest();
    assert_eq!(folder.run(&["apply", "--yes", "--expect", &digest]).code, 3, "--expect approves nothing");
    assert_eq!(folder.run(&["apply", "--yes", "--approve", &digest]).code, 0);
    assert_eq!(folder.run(&["plan", "--detailed-exitcode"]).code, 0);
}

/// One untracking more than allowed, and a rename that somebody reviewed apart from it.
const TWO_PARTS: &str = "policy: { limits: { untrack: 0 } }
users:
  - { displayName: Ada King, upn: ada@acme.example }
  - { email: bob@acme.example, tracking: untracked }
";

#[test]
fn an_approval_is_never_of_several_plans_together() {
    let folder = Folder::new(OVER_LIMIT);
    let over = folder.digest();
    folder.say(
        "policy: { limits: { untrack: 0 } }\nusers:\n  - { displayName: Ada King, upn: ada@acme.example }\n",
    );
    let within = folder.digest();
    folder.say(TWO_PARTS);
    let expected = ["apply", "--yes", "--expect", &over, "--expect", &within];
    assert_eq!(folder.run(&expected).code, 3, "expected as a whole, and approved by nobody");
    assert_eq!(folder.run(&[&expected[..], &["--approve", &over]].concat()).code, 3);
    assert_eq!(folder.run(&["apply", "--yes", "--expect", &within, "--approve", &over]).code, 4);
    assert!(!folder.path().join("account.state.json").exists(), "nothing was written");
    let all = folder.digest();
    assert_eq!(folder.run(&[&expected[..], &["--approve", &all]].concat()).code, 0);
}

#[test]
fn an_approval_holds_for_what_is_left_of_that_plan() {
    let folder = Folder::new(TWO_PARTS);
    let digest = folder.digest();
    folder.write("account.json", &super::ACCOUNT.replace("Ada Lovelace", "Ada King"));
    assert_eq!(folder.run(&["apply", "--yes"]).code, 3);
    assert_eq!(folder.run(&["apply", "--yes", "--approve", &digest]).code, 0);
}

#[test]
fn there_is_no_way_to_force_a_plan() {
    let folder = Folder::new(OVER_LIMIT);
    assert_eq!(folder.run(&["apply", "--yes", "--force"]).code, 64);
}

#[test]
fn nothing_approves_a_blocker() {
    let folder = Folder::new(BLOCKED);
    let digest = folder.digest();
    assert_eq!(folder.run(&["apply", "--yes", "--approve", &digest]).code, 3);
    assert!(!folder.path().join("account.state.json").exists(), "nothing was written");
}

#[test]
fn a_saved_plan_can_be_expected_and_a_redacted_one_can_not() {
    let folder = Folder::new(CHANGES);
    assert_eq!(folder.run(&["plan", "--out", "plan.json"]).code, 0);
    assert_eq!(folder.run(&["plan", "--out", "redacted.json", "--redact"]).code, 0);
    let refused = folder.run(&["apply", "--yes", "--expect", "redacted.json"]);
    assert_eq!(refused.code, 1, "{}", refused.err);
    assert!(refused.err.contains("--redact"), "{}", refused.err);
    assert_eq!(folder.run(&["apply", "--yes", "--expect", "plan.json"]).code, 0);
}

#[test]
fn what_is_left_of_a_plan_is_accepted_where_its_facts_are_known() {
    let folder = Folder::new(CHANGES);
    let digest = folder.digest();
    // Somebody did one of the two by hand.
    let half = super::ACCOUNT.replace("Ada Lovelace", "Ada King");
    folder.write("account.json", &half);
    let left = folder.run(&["apply", "--yes", "--expect", &digest]);
    assert_eq!(left.code, 0, "{}{}", left.out, left.err);
}

#[test]
fn a_bare_digest_accepts_the_equal_plan_only() {
    let folder = Folder::new(CHANGES);
    let digest = folder.digest();
    std::fs::remove_dir_all(folder.path().join(".rollcall")).unwrap();
    folder.write("account.json", &super::ACCOUNT.replace("Ada Lovelace", "Ada King"));
    assert_eq!(folder.run(&["apply", "--yes", "--expect", &digest]).code, 4);
}

#[test]
fn facts_that_were_slipped_into_a_kept_plan_are_not_accepted() {
    let folder = Folder::new("users:\n  - { displayName: Ada King, upn: ada@acme.example }\n");
    let digest = folder.digest();
    let kept = folder.path().join(format!(".rollcall/plans/{digest}.json"));
    let mut plan: serde_json::Value = serde_json::from_slice(&std::fs::read(&kept).unwrap()).unwrap();
    folder.say(CHANGES);
    let wider: serde_json::Value = serde_json::from_str(&folder.run(&["plan", "--json", "-"]).out).unwrap();
    plan["fingerprints"] = wider["fingerprints"].clone();
    std::fs::write(&kept, plan.to_string()).unwrap();
    assert_eq!(folder.run(&["apply", "--yes", "--expect", &digest]).code, 4);
}

#[test]
fn a_stale_plan_says_what_is_different() {
    let folder = Folder::new("users:\n  - { displayName: Ada King, upn: ada@acme.example }\n");
    let digest = folder.digest();
    folder.say(CHANGES);
    let stale = folder.run(&["apply", "--yes", "--expect", &digest]);
    assert_eq!(stale.code, 4);
    assert!(stale.err.contains("b.leaver@acme.example"), "{}", stale.err);
    assert!(!stale.err.contains("Ada King"), "what is in both is not a difference: {}", stale.err);
}

#[test]
fn any_of_the_expected_plans_will_do() {
    let folder = Folder::new(CHANGES);
    let (digest, zeros) = (folder.digest(), "0".repeat(64));
    assert_eq!(folder.run(&["apply", "--yes", "--expect", &zeros, "--expect", &digest]).code, 0);
}

#[test]
fn an_apply_of_nothing_is_done_whatever_was_expected() {
    let folder = Folder::new(CHANGES);
    let digest = folder.digest();
    assert_eq!(folder.run(&["apply", "--yes"]).code, 0);
    let remote_seed = Seed::load(&folder.path().join("account.state.json")).unwrap();
    remote_seed.save(&folder.path().join("account.json")).unwrap();
    let remote = Remote::of(&folder, Config::default());
    assert_eq!(remote.run(&folder, &["apply", "--yes", "--expect", &digest]).code, 0);
    assert_eq!(remote.writes(), []);
}

/// An account whose Identity API is closed, and a way to run commands against it with some keys.
fn by_scim(folder: &Folder) -> (Remote, impl Fn(&Remote, &[&str], &[&str]) -> super::Ran + '_) {
    let settings = Settings::parse(["identity-closed"]).unwrap();
    let run = |remote: &Remote, args: &[&str], keys: &[&str]| {
        let mut command = folder.command(args);
        command.args(["--endpoint", &remote.url()]).envs(keys.iter().map(|key| (key, "any")));
        super::ran(command.output().unwrap())
    };
    (Remote::of(folder, Config { settings, ..Config::default() }), run)
}

const BOTH: [&str; 2] = ["ACTIVTRAK_API_KEY", "ACTIVTRAK_SCIM_KEY"];

#[test]
fn a_plan_that_was_reviewed_with_other_keys_is_another() {
    let folder = Folder::new("users:\n  - { displayName: Ada King, upn: ada@acme.example }\n");
    let (remote, run) = by_scim(&folder);
    let planned = run(&remote, &["plan", "--out", "plan.json"], &BOTH);
    assert_eq!(planned.code, 0, "{}", planned.err);
    let stale = run(&remote, &["apply", "--yes", "--expect", "plan.json"], &BOTH[1..]);
    assert_eq!(stale.code, 4, "{}", stale.err);
    let said = "the keys are others: those of the expected plan opened more of app groups, the members of app groups, \
                the computers of groups, HR groups than these";
    assert!(stale.err.contains(said), "{}", stale.err);
    assert!(stale.err.contains("run with the keys that it was reviewed with"), "{}", stale.err);
    assert_eq!(remote.writes().len(), 0);
    assert_eq!(run(&remote, &["apply", "--yes", "--expect", "plan.json"], &BOTH).code, 0);
}

#[test]
fn keys_that_see_nothing_to_do_do_not_finish_a_plan_of_others() {
    let folder = Folder::new("users: [{ upn: ada@acme.example }]\ngroups: [{ name: Sales }]\n");
    let (remote, run) = by_scim(&folder);
    assert_eq!(run(&remote, &["plan", "--out", "plan.json"], &BOTH).code, 0);
    let apply = ["apply", "--yes", "--expect", "plan.json"];
    let stale = run(&remote, &apply, &BOTH[1..]);
    assert_eq!(stale.code, 4, "{}{}", stale.out, stale.err);
    assert_eq!(run(&remote, &apply, &BOTH).code, 0);
    assert_eq!(run(&remote, &apply, &BOTH).code, 0, "nothing is left");
}

/// The account in which Bob may be removed or lose his history.
fn with_bob(name: &str, email: &str, agents: &str) -> String {
    format!(
        r#"{{ "version": 1, "account": {{ "id": 7, "name": "acme", "asOf": "2026-11-28T12:00:00Z" }}, "users": [
    {{ "id": 2, "displayName": "{name}", "emails": [{email}], "employeeIds": ["E2"], "created": "2023-01-05T10:00:00Z", "agents": [{agents}] }} ] }}"#
    )
}

#[test]
fn an_approval_of_an_order_is_of_nobody_who_holds_the_record_by_then() {
    let agent = r#"{ "id": 11, "username": "bob", "domain": "N", "firstLog": "2023-01-06T08:00:00Z", "lastLog": "2026-11-27T16:00:00Z" }"#;
    let later = agent.replace("2026-11-27", "2026-11-28");
    let older = agent.replace("2023-01-06", "2018-01-01");
    let ceo = agent.replace("\"bob\"", "\"ceo\"");
    let (bob, ceos) = (r#""bob@acme.example""#, r#""bob@acme.example", "ceo@acme.example""#);
    for order in ["remove", "erase"] {
        for (what, account, code) in [
            ("another name", with_bob("Chief Executive", bob, agent), 4),
            ("another identifier", with_bob("Bob Leaver", ceos, agent), 4),
            ("another agent", with_bob("Bob Leaver", bob, &ceo), 4),
            ("an older history", with_bob("Bob Leaver", bob, &older), 4),
            ("one that goes on reporting", with_bob("Bob Leaver", bob, &later), 0),
        ] {
            for by_file in [true, false] {
                let folder = Folder::new(&format!(
                    "users:\n  - {{ employeeId: E2, {order}: {{ decided: 2026-11-20 }} }}\n"
                ));
                folder.write("account.json", &with_bob("Bob Leaver", bob, agent));
                let digest = folder.digest();
                assert_eq!(folder.run(&["plan", "--out", "plan.json"]).code, 3);
                folder.write("account.json", &account);
                let reviewed = if by_file { "plan.json" } else { &digest };
                let ran = folder.run(&["apply", "--yes", "--approve", reviewed]);
                assert_eq!(ran.code, code, "{order} of {what}: {}{}", ran.out, ran.err);
            }
        }
    }
}
