//! An account of either platform: what it starts from, and the sandbox that serves it.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use crate::sandbox::docebo::{self, Docebo};
use crate::sandbox::{RequestKind, Sandbox, Seed, SeedError};

/// What an account of either platform starts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum EmulatedSeed {
    /// An account at ActivTrak.
    ActivTrak(Seed),
    /// A tenant of the learning platform.
    Docebo(docebo::Seed),
}

/// A running sandbox of either platform. Dropping it stops it.
#[derive(Debug)]
pub(crate) enum Emulated {
    /// Of ActivTrak.
    ActivTrak(Sandbox),
    /// Of the learning platform.
    Docebo(Docebo),
}

impl EmulatedSeed {
    /// Whether an account could be like that.
    pub(crate) fn check(&self) -> Result<(), SeedError> {
        match self {
            EmulatedSeed::ActivTrak(seed) => seed.check(),
            EmulatedSeed::Docebo(seed) => seed.check(),
        }
    }

    /// Writes its file, as each platform does.
    pub(crate) fn save(&self, path: &Path) -> io::Result<()> {
        match self {
            EmulatedSeed::ActivTrak(seed) => seed.save(path),
            EmulatedSeed::Docebo(seed) => seed.save(path),
        }
    }

    /// The bytes of its file.
    pub(crate) fn to_text(&self) -> io::Result<Vec<u8>> {
        match self {
            EmulatedSeed::ActivTrak(seed) => seed.to_text(),
            EmulatedSeed::Docebo(seed) => seed.to_text(),
        }
    }

    /// What the account is called.
    pub(crate) fn name(&self) -> &str {
        match self {
            EmulatedSeed::ActivTrak(seed) => &seed.account.name,
            EmulatedSeed::Docebo(seed) => &seed.tenant,
        }
    }

    /// The same account with pseudonyms for everybody and everything that has a name.
    #[must_use]
    pub(crate) fn with_pseudonyms(self) -> EmulatedSeed {
        match self {
            EmulatedSeed::ActivTrak(seed) => EmulatedSeed::ActivTrak(seed.with_pseudonyms()),
            EmulatedSeed::Docebo(seed) => EmulatedSeed::Docebo(seed.with_pseudonyms()),
        }
    }
}

impl Emulated {
    /// The account now.
    pub(crate) fn snapshot(&self) -> EmulatedSeed {
        match self {
            Emulated::ActivTrak(sandbox) => EmulatedSeed::ActivTrak(sandbox.snapshot()),
            Emulated::Docebo(sandbox) => EmulatedSeed::Docebo(sandbox.snapshot()),
        }
    }

    /// From here on it misbehaves by no number any more.
    pub(crate) fn calm(&self) {
        match self {
            Emulated::ActivTrak(sandbox) => sandbox.calm(),
            Emulated::Docebo(sandbox) => sandbox.calm(),
        }
    }

    /// HR uploads that were answered and wait to be carried out; a learning platform takes none.
    pub(crate) fn waiting_uploads(&self) -> usize {
        match self {
            Emulated::ActivTrak(sandbox) => sandbox.waiting_uploads(),
            Emulated::Docebo(_) => 0,
        }
    }

    /// How many requests it was asked so far, by API, as its paths begin, and by kind.
    pub(crate) fn counts(&self) -> BTreeMap<(String, RequestKind), usize> {
        match self {
            Emulated::ActivTrak(sandbox) => sandbox.counts(),
            Emulated::Docebo(sandbox) => sandbox.counts(),
        }
    }

    /// Stops serving.
    pub(crate) async fn stop(self) {
        match self {
            Emulated::ActivTrak(sandbox) => drop(sandbox.stop().await),
            Emulated::Docebo(sandbox) => drop(sandbox.stop().await),
        }
    }
}
