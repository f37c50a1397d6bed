//! What is believed of the API, and how sure is it?
//!
//! The platform publishes its reference to those who can log in only. What is here was read in help texts and in clients of others;
//! `docs/compatibility.md` says how sure each is. Where two sources differ, both are tried, and what works is kept for the run.

use crate::http::{Method, StatusCode};
use crate::model::{Activation, Comparison, Level, Population, Progress};

/// Users, by pages. Seen in several clients.
pub(super) const USERS: &str = "/manage/v1/user";
/// Where users are created: several at once, which is never asked of it twice at a time. Published.
pub(super) const NEW_USERS: &str = "/manage/v1/user/batch";
/// Where users are let log in, or not. Published.
pub(super) const STATUS: &str = "/manage/v1/user/change_status";
/// Groups, by pages, and one below it. Seen in help texts and clients.
pub(super) const GROUPS: &str = "/audiences/v1/audience";
/// Where groups are created by a table of calls that the platform printed, if not at [`GROUPS`].
pub(super) const GROUPS_BY_TABLE: &str = "/audiences/v1/audiences";
/// Fields of users, by pages. Published in an old description.
pub(super) const FIELDS: &str = "/manage/v1/user_fields";
/// The organisation chart. Published in an old description; that `flattened` lists all of it was seen in a client.
pub(super) const BRANCHES: &str = "/manage/v1/orgchart";
/// Courses, by the newer service, and by the older. Each was seen in clients.
pub(super) const COURSES: &str = "/course/v1/courses";
/// The same by the older.
pub(super) const OLD_COURSES: &str = "/learn/v1/courses";
/// Who is in courses, by the older service.
pub(super) const OLD_ENROLLMENTS: &str = "/learn/v1/enrollments";
/// Where a token is granted. Published.
pub(super) const TOKEN: &str = "/oauth2/token";

/// The most rows of a page. Published.
pub(super) const PAGE_SIZE: usize = 200;

/// What users are sorted by: an order that stands still while others come and go.
pub(super) const USER_ORDER: &str = "username";
/// What groups are sorted by.
pub(super) const GROUP_ORDER: &str = "name";

/// How the users of a group are asked for, and how they are taken out: by a table that the platform printed. No client was seen
/// that takes users out.
pub(super) fn members(uuid: &str) -> String {
    format!("{GROUPS}/{uuid}/users")
}

/// One group.
pub(super) fn group(uuid: &str) -> String {
    format!("{GROUPS}/{uuid}")
}

/// How users are put into a group: as a client does it, and as the platform's table says.
pub(super) fn assignments(uuid: &str) -> [(Method, String); 2] {
    [(Method::PUT, format!("{GROUPS}/{uuid}/assign_users")), (Method::POST, members(uuid))]
}

/// What an answer is that says no more than that there is no such call.
pub(super) fn is_no_call(status: Option<StatusCode>) -> bool {
    matches!(status, Some(StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED))
}

/// The keys of a group that are sent back as they were when one of them changes: whether a change may leave any out is not known.
pub(super) const KEPT_KEYS: [&str; 6] =
    ["name", "description", "type", "labels", "exclude_deactivated_users", "ruleset"];

/// The key of a group's name.
pub(super) const NAME: &str = "name";
/// The key of what a group says of itself.
pub(super) const DESCRIPTION: &str = "description";

/// Of a group's rules, what the platform writes by itself.
pub(super) const STATE_KEYS: [&str; 1] = ["status"];

/// The key of a group's rules.
pub(super) const RULES: &str = "ruleset";
/// What a group whose rules are written is to be, as somebody was seen to write it.
pub(super) const READY: &str = "READY";

/// The type of a condition on branches, and its keys. Published in part: what an entry of the second holds is not.
pub(super) const BRANCH_RULES: [&str; 1] = ["BranchMembership"];
/// The branches themselves.
pub(super) const BRANCHES_HERE: &str = "branch_ids";
/// Those that count with what is below them.
pub(super) const BRANCHES_BELOW: &str = "branch_ids_descendants";
/// How such an entry may name its branch.
pub(super) const BRANCH_KEYS: [&str; 2] = ["id", "branch_id"];
/// The types of conditions on enrollments, on fields, and on what stands in every profile. In no document: guesses, of which none is
/// written but where a group of the tenant has it.
pub(super) const COURSE_RULES: [&str; 3] =
    ["CourseEnrollmentStatus", "EnrollmentStatus", "enrollment_status"];
/// The same of fields.
pub(super) const FIELD_RULES: [&str; 3] = ["UserAdditionalField", "AdditionalField", "userfield"];
/// The same of profiles.
pub(super) const PROFILE_RULES: [&str; 2] = ["UserField", "user"];
/// The keys of what a condition says, any of each; guesses as well.
pub(super) const COURSE_KEYS: [&str; 2] = ["course_id", "id_course"];
/// How far somebody is.
pub(super) const STATUS_KEYS: [&str; 2] = ["status", "enrollment_status"];
/// Which field is meant. That a field is named by its number, as a text, was seen.
pub(super) const FIELD_KEYS: [&str; 3] = ["field", "field_id", "userfield_id"];
/// How it is compared.
pub(super) const OPERATOR_KEYS: [&str; 2] = ["operator", "op"];
/// With what.
pub(super) const VALUE_KEYS: [&str; 2] = ["value", "values"];
/// What the field of email addresses is called.
pub(super) const EMAIL_FIELD: &str = "email";

/// How a field is compared, by words of the platform's filters and of its look-alikes; none for another.
pub(super) fn comparison(word: &str) -> Option<Comparison> {
    Some(match word {
        "equals" | "equal" | "is_equal" => Comparison::Equals,
        "contains" => Comparison::Contains,
        "starts_with" => Comparison::StartsWith,
        "ends_with" => Comparison::EndsWith,
        "is_empty" => Comparison::IsEmpty,
        "not_empty" => Comparison::NotEmpty,
        "before" => Comparison::Before,
        "after" => Comparison::After,
        "on" => Comparison::On,
        _ => return None,
    })
}

/// How somebody came into a group, by the words of the pages; none for another.
pub(super) fn relation(word: &str) -> Option<Population> {
    match word {
        "manual" => Some(Population::Manual),
        "automatic" => Some(Population::Automatic),
        _ => None,
    }
}

/// How a status is written. Published.
pub(super) const fn written_status(status: Activation) -> &'static str {
    match status {
        Activation::Active => "1",
        Activation::Deactivated => "0",
    }
}

/// The status that a list says; none where it says it in another way.
pub(super) fn status(said: &str) -> Option<Activation> {
    match said {
        "1" | "true" => Some(Activation::Active),
        "0" | "false" => Some(Activation::Deactivated),
        _ => None,
    }
}

/// What a list says that a user may do, in a word or by the path that stands for it: the words were seen in clients, and may be others
/// elsewhere. None where it says it in another way.
pub(super) fn level(said: &str) -> Option<Level> {
    match said.strip_prefix("/framework/level/").unwrap_or(said) {
        "user" => Some(Level::User),
        "poweruser" | "admin" => Some(Level::PowerUser),
        "superadmin" | "godadmin" => Some(Level::Superadmin),
        _ => None,
    }
}

/// The word for a group that holds whom somebody put in.
pub(super) const MANUAL: &str = "manual";
/// The word for a group that holds whom its rules match.
pub(super) const AUTOMATIC: &str = "automatic";

/// How the column of usernames is called on an exported list of users, without case, blanks and what joins words. No document has
/// the columns: another name is asked for. `User ID` is a number of the platform, and never taken for it.
pub(super) const USERNAME_COLUMNS: [&str; 1] = ["username"];
/// The same of the columns of names: the first and the last.
pub(super) const NAME_COLUMNS: [&str; 2] = ["firstname", "lastname"];
/// The same of a column that has all of a name.
pub(super) const FULL_NAME_COLUMNS: [&str; 1] = ["fullname"];

/// Bytes of a CSV file that the platform takes, its header among them. It says 3 MB: the smaller of what that may mean.
pub const UPLOAD_BYTES: usize = 3_000_000;
/// Characters of an email address in such a file before the `@`, and behind it. Published.
pub const UPLOAD_EMAIL_PART: usize = 45;

/// One field, with what can be chosen in it.
pub(super) fn field(id: u64) -> String {
    format!("{FIELDS}/{id}")
}

/// What a list of users calls the value of a field.
pub(super) fn field_key(id: u64) -> String {
    format!("field_{id}")
}

/// The users of a branch.
pub(super) fn branch_users(id: u64) -> String {
    format!("{BRANCHES}/{id}/users")
}

/// Who is in a course, by the newer service.
pub(super) fn enrollments(course: u64) -> String {
    format!("{COURSES}/{course}/enrollments")
}

/// The types of fields that hold texts. No source has the words for more than the types that are chosen from.
pub(super) const TEXTS: [&str; 3] = ["textfield", "freetext", "textarea"];
/// The type of a field that holds days.
pub(super) const DATE: &str = "date";
/// The types of a field that says yes or no.
pub(super) const YES_NO: [&str; 3] = ["yesno", "yes_no", "yes/no"];
/// The value for yes; no is 2 in an old description, and 0 would be no as well.
pub(super) const YES: &str = "1";
/// The types of fields that are chosen from.
pub(super) const CHOSEN: [&str; 2] = ["dropdown", "country"];

/// How far somebody is in a course, by the words and the numbers that were seen in clients; none for another.
pub(super) fn progress_of(status: &str) -> Option<Progress> {
    Some(match &*status.to_ascii_lowercase() {
        "-2" | "waiting" | "waiting_list" => Progress::Waiting,
        "0" | "enrolled" | "subscribed" | "not_started" => Progress::Enrolled,
        "1" | "in_progress" | "in progress" => Progress::InProgress,
        "2" | "completed" => Progress::Completed,
        "3" | "suspended" => Progress::Suspended,
        _ => return None,
    })
}
