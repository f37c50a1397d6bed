//! The plan engine alone: W(n) resolved, compared, ordered and hashed, with both sides in memory. With `MILLION=1` a million users
//! too, which takes some minutes and 4 GB.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use jiff::Timestamp;
use rollcall::plan::{Context, plan};
use tokio::runtime::Runtime;

mod setup;

#[expect(clippy::disallowed_methods, reason = "no command, whose context would know the environment")]
fn engine(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime");
    let context = Context { now: Timestamp::UNIX_EPOCH, base: None, attempts: None, number: None };
    let mut group = criterion.benchmark_group("plan engine");
    group.sample_size(10);
    let million = std::env::var_os("MILLION").map(|_| 1_000_000);
    for users in [10_000, 100_000].into_iter().chain(million) {
        let workload = setup::workload(users);
        let (desired, observed) = (setup::desired(workload), setup::observed(&runtime, workload));
        let made = plan(&desired, &observed, &context).expect("the whole picture");
        assert!(made.blockers.is_empty() && !made.changes.is_empty());
        group.throughput(Throughput::Elements(users as u64));
        group.bench_function(BenchmarkId::from_parameter(users), |bencher| {
            bencher.iter(|| plan(&desired, &observed, &context));
        });
    }
}

criterion_group!(benches, engine);
criterion_main!(benches);
