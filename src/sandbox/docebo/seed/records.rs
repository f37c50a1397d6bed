//! What is a tenant made of? Its users, branches and courses; fields, groups and rules have files of their own.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::sandbox::docebo::seed::enrollment::Enrollment;
use crate::sandbox::docebo::seed::fields::{Field, FieldValue};
use crate::sandbox::docebo::seed::groups::Group;
use crate::sandbox::docebo::seed::ids::{BranchId, CourseId, FieldId, UserId, Uuid};
use crate::sandbox::docebo::settings::Settings;
use crate::sandbox::seed::Version;

/// A whole tenant at one moment: what its file holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Seed {
    /// The version of the format.
    pub version: Version,
    /// Says that this is a tenant of the learning platform.
    pub platform: Platform,
    /// What the tenant is called.
    pub tenant: String,
    /// What time it always is there; none: the time it really is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Timestamp>,
    /// How it is set up.
    #[serde(default, skip_serializing_if = "Settings::is_empty")]
    pub settings: Settings,
    /// Its users; saved in the order of their ids.
    #[serde(default)]
    pub users: Vec<User>,
    /// The additional fields of its users, in the order in which they are shown.
    #[serde(default)]
    pub fields: Vec<Field>,
    /// The branches of its organisation chart; saved in the order of their ids.
    #[serde(default)]
    pub branches: Vec<Branch>,
    /// Its courses; saved in the order of their ids.
    #[serde(default)]
    pub courses: Vec<Course>,
    /// Its groups, which the API calls audiences; saved in the order of their uuids.
    #[serde(default)]
    pub groups: Vec<Group>,
}

/// The word of the platform in its files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Platform {
    /// Docebo.
    #[default]
    Docebo,
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct User {
    /// The number of the user.
    pub id: UserId,
    /// The other name of the user, in newer services; made of the number where a file does not say it.
    #[serde(default, skip_serializing_if = "Uuid::is_unsaid")]
    pub uuid: Uuid,
    /// What the user logs in with; nobody else's, whatever the case of its letters.
    pub username: String,
    /// The first name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub first_name: String,
    /// The last name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub last_name: String,
    /// The email address; two users may have the same.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub email: String,
    /// False for a user who is deactivated.
    #[serde(default = "active")]
    pub active: bool,
    /// What the user may do.
    #[serde(default, skip_serializing_if = "Level::is_usual")]
    pub level: Level,
    /// The values of additional fields.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<FieldId, FieldValue>,
    /// The branches that the user is in; everybody is in the root besides.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub branches: BTreeSet<BranchId>,
    /// The courses that the user is enrolled in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub enrollments: Vec<Enrollment>,
    /// When the user was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<Timestamp>,
    /// When the user logged in last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_access: Option<Timestamp>,
}

impl User {
    /// An active user with nothing but a number and a username.
    pub fn new(id: UserId, username: impl Into<String>) -> User {
        User {
            id,
            uuid: Uuid::of("user", id.0),
            username: username.into(),
            first_name: String::new(),
            last_name: String::new(),
            email: String::new(),
            active: true,
            level: Level::User,
            fields: BTreeMap::new(),
            branches: BTreeSet::new(),
            enrollments: Vec::new(),
            created: None,
            last_access: None,
        }
    }
}

/// What a user may do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Learn.
    #[default]
    User,
    /// Manage what a profile allows.
    PowerUser,
    /// Everything.
    Superadmin,
}

impl Level {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
    fn is_usual(&self) -> bool {
        *self == Level::User
    }
}

/// A branch of the organisation chart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Branch {
    /// The number of the branch; 0 is the root, which is in no file.
    pub id: BranchId,
    /// The code by which people know it, if it has one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub code: String,
    /// What it is called.
    pub title: String,
    /// The branch above; none: the root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<BranchId>,
}

/// A course.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Course {
    /// The number of the course.
    pub id: CourseId,
    /// The code by which people know it, if it has one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub code: String,
    /// What it is called.
    pub title: String,
}

fn active() -> bool {
    true
}
