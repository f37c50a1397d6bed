//! Which manifests are to be read as if they said something else?

use std::collections::BTreeMap;

/// Texts of manifests that are not on the disk yet, by path as shown; those of files that are not there are read beside the others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edited(BTreeMap<Box<str>, String>);

impl Edited {
    /// Reads a manifest as if it said this.
    pub fn put(&mut self, path: &str, text: String) {
        self.0.insert(path.into(), text);
    }

    /// What a manifest says instead of what is on the disk.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }

    /// Each with its text, sorted by path.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(path, text)| (&**path, text.as_str()))
    }
}
