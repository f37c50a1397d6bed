//! What is said beside changes: what somebody does by hand, and what a reader should know.

use std::borrow::Cow;

use crate::model::{Origin, Phrase, Piece};

/// Something the manifests ask for that no call carries out which the keys open and `account.allow` lets: somebody does it by
/// hand, and the next plan finds it done.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Manual {
    /// Where it is asked for.
    pub origin: Origin,
    /// What is to be done.
    pub what: Phrase,
    /// Where to click.
    pub place: Cow<'static, str>,
    /// Why it isn't done from here.
    pub why: Phrase,
}

/// Something a reader should know that changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Notice {
    /// Where it comes from.
    pub origin: Origin,
    /// What it is.
    pub message: Phrase,
    /// The users or groups it is about, where the sentence ends with a list of them.
    pub about: Vec<Piece>,
}
