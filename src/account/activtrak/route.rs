//! Which API family carries what, and which families the keys of a run open.
//!
//! The table below is the only place that decides it. User numbers of two families are never mixed: nothing says that they
//! are the same, so a run reads and writes users by one family, the Identity API where it is open.

use std::sync::Arc;

use crate::account::activtrak::authorized::AuthorizedClient;
use crate::account::activtrak::{admin, identity, scim};
use crate::account::error::ReadError;
use crate::http::StatusCode;
use crate::model::{Access, Family, Reach, Topic};

use Family::{Admin, Hrdc, Identity, Scim};

/// How sure it is that a family carries a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// The public documentation says so.
    Documented,
    /// The API's own description says so; it is promised to nobody.
    Described,
    /// Seen in a live account.
    Seen,
    /// Inferred from what is described.
    Inferred,
}

/// A topic and the families that carry it, each with how sure that is; the first that is open does.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// What is carried.
    pub topic: Topic,
    /// Which families show it.
    pub shown: &'static [(Family, Evidence)],
    /// Which families change it.
    pub written: &'static [(Family, Evidence)],
}

use Evidence::{Described, Documented, Inferred, Seen};

/// Which family carries what.
pub const TABLE: [Row; 20] = [
    row(
        Topic::Users,
        &[(Identity, Described), (Scim, Documented)],
        &[(Identity, Described), (Scim, Documented)],
    ),
    row(Topic::UsersWithoutEmail, &[(Identity, Described), (Scim, Documented)], &[(Identity, Described)]),
    row(
        Topic::Names,
        &[(Identity, Described), (Scim, Documented)],
        &[(Identity, Described), (Scim, Documented), (Hrdc, Documented)],
    ),
    row(
        Topic::Upns,
        &[(Identity, Described), (Scim, Documented)],
        &[(Identity, Described), (Scim, Documented)],
    ),
    row(
        Topic::Emails,
        &[(Identity, Described), (Scim, Documented)],
        &[(Identity, Inferred), (Scim, Documented), (Hrdc, Documented)],
    ),
    row(
        Topic::EmployeeIds,
        &[(Identity, Described), (Scim, Documented)],
        &[(Identity, Inferred), (Scim, Documented), (Hrdc, Documented)],
    ),
    row(Topic::MoreEmployeeIds, &[(Identity, Described)], &[(Identity, Inferred)]),
    row(Topic::DeviceLogins, &[(Identity, Described)], &[(Identity, Inferred)]),
    row(
        Topic::Tracking,
        &[(Identity, Described), (Scim, Documented)],
        &[(Identity, Described), (Scim, Documented)],
    ),
    row(Topic::Writers, &[(Identity, Described)], &[(Identity, Described)]),
    row(Topic::Agents, &[(Identity, Described)], &[(Identity, Inferred)]),
    row(Topic::History, &[(Identity, Described)], &[(Identity, Described)]),
    row(Topic::Removal, &[(Identity, Described)], &[(Identity, Described)]),
    row(Topic::PrimaryGroups, &[(Identity, Described)], &[(Identity, Inferred)]),
    row(Topic::Exclusions, &[(Identity, Described)], &[(Identity, Described)]),
    row(Topic::Groups, &[(Admin, Seen)], &[(Admin, Seen)]),
    row(Topic::Members, &[(Identity, Described), (Scim, Documented)], &[(Identity, Described)]),
    row(Topic::Computers, &[(Admin, Seen)], &[(Admin, Described)]),
    row(Topic::HrGroups, &[(Admin, Seen)], &[(Hrdc, Documented)]),
    row(Topic::ScimGroups, &[(Admin, Seen), (Scim, Documented)], &[(Scim, Documented)]),
];

/// What ActivTrak has no place for, whatever keys are used.
const PLACELESS: [Topic; 7] = [
    Topic::Descriptions,
    Topic::Activation,
    Topic::UserFields,
    Topic::Branches,
    Topic::Enrollments,
    Topic::Addresses,
    Topic::GroupRules,
];

const fn row(
    topic: Topic,
    shown: &'static [(Family, Evidence)],
    written: &'static [(Family, Evidence)],
) -> Row {
    Row { topic, shown, written }
}

/// Which families are open to the keys of a run, of those that it uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Open {
    /// The family of users: Identity or SCIM.
    pub(super) users: Family,
    /// Whether Admin is open, and with it HRDC: they take the same key.
    pub(super) admin: Knock,
}

/// Whether a family lets the keys in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Knock {
    Open,
    Closed,
}

impl Open {
    /// Asks each family, as far as there is a choice: without a key for SCIM everything has to be open.
    pub(super) async fn of(client: &Arc<AuthorizedClient>) -> Result<Self, ReadError> {
        if !client.has_key(Scim) {
            return Ok(Self { users: Identity, admin: Knock::Open });
        }
        if knock(Identity, identity::peek(client).await)? == Knock::Open {
            return Ok(Self { users: Identity, admin: Knock::Open });
        }
        scim::ping(client).await?;
        Ok(Self { users: Scim, admin: knock(Admin, admin::ping(client).await)? })
    }

    fn has(self, family: Family) -> bool {
        match family {
            Identity | Scim => self.users == family,
            Admin | Hrdc => self.admin == Knock::Open,
            Family::Learning | Family::Lists => false,
        }
    }

    /// What may be done about each topic.
    pub(super) fn reach(self) -> Reach {
        let reach = TABLE.iter().fold(Reach::everything(), |reach, row| {
            let open = |families: &[(Family, Evidence)]| families.iter().any(|(family, _)| self.has(*family));
            let wants = |families: &[(Family, Evidence)]| families.first().map_or(Identity, |it| it.0);
            let access = match (open(row.shown), open(row.written)) {
                (false, _) => Access::Hidden(wants(row.shown)),
                (true, false) => Access::Shown(wants(row.written)),
                (true, true) => Access::Written,
            };
            reach.with(row.topic, access)
        });
        let reach = PLACELESS.iter().fold(reach, |reach, topic| reach.with(*topic, Access::Absent(Identity)));
        // SCIM shows who is in the groups that it shows, and without the list of all groups nothing tells how many there are.
        match reach.hidden(Topic::Groups) {
            Some(family) => reach.with(Topic::Members, Access::Hidden(family)),
            None => reach,
        }
    }
}

/// What is left where SCIM does not show every group that is listed: whose members are not to be seen, nothing tells.
pub(super) fn without_members(reach: Reach) -> Reach {
    [Topic::Members, Topic::HrGroups]
        .into_iter()
        .fold(reach, |reach, topic| reach.with(topic, Access::Hidden(Identity)))
}

/// Everything that the keys of a run may open, most first.
pub fn reaches() -> [Reach; 5] {
    let open = |users, admin| Open { users, admin }.reach();
    let by_scim = open(Scim, Knock::Open);
    [
        open(Identity, Knock::Open),
        by_scim.clone(),
        without_members(by_scim),
        open(Scim, Knock::Closed),
        by_download(),
    ]
}

/// What may be done where a download of groups stands in for a reading: HR groups are changed, and nothing else is. What the
/// table says of values that the HR data connector carries for users is for the file of those groups. No count proves that a
/// download has all groups, so its app groups are not compared.
pub(super) fn by_download() -> Reach {
    let hidden = |reach: Reach, row: &Row| {
        reach.with(row.topic, Access::Hidden(row.shown.first().map_or(Identity, |it| it.0)))
    };
    let reach = TABLE.iter().fold(Reach::everything(), hidden).with(Topic::HrGroups, Access::Written);
    PLACELESS.iter().fold(reach, |reach, topic| reach.with(*topic, Access::Absent(Identity)))
}

/// What an answer says of a door: no key, and 403 to one, mean that it is closed; so does 404 of Identity, which is promised to
/// nobody. A key that is not known (401) is an error: it may have expired, and a run must not quietly do less for that.
pub(super) fn knock(family: Family, answer: Result<(), ReadError>) -> Result<Knock, ReadError> {
    match answer {
        Ok(()) => Ok(Knock::Open),
        Err(ReadError::NoKey(_) | ReadError::Denied { status: StatusCode::FORBIDDEN, .. }) => {
            Ok(Knock::Closed)
        }
        Err(ReadError::Http(error))
            if family == Identity && error.status() == Some(StatusCode::NOT_FOUND) =>
        {
            Ok(Knock::Closed)
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_has_one_row_and_a_family_that_carries_it() {
        let all: Vec<Topic> = TABLE.iter().map(|row| row.topic).chain(PLACELESS).collect();
        assert_eq!(all, Topic::ALL);
        assert!(PLACELESS.iter().all(|topic| topic.is_of_platform()));
        for row in TABLE {
            assert!(!row.shown.is_empty() && !row.written.is_empty(), "{:?} is carried by none", row.topic);
        }
    }

    #[test]
    fn what_is_open_decides_what_is_seen_and_changed() {
        let all = Open { users: Identity, admin: Knock::Open }.reach();
        let closed: Vec<Topic> =
            Topic::ALL.into_iter().filter(|topic| all.of(*topic) != Access::Written).collect();
        assert_eq!(closed[..1], [Topic::ScimGroups], "they take the numbers of SCIM's users");
        assert_eq!(closed[1..], PLACELESS);
        assert_eq!(all.of(Topic::ScimGroups), Access::Shown(Scim));
        assert_eq!(all.users(), Identity);
        let scim = Open { users: Scim, admin: Knock::Open }.reach();
        assert_eq!(scim.users(), Scim);
        for (topic, access) in [
            (Topic::Tracking, Access::Written),
            (Topic::UsersWithoutEmail, Access::Shown(Identity)),
            (Topic::Members, Access::Shown(Identity)),
            (Topic::DeviceLogins, Access::Hidden(Identity)),
            (Topic::Groups, Access::Written),
            (Topic::HrGroups, Access::Written),
            (Topic::ScimGroups, Access::Written),
        ] {
            assert_eq!(scim.of(topic), access, "{topic:?}");
        }
        let alone = Open { users: Scim, admin: Knock::Closed }.reach();
        for (topic, access) in [
            (Topic::Names, Access::Written),
            (Topic::Groups, Access::Hidden(Admin)),
            (Topic::Members, Access::Hidden(Admin)),
            (Topic::Computers, Access::Hidden(Admin)),
            (Topic::HrGroups, Access::Hidden(Admin)),
            (Topic::ScimGroups, Access::Written),
        ] {
            assert_eq!(alone.of(topic), access, "{topic:?}");
        }
    }
}
