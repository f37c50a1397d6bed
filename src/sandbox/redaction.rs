//! How is a request shown to somebody who is not to know who is in the account? Only what a list of words allows is shown as it is;
//! every other text becomes a number, the same text the same number.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::sandbox::watch::Sight;

/// The members whose texts name nobody: words of the protocol and moments.
const SHOWN: [&str; 21] = [
    "op",
    "schemas",
    "actions",
    "source",
    "type",
    "typename",
    "groupTypeName",
    "memberType",
    "resourceType",
    "status",
    "licenseStatus",
    "created",
    "updated",
    "lastModified",
    "firstLog",
    "lastLog",
    "deleteDate",
    "deletedate",
    "timeAdded",
    "instanceId",
    "id",
];

/// Stands for texts by numbers.
#[derive(Debug)]
pub struct Redactor {
    words: Mutex<BTreeMap<String, usize>>,
    /// Whether a part of a path is a word of the API.
    is_word: fn(&str) -> bool,
    /// The members whose texts name nobody.
    shown: &'static [&'static str],
}

/// For ActivTrak.
impl Default for Redactor {
    fn default() -> Redactor {
        Redactor::knowing(crate::sandbox::http::is_word, &SHOWN)
    }
}

impl Redactor {
    /// One that shows these words of paths, and the texts of these members.
    pub(crate) fn knowing(is_word: fn(&str) -> bool, shown: &'static [&'static str]) -> Redactor {
        Redactor { words: Mutex::default(), is_word, shown }
    }

    /// The same request without a name or an identifier.
    #[must_use]
    pub fn redacted(&self, sight: &Sight) -> Sight {
        Sight {
            path: self.path(&sight.path),
            sent: self.body(&sight.sent),
            answered: self.body(&sight.answered),
            ..sight.clone()
        }
    }

    /// What stands for a text, whatever its case.
    fn word(&self, text: &str) -> String {
        let mut words = self.words.lock().unwrap_or_else(PoisonError::into_inner);
        let next = words.len() + 1;
        format!("text-{}", words.entry(text.trim().to_lowercase()).or_insert(next))
    }

    /// Of a path, words of the API and numbers are shown.
    fn path(&self, path: &str) -> String {
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
        let mut shown = String::new();
        for part in path.trim_start_matches('/').split('/') {
            let is_known = (self.is_word)(part) || part.bytes().all(|byte| byte.is_ascii_digit());
            let part = if is_known {
                part.to_owned()
            } else {
                self.word(&percent_decode_str(part).decode_utf8_lossy())
            };
            // Writing to a string can't fail.
            let _ = write!(shown, "/{part}");
        }
        for (at, (name, value)) in
            url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()).enumerate()
        {
            let is_plain =
                value.bytes().all(|byte| byte.is_ascii_digit()) || matches!(&*value, "true" | "false");
            let value = if is_plain { value.into_owned() } else { self.word(&value) };
            let _ = write!(shown, "{}{name}={value}", if at == 0 { '?' } else { '&' });
        }
        shown
    }

    /// Of a body, the shape, numbers and words of the protocol; of one that is no JSON, the length.
    fn body(&self, body: &str) -> String {
        if body.is_empty() {
            return String::new();
        }
        match serde_json::from_str::<Value>(body) {
            Ok(mut value) => {
                self.value(None, &mut value);
                value.to_string()
            }
            Err(_) => format!("({} bytes)", body.len()),
        }
    }

    fn value(&self, name: Option<&str>, value: &mut Value) {
        match value {
            Value::String(text)
                if name.is_some_and(|name| self.shown.contains(&name) && is_harmless(name, text)) => {}
            Value::String(text) => *text = self.word(text),
            Value::Array(values) => values.iter_mut().for_each(|value| self.value(name, value)),
            Value::Object(members) => {
                members.iter_mut().for_each(|(name, value)| self.value(Some(name), value));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

/// An id is shown only if it is a number: edits of the Identity API hold old values in `id`, and a problem with a user is told with the
/// name of a member in it.
fn is_harmless(name: &str, text: &str) -> bool {
    let is_id = name == "id" || name.ends_with("_id");
    !is_id || text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sight(path: &str, sent: &str, answered: &str) -> Sight {
        let text = |text: &str| text.to_owned();
        let (method, changes) = (text("PATCH"), vec![text("user 349 (revision 6): emails")]);
        Sight { method, path: text(path), status: 200, changes, sent: text(sent), answered: text(answered) }
    }

    #[test]
    fn nobody_is_named_and_what_was_equal_stays_equal() {
        let redactor = Redactor::default();
        let seen = redactor.redacted(&sight(
            "/Identity/v1/entities/349/upns/ana%40x?revision=5&Term=Ana%20Ruiz&IncludeGroupData=true",
            r#"{"emails":[{"id":"ANA@x","value":"n@x"}],"tracking":false,"op":"add","path":"emails[value eq \"ana@x\"]"}"#,
            r#"{"id":349,"employeeIds":[{"value":"1001","id":null,"source":"Admin"}],"status":"active"}"#,
        ));
        assert_eq!(
            seen.to_string(),
            "PATCH /Identity/v1/entities/349/upns/text-1?revision=5&Term=text-2&IncludeGroupData=true 200  \
             user 349 (revision 6): emails"
        );
        assert_eq!(
            seen.sent,
            r#"{"emails":[{"id":"text-1","value":"text-3"}],"op":"add","path":"text-4","tracking":false}"#
        );
        assert_eq!(
            seen.answered,
            r#"{"employeeIds":[{"id":null,"source":"Admin","value":"text-5"}],"id":349,"status":"active"}"#
        );
        let seen = redactor.redacted(&sight("/admin/v1/groups/Night%20Shift", "group,ana@x\n", "9007"));
        assert_eq!(
            (seen.path.as_str(), seen.sent.as_str(), seen.answered.as_str()),
            ("/admin/v1/groups/text-6", "(12 bytes)", "9007")
        );
    }
}
