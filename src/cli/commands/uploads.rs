//! `rollcall export users` and `rollcall export associations`: files for the pages of a learning platform.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::cli::args::{ExportAssociations, ExportFileOptions, ExportUsers, Manifests};
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

/// A file, and where it was written.
pub(crate) type Placed = (PathBuf, UploadFile);

/// The files of a plan, to be written.
#[derive(Clone, Copy)]
pub(crate) struct Files<'a> {
    pub(crate) session: &'a Session,
    pub(crate) planned: &'a Planned,
    /// What the plan comes to.
    pub(crate) uploads: &'a Uploads,
    /// Who may be named where the files are told of.
    pub(crate) manifests: &'a Manifests,
}

/// Writes the file that makes users.
pub(crate) fn users(cx: &Context, args: &ExportUsers) -> Result<Exit, Failure> {
    let options = &args.options;
    if options.lists.are_given() && options.lists.observed_users.is_none() {
        let hint = "export the list of all users too, and give it by --observed-users";
        return Err(Failure::usage(Refused::NobodyKnown).hint(hint));
    }
    let made = made(cx, options)?;
    let files = made.files(options);
    let written = files.write_users(&args.file, &options.columns)?;
    output::stream(cx, |out| files.report(cx, out, (&written, &[])))?;
    Ok(Exit::Done)
}

/// Writes the files that put users into groups.
pub(crate) fn associations(cx: &Context, args: &ExportAssociations) -> Result<Exit, Failure> {
    let options = &args.options;
    let made = made(cx, options)?;
    let files = made.files(options);
    let written = files.write_associations(cx, &args.dir, &options.columns)?;
    output::stream(cx, |out| files.report(cx, out, (&written, &made.uploads.clicks())))?;
    Ok(Exit::Done)
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

/// Writes files, each where it belongs; the folder of them is made if it is not there.
fn written(files: Vec<Placed>) -> Result<Vec<Placed>, Failure> {
    for (path, file) in &files {
        if let Some(folder) = path.parent().filter(|it| !it.as_os_str().is_empty()) {
            fs::create_dir_all(folder).map_err(|source| FileError::new(folder, "made", source))?;
        }
        write_private(path, &file.bytes)?;
    }
    Ok(files)
}

/// The CSV files of a folder that were not written now, sorted.
fn others(dir: &Path, written: &[Placed]) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.path());
    let is_csv = |path: &PathBuf| path.extension().is_some_and(|it| it.eq_ignore_ascii_case("csv"));
    let is_new = |path: &PathBuf| written.iter().any(|(of, _)| of == path);
    let mut others: Vec<PathBuf> = entries.filter(|path| is_csv(path) && !is_new(path)).collect();
    others.sort_unstable();
    others
}

impl Made {
    fn files<'a>(&'a self, options: &'a ExportFileOptions) -> Files<'a> {
        let (session, planned, uploads) = (&self.session, &self.planned, &self.uploads);
        Files { session, planned, uploads, manifests: &options.manifests }
    }
}

impl Files<'_> {
    /// Writes the file of new users, or its parts beside it; no columns are the usual ones.
    pub(crate) fn write_users(&self, file: &Path, columns: &[Column]) -> Result<Vec<Placed>, Failure> {
        let name = file.file_stem().and_then(|name| name.to_str());
        let name = name.ok_or_else(|| Failure::usage(Refused::Name(file.display().to_string())))?;
        let usual = export::of_users();
        let columns = if columns.is_empty() { &usual } else { columns };
        let files = self.uploads.new_users(name, columns, &RULES).map_err(|flaws| self.refused(&flaws))?;
        let is_whole = files.len() == 1;
        let placed = |part: UploadFile| {
            (if is_whole { file.to_owned() } else { file.with_file_name(&part.name) }, part)
        };
        written(files.into_iter().map(placed).collect())
    }

    /// Writes the files for groups into a folder; no columns are the usual one. What else is in the folder is named.
    pub(crate) fn write_associations(
        &self,
        cx: &Context,
        dir: &Path,
        columns: &[Column],
    ) -> Result<Vec<Placed>, Failure> {
        let usual = export::of_associations();
        let columns = if columns.is_empty() { &usual } else { columns };
        let files = self.uploads.associations(columns, &RULES).map_err(|flaws| self.refused(&flaws))?;
        let written = written(files.into_iter().map(|file| (dir.join(&file.name), file)).collect())?;
        for stale in others(dir, &written) {
            cx.warn(format_args!(
                "{} is not of this plan: it was there before, and is not to be uploaded for it",
                stale.display()
            ));
        }
        Ok(written)
    }

    /// Says everything that the platform would not take.
    fn refused(&self, flaws: &[Phrase]) -> Failure {
        let view = render::View::new(&self.session.sources, self.manifests.redaction());
        let points = flaws.iter().map(|flaw| view.phrase(flaw, Detail::Full)).collect();
        Failure { points, ..Failure::error(Refused::Values) }
            .hint("change them in the manifests, or leave their column out by --columns")
    }

    /// Says which files were written, and what no file does.
    pub(crate) fn report(
        &self,
        cx: &Context,
        out: &mut dyn io::Write,
        (written, clicks): (&[Placed], &[Manual]),
    ) -> io::Result<()> {
        let manner = DisplayOptions::new(cx, self.session, self.manifests);
        let shown: Vec<(String, &UploadFile)> =
            written.iter().map(|(path, file)| (path.display().to_string(), file)).collect();
        let what = (&*shown, clicks, &self.planned.plan);
        render::export::uploads(out, what, &manner.view, manner.layout)
    }
}
