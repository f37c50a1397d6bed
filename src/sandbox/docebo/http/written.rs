//! What is written in requests, where more than one form of it is taken?

use serde_json::Value;

use crate::sandbox::docebo::http::answer::Problem;
use crate::sandbox::docebo::seed::{FieldValue, Level};

/// A level: the word, or the path that stands for it.
///
/// # Errors
/// There is no such level.
pub(crate) fn level(text: &str) -> Result<Level, Problem> {
    match text.strip_prefix("/framework/level/").unwrap_or(text) {
        "user" => Ok(Level::User),
        "poweruser" | "admin" => Ok(Level::PowerUser),
        "superadmin" | "godadmin" => Ok(Level::Superadmin),
        _ => Err(Problem::invalid(format!("there is no level {text:?}"))),
    }
}

/// The value of a field, as a number or as a text.
///
/// # Errors
/// It is neither.
pub(crate) fn field_value(value: &Value) -> Result<FieldValue, Problem> {
    let text = value.as_str().map(|text| FieldValue::Text(text.to_owned()));
    let number = || value.as_u64().map(FieldValue::Chosen);
    text.or_else(number).ok_or_else(|| Problem::invalid(format!("{value} is no value of a field")))
}
