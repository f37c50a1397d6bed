//! Carrying packets out: each is sent, looked at again, and judged step by step.
//!
//! Nothing is believed because it was accepted. There are no revisions: what is written is looked at right before, and what is not as
//! the plan has it is left alone. Nothing is sent more than three times.
//!
//! | step | read back by | answer lost |
//! |---|---|---|
//! | create a user | a search for the username, before and after | sent again if nobody has it |
//! | create a group | the list of groups, before and after, by exact name | sent again if there is none of that name |
//! | rename a group | the list of groups, before and after; all that the group says, before and after | sent again while it has the old name |
//! | describe a group | the list of groups before; all that the group says, before and after | sent again while it says what it did |
//! | set the rules of a group | the list of groups before; all that the group says, before and after, set by set | sent again while it says what it did |
//! | delete a group | the list of groups, before and after, by number and name; nobody may have joined | sent again while it is there, and nobody has joined |
//! | join, leave | the members of the group, before and after; of one that fills itself those put in by hand | sent again for whoever is not there |
//! | activate, deactivate | the list of users, before and after | sent again for whoever is not so |
//!
//! Everything else has no place on the platform, and no plan holds it.

mod changes;
mod groups;
mod members;
mod news;
mod shared;
mod statuses;
mod users;

pub use shared::Writer;

use std::time::Duration;

use crate::account::carry::all;
use crate::account::pack::{Call, Packet};
use crate::account::port::Write;
use crate::model::{ChangeId, Family, GroupRef, Keeper, ObservedUser, Outcome, StepId, UserId};

impl Write for Writer {
    async fn perform(&self, packet: &Packet) -> Vec<(StepId, Outcome)> {
        let (writer, steps) = (&self.sending(packet), &packet.steps);
        let mut outcomes = match packet.call {
            Call::CreateGroups(Keeper::App) => groups::create(writer, steps).await,
            Call::RenameGroups(Keeper::App) => changes::rename(writer, steps).await,
            Call::DescribeGroups => changes::describe(writer, steps).await,
            Call::SetRules => changes::set_rules(writer, steps).await,
            Call::DeleteGroups => groups::delete(writer, steps).await,
            Call::Join(Keeper::App, group) => members::perform(writer, group, steps).await,
            Call::Leave(Keeper::App, group) => members::perform(writer, GroupRef::Known(group), steps).await,
            Call::CreateUser => users::create(writer, steps).await,
            Call::SetStatus(to) => statuses::perform(writer, to, steps).await,
            Call::EditUsers
            | Call::MoveAgent
            | Call::Track(_)
            | Call::AddExclusions
            | Call::RemoveExclusions
            | Call::CreateGroups(Keeper::Scim)
            | Call::RenameGroups(Keeper::Scim)
            | Call::Join(Keeper::Scim, _)
            | Call::Leave(Keeper::Scim, _)
            | Call::AddComputers(_)
            | Call::RemoveComputers(_)
            | Call::SetPrimaryGroups
            | Call::Upload
            | Call::EraseHistory
            | Call::RemoveUser
            | Call::Unblock => {
                all(steps, || Outcome::Failed("not sent: the platform has no place for it".to_owned()))
            }
        };
        outcomes.sort_unstable_by_key(|outcome| outcome.0);
        outcomes
    }

    fn stop(&self) {
        self.client.stop_writing();
    }

    fn hurry(&self) {
        self.patience.hurry();
    }

    fn late(&self) -> Vec<(Family, Duration)> {
        self.patience.longest()
    }

    fn sent(&self) -> usize {
        self.tally.sent()
    }

    fn users(&self) -> Family {
        Family::Learning
    }

    /// Nothing is ever written about a record.
    fn learn(&self, _: &ObservedUser) {}

    fn made(&self, change: ChangeId) -> Option<UserId> {
        self.news.user(change)
    }

    fn record(&self, user: UserId) -> Option<ObservedUser> {
        let read = || self.observed.user_ix(user).map(|ix| self.observed.user(ix).clone());
        self.news.record(user).or_else(read)
    }
}
