//! What a workflow of GitHub does: the real binary, with the variables that a runner sets, against a sandbox and a fake of GitHub.

mod accept;
mod apply;
mod audit;
mod branches;
mod drift;
mod end_to_end;
mod fake;
mod fleet;
mod fleet_drift;
mod issues;
mod lists;
mod outsiders;
mod people;
mod plan;
mod undo;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::cli::{BLOCKED, CHANGES, OVER_LIMIT, SAME};
use fake::{Fake, REPOSITORY, TOKEN};
use rollcall::sandbox::{Config, LoggedRequest, Sandbox, Seed};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

/// The key that reviews are signed with.
const KEY: &str = "6f1c0b7d5a3e49f28d1b6c7a9e0f3d52";
/// The head of every manifest.
const HEAD: &str = "account: { name: acme, platform: activtrak, region: us }\n";

/// An account with three users and a group.
fn account() -> Value {
    json!({
        "version": 1,
        "account": { "id": 7, "name": "acme" },
        "users": [
            { "id": 1, "displayName": "Ada Lovelace", "upns": ["ada@acme.example"], "employeeIds": ["E1"], "groups": [10] },
            { "id": 2, "displayName": "Bob Leaver", "emails": ["bob@acme.example"], "employeeIds": ["E2"] },
            { "id": 3, "displayName": "Cy Young", "emails": ["cy@acme.example"], "employeeIds": ["E3"] }
        ],
        "groups": [{ "id": 10, "name": "Engineering" }]
    })
}

/// A repository with a checkout, its account, and GitHub.
struct Workshop {
    folder: tempfile::TempDir,
    runtime: Runtime,
    sandbox: Sandbox,
    github: Fake,
    /// Variables beside those of every run.
    variables: BTreeMap<&'static str, String>,
    /// Flags before the command.
    flags: &'static [&'static str],
}

/// How a step went.
#[derive(Debug)]
struct Step {
    code: i32,
    out: String,
    err: String,
    summary: String,
    outputs: BTreeMap<String, String>,
}

impl Step {
    /// The commands of a kind that the runner is told: `error`, `warning`, `notice`.
    fn told(&self, kind: &str) -> Vec<&str> {
        self.out.lines().filter(|line| line.starts_with(&format!("::{kind} "))).collect()
    }

    #[track_caller]
    fn ends(&self, code: i32, reason: &str) {
        let said = (self.code, self.outputs["failure-reason"].as_str(), self.outputs["exit-code"].as_str());
        assert_eq!(said, (code, reason, code.to_string().as_str()), "{}\n{}", self.out, self.err);
    }

    /// The last words of the log, from the error on.
    fn last_words(&self) -> &str {
        self.err.rfind("error: ").map_or("", |at| &self.err[at..])
    }
}

impl Workshop {
    /// A repository whose default branch says `base`, and whose pull request says `head`.
    fn new(base: &str, head: &str) -> Self {
        Self::of(&account(), Config::default(), base, head)
    }

    fn of(account: &Value, config: Config, base: &str, head: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let runtime = Runtime::new().unwrap();
        let sandbox = started(&runtime, folder.path(), account, config);
        let workshop =
            Self { folder, runtime, sandbox, github: Fake::start(), variables: BTreeMap::new(), flags: &[] };
        fs::create_dir(workshop.checkout()).unwrap();
        workshop.git(&["init", "-q", "-b", "main"]);
        workshop.commit(base);
        workshop.commit(head);
        workshop
    }

    /// A repository of a learning platform, which is a sandbox of each run; the pull request puts somebody into a group.
    fn learning() -> Self {
        let mut workshop = Self::new("", "");
        let seed = json!({
            "version": 1, "platform": "docebo", "tenant": "acme",
            "users": [{ "id": 101, "username": "ada@acme.example", "firstName": "Ada", "lastName": "Lovelace" }],
            "groups": [{ "uuid": "0b7a3c1e-5d2f-4a6b-8c9d-0e1f2a3b4c5d", "name": "Drivers" }],
        });
        let manifests = workshop.checkout().join("manifests");
        fs::write(manifests.join("account.json"), seed.to_string()).unwrap();
        let head = "account: { name: acme, platform: sandbox, seed: account.json, username: email }\n";
        let users = "users:\n  - email: ada@acme.example\n";
        for groups in ["", "groups:\n  - { name: Drivers, members: [ada@acme.example] }\n"] {
            fs::write(manifests.join("rollcall.yaml"), format!("{head}{users}{groups}")).unwrap();
            workshop.git(&["add", "-A"]);
            workshop.git(&["commit", "-q", "-m", "a change"]);
        }
        workshop.set("INPUT_ENDPOINT", "").set("INPUT_SANDBOX", "allow");
        workshop
    }

    /// From now on the account is another.
    fn becomes(&mut self, account: &Value, config: Config) {
        let sandbox = started(&self.runtime, self.folder.path(), account, config);
        let _in_runtime = self.runtime.enter();
        self.sandbox = sandbox;
    }

    fn checkout(&self) -> PathBuf {
        self.folder.path().join("checkout")
    }

    fn git(&self, args: &[&str]) -> String {
        let mut git = Command::new("git");
        git.args([
            "-c",
            "user.name=Test",
            "-c",
            "user.email=test@acme.example",
            "-c",
            "commit.gpgsign=false",
        ]);
        let ran = git.args(args).current_dir(self.checkout()).stdin(Stdio::null()).output().unwrap();
        assert!(ran.status.success(), "{args:?}: {}", String::from_utf8_lossy(&ran.stderr));
        String::from_utf8(ran.stdout).unwrap().trim().to_owned()
    }

    /// Commits a manifest; answers the commit. Nothing at all is an empty repository.
    fn commit(&self, manifest: &str) -> String {
        let manifests = self.checkout().join("manifests");
        let file = manifests.join("rollcall.yaml");
        fs::create_dir_all(&manifests).unwrap();
        if manifest.is_empty() {
            let _none = fs::remove_file(&file);
        } else {
            fs::write(&file, format!("{HEAD}{manifest}")).unwrap();
        }
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", "a change"]);
        self.commit_of("HEAD")
    }

    fn commit_of(&self, what: &str) -> String {
        self.git(&["rev-parse", what])
    }

    fn set(&mut self, variable: &'static str, value: &str) -> &mut Self {
        self.variables.insert(variable, value.to_owned());
        self
    }

    /// A step at an event whose payload is a file of `events/`.
    fn run(&self, event: &str) -> Step {
        let name = if matches!(event, "fork" | "dependabot") { "pull_request" } else { event };
        self.run_with(name, &self.payload(event))
    }

    fn payload(&self, event: &str) -> String {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/it/github/events/{event}.json"));
        let text = fs::read_to_string(file).unwrap();
        let text =
            text.replace("{HEAD}", &self.commit_of("HEAD")).replace("{BASE}", &self.commit_of("HEAD^"));
        text.replace("{TITLE}", "Change people")
    }

    fn run_with(&self, name: &str, payload: &str) -> Step {
        self.ended(self.starts(name, payload))
    }

    /// A step that is under way.
    fn starts(&self, name: &str, payload: &str) -> Child {
        let at = |file: &str| self.folder.path().join(file);
        fs::write(at("event.json"), payload).unwrap();
        for file in ["summary", "output"] {
            fs::write(at(file), "").unwrap();
        }
        let mut command = Command::new(env!("CARGO_BIN_EXE_rollcall"));
        command
            .args(self.flags)
            .args(["ci", "github"])
            .current_dir(self.checkout())
            .stdin(Stdio::null())
            .env_clear();
        let path = std::env::vars_os().find(|(name, _)| name == "PATH").unwrap().1;
        command.env("PATH", path).env("HOME", self.folder.path());
        command
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_EVENT_NAME", name)
            .env("GITHUB_EVENT_PATH", at("event.json"))
            .env("GITHUB_REPOSITORY", REPOSITORY)
            .env("GITHUB_API_URL", self.github.url())
            .env("GITHUB_SERVER_URL", "https://github.example")
            .env("GITHUB_RUN_ID", "4711")
            .env("GITHUB_SHA", self.commit_of("HEAD"))
            .env("GITHUB_REF_NAME", "main")
            .env("GITHUB_STEP_SUMMARY", at("summary"))
            .env("GITHUB_OUTPUT", at("output"))
            .env("ROLLCALL_GITHUB_TOKEN", TOKEN)
            .env("ROLLCALL_REVIEW_KEY", KEY)
            .env("ACTIVTRAK_API_KEY", "k3y-of-acme")
            .env("INPUT_PATH", "manifests")
            .env("INPUT_ENDPOINT", self.sandbox.url());
        command.envs(&self.variables);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// How a step went that is let run to its end.
    fn ended(&self, step: Child) -> Step {
        let at = |file: &str| self.folder.path().join(file);
        let ran = step.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let outputs = outputs(&fs::read_to_string(at("output")).unwrap());
        Step {
            code: ran.status.code().unwrap(),
            out: text(ran.stdout),
            err: text(ran.stderr),
            summary: fs::read_to_string(at("summary")).unwrap(),
            outputs,
        }
    }

    /// Merges the pull request as one commit on top of the default branch; answers the commit.
    fn merge(&self) -> String {
        let (head, merged) = (self.commit_of("HEAD"), self.commit_of("HEAD"));
        self.github.hub().pulls.push(json!({
            "number": 12, "merged_at": "2026-05-04T09:30:00Z", "merge_commit_sha": merged,
            "user": { "id": 1, "login": fake::AUTHOR, "type": "User" }, "head": { "sha": head },
        }));
        merged
    }

    /// The requests to the account that write.
    fn writes(&self) -> usize {
        self.sandbox.requests().into_iter().filter(LoggedRequest::is_write).count()
    }

    /// The only comment.
    #[track_caller]
    fn comment(&self) -> String {
        let bodies = self.github.hub().bodies(fake::BOT);
        assert_eq!(bodies.len(), 1, "{bodies:#?}");
        bodies.into_iter().next().unwrap()
    }
}

/// A sandbox of an account.
fn started(runtime: &Runtime, folder: &Path, account: &Value, config: Config) -> Sandbox {
    let seed = folder.join("seed.json");
    fs::write(&seed, account.to_string()).unwrap();
    let config = Config { hr_delay: Duration::ZERO, ..config };
    runtime.block_on(Sandbox::start(Seed::load(&seed).unwrap(), config, 0)).unwrap()
}

impl Drop for Workshop {
    fn drop(&mut self) {
        let _in_runtime = self.runtime.enter();
    }
}

/// Reads what a step hands on, as the runner does.
fn outputs(text: &str) -> BTreeMap<String, String> {
    let (mut outputs, mut lines) = (BTreeMap::new(), text.lines());
    while let Some(line) = lines.next() {
        let (name, delimiter) = line.split_once("<<").unwrap();
        let value: Vec<&str> = lines.by_ref().take_while(|line| *line != delimiter).collect();
        outputs.insert(name.to_owned(), value.join("\n"));
    }
    outputs
}
