//! An HR snapshot of a million rows: built and hashed; and an export of a million rows: read, hashed, and made entries of.

use std::fmt::Write;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jiff::civil::date;
use rollcall::manifest::{self, Exports};
use rollcall::plan::snapshot_csv;

const GROUPS: usize = 10_000;
const MEMBERS: usize = 100;

fn build(criterion: &mut Criterion) {
    let names: Vec<String> = (0..GROUPS).map(|at| format!("Group {at}, EMEA")).collect();
    let rows: Vec<(&str, Vec<String>)> = names
        .iter()
        .enumerate()
        .map(|(at, name)| {
            (name.as_str(), (0..MEMBERS).map(|member| format!("E{at:05}{member:03}")).collect())
        })
        .collect();
    let mut group = criterion.benchmark_group("snapshot");
    group.sample_size(10);
    group.throughput(Throughput::Elements((GROUPS * MEMBERS) as u64));
    group.bench_function("1M rows", |bencher| bencher.iter(|| snapshot_csv(&rows)));
}

/// Writes the manifest of a source and an export of 200,000 users with five rows each; all but five columns are of no use, as
/// they are in real ones: some 250 MB.
fn export(folder: &Path) {
    let manifest = "account: { name: acme, platform: activtrak, region: us }\nhr:\n  sources:\n    - name: workday\n      \
                    csv: workers.csv\n      user: Mail\n      fields: { displayName: Name, employeeId: ID }\n      \
                    attributes: { site: Site }\n      groups: [{ column: Group }]\n";
    std::fs::write(folder.join("rollcall.yaml"), manifest).expect("a folder to write to");
    let unused = "x".repeat(180);
    let mut text = String::from("Mail,Name,ID,Site,Group,Notes\n");
    for row in 0..GROUPS * MEMBERS {
        let (user, group) = (row % 200_000, row % GROUPS);
        let row = writeln!(
            text,
            "u{user}@acme.example,User {user},E{user:06},Site {},Group {group},{unused}",
            user % 50
        );
        row.expect("room for a row");
    }
    std::fs::write(folder.join("workers.csv"), text).expect("a folder to write to");
}

fn read(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a scratch folder");
    export(folder.path());
    let mut group = criterion.benchmark_group("export");
    group.sample_size(10);
    group.throughput(Throughput::Elements((GROUPS * MEMBERS) as u64));
    group.bench_function("1M rows", |bencher| {
        bencher.iter(|| manifest::load(folder.path(), date(2026, 5, 10), &Exports::default()));
    });
}

criterion_group!(benches, build, read);
criterion_main!(benches);
