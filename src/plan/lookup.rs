//! The value that names a user in an HR snapshot: held by exactly that user, before and after.

use std::collections::BTreeSet;

use crate::model::{Identifier, UserIx, Writer, fold};
use crate::plan::keys::Key;
use crate::plan::people::{People, Person};
use crate::plan::tracking::identifiers_after;

/// Who else holds what, after folding and across the kinds.
pub(super) struct Lookup {
    /// Employee IDs that fold to the same text as another user's, by that text.
    clashing_ids: BTreeSet<String>,
}

impl Lookup {
    /// Finds the employee IDs that are not unique once folded.
    pub(super) fn new(people: &People<'_>) -> Self {
        let mut folded: Vec<(String, u32)> = Vec::with_capacity(people.observed.users.len());
        for (at, user) in (0..).zip(&people.observed.users) {
            folded.extend(user.employee_ids.iter().map(|id| (fold(id.said()).into_owned(), at)));
        }
        folded.sort_unstable();
        let clash = |pair: &&[(String, u32)]| pair[0].0 == pair[1].0 && pair[0].1 != pair[1].1;
        Self { clashing_ids: folded.windows(2).filter(clash).map(|pair| pair[0].0.clone()).collect() }
    }

    /// The lookup value of a person: employee ID, UPN, then email; the smallest where there are several.
    pub(super) fn value(&self, people: &People<'_>, person: Person) -> Option<String> {
        let after = identifiers_after(people, person);
        let usable = |identifier: &&Identifier| self.is_usable(people, person, identifier);
        let best = after.iter().filter(usable).min_by_key(|identifier| rank(identifier))?;
        Some(best.to_string())
    }

    fn is_usable(&self, people: &People<'_>, person: Person, identifier: &Identifier) -> bool {
        let own = match person {
            Person::Known(UserIx(at)) => Some(at),
            Person::New(_) => None,
        };
        let observed = &people.resolution.observed;
        let only_own = |key: Key<'_>| observed.owners(key).all(|owner| Some(owner) == own);
        let held_before =
            |key: Key<'_>| own.is_none() || observed.owners(key).any(|owner| Some(owner) == own);
        match identifier {
            Identifier::EmployeeId(id) => {
                let folded = fold(id.said());
                held_before(Key::EmployeeId(id.said()))
                    && !self.clashing_ids.contains(&*folded)
                    && only_own(Key::EmployeeId(id.said()))
                    && only_own(Key::Address(&folded))
            }
            Identifier::Upn(upn) => held_before(Key::Address(upn.key())) && only_own(Key::Address(upn.key())),
            Identifier::Email(email) => {
                let made_up = people.record(person).is_some_and(|record| {
                    let by_account = |held: &&crate::model::ObservedEmail| held.email == *email;
                    let held = record.emails.iter().find(by_account);
                    record.is_placeholder(email) || held.is_some_and(|held| held.writer == Writer::Account)
                });
                !made_up && held_before(Key::Address(email.key())) && only_own(Key::Address(email.key()))
            }
            Identifier::DeviceLogin(_) => false,
        }
    }
}

/// Employee ID, UPN, email; within a kind by text.
fn rank(identifier: &Identifier) -> (u8, String) {
    let kind = match identifier {
        Identifier::EmployeeId(_) => 0,
        Identifier::Upn(_) => 1,
        Identifier::Email(_) => 2,
        Identifier::DeviceLogin(_) => 3,
    };
    (kind, fold(&identifier.to_string()).into_owned())
}
