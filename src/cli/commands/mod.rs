//! One file per command.

mod completions;
mod sandbox;

use crate::cli::args::Command;
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;

/// Runs a command to its exit.
pub(crate) fn run(cx: &Context, command: Command) -> Result<Exit, Failure> {
    match command {
        Command::Completions(args) => completions::run(cx, &args),
        Command::Sandbox(args) => sandbox::run(cx, &args),
        _ => Err(Failure::usage("not in this build")),
    }
}
