//! How is the program run against an account that misbehaves? As a child process, with a deadline, and killed where a seed says so.

use std::fs::{self, File};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rollcall::sandbox::docebo::{self, Docebo};
use rollcall::sandbox::{Chaos, Clock, Config, LoggedRequest, Moment, Sandbox, Seed, Setting, Witness};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

/// The clock of every run.
pub(crate) const NOW: &str = "2026-05-04T09:00:00Z";
/// The folder of manifests, from where runs work.
const MANIFESTS: &str = "manifests";
/// The variables with keys, and what they hold.
const API_KEY: (&str, &str) = ("ACTIVTRAK_API_KEY", "any");
const SCIM_KEY: (&str, &str) = ("ACTIVTRAK_SCIM_KEY", "any");
const CLIENT_ID: (&str, &str) = ("DOCEBO_CLIENT_ID", "rollcall");
const CLIENT_SECRET: (&str, &str) = ("DOCEBO_CLIENT_SECRET", "sandbox");
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

/// What a run is given.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Task<'a> {
    /// The command and its options.
    pub(crate) args: &'a [&'a str],
    /// The manifests that it is about.
    pub(crate) path: &'a str,
    /// The time that it is told.
    pub(crate) now: &'a str,
}

impl<'a> Task<'a> {
    /// A command about the folder of manifests, at the time of most runs.
    pub(crate) fn of(args: &'a [&'a str]) -> Task<'a> {
        Task { args, path: MANIFESTS, now: NOW }
    }
}

/// An account that runs, of either platform.
pub(crate) trait Emulated {
    /// What it is made of.
    type Seed: Clone;

    fn url(&self) -> String;
    fn requests(&self) -> Vec<LoggedRequest>;
    fn snapshot(&self) -> Self::Seed;
    fn calm(&self);
    fn meddle(&self, number: u64) -> Option<String>;
    async fn stop(self) -> Self::Seed;

    /// Uploads that were answered and wait to be carried out; none where there are no uploads.
    fn waiting_uploads(&self) -> usize {
        0
    }
}

impl Emulated for Sandbox {
    type Seed = Seed;

    fn url(&self) -> String {
        self.url()
    }

    fn requests(&self) -> Vec<LoggedRequest> {
        self.requests()
    }

    fn snapshot(&self) -> Seed {
        self.snapshot()
    }

    fn calm(&self) {
        self.calm();
    }

    fn meddle(&self, number: u64) -> Option<String> {
        self.meddle(number)
    }

    async fn stop(self) -> Seed {
        self.stop().await
    }

    fn waiting_uploads(&self) -> usize {
        self.waiting_uploads()
    }
}

impl Emulated for Docebo {
    type Seed = docebo::Seed;

    fn url(&self) -> String {
        self.url()
    }

    fn requests(&self) -> Vec<LoggedRequest> {
        self.requests()
    }

    fn snapshot(&self) -> docebo::Seed {
        self.snapshot()
    }

    fn calm(&self) {
        self.calm();
    }

    fn meddle(&self, number: u64) -> Option<String> {
        self.meddle(number)
    }

    async fn stop(self) -> docebo::Seed {
        self.stop().await
    }
}

/// An account, and a folder to work on it from.
pub(crate) struct Rig<S = Sandbox> {
    folder: tempfile::TempDir,
    stage: Arc<Mutex<Stage>>,
    /// The variables with the keys that runs have.
    keys: &'static [(&'static str, &'static str)],
    pub(crate) sandbox: S,
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

/// A folder with manifests in it.
fn folder(manifests: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join(MANIFESTS)).unwrap();
    fs::write(folder.path().join(MANIFESTS).join("rollcall.yaml"), manifests).unwrap();
    folder
}

/// Who ends the child on that stage.
fn witness(stage: &Arc<Mutex<Stage>>) -> Witness {
    let hand = Arc::clone(stage);
    Witness::new(move |moment| struck(&hand, moment))
}

impl Rig<Docebo> {
    /// The same at a learning platform.
    pub(crate) fn learning(account: &docebo::Seed, manifests: &str, chaos: Option<Chaos>) -> Rig<Docebo> {
        let (folder, stage) = (folder(manifests), Arc::<Mutex<Stage>>::default());
        let config = docebo::Config {
            chaos,
            witness: witness(&stage),
            clock: Clock::Fixed(NOW.parse().unwrap()),
            ..docebo::Config::default()
        };
        let sandbox = RUNTIME.block_on(Docebo::start(account.clone(), config, 0)).unwrap();
        Rig { folder, stage, keys: &[CLIENT_ID, CLIENT_SECRET], sandbox }
    }
}

impl Rig {
    pub(crate) fn new(account: &Seed, manifests: &str, chaos: Option<Chaos>) -> Rig {
        let (folder, stage) = (folder(manifests), Arc::<Mutex<Stage>>::default());
        let config = Config {
            chaos,
            witness: witness(&stage),
            hr_delay: Duration::ZERO,
            clock: Clock::Fixed(NOW.parse().unwrap()),
            ..Config::default()
        };
        let sandbox = RUNTIME.block_on(Sandbox::start(account.clone(), config, 0)).unwrap();
        let by_scim = account.account.settings.has(Setting::IdentityClosed);
        Rig { folder, stage, keys: if by_scim { &[API_KEY, SCIM_KEY] } else { &[API_KEY] }, sandbox }
    }

    /// The same without a key for SCIM: where the Identity API is closed, nothing shows users.
    pub(crate) fn without_scim(self) -> Rig {
        Rig { keys: &[API_KEY], ..self }
    }
}

impl<S: Emulated> Rig<S> {
    /// Lays a file beside the manifests.
    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.folder.path().join(MANIFESTS).join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Takes it away again.
    pub(crate) fn remove(&self, name: &str) {
        fs::remove_file(self.folder.path().join(MANIFESTS).join(name)).unwrap();
    }

    /// Lays a file where runs work, outside of the manifests; it was made at some time.
    pub(crate) fn lay(&self, name: &str, text: &str, made: &str) {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        let made: Timestamp = made.parse().unwrap();
        File::options().write(true).open(path).unwrap().set_modified(made.into()).unwrap();
    }

    /// What a run wrote there.
    pub(crate) fn laid(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join(name)).unwrap_or_default()
    }

    /// The rollback files that runs left, as paths from where runs work.
    pub(crate) fn rollback_files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.run_folder().join("rollback")).into_iter().flatten().flatten();
        let paths = entries.map(|entry| entry.path());
        let yaml = paths.filter(|path| path.extension().is_some_and(|it| it == "yaml"));
        let names = yaml.filter_map(|path| path.file_name()?.to_str().map(str::to_owned));
        let mut files: Vec<String> =
            names.map(|name| format!("{MANIFESTS}/.rollcall/rollback/{name}")).collect();
        files.sort();
        files
    }

    fn run_folder(&self) -> PathBuf {
        self.folder.path().join(MANIFESTS).join(".rollcall")
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

    /// Runs a command about the manifests to its end, and not beyond the deadline.
    pub(crate) fn run(&self, args: &[&str], end: Option<End>) -> Result<Run, String> {
        self.run_task(Task::of(args), end)
    }

    /// The same, about whatever it is.
    pub(crate) fn run_task(&self, task: Task<'_>, end: Option<End>) -> Result<Run, String> {
        let path = |name: &str| self.folder.path().join(name);
        drop(fs::remove_file(path("report.json")));
        let first = self.sandbox.requests().len();
        let mut command = Command::new(env!("CARGO_BIN_EXE_rollcall"));
        command.args(task.args).args([task.path, "--now", task.now, "--endpoint", &self.sandbox.url()]);
        command.args(["--json", "report.json"]).current_dir(self.folder.path()).env_clear();
        command.envs(self.keys.iter().copied()).stdin(Stdio::null());
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
        let line = |request: &LoggedRequest| {
            let status = request.status.map_or("   ".to_owned(), |status| status.to_string());
            let body: String = request.body.chars().take(400).collect();
            let notes: Vec<String> = request.notes.iter().map(|note| format!("\n      !! {note}")).collect();
            format!("  {status} {} {} {body}{}\n", request.method, request.path, notes.concat())
        };
        self.sandbox.requests().iter().skip(first).map(line).collect()
    }

    pub(crate) fn stop(self) -> S::Seed {
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
