//! How does what a command takes grow with the account?

use std::time::Instant;

use serde::Serialize;
use tokio::runtime::Runtime;

use crate::measure::{Contestant, Cost, in_turns};
use crate::{Outcome, setup};

/// What one size takes.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Growth {
    pub(crate) users: u32,
    pub(crate) validate: Cost,
    /// Against a sandbox that runs already, whose own work is not counted.
    pub(crate) plan: Cost,
    /// Seconds until a sandbox of this account answers.
    pub(crate) sandbox: f64,
}

pub(crate) fn of(runtime: &Runtime, users: u32) -> Outcome<Growth> {
    let rounds = match users {
        0..=10_000 => 9,
        10_001..=100_000 => 5,
        _ => 1,
    };
    let folder = setup::remote_folder(users as usize);
    let start = Instant::now();
    let sandbox = setup::sandbox_of(runtime, &folder);
    let started = start.elapsed().as_secs_f64();
    let folder = folder.to_string_lossy();
    let validate = Contestant::rollcall("validate", &["validate", &folder]);
    let plan = Contestant::rollcall("plan", &["plan", "--endpoint", &sandbox.url(), &folder]);
    let [validate, plan] = in_turns([&validate, &plan], rounds)?;
    Ok(Growth { users, validate, plan, sandbox: started })
}
