//! What time is it in a run?

use std::path::Path;

use jiff::Timestamp;

use crate::cli::args::{Manifests, Start};
use crate::cli::process::context::Context;
use crate::cli::session::seed::SeedFile;
use crate::manifest::Gathered;
use crate::model::Platform;
use crate::run::folder_of;
use crate::sandbox::{Clock, EmulatedSeed};

/// The time of a run: what `--now` says, else what the seed of the sandbox says that the run starts, else what the clock of
/// the process said when it began.
pub(crate) fn now(
    cx: &Context,
    manifests: &Manifests,
    gathered: &Gathered,
    start: Option<Start>,
) -> Timestamp {
    let seeded = || start.and_then(|start| as_of(gathered, &folder_of(&manifests.path), start));
    manifests.now.or_else(seeded).unwrap_or_else(|| cx.started())
}

/// The time of the account that manifests name, if it is a sandbox whose seed says one. What is wrong with the seed is said
/// when it is started.
fn as_of(gathered: &Gathered, folder: &Path, start: Start) -> Option<Timestamp> {
    let Platform::Sandbox { seed, .. } = &gathered.account()?.platform else { return None };
    let file = SeedFile::find(folder, &gathered.sources, seed).ok()?;
    EmulatedSeed::as_of_file(file.start(start))
}

/// The clock of a sandbox whose seed says that it is `as_of`: what `--now` says, else that, else the real one.
pub(crate) fn of_sandbox(now: Option<Timestamp>, as_of: Option<Timestamp>) -> Clock {
    now.or(as_of).map_or(Clock::Live(Context::clock), Clock::Fixed)
}
