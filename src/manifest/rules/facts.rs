//! What do rules look at, and where do they place what they find?

use crate::diag::{Code, Diagnostic, Place, Span};
use crate::manifest::declared::Declared;
use crate::manifest::rules::directory::{GroupNames, Users};
use crate::manifest::rules::lists::Listed;
use crate::model::{Dates, Origin, Policy};

/// What rules look at.
pub(super) struct Facts<'a> {
    /// The manifests' path, as it was given.
    pub(super) path: &'a Place,
    pub(super) declared: &'a Declared,
    /// The policy that holds.
    pub(super) policy: &'a Policy,
    pub(super) today: Dates,
    /// Who is declared, by what tells users apart.
    pub(super) users: Users<'a>,
    /// Which groups are declared, by name.
    pub(super) groups: GroupNames<'a>,
    /// Every list of users that a group has.
    pub(super) lists: Vec<Vec<Listed<'a>>>,
}

/// A problem where something was said.
pub(super) fn at(code: Code, origin: Origin, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(code, span(origin), message)
}

/// The place where something was said; rules speak of nothing that no manifest says.
pub(super) fn span(origin: Origin) -> Span {
    Span::at(origin).unwrap_or(Span::new(0, 0))
}
