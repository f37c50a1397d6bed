//! What Rollcall takes beside what others take for the same work, and how it grows: `just bench-all`.
//!
//! Every contestant is a process of its own, those of one row take turns, and what counts is the middle of their runs. The table goes to
//! `target/bench/`, as Markdown and as JSON; `--write` puts it and two charts into the docs. `--million` adds a million users, which
//! takes 8 GB and some minutes. octoDNS takes part where `OCTODNS` names its `octodns-sync`.

mod chart;
mod contestants;
mod duel;
mod growth;
mod measure;
mod octodns;
mod table;

#[path = "../setup/mod.rs"]
mod setup;

use std::error::Error;
use std::path::Path;

use tokio::runtime::Runtime;

/// What goes wrong ends the run.
type Outcome<T> = Result<T, Box<dyn Error>>;

/// Sizes that the charts are drawn over.
const SIZES: [u32; 4] = [1_000, 5_000, 10_000, 100_000];
const MILLION: u32 = 1_000_000;

fn main() -> Outcome<()> {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["measure", program, ref rest @ ..] => measure::one(program, rest),
        ["events", folder] => contestants::events(Path::new(folder)),
        ["decode", folder] => contestants::decode(Path::new(folder)),
        ["read", url] => contestants::read(url),
        _ => all(&words),
    }
}

fn all(words: &[&str]) -> Outcome<()> {
    if let Some(unknown) = words.iter().find(|word| !["--write", "--million"].contains(word)) {
        return Err(format!("{unknown}: there are --write and --million").into());
    }
    let runtime = Runtime::new()?;
    let duels = duel::all(&runtime)?;
    let sizes = SIZES.into_iter().chain(words.contains(&"--million").then_some(MILLION));
    let growth = sizes.map(|users| growth::of(&runtime, users)).collect::<Outcome<Vec<_>>>()?;
    let table = table::Table { duels, growth };
    table.save(&Path::new(env!("CARGO_MANIFEST_DIR")).join("target/bench"))?;
    if words.contains(&"--write") {
        let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
        table.write_into(&docs.join("performance.md"))?;
        chart::draw(&table.growth, &docs.join("pictures"))?;
    }
    Ok(())
}
