//! `rollcall export users` and `rollcall export associations`: files for the pages of a learning platform.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::args::{ExportAssociations, ExportFileOptions, ExportUsers};
use crate::cli::process::context::Context;
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::cli::process::signals::unless_stopped;
use crate::cli::product::display::DisplayOptions;
use crate::cli::product::{expectation, output, refusal};
use crate::cli::session::lists::RULES;
use crate::cli::session::planning::{Planned, Session};
use crate::export::{self, Column, UploadFile, Uploads};
use crate::model::Phrase;
use crate::plan::Manual;
use crate::render::{self, Detail, Redaction};
use crate::run::{FileError, write_private};

/// Why no file is written.
#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error("--redact would make a file that names other users: the platform finds them by what is in it")]
    Unredactable,
    #[error("the manifests describe an account at ActivTrak, and these files are for a learning platform")]
    NoPlatform,
    #[error("no list of all users was given, so it is not known who is not there")]
    NobodyKnown,
    #[error("nothing was written: the platform would not take these values as they are")]
    Values,
    #[error("{0} is no name of a file")]
    Name(String),
}

/// A plan, and what it comes to as files.
struct Made {
    session: Session,
    planned: Planned,
    uploads: Uploads,
}

/// Writes the file that makes users.
pub(crate) fn users(cx: &Context, args: &ExportUsers) -> Result<Exit, Failure> {
    let options = &args.options;
    if options.lists.are_given() && options.lists.observed_users.is_none() {
        let hint = "export the list of all users too, and give it by --observed-users";
        return Err(Failure::usage(Refused::NobodyKnown).hint(hint));
    }
    let made = made(cx, options)?;
    let name = args.file.file_stem().and_then(|name| name.to_str());
    let name = name.ok_or_else(|| Failure::usage(Refused::Name(args.file.display().to_string())))?;
    let columns = columns(options, export::of_users);
    let files =
        made.uploads.new_users(name, &columns, &RULES).map_err(|flaws| made.refused(options, &flaws))?;
    let placed = |file: &UploadFile| match &files[..] {
        [_] => args.file.clone(),
        _ => args.file.with_file_name(&file.name),
    };
    let written = written(&files, placed)?;
    made.show(cx, options, (&files, &written), &[])
}

/// Writes the files that put users into groups.
pub(crate) fn associations(cx: &Context, args: &ExportAssociations) -> Result<Exit, Failure> {
    let options = &args.options;
    let made = made(cx, options)?;
    let columns = columns(options, export::of_associations);
    let files = made.uploads.associations(&columns, &RULES).map_err(|flaws| made.refused(options, &flaws))?;
    let failed = |source| FileError::new(&args.dir, "made", source);
    if !files.is_empty() {
        fs::create_dir_all(&args.dir).map_err(failed)?;
    }
    let written = written(&files, |file| args.dir.join(&file.name))?;
    let exit = made.show(cx, options, (&files, &written), &made.uploads.clicks())?;
    for stale in others(&args.dir, &written) {
        cx.warn(format_args!(
            "{} is not of this plan: it was there before, and is not to be uploaded for it",
            stale.display()
        ));
    }
    Ok(exit)
}

/// Plans as `plan` does; nothing is made of a plan that something speaks against.
fn made(cx: &Context, options: &ExportFileOptions) -> Result<Made, Failure> {
    let manifests = &options.manifests;
    if manifests.redaction() != Redaction::Off {
        return Err(Failure::usage(Refused::Unredactable));
    }
    let expectations = expectation::approved(options.approve.as_deref(), &manifests.path)?;
    let (session, planned) = unless_stopped(async {
        let mut session = Session::open(cx, &options.question()).await?;
        session.target.connection.with_new_users();
        let planned = session.plan().await?;
        Ok::<_, Failure>((session, planned))
    })?;
    let uploads = session.uploads(&planned).ok_or_else(|| Failure::usage(Refused::NoPlatform))?;
    let manner = DisplayOptions::new(cx, &session, manifests);
    if let Some(banner) = manner.banner {
        cx.say(banner);
    }
    let (policy, plan) = (session.policy(), &planned.plan);
    expectation::check(cx, expectations.judge(policy, plan), plan, &manner)?;
    if !expectations.let_through(policy, plan) {
        let against = output::bytes(|out| render::text::against(out, plan, &manner.view, manner.layout))?;
        cx.show(&against);
        return Err(refusal::unexported(plan));
    }
    Ok(Made { session, planned, uploads })
}

/// The columns that are asked for.
fn columns(options: &ExportFileOptions, usual: fn() -> Vec<Column>) -> Vec<Column> {
    if options.columns.is_empty() { usual() } else { options.columns.clone() }
}

/// Writes files, each where it belongs.
fn written(files: &[UploadFile], place: impl Fn(&UploadFile) -> PathBuf) -> Result<Vec<PathBuf>, Failure> {
    let mut written = Vec::new();
    for file in files {
        let path = place(file);
        write_private(&path, &file.bytes)?;
        written.push(path);
    }
    Ok(written)
}

/// The CSV files of a folder that were not written now, sorted.
fn others(dir: &Path, written: &[PathBuf]) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.path());
    let is_csv = |path: &PathBuf| path.extension().is_some_and(|it| it.eq_ignore_ascii_case("csv"));
    let mut others: Vec<PathBuf> = entries.filter(|path| is_csv(path) && !written.contains(path)).collect();
    others.sort_unstable();
    others
}

impl Made {
    /// Says everything that the platform would not take.
    fn refused(&self, options: &ExportFileOptions, flaws: &[Phrase]) -> Failure {
        let view = render::View::new(&self.session.sources, options.manifests.redaction());
        let points = flaws.iter().map(|flaw| view.phrase(flaw, Detail::Full)).collect();
        Failure { points, ..Failure::error(Refused::Values) }
            .hint("change them in the manifests, or leave their column out by --columns")
    }

    /// Says which files were written, and what no file does.
    fn show(
        &self,
        cx: &Context,
        options: &ExportFileOptions,
        (files, written): (&[UploadFile], &[PathBuf]),
        clicks: &[Manual],
    ) -> Result<Exit, Failure> {
        let manner = DisplayOptions::new(cx, &self.session, &options.manifests);
        let shown: Vec<(String, &UploadFile)> =
            written.iter().map(|path| path.display().to_string()).zip(files).collect();
        let plan = &self.planned.plan;
        output::stream(cx, |out| {
            render::export::uploads(out, (&shown, clicks, plan), &manner.view, cx.layout())
        })?;
        Ok(Exit::Done)
    }
}
