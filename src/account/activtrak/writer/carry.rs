//! Several things of one kind: sent in batches, looked for together, and each judged by what the look shows.

use std::future::Future;

use crate::account::activtrak::sent::{Refusal, Reply, words};
use crate::account::activtrak::writer::collateral;
use crate::account::activtrak::writer::look::{after_failure, due};
use crate::account::activtrak::writer::patience::Due;
use crate::account::activtrak::writer::shared::{ATTEMPTS, Writer};
use crate::account::error::ReadError;
use crate::account::pack::BATCH;
use crate::model::{Family, Outcome, StepId};

/// A step that is not settled yet.
#[derive(Debug)]
pub(super) struct Open<T> {
    pub(super) step: StepId,
    /// What it is about.
    pub(super) what: T,
    /// What was said to it last.
    pub(super) reply: Reply,
    /// What is due as long as a look does not show it.
    due: Due,
}

/// What is written and how it is seen.
pub(super) trait Kind: Sync {
    /// What one step is about.
    type What: Send + Sync;
    /// What one look shows.
    type View: Send + Sync;
    /// Whose look it is.
    const FAMILY: Family;

    /// Sends one request, and tells each step what was said to it.
    fn send(&self, batch: &mut [Open<Self::What>]) -> impl Future<Output = ()> + Send;

    /// Looks once.
    fn look(&self) -> impl Future<Output = Result<Self::View, ReadError>> + Send;

    /// Whether a look shows what a step wants.
    fn holds(&self, what: &Self::What, view: &Self::View) -> bool;

    /// What is gone that was there right before, and that this run does not take away.
    fn besides(&self, view: &Self::View) -> Option<String>;

    /// What a step asks for, and what is shown instead.
    fn words(&self, what: &Self::What) -> (String, String);

    /// What becomes of a step that a look shows.
    fn met(&self, one: &Open<Self::What>, _view: &Self::View) -> Outcome {
        one.reply.met()
    }

    /// What becomes of a step that a look does not show; itself if it is to be sent again. Only where its answer was lost, and sent
    /// twice it does no more than once.
    fn unmet(
        &self,
        writer: &Writer,
        one: Open<Self::What>,
        attempt: u8,
        _view: &Self::View,
    ) -> impl Future<Output = Result<Outcome, Open<Self::What>>> + Send {
        async move {
            if attempt < ATTEMPTS && matches!(one.reply, Reply::Lost(_)) {
                return Err(one);
            }
            let (asked, shown) = self.words(&one.what);
            Ok(writer.unseen(one.reply, asked, shown))
        }
    }
}

impl<T> Open<T> {
    pub(super) const fn new(step: StepId, what: T) -> Self {
        Self { step, what, reply: Reply::Accepted, due: Due::Surely }
    }

    /// Takes what was said to the whole request, or to this step alone.
    pub(super) fn hears(&mut self, whole: Reply, alone: Option<String>) {
        let is_alone = alone.is_some();
        let said = alone.map_or(whole, |reason| Reply::Refused(Refusal::Located(reason)));
        self.due = due(&said, &self.reply);
        self.reply = if is_alone { said } else { said.after(&self.reply) };
    }
}

/// Sends what is open until each is settled.
pub(super) async fn carry_out<K: Kind>(
    writer: &Writer,
    kind: &K,
    mut open: Vec<Open<K::What>>,
) -> Vec<(StepId, Outcome)> {
    let mut done = Vec::with_capacity(open.len());
    for attempt in 1..=ATTEMPTS {
        if open.is_empty() {
            break;
        }
        for batch in open.chunks_mut(BATCH) {
            kind.send(batch).await;
        }
        let view = match seen(writer, kind, &open).await {
            Ok(view) => view,
            Err(error) => {
                let reason = words(&error);
                done.extend(open.into_iter().map(|one| (one.step, one.reply.unread(&reason))));
                return done;
            }
        };
        // Told of one of the steps: which of them is to blame, nothing tells.
        let mut besides = kind.besides(&view);
        let mut again = Vec::new();
        for one in open {
            let step = one.step;
            if kind.holds(&one.what, &view) {
                let met = kind.met(&one, &view);
                let besides = if met == Outcome::Applied { besides.take() } else { None };
                done.push((step, collateral::judged(met, kind.words(&one.what).0, besides)));
            } else {
                match kind.unmet(writer, one, attempt, &view).await {
                    Ok(outcome) => done.push((step, outcome)),
                    Err(one) => again.push(one),
                }
            }
        }
        open = again;
    }
    done
}

/// What is seen once everything shows, or nothing more is due.
async fn seen<K: Kind>(writer: &Writer, kind: &K, open: &[Open<K::What>]) -> Result<K::View, ReadError> {
    let most = || open.iter().map(|one| one.due).max().unwrap_or(Due::Nothing);
    let judge = |shown: &Result<K::View, ReadError>| match shown {
        Ok(view) => {
            let absent = open.iter().filter(|one| !kind.holds(&one.what, view));
            absent.map(|one| one.due).max().unwrap_or(Due::Nothing)
        }
        Err(error) => after_failure(error, most()),
    };
    writer.patience.look(K::FAMILY, || kind.look(), judge).await
}

/// What there is right before anything is sent.
pub(super) async fn before<T: Send + Sync, F: Future<Output = Result<T, ReadError>>>(
    writer: &Writer,
    family: Family,
    look: impl Fn() -> F,
) -> Result<T, ReadError> {
    let judge = |shown: &Result<T, ReadError>| match shown {
        Ok(_) => Due::Nothing,
        Err(error) => after_failure(error, Due::Maybe),
    };
    writer.patience.look(family, look, judge).await
}
