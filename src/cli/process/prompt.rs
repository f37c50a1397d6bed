//! Did somebody who saw the plan say yes, and was it still true then?

use std::time::{Duration, Instant};

use crate::cli::process::context::Context;
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::http::Pace;
use crate::plan::{Digest, Plan};
use crate::render::{self, visible};

/// A plan that was looked at for longer is made again; on this machine, where nothing takes long, sooner.
const FRESH: Duration = Duration::from_mins(1);

/// What a yes is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Yes {
    /// The plan was made a moment ago.
    Fresh,
    /// The question was open so long that the account may have changed.
    Old,
}

/// Anything but a yes.
#[derive(Debug, thiserror::Error)]
#[error("declined: nothing was written")]
struct Declined;

/// What a yes to a plan does not cover.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Changed {
    /// Other facts.
    #[error("nothing was written: the account changed while the question was open, and the plan is now {0}")]
    Plan(Digest),
    /// The same facts, and another file to upload.
    #[error(
        "nothing was written: the account changed while the question was open, and the HR snapshot would be another file than was shown"
    )]
    Snapshot,
}

impl From<Changed> for Failure {
    fn from(changed: Changed) -> Self {
        Self::new(Exit::Stale, changed).hint("run apply again and review the plan")
    }
}

/// Compares a plan that was said yes to with the one that is made `now`: the facts, and the bytes of the snapshot.
pub(crate) fn still(shown: &Plan, now: &Plan) -> Result<(), Changed> {
    let file = |plan: &Plan| plan.snapshot.as_ref().map(|planned| planned.snapshot.sha256);
    if now.digest != shown.digest {
        Err(Changed::Plan(now.digest))
    } else if file(now) != file(shown) {
        Err(Changed::Snapshot)
    } else {
        Ok(())
    }
}

/// Asks whether to go on, with what is asked for in numbers, and waits for the answer.
pub(crate) async fn confirm(plan: &Plan, pace: Pace) -> Result<Yes, Failure> {
    let asked = (Instant::now(), Context::clock());
    let parts = render::asked(plan).join("\n  ");
    let account = visible(&plan.account);
    let question = format!("\nApply this to {account}?\n  {parts}\nType yes to go on: ");
    let answer = tokio::task::spawn_blocking(move || Context::ask(&question)).await;
    let answer = answer.map_err(Failure::error)?.map_err(Failure::error)?;
    if answer != "yes" {
        return Err(Failure::new(Exit::Declined, Declined));
    }
    // One clock stands still while a laptop sleeps, the other may be set.
    let slept = Duration::try_from(Context::clock().duration_since(asked.1)).unwrap_or_default();
    Ok(worth(asked.0.elapsed().max(slept), pace))
}

fn worth(open: Duration, pace: Pace) -> Yes {
    if open > pace.span(FRESH) { Yes::Old } else { Yes::Fresh }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::Snapshot;
    use crate::plan::PlannedSnapshot;
    use crate::run::sample;

    fn uploading(sha256: [u8; 32]) -> Plan {
        let snapshot = Snapshot { csv: Arc::default(), sha256, before: Vec::new(), after: Vec::new() };
        let planned = PlannedSnapshot { snapshot: Arc::new(snapshot), groups: Vec::new() };
        Plan { snapshot: Some(planned), ..sample::plan() }
    }

    #[test]
    fn a_yes_covers_the_plan_that_was_shown_and_the_bytes_of_its_snapshot() {
        let plan = sample::plan();
        assert_eq!(still(&plan, &plan), Ok(()));
        assert_eq!(still(&uploading([1; 32]), &uploading([1; 32])), Ok(()));
        assert_eq!(still(&uploading([1; 32]), &uploading([2; 32])), Err(Changed::Snapshot));
        assert_eq!(still(&plan, &uploading([1; 32])), Err(Changed::Snapshot));
        let other = Digest([2; 32]);
        assert_eq!(still(&plan, &Plan { digest: other, ..plan.clone() }), Err(Changed::Plan(other)));
    }

    #[test]
    fn a_yes_after_a_minute_is_old() {
        assert_eq!(worth(Duration::from_mins(1), Pace::real()), Yes::Fresh);
        assert_eq!(worth(Duration::from_secs(61), Pace::real()), Yes::Old);
    }
}
