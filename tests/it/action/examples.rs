//! Do the workflows that readers copy say what the action knows, with no more rights than it needs?

use std::fs;
use std::path::PathBuf;

use rollcall::github::INPUTS;
use serde_json::{Value, json};

use crate::action::{SETUP, root};

/// Every workflow of `examples/github` and of the documents, with where it stands.
fn workflows() -> Vec<(String, Value)> {
    let mut found = Vec::new();
    let folder = root().join("examples/github");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    files.sort();
    for file in files {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        found.push((name, serde_saphyr::from_str(&fs::read_to_string(&file).unwrap()).unwrap()));
    }
    let page = fs::read_to_string(root().join("docs/github.md")).unwrap();
    for block in page.split("```yaml\n").skip(1) {
        let block = block.split("```").next().unwrap();
        found.push(("docs/github.md".to_owned(), serde_saphyr::from_str(block).unwrap()));
    }
    found
}

/// The steps of a workflow.
fn steps(workflow: &Value) -> impl Iterator<Item = &Value> {
    let jobs = workflow["jobs"].as_object().unwrap().values();
    jobs.flat_map(|job| job["steps"].as_array().unwrap())
}

#[test]
fn a_workflow_that_readers_copy_says_only_what_the_action_knows() {
    let mut seen = 0;
    for (place, workflow) in workflows() {
        for step in
            steps(&workflow).filter(|it| it["uses"].as_str().is_some_and(|it| it.contains("/rollcall@")))
        {
            seen += 1;
            for (name, said) in step["with"].as_object().unwrap() {
                let of = INPUTS
                    .iter()
                    .map(|it| (it.name, it.words))
                    .chain(SETUP.iter().map(|it| (it.name, it.words)));
                let words = of.into_iter().find(|(known, _)| known == name).map(|(_, words)| words);
                let words = words.unwrap_or_else(|| panic!("{place}: the action has no input `{name}`"));
                let said = said.as_str().unwrap();
                assert!(words.is_empty() || words.contains(&said), "{place}: `{name}` can't be `{said}`");
            }
        }
    }
    assert!(seen >= 2, "no workflow uses the action");
}

#[test]
fn a_workflow_that_readers_copy_has_no_right_that_it_does_not_need() {
    for (place, workflow) in workflows() {
        assert_eq!(workflow["permissions"], json!({}), "{place}");
        for job in workflow["jobs"].as_object().unwrap().values() {
            let of_job = || job["steps"].as_array().unwrap().iter();
            // With a result in place of a comment, a job only reads what was reviewed and approved.
            let rights = if of_job().any(|step| step["with"]["command"] == "accounts") {
                json!({ "contents": "read" })
            } else if of_job().any(|step| step["with"]["accept"] == "draft") {
                json!({ "contents": "write", "pull-requests": "write", "issues": "write" })
            } else if of_job().any(|step| step["with"]["command"] == "drift") {
                json!({ "contents": "read", "issues": "write" })
            } else if of_job()
                .any(|step| step["with"]["command"] == "apply" && step["with"]["report"].is_string())
            {
                json!({ "contents": "read", "pull-requests": "read", "issues": "write" })
            } else if of_job().any(|step| step["with"]["report"].is_string()) {
                json!({ "contents": "read", "pull-requests": "read" })
            } else if place == "apply.yml" {
                json!({ "contents": "read", "pull-requests": "write", "issues": "write" })
            } else {
                json!({ "contents": "read", "pull-requests": "write" })
            };
            assert_eq!(job["permissions"], rights, "{place}");
            assert!(job["timeout-minutes"].is_number(), "{place}");
        }
        for step in steps(&workflow) {
            let uses = step["uses"].as_str().unwrap_or_default();
            let checks_out = uses.starts_with("actions/checkout@");
            assert!(!checks_out || step["with"]["persist-credentials"] == json!(false), "{place}");
            let commit = uses.split_once('@').map_or("", |(_, at)| at);
            let is_pinned = commit.len() == 40 && commit.bytes().all(|it| it.is_ascii_hexdigit());
            assert!(uses.is_empty() || is_pinned, "{place}: {uses}");
        }
    }
}

/// What runs on a schedule runs when many others do not, and one after the other: two at once would open two issues.
#[test]
fn drift_is_checked_on_working_days_at_an_odd_minute_one_check_at_a_time() {
    let mut seen = Vec::new();
    for (place, workflow) in workflows() {
        let Some(check) = steps(&workflow).find(|step| step["with"]["command"] == "drift") else { continue };
        assert_eq!(workflow["on"]["schedule"], json!([{ "cron": "23 5 * * 1-5" }]), "{place}");
        let started_by: Vec<&String> = workflow["on"].as_object().unwrap().keys().collect();
        assert_eq!(started_by, ["schedule", "workflow_dispatch"], "{place}");
        let group = place.trim_end_matches(".yml");
        let concurrency = json!({ "group": format!("rollcall-{group}"), "cancel-in-progress": false });
        assert_eq!(workflow["concurrency"], concurrency, "{place}");
        // Somebody starts by hand the workflow that the issue leads to.
        let named = check["with"]["apply-workflow"].as_str().unwrap_or("rollcall-apply.yml");
        let file = named.trim_start_matches("rollcall-");
        let applies = workflows().into_iter().find(|(place, _)| place == file).unwrap().1;
        assert!(applies["on"].as_object().unwrap().contains_key("workflow_dispatch"), "{place}: {file}");
        assert!(steps(&applies).any(|step| step["with"]["command"] == "apply"), "{place}: {file}");
        seen.push(place);
    }
    assert_eq!(seen, ["drift.yml", "fleet-drift.yml"]);
}

#[test]
fn an_apply_waits_for_the_one_before_and_is_never_cancelled() {
    let mut seen = Vec::new();
    for (place, workflow) in workflows() {
        for job in workflow["jobs"].as_object().unwrap().values() {
            let steps = job["steps"].as_array().unwrap();
            let Some(at) = steps.iter().position(|it| it["with"]["command"] == "apply") else { continue };
            // Of many accounts each waits for itself, and no run of the workflow is cancelled on the default branch.
            let (concurrency, group) = if job["strategy"].is_null() {
                (&workflow["concurrency"], "rollcall-apply")
            } else {
                assert_eq!(
                    workflow["concurrency"]["cancel-in-progress"],
                    "${{ github.event_name == 'pull_request' }}"
                );
                (&job["concurrency"], "rollcall-apply-${{ matrix.account.key }}")
            };
            let expected = json!({ "group": group, "cancel-in-progress": false, "queue": "max" });
            assert_eq!(*concurrency, expected, "{place}");
            let (before, after) = (&steps[at - 1], &steps[at + 1]);
            // Whatever becomes of it, the next one knows.
            assert_eq!(after["if"], "always()", "{place}");
            assert_eq!(before["with"]["path"], after["with"]["path"], "{place}");
            seen.push(place.clone());
        }
    }
    assert_eq!(seen, ["apply.yml", "fleet.yml"]);
}

/// A required job that was skipped counts as passed, and a result that nobody fetches is not missed.
#[test]
fn the_gate_of_many_accounts_runs_always_after_every_other_job_and_fetches_what_each_hands_on() {
    let workflow = workflows().into_iter().find(|(place, _)| place == "fleet.yml").unwrap().1;
    let jobs = workflow["jobs"].as_object().unwrap();
    let gate = &jobs["gate"];
    assert_eq!(gate["if"], "always()");
    let others: Vec<&String> = jobs.keys().filter(|name| *name != "gate").collect();
    assert_eq!(gate["needs"], json!(["select", "plan", "apply"]));
    assert_eq!(others.len(), 3);
    let steps = |job: &Value| job["steps"].as_array().unwrap().clone();
    let (fetch, report) = (&steps(gate)[0], &steps(gate)[1]);
    assert_eq!(
        (&fetch["with"]["pattern"], &report["with"]["command"]),
        (&json!("rollcall-result-*"), &json!("report"))
    );
    assert_eq!(fetch["with"]["path"], report["with"]["path"]);
    for job in others {
        let of_job = steps(&jobs[job]);
        let said = of_job.iter().find(|step| step["with"]["report"].is_string()).unwrap();
        let handed = of_job.last().unwrap();
        assert!(handed["with"]["name"].as_str().unwrap().starts_with("rollcall-result-"), "{job}");
        assert_eq!(handed["with"]["path"], said["with"]["report"], "{job}");
        assert!(job == "select" || handed["if"] == "always()", "{job}: a red account has a result too");
        // Runs again of jobs that failed write the same artifact.
        assert_eq!(handed["with"]["overwrite"], json!(true), "{job}");
    }
}

/// Every pull request can read a cache, a fork's too; an artifact of a public repository everybody.
#[test]
fn what_names_people_is_kept_where_no_stranger_reads_it() {
    let mut seen = 0;
    for (place, workflow) in workflows() {
        for step in steps(&workflow) {
            let (uses, path) = (step["uses"].as_str().unwrap_or_default(), step["with"]["path"].as_str());
            let Some(path) = path.filter(|path| path.contains(".rollcall")) else { continue };
            seen += 1;
            if uses.starts_with("actions/cache/") {
                let path = path.replace("${{ matrix.account.path }}/", "");
                assert_eq!(path, ".rollcall/*\n!.rollcall/plans\n!.rollcall/rollback\n", "{place}");
            } else {
                assert_eq!(step["if"], "always() && github.event.repository.private", "{place}: {uses}");
            }
        }
    }
    assert_eq!(seen, 8);
}
