//! The command line as people meet it: exit codes, help, prompt, signals, and what must never be shown.

mod accounts;
mod adopt;
mod approvals;
#[cfg(unix)]
mod brought;
mod clock;
mod consequences;
mod download;
mod exits;
mod explain;
mod export;
mod exports;
mod files;
mod held;
mod help;
mod import;
mod init;
mod late;
mod ledger;
mod list;
mod lists;
mod lock;
mod meanwhile;
mod mixed;
mod network;
mod page;
mod platforms;
mod preview;
#[cfg(unix)]
mod prompt;
mod rate;
mod reading;
mod rehearse;
mod requirements;
mod rollback;
mod saved;
mod secrets;
#[cfg(unix)]
mod signals;
mod surroundings;
mod unions;

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use rollcall::sandbox::{Config, Fault, LoggedRequest, Sandbox, Seed};
use tokio::runtime::Runtime;

/// An account with three users, an app group and an HR group.
const ACCOUNT: &str = r#"{
  "version": 1,
  "account": { "id": 7, "name": "acme" },
  "users": [
    { "id": 1, "displayName": "Ada Lovelace", "upns": ["ada@acme.example"], "employeeIds": ["E1"], "groups": [10, 11] },
    { "id": 2, "displayName": "Bob Leaver", "emails": ["bob@acme.example"], "employeeIds": ["E2"], "groups": [11] },
    { "id": 3, "displayName": "Cy Young", "emails": ["cy@acme.example"], "employeeIds": ["E3"] }
  ],
  "groups": [{ "id": 10, "name": "Engineering" }, { "id": 11, "name": "Oslo office", "source": "hr" }]
}"#;

/// The head of every manifest.
const HEAD: &str = "account: { name: acme, platform: sandbox, seed: account.json }\n";

/// Nothing to do.
pub(crate) const SAME: &str = "users:\n  - { displayName: Ada Lovelace, upn: ada@acme.example }\n";

/// One rename and one new email.
pub(crate) const CHANGES: &str = "users:
  - { displayName: Ada King, upn: ada@acme.example }
  - { email: [bob@acme.example, b.leaver@acme.example], employeeId: E2 }
";

/// One user too many is untracked.
pub(crate) const OVER_LIMIT: &str = "policy: { limits: { untrack: 0 } }
users:
  - { email: bob@acme.example, tracking: untracked }
";

/// A member who is nobody.
pub(crate) const BLOCKED: &str = "users:
  - { displayName: Ada King, upn: ada@acme.example }
groups:
  - { name: Engineering, members: [ada@acme.example, nobody@acme.example] }
";

/// A member more in the HR group: an upload.
const UPLOAD: &str = "users:
  - { email: cy@acme.example, employeeId: E3 }
groups:
  - { name: Oslo office, source: hr, members: [E1, E2, E3] }
";

/// New users, each a write of its own.
pub(crate) fn many(count: u32) -> String {
    let user = |n| format!("  - {{ displayName: New {n}, email: new{n}@acme.example }}\n");
    format!("users:\n{}", (1..=count).map(user).collect::<String>())
}

/// A folder of manifests with its seed.
struct Folder(tempfile::TempDir);

/// What a command said and how it ended.
#[derive(Debug)]
struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl Folder {
    /// One manifest that says `body`.
    fn new(body: &str) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.write("account.json", ACCOUNT);
        folder.say(body);
        folder
    }

    /// The same folder with another manifest in it.
    fn say(&self, body: &str) {
        self.write("rollcall.yaml", &format!("{HEAD}{body}"));
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.0.path().join(name), text).unwrap();
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Deletes what runs noted of their uploads, as a person does who is sure that they were dropped.
    fn forget_upload(&self) {
        let entries =
            std::fs::read_dir(self.path().join(".rollcall")).unwrap().map(|entry| entry.unwrap().path());
        let notes: Vec<_> = entries
            .filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with("upload-"))
            .collect();
        assert_eq!(notes.len(), 1, "one account has one note");
        for note in notes {
            std::fs::remove_file(note).unwrap();
        }
    }

    /// The command, to be run in the folder.
    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rollcall"));
        command.args(args).current_dir(self.path()).stdin(Stdio::null());
        for name in [
            "ACTIVTRAK_API_KEY",
            "ACTIVTRAK_TOKEN",
            "NO_COLOR",
            "CLICOLOR_FORCE",
            "HTTP_PROXY",
            "HTTPS_PROXY",
        ] {
            command.env_remove(name);
        }
        command
    }

    /// Runs the command to its end.
    #[track_caller]
    fn run(&self, args: &[&str]) -> Ran {
        ran(self.command(args).output().unwrap())
    }

    /// The digest of the plan there is now.
    #[track_caller]
    fn digest(&self) -> String {
        let plan: serde_json::Value = serde_json::from_str(&self.run(&["plan", "--json", "-"]).out).unwrap();
        plan["digest"].as_str().unwrap().to_owned()
    }
}

fn ran(output: Output) -> Ran {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}

/// A sandbox that the command reaches by `--endpoint`.
struct Remote {
    runtime: Runtime,
    sandbox: Sandbox,
}

impl Remote {
    /// Serves the account of the folder.
    fn of(folder: &Folder, config: Config) -> Self {
        let runtime = Runtime::new().unwrap();
        let seed = Seed::load(&folder.path().join("account.json")).unwrap();
        let sandbox = runtime.block_on(Sandbox::start(seed, config, 0)).unwrap();
        Self { runtime, sandbox }
    }

    fn url(&self) -> String {
        self.sandbox.url()
    }

    fn writes(&self) -> Vec<LoggedRequest> {
        self.sandbox.requests().into_iter().filter(LoggedRequest::is_write).collect()
    }

    /// Runs a command against it, with a key.
    #[track_caller]
    fn run(&self, folder: &Folder, args: &[&str]) -> Ran {
        let mut command = folder.command(args);
        command.args(["--endpoint", &self.url()]).env("ACTIVTRAK_API_KEY", "any");
        ran(command.output().unwrap())
    }

    /// Waits until something was written.
    fn wait_for_a_write(&self) {
        for _ in 0..1000 {
            if !self.writes().is_empty() {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("nothing was written in 10 s");
    }
}

impl Drop for Remote {
    fn drop(&mut self) {
        let _in_runtime = self.runtime.enter();
    }
}

fn faulty(fault: Fault) -> Config {
    Config { faults: [fault].into_iter().collect(), hr_delay: Duration::ZERO, ..Config::default() }
}
