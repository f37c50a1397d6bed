//! What did an earlier run begin to make that is there now, and what did its plan say of it?
//!
//! A plan names what it makes by its smallest identifier or its name; once that is there, the next plan names it by its number.
//! So what is left of a plan that was cut off between making something and the rest has other fingerprints, although it does
//! nothing that was not reviewed. A ledger that tells what was being made leads from the ones to the others.

use crate::model::{ChangeId, Object, Snapshot, UserIx, Verb};
use crate::plan::attempt::{Attempts, Before, Former, Mark, Unfinished, is_unused};
use crate::plan::digest;
use crate::plan::draft::Draft;
use crate::plan::people::{People, smallest_identifier};
use crate::plan::person::Person;

/// Finds what is there of what was tried, and what the facts of a draft about it were called.
pub(in crate::plan) fn find(
    people: &People<'_>,
    attempts: Option<&Attempts>,
    draft: &Draft,
    set: Option<&Snapshot>,
) -> Unfinished {
    let (mut unfinished, mut former) = (Unfinished::default(), Former::new());
    let Some(attempts) = attempts.filter(|attempts| !attempts.is_empty()) else { return unfinished };
    for (ix, user) in (0..).map(UserIx).zip(&people.observed.users) {
        let Some(entry) = people.entry(Person::Known(ix)) else { continue };
        let key = format!("new:{}", smallest_identifier(people.desired, entry));
        let mark = Mark::of(&key);
        let desired = &people.desired.users[entry as usize];
        if attempts.get(&mark).is_some_and(|attempt| attempt.may_have_made(user, desired)) {
            unfinished.users.insert(user.id, mark);
            former.insert(format!("user:{}", user.id.0), Before { key, starts: is_unused(user) });
        }
    }
    for group in &people.observed.groups {
        let key = format!("newgroup:{}", group.name.key());
        let mark = Mark::of(&key);
        if attempts.contains_key(&mark) {
            unfinished.groups.insert(group.id, mark);
            former.insert(format!("group:{}", group.id.0), Before { key, starts: false });
        }
    }
    unfinished.facts = digest::former(draft, people.observed, set, &former);
    unfinished
}

/// The marks of all that a plan makes, by change.
pub(in crate::plan) fn marks(draft: &Draft) -> Vec<(ChangeId, Mark)> {
    let makes = |object: &Object| matches!(object, Object::User(_) | Object::Group { .. });
    let made = draft.changes.iter().zip(&draft.keys);
    made.filter(|(change, _)| change.verb == Verb::Create && makes(&change.object))
        .map(|(change, key)| (change.id, Mark::of(key)))
        .collect()
}
