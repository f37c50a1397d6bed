//! What does whoever imports decide?

/// What becomes of HR groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HrGroups {
    /// Manifests say who is in them.
    Declare,
    /// No manifest mentions them: every upload carries them over as they are.
    Carry,
}

/// What becomes of the primary groups of users in several groups. No API says whether somebody chose them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrimaryGroups {
    /// They are written, as if somebody had.
    Write,
    /// They are not.
    Leave,
}

/// What whoever imports decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choices {
    /// HR groups.
    pub hr: HrGroups,
    /// Primary groups.
    pub primary: PrimaryGroups,
}
