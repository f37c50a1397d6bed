//! Both sides of workload W(n), made once and kept below `target/tmp`.

#![expect(dead_code, reason = "each bench uses a part of it")]

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rollcall::account::activtrak::{Connection, Credentials, Reader};
use rollcall::account::{Read, Scope};
use rollcall::http::{Endpoint, Limits, Pace, Secret};
use rollcall::manifest;
use rollcall::model::{Desired, Observed};
use rollcall::sandbox::{Config, Sandbox, Seed};
use tokio::runtime::Runtime;

/// As the binary allocates.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[path = "../../examples/workload/generate.rs"]
mod generate;

/// The folder of W(n).
pub(crate) fn folder(users: usize) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("workload-{users}"));
    if !dir.join("account.json").exists() {
        generate::Workload { users, automatic: 0 }.write(&dir).expect("a writable target folder");
    }
    dir
}

/// The folder of W(n) for an account that runs elsewhere.
pub(crate) fn remote_folder(users: usize) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("workload-{users}-remote"));
    generate::Workload { users, automatic: 0 }.write(&dir).expect("a writable target folder");
    let account = "account:\n  name: workload\n  platform: activtrak\n  region: us\n";
    std::fs::write(dir.join("rollcall.yaml"), account).expect("a writable target folder");
    dir
}

/// What the manifests of W(n) say.
pub(crate) fn desired(users: usize) -> Desired {
    let today = Timestamp::UNIX_EPOCH.to_zoned(jiff::tz::TimeZone::UTC).date();
    manifest::load(&folder(users), today).desired.expect("a workload without diagnostics")
}

/// A sandbox of W(n), on a port of its own.
pub(crate) fn sandbox(runtime: &Runtime, users: usize) -> Sandbox {
    let seed = Seed::load(&folder(users).join("account.json")).expect("a seed");
    runtime.block_on(Sandbox::start(seed, Config::default(), 0)).expect("a free port")
}

/// A reader of a sandbox.
pub(crate) fn reader(sandbox: &Sandbox, concurrency: usize) -> Reader {
    let endpoint = Endpoint::parse(&sandbox.url()).expect("a loopback address");
    let credentials = Credentials { api_key: Secret::parse("bench").ok(), token: None };
    let concurrency = NonZeroUsize::new(concurrency).expect("at least one");
    let limits = Limits::of(concurrency);
    let connection =
        Connection { endpoint, credentials, pace: Pace::real(), limits, hr_group_type: "HRDC".into() };
    Reader::new(&connection).expect("a client")
}

/// What the account of W(n) has, read over HTTP.
pub(crate) fn observed(runtime: &Runtime, users: usize) -> Observed {
    let sandbox = sandbox(runtime, users);
    let reader = reader(&sandbox, 8);
    runtime.block_on(reader.observe(&Scope::default())).expect("a whole account")
}
