//! Who and what is in a group?

use std::collections::BTreeSet;

use crate::account::activtrak::writer::collateral;
use crate::account::activtrak::writer::shared::Writer;
use crate::account::error::ReadError;
use crate::model::{ComputerId, GroupId, UserId};

/// Who and what is in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shape {
    /// The users; nothing where the keys don't show them.
    users: Option<BTreeSet<UserId>>,
    /// The computers.
    pub(super) computers: BTreeSet<ComputerId>,
}

impl Shape {
    /// What a later look at the group lacks, but for what this run takes out of it.
    pub(super) fn lost(&self, writer: &Writer, group: GroupId, now: &Self) -> Option<String> {
        let users = collateral::of_members(writer, group, self.users.as_ref(), now.users.as_ref());
        collateral::both(users, collateral::of_computers(writer, group, &self.computers, &now.computers))
    }
}

impl Writer {
    /// Who and what is in an app group.
    pub(super) async fn shape_now(&self, group: GroupId) -> Result<Shape, ReadError> {
        let (users, computers) = (self.members_now(group).await?, self.computers_now(group).await?);
        Ok(Shape { users, computers })
    }
}
