//! A mapping of an export's columns that is proposed, and why.

/// How certain a suggestion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    /// It is part of the proposal.
    Proposed,
    /// Somebody has to decide.
    Asked,
}

/// One thing that is suggested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// Keys of the source, as YAML, in several lines where it takes them; empty where there is only something to know.
    pub yaml: Box<str>,
    /// Whether it is proposed, or asked.
    pub certainty: Certainty,
    /// Why.
    pub why: Box<str>,
}

/// A mapping that is proposed for an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The file, as it was given.
    pub file: Box<str>,
    /// The line of its header.
    pub header: u64,
    /// Rows below it.
    pub rows: u64,
    /// The name of the source.
    pub name: Box<str>,
    /// What is suggested for the source, in the order of its keys.
    pub suggestions: Vec<Suggestion>,
}
