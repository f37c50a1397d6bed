//! What SCIM does to users (developer portal, "SCIM": POST, PUT, PATCH and DELETE of /scim/v1/users): no revisions, the last
//! writer wins. Device logins and primary groups do not exist here, agents only as what `active: false` erases.

mod groups;
mod patch;

pub(crate) use groups::GroupBody;
pub(crate) use patch::{PatchOp, Paths, equals};

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::sandbox::rules::bulk::delete_data;
use crate::sandbox::rules::field_edits::{FieldEdit, FieldEdits};
use crate::sandbox::rules::refusal::Refusal;
use crate::sandbox::rules::scim::patch::{Ids, UserOp, Valued};
use crate::sandbox::seed::{Sourced, User, UserId};
use crate::sandbox::state::{State, same};

/// How long deleted agents can be brought back by `active: true`.
const RESTORABLE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A user as POST and PUT describe it. Read-only members are accepted and mean nothing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UserBody {
    display_name: Option<String>,
    emails: Option<Vec<Valued>>,
    #[serde(rename = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User")]
    enterprise: Option<Enterprise>,
    #[serde(rename = "urn:ietf:params:scim:schemas:extension:activtrak:2.0:User")]
    activtrak: Option<Activtrak>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Enterprise {
    employee_number: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Activtrak {
    user_principal_names: Option<Vec<String>>,
}

impl UserBody {
    fn emails(&self) -> Vec<String> {
        self.emails.iter().flatten().map(|email| email.value.clone()).collect()
    }

    fn upns(&self) -> Vec<String> {
        self.activtrak.iter().filter_map(|it| it.user_principal_names.clone()).flatten().collect()
    }

    fn employee_number(&self) -> Option<String> {
        self.enterprise.iter().find_map(|it| it.employee_number.clone())
    }

    fn ops(&self) -> Vec<UserOp> {
        let name = self.display_name.clone().map(UserOp::DisplayName);
        let id = self.employee_number().map(|id| UserOp::EmployeeId(Ids::Add(id)));
        let lists = [UserOp::AddUpns(self.upns()), UserOp::AddEmails(self.emails())];
        name.into_iter().chain(lists).chain(id).collect()
    }
}

impl State {
    /// Creates a user, or applies the body to the one who holds any of its identifiers (POST /scim/v1/users).
    ///
    /// # Errors
    /// There is no email, two users hold identifiers of the body, or the display name is somebody else's.
    pub(crate) fn upsert(&mut self, body: &UserBody, now: Timestamp) -> Result<UserId, Refusal> {
        if body.emails().is_empty() {
            return Err(Refusal::invalid("emails is required"));
        }
        let addresses = body.emails().into_iter().chain(body.upns());
        let mut holders: Vec<UserId> = addresses.filter_map(|value| self.holder_of_address(&value)).collect();
        holders.extend(body.employee_number().and_then(|id| self.holder_of_employee_id(&id)));
        holders.sort_unstable();
        holders.dedup();
        let named = body.display_name.as_ref().and_then(|name| self.holder_of_display_name(name));
        if let Some(other) = named.filter(|holder| holders.first() != Some(holder)) {
            return Err(Refusal::Conflict(format!("the display name belongs to user {other}")));
        }
        match holders[..] {
            [] => {
                let mut draft = User::new(UserId(0));
                self.do_to(&mut draft, &body.ops(), now)?;
                Ok(self.add_user(now, |user| {
                    *user = User { id: user.id, created: user.created, updated: user.updated, ..draft }
                }))
            }
            [id] => self.patch_user(id, &body.ops(), now).map(|()| id),
            [one, two, ..] => Err(Refusal::Conflict(format!("users {one} and {two} hold what is given"))),
        }
    }

    /// Replaces what SCIM shows of a user (PUT /scim/v1/users/{id}): what is left out goes.
    ///
    /// # Errors
    /// The user is unknown, or a value is somebody else's.
    pub(crate) fn replace(&mut self, id: UserId, body: &UserBody, now: Timestamp) -> Result<(), Refusal> {
        let mut user = self.scim_user(id)?.clone();
        user.display_name = None;
        user.upns.clear();
        user.emails.clear();
        user.employee_ids.clear();
        self.do_to(&mut user, &body.ops(), now)?;
        self.put(user, now)
    }

    /// Carries a PATCH out: all of its operations or none (PATCH /scim/v1/users/{id}).
    ///
    /// # Errors
    /// The user is unknown, an operation is none, a value is somebody else's, or no identifier would be left.
    pub(crate) fn patch_user(&mut self, id: UserId, ops: &[UserOp], now: Timestamp) -> Result<(), Refusal> {
        let mut user = self.scim_user(id)?.clone();
        self.do_to(&mut user, ops, now)?;
        self.put(user, now)
    }

    /// Untracks a user and deletes the agents (DELETE /scim/v1/users/{id}); the record stays.
    ///
    /// # Errors
    /// The user is unknown.
    pub(crate) fn deactivate(&mut self, id: UserId, now: Timestamp) -> Result<(), Refusal> {
        self.patch_user(id, &[UserOp::Active(false)], now)
    }

    fn scim_user(&self, id: UserId) -> Result<&User, Refusal> {
        self.user(id).ok_or_else(|| Refusal::NotFound(format!("user {id}")))
    }

    fn put(&mut self, user: User, now: Timestamp) -> Result<(), Refusal> {
        if user.display_id().is_none() {
            return Err(Refusal::invalid("the last identifier of a user can't be removed"));
        }
        self.store(user, now);
        Ok(())
    }

    fn do_to(&self, user: &mut User, ops: &[UserOp], now: Timestamp) -> Result<(), Refusal> {
        for op in ops {
            match op {
                UserOp::Active(false) => {
                    user.tracked = false;
                    delete_data(user, now);
                }
                UserOp::Active(true) => restore(user, now),
                UserOp::EmployeeId(ids) => self.number(user, ids)?,
                UserOp::DisplayName(_)
                | UserOp::Tracking(_)
                | UserOp::AddEmails(_)
                | UserOp::RemoveEmails(_)
                | UserOp::AddUpns(_)
                | UserOp::RemoveUpns(_) => self.edit(user, edits(op, user))?,
            }
        }
        Ok(())
    }

    /// The employee number is a view of a list: `replace` leaves one, `add` puts one first, `remove` takes the first.
    fn number(&self, user: &mut User, ids: &Ids) -> Result<(), Refusal> {
        match ids {
            Ids::Replace(id) => {
                user.employee_ids.retain(|held| held.value == *id);
                self.edit(user, employee_id(id))
            }
            Ids::Add(id) => {
                self.edit(user, employee_id(id))?;
                let at = user.employee_ids.iter().position(|held| held.value == *id).unwrap_or_default();
                user.employee_ids[..=at].rotate_right(1);
                Ok(())
            }
            Ids::Remove => {
                user.employee_ids.drain(..1.min(user.employee_ids.len()));
                Ok(())
            }
        }
    }
}

/// Tracks a user again and brings back the agents that are not purged yet.
fn restore(user: &mut User, now: Timestamp) {
    user.tracked = true;
    let (back, purged) = std::mem::take(&mut user.deleted_agents)
        .into_iter()
        .partition(|agent| agent.deleted.is_some_and(|deleted| now.duration_since(deleted) <= RESTORABLE));
    user.deleted_agents = purged;
    user.agents
        .extend(Vec::into_iter(back).map(|agent| crate::sandbox::seed::Agent { deleted: None, ..agent }));
}

fn employee_id(id: &str) -> FieldEdits {
    let mut edits = FieldEdits::default();
    edits.employee_ids = Some(vec![added(id)]);
    edits
}

/// An operation as the edits that the Identity API would be sent for it; removing what is not there is done.
fn edits(op: &UserOp, user: &User) -> FieldEdits {
    let mut edits = FieldEdits::default();
    let gone = |held: &[Sourced<String>], values: &Option<Vec<String>>| {
        let named =
            |value: &String| values.as_ref().is_none_or(|all| all.iter().any(|other| same(other, value)));
        let gone = held.iter().filter(|held| named(&held.value));
        gone.map(|held| FieldEdit { value: None, id: Some(held.value.clone()) }).collect::<Vec<_>>()
    };
    let all = |values: &[String]| Some(values.iter().map(|value| added(value)).collect());
    match op {
        UserOp::DisplayName(name) => edits.display_name = Some(added(name)),
        UserOp::Tracking(tracking) => edits.tracking = Some(*tracking),
        UserOp::AddEmails(values) => edits.emails = all(values),
        UserOp::RemoveEmails(values) => edits.emails = Some(gone(&user.emails, values)),
        UserOp::AddUpns(values) => edits.upns = all(values),
        UserOp::RemoveUpns(values) => edits.upns = Some(gone(&user.upns, values)),
        UserOp::Active(_) | UserOp::EmployeeId(_) => {}
    }
    edits
}

fn added(value: &str) -> FieldEdit {
    FieldEdit { value: Some(value.to_owned()), id: None }
}

#[cfg(test)]
mod tests;
