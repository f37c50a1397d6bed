//! `rollcall rehearse`: read the account, carry the plan out in a sandbox made of it, and say what came of it.

mod stage;

use std::io;

use crate::apply::{Consent, Faults, Known, Outcome, Rate, Rehearsal, Rehearsed, Stop};
use crate::cli::args::Rehearse;
use crate::cli::commands::rehearse::stage::Stage;
use crate::cli::process::context::Context;
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::cli::process::runtime;
use crate::cli::process::signals::{Signals, stopped};
use crate::cli::product::display::{DisplayOptions, head};
use crate::cli::product::{expectation, output, rehearsal};
use crate::cli::session::carrying::Voice;
use crate::cli::session::earlier;
use crate::cli::session::planning::{Planned, Session};
use crate::cli::session::recent::READ_BACK;
use crate::model::{Act, Observed, Phrase, Topic};
use crate::plan::{Digest, between, mark_unplanned};
use crate::render::{self, json};
use crate::run::{Expectations, clear};
use crate::sandbox::{Chaos, EmulatedSeed};

/// What no sandbox shows of an account, each where the account has a place for it.
const NEVER_SHOWN: [(Option<Topic>, &str); 5] = [
    (Some(Topic::Computers), "the computers of groups, where no manifest asks for them: they are not read"),
    (None, "how late the account shows what is written: here it is at once"),
    (Some(Topic::HrGroups), "how long the account takes over an HR upload: here it is at once"),
    (None, "what administrators and integrations change in the account meanwhile"),
    (Some(Topic::Agents), "what agents change in the account meanwhile"),
];
/// What is not shown where an agent moves.
const AGENTS: &str = "whether the account lets an agent be moved: no document says so, and the sandbox does";

/// A sandbox that is not what the account is.
#[derive(Debug, thiserror::Error)]
#[error("the sandbox is not as the account: its plan is {copy}, and that of the account {live}")]
struct Unlike {
    live: Digest,
    copy: Digest,
}

/// The account as it was read, and its plan.
struct Live {
    session: Session,
    planned: Planned,
    consent: Consent,
    /// What the first line of output says.
    banner: Option<String>,
}

/// A rehearsal, and what it is shown with.
struct Shown {
    session: Session,
    planned: Planned,
    rehearsal: Rehearsal,
    banner: Option<String>,
}

/// Rehearses the plan of the account.
pub(crate) fn run(cx: &Context, args: &Rehearse) -> Result<Exit, Failure> {
    let expectations = expectation::approved(args.approve.as_deref(), &args.manifests.path)?;
    args.json.as_deref().filter(|path| !output::is_stdout(path)).map_or(Ok(()), clear)?;
    let shown = runtime::block_on(async {
        let mut signals = Signals::listen().map_err(Failure::error)?;
        let live = tokio::select! {
            live = read(cx, args, expectations) => live?,
            stop = signals.next() => return Err(stopped(stop)),
        };
        Box::pin(rehearse(cx, args, live, &mut signals)).await
    })?;
    show(cx, args, &shown)?;
    Ok(exit(&shown.rehearsal))
}

/// Reads the account and plans, as `plan` does.
async fn read(cx: &Context, args: &Rehearse, mut expectations: Expectations) -> Result<Live, Failure> {
    let session = Session::open(cx, &args.question()).await?;
    let ledgers = earlier::ledgers(&session, &args.manifests);
    expectations.look_up(&ledgers);
    let session = session.after(ledgers.attempts());
    let (planned, pending) = earlier::plan((cx, Voice::Aloud), &session, &args.manifests, READ_BACK).await?;
    earlier::say(cx, &pending);
    let (policy, plan) = (session.policy(), &planned.plan);
    let manner = DisplayOptions::new(cx, &session, &args.manifests);
    expectation::check(cx, expectations.judge(policy, plan), plan, &manner)?;
    let approved = plan.violations.is_empty() || expectations.let_through(policy, plan);
    let consent = if approved { Consent::Given } else { Consent::Missing };
    let banner = session.target.banner.clone();
    Ok(Live { session, planned, consent, banner })
}

/// Carries the plan out in a sandbox, unless something blocks it or there is nothing to do.
async fn rehearse(
    cx: &Context,
    args: &Rehearse,
    live: Live,
    signals: &mut Signals,
) -> Result<Shown, Failure> {
    let Live { session, planned, consent, banner } = live;
    let limiter = session.target.connection.limiter();
    let known = if limiter.per_minute().is_some() { Known::Seen } else { Known::Supposed };
    let mut rehearsal = Rehearsal {
        plan: planned.plan.clone(),
        consent,
        faults: args
            .faults
            .map(|seed| Faults { seed, words: session.target.temper(Chaos::of(seed)).to_string() }),
        runs: Vec::new(),
        changes: Vec::new(),
        next: None,
        rate: Rate { per_minute: planned.forecast.per_minute, known },
        unknown: Vec::new(),
    };
    if planned.plan.is_empty() || !planned.plan.blockers.is_empty() {
        return Ok(Shown { session, planned, rehearsal, banner });
    }
    let account = session.declared_account();
    let id = account.id.as_ref().map(|id| id.value);
    let named = (account.name.value.clone(), id, session.now);
    let (seed, unsaid) = rehearsal::seed(session.target.connection.service(), &planned.observed, named);
    rehearsal::can_be(&seed)?;
    rehearsal.unknown = unsaid.into_iter().map(|unsaid| unsaid.sentence).collect();
    rehearsal.unknown.extend(beside(&planned));
    let (session, before) = copied(session, args, (&planned, &seed)).await?;
    let mut stage = Stage::set(cx, args, session, seed).await?;
    rehearsal.runs = Box::pin(stage.rehearse(signals)).await?;
    match stage.look().await {
        Ok(after) => {
            rehearsal.changes = between(&before, &after.observed);
            mark_unplanned(
                &mut rehearsal.changes,
                &rehearsal.runs.iter().filter_map(Rehearsed::plan).collect::<Vec<_>>(),
            );
            rehearsal.next = Some(after.plan);
        }
        Err(failure) => rehearsal.runs.push(Rehearsed::unread(failure.sentence())),
    }
    let session = stage.struck().await;
    Ok(Shown { session, planned, rehearsal, banner })
}

/// Starts a sandbox that behaves, and proves that it is as the account: the same would be done in both.
async fn copied(
    session: Session,
    args: &Rehearse,
    (live, seed): (&Planned, &EmulatedSeed),
) -> Result<(Session, std::sync::Arc<Observed>), Failure> {
    let started = session.target.rehearsed(seed.clone(), (session.now, None), &args.access.wire).await?;
    let (target, _sandbox) = started;
    let session = session.moved_to(target);
    let copy = session.plan().await?;
    if copy.plan.digest != live.plan.digest {
        let unlike = Unlike { live: live.plan.digest, copy: copy.plan.digest };
        return Err(Failure::error(unlike).hint(
            "save it by rollcall import --sandbox FILE --pseudonyms, and report it: something of this account is not emulated",
        ));
    }
    Ok((session, copy.observed))
}

/// What no sandbox shows of a plan.
fn beside(planned: &Planned) -> impl Iterator<Item = Phrase> + '_ {
    let moves = planned.plan.steps().any(|step| matches!(step.act, Act::MoveAgent { .. }));
    let reach = &planned.observed.reach;
    let is_there = |topic: Option<Topic>| topic.is_none_or(|topic| reach.absent(topic).is_none());
    let never = NEVER_SHOWN.into_iter().filter(move |(topic, _)| is_there(*topic)).map(|(_, words)| words);
    never.chain(moves.then_some(AGENTS)).map(Phrase::words)
}

impl Shown {
    fn text(&self, out: &mut dyn io::Write, manner: &DisplayOptions<'_>) -> io::Result<()> {
        head(out, self.banner.as_deref())?;
        render::rehearsal::rehearsal(out, &self.rehearsal, &manner.view, manner.layout)
    }

    fn json(&self, out: &mut dyn io::Write, manner: &DisplayOptions<'_>) -> io::Result<()> {
        json::rehearsal(out, &self.rehearsal, &self.planned.forecast, &manner.view)
    }
}

fn show(cx: &Context, args: &Rehearse, shown: &Shown) -> Result<(), Failure> {
    let manner = DisplayOptions::new(cx, &shown.session, &args.manifests);
    if let Some(path) = &args.json {
        output::write(cx, path, &output::bytes(|out| shown.json(out, &manner))?)?;
    }
    if !args.json.as_deref().is_some_and(output::is_stdout) {
        output::print(cx, &output::bytes(|out| shown.text(out, &manner))?)?;
    }
    Ok(())
}

/// What a rehearsal comes to: as an apply would end, and as a plan where it may not be carried out as it stands.
fn exit(rehearsal: &Rehearsal) -> Exit {
    match rehearsal.outcome() {
        Outcome::Blocked => Exit::Blocked,
        Outcome::Nothing | Outcome::Settled => match rehearsal.consent {
            Consent::Given => Exit::Done,
            Consent::Missing => Exit::Blocked,
        },
        Outcome::Pending => Exit::Pending,
        Outcome::Stopped(Stop::Interrupted) => Exit::Interrupted,
        Outcome::Stopped(Stop::Terminated) => Exit::Terminated,
        Outcome::Unfinished | Outcome::Stopped(Stop::Mismatched(_) | Stop::Unnoted) => Exit::Unfinished,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apply::{Came, Report};
    use crate::model::{Outcome as Of, StepId};
    use crate::plan::sample::empty;

    #[test]
    fn a_rehearsal_exits_as_the_apply_would_and_with_3_where_an_approval_is_missing() {
        let ends = |outcome: Of, consent| {
            let report = Report { outcomes: vec![(StepId(0), outcome)], ..Report::default() };
            let came = Came::Reported(Box::new((empty(), report)));
            let rehearsal = Rehearsal {
                plan: empty(),
                consent,
                faults: None,
                runs: vec![Rehearsed { came, ..Rehearsed::unread(String::new()) }],
                changes: Vec::new(),
                next: Some(empty()),
                rate: Rate { per_minute: 300, known: Known::Supposed },
                unknown: Vec::new(),
            };
            exit(&rehearsal)
        };
        assert_eq!(ends(Of::Applied, Consent::Given), Exit::Done);
        assert_eq!(ends(Of::Applied, Consent::Missing), Exit::Blocked);
        assert_eq!(ends(Of::Pending, Consent::Missing), Exit::Pending);
        for not_done in [Of::Failed("no".into()), Of::Unknown("lost".into()), Of::NotAttempted] {
            assert_eq!(ends(not_done, Consent::Missing), Exit::Unfinished);
        }
    }
}
