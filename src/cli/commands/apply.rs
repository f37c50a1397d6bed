//! `rollcall apply`: plan, show, ask, carry out, verify, report.

use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use crate::apply::{Ending, Memory, NoMemory, Report, Stop};
use crate::cli::args::Apply;
use crate::cli::process::context::{Attendance, Context};
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::cli::process::prompt::{Yes, confirm, still};
use crate::cli::process::runtime;
use crate::cli::process::signals::{Signals, stopped};
use crate::cli::product::display::{DisplayOptions, PlanDisplay, ReportDisplay};
use crate::cli::product::output::{self, Heard};
use crate::cli::product::save::keep;
use crate::cli::product::{expectation, refusal, way_back};
use crate::cli::session::carrying::{Carrying, Manner, Voice};
use crate::cli::session::earlier;
use crate::cli::session::planning::{Planned, Session};
use crate::render::Redaction;
use crate::run::{
    Expectations, Lock, Now, Owner, PendingUpload, RunFolder, SentNote, Unlocked, clear, wants,
};

/// What is settled before anything is written: how the run ends already, or what is to be carried out.
type Settled = ControlFlow<Exit, Ready>;

/// What is to be carried out.
struct Ready {
    session: Session,
    planned: Planned,
    /// An upload of an earlier run.
    pending: PendingUpload,
}

/// What is done where lists stand in for an account.
const BY_HAND: &str = "rollcall export users and rollcall export associations write the files for the platform, and plan says what else \
                       there is to do; then export the lists again, and plan";

/// Why the command line can't be followed.
#[derive(Debug, thiserror::Error)]
enum Misuse {
    #[error("there is no terminal to ask at, and no --yes")]
    Unattended,
    #[error("lists can't be written to: nothing was done")]
    Lists,
    #[error("--now sets the clock of an apply on this machine only, and the account is at {0}")]
    Clock(String),
}

/// Nobody can have seen the plan.
#[derive(Debug, thiserror::Error)]
#[error("the plan could not be shown: nobody reads standard output")]
struct Unseen;

/// Who hears of a run besides those who read what it prints.
pub(crate) trait Audience {
    /// The plan that it is about.
    fn plan(&self, shown: &PlanDisplay<'_>) -> Result<(), Failure>;
    /// What became of it.
    fn report(&self, shown: &ReportDisplay<'_>) -> Result<(), Failure>;
}

/// Nobody.
struct Nobody;

impl Audience for Nobody {
    fn plan(&self, _: &PlanDisplay<'_>) -> Result<(), Failure> {
        Ok(())
    }

    fn report(&self, _: &ReportDisplay<'_>) -> Result<(), Failure> {
        Ok(())
    }
}

/// Makes a plan and carries it out.
pub(crate) fn run(cx: &Context, args: &Apply) -> Result<Exit, Failure> {
    heard(cx, args, &Nobody)
}

/// The same, and has somebody else hear of it.
pub(crate) fn heard(cx: &Context, args: &Apply, audience: &dyn Audience) -> Result<Exit, Failure> {
    args.question.check()?;
    output::one_stdout(files(args))?;
    let reviewed = args.plan.is_some() || args.approve.is_some() || !args.expect.is_empty();
    if !reviewed && !is_for_programs(args) && output::is_closed() {
        let hint = "leave stdout open, or review the plan before and add --expect DIGEST";
        return Err(Failure::usage(Unseen).hint(hint));
    }
    if !args.yes && cx.attendance() == Attendance::Unattended {
        let hint = if reviewed { "add --yes" } else { "review the plan, then add --yes --expect DIGEST" };
        return Err(Failure::usage(Misuse::Unattended).hint(hint));
    }
    let mut expectations = expectation::read(args)?;
    let mut lock = lock(cx, args)?;
    files(args).into_iter().flatten().filter(|path| !output::is_stdout(path)).try_for_each(clear)?;
    runtime::block_on(async {
        let mut signals = Signals::listen().map_err(Failure::error)?;
        let verdict = tokio::select! {
            verdict = prepare((cx, audience), args, &mut expectations, &mut lock) => verdict?,
            stop = signals.next() => return Err(stopped(stop)),
        };
        match verdict {
            ControlFlow::Continue(ready) => {
                Box::pin(carry_out((cx, audience), args, &ready, &mut signals)).await
            }
            ControlFlow::Break(exit) => Ok(exit),
        }
    })
}

/// Everything up to the first write.
async fn prepare(
    (cx, audience): (&Context, &dyn Audience),
    args: &Apply,
    expectations: &mut Expectations,
    lock: &mut Lock,
) -> Result<Settled, Failure> {
    let manifests = &args.question.manifests;
    let session = Session::open(cx, &args.question).await?;
    let ledgers = earlier::ledgers(&session, manifests);
    expectations.look_up(&ledgers);
    let session = session.after(ledgers.attempts());
    if session.is_listed() {
        return Err(Failure::usage(Misuse::Lists).hint(BY_HAND));
    }
    let endpoint = session.target.connection.endpoint().filter(|_| manifests.now.is_some());
    if let Some(endpoint) = endpoint.filter(|endpoint| !endpoint.is_loopback()) {
        return Err(Failure::usage(Misuse::Clock(endpoint.as_str().to_owned())));
    }
    lock.is_for(session.account())?;
    let (planned, pending) = earlier::plan((cx, Voice::Aloud), &session, manifests, args.read_back).await?;
    earlier::note(cx, &pending, &earlier::upload_note(&session, manifests));
    earlier::say(cx, &pending);
    let now = Now {
        plan: &planned.plan,
        observed: &planned.observed,
        wants: wants(&session.sources, session.expired(), &planned.plan),
        processing: pending.awaited().is_some(),
    };
    earlier::settle(cx, &ledgers, now)?;
    let manner = DisplayOptions::new(cx, &session, manifests);
    let (policy, plan) = (session.policy(), &planned.plan);
    let file = args.plan.as_deref().filter(|_| expectations.is_whole(policy, plan));
    show((cx, audience), args, (&PlanDisplay { planned: &planned, manner }, file))?;
    expectation::check(cx, expectations.judge(policy, plan), plan, &manner)?;
    if !expectations.let_through(policy, plan) {
        return Err(refusal::blocked(plan));
    }
    if plan.is_empty() {
        let nothing = Report { awaited: pending.awaited(), ..Report::default() };
        let nothing = ReportDisplay { planned: &planned, report: &nothing, way_back: None, manner };
        report((cx, audience), args, &nothing)?;
        return Ok(ControlFlow::Break(exit(nothing.report)));
    }
    if args.yes || confirm(plan, session.target.connection.pace()).await? == Yes::Fresh {
        return Ok(ControlFlow::Continue(Ready { session, planned, pending }));
    }
    let now = session.plan().await?;
    if !expectations.let_through(policy, &now.plan) {
        show((cx, audience), args, (&PlanDisplay { planned: &now, manner }, None))?;
        return Err(refusal::blocked(&now.plan));
    }
    still(plan, &now.plan)?;
    Ok(ControlFlow::Continue(Ready { session, planned: now, pending }))
}

/// Takes the lock of the checkout, and says whose was broken for it.
fn lock(cx: &Context, args: &Apply) -> Result<Lock, Failure> {
    let named = |name: Option<String>| name.filter(|_| args.question.manifests.redaction() == Redaction::Off);
    let owner = Owner {
        process: std::process::id(),
        host: named(Context::host()),
        user: named(Context::user()),
        started: Context::clock(),
        account: None,
    };
    let (lock, broken) = Lock::take(&RunFolder::of(&args.question.manifests.path), owner)?;
    if let Some(sentence) = broken {
        cx.say(&sentence);
    }
    Ok(lock)
}

impl From<Unlocked> for Failure {
    fn from(unlocked: Unlocked) -> Self {
        match unlocked {
            Unlocked::File(error) => error.into(),
            held @ Unlocked::Held(_) => Self::error(held)
                .hint("wait until it ends: what it does is in no plan that is made now")
                .hint("to end it, send its process SIGTERM (or Ctrl-C at its terminal): it finishes what is under way and reports"),
        }
    }
}

/// Shows the plan on stdout, or on stderr if stdout is for another format; without its changes if it is the plan of a file.
fn show(
    (cx, audience): (&Context, &dyn Audience),
    args: &Apply,
    (shown, file): (&PlanDisplay<'_>, Option<&Path>),
) -> Result<(), Failure> {
    audience.plan(shown)?;
    keep(cx, shown, &args.question)?;
    let text = output::bytes(|out| match file {
        Some(file) => shown.reviewed(out, file),
        None => shown.text(out),
    })?;
    if is_for_programs(args) {
        cx.show(&text);
    } else if output::print(cx, &text)? == Heard::No {
        return Err(Failure::error(Unseen));
    }
    Ok(())
}

async fn carry_out(
    (cx, audience): (&Context, &dyn Audience),
    args: &Apply,
    ready: &Ready,
    signals: &mut Signals,
) -> Result<Exit, Failure> {
    let Ready { session, planned, pending } = ready;
    let (session, planned) = (&session, &planned);
    let mut kept = way_back::keep(cx, &args.question.manifests, session, planned)?;
    let manifests = &args.question.manifests;
    let manner = Manner {
        wait: args.wait,
        settle: args.settle,
        more: at_random(args.settle),
        read_back: args.read_back,
        concurrency: args.question.access.wire.concurrency,
        voice: Voice::Aloud,
    };
    let ledgers = earlier::ledgers(session, manifests);
    let carrying = Carrying::begin(cx, (session, planned), (&ledgers, manifests.redaction()), manner)?;
    let note = earlier::upload_note(session, manifests);
    let memory: &dyn Memory = if session.target.ends_with_the_run() { &NoMemory } else { &note };
    let sent = SentNote::new(RunFolder::of(&manifests.path), session.target());
    if session.download.is_some() {
        sent.keep(&planned.plan, session.now)?;
    }
    let mut report = Box::pin(carrying.run(memory, signals)).await;
    if let Some(download) = &session.download
        && let Some((_, outcome)) = report.outcomes.last()
        && let Err(error) = sent.settle(outcome, download.earlier.as_ref())
    {
        // Noted in vain at worst: the next plan wants a newer download.
        cx.warn(Failure::from(error).sentence());
    }
    // A run that uploads waits for an earlier upload itself.
    report.awaited = pending.awaited().filter(|_| planned.plan.snapshot.is_none());
    let manner = DisplayOptions::new(cx, session, &args.question.manifests);
    let way_back = kept.after(cx, &planned.plan, &report);
    tell((cx, audience), args, session, &ReportDisplay { planned, report: &report, way_back, manner })
}

/// A part of a time, so that two runs that began together don't go on together.
fn at_random(time: Duration) -> Duration {
    let mut dice = [0; 4];
    // Without randomness it is nothing.
    let share = getrandom::fill(&mut dice)
        .map_or(0.0, |()| f64::from(u32::from_le_bytes(dice)) / f64::from(u32::MAX));
    time.mul_f64(share)
}

/// Reports a run. A report that can't be written makes no run undone, so the exit says what became of the account.
fn tell(
    told: (&Context, &dyn Audience),
    args: &Apply,
    session: &Session,
    shown: &ReportDisplay<'_>,
) -> Result<Exit, Failure> {
    let exit = exit(shown.report);
    let kept = session.target.keep().map_err(Failure::from);
    match kept.and(report(told, args, shown)) {
        Ok(()) => Ok(exit),
        Err(failure) if exit == Exit::Done => Err(Failure { kind: Exit::Unfinished, ..failure }),
        Err(failure) => Err(Failure { kind: exit, ..failure }),
    }
}

fn report(
    (cx, audience): (&Context, &dyn Audience),
    args: &Apply,
    shown: &ReportDisplay<'_>,
) -> Result<(), Failure> {
    audience.report(shown)?;
    if !is_for_programs(args) && !shown.planned.plan.is_empty() {
        output::print(cx, &output::bytes(|out| writeln!(out).and_then(|()| shown.text(out)))?)?;
    }
    if let Some(path) = &args.json {
        output::write(cx, path, &output::bytes(|out| shown.json(out))?)?;
    }
    match &args.html {
        Some(path) => output::write(cx, path, &output::bytes(|out| shown.html(out))?),
        None => Ok(()),
    }
}

/// What the report is written to, besides as text.
fn files(args: &Apply) -> [Option<&Path>; 2] {
    [args.json.as_deref(), args.html.as_deref()]
}

/// Whether stdout is for another format than text.
fn is_for_programs(args: &Apply) -> bool {
    files(args).into_iter().any(output::goes_to_stdout)
}

/// What a report comes to.
fn exit(report: &Report) -> Exit {
    match (report.stopped, report.ending()) {
        (Some(Stop::Interrupted), _) => Exit::Interrupted,
        (Some(Stop::Terminated), _) => Exit::Terminated,
        (_, Ending::Done) => Exit::Done,
        (_, Ending::Pending) => Exit::Pending,
        (_, Ending::Unfinished) if report.sent > 0 => Exit::Unfinished,
        (_, Ending::Unfinished) => Exit::Error,
    }
}
