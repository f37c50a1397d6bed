//! What the keys of a run open: which parts of the account it sees, and which of them it can change.
//!
//! What a key does not show is not empty. A plan asks here before it believes that something is missing.

use std::fmt;

use crate::model::identifier::IdentifierKind;

/// One of the API families behind the account's host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// The API of the Users page: users, their groups, Do Not Track rules.
    Identity,
    /// The public API for identity providers: users, and the groups it made itself.
    Scim,
    /// Groups and computers.
    Admin,
    /// The HR data connector.
    Hrdc,
    /// The API of a learning platform: users, groups, and who is in them.
    Learning,
    /// No API, but lists of users that somebody exported from a learning platform.
    Lists,
}

impl Family {
    /// What an account whose users it carries is called in a sentence.
    pub const fn account(self) -> &'static str {
        match self {
            Self::Identity | Self::Scim | Self::Admin | Self::Hrdc => "ActivTrak account",
            Self::Learning => "learning platform",
            Self::Lists => "list of users",
        }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Identity => "Identity API",
            Self::Scim => "SCIM API",
            Self::Admin => "Admin API",
            Self::Hrdc => "HR data connector API",
            Self::Learning => "learning platform",
            Self::Lists => "list of users",
        })
    }
}

/// A part of an account, as far as the APIs differ in what they show and change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// Users: who is there, and making one who has an email.
    Users,
    /// Making a user who has none.
    UsersWithoutEmail,
    /// Display names.
    Names,
    /// User principal names.
    Upns,
    /// Email addresses.
    Emails,
    /// The primary employee ID.
    EmployeeIds,
    /// Employee IDs beyond the primary one.
    MoreEmployeeIds,
    /// Device logins, and the domain Any.
    DeviceLogins,
    /// Whether a user is tracked.
    Tracking,
    /// Who wrote a value last.
    Writers,
    /// User agents: whose they are, and what they reported.
    Agents,
    /// Erasing the history of a user.
    History,
    /// Removing a user's record.
    Removal,
    /// Primary groups.
    PrimaryGroups,
    /// Global Do Not Track rules.
    Exclusions,
    /// App groups: which there are, their names.
    Groups,
    /// The users in app groups.
    Members,
    /// The computers in groups.
    Computers,
    /// HR-sourced groups and the users in them.
    HrGroups,
    /// The identity provider's groups: which there are, their names, the users in them.
    ScimGroups,
    /// What groups say of themselves.
    Descriptions,
    /// Whether users may log in.
    Activation,
    /// The fields of users that an administrator made.
    UserFields,
    /// Which branches of the organisation chart users are in.
    Branches,
    /// Which courses users are in, and how far.
    Enrollments,
    /// The email addresses of profiles, where they are none of the identifiers.
    Addresses,
    /// Groups that the account fills by rules: the rules.
    GroupRules,
}

impl Topic {
    /// Every topic, in the order in which they are shown.
    pub const ALL: [Self; 27] = [
        Self::Users,
        Self::UsersWithoutEmail,
        Self::Names,
        Self::Upns,
        Self::Emails,
        Self::EmployeeIds,
        Self::MoreEmployeeIds,
        Self::DeviceLogins,
        Self::Tracking,
        Self::Writers,
        Self::Agents,
        Self::History,
        Self::Removal,
        Self::PrimaryGroups,
        Self::Exclusions,
        Self::Groups,
        Self::Members,
        Self::Computers,
        Self::HrGroups,
        Self::ScimGroups,
        Self::Descriptions,
        Self::Activation,
        Self::UserFields,
        Self::Branches,
        Self::Enrollments,
        Self::Addresses,
        Self::GroupRules,
    ];

    /// Whether it is a platform's to have or not to have, whatever the keys of a run open: it is no part of what identifies a plan.
    pub const fn is_of_platform(self) -> bool {
        matches!(
            self,
            Self::Descriptions
                | Self::Activation
                | Self::UserFields
                | Self::Branches
                | Self::Enrollments
                | Self::Addresses
                | Self::GroupRules
        )
    }

    /// The part that identifiers of a kind belong to.
    pub const fn of(kind: IdentifierKind) -> Self {
        match kind {
            IdentifierKind::Upn => Self::Upns,
            IdentifierKind::Email => Self::Emails,
            IdentifierKind::EmployeeId => Self::EmployeeIds,
            IdentifierKind::DeviceLogin => Self::DeviceLogins,
        }
    }

    /// What it is called in a sentence.
    pub const fn subject(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::UsersWithoutEmail => "users without an email",
            Self::Names => "display names",
            Self::Upns => "UPNs",
            Self::Emails => "emails",
            Self::EmployeeIds => "employee IDs",
            Self::MoreEmployeeIds => "employee IDs beyond the first",
            Self::DeviceLogins => "device logins",
            Self::Tracking => "tracking",
            Self::Writers => "who wrote a value last",
            Self::Agents => "agents",
            Self::History => "history",
            Self::Removal => "the removal of users",
            Self::PrimaryGroups => "primary groups",
            Self::Exclusions => "exclusions",
            Self::Groups => "app groups",
            Self::Members => "the members of app groups",
            Self::Computers => "the computers of groups",
            Self::HrGroups => "HR groups",
            Self::ScimGroups => "the identity provider's groups",
            Self::Descriptions => "descriptions of groups",
            Self::Activation => "the deactivation of users",
            Self::UserFields => "user fields",
            Self::Branches => "branches",
            Self::Enrollments => "courses",
            Self::Addresses => "email addresses of profiles",
            Self::GroupRules => "groups that fill themselves",
        }
    }
}

/// What may be done about a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Access {
    /// It is seen and can be changed.
    #[default]
    Written,
    /// It is seen; changing it takes this family, which is closed.
    Shown(Family),
    /// It is not even seen: that takes this family.
    Hidden(Family),
    /// This family, which carries the account, has no place for it: what manifests say of it is for another account.
    Absent(Family),
}

/// What the keys open, topic by topic. By default everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach([Access; Topic::ALL.len()]);

impl Reach {
    /// Everything.
    pub fn everything() -> Self {
        Self::default()
    }

    /// The same with a topic as it says.
    #[must_use]
    pub fn with(mut self, topic: Topic, access: Access) -> Self {
        self.0[topic as usize] = access;
        self
    }

    /// What may be done about a topic.
    pub fn of(&self, topic: Topic) -> Access {
        self.0[topic as usize]
    }

    /// The family without which a topic is not seen, or which has no place for it.
    pub fn hidden(&self, topic: Topic) -> Option<Family> {
        match self.of(topic) {
            Access::Hidden(family) | Access::Absent(family) => Some(family),
            Access::Written | Access::Shown(_) => None,
        }
    }

    /// The family that has no place for a topic, if it has none.
    pub fn absent(&self, topic: Topic) -> Option<Family> {
        match self.of(topic) {
            Access::Absent(family) => Some(family),
            Access::Written | Access::Shown(_) | Access::Hidden(_) => None,
        }
    }

    /// The family without which a topic can't be changed, if it can't.
    pub fn unwritten(&self, topic: Topic) -> Option<Family> {
        match self.of(topic) {
            Access::Hidden(family) | Access::Shown(family) | Access::Absent(family) => Some(family),
            Access::Written => None,
        }
    }

    /// The family by which users are read and written: a run has one. Where nothing shows users, it is the one that takes what is
    /// said of them.
    pub fn users(&self) -> Family {
        if self.hidden(Topic::Users).is_some() {
            return Family::Hrdc;
        }
        // What an account's family has no place for, that family alone can say.
        if let Some(family) = self.absent(Topic::Tracking) {
            return family;
        }
        if self.of(Topic::DeviceLogins) == Access::Written { Family::Identity } else { Family::Scim }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_are_found_where_they_were_put() {
        for (at, topic) in Topic::ALL.into_iter().enumerate() {
            assert_eq!(topic as usize, at, "{topic:?}");
            let reach = Reach::everything().with(topic, Access::Shown(Family::Admin));
            let closed: Vec<Topic> =
                Topic::ALL.into_iter().filter(|topic| reach.unwritten(*topic).is_some()).collect();
            assert_eq!(closed, [topic]);
        }
    }
}
