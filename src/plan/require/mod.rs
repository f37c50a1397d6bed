//! Do the rules of `policy.require` hold: of an account as it is, and of one as it would be after a plan?

mod judge;
pub(super) mod offline;
pub(super) mod outcome;
mod state;

use crate::model::{Located, Origin, Phrase, Requirement};
use crate::phrase;
use crate::plan::blocker::{Blocker, BlockerCode};
use crate::plan::context::Context;
use crate::plan::findings::Findings;
use crate::plan::people::People;
use crate::plan::require::judge::judge;
use crate::plan::require::outcome::{Judged, Side};
use crate::plan::require::state::State;
use crate::plan::schedule::Schedule;

/// Judges the account as it would be after a plan: by these requirements, and by those of the base that are none of these.
pub(super) fn held(
    people: &People<'_>,
    context: &Context<'_>,
    schedule: &Schedule,
) -> (Vec<Judged>, Findings) {
    let base = context.base;
    let head = &people.desired.policy.require;
    let old = base.into_iter().flat_map(|base| &base.policy.require);
    let old: Vec<&Located<Requirement>> = old.filter(|it| !head.contains(it)).collect();
    let mut findings = Findings::default();
    if head.is_empty() && old.is_empty() {
        return (Vec::new(), findings);
    }
    let state = State::after(people, schedule, context.now);
    let head: Vec<&Located<Requirement>> = head.iter().collect();
    let mut judged = judge(people, &state, (Side::Head, &head), &mut findings);
    // What the base asks for stands in no manifest that is shown.
    judged.extend(judge(people, &state, (Side::Base, &old), &mut Findings::default()));
    (judged, findings)
}

/// Judges the account as it is.
pub(super) fn standing(people: &People<'_>) -> Vec<Judged> {
    let head: Vec<&Located<Requirement>> = people.desired.policy.require.iter().collect();
    judge(people, &State::now(people), (Side::Head, &head), &mut Findings::default())
}

/// Judges an account whose users are not read: nobody can tell.
pub(super) fn unread(people: &People<'_>) -> Vec<Judged> {
    let unread = |it: &Located<Requirement>| Judged {
        doubt: Some(Phrase::words("users are not read")),
        ..Judged::begun(it, Side::Head)
    };
    people.desired.policy.require.iter().map(unread).collect()
}

/// What a plan says of it. Where something else blocks it, nobody knows yet what the account would be.
pub(super) fn said(judged: &[Judged], noted: Findings, blockers: &[Blocker]) -> Findings {
    let mut findings = noted;
    let broken: Vec<&Judged> = judged.iter().filter(|it| !it.holds()).collect();
    if blockers.is_empty() {
        findings.blockers.extend(broken.into_iter().map(blocker));
    } else if !broken.is_empty() {
        let words =
            "whether what `policy.require` asks for would hold is judged once nothing else blocks the plan";
        findings.notice(Origin::NONE, Phrase::words(words));
    }
    findings
}

fn blocker(judged: &Judged) -> Blocker {
    let of = match judged.side {
        Side::Head => "",
        Side::Base => " of the base branch",
    };
    let name = format!("the requirement `{}`{of}", judged.name);
    if let Some(doubt) = &judged.doubt {
        let message = phrase![format!("whether {name} would hold can't be told: ")].joined(doubt.clone());
        return Blocker::new(judged.origin, BlockerCode::RequirementUnclear, message)
            .way_out("correct it, or plan with keys that show what it looks at");
    }
    let (count, all) = (judged.breaches.len(), judged.asked);
    let noun = judged.counts.word(all);
    let verb = if count == 1 { "breaks" } else { "break" };
    let message = phrase![format!("{name} would not hold: {count} of {all} {noun} {verb} it")];
    let who = judged.breaches.iter().map(|it| phrase![it.who.clone(), ": "].joined(it.why.clone()));
    let blocker = Blocker::new(judged.origin, BlockerCode::RequirementBroken, message).between(who);
    match judged.side {
        Side::Head => blocker
            .way_out("change what makes them break it")
            .way_out("or change the requirement first, in a change of its own"),
        Side::Base => blocker
            .way_out("change what makes them break it")
            .way_out("or change the requirement alone, and the rest once that is merged"),
    }
}
