//! Who belongs to an automatic group? Its rules, in a form of the sandbox's own: how the platform writes most of them is in no
//! document.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::sandbox::docebo::seed::enrollment::EnrollmentStatus;
use crate::sandbox::docebo::seed::fields::FieldValue;
use crate::sandbox::docebo::seed::ids::{BranchId, CourseId, FieldId, Uuid};

/// Sets of conditions. All conditions of a set have to hold; of the sets, one or all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleSet {
    /// How many of the sets have to hold.
    #[serde(default, rename = "match")]
    pub matching: Match,
    /// The sets.
    #[serde(default)]
    pub sets: Vec<Vec<Condition>>,
}

/// How many of several have to hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Match {
    /// One is enough.
    #[default]
    Any,
    /// All.
    All,
}

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub enum Condition {
    /// The user is in a course, and so far.
    Enrollment {
        /// The course.
        course: CourseId,
        /// How far.
        status: EnrollmentStatus,
    },
    /// The user is in one of these branches.
    Branch {
        /// In the very branch.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        ids: Vec<BranchId>,
        /// In the branch or one below it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        descendants: Vec<BranchId>,
    },
    /// The user is in one of these manual groups.
    Group {
        /// The groups.
        uuids: Vec<Uuid>,
    },
    /// What the user has in an additional field.
    Field {
        /// The field.
        id: FieldId,
        /// How it is compared.
        operator: Operator,
        /// With what: nothing, one value, two for `between`, or, of options, any of several.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        values: Vec<FieldValue>,
    },
    /// The user's email address has a text in it.
    Email {
        /// The text.
        contains: String,
    },
    /// A rule of a kind that the sandbox does not know. A group that has one keeps the users that it has.
    Raw {
        /// What the platform calls it.
        #[serde(rename = "type")]
        kind: String,
        /// What else it says.
        payload: Value,
    },
}

/// How a value is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operator {
    /// It is this, or one of these.
    Equals,
    /// It is not.
    NotEquals,
    /// It has this in it.
    Contains,
    /// It has not.
    NotContains,
    /// It starts with this.
    StartsWith,
    /// It ends with this.
    EndsWith,
    /// There is none.
    IsEmpty,
    /// There is one.
    NotEmpty,
    /// It is a day before this one.
    Before,
    /// It is a day after this one.
    After,
    /// It is this day.
    On,
    /// It is one of these two days, or one between them.
    Between,
}

impl Operator {
    /// Every operator, with its word.
    pub(crate) const ALL: [(Operator, &'static str); 12] = [
        (Operator::Equals, "equals"),
        (Operator::NotEquals, "not_equals"),
        (Operator::Contains, "contains"),
        (Operator::NotContains, "not_contains"),
        (Operator::StartsWith, "starts_with"),
        (Operator::EndsWith, "ends_with"),
        (Operator::IsEmpty, "is_empty"),
        (Operator::NotEmpty, "not_empty"),
        (Operator::Before, "before"),
        (Operator::After, "after"),
        (Operator::On, "on"),
        (Operator::Between, "between"),
    ];
}
