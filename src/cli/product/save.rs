//! What does a run leave behind for later ones?

use crate::cli::args::Question;
use crate::cli::process::context::Context;
use crate::cli::process::failure::Failure;
use crate::cli::product::display::PlanDisplay;
use crate::cli::product::output;
use crate::render::Redaction;
use crate::run::{RunFolder, write_private};

/// The file holds people by identifiers that the account looks them up by, so it can't be redacted.
#[derive(Debug, thiserror::Error)]
#[error("--out-snapshot and --redact exclude each other: the snapshot is what is sent, byte for byte")]
struct Unredactable;

impl Question {
    /// Refuses what can't be followed, before anything is done.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        if self.planning.out_snapshot.is_some() && self.manifests.redact {
            return Err(Failure::usage(Unredactable));
        }
        Ok(())
    }
}

/// Saves the snapshot where it was asked for, and the plan where a later run looks for it.
///
/// A plan with pseudonyms is not kept: nobody who asks for them wants names on the disk.
pub(crate) fn keep(cx: &Context, shown: &PlanDisplay<'_>, question: &Question) -> Result<(), Failure> {
    let Question { manifests, planning, .. } = question;
    let plan = &shown.planned.plan;
    if let Some(path) = &planning.out_snapshot {
        match &plan.snapshot {
            // What stands against a plan may be a row that is missing.
            Some(_) if !plan.blockers.is_empty() => cx.warn(format_args!(
                "no HR snapshot is made of a plan with blockers, so {} is not written",
                path.display()
            )),
            Some(planned) => write_private(path, &planned.snapshot.csv)?,
            None => {
                cx.warn(format_args!("no HR snapshot would be sent, so {} is not written", path.display()));
            }
        }
    }
    if plan.is_empty() || manifests.redaction() != Redaction::Off {
        return Ok(());
    }
    let document = output::bytes(|out| shown.json(out))?;
    // A plan must work where the folder can't be written to; only what is left of it will not be recognised.
    if let Err(error) = RunFolder::of(&manifests.path).keep_plan(plan.digest, &document) {
        let failure = Failure::from(error);
        cx.warn(format_args!("the plan is not kept for later runs: {}", failure.sentence()));
    }
    Ok(())
}
