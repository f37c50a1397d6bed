//! What do all writes share: the connection, what is known of the account, and what is seen of it now?

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value};
use tokio::sync::Mutex;

use crate::account::collateral::{called, lost_groups, several};
use crate::account::docebo::authorized::AuthorizedClient;
use crate::account::docebo::conditions;
use crate::account::docebo::connection::{Connection, NewUsers};
use crate::account::docebo::facts::RULES;
use crate::account::docebo::wire::{Group, Member};
use crate::account::docebo::write::Ways;
use crate::account::docebo::writer::news::News;
use crate::account::docebo::{gate, observe, read};
use crate::account::error::ReadError;
use crate::account::pack::Packet;
use crate::account::patience::Patience;
use crate::account::port::{Read, Scope};
use crate::account::tally::Tally;
use crate::http::{self, Client, Errand, Witness};
use crate::model::{
    AuditEntry, GroupId, GroupName, HrGroup, Observed, Population, RuleSet, UserField, UserId, Username,
};

/// Writes to an account. Made only to apply a plan.
#[derive(Debug, Clone)]
pub struct Writer {
    pub(super) client: Arc<AuthorizedClient>,
    pub(super) observed: Arc<Observed>,
    pub(super) news: Arc<News>,
    pub(super) ways: Arc<Ways>,
    pub(super) tally: Arc<Tally>,
    pub(super) patience: Arc<Patience>,
    /// Whose turn it is to send a batch.
    pub(super) batches: Arc<Mutex<()>>,
    pub(super) how: (Username, NewUsers),
}

impl Writer {
    /// A writer that starts from a reading of the account.
    pub fn new(connection: &Connection, observed: Arc<Observed>) -> Result<Self, http::Error> {
        let Connection { endpoint, proxy, credentials, pace, limiter, username, new_users } = connection;
        let client =
            Client::new(endpoint.clone(), proxy.clone(), gate::reads_and_writes(), *pace, limiter.clone())?;
        let client = Arc::new(AuthorizedClient::new(client, credentials.clone()));
        let patience = Arc::new(Patience::new(Duration::ZERO, *pace));
        let (news, ways, tally, batches) = (Arc::default(), Arc::default(), Arc::default(), Arc::default());
        Ok(Self { client, observed, news, ways, tally, patience, batches, how: (*username, *new_users) })
    }

    /// The same writer, that looks for a write as long as this before it counts as not done. Without, the first look counts.
    #[must_use]
    pub fn patient(self, limit: Duration) -> Self {
        let pace = self.client.pace();
        Self { patience: Arc::new(Patience::new(limit, pace)), ..self }
    }

    /// The same writer, with somebody who is told of every write by the packet that it is for.
    #[must_use]
    pub fn witnessed(self, witness: Arc<dyn Witness>) -> Self {
        Self { tally: Arc::new(Tally::telling(witness)), ..self }
    }

    /// The writer that sends a packet.
    pub(super) fn sending(&self, packet: &Packet) -> Self {
        let witness = Arc::clone(&self.tally) as Arc<dyn Witness>;
        let client = Arc::new(self.client.on(Errand { witness, number: packet.number() }));
        Self { client, ..self.clone() }
    }

    /// Every group, which is learnt: what is not among them is gone.
    pub(super) async fn groups_now(&self) -> Result<Vec<Group>, ReadError> {
        let groups = read::groups(&self.client).await?;
        self.news.list(&groups);
        Ok(groups)
    }

    /// Who is in a group, but for those of whom the account says that its rules match them.
    pub(super) async fn put_in_now(&self, group: &Group) -> Result<BTreeSet<UserId>, ReadError> {
        let members = read::users_of(&self.client, group).await?;
        let put_in = |member: &&Member| member.by != Some(Population::Automatic);
        Ok(members.iter().filter(put_in).map(|member| member.user).collect())
    }

    /// Who is in a group because somebody put them there: everybody, where it does not fill itself.
    pub(super) async fn by_hand_now(&self, group: &Group) -> Result<BTreeSet<UserId>, ReadError> {
        let members = read::users_of(&self.client, group).await?;
        let by_hand = |member: &&Member| group.is_manual() || member.by == Some(Population::Manual);
        Ok(members.iter().filter(by_hand).map(|member| member.user).collect())
    }

    /// By which rules a group fills itself.
    pub(super) async fn rules_now(&self, group: &Group) -> Result<RuleSet, ReadError> {
        Ok(self.rules_in(&read::whole_group(&self.client, &group.uuid).await?))
    }

    /// The rules that a group says.
    pub(super) fn rules_in(&self, whole: &Map<String, Value>) -> RuleSet {
        rules_in(whole, &self.observed.details.fields)
    }

    /// Rules as the account writes them; none where no group of it shows how.
    pub(super) fn written(&self, rules: &RuleSet) -> Option<Value> {
        conditions::written(rules, &self.observed.conditions)
    }

    /// Whether a group is populated as it was when the account was read.
    pub(super) fn is_as_read(&self, group: &Group) -> bool {
        let read = self.observed.group_ix(group.id).map(|ix| &self.observed.group(ix).source);
        read.map_or(group.is_known(), |source| group.is_known() && *source == group.observed().source)
    }

    /// Who was in a group when the account was read.
    pub(super) fn members_read(&self, group: GroupId) -> BTreeSet<UserId> {
        let ix = self.observed.group_ix(group);
        let members = ix.into_iter().flat_map(|ix| self.observed.members(ix));
        members.map(|user| self.observed.user(user).id).collect()
    }

    /// Which groups are gone or called otherwise, but for those that this run deletes and renames.
    pub(super) fn lost_groups(&self, before: &[Group], after: &[Group]) -> Option<String> {
        let others = before.iter().filter(|group| !self.news.is_taken(group.id));
        lost_groups(
            others.map(|group| (group.id, &*group.name)),
            after.iter().map(|now| (now.id, &*now.name)),
        )
    }

    /// Who is in a group or out of it whom this run does not move.
    pub(super) fn moved_besides(
        &self,
        group: GroupId,
        before: &BTreeSet<UserId>,
        after: &BTreeSet<UserId>,
    ) -> Option<String> {
        let besides = |user: &&UserId| !self.news.is_moved(group, **user);
        let gone = before.difference(after).filter(besides);
        let gone = gone.map(|user| format!("{} is out of the group", self.called(*user)));
        let come = after.difference(before).filter(besides);
        let come = come.map(|user| format!("{} is in the group", self.called(*user)));
        several(gone.chain(come).collect())
    }

    /// What a user goes by.
    pub(super) fn called(&self, user: UserId) -> String {
        called(self.observed.user_ix(user).map(|ix| self.observed.user(ix)), user)
    }
}

/// The rules that a group says, where users have these fields.
pub(super) fn rules_in(whole: &Map<String, Value>, fields: &[UserField]) -> RuleSet {
    conditions::read(whole.get(RULES).unwrap_or(&Value::Null), fields)
}

impl Read for Writer {
    async fn observe(&self, scope: &Scope) -> Result<Observed, ReadError> {
        observe::observe(&self.client, self.how, &scope.asked).await
    }

    async fn prove(&self, observed: &Observed, groups: &[GroupId]) -> Result<(), ReadError> {
        observe::prove(&self.client, observed, groups).await
    }

    /// There are none.
    async fn hr_slice(&self) -> Result<Vec<HrGroup>, ReadError> {
        Ok(Vec::new())
    }

    async fn hr_groups_but(&self, _: &[GroupName]) -> Result<Vec<HrGroup>, ReadError> {
        Ok(Vec::new())
    }

    async fn audit_log(&self, _: Timestamp) -> Result<Vec<AuditEntry>, ReadError> {
        Err(ReadError::NoAuditLog)
    }
}
