//! How is an account of ActivTrak served, and how is a plan made against it?

use std::time::Duration;

use crate::cli::args::Sandbox;
use crate::cli::process::context::{Context, Credential};
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::cli::process::signals::Signals;
use crate::cli::product::output;
use crate::cli::session::clock;
use crate::render::visible;
use crate::run::FileError;
use crate::sandbox::{self, Chaos, Clock, Config, Faults, Keys, Seed, Setting, Settings, Watcher};

/// How long an HR snapshot takes, if nothing else is said.
const HR_DELAY: Duration = Duration::from_secs(2);

/// The account and how it is run.
///
/// # Errors
/// An option is wrong, or the file can't be read.
pub(super) fn prepared(args: &Sandbox, watcher: Watcher) -> Result<(Seed, Config), Failure> {
    let faults = Faults::parse(&args.fault).map_err(Failure::usage)?;
    let seed = Seed::load(&args.seed).map_err(Failure::error)?;
    let config = Config {
        faults,
        settings: Settings::parse(&args.setting).map_err(Failure::usage)?,
        hr_delay: args.hr_delay.unwrap_or(HR_DELAY),
        keys: args.key.clone().map_or(Keys::Any, Keys::Only),
        scim_keys: args.scim_key.clone().map_or(Keys::Any, Keys::Only),
        clock: clock::of_sandbox(args.now, seed.account.as_of),
        chaos: args.chaos.map(Chaos::of),
        watcher,
        ..Config::default()
    };
    Ok((seed, config))
}

/// Serves it until a signal comes.
///
/// # Errors
/// No account could be like that, the port is taken, or the file can't be written.
pub(super) async fn serve(cx: &Context, args: &Sandbox, seed: Seed, config: Config) -> Result<Exit, Failure> {
    let mut signals = Signals::listen().map_err(Failure::error)?;
    let (users, groups) = (seed.users.len(), seed.groups.len());
    let variables = keys(args, &[&config.settings, &seed.account.settings]);
    let now = match config.clock {
        Clock::Fixed(now) => format!(" --now {now}"),
        Clock::Live(_) => String::new(),
    };
    let sandbox = sandbox::Sandbox::start(seed, config, args.port).await.map_err(Failure::error)?;
    let guide = output::bytes(|out| {
        writeln!(out, "SANDBOX {} at {}", visible(&args.seed.display().to_string()), sandbox.url())?;
        writeln!(out, "  {users} users, {groups} groups, not ActivTrak; in another terminal:")?;
        writeln!(out, "  {variables} rollcall plan --endpoint {}{now}", sandbox.url())?;
        if let Some(chaos) = args.chaos.map(Chaos::of) {
            writeln!(out, "  {chaos}")?;
        }
        writeln!(out, "Ctrl-C ends it{}", if args.save { " and saves the account" } else { "" })
    })?;
    output::print(cx, &guide)?;
    signals.next().await;
    let account = sandbox.stop().await;
    if args.save {
        account.save(&args.seed).map_err(|source| FileError::new(&args.seed, "written", source))?;
    }
    Ok(Exit::Done)
}

/// The variables that a run against the sandbox needs, as a shell takes them.
fn keys(args: &Sandbox, settings: &[&Settings]) -> String {
    let said = |credential: Credential, key: &Option<String>| {
        format!("{}={}", credential.variable(), key.as_deref().unwrap_or("any"))
    };
    let key = said(Credential::ApiKey, &args.key);
    if settings.iter().any(|it| it.has(Setting::IdentityClosed)) {
        format!("{key} {}", said(Credential::ScimKey, &args.scim_key))
    } else {
        key
    }
}
