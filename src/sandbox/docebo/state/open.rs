//! Makes a tenant of a seed, or says why no tenant could hold it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::sandbox::docebo::seed::{
    Branch, BranchId, Course, Field, FieldType, Group, Population, Seed, User, Uuid,
};
use crate::sandbox::docebo::state::tenant::{ROOT, Tenant};
use crate::sandbox::file::SeedError;
use crate::sandbox::state::fold;

impl Tenant {
    /// Opens a tenant. Its rules are checked, and looked at where nobody did yet, by whoever knows them.
    ///
    /// # Errors
    /// A number, a uuid, a username or a code is there twice, a branch is below itself, or something is named that is not there.
    pub(crate) fn open(seed: Seed) -> Result<Tenant, SeedError> {
        let Seed {
            version: _,
            platform: _,
            tenant,
            as_of,
            settings,
            users,
            fields,
            branches,
            courses,
            groups,
        } = seed;
        let delay = settings.recompute();
        let mut state = Tenant {
            name: tenant,
            as_of,
            settings,
            users: BTreeMap::new(),
            usernames: BTreeMap::new(),
            fields: Vec::new(),
            branches: BTreeMap::new(),
            courses: BTreeMap::new(),
            groups: BTreeMap::new(),
            due: BTreeSet::new(),
            delay,
            last_user: 0,
            last_group: 0,
        };
        state.open_fields(fields)?;
        state.open_branches(branches)?;
        for course in courses {
            let Course { id, .. } = course;
            if state.courses.insert(id, course).is_some() {
                return twice("course", id, "its id");
            }
        }
        state.open_users(users)?;
        state.open_groups(groups)?;
        Ok(state)
    }

    fn open_fields(&mut self, fields: Vec<Field>) -> Result<(), SeedError> {
        for field in fields {
            if self.field(field.id).is_some() {
                return twice("field", field.id, "its id");
            }
            if !field.options.is_empty() && !matches!(field.kind, FieldType::Dropdown | FieldType::Country) {
                return impossible(format!("field {} has options and is none to choose from", field.id));
            }
            let ids: BTreeSet<_> = field.options.iter().map(|option| option.id).collect();
            if ids.len() < field.options.len() {
                return impossible(format!("two options of field {} have one id", field.id));
            }
            self.fields.push(field);
        }
        Ok(())
    }

    fn open_branches(&mut self, branches: Vec<Branch>) -> Result<(), SeedError> {
        let mut codes: BTreeMap<String, BranchId> = BTreeMap::new();
        for branch in branches {
            let id = branch.id;
            if id == ROOT {
                return impossible("branch 0 is the root, which is in no file".to_owned());
            }
            if !branch.code.is_empty()
                && let Some(other) = codes.insert(branch.code.clone(), id)
            {
                return impossible(format!("branches {other} and {id} both have the code {:?}", branch.code));
            }
            if self.branches.insert(id, branch).is_some() {
                return twice("branch", id, "its id");
            }
        }
        for branch in self.branches.values() {
            self.check_above(branch)?;
        }
        Ok(())
    }

    /// Refuses a branch that no way leads to from the root.
    fn check_above(&self, branch: &Branch) -> Result<(), SeedError> {
        let mut passed = BTreeSet::from([branch.id]);
        let mut at = branch;
        while let Some(above) = at.parent.filter(|above| *above != ROOT) {
            if !passed.insert(above) {
                return impossible(format!("branch {} is below itself", branch.id));
            }
            at = match self.branches.get(&above) {
                Some(above) => above,
                None => {
                    return impossible(format!(
                        "branch {} is below branch {above}, which is not in branches",
                        at.id
                    ));
                }
            };
        }
        Ok(())
    }

    fn open_users(&mut self, users: Vec<User>) -> Result<(), SeedError> {
        let mut uuids: BTreeMap<Uuid, u64> = BTreeMap::new();
        for mut user in users {
            let id = user.id;
            if user.uuid.is_unsaid() {
                user.uuid = Uuid::of("user", id.0);
            }
            if user.username.trim().is_empty() {
                return impossible(format!("user {id} has an empty username"));
            }
            if let Some(other) = uuids.insert(user.uuid.clone(), id.0) {
                return impossible(format!("users {other} and {id} both have the uuid {}", user.uuid));
            }
            if let Some(other) = self.usernames.insert(fold(&user.username), id) {
                return impossible(format!(
                    "users {other} and {id} both have the username {:?}",
                    user.username
                ));
            }
            self.check_user(&mut user)?;
            self.last_user = self.last_user.max(id.0);
            if self.users.insert(id, user).is_some() {
                return twice("user", id, "its id");
            }
        }
        Ok(())
    }

    /// Refuses a user who has or is in what is not there.
    fn check_user(&self, user: &mut User) -> Result<(), SeedError> {
        let id = user.id;
        if !user.uuid.is_plain() {
            return impossible(format!(
                "the uuid {:?} of user {id} is not letters, digits and hyphens",
                user.uuid.0
            ));
        }
        for (field, value) in &mut user.fields {
            let Some(known) = self.field(*field) else {
                return impossible(format!("user {id} has field {field}, which is not in fields"));
            };
            *value = known.take(value).or_else(|why| impossible(format!("user {id}: {why}")))?;
        }
        if let Some(branch) = user.branches.iter().find(|branch| self.branch(**branch).is_none()) {
            return impossible(format!("user {id} is in branch {branch}, which is not in branches"));
        }
        let mut passed = BTreeSet::new();
        for enrollment in &user.enrollments {
            let course = enrollment.course;
            if self.course(course).is_none() {
                return impossible(format!("user {id} is in course {course}, which is not in courses"));
            }
            if !passed.insert(course) {
                return impossible(format!("user {id} is in course {course} twice"));
            }
        }
        Ok(())
    }

    fn open_groups(&mut self, groups: Vec<Group>) -> Result<(), SeedError> {
        for (mut group, number) in groups.into_iter().zip(1..) {
            self.last_group = number;
            if group.uuid.is_unsaid() {
                group.uuid = Uuid::of("group", number);
            }
            let (uuid, name) = (group.uuid.clone(), &group.name);
            if !uuid.is_plain() {
                return impossible(format!(
                    "the uuid {:?} of group {name:?} is not letters, digits and hyphens",
                    uuid.0
                ));
            }
            if name.trim().is_empty() {
                return impossible(format!("group {uuid} has an empty name"));
            }
            let stray = group.everybody().into_iter().find(|id| self.user(*id).is_none());
            if let Some(user) = stray {
                return impossible(format!("group {name:?} has user {user}, who is not in users"));
            }
            if group.population == Population::Manual && (group.ruleset.is_some() || group.computed.is_some())
            {
                return impossible(format!("group {name:?} is manual and has rules, or users of rules"));
            }
            if self.groups.insert(uuid.clone(), group).is_some() {
                return twice("group", uuid, "its uuid");
            }
        }
        Ok(())
    }
}

fn twice<T>(what: &str, id: impl fmt::Display, part: &str) -> Result<T, SeedError> {
    impossible(format!("{what} {id} is there twice: {part} has to be unique"))
}

fn impossible<T>(message: String) -> Result<T, SeedError> {
    Err(SeedError::Impossible(message))
}
