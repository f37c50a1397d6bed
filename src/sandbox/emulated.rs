//! An account of whichever platform: what it starts from, how it is run, and the sandbox that serves it.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;

use crate::sandbox::activtrak::Sandbox;
use crate::sandbox::chaos::Chaos;
use crate::sandbox::config::{Clock, Config, Keys};
use crate::sandbox::docebo::{self, Docebo};
use crate::sandbox::error::SandboxError;
use crate::sandbox::faults::{FaultError, Faults};
use crate::sandbox::file::SeedError;
use crate::sandbox::log::RequestKind;
use crate::sandbox::platform::Platform;
use crate::sandbox::seed::Seed;
use crate::sandbox::settings::{Setting, SettingError, Settings};
use crate::sandbox::watch::Watcher;

/// What an account of whichever platform starts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EmulatedSeed {
    /// An account at ActivTrak.
    ActivTrak(Seed),
    /// A tenant of the learning platform.
    Docebo(docebo::Seed),
}

/// How a sandbox of whichever platform is run. What the platform has no use for is refused.
#[derive(Debug, Clone)]
pub struct Manner<'a> {
    /// How it misbehaves.
    pub faults: &'a [String],
    /// How it misbehaves by a number, if it does.
    pub chaos: Option<Chaos>,
    /// How it is set up, besides what its seed says.
    pub settings: &'a [String],
    /// How long an HR upload waits, unless it is as long as usual.
    pub hr_delay: Option<Duration>,
    /// The key that opens it; what is usual, without.
    pub key: Option<String>,
    /// The key that opens SCIM; any, without.
    pub scim_key: Option<String>,
    /// What time it is there.
    pub clock: Clock,
    /// Who looks on.
    pub watcher: Watcher,
}

/// A manner in which no sandbox of the platform is run.
#[derive(Debug, thiserror::Error)]
pub enum Misuse {
    /// There is no such fault.
    #[error(transparent)]
    Fault(#[from] FaultError),
    /// There is no such setting.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// There is no such setting of a learning platform.
    #[error(transparent)]
    LearningSetting(#[from] docebo::SettingError),
    /// Something that only another platform has.
    #[error("{what} is about ActivTrak, and {account} is a learning platform")]
    Misplaced {
        /// What was asked for, as an option of the command line.
        what: &'static str,
        /// The account.
        account: String,
    },
}

/// A sandbox that is ready to start.
#[derive(Debug)]
pub struct Prepared(Ready);

#[derive(Debug)]
enum Ready {
    ActivTrak(Seed, Config),
    Docebo(docebo::Seed, docebo::Config),
}

/// A running sandbox of whichever platform. Dropping it stops it.
#[derive(Debug)]
pub struct Emulated {
    served: Served,
    /// What opens it.
    opened_by: Vec<Opener>,
}

#[derive(Debug)]
enum Served {
    ActivTrak(Sandbox),
    Docebo(Docebo),
}

/// A variable of the environment that a run needs to open a sandbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opener {
    /// The variable.
    pub variable: &'static str,
    /// What it is to say.
    pub value: String,
    /// Whether a run gets along without.
    pub need: Need,
}

/// Whether a run gets along without a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// It does not.
    Needed,
    /// It does.
    Spare,
}

/// A key for which any will do.
const ANY: &str = "any";

impl EmulatedSeed {
    /// Reads an account of the platform that its file says. That it could exist is checked when a sandbox starts.
    ///
    /// # Errors
    /// The file can't be read, is not JSON, lacks a member or has one that is unknown.
    pub fn load(path: &Path) -> Result<EmulatedSeed, SeedError> {
        match Platform::of(path) {
            Platform::ActivTrak => Seed::load(path).map(EmulatedSeed::ActivTrak),
            Platform::Docebo => docebo::Seed::load(path).map(EmulatedSeed::Docebo),
        }
    }

    /// What time it always is in the account of a file, if the file says so. What is wrong with it is left to [`EmulatedSeed::load`].
    pub fn as_of_file(path: &Path) -> Option<Timestamp> {
        match Platform::of(path) {
            Platform::ActivTrak => Seed::as_of(path),
            Platform::Docebo => docebo::Seed::load(path).ok()?.as_of,
        }
    }

    /// The platform that it is of.
    pub fn platform(&self) -> Platform {
        match self {
            EmulatedSeed::ActivTrak(_) => Platform::ActivTrak,
            EmulatedSeed::Docebo(_) => Platform::Docebo,
        }
    }

    /// What time it always is there, if it says so.
    pub fn as_of(&self) -> Option<Timestamp> {
        match self {
            EmulatedSeed::ActivTrak(seed) => seed.account.as_of,
            EmulatedSeed::Docebo(seed) => seed.as_of,
        }
    }

    /// How many users and groups it has.
    pub fn size(&self) -> (usize, usize) {
        match self {
            EmulatedSeed::ActivTrak(seed) => (seed.users.len(), seed.groups.len()),
            EmulatedSeed::Docebo(seed) => (seed.users.len(), seed.groups.len()),
        }
    }

    /// Whether an account could be like that.
    ///
    /// # Errors
    /// None could: why.
    pub fn check(&self) -> Result<(), SeedError> {
        match self {
            EmulatedSeed::ActivTrak(seed) => seed.check(),
            EmulatedSeed::Docebo(seed) => seed.check(),
        }
    }

    /// Writes its file, as each platform does.
    ///
    /// # Errors
    /// The folder can't be written.
    pub fn save(&self, path: &Path) -> io::Result<()> {
        match self {
            EmulatedSeed::ActivTrak(seed) => seed.save(path),
            EmulatedSeed::Docebo(seed) => seed.save(path),
        }
    }

    /// The bytes of its file.
    ///
    /// # Errors
    /// A value that JSON can't hold.
    pub fn to_text(&self) -> io::Result<Vec<u8>> {
        match self {
            EmulatedSeed::ActivTrak(seed) => seed.to_text(),
            EmulatedSeed::Docebo(seed) => seed.to_text(),
        }
    }

    /// What the account is called.
    pub fn name(&self) -> &str {
        match self {
            EmulatedSeed::ActivTrak(seed) => &seed.account.name,
            EmulatedSeed::Docebo(seed) => &seed.tenant,
        }
    }

    /// The same account with pseudonyms for everybody and everything that has a name.
    #[must_use]
    pub fn with_pseudonyms(self) -> EmulatedSeed {
        match self {
            EmulatedSeed::ActivTrak(seed) => EmulatedSeed::ActivTrak(seed.with_pseudonyms()),
            EmulatedSeed::Docebo(seed) => EmulatedSeed::Docebo(seed.with_pseudonyms()),
        }
    }

    /// A sandbox of it as a run starts it for itself, with two keys that nobody knows: nothing waits there.
    pub fn of_a_run(self, keys: [String; 2], clock: Clock, chaos: Option<Chaos>) -> Prepared {
        let [one, other] = keys;
        Prepared(match self {
            EmulatedSeed::ActivTrak(seed) => {
                let (keys, scim_keys) = (Keys::Only(one), Keys::Only(other));
                let hr_delay = Duration::ZERO;
                Ready::ActivTrak(
                    seed,
                    Config { chaos, hr_delay, keys, scim_keys, clock, ..Config::default() },
                )
            }
            EmulatedSeed::Docebo(seed) => {
                let usual = docebo::Credentials::default();
                let credentials = docebo::Credentials { client_id: one, client_secret: other, ..usual };
                Ready::Docebo(seed, docebo::Config { chaos, credentials, clock, ..docebo::Config::default() })
            }
        })
    }

    /// A sandbox of it, run in this manner.
    ///
    /// # Errors
    /// No sandbox of the platform is run like that.
    pub fn prepared(self, manner: Manner<'_>) -> Result<Prepared, Misuse> {
        Ok(Prepared(match self {
            EmulatedSeed::ActivTrak(seed) => {
                let config = at_activtrak(manner)?;
                Ready::ActivTrak(seed, config)
            }
            EmulatedSeed::Docebo(seed) => {
                let config = at_docebo(&seed, manner)?;
                Ready::Docebo(seed, config)
            }
        }))
    }
}

fn at_activtrak(manner: Manner<'_>) -> Result<Config, Misuse> {
    let usual = Config::default();
    Ok(Config {
        faults: Faults::parse(manner.faults)?,
        settings: Settings::parse(manner.settings)?,
        hr_delay: manner.hr_delay.unwrap_or(usual.hr_delay),
        keys: manner.key.map_or(Keys::Any, Keys::Only),
        scim_keys: manner.scim_key.map_or(Keys::Any, Keys::Only),
        clock: manner.clock,
        chaos: manner.chaos,
        watcher: manner.watcher,
        ..usual
    })
}

fn at_docebo(seed: &docebo::Seed, manner: Manner<'_>) -> Result<docebo::Config, Misuse> {
    let misplaced = [("--scim-key", manner.scim_key.is_some()), ("--hr-delay", manner.hr_delay.is_some())];
    if let Some((what, _)) = misplaced.into_iter().find(|(_, is_given)| *is_given) {
        return Err(Misuse::Misplaced { what, account: seed.tenant.clone() });
    }
    let usual = docebo::Credentials::default();
    let client_secret = manner.key.unwrap_or_else(|| usual.client_secret.clone());
    Ok(docebo::Config {
        faults: docebo::Faults::parse(manner.faults)?,
        settings: docebo::Settings::parse(manner.settings)?,
        credentials: docebo::Credentials { client_secret, ..usual },
        clock: manner.clock,
        chaos: manner.chaos,
        watcher: manner.watcher,
        ..docebo::Config::default()
    })
}

impl Prepared {
    /// Serves the account on 127.0.0.1, on the given port or, for 0, on any.
    ///
    /// # Errors
    /// No account could be like the seed, or the port is taken.
    pub async fn start(self, port: u16) -> Result<Emulated, SandboxError> {
        let opened_by = self.openers();
        let served = match self.0 {
            Ready::ActivTrak(seed, config) => Served::ActivTrak(Sandbox::start(seed, config, port).await?),
            Ready::Docebo(seed, config) => Served::Docebo(Docebo::start(seed, config, port).await?),
        };
        Ok(Emulated { served, opened_by })
    }

    /// What opens it, as an environment says it.
    fn openers(&self) -> Vec<Opener> {
        let opener =
            |(variable, value, need): (_, &str, _)| Opener { variable, value: value.to_owned(), need };
        match &self.0 {
            Ready::ActivTrak(seed, config) => {
                let has = |settings: &Settings| settings.has(Setting::IdentityClosed);
                let is_closed = has(&config.settings) || has(&seed.account.settings);
                let scim = if is_closed { Need::Needed } else { Need::Spare };
                [
                    ("ACTIVTRAK_API_KEY", key(&config.keys), Need::Needed),
                    ("ACTIVTRAK_SCIM_KEY", key(&config.scim_keys), scim),
                ]
                .map(opener)
                .into()
            }
            Ready::Docebo(_, config) => [
                ("DOCEBO_CLIENT_ID", &*config.credentials.client_id, Need::Needed),
                ("DOCEBO_CLIENT_SECRET", &*config.credentials.client_secret, Need::Needed),
            ]
            .map(opener)
            .into(),
        }
    }
}

/// A key that opens what these do.
fn key(keys: &Keys) -> &str {
    match keys {
        Keys::Any => ANY,
        Keys::Only(key) => key,
    }
}

impl Emulated {
    /// Where it listens: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        match &self.served {
            Served::ActivTrak(sandbox) => sandbox.url(),
            Served::Docebo(sandbox) => sandbox.url(),
        }
    }

    /// What opens it, as the environment of a run says it.
    pub fn opened_by(&self) -> &[Opener] {
        &self.opened_by
    }

    /// The account now.
    pub fn snapshot(&self) -> EmulatedSeed {
        match &self.served {
            Served::ActivTrak(sandbox) => EmulatedSeed::ActivTrak(sandbox.snapshot()),
            Served::Docebo(sandbox) => EmulatedSeed::Docebo(sandbox.snapshot()),
        }
    }

    /// From here on it misbehaves by no number any more.
    pub fn calm(&self) {
        match &self.served {
            Served::ActivTrak(sandbox) => sandbox.calm(),
            Served::Docebo(sandbox) => sandbox.calm(),
        }
    }

    /// HR uploads that were answered and wait to be carried out; a learning platform takes none.
    pub fn waiting_uploads(&self) -> usize {
        match &self.served {
            Served::ActivTrak(sandbox) => sandbox.waiting_uploads(),
            Served::Docebo(_) => 0,
        }
    }

    /// How many requests it was asked so far, by API, as its paths begin, and by kind.
    pub fn counts(&self) -> BTreeMap<(String, RequestKind), usize> {
        match &self.served {
            Served::ActivTrak(sandbox) => sandbox.counts(),
            Served::Docebo(sandbox) => sandbox.counts(),
        }
    }

    /// Stops serving and gives the account back.
    pub async fn stop(self) -> EmulatedSeed {
        match self.served {
            Served::ActivTrak(sandbox) => EmulatedSeed::ActivTrak(sandbox.stop().await),
            Served::Docebo(sandbox) => EmulatedSeed::Docebo(sandbox.stop().await),
        }
    }
}
