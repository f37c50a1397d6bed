//! `rollcall test`: do the rules of `policy.require` hold, of what manifests say or of the account as it is?

use std::path::Path;

use crate::cli::args::{Start, Test};
use crate::cli::process::context::Context;
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::cli::process::signals::unless_stopped;
use crate::cli::product::display::{DisplayOptions, head};
use crate::cli::product::output;
use crate::cli::session::clock;
use crate::cli::session::manifests::whole;
use crate::cli::session::planning::Session;
use crate::manifest;
use crate::model::{Change, Dates, Object};
use crate::plan::{self, BlockerCode, Incomplete};
use crate::render::requirements::{self, Over, Requirements};
use crate::render::{View, json};

/// Less than the whole picture.
#[derive(Debug, thiserror::Error)]
#[error("nothing is judged of less than the whole picture:")]
struct Partial;

/// Judges, and says what became of each requirement.
pub(crate) fn run(cx: &Context, args: &Test) -> Result<Exit, Failure> {
    output::one_stdout(files(args))?;
    if args.account || args.access.wire.endpoint.is_some() {
        of_account(cx, args)
    } else {
        of_manifests(cx, args)
    }
}

/// What the result is written to, besides as text.
fn files(args: &Test) -> [Option<&Path>; 2] {
    [args.json.as_deref(), args.junit.as_deref()]
}

fn of_account(cx: &Context, args: &Test) -> Result<Exit, Failure> {
    let question = args.question();
    let (session, judged) = unless_stopped(async {
        let session = Session::open(cx, &question).await?;
        let judged = session.judged().await?;
        Ok((session, judged))
    })?;
    let manner = DisplayOptions::new(cx, &session, &question.manifests);
    let (judged, users) = &judged;
    let all =
        Requirements { account: session.account(), over: Over::Account, users: *users, judged, unknown: 0 };
    deliver(cx, args, &all, (&manner.view, manner.banner))
}

fn of_manifests(cx: &Context, args: &Test) -> Result<Exit, Failure> {
    let Test { manifests, exports, .. } = args;
    let gathered = manifest::gather(&manifests.path, &exports.exports()?);
    let now = clock::now(cx, manifests, &gathered, Some(Start::WhereLeft));
    let loaded = gathered.judge(Dates::of(now));
    exports.check(&loaded)?;
    let (sources, desired) = whole(cx, &manifests.path, manifests, loaded)?;
    let context = plan::Context { now, base: None, attempts: None, number: None };
    let said = plan::judged_of_manifests(&desired, &context).map_err(|all| Failure {
        points: all.iter().map(Incomplete::to_string).collect(),
        ..Failure::error(Partial)
    })?;
    let is_unknown = |code| matches!(code, BlockerCode::UnknownReference);
    let is_user = |change: &Change| matches!(change.object, Object::User(_));
    let all = Requirements {
        account: &desired.account.name.value,
        over: Over::Manifests,
        users: said.plan.changes.iter().filter(|change| is_user(change)).count(),
        judged: &said.judged,
        unknown: said.plan.blockers.iter().filter(|blocker| is_unknown(blocker.code)).count(),
    };
    deliver(cx, args, &all, (&View::new(&sources, manifests.redaction()), None))
}

fn deliver(
    cx: &Context,
    args: &Test,
    all: &Requirements<'_>,
    (view, banner): (&View<'_>, Option<&str>),
) -> Result<Exit, Failure> {
    if let Some(path) = &args.junit {
        output::write(cx, path, &output::bytes(|out| requirements::junit(out, all, view))?)?;
    }
    if let Some(path) = &args.json {
        output::write(cx, path, &output::bytes(|out| json::requirements(out, all, view))?)?;
    }
    if !files(args).into_iter().any(output::goes_to_stdout) {
        output::stream(cx, |out| {
            head(out, banner)?;
            requirements::text(out, all, view, cx.layout())
        })?;
    }
    Ok(if all.hold() { Exit::Done } else { Exit::Blocked })
}
