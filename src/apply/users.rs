//! Are the users of an uploaded set as the run left them?
//!
//! Source: "Setup Guide: Update Users via CSV", "Validating the Automation": user information, tracking and agents are looked at
//! again. The file names groups only, so nothing of that may have changed.

use std::collections::BTreeSet;

use crate::account::{Polling, Read, ReadError, Scope, Write};
use crate::apply::conduct::Event;
use crate::apply::report::Altered;
use crate::apply::run::Run;
use crate::apply::set::{another_upload, differing};
use crate::model::{
    Difference, DisplayName, Field, HrGroup, Identifier, Observed, ObservedUser, Outcome, Piece, Tracking,
    UserId, UserLabel, UserRef,
};

impl<A: Read + Write, P: FnMut(Event)> Run<'_, A, P> {
    /// Reads the users again and compares those of a set, which the account shows, and of the one before it, with what this run knows
    /// of them. A record that is older than the run has seen it comes from a copy that is behind: it is read again for a time.
    pub(in crate::apply) async fn users_stand(&mut self, before: &[HrGroup], after: &[HrGroup]) -> Outcome {
        let members: BTreeSet<UserId> =
            before.iter().chain(after).flat_map(|group| &group.members).filter_map(known).collect();
        let records: Vec<ObservedUser> =
            members.into_iter().filter_map(|id| self.account.record(id)).collect();
        let mut polling = self.conduct.pace.poll(self.conduct.read_back);
        let (found, set) = loop {
            let (passes, read) = match self.users().await {
                None => return unread("the run was stopped"),
                Some(Err(error)) => (error.may_pass(), Err(error.to_string())),
                Some(Ok(found)) => {
                    let is_behind = records.iter().any(|record| is_older(&found, record));
                    let set = found.hr_set();
                    (is_behind || set != after, Ok((found, set)))
                }
            };
            if !passes || !self.waits(&mut polling).await {
                match read {
                    Ok(read) => break read,
                    Err(error) => return unread(&error),
                }
            }
        };
        for record in &records {
            let found = found.user_ix(record.id).map(|ix| found.user(ix));
            let altered = altered(record, found);
            // The upload gave it another revision; written about the old one, every later step would be refused once.
            if altered.is_empty()
                && let Some(found) = found.filter(|found| found.primary_group == record.primary_group)
            {
                self.account.learn(found);
            }
            self.altered.extend(altered);
        }
        if set != after {
            self.show(after, &set);
            if self.altered.is_empty() {
                return another_upload(&differing(after, &set));
            }
        }
        if self.altered.is_empty() {
            return Outcome::Applied;
        }
        let users: BTreeSet<_> = self.altered.iter().map(|altered| &altered.user).collect();
        Outcome::Mismatched {
            asked: "the set of HR groups and nothing else".to_owned(),
            answered: format!("that set, and other changes of {} of its users", users.len()),
        }
    }

    /// The account as it is read now; nothing where the run has to end.
    async fn users(&mut self) -> Option<Result<Observed, ReadError>> {
        let (account, scope) = (self.account, Scope::default());
        let read = tokio::select! {
            biased;
            () = self.halt.leave() => None,
            read = account.observe(&scope) => Some(read),
        };
        if read.is_none() {
            self.is_stopped();
        }
        read
    }

    /// Waits for the next look; whether there is one.
    async fn waits(&mut self, polling: &mut Polling) -> bool {
        tokio::select! {
            biased;
            () = self.halt.finish() => {
                self.is_stopped();
                false
            }
            time = polling.tick() => time.is_some(),
        }
    }
}

/// Whether a reading shows a record as it was before the run saw it last.
fn is_older(found: &Observed, record: &ObservedUser) -> bool {
    found.user_ix(record.id).is_some_and(|ix| found.user(ix).revision < record.revision)
}

const fn known(member: &UserRef) -> Option<UserId> {
    match *member {
        UserRef::Known(id) => Some(id),
        UserRef::New(_) => None,
    }
}

fn unread(why: &str) -> Outcome {
    Outcome::Unknown(format!("the account shows the set, but its users could not be read again: {why}"))
}

/// What a record has lost, and what of it is another. What it has gained is the account's own doing: agents come online, and
/// bring identifiers along.
fn altered(record: &ObservedUser, found: Option<&ObservedUser>) -> Vec<Altered> {
    let user = UserLabel::of(record);
    let of = |field, expected, found| Altered { user: user.clone(), field, expected, found };
    let Some(found) = found else {
        return vec![of(Field::Existence, Some(Piece::User(user.clone())), None)];
    };
    let piece = |name: Option<DisplayName>| name.map(|name| Piece::personal(&name.as_written()));
    let altered = |difference| match difference {
        Difference::Name { expected, found } => of(Field::Name, piece(expected), piece(found)),
        Difference::Lost(lost) => of(field(&lost), Some(Piece::personal(&lost)), None),
        Difference::Tracking { expected, found } => {
            of(Field::Tracking, Some(word(expected)), Some(word(found)))
        }
        Difference::LostAgent(login) => of(Field::Agent, Some(Piece::personal(&login)), None),
    };
    found.differences_from(record).into_iter().map(altered).collect()
}

const fn field(identifier: &Identifier) -> Field {
    match identifier {
        Identifier::Upn(_) => Field::Upn,
        Identifier::Email(_) => Field::Email,
        Identifier::EmployeeId(_) => Field::EmployeeId,
        Identifier::DeviceLogin(_) => Field::DeviceLogin,
    }
}

fn word(tracking: Tracking) -> Piece {
    match tracking {
        Tracking::Tracked => "tracked".into(),
        Tracking::Untracked => "untracked".into(),
    }
}
