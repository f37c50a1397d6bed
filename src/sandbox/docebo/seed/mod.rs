//! What an emulated tenant of the learning platform is made of and saved as: the types of its file.
//!
//! As with an ActivTrak account, the state of a running tenant is made of these values, so that a saved file has no second set
//! of types that could say something else.

mod enrollment;
mod fields;
mod file;
mod groups;
mod ids;
mod pseudonyms;
mod records;
mod rules;

pub use enrollment::{Enrollment, EnrollmentStatus};
pub use fields::{Choice, Field, FieldType, FieldValue};
pub use groups::{Group, Population};
pub use ids::{BranchId, ChoiceId, CourseId, FieldId, UserId, Uuid};
pub use records::{Branch, Course, Level, Platform, Seed, User};
pub use rules::{Condition, Match, Operator, RuleSet};
