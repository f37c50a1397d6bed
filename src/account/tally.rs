//! How many writes have left?

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::http::{Answer, Error, Line, Witness};

/// Counts writes, and passes on what it is told.
#[derive(Debug, Default)]
pub(in crate::account) struct Tally {
    sent: AtomicUsize,
    next: Option<Arc<dyn Witness>>,
}

impl Tally {
    /// One that starts from nothing and tells `next`.
    pub(in crate::account) fn telling(next: Arc<dyn Witness>) -> Self {
        Self { next: Some(next), ..Self::default() }
    }

    /// Those that left so far, without the ones that were certainly not taken.
    pub(in crate::account) fn sent(&self) -> usize {
        self.sent.load(Ordering::Relaxed)
    }
}

impl Witness for Tally {
    fn leaves(&self, errand: u32, write: &Line) -> io::Result<u64> {
        let number = self.next.as_ref().map_or(Ok(0), |next| next.leaves(errand, write))?;
        self.sent.fetch_add(1, Ordering::Relaxed);
        Ok(number)
    }

    fn came_back(&self, number: u64, answer: &Result<Answer, Error>) {
        if answer.as_ref().is_err_and(Error::is_untaken) {
            self.sent.fetch_sub(1, Ordering::Relaxed);
        }
        if let Some(next) = &self.next {
            next.came_back(number, answer);
        }
    }
}
