//! `apply --plan FILE`: a saved plan is evidence of what is to be carried out.

use serde_json::Value;

use super::{CHANGES, Folder, OVER_LIMIT};

fn saved(body: &str) -> Folder {
    let folder = Folder::new(body);
    let planned = folder.run(&["plan", "--out", "plan.json"]);
    assert!([0, 3].contains(&planned.code), "{}", planned.err);
    folder
}

/// Writes `plan.json` anew with something else in it.
fn edit(folder: &Folder, change: impl Fn(&mut Value)) {
    let path = folder.path().join("plan.json");
    let mut plan: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    change(&mut plan);
    std::fs::write(path, plan.to_string()).unwrap();
}

const APPLY: [&str; 4] = ["apply", "--yes", "--plan", "plan.json"];

#[test]
fn a_saved_plan_is_carried_out_and_once_more_is_nothing() {
    let folder = saved(CHANGES);
    assert_eq!(folder.run(&APPLY).code, 0);
    assert_eq!(folder.run(&APPLY).code, 0, "nothing is what is left of it");
}

#[test]
fn the_changes_of_a_saved_plan_are_not_shown_again() {
    let (change, sentence) = ("Ada Lovelace → Ada King", "The changes are those of plan.json");
    let same = saved(CHANGES).run(&APPLY);
    assert!(same.out.contains(sentence) && !same.out.contains(change), "{}", same.out);
    let asked = Folder::new(CHANGES).run(&["apply", "--yes"]);
    assert!(!asked.out.contains(sentence) && asked.out.contains(change), "{}", asked.out);
    let over = saved(OVER_LIMIT).run(&APPLY);
    assert!(!over.out.contains(sentence), "nothing is reported of it: {}", over.out);
}

#[test]
fn what_is_left_of_a_saved_plan_is_carried_out_and_shown() {
    let folder = saved(CHANGES);
    folder.write("account.json", &super::ACCOUNT.replace("Ada Lovelace", "Ada King"));
    let rest = folder.run(&APPLY);
    assert_eq!(rest.code, 0);
    assert!(!rest.out.contains("The changes are those of"), "{}", rest.out);
}

#[test]
fn a_saved_plan_carries_nothing_out_that_manifests_do_not_ask_for() {
    let folder = saved(CHANGES);
    folder.say("users:\n  - { displayName: Ada Queen, upn: ada@acme.example }\n");
    let stale = folder.run(&APPLY);
    assert_eq!(stale.code, 4, "{}", stale.err);
    assert!(stale.err.contains("Ada Queen"), "{}", stale.err);
}

#[test]
fn a_redacted_plan_is_not_applied() {
    let folder = Folder::new(CHANGES);
    assert_eq!(folder.run(&["plan", "--out", "plan.json", "--redact"]).code, 0);
    let refused = folder.run(&APPLY);
    assert_eq!(refused.code, 1, "{}", refused.err);
    assert!(refused.err.contains("a redacted plan, which can't be"), "{}", refused.err);
}

#[test]
fn a_file_that_was_changed_is_told_even_where_its_digest_is_that_of_the_plan() {
    for narrower in [false, true] {
        let folder = saved(CHANGES);
        edit(&folder, |plan| {
            let all = plan["fingerprints"].as_array_mut().unwrap();
            if narrower {
                all.pop();
            } else {
                all.push("f".repeat(64).into());
            }
        });
        let refused = folder.run(&APPLY);
        assert_eq!(refused.code, 4, "{}", refused.err);
        assert!(refused.err.contains("plan.json was changed after it was written"), "{}", refused.err);
        assert!(!folder.path().join("account.state.json").exists(), "nothing was written");
    }
}

#[test]
fn a_plan_of_another_account_is_another_plan() {
    let folder = saved(CHANGES);
    edit(&folder, |plan| plan["account"] = "beta".into());
    let refused = folder.run(&APPLY);
    assert_eq!(refused.code, 4, "{}", refused.err);
    assert!(refused.err.contains("plan.json is a plan for beta"), "{}", refused.err);
}

#[test]
fn a_saved_plan_approves_nothing_by_itself() {
    let folder = saved(OVER_LIMIT);
    let digest = folder.digest();
    assert_eq!(folder.run(&APPLY).code, 3);
    let zeros = "0".repeat(64);
    let other = [&APPLY[..], &["--approve", &zeros]].concat();
    let refused = folder.run(&other);
    assert_eq!(refused.code, 64, "{}", refused.err);
    let approved = [&APPLY[..], &["--approve", &digest]].concat();
    assert_eq!(folder.run(&approved).code, 0);
}

#[test]
fn a_saved_plan_and_an_expected_one_exclude_each_other() {
    let folder = saved(CHANGES);
    assert_eq!(folder.run(&[&APPLY[..], &["--expect", "plan.json"]].concat()).code, 64);
}

#[test]
fn a_saved_plan_that_is_not_there_is_an_error() {
    let refused = Folder::new(CHANGES).run(&APPLY);
    assert_eq!(refused.code, 1, "{}", refused.err);
    assert!(refused.err.contains("plan.json could not be read"), "{}", refused.err);
}

#[test]
fn a_digest_in_the_place_of_a_saved_plan_is_told_where_it_goes() {
    let folder = Folder::new(CHANGES);
    let refused = folder.run(&["apply", "--yes", "--plan", &folder.digest()]);
    assert_eq!(refused.code, 1, "{}", refused.err);
    assert!(refused.err.contains("this is a digest: give it by `--expect`"), "{}", refused.err);
    let missing = folder.run(&APPLY);
    assert!(missing.err.contains("could not be read") && !missing.err.contains("digest"), "{}", missing.err);
}
