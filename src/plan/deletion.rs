//! What goes with a group that is deleted?

use crate::model::{
    Act, Cause, ChangeId, Delta, Fact, Field, GroupIx, Origin, Phrase, Piece, Severity, Topic, UserIx, Verb,
};
use crate::phrase;
use crate::plan::draft::Draft;
use crate::plan::people::People;
use crate::plan::person::Person;
use crate::plan::phase::PhaseKind;

/// How many users a sentence names before it counts the rest.
const NAMED: usize = 5;

/// Deletes a group of the app, last of all.
pub(in crate::plan) fn app_group(
    people: &People<'_>,
    ix: GroupIx,
    cause: Cause,
    origin: Origin,
    draft: &mut Draft,
) {
    let group = people.observed.group(ix);
    let change = draft.push_group(group, Verb::Delete, origin);
    let fact = Fact {
        field: Field::Existence,
        delta: Delta::Remove(Piece::plain(&group.name)),
        severity: Severity::Irreversible,
        cause,
        origin,
        remark: None,
    };
    draft.fact(change, fact);
    consequences(people, ix, change, draft);
    let act = Act::DeleteGroup { group: group.id, name: group.name.clone() };
    draft.step(PhaseKind::Deletions, Some(change), act, Vec::new());
}

/// Sentences for whoever reviews a deletion: who leaves, whose primary group it is, what may depend on it.
pub(in crate::plan) fn consequences(people: &People<'_>, ix: GroupIx, change: ChangeId, draft: &mut Draft) {
    let observed = people.observed;
    let members = observed.members(ix);
    draft.affects(change, members.clone().map(Person::Known));
    let leave = match members.len() {
        1 => "1 user leaves".to_owned(),
        members => format!("{members} users leave"),
    };
    let depends = match observed.reach.absent(Topic::Tracking) {
        Some(_) => "what is assigned to it there may depend on it, courses and catalogues among it",
        None => "alarms, goals, blocking, schedules and viewable groups may depend on it",
    };
    draft.note(change, phrase![format!("{leave}; {depends}")]);
    let id = observed.group(ix).id;
    let primary: Vec<UserIx> =
        members.filter(|user| observed.user(*user).primary_group == Some(id)).collect();
    if let Some(note) = primary_of(people, &primary) {
        draft.note(change, note);
    }
}

fn primary_of(people: &People<'_>, users: &[UserIx]) -> Option<Phrase> {
    if users.is_empty() {
        return None;
    }
    let named = users.iter().take(NAMED).map(|user| Piece::from(people.label(Person::Known(*user))));
    let mut note = phrase!["it is the primary group of "].list(named);
    if let Some(more) = users.len().checked_sub(NAMED).filter(|more| *more > 0) {
        note = note.then(format!(" and {more} more"));
    }
    Some(note.then(": the account chooses another for them"))
}
