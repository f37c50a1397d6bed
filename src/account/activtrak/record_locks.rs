//! One write at a time on each record: who wants a busy record waits.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use tokio::sync::Notify;

use crate::model::UserId;

/// The records that are being written.
#[derive(Debug, Default)]
pub(super) struct RecordLocks {
    busy: Mutex<BTreeSet<UserId>>,
    freed: Notify,
}

/// Records that nobody else writes until this is dropped.
#[derive(Debug)]
pub(super) struct RecordLock<'a> {
    record_locks: &'a RecordLocks,
    records: Vec<UserId>,
}

impl RecordLocks {
    /// Waits until none of the records is being written, and takes all of them at once: so nobody waits for each other.
    pub(super) async fn take(&self, records: Vec<UserId>) -> RecordLock<'_> {
        loop {
            // Made before looking, so that a record freed in between is not missed.
            let freed = self.freed.notified();
            if self.try_take(&records) {
                return RecordLock { record_locks: self, records };
            }
            freed.await;
        }
    }

    fn try_take(&self, records: &[UserId]) -> bool {
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        let free = !records.iter().any(|record| busy.contains(record));
        if free {
            busy.extend(records);
        }
        free
    }
}

impl Drop for RecordLock<'_> {
    fn drop(&mut self) {
        let mut busy = self.record_locks.busy.lock().unwrap_or_else(PoisonError::into_inner);
        for record in &self.records {
            busy.remove(record);
        }
        drop(busy);
        self.record_locks.freed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::RecordLocks;
    use crate::model::UserId;

    #[tokio::test]
    async fn writes_that_share_a_record_wait_and_others_do_not() {
        let record_locks = RecordLocks::default();
        let first = record_locks.take(vec![UserId(1), UserId(2)]).await;
        let other = record_locks.take(vec![UserId(3)]).await;
        let waiting = record_locks.take(vec![UserId(2), UserId(4)]);
        tokio::pin!(waiting);
        let early = tokio::time::timeout(Duration::from_millis(20), &mut waiting).await;
        assert!(early.is_err(), "record 2 is being written");
        drop((first, other));
        tokio::time::timeout(Duration::from_secs(5), waiting).await.expect("record 2 is free");
    }
}
