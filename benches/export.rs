//! An HR export of a million rows: read through the manifest, and planned as one snapshot: built, checked and hashed.

#![expect(clippy::unwrap_used, reason = "a bench fails by panicking")]

use std::fs;
use std::io::{BufWriter, Write};
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jiff::Timestamp;
use jiff::civil::date;
use rollcall::manifest::{self, Loaded};
use rollcall::model::{
    DisplayName, Email, EmployeeId, Foreign, GroupId, GroupName, GroupSource, LastSet, Observed,
    ObservedEmail, ObservedGroup, ObservedUser, Revision, Status, Tracking, UserId, Writer,
};
use rollcall::plan::{Context, plan};

/// As the binary allocates.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const USERS: u64 = 100_000;
/// Groups that each user is in, a row for each.
const EACH: u64 = 10;
const GROUPS: u64 = 10_000;
const MANIFEST: &str = "account: { name: acme, platform: activtrak, region: us }
hr:
  sources:
    - name: workday
      csv: workers.csv
      user: Work Email
      fields: { displayName: Name, employeeId: Number, email: Work Email }
      groups:
        - { column: Group }
";

/// The groups of a user; one more where the file is ahead of the account.
fn groups(user: u64, count: u64) -> impl Iterator<Item = u64> {
    (0..count).map(move |at| (user * EACH + at * 997) % GROUPS)
}

fn write(folder: &Path) {
    fs::write(folder.join("rollcall.yaml"), MANIFEST).unwrap();
    let mut file = BufWriter::new(fs::File::create(folder.join("workers.csv")).unwrap());
    writeln!(file, "Work Email,Name,Number,Group").unwrap();
    for user in 0..USERS {
        for group in groups(user, EACH) {
            writeln!(file, "u{user}@acme.example,User {user},E{user:06},Group {group}").unwrap();
        }
    }
    file.flush().unwrap();
}

fn load(folder: &Path) -> Loaded {
    manifest::load(folder, date(2026, 5, 10), &manifest::Exports::default())
}

/// The account that the file is ahead of: everybody lacks their last group.
fn account() -> Observed {
    let record = |user: u64| ObservedUser {
        id: UserId(user + 1),
        revision: Revision(1),
        created: None,
        display_name: Some(DisplayName::observed(&format!("User {user}"))),
        upns: Vec::new(),
        emails: vec![ObservedEmail {
            email: Email::observed(&format!("u{user}@acme.example")),
            writer: Writer::Other,
        }],
        employee_ids: vec![EmployeeId::observed(&format!("E{user:06}"))],
        device_logins: Vec::new(),
        agents: Vec::new(),
        deleted_agents: Vec::new(),
        tracking: Tracking::Tracked,
        status: Some(Status::Active),
        activation: None,
        level: None,
        primary_group: None,
        foreign: Foreign::default(),
        last_set: LastSet::default(),
    };
    let group = |group: u64| {
        ObservedGroup::new(
            GroupId(group + 1),
            GroupName::observed(&format!("Group {group}")),
            GroupSource::Hr,
        )
    };
    let member = |user: u64| groups(user, EACH - 1).map(move |group| (GroupId(group + 1), UserId(user + 1)));
    let pairs: Vec<(GroupId, UserId)> = (0..USERS).flat_map(member).collect();
    let (users, groups) = ((0..USERS).map(record).collect(), (0..GROUPS).map(group).collect());
    Observed::new(users, groups, &pairs, Vec::new(), Vec::new())
}

fn export(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path());
    let desired = load(folder.path()).desired.expect("an export without a problem");
    let (observed, context) =
        (account(), Context { now: Timestamp::UNIX_EPOCH, base: None, attempts: None, number: None });
    let made = plan(&desired, &observed, &context).expect("the whole picture");
    assert!(made.blockers.is_empty() && made.snapshot.is_some());

    let mut group = criterion.benchmark_group("export of 1M rows");
    group.sample_size(10);
    group.throughput(Throughput::Elements(USERS * EACH));
    group.bench_function("read", |bencher| bencher.iter_with_large_drop(|| load(folder.path())));
    group.bench_function("plan", |bencher| {
        bencher.iter_with_large_drop(|| plan(&desired, &observed, &context));
    });
    group.finish();
}

criterion_group!(benches, export);
criterion_main!(benches);
