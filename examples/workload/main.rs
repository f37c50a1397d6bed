//! Writes workload W(n) into a folder: `cargo run --release --example workload -- N DIR [--automatic K]`.
//!
//! `rollcall plan DIR` works at once: the folder holds manifests and the sandbox account they nearly agree with.

mod generate;

use std::io;
use std::path::Path;

use crate::generate::{AUTOMATIC, Workload};

const USAGE: &str = "usage: workload N DIR [--automatic K]";

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let number = |word: &str| word.parse().map_err(|_| io::Error::other(USAGE));
    let (users, dir, automatic) = match words[..] {
        [users, dir] => (users, dir, AUTOMATIC),
        [users, dir, "--automatic", automatic] => (users, dir, number(automatic)?),
        _ => return Err(io::Error::other(USAGE)),
    };
    Workload { users: number(users)?, automatic }.write(Path::new(dir))
}
