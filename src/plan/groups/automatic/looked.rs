//! What do rules look at of a user? What the entry declares; of the kinds that it leaves alone, what the record has and keeps.

use crate::model::{DesiredUser, DisplayName, Members, ObservedUser, Origin, Reach, Subject, Topic, UserIx};
use crate::plan::people::keys::{Key, releases};
use crate::plan::people::temporary::Temporaries;
use crate::plan::people::{People, Person};

/// A declared user, as rules see them.
#[derive(Clone, Copy)]
pub(in crate::plan) struct Looked<'a> {
    pub(in crate::plan) entry: &'a DesiredUser,
    record: Option<Record<'a>>,
}

/// The record that the user is.
#[derive(Clone, Copy)]
struct Record<'a> {
    ix: UserIx,
    user: &'a ObservedUser,
    temporaries: &'a Temporaries,
    reach: &'a Reach,
}

impl<'a> Looked<'a> {
    /// The user at a position in `Desired::users`.
    pub(in crate::plan) fn of(people: &People<'a>, at: u32) -> Self {
        let record = match people.person(at) {
            Some(Person::Known(ix)) => Some(Record {
                ix,
                user: people.observed.user(ix),
                temporaries: people.temporaries,
                reach: &people.observed.reach,
            }),
            Some(Person::New(_)) | None => None,
        };
        Self { entry: &people.desired.users[at as usize], record }
    }

    /// A user who has what the entry declares, and nothing else.
    #[cfg(test)]
    pub(in crate::plan) fn new_user(entry: &'a DesiredUser) -> Self {
        Self { entry, record: None }
    }

    /// Looks at every value of a subject, and where it is said; a value of the record is said nowhere.
    pub(in crate::plan) fn each(&self, subject: &Subject, mut look: impl FnMut(&'a str, Origin)) {
        let entry = self.entry;
        match subject {
            Subject::Attribute(name) => {
                let values = entry.attributes.iter().filter(|(other, _)| other == name);
                values.for_each(|(_, it)| look(&it.value, it.origin));
            }
            Subject::Email => entry.emails.said().iter().for_each(|it| look(it.value.said(), it.origin)),
            Subject::Upn => entry.upns.said().iter().for_each(|it| look(it.value.said(), it.origin)),
            Subject::EmployeeId => {
                entry.employee_ids.said().iter().for_each(|it| look(it.value.said(), it.origin));
            }
            Subject::DisplayName => {
                if let Some(it) = entry.display_name.said() {
                    look(it.value.said(), it.origin);
                }
            }
        }
        if let Some(record) = self.left_alone(subject) {
            record.kept(subject, entry).into_iter().for_each(|value| look(value, Origin::NONE));
        }
    }

    /// Whether the user may have a value of a subject besides those that the keys show.
    pub(in crate::plan) fn may_have_more(&self, subject: &Subject) -> bool {
        let Some(record) = self.left_alone(subject) else { return false };
        let hidden = |topic| record.reach.hidden(topic).is_some();
        match subject {
            Subject::EmployeeId => {
                // Whoever has several has a first one.
                let more = hidden(Topic::MoreEmployeeIds) && !record.user.employee_ids.is_empty();
                more || hidden(Topic::EmployeeIds)
            }
            _ => topic(subject).is_some_and(hidden),
        }
    }

    /// The record, if there is one and the entry leaves the subject as it is there.
    fn left_alone(&self, subject: &Subject) -> Option<Record<'a>> {
        let entry = self.entry;
        let left_alone = match subject {
            Subject::Attribute(_) => false,
            Subject::Email => entry.emails == Members::Leave,
            Subject::Upn => entry.upns == Members::Leave,
            Subject::EmployeeId => entry.employee_ids == Members::Leave,
            Subject::DisplayName => entry.display_name.said().is_none(),
        };
        self.record.filter(|_| left_alone)
    }
}

impl<'a> Record<'a> {
    /// The values of a subject that the record has, but for those that the entry gives up, and identifiers that only a temporary
    /// stands for: it goes from a list that is left alone.
    fn kept(&self, subject: &Subject, entry: &DesiredUser) -> Vec<&'a str> {
        let user = self.user;
        let held: Vec<(&str, Key<'_>)> = match subject {
            Subject::Attribute(_) => Vec::new(),
            Subject::Email => {
                let emails = user.emails.iter().map(|held| &held.email);
                emails.map(|email| (email.said(), Key::Address(email.key()))).collect()
            }
            Subject::Upn => user.upns.iter().map(|upn| (upn.said(), Key::Address(upn.key()))).collect(),
            Subject::EmployeeId => {
                user.employee_ids.iter().map(|id| (id.said(), Key::EmployeeId(id.said()))).collect()
            }
            Subject::DisplayName => return user.display_name.iter().map(DisplayName::said).collect(),
        };
        let stays = |key: Key<'_>| !releases(entry, key) && !self.temporaries.stands(self.ix, key);
        held.into_iter().filter(|(_, key)| stays(*key)).map(|(value, _)| value).collect()
    }
}

/// The part of the account that a subject belongs to; none for attributes.
pub(in crate::plan) fn topic(subject: &Subject) -> Option<Topic> {
    match subject {
        Subject::Attribute(_) => None,
        Subject::Email => Some(Topic::Emails),
        Subject::Upn => Some(Topic::Upns),
        Subject::EmployeeId => Some(Topic::EmployeeIds),
        Subject::DisplayName => Some(Topic::Names),
    }
}
