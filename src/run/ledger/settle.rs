//! What became of the steps whose outcome an earlier run did not live to see?
//!
//! The plan that was made just now tells, as it was made of the account: a step that it holds too did not take effect; one that
//! it does not hold did, if it wants the same as the plan of that run, nothing blocks it, and users are read. Of all others it
//! can't be told, and is not.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::apply::{DELETE, REMOVE, Trace, UNBLOCK, UPLOAD, trace};
use crate::model::{GroupId, Observed, UserId};
use crate::plan::{Digest, Plan};
use crate::run::ledger::line::{Line, Step};
use crate::run::ledger::past::Past;

/// What was found about an earlier run.
#[derive(Debug)]
pub(super) struct Found {
    /// In a sentence.
    pub(super) sentence: String,
    /// For its ledger.
    pub(super) line: Line,
}

/// Steps by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Tally {
    took_effect: usize,
    still_planned: usize,
    untold: usize,
}

/// What there is now.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Now<'a> {
    /// The plan that was made just now.
    pub(crate) plan: &'a Plan,
    /// The reading it was made of.
    pub(crate) observed: &'a Observed,
    /// What it wants.
    pub(crate) wants: Digest,
    /// Whether the account may still be processing an upload.
    pub(crate) processing: bool,
}

/// Looks for what an earlier run left unknown.
pub(super) fn settle(past: &Past, now: Now<'_>, at: Timestamp) -> Found {
    let Now { plan, observed, wants, processing } = now;
    let tells = past.run.wants == wants.to_string() && plan.blockers.is_empty() && !plan.is_blind();
    let planned: BTreeMap<(String, Vec<String>), Option<String>> = plan
        .steps()
        .map(|step| {
            let Trace { act, of, values, makes: _ } = trace(plan, step);
            ((act, of), values)
        })
        .collect();
    let objects: BTreeSet<&String> = planned.keys().flat_map(|(_, of)| of).collect();
    let mut tally = Tally::default();
    for Step { act, of, values, .. } in past.unknown() {
        match planned.get(&(act.clone(), of.clone())) {
            _ if processing && act == UPLOAD => tally.untold += 1,
            Some(now) if now == values => tally.still_planned += 1,
            // Some of its rules may be gone, and the others are.
            None if act == UNBLOCK && of.iter().any(|rule| objects.contains(rule)) => tally.untold += 1,
            None if tells && of.iter().all(|object| shows(object, act, observed)) => {
                tally.took_effect += 1;
            }
            // Other values of the same object: a second step of the same plan, or a record that others changed.
            Some(_) | None => tally.untold += 1,
        }
    }
    let Tally { took_effect, still_planned, untold } = tally;
    let line = Line::Found { at, took_effect, still_planned, untold };
    Found { sentence: sentence(past, tally), line }
}

/// Whether the reading bears it out that a step which is not planned any more took effect. What it was about has to be there by the
/// same number, as nothing is planned about the old number of a group that got another one; or gone, where that is what it was for.
fn shows(object: &str, act: &str, observed: &Observed) -> bool {
    let number = |kind: &str| object.strip_prefix(kind).and_then(|number| number.parse().ok());
    let there = match (number("group "), number("user ")) {
        (Some(group), _) => observed.group_ix(GroupId(group)).is_some(),
        (_, Some(user)) => observed.user_ix(UserId(user)).is_some(),
        // A rule goes by what it says, and is planned anew as long as it is not as it should be.
        (None, None) => return true,
    };
    there != [DELETE, REMOVE].contains(&act)
}

fn sentence(past: &Past, tally: Tally) -> String {
    let Past { run, .. } = past;
    let host = run.host.as_ref().map_or_else(String::new, |host| format!(" on {host}"));
    let who = format!("the apply of {} (process {}{host})", run.started.strftime("%FT%TZ"), run.process);
    let ended = if past.ended.is_some() { "ended without knowing all" } else { "was ended before its end" };
    let answered = match past.known() {
        0 => "no write was answered".to_owned(),
        1 => "1 write was answered".to_owned(),
        known => format!("{known} writes were answered"),
    };
    let rest = if run.sandbox.is_some() { "; its sandbox ended with it".to_owned() } else { tally.words() };
    let torn = if past.torn.is_some() { "; the last line of its ledger was cut off" } else { "" };
    format!("{who} {ended}: {answered}{rest}{torn}")
}

impl Tally {
    fn words(self) -> String {
        const NOW: &str = "by what the account shows now";
        const UNTOLD: &str =
            "does not tell, as it wants something else, is blocked, or does not see it (yet)";
        let Self { took_effect, still_planned, untold } = self;
        match (took_effect, still_planned, untold) {
            (0, 0, 0) => ", and no other was sent".to_owned(),
            (1, 0, 0) => format!(", 1 was not; {NOW}, it took effect"),
            (0, 1, 0) => format!(", 1 was not; {NOW}, it did not take effect"),
            (0, 0, 1) => format!(", 1 was not; whether it took effect, the plan there is now {UNTOLD}"),
            (0, 0, all) => {
                format!(", {all} were not; whether they took effect, the plan there is now {UNTOLD}")
            }
            (took, still, untold) => {
                let all = took + still + untold;
                let told =
                    format!(", {all} were not; {NOW}, {took} of these took effect and {still} did not");
                if untold == 0 { told } else { format!("{told}; of {untold} the plan there is now {UNTOLD}") }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ObservedUser;

    #[test]
    fn what_is_not_there_by_its_number_tells_nothing_unless_it_was_to_go_and_what_was_to_go_has_to_be_gone() {
        let observed = |users| Observed::new(users, Vec::new(), &[], Vec::new(), Vec::new());
        let (nobody, one) = (observed(Vec::new()), observed(vec![ObservedUser::new(UserId(7))]));
        assert!(!shows("group 7", "join", &nobody) && !shows("user 7", "edit", &nobody));
        assert!(shows("group 7", "delete", &nobody) && shows("user 7", "remove", &nobody));
        assert!(shows("user 7", "edit", &one) && !shows("user 7", "remove", &one));
        assert!(shows("rule 7", "remove", &one));
    }

    #[test]
    fn what_is_found_is_said_in_words() {
        let words = |took_effect, still_planned, untold| Tally { took_effect, still_planned, untold }.words();
        assert_eq!(words(0, 0, 0), ", and no other was sent");
        assert_eq!(words(1, 0, 0), ", 1 was not; by what the account shows now, it took effect");
        assert_eq!(words(0, 1, 0), ", 1 was not; by what the account shows now, it did not take effect");
        assert_eq!(
            words(2, 0, 0),
            ", 2 were not; by what the account shows now, 2 of these took effect and 0 did not"
        );
        assert_eq!(
            words(1, 1, 1),
            ", 3 were not; by what the account shows now, 1 of these took effect and 1 did not; of 1 the plan there is now \
             does not tell, as it wants something else, is blocked, or does not see it (yet)"
        );
        assert!(
            words(0, 0, 2)
                .starts_with(", 2 were not; whether they took effect, the plan there is now does not tell")
        );
    }
}
