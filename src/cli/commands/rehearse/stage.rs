//! How is a plan rehearsed? In a sandbox that starts from the account, by the engine of `apply`, with a run folder of its own.

use std::collections::BTreeMap;
use std::io;
use std::num::NonZeroUsize;
use std::time::Duration;

use crate::apply::{Asked, Came, Earlier, Ending, Memory, Rehearsed, Report, Under};
use crate::cli::args::{Manifests, Rehearse, Wire};
use crate::cli::process::context::Context;
use crate::cli::process::failure::Failure;
use crate::cli::process::signals::{Signals, stopped};
use crate::cli::session::carrying::{Carrying, Manner, Voice};
use crate::cli::session::earlier;
use crate::cli::session::planning::{Planned, Session};
use crate::cli::session::scratch::Scratch;
use crate::model::{Family, HrGroup};
use crate::run::{Now, PendingUpload, UploadNote, wants};
use crate::sandbox::{Chaos, Emulated, EmulatedSeed, RequestKind};

/// As often a sandbox that misbehaves is applied to, at most.
const FAULTY_RUNS: usize = 6;
/// The same once it behaves.
const CALM_RUNS: usize = 3;
/// No sandbox shows later than this what was written,
const READ_BACK: Duration = Duration::from_secs(3);
/// or what was uploaded.
const WAIT: Duration = Duration::from_secs(5);
/// How often it is looked whether uploads wait.
const LOOK: Duration = Duration::from_millis(20);

/// What an operator does who is sure.
const FORGOTTEN: &str = "The note of the last HR upload was deleted before it, as an operator does who is sure that the account dropped the file.";

/// A sandbox on which a plan is rehearsed.
pub(super) struct Stage<'a> {
    cx: &'a Context,
    args: &'a Rehearse,
    sandbox: Emulated,
    session: Session,
    /// Manifests that lie where nothing else does: what a run leaves beside them is in the scratch folder.
    manifests: Manifests,
    _scratch: Scratch,
    under: Under,
}

impl<'a> Stage<'a> {
    /// Starts the sandbox.
    pub(super) async fn set(
        cx: &'a Context,
        args: &'a Rehearse,
        session: Session,
        seed: EmulatedSeed,
    ) -> Result<Self, Failure> {
        let chaos = args.faults.map(Chaos::of);
        let under = if chaos.is_some() { Under::Faults } else { Under::Calm };
        let wire = Wire { concurrency: at_once(args), ..args.access.wire.clone() };
        let (target, sandbox) = session.target.rehearsed(seed, (session.now, chaos), &wire).await?;
        let scratch = Scratch::make()?;
        let manifests = Manifests { path: scratch.path().to_owned(), ..args.manifests.clone() };
        let session = session.moved_to(target);
        Ok(Self { cx, args, sandbox, session, manifests, _scratch: scratch, under })
    }

    /// Carries the plan out: once, or under faults until it holds, as an operator would.
    pub(super) async fn rehearse(&mut self, signals: &mut Signals) -> Result<Vec<Rehearsed>, Failure> {
        let mut runs = Vec::new();
        if self.under == Under::Calm {
            runs.push(Box::pin(self.one(None, signals)).await?);
            return Ok(runs);
        }
        while runs.len() < FAULTY_RUNS && !runs.last().is_some_and(is_over) {
            runs.push(Box::pin(self.one(None, signals)).await?);
        }
        self.calm().await;
        for _ in 0..CALM_RUNS {
            if runs.last().is_some_and(was_stopped)
                || (runs.last().is_some_and(is_over) && self.is_settled().await)
            {
                break;
            }
            let before = self.gives_up_the_upload().await;
            runs.push(Box::pin(self.one(before, signals)).await?);
        }
        Ok(runs)
    }

    /// Reads the sandbox, and plans as the next run would.
    pub(super) async fn look(&self) -> Result<Planned, Failure> {
        self.session.plan().await
    }

    /// Ends it.
    pub(super) async fn struck(self) -> Session {
        self.sandbox.stop().await;
        self.session
    }

    /// One run: it plans, and carries the plan out if it may.
    async fn one(
        &mut self,
        before: Option<&'static str>,
        signals: &mut Signals,
    ) -> Result<Rehearsed, Failure> {
        self.session.target.renew();
        let start = self.asked();
        let planned = tokio::select! {
            planned = self.plan() => planned,
            stop = signals.next() => return Err(stopped(stop)),
        };
        let read = self.asked();
        let came = match planned {
            Err(failure) => Came::Unread(failure.sentence()),
            Ok((planned, _)) if !planned.plan.blockers.is_empty() => Came::Blocked(Box::new(planned.plan)),
            Ok((planned, pending)) if planned.plan.is_empty() => Came::Nothing(pending.awaited()),
            Ok((planned, pending)) => {
                let report = Box::pin(self.carry_out(&planned, &pending, signals)).await?;
                Came::Reported(Box::new((planned.plan, report)))
            }
        };
        let (planning, applying) = (read.since(&start), self.asked().since(&read));
        Ok(Rehearsed { under: self.under, came, before, planning, applying })
    }

    /// Plans as `apply` does, knowing what earlier runs left.
    async fn plan(&self) -> Result<(Planned, PendingUpload), Failure> {
        let ledgers = earlier::ledgers(&self.session, &self.manifests);
        let to = (self.cx, Voice::Silent);
        let (planned, pending) = earlier::plan(to, &self.session, &self.manifests, READ_BACK).await?;
        earlier::note(self.cx, &pending, &self.note());
        let now = Now {
            plan: &planned.plan,
            observed: &planned.observed,
            wants: wants(&self.session.sources, self.session.expired(), &planned.plan),
            processing: pending.awaited().is_some(),
        };
        ledgers.settle(now, |_| ())?;
        Ok((planned, pending))
    }

    async fn carry_out(
        &self,
        planned: &Planned,
        pending: &PendingUpload,
        signals: &mut Signals,
    ) -> Result<Report, Failure> {
        let manner = Manner {
            wait: WAIT,
            settle: Duration::ZERO,
            more: Duration::ZERO,
            read_back: READ_BACK,
            concurrency: at_once(self.args),
            voice: Voice::Silent,
        };
        let ledgers = earlier::ledgers(&self.session, &self.manifests);
        let to = (&ledgers, self.manifests.redaction());
        let carrying = Carrying::begin(self.cx, (&self.session, planned), to, manner)?;
        let mut report = Box::pin(carrying.run(&Remembered(self.note()), signals)).await;
        // A run that uploads waits for an earlier upload itself.
        report.awaited = pending.awaited().filter(|_| planned.plan.snapshot.is_none());
        Ok(report)
    }

    fn note(&self) -> UploadNote {
        earlier::upload_note(&self.session, &self.manifests)
    }

    /// Lets the sandbox behave from now on, and carry out what was uploaded.
    async fn calm(&mut self) {
        self.sandbox.calm();
        self.under = Under::Calm;
        let mut left = WAIT;
        while self.sandbox.waiting_uploads() > 0 && !left.is_zero() {
            tokio::time::sleep(LOOK).await;
            left = left.saturating_sub(LOOK);
        }
    }

    async fn is_settled(&self) -> bool {
        self.look().await.is_ok_and(|next| next.plan.is_empty() && next.plan.blockers.is_empty())
    }

    /// Forgets an upload that the sandbox has dropped; tells that it did.
    async fn gives_up_the_upload(&self) -> Option<&'static str> {
        let pending = earlier::look(&self.session, &self.manifests).await;
        let is_gone = pending.awaited().is_some() && self.sandbox.waiting_uploads() == 0;
        (is_gone && self.note().forget().is_ok()).then_some(FORGOTTEN)
    }

    /// What the sandbox was asked so far.
    fn asked(&self) -> Asked {
        let (mut reads, mut writes) = (0, BTreeMap::new());
        for ((api, kind), count) in self.sandbox.counts() {
            match (kind, family(&api)) {
                (RequestKind::Write, Some(family)) => *writes.entry(family).or_default() += count,
                (RequestKind::Read | RequestKind::Write, _) => reads += count,
            }
        }
        Asked { reads, writes }
    }
}

/// The API whose paths begin like this.
fn family(api: &str) -> Option<Family> {
    match api {
        "identity" => Some(Family::Identity),
        "scim" => Some(Family::Scim),
        "admin" => Some(Family::Admin),
        "hrdc" => Some(Family::Hrdc),
        "manage" | "audiences" | "course" | "learn" => Some(Family::Learning),
        _ => None,
    }
}

/// Requests under way at the same time: one under faults, so that the same number makes the same of them.
fn at_once(args: &Rehearse) -> NonZeroUsize {
    if args.faults.is_some() { NonZeroUsize::MIN } else { args.access.wire.concurrency }
}

/// Whether no other run has to follow.
fn is_over(run: &Rehearsed) -> bool {
    run.ending() == Ending::Done || was_stopped(run)
}

fn was_stopped(run: &Rehearsed) -> bool {
    run.stopped().is_some()
}

/// The note of uploads to a sandbox of which nobody else knows: what is not noted was not uploaded.
#[derive(Debug)]
struct Remembered(UploadNote);

impl Memory for Remembered {
    fn place(&self) -> String {
        "the note of it in .rollcall/".to_owned()
    }

    fn earlier(&self) -> io::Result<Earlier> {
        let earlier = self.0.earlier()?;
        Ok(if earlier == Earlier::Unknown { Earlier::None } else { earlier })
    }

    fn sent(&self, set: &[HrGroup]) -> io::Result<()> {
        self.0.sent(set)
    }

    fn verified(&self, set: &[HrGroup]) -> io::Result<()> {
        self.0.verified(set)
    }

    fn forget(&self) -> io::Result<()> {
        self.0.forget()
    }
}
