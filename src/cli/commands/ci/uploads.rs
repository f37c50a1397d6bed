//! Which files does somebody upload once something was merged? Where exported lists stand in for the account, nothing is applied: the
//! files of the plan of the default branch are written for a step that keeps them, and the summary says what else is to be done.

use crate::cli::args::Manifests;
use crate::cli::commands::ci::job::Job;
use crate::cli::commands::ci::outcome::Outcome;
use crate::cli::commands::uploads::Files;
use crate::cli::process::failure::Failure;
use crate::cli::product::output;
use crate::cli::session::planning::{Planned, Session};
use crate::render::{Redaction, code_block};

/// The folder of the files for groups, and the file of new users, as steps by hand call them.
const PLACES: (&str, &str) = ("associations", "users.csv");

/// Writes the files, where the workflow asks for them and nothing stands against the plan.
pub(super) fn write(
    job: &Job<'_>,
    outcome: &mut Outcome,
    (session, planned): (&Session, &Planned),
    manifests: &Manifests,
) -> Result<(), Failure> {
    let plan = &planned.plan;
    let stands = plan.blockers.is_empty() && plan.violations.is_empty();
    let folder = job.inputs.lists.uploads.as_ref().filter(|_| stands && job.is_of_default_branch());
    let Some((folder, uploads)) = folder.zip(session.uploads(planned)) else { return Ok(()) };
    if job.redaction == Redaction::On {
        let message = "people are pseudonyms here, and the files to upload would name them: write them with \
                       `rollcall export associations` and `rollcall export users`";
        outcome.warn(job.cx, "No files to upload", message.to_owned());
        return Ok(());
    }
    let files = Files { session, planned, uploads: &uploads, manifests };
    let mut written = files.write_users(&folder.join(PLACES.1), &[])?;
    written.extend(files.write_associations(job.cx, &folder.join(PLACES.0), &[])?);
    let told = output::bytes(|out| files.report(job.cx, out, (&written, &uploads.clicks())))?;
    output::print(job.cx, &told)?;
    outcome.summary = format!("{}\n{}", code_block("text", &String::from_utf8_lossy(&told)), outcome.summary);
    Ok(())
}
