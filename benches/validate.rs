//! Validating workload W(100k) against granit-parser's events alone, on the same files and threads.
//!
//! `cargo bench --bench validate` prints both times and their ratio; the target is 1.4.

#![expect(clippy::unwrap_used, reason = "a bench fails by panicking")]

#[path = "../examples/workload/generate.rs"]
mod generate;

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use granit_parser::{Event, Parser};
use jiff::civil::date;
use rayon::prelude::*;
use rollcall::manifest::{self, Loaded};

use crate::generate::{AUTOMATIC, Workload};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Users in the workload.
const USERS: usize = 100_000;
/// Runs of each side for the ratio; the fastest counts.
const RUNS: usize = 5;

fn validate(c: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    Workload { users: USERS, automatic: AUTOMATIC }.write(folder.path()).unwrap();
    let files = manifests(folder.path());
    assert!(load(folder.path()).desired.is_some(), "the workload has a problem");

    let mut group = c.benchmark_group("validate W(100k)");
    group.sample_size(10);
    group.bench_function("events alone", |b| b.iter(|| events(black_box(&files))));
    group.bench_function("whole", |b| b.iter_with_large_drop(|| load(black_box(folder.path()))));
    group.finish();
    ratio(|| events(&files), || load(folder.path()));
}

/// Every manifest of the workload, sorted.
fn manifests(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.join("teams")).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.push(folder.join("rollcall.yaml"));
    files.sort();
    files
}

/// Reads the files and counts their scalars by parser events alone.
fn events(files: &[PathBuf]) -> usize {
    let scalars = |path: &PathBuf| {
        let text = fs::read_to_string(path).unwrap();
        Parser::new_from_str(&text).filter(|event| matches!(event, Ok((Event::Scalar(..), _)))).count()
    };
    files.par_iter().map(scalars).sum()
}

/// Reads, parses and lowers the manifests and checks all rules.
fn load(folder: &Path) -> Loaded {
    manifest::load(folder, date(2026, 5, 10), &manifest::Exports::default())
}

#[expect(clippy::print_stdout, reason = "a bench prints its result")]
fn ratio<A, W>(alone: impl Fn() -> A, whole: impl Fn() -> W) {
    let (alone, whole) = (fastest(alone), fastest(whole));
    let ratio = whole.as_secs_f64() / alone.as_secs_f64();
    println!("ratio: {ratio:.2} ({whole:.2?} whole, {alone:.2?} events alone)");
}

/// The fastest of several runs, without the time that dropping the outcome takes.
fn fastest<T>(run: impl Fn() -> T) -> Duration {
    let time = |_| {
        let start = Instant::now();
        let outcome = black_box(run());
        let elapsed = start.elapsed();
        drop(outcome);
        elapsed
    };
    (0..RUNS).map(time).min().unwrap_or_default()
}

criterion_group!(benches, validate);
criterion_main!(benches);
