//! Does the reading that a plan is made of show what the last run wrote right before?

use std::time::Duration;

use crate::account::ReadError;
use crate::cli::process::context::Context;
use crate::cli::process::failure::Failure;
use crate::cli::session::carrying::Voice;
use crate::cli::session::planning::{Planned, Session};
use crate::run::Wrote;

/// How late the account may show what an apply wrote, where nobody says otherwise: `apply --read-back`.
pub(crate) const READ_BACK: Duration = Duration::from_secs(30);

/// Makes a plan of a reading that shows what the last run wrote less than `time` ago. What it does not show is not planned again as
/// long as it may only be late: the account is read again until it shows.
pub(crate) async fn plan(
    (cx, voice): (&Context, Voice),
    session: &Session,
    wrote: Option<&Wrote>,
    time: Duration,
) -> Result<Planned, Failure> {
    let age = |wrote: &Wrote| Context::clock().duration_since(wrote.last);
    let left = |wrote: &Wrote| time.saturating_sub(Duration::try_from(age(wrote)).unwrap_or_default());
    // What is from the future is no memory of anything.
    let recent = wrote.filter(|wrote| age(wrote).is_positive() && !left(wrote).is_zero());
    let Some(wrote) = recent else { return session.plan().await };
    let mut polling = session.target.connection.pace().poll(left(wrote));
    let mut told = voice == Voice::Silent;
    loop {
        let planned = session.plan().await;
        let again = match &planned {
            Ok(planned) => wrote.planned_again(&planned.plan),
            // Copies that are behind contradict each other.
            Err(failure) => {
                usize::from(failure.error.downcast_ref::<ReadError>().is_some_and(ReadError::may_pass))
            }
        };
        if again == 0 {
            return planned;
        }
        let run = wrote.run.strftime("%FT%TZ");
        if !told {
            told = true;
            cx.say(&format!(
                "the account does not show yet all that the apply of {run} wrote: it is read again until it does, for {} s at most",
                left(wrote).as_secs() + 1
            ));
        }
        if polling.tick().await.is_none() {
            if planned.is_ok() && voice == Voice::Aloud {
                cx.say(&format!(
                    "the account still does not show {again} of the steps that the apply of {run} did: they are planned again, as \
                     somebody else may have changed the account since"
                ));
            }
            return planned;
        }
    }
}
