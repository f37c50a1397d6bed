//! Carrying packets out: each is sent, looked at again, and judged step by step.
//!
//! Nothing is believed because it was accepted, and no answer to a write is a reading. A write whose answer was lost is looked for
//! before it is sent again; a stale revision is read again and tried again while the facts that the step edits still stand.
//!
//! What is read back is proved like what is read first (`look`, `shown`): the record that was asked for, whole; lists that are as
//! long as they are counted; and gone is only what the account itself says is gone. The reads of an account may come from copies
//! that are behind, so what is as it was before a write is looked at again for a time (`patience`); what is neither as before nor as
//! asked is a mismatch at once. And a write may do more than it is asked: the whole record or group is compared with what the step
//! should leave (`collateral`).
//!
//! How each kind of step is read back, and what becomes of it where the answer was lost (a 5xx, no answer, an unreadable one) or
//! the account refused it for its revision (409, or a failure inside a 200 or 207). Nothing is sent more than three times.
//!
//! | step | read back by | answer lost | refused as stale |
//! |---|---|---|---|
//! | create a user | the record by its number | searched for by every identifier; sent again if nobody has one | |
//! | the same by SCIM | the record by its number; searched for before, as a POST updates whoever is found | as above | |
//! | edit, track | the record: by a search, or by its number | sent again while the values are those of the plan | the same |
//! | the same by SCIM | the record right before and right after | sent again if it is as it was before | there are no revisions: left alone unless it is as it was seen last |
//! | primary group | the record by its number | sent again while the choice is the one that was seen last | the same |
//! | move an agent | both records | never sent again | sent again while the old user has it |
//! | add an exclusion | the list of rules, before and after | sent again: one that is there is answered as a duplicate | |
//! | remove an exclusion, lift a block | the list of rules, before and after | sent again while the rule is there, by the same number and login | |
//! | create a group | the list of groups, before and after, by exact name | sent again if there is none | |
//! | rename a group | the list of groups, before and after, by number and name; who and what is in it, before and after | sent again while it has the old name | |
//! | delete a group | the list of groups, before and after, by number and name | sent again while it is there by the old name | |
//! | rename a SCIM group | the group, before and after | sent again while it has the old name | |
//! | join, leave | the members of the group, before and after | sent again for whoever is not there | the record is read, and it is sent again |
//! | computers of a group | who and what is in the group, before and after | sent again for whichever is not there | |
//! | erase history | the record right before and right after | sent again only at the same revision with no agent deleted | sent again while the record is the reviewed one |
//! | remove a user | the record right before and right after, a search for what it held, then the rules until they show, which are lifted after that where the order says so | sent again while the record is the reviewed one | the same |
//! | upload | the HR groups until they show the set, then its users (`crate::apply`) | never sent again, by no run: what it made is waited for | |

mod agents;
mod by_scim;
mod collateral;
mod computers;
mod create;
mod doomed;
mod exclusions;
mod groups;
mod look;
mod members;
mod moving;
mod orders;
mod primary;
mod renames;
mod scim_groups;
mod shape;
mod shared;
mod snapshot;
mod users;

pub use shared::Writer;

use std::time::Duration;

use crate::account::carry::all;
use crate::account::pack::{Call, Packet};
use crate::account::port::Write;
use crate::model::{ChangeId, Family, GroupRef, Keeper, ObservedUser, Outcome, StepId, UserId, UserRef};

impl Write for Writer {
    async fn perform(&self, packet: &Packet) -> Vec<(StepId, Outcome)> {
        let (writer, steps) = (&self.sending(packet), &packet.steps);
        let mut outcomes = match packet.call {
            Call::CreateUser if writer.users == Family::Scim => by_scim::create(writer, steps).await,
            Call::EditUsers | Call::Track(_) if writer.users == Family::Scim => {
                by_scim::edit(writer, steps).await
            }
            Call::CreateUser => create::perform(writer, steps).await,
            Call::MoveAgent => agents::perform(writer, steps).await,
            Call::EditUsers | Call::Track(_) => users::perform(writer, steps).await,
            Call::AddExclusions => exclusions::add(writer, steps).await,
            Call::RemoveExclusions => exclusions::remove(writer, steps).await,
            Call::CreateGroups(Keeper::App) => groups::create(writer, steps).await,
            Call::CreateGroups(Keeper::Scim) => scim_groups::create(writer, steps).await,
            Call::RenameGroups(Keeper::App) => renames::rename(writer, steps).await,
            Call::RenameGroups(Keeper::Scim) => scim_groups::rename(writer, steps).await,
            Call::DescribeGroups | Call::SetRules => {
                all(steps, || Outcome::Failed("not sent: the account has no place for it".to_owned()))
            }
            Call::DeleteGroups => doomed::delete(writer, steps).await,
            Call::Join(Keeper::App, group) => members::perform(writer, group, steps).await,
            Call::Leave(Keeper::App, group) => members::perform(writer, GroupRef::Known(group), steps).await,
            Call::Join(Keeper::Scim, group) => scim_groups::members(writer, group, steps).await,
            Call::Leave(Keeper::Scim, group) => {
                scim_groups::members(writer, GroupRef::Known(group), steps).await
            }
            Call::AddComputers(group) => computers::perform(writer, group, steps).await,
            Call::RemoveComputers(group) => computers::perform(writer, GroupRef::Known(group), steps).await,
            Call::EraseHistory | Call::RemoveUser | Call::Unblock => orders::perform(writer, steps).await,
            Call::SetPrimaryGroups => primary::choose(writer, steps).await,
            Call::Upload => snapshot::upload(writer, steps).await,
            Call::SetStatus(_) => {
                all(steps, || Outcome::Failed("not sent: the account has no place for it".to_owned()))
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
        self.users
    }

    fn learn(&self, record: &ObservedUser) {
        self.directory.learn(record);
    }

    fn made(&self, change: ChangeId) -> Option<UserId> {
        self.directory.user(UserRef::New(change))
    }

    fn record(&self, user: UserId) -> Option<ObservedUser> {
        self.directory.record(user)
    }
}
