//! The value that names a user in an HR snapshot: held by exactly that user, before and after.

use std::collections::BTreeSet;

use crate::model::{Email, EmployeeId, Identifier, Upn, UserIx, Writer, fold};
use crate::plan::draft::Draft;
use crate::plan::keys::Key;
use crate::plan::people::{People, Person};

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

    /// The lookup value of a person: employee ID, UPN, then email; the smallest where there are several of a kind.
    pub(super) fn value(&self, people: &People<'_>, draft: &Draft, person: Person) -> Option<String> {
        let unchanged = people.record(person).filter(|_| !draft.edits.contains_key(&person));
        if let Some(record) = unchanged {
            let emails = record.emails.iter().map(|held| &held.email);
            return self.smallest(people, person, (&record.employee_ids, &record.upns, emails.collect()));
        }
        let (mut ids, mut upns, mut emails) = (Vec::new(), Vec::new(), Vec::new());
        for identifier in draft.identifiers_after(people, person) {
            match identifier {
                Identifier::EmployeeId(id) => ids.push(id),
                Identifier::Upn(upn) => upns.push(upn),
                Identifier::Email(email) => emails.push(email),
                Identifier::DeviceLogin(_) => {}
            }
        }
        self.smallest(people, person, (&ids, &upns, emails.iter().collect()))
    }

    fn smallest(
        &self,
        people: &People<'_>,
        person: Person,
        (ids, upns, emails): (&[EmployeeId], &[Upn], Vec<&Email>),
    ) -> Option<String> {
        let owned = |key: Key<'_>| is_own(people, person, key);
        let id = ids.iter().filter(|id| {
            let folded = fold(id.said());
            owned(Key::EmployeeId(id.said()))
                && !self.clashing_ids.contains(&*folded)
                && people.resolution.observed.owners(Key::Address(&folded)).all(|at| is_at(person, at))
        });
        let upn = upns.iter().filter(|upn| owned(Key::Address(upn.key())));
        let email = emails
            .into_iter()
            .filter(|email| !is_made_up(people, person, email) && owned(Key::Address(email.key())));
        id.min()
            .map(ToString::to_string)
            .or_else(|| upn.min().map(ToString::to_string))
            .or_else(|| email.min().map(ToString::to_string))
    }
}

/// Whether nobody else holds the key now, and the person does, unless they are yet to be created.
fn is_own(people: &People<'_>, person: Person, key: Key<'_>) -> bool {
    let mut owners = people.resolution.observed.owners(key).peekable();
    match person {
        Person::Known(_) => owners.peek().is_some() && owners.all(|at| is_at(person, at)),
        Person::New(_) => owners.peek().is_none(),
    }
}

fn is_at(person: Person, at: u32) -> bool {
    person == Person::Known(UserIx(at))
}

/// Whether the account made an email up or found it by itself: no natural key.
fn is_made_up(people: &People<'_>, person: Person, email: &Email) -> bool {
    people.record(person).is_some_and(|record| {
        let held = record.emails.iter().find(|held| held.email == *email);
        record.is_placeholder(email) || held.is_some_and(|held| held.writer == Writer::Account)
    })
}
