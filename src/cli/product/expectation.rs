//! How is it said that a plan is not the one that was expected?

use std::path::Path;

use crate::cli::args::Apply;
use crate::cli::process::context::Context;
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::cli::product::display::DisplayOptions;
use crate::cli::product::output;
use crate::plan::{Digest, Plan};
use crate::render::difference::difference;
use crate::run::{Asked, Expectations, Stale, Unclear, Unexpected, Verdict};

/// Another plan than any that was expected.
#[derive(Debug, thiserror::Error)]
#[error(
    "nothing was written: not the plan that was expected: this one is {now}, and it is not what is left of {expected}"
)]
struct Other {
    now: Digest,
    expected: String,
}

/// A file that is not as it was written.
#[derive(Debug, thiserror::Error)]
#[error("nothing was written: {0}")]
struct Altered(String);

/// Reads `--plan`, `--expect` and `--approve`, and the saved plans that they mean.
pub(crate) fn read(args: &Apply) -> Result<Expectations, Failure> {
    let asked = Asked { plan: args.plan.as_deref(), expect: &args.expect, approve: args.approve.as_deref() };
    Ok(Expectations::read(asked, &args.question.manifests.path)?)
}

/// Reads what a rehearsal is told to approve.
pub(crate) fn approved(approve: Option<&str>, manifests: &Path) -> Result<Expectations, Failure> {
    Ok(Expectations::read(Asked { plan: None, expect: &[], approve }, manifests)?)
}

impl From<Unexpected> for Failure {
    fn from(unexpected: Unexpected) -> Self {
        match unexpected {
            Unexpected::TwoPlans(two) => Self::usage(two).hint("approve the plan of that file"),
            Unexpected::Unclear(Unclear::File(error)) => error.into(),
            Unexpected::Unclear(Unclear::Digest(error)) => {
                Self::from(error).hint("this is a digest: give it by `--expect`")
            }
            Unexpected::Unclear(neither @ Unclear::Neither(_)) => {
                Self::usage(neither).hint("the digest is the last line of a plan, and `digest` in its JSON")
            }
            Unexpected::Unclear(unusable @ Unclear::Unusable { .. }) => Self::error(unusable),
        }
    }
}

/// Refuses a plan that is not covered by those expected, with what is different about it.
pub(crate) fn check(
    cx: &Context,
    verdict: Verdict<'_>,
    plan: &Plan,
    manner: &DisplayOptions<'_>,
) -> Result<(), Failure> {
    match verdict {
        Verdict::Expected => Ok(()),
        Verdict::Altered(why, hint) => Err(Failure::new(Exit::Stale, Altered(why)).hint(hint)),
        Verdict::Stale(stale) => Err(refused(cx, stale, plan, manner)?),
    }
}

/// Says why a plan is none of those expected.
fn refused(
    cx: &Context,
    stale: Stale<'_>,
    plan: &Plan,
    manner: &DisplayOptions<'_>,
) -> Result<Failure, Failure> {
    let Stale { saved, moved, is_in_them_together, shortfalls, digests } = stale;
    if !saved.is_empty() {
        let facts = output::bytes(|out| difference(out, &saved, plan, &manner.view, manner.layout))?;
        cx.show(&facts);
    }
    if !moved.is_empty() {
        let names: Vec<String> = moved.iter().map(ToString::to_string).collect();
        cx.say(&format!(
            "HR groups whose members are others than the review found or leaves there: {}",
            names.join(", ")
        ));
    }
    let mut hints = Vec::new();
    if is_in_them_together {
        hints.push("all of it is in them together, and an approval is of one whole plan: name each with --expect, or approve this plan");
    }
    for (why, hint) in shortfalls {
        cx.say(&why);
        hints.push(hint);
    }
    let digests: Vec<String> = digests.iter().map(ToString::to_string).collect();
    let failure = Failure::new(Exit::Stale, Other { now: plan.digest, expected: digests.join(" and ") });
    hints.dedup();
    if hints.is_empty() {
        hints.push("review the plan as it is now");
    }
    Ok(hints.into_iter().fold(failure, Failure::hint))
}
