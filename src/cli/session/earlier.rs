//! What is found out about earlier runs before a plan is shown, and how is it said?

use std::time::Duration;

use crate::account::Reader;
use crate::cli::args::Manifests;
use crate::cli::process::context::Context;
use crate::cli::process::failure::Failure;
use crate::cli::session::carrying::Voice;
use crate::cli::session::planning::{Planned, Session};
use crate::cli::session::recent;
use crate::run::{Ledgers, Now, PendingUpload, RunFolder, Told, Unsettled, UploadNote};

/// The ledgers of the account that a run is about.
pub(crate) fn ledgers(session: &Session, manifests: &Manifests) -> Ledgers {
    Ledgers::of(RunFolder::of(&manifests.path), session.target(), Context::clock)
}

/// Where uploads to the account are remembered.
pub(crate) fn upload_note(session: &Session, manifests: &Manifests) -> UploadNote {
    UploadNote::new(RunFolder::of(&manifests.path), session.target(), Context::clock)
}

/// Looks for an upload of an earlier run that may still be processed. An account that ends with the run has none.
pub(crate) async fn look(session: &Session, manifests: &Manifests) -> PendingUpload {
    if session.target.ends_with_the_run() {
        return PendingUpload::Nothing;
    }
    let reader = Reader::new(&session.target.connection);
    PendingUpload::look(&upload_note(session, manifests), &ledgers(session, manifests), reader).await
}

/// Makes a plan that knows of earlier runs: of an upload that may still be processed, and of what was written less than `time` ago.
pub(crate) async fn plan(
    (cx, voice): (&Context, Voice),
    session: &Session,
    manifests: &Manifests,
    time: Duration,
) -> Result<(Planned, PendingUpload), Failure> {
    // A sandbox of the run shows nothing late: what it does not show is gone with the state that it was in.
    let may_be_late = !session.target.ends_with_the_run();
    let wrote = may_be_late.then(|| ledgers(session, manifests).last_wrote()).flatten();
    // Before the account is read: what was processed by then is in the plan.
    let pending = look(session, manifests).await;
    let planned = recent::plan((cx, voice), session, wrote.as_ref(), time).await?;
    let pending = pending.after(&planned.observed);
    Ok((planned, pending))
}

/// Notes what became of it.
pub(crate) fn note(cx: &Context, pending: &PendingUpload, note: &UploadNote) {
    if let Err(error) = pending.note(note) {
        cx.warn(format_args!("what became of an HR upload is not noted: {error}"));
    }
}

/// Says what became of it.
pub(crate) fn say(cx: &Context, pending: &PendingUpload) {
    match pending {
        PendingUpload::Something { sentence, .. } => cx.warn(sentence),
        PendingUpload::NeverLeft(at) => cx.say(&format!(
            "the HR upload that a run was about to send at {} never left: it is not waited for",
            at.strftime("%FT%TZ")
        )),
        PendingUpload::Nothing | PendingUpload::Shown(_) => {}
    }
}

/// Says what became of runs that were cut off.
pub(crate) fn settle(cx: &Context, ledgers: &Ledgers, now: Now<'_>) -> Result<(), Failure> {
    ledgers.settle(now, |told| match told {
        Told::Found(sentence) => cx.say(&sentence),
        Told::Again(error) => {
            cx.warn(format_args!("this will be said again: {}", Failure::from(error).sentence()));
        }
    })?;
    Ok(())
}

impl From<Unsettled> for Failure {
    fn from(unsettled: Unsettled) -> Self {
        match unsettled {
            Unsettled::File(error) => error.into(),
            Unsettled::Unreadable(unreadable) => Self::error(unreadable).hint(
                "what it would say is not needed to go on: look at what is left with rollcall plan, then delete the file",
            ),
        }
    }
}
