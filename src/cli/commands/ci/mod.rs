//! `rollcall ci github`: what a workflow of GitHub does with manifests, by what started it.

mod accept;
mod accounts;
mod apply;
mod audit;
mod base;
mod check;
mod comment;
mod drift;
mod issue;
mod job;
mod keeping;
mod outcome;
mod plan;
mod report;
mod result;
mod results;
mod review;
mod runner;
mod undo;
mod uploads;

use crate::cli::args::CiSystem;
use crate::cli::commands::ci::job::Job;
use crate::cli::commands::ci::outcome::Outcome;
use crate::cli::commands::ci::runner::Runner;
use crate::cli::process::context::Context;
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::github::Task;
use crate::render::Redaction;

/// Runs a step of a workflow.
pub(crate) fn run(cx: &Context, system: CiSystem) -> Exit {
    match system {
        CiSystem::Github => github(cx),
    }
}

/// Does what there is to do, and hands on what became of it, however it ends. Why it ends red stands in the last lines of the log.
fn github(cx: &Context) -> Exit {
    let runner = Runner::of_process();
    let mut outcome = Outcome::default();
    // Until it is known who can see the repository, everybody may.
    let mut redaction = Redaction::On;
    let ended = Job::read(cx, &runner).and_then(|job| {
        redaction = job.redaction;
        act(&job, &mut outcome)
    });
    let (exit, failure) = match ended {
        Ok(exit) => (exit, None),
        Err(failure) => (failure.kind, Some(failure)),
    };
    outcome.deliver(cx, &runner, (exit, failure.as_ref()), redaction);
    if let Some(failure) = failure {
        // A closed stderr can't be told anything.
        let _closed = failure.print(&mut cx.stderr(), redaction, cx.conversation());
    }
    exit
}

fn act(job: &Job<'_>, outcome: &mut Outcome) -> Result<Exit, Failure> {
    let task = job.task()?;
    outcome.set("command", task.name());
    let ended = match task {
        Task::Validate(why) => check::run(job, outcome, why),
        Task::Plan(proposal) => plan::run(job, outcome, proposal),
        Task::Apply(push) => apply::run(job, outcome, push),
        Task::Undo(by) => undo::run(job, outcome, by),
        Task::Drift => drift::run(job, outcome),
        Task::Accounts(since) => return accounts::run(job, outcome, since),
        Task::Report(trigger) => return report::run(job, outcome, trigger),
    };
    match result::write(job, outcome, task.name(), &ended) {
        Err(failure) if ended.is_err() => job.cx.warn(failure.sentence()),
        written => written?,
    }
    ended
}
