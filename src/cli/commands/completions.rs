//! `rollcall completions SHELL`: the script that completes commands and options.

use crate::cli::args::Completions;
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output;

/// Prints the script.
pub(crate) fn run(cx: &Context, args: &Completions) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut crate::cli::definition(), "rollcall", &mut script);
    output::print(cx, &script)?;
    Ok(Exit::Done)
}
