//! What became of the steps whose outcome an earlier run did not live to see?
//!
//! The plan that was made just now tells, as it was made of the account: a step that it holds too did not take effect, any
//! other did, or is not wanted any more.

use std::collections::BTreeSet;

use crate::apply::{Trace, trace};
use crate::cli::context::Context;
use crate::cli::ledger::line::{Line, Step};
use crate::cli::ledger::past::Past;
use crate::plan::Plan;

/// What was found about an earlier run.
#[derive(Debug)]
pub(super) struct Found {
    /// In a sentence.
    pub(super) sentence: String,
    /// For its ledger.
    pub(super) line: Line,
}

/// Looks for what an earlier run left unknown.
pub(super) fn settle(past: &Past, plan: &Plan) -> Found {
    let planned: BTreeSet<(String, Vec<String>)> = plan
        .steps()
        .map(|step| {
            let Trace { act, of, makes: _ } = trace(plan, step);
            (act, of)
        })
        .collect();
    let is_planned = |step: &&Step| planned.contains(&(step.act.clone(), step.of.clone()));
    let (still, took): (Vec<&Step>, Vec<&Step>) = past.unknown().partition(is_planned);
    let found = Line::Found { at: Context::clock(), took_effect: took.len(), still_planned: still.len() };
    Found { sentence: sentence(past, plan, (took.len(), still.len())), line: found }
}

fn sentence(past: &Past, plan: &Plan, (took, still): (usize, usize)) -> String {
    let Past { run, .. } = past;
    let host = run.host.as_ref().map_or_else(String::new, |host| format!(" on {host}"));
    let run = format!("the apply of {} (process {}{host})", run.started.strftime("%FT%TZ"), run.process);
    let ended = if past.ended.is_some() { "ended without knowing all" } else { "was ended before its end" };
    let answered = match past.known() {
        0 => "no write was answered".to_owned(),
        1 => "1 write was answered".to_owned(),
        known => format!("{known} writes were answered"),
    };
    let rest = match took + still {
        _ if past.run.sandbox.is_some() => "; its sandbox ended with it".to_owned(),
        0 => ", and no other was sent".to_owned(),
        unknown if plan.is_blind() => format!(", {unknown} not, and nothing shows what became of that"),
        1 if took == 1 => ", 1 was not; by what the account shows now, it took effect".to_owned(),
        1 => ", 1 was not; by what the account shows now, it did not take effect".to_owned(),
        unknown => format!(
            ", {unknown} were not; by what the account shows now, {took} of these took effect and {still} did not"
        ),
    };
    let torn = if past.torn.is_some() { "; the last line of its ledger was cut off" } else { "" };
    format!("{run} {ended}: {answered}{rest}{torn}")
}
