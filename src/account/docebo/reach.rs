//! What of an account has the platform, and what of it does Rollcall change?

use crate::account::docebo::connection::NewUsers;
use crate::model::{Access, Family, IdentifierKind, Reach, Topic, Username};

/// What may be done about each topic, where users are called so.
///
/// Groups, who is in them, and who may log in are changed. Users, their names and their usernames are read; users are created where that is allowed. For everything else there is no place.
pub(super) fn reach(username: Username, new_users: NewUsers) -> Reach {
    let shown = match username.kind() {
        IdentifierKind::Upn => Topic::Upns,
        IdentifierKind::Email => Topic::Emails,
        IdentifierKind::EmployeeId | IdentifierKind::DeviceLogin => Topic::EmployeeIds,
    };
    let access = |topic| match topic {
        Topic::Groups | Topic::Members | Topic::Descriptions | Topic::Activation => Access::Written,
        Topic::Users | Topic::UsersWithoutEmail if new_users == NewUsers::Allowed => Access::Written,
        Topic::Users | Topic::UsersWithoutEmail | Topic::Names => Access::Shown(Family::Learning),
        topic if topic == shown => Access::Shown(Family::Learning),
        _ => Access::Absent(Family::Learning),
    };
    Topic::ALL.into_iter().fold(Reach::everything(), |reach, topic| reach.with(topic, access(topic)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_read_by_the_platform_and_only_their_username_is_an_identifier() {
        let identifiers = [Topic::Upns, Topic::Emails, Topic::EmployeeIds, Topic::DeviceLogins];
        for (username, shown) in [
            (Username::Upn, Topic::Upns),
            (Username::Email, Topic::Emails),
            (Username::EmployeeId, Topic::EmployeeIds),
        ] {
            let reach = reach(username, NewUsers::Never);
            assert!(reach.unwritten(Topic::Users).is_some());
            assert_eq!(reach.users(), Family::Learning);
            let seen: Vec<Topic> = identifiers.into_iter().filter(|it| reach.hidden(*it).is_none()).collect();
            assert_eq!(seen, [shown]);
        }
    }
}
