//! What SCIM does to users (developer portal, "SCIM": POST, PUT, PATCH and DELETE of /scim/v1/users): no revisions, the last
//! writer wins. Device logins and primary groups do not exist here, agents only as what `active: false` erases.

mod groups;
mod patch;
mod path;

pub(crate) use groups::GroupBody;
pub(crate) use patch::PatchOp;
pub(crate) use path::{Paths, equals};

use jiff::Timestamp;
use serde::Deserialize;

use crate::sandbox::rules::bulk::delete_data;
use crate::sandbox::rules::field_edits::{FieldEdit, FieldEdits};
use crate::sandbox::rules::refusal::Refusal;
use crate::sandbox::rules::revision::API;
use crate::sandbox::rules::scim::patch::{Ids, Listed, UserOp, Valued, ranked};
use crate::sandbox::seed::{Part, Sourced, User, UserId};
use crate::sandbox::state::{State, same};

/// A user as POST and PUT describe it. What only PATCH may change has to be as it is; other members mean nothing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct UserBody {
    user_name: Option<String>,
    name: Option<Name>,
    display_name: Option<String>,
    emails: Option<Vec<Valued>>,
    active: Option<bool>,
    #[serde(rename = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User")]
    enterprise: Option<Enterprise>,
    #[serde(rename = "urn:ietf:params:scim:schemas:extension:activtrak:2.0:User")]
    activtrak: Option<Activtrak>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Name {
    #[serde(rename = "givenName")]
    given: Option<String>,
    #[serde(rename = "middleName")]
    middle: Option<String>,
    #[serde(rename = "familyName")]
    family: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Enterprise {
    employee_number: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Activtrak {
    tracking: Option<bool>,
    user_principal_names: Option<Vec<String>>,
}

impl UserBody {
    /// The primary one first.
    fn emails(&self) -> Vec<String> {
        ranked(self.emails.clone().unwrap_or_default())
    }

    /// The user name is a UPN too, where it is none of the addresses that are given: an identity provider looks for the user by
    /// it, and would make another one each time it finds none.
    fn upns(&self) -> Vec<String> {
        let given: Vec<String> =
            self.activtrak.iter().filter_map(|it| it.user_principal_names.clone()).flatten().collect();
        let emails = self.emails.iter().flatten().map(|email| &email.value);
        let is_known = |name: &String| given.iter().chain(emails.clone()).any(|other| same(other, name));
        let name = self.user_name.clone().filter(|name| !name.trim().is_empty() && !is_known(name));
        name.into_iter().chain(given.clone()).collect()
    }

    fn employee_number(&self) -> Option<String> {
        self.enterprise.iter().find_map(|it| it.employee_number.clone())
    }

    fn ops(&self) -> Vec<UserOp> {
        let name = self.display_name.clone().map(|name| UserOp::DisplayName(Some(name)));
        let names = self.name.iter().flat_map(|name| {
            let Name { given, middle, family } = name.clone();
            let parts = [(Part::First, given), (Part::Middle, middle), (Part::Last, family)];
            parts.into_iter().filter(|(_, text)| text.is_some()).map(|(part, text)| UserOp::Name(part, text))
        });
        let lists = [UserOp::Upns(Listed::Add(self.upns())), UserOp::Emails(Listed::Add(self.emails()))];
        let primary = self.emails.iter().flatten().find(|email| email.primary == Some(true));
        let primary = primary.map(|email| UserOp::Emails(Listed::Lead(email.value.clone())));
        let id = self.employee_number().map(|id| UserOp::EmployeeId(Ids::Add(id)));
        name.into_iter().chain(names).chain(lists).chain(primary).chain(id).collect()
    }

    /// Refuses what the documentation has in a PATCH alone, and would be dropped in silence here.
    fn leaves_to_patch(&self, user: &User) -> Result<(), Refusal> {
        let tracking = self.activtrak.as_ref().and_then(|it| it.tracking);
        for (name, asked, held) in
            [("active", self.active, !user.is_deactivated()), ("tracking", tracking, user.tracked)]
        {
            if asked.is_some_and(|asked| asked != held) {
                return Err(Refusal::Invalid(format!("{name} is changed by PATCH alone")));
            }
        }
        Ok(())
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
                body.leaves_to_patch(&draft)?;
                self.do_to(&mut draft, &body.ops(), now)?;
                Ok(self.add_user(now, |user| {
                    *user = User { id: user.id, created: user.created, updated: user.updated, ..draft }
                }))
            }
            [id] => {
                body.leaves_to_patch(self.scim_user(id)?)?;
                self.patch_user(id, &body.ops(), now).map(|()| id)
            }
            [one, two, ..] => Err(Refusal::Conflict(format!("users {one} and {two} hold what is given"))),
        }
    }

    /// Replaces what SCIM shows of a user (PUT /scim/v1/users/{id}): what is left out goes.
    ///
    /// # Errors
    /// The user is unknown, or a value is somebody else's.
    pub(crate) fn replace(&mut self, id: UserId, body: &UserBody, now: Timestamp) -> Result<(), Refusal> {
        let mut user = self.scim_user(id)?.clone();
        body.leaves_to_patch(&user)?;
        user.display_name = None;
        for part in [Part::First, Part::Middle, Part::Last] {
            *user.part_mut(part) = None;
        }
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
                    user.active = false;
                    delete_data(user, now);
                }
                UserOp::Active(true) => restore(user, now),
                UserOp::EmployeeId(ids) => self.number(user, ids)?,
                UserOp::Emails(listed) => self.list(user, &EMAILS, listed)?,
                UserOp::Upns(listed) => self.list(user, &UPNS, listed)?,
                UserOp::Name(part, text) => {
                    let text = text.clone().filter(|text| !text.trim().is_empty());
                    *user.part_mut(*part) = text.map(|text| Sourced::by(API, text));
                }
                UserOp::DisplayName(name) => {
                    let edit = FieldEdit { value: name.clone(), id: None };
                    self.edit(user, FieldEdits::of_display_name(edit))?;
                }
                UserOp::Tracking(tracking) => user.tracked = *tracking,
            }
        }
        Ok(())
    }

    /// Changes a list of addresses; removing what is not there is done.
    fn list(&self, user: &mut User, list: &Addresses, change: &Listed) -> Result<(), Refusal> {
        let held = (list.of)(user).clone();
        let place = |value: &str| held.iter().position(|held| same(&held.value, value));
        let gone = |is_gone: &dyn Fn(&str) -> bool| {
            let gone = held.iter().filter(|held| is_gone(&held.value));
            gone.map(|held| FieldEdit { value: None, id: Some(held.value.clone()) }).collect::<Vec<_>>()
        };
        let among = |values: &[String], value: &str| values.iter().any(|other| same(other, value));
        let instead = |old: &str, new: &str| vec![FieldEdit { id: Some(old.to_owned()), ..added(new) }];
        let edits = match change {
            Listed::Add(values) => values.iter().map(|value| added(value)).collect(),
            Listed::Set(values) => {
                let mut edits = gone(&|held| !among(values, held));
                edits.extend(values.iter().map(|value| added(value)));
                edits
            }
            Listed::Remove(None) => gone(&|_| true),
            Listed::Remove(Some(values)) => gone(&|held| among(values, held)),
            Listed::Edit { old, new } => instead(old, new),
            Listed::First(new) => {
                held.first().map_or_else(|| vec![added(new)], |old| instead(&old.value, new))
            }
            Listed::WithoutFirst => gone(&|value| place(value) == Some(0)),
            Listed::Lead(_) => Vec::new(),
        };
        self.edit(user, (list.edits)(edits))?;
        match change {
            Listed::Set(values) => {
                (list.of)(user).sort_by_key(|held| values.iter().position(|value| same(value, &held.value)));
            }
            Listed::Lead(value) => (list.of)(user).sort_by_key(|held| !same(&held.value, value)),
            _ => {}
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

/// A list of addresses: where it is in a record, and how the Identity API would be asked to edit it.
struct Addresses {
    of: fn(&mut User) -> &mut Vec<Sourced<String>>,
    edits: fn(Vec<FieldEdit>) -> FieldEdits,
}

const EMAILS: Addresses = Addresses { of: |user| &mut user.emails, edits: FieldEdits::of_emails };
const UPNS: Addresses = Addresses { of: |user| &mut user.upns, edits: FieldEdits::of_upns };

/// Tracks a user again and brings back the agents that are not purged yet.
fn restore(user: &mut User, now: Timestamp) {
    user.tracked = true;
    let (back, purged) =
        std::mem::take(&mut user.deleted_agents).into_iter().partition(|agent| agent.is_restorable(now));
    user.deleted_agents = purged;
    user.agents
        .extend(Vec::into_iter(back).map(|agent| crate::sandbox::seed::Agent { deleted: None, ..agent }));
}

fn employee_id(id: &str) -> FieldEdits {
    FieldEdits::of_employee_ids(vec![added(id)])
}

fn added(value: &str) -> FieldEdit {
    FieldEdit { value: Some(value.to_owned()), id: None }
}

#[cfg(test)]
mod tests;
