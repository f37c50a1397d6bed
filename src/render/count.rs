//! How is a number of things said?

/// `1 user`, `2 users`.
pub(crate) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// `2 users, 1 exclusion`: what there is of users, groups and exclusions, in this order; none where there is nothing.
pub(crate) fn entries([users, groups, exclusions]: [usize; 3]) -> Option<String> {
    let kinds = [
        (users, counted(users, "user", "users")),
        (groups, counted(groups, "group", "groups")),
        (exclusions, counted(exclusions, "exclusion", "exclusions")),
    ];
    let there: Vec<String> =
        kinds.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words).collect();
    (!there.is_empty()).then(|| there.join(", "))
}
