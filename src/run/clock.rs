//! What time is it? Whoever runs says so: nothing here reads a clock.

use jiff::Timestamp;

/// What tells the time.
pub(crate) type Clock = fn() -> Timestamp;
