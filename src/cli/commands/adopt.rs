//! `rollcall import --into`: manifests that are there come to say what the account has.

use std::path::Path;
use std::sync::Arc;

use crate::account::{Computers, Read as _, ReadError, Reader};
use crate::cli::args::Import;
use crate::cli::process::context::Context;
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::cli::process::signals::unless_stopped;
use crate::cli::product::display::head;
use crate::cli::product::{output, revise};
use crate::cli::session::earlier;
use crate::cli::session::planning::Session;
use crate::diag::Sources;
use crate::import::{Adoption, Choices, Objection, Unadoptable, UnmentionedToo, Wanted, adopt};
use crate::model::{Observed, UnmanagedGroups, UnmanagedHrGroups};
use crate::render::adopt::Summary;
use crate::render::{self, Detail, View, json};

/// Why nothing is adopted.
#[derive(Debug, thiserror::Error)]
enum Unadopted {
    #[error("an HR upload may still be processed, and what the account shows may be older: {0}")]
    Pending(String),
    #[error("neither the manifests nor the account have a user, a group or an exclusion called {0}")]
    Nobody(String),
    #[error("the manifests can't be planned")]
    Unplanned,
}

/// Shows what would have to change in manifests, and writes it if that is asked for.
pub(crate) fn run(cx: &Context, args: &Import, folder: &Path) -> Result<Exit, Failure> {
    let (session, adoption) = adopted(cx, args, folder)?;
    if args.adopting.write {
        revise::write(&adoption.files)?;
    }
    show(cx, (args, folder), &adoption, session.target.banner.as_deref())?;
    Ok(if adoption.left.is_empty() { Exit::Done } else { Exit::Blocked })
}

/// What would have to change in manifests.
pub(crate) fn adopted(cx: &Context, args: &Import, folder: &Path) -> Result<(Session, Adoption), Failure> {
    let question = args.adopting.question(folder, (&args.manifests, &args.wire));
    let (session, observed) = unless_stopped(async {
        let session = Session::open(cx, &question).await?;
        let pending = earlier::look(&session, &question.manifests).await;
        let observed = read(args, &session).await?;
        settled(pending.after(&observed).awaited())?;
        Ok((session, observed))
    })?;
    let adoption = adopted_of(args, folder, (&session, &observed))?;
    Ok((session, adoption))
}

/// The same of a reading that is there, and for which no upload is awaited.
pub(crate) fn adopted_of(
    args: &Import,
    folder: &Path,
    (session, observed): (&Session, &Observed),
) -> Result<Adoption, Failure> {
    let question = args.adopting.question(folder, (&args.manifests, &args.wire));
    let exports = question.planning.exports.exports()?;
    let wanted = Wanted {
        folder,
        exports: &exports,
        now: session.now,
        only: args.adopting.only.as_ref(),
        unmentioned: args.adopting.unmentioned(),
        choices: Choices { hr: args.hr.into(), primary: args.primary_groups.into() },
    };
    adopt(&wanted, observed).map_err(|why| unplanned(args, &why))
}

/// Refuses while an HR upload is awaited.
pub(crate) fn settled(awaited: Option<String>) -> Result<(), Failure> {
    match awaited {
        Some(sentence) => Err(Failure::new(Exit::Pending, Unadopted::Pending(sentence))
            .hint("wait until `rollcall plan` no longer says so, then run it again")),
        None => Ok(()),
    }
}

/// Whether more of the account is read and proved than for a plan: all of it, where all of it may get entries.
pub(crate) fn is_of_all(args: &Import, session: &Session) -> bool {
    let policy = session.policy();
    let deletes = policy.unmanaged_groups.value == UnmanagedGroups::Delete
        || policy.unmanaged_hr_groups.value == UnmanagedHrGroups::DeleteByAbsence;
    args.adopting.unmentioned() == UnmentionedToo::Added || deletes
}

/// Reads the account, and proves what is relied on.
async fn read(args: &Import, session: &Session) -> Result<Arc<Observed>, Failure> {
    let is_of_all = is_of_all(args, session);
    let planned = session.plan_seeing(is_of_all.then_some(Computers::OfEveryGroup)).await?;
    if is_of_all {
        let reader = Reader::new(&session.target.connection).map_err(ReadError::from)?;
        let groups: Vec<_> = planned.observed.groups.iter().map(|group| group.id).collect();
        reader.prove(&planned.observed, &groups).await?;
    }
    Ok(planned.observed)
}

fn unplanned(args: &Import, why: &Unadoptable) -> Failure {
    let why = match why {
        Unadoptable::Nobody(only) => return Failure::usage(Unadopted::Nobody(only.as_written().to_owned())),
        Unadoptable::Unplanned(why) => why,
    };
    let sources = Sources::default();
    let view = View::new(&sources, args.manifests.redaction());
    let point = |objection: &Objection| {
        let place =
            objection.place.as_ref().map_or_else(String::new, |(path, line)| format!(" ({path}:{line})"));
        format!("{}{place}", view.phrase(&objection.why, Detail::Full))
    };
    Failure { points: why.iter().map(point).collect(), ..Failure::error(Unadopted::Unplanned) }
}

fn show(
    cx: &Context,
    (args, folder): (&Import, &Path),
    adoption: &Adoption,
    banner: Option<&str>,
) -> Result<(), Failure> {
    let sources = Sources::default();
    let view = View::new(&sources, args.manifests.redaction());
    let folder = folder.display().to_string();
    let summary = Summary { adoption, folder: &folder, is_written: args.adopting.write };
    if let Some(path) = &args.json {
        output::write(cx, path, &output::bytes(|out| json::adopt(out, &summary, &view))?)?;
        if output::is_stdout(path) {
            return Ok(());
        }
    }
    output::stream(cx, |out| {
        head(out, banner)?;
        render::adopt::report(out, &summary, &view, cx.layout())
    })
    .map(drop)
}
