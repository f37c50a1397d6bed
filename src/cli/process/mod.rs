//! The process: what it sees of the world, how it talks to whoever started it, and how it ends.

pub(crate) mod context;
pub(crate) mod exit;
pub(crate) mod failure;
pub(crate) mod memory;
pub(crate) mod progress;
pub(crate) mod prompt;
pub(crate) mod runtime;
pub(crate) mod signals;
pub(crate) mod style;
