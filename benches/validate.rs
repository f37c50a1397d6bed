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
use rollcall::manifest;

use crate::generate::Workload;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Users in the workload.
const USERS: usize = 100_000;
/// Runs of each side for the ratio; the fastest counts.
const RUNS: usize = 5;

fn validate(c: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    Workload { users: USERS, automatic: 0 }.write(folder.path()).unwrap();
    let files = manifests(folder.path());
    assert!(load(folder.path()), "the workload has a problem");

    let mut group = c.benchmark_group("validate W(100k)");
    group.sample_size(10);
    group.bench_function("events alone", |b| b.iter(|| events(black_box(&files))));
    group.bench_function("whole", |b| b.iter(|| load(black_box(folder.path()))));
    group.finish();
    ratio(|| events(&files), || usize::from(load(folder.path())));
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

/// Whether the manifests are valid: read, parsed, lowered, all rules.
fn load(folder: &Path) -> bool {
    manifest::load(folder, date(2026, 5, 10)).desired.is_some()
}

#[expect(clippy::print_stdout, reason = "a bench prints its result")]
fn ratio(alone: impl Fn() -> usize, whole: impl Fn() -> usize) {
    let (alone, whole) = (fastest(alone), fastest(whole));
    let ratio = whole.as_secs_f64() / alone.as_secs_f64();
    println!("ratio: {ratio:.2} ({whole:.0?} whole, {alone:.0?} events alone)");
}

fn fastest(run: impl Fn() -> usize) -> Duration {
    let time = |_| {
        let start = Instant::now();
        black_box(run());
        start.elapsed()
    };
    (0..RUNS).map(time).min().unwrap_or_default()
}

criterion_group!(benches, validate);
criterion_main!(benches);
