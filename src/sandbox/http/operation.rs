//! What is one operation of the API, and what do its documents say of it that answers depend on?

/// What the API does at a path by a method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Operation {
    /// `GET`, `POST`, …
    pub method: &'static str,
    /// The path, with names in braces for what varies.
    pub path: &'static str,
    /// Whether the sandbox does it.
    pub kept: Kept,
    /// What its body is.
    pub(crate) body: Media,
    /// What is answered where what it is about is not there.
    pub(crate) absent: u16,
    /// What is answered where there would be two of what can be there once.
    pub(crate) clash: u16,
}

/// Whether an operation of the API is there in the sandbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kept {
    /// It is.
    Served,
    /// The documents have it, and the sandbox says that it has not.
    Missing,
}

/// What a body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Media {
    /// JSON, by whatever media type JSON has.
    Json,
    /// A form with a file.
    Form,
}
