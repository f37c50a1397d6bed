//! What does the start of a repository have to tell?

use crate::model::Phrase;

/// What was written, and what was there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The account's name in the manifests.
    pub account: Box<str>,
    /// Its number, where the manifests say it.
    pub id: Option<u64>,
    /// Why the manifests don't say it, where somebody should know.
    pub unnumbered: Option<Phrase>,
    /// The folder.
    pub folder: Box<str>,
    /// The files that were written, sorted by path.
    pub written: Vec<Written>,
    /// The files that were there and are as they were, sorted by path.
    pub kept: Vec<Kept>,
    /// Why no workflows of GitHub are among the files, where none are.
    pub no_workflows: Option<Phrase>,
    /// What the settings of the repository are to have, for its workflows.
    pub handed: Vec<Handed>,
    /// The seed of a rehearsal account that no manifest names: it is served, and planned against by its address.
    pub served: Option<Box<str>>,
}

/// A variable of the environment that workflows hand to a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Handed {
    /// Its name, there and in the settings of the repository.
    pub name: &'static str,
    /// Where the settings have it.
    pub stored: Stored,
}

/// Where the settings of a repository have a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// Among the secrets.
    Secret,
    /// Among the variables, which everybody may see.
    Variable,
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its path below the folder.
    pub path: Box<str>,
    /// What it is for, in a few words.
    pub purpose: &'static str,
}

/// A file that was there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its path below the folder.
    pub path: Box<str>,
    /// Lines that it should have, and has not.
    pub lacks: Vec<&'static str>,
}
