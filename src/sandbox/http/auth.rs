//! Who may ask: a key in `x-api-key` or as a bearer token (API document, "Credentials").

use axum::http::HeaderMap;

use crate::sandbox::config::Keys;
use crate::sandbox::http::answer::Problem;

/// Lets a request in that carries an accepted key.
///
/// # Errors
/// There is none, or another one.
pub(crate) fn check(keys: &Keys, headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let bearer = text("authorization").and_then(|value| value.strip_prefix("Bearer "));
    let key = text("x-api-key").or(bearer).map(str::trim).filter(|key| !key.is_empty());
    match (keys, key) {
        (Keys::Any, Some(_)) => Ok(()),
        (Keys::Only(expected), Some(key)) if key == expected => Ok(()),
        _ => Err(Problem::NoKey),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_opens_by_either_header() {
        let only = Keys::Only("secret".to_owned());
        for (keys, name, value, opens) in [
            (&Keys::Any, "x-api-key", "anything", true),
            (&Keys::Any, "authorization", "Bearer anything", true),
            (&Keys::Any, "authorization", "Bearer ", false),
            (&Keys::Any, "x-api-key", " ", false),
            (&Keys::Any, "authorization", "Basic eHg6eHg=", false),
            (&Keys::Any, "x-other", "anything", false),
            (&only, "x-api-key", "secret", true),
            (&only, "authorization", "Bearer secret", true),
            (&only, "x-api-key", "Secret", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(name, value.parse().unwrap());
            assert_eq!(check(keys, &headers).is_ok(), opens, "{name}: {value}");
        }
    }
}
