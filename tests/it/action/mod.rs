//! `action.yml`, as a runner of GitHub runs it: what it says, where it gets the program from, and what the program is told.

mod definition;
mod examples;
#[cfg(unix)]
mod install;
#[cfg(unix)]
mod release;
#[cfg(unix)]
mod runner;
#[cfg(unix)]
mod scripts;
#[cfg(unix)]
mod steps;

use std::path::Path;

pub(crate) use definition::{SETUP, described};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
