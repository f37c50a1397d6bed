//! The command line: arguments in, product on stdout, conversation on stderr, exit code out.
//!
//! [`main`] is the whole program. Environment, clock and terminal are seen by `context` only; every way out that is not a
//! result is a `failure`, and `exit` holds the one table of codes.

mod args;
mod base;
mod clock;
mod commands;
mod context;
mod diagnostics;
mod exit;
mod expectation;
mod exports;
mod failure;
mod files;
mod keep;
mod ledger;
mod left;
mod listing;
mod lock;
mod observed;
mod output;
mod planning;
mod progress;
mod prompt;
mod refusal;
mod reviewed;
mod rollback;
mod run_folder;
mod runtime;
#[cfg(test)]
mod sample;
mod seed;
mod shown;
mod signals;
mod style;
mod target;
mod tracked;
mod underway;
mod upload_note;
mod whose;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::cli::args::Args;
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::shown::redaction;
use crate::render::Redaction;

/// Runs the command that the process was started with.
pub fn main() -> ExitCode {
    signals::outlive_full_files();
    let cx = Context::of_process();
    let exit = match Args::try_parse_from(Context::arguments()) {
        Ok(args) => run(&cx, args),
        Err(error) => refuse(&error),
    };
    exit.into()
}

/// The definition of the command line, for the generated `docs/cli.md`.
pub fn definition() -> clap::Command {
    Args::command()
}

fn run(cx: &Context, args: Args) -> Exit {
    cx.log(args.verbose);
    let redaction = args.command.manifests().map_or(Redaction::Off, redaction);
    commands::run(cx, args.command).unwrap_or_else(|failure| {
        // A closed stderr can't be told anything.
        let _closed = failure.print(&mut cx.stderr(), redaction);
        failure.kind
    })
}

/// Help and version are answers; anything else that clap says is a usage error.
fn refuse(error: &clap::Error) -> Exit {
    let _closed = error.print();
    if error.use_stderr() { Exit::Usage } else { Exit::Done }
}
