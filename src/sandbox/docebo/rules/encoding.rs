//! How are conditions written on the wire? Only the condition on branches is in a document; the others are as they might be, in one
//! form or, by a setting, in another, so that nobody can know them but by looking at a group that has one.

use serde_json::{Map, Value, json};

use crate::sandbox::docebo::seed::{
    BranchId, Condition, CourseId, EnrollmentStatus, FieldId, FieldValue, Operator, Uuid,
};

/// A way to write conditions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// Names that begin with a capital.
    Usual,
    /// Names in small letters, with other members.
    Other,
}

/// The names of a kind of condition, and those of its members that differ.
struct Names {
    enrollment: &'static str,
    status: &'static str,
    group: &'static str,
    groups: &'static str,
    field: &'static str,
    email: &'static str,
    operator: &'static str,
    values: &'static str,
}

/// The condition on branches: the one that a document has.
const BRANCH: &str = "BranchMembership";

impl Encoding {
    const fn names(self) -> Names {
        match self {
            Encoding::Usual => Names {
                enrollment: "CourseEnrollmentStatus",
                status: "status",
                group: "GroupMembership",
                groups: "group_ids",
                field: "UserAdditionalField",
                email: "UserField",
                operator: "operator",
                values: "value",
            },
            Encoding::Other => Names {
                enrollment: "enrollment_status",
                status: "enrollment_status",
                group: "group",
                groups: "group_uuids",
                field: "userfield",
                email: "user",
                operator: "op",
                values: "values",
            },
        }
    }

    /// The word of an operator.
    fn word(self, operator: Operator) -> &'static str {
        match (self, operator) {
            (Encoding::Other, Operator::Equals) => "is_equal",
            (Encoding::Other, Operator::NotEquals) => "is_not_equal",
            (Encoding::Other, Operator::NotContains) => "does_not_contain",
            _ => Operator::ALL.into_iter().find(|(known, _)| *known == operator).map_or("", |(_, word)| word),
        }
    }

    fn operator(self, word: &str) -> Option<Operator> {
        Operator::ALL.into_iter().map(|(operator, _)| operator).find(|it| self.word(*it) == word)
    }
}

/// A condition as the platform writes it.
pub(crate) fn encode(condition: &Condition, encoding: Encoding) -> Value {
    let names = encoding.names();
    let (kind, payload) = match condition {
        Condition::Enrollment { course, status } => {
            (names.enrollment, json!({ "course_id": course, names.status: status.word() }))
        }
        Condition::Branch { ids, descendants } => {
            let below: Vec<Value> = descendants.iter().map(|id| json!({ "id": id })).collect();
            (BRANCH, json!({ "branch_ids": ids, "branch_ids_descendants": below }))
        }
        Condition::Group { uuids } => (names.group, json!({ names.groups: uuids })),
        Condition::Field { id, operator, values } => {
            let values: Vec<String> = values.iter().map(FieldValue::text).collect();
            let payload = json!({
                "field": id.to_string(), names.operator: encoding.word(*operator), names.values: values,
            });
            (names.field, payload)
        }
        Condition::Email { contains } => {
            let operator = encoding.word(Operator::Contains);
            (names.email, json!({ "field": "email", names.operator: operator, names.values: [contains] }))
        }
        Condition::Raw { kind, payload } => (kind.as_str(), payload.clone()),
    };
    json!({ "type": kind, "payload": payload })
}

/// The condition that was written; of a kind that is not known, but is one that the tenant has somewhere, as it is.
///
/// # Errors
/// It is none; the words say why.
pub(crate) fn decode(
    written: &Value,
    encoding: Encoding,
    is_had: impl Fn(&str) -> bool,
) -> Result<Condition, String> {
    let names = encoding.names();
    let rule = Payload::of(written.as_object(), &["type", "payload"], "a rule")?;
    let kind = rule.text("type")?;
    let payload = written.get("payload");
    let members = |known: &[&str]| Payload::of(payload.and_then(Value::as_object), known, kind);
    if kind == names.enrollment {
        let members = members(&["course_id", names.status])?;
        let word = members.text(names.status)?;
        let status = EnrollmentStatus::ALL.into_iter().find(|(_, known)| *known == word);
        let status =
            status.map(|(status, _)| status).ok_or_else(|| format!("there is no status {word:?}"))?;
        Ok(Condition::Enrollment { course: CourseId(number(members.0.get("course_id"))?), status })
    } else if kind == BRANCH {
        let members = members(&["branch_ids", "branch_ids_descendants"])?;
        let ids = members.list("branch_ids", |id| number(Some(id)).map(BranchId))?;
        let descendants = members.list("branch_ids_descendants", |it| number(it.get("id")).map(BranchId))?;
        Ok(Condition::Branch { ids, descendants })
    } else if kind == names.group {
        let uuids = members(&[names.groups])?.list(names.groups, |uuid| text(uuid).map(Uuid))?;
        Ok(Condition::Group { uuids })
    } else if kind == names.field {
        let members = members(&["field", names.operator, names.values])?;
        let word = members.text(names.operator)?;
        let operator = encoding.operator(word).ok_or_else(|| format!("there is no operator {word:?}"))?;
        let values = members.list(names.values, |value| text(value).map(FieldValue::Text))?;
        let id = members.text("field")?.parse().map(FieldId).map_err(|_| "field is no number".to_owned())?;
        Ok(Condition::Field { id, operator, values })
    } else if kind == names.email {
        let members = members(&["field", names.operator, names.values])?;
        let said = [members.text("field")?, members.text(names.operator)?];
        let texts = members.list(names.values, text)?;
        match (said, &texts[..]) {
            (["email", "contains"], [contains]) => Ok(Condition::Email { contains: contains.clone() }),
            _ => Err(format!("{kind} is email, contains, and one text")),
        }
    } else if is_had(kind) {
        Ok(Condition::Raw { kind: kind.to_owned(), payload: payload.cloned().unwrap_or_default() })
    } else {
        Err(format!("there is no rule of type {kind:?}"))
    }
}

/// The members of an object.
struct Payload<'a>(&'a Map<String, Value>);

impl<'a> Payload<'a> {
    /// Refuses what is no object, and one with a member that is not known.
    fn of(object: Option<&'a Map<String, Value>>, known: &[&str], what: &str) -> Result<Payload<'a>, String> {
        let object = object.ok_or_else(|| format!("{what} is no object"))?;
        match object.keys().find(|name| !known.contains(&name.as_str())) {
            Some(name) => Err(format!("{what} has no member {name:?}")),
            None => Ok(Payload(object)),
        }
    }

    fn text(&self, name: &str) -> Result<&'a str, String> {
        self.0.get(name).and_then(Value::as_str).ok_or_else(|| format!("{name} is no text"))
    }

    /// A list; one that is not there is empty.
    fn list<T>(&self, name: &str, read: impl Fn(&Value) -> Result<T, String>) -> Result<Vec<T>, String> {
        match self.0.get(name) {
            None => Ok(Vec::new()),
            Some(Value::Array(values)) => values.iter().map(read).collect(),
            Some(_) => Err(format!("{name} is no list")),
        }
    }
}

/// A number, or a text that is one.
fn number(value: Option<&Value>) -> Result<u64, String> {
    let number = value.and_then(|value| value.as_u64().or_else(|| value.as_str()?.parse().ok()));
    number.ok_or_else(|| format!("{} is no id", value.unwrap_or(&Value::Null)))
}

fn text(value: &Value) -> Result<String, String> {
    value.as_str().map(str::to_owned).ok_or_else(|| format!("{value} is no text"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conditions() -> Vec<Condition> {
        let text = r#"[{"enrollment":{"course":5,"status":"in_progress"}},{"branch":{"ids":[1],"descendants":[2]}},
            {"group":{"uuids":["m"]}},{"field":{"id":2,"operator":"not_equals","values":["11","12"]}},
            {"field":{"id":1,"operator":"is_empty"}},{"email":{"contains":"@x"}},{"raw":{"type":"New","payload":{"a":1}}}]"#;
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn what_is_written_reads_back_and_only_in_its_own_form() {
        for (encoding, other) in [(Encoding::Usual, Encoding::Other), (Encoding::Other, Encoding::Usual)] {
            for condition in conditions() {
                let written = encode(&condition, encoding);
                assert_eq!(
                    decode(&written, encoding, |kind| kind == "New"),
                    Ok(condition.clone()),
                    "{written}"
                );
                let shared = matches!(condition, Condition::Branch { .. });
                assert_eq!(decode(&written, other, |_| false).is_ok(), shared, "{written}");
            }
        }
    }

    #[test]
    fn the_condition_on_branches_is_as_the_document_has_it() {
        let branch = Condition::Branch { ids: vec![BranchId(1)], descendants: vec![BranchId(2)] };
        let written =
            r#"{"payload":{"branch_ids":[1],"branch_ids_descendants":[{"id":2}]},"type":"BranchMembership"}"#;
        assert_eq!(encode(&branch, Encoding::Usual).to_string(), written);
    }

    #[test]
    fn a_rule_that_is_none_is_refused_by_name() {
        for (written, message) in [
            (json!([]), "a rule is no object"),
            (json!({ "type": "Mood", "payload": {} }), "there is no rule of type \"Mood\""),
            (json!({ "type": "BranchMembership", "payload": 1 }), "BranchMembership is no object"),
            (
                json!({ "type": "BranchMembership", "payload": { "branch_id": [1] } }),
                "no member \"branch_id\"",
            ),
            (json!({ "type": "BranchMembership", "payload": { "branch_ids": [-1] } }), "-1 is no id"),
            (
                json!({ "type": "UserField", "payload": { "field": "level", "operator": "contains", "value": ["x"] } }),
                "is email",
            ),
            (
                json!({ "type": "CourseEnrollmentStatus", "payload": { "course_id": 5, "status": "done" } }),
                "there is no status \"done\"",
            ),
            (json!({ "type": "BranchMembership", "payload": {}, "id": 3 }), "a rule has no member \"id\""),
        ] {
            let error = decode(&written, Encoding::Usual, |_| false).unwrap_err();
            assert!(error.contains(message), "{written}: {error}");
        }
    }
}
