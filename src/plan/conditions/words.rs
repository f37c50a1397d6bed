//! What do conditions ask, in words?

use crate::model::{
    Below, Comparison, ConditionKind, Details, FieldKind, Folded, GroupCondition, Progress, RuleSet,
    UserField, ValueKind,
};

/// One sentence for every set, in the order of the rules.
pub(in crate::plan) fn sets(rules: &RuleSet, details: &Details) -> Vec<String> {
    rules.sets().iter().map(|set| set_of(set, details)).collect()
}

/// A set: all of it holds.
pub(in crate::plan) fn set_of(set: &[GroupCondition], details: &Details) -> String {
    let conditions: Vec<String> = set.iter().map(|condition| words(condition, details)).collect();
    if conditions.is_empty() { "a set without any condition".to_owned() } else { conditions.join(", and ") }
}

/// What a kind of condition asks.
pub(in crate::plan) fn kind(kind: ConditionKind) -> String {
    match kind {
        ConditionKind::Field(comparison, of) => {
            let field = match of {
                ValueKind::Texts => "a text field",
                ValueKind::Days => "a date field",
                ValueKind::YesNo => "a yes/no field",
                ValueKind::Options => "a field with options",
                ValueKind::Unread => "a field of another type",
            };
            let than = match comparison {
                Comparison::Equals => "has a certain value",
                Comparison::On => "is a certain day",
                Comparison::Before => "is before a certain day",
                Comparison::After => "is after a certain day",
                Comparison::Contains => "contains something",
                Comparison::StartsWith => "starts with something",
                Comparison::EndsWith => "ends with something",
                Comparison::IsEmpty | Comparison::NotEmpty => asked(comparison),
            };
            format!("that {field} {than}")
        }
        ConditionKind::SeveralOptions => "that a field has one of several options".to_owned(),
        ConditionKind::Branch(Below::LeftOut) => "that somebody is in a branch".to_owned(),
        ConditionKind::Branch(Below::Counted) => "that somebody is in a branch or below it".to_owned(),
        ConditionKind::Course(progress) => format!("that a course is {}", progress.word()),
        ConditionKind::Address => "that an email address contains something".to_owned(),
    }
}

fn words(condition: &GroupCondition, details: &Details) -> String {
    match condition {
        GroupCondition::Field { field, of, comparison, values } => {
            let known = details.fields.iter().find(|it| it.id == *field);
            let label = known.map_or_else(|| format!("field {field}"), |it| it.label.as_written().to_owned());
            let values: Vec<String> = values.iter().map(|value| shown(known, *of, value)).collect();
            let asked = asked(*comparison);
            if values.is_empty() {
                format!("{label} {asked}")
            } else {
                format!("{label} {asked} {}", values.join(" or "))
            }
        }
        GroupCondition::Branches(branches) => {
            let names: Vec<String> =
                branches.iter().map(|(id, below)| branch(details, *id, *below)).collect();
            format!("in branch {}", names.join(" or "))
        }
        GroupCondition::Course(id, progress) => course(details, *id, *progress),
        GroupCondition::Address(part) => format!("the email address contains {part:?}"),
        GroupCondition::Unread(json) => format!("what Rollcall can't read: {}", begun(json)),
    }
}

/// The most characters that are shown of what can't be read.
const SHOWN: usize = 400;

/// A text, or how it begins and how long it is.
fn begun(json: &str) -> String {
    match json.char_indices().nth(SHOWN) {
        None => json.to_owned(),
        Some((end, _)) => format!("{}… ({} characters)", &json[..end], json.chars().count()),
    }
}

const fn asked(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equals => "is",
        Comparison::Contains => "contains",
        Comparison::StartsWith => "starts with",
        Comparison::EndsWith => "ends with",
        Comparison::IsEmpty => "is empty",
        Comparison::NotEmpty => "is not empty",
        Comparison::Before => "is before",
        Comparison::After => "is after",
        Comparison::On => "is on",
    }
}

/// A value; of what is chosen the label, and the number where there is none or several have it.
fn shown(field: Option<&UserField>, of: ValueKind, value: &str) -> String {
    if of != ValueKind::Options {
        return if of == ValueKind::Days { value.to_owned() } else { format!("{value:?}") };
    }
    let choices = match field.and_then(|field| field.kind.as_ref()) {
        Some(FieldKind::Choice(choices)) => &choices[..],
        _ => &[],
    };
    let label = choices.iter().find(|choice| choice.id.to_string() == value).and_then(|it| it.labels.first());
    label.map_or_else(|| format!("option {value}"), |label| label.as_written().to_owned())
}

fn branch(details: &Details, id: u64, below: Below) -> String {
    let found = details.branches.iter().find(|branch| branch.id == id);
    let name = found.map_or_else(|| format!("number {id}"), |it| coded(&it.code, &it.title));
    if below == Below::Counted { format!("{name} with those below it") } else { name }
}

fn course(details: &Details, id: u64, progress: Progress) -> String {
    let found = details.courses.iter().find(|course| course.id == id);
    let name = found.map_or_else(|| format!("number {id}"), |it| coded(&it.code, &it.title));
    format!("course {name} is {}", progress.word())
}

/// What something is known by: its code, or without one its title.
fn coded(code: &Folded, title: &str) -> String {
    if code.as_written().is_empty() { title.to_owned() } else { code.as_written().to_owned() }
}
