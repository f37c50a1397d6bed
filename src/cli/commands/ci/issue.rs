//! What stands in the issue of a drift check: what is other, which ways lead out, and what an apply would change.

use crate::cli::commands::ci::comment;
use crate::cli::commands::ci::job::Job;
use crate::cli::process::failure::Failure;
use crate::github::{DriftMarker, approval};
use crate::plan::Plan;
use crate::render::{blocked_by, code_block, code_span, quoted, through, visible};

/// What stands between what became of a check and what the check before found.
const WAS: &str = "---\n\n#### What the last comparison found\n\n";

/// What a check found.
pub(super) struct Findings<'a> {
    /// What would undo it.
    pub(super) plan: &'a Plan,
    /// Whether any of it is told.
    pub(super) is_told: bool,
    /// How much of it is there for the first time.
    pub(super) fresh: usize,
    /// An HR upload that may still be processed, in a sentence.
    pub(super) awaited: Option<&'a str>,
    /// Why the audit log says nothing of it, where it was asked.
    pub(super) unaudited: Option<&'a str>,
    /// The plan, as it is shown.
    pub(super) page: &'a str,
    /// How it can be accepted here.
    pub(super) accept: Option<&'a str>,
}

/// The title of an account's issue.
pub(super) fn title(account: &str) -> String {
    format!("Rollcall: drift of {}", visible(account))
}

/// The issue after a comparison.
pub(super) fn body(job: &Job<'_>, marker: &DriftMarker, findings: &Findings<'_>) -> String {
    let Findings { plan, fresh, awaited, unaudited, page, accept, .. } = findings;
    let mut said = vec![format!("**{}** Checked by {}.", headline(findings), job.runner.link())];
    if *fresh > 0 {
        let (these, are) = if *fresh == 1 { ("difference", "is") } else { ("differences", "are") };
        said.push(format!(
            "{fresh} {these} below {are} there for the first time, and told only if the next check still finds it.",
        ));
    }
    if let Some(awaited) = awaited {
        said.push(format!("HR groups are not compared: {}", code_span(awaited)));
    }
    if !plan.is_empty() || !plan.blockers.is_empty() {
        if awaited.is_none() {
            said.extend(ways_out(job, marker, (plan, *accept)));
        }
        let legend = "Below, `-` and what stands before `→` is what the account has; `+` and what stands behind `→` is what the \
                      manifests say.";
        said.push(legend.to_owned());
        said.extend(unaudited.map(unknown));
        said.push((*page).to_owned());
    }
    written(marker, &format!("{}\n{}\n", heading(&plan.account), said.join("\n\n")))
}

/// How it reads that the audit log says nothing.
pub(super) fn unknown(why: &str) -> String {
    format!("Who changed it is not known: {}.", code_span(why))
}

fn heading(account: &str) -> String {
    format!("### Rollcall: drift of {}\n", code_span(account))
}

const fn headline(findings: &Findings<'_>) -> &'static str {
    let Findings { plan, is_told, fresh, awaited, .. } = findings;
    if *is_told {
        "The account is other than the manifests say."
    } else if *fresh > 0 {
        "Nothing to do yet."
    } else if awaited.is_some() || !plan.changes.is_empty() {
        "Nothing to do while an HR upload is under way."
    } else {
        "The account is what the manifests say."
    }
}

/// How either side is made to say what the other does.
fn ways_out(job: &Job<'_>, marker: &DriftMarker, (plan, accept): (&Plan, Option<&str>)) -> [String; 2] {
    let path = quoted(&job.path().display().to_string());
    let undo = match blocked_by(plan).filter(|_| !plan.blockers.is_empty()) {
        Some(blocked) => format!(
            "**To undo it**, so that the account is again what the manifests say, settle first what is in the way: {blocked}."
        ),
        None if marker.mac.is_some() => format!(
            "**To undo it**, so that the account is again what the manifests say, a person with write access comments here:\n\n{}\n\nand \
             another one starts [the apply]({}/actions/workflows/{}) on the default branch (Run workflow).",
            code_block("text", &approval(&plan.digest)).trim_end(),
            job.runner.home,
            job.inputs.apply_workflow
        ),
        None => format!(
            "**To undo it**, so that the account is again what the manifests say:\n\n{}",
            code_block("sh", &format!("rollcall apply {path} --expect {}", plan.digest)).trim_end()
        ),
    };
    let by_hand = || {
        let command = code_block("sh", &format!("rollcall import --into {path} --write"));
        format!("commit what this writes:\n\n{}", command.trim_end())
    };
    let accept = accept.map_or_else(by_hand, str::to_owned);
    let accept = format!("**To accept it**, so that the manifests say what the account has, {accept}");
    [undo, accept]
}

/// The issue after a check that failed, with what the last comparison found below it.
pub(super) fn failed(job: &Job<'_>, marker: &DriftMarker, failure: &Failure, before: &str) -> String {
    let head = comment::failed(job, &heading(&marker.account), "The account could not be compared.", failure);
    let line = marker.line();
    let body = comment::above((line.len(), &format!("{head}\n")), WAS, before);
    written(marker, &body)
}

/// The issue once its plan was to be carried out, with what there was to undo below what became of it.
pub(super) fn became(job: &Job<'_>, marker: &DriftMarker, words: (&str, &str), before: &str) -> String {
    let head = comment::became(job, &heading(&marker.account), words);
    written(marker, &comment::above((marker.line().len(), &head), WAS, before))
}

fn written(marker: &DriftMarker, body: &str) -> String {
    let body = format!("{}\n{body}", marker.line());
    String::from_utf8_lossy(&through(body.as_bytes())).into_owned()
}
