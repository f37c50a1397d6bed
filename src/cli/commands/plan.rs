//! `rollcall plan`: what would change in the account, and nothing else.

use crate::cli::args::{Plan, Question};
use crate::cli::process::context::Context;
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::cli::process::memory::abandon;
use crate::cli::process::signals::unless_stopped;
use crate::cli::product::display::{DisplayOptions, PlanDisplay};
use crate::cli::product::output;
use crate::cli::product::save::keep;
use crate::cli::session::carrying::Voice;
use crate::cli::session::earlier;
use crate::cli::session::planning::{Planned, Session};
use crate::cli::session::recent::READ_BACK;
use crate::plan;
use crate::run::{PendingUpload, write_private};

/// Makes and shows a plan.
pub(crate) fn run(cx: &Context, args: &Plan) -> Result<Exit, Failure> {
    args.outputs.check()?;
    args.question.check()?;
    let (session, planned) = made(cx, &args.question)?;
    let shown = PlanDisplay {
        planned: &planned,
        manner: DisplayOptions::new(cx, &session, &args.question.manifests),
    };
    save(cx, args, &shown)?;
    args.outputs.deliver(cx, &shown)?;
    let exit = exit(args, &planned.plan);
    abandon((session, planned));
    Ok(exit)
}

/// Makes a plan.
pub(crate) fn made(cx: &Context, question: &Question) -> Result<(Session, Planned), Failure> {
    made_after(cx, question).map(|(session, planned, _)| (session, planned))
}

/// The same, with what is known of an upload of an earlier run.
pub(crate) fn made_after(
    cx: &Context,
    question: &Question,
) -> Result<(Session, Planned, PendingUpload), Failure> {
    unless_stopped(planned_after(cx, question))
}

/// The same, in a runtime that goes on.
pub(crate) async fn planned_after(
    cx: &Context,
    question: &Question,
) -> Result<(Session, Planned, PendingUpload), Failure> {
    let session = Session::open(cx, question).await?;
    let (planned, pending) =
        earlier::plan((cx, Voice::Aloud), &session, &question.manifests, READ_BACK).await?;
    earlier::say(cx, &pending);
    Ok((session, planned, pending))
}

/// Saves what was asked to be saved, and what a later run needs.
fn save(cx: &Context, args: &Plan, shown: &PlanDisplay<'_>) -> Result<(), Failure> {
    if let Some(path) = &args.out {
        write_private(path, &output::bytes(|out| shown.json(out))?)?;
    }
    keep(cx, shown, &args.question)
}

fn exit(args: &Plan, plan: &plan::Plan) -> Exit {
    if !plan.blockers.is_empty() || !plan.violations.is_empty() {
        Exit::Blocked
    } else if args.detailed_exitcode && !plan.is_empty() {
        Exit::Changes
    } else {
        Exit::Done
    }
}
