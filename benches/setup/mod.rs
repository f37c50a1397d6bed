//! Both sides of workload W(n), made once and kept below `target/tmp`.

#![expect(dead_code, reason = "each bench uses a part of it")]

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rollcall::account::activtrak::{Connection, Credentials, Reader};
use rollcall::account::{Read, Scope};
use rollcall::http::{Endpoint, Limiter, Limits, Pace, Secret};
use rollcall::manifest;
use rollcall::model::{Desired, Observed};
use rollcall::sandbox::{Config, Sandbox, Seed};
use tokio::runtime::Runtime;

/// As the binary allocates.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[path = "../../examples/workload/generate.rs"]
mod generate;

pub(crate) use generate::{AUTOMATIC, Workload};

/// W(n).
pub(crate) fn workload(users: usize) -> Workload {
    Workload { users, automatic: AUTOMATIC }
}

/// The folder of a workload.
pub(crate) fn folder(workload: Workload) -> PathBuf {
    let Workload { users, automatic } = workload;
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("workload-{users}-{automatic}"));
    if !dir.join("account.json").exists() {
        workload.write(&dir).expect("a writable target folder");
    }
    dir
}

/// The folder of W(n) for an account that runs elsewhere.
pub(crate) fn remote_folder(users: usize) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("workload-{users}-remote"));
    workload(users).write(&dir).expect("a writable target folder");
    let account = "account:\n  name: workload\n  platform: activtrak\n  region: us\n";
    std::fs::write(dir.join("rollcall.yaml"), account).expect("a writable target folder");
    dir
}

/// What the manifests of a workload say.
pub(crate) fn desired(workload: Workload) -> Desired {
    let today = Timestamp::UNIX_EPOCH.to_zoned(jiff::tz::TimeZone::UTC).date();
    manifest::load(&folder(workload), today, &manifest::Exports::default())
        .desired
        .expect("a workload without diagnostics")
}

/// A sandbox of a workload, on a port of its own.
pub(crate) fn sandbox(runtime: &Runtime, workload: Workload) -> Sandbox {
    sandbox_of(runtime, &folder(workload))
}

/// A sandbox of the account in a folder, on a port of its own.
pub(crate) fn sandbox_of(runtime: &Runtime, folder: &Path) -> Sandbox {
    let seed = Seed::load(&folder.join("account.json")).expect("a seed");
    runtime.block_on(Sandbox::start(seed, Config::default(), 0)).expect("a free port")
}

/// A reader of a sandbox.
pub(crate) fn reader(sandbox: &Sandbox, concurrency: usize) -> Reader {
    reader_of(&sandbox.url(), concurrency)
}

/// A reader of what answers at an address.
pub(crate) fn reader_of(url: &str, concurrency: usize) -> Reader {
    let endpoint = Endpoint::parse(url).expect("a loopback address");
    let credentials = Credentials { api_key: Secret::parse("bench").ok(), ..Credentials::default() };
    let concurrency = NonZeroUsize::new(concurrency).expect("at least one");
    let limiter = Limiter::new(Limits::of(concurrency));
    let connection = Connection {
        endpoint,
        proxy: None,
        credentials,
        pace: Pace::real(),
        limiter,
        hr_group_type: "HRDC".into(),
    };
    Reader::new(&connection).expect("a client")
}

/// What the account of a workload has, read over HTTP.
pub(crate) fn observed(runtime: &Runtime, workload: Workload) -> Observed {
    let sandbox = sandbox(runtime, workload);
    let reader = reader(&sandbox, 8);
    runtime.block_on(reader.observe(&Scope::default())).expect("a whole account")
}
