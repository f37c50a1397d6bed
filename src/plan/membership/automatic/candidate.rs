//! What do rules look at of a user? What the entry declares; of the kinds that it leaves alone, what the record has and keeps.
//! Of a user whom no manifest mentions, the record is all there is.

use std::borrow::Cow;

use crate::model::{
    DesiredUser, Detail, Details, Key, Login, Members, Observed, ObservedUser, Origin, Subject, Topic, UserIx,
};
use crate::plan::edits::keeps_login;
use crate::plan::people::People;
use crate::plan::person::Person;
use crate::plan::resolve::keys::releases;
use crate::plan::resolve::resolution::Fit;
use crate::plan::resolve::temporary::Temporaries;

/// A user, as rules see them.
#[derive(Clone, Copy)]
pub(in crate::plan) struct Candidate<'a> {
    /// What manifests say of them; nothing, where none mentions them.
    pub(in crate::plan) entry: Option<&'a DesiredUser>,
    record: Found<'a>,
}

/// What a user is in the account.
#[derive(Clone, Copy)]
enum Found<'a> {
    /// This record.
    Record(Record<'a>),
    /// Nobody.
    Nobody,
    /// Nobody can tell: a row that matches no record, or an entry that is in question.
    Unknown,
}

/// The record that the user is.
#[derive(Clone, Copy)]
struct Record<'a> {
    ix: UserIx,
    user: &'a ObservedUser,
    temporaries: &'a Temporaries,
    observed: &'a Observed,
}

impl<'a> Candidate<'a> {
    /// The user at a position in `Desired::users`.
    pub(in crate::plan) fn of(people: &People<'a>, at: u32) -> Self {
        let record = match (people.resolution.fits[at as usize], people.person(at)) {
            (_, Some(Person::Known(ix))) => Found::Record(Record::of(people, ix)),
            (Fit::Blocked | Fit::LeftOut, _) => Found::Unknown,
            _ => Found::Nobody,
        };
        Self { entry: Some(&people.desired.users[at as usize]), record }
    }

    /// A user of the account whom no manifest mentions.
    pub(in crate::plan) fn undeclared(people: &People<'a>, ix: UserIx) -> Self {
        Self { entry: None, record: Found::Record(Record::of(people, ix)) }
    }

    /// Whoever a person is.
    pub(in crate::plan) fn person(people: &People<'a>, person: Person) -> Option<Self> {
        match (people.entry(person), person) {
            (Some(at), _) => Some(Self::of(people, at)),
            (None, Person::Known(ix)) => Some(Self::undeclared(people, ix)),
            (None, Person::New(_)) => None,
        }
    }

    /// A user who has what the entry declares, and nothing else.
    #[cfg(test)]
    pub(in crate::plan) fn new_user(entry: &'a DesiredUser) -> Self {
        Self { entry: Some(entry), record: Found::Nobody }
    }

    /// Where the entry starts, if there is one.
    pub(in crate::plan) fn origin(&self) -> Origin {
        self.entry.map_or(Origin::NONE, |entry| entry.origin)
    }

    /// Looks at every value of a subject, and where it is said; a value of the record is said nowhere.
    pub(in crate::plan) fn each(&self, subject: &Subject, mut look: impl FnMut(Cow<'a, str>, Origin)) {
        if let Some(entry) = self.entry {
            declared_values(entry, subject, &mut look);
        }
        if let Some(record) = self.left_alone(subject) {
            record.kept(subject, self.entry).into_iter().for_each(|value| look(value, Origin::NONE));
        }
    }

    /// Whether the user may have a value of a subject besides those that the keys show.
    pub(in crate::plan) fn may_have_more(&self, subject: &Subject) -> bool {
        if let (Found::Record(record), true) = (self.record, subject.is_of_platform()) {
            return record.is_unsaid(subject);
        }
        if let Found::Unknown = self.record {
            return !self.is_whole(subject);
        }
        let Some(record) = self.left_alone(subject) else { return false };
        let hidden = |topic| record.observed.reach.hidden(topic).is_some();
        match subject {
            Subject::EmployeeId => {
                // Whoever has several has a first one.
                let more = hidden(Topic::MoreEmployeeIds) && !record.user.employee_ids.is_empty();
                more || hidden(Topic::EmployeeIds)
            }
            _ => subject.topic().is_some_and(hidden),
        }
    }

    /// Whether nothing says what the user has of a subject: attributes stand in manifests alone.
    pub(in crate::plan) fn is_unsaid(&self, subject: &Subject) -> bool {
        self.entry.is_none() && matches!(subject, Subject::Attribute(_))
    }

    /// Whether the entry says all that the user is to have of a subject.
    fn is_whole(&self, subject: &Subject) -> bool {
        let Some(entry) = self.entry else { return false };
        match subject {
            Subject::Attribute(_) => true,
            Subject::Email => matches!(entry.emails, Members::Exactly(_)),
            Subject::Upn => matches!(entry.upns, Members::Exactly(_)),
            Subject::EmployeeId => matches!(entry.employee_ids, Members::Exactly(_)),
            Subject::DisplayName => entry.display_name.declared().is_some(),
            // Logins are only added, and what a platform knows is said by it alone.
            Subject::DeviceLogin
            | Subject::Address
            | Subject::Field(_)
            | Subject::Branch(..)
            | Subject::Course(_) => false,
        }
    }

    /// The record, if there is one and the entry leaves the subject as it is there.
    fn left_alone(&self, subject: &Subject) -> Option<Record<'a>> {
        let Found::Record(record) = self.record else { return None };
        let left_alone = self.entry.is_none_or(|entry| match subject {
            Subject::Attribute(_) => false,
            Subject::Email => entry.emails == Members::Leave,
            Subject::Upn => entry.upns == Members::Leave,
            Subject::EmployeeId => entry.employee_ids == Members::Leave,
            Subject::DeviceLogin
            | Subject::Address
            | Subject::Field(_)
            | Subject::Branch(..)
            | Subject::Course(_) => true,
            Subject::DisplayName => entry.display_name.declared().is_none(),
        });
        left_alone.then_some(record)
    }
}

/// What an entry says of a subject, and where.
fn declared_values<'a>(
    entry: &'a DesiredUser,
    subject: &Subject,
    mut look: impl FnMut(Cow<'a, str>, Origin),
) {
    match subject {
        Subject::Attribute(name) => {
            let values = entry.attributes.iter().filter(|(other, _)| other == name);
            values.for_each(|(_, it)| look(Cow::Borrowed(&*it.value), it.origin));
        }
        Subject::Email => {
            entry.emails.listed().iter().for_each(|it| look(it.value.as_written().into(), it.origin));
        }
        Subject::Upn => {
            entry.upns.listed().iter().for_each(|it| look(it.value.as_written().into(), it.origin));
        }
        Subject::EmployeeId => {
            entry.employee_ids.listed().iter().for_each(|it| look(it.value.as_written().into(), it.origin));
        }
        Subject::DeviceLogin => {
            entry.device_logins.iter().for_each(|it| look(it.value.to_string().into(), it.origin));
        }
        Subject::DisplayName => {
            if let Some(it) = entry.display_name.declared() {
                look(it.value.as_written().into(), it.origin);
            }
        }
        // No manifest says them.
        Subject::Address | Subject::Field(_) | Subject::Branch(..) | Subject::Course(_) => {}
    }
}

impl<'a> Record<'a> {
    fn of(people: &People<'a>, ix: UserIx) -> Self {
        let user = people.observed.user(ix);
        Self { ix, user, temporaries: people.temporaries, observed: people.observed }
    }

    /// Whether the account does not say what the user has of a thing that it knows of users; or what is meant is not known.
    fn is_unsaid(&self, subject: &Subject) -> bool {
        let details = &self.observed.details;
        detail(details, subject).is_none_or(|detail| details.is_unsaid(detail, self.user.id))
    }

    /// The values of a subject that the record has, but for those that the entry gives up, and identifiers that only a temporary
    /// stands for: it goes from a list that is left alone.
    fn kept(&self, subject: &Subject, entry: Option<&DesiredUser>) -> Vec<Cow<'a, str>> {
        let user = self.user;
        let held: Vec<(Cow<'a, str>, Key<'_>)> = match subject {
            Subject::Attribute(_) => Vec::new(),
            Subject::Email => {
                let emails = user.emails.iter().map(|held| &held.email);
                emails.map(|email| (email.as_written().into(), Key::Address(email.key()))).collect()
            }
            Subject::Upn => {
                user.upns.iter().map(|upn| (upn.as_written().into(), Key::Address(upn.key()))).collect()
            }
            Subject::EmployeeId => user
                .employee_ids
                .iter()
                .map(|id| (id.as_written().into(), Key::EmployeeId(id.as_written())))
                .collect(),
            Subject::DeviceLogin => {
                let stays = |login: &&Login| entry.is_none_or(|entry| keeps_login(entry, user, login));
                let logins = user.device_logins.iter().filter(stays);
                logins.map(|login| (login.to_string().into(), Key::Login(login))).collect()
            }
            Subject::DisplayName => {
                return user.display_name.iter().map(|name| name.as_written().into()).collect();
            }
            Subject::Address | Subject::Field(_) | Subject::Branch(..) | Subject::Course(_) => {
                let details = &self.observed.details;
                let held = detail(details, subject).into_iter().flat_map(|it| details.values(it, user.id));
                return held.map(Cow::Borrowed).collect();
            }
        };
        let stays = |key: Key<'_>| {
            !entry.is_some_and(|entry| releases(entry, key)) && !self.temporaries.stands(self.ix, key)
        };
        held.into_iter().filter(|(_, key)| stays(*key)).map(|(value, _)| value).collect()
    }
}

/// What a subject is in the account, where what it names is one thing.
pub(in crate::plan) fn detail(details: &Details, subject: &Subject) -> Option<Detail> {
    fn only<T>(mut all: impl Iterator<Item = T>) -> Option<T> {
        all.next().filter(|_| all.next().is_none())
    }
    match subject {
        Subject::Field(label) => only(details.fields_called(label)).map(|field| Detail::Field(field.id)),
        Subject::Branch(code, below) => {
            only(details.branches_coded(code)).map(|branch| Detail::Branch(branch.id, *below))
        }
        Subject::Course(code) => only(details.courses_coded(code)).map(|course| Detail::Course(course.id)),
        Subject::Address => Some(Detail::Address),
        Subject::Attribute(_)
        | Subject::Email
        | Subject::Upn
        | Subject::EmployeeId
        | Subject::DeviceLogin
        | Subject::DisplayName => None,
    }
}
