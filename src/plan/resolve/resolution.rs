//! What resolving comes to: which record each declared user is.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Located, Tracking, UserIx};
use crate::plan::blocker::Blocker;
use crate::plan::resolve::keys::Directory;

/// What a declared user turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plan) enum Fit {
    /// A record of the account.
    Record(UserIx),
    /// Nobody yet: to be created.
    New,
    /// Nobody, and nobody is to be: a dated order that is done.
    Gone,
    /// Unknown: a blocker says why.
    Blocked,
    /// Nobody yet, and somebody has to create them by hand.
    ByHand,
    /// Nobody, and nobody is created: only rows of exports name the user, and the plan lists them.
    LeftOut,
}

/// Both sides' directories and who is who.
pub(in crate::plan) struct Resolution<'a> {
    /// Keys of the account.
    pub(in crate::plan) observed: Directory<'a>,
    /// User agents of the account, by login; empty where no manifest names any.
    pub(in crate::plan) agents: Directory<'a>,
    /// Keys of the manifests.
    pub(in crate::plan) declared: Directory<'a>,
    /// By position in `Desired::users`.
    pub(in crate::plan) fits: Vec<Fit>,
    /// By position in `Observed::users`: the declared user it is.
    pub(in crate::plan) entries: Vec<Option<u32>>,
    /// Records that an entry may be, and nobody knows yet: whatever would follow from there being no entry of them, does not.
    pub(in crate::plan) in_question: BTreeSet<UserIx>,
    /// What rules say of the tracking of records that no entry is.
    pub(in crate::plan) ruled: BTreeMap<UserIx, Located<Tracking>>,
    /// Why some fit nothing.
    pub(in crate::plan) blockers: Vec<Blocker>,
}
