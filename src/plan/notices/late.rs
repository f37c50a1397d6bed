//! Whose place in a group that fills itself is not as its rules say, although these are as declared?
//!
//! The platform looks at rules some time after what they are about has changed ("Managing groups": up to an hour). For so long after the
//! group itself was changed nothing is said; and what is said later changes nothing, as nobody writes who matches.

use jiff::Timestamp;

use crate::model::Piece;
use crate::phrase;
use crate::plan::draft::Differing;
use crate::plan::findings::Findings;
use crate::plan::people::People;

/// Says it of every group whose grace period is over.
pub(in crate::plan) fn said(people: &People<'_>, differing: &[Differing], now: Timestamp) -> Findings {
    let grace = people.desired.policy.grace_period.value;
    let mut findings = Findings::default();
    for Differing { group, origin, comes, goes } in differing {
        let observed = people.observed.group(*group);
        let changed = observed.filling.as_ref().and_then(|filling| filling.changed);
        if changed.is_some_and(|changed| now.duration_since(changed) < grace) {
            continue;
        }
        let counts = counted(comes.len(), goes.len());
        let words = format!(
            " is not filled as its conditions say: {counts}. The platform may not have looked yet, or know otherwise"
        );
        let message = phrase![Piece::plain(&observed.name), words];
        findings.notice_about(*origin, message, comes.iter().chain(goes).cloned().collect());
    }
    findings
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
