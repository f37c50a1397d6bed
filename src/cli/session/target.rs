//! Which account does a run talk to?

use std::path::{Path, PathBuf};

use crate::account::Connection;
use crate::account::activtrak::{self, Credentials, Headers, base_url};
use crate::account::docebo::ListConnection;
use crate::cli::args::{LearningPlatform, RegionWord, Start, Wire};
use crate::cli::process::context::{Context, Credential, pace};
use crate::cli::process::failure::Failure;
use crate::cli::session::emulated::{Emulated, EmulatedSeed};
use crate::cli::session::seed::SeedFile;
use crate::cli::session::{clock, learning};
use crate::diag::Sources;
use crate::http::{BadEndpoint, Endpoint, Limiter, Limits, Proxy, Secret};
use crate::manifest::HR_GROUP_TYPE;
use crate::model::{Account, Located, Place, Platform, Service, Tenant, Username, hex};
use crate::run::{FileError, RunTarget, Sandboxed};
use crate::sandbox::docebo::{self, Docebo};
use crate::sandbox::{self, Chaos, Clock, Config, Keys, Sandbox};
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

/// A sandbox or endpoint that can't be used.
#[derive(Debug, thiserror::Error)]
enum Unreachable {
    #[error(
        "no key: the environment has none of {}, {} and {}",
        Credential::ApiKey.variable(),
        Credential::Token.variable(),
        Credential::ScimKey.variable()
    )]
    NoKey,
    #[error("no random key can be made")]
    NoRandomness(#[source] getrandom::Error),
    #[error("the sandbox does not start")]
    Sandbox(#[from] sandbox::SandboxError),
    #[error("the seed of the sandbox can't be used")]
    Seed(#[from] sandbox::SeedError),
    #[error("the address of the region is none")]
    Region(#[from] BadEndpoint),
    #[error("the key of the sandbox is none")]
    Key(#[from] crate::http::BadSecret),
    #[error("what was read is of another platform than the account")]
    OtherPlatform,
    #[error("{seed} is a learning platform, and no manifest says what its usernames are")]
    NoUsername { seed: String },
    #[error("{seed} is an account at ActivTrak, whose users have no `username`")]
    Username { seed: String },
}

impl From<Unreachable> for Failure {
    fn from(error: Unreachable) -> Self {
        let failure = Self::error(error);
        match failure.error.downcast_ref() {
            Some(Unreachable::NoKey) => {
                failure.hint("set ACTIVTRAK_API_KEY to a key that an Admin made under Integrations, API keys")
            }
            Some(Unreachable::NoUsername { .. }) => failure.hint("write it beside `seed`: `username: email`"),
            Some(Unreachable::Username { .. }) => failure.hint("take `username` out of `account`"),
            _ => failure,
        }
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
        let banner = given.map(|endpoint| format!("Requests go to {}", endpoint.as_str()));
        match (given, &account.platform) {
            (_, Platform::Tenant(_, tenant)) => {
                let endpoint = learning::endpoint(given, tenant)?;
                let connection = learning::connection(
                    (account, tenant.username),
                    endpoint,
                    learning::credentials()?,
                    approach.wire,
                );
                Ok(Self { connection: Connection::Docebo(connection), banner, sandbox: None })
            }
            (Some(endpoint), Platform::Sandbox { username: Some(username), .. }) => {
                let credentials = learning::credentials()?;
                let connection = learning::connection(
                    (account, username.value),
                    endpoint.clone(),
                    credentials,
                    approach.wire,
                );
                Ok(Self { connection: Connection::Docebo(connection), banner, sandbox: None })
            }
            (Some(endpoint), _) => {
                let connection = connection(account, endpoint.clone(), keys()?, approach.wire);
                Ok(Self { connection, banner, sandbox: None })
            }
            (None, Platform::Region(_, region)) => {
                let endpoint = Endpoint::parse(base_url(*region)).map_err(Unreachable::from)?;
                let connection = connection(account, endpoint, keys()?, approach.wire);
                Ok(Self { connection, banner: None, sandbox: None })
            }
            (None, Platform::Sandbox { seed, username }) => {
                let file = SeedFile::find(approach.folder, sources, seed)?;
                let from = file.start(approach.start);
                let named = || from.display().to_string();
                match (sandbox::Platform::of(from), username) {
                    (sandbox::Platform::ActivTrak, None) => Self::start(account, &file, approach).await,
                    (sandbox::Platform::Docebo, Some(username)) => {
                        Self::start_learning((account, username.value), &file, approach).await
                    }
                    (sandbox::Platform::ActivTrak, Some(_)) => {
                        Err(Unreachable::Username { seed: named() }.into())
                    }
                    (sandbox::Platform::Docebo, None) => {
                        Err(Unreachable::NoUsername { seed: named() }.into())
                    }
                }
            }
        }
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

    /// Starts the sandbox of a run, with a key of its own.
    async fn start(account: &Account, file: &SeedFile, approach: Approach<'_>) -> Result<Self, Failure> {
        let from = file.start(approach.start);
        let seed = sandbox::Seed::load(from).map_err(Unreachable::from)?;
        let clock = clock::of_sandbox(approach.now, seed.account.as_of);
        let Served { sandbox, endpoint, key, scim_key } = serve(seed, clock, None).await?;
        let credentials =
            Credentials { api_key: Some(key), scim_key: Some(scim_key), ..Credentials::default() };
        let banner =
            format!("SANDBOX: not ActivTrak, but an account that was started from {}", from.display());
        let connection = connection(account, endpoint, credentials, approach.wire);
        let state = file.state.clone();
        let sandbox = Emulated::ActivTrak(sandbox);
        Ok(Self { connection, banner: Some(banner), sandbox: Some(Started { sandbox, state }) })
    }

    /// The same of a learning platform.
    async fn start_learning(
        (account, username): (&Account, Username),
        file: &SeedFile,
        approach: Approach<'_>,
    ) -> Result<Self, Failure> {
        let from = file.start(approach.start);
        let seed = docebo::Seed::load(from).map_err(Unreachable::from)?;
        let clock = clock::of_sandbox(approach.now, seed.as_of);
        let (sandbox, endpoint, credentials) = serve_learning(seed, clock, None).await?;
        let connection = learning::connection((account, username), endpoint, credentials, approach.wire);
        let banner =
            format!("SANDBOX: not a learning platform, but one that was started from {}", from.display());
        let started = Started { sandbox: Emulated::Docebo(sandbox), state: file.state.clone() };
        Ok(Self { connection: Connection::Docebo(connection), banner: Some(banner), sandbox: Some(started) })
    }

    /// A sandbox that starts from a seed, within reach of the same kinds of keys as this account. Others may upload to it for all
    /// that a run knows: it outlives each.
    pub(crate) async fn rehearsed(
        &self,
        seed: EmulatedSeed,
        (now, chaos): (Timestamp, Option<Chaos>),
        wire: &Wire,
    ) -> Result<(Self, Emulated), Failure> {
        match (&self.connection, seed) {
            (Connection::ActivTrak(live), EmulatedSeed::ActivTrak(seed)) => {
                Self::rehearsed_at_activtrak(live, seed, (now, chaos), wire).await
            }
            (Connection::Docebo(live), EmulatedSeed::Docebo(seed)) => {
                let (sandbox, endpoint, credentials) = serve_learning(seed, Clock::Fixed(now), chaos).await?;
                let connection = Connection::Docebo(learning::Connection {
                    pace: pace(&endpoint).with_patience(wire.patience),
                    proxy: None,
                    endpoint,
                    credentials,
                    limiter: Limiter::new(Limits::of(wire.concurrency)),
                    ..live.clone()
                });
                Ok((Self { connection, banner: None, sandbox: None }, Emulated::Docebo(sandbox)))
            }
            _ => Err(Unreachable::OtherPlatform.into()),
        }
    }

    /// What a number makes of a sandbox of this platform.
    pub(crate) fn temper(&self, chaos: Chaos) -> Chaos {
        match &self.connection {
            Connection::ActivTrak(_) => chaos,
            Connection::Docebo(_) | Connection::Lists(_) => Docebo::temper(chaos),
        }
    }

    async fn rehearsed_at_activtrak(
        live: &activtrak::Connection,
        seed: sandbox::Seed,
        (now, chaos): (Timestamp, Option<Chaos>),
        wire: &Wire,
    ) -> Result<(Self, Emulated), Failure> {
        let held = &live.credentials;
        let Served { sandbox, endpoint, key, scim_key } = serve(seed, Clock::Fixed(now), chaos).await?;
        let credentials = Credentials {
            api_key: held.api_key.as_ref().map(|_| key.clone()),
            token: held.token.as_ref().map(|_| key.clone()),
            scim_key: held.scim_key.as_ref().map(|_| scim_key.clone()),
            headers: Headers::default(),
        };
        let connection = Connection::ActivTrak(activtrak::Connection {
            pace: pace(&endpoint).with_patience(wire.patience),
            proxy: None,
            endpoint,
            credentials,
            limiter: Limiter::new(Limits::of(wire.concurrency)),
            // As every sandbox calls them, whatever the account does.
            hr_group_type: HR_GROUP_TYPE.into(),
        });
        Ok((Self { connection, banner: None, sandbox: None }, Emulated::ActivTrak(sandbox)))
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

/// A sandbox of this process, and the keys that open it.
struct Served {
    sandbox: Sandbox,
    endpoint: Endpoint,
    key: Secret,
    scim_key: Secret,
}

/// Starts a sandbox, with keys of its own.
async fn serve(seed: sandbox::Seed, clock: Clock, chaos: Option<Chaos>) -> Result<Served, Unreachable> {
    let (key, scim_key) = (random_key()?, random_key()?);
    let config = Config {
        hr_delay: std::time::Duration::ZERO,
        keys: Keys::Only(key.clone()),
        scim_keys: Keys::Only(scim_key.clone()),
        clock,
        chaos,
        ..Config::default()
    };
    let sandbox = Sandbox::start(seed, config, 0).await?;
    let endpoint = Endpoint::parse(&sandbox.url())?;
    Ok(Served { sandbox, endpoint, key: Secret::parse(&key)?, scim_key: Secret::parse(&scim_key)? })
}

/// Starts a sandbox of a learning platform, with credentials of its own.
async fn serve_learning(
    seed: docebo::Seed,
    clock: Clock,
    chaos: Option<Chaos>,
) -> Result<(Docebo, Endpoint, learning::Credentials), Unreachable> {
    let (client_id, client_secret) = (random_key()?, random_key()?);
    let credentials = learning::credentials_of(&client_id, &client_secret)?;
    let config = docebo::Config {
        clock,
        chaos,
        credentials: docebo::Credentials { client_id, client_secret, ..docebo::Credentials::default() },
        ..docebo::Config::default()
    };
    let sandbox = Docebo::start(seed, config, 0).await?;
    let endpoint = Endpoint::parse(&sandbox.url())?;
    Ok((sandbox, endpoint, credentials))
}

/// A key that nobody knows.
fn random_key() -> Result<String, Unreachable> {
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(Unreachable::NoRandomness)?;
    Ok(hex(&key))
}

fn connection(account: &Account, endpoint: Endpoint, credentials: Credentials, wire: &Wire) -> Connection {
    Connection::ActivTrak(activtrak::Connection {
        pace: pace(&endpoint).with_patience(wire.patience),
        proxy: Proxy::of(&endpoint, Context::proxy_variable),
        endpoint,
        credentials,
        limiter: Limiter::new(Limits { rate: wire.max_rate, ..Limits::of(wire.concurrency) }),
        hr_group_type: account.hr_group_type.clone(),
    })
}

/// The platform that a command line names; none where it names none.
pub(crate) fn platform(
    region: Option<RegionWord>,
    learning: LearningPlatform,
    given: Option<&Endpoint>,
) -> Result<Option<Platform>, Failure> {
    let LearningPlatform { platform, username } = learning;
    Ok(match (region, platform.zip(username)) {
        (_, Some((service, username))) => {
            let name = Located::unplaced(learning::named(given)?);
            Some(Platform::Tenant(service, Tenant { name, username: username.into() }))
        }
        (Some(region), None) => {
            Service::first(Place::Region).map(|service| Platform::Region(service, region.into()))
        }
        (None, None) => None,
    })
}

/// The credential that nobody without rights at an account has: what a key of reviews is made of, where there is none.
pub(crate) fn main_credential(account: &Account) -> Credential {
    // Who has a username there logs in at a learning platform.
    match account.platform.username() {
        Some(_) => Credential::DoceboClientSecret,
        None => Credential::ApiKey,
    }
}

/// Whether the environment has any key.
pub(crate) fn is_keyed() -> Result<bool, Failure> {
    let mut keys = [Credential::ApiKey, Credential::Token, Credential::ScimKey].into_iter();
    keys.try_fold(false, |found, key| Ok(found || key.read()?.is_some()))
}

/// The keys of the environment.
fn keys() -> Result<Credentials, Failure> {
    let credentials = Credentials {
        api_key: Credential::ApiKey.read()?,
        token: Credential::Token.read()?,
        scim_key: Credential::ScimKey.read()?,
        headers: Headers::default(),
    };
    match credentials {
        Credentials { api_key: None, token: None, scim_key: None, .. } => Err(Unreachable::NoKey.into()),
        some => Ok(some),
    }
}
