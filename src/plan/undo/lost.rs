//! What does no patch bring back, and what of it may a person add by hand?

use crate::model::{DesiredGroup, GroupName, GroupState, Origin, Phrase};
use crate::phrase;
use crate::plan::undo::entry::name;

/// What a patch leaves out.
#[derive(Default)]
pub(super) struct Lost {
    /// A sentence for each.
    pub(super) said: Vec<Phrase>,
    /// Entries that delete the groups that are made.
    pub(super) made: Vec<DesiredGroup>,
}

impl Lost {
    /// One thing more.
    pub(super) fn push(&mut self, what: Phrase) {
        self.said.push(what);
    }

    /// A group that is made. By the time the patch is used, one of that name may be somebody else's.
    pub(super) fn make(&mut self, made: &GroupName, entry: DesiredGroup) {
        let why =
            " is created: deleting can't be undone, and nobody knows yet whether the run will have made it";
        self.push(phrase!["the group ", name(made), why]);
        self.made.push(DesiredGroup { state: GroupState::Deleted(Origin::NONE), ..entry });
    }
}
