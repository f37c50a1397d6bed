//! Why is a plan not carried out, what became of the account, and what is to be done? Said last, and on stderr: the plan above
//! it may be long.

use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::plan::Plan;
use crate::render;

/// A plan that nothing or nobody lets through.
#[derive(Debug, thiserror::Error)]
#[error("nothing was written: the plan is blocked by {0}")]
struct Blocked(String);

/// The refusal of a plan with blockers, or with violations that nobody approved.
pub(crate) fn blocked(plan: &Plan) -> Failure {
    refused(plan, "apply")
}

/// The same where files are not made of it.
pub(crate) fn unexported(plan: &Plan) -> Failure {
    refused(plan, "export")
}

fn refused(plan: &Plan, command: &str) -> Failure {
    let by = render::blocked_by(plan).unwrap_or_default();
    let failure = Failure::new(Exit::Blocked, Blocked(by));
    if !plan.blockers.is_empty() {
        return failure
            .hint(format!("settle every blocker by a way out that is shown with it, and {command} again"));
    }
    failure.hint(format!(
        "have somebody review the plan, then {command} with --approve {}; or change the manifests",
        plan.digest
    ))
}
