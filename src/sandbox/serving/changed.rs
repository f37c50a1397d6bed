//! What does a request change? Noted while it is carried out, where somebody looks on.

use std::cell::RefCell;
use std::future::Future;

tokio::task_local! {
    /// What the request of this task changed so far.
    static CHANGES: RefCell<Vec<String>>;
}

/// Whether it matters to anybody what this task changes.
pub(crate) fn is_noting() -> bool {
    CHANGES.try_with(|_| ()).is_ok()
}

/// Notes what this task changed.
pub(crate) fn note(changes: impl IntoIterator<Item = String>) {
    // Nobody who looks on: nothing to note.
    let _nobody = CHANGES.try_with(|noted| noted.borrow_mut().extend(changes));
}

/// Does something, and answers what it changed too.
pub(crate) async fn noting<T>(work: impl Future<Output = T>) -> (T, Vec<String>) {
    let noted = async { (work.await, CHANGES.with(RefCell::take)) };
    CHANGES.scope(RefCell::default(), noted).await
}
