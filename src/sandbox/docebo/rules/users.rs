//! Making users, and taking them out of service and back (`POST /manage/v1/user`, `PUT /manage/v1/user/change_status`).

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::sandbox::docebo::rules::refusal::Refusal;
use crate::sandbox::docebo::seed::{BranchId, FieldId, FieldValue, Level, User, UserId};
use crate::sandbox::docebo::state::{ROOT, Tenant};

/// The most users of one call.
const MOST_USERS: usize = 250;

/// What a new user is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewUser {
    /// What the user logs in with.
    pub(crate) username: String,
    /// The first name.
    pub(crate) first_name: String,
    /// The last name.
    pub(crate) last_name: String,
    /// The email address.
    pub(crate) email: String,
    /// Whether the user is in service.
    pub(crate) active: bool,
    /// What the user may do.
    pub(crate) level: Level,
    /// Values of additional fields.
    pub(crate) fields: Vec<(FieldId, FieldValue)>,
    /// Branches, besides the root.
    pub(crate) branches: Vec<BranchId>,
}

/// What is wrong with one member of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wrong {
    /// The member.
    pub(crate) id: String,
    /// What is wrong.
    pub(crate) message: String,
}

impl Wrong {
    /// Something that is wrong with a member.
    pub(crate) fn of(id: impl Into<String>, message: impl Into<String>) -> Wrong {
        Wrong { id: id.into(), message: message.into() }
    }
}

impl Tenant {
    /// Makes a user.
    ///
    /// # Errors
    /// Everything that is wrong: no username, one that is taken, a value that a field does not hold, a branch that is not there.
    pub(crate) fn create_user(&mut self, new: NewUser, now: Timestamp) -> Result<UserId, Vec<Wrong>> {
        let mut wrong = Vec::new();
        if new.username.trim().is_empty() {
            wrong.push(Wrong::of("userid", "Username is required"));
        } else if self.holder_of(&new.username).is_some() {
            wrong.push(Wrong::of("userid", "Username already in use"));
        }
        let fields = self.taken(&new.fields).unwrap_or_else(|more| {
            wrong.extend(more);
            BTreeMap::new()
        });
        for branch in new.branches.iter().filter(|branch| !self.has_branch(**branch)) {
            wrong.push(Wrong::of("select_orgchart", format!("there is no branch {branch}")));
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let id = self.add_user(new.username.trim(), |user| {
            user.first_name = new.first_name;
            user.last_name = new.last_name;
            user.email = new.email;
            user.active = new.active;
            user.level = new.level;
            user.fields = fields;
            user.branches = new.branches.into_iter().filter(|branch| *branch != ROOT).collect();
            user.created = Some(now);
        });
        self.touch(now);
        Ok(id)
    }

    /// The values as their fields hold them.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub(crate) fn taken(
        &self,
        values: &[(FieldId, FieldValue)],
    ) -> Result<BTreeMap<FieldId, FieldValue>, Vec<Wrong>> {
        let mut wrong = Vec::new();
        let mut taken = BTreeMap::new();
        for (id, value) in values {
            let name = format!("field_{id}");
            match self.field(*id).map(|field| field.take(value)) {
                Some(Ok(value)) => drop(taken.insert(*id, value)),
                Some(Err(why)) => wrong.push(Wrong::of(name, why)),
                None => wrong.push(Wrong::of(name, format!("there is no field {id}"))),
            }
        }
        if wrong.is_empty() { Ok(taken) } else { Err(wrong) }
    }

    /// Takes users out of service, or back into it: who is now as was asked for, and who is not there.
    ///
    /// # Errors
    /// None are named, or too many.
    pub(crate) fn change_status(
        &mut self,
        ids: Vec<UserId>,
        status: Status,
        now: Timestamp,
    ) -> Result<[Vec<UserId>; 2], Refusal> {
        match ids.len() {
            0 => return Err(Refusal::invalid("no user_ids given")),
            1..=MOST_USERS => {}
            count => {
                return Err(Refusal::Invalid(format!("{count} user_ids given, the maximum is {MOST_USERS}")));
            }
        }
        let (known, unknown): (Vec<UserId>, Vec<UserId>) =
            ids.into_iter().partition(|id| self.user(*id).is_some());
        for id in &known {
            self.edit_user(*id, |user: &mut User| user.active = status == Status::Active);
        }
        self.touch(now);
        Ok([known, unknown])
    }
}

/// Whether a user is in service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    /// Yes.
    Active,
    /// No.
    Deactivated,
}

#[cfg(test)]
pub(crate) mod testing {
    //! New users for tables.

    use super::*;

    /// A new user with nothing but a username.
    pub(crate) fn new_user(username: &str) -> NewUser {
        NewUser {
            username: username.to_owned(),
            first_name: String::new(),
            last_name: String::new(),
            email: String::new(),
            active: true,
            level: Level::User,
            fields: Vec::new(),
            branches: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::testing::new_user;
    use super::*;
    use crate::sandbox::docebo::rules::testing::{NOW, tenant};

    const TENANT: &str = r#""users":[{"id":7,"username":"Ada"}],"branches":[{"id":1,"title":"A"}],
        "fields":[{"id":2,"title":"Staff","type":"yesno"}]"#;

    #[test]
    fn a_new_user_has_a_username_of_its_own_and_values_that_fields_hold() {
        let value = |id, number| vec![(FieldId(id), FieldValue::Chosen(number))];
        for (new, said) in [
            (new_user(" "), vec!["userid"]),
            (new_user("aDA"), vec!["userid"]),
            (NewUser { fields: value(2, 5), ..new_user("b") }, vec!["field_2"]),
            (
                NewUser { fields: value(9, 1), branches: vec![BranchId(9)], ..new_user("b") },
                vec!["field_9", "select_orgchart"],
            ),
        ] {
            let wrong = tenant(TENANT).create_user(new, NOW).unwrap_err();
            assert_eq!(wrong.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(), said);
        }
        let mut tenant = tenant(TENANT);
        let new = NewUser { fields: value(2, 1), branches: vec![BranchId(1), ROOT], ..new_user("bob") };
        assert_eq!(tenant.create_user(new, NOW), Ok(UserId(8)));
        let made = tenant.user(UserId(8)).unwrap();
        assert_eq!((made.created, made.branches.len(), made.fields.len()), (Some(NOW), 1, 1));
    }

    #[test]
    fn who_is_not_there_is_told_and_the_others_change() {
        let mut tenant = tenant(TENANT);
        let ids = vec![UserId(7), UserId(9)];
        let told = tenant.change_status(ids, Status::Deactivated, NOW).unwrap();
        assert_eq!(told, [vec![UserId(7)], vec![UserId(9)]]);
        assert!(tenant.user(UserId(7)).is_some_and(|user| !user.active));
        assert!(tenant.change_status(Vec::new(), Status::Active, NOW).is_err());
    }
}
