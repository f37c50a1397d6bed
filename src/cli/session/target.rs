//! Which account does a run talk to?

use std::path::{Path, PathBuf};

use crate::account::{
    self, Connection, ListConnection, Variable, Way, Why, named, service_of, usual, variables,
};
use crate::cli::args::{LearningPlatform, RegionWord, Start, Wire};
use crate::cli::process::context::Context;
use crate::cli::process::failure::Failure;
use crate::cli::session::clock;
use crate::cli::session::seed::SeedFile;
use crate::diag::Sources;
use crate::http::{BadEndpoint, Endpoint, Limits};
use crate::model::{Account, Located, Place, Platform, Service, Tenant, hex};
use crate::run::{FileError, RunTarget, Sandboxed};
use crate::sandbox::{self, Chaos, Clock, Emulated, EmulatedSeed};
use jiff::Timestamp;

/// Where an account is that lists stand in for; no host is called so.
const LISTS: &str = "exported lists";

/// An account within reach.
#[derive(Debug)]
pub(crate) struct Target {
    /// How it is talked to.
    pub(crate) connection: Connection,
    /// What the first line of output says of it, where it is not what anybody would think.
    pub(crate) banner: Option<String>,
    /// The sandbox of this run.
    sandbox: Option<Started>,
}

/// A sandbox that runs as long as the run does.
struct Started {
    sandbox: Emulated,
    state: PathBuf,
}

impl std::fmt::Debug for Started {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Started({})", self.state.display())
    }
}

/// What a run brings along to its account.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Approach<'a> {
    /// How the command line wants it reached.
    pub(crate) wire: &'a Wire,
    /// Which of its files a sandbox of the run starts from.
    pub(crate) start: Start,
    /// The folder of manifests.
    pub(crate) folder: &'a Path,
    /// The clock of the account, if it is one of ours and another than its seed says.
    pub(crate) now: Option<Timestamp>,
}

/// A sandbox that can't be used.
#[derive(Debug, thiserror::Error)]
enum Unusable {
    #[error("no random key can be made")]
    NoRandomness(#[source] getrandom::Error),
    #[error("the sandbox does not start")]
    Sandbox(#[from] sandbox::SandboxError),
    #[error("the seed of the sandbox can't be used")]
    Seed(#[from] sandbox::SeedError),
    #[error("the address of the sandbox is none")]
    Address(#[from] BadEndpoint),
    #[error("what was read is of another platform than the account")]
    OtherPlatform,
    #[error("{seed} is {platform}, and no manifest says what its usernames are")]
    NoUsername { seed: String, platform: &'static str },
    #[error("{seed} is an account at {platform}, whose users have no `username`")]
    Username { seed: String, platform: &'static str },
}

impl From<Unusable> for Failure {
    fn from(error: Unusable) -> Self {
        let hint = match &error {
            Unusable::NoUsername { .. } => Some("write it beside `seed`: `username: email`"),
            Unusable::Username { .. } => Some("take `username` out of `account`"),
            _ => None,
        };
        hint.into_iter().fold(Self::error(error), Self::hint)
    }
}

impl From<account::Unreachable> for Failure {
    fn from(unreachable: account::Unreachable) -> Self {
        let account::Unreachable { why, hint } = unreachable;
        hint.into_iter().fold(Self::error(why), Self::hint)
    }
}

impl From<Why> for Failure {
    fn from(why: Why) -> Self {
        account::Unreachable::from(why).into()
    }
}

impl Target {
    /// Finds the account that manifests name; a sandbox is started.
    pub(crate) async fn find(
        account: &Account,
        sources: &Sources,
        approach: Approach<'_>,
    ) -> Result<Self, Failure> {
        let given = approach.wire.endpoint.as_ref();
        if let (None, Platform::Sandbox { seed, .. }) = (given, &account.platform) {
            let file = SeedFile::find(approach.folder, sources, seed)?;
            return Self::start(account, &file, approach).await;
        }
        let way = way(given, &Context::variable, approach.wire);
        let connection = Connection::open(service_of(&account.platform), account, &way)?;
        let banner = given.map(|endpoint| format!("Requests go to {}", endpoint.as_str()));
        Ok(Self { connection, banner, sandbox: None })
    }

    /// What lists show, in place of an account within reach.
    pub(crate) const fn listed(lists: ListConnection, banner: String) -> Self {
        Self { connection: Connection::Lists(lists), banner: Some(banner), sandbox: None }
    }

    /// Whether the account is a sandbox of this run: whatever it has not processed by then, it never will.
    pub(crate) fn ends_with_the_run(&self) -> bool {
        self.sandbox.is_some()
    }

    /// Whose files in the run folder are of an account here.
    pub(crate) fn target(&self, account: &Account) -> RunTarget {
        let sandbox = self.ends_with_the_run().then_some(Sandboxed::InProcess);
        let host = self.connection.endpoint().map_or(LISTS, Endpoint::host);
        RunTarget::of(account, host, sandbox)
    }

    /// Starts the sandbox of a run, with keys of its own.
    async fn start(account: &Account, file: &SeedFile, approach: Approach<'_>) -> Result<Self, Failure> {
        let from = file.start(approach.start);
        let seed = EmulatedSeed::load(from).map_err(Unusable::from)?;
        let service = emulated(&seed)?;
        let named = || from.display().to_string();
        let one = match (service.place(), account.platform.username()) {
            (Place::Region, None) => "an account",
            (Place::Tenant, Some(_)) => "one",
            (Place::Region, Some(_)) => {
                return Err(Unusable::Username { seed: named(), platform: service.name() }.into());
            }
            (Place::Tenant, None) => {
                return Err(Unusable::NoUsername { seed: named(), platform: service.name() }.into());
            }
        };
        let clock = clock::of_sandbox(approach.now, seed.as_of());
        let (sandbox, endpoint) = serve(seed, clock, None).await?;
        let environment = |name: &str| said(&sandbox, name);
        let way = way(Some(&endpoint), &environment, approach.wire);
        let connection = Connection::open(service, account, &way)?;
        let banner =
            format!("SANDBOX: not {}, but {one} that was started from {}", service.name(), from.display());
        let sandbox = Some(Started { sandbox, state: file.state.clone() });
        Ok(Self { connection, banner: Some(banner), sandbox })
    }

    /// A sandbox that starts from a seed, within reach of the same kinds of keys as this account. Others may upload to it for all
    /// that a run knows: it outlives each.
    pub(crate) async fn rehearsed(
        &self,
        seed: EmulatedSeed,
        (now, chaos): (Timestamp, Option<Chaos>),
        wire: &Wire,
    ) -> Result<(Self, Emulated), Failure> {
        if emulated(&seed)? != self.connection.service() {
            return Err(Unusable::OtherPlatform.into());
        }
        let (sandbox, endpoint) = serve(seed, Clock::Fixed(now), chaos).await?;
        let environment = |name: &str| said(&sandbox, name);
        let limits = Limits::of(wire.concurrency);
        let way = Way { limits, ..way(Some(&endpoint), &environment, wire) };
        let connection = self.connection.rehearsed(&way)?;
        Ok((Self { connection, banner: None, sandbox: None }, sandbox))
    }

    /// What a number makes of a sandbox of this platform.
    pub(crate) fn temper(&self, chaos: Chaos) -> Chaos {
        let word = self.connection.service().word();
        let platform = sandbox::Platform::ALL.into_iter().find(|it| it.word() == word);
        platform.map_or(chaos, |platform| platform.temper(chaos))
    }

    /// The same for another run: what one learnt of the account, and that it let no more writes out, ends with it.
    pub(crate) fn renew(&mut self) {
        self.connection.renew();
    }

    /// Keeps what a run made of its sandbox, for the next one.
    pub(crate) fn keep(&self) -> Result<(), FileError> {
        let Some(started) = &self.sandbox else { return Ok(()) };
        let save = started.sandbox.snapshot().save(&started.state);
        save.map_err(|source| FileError::new(&started.state, "written", source))
    }
}

/// What a run brings along to an account.
fn way<'a>(
    endpoint: Option<&'a Endpoint>,
    environment: &'a dyn Fn(&str) -> Option<String>,
    wire: &Wire,
) -> Way<'a> {
    let limits = Limits { rate: wire.max_rate, ..Limits::of(wire.concurrency) };
    Way { endpoint, environment, limits, patience: wire.patience }
}

/// The platform that a seed is of.
fn emulated(seed: &EmulatedSeed) -> Result<Service, Unusable> {
    Service::of(seed.platform().word()).ok_or(Unusable::OtherPlatform)
}

/// What a sandbox says of the environment of a run against it.
fn said(sandbox: &Emulated, name: &str) -> Option<String> {
    let opener = sandbox.opened_by().iter().find(|it| it.variable == name);
    opener.map(|opener| opener.value.clone())
}

/// Starts a sandbox, with keys of its own.
async fn serve(
    seed: EmulatedSeed,
    clock: Clock,
    chaos: Option<Chaos>,
) -> Result<(Emulated, Endpoint), Unusable> {
    let sandbox = seed.of_a_run([random_key()?, random_key()?], clock, chaos).start(0).await?;
    let endpoint = Endpoint::parse(&sandbox.url())?;
    Ok((sandbox, endpoint))
}

/// A key that nobody knows.
fn random_key() -> Result<String, Unusable> {
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(Unusable::NoRandomness)?;
    Ok(hex(&key))
}

/// The platform that a command line names; none where it names none.
pub(crate) fn platform(
    region: Option<RegionWord>,
    learning: LearningPlatform,
    wire: &Wire,
) -> Result<Option<Platform>, Failure> {
    let LearningPlatform { platform, username } = learning;
    Ok(match (region, platform.zip(username)) {
        (_, Some((service, username))) => {
            let way = way(wire.endpoint.as_ref(), &Context::variable, wire);
            let name = Located::unplaced(named(service, &way)?);
            Some(Platform::Tenant(service, Tenant { name, username: username.into() }))
        }
        (Some(region), None) => Some(Platform::Region(usual(Place::Region), region.into())),
        (None, None) => None,
    })
}

/// The credential that nobody without rights at an account has: what a key of reviews is made of, where there is none.
pub(crate) const fn main_credential(account: &Account) -> Variable {
    variables(service_of(&account.platform)).main
}
