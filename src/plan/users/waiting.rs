//! What waits for an agent, and what is given up for another to get.

use crate::model::{Edit, Identifier, StepId};
use crate::plan::person::Person;

/// Edits that wait for an agent, with the steps that they need besides.
pub(in crate::plan) struct Waiting {
    pub(in crate::plan) person: Person,
    pub(in crate::plan) edits: Vec<Edit>,
    pub(in crate::plan) needs: Vec<StepId>,
}

/// A value that somebody gives up and another gets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::plan) enum Value {
    /// The display name.
    Name,
    /// An identifier.
    Identifier(Identifier),
}
