//! Automatic groups: the plan engine on 100,000 users without rules and with 500, each of an attribute and a place. The
//! difference is what the rules cost, with the memberships that come of them.

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use jiff::Timestamp;
use rollcall::plan::{Context, plan};
use tokio::runtime::Runtime;

use crate::setup::Workload;

mod setup;

fn rules(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime");
    let context = Context { now: Timestamp::UNIX_EPOCH, base: None, attempts: None, number: None };
    let mut group = criterion.benchmark_group("plan engine with rules");
    group.sample_size(10);
    for automatic in [0, 500] {
        let workload = Workload { users: 100_000, automatic };
        let (desired, observed) = (setup::desired(workload), setup::observed(&runtime, workload));
        let made = plan(&desired, &observed, &context).expect("the whole picture");
        assert!(made.blockers.is_empty() && !made.changes.is_empty());
        group.bench_function(BenchmarkId::from_parameter(automatic), |bencher| {
            bencher.iter(|| plan(&desired, &observed, &context));
        });
    }
}

criterion_group!(benches, rules);
criterion_main!(benches);
