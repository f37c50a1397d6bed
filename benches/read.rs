//! Reading W(100k) from a sandbox over HTTP, proofs and all.

use criterion::{Criterion, criterion_group, criterion_main};
use rollcall::account::{Read, Scope};
use tokio::runtime::Runtime;

mod setup;

fn read(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime");
    let sandbox = setup::sandbox(&runtime, setup::workload(100_000));
    let mut group = criterion.benchmark_group("read");
    group.sample_size(10);
    group.bench_function("W(100k)", |bencher| {
        bencher.iter(|| {
            let reader = setup::reader(&sandbox, 8);
            runtime.block_on(reader.observe(&Scope::default())).expect("a whole account")
        });
    });
}

criterion_group!(benches, read);
criterion_main!(benches);
