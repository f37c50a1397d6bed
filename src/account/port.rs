//! What can be asked of an account, and what be written to it?

use std::future::Future;
use std::time::Duration;

use jiff::Timestamp;

use crate::account::error::ReadError;
use crate::account::pack::Packet;
use crate::model::{
    Asked, AuditEntry, ChangeId, Family, GroupId, GroupName, HrGroup, Observed, ObservedUser, Outcome,
    StepId, UserId,
};

/// What is read beyond users, groups, memberships and exclusions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// Whose computers are read.
    pub computers: Computers,
    /// The account that must answer; another one is an error.
    pub account: Option<u64>,
    /// What manifests look at besides.
    pub asked: Asked,
}

/// The groups whose computers are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Computers {
    /// Those of these names; with none, no computer is read at all.
    Of(Vec<GroupName>),
    /// All of them.
    OfEveryGroup,
}

impl Default for Computers {
    fn default() -> Self {
        Self::Of(Vec::new())
    }
}

impl Computers {
    /// Whether the computers of a group are read.
    pub(in crate::account) fn of(&self, group: &GroupName) -> bool {
        match self {
            Self::Of(named) => named.contains(group),
            Self::OfEveryGroup => true,
        }
    }
}

/// Reading an account. Nothing here can change it.
pub trait Read {
    /// Reads the whole account, or fails: what comes back is proved complete.
    fn observe(&self, scope: &Scope) -> impl Future<Output = Result<Observed, ReadError>> + Send;

    /// Checks the members of these groups against a count that the account makes independently.
    fn prove(
        &self,
        observed: &Observed,
        groups: &[GroupId],
    ) -> impl Future<Output = Result<(), ReadError>> + Send;

    /// Every HR-sourced group with its members, sorted by name: read right before an upload, and while waiting for it.
    fn hr_slice(&self) -> impl Future<Output = Result<Vec<HrGroup>, ReadError>> + Send;

    /// The same but for those of these names, sorted: cheaper than all while waiting for some, and shows what nobody waits for.
    fn hr_groups_but(
        &self,
        names: &[GroupName],
    ) -> impl Future<Output = Result<Vec<HrGroup>, ReadError>> + Send;

    /// What the account's audit log has since a moment, all of it. Nothing of a plan depends on it.
    fn audit_log(&self, since: Timestamp) -> impl Future<Output = Result<Vec<AuditEntry>, ReadError>> + Send;
}

/// Writing to an account.
pub trait Write {
    /// Sends a packet, reads it back, and says what became of each of its steps, in their order.
    ///
    /// Steps of packets that run at the same time may touch the same record: they wait for one another.
    /// An upload comes back `Pending` when it was accepted, or `Unknown` when the answer was lost: in both cases
    /// [`Read::hr_slice`] shows what became of it.
    fn perform(&self, packet: &Packet) -> impl Future<Output = Vec<(StepId, Outcome)>> + Send;

    /// Sends no more writes: those that wait for their turn, or to be tried again, fail unsent. What is under way is still looked
    /// at.
    fn stop(&self);

    /// Waits for nothing any more: what was written is looked at once more, and is unknown where it does not show.
    fn hurry(&self) {}

    /// How late the reads of the account showed its writes, at most, by family; none where they showed them at once.
    fn late(&self) -> Vec<(Family, Duration)> {
        Vec::new()
    }

    /// Writes that left so far, each attempt by itself; those that the account certainly did not take are not counted.
    fn sent(&self) -> usize;

    /// The family by which users are written: it decides how many go into one request.
    fn users(&self) -> Family {
        Family::Identity
    }

    /// Takes a record as it was read just now: what is written next is written about that.
    fn learn(&self, record: &ObservedUser);

    /// The record that this writer made for a change that creates a user; none before it is made.
    fn made(&self, change: ChangeId) -> Option<UserId>;

    /// A record as this writer saw it last: in the reading it was made with, or when it read its own writes back.
    fn record(&self, user: UserId) -> Option<ObservedUser>;
}
