//! What an account is: plain data, no I/O, no serde, no spans.

mod origin;

pub use origin::{Origin, Said};
