//! `rollcall request`: what to ask the people of a learning platform for, so that a group fills itself there.

use crate::cli::args::{Planning, Question, Request};
use crate::cli::commands::list::NoLists;
use crate::cli::process::context::Context;
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::cli::process::signals::unless_stopped;
use crate::cli::product::display::{DisplayOptions, head};
use crate::cli::product::output;
use crate::cli::session::planning::Session;
use crate::model::GroupName;
use crate::plan::Unrequested;
use crate::render::{self, Detail};

/// There is nothing to ask for.
#[derive(Debug, thiserror::Error)]
enum Nothing {
    #[error("no manifest declares a group {0:?}")]
    Undeclared(String),
    #[error("{0:?} has no `match` and no `branch`: nothing says who belongs to it but lists")]
    NoRule(String),
    #[error("{0:?} has the users of other groups (`membersOf`), which no condition says")]
    Copied(String),
}

/// Plans as `plan` does, and says what would be asked for a group.
pub(crate) fn run(cx: &Context, args: &Request) -> Result<Exit, Failure> {
    let planning = Planning::of(&args.exports, &args.lists);
    let question = Question { manifests: args.manifests.clone(), access: args.access.clone(), planning };
    let (session, planned) = unless_stopped(async {
        let session = Session::open(cx, &question).await?;
        if session.download.is_some() {
            return Err(Failure::usage(NoLists));
        }
        let planned = session.plan_seeing(None).await?;
        Ok((session, planned))
    })?;
    let manner = DisplayOptions::new(cx, &session, &question.manifests);
    let name = GroupName::observed(&args.group);
    let request = session.request(&planned, &name).map_err(|why| {
        let group = args.group.clone();
        match why {
            Unrequested::Undeclared(near) => {
                let hints = near.iter().map(|near| manner.view.phrase(near, Detail::Name)).collect();
                Failure { hints, ..Failure::error(Nothing::Undeclared(group)) }
            }
            Unrequested::NoRule => Failure::error(Nothing::NoRule(group)),
            Unrequested::Copied => Failure::error(Nothing::Copied(group)),
        }
    })?;
    let (account, view) = (session.account(), &manner.view);
    if let Some(path) = &args.json {
        let bytes = output::bytes(|out| render::json::request(out, account, &request, view))?;
        output::write(cx, path, &bytes)?;
    }
    if !args.json.as_deref().is_some_and(output::is_stdout) {
        output::stream(cx, |out| {
            head(out, manner.banner)?;
            render::request::request(out, account, &request, view)
        })?;
    }
    Ok(Exit::Done)
}
