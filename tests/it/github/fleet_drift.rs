//! Drift of one account of many: the one workflow finds it, the other undoes it, and no other account is touched.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::fake::AUTHOR;
use super::fleet::Fleet;
use super::{SAME, Step, account};

/// What the workflows of the examples say, as far as it is said to Rollcall: `name: value` of the step of a name.
fn inputs(file: &str, step: &str) -> Vec<(String, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/github").join(file);
    let text = fs::read_to_string(path).unwrap();
    let (_, from) = text.split_once(&format!("- name: {step}\n")).unwrap();
    let (_, with) = from.split_once("with:\n").unwrap();
    let lines = with.lines().take_while(|line| line.starts_with("          "));
    lines
        .map(|line| line.trim().split_once(": ").unwrap())
        .map(|(name, value)| (name.into(), value.into()))
        .collect()
}

fn input(file: &str, step: &str, name: &str) -> String {
    inputs(file, step).into_iter().find(|input| input.0 == name).unwrap().1
}

/// Somebody has another name than the manifests say.
fn drifted() -> Value {
    let mut account = account();
    account["users"][0]["displayName"] = json!("Ada Byron");
    account
}

impl Fleet {
    /// `fleet-drift.yml`: how each account went, by name.
    fn checks(&mut self) -> Vec<(String, Step)> {
        let (command, workflow) = (
            input("fleet-drift.yml", "Check", "command"),
            input("fleet-drift.yml", "Check", "apply-workflow"),
        );
        let folder = input("fleet-drift.yml", "Select accounts", "path");
        let inputs = [("INPUT_COMMAND", &*command), ("INPUT_APPLY_WORKFLOW", &*workflow)];
        let accounts = self.select_below("schedule", &folder);
        let check = |account: &Value| {
            (account["name"].as_str().unwrap().to_owned(), self.job_with("schedule", account, &inputs))
        };
        accounts.iter().map(check).collect()
    }

    /// `fleet.yml`, started by hand for a folder: the apply, and the gate.
    fn undoes(&mut self, folder: &str) -> (Step, Step) {
        let path = input("fleet.yml", "Select accounts", "path").replace("${{ inputs.account }}", folder);
        let command = input("fleet.yml", "Apply", "command");
        self.workshop.set("INPUT_COMMAND", &command);
        let accounts = self.select_below("workflow_dispatch", &path);
        let [account] = &accounts[..] else { panic!("{accounts:?}") };
        let applied = self.job("workflow_dispatch", account);
        (applied, self.report("workflow_dispatch"))
    }

    /// The writes to each account.
    fn written(&self) -> [bool; 3] {
        ["acme", "globex", "hooli"].map(|name| self.writes(name) > 0)
    }
}

#[test]
fn drift_of_one_account_of_many_is_found_approved_and_undone_by_hand() {
    let mut fleet = Fleet::new(&[("acme", SAME, SAME), ("globex", SAME, SAME), ("hooli", SAME, SAME)]);
    fleet.becomes("globex", &drifted());
    fleet.becomes("hooli", &drifted());
    let checked = fleet.checks();
    assert_eq!(checked.iter().map(|it| &*it.0).collect::<Vec<_>>(), ["acme", "globex", "hooli"]);
    for (name, step) in &checked {
        step.ends(0, "");
        assert_eq!(
            step.outputs.get("issue-url").is_some_and(|url| !url.is_empty()),
            name != "acme",
            "{name}"
        );
    }
    let issues: Vec<(Value, String)> = {
        let hub = fleet.workshop.github.hub();
        hub.issues.iter().map(|it| (it["number"].clone(), it["body"].as_str().unwrap().to_owned())).collect()
    };
    let [(number, body), (other, _)] = &issues[..] else { panic!("{issues:#?}") };
    assert!(
        body.contains("drift of `globex`") && body.contains("/actions/workflows/rollcall-fleet.yml"),
        "{body}"
    );

    // Nobody approved it: the job is red, and so is the gate.
    fleet.workshop.github.hub().permissions = vec![("reviewer", "write"), (AUTHOR, "admin")];
    let (applied, gate) = fleet.undoes("globex");
    applied.ends(3, "unreviewed");
    gate.ends(3, "unreviewed");
    // What is approved of one account undoes no other.
    let digest = &checked[1].1.outputs["plan-digest"];
    let command = format!("/rollcall approve {digest}");
    fleet.workshop.github.hub().say(number.as_u64().unwrap(), "reviewer", &command);
    let (applied, _) = fleet.undoes("hooli");
    applied.ends(3, "unreviewed");
    assert_eq!(fleet.written(), [false; 3]);

    let (applied, gate) = fleet.undoes("globex");
    applied.ends(0, "");
    gate.ends(0, "");
    assert_eq!(fleet.written(), [false, true, false]);
    let states = || -> Vec<(Value, Value)> {
        let hub = fleet.workshop.github.hub();
        hub.issues.iter().map(|it| (it["number"].clone(), it["state"].clone())).collect()
    };
    assert_eq!(states(), [(number.clone(), json!("closed")), (other.clone(), json!("open"))]);

    // The next check finds that one account as it should be, and the other as it was.
    for (name, step) in fleet.checks() {
        step.ends(0, "");
        assert_eq!(step.outputs["changes"], if name == "hooli" { "1" } else { "0" }, "{name}");
    }
    assert_eq!(fleet.workshop.github.hub().issues.len(), 2);
}
