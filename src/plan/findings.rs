//! What is found on the way to a plan besides changes: what is unknown or impossible, what somebody has to do, what to know.

use crate::model::{Origin, Phrase, Piece};
use crate::plan::blocker::Blocker;
use crate::plan::notice::{Manual, Notice};

/// Blockers, steps by hand and notices; their order is that of the finished plan, whoever found them first.
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// What is unknown or impossible.
    pub(super) blockers: Vec<Blocker>,
    /// What somebody has to do by hand.
    pub(super) manual: Vec<Manual>,
    /// What a reader should know.
    pub(super) notices: Vec<Notice>,
}

impl Findings {
    /// Adds something that a reader should know.
    pub(super) fn notice(&mut self, origin: Origin, message: Phrase) {
        self.notice_about(origin, message, Vec::new());
    }

    /// Adds something that a reader should know of these users or groups.
    pub(super) fn notice_about(&mut self, origin: Origin, message: Phrase, about: Vec<Piece>) {
        self.notices.push(Notice { origin, message, about });
    }
}

impl From<Vec<Blocker>> for Findings {
    fn from(blockers: Vec<Blocker>) -> Self {
        Self { blockers, ..Self::default() }
    }
}

impl Extend<Findings> for Findings {
    fn extend<T: IntoIterator<Item = Findings>>(&mut self, more: T) {
        for Self { blockers, manual, notices } in more {
            self.blockers.extend(blockers);
            self.manual.extend(manual);
            self.notices.extend(notices);
        }
    }
}
