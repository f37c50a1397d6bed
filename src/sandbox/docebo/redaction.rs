//! What is shown of a request to somebody who is not to know who is in the tenant?

use crate::sandbox::redaction::Redactor;

/// The words of the paths.
const WORDS: [&str; 17] = [
    "oauth2",
    "token",
    "manage",
    "v1",
    "user",
    "batch",
    "change_status",
    "user_fields",
    "orgchart",
    "users",
    "learn",
    "courses",
    "enrollments",
    "audiences",
    "audience",
    "assign_users",
    "export-users",
];

/// The members whose texts name nobody: words of the protocol, moments, and numbers.
const SHOWN: [&str; 21] = [
    "id",
    "user_id",
    "option_id",
    "node_id",
    "level",
    "status",
    "type",
    "relation_type",
    "operator",
    "rules_operator",
    "language",
    "creation_date",
    "last_access_date",
    "expiration_date",
    "updated_at",
    "email_validation_status",
    "sequence",
    "lev",
    "i_left",
    "i_right",
    "version",
];

/// One that knows the words of this platform.
pub fn redactor() -> Redactor {
    Redactor::knowing(|part| WORDS.contains(&part), &SHOWN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::watch::Sight;

    #[test]
    fn nobody_is_named_and_what_was_equal_stays_equal() {
        let text = str::to_owned;
        let seen = redactor().redacted(&Sight {
            method: text("GET"),
            path: text("/manage/v1/user?search_text=Ada&page=2"),
            status: 200,
            changes: vec![text("user 101: email")],
            sent: text(r#"{"userid":"ada","valid":"1"}"#),
            answered: text(
                r#"{"data":{"items":[{"user_id":"101","username":"ada","field_1":"E-17","status":"1","last_access_date":"2026-02-01 09:00:00"}]}}"#,
            ),
        });
        assert_eq!(seen.to_string(), "GET /manage/v1/user?search_text=text-1&page=2 200  user 101: email");
        assert_eq!(seen.sent, r#"{"userid":"text-1","valid":"text-2"}"#);
        assert_eq!(
            seen.answered,
            r#"{"data":{"items":[{"field_1":"text-3","last_access_date":"2026-02-01 09:00:00","status":"1","user_id":"101","username":"text-1"}]}}"#
        );
    }
}
