//! An HR snapshot of a million rows: built and hashed.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
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

criterion_group!(benches, build);
criterion_main!(benches);
