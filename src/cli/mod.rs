//! The command line: arguments in, product on stdout, conversation on stderr, exit code out.
//!
//! [`main`] is the whole program. `args` says what can be asked for, `session` finds what it is asked of, `product` is what leaves,
//! and `commands` has one file for each of them. In `process`, environment, clock and terminal are seen by `context` only; every way
//! out that is not a result is a `failure`, and `exit` holds the one table of codes.

mod args;
mod commands;
mod process;
mod product;
mod session;

use std::process::ExitCode;

use clap::Parser;

pub use crate::cli::args::definition;
use crate::cli::args::{Args, Manifests};
use crate::cli::process::context::Context;
use crate::cli::process::exit::Exit;
use crate::render::{Colour, Redaction};

/// Runs the command that the process was started with.
pub fn main() -> ExitCode {
    process::signals::outlive_full_files();
    let cx = Context::of_process();
    Context::tell_of_panics();
    let exit = match Args::try_parse_from(Context::arguments()) {
        Ok(args) => run(&cx, args),
        Err(error) => refuse(&cx, &error),
    };
    exit.into()
}

fn run(cx: &Context, args: Args) -> Exit {
    Context::log(args.verbose);
    let cx = &cx.with_width(args.width);
    let redaction = args.command.manifests().map_or(Redaction::Off, Manifests::redaction);
    commands::run(cx, args.command).unwrap_or_else(|failure| {
        // A closed stderr can't be told anything.
        let _closed = failure.print(&mut cx.stderr(), redaction, cx.conversation());
        failure.kind
    })
}

/// Help and version are answers; anything else that clap says is a usage error.
fn refuse(cx: &Context, error: &clap::Error) -> Exit {
    let words = |colour| match colour {
        Colour::Plain => error.render().to_string(),
        Colour::Ansi => error.render().ansi().to_string(),
    };
    if error.use_stderr() {
        cx.show(words(cx.conversation()).as_bytes());
        return Exit::Usage;
    }
    let _closed = product::output::print(cx, words(cx.layout().colour).as_bytes());
    Exit::Done
}
