//! What does a process take? Its own numbers, from the operating system, whatever else the machine does.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;
use serde::{Deserialize, Serialize};

use crate::Outcome;

/// What one process took.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Cost {
    /// Seconds of all processors.
    pub(crate) cpu: f64,
    /// Seconds from start to end.
    pub(crate) wall: f64,
    /// Most memory at a time, in MiB.
    pub(crate) peak: f64,
}

/// A command that can be run again and again.
#[derive(Debug, Clone)]
pub(crate) struct Contestant {
    /// Who it is.
    pub(crate) name: &'static str,
    /// The program and its arguments.
    pub(crate) words: Vec<String>,
}

impl Contestant {
    /// A command of the program that is measured here.
    pub(crate) fn rollcall(name: &'static str, arguments: &[&str]) -> Self {
        Self::new(name, env!("CARGO_BIN_EXE_rollcall"), arguments)
    }

    /// A part of this program.
    pub(crate) fn own(name: &'static str, arguments: &[&str]) -> Outcome<Self> {
        Ok(Self::new(name, &std::env::current_exe()?.to_string_lossy(), arguments))
    }

    /// Another program.
    pub(crate) fn new(name: &'static str, program: &str, arguments: &[&str]) -> Self {
        Self { name, words: [program].iter().chain(arguments).map(|word| (*word).to_owned()).collect() }
    }

    /// Runs it once. The process between counts no other child than this one.
    fn run(&self) -> Outcome<Cost> {
        let mut between = Command::new(std::env::current_exe()?);
        between.arg("measure").args(&self.words).env("ACTIVTRAK_API_KEY", "bench");
        let output = between.stderr(Stdio::inherit()).output()?;
        if !output.status.success() {
            return Err(format!("{} failed: {:?}", self.name, self.words).into());
        }
        Ok(serde_json::from_slice(&output.stdout)?)
    }
}

/// Runs a command and says on stdout what it took.
#[expect(clippy::print_stdout, reason = "the process that measures is answered by it")]
pub(crate) fn one(program: &str, arguments: &[&str]) -> Outcome<()> {
    let start = Instant::now();
    let status =
        Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    let wall = start.elapsed().as_secs_f64();
    if !status.success() {
        return Err(format!("{program}: {status}").into());
    }
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let cpu = time(usage.user_time())? + time(usage.system_time())?;
    let kilobytes = u32::try_from(usage.max_rss())?;
    let cost = Cost { cpu: cpu.as_secs_f64(), wall, peak: f64::from(kilobytes) / 1024.0 };
    println!("{}", serde_json::to_string(&cost)?);
    Ok(())
}

fn time(used: TimeVal) -> Outcome<Duration> {
    Ok(Duration::from_secs(used.tv_sec().try_into()?) + Duration::from_micros(used.tv_usec().try_into()?))
}

/// Runs all of them so many times, in turns, and answers the middle of each.
pub(crate) fn in_turns<const N: usize>(contestants: [&Contestant; N], rounds: usize) -> Outcome<[Cost; N]> {
    let mut runs: [Vec<Cost>; N] = std::array::from_fn(|_| Vec::new());
    for _ in 0..rounds {
        for (contestant, runs) in contestants.iter().zip(&mut runs) {
            runs.push(contestant.run()?);
        }
    }
    Ok(runs.map(|runs| {
        let middle = |of: fn(&Cost) -> f64| {
            let mut all: Vec<f64> = runs.iter().map(of).collect();
            all.sort_unstable_by(f64::total_cmp);
            all[all.len() / 2]
        };
        Cost { cpu: middle(|it| it.cpu), wall: middle(|it| it.wall), peak: middle(|it| it.peak) }
    }))
}
