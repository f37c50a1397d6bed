//! How far is a user in a course?

use serde::{Deserialize, Serialize};

use crate::sandbox::docebo::seed::ids::CourseId;

/// That a user is in a course.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrollment {
    /// The course.
    pub course: CourseId,
    /// How far the user is.
    #[serde(default)]
    pub status: EnrollmentStatus,
}

/// How far a user is in a course.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EnrollmentStatus {
    /// To be let in.
    Waiting,
    /// In, and has not begun.
    #[default]
    Enrolled,
    /// Has begun.
    InProgress,
    /// Has finished.
    Completed,
    /// May not go on.
    Suspended,
}

impl EnrollmentStatus {
    /// Every status, with its word.
    pub(crate) const ALL: [(EnrollmentStatus, &'static str); 5] = [
        (EnrollmentStatus::Waiting, "waiting"),
        (EnrollmentStatus::Enrolled, "enrolled"),
        (EnrollmentStatus::InProgress, "in_progress"),
        (EnrollmentStatus::Completed, "completed"),
        (EnrollmentStatus::Suspended, "suspended"),
    ];

    /// The number that stands for it where statuses are numbers, as they are where enrollments are written.
    pub(crate) fn number(self) -> i64 {
        match self {
            EnrollmentStatus::Waiting => -2,
            EnrollmentStatus::Enrolled => 0,
            EnrollmentStatus::InProgress => 1,
            EnrollmentStatus::Completed => 2,
            EnrollmentStatus::Suspended => 3,
        }
    }

    /// The word on the wire.
    pub(crate) fn word(self) -> &'static str {
        EnrollmentStatus::ALL.into_iter().find(|(status, _)| *status == self).map_or("", |(_, word)| word)
    }
}
