//! Does anything that comes from outside make the program panic, or take long? The corpus of the fuzz targets, and thousands of
//! mutations of it, through the entries that the targets call. `docs/reliability.md` says how to look for more.

#[expect(unreachable_pub, reason = "it is a library to the fuzz targets")]
#[path = "../../fuzz/src/lib.rs"]
mod entries;

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::dice::Dice;

/// No input takes longer, even where everything is slow.
const LONGEST: Duration = Duration::from_secs(10);
/// What inputs break at: characters that mean something somewhere, and bytes that no text has.
const PIECES: [&[u8]; 20] = [
    b"\"",
    b"'",
    b"{",
    b"[",
    b"]",
    b":",
    b"\n",
    b",",
    b"\\",
    b"\0",
    b"\xff",
    b"- ",
    b": ",
    b" #",
    b"\n  ",
    b"''",
    b"null",
    b"-1",
    b"1e999",
    b"99999999999999999999",
];

/// Gives an entry everything of its corpus, and so many mutations of it.
fn holds(name: &str, mutations: usize, entry: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
    let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 5, "{} is no corpus", folder.display());
    let inputs: Vec<Vec<u8>> = files.iter().map(|file| fs::read(file).unwrap()).collect();
    for (input, file) in inputs.iter().zip(&files) {
        run(entry, input, &format!("{}", file.display()));
    }
    let mut dice = Dice::of(mutations as u64);
    for at in 0..mutations {
        let mut input = inputs[dice.below(inputs.len())].clone();
        for _ in 0..=dice.below(4) {
            mutate(&mut input, &inputs, &mut dice);
        }
        run(entry, &input, &format!("mutation {at}: {:?}", String::from_utf8_lossy(&input)));
    }
}

fn run(entry: fn(&[u8]), input: &[u8], what: &str) {
    let start = Instant::now();
    let held = std::panic::catch_unwind(|| entry(input));
    assert!(held.is_ok(), "it panics at {what}");
    assert!(start.elapsed() < LONGEST, "it takes {:?} for {what}", start.elapsed());
}

fn mutate(input: &mut Vec<u8>, others: &[Vec<u8>], dice: &mut Dice) {
    let at = dice.below(input.len() + 1);
    let until = (at + dice.below(20)).min(input.len());
    match dice.below(6) {
        0 => drop(input.drain(at..until)),
        1 => input.truncate(at),
        2 => {
            let piece = PIECES[dice.below(PIECES.len())];
            drop(input.splice(at..at, piece.iter().copied()));
        }
        3 => {
            let again = input[at..until].repeat(1 + dice.below(30));
            drop(input.splice(at..at, again));
        }
        4 => {
            let other = &others[dice.below(others.len())];
            let from = dice.below(other.len() + 1);
            input.truncate(at);
            input.extend_from_slice(&other[from..]);
        }
        _ => {
            if let Some(byte) = input.get_mut(at) {
                *byte ^= 1 << dice.below(8);
            }
        }
    }
}

#[test]
fn no_manifest_makes_the_program_panic() {
    holds("manifest", 1500, entries::manifest);
}

#[test]
fn plain_yaml_is_scanned_as_it_is_parsed_or_not_scanned() {
    holds("manifest", 30_000, entries::scan);
}

#[test]
fn no_export_of_an_hr_system_makes_the_program_panic() {
    holds("export", 1500, entries::export);
}

#[test]
fn no_download_of_groups_makes_the_program_panic() {
    holds("download", 4000, entries::download);
}

#[test]
fn no_answer_of_the_account_makes_the_program_panic() {
    holds("answer", 1500, entries::answer);
}
