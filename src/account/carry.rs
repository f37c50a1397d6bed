//! Several things of one kind: sent in batches, looked for together, and each judged by what the look shows.

use std::future::Future;

use crate::account::error::ReadError;
use crate::account::pack::BATCH;
use crate::account::patience::{Due, Patience, after_failure, due};
use crate::account::sent::{Refusal, Reply, words};
use crate::model::{Family, Outcome, Step, StepId};

/// How often a write is sent before it is given up.
pub(in crate::account) const ATTEMPTS: u8 = 3;

/// A step that is not settled yet.
#[derive(Debug)]
pub(in crate::account) struct Open<T> {
    pub(in crate::account) step: StepId,
    /// What it is about.
    pub(in crate::account) what: T,
    /// What was said to it last.
    pub(in crate::account) reply: Reply,
    /// What is due as long as a look does not show it.
    due: Due,
}

/// What is written and how it is seen.
pub(in crate::account) trait Kind: Sync {
    /// What one step is about.
    type What: Send + Sync;
    /// What one look shows.
    type View: Send + Sync;
    /// Whose look it is.
    const FAMILY: Family;

    /// How long is looked for what was written.
    fn patience(&self) -> &Patience;

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
        one: Open<Self::What>,
        attempt: u8,
        _view: &Self::View,
    ) -> impl Future<Output = Result<Outcome, Open<Self::What>>> + Send {
        async move {
            if attempt < ATTEMPTS && matches!(one.reply, Reply::Lost(_)) {
                return Err(one);
            }
            let (asked, shown) = self.words(&one.what);
            Ok(self.patience().unseen(one.reply, asked, shown))
        }
    }
}

impl<T> Open<T> {
    pub(in crate::account) const fn new(step: StepId, what: T) -> Self {
        Self { step, what, reply: Reply::Accepted, due: Due::Surely }
    }

    /// Takes what was said to the whole request, or to this step alone.
    pub(in crate::account) fn hears(&mut self, whole: Reply, alone: Option<String>) {
        let is_alone = alone.is_some();
        let said = alone.map_or(whole, |reason| Reply::Refused(Refusal::Located(reason)));
        self.due = due(&said, &self.reply);
        self.reply = if is_alone { said } else { said.after(&self.reply) };
    }
}

/// Sends what is open until each is settled.
pub(in crate::account) async fn carry_out<K: Kind>(
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
        let view = match seen(kind, &open).await {
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
                done.push((step, judged(met, kind.words(&one.what).0, besides)));
            } else {
                match kind.unmet(one, attempt, &view).await {
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
async fn seen<K: Kind>(kind: &K, open: &[Open<K::What>]) -> Result<K::View, ReadError> {
    let most = || open.iter().map(|one| one.due).max().unwrap_or(Due::Nothing);
    let judge = |shown: &Result<K::View, ReadError>| match shown {
        Ok(view) => {
            let absent = open.iter().filter(|one| !kind.holds(&one.what, view));
            absent.map(|one| one.due).max().unwrap_or(Due::Nothing)
        }
        Err(error) => after_failure(error, most()),
    };
    kind.patience().look(K::FAMILY, || kind.look(), judge).await
}

/// What there is right before anything is sent.
pub(in crate::account) async fn before<T: Send + Sync, F: Future<Output = Result<T, ReadError>>>(
    patience: &Patience,
    family: Family,
    look: impl Fn() -> F,
) -> Result<T, ReadError> {
    let judge = |shown: &Result<T, ReadError>| match shown {
        Ok(_) => Due::Nothing,
        Err(error) => after_failure(error, Due::Maybe),
    };
    patience.look(family, look, judge).await
}

/// The outcome of a step that is done, with what was done besides.
pub(in crate::account) fn judged(met: Outcome, asked: impl Into<String>, besides: Option<String>) -> Outcome {
    match (met, besides) {
        (Outcome::Applied, Some(besides)) => Outcome::Overdone { asked: asked.into(), besides },
        (met, _) => met,
    }
}

/// The same outcome for every step.
pub(in crate::account) fn all(steps: &[Step], outcome: impl Fn() -> Outcome) -> Vec<(StepId, Outcome)> {
    steps.iter().map(|step| (step.id, outcome())).collect()
}
