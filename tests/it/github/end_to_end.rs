//! A repository from its first commit to a drift that is gone again: it has what `rollcall init` writes, one secret, and nothing else.

use std::fs;
use std::process::Command;

use rollcall::sandbox::Config;
use serde_json::{Value, json};

use super::fake::{AUTHOR, BOT};
use super::{Step, Workshop, account};

/// The action that the workflows call.
const ACTION: &str = "acme-it/rollcall@0123456789abcdef0123456789abcdef01234567";
/// The one secret.
const SECRET: &str = "k3y-of-acme-k3y-of-acme-k3y-of-acme";

impl Workshop {
    /// Writes a file of the repository.
    fn writes_file(&self, name: &str, text: &str) {
        fs::write(self.checkout().join(name), text).unwrap();
    }

    fn commits(&self, message: &str) -> String {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", message]);
        self.commit_of("HEAD")
    }

    /// A run of a workflow of the repository, with the inputs and secrets that its file says.
    #[track_caller]
    fn workflow(&mut self, name: &str, event: &str) -> Step {
        let file = self.checkout().join(format!(".github/workflows/rollcall-{name}.yml"));
        let workflow: Value = serde_saphyr::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        assert!(
            !workflow["on"].get(event).unwrap_or(&Value::Bool(false)).eq(&Value::Bool(false)),
            "{name} runs at {event}"
        );
        let steps = workflow["jobs"][name]["steps"].as_array().unwrap();
        let call = steps.iter().find(|step| step["uses"] == ACTION).unwrap();
        let input = |key: &str| call["with"][key].as_str().unwrap_or_default().to_owned();
        assert_eq!(call["env"]["ACTIVTRAK_API_KEY"], "${{ secrets.ACTIVTRAK_API_KEY }}");
        self.set("INPUT_COMMAND", &input("command")).set("INPUT_PATH", &input("path"));
        self.set("INPUT_ACCEPT", &input("accept"));
        self.set("ACTIVTRAK_API_KEY", SECRET).set("ROLLCALL_REVIEW_KEY", "");
        self.run(event)
    }
}

#[test]
fn a_repository_that_init_made_goes_from_a_plan_to_its_apply_and_from_drift_to_none() {
    let mut workshop = Workshop::new("", "");
    let init = Command::new(env!("CARGO_BIN_EXE_rollcall"))
        .args(["init", ".", "--region", "us", "--name", "acme", "--action", ACTION])
        .args(["--endpoint", &workshop.sandbox.url()])
        .current_dir(workshop.checkout())
        .env("ACTIVTRAK_API_KEY", SECRET)
        .output()
        .unwrap();
    assert!(init.status.success(), "{}", String::from_utf8_lossy(&init.stderr));
    workshop.commits("The start");
    // Nobody reviewed the first push, and there is nothing to do.
    workshop.workflow("apply", "push").ends(0, "");
    assert_eq!(workshop.writes(), 0);

    workshop.writes_file("users.yaml", "users:\n  - { displayName: Ada King, upn: ada@acme.example }\n");
    workshop.commits("Ada married");
    let planned = workshop.workflow("plan", "pull_request");
    planned.ends(0, "");
    assert_eq!(planned.outputs["changes"], "1");
    assert!(workshop.comment().contains("Ada King"), "{}", workshop.comment());
    assert_eq!(workshop.writes(), 0);
    workshop.merge();
    workshop.workflow("apply", "push").ends(0, "");
    assert!(workshop.comment().contains("Applied."), "{}", workshop.comment());
    assert!(workshop.writes() > 0);
    workshop.workflow("drift", "schedule").ends(0, "");
    assert!(workshop.github.hub().issues.is_empty(), "the account is what was merged");

    let mut renamed = account();
    renamed["users"][0]["displayName"] = json!("Ada Byron");
    workshop.becomes(&renamed, Config::default());
    let drifted = workshop.workflow("drift", "schedule");
    drifted.ends(0, "");
    let (state, body) = workshop.issue();
    assert_eq!(state, "open", "{body}");
    assert!(body.contains("Ada Byron → Ada King"), "{body}");
    let approval = format!("/rollcall approve {}", drifted.outputs["plan-digest"]);
    assert!(body.contains(&approval), "{body}");

    workshop.github.hub().permissions = vec![("reviewer", "write"), (AUTHOR, "write")];
    workshop.github.hub().say(1001, "reviewer", &approval);
    workshop.workflow("apply", "workflow_dispatch").ends(0, "");
    assert!(workshop.writes() > 0);
    workshop.workflow("drift", "schedule").ends(0, "");
    assert_eq!(workshop.issue().0, "closed");
    assert_eq!(
        workshop.github.hub().bodies(BOT).len(),
        1,
        "one comment on the pull request, edited in its place"
    );
}
