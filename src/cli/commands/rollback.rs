//! `rollcall rollback`: an apply of the file that an apply left, and nothing else.

use std::path::{Path, PathBuf};

use crate::cli::args::Apply;
use crate::cli::commands::apply;
use crate::cli::process::context::Context;
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;

/// What was given is no rollback file.
#[derive(Debug, thiserror::Error)]
#[error("{0} is no file")]
struct NoFile(String);

/// Whoever goes back has manifests that say the opposite.
const STILL_ASKED: &str =
    "The manifests still ask for what went back: change them too, or the next apply does it again.";

/// Plans a rollback file like any other manifest, and carries the plan out.
pub(crate) fn run(cx: &Context, args: &Apply) -> Result<Exit, Failure> {
    let file = &args.question.manifests.path;
    if !file.is_file() {
        return Err(Failure::usage(NoFile(file.display().to_string())).hint(files(file)));
    }
    let exit = apply::run(cx, args)?;
    if matches!(exit, Exit::Done | Exit::Unfinished | Exit::Pending) {
        cx.say(STILL_ASKED);
    }
    Ok(exit)
}

/// The rollback files of a folder of manifests, for whoever names the folder.
fn files(folder: &Path) -> String {
    let below = folder.join(".rollcall").join("rollback");
    let entries = std::fs::read_dir(&below).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|ending| ending == "yaml")).collect();
    files.sort();
    match (files.pop(), files.len()) {
        (None, _) => "name the file that the report of the apply names: .rollcall/rollback/….yaml".to_owned(),
        (Some(newest), 0) => format!("the one that there is: rollcall rollback {}", newest.display()),
        (Some(newest), older) => {
            format!("the newest: rollcall rollback {}; {older} older beside it", newest.display())
        }
    }
}
