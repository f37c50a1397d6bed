//! What somebody has to do about users: device logins, agents, primary groups, and users that have no email.

use crate::model::{
    AutoEmails, DesiredUser, Email, Identifier, Key, Located, Managed, Members, NameMatch, ObservedUser,
    Origin, Phrase, Piece, Topic, Tracking, UserIx, UserLabel, Writer,
};
use crate::phrase;
use crate::plan::manual::only_read::OnlyRead;
use crate::plan::manual::work::{ManualWork, NAMED, USER};
use crate::plan::resolve::keys::label;
use crate::plan::resolve::resolution::Fit;

/// Users with what they should have, and the first place that asks for it.
#[derive(Default)]
struct Wanted {
    origin: Option<Origin>,
    users: Vec<(Piece, String)>,
}

impl Wanted {
    fn add<T: ToString>(&mut self, user: &Piece, values: &[Located<T>]) {
        if let Some(first) = values.first() {
            self.origin.get_or_insert(first.origin);
            let values: Vec<String> = values.iter().map(|said| said.value.to_string()).collect();
            self.users.push((user.clone(), values.join(", ")));
        }
    }

    /// Ends a sentence: `Ada (ACME\ada), Bob (ACME\bob) and 7 more`.
    fn listed(mut self, mut sentence: Phrase) -> Phrase {
        self.users.sort_unstable();
        let more = self.users.len().saturating_sub(NAMED);
        for (at, (user, values)) in self.users.into_iter().take(NAMED).enumerate() {
            let sentence_part = if at > 0 { ", " } else { "" };
            let values = Piece::Personal(values.into());
            sentence = sentence.then(sentence_part).then(user).then(" (").then(values).then(")");
        }
        if more > 0 { sentence.then(format!(" and {more} more")) } else { sentence }
    }
}

/// What is collected over all users.
#[derive(Default)]
struct Tally {
    device_logins: Wanted,
    released: Wanted,
    agents: Wanted,
    primary_groups: Wanted,
    employee_ids: Wanted,
    emails: Wanted,
    untracked: Vec<Piece>,
    tracked: Vec<Piece>,
    renumbered: Vec<Piece>,
    /// Whom somebody has to create, or to look for.
    by_hand: Vec<usize>,
    only_read: OnlyRead,
}

impl ManualWork<'_, '_> {
    /// Takes out of every user what the keys do not carry; answers whom somebody has to create.
    pub(super) fn users(&mut self) -> Vec<usize> {
        let mut users = std::mem::take(&mut self.desired.users);
        let mut tally = Tally::default();
        for (at, user) in users.iter_mut().enumerate() {
            let fit = self.people.resolution.fits[at];
            // A user who is to go is for the orders.
            if fit == Fit::Blocked || user.only_removes() {
                continue;
            }
            let record = match fit {
                Fit::Record(ix) => Some((ix, self.people.observed.user(ix))),
                Fit::New | Fit::Gone | Fit::Blocked | Fit::ByHand | Fit::LeftOut => None,
            };
            let shown = record.map_or_else(|| label(user), |(_, record)| UserLabel::of(record));
            let shown = Piece::from(shown);
            if fit == Fit::New && self.is_closed_to_new(user, &shown, &mut tally.only_read) {
                tally.by_hand.push(at);
                continue;
            }
            if self.is_made_by_hand(user, fit, &shown) {
                tally.by_hand.push(at);
                continue;
            }
            self.fields(user, record, &shown, &mut tally);
            if let Some((_, record)) = record {
                self.only_shown((user, record), &shown, &mut tally.only_read);
            }
        }
        for (ix, said) in &self.people.resolution.ruled {
            let record = self.people.observed.user(*ix);
            turned(said.value, record.tracking, &Piece::from(UserLabel::of(record)), &mut tally);
        }
        self.desired.users = users;
        self.tell(tally)
    }

    /// Whether somebody has to create a user, or to see who it is.
    fn is_made_by_hand(&mut self, user: &DesiredUser, fit: Fit, shown: &Piece) -> bool {
        if fit != Fit::New {
            return false;
        }
        if has_only_logins(user)
            && let Some(family) = self.hidden(Topic::DeviceLogins)
        {
            let what = phrase!["see to ", shown.clone(), ", whom only a device login identifies"];
            self.ask_unseen(user.origin, what, USER, family);
            return true;
        }
        let Some(family) = self.unwritten(Topic::UsersWithoutEmail) else { return false };
        if !user.emails.listed().is_empty() {
            return false;
        }
        let identifiers = user.identifiers().map(|said| Piece::personal(&said.value));
        let mut what = phrase!["create ", shown.clone(), " with "].list(identifiers);
        if user.tracking.declared().is_some_and(|said| said.value == Tracking::Untracked) {
            what = what.then(", untracked");
        }
        self.ask(user.origin, what, "Settings > Users & Groups > Users > Add user", family);
        true
    }

    fn fields(
        &mut self,
        user: &mut DesiredUser,
        record: Option<(UserIx, &ObservedUser)>,
        shown: &Piece,
        tally: &mut Tally,
    ) {
        if self.hidden(Topic::DeviceLogins).is_some() {
            tally.device_logins.add(shown, &std::mem::take(&mut user.device_logins));
            let is_login =
                |released: &Located<Identifier>| matches!(released.value, Identifier::DeviceLogin(_));
            let released: Vec<_> =
                user.releases.iter().filter(|released| is_login(released)).cloned().collect();
            tally.released.add(shown, &released);
            user.releases.retain(|released| !is_login(released));
        }
        if self.hidden(Topic::Agents).is_some() {
            tally.agents.add(shown, &std::mem::take(&mut user.agents));
        }
        if self.hidden(Topic::PrimaryGroups).is_some()
            && let Managed::Set(group) = std::mem::take(&mut user.primary_group)
        {
            tally.primary_groups.add(shown, &[group]);
        }
        if self.hidden(Topic::Writers).is_some() {
            user.adopt.clear();
        }
        let keep = self.people.desired.policy.auto_emails.value == AutoEmails::Keep;
        if self.hidden(Topic::Writers).is_some() && keep {
            self.emails(user, record.map(|(_, record)| record), shown, tally);
        }
        if self.hidden(Topic::MoreEmployeeIds).is_some() {
            employee_ids(user, record.map(|(_, record)| record), shown, tally);
        }
        let before = record.map_or(Tracking::Tracked, |(_, record)| record.tracking);
        if let Some(said) = user.tracking.declared() {
            turned(said.value, before, shown, tally);
        }
    }

    /// An email that is not declared goes only if the account did not add it by itself, and who did is not seen. One that
    /// another entry declares, or this one releases, is somebody's and goes.
    fn emails(
        &self,
        user: &mut DesiredUser,
        record: Option<&ObservedUser>,
        shown: &Piece,
        tally: &mut Tally,
    ) {
        let (Some(record), Members::Exactly(said)) = (record, &mut user.emails) else { return };
        let open = |email: &Email| {
            let key = Key::Address(email.key());
            !said.iter().any(|said| said.value == *email)
                && !user.releases.iter().any(|released| Key::from(&released.value) == key)
                && self.people.resolution.declared.owner(key).is_none()
        };
        let extra = record.emails.iter().filter(|held| held.writer == Writer::Other && open(&held.email));
        let extra: Vec<_> = extra.map(|held| Located::new(held.email.clone(), user.origin)).collect();
        tally.emails.add(shown, &extra);
        said.extend(extra);
    }

    /// Says what was collected.
    fn tell(&mut self, tally: Tally) -> Vec<usize> {
        let Tally {
            device_logins,
            released,
            agents,
            primary_groups,
            employee_ids,
            emails,
            untracked,
            tracked,
            renumbered,
            by_hand,
            only_read,
        } = tally;
        self.tell_of_only_read(only_read);
        for (wanted, topic, words) in [
            (device_logins, Topic::DeviceLogins, "see that device logins are held: "),
            (released, Topic::DeviceLogins, "see that device logins are given up: "),
            (agents, Topic::Agents, "see that agents belong to their users: "),
            (primary_groups, Topic::PrimaryGroups, "see that primary groups are chosen: "),
            (employee_ids, Topic::MoreEmployeeIds, "see that further employee IDs are held: "),
            (emails, Topic::Writers, "remove emails, unless the account added them by itself: "),
        ] {
            if let (Some(origin), Some(family)) = (wanted.origin, self.hidden(topic)) {
                let what = wanted.listed(Phrase::words(words));
                self.ask_unseen(origin, what, USER, family);
            }
        }
        for (mut about, topic, words) in [
            (
                untracked,
                Topic::Agents,
                "whom else the rules on these users hit is not seen, and in no limit or protection",
            ),
            (tracked, Topic::Exclusions, "whether an exclusion still blocks these users is not seen"),
            (
                renumbered,
                Topic::MoreEmployeeIds,
                "employee IDs beyond the first are not seen, and go with the one that is replaced",
            ),
        ] {
            if !about.is_empty() && self.hidden(topic).is_some() {
                about.sort_unstable();
                self.notice(Phrase::words(words), about);
            }
        }
        by_hand
    }
}

/// Notes whose tracking turns.
fn turned(after: Tracking, before: Tracking, shown: &Piece, tally: &mut Tally) {
    match after {
        _ if after == before => {}
        Tracking::Untracked => tally.untracked.push(shown.clone()),
        Tracking::Tracked => tally.tracked.push(shown.clone()),
    }
}

/// Whether nothing but device logins says who a user is.
fn has_only_logins(user: &DesiredUser) -> bool {
    let mut identifiers = user.identifiers();
    user.match_name == NameMatch::Ask
        && identifiers.all(|said| matches!(said.value, Identifier::DeviceLogin(_)))
}

/// Several employee IDs can be neither seen nor kept apart: a new user gets the first, the rest is for somebody.
fn employee_ids(user: &mut DesiredUser, record: Option<&ObservedUser>, shown: &Piece, tally: &mut Tally) {
    let said = user.employee_ids.listed().to_vec();
    let primary = record.and_then(|record| record.employee_ids.first());
    if said.len() < 2 {
        let goes = primary.is_some_and(|held| said.iter().all(|id| id.value != *held));
        if goes && !said.is_empty() && matches!(user.employee_ids, Members::Exactly(_)) {
            tally.renumbered.push(shown.clone());
        }
        return;
    }
    let first = if record.is_none() { Some(said[0].value.clone()) } else { primary.cloned() };
    let rest: Vec<_> = said.iter().filter(|id| Some(&id.value) != first.as_ref()).cloned().collect();
    tally.employee_ids.add(shown, &rest);
    user.employee_ids =
        if record.is_none() { Members::AtLeast(vec![said[0].clone()]) } else { Members::Leave };
}
