//! Who may ask: a key in `x-api-key` or as a bearer token, SCIM by a key of its own (API document, "Credentials").

use axum::http::HeaderMap;

use crate::sandbox::config::{Config, Keys};
use crate::sandbox::http::answer::{Family, Problem};
use crate::sandbox::settings::Setting;

/// Lets a request in that carries a key which opens its family.
///
/// # Errors
/// There is none, or another one, or the account opens the family to nobody.
pub(crate) fn admit(config: &Config, family: Family, headers: &HeaderMap) -> Result<(), Problem> {
    check(if family == Family::Scim { &config.scim_keys } else { &config.keys }, headers)?;
    let closed = match family {
        Family::Identity | Family::DoNotTrack => config.settings.has(Setting::IdentityClosed),
        Family::Admin => config.settings.has(Setting::AdminClosed),
        Family::Scim | Family::Status => false,
    };
    if closed { Err(Problem::Closed) } else { Ok(()) }
}

/// Accepts a request that carries one of the keys.
fn check(keys: &Keys, headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let bearer = text("authorization").and_then(|value| value.split_once(' '));
    let bearer = bearer.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, key)| key);
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
            (&Keys::Any, "authorization", "bearer anything", true),
            (&Keys::Any, "authorization", "BEARER  anything", true),
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
