//! What a key is: text that can be sent in a header and never printed.

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

/// A key or token.
///
/// `Debug` prints `[REDACTED]`, there is no `Display`, and the text is wiped from memory on drop.
#[derive(Clone)]
pub struct Secret(SecretString);

/// Why a text is no key; the text itself is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadSecret {
    /// Nothing, or white space only.
    #[error("the key is empty")]
    Empty,
    /// A line break, a control character or a letter outside ASCII: no header can carry it.
    #[error("the key holds a character that no HTTP header can carry (a line break, or not ASCII)")]
    NotVisible,
    /// Quotes around it, as an `.env` file or a copied line has them.
    #[error("the key has quotes around it, which are no part of a key")]
    Quoted,
}

impl Secret {
    /// Reads a key as it comes from the environment: white space around it is dropped.
    pub fn parse(text: &str) -> Result<Self, BadSecret> {
        let text = text.trim();
        if text.is_empty() {
            return Err(BadSecret::Empty);
        }
        if !text.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(BadSecret::NotVisible);
        }
        if ['"', '\''].iter().any(|quote| text.starts_with(*quote) && text.ends_with(*quote)) {
            return Err(BadSecret::Quoted);
        }
        Ok(Self(SecretString::from(text)))
    }

    /// Reads a password as it comes from the environment: whatever characters it has, but for a line break at its end.
    pub fn password(text: &str) -> Result<Self, BadSecret> {
        let text = text.trim_end_matches(['\r', '\n']);
        if text.is_empty() { Err(BadSecret::Empty) } else { Ok(Self(SecretString::from(text))) }
    }

    /// The header value `PREFIX KEY`, marked so that HTTP libraries do not log it.
    pub(in crate::http) fn header(&self, prefix: &str) -> Option<HeaderValue> {
        let mut value = HeaderValue::from_str(&format!("{prefix}{}", self.0.expose_secret())).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    /// What somebody makes of the text of a key who does not keep it: a signature, its length.
    pub(crate) fn reveal<T>(&self, make: impl FnOnce(&str) -> T) -> T {
        make(self.0.expose_secret())
    }

    /// `text` with every occurrence of the key taken out, be it as a form carries it: a server may echo what it was sent.
    pub(in crate::http) fn strike_from(&self, text: &str) -> String {
        let secret = self.0.expose_secret();
        let in_form: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        text.replace(secret, "[REDACTED]").replace(&in_form, "[REDACTED]")
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[REDACTED]")
    }
}

#[cfg(test)]
mod tests {
    use super::{BadSecret, Secret};

    #[test]
    fn a_key_is_trimmed_and_must_fit_in_a_header() {
        assert_eq!(
            Secret::parse(" k3y\n").unwrap().header("Bearer ").unwrap().to_str().unwrap(),
            "Bearer k3y"
        );
        assert_eq!(Secret::parse(" \n").unwrap_err(), BadSecret::Empty);
        for text in ["two words", "two\nlines", "schlüssel"] {
            assert_eq!(Secret::parse(text).unwrap_err(), BadSecret::NotVisible, "{text}");
        }
        for text in ["\"k3y\"", "'k3y'", " 'k3y'\n"] {
            assert_eq!(Secret::parse(text).unwrap_err(), BadSecret::Quoted, "{text}");
        }
    }

    #[test]
    fn a_key_is_not_printed_and_is_struck_from_texts() {
        let key = Secret::parse("k3y-of-acme").unwrap();
        assert_eq!(format!("{key:?}"), "[REDACTED]");
        assert_eq!(key.strike_from("no such key: k3y-of-acme!"), "no such key: [REDACTED]!");
        let password = Secret::password("p& ss\n").unwrap();
        assert_eq!(password.strike_from("`p& ss`, sent as p%26+ss"), "`[REDACTED]`, sent as [REDACTED]");
        assert_eq!(Secret::password("\n").unwrap_err(), BadSecret::Empty);
    }
}
