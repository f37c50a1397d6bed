//! `rollcall plan`: what would change in the account, and nothing else.

use std::time::Duration;

use crate::cli::args::Plan;
use crate::cli::context::Context;
use crate::cli::earlier;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::keep::keep;
use crate::cli::output;
use crate::cli::planning::{Question, Session};
use crate::cli::recent;
use crate::cli::runtime;
use crate::cli::shown::{Manner, ShownPlan};
use crate::cli::signals::{Signals, stopped};
use crate::plan;
use crate::run::write_private;

/// How late the account may show what an apply wrote, as `apply --read-back` has it by default.
const READ_BACK: Duration = Duration::from_secs(30);

/// Makes and shows a plan.
pub(crate) fn run(cx: &Context, args: &Plan) -> Result<Exit, Failure> {
    args.outputs.check()?;
    args.planning.check(&args.manifests)?;
    let question = Question { manifests: &args.manifests, access: &args.access, planning: &args.planning };
    let (session, planned) = runtime::block_on(async {
        let mut signals = Signals::listen().map_err(Failure::error)?;
        let planning = async {
            let session = Session::open(cx, question).await?;
            let underway = earlier::look(&session, &args.manifests).await;
            let ledgers = earlier::ledgers(&session, &args.manifests);
            let planned = recent::plan(cx, &session, ledgers.last_wrote().as_ref(), READ_BACK).await?;
            earlier::say(cx, &underway.after(&planned.observed));
            Ok((session, planned))
        };
        tokio::select! {
            planned = planning => planned,
            stop = signals.next() => Err(stopped(stop)),
        }
    })?;
    let shown = ShownPlan { planned: &planned, manner: Manner::new(cx, &session, &args.manifests) };
    save(cx, args, &shown)?;
    args.outputs.deliver(cx, &shown)?;
    Ok(exit(args, &planned.plan))
}

/// Saves what was asked to be saved, and what a later run needs.
fn save(cx: &Context, args: &Plan, shown: &ShownPlan<'_>) -> Result<(), Failure> {
    if let Some(path) = &args.out {
        write_private(path, &output::bytes(|out| shown.json(out))?)?;
    }
    keep(cx, shown, (&args.manifests, &args.planning))
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
