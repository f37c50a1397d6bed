//! Who and what is found, and in which order (`search_text`, `sort_attr`, `sort_dir`, `branch_id`).

use crate::sandbox::docebo::seed::{BranchId, Group, User};
use crate::sandbox::docebo::state::{ROOT, Tenant};
use crate::sandbox::state::fold;

/// By what users are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UserKey {
    /// By when they were made, the last one first: what is listed where nothing is asked for.
    Newest,
    /// `username`.
    Username,
    /// `first_name`.
    FirstName,
    /// `last_name`.
    LastName,
    /// `status`.
    Status,
    /// `level`.
    Level,
    /// `email`.
    Email,
    /// `last_access_date`.
    LastAccess,
    /// `user_id`.
    Id,
}

impl UserKey {
    /// The key of a word.
    pub(crate) fn of(word: &str) -> Option<UserKey> {
        Some(match word {
            "username" => UserKey::Username,
            "first_name" => UserKey::FirstName,
            "last_name" => UserKey::LastName,
            "status" => UserKey::Status,
            "level" => UserKey::Level,
            "email" => UserKey::Email,
            "last_access_date" => UserKey::LastAccess,
            "user_id" => UserKey::Id,
            _ => return None,
        })
    }

    /// Sorts users; those that are equal by their numbers.
    pub(crate) fn sort(self, users: &mut [&User]) {
        match self {
            UserKey::Newest => users.sort_by_key(|user| std::cmp::Reverse(user.id)),
            UserKey::Id => users.sort_by_key(|user| user.id),
            UserKey::Username => users.sort_by_cached_key(|user| (fold(&user.username), user.id)),
            UserKey::FirstName => users.sort_by_cached_key(|user| (fold(&user.first_name), user.id)),
            UserKey::LastName => users.sort_by_cached_key(|user| (fold(&user.last_name), user.id)),
            UserKey::Email => users.sort_by_cached_key(|user| (fold(&user.email), user.id)),
            UserKey::Status => users.sort_by_key(|user| (user.active, user.id)),
            UserKey::Level => users.sort_by_key(|user| (user.level, user.id)),
            UserKey::LastAccess => users.sort_by_key(|user| (user.last_access, user.id)),
        }
    }
}

/// By what groups are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GroupKey {
    /// By when they were written, the last one first: what is listed where nothing is asked for.
    Latest,
    /// `name`.
    Name,
    /// `description`.
    Description,
    /// `slug`.
    Slug,
}

impl GroupKey {
    /// The key of a word.
    pub(crate) fn of(word: &str) -> Option<GroupKey> {
        Some(match word {
            "name" => GroupKey::Name,
            "description" => GroupKey::Description,
            "slug" => GroupKey::Slug,
            _ => return None,
        })
    }

    /// Sorts groups; those that are equal by their uuids.
    pub(crate) fn sort(self, groups: &mut [&Group]) {
        match self {
            GroupKey::Latest => groups.sort_by_key(|group| (std::cmp::Reverse(group.updated), &group.uuid)),
            GroupKey::Name => groups.sort_by_cached_key(|group| (fold(&group.name), group.uuid.clone())),
            GroupKey::Description => {
                groups.sort_by_cached_key(|group| (fold(&group.description), group.uuid.clone()));
            }
            GroupKey::Slug => groups.sort_by_cached_key(|group| (group.slug(), group.uuid.clone())),
        }
    }
}

/// Which way a list runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// `asc`.
    Up,
    /// `desc`.
    Down,
}

/// Whose branches count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// The users of the very branch.
    Branch,
    /// Those of the branches below it too.
    Descendants,
}

impl User {
    /// Whether a search for a text finds the user: by username, name or address.
    pub(crate) fn is_found(&self, term: &str) -> bool {
        let term = fold(term);
        let texts = [&self.username, &self.first_name, &self.last_name, &self.email];
        texts.into_iter().any(|text| fold(text).contains(&term))
    }
}

impl Group {
    /// Whether a search for a text finds the group: by name or description.
    pub(crate) fn is_found(&self, term: &str) -> bool {
        let term = fold(term);
        fold(&self.name).contains(&term) || fold(&self.description).contains(&term)
    }
}

impl Tenant {
    /// Whether a user is in a branch, or below it. Whoever is in no other branch is in the root.
    pub(crate) fn is_in_branch(&self, user: &User, branch: BranchId, reach: Reach) -> bool {
        match reach {
            Reach::Branch if branch == ROOT => user.branches.is_empty(),
            Reach::Branch => user.branches.contains(&branch),
            Reach::Descendants => {
                branch == ROOT || user.branches.iter().any(|held| self.is_below(*held, branch))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::docebo::rules::testing::tenant;

    #[test]
    fn users_are_sorted_by_what_is_asked_for_and_else_the_last_one_comes_first() {
        let tenant = tenant(
            r#""users":[{"id":1,"username":"Bob","email":"z@x"},{"id":2,"username":"ada","email":"z@X","active":false},
            {"id":3,"username":"cy","lastAccess":"2026-01-01T00:00:00Z","level":"superadmin"}]"#,
        );
        for (word, expected) in [
            ("", [3, 2, 1]),
            ("user_id", [1, 2, 3]),
            ("username", [2, 1, 3]),
            ("email", [3, 1, 2]),
            ("status", [2, 1, 3]),
            ("level", [1, 2, 3]),
            ("last_access_date", [1, 2, 3]),
        ] {
            let mut users: Vec<&User> = tenant.users().collect();
            UserKey::of(word).unwrap_or(UserKey::Newest).sort(&mut users);
            assert_eq!(users.iter().map(|user| user.id.0).collect::<Vec<_>>(), expected, "{word}");
        }
        assert_eq!(UserKey::of("mood"), None);
    }

    #[test]
    fn a_branch_holds_its_own_users_or_those_below_it_too() {
        let tenant = tenant(
            r#""branches":[{"id":1,"title":"A"},{"id":2,"title":"B","parent":1}],"users":[{"id":1,"username":"a","branches":[1]},
            {"id":2,"username":"b","branches":[2]},{"id":3,"username":"c"}]"#,
        );
        for (branch, reach, expected) in [
            (1, Reach::Branch, &[1][..]),
            (1, Reach::Descendants, &[1, 2]),
            (2, Reach::Descendants, &[2]),
            (0, Reach::Branch, &[3]),
            (0, Reach::Descendants, &[1, 2, 3]),
        ] {
            let users = tenant.users().filter(|user| tenant.is_in_branch(user, BranchId(branch), reach));
            assert_eq!(users.map(|user| user.id.0).collect::<Vec<_>>(), expected, "{branch} {reach:?}");
        }
    }
}
