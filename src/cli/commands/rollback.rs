//! `rollcall rollback`: an apply of the file that an apply left, and nothing else.

use std::path::{Path, PathBuf};

use crate::cli::args::Rollback;
use crate::cli::commands::apply;
use crate::cli::process::context::Context;
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::cli::product::output;
use crate::render::{self, json};
use crate::run::RunFolder;

/// What was given is no rollback file.
#[derive(Debug, thiserror::Error)]
#[error("{0} is no file")]
struct NoFile(String);

/// No apply left anything.
#[derive(Debug, thiserror::Error)]
#[error("no apply of {0} left a rollback file")]
struct NothingToGoBackTo(String);

/// Whoever goes back has manifests that say the opposite.
const STILL_ASKED: &str =
    "The manifests still ask for what went back: change them too, or the next apply does it again.";

/// Plans a rollback file like any other manifest, and carries the plan out.
pub(crate) fn run(cx: &Context, mut args: Rollback) -> Result<Exit, Failure> {
    let path = args.apply.question.manifests.path.clone();
    if args.list {
        return list(cx, &path);
    }
    if args.last {
        let newest = RunFolder::of(&path).rollbacks()?.pop();
        args.apply.question.manifests.path =
            newest.ok_or_else(|| Failure::error(NothingToGoBackTo(path.display().to_string())))?;
    } else if !path.is_file() {
        let hint = hint(&RunFolder::of(&path).rollbacks()?);
        return Err(Failure::usage(NoFile(path.display().to_string())).hint(hint));
    }
    let exit = apply::run(cx, &args.apply)?;
    if matches!(exit, Exit::Done | Exit::Unfinished | Exit::Pending) {
        cx.say(STILL_ASKED);
    }
    Ok(exit)
}

/// The files of a folder, the newest first: when their apply began, what it changed, and the file.
fn list(cx: &Context, folder: &Path) -> Result<Exit, Failure> {
    let files = RunFolder::of(folder).rollbacks()?;
    output::stream(cx, |out| render::rollbacks::table(out, &rows(&files), cx.table()))?;
    cx.say(&match files.len() {
        1 => "1 rollback file".to_owned(),
        files => format!("{files} rollback files"),
    });
    Ok(Exit::Done)
}

fn rows(files: &[PathBuf]) -> Vec<render::rollbacks::Row> {
    files.iter().rev().map(|file| row(file)).collect()
}

/// What a file says by its name, and by the part of the account that lies beside it.
fn row(file: &Path) -> render::rollbacks::Row {
    let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let (time, digest) = stem.split_once('-').unwrap_or((&stem, ""));
    let when = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", time);
    let when =
        when.map_or_else(|_| time.to_owned(), |when| when.strftime("%Y-%m-%d %H:%M:%S UTC").to_string());
    let before = std::fs::read(file.with_extension("json")).ok();
    let before = before.and_then(|bytes| json::counted(&bytes));
    render::rollbacks::Row { when, digest: digest.to_owned(), before, file: file.display().to_string() }
}

/// Which files there are, for whoever names the folder.
fn hint(files: &[PathBuf]) -> String {
    match files.split_last() {
        None => "name the file that the report of the apply names: .rollcall/rollback/….yaml".to_owned(),
        Some((newest, [])) => format!("the one that there is: rollcall rollback {}", newest.display()),
        Some((newest, older)) => format!(
            "the newest: rollcall rollback {}; {} older beside it (rollcall rollback --list)",
            newest.display(),
            older.len()
        ),
    }
}
