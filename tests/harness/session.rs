//! Where do the commands of a case run? In a scratch copy of its manifests, against a sandbox of its own.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;
use std::time::Duration;

use rollcall::sandbox::{Clock, Config, Fault, Faults, Keys, LoggedRequest, Setting, Settings, docebo};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

use crate::account::{Account, Emulated, HowItRuns};
use crate::binary::{self, NOW, Ran};
use crate::case::{Case, Command};
use crate::{Checked, case};

/// The key of every sandbox here.
pub(crate) const KEY: &str = "a-key-for-tests";
/// The key of their SCIM side.
const SCIM_KEY: &str = "a-scim-key-for-tests";

/// How old the download of a case is.
const DOWNLOADED: jiff::SignedDuration = jiff::SignedDuration::from_mins(10);

/// By which API users are read and written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Users {
    /// As the case's own keys and settings have it.
    AsTheCaseSays,
    /// By SCIM: the Identity API is closed.
    ByScim,
}

/// What the sandboxes of all tests run on.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.unwrap_or_else(|error| panic!("no runtime: {error}"))
});

/// Whether the account takes writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Writes {
    /// As the case says.
    AsTheCaseSays,
    /// Every one is answered with 500.
    Fail,
}

/// How the account is set up where no document says how accounts are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SetUp {
    /// As the case's own settings have it.
    AsTheCaseSays,
    /// Otherwise, in whatever must not matter: it says only what a document declares or a live answer showed, numbers the parents
    /// of groups by themselves, and wants a `Content-Type` on reads of SCIM.
    Otherwise,
    /// It takes no edit that removes a value by null.
    NoNullEdits,
}

/// A folder that the commands of a case run in, and how the account is set up there.
pub(crate) struct Scratch(TempDir, Users, SetUp);

impl Scratch {
    /// A copy of the manifests, and of the base branch's if there is one.
    pub(crate) fn of(case: &Case) -> Checked<Scratch> {
        Scratch::with(case, Users::AsTheCaseSays)
    }

    /// A copy of the manifests for an account whose users are carried in this way.
    pub(crate) fn with(case: &Case, users: Users) -> Checked<Scratch> {
        let scratch = Scratch(tempfile::tempdir()?, users, SetUp::AsTheCaseSays);
        for part in ["manifests", "base", "lists"] {
            let from = case.folder.join(part);
            if from.is_dir() {
                copy(&from, &scratch.path().join(part))?;
            }
        }
        let everybody = case.folder.join("everybody.csv");
        if everybody.exists() {
            fs::copy(everybody, scratch.path().join("everybody.csv"))?;
        }
        let download = case.folder.join("download.csv");
        if download.exists() {
            let copy = scratch.path().join("download.csv");
            fs::copy(download, &copy)?;
            let made: jiff::Timestamp = NOW.parse()?;
            fs::File::options().write(true).open(copy)?.set_modified((made - DOWNLOADED).into())?;
        }
        Ok(scratch)
    }

    /// The same folder for an account that is set up so.
    pub(crate) fn for_account(self, set_up: SetUp) -> Scratch {
        Scratch(self.0, self.1, set_up)
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// The digest of the plan that the first `plan` saved.
    pub(crate) fn digest(&self) -> Checked<String> {
        case::digest(&self.path().join("plan.json"))
    }
}

fn copy(from: &Path, to: &Path) -> Checked<()> {
    fs::create_dir_all(to)?;
    for name in case::entries(from)? {
        let (from, to) = (from.join(&name), to.join(&name));
        if from.is_dir() {
            copy(&from, &to)?;
        } else {
            fs::copy(from, to)?;
        }
    }
    Ok(())
}

/// A running account, and the folder to work on it from.
pub(crate) struct Session<'a> {
    case: &'a Case,
    scratch: &'a Scratch,
    sandbox: Emulated,
}

impl<'a> Session<'a> {
    /// Starts the account of a case, on any port.
    pub(crate) fn start(case: &'a Case, scratch: &'a Scratch, writes: Writes) -> Checked<Session<'a>> {
        let mut faults = case.faults.clone();
        if writes == Writes::Fail {
            faults.push("fail-writes".to_owned());
        }
        Session::start_from(case, scratch, case.seed.clone(), &faults)
    }

    /// Starts an account that behaves, as another one was left.
    pub(crate) fn resume(case: &'a Case, scratch: &'a Scratch, seed: Account) -> Checked<Session<'a>> {
        Session::start_from(case, scratch, seed, &[])
    }

    fn start_from(
        case: &'a Case,
        scratch: &'a Scratch,
        seed: Account,
        faults: &[String],
    ) -> Checked<Session<'a>> {
        let how = match &seed {
            Account::ActivTrak(_) => HowItRuns::ActivTrak(Session::activtrak(case, scratch, faults)?),
            Account::Learning(_) => HowItRuns::Learning(Session::learning(case, scratch, faults)?),
        };
        let sandbox = RUNTIME.block_on(Emulated::start(seed, how))?;
        Ok(Session { case, scratch, sandbox })
    }

    /// How a learning platform runs. Set up otherwise, it does whatever no document excludes.
    fn learning(case: &Case, scratch: &Scratch, faults: &[String]) -> Checked<docebo::Config> {
        let otherwise = [
            docebo::Setting::NumericIds,
            docebo::Setting::PluralCreate,
            docebo::Setting::PagesFromZero,
            docebo::Setting::Idst,
            docebo::Setting::RelationCapitals,
            docebo::Setting::OldUsers,
            docebo::Setting::LevelPaths,
            docebo::Setting::IdField,
            docebo::Setting::FlatBranches,
            docebo::Setting::OldCourses,
            docebo::Setting::Subscribed,
            docebo::Setting::StatusNumbers,
        ];
        let settings = match scratch.2 {
            SetUp::AsTheCaseSays | SetUp::NoNullEdits => case.learning.clone(),
            SetUp::Otherwise => otherwise.into_iter().collect(),
        };
        Ok(docebo::Config {
            faults: docebo::Faults::parse(faults)?,
            settings,
            credentials: docebo::Credentials {
                client_id: KEY.to_owned(),
                client_secret: KEY.to_owned(),
                ..docebo::Credentials::default()
            },
            clock: Clock::Fixed(NOW.parse()?),
            ..docebo::Config::default()
        })
    }

    fn activtrak(case: &Case, scratch: &Scratch, faults: &[String]) -> Checked<Config> {
        let faults = faults.iter().map(|text| text.parse()).collect::<Result<Vec<Fault>, _>>()?;
        let faults: Faults = faults.into_iter().collect();
        let settings: Settings = match scratch.1 {
            Users::AsTheCaseSays => case.settings.clone(),
            Users::ByScim => std::iter::once(Setting::IdentityClosed).collect(),
        };
        let settings = match scratch.2 {
            SetUp::AsTheCaseSays => settings,
            SetUp::Otherwise => {
                settings.with(Setting::DeclaredOnly).with(Setting::ParentIds).with(Setting::ScimTyped)
            }
            SetUp::NoNullEdits => settings.with(Setting::NoNullEdits),
        };
        Ok(Config {
            faults,
            settings,
            hr_delay: Duration::ZERO,
            keys: Keys::Only(KEY.to_owned()),
            scim_keys: Keys::Only(SCIM_KEY.to_owned()),
            clock: Clock::Fixed(NOW.parse()?),
            ..Config::default()
        })
    }

    /// Runs a command with what the case adds to it.
    pub(crate) fn run(&self, command: Command, concurrency: u8) -> Checked<Ran> {
        self.run_with(command, concurrency, &[])
    }

    /// Runs a command with more still.
    pub(crate) fn run_with(&self, command: Command, concurrency: u8, more: &[&str]) -> Checked<Ran> {
        let mut args: Vec<String> =
            [command.word(), "manifests", "--now", NOW].into_iter().map(str::to_owned).collect();
        if command != Command::Validate {
            args.extend(["--endpoint".to_owned(), self.sandbox.url()]);
            args.extend(["--concurrency".to_owned(), concurrency.to_string()]);
        }
        match command {
            // The first plan is the one that is expected, approved and compared: later ones do not take its place.
            Command::Plan if !self.scratch.path().join("plan.json").exists() => {
                args.extend(["--json", "plan.json"].map(str::to_owned));
            }
            Command::Validate | Command::Plan | Command::Export => {}
            Command::Apply => args.extend(["--yes", "--wait", "1s"].map(str::to_owned)),
        }
        // Nobody else uploads to the account of a case: only cases about waiting wait.
        if command == Command::Apply && !self.case.args(command).contains(&"--settle".to_owned()) {
            args.extend(["--settle", "0s"].map(str::to_owned));
        }
        for arg in self.case.args(command) {
            args.push(if arg == "$DIGEST" { self.scratch.digest()? } else { arg.clone() });
        }
        args.extend(more.iter().map(|arg| (*arg).to_owned()));
        let mut ran = binary::run(self.scratch.path(), &args, &self.keys())?;
        for text in [&mut ran.stdout, &mut ran.stderr] {
            *text = self.scrubbed(text);
        }
        Ok(ran)
    }

    /// Carries out the file that an apply left, with the approval that its plan may need.
    pub(crate) fn go_back(&self, file: &str) -> Checked<Ran> {
        // Without violations the approval is one more expectation.
        let plan = self.about(&["plan", file, "--json", "back.json"])?;
        let exit = if plan.exit == 3 { 3 } else { 0 };
        plan.exits_with(exit, "plan of the way back")?;
        let digest = case::digest(&self.scratch.path().join("back.json"))?;
        self.about(&["rollback", file, "--yes", "--wait", "1s", "--settle", "0s", "--approve", &digest])
    }

    /// Whether the file that an apply left finds everything as it says.
    pub(crate) fn nothing_to_go_back(&self, file: &str) -> Checked<()> {
        self.about(&["plan", file, "--detailed-exitcode"])?.exits_with(0, "plan after rollback").map(drop)
    }

    /// Writes manifests of the account into a folder.
    pub(crate) fn import(&self, folder: &str) -> Checked<Ran> {
        self.about(&[&["import", folder], &*self.case.place()].concat())
    }

    /// Adopts what the account has into the manifests of the case.
    pub(crate) fn adopt(&self, more: &[&str]) -> Checked<Ran> {
        let given = self.case.args(Command::Plan);
        let exports = given.windows(2).filter(|pair| pair[0] == "--hr").map(|pair| pair[1].as_str());
        let exports: Vec<&str> = exports.flat_map(|export| ["--hr-file", export]).collect();
        let args = [&["import", "--into", "manifests"], &*exports, more].concat();
        self.about(&args)
    }

    /// Saves the account as the seed of a sandbox.
    pub(crate) fn save(&self, file: &str) -> Checked<Ran> {
        self.about(&[&["import", "--sandbox", file], &*self.case.place()].concat())
    }

    /// Plans a folder, without what the case adds to its own.
    pub(crate) fn plan_of(&self, folder: &str) -> Checked<Ran> {
        self.about(&["plan", folder, "--detailed-exitcode"])
    }

    /// Runs a command without what the case adds to it.
    fn about(&self, args: &[&str]) -> Checked<Ran> {
        let url = self.sandbox.url();
        let more = ["--now", NOW, "--endpoint", &url, "--concurrency", "1"];
        let args: Vec<String> = args.iter().chain(&more).map(|arg| (*arg).to_owned()).collect();
        binary::run(self.scratch.path(), &args, &self.keys())
    }

    /// The keys of the environment.
    fn keys(&self) -> Vec<(&str, &str)> {
        let mut names: Vec<&str> = self.case.keys.iter().map(String::as_str).collect();
        if self.scratch.1 == Users::ByScim {
            names.push("ACTIVTRAK_SCIM_KEY");
        }
        let key = |name: &str| if name == "ACTIVTRAK_SCIM_KEY" { SCIM_KEY } else { KEY };
        names.into_iter().map(|name| (name, key(name))).collect()
    }

    /// Whether the account was asked anything at all.
    pub(crate) fn was_asked(&self) -> bool {
        !self.sandbox.requests().is_empty()
    }

    /// A text without the port, which is another one every time.
    pub(crate) fn scrubbed(&self, text: &str) -> String {
        text.replace(&self.sandbox.url(), "http://127.0.0.1:PORT")
    }

    /// The requests that could have changed the account, in order.
    pub(crate) fn writes(&self) -> Vec<LoggedRequest> {
        self.sandbox.requests().into_iter().filter(LoggedRequest::is_write).collect()
    }

    /// Ends the account and tells what became of it.
    pub(crate) fn end(self) -> Account {
        RUNTIME.block_on(self.sandbox.stop())
    }
}
