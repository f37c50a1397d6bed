//! How is a tenant of the learning platform served, and what opens it?

use crate::cli::args::Sandbox;
use crate::cli::process::context::Context;
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::cli::process::signals::Signals;
use crate::cli::product::output;
use crate::render::visible;
use crate::run::FileError;
use crate::sandbox::docebo::{Config, Credentials, Docebo, Faults, Seed, Settings};
use crate::sandbox::{Chaos, Clock, Watcher};

/// An option that says something of the other platform.
#[derive(Debug, thiserror::Error)]
#[error("{option} is about ActivTrak, and {seed} is a learning platform")]
struct Misplaced {
    option: &'static str,
    seed: String,
}

/// The tenant and how it is run.
///
/// # Errors
/// An option is wrong or about the other platform, or the file can't be read.
pub(super) fn prepared(args: &Sandbox, watcher: Watcher) -> Result<(Seed, Config), Failure> {
    let misplaced = [("--scim-key", args.scim_key.is_some()), ("--hr-delay", args.hr_delay.is_some())];
    if let Some((option, _)) = misplaced.into_iter().find(|(_, is_given)| *is_given) {
        return Err(Failure::usage(Misplaced { option, seed: args.seed.display().to_string() }));
    }
    let faults = Faults::parse(&args.fault).map_err(Failure::usage)?;
    let settings = Settings::parse(&args.setting).map_err(Failure::usage)?;
    let seed = Seed::load(&args.seed).map_err(Failure::error)?;
    let usual = Credentials::default();
    let client_secret = args.key.clone().unwrap_or_else(|| usual.client_secret.clone());
    let config = Config {
        faults,
        settings,
        credentials: Credentials { client_secret, ..usual },
        clock: args.now.or(seed.as_of).map_or(Clock::Live(Context::clock), Clock::Fixed),
        chaos: args.chaos.map(Chaos::of),
        watcher,
        ..Config::default()
    };
    Ok((seed, config))
}

/// Serves it until a signal comes.
///
/// # Errors
/// No tenant could be like that, the port is taken, or the file can't be written.
pub(super) async fn serve(cx: &Context, args: &Sandbox, seed: Seed, config: Config) -> Result<Exit, Failure> {
    let mut signals = Signals::listen().map_err(Failure::error)?;
    let (users, groups) = (seed.users.len(), seed.groups.len());
    let Credentials { client_id, client_secret, .. } = config.credentials.clone();
    let docebo = Docebo::start(seed, config, args.port).await.map_err(Failure::error)?;
    let guide = output::bytes(|out| {
        writeln!(out, "SANDBOX {} at {}", visible(&args.seed.display().to_string()), docebo.url())?;
        writeln!(out, "  {users} users, {groups} groups, not Docebo; a token is given for")?;
        writeln!(out, "  client_id {client_id}, client_secret {}", visible(&client_secret))?;
        if let Some(chaos) = args.chaos.map(Chaos::of) {
            writeln!(out, "  {}", Docebo::temper(chaos))?;
        }
        writeln!(out, "Ctrl-C ends it{}", if args.save { " and saves the account" } else { "" })
    })?;
    output::print(cx, &guide)?;
    signals.next().await;
    let tenant = docebo.stop().await;
    if args.save {
        tenant.save(&args.seed).map_err(|source| FileError::new(&args.seed, "written", source))?;
    }
    Ok(Exit::Done)
}
