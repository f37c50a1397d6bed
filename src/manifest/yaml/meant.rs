//! Which key do people mean who write another word?

/// Keys that are not there, by a key that is there beside them, and what does what they ask for.
const MEANT: [(&str, &[&str], &str); 6] = [
    (
        "deviceLogin",
        &["state", "deleted", "delete", "removed", "active", "enabled", "status"],
        "a user is removed for good by `remove: { decided: 2026-05-02, reason: left }`, and no longer tracked by \
         `tracking: untracked`",
    ),
    ("deviceLogin", &["name", "fullName"], "a user's name is `displayName`"),
    ("deviceLogin", &["id"], "a user's number is `employeeId`"),
    ("recreate", &["remove", "delete", "deleted"], "a group is deleted by `state: deleted`"),
    ("recreate", &["users", "people"], "who is in a group is said by `members`"),
    ("recreate", &["rule", "where", "filter"], "who belongs to a group by a rule is said by `match`"),
];

/// What somebody means who writes `word` where the `known` keys stand.
pub(super) fn meant(word: &str, known: &[&str]) -> Option<&'static str> {
    let of = |(beside, words, _): &&(&str, &[&str], &str)| known.contains(beside) && words.contains(&word);
    MEANT.iter().find(of).map(|(_, _, help)| *help)
}
