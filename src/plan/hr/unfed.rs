//! Which HR groups does no row of an export feed, though rows are about members of them? HR may have renamed or dissolved them, and
//! nobody leaves them for it: who stays, and which groups rows put them in now, is said.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::{GroupName, Phrase, Piece};
use crate::phrase;
use crate::plan::findings::Findings;
use crate::plan::hr::planned::{HrDeclared, Planned};
use crate::plan::membership::feeds::{feeds, files};
use crate::plan::people::People;
use crate::plan::person::Person;

/// So many of the groups that members are in now are named.
const NAMED: usize = 3;

/// Says it of every such group of the set.
pub(super) fn say(
    people: &People<'_>,
    declared: &[HrDeclared<'_>],
    planned: &BTreeMap<&str, Planned<'_>>,
    findings: &mut Findings,
) {
    if people.desired.exports.is_empty() {
        return;
    }
    let of_rows = |person: &Person| {
        let entry = people.entry(*person).map(|at| &people.desired.users[at as usize]);
        entry.is_some_and(|user| user.row.is_some()) || people.left_out.contains_key(person)
    };
    let idle = planned.values().filter_map(|group| Some((group, group.idle?)));
    let unfed: Vec<_> = idle.filter(|(group, _)| group.members.iter().any(of_rows)).collect();
    let whom: BTreeSet<Person> = unfed.iter().flat_map(|(group, _)| group.members.iter().copied()).collect();
    let now = groups_of(people, declared, planned, &whom);
    for (group, origin) in unfed {
        let about = group.members.iter().map(|person| people.label(*person).into()).collect();
        findings.notice_about(origin, message(people, group, &now), about);
    }
}

/// The groups that exports feed and people are in once the set is there.
fn groups_of<'p>(
    people: &People<'_>,
    declared: &[HrDeclared<'_>],
    planned: &'p BTreeMap<&str, Planned<'_>>,
    whom: &BTreeSet<Person>,
) -> BTreeMap<Person, Vec<&'p GroupName>> {
    let mut now: BTreeMap<Person, Vec<&GroupName>> = BTreeMap::new();
    let exports = &people.desired.exports;
    let fed = declared.iter().filter(|hr| exports.iter().any(|export| feeds(export, hr.group)));
    let fed: BTreeSet<&str> = fed.map(|hr| hr.group.name.value.key()).collect();
    for group in fed.into_iter().filter_map(|key| planned.get(key)) {
        for person in group.members.iter().filter(|person| whom.contains(person)) {
            now.entry(*person).or_default().push(group.name);
        }
    }
    now
}

fn message(people: &People<'_>, group: &Planned<'_>, now: &BTreeMap<Person, Vec<&GroupName>>) -> Phrase {
    let mut counts: BTreeMap<&GroupName, usize> = BTreeMap::new();
    let mut nowhere = 0usize;
    for person in &group.members {
        match now.get(person) {
            Some(groups) => groups.iter().for_each(|name| *counts.entry(name).or_default() += 1),
            None => nowhere += 1,
        }
    }
    let mut counts: Vec<(&GroupName, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| Reverse(*count));
    let more = counts.len().saturating_sub(NAMED);
    let mut places: Vec<Piece> =
        counts.iter().take(NAMED).map(|(name, count)| Piece::from(format!("{name} ({count})"))).collect();
    if more > 0 {
        places.push(format!("{more} more").into());
    }
    if nowhere > 0 {
        places.push(format!("none ({nowhere})").into());
    }
    let stay = match group.members.len() {
        1 => "1 user stays in it, and is by rows in ".to_owned(),
        many => format!("{many} users stay in it, and are by rows in "),
    };
    phrase![Piece::plain(group.name), " is in no row of "]
        .list(files(&people.desired.exports))
        .then(
            ", and no manifest says who is in it: renamed or given up? Declare it with `source: hr` and `state: deleted`, or with \
             `membership: additive` to keep it as it is. ",
        )
        .then(stay)
        .list(places)
}
