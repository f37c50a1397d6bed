//! Did somebody who saw the plan say yes, and was it still true then?

use std::time::{Duration, Instant};

use crate::cli::context::{Context, ask};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;

/// A plan that was looked at for longer is made again.
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

/// Asks whether to go on, and waits for the answer.
pub(crate) async fn confirm(account: &str) -> Result<Yes, Failure> {
    let asked = (Instant::now(), Context::clock());
    let question = format!("\nApply this to {account}? Type yes to go on: ");
    let answer = tokio::task::spawn_blocking(move || ask(&question)).await;
    let answer = answer.map_err(Failure::error)?.map_err(Failure::error)?;
    if answer != "yes" {
        return Err(Failure::new(Exit::Declined, Declined));
    }
    // One clock stands still while a laptop sleeps, the other may be set.
    let slept = Duration::try_from(Context::clock().duration_since(asked.1)).unwrap_or_default();
    Ok(worth(asked.0.elapsed().max(slept)))
}

fn worth(open: Duration) -> Yes {
    if open > FRESH { Yes::Old } else { Yes::Fresh }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_yes_after_a_minute_is_old() {
        assert_eq!(worth(Duration::from_mins(1)), Yes::Fresh);
        assert_eq!(worth(Duration::from_secs(61)), Yes::Old);
    }
}
