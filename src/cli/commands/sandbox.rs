//! `rollcall sandbox`: a local account to rehearse against, until Ctrl-C.

use crate::cli::args::Sandbox;
use crate::cli::process::context::Context;
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::cli::process::runtime;
use crate::cli::process::signals::Signals;
use crate::cli::product::output;
use crate::cli::session::clock;
use crate::model::Service;
use crate::render::visible;
use crate::run::FileError;
use crate::sandbox::{
    Chaos, Clock, Emulated, EmulatedSeed, Manner, Need, Platform, Prepared, Redactor, Watcher,
};

/// What of a sandbox is said at its start.
struct Said {
    platform: Platform,
    clock: Clock,
    /// How many users and groups it has.
    size: (usize, usize),
}

/// Serves the account; Ctrl-C is how it is meant to end.
pub(crate) fn run(cx: &Context, args: &Sandbox) -> Result<Exit, Failure> {
    let seed = EmulatedSeed::load(&args.seed).map_err(Failure::error)?;
    let platform = seed.platform();
    let clock = clock::of_sandbox(args.now, seed.as_of());
    let said = Said { platform, clock, size: seed.size() };
    let manner = Manner {
        faults: &args.fault,
        chaos: args.chaos.map(Chaos::of),
        settings: &args.setting,
        hr_delay: args.hr_delay,
        key: args.key.clone(),
        scim_key: args.scim_key.clone(),
        clock,
        watcher: watcher(args, platform.redactor()),
    };
    let prepared = seed.prepared(manner).map_err(Failure::usage)?;
    runtime::block_on(serve(cx, args, prepared, &said))
}

/// Serves it until a signal comes.
///
/// # Errors
/// No account could be like that, the port is taken, or the file can't be written.
async fn serve(cx: &Context, args: &Sandbox, prepared: Prepared, said: &Said) -> Result<Exit, Failure> {
    let mut signals = Signals::listen().map_err(Failure::error)?;
    let sandbox = prepared.start(args.port).await.map_err(Failure::error)?;
    output::print(cx, &guide(args, &sandbox, said)?)?;
    signals.next().await;
    let account = sandbox.stop().await;
    if args.save {
        account.save(&args.seed).map_err(|source| FileError::new(&args.seed, "written", source))?;
    }
    Ok(Exit::Done)
}

/// Where it is, what it is not, and how a plan is made against it.
fn guide(args: &Sandbox, sandbox: &Emulated, said: &Said) -> Result<Vec<u8>, Failure> {
    let (users, groups) = said.size;
    let name = Service::of(said.platform.word()).map_or("a real account", Service::name);
    let needed = sandbox.opened_by().iter().filter(|it| it.need == Need::Needed);
    let variables: Vec<String> = needed.map(|it| format!("{}={}", it.variable, visible(&it.value))).collect();
    let now = match said.clock {
        Clock::Fixed(now) => format!(" --now {now}"),
        Clock::Live(_) => String::new(),
    };
    output::bytes(|out| {
        writeln!(out, "SANDBOX {} at {}", visible(&args.seed.display().to_string()), sandbox.url())?;
        writeln!(out, "  {users} users, {groups} groups, not {name}; in another terminal:")?;
        writeln!(out, "  {} rollcall plan --endpoint {}{now}", variables.join(" "), sandbox.url())?;
        if let Some(chaos) = args.chaos.map(Chaos::of) {
            writeln!(out, "  {}", said.platform.temper(chaos))?;
        }
        writeln!(out, "Ctrl-C ends it{}", if args.save { " and saves the account" } else { "" })
    })
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
