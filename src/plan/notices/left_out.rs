//! Whom do `where` and `unless` of an export leave out of whom anything else speaks?

use std::collections::BTreeMap;

use crate::model::{LeftOut, OrderKind, Piece, Tracking};
use crate::phrase;
use crate::plan::findings::Findings;
use crate::plan::people::People;
use crate::plan::people::left_out::why;
use crate::plan::person::Person;

/// So many who are left out have a line of their own.
const SHOWN: usize = 20;

/// Says who is left out and in the manifests, in groups, or tracked: most often somebody for whom a value is missing in `where`.
pub(in crate::plan) fn notices(people: &People<'_>, findings: &mut Findings) {
    if people.left_out.is_empty() {
        return;
    }
    let mut groups: BTreeMap<Person, usize> = BTreeMap::new();
    for (_, member) in &people.observed.memberships {
        *groups.entry(Person::Known(*member)).or_default() += 1;
    }
    for export in &people.desired.exports {
        let of_export = people.left_out.iter().filter(|(_, (of, _))| of.name == export.name);
        let mut left: Vec<_> = of_export
            .filter_map(|(person, (_, left))| {
                let groups = groups.get(person).copied().unwrap_or_default();
                Some((people.label(*person), spoken_of(people, *person, groups)?, left))
            })
            .collect();
        left.sort_by(|one, other| (&one.0, &one.1).cmp(&(&other.0, &other.1)));
        let rest = left.split_off(left.len().min(SHOWN));
        for (label, what, left) in left {
            let message = phrase![label, format!(" is {what}, and ")].joined(why(export, left));
            findings.notice(left.origin, message);
        }
        // The others by the cell for which they are left out, which is one mistake, or none.
        let mut cells: BTreeMap<[&str; 3], Vec<(&LeftOut, Piece)>> = BTreeMap::new();
        for (label, _, left) in rest {
            cells.entry([left.by, &left.column, &left.value]).or_default().push((left, label.into()));
        }
        for left in cells.into_values() {
            let Some((first, _)) = left.first() else { continue };
            let (others, are) = if left.len() == 1 { ("user", "is") } else { ("users", "are") };
            let count = left.len();
            let message =
                phrase![format!("{count} more {others} {are} in the manifests, tracked, or in groups, and ")];
            let message = message.joined(why(export, first));
            findings.notice_about(first.origin, message, left.into_iter().map(|it| it.1).collect());
        }
    }
}

/// What speaks of a person besides the row; nothing of one who is to go anyway.
fn spoken_of(people: &People<'_>, person: Person, groups: usize) -> Option<String> {
    let entry = people.entry(person).map(|at| &people.desired.users[at as usize]);
    let order = entry.and_then(|user| user.order.as_ref());
    if order.is_some_and(|order| matches!(order.kind, OrderKind::Remove(_))) {
        return None;
    }
    let record = people.record(person);
    let tracked = record.is_some_and(|record| record.tracking == Tracking::Tracked);
    let groups = match groups {
        0 => None,
        1 => Some("in 1 group".to_owned()),
        many => Some(format!("in {many} groups")),
    };
    let said = [entry.map(|_| "in the manifests".to_owned()), tracked.then(|| "tracked".to_owned()), groups];
    let said: Vec<String> = said.into_iter().flatten().collect();
    (!said.is_empty()).then(|| said.join(", "))
}
