//! `rollcall plan` of W(10k) as a user runs it: the whole process, against a running sandbox.

use std::process::{Command, Stdio};

use criterion::{Criterion, criterion_group, criterion_main};
use tokio::runtime::Runtime;

mod setup;

fn process(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime");
    let sandbox = setup::sandbox(&runtime, setup::workload(10_000));
    let dir = setup::remote_folder(10_000);
    let mut group = criterion.benchmark_group("process");
    group.sample_size(20);
    group.bench_function("plan W(10k)", |bencher| {
        bencher.iter(|| {
            let status = Command::new(env!("CARGO_BIN_EXE_rollcall"))
                .args(["plan", "--endpoint", &sandbox.url()])
                .arg(&dir)
                .env("ACTIVTRAK_API_KEY", "bench")
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .expect("the binary");
            assert!(status.success());
        });
    });
}

criterion_group!(benches, process);
criterion_main!(benches);
