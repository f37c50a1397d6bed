//! Moments as the account writes them: with an offset, or without one, which then is UTC. Every API family writes them so.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer};

/// A moment; none where there is no text, or one that no moment can be read from: what is not known is taken as not said.
pub(super) fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    #[derive(Deserialize)]
    struct Text<'a>(#[serde(borrow)] Cow<'a, str>);
    let text = Option::<Text<'de>>::deserialize(deserializer)?;
    Ok(text.and_then(|text| read(&text.0)))
}

fn read(text: &str) -> Option<Timestamp> {
    let utc = || text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok();
    text.parse().ok().or_else(|| utc().map(|zoned| zoned.timestamp()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Holder {
        #[serde(default, deserialize_with = "moment")]
        at: Option<Timestamp>,
    }

    fn at(json: &str) -> Option<String> {
        let holder: Holder = serde_json::from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"));
        holder.at.map(|at| at.to_string())
    }

    #[test]
    fn a_moment_without_an_offset_is_utc() {
        let wanted = Some("2026-02-01T08:30:00Z".to_owned());
        for text in [
            "2026-02-01T08:30:00Z",
            "2026-02-01T08:30:00",
            "2026-02-01 08:30:00",
            "2026-02-01T09:30:00+01:00",
        ] {
            assert_eq!(at(&format!(r#"{{"at":"{text}"}}"#)), wanted, "{text}");
        }
    }

    #[test]
    fn what_is_no_moment_is_not_said() {
        for json in [
            "{}",
            r#"{"at":null}"#,
            r#"{"at":""}"#,
            r#"{"at":"soon"}"#,
            r#"{"at":"9999-12-31T23:59:59.9999999Z"}"#,
        ] {
            assert_eq!(at(json), None, "{json}");
        }
    }
}
