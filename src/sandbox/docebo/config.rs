//! How a tenant is run: its faults and settings, its clock, and what opens it.

use std::time::Duration;

use jiff::Timestamp;

use crate::sandbox::chaos::Chaos;
use crate::sandbox::config::{Clock, Witness};
use crate::sandbox::docebo::faults::Faults;
use crate::sandbox::docebo::settings::Settings;
use crate::sandbox::watch::Watcher;

/// What is not part of the tenant.
#[derive(Debug, Clone)]
pub struct Config {
    /// How it misbehaves.
    pub faults: Faults,
    /// How it misbehaves by a number, if it does.
    pub chaos: Option<Chaos>,
    /// Who is told of each request.
    pub witness: Witness,
    /// Who looks on.
    pub watcher: Watcher,
    /// How it is set up, besides what its seed says.
    pub settings: Settings,
    /// How long a call takes that changes many users: another one that comes meanwhile is refused.
    pub batch_time: Duration,
    /// What opens it.
    pub credentials: Credentials,
    /// What time it is.
    pub clock: Clock,
}

/// No faults, the credentials that are in the guide, the first moment of 2026.
impl Default for Config {
    fn default() -> Config {
        Config {
            faults: Faults::default(),
            chaos: None,
            witness: Witness::default(),
            watcher: Watcher::default(),
            settings: Settings::default(),
            batch_time: Duration::from_millis(20),
            credentials: Credentials::default(),
            clock: Clock::Fixed(Timestamp::constant(1_767_225_600, 0)),
        }
    }
}

/// What a token is given for. They open a sandbox and nothing else, so they are no secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The app's id: `rollcall`.
    pub client_id: String,
    /// The app's secret: `sandbox`.
    pub client_secret: String,
    /// Who asks, where a user does (grant `password`): `admin`.
    pub username: String,
    /// With which password: `sandbox`.
    pub password: String,
}

impl Default for Credentials {
    fn default() -> Credentials {
        let [client_id, client_secret, username, password] =
            ["rollcall", "sandbox", "admin", "sandbox"].map(str::to_owned);
        Credentials { client_id, client_secret, username, password }
    }
}
