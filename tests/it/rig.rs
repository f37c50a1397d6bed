//! How is the program run against an account that misbehaves? As a child process, with a deadline, and killed where a seed says so.

use std::fs::{self, File};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, Instant};

use rollcall::sandbox::{Chaos, Clock, Config, Moment, Sandbox, Seed, Setting, Witness};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

/// The clock of every run.
const NOW: &str = "2026-05-04T09:00:00Z";
/// No run takes longer.
const DEADLINE: Duration = Duration::from_mins(2);

/// What the sandboxes of all seeds run on.
static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap());

/// How a run is ended from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// `kill -9` when the request of this number has come; it is not carried out.
    KilledBefore(usize),
    /// The same, and the request is carried out after all.
    KilledAt(usize),
    /// `kill -9` when that request is carried out, before the answer.
    KilledAfter(usize),
    /// SIGTERM when that request has come.
    Told(usize),
}

impl End {
    /// The moment it waits for, counted from the request after the first `earlier`.
    fn moment(self, earlier: usize) -> Moment {
        match self {
            End::KilledBefore(at) | End::KilledAt(at) | End::Told(at) => Moment::Arrived(earlier + at),
            End::KilledAfter(at) => Moment::Carried(earlier + at),
        }
    }
}

/// What is to happen to the child that runs now.
#[derive(Default)]
struct Stage {
    child: Option<Child>,
    end: Option<(Moment, End)>,
}

/// An account, and a folder to work on it from.
pub(crate) struct Rig {
    folder: tempfile::TempDir,
    stage: Arc<Mutex<Stage>>,
    /// Whether users are reached by SCIM alone.
    is_closed: bool,
    pub(crate) sandbox: Sandbox,
}

/// How a run went.
pub(crate) struct Run {
    /// The exit code; none if it was killed.
    pub(crate) exit: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
    /// The report, where there is one.
    pub(crate) report: Option<Value>,
    /// The plan of the report.
    pub(crate) plan: Option<Value>,
    /// The requests from this number on are this run's.
    pub(crate) first: usize,
}

impl Rig {
    pub(crate) fn new(account: &Seed, manifests: &str, chaos: Option<Chaos>) -> Rig {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("manifests")).unwrap();
        fs::write(folder.path().join("manifests/rollcall.yaml"), manifests).unwrap();
        let stage = Arc::<Mutex<Stage>>::default();
        let hand = Arc::clone(&stage);
        let config = Config {
            chaos,
            witness: Witness::new(move |moment| struck(&hand, moment)),
            hr_delay: Duration::ZERO,
            clock: Clock::Fixed(NOW.parse().unwrap()),
            ..Config::default()
        };
        let sandbox = RUNTIME.block_on(Sandbox::start(account.clone(), config, 0)).unwrap();
        let is_closed = account.account.settings.has(Setting::IdentityClosed);
        Rig { folder, stage, is_closed, sandbox }
    }

    /// Lays a file beside the manifests.
    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join("manifests").join(name), text).unwrap();
    }

    fn run_folder(&self) -> PathBuf {
        self.folder.path().join("manifests/.rollcall")
    }

    /// Loses what earlier runs left beside the manifests.
    pub(crate) fn lose_the_run_folder(&self) {
        drop(fs::remove_dir_all(self.run_folder()));
    }

    /// What a person does who is sure that the account will never show the last upload.
    pub(crate) fn give_up_the_upload(&self) {
        forget_upload(&self.run_folder());
    }

    /// Waits until no upload waits.
    pub(crate) fn wait_for_uploads(&self) {
        for _ in 0..1000 {
            if self.sandbox.waiting_uploads() == 0 {
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Runs a command to its end, and not beyond the deadline.
    pub(crate) fn run(&self, args: &[&str], end: Option<End>) -> Result<Run, String> {
        let path = |name: &str| self.folder.path().join(name);
        drop(fs::remove_file(path("report.json")));
        let first = self.sandbox.requests().len();
        let mut command = Command::new(env!("CARGO_BIN_EXE_rollcall"));
        command.args(args).args(["manifests", "--now", NOW, "--endpoint", &self.sandbox.url()]);
        command.args(["--json", "report.json"]).current_dir(self.folder.path()).env_clear();
        command.env("ACTIVTRAK_API_KEY", "any").stdin(Stdio::null());
        if self.is_closed {
            command.env("ACTIVTRAK_SCIM_KEY", "any");
        }
        command.stdout(File::create(path("out")).unwrap()).stderr(File::create(path("err")).unwrap());
        {
            let mut stage = self.stage.lock().unwrap();
            stage.child = Some(command.spawn().unwrap());
            stage.end = end.map(|end| (end.moment(first), end));
        }
        let exit = self.wait()?;
        if exit.is_none() {
            // What a killed run had sent may still be on its way, and is not the next run's.
            std::thread::sleep(Duration::from_millis(30));
        }
        let read = |name: &str| fs::read_to_string(path(name)).unwrap_or_default();
        let (out, err) = (read("out"), read("err"));
        let report: Option<Value> = serde_json::from_str(&read("report.json")).ok();
        let kept = report.as_ref().and_then(|report| report["digest"].as_str()).map(|digest| {
            fs::read_to_string(self.run_folder().join(format!("plans/{digest}.json"))).unwrap_or_default()
        });
        let plan = kept.and_then(|text| serde_json::from_str(&text).ok());
        Ok(Run { exit, out, err, report, plan, first })
    }

    fn wait(&self) -> Result<Option<i32>, String> {
        let start = Instant::now();
        loop {
            let mut stage = self.stage.lock().unwrap();
            let child = stage.child.as_mut().unwrap();
            if let Some(status) = child.try_wait().unwrap() {
                return Ok(status.code());
            }
            if start.elapsed() > DEADLINE {
                drop(child.kill());
                drop(child.wait());
                return Err(format!("the run takes longer than {DEADLINE:?}"));
            }
            drop(stage);
            std::thread::sleep(Duration::from_millis(3));
        }
    }

    /// What was asked and what became of it, from a request on.
    pub(crate) fn transcript(&self, first: usize) -> String {
        let line = |request: &rollcall::sandbox::LoggedRequest| {
            let status = request.status.map_or("   ".to_owned(), |status| status.to_string());
            let body: String = request.body.chars().take(400).collect();
            let notes: Vec<String> = request.notes.iter().map(|note| format!("\n      !! {note}")).collect();
            format!("  {status} {} {} {body}{}\n", request.method, request.path, notes.concat())
        };
        self.sandbox.requests().iter().skip(first).map(line).collect()
    }

    pub(crate) fn stop(self) -> Seed {
        RUNTIME.block_on(self.sandbox.stop())
    }
}

/// Deletes what a run folder says of uploads.
fn forget_upload(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with("upload-") {
            drop(fs::remove_file(entry.path()));
        }
    }
}

/// Ends the child, if this is the moment.
fn struck(stage: &Mutex<Stage>, moment: Moment) -> ControlFlow<()> {
    let mut stage = stage.lock().unwrap();
    let Some((_, end)) = stage.end.take_if(|(at, _)| *at == moment) else { return ControlFlow::Continue(()) };
    let Some(child) = stage.child.as_mut() else { return ControlFlow::Continue(()) };
    if let End::Told(_) = end {
        drop(Command::new("kill").args(["-TERM", &child.id().to_string()]).status());
        return ControlFlow::Continue(());
    }
    drop(child.kill());
    drop(child.wait());
    if let End::KilledBefore(_) = end { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}
