//! Is the HR file that an earlier run uploaded still being processed?

use std::fmt::Display;
use std::io;

use jiff::Timestamp;

use crate::account::Read;
use crate::apply::Memory;
use crate::model::{HrGroup, Observed};
use crate::run::ledger::Ledgers;
use crate::run::upload_note::UploadNote;

/// What is known of the last upload, right before the account is read for a plan.
#[derive(Debug)]
pub(crate) enum PendingUpload {
    /// None that could still change anything.
    Nothing,
    /// One whose set the account shows by now.
    Shown(Vec<HrGroup>),
    /// One that a run was about to send at this moment when it was cut off: it never left.
    NeverLeft(Timestamp),
    /// One whose set the account does not show, or nobody can tell; in a sentence, with its set where that is known.
    Something { sentence: String, sent: Option<Vec<HrGroup>> },
}

impl PendingUpload {
    /// Looks for the last upload that a reading has not shown yet.
    pub(crate) async fn look(
        note: &UploadNote,
        ledgers: &Ledgers,
        reader: Result<impl Read, impl Display>,
    ) -> Self {
        let (at, sent) = match note.awaited() {
            Ok(Some(awaited)) => awaited,
            Ok(None) => return Self::Nothing,
            Err(error) => {
                let sentence = format!("what an earlier run uploaded can't be read: {error}");
                return Self::Something { sentence, sent: None };
            }
        };
        if ledgers.never_left(at) {
            return Self::NeverLeft(at);
        }
        let seen = match reader {
            Ok(reader) => reader.hr_slice().await.map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        let why = match seen {
            Ok(seen) if seen == sent => return Self::Shown(sent),
            Ok(_) => "the account does not show its set yet".to_owned(),
            Err(error) => format!("whether the account shows its set can't be told: {error}"),
        };
        let sentence = format!(
            "the HR upload of {} may still be being processed, {why}: what it changes is in no plan (if it was dropped, or others \
             changed these groups since, delete {})",
            at.strftime("%FT%TZ"),
            note.place()
        );
        Self::Something { sentence, sent: Some(sent) }
    }

    /// The same, after the reading that the plan is made of.
    pub(crate) fn after(self, observed: &Observed) -> Self {
        match self {
            Self::Something { sent: Some(sent), .. } if sent == observed.hr_set() => Self::Shown(sent),
            other => other,
        }
    }

    /// Notes that the set was seen, or never sent, for who holds the lock: what others make of it later is none of that upload's.
    pub(crate) fn note(&self, note: &UploadNote) -> io::Result<()> {
        match self {
            Self::Shown(set) => note.verified(set),
            Self::NeverLeft(_) => note.forget(),
            Self::Nothing | Self::Something { .. } => Ok(()),
        }
    }

    /// What a run has to wait for that does not upload anything itself.
    pub(crate) fn awaited(&self) -> Option<String> {
        match self {
            Self::Something { sentence, .. } => Some(sentence.clone()),
            Self::Nothing | Self::Shown(_) | Self::NeverLeft(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{GroupId, GroupName, GroupSource, ObservedGroup, ObservedUser, UserId, UserRef};

    #[test]
    fn an_upload_that_the_reading_of_the_plan_shows_is_no_longer_awaited() {
        let name = GroupName::observed("Office 1");
        let group = ObservedGroup::new(GroupId(1), name.clone(), GroupSource::Hr);
        let users = vec![ObservedUser::new(UserId(7)), ObservedUser::new(UserId(8))];
        let observed = Observed::new(users, vec![group], &[(GroupId(1), UserId(8))], Vec::new(), Vec::new());
        let sent = |member| {
            let group = HrGroup { name: name.clone(), members: vec![UserRef::Known(UserId(member))] };
            PendingUpload::Something { sentence: "an upload".to_owned(), sent: Some(vec![group]) }
        };
        assert_eq!(sent(8).after(&observed).awaited(), None);
        assert_eq!(sent(7).after(&observed).awaited().as_deref(), Some("an upload"));
    }
}
