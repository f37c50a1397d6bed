//! What becomes of what was merged? The plan that was reviewed, or what is left of it, is carried out, and no other.

use std::cell::RefCell;
use std::error::Error;

use crate::cli::commands::apply::{Audience, heard};
use crate::cli::commands::ci::base::Base;
use crate::cli::commands::ci::check::check;
use crate::cli::commands::ci::comment::{self, Note};
use crate::cli::commands::ci::job::{Job, REVIEW_KEY};
use crate::cli::commands::ci::outcome::Outcome;
use crate::cli::commands::ci::review::{Found, Unreviewed, find};
use crate::cli::commands::plan::made;
use crate::cli::process::context::Context;
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::cli::process::runtime;
use crate::cli::product::display::{DisplayOptions, PlanDisplay, ReportDisplay};
use crate::cli::product::output;
use crate::cli::session::target::main_credential;
use crate::github::{Push, Review, approval};
use crate::model::Account;
use crate::render::markdown::{Gist, PageKind};
use crate::render::{code_block, quoted, remarks};

/// What to do where no job knows the signatures of the other.
pub(super) fn one_key(account: &Account) -> String {
    let key = main_credential(account).name;
    format!(
        "where the plan and the apply don't have the same {key}: make ROLLCALL_REVIEW_KEY with `openssl rand -hex 32`, and have both use it as a secret"
    )
}

/// What is not carried out.
#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error("nothing was written: {0} in the manifests")]
    Invalid(String),
    #[error("ROLLCALL_REVIEW_KEY is set, and `review: none` asks for no review: they contradict each other")]
    Contradiction,
}

/// Applies what was merged.
pub(super) fn run(job: &Job<'_>, outcome: &mut Outcome, push: &Push) -> Result<Exit, Failure> {
    let account = account(job, outcome)?;
    let base = job.base(&push.before)?;
    let found = match job.inputs.review {
        Review::None if REVIEW_KEY.secret(&Context::variable)?.is_some() => {
            return Err(Failure::usage(Refused::Contradiction).hint("take one of the two away"));
        }
        Review::None => None,
        Review::Required => Some(match Job::review_key(&account)? {
            Some(key) => runtime::block_on(find(job, &job.api()?, (push, &account.name.value), &key))?,
            None => Err(Unreviewed::NoKey(main_credential(&account).name)),
        }),
    };
    match found {
        Some(Err(unreviewed)) => {
            let is_of_key = matches!(unreviewed, Unreviewed::NoKey(_) | Unreviewed::Unsigned(_));
            let one_key = is_of_key.then(|| one_key(&account));
            let hints =
                one_key.as_deref().into_iter().chain(["review what is left to do on a new pull request"]);
            unless_nothing_to_do(job, outcome, Some(&base), (unreviewed, hints))
        }
        Some(Ok(found)) => reviewed(job, outcome, &base, &found),
        None => carry_out(job, outcome, &job.apply(&[], Some(&base))?).0,
    }
}

/// The account of manifests without errors.
pub(super) fn account(job: &Job<'_>, outcome: &mut Outcome) -> Result<Account, Failure> {
    let checked = check(job, outcome)?;
    let page = checked.page();
    let Some(account) = checked.account.filter(|_| checked.validity.is_ok()) else {
        outcome.summary = page;
        job.cx.show(checked.text.as_bytes());
        return Err(Failure::error(Refused::Invalid(checked.tally))
            .hint("`rollcall validate` shows each with a way out"));
    };
    job.accept(&account)?;
    Ok(account)
}

/// What was not reviewed.
#[derive(Debug, thiserror::Error)]
#[error("nothing was written: {0}")]
struct NotCarriedOut<E>(E);

/// Where nothing would change, it does not matter that nothing was reviewed.
pub(super) fn unless_nothing_to_do<'h>(
    job: &Job<'_>,
    outcome: &mut Outcome,
    base: Option<&Base>,
    (why, hints): (impl Error + Send + Sync + 'static, impl IntoIterator<Item = &'h str>),
) -> Result<Exit, Failure> {
    let question = job.question(base)?;
    let (session, planned) = made(job.cx, &question)?;
    let shown =
        PlanDisplay { planned: &planned, manner: DisplayOptions::new(job.cx, &session, &question.manifests) };
    output::print(job.cx, &output::bytes(|out| shown.text(out))?)?;
    let plan = &planned.plan;
    note(job, outcome, &shown)?;
    if plan.is_empty() && plan.blockers.is_empty() && plan.violations.is_empty() {
        return Ok(Exit::Done);
    }
    outcome.reason = Some("unreviewed");
    let path = quoted(&job.path().display().to_string());
    let failure = Failure::new(Exit::Blocked, NotCarriedOut(why));
    Err(hints.into_iter().fold(failure, Failure::hint).hint(format!(
        "or apply what is shown above by hand: rollcall apply {path} --expect {}",
        plan.digest
    )))
}

/// Remembers a plan for the summary, the outputs and the lines that cause it.
fn note(job: &Job<'_>, outcome: &mut Outcome, shown: &PlanDisplay<'_>) -> Result<(), Failure> {
    let plan = &shown.planned.plan;
    outcome.plan(plan);
    outcome.gist = shown.gist();
    outcome.remarks.extend(remarks::of_plan(plan, &shown.manner.view));
    outcome.summary = page(job, shown)?;
    Ok(())
}

fn page(job: &Job<'_>, shown: &PlanDisplay<'_>) -> Result<String, Failure> {
    let command = approval(&shown.planned.plan.digest);
    let page = output::bytes(|out| shown.page(out, PageKind::Summary, &job.runner.link(), Some(&command)))?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}

/// What was heard of a run.
struct Listener<'a> {
    job: &'a Job<'a>,
    heard: RefCell<(Outcome, Option<String>)>,
}

impl Audience for Listener<'_> {
    fn plan(&self, shown: &PlanDisplay<'_>) -> Result<(), Failure> {
        note(self.job, &mut self.heard.borrow_mut().0, shown)
    }

    fn report(&self, shown: &ReportDisplay<'_>) -> Result<(), Failure> {
        let report = output::bytes(|out| shown.text(out))?;
        self.heard.borrow_mut().1 = Some(String::from_utf8_lossy(&report).into_owned());
        Ok(())
    }
}

/// Carries a plan out; with its report, where there is one.
fn carry_out(
    job: &Job<'_>,
    outcome: &mut Outcome,
    args: &crate::cli::args::Apply,
) -> (Result<Exit, Failure>, Option<String>) {
    let listener = Listener { job, heard: RefCell::new((std::mem::take(outcome), None)) };
    let ended = heard(job.cx, args, &listener);
    let (told, report) = listener.heard.into_inner();
    *outcome = told;
    if let Some(report) = &report {
        let exit = exit_of(&ended);
        outcome.gist = match exit {
            Exit::Done | Exit::Pending => {
                Gist { headline: headline(exit).into(), rest: report.clone(), urgent: String::new() }
            }
            _ => Gist { headline: headline(exit).into(), urgent: report.clone(), rest: String::new() },
        };
        outcome.summary = format!("{}\n{}", code_block("text", report), outcome.summary);
    }
    (ended, report)
}

/// How it ended that a reviewed plan was to be carried out.
pub(super) struct Carried {
    /// As the command ended.
    pub(super) ended: Result<Exit, Failure>,
    /// What that comes to.
    pub(super) exit: Exit,
    /// The report; or in what the plan differs from the one that was reviewed.
    pub(super) words: String,
}

/// Carries out what was reviewed and is shown on a page, if there is one of this account, and no other plan.
pub(super) fn carry_out_reviewed(
    job: &Job<'_>,
    outcome: &mut Outcome,
    args: &crate::cli::args::Apply,
    page: Option<&str>,
) -> Carried {
    let (ended, report) = carry_out(job, outcome, args);
    let exit = exit_of(&ended);
    let difference = page.filter(|_| exit == Exit::Stale).map(|page| difference(page, &outcome.summary));
    let difference = difference.unwrap_or_default();
    if !difference.is_empty() {
        job.cx.show(difference.as_bytes());
        outcome.summary = format!("{}\n{}", code_block("diff", &difference), outcome.summary);
        outcome.gist.urgent.clone_from(&difference);
    }
    Carried { ended, exit, words: report.unwrap_or(difference) }
}

/// Carries out what was reviewed, and says on its pull request what became of it.
fn reviewed(job: &Job<'_>, outcome: &mut Outcome, base: &Base, found: &Found) -> Result<Exit, Failure> {
    let Found { number, shown, marker, digest, approver } = found;
    let how = if approver.is_some() { "--approve" } else { "--expect" };
    let args = job.apply(&[format!("{how}={digest}")], Some(base))?;
    job.cx.say(&format!("the plan that was reviewed on #{number} is {digest}"));
    if let Some(login) = approver {
        job.cx.say(&format!("its violations are approved by {login}"));
    }
    let Carried { ended, exit, words } = carry_out_reviewed(job, outcome, &args, shown.as_deref());
    let marker = if matches!(exit, Exit::Done | Exit::Pending) {
        comment::closed(marker.clone())
    } else {
        marker.clone()
    };
    let note =
        comment::carried_out(job, (shown.as_deref().unwrap_or_default(), marker), (headline(exit), &words));
    comment::write(job, outcome, &Note { number: *number, ..note });
    match ended {
        Err(failure) if exit == Exit::Stale => {
            Err(failure.hint(format!("have what is shown above reviewed on a new pull request, or apply it by hand: rollcall apply {} --expect DIGEST", quoted(&job.path().display().to_string()))))
        }
        Err(failure) if exit == Exit::Blocked => Err(failure.hint(format!(
            "somebody who may write and has not opened #{number} comments there, and the job is run again: {}",
            approval(digest)
        ))),
        Ok(Exit::Unfinished) => {
            job.cx.say("not everything that was planned is done: run this job again, and it goes on with what is left");
            Ok(Exit::Unfinished)
        }
        ended => ended,
    }
}

/// How a run ended, whether well or not.
fn exit_of(ended: &Result<Exit, Failure>) -> Exit {
    ended.as_ref().map_or_else(|failure| failure.kind, |exit| *exit)
}

/// What became of a plan, in a line.
pub(super) const fn headline(exit: Exit) -> &'static str {
    match exit {
        Exit::Done => "Applied.",
        Exit::Pending => "Applied; the account has yet to show some of it.",
        Exit::Unfinished => "Applied in part: run the job again, and it goes on with what is left.",
        Exit::Stale => {
            "Not applied: the account or the manifests changed since the review, and nothing was written."
        }
        Exit::Blocked => "Not applied: the plan is blocked, and nothing was written.",
        Exit::Interrupted | Exit::Terminated => {
            "Stopped: run the job again, and it goes on with what is left."
        }
        _ => "Not applied: nothing was written.",
    }
}

/// Which lines of the plan are new since the review (`+`), and which are gone (`-`).
fn difference(reviewed: &str, now: &str) -> String {
    let (before, after) = (in_code(reviewed), in_code(now));
    let gone = before.iter().filter(|line| !after.contains(line)).map(|line| format!("- {line}\n"));
    let new = after.iter().filter(|line| !before.contains(line)).map(|line| format!("+ {line}\n"));
    gone.chain(new).collect()
}

/// The lines of a page that stand in blocks of code: what a plan says of its changes.
fn in_code(page: &str) -> Vec<&str> {
    let (mut lines, mut fence) = (Vec::new(), None);
    for line in page.lines().map(|line| line.trim_end_matches('\r')) {
        let ticks = &line[..line.len() - line.trim_start_matches('`').len()];
        match fence {
            None if line.strip_prefix(ticks) == Some("diff") && ticks.len() >= 3 => fence = Some(ticks),
            Some(open) if line == open => fence = None,
            // A heading of what stands below it.
            Some(_) if line.starts_with("@@ ") => {}
            Some(_) => lines.push(line),
            None => {}
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_new_and_what_is_gone_since_a_review_is_told() {
        let page = |lines: &str| format!("### x\n\n````diff\n{lines}\n````\n\n```\ncommand\n```\n");
        let (before, now) = (page("~ Ada\r\n    email\n``"), page("~ Ada\n- Bob"));
        assert_eq!(difference(&before, &now), "-     email\n- ``\n+ - Bob\n");
        assert_eq!(difference(&now, &now), "");
    }
}
