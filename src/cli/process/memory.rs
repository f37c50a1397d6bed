//! What becomes of what a run worked with?

/// Leaves it to the system, which takes all memory back at once when the process ends: a large account is millions of values, and giving
/// them back one by one serves nobody.
pub(crate) fn abandon<T>(value: T) {
    std::mem::forget(value);
}
