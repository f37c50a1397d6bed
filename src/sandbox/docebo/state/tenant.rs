//! What does the tenant hold? Its records, and when its rules are to be looked at again.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use crate::sandbox::docebo::seed::{
    Branch, BranchId, Course, CourseId, Field, FieldId, Group, Platform, Seed, User, UserId, Uuid,
};
use crate::sandbox::docebo::settings::Settings;
use crate::sandbox::seed::Version;
use crate::sandbox::state::fold;

/// The branch that all others are below, and everybody is in.
pub(crate) const ROOT: BranchId = BranchId(0);

/// Everything the tenant holds.
#[derive(Clone)]
pub(crate) struct Tenant {
    pub(super) name: String,
    pub(super) as_of: Option<Timestamp>,
    pub(super) settings: Settings,
    pub(super) users: BTreeMap<UserId, User>,
    /// Who has a username, without case.
    pub(super) usernames: BTreeMap<String, UserId>,
    /// In the order in which they are shown.
    pub(super) fields: Vec<Field>,
    pub(super) branches: BTreeMap<BranchId, Branch>,
    pub(super) courses: BTreeMap<CourseId, Course>,
    pub(super) groups: BTreeMap<Uuid, Group>,
    /// When rules are to be looked at again.
    pub(super) due: BTreeSet<Timestamp>,
    /// How much later that is than what they are about has changed.
    pub(super) delay: SignedDuration,
    /// The highest number of a user so far, so that none is given twice.
    pub(super) last_user: u64,
    /// How many groups were ever there.
    pub(super) last_group: u64,
}

impl Tenant {
    /// The tenant as a seed.
    pub(crate) fn snapshot(&self) -> Seed {
        Seed {
            version: Version,
            platform: Platform::Docebo,
            tenant: self.name.clone(),
            as_of: self.as_of,
            settings: self.settings.clone(),
            users: self.users.values().cloned().collect(),
            fields: self.fields.clone(),
            branches: self.branches.values().cloned().collect(),
            courses: self.courses.values().cloned().collect(),
            groups: self.groups.values().cloned().collect(),
        }
    }

    /// What the tenant is called.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// How its seed says that it is set up.
    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// All users, in the order of their ids.
    pub(crate) fn users(&self) -> impl Iterator<Item = &User> {
        self.users.values()
    }

    /// A user by number.
    pub(crate) fn user(&self, id: UserId) -> Option<&User> {
        self.users.get(&id)
    }

    /// The user who has a username, whatever the case of its letters.
    pub(crate) fn holder_of(&self, username: &str) -> Option<UserId> {
        self.usernames.get(&fold(username)).copied()
    }

    /// All fields, in the order in which they are shown.
    pub(crate) fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// A field by number.
    pub(crate) fn field(&self, id: FieldId) -> Option<&Field> {
        self.fields.iter().find(|field| field.id == id)
    }

    /// All branches, in the order of their ids; not the root.
    pub(crate) fn branches(&self) -> impl Iterator<Item = &Branch> {
        self.branches.values()
    }

    /// A branch by number; not the root.
    pub(crate) fn branch(&self, id: BranchId) -> Option<&Branch> {
        self.branches.get(&id)
    }

    /// Whether there is such a branch, or it is the root.
    pub(crate) fn has_branch(&self, id: BranchId) -> bool {
        id == ROOT || self.branches.contains_key(&id)
    }

    /// The branch above one; nothing above the root.
    pub(crate) fn above(&self, id: BranchId) -> Option<BranchId> {
        self.branch(id).map(|branch| branch.parent.unwrap_or(ROOT))
    }

    /// Whether a branch is another one or below it.
    pub(crate) fn is_below(&self, mut id: BranchId, top: BranchId) -> bool {
        loop {
            if id == top {
                return true;
            }
            match self.above(id) {
                Some(above) => id = above,
                None => return false,
            }
        }
    }

    /// All courses, in the order of their ids.
    pub(crate) fn courses(&self) -> impl Iterator<Item = &Course> {
        self.courses.values()
    }

    /// A course by number.
    pub(crate) fn course(&self, id: CourseId) -> Option<&Course> {
        self.courses.get(&id)
    }

    /// All groups, in the order of their uuids.
    pub(crate) fn groups(&self) -> impl Iterator<Item = &Group> {
        self.groups.values()
    }

    /// A group by its uuid.
    pub(crate) fn group(&self, uuid: &Uuid) -> Option<&Group> {
        self.groups.get(uuid)
    }

    /// Adds a user; the number is given here.
    pub(crate) fn add_user(&mut self, username: &str, build: impl FnOnce(&mut User)) -> UserId {
        self.last_user += 1;
        let mut user = User::new(UserId(self.last_user), username);
        build(&mut user);
        let id = user.id;
        self.usernames.insert(fold(&user.username), id);
        self.users.insert(id, user);
        id
    }

    /// Changes a user, but for the number and the username.
    pub(crate) fn edit_user(&mut self, id: UserId, edit: impl FnOnce(&mut User)) {
        if let Some(user) = self.users.get_mut(&id) {
            edit(user);
        }
    }

    /// Takes a user out, and so out of every group.
    pub(crate) fn remove_user(&mut self, id: UserId) {
        let Some(user) = self.users.remove(&id) else { return };
        self.usernames.remove(&fold(&user.username));
        for group in self.groups.values_mut() {
            group.members.remove(&id);
            if let Some(computed) = &mut group.computed {
                computed.remove(&id);
            }
        }
    }

    /// Adds a group; the uuid is given here. A tenant that was saved may have one that was made of any number.
    pub(crate) fn add_group(&mut self, build: impl FnOnce(Uuid) -> Group) -> Uuid {
        let uuid = loop {
            self.last_group += 1;
            let uuid = Uuid::of("group", self.last_group);
            if !self.groups.contains_key(&uuid) {
                break uuid;
            }
        };
        self.groups.insert(uuid.clone(), build(uuid.clone()));
        uuid
    }

    /// Changes a group, but for the uuid.
    pub(crate) fn edit_group(&mut self, uuid: &Uuid, edit: impl FnOnce(&mut Group)) {
        if let Some(group) = self.groups.get_mut(uuid) {
            edit(group);
        }
    }

    /// Takes a group out; its users stay.
    pub(crate) fn remove_group(&mut self, uuid: &Uuid) {
        self.groups.remove(uuid);
    }

    /// Says how much later rules are looked at than what they are about has changed.
    pub(crate) fn set_delay(&mut self, delay: SignedDuration) {
        self.delay = delay;
    }

    /// Notes that something has changed that rules are about.
    pub(crate) fn touch(&mut self, now: Timestamp) {
        self.due.insert(now.checked_add(self.delay).unwrap_or(Timestamp::MAX));
    }

    /// Whether rules are to be looked at again.
    pub(crate) fn is_due(&self, now: Timestamp) -> bool {
        self.due.first().is_some_and(|due| *due <= now)
    }

    /// Notes that they were.
    pub(crate) fn done(&mut self, now: Timestamp) {
        self.due.retain(|due| *due > now);
    }
}
