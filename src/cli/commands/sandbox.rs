//! `rollcall sandbox`: a local account to rehearse against, until Ctrl-C.

use crate::cli::args::Sandbox;
use crate::cli::process::context::{Context, Credential};
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::cli::process::runtime;
use crate::cli::process::signals::Signals;
use crate::cli::product::output;
use crate::cli::session::clock;
use crate::render::visible;
use crate::run::FileError;
use crate::sandbox::{self, Chaos, Clock, Config, Faults, Keys, Redactor, Seed, Setting, Settings, Watcher};

/// Serves the account; Ctrl-C is how it is meant to end.
pub(crate) fn run(cx: &Context, args: &Sandbox) -> Result<Exit, Failure> {
    let faults = Faults::parse(&args.fault).map_err(Failure::usage)?;
    let seed = Seed::load(&args.seed).map_err(Failure::error)?;
    let config = Config {
        faults,
        settings: Settings::parse(&args.setting).map_err(Failure::usage)?,
        hr_delay: args.hr_delay,
        keys: args.key.clone().map_or(Keys::Any, Keys::Only),
        scim_keys: args.scim_key.clone().map_or(Keys::Any, Keys::Only),
        clock: clock::of_sandbox(args.now, &seed),
        chaos: args.chaos.map(Chaos::of),
        watcher: watcher(args),
        ..Config::default()
    };
    runtime::block_on(serve(cx, args, seed, config))
}

async fn serve(cx: &Context, args: &Sandbox, seed: Seed, config: Config) -> Result<Exit, Failure> {
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

/// What `-v` shows of each request: a line, and `-vv` both bodies.
fn watcher(args: &Sandbox) -> Watcher {
    if !tracing::enabled!(tracing::Level::DEBUG) {
        return Watcher::default();
    }
    let redactor = args.redact.then(Redactor::default);
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
