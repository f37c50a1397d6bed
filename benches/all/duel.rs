//! Our work beside somebody else's that is as much, in turns.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;
use tokio::runtime::Runtime;

use crate::measure::{Contestant, Cost, in_turns};
use crate::{Outcome, octodns, setup};

/// Runs of each contestant.
const ROUNDS: usize = 5;
/// Users on a page, as `plan` asks for them.
const PAGE: usize = 1000;

/// What is compared.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Of {
    /// Seconds of all processors.
    Cpu,
    /// Seconds from start to end.
    Wall,
}

/// One row: ours and theirs.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Duel {
    pub(crate) what: &'static str,
    pub(crate) beside: &'static str,
    pub(crate) of: Of,
    pub(crate) ours: Cost,
    /// Nothing if they could not take part.
    pub(crate) theirs: Option<Cost>,
    /// The largest ratio that is wanted.
    pub(crate) limit: f64,
}

impl Duel {
    /// Ours by theirs.
    pub(crate) fn ratio(&self) -> Option<f64> {
        let of = |cost: &Cost| match self.of {
            Of::Cpu => cost.cpu,
            Of::Wall => cost.wall,
        };
        self.theirs.as_ref().map(|theirs| of(&self.ours) / of(theirs))
    }
}

/// Every row.
pub(crate) fn all(runtime: &Runtime) -> Outcome<Vec<Duel>> {
    let mut duels = vec![validating()?];
    duels.extend(reading(runtime)?);
    duels.push(planning(runtime)?);
    Ok(duels)
}

fn validating() -> Outcome<Duel> {
    let folder = setup::folder(setup::workload(100_000));
    let folder = folder.to_string_lossy();
    let ours = Contestant::rollcall("validate", &["validate", &folder]);
    let theirs = Contestant::own("events", &["events", &folder])?;
    let [ours, theirs] = in_turns([&ours, &theirs], ROUNDS)?;
    Ok(Duel {
        what: "`validate` W(100k)",
        beside: "the YAML parser's bare events on the same files (granit-parser)",
        of: Of::Cpu,
        ours,
        theirs: Some(theirs),
        limit: 1.4,
    })
}

/// Reading an account beside fetching its pages, and beside decoding them.
fn reading(runtime: &Runtime) -> Outcome<[Duel; 2]> {
    const USERS: usize = 100_000;
    let sandbox = setup::sandbox(runtime, setup::workload(USERS));
    let scratch = tempfile::tempdir()?;
    let pages = scratch.path().join("pages");
    fs::create_dir(&pages)?;
    let fetched = curl(scratch.path(), "fetched", &pages_of(&sandbox.url(), USERS, Some(&pages)))?;
    let thrown = curl(scratch.path(), "thrown", &pages_of(&sandbox.url(), USERS, None))?;
    let ours = Contestant::own("reading", &["read", &sandbox.url()])?;
    in_turns([&fetched], 1)?;
    let decode = Contestant::own("decode", &["decode", &pages.to_string_lossy()])?;
    let [ours, fetched, decoded] = in_turns([&ours, &thrown, &decode], ROUNDS)?;
    let what = "reading W(100k) over HTTP, proofs and all";
    Ok([
        Duel {
            what,
            beside: "fetching the same pages, 8 at once (curl)",
            of: Of::Wall,
            ours,
            theirs: Some(fetched),
            limit: 1.5,
        },
        Duel {
            what,
            beside: "decoding the same bytes into types (serde_json)",
            of: Of::Cpu,
            ours,
            theirs: Some(decoded),
            limit: 2.0,
        },
    ])
}

/// What curl reads: each page, and where it goes.
fn pages_of(url: &str, users: usize, folder: Option<&Path>) -> String {
    let page = |number: usize| {
        let to = folder
            .map_or_else(|| "/dev/null".to_owned(), |to| to.join(number.to_string()).display().to_string());
        format!(
            "url = \"{url}/identity/v1/entities?Page={number}&PageSize={PAGE}&IncludeGroupData=true\"\noutput = \"{to}\"\n"
        )
    };
    (1..=users.div_ceil(PAGE)).map(page).collect()
}

fn curl(scratch: &Path, name: &'static str, pages: &str) -> Outcome<Contestant> {
    let config: PathBuf = scratch.join(name);
    fs::write(&config, pages)?;
    let config = config.to_string_lossy();
    let key = "Authorization: bearer bench";
    Ok(Contestant::new(
        "curl",
        "curl",
        &["-s", "--fail", "--parallel", "--parallel-max", "8", "-H", key, "--config", &config],
    ))
}

/// A plan of 5,000 users beside one of 5,000 DNS records, with one in a hundred changed.
fn planning(runtime: &Runtime) -> Outcome<Duel> {
    const USERS: usize = 5_000;
    let sandbox = setup::sandbox(runtime, setup::workload(USERS));
    let folder = setup::remote_folder(USERS);
    let ours =
        Contestant::rollcall("plan", &["plan", "--endpoint", &sandbox.url(), &folder.to_string_lossy()]);
    let scratch = tempfile::tempdir()?;
    let (ours, theirs) = match octodns::plan(USERS, scratch.path())? {
        Some(theirs) => {
            let [ours, theirs] = in_turns([&ours, &theirs], ROUNDS)?;
            (ours, Some(theirs))
        }
        None => (in_turns([&ours], ROUNDS)?[0], None),
    };
    Ok(Duel {
        what: "`plan` W(5k) over HTTP",
        beside: "a plan of 5,000 records, file to file (octoDNS)",
        of: Of::Cpu,
        ours,
        theirs,
        limit: 1.0 / 40.0,
    })
}
