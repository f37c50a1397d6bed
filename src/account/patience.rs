//! How long is a write looked for? The reads of an account may come from a copy, and show its writes later.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use crate::account::error::ReadError;
use crate::account::sent::{Refusal, Reply};
use crate::http::{Pace, StatusCode};
use crate::model::{Family, Outcome};

/// The first wait between two looks where nothing was learnt yet; the others double.
const FIRST: Duration = Duration::from_millis(100);
/// No wait between two looks is longer.
const LONGEST: Duration = Duration::from_secs(5);
/// How long a reading that can't be proved is tried again where nothing says that a write has to show.
const UNREAD: Duration = Duration::from_secs(1);

/// What a look says of a write that it does not show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::account) enum Due {
    /// It shows, or something else does that is no older than the write: waiting tells no more.
    Nothing,
    /// It may be late, or never have been carried out: waited for as long as this account was seen to be late, twice over.
    Maybe,
    /// Nothing can be told from the look: it is taken once more.
    Unread,
    /// It was carried out, and what is shown is older: waited for to the end.
    Surely,
}

/// Looks again at what may only be late, and learns how late.
#[derive(Debug)]
pub(in crate::account) struct Patience {
    limit: Duration,
    pace: Pace,
    late: Mutex<BTreeMap<Family, Late>>,
    hurried: watch::Sender<bool>,
}

/// How late a family was.
#[derive(Debug, Clone, Copy, Default)]
struct Late {
    /// When a write is to be expected: an eighth earlier than the last late one, so that the estimate comes down again.
    expected: Duration,
    longest: Duration,
}

impl Patience {
    /// One that looks for so long at most, whatever the pace.
    pub(in crate::account) fn new(limit: Duration, pace: Pace) -> Self {
        Self { limit, pace, late: Mutex::default(), hurried: watch::Sender::new(false) }
    }

    /// Looks at once, and again as long as something is due.
    pub(in crate::account) async fn look<T, F: Future<Output = T>>(
        &self,
        family: Family,
        look: impl Fn() -> F,
        due: impl Fn(&T) -> Due,
    ) -> T {
        let begun = Instant::now();
        let mut hurried = self.hurried.subscribe();
        let mut shown = look().await;
        let mut delay: Option<Duration> = None;
        loop {
            let time = match due(&shown) {
                Due::Nothing => {
                    if delay.is_some() {
                        self.learn(family, begun.elapsed());
                    }
                    return shown;
                }
                Due::Maybe => self.twice_as_late(family),
                Due::Unread => self.twice_as_late(family).max(UNREAD),
                Due::Surely => self.limit,
            };
            let left = time.min(self.limit).saturating_sub(begun.elapsed());
            if left.is_zero() {
                return shown;
            }
            let next = match delay {
                None => self.first(family, begun.elapsed()),
                Some(delay) => (delay * 2).min(self.pace.span(LONGEST)),
            };
            delay = Some(next);
            let is_over = tokio::select! {
                biased;
                over = hurried.wait_for(|hurried| *hurried) => over.is_ok(),
                () = tokio::time::sleep(next.min(left)) => false,
            };
            shown = look().await;
            if is_over {
                return shown;
            }
        }
    }

    /// Waits for nothing any more: whatever is due is looked at once more.
    pub(in crate::account) fn hurry(&self) {
        self.hurried.send_replace(true);
    }

    /// Whether nothing is waited for any more.
    pub(in crate::account) fn is_hurried(&self) -> bool {
        *self.hurried.borrow()
    }

    /// What became of a write of which there is nothing to be seen, however long it was looked for.
    pub(in crate::account) fn unseen(
        &self,
        reply: Reply,
        asked: impl Into<String>,
        shown: impl Into<String>,
    ) -> Outcome {
        let (asked, shown) = (asked.into(), shown.into());
        match reply {
            Reply::Accepted if self.is_hurried() => {
                Outcome::Unknown("accepted, and not to be seen when the run was stopped".to_owned())
            }
            Reply::Accepted if self.limit > Duration::ZERO => {
                let time = self.limit.as_secs_f64();
                Outcome::Mismatched { asked, answered: format!("{shown}, as before, after {time} s") }
            }
            reply => reply.unmet(asked, shown),
        }
    }

    /// How late each family was at most, where it was.
    pub(in crate::account) fn longest(&self) -> Vec<(Family, Duration)> {
        self.late().iter().map(|(family, late)| (*family, late.longest)).collect()
    }

    fn late(&self) -> MutexGuard<'_, BTreeMap<Family, Late>> {
        self.late.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn twice_as_late(&self, family: Family) -> Duration {
        self.late().get(&family).map_or(Duration::ZERO, |late| late.longest * 2)
    }

    /// How long to wait after the first look: until the write is to be expected.
    fn first(&self, family: Family, passed: Duration) -> Duration {
        let expected = self.late().get(&family).map_or(Duration::ZERO, |late| late.expected);
        expected.saturating_sub(passed).max(self.pace.span(FIRST))
    }

    fn learn(&self, family: Family, late: Duration) {
        let mut all = self.late();
        let known = all.entry(family).or_default();
        known.expected = late * 7 / 8;
        known.longest = known.longest.max(late);
    }
}

/// What is due after a look that failed, where `due` is what is due of the write: a copy that is behind contradicts itself, and does
/// not know what was just made.
pub(in crate::account) fn after_failure(error: &ReadError, due: Due) -> Due {
    let passes = match error {
        ReadError::Unproved(unproved) => unproved.may_pass(),
        ReadError::Http(error) => {
            matches!(error.status(), Some(StatusCode::NOT_FOUND | StatusCode::BAD_REQUEST))
        }
        _ => false,
    };
    if passes { due.max(Due::Unread) } else { Due::Nothing }
}

/// What is due of a write that is not seen, by what was said to it; `earlier` to an attempt before it.
pub(in crate::account) fn due(reply: &Reply, earlier: &Reply) -> Due {
    match (reply, earlier) {
        // What is refused after a lost answer may be refused because it was done.
        (Reply::Accepted, _) | (Reply::Refused(Refusal::Located(_)), Reply::Lost(_)) => Due::Surely,
        (Reply::Lost(_) | Reply::Refused(_), _) => Due::Maybe,
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::time::Duration;

    use tokio::time::Instant;

    use super::{Due, Patience};
    use crate::http::Pace;
    use crate::model::Family;

    const NEVER: Duration = Duration::from_hours(1);

    /// Looks at something that shows after so many milliseconds; how many looks that took, and whether it was seen.
    async fn looks(patience: &Patience, shows_after: Duration, due: Due) -> (usize, bool) {
        let (begun, looks) = (Instant::now(), Cell::new(0));
        let look = || {
            looks.set(looks.get() + 1);
            async { begun.elapsed() >= shows_after }
        };
        let judge = |shown: &bool| if *shown { Due::Nothing } else { due };
        let shown = patience.look(Family::Identity, look, judge).await;
        (looks.get(), shown)
    }

    fn patience(limit: Duration) -> Patience {
        Patience::new(limit, Pace::real().scaled(0.1))
    }

    #[tokio::test]
    async fn what_is_surely_due_is_looked_at_in_ever_longer_intervals_until_the_time_is_up() {
        let patience = patience(Duration::from_millis(500));
        assert_eq!(looks(&patience, Duration::ZERO, Due::Surely).await, (1, true));
        assert_eq!(patience.longest(), [], "what shows at once was not late");
        let begun = Instant::now();
        let (count, shown) = looks(&patience, NEVER, Due::Surely).await;
        assert!(!shown && (2..=8).contains(&count), "{count} looks: at 0, 10, 30, 70, 150, 310 and 500 ms");
        assert!(begun.elapsed() >= Duration::from_millis(500));
        assert_eq!(patience.longest(), [], "what never shows is not late");
    }

    #[tokio::test]
    async fn waits_start_from_what_was_learnt() {
        let patience = patience(Duration::from_secs(30));
        let late = Duration::from_millis(300);
        let (first, shown) = looks(&patience, late, Due::Surely).await;
        assert!(shown && first > 2, "{first} looks");
        let (second, shown) = looks(&patience, late, Due::Surely).await;
        assert!(shown && second <= 3, "{second} looks: at once, and when it is to be expected");
        assert!(patience.longest().iter().all(|(family, long)| *family == Family::Identity && *long >= late));
    }

    #[tokio::test]
    async fn what_may_never_have_been_done_is_waited_for_as_long_as_the_account_was_late() {
        let patience = patience(Duration::from_secs(30));
        assert_eq!(looks(&patience, NEVER, Due::Maybe).await, (1, false), "the account was never late");
        looks(&patience, Duration::from_millis(100), Due::Surely).await;
        let begun = Instant::now();
        assert!(!looks(&patience, NEVER, Due::Maybe).await.1);
        assert!(begun.elapsed() >= Duration::from_millis(200) && begun.elapsed() < Duration::from_secs(20));
    }

    #[tokio::test]
    async fn a_run_that_is_told_to_end_looks_once_more_and_waits_no_longer() {
        let patience = patience(NEVER);
        let told = async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            patience.hurry();
        };
        let ((_, shown), ()) = tokio::join!(looks(&patience, NEVER, Due::Surely), told);
        assert!(!shown && patience.is_hurried());
        assert_eq!(looks(&patience, NEVER, Due::Surely).await, (2, false));
    }
}
