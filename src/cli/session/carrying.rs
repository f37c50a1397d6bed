//! How is a plan carried out, and what is heard of it meanwhile? For an apply and for a rehearsal alike.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use crate::account::{Witness, Writer};
use crate::apply::{self, Conduct, Halt, Memory, Report};
use crate::cli::process::context::Context;
use crate::cli::process::failure::Failure;
use crate::cli::process::progress::{self, Progress, Teller, Told};
use crate::cli::process::signals::Signals;
use crate::cli::session::planning::{Planned, Session};
use crate::render::Redaction;
use crate::run::{Circumstances, Ledgers, Pen, wants};

/// How a run behaves, as whoever asks for it wants.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Manner {
    /// How long an HR snapshot may take until it is left pending.
    pub(crate) wait: Duration,
    /// How long the HR groups have to stand still around one.
    pub(crate) settle: Duration,
    /// How much longer than that, by chance.
    pub(crate) more: Duration,
    /// How long the account may show an older state than what was written.
    pub(crate) read_back: Duration,
    /// Packets under way at the same time.
    pub(crate) concurrency: NonZeroUsize,
    /// Whether it is said what the run waits for.
    pub(crate) voice: Voice,
}

/// Whether it is said what a run waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Voice {
    /// It is.
    Aloud,
    /// Nobody waits for long.
    Silent,
}

/// A run that is about to begin: its ledger is, nothing is sent yet.
#[derive(Debug)]
pub(crate) struct Carrying<'a> {
    cx: &'a Context,
    session: &'a Session,
    planned: &'a Planned,
    writer: Writer,
    ledger: Arc<Pen>,
    manner: Manner,
}

impl<'a> Carrying<'a> {
    /// Begins the ledger of a run.
    pub(crate) fn begin(
        cx: &'a Context,
        (session, planned): (&'a Session, &'a Planned),
        (ledgers, redaction): (&Ledgers, Redaction),
        manner: Manner,
    ) -> Result<Self, Failure> {
        let wants = wants(&session.sources, session.expired(), &planned.plan);
        let about = Circumstances { redaction, wants, host: Context::host() };
        let ledger = Arc::new(ledgers.begin(&planned.plan, about)?);
        let connection = &session.target.connection;
        let writer = Writer::new(connection, Arc::clone(&planned.observed))?;
        let writer = writer.patient(manner.read_back).witnessed(Arc::clone(&ledger) as Arc<dyn Witness>);
        Ok(Self { cx, session, planned, writer, ledger, manner })
    }

    /// Carries the plan out, and ends the ledger.
    pub(crate) async fn run(self, memory: &dyn Memory, signals: &mut Signals) -> Report {
        let Manner { wait, settle, more, read_back, concurrency, .. } = self.manner;
        let conduct = Conduct {
            pace: self.session.target.connection.pace(),
            wait,
            settle,
            more,
            read_back,
            concurrency,
            ledger: &*self.ledger,
            memory,
        };
        let report = self.watched(&conduct, signals).await;
        if let Err(error) = self.ledger.end(&report) {
            self.cx.warn(format_args!("the ledger of this run has no end: {error}"));
        }
        report
    }

    /// Carries it out; a signal ends the run in order, a second one at once.
    async fn watched(&self, conduct: &Conduct<'_>, signals: &mut Signals) -> Report {
        let Self { cx, session, planned, writer, .. } = self;
        let progress = Progress::applying(&planned.forecast);
        let (halter, halt) = Halt::new();
        let say = |words: &str| {
            if self.manner.voice == Voice::Aloud {
                progress.aside(|| cx.say(words));
            }
        };
        let told = |event| {
            if let Some(words) = progress::aloud(event) {
                say(&words);
            }
            progress.note(event);
        };
        let mut running = std::pin::pin!(apply::apply(&planned.plan, writer, conduct, halt, told));
        let mut teller = Teller::of(session.target.connection.limiter());
        let mut told_before = false;
        loop {
            tokio::select! {
                report = &mut running => return report,
                told = teller.next() => match told {
                    Told::Wait(words) => say(&words),
                    Told::Minute => progress.so_far().into_iter().for_each(|far| cx.say(&far)),
                },
                stop = signals.next() => {
                    let words = if told_before {
                        "ending at once: what is under way is not waited for"
                    } else {
                        "stopping: what is under way is waited for; once more ends the run at once"
                    };
                    told_before = true;
                    progress.aside(|| cx.say(words));
                    halter.tell(stop);
                }
            }
        }
    }
}
