//! Whom does `where` of an export leave out, and is it somebody whom anything else speaks of?

use std::collections::BTreeMap;

use crate::model::{Export, LeftOut, OrderKind, Phrase, Piece, Tracking, UserIx};
use crate::phrase;
use crate::plan::draft::Draft;
use crate::plan::people::keys::Key;
use crate::plan::people::{People, Person};

/// So many who are left out have a line of their own.
const SHOWN: usize = 20;

/// Whom exports leave out, each by one row.
pub(in crate::plan) type LeftOuts<'a> = BTreeMap<Person, (&'a Export, &'a LeftOut)>;

/// Finds whom the rows that do not count are about, by the first of their identifiers that somebody has.
pub(super) fn find<'a>(people: &People<'a>) -> LeftOuts<'a> {
    let mut found = LeftOuts::new();
    for export in &people.desired.exports {
        for left in &export.left_out {
            let Some(person) = left.who.iter().find_map(|who| owner(people, Key::from(who))) else {
                continue;
            };
            // The same row whatever the order of the rows.
            let said = |left: &LeftOut| (left.column.clone(), left.value.clone());
            let known = found.entry(person).or_insert((export, left));
            if known.0.name == export.name && said(left) < said(known.1) {
                *known = (export, left);
            }
        }
    }
    found
}

fn owner(people: &People<'_>, key: Key<'_>) -> Option<Person> {
    if let Some(at) = people.resolution.declared.owner(key) {
        return people.person(at);
    }
    let mut owners = people.resolution.observed.owners(key).map(UserIx);
    let one = owners.next()?;
    owners.next().is_none().then_some(Person::Known(one))
}

/// Says who is left out and in the manifests, in groups, or tracked: most often somebody for whom a value is missing in `where`.
pub(in crate::plan) fn notices(people: &People<'_>, draft: &mut Draft) {
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
            draft.notice(left.origin, message);
        }
        if !rest.is_empty() {
            let message = phrase![format!(
                "{} more whom `where` of {} leaves out are in the manifests, tracked, or in groups",
                rest.len(),
                export.name
            )];
            draft.notice_about(export.origin, message, rest.into_iter().map(|it| it.0.into()).collect());
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

/// That a row is left out, and for what.
pub(in crate::plan) fn why(export: &Export, left: &LeftOut) -> Phrase {
    let column = format!("`where` of {} leaves their row out: {} is ", export.name, left.column);
    match &*left.value {
        "" => phrase![column, "empty"],
        value => phrase![column, Piece::personal(&value)],
    }
}
