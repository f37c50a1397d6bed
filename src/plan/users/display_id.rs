//! By which identifier will the account show a user?

use crate::model::{Identifier, Note, Piece};
use crate::phrase;
use crate::plan::after::After;
use crate::plan::draft::Draft;
use crate::plan::people::People;

/// An identifier as the account shows it.
fn shown(identifier: &Identifier) -> String {
    match identifier {
        Identifier::DeviceLogin(login) => login.as_display_id(),
        Identifier::Upn(_) | Identifier::Email(_) | Identifier::EmployeeId(_) => identifier.to_string(),
    }
}

/// Says of every record whose Display ID the plan changes what it is before and after: UPN, else email, employee ID, device
/// login ("Display ID selection" of the Users page guide), and of several of a kind the first.
pub(in crate::plan) fn notes(people: &People<'_>, after: &After, draft: &mut Draft) {
    let mut notes = Vec::new();
    let staying =
        after.edited().map(|(person, _)| person).filter(|person| people.orders.removal(*person).is_none());
    for person in staying {
        let (Some(record), Some(change)) = (people.record(person), draft.of_person.get(&person)) else {
            continue;
        };
        let left = after.identifiers(people, person).into_iter().min_by_key(Identifier::kind);
        let (Some(before), Some(shows)) = (record.display_id(), left.map(|held| shown(&held))) else {
            continue;
        };
        if before != shows {
            let note = phrase![Piece::personal(&before), " → ", Piece::personal(&shows)];
            notes.push((*change, Note::labelled("Display ID", note)));
        }
    }
    for (change, note) in notes {
        draft.note(change, note);
    }
}
