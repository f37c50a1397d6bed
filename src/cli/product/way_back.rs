//! What does an apply leave for going back? A manifest of what it is about to change, and that part of the account as it is.
//!
//! Neither is ever redacted: pseudonyms bring nothing back. Both lie in `.rollcall/`, readable by their owner only.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::apply::Report;
use crate::cli::args::Manifests;
use crate::cli::process::context::Context;
use crate::cli::process::failure::Failure;
use crate::cli::product::output;
use crate::cli::session::planning::{Planned, Session};
use crate::cli::session::seed::SeedFile;
use crate::manifest::{self, EmitError};
use crate::model::{Account, Act, Located, Outcome, Platform};
use crate::plan::{Plan, Removals, Undo, undo};
use crate::render::json::{self, Listed};
use crate::render::{Detail, Leads, Redaction, View, WayBack};
use crate::run::{RunFolder, folder_of};

/// Where the file lies, below the folder of manifests.
const BELOW: &str = ".rollcall/rollback";
/// So many characters of a plan's digest tell it from others of the same moment.
const OF_DIGEST: usize = 8;

/// What a file says of itself that leads back.
const BACK: &str = "It says what that plan changes, as it was; whatever it does not mention is left alone.

  rollcall plan FILE       shows what going back would change by now
  rollcall rollback FILE   shows it, asks, and goes back

Lists of identifiers and members are whole: what came to one of them since goes too. Take out or correct
what is not to go back; the file is a manifest like any other.";
/// What a file says of itself that leads nowhere.
const NOWHERE: &str = "Nothing of what that plan changes comes back by a manifest: it declares nothing.";
/// What stands above the entries of groups that are made.
const TAKE_IN: &str = "Once you know that the run made them, and nobody needs them, take in below `groups:`";

/// The file of a run that is under way.
#[derive(Debug)]
pub(crate) struct Kept {
    file: PathBuf,
    way_back: WayBack,
    /// What the file says instead, once all users whom the run removes are gone: lists that are whole without them.
    once_removed: Option<(Vec<u8>, usize)>,
}

impl Kept {
    /// How to go back after the run; none where nothing has changed, and then the file is gone again: fifty of such runs would
    /// push the one out that did change something.
    pub(crate) fn after(&mut self, cx: &Context, plan: &Plan, report: &Report) -> Option<&WayBack> {
        let changed = report.may_have_changed();
        if changed && has_removed(plan, report) {
            self.say_whole_lists(cx);
        }
        let tidied = if changed {
            RunFolder::tidy_rollbacks(&self.file)
        } else {
            RunFolder::forget_rollback(&self.file)
        };
        if let Err(error) = tidied {
            cx.warn(Failure::from(error).sentence());
        }
        changed.then_some(&self.way_back)
    }

    /// Writes the file anew, for an account without those who were removed.
    fn say_whole_lists(&mut self, cx: &Context) {
        let Some((manifest, lost)) = self.once_removed.take() else { return };
        match RunFolder::renew_rollback(&self.file, &manifest) {
            Ok(()) => self.way_back.lost = lost,
            // What was written before holds as well.
            Err(error) => cx.warn(Failure::from(error).sentence()),
        }
    }
}

/// Whether every user whom a plan removes is gone.
fn has_removed(plan: &Plan, report: &Report) -> bool {
    let mut removals = plan.steps().filter(|step| matches!(step.act, Act::RemoveUser { .. }));
    removals.all(|step| report.outcome(step.id).is_some_and(Outcome::holds))
}

/// Writes the file, for good, before anything is sent.
pub(crate) fn keep(
    cx: &Context,
    manifests: &Manifests,
    session: &Session,
    planned: &Planned,
) -> Result<Kept, Failure> {
    let now = manifests.now.unwrap_or_else(|| cx.started());
    let folder = folder_of(&manifests.path);
    let account = from_below(session, &folder)?;
    let digest = planned.plan.digest.to_string();
    let view = View::new(&session.sources, Redaction::Off);
    let undone = |removals| -> Result<(Undo, Vec<u8>), Failure> {
        let undo = undo(&planned.plan, &planned.observed, (&account, session.policy()), removals);
        let head = head(&undo, &digest, now, &view).map_err(Failure::error)?;
        let patch = manifest::emit(&head, &undo.patch).map_err(Failure::error)?;
        Ok((undo, patch.into_bytes()))
    };
    let (undo, patch) = undone(Removals::Open)?;
    let (whole, whole_patch) = undone(Removals::Done)?;
    let once_removed = (whole_patch != patch).then_some((whole_patch, whole.lost.len()));
    let part = Listed::Part(&planned.observed, &undo.slice.users, &undo.slice.groups, &undo.slice.exclusions);
    let slice = output::bytes(|out| json::list(out, &planned.plan.account, part, &view))?;
    let name = format!("{}-{}", now.strftime("%Y%m%dT%H%M%SZ"), &digest[..OF_DIGEST]);
    let file = RunFolder::of(&manifests.path).keep_rollback(&name, &patch, &slice)?;
    let way_back = WayBack {
        file: file.display().to_string(),
        lost: undo.lost.len(),
        leads: if undo.is_empty() { Leads::Nowhere } else { Leads::Back },
    };
    Ok(Kept { file, way_back, once_removed })
}

/// The account as a manifest names it that lies with the rollback files.
fn from_below(session: &Session, folder: &Path) -> Result<Account, Failure> {
    let mut account = session.declared_account().clone();
    if let Platform::Sandbox { seed, username } = &account.platform {
        let named = SeedFile::named_from(Path::new(BELOW), folder, &session.sources, seed)?;
        account.platform =
            Platform::Sandbox { seed: Located::new(named, seed.origin), username: username.clone() };
    }
    Ok(account)
}

/// The comments above the manifest.
fn head(undo: &Undo, digest: &str, now: Timestamp, view: &View<'_>) -> Result<Vec<String>, EmitError> {
    let moment = now.strftime("%Y-%m-%dT%H:%M:%SZ");
    let mut head = vec![format!("Written at {moment}, before the first write of plan"), digest.to_owned()];
    head.extend((if undo.is_empty() { NOWHERE } else { BACK }).lines().map(str::to_owned));
    if !undo.lost.is_empty() {
        head.extend([String::new(), "Can't be brought back:".to_owned()]);
        head.extend(undo.lost.iter().map(|lost| format!("- {}", view.phrase(lost, Detail::Full))));
    }
    if !undo.made.is_empty() {
        head.extend([String::new(), TAKE_IN.to_owned()]);
        head.extend(manifest::emit_groups(&undo.made)?);
    }
    Ok(head)
}
