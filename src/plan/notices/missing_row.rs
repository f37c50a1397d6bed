//! Who is tracked and in no row of any HR export? `policy.missingFromExport` says whether they are named; nothing is done about them.

use crate::model::{Located, Piece, Tracking, Unmanaged, UserIx};
use crate::phrase;
use crate::plan::findings::Findings;
use crate::plan::membership::feeds::files;
use crate::plan::people::People;
use crate::plan::person::Person;

/// Names tracked users whom no row names, whether it counts or not.
pub(super) fn notices(people: &People<'_>, findings: &mut Findings) {
    let Located { value, origin } = people.desired.policy.missing_from_export;
    let exports = &people.desired.exports;
    if value == Unmanaged::Ignore || exports.is_empty() {
        return;
    }
    let is_said = |person: Person| {
        let entry = people.entry(person).map(|at| &people.desired.users[at as usize]);
        entry.is_some_and(|user| user.row.is_some() || user.order.is_some())
            || people.left_out.contains_key(&person)
    };
    let users = (0..).map(UserIx).zip(&people.observed.users);
    let missing =
        users.filter(|(ix, user)| user.tracking == Tracking::Tracked && !is_said(Person::Known(*ix)));
    let missing: Vec<Piece> = missing.map(|(ix, _)| people.label(Person::Known(ix)).into()).collect();
    if missing.is_empty() {
        return;
    }
    let who = if missing.len() == 1 {
        "1 tracked user is".to_owned()
    } else {
        format!("{} tracked users are", missing.len())
    };
    let message =
        phrase![format!("{who} in no row of ")].list(files(exports)).then("; nothing is done about it");
    findings.notice_about(origin, message, missing);
}
