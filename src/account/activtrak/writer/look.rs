//! What does the account show right now? Every look proves what it shows; what can't be proved is no look.

use std::collections::BTreeSet;

use crate::account::activtrak::admin::{self, ListedGroup};
use crate::account::activtrak::identity::{self, Terms};
use crate::account::activtrak::returned::Returned;
use crate::account::activtrak::scim;
use crate::account::activtrak::writer::shared::Writer;
use crate::account::error::ReadError;
use crate::account::sent::Reply;
use crate::model::{
    ComputerId, Family, GroupId, Identifier, ObservedExclusion, ObservedUser, Outcome, Topic, UserId,
};

impl Writer {
    /// A record by its number, which is learnt; nothing if the account says that it is gone.
    pub(super) async fn record_now(&self, id: UserId) -> Result<Option<ObservedUser>, ReadError> {
        match identity::record(&self.client, id).await? {
            Some(shown) => self.whole(shown).map(Some),
            None => Ok(None),
        }
    }

    /// Every record that holds one of the identifiers, learnt.
    pub(super) async fn holders_now(
        &self,
        identifiers: impl IntoIterator<Item = Identifier>,
    ) -> Result<Vec<ObservedUser>, ReadError> {
        let mut terms = Terms::default();
        for identifier in identifiers {
            terms.push(&identifier);
        }
        let found = identity::search(&self.client, &terms).await?;
        found.into_iter().map(|shown| self.whole(shown)).collect()
    }

    /// A record as SCIM shows it; not learnt, as nothing tells which of two looks is the newer.
    pub(super) async fn scim_record_now(&self, id: UserId) -> Result<Option<ObservedUser>, ReadError> {
        match scim::record(&self.client, id).await? {
            Some(shown) => Ok(Some(shown.beside(self.directory.record(id).as_ref())?)),
            None => Ok(None),
        }
    }

    fn whole(&self, shown: Returned) -> Result<ObservedUser, ReadError> {
        let seen = self.directory.record(shown.user.id);
        let record = shown.beside(seen.as_ref())?;
        self.directory.learn(&record);
        Ok(record)
    }

    /// Every group, as many as the account counts, where it counts them: what is not among them is gone.
    pub(super) async fn groups_now(&self) -> Result<Vec<ListedGroup>, ReadError> {
        Ok(admin::groups_proved(&self.client).await?.0)
    }

    /// Every global rule, as many as the account counts.
    pub(super) async fn rules_now(&self) -> Result<Vec<ObservedExclusion>, ReadError> {
        identity::exclusions(&self.client).await
    }

    /// Who is in a group; nothing where the keys don't show it.
    pub(super) async fn members_now(&self, group: GroupId) -> Result<Option<BTreeSet<UserId>>, ReadError> {
        if self.directory.hides(Topic::Members) {
            return Ok(None);
        }
        let members = match self.users {
            Family::Scim => scim::group(&self.client, group).await?.and_then(|group| group.members),
            Family::Identity | Family::Admin | Family::Hrdc | Family::Learning | Family::Lists => {
                Some(identity::member_ids(&self.client, group).await?)
            }
        };
        Ok(members.map(|members| members.into_iter().collect()))
    }

    /// The computers of an app group.
    pub(super) async fn computers_now(&self, group: GroupId) -> Result<BTreeSet<ComputerId>, ReadError> {
        Ok(admin::group_computers(&self.client, group).await?.into_iter().collect())
    }

    /// What became of a write of which there is nothing to be seen, however long it was looked for.
    pub(super) fn unseen(&self, reply: Reply, asked: impl Into<String>, shown: impl Into<String>) -> Outcome {
        self.patience.unseen(reply, asked, shown)
    }
}
