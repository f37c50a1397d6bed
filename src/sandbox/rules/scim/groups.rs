//! What SCIM does to groups (developer portal, "SCIM": POST, PUT, PATCH and DELETE of /scim/v1/groups): those it made are
//! its own, the rest it only shows.

use jiff::Timestamp;
use serde::Deserialize;

use crate::sandbox::rules::groups::valid_name;
use crate::sandbox::rules::refusal::Refusal;
use crate::sandbox::rules::scim::patch::{GroupOp, Valued, user_id};
use crate::sandbox::seed::{GroupId, GroupSource, UserId};
use crate::sandbox::state::State;

/// A group as POST and PUT describe it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GroupBody {
    display_name: Option<String>,
    members: Option<Vec<Valued>>,
}

impl State {
    /// Makes a group, without members: they are not accepted here (POST /scim/v1/groups).
    ///
    /// # Errors
    /// There is no name, it is taken, or members are given.
    pub(crate) fn scim_create_group(&mut self, body: &GroupBody) -> Result<GroupId, Refusal> {
        let name = body.display_name.as_deref().ok_or_else(|| Refusal::invalid("displayName is required"))?;
        if body.members.as_ref().is_some_and(|members| !members.is_empty()) {
            return Err(Refusal::invalid("members can't be given when a group is created"));
        }
        valid_name(name)?;
        self.no_other_called(name, None)?;
        Ok(self.add_group(name, GroupSource::Scim))
    }

    /// Replaces a group, members included: nobody named, nobody in it (PUT /scim/v1/groups/{id}).
    ///
    /// # Errors
    /// As `scim_patch_group`.
    pub(crate) fn scim_replace_group(
        &mut self,
        id: GroupId,
        body: &GroupBody,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let members = body.members.iter().flatten().map(|member| user_id(&member.value));
        let members = GroupOp::Set(members.collect::<Result<Vec<_>, _>>()?);
        let rename = body.display_name.clone().map(GroupOp::Rename);
        self.scim_patch_group(id, &rename.into_iter().chain([members]).collect::<Vec<_>>(), now)
    }

    /// Carries a PATCH of a group out.
    ///
    /// # Errors
    /// The group is unknown or of another source, a member unknown, or the new name taken: then nothing is changed.
    pub(crate) fn scim_patch_group(
        &mut self,
        id: GroupId,
        ops: &[GroupOp],
        now: Timestamp,
    ) -> Result<(), Refusal> {
        self.scim_group(id)?;
        for op in ops {
            match op {
                GroupOp::Rename(name) => {
                    valid_name(name)?;
                    self.no_other_called(name, Some(id))?;
                }
                GroupOp::Add(members) | GroupOp::Set(members) | GroupOp::Remove(Some(members)) => {
                    if let Some(unknown) = members.iter().find(|member| self.user(**member).is_none()) {
                        return Err(Refusal::Invalid(format!("{unknown} is no user")));
                    }
                }
                GroupOp::Remove(None) => {}
            }
        }
        for op in ops {
            match op {
                GroupOp::Rename(name) => self.rename_group(id, name),
                GroupOp::Add(members) => self.turn_all(id, members, now, |groups| groups.push(id)),
                GroupOp::Set(members) => {
                    let all = self.group(id).map(|entry| entry.members.clone()).unwrap_or_default();
                    let others: Vec<UserId> = all.into_iter().filter(|it| !members.contains(it)).collect();
                    self.turn_all(id, &others, now, |groups| groups.retain(|group| *group != id));
                    self.turn_all(id, members, now, |groups| groups.push(id));
                }
                GroupOp::Remove(members) => {
                    let all = || self.group(id).map(|entry| entry.members.clone()).unwrap_or_default();
                    let members = members.clone().unwrap_or_else(all);
                    self.turn_all(id, &members, now, |groups| groups.retain(|group| *group != id));
                }
            }
        }
        Ok(())
    }

    /// Deletes a group; its users stay (DELETE /scim/v1/groups/{id}).
    ///
    /// # Errors
    /// The group is unknown or of another source.
    pub(crate) fn scim_delete_group(&mut self, id: GroupId) -> Result<(), Refusal> {
        self.scim_group(id)?;
        self.remove_group(id);
        Ok(())
    }

    /// A group that SCIM made, and so may change.
    fn scim_group(&self, id: GroupId) -> Result<(), Refusal> {
        let entry = self.group(id).ok_or_else(|| Refusal::NotFound(format!("group {id}")))?;
        match entry.group.source {
            GroupSource::Scim => Ok(()),
            other => Err(Refusal::Invalid(format!(
                "group {id} is managed by {} and read-only here",
                other.type_name()
            ))),
        }
    }

    fn no_other_called(&self, name: &str, own: Option<GroupId>) -> Result<(), Refusal> {
        match self.groups_named(name).iter().find(|holder| Some(**holder) != own) {
            Some(holder) => Err(Refusal::Conflict(format!("group {holder} is called {name:?} already"))),
            None => Ok(()),
        }
    }

    /// Changes the groups of users; one who is where they should be already is not written.
    fn turn_all(
        &mut self,
        group: GroupId,
        members: &[UserId],
        now: Timestamp,
        turn: impl Fn(&mut Vec<GroupId>),
    ) {
        for member in members {
            let Some(user) = self.user(*member) else { continue };
            let mut user = user.clone();
            let before = user.groups.contains(&group);
            turn(&mut user.groups);
            if user.groups.contains(&group) != before {
                user.primary_group = user.primary_group.filter(|primary| user.groups.contains(primary));
                self.store(user, now);
            }
        }
    }
}
