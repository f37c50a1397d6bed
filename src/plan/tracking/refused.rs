//! Which exclusions would stop collecting for somebody who is to be tracked?

use crate::model::{Located, Login, Piece, Tracking};
use crate::phrase;
use crate::plan::blocker::{Blocker, BlockerCode};
use crate::plan::people::People;
use crate::plan::person::Person;

/// Whether the account would refuse a rule on a person: orders come after rules, so who is removed is tracked till then.
pub(super) fn is_tracked_when_rules_change(people: &People<'_>, person: Person) -> bool {
    match (people.orders.removal(person), people.record(person)) {
        (Some(_), Some(record)) => record.tracking == Tracking::Tracked,
        _ => people.tracking_after(person) == Tracking::Tracked,
    }
}

/// The blocker of an exclusion that would stop collecting for a user who is to be tracked.
pub(super) fn hits_tracked(people: &People<'_>, exclusion: &Located<Login>, person: Person) -> Blocker {
    let blocker = Blocker::new(
        exclusion.origin,
        BlockerCode::ExclusionHitsTracked,
        phrase![
            "the exclusion ",
            Piece::personal(&exclusion.value),
            " would stop collecting for ",
            people.label(person),
            ", who is tracked"
        ],
    );
    without_hitting(blocker, people, person)
}

/// How an exclusion that hits somebody tracked, or may, does no more.
pub(in crate::plan) fn without_hitting(blocker: Blocker, people: &People<'_>, person: Person) -> Blocker {
    if people.orders.removal(person).is_some() {
        return blocker
            .way_out("take the exclusion out: the identifiers of a removed user stay blocked without it");
    }
    blocker
        .way_out("declare the user `tracking: untracked`, which blocks their identifiers and keeps the data")
        .way_out("or take the exclusion out")
}
