//! What passes through serde when a value cannot be read.

use std::fmt;

use serde::de;

/// Why a value could not be read.
///
/// A problem is reported where it is found, so almost every error is [`Reported`](Self::Reported) and only says "leave this
/// value out". What a `Deserialize` impl complains about comes as text and is reported by the reader of the innermost node.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error("reported")]
    Reported,
    #[error("{0}")]
    Located(String),
}

impl de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Located(message.to_string())
    }
}
