//! What is an account made of? The types of `account.json`.

use crate::sandbox::seed::value::{Login, Sourced};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::sandbox::settings::Settings;

/// Defines the number of one kind of record; numbers of different kinds do not mix.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

ids! {
    /// A person record: `entityId` on the Identity API.
    UserId;
    /// A user agent: `userId` inside an Identity agent, `memberId` of a client on the Admin API.
    AgentId;
    /// A group: `groupid` on every API.
    GroupId;
    /// A computer: `deviceId` on the Admin API.
    ComputerId;
    /// A global Do Not Track rule.
    RuleId;
    /// An entry of the audit log.
    AuditId;
}

/// A whole account at one moment: what `account.json` holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Seed {
    /// The version of the format.
    pub version: Version,
    /// The account itself.
    pub account: Account,
    /// Its users; saved in the order of their ids.
    #[serde(default)]
    pub users: Vec<User>,
    /// Its groups of every source; saved in the order of their ids.
    #[serde(default)]
    pub groups: Vec<Group>,
    /// Its computers; saved in the order of their ids.
    #[serde(default)]
    pub computers: Vec<Computer>,
    /// Its global Do Not Track rules; saved in the order of their ids.
    #[serde(default)]
    pub exclusions: Vec<Exclusion>,
    /// What its audit log says of the time before; saved in the order of their ids. What happens in a sandbox is in no file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub audit_log: Vec<AuditEntry>,
}

/// The version of `account.json`: 1, the only one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Version;

impl TryFrom<u32> for Version {
    type Error = String;

    fn try_from(number: u32) -> Result<Version, String> {
        if number == 1 { Ok(Version) } else { Err(format!("version {number} is unknown, expected 1")) }
    }
}

impl From<Version> for u32 {
    fn from(_: Version) -> u32 {
        1
    }
}

/// The account that holds the rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Account {
    /// The number in the name of the downloaded groups file; none: the name has no number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// A name for people.
    pub name: String,
    /// What time it always is there, for an account that is to look the same on any day; none: the time it really is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Timestamp>,
    /// How it is set up.
    #[serde(default, skip_serializing_if = "Settings::is_empty")]
    pub settings: Settings,
}

/// One record of the Users page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct User {
    /// The number of the record.
    pub id: UserId,
    /// Goes up by one with every successful write on the record.
    #[serde(default = "first_revision")]
    pub revision: u64,
    /// When the record was made.
    #[serde(default = "beginning")]
    pub created: Timestamp,
    /// When it was last written, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated: Option<Timestamp>,
    /// The one display name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<Sourced<String>>,
    /// The first name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<Sourced<String>>,
    /// The middle name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<Sourced<String>>,
    /// The last name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<Sourced<String>>,
    /// User principal names; the first is the display ID.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub upns: Vec<Sourced<String>>,
    /// Email addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<Sourced<String>>,
    /// Employee IDs; the first is the primary one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub employee_ids: Vec<Sourced<String>>,
    /// Device logins, `DOMAIN\user` or `*\user`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub device_logins: Vec<Sourced<Login>>,
    /// Whether the user is tracked; the Do Not Track rules of an untracked user follow from this.
    #[serde(default = "tracked")]
    pub tracked: bool,
    /// False where an identity provider has taken the user out of service (`active` of SCIM); a tracked user is in service.
    #[serde(default = "in_service", skip_serializing_if = "std::clone::Clone::clone")]
    pub active: bool,
    /// The primary group an admin chose, one of `groups`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary_group: Option<GroupId>,
    /// The groups the user is in, of every source; saved in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupId>,
    /// The user's agents.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agents: Vec<Agent>,
    /// Agents whose history was deleted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deleted_agents: Vec<Agent>,
}

impl User {
    /// A tracked user with nothing but a number.
    pub fn new(id: UserId) -> User {
        User {
            id,
            revision: first_revision(),
            created: beginning(),
            updated: None,
            display_name: None,
            first_name: None,
            middle_name: None,
            last_name: None,
            upns: Vec::new(),
            emails: Vec::new(),
            employee_ids: Vec::new(),
            device_logins: Vec::new(),
            tracked: true,
            active: true,
            primary_group: None,
            groups: Vec::new(),
            agents: Vec::new(),
            deleted_agents: Vec::new(),
        }
    }

    /// A part of the name.
    pub(crate) fn part_mut(&mut self, part: Part) -> &mut Option<Sourced<String>> {
        match part {
            Part::First => &mut self.first_name,
            Part::Middle => &mut self.middle_name,
            Part::Last => &mut self.last_name,
        }
    }
}

/// A part of a user's name, which need not be anybody's alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// `firstName`, in SCIM `givenName`.
    First,
    /// `middleName`.
    Middle,
    /// `lastName`, in SCIM `familyName`.
    Last,
}

/// A username and logon domain that an installed agent reported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Agent {
    /// The number of the agent.
    pub id: AgentId,
    /// The name of the account on the machine.
    pub username: String,
    /// Its logon domain.
    #[serde(default)]
    pub domain: String,
    /// The alias people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    /// The oldest data the account holds of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_log: Option<Timestamp>,
    /// The newest data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_log: Option<Timestamp>,
    /// Whether the account is joining it with another agent.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub merge_pending: bool,
    /// When its history was deleted; only in `deletedAgents`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted: Option<Timestamp>,
}

/// A group of one source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// The number of the group.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// Who may change it.
    #[serde(default)]
    pub source: GroupSource,
    /// Its goal of productive hours a day: the highest one decides which group is a user's primary group.
    #[serde(default, rename = "goalHours", skip_serializing_if = "Option::is_none")]
    pub goal_hours: Option<u32>,
    /// The computers in it; users name their groups themselves. Saved in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub computers: Vec<ComputerId>,
}

/// Where a group comes from, and so who may change it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GroupSource {
    /// The app; the only source that the Admin and Identity APIs may change.
    #[default]
    App,
    /// Active Directory.
    Ad,
    /// Azure AD.
    Azure,
    /// An identity provider over SCIM.
    Scim,
    /// The HR upload, changed only by the next upload.
    Hr,
}

impl GroupSource {
    /// The number on the wire. Only 1 is documented (Admin API, POST /admin/v1/groups); 12 is the HR upload's here.
    pub(crate) fn number(self) -> i32 {
        match self {
            GroupSource::App => 1,
            GroupSource::Ad => 2,
            GroupSource::Azure => 3,
            GroupSource::Scim => 11,
            GroupSource::Hr => 12,
        }
    }

    /// The word on the wire: `typename`, `groupTypeName`, `group_type`.
    pub(crate) fn type_name(self) -> &'static str {
        match self {
            GroupSource::App => "ActivTrak",
            GroupSource::Ad => "ActiveDirectory",
            GroupSource::Azure => "AzureAD",
            GroupSource::Scim => "SCIM",
            GroupSource::Hr => "HRDC",
        }
    }
}

/// A computer with an installed agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Computer {
    /// The number of the computer.
    pub id: ComputerId,
    /// Its host name.
    pub name: String,
    /// Its domain.
    #[serde(default)]
    pub domain: String,
    /// The alias people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
}

/// A global Do Not Track rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exclusion {
    /// The number of the rule.
    pub id: RuleId,
    /// Whom it blocks.
    pub login: Login,
}

/// An entry of the audit log. What a live account writes into `event` and `description` is in no document: both are free text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditEntry {
    /// The number of the entry.
    pub id: AuditId,
    /// When it happened.
    pub time: Timestamp,
    /// Who did it, as they log in.
    pub user: String,
    /// What kind of thing it is.
    pub event: String,
    /// What was done, in words.
    #[serde(default)]
    pub description: String,
    /// The number of its attachment, which the sandbox does not serve.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guid: Option<String>,
}

fn first_revision() -> u64 {
    1
}

fn tracked() -> bool {
    true
}

fn in_service() -> bool {
    true
}

/// The creation time of a user whose seed does not say one: the first moment of 2020.
fn beginning() -> Timestamp {
    Timestamp::constant(1_577_836_800, 0)
}
