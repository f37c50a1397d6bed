//! `rollcall completions SHELL`: the script that completes commands and options.

use crate::cli::args::{Completions, definition};
use crate::cli::process::context::Context;
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::cli::product::output;

/// Prints the script.
pub(crate) fn run(cx: &Context, args: &Completions) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut definition(), "rollcall", &mut script);
    output::print(cx, &script)?;
    Ok(Exit::Done)
}
