//! `rollcall rollback`: an apply of the file that an apply left, and nothing else.

use crate::cli::args::Apply;
use crate::cli::commands::apply;
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;

/// What was given is no rollback file.
#[derive(Debug, thiserror::Error)]
#[error("{0} is no file")]
struct NoFile(String);

/// Plans a rollback file like any other manifest, and carries the plan out.
pub(crate) fn run(cx: &Context, args: &Apply) -> Result<Exit, Failure> {
    let file = &args.manifests.path;
    if !file.is_file() {
        return Err(Failure::usage(NoFile(file.display().to_string()))
            .hint("name the file that the report of the apply names: .rollcall/rollback/….yaml"));
    }
    apply::run(cx, args)
}
