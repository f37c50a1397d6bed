//! What can be edited in a manifest?

use crate::manifest::edit::words::Said;

/// A change of what a manifest says, at the place of which its reader spoke.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextEdit {
    /// The byte at which the value or the entry begins.
    pub at: usize,
    /// What is to be done there.
    pub change: TextChange,
}

/// What is done to a value, or to an entry of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextChange {
    /// The value becomes another.
    Say(Said),
    /// The value goes with the item of the list that it is or stands in; one that stands alone is a list of one.
    TakeOut,
    /// The value goes with its key.
    DropKey,
    /// The entry goes.
    TakeOutEntry,
    /// A list of the entry gets one more item; the list, too, if there is none.
    Add(&'static str, Said),
    /// A key of the entry says this, whether it was there or not.
    Set(&'static str, Said),
    /// A key of the entry goes, if it is there.
    Drop(&'static str),
}
