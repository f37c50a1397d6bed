//! Whose place in a group that fills itself is not as its rules say, although these are as declared?
//!
//! The platform looks at rules some time after what they are about has changed ("Managing groups": up to an hour). For so long after the
//! group itself was changed nothing is said; and what is said later changes nothing, as nobody writes who matches.

use jiff::Timestamp;

use crate::model::{GroupIx, Piece};
use crate::phrase;
use crate::plan::draft::{Differing, Place};
use crate::plan::findings::Findings;
use crate::plan::people::People;
use crate::plan::person::Person;

/// What becomes of whom a plan lets log in, or not.
const TURNED: &str = " passes deactivated users over: whoever is deactivated leaves it and whoever is activated enters it, some time later";

/// Says it of every group whose grace period is over.
pub(in crate::plan) fn said(people: &People<'_>, differing: &[Differing], now: Timestamp) -> Findings {
    let mut findings = Findings::default();
    for Differing { group, origin, places, turned } in differing {
        let observed = people.observed.group(*group);
        let about = |places: &[(Person, Place)]| {
            places.iter().map(|(person, _)| people.label(*person).into()).collect::<Vec<Piece>>()
        };
        if !turned.is_empty() {
            let message = phrase![Piece::plain(&observed.name), TURNED];
            findings.notice_about(*origin, message, about(turned));
        }
        if places.is_empty() || is_early(people, *group, now) {
            continue;
        }
        let of = |wanted: Place| places.iter().filter(|(_, place)| *place == wanted).count();
        let counts = counted(of(Place::Inside), of(Place::Outside));
        let words = format!(
            " is not filled as its conditions say: {counts}. The platform may not have looked yet, or know otherwise"
        );
        let message = phrase![Piece::plain(&observed.name), words];
        findings.notice_about(*origin, message, about(places));
    }
    findings
}

/// Whether a group was changed so lately that the platform may not have looked at its rules yet.
pub(in crate::plan) fn is_early(people: &People<'_>, group: GroupIx, now: Timestamp) -> bool {
    let grace = people.desired.policy.grace_period.value;
    let changed = people.observed.group(group).filling.as_ref().and_then(|filling| filling.changed);
    // A moment that is further ahead than that is none at which anybody changed anything.
    changed.is_some_and(|changed| now.duration_since(changed).abs() < grace)
}

/// `2 match and are not in it, 1 is in it and does not match`
fn counted(comes: usize, goes: usize) -> String {
    let parts = [
        (comes, "matches and is not in it", "match and are not in it"),
        (goes, "is in it and does not match", "are in it and do not match"),
    ];
    let parts = parts.into_iter().filter(|(count, ..)| *count > 0);
    let parts = parts.map(|(count, one, more)| format!("{count} {}", if count == 1 { one } else { more }));
    parts.collect::<Vec<_>>().join(", ")
}
