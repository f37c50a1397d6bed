//! What came back: status, headers and the whole body.

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::Deserialize;

use crate::http::error::Error;
use crate::http::excerpt::Excerpt;
use crate::http::line::Line;
use crate::http::secret::Secret;

/// A success (2xx) with its whole body.
#[derive(Clone)]
pub struct Answer {
    /// The request it answers.
    pub line: Line,
    /// 200 to 299.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, decompressed.
    pub body: Vec<u8>,
    /// The secrets of the request, to be struck from excerpts.
    pub(in crate::http) secrets: Vec<Secret>,
}

impl Answer {
    /// Decodes the body, borrowing from it where the type does.
    pub fn json<'a, T: Deserialize<'a>>(&'a self) -> Result<T, Error> {
        // Checked as a whole, so that the decoder does not check every string again.
        let decoded = match std::str::from_utf8(&self.body) {
            Ok(text) => serde_json::from_str(text),
            Err(_) => serde_json::from_slice(&self.body),
        };
        decoded.map_err(|reason| Error::NotJson {
            line: self.line.clone(),
            status: self.status,
            excerpt: Excerpt::of(&self.body, &self.secrets),
            reason,
        })
    }
}

impl std::fmt::Debug for Answer {
    /// Bodies hold people's names and addresses: the length is all that is printed.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Answer({} {}, {} bytes)", self.line, self.status, self.body.len())
    }
}
