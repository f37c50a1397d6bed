//! What is the account of a case, and which platform is it on? Both are emulated, and asked in the same way.

use std::collections::BTreeMap;
use std::path::Path;

use rollcall::sandbox::docebo::{self, Docebo};
use rollcall::sandbox::{Config, LoggedRequest, Sandbox, Seed, SeedError};

use crate::Checked;

/// An account that does not run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Account {
    /// At ActivTrak.
    ActivTrak(Seed),
    /// At a learning platform.
    Learning(docebo::Seed),
}

impl Account {
    /// Reads a file, which says itself which platform it is of.
    pub(crate) fn load(path: &Path) -> Result<Account, SeedError> {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let head = serde_json::from_str::<serde_json::Value>(&text).unwrap_or_default();
        if head["platform"] == "docebo" {
            return docebo::Seed::load(path).map(Account::Learning);
        }
        Seed::load(path).map(Account::ActivTrak)
    }

    /// The account of a case that has lists in its place: nothing is asked of it.
    pub(crate) fn nowhere() -> Result<Account, serde_json::Error> {
        serde_json::from_str(r#"{ "version": 1, "platform": "docebo", "tenant": "acme" }"#)
            .map(Account::Learning)
    }

    /// The account as a sandbox gives it back.
    pub(crate) fn sorted(mut self) -> Account {
        match &mut self {
            Account::ActivTrak(seed) => {
                seed.users.iter_mut().for_each(|user| user.groups.sort_unstable());
            }
            Account::Learning(_) => {}
        }
        self
    }

    /// Its file.
    pub(crate) fn text(&self) -> Checked<String> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("account.json");
        match self {
            Account::ActivTrak(seed) => seed.save(&path)?,
            Account::Learning(seed) => seed.save(&path)?,
        }
        Ok(std::fs::read_to_string(path)?)
    }

    /// The account, if it is at ActivTrak.
    pub(crate) fn activtrak(&self) -> Option<&Seed> {
        match self {
            Account::ActivTrak(seed) => Some(seed),
            Account::Learning(_) => None,
        }
    }
}

/// What a learning platform holds, in lines: everything but when it came, and by what it is known to machines.
pub(crate) fn lines_of(seed: &docebo::Seed) -> Vec<String> {
    let names: BTreeMap<_, &str> = seed.users.iter().map(|user| (user.id, &*user.username)).collect();
    let group = |group: &docebo::seed::Group| {
        let members: Vec<&str> = group.members.iter().filter_map(|id| names.get(id).copied()).collect();
        format!("group {} {:?} {:?} {members:?}", group.name, group.description, group.population)
    };
    let mut lines: Vec<String> = seed.groups.iter().map(group).collect();
    // Whom a fault brings was not there before.
    let users = seed.users.iter().filter(|user| !user.username.starts_with("!visitor"));
    lines.extend(users.map(|user| format!("user {} {:?} {}", user.id, user.username, user.active)));
    lines.sort_unstable();
    lines
}

/// An account that runs.
pub(crate) enum Emulated {
    /// At ActivTrak.
    ActivTrak(Sandbox),
    /// At a learning platform.
    Learning(Docebo),
}

/// How an account runs, on either platform.
pub(crate) enum HowItRuns {
    /// At ActivTrak.
    ActivTrak(Config),
    /// At a learning platform.
    Learning(docebo::Config),
}

impl Emulated {
    /// Starts an account, on any port.
    pub(crate) async fn start(account: Account, how: HowItRuns) -> Checked<Emulated> {
        match (account, how) {
            (Account::ActivTrak(seed), HowItRuns::ActivTrak(config)) => {
                Ok(Emulated::ActivTrak(Sandbox::start(seed, config, 0).await?))
            }
            (Account::Learning(seed), HowItRuns::Learning(config)) => {
                Ok(Emulated::Learning(Docebo::start(seed, config, 0).await?))
            }
            _ => Err("an account of one platform can't run as one of another".into()),
        }
    }

    /// Where it is.
    pub(crate) fn url(&self) -> String {
        match self {
            Emulated::ActivTrak(sandbox) => sandbox.url(),
            Emulated::Learning(sandbox) => sandbox.url(),
        }
    }

    /// What it was asked so far.
    pub(crate) fn requests(&self) -> Vec<LoggedRequest> {
        match self {
            Emulated::ActivTrak(sandbox) => sandbox.requests(),
            Emulated::Learning(sandbox) => sandbox.requests(),
        }
    }

    /// Ends it, and tells what became of it.
    pub(crate) async fn stop(self) -> Account {
        match self {
            Emulated::ActivTrak(sandbox) => Account::ActivTrak(sandbox.stop().await),
            Emulated::Learning(sandbox) => Account::Learning(sandbox.stop().await),
        }
    }
}
