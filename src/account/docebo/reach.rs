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
        Topic::Groups | Topic::Members | Topic::Descriptions | Topic::Activation | Topic::GroupRules => {
            Access::Written
        }
        Topic::Users | Topic::UsersWithoutEmail if new_users == NewUsers::Allowed => Access::Written,
        Topic::Users
        | Topic::UsersWithoutEmail
        | Topic::Names
        | Topic::UserFields
        | Topic::Branches
        | Topic::Enrollments
        | Topic::Addresses => Access::Shown(Family::Learning),
        topic if topic == shown => Access::Shown(Family::Learning),
        _ => Access::Absent(Family::Learning),
    };
    Topic::ALL.into_iter().fold(Reach::everything(), |reach, topic| reach.with(topic, access(topic)))
}

/// The same where exported lists stand in for the API. Users, usernames, groups and who is in them are on lists, and whoever carries a
/// plan out on the platform's pages can change groups and create users; for everything else lists have no place.
pub(super) fn of_lists(username: Username) -> Reach {
    let by_api = reach(username, NewUsers::Allowed);
    let access = |topic| match (topic, by_api.of(topic)) {
        (Topic::Users | Topic::UsersWithoutEmail | Topic::Groups | Topic::Members, _) => Access::Written,
        // A group of a list may fill itself or not.
        (Topic::GroupRules, _) => Access::Hidden(Family::Lists),
        // A list of users may have some of it, and nothing proves that it has all.
        (Topic::UserFields | Topic::Branches | Topic::Enrollments | Topic::Addresses, _) => {
            Access::Absent(Family::Lists)
        }
        (_, Access::Shown(_)) => Access::Shown(Family::Lists),
        _ => Access::Absent(Family::Lists),
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

    #[test]
    fn lists_show_users_names_and_groups_and_have_no_place_for_anything_else() {
        let reach = of_lists(Username::Email);
        let seen: Vec<Topic> = Topic::ALL.into_iter().filter(|it| reach.hidden(*it).is_none()).collect();
        let known = [
            Topic::Users,
            Topic::UsersWithoutEmail,
            Topic::Names,
            Topic::Emails,
            Topic::Groups,
            Topic::Members,
        ];
        assert_eq!((seen, reach.users()), (known.to_vec(), Family::Lists));
    }
}
