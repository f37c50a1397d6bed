//! Which plans does the command line let through?

use std::fs;
use std::path::Path;

use crate::account::activtrak::reaches;
use crate::apply::{Expected, Fit, fit};
use crate::cli::args::Apply;
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::{Failure, FileError};
use crate::cli::output;
use crate::cli::run_folder::RunFolder;
use crate::cli::shown::Manner;
use crate::model::{Access, Policy, Reach, Topic, unhex};
use crate::plan::{Digest, Plan, digest};
use crate::render::difference::difference;
use crate::render::json::{self, SavedPlan, Unreadable};

/// `--expect` and `--approve`.
#[derive(Debug)]
pub(crate) struct Expectations {
    /// Any of these, those approved among them; none lets every plan through.
    expected: Vec<Reviewed>,
    /// These through their violations too.
    approved: Option<Reviewed>,
}

/// A plan that somebody reviewed.
#[derive(Debug)]
struct Reviewed {
    expected: Expected,
    /// All that was saved of it, where it was.
    saved: Option<SavedPlan>,
}

/// An expectation that says no plan.
#[derive(Debug, thiserror::Error)]
enum Unclear {
    #[error("`{0}` is neither a digest (64 hexadecimal digits) nor a file")]
    Neither(String),
    #[error("{path} is not usable as an expectation")]
    Unusable { path: String, source: Unreadable },
}

/// Another plan than any that was expected.
#[derive(Debug, thiserror::Error)]
#[error("not the plan that was expected: this one is {now}, and it is not what is left of {expected}")]
struct Stale {
    now: Digest,
    expected: String,
}

impl Expectations {
    /// Reads what the command line says, and the saved plans it means.
    pub(crate) fn read(args: &Apply) -> Result<Self, Failure> {
        let runs = RunFolder::of(&args.manifests.path);
        let expected =
            args.expect.iter().map(|text| Reviewed::read(text, &runs)).collect::<Result<_, _>>()?;
        let approved = args.approve.as_deref().map(|text| Reviewed::read(text, &runs)).transpose()?;
        Ok(Self { expected, approved })
    }

    /// Refuses a plan, made under `policy`, that is none of those expected, with what is different about it.
    pub(crate) fn check(
        &self,
        cx: &Context,
        policy: &Policy,
        plan: &Plan,
        manner: &Manner<'_>,
    ) -> Result<(), Failure> {
        let all: Vec<&Reviewed> = self.expected.iter().chain(&self.approved).collect();
        if all.is_empty() || all.iter().any(|one| one.fits(policy, plan)) {
            return Ok(());
        }
        for saved in all.iter().filter_map(|one| one.saved.as_ref()) {
            let facts = output::bytes(|out| difference(out, saved, plan, &manner.view, manner.paper))?;
            cx.say(String::from_utf8_lossy(&facts).trim_end());
        }
        let expected: Vec<String> = all.iter().map(|one| one.expected.digest.to_string()).collect();
        let stale = Stale { now: plan.digest, expected: expected.join(" or ") };
        let failure = Failure::new(Exit::Stale, stale);
        let Some(other) = all.iter().find_map(|one| one.by_other_keys(policy, plan)) else {
            return Err(failure.hint("review the plan as it is now"));
        };
        cx.say(&differing_keys(&plan.reach, &other));
        Err(failure.hint("run with the keys that it was reviewed with, or review the plan as it is now"))
    }

    /// Whether a plan, made under `policy`, may be carried out: nothing blocks it, and its violations were approved.
    pub(crate) fn let_through(&self, policy: &Policy, plan: &Plan) -> bool {
        let approved = || self.approved.as_ref().is_some_and(|approved| approved.fits(policy, plan));
        plan.blockers.is_empty() && (plan.violations.is_empty() || approved())
    }
}

impl Reviewed {
    fn read(text: &str, runs: &RunFolder) -> Result<Self, Failure> {
        if let Some(digest) = unhex(text).map(Digest) {
            // What is not kept here, or can't be read, is only a digest.
            let kept = fs::read(runs.plan(&digest.to_string())).ok();
            let saved = kept.and_then(|bytes| json::read(&bytes).ok()).filter(|saved| saved.digest == digest);
            return Ok(Self::new(digest, saved));
        }
        let path = Path::new(text);
        if !path.exists() {
            return Err(Failure::usage(Unclear::Neither(text.to_owned()))
                .hint("the digest is the last line of a plan, and `digest` in its JSON"));
        }
        let bytes = fs::read(path).map_err(|source| FileError::new(path, "read", source))?;
        let unusable = |source| Failure::error(Unclear::Unusable { path: text.to_owned(), source });
        let saved = json::read(&bytes).map_err(unusable)?;
        Ok(Self::new(saved.digest, Some(saved)))
    }

    fn new(digest: Digest, saved: Option<SavedPlan>) -> Self {
        let fingerprints = saved.as_ref().map(|saved| saved.fingerprints.clone());
        Self { expected: Expected { digest, fingerprints }, saved }
    }

    fn fits(&self, policy: &Policy, plan: &Plan) -> bool {
        // That nothing is left to do counts only for keys that would see it.
        fit(plan, policy, &self.expected) != Fit::Other && self.by_other_keys(policy, plan).is_none()
    }

    /// What the keys opened that it was made with, if those were others than now, and the policy was this one.
    fn by_other_keys(&self, policy: &Policy, plan: &Plan) -> Option<Reach> {
        let known = self.expected.fingerprints.as_ref()?;
        let made_it = |reach: &Reach| digest(policy, reach, known) == self.expected.digest;
        reaches().into_iter().find(|reach| *reach != plan.reach && made_it(reach))
    }
}

/// What one set of keys opens and the other does not.
fn differing_keys(now: &Reach, then: &Reach) -> String {
    let more = |one: &Reach, other: &Reach| {
        let rank = |reach: &Reach, topic| match reach.of(topic) {
            Access::Written => 0,
            Access::Shown(_) => 1,
            Access::Hidden(_) => 2,
        };
        let topics = Topic::ALL.into_iter().filter(|topic| rank(one, *topic) < rank(other, *topic));
        topics.map(Topic::subject).collect::<Vec<_>>().join(", ")
    };
    let sentence = |who: &str, opened: &str, which: &str, topics: String| {
        (!topics.is_empty()).then(|| format!("{who} {opened} more of {topics} than {which}"))
    };
    let lost = sentence("those of the expected plan", "opened", "these", more(then, now));
    let won = sentence("these", "open", "those of the expected plan", more(now, then));
    let said: Vec<String> = lost.into_iter().chain(won).collect();
    format!("the keys are others: {}", said.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::sample;
    use crate::model::{Origin, Phrase};
    use crate::plan::{Blocker, BlockerCode, LimitKind, Violation, ViolationKind};

    fn approving(digest: Option<Digest>) -> Expectations {
        Expectations { expected: Vec::new(), approved: digest.map(|digest| Reviewed::new(digest, None)) }
    }

    fn violating() -> Plan {
        let kind = ViolationKind::Limit { limit: LimitKind::Untrack, of: None, planned: 1, allowed: 0 };
        Plan { violations: vec![Violation { kind, origin: Origin::NONE }], ..sample::plan() }
    }

    #[test]
    fn a_plan_without_violations_needs_no_approval() {
        assert!(approving(None).let_through(&Policy::default(), &sample::plan()));
    }

    #[test]
    fn violations_need_an_approval_of_that_very_plan() {
        let (policy, plan) = (Policy::default(), violating());
        assert!(approving(Some(plan.digest)).let_through(&policy, &plan));
        assert!(!approving(None).let_through(&policy, &plan));
        assert!(!approving(Some(Digest([9; 32]))).let_through(&policy, &plan));
    }

    #[test]
    fn no_approval_lets_a_blocked_plan_through() {
        let blocker = Blocker {
            origin: Origin::NONE,
            code: BlockerCode::UnknownReference,
            message: Phrase::default(),
            candidates: Vec::new(),
            ways_out: Vec::new(),
        };
        let plan = Plan { blockers: vec![blocker], ..sample::plan() };
        assert!(!approving(Some(plan.digest)).let_through(&Policy::default(), &plan));
    }
}
