//! The problems of one file, bounded so that a file made of problems cannot fill memory.

use std::cell::{Cell, RefCell};

use crate::diag::{Code, Diagnostic, Diagnostics, Place, Source};

/// So many problems of one file are kept; the others are counted.
const LISTED: usize = 1000;

/// Takes the problems of one file.
pub(super) struct Sink {
    found: RefCell<Vec<Diagnostic>>,
    more: Cell<usize>,
}

impl Sink {
    pub(super) const fn new() -> Self {
        Self { found: RefCell::new(Vec::new()), more: Cell::new(0) }
    }

    /// Adds one problem. `make` runs only if it will be kept.
    pub(super) fn push(&self, make: impl FnOnce() -> Diagnostic) {
        let full = self.found.borrow().len() >= LISTED;
        if full {
            self.more.set(self.more.get() + 1);
        } else {
            let problem = make();
            self.found.borrow_mut().push(problem);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.found.borrow().is_empty()
    }

    /// All problems, and how many were only counted.
    pub(super) fn finish(self, source: &Source) -> Diagnostics {
        let mut all = Diagnostics::default();
        all.extend(self.found.into_inner());
        if self.more.get() > 0 {
            let message = format!("{} more problems in this file are not listed", self.more.get());
            all.push(Diagnostic::new(Code::TooManyProblems, Place::file(source.path()), message));
        }
        all
    }
}
