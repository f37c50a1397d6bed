//! How is a text of the account's written, so that a manifest reads it as what it was?

use serde::{Serialize, Serializer};
use serde_saphyr::{DoubleQuoted, SingleQuoted};

use crate::manifest::yaml::written_out;
use crate::model::{Care, Odd};

/// What stands before a text that is written already.
const WRITTEN_OUT: &str = "\u{1}\u{2}";
/// The same as the YAML writer writes it. Whatever else it writes holds it nowhere behind a quote.
const MARK: &str = "\"\\x01\\x02";

/// A text of the account's: in single quotes if it has a backslash, as people write logins; in double quotes and with escapes if
/// a manifest takes it only so.
#[derive(PartialEq)]
pub(super) struct Written(String);

impl Written {
    pub(super) fn of(value: &impl ToString) -> Self {
        let text = value.to_string();
        let odd = Care::of_identifier(&text).any(|care| is_odd(&text, care));
        if odd { Self::out(&text) } else { Self(text) }
    }

    pub(super) fn name(name: &str) -> Self {
        if is_odd(name, Care::Name) { Self::out(name) } else { Self(name.to_owned()) }
    }

    fn out(text: &str) -> Self {
        Self(format!("{WRITTEN_OUT}{}", written_out(text).trim_matches('"')))
    }
}

/// Whether a manifest would refuse a text as it is.
fn is_odd(text: &str, care: Care) -> bool {
    let odd = Odd::of(text, care).or_else(|| Odd::of_zeros(text, care));
    odd.or_else(|| Odd::of_unquoted(text, care)).is_some()
}

/// Puts texts that were written already in the place of what the YAML writer made of them.
pub(super) fn as_written(yaml: &str) -> String {
    let mut parts = yaml.split(MARK);
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (out, rest) = part.split_once('"').unwrap_or((part, ""));
        text.extend(["\"", &out.replace("\\\\", "\\"), "\"", rest]);
    }
    text
}

impl Serialize for Written {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let plain = |byte: u8| byte.is_ascii_graphic() || byte == b' ';
        if self.0.starts_with(WRITTEN_OUT) || self.0.contains("\\x01") {
            DoubleQuoted(&self.0).serialize(serializer)
        } else if self.0.contains('\\') && self.0.bytes().all(plain) {
            SingleQuoted(&self.0).serialize(serializer)
        } else {
            serializer.serialize_str(&self.0)
        }
    }
}
