//! `rollcall hr preview`: the exact file that an apply would upload; `rollcall hr map`: a mapping that is proposed for an export.

use crate::cli::args;
use crate::cli::process::context::Context;
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::cli::process::signals::unless_stopped;
use crate::cli::product::display::DisplayOptions;
use crate::cli::product::output;
use crate::cli::session::planning::Session;
use crate::manifest::propose;
use crate::plan::{Plan, Preview};
use crate::render::{self, visible};
use crate::run::write_private;

/// The file holds people by identifiers that the account looks them up by, so it can't be redacted.
#[derive(Debug, thiserror::Error)]
#[error("--redact would make a file that names other users: hr preview prints what is sent, byte for byte")]
struct Unredactable;

/// Plans as `plan` does, and prints the file of the HR set.
pub(crate) fn preview(cx: &Context, args: &args::Preview) -> Result<Exit, Failure> {
    if args.question.manifests.redact {
        return Err(Failure::usage(Unredactable));
    }
    let (session, preview) = unless_stopped(async {
        let session = Session::open(cx, &args.question).await?;
        let preview = session.preview().await?;
        Ok((session, preview))
    })?;
    let manner = DisplayOptions::new(cx, &session, &args.question.manifests);
    if let Some(banner) = manner.banner {
        cx.say(banner);
    }
    converse(cx, &preview, &manner)?;
    if let Some(file) = preview.file() {
        let kept = args.question.planning.out_snapshot.as_deref();
        kept.map_or(Ok(()), |path| write_private(path, file))?;
        output::copy(cx, file, kept)?;
    }
    Ok(exit(&preview.plan))
}

/// Says on stderr what the file is, and what speaks against sending it.
fn converse(cx: &Context, preview: &Preview, manner: &DisplayOptions<'_>) -> Result<(), Failure> {
    let plan = &preview.plan;
    match (preview.file(), &plan.snapshot) {
        (Some(_), Some(planned)) => {
            let (account, set) = (visible(&plan.account), render::set_heading(planned));
            let heading =
                format!("{account} HR SNAPSHOT   {set}   sha256 {}\n", planned.snapshot.sha256_hex());
            cx.show(heading.as_bytes());
        }
        (Some(_), None) => cx.say(&format!(
            "{}: the HR groups would not change, so nothing would be sent; this is the set as it is",
            plan.account
        )),
        (None, _) if plan.blockers.is_empty() => {
            cx.say(&format!("{}: no HR group in the manifests or the account", plan.account));
        }
        (None, _) => cx.say(&format!("{}: no file is made of a plan with blockers", plan.account)),
    }
    let against = output::bytes(|out| render::text::against(out, plan, &manner.view, manner.layout))?;
    cx.show(&against);
    Ok(())
}

/// An export for which no mapping can be proposed.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {why}")]
struct Unmapped {
    file: String,
    why: String,
}

/// Proposes a mapping for an export.
pub(crate) fn map(cx: &Context, args: &args::HrMap) -> Result<Exit, Failure> {
    let proposal = propose(&args.file).map_err(|problem| {
        let failure =
            Failure::error(Unmapped { file: args.file.display().to_string(), why: problem.message });
        match problem.help {
            Some(help) => failure.hint(help),
            None => failure,
        }
    })?;
    if let Some(path) = &args.json {
        output::write(cx, path, &output::bytes(|out| render::json::proposal(out, &proposal))?)?;
    }
    if !args.json.as_deref().is_some_and(output::is_stdout) {
        output::print(cx, &output::bytes(|out| render::proposal::proposal(out, &proposal))?)?;
    }
    Ok(Exit::Done)
}

fn exit(plan: &Plan) -> Exit {
    if plan.blockers.is_empty() && plan.violations.is_empty() { Exit::Done } else { Exit::Blocked }
}
