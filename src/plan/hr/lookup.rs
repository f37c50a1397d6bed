//! The value that names a user in an HR snapshot: held by exactly that user, before and after.

use std::borrow::Cow;

use crate::model::{Edit, Email, EmployeeId, Identifier, Index, Topic, Upn, UserIx, fold, wide};
use crate::plan::after::After;
use crate::plan::people::People;
use crate::plan::person::Person;

/// Who holds what before or after the run, in the form in which texts clash and across the kinds: one space, as the upload's
/// lookup has.
pub(in crate::plan) struct Lookup<'a> {
    pub(super) after: &'a After,
    /// A text, and the one person who holds it; none where there are several.
    entries: Vec<(Cow<'a, str>, Option<Person>)>,
    index: Index,
    first: First,
}

/// What a row names its user by, if there is a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum First {
    /// The employee ID, then UPN and email.
    Number,
    /// UPN and email, then the employee ID: one that the keys don't show may be the same.
    Address,
}

impl<'a> Lookup<'a> {
    /// Notes every employee ID, UPN and email of the account, of edits, and of users to be created.
    pub(in crate::plan) fn new(people: &People<'a>, after: &'a After) -> Self {
        let capacity = people.observed.users.len() * 4;
        let first = match people.observed.reach.hidden(Topic::MoreEmployeeIds) {
            Some(_) => First::Address,
            None => First::Number,
        };
        let (entries, index) = (Vec::with_capacity(capacity), Index::with_capacity(capacity));
        let mut lookup = Self { after, entries, index, first };
        for (at, user) in (0..).zip(&people.observed.users) {
            let person = Person::Known(UserIx(at));
            let ids = user.employee_ids.iter().map(|id| wide(id.as_written()));
            let upns = user.upns.iter().map(|upn| wide(upn.key()));
            let emails = user.emails.iter().map(|held| wide(held.email.key()));
            for text in ids.chain(upns).chain(emails) {
                lookup.note(text, person);
            }
        }
        for (person, edits) in after.edited() {
            for edit in edits {
                if let Edit::Add(identifier) = edit {
                    lookup.note(Cow::Owned(folded(identifier)), person);
                }
            }
        }
        for place in (0..).take(people.created.len()) {
            let person = Person::New(place);
            for identifier in after.identifiers(people, person) {
                lookup.note(Cow::Owned(folded(&identifier)), person);
            }
        }
        lookup
    }

    fn note(&mut self, text: Cow<'a, str>, person: Person) {
        let Ok(position) = u32::try_from(self.entries.len()) else { return };
        match self.index.insert(&*text, position, |at| self.entries[at as usize].0 == text) {
            None => self.entries.push((text, Some(person))),
            Some(at) => {
                let holder = &mut self.entries[at as usize].1;
                *holder = holder.filter(|holder| *holder == person);
            }
        }
    }

    /// The lookup value of a person: employee ID, UPN, then email, or the ID last where some are hidden; the smallest where there
    /// are several of a kind. None that the account stores otherwise than it reads: nobody knows by which form a row finds it.
    pub(in crate::plan) fn value(&self, people: &People<'_>, person: Person) -> Option<String> {
        let Some(record) = people.record(person) else {
            let (mut ids, mut upns, mut emails) = (Vec::new(), Vec::new(), Vec::new());
            for identifier in self.after.identifiers(people, person) {
                match identifier {
                    Identifier::EmployeeId(id) => ids.push(id),
                    Identifier::Upn(upn) => upns.push(upn),
                    Identifier::Email(email) => emails.push(email),
                    Identifier::DeviceLogin(_) => {}
                }
            }
            return self.smallest(person, (&ids, &upns), emails.iter());
        };
        // Held before, and not given up: what an edit adds is not there yet when others are looked up.
        let removed = |identifier: &Identifier| {
            let mut edits = self.after.edits(person).iter();
            edits.any(|edit| matches!(edit, Edit::Remove(gone) if gone == identifier))
                || people.is_temporary(person, identifier)
        };
        let is_settled = self.after.edits(person).is_empty() && people.temporaries.is_empty();
        let stays = |email: &Email| is_settled || !removed(&Identifier::Email(email.clone()));
        let emails = record.emails.iter().filter(|held| !record.is_made_up(held) && stays(&held.email));
        let emails = emails.map(|held| &held.email);
        if is_settled {
            return self.smallest(person, (&record.employee_ids, &record.upns), emails);
        }
        let ids = record.employee_ids.iter().filter(|id| !removed(&Identifier::EmployeeId((*id).clone())));
        let upns = record.upns.iter().filter(|upn| !removed(&Identifier::Upn((*upn).clone())));
        let (ids, upns): (Vec<EmployeeId>, Vec<Upn>) = (ids.cloned().collect(), upns.cloned().collect());
        self.smallest(person, (&ids, &upns), emails)
    }

    /// Most people are found by what comes first: the rest is looked at only where they are not.
    fn smallest<'e>(
        &self,
        person: Person,
        (ids, upns): (&[EmployeeId], &[Upn]),
        emails: impl Iterator<Item = &'e Email>,
    ) -> Option<String> {
        let id = || {
            let ids = ids.iter().filter(|id| id.is_as_said() && self.is_theirs(person, id.as_written()));
            ids.min().map(ToString::to_string)
        };
        let address = || {
            let upns = upns.iter().filter(|upn| upn.is_as_said() && self.is_theirs(person, upn.key()));
            let emails = emails.filter(|email| email.is_as_said() && self.is_theirs(person, email.key()));
            upns.min().map(ToString::to_string).or_else(|| emails.min().map(ToString::to_string))
        };
        match self.first {
            First::Number => id().or_else(address),
            First::Address => address().or_else(id),
        }
    }

    fn is_theirs(&self, person: Person, text: &str) -> bool {
        let text = wide(text);
        let at = self.index.find(&*text, |at| self.entries[at as usize].0 == text);
        at.is_some_and(|at| self.entries[at as usize].1 == Some(person))
    }
}

fn folded(identifier: &Identifier) -> String {
    match identifier {
        Identifier::Upn(upn) => wide(upn.key()).into_owned(),
        Identifier::Email(email) => wide(email.key()).into_owned(),
        Identifier::EmployeeId(id) => wide(id.as_written()).into_owned(),
        Identifier::DeviceLogin(login) => fold(&login.to_string()).into_owned(),
    }
}
