//! What of users is only read, and is not as manifests say? Who is not there, and who has another name or username.

use std::collections::BTreeMap;

use crate::model::{DesiredUser, Identifier, Located, ObservedUser, Origin, Phrase, Piece, Topic};
use crate::phrase;
use crate::plan::manual::work::{ManualWork, some};
use crate::plan::notice::{Manual, Notice};

/// A user, and the place that speaks of them.
type Said = (Origin, Piece);

/// What is collected over all users.
#[derive(Default)]
pub(super) struct OnlyRead {
    /// Who is to be created where no user is.
    missing: Vec<Said>,
    /// Who can't be looked for by what the entry says.
    nameless: Vec<Said>,
    /// Whose name or username is not as declared, where neither is changed.
    others: BTreeMap<Topic, Vec<Said>>,
}

impl ManualWork<'_, '_> {
    /// Whether a user who is not there is not created: nobody is here, or the entry does not say by what.
    pub(super) fn is_closed_to_new(&self, user: &DesiredUser, shown: &Piece, told: &mut OnlyRead) -> bool {
        let reach = &self.people.observed.reach;
        let is_placed = |said: &Located<Identifier>| reach.absent(Topic::of(said.value.kind())).is_none();
        let of = match (user.identifiers().any(|said| is_placed(&said)), self.unwritten(Topic::Users)) {
            (false, _) => &mut told.nameless,
            (true, Some(_)) => &mut told.missing,
            (true, None) => return false,
        };
        of.push((user.origin, shown.clone()));
        true
    }

    /// Notes where the account shows another name or username than the entry says, and nothing changes it.
    pub(super) fn only_shown(
        &self,
        (user, record): (&DesiredUser, &ObservedUser),
        shown: &Piece,
        told: &mut OnlyRead,
    ) {
        let mut note = |topic, origin| told.others.entry(topic).or_default().push((origin, shown.clone()));
        if self.is_only_shown(Topic::Names)
            && let Some(name) = user.display_name.declared()
            && record.display_name.as_ref() != Some(&name.value)
        {
            note(Topic::Names, name.origin);
        }
        for topic in [Topic::Upns, Topic::Emails, Topic::EmployeeIds] {
            let said = user.identifiers().filter(|said| Topic::of(said.value.kind()) == topic);
            let mut said = said.filter(|_| self.is_only_shown(topic)).peekable();
            let Some(first) = said.peek().map(|said| said.origin) else { continue };
            if said.all(|said| record.identifiers().all(|held| held != said.value)) {
                note(topic, first);
            }
        }
    }

    /// Whether a topic is seen and not changed.
    fn is_only_shown(&self, topic: Topic) -> bool {
        self.hidden(topic).is_none() && self.unwritten(topic).is_some()
    }

    /// Says what was collected.
    pub(super) fn tell_of_only_read(&mut self, told: OnlyRead) {
        let OnlyRead { missing, nameless, others } = told;
        for (topic, of_users) in others {
            let message = format!("{} are not as declared, and are not changed from here", topic.subject());
            self.about(phrase![message], of_users);
        }
        if let (Some(origin), Some(family)) =
            (missing.iter().map(|it| it.0).min(), self.unwritten(Topic::Users))
        {
            let mut users: Vec<Piece> = missing.into_iter().map(|it| it.1).collect();
            users.sort_unstable();
            let what = Phrase::words("create these users: ").list(some(users));
            let why = phrase!["`account.allow` does not name `createUsers`"];
            let place = format!("the {family} > user management");
            self.manual.push(Manual { origin, what, place: place.into(), why });
        }
        let reach = &self.people.observed.reach;
        let username = [Topic::Upns, Topic::Emails, Topic::EmployeeIds].into_iter();
        let username = username.filter(|topic| reach.hidden(*topic).is_none()).map(Topic::subject);
        let username = username.collect::<Vec<_>>().join(" or ");
        let message = format!(
            "these users can't be looked for: usernames are {username} there, and no entry says theirs"
        );
        self.about(phrase![message], nameless);
    }

    /// Adds something that a reader should know of users, at the first of their places.
    fn about(&mut self, message: Phrase, of_users: Vec<Said>) {
        let Some(origin) = of_users.iter().map(|it| it.0).min() else { return };
        let mut about: Vec<Piece> = of_users.into_iter().map(|it| it.1).collect();
        about.sort_unstable();
        self.notices.push(Notice { origin, message, about });
    }
}
