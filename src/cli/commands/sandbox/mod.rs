//! `rollcall sandbox`: a local account to rehearse against, until Ctrl-C.

mod activtrak;
mod docebo;

use crate::cli::args::Sandbox;
use crate::cli::process::context::Context;
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::cli::process::runtime;
use crate::sandbox::{Platform, Redactor, Watcher};

/// Serves the account; Ctrl-C is how it is meant to end.
pub(crate) fn run(cx: &Context, args: &Sandbox) -> Result<Exit, Failure> {
    match Platform::of(&args.seed) {
        Platform::ActivTrak => {
            let (seed, config) = activtrak::prepared(args, watcher(args, Redactor::default()))?;
            runtime::block_on(activtrak::serve(cx, args, seed, config))
        }
        Platform::Docebo => {
            let (seed, config) = docebo::prepared(args, watcher(args, crate::sandbox::docebo::redactor()))?;
            runtime::block_on(docebo::serve(cx, args, seed, config))
        }
    }
}

/// What `-v` shows of each request: a line, and `-vv` both bodies.
fn watcher(args: &Sandbox, redactor: Redactor) -> Watcher {
    if !tracing::enabled!(tracing::Level::DEBUG) {
        return Watcher::default();
    }
    let redactor = args.redact.then_some(redactor);
    Watcher::new(move |sight| {
        let sight = redactor.as_ref().map_or(sight.clone(), |redactor| redactor.redacted(&sight));
        tracing::debug!("{sight}");
        for (way, body) in [(">", &sight.sent), ("<", &sight.answered)] {
            if !body.is_empty() {
                tracing::trace!("{way} {body}");
            }
        }
    })
}
