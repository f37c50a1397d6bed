//! What happened in the account, and who did it, as the audit log keeps it.

use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use crate::sandbox::seed::{AuditEntry, AuditId};
use crate::sandbox::state::Deed;

/// Who does something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    /// Whoever holds a key of the account.
    Key,
    /// Somebody else, in the app.
    Somebody,
}

impl Who {
    const fn login(self) -> &'static str {
        match self {
            Who::Key => "key.owner@sandbox.example",
            Who::Somebody => "somebody@sandbox.example",
        }
    }
}

/// What happened, in its order.
#[derive(Debug)]
pub(crate) struct AuditLog(Mutex<Vec<AuditEntry>>);

impl AuditLog {
    /// What a seed says of the time before, in the order of ids.
    pub(crate) fn of(before: &[AuditEntry]) -> AuditLog {
        AuditLog(Mutex::new(before.to_vec()))
    }

    /// Notes what was done.
    pub(crate) fn note(&self, who: Who, time: Timestamp, deeds: Vec<Deed>) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for Deed { event, description } in deeds {
            let id = AuditId(entries.last().map_or(0, |last| last.id.0) + 1);
            let (user, event) = (who.login().to_owned(), event.to_owned());
            entries.push(AuditEntry { id, time, user, event, description, guid: None });
        }
    }

    /// Everything in it.
    pub(crate) fn entries(&self) -> Vec<AuditEntry> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
