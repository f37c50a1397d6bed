//! What can be said of users besides what the platform knows of everybody? Additional fields, and their values.

use serde::{Deserialize, Serialize};

use crate::sandbox::docebo::seed::ids::{ChoiceId, FieldId};

/// An additional field of users.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// The number of the field.
    pub id: FieldId,
    /// What it is called in the language of the tenant.
    pub title: String,
    /// What its values are.
    #[serde(default, rename = "type")]
    pub kind: FieldType,
    /// What can be chosen, if anything can.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Choice>,
}

/// Something that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The number of the option: what users have.
    pub id: ChoiceId,
    /// What it is called; two may be called the same.
    pub title: String,
}

/// What the values of a field are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldType {
    /// A line.
    #[default]
    Text,
    /// Several lines.
    Textarea,
    /// A day.
    Date,
    /// One of the field's options.
    Dropdown,
    /// 1 is yes, 2 is no.
    YesNo,
    /// One of the platform's countries; as many of them as the file gives as options.
    Country,
}

impl FieldType {
    /// The word on the wire. No source has it for more than the ones that can be chosen from.
    pub(crate) fn word(self) -> &'static str {
        match self {
            FieldType::Text => "textfield",
            FieldType::Textarea => "freetext",
            FieldType::Date => "date",
            FieldType::Dropdown => "dropdown",
            FieldType::YesNo => "yesno",
            FieldType::Country => "country",
        }
    }

    /// Whether its values are numbers.
    pub(crate) fn is_chosen(self) -> bool {
        matches!(self, FieldType::Dropdown | FieldType::YesNo | FieldType::Country)
    }
}

/// What a user has in a field: the number of an option, or a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FieldValue {
    /// An option, or yes and no.
    Chosen(u64),
    /// A text, or a day.
    Text(String),
}

impl FieldValue {
    /// The value as the platform writes it.
    pub(crate) fn text(&self) -> String {
        match self {
            FieldValue::Chosen(number) => number.to_string(),
            FieldValue::Text(text) => text.clone(),
        }
    }
}

impl Field {
    /// Reads a value as it comes over the wire: a number may come as a text, and days are checked.
    ///
    /// # Errors
    /// The field holds no such value; the words say why.
    pub(crate) fn take(&self, value: &FieldValue) -> Result<FieldValue, String> {
        if !self.kind.is_chosen() {
            let text = value.text();
            if self.kind == FieldType::Date && !text.is_empty() && text.parse::<jiff::civil::Date>().is_err()
            {
                return Err(format!("field {} holds days (YYYY-MM-DD), not {text:?}", self.id));
            }
            return Ok(FieldValue::Text(text));
        }
        let number = match value {
            FieldValue::Chosen(number) => Some(*number),
            FieldValue::Text(text) => text.parse().ok(),
        };
        let number = number.filter(|number| match self.kind {
            FieldType::YesNo => matches!(number, 1 | 2),
            _ => self.options.iter().any(|option| option.id.0 == *number),
        });
        number
            .map(FieldValue::Chosen)
            .ok_or_else(|| format!("field {} has no option {:?}", self.id, value.text()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(text: &str) -> Field {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_value_is_what_the_type_of_its_field_holds() {
        let dropdown =
            field(r#"{"id":2,"title":"Department","type":"dropdown","options":[{"id":11,"title":"R&D"}]}"#);
        let date = field(r#"{"id":3,"title":"Start","type":"date"}"#);
        let yes = field(r#"{"id":4,"title":"Staff","type":"yesno"}"#);
        let text = field(r#"{"id":5,"title":"Number"}"#);
        let (chosen, said) = (FieldValue::Chosen, |text: &str| FieldValue::Text(text.to_owned()));
        for (field, value, taken) in [
            (&dropdown, chosen(11), Some(chosen(11))),
            (&dropdown, said("11"), Some(chosen(11))),
            (&dropdown, chosen(12), None),
            (&dropdown, said("R&D"), None),
            (&date, said("2026-02-28"), Some(said("2026-02-28"))),
            (&date, said("2026-02-30"), None),
            (&date, said(""), Some(said(""))),
            (&yes, chosen(2), Some(chosen(2))),
            (&yes, chosen(0), None),
            (&text, chosen(7), Some(said("7"))),
        ] {
            assert_eq!(field.take(&value).ok(), taken, "{value:?} in {field:?}");
        }
    }
}
