//! The platform's shapes of what it knows of users besides who they are: fields, branches, courses, and how far somebody is in one.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::account::docebo::facts::{CHOSEN, DATE, TEXTS, YES, YES_NO, field_key, progress_of};
use crate::account::docebo::wire::{Number, Row, User};
use crate::model::{Branch, Choice, Course, FieldKind, Folded, Progress, UserField, UserId};

/// A value as a text: numbers are texts there, or numbers, and nothing is nothing, or none.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    }
}

/// A field in the list of all.
#[derive(Deserialize)]
pub(super) struct WireField {
    id: Option<Number>,
    id_field: Option<Number>,
    title: Option<Box<str>>,
    r#type: Option<Box<str>>,
}

impl Row for WireField {
    fn key(&self) -> u64 {
        self.number()
    }
}

impl WireField {
    fn number(&self) -> u64 {
        self.id.or(self.id_field).map_or(0, |id| id.0)
    }

    /// The field, of which it is not read yet what can be chosen.
    pub(super) fn field(&self) -> UserField {
        let label = Folded::new(self.title.as_deref().unwrap_or_default());
        let kind = match self.r#type.as_deref().unwrap_or_default() {
            word if TEXTS.contains(&word) => FieldKind::Text,
            DATE => FieldKind::Date,
            word if YES_NO.contains(&word) => FieldKind::YesNo,
            word if CHOSEN.contains(&word) => FieldKind::Choice(Vec::new()),
            other => FieldKind::Other(other.into()),
        };
        UserField { id: self.number(), label, kind: Some(kind) }
    }
}

/// One field alone, with what can be chosen in it.
#[derive(Deserialize)]
pub(super) struct WholeField {
    dropdown_options: Option<Vec<WireOption>>,
    options: Option<Vec<WireOption>>,
}

#[derive(Deserialize)]
struct WireOption {
    option_id: Option<Number>,
    id_option: Option<Number>,
    id: Option<Number>,
    translations: Option<BTreeMap<String, Option<Box<str>>>>,
    label: Option<Box<str>>,
}

impl WholeField {
    /// What can be chosen; none where an option has no number.
    pub(super) fn choices(self) -> Option<Vec<Choice>> {
        let options = self.dropdown_options.or(self.options)?;
        options.into_iter().map(WireOption::choice).collect()
    }
}

impl WireOption {
    fn choice(self) -> Option<Choice> {
        let id = self.option_id.or(self.id_option).or(self.id)?;
        let translations = self.translations.into_iter().flatten().filter_map(|(_, label)| label);
        let mut labels: Vec<Folded> = Vec::new();
        for label in self.label.into_iter().chain(translations).filter(|label| !label.trim().is_empty()) {
            let label = Folded::new(&label);
            if !labels.contains(&label) {
                labels.push(label);
            }
        }
        Some(Choice { id: id.0, labels })
    }
}

/// A user with the values of fields, by the name that the list gives each.
#[derive(Deserialize)]
#[serde(try_from = "Map<String, Value>")]
pub(super) struct FilledUser {
    pub(super) user: User,
    fields: Map<String, Value>,
}

impl TryFrom<Map<String, Value>> for FilledUser {
    type Error = serde_json::Error;

    fn try_from(row: Map<String, Value>) -> Result<Self, Self::Error> {
        let fields = row.iter().filter(|(key, _)| key.starts_with("field_"));
        let fields = fields.map(|(key, value)| (key.clone(), value.clone())).collect();
        Ok(Self { user: serde_json::from_value(Value::Object(row))?, fields })
    }
}

impl Row for FilledUser {
    fn key(&self) -> u64 {
        self.user.key()
    }
}

impl FilledUser {
    /// What the user has in a field; none where the row does not tell.
    pub(super) fn value(&self, field: u64) -> Option<String> {
        self.fields.get(&field_key(field)).map(text)
    }
}

/// A branch.
#[derive(Deserialize)]
pub(super) struct WireBranch {
    id: Option<Number>,
    node_id: Option<Number>,
    code: Option<Value>,
    title: Option<Box<str>>,
    i_left: Option<Number>,
    i_right: Option<Number>,
}

impl Row for WireBranch {
    fn key(&self) -> u64 {
        self.number()
    }
}

impl WireBranch {
    pub(super) fn number(&self) -> u64 {
        self.id.or(self.node_id).map_or(0, |id| id.0)
    }

    /// Its place among all: what is below it lies between its two numbers.
    pub(super) fn place(&self) -> Option<(u64, u64)> {
        Some((self.i_left?.0, self.i_right?.0))
    }

    pub(super) fn branch(&self) -> Branch {
        let code = self.code.as_ref().map(text).unwrap_or_default();
        let title = self.title.clone().unwrap_or_default();
        Branch { id: self.number(), code: Folded::new(&code), title }
    }
}

/// A course.
#[derive(Deserialize)]
pub(super) struct WireCourse {
    id: Option<Number>,
    id_course: Option<Number>,
    course_id: Option<Number>,
    code: Option<Value>,
    title: Option<Box<str>>,
    name: Option<Box<str>>,
}

impl Row for WireCourse {
    fn key(&self) -> u64 {
        self.number()
    }
}

impl WireCourse {
    fn number(&self) -> u64 {
        self.id.or(self.id_course).or(self.course_id).map_or(0, |id| id.0)
    }

    pub(super) fn course(&self) -> Course {
        let code = self.code.as_ref().map(text).unwrap_or_default();
        let title = self.title.clone().or_else(|| self.name.clone()).unwrap_or_default();
        Course { id: self.number(), code: Folded::new(&code), title }
    }
}

/// Somebody in a course.
#[derive(Deserialize)]
pub(super) struct WireEnrollment {
    user_id: Option<Number>,
    id_user: Option<Number>,
    course_id: Option<Number>,
    id_course: Option<Number>,
    id: Option<Number>,
    enrollment_status: Option<Value>,
    status: Option<Value>,
}

impl Row for WireEnrollment {
    /// Somebody is in a course once.
    fn key(&self) -> u64 {
        self.course().unwrap_or_default().rotate_left(32) ^ self.user().map_or(0, |user| user.0)
    }
}

impl WireEnrollment {
    pub(super) fn user(&self) -> Option<UserId> {
        self.user_id.or(self.id_user).map(|id| UserId(id.0))
    }

    /// Which course; the older service calls it `id`.
    pub(super) fn course(&self) -> Option<u64> {
        self.course_id.or(self.id_course).or(self.id).map(|id| id.0)
    }

    /// How far; none where the word for it is not known.
    pub(super) fn progress(&self) -> Option<Progress> {
        progress_of(&text(self.enrollment_status.as_ref().or(self.status.as_ref())?))
    }
}

/// What is in a field of a user, in the texts that it may be called; none where nobody can tell.
pub(super) fn held_texts(kind: &FieldKind, held: &str) -> Option<Vec<Box<str>>> {
    if held.is_empty() {
        return Some(Vec::new());
    }
    match kind {
        FieldKind::Text | FieldKind::Other(_) => Some(vec![held.into()]),
        FieldKind::Date => {
            let day = held.split([' ', 'T']).next().unwrap_or_default();
            let is_none = day.starts_with("0000-00-00") || matches!(held, "0" | "null");
            Some(if is_none { Vec::new() } else { vec![day.into()] })
        }
        FieldKind::YesNo => Some(match held {
            YES => vec!["yes".into(), "true".into()],
            "0" | "2" => vec!["no".into(), "false".into()],
            other => vec![other.into()],
        }),
        FieldKind::Choice(choices) => chosen(choices, held),
    }
}

/// The labels of what was chosen: a list says its number, or one of its labels.
fn chosen(choices: &[Choice], held: &str) -> Option<Vec<Box<str>>> {
    if held == "0" && choices.iter().all(|choice| choice.id != 0) {
        return Some(Vec::new());
    }
    let number = held.parse::<u64>().ok();
    let label = Folded::new(held);
    let by_number = choices.iter().filter(|choice| Some(choice.id) == number);
    let by_label = choices.iter().filter(|choice| choice.labels.contains(&label));
    let mut found: Vec<&Choice> = by_number.chain(by_label).collect();
    found.dedup_by_key(|choice| choice.id);
    match found[..] {
        [choice] => Some(choice.labels.iter().map(|label| label.as_written().into()).collect()),
        // Something that can't be chosen any more is none of those that can.
        [] => Some(vec![format!("something that can't be chosen ({held})").into()]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(kind: &FieldKind, held: &str) -> Option<String> {
        held_texts(kind, held).map(|texts| texts.join("/"))
    }

    #[test]
    fn what_was_chosen_is_told_by_its_number_or_by_a_label_and_never_guessed() {
        let choice = |id, labels: &[&str]| Choice {
            id,
            labels: labels.iter().map(|label| Folded::new(label)).collect(),
        };
        let kind =
            FieldKind::Choice(vec![choice(11, &["R&D", "F&E"]), choice(12, &["11"]), choice(13, &["Sales"])]);
        for (held, said) in [
            ("13", Some("Sales")),
            ("sales", Some("Sales")),
            ("f&e", Some("R&D/F&E")),
            ("", Some("")),
            ("0", Some("")),
            ("99", Some("something that can't be chosen (99)")),
            // The number of one and the label of another.
            ("11", None),
        ] {
            assert_eq!(texts(&kind, held).as_deref(), said, "{held:?}");
        }
    }

    #[test]
    fn zeros_are_no_date_and_two_is_no() {
        for (kind, held, said) in [
            (FieldKind::Date, "2026-01-05 00:00:00", "2026-01-05"),
            (FieldKind::Date, "0000-00-00 00:00:00", ""),
            (FieldKind::Date, "0", ""),
            (FieldKind::YesNo, "1", "yes/true"),
            (FieldKind::YesNo, "2", "no/false"),
            (FieldKind::Text, "E-17", "E-17"),
        ] {
            assert_eq!(texts(&kind, held).as_deref(), Some(said), "{kind:?} {held:?}");
        }
    }

    #[test]
    fn both_services_say_who_is_in_a_course_and_how_far() {
        for json in [
            r#"{"user_id":"7","course_id":5,"enrollment_status":"in_progress"}"#,
            r#"{"id":"5","user_id":7,"username":"ada","status":"1"}"#,
        ] {
            let row: WireEnrollment = serde_json::from_str(json).unwrap();
            assert_eq!(
                (row.user(), row.course(), row.progress()),
                (Some(UserId(7)), Some(5), Some(Progress::InProgress))
            );
        }
        let row: WireEnrollment = serde_json::from_str(r#"{"user_id":7,"status":"archived"}"#).unwrap();
        assert_eq!((row.course(), row.progress()), (None, None));
    }
}
