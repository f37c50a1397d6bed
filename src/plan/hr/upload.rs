//! The upload of the HR set: the one file that says all of it, and what speaks against making one.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::model::{
    Act, Edit, GroupName, GroupSource, HrGroup, Identifier, ObservedUser, Origin, Phrase, Piece, Snapshot,
    StepId, UserRef, fold_fully, is_control,
};
use crate::phrase;
use crate::plan::after::After;
use crate::plan::blocker::{Blocker, BlockerCode};
use crate::plan::draft::Draft;
use crate::plan::hr::lookup::Lookup;
use crate::plan::hr::planned::Planned;
use crate::plan::hr::snapshot::csv;
use crate::plan::people::{People, origin};
use crate::plan::person::Person;
use crate::plan::phase::PhaseKind;
use crate::plan::planned_set::{Fate, PlannedSnapshot, SetGroup};
use crate::plan::resolve::groups::source_word;

/// The bytes of a set, with their SHA-256.
pub(super) struct File {
    pub(super) csv: Arc<[u8]>,
    sha256: [u8; 32],
}

/// Drafts the upload of a set that changes, unless there is nothing that a file could say.
pub(super) fn draft(
    (people, after): (&People<'_>, &After),
    planned: &BTreeMap<&str, Planned<'_>>,
    draft: &mut Draft,
) -> Option<(PlannedSnapshot, StepId)> {
    let File { csv, sha256 } = file((people, after), planned, draft)?;
    let groups = planned.values().map(|group| SetGroup {
        name: group.name.clone(),
        fate: group.fate,
        before: group.before,
        after: group.members.len(),
        change: group.change,
    });
    let set = staying(planned).map(|group| hr_group(people, group, draft)).collect();
    let snapshot = Arc::new(Snapshot { csv, sha256, before: people.observed.hr_set(), after: set });
    let members = staying(planned).flat_map(|group| &group.members);
    let needs = members.filter_map(|person| draft.person_steps.get(person).copied()).collect();
    let step = draft.step(PhaseKind::Snapshot, None, Act::Upload(Arc::clone(&snapshot)), needs);
    Some((PlannedSnapshot { snapshot, groups: groups.collect() }, step))
}

/// Makes the file of a set. What it can't say, or would say too much of, is a blocker.
pub(super) fn file(
    (people, after): (&People<'_>, &After),
    planned: &BTreeMap<&str, Planned<'_>>,
    draft: &mut Draft,
) -> Option<File> {
    draft.findings.blockers.extend(unknown_sources(people));
    let staying: Vec<&Planned<'_>> = staying(planned).collect();
    if staying.iter().all(|group| group.members.is_empty()) {
        draft.findings.blockers.push(empty_set());
        return None;
    }
    empty_groups(&staying, draft);
    let lookup = Lookup::new(people, after);
    let named = staying.par_iter().map(|group| lookup_values(people, &lookup, group));
    let (values, nameless): (Vec<_>, Vec<_>) = named.unzip();
    let rows: Vec<(&str, Vec<String>)> = staying
        .iter()
        // A group that is there is named byte for byte as the account has it.
        .map(|group| if group.fate == Fate::Added { group.name.as_written() } else { group.name.verbatim() })
        .zip(values)
        .collect();
    draft.findings.blockers.extend(nameless.into_iter().flatten());
    let (csv, sha256) = csv(&rows);
    Some(File { csv, sha256 })
}

/// The blocker of a file that would have no row.
pub(in crate::plan) fn empty_set() -> Blocker {
    let message = Phrase::words("the HR set would become empty; an empty file is never sent");
    Blocker::new(Origin::NONE, BlockerCode::EmptySet, message)
        .way_out("to keep HR groups: give one of them a member")
        .way_out("to have none: delete the last where they were made, and take them out of the manifests")
}

/// The groups that have rows in the file, by name.
fn staying<'p, 'a>(planned: &'p BTreeMap<&str, Planned<'a>>) -> impl Iterator<Item = &'p Planned<'a>> {
    planned.values().filter(|group| group.fate != Fate::DeletedByAbsence)
}

/// A group that might be an HR group unknown to us: no snapshot is sent beside it, as it would delete the group.
///
/// That is every group whose source the account does not name; where no HR group was read at all, every group of a source that
/// is not known, as `account.hrGroupType` may be wrong; the second of two HR groups with one name, or with two that may be read as
/// one; and one whose name no row can say.
pub(in crate::plan) fn unknown_sources(people: &People<'_>) -> Vec<Blocker> {
    let mut blockers = Vec::new();
    let groups = &people.observed.groups;
    let none_is_hr = !groups.iter().any(|group| group.source == GroupSource::Hr);
    let mut names = BTreeMap::new();
    for group in groups {
        let (why, way_out) = match &group.source {
            GroupSource::Foreign(name) if name.is_empty() => (
                ": a snapshot could delete it",
                "look at the group in the app; delete it there if it is not needed",
            ),
            GroupSource::Foreign(_) if none_is_hr => (
                ", and no HR group was read: if it is one, a snapshot would delete it",
                "set `account.hrGroupType` to the type of the account's HR groups; if it has none, upload the first by hand",
            ),
            GroupSource::Hr if is_unsayable(&group.name) => (
                ", and its name can't be said by a row: it is blank or holds control characters",
                "delete the group where it was made, or have it made again by a name",
            ),
            GroupSource::Hr => match names.insert(read_as(&group.name), &group.name) {
                None => continue,
                Some(other) if other == &group.name => (
                    ", as another group of that name does: one file can't keep both",
                    "delete one of them where it was made",
                ),
                Some(_) => (
                    ", as another group does whose name may be read as this one: one file may not keep both",
                    "delete one of them where it was made",
                ),
            },
            _ => continue,
        };
        let shown = match group.name.as_written() {
            "" => format!("{} without a name", group.id.0),
            _ => group.name.to_string(),
        };
        let message =
            phrase!["the group ", Piece::plain(&shown), " comes from ", source_word(&group.source), why];
        blockers.push(Blocker::new(Origin::NONE, BlockerCode::UnknownSource, message).way_out(way_out));
    }
    blockers
}

/// Whether no row can say a name.
fn is_unsayable(name: &GroupName) -> bool {
    name.as_written().is_empty() || name.verbatim().chars().any(is_control)
}

/// How the upload may read a name, which no document tells: whatever its case, by small letters or by capitals.
fn read_as(name: &GroupName) -> String {
    fold_fully(&name.as_written().to_uppercase()).into_owned()
}

/// A group without members has no row, and a group without a row is deleted.
fn empty_groups(staying: &[&Planned<'_>], draft: &mut Draft) {
    for group in staying.iter().filter(|group| group.members.is_empty()) {
        let origin = group.change.map_or(Origin::NONE, |change| draft.changes[change.0 as usize].origin);
        let message =
            phrase![Piece::plain(group.name), " would have no members, and no row: that would delete it"];
        draft.findings.blockers.push(
            Blocker::new(origin, BlockerCode::EmptyHrGroup, message)
                .way_out("give it members, or declare it with `state: deleted`"),
        );
    }
}

fn lookup_values(
    people: &People<'_>,
    lookup: &Lookup<'_>,
    group: &Planned<'_>,
) -> (Vec<String>, Vec<Blocker>) {
    let (mut values, mut blockers) = (Vec::with_capacity(group.members.len()), Vec::new());
    for person in &group.members {
        if let Some(value) = lookup.value(people, *person) {
            values.push(value);
            continue;
        }
        blockers.push(nameless(people, lookup.after, group.name, *person));
    }
    values.sort_unstable();
    (values, blockers)
}

/// A member whom no row can name; a value that comes in this very run is none yet.
fn nameless(people: &People<'_>, after: &After, group: &GroupName, person: Person) -> Blocker {
    let coming = after.edits(person).iter().find_map(|edit| match edit {
        Edit::Add(it @ (Identifier::Upn(_) | Identifier::Email(_) | Identifier::EmployeeId(_))) => Some(it),
        _ => None,
    });
    let stored = people.record(person).and_then(stored_otherwise);
    let member = phrase![people.label(person), " of ", Piece::plain(group)];
    let nothing = " has no employee ID, UPN or email that is theirs alone before and after";
    let message = match (coming, &stored) {
        (Some(value), _) => {
            member.then(nothing).then(": ").then(Piece::personal(value)).then(" comes in this very run")
        }
        (None, Some(value)) => member
            .then(" is named by no row for certain: the account stores ")
            .then(Piece::personal(value))
            .then(" with spaces around it or with its accents apart, and nobody knows by which form a row finds it"),
        (None, None) => member.then(nothing),
    };
    let blocker = Blocker::new(origin(people, person), BlockerCode::NoLookupValue, message);
    let blocker = match coming {
        Some(_) => blocker.way_out(
            "apply the user first, in a change that leaves every HR group as it is; the groups in the next change",
        ),
        None if stored.is_some() => blocker
            .way_out("type the value anew in the app, on the user's page")
            .way_out("or give the user another employee ID, UPN or email"),
        None => blocker.way_out("give the user an employee ID, UPN or email"),
    };
    blocker.way_out("or drop the membership: `hr.leaveOut: [{ group: …, user: … }]`")
}

/// A lookup value that a record holds otherwise than it reads.
fn stored_otherwise(record: &ObservedUser) -> Option<Identifier> {
    record.identifiers().find(|identifier| match identifier {
        Identifier::Upn(upn) => !upn.is_as_said(),
        Identifier::Email(email) => !email.is_as_said(),
        Identifier::EmployeeId(id) => !id.is_as_said(),
        Identifier::DeviceLogin(_) => false,
    })
}

fn hr_group(people: &People<'_>, group: &Planned<'_>, draft: &Draft) -> HrGroup {
    let mut members: Vec<UserRef> =
        group.members.iter().filter_map(|person| draft.user_ref(people, *person)).collect();
    members.sort_unstable();
    HrGroup { name: group.name.clone(), members }
}
