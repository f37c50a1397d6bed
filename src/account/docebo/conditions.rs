//! Conditions as the platform writes them: read where everything in one is known, and written after the example of one that was read.
//!
//! How most conditions are written is in no document. So a condition is never made of guesses: one that some group of the tenant has is
//! taken, and its course, field, branches or values are put in the place of those that it has.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::account::docebo::facts::{
    BRANCH_KEYS, BRANCH_RULES, BRANCHES_BELOW, BRANCHES_HERE, COURSE_KEYS, COURSE_RULES, EMAIL_FIELD,
    FIELD_KEYS, FIELD_RULES, OPERATOR_KEYS, PROFILE_RULES, READY, STATE_KEYS, STATUS_KEYS, VALUE_KEYS, YES,
    comparison, progress_of,
};
use crate::account::docebo::shapes::text;
use crate::model::{
    Below, Comparison, ConditionKind, FieldKind, GroupCondition, MOST_CONDITIONS, RuleSet, UserField,
    ValueKind, day,
};

/// Of each kind of condition one, as the platform writes it (JSON).
pub(super) type Examples = BTreeMap<ConditionKind, Box<str>>;

/// The rules of a group, of which it has none where they are null; what of them is not known stays as it is written.
pub(super) fn read(ruleset: &Value, fields: &[UserField]) -> RuleSet {
    if ruleset.is_null() {
        return RuleSet::default();
    }
    let sets = ruleset.get("sets").and_then(Value::as_array);
    let all: Option<Vec<Vec<GroupCondition>>> =
        sets.and_then(|sets| sets.iter().map(|set| set_of(set, fields)).collect());
    match (ruleset.get("operator").and_then(Value::as_str), all) {
        (Some("OR"), Some(sets)) => RuleSet::any_of(sets),
        (Some("AND"), Some(sets)) if sets.is_empty() => RuleSet::default(),
        (Some("AND"), Some(sets)) => RuleSet::any_of([sets.concat()]),
        _ => RuleSet::any_of([vec![unread(&without_ids(ruleset))]]),
    }
}

/// Rules without what the platform makes of them by itself.
fn without_ids(ruleset: &Value) -> Value {
    let mut ruleset = ruleset.clone();
    if let Some(rules) = ruleset.as_object_mut() {
        rules.retain(|key, _| !STATE_KEYS.contains(&&**key));
    }
    for set in ruleset.get_mut("sets").and_then(Value::as_array_mut).into_iter().flatten() {
        set.as_object_mut().map(|set| set.remove("id"));
    }
    ruleset
}

fn set_of(set: &Value, fields: &[UserField]) -> Option<Vec<GroupCondition>> {
    let joined = set.get("rules_operator").and_then(Value::as_str);
    let rules = set.get("rules").and_then(Value::as_array).filter(|_| joined == Some("AND"))?;
    Some(rules.iter().map(|rule| condition(rule, fields)).collect())
}

fn unread(rule: &Value) -> GroupCondition {
    GroupCondition::Unread(rule.to_string().into())
}

/// Every rule of a group, as it is written.
fn rules(ruleset: &Value) -> impl Iterator<Item = &Value> {
    let sets = ruleset.get("sets").and_then(Value::as_array).into_iter().flatten();
    sets.filter_map(|set| set.get("rules").and_then(Value::as_array)).flatten()
}

/// The numbers of the fields that rules name.
pub(super) fn fields_of(ruleset: &Value) -> impl Iterator<Item = u64> + '_ {
    rules(ruleset).filter_map(|rule| {
        let said = Said::of(rule)?;
        FIELD_RULES.contains(&said.kind).then(|| number(said.one(&FIELD_KEYS)?)).flatten()
    })
}

/// Takes from rules an example of each kind of condition of which there is none yet.
pub(super) fn learn(ruleset: &Value, fields: &[UserField], examples: &mut Examples) {
    for rule in rules(ruleset) {
        let condition = condition(rule, fields);
        for kind in shown(rule, &condition) {
            examples.entry(kind).or_insert_with(|| rule.to_string().into());
        }
    }
}

/// The kinds of conditions of which a rule shows how each of them is written, whatever its values are.
fn shown(rule: &Value, condition: &GroupCondition) -> Vec<ConditionKind> {
    let value = Said::of(rule).and_then(|said| said.one(&VALUE_KEYS));
    let all = value.map(|value| value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice));
    let are_texts = all.is_none_or(|all| all.iter().all(Value::is_string));
    match condition {
        // A list takes one as well as several.
        GroupCondition::Field {
            of: ValueKind::Options, comparison: comparison @ Comparison::Equals, ..
        } if value.is_some_and(Value::is_array) => {
            vec![ConditionKind::Field(*comparison, ValueKind::Options), ConditionKind::SeveralOptions]
        }
        // After a number, nothing could be written but numbers.
        GroupCondition::Field { of: ValueKind::Texts, .. } | GroupCondition::Address(_) if !are_texts => {
            Vec::new()
        }
        condition => condition.kinds(),
    }
}

/// What a rule says: its type, and what stands under each key.
struct Said<'v> {
    kind: &'v str,
    payload: &'v Map<String, Value>,
}

impl<'v> Said<'v> {
    /// Nothing where it says more than these two.
    fn of(rule: &'v Value) -> Option<Self> {
        let rule = rule.as_object().filter(|rule| rule.len() == 2)?;
        Some(Self { kind: rule.get("type")?.as_str()?, payload: rule.get("payload")?.as_object()? })
    }

    /// What stands under the only key of these that there is.
    fn one(&self, keys: &[&str]) -> Option<&'v Value> {
        self.payload.get(only(self.payload, keys)?)
    }

    /// Whether it says so many things and no more.
    fn has_only(&self, count: usize) -> bool {
        self.payload.len() == count
    }
}

/// The only key of these that there is.
fn only<'k>(payload: &Map<String, Value>, keys: &[&'k str]) -> Option<&'k str> {
    let mut there = keys.iter().copied().filter(|key| payload.contains_key(*key));
    there.next().filter(|_| there.next().is_none())
}

fn condition(rule: &Value, fields: &[UserField]) -> GroupCondition {
    let known = Said::of(rule).and_then(|said| match said.kind {
        kind if BRANCH_RULES.contains(&kind) => branches(&said),
        kind if COURSE_RULES.contains(&kind) => course(&said),
        kind if FIELD_RULES.contains(&kind) => field(&said, fields),
        kind if PROFILE_RULES.contains(&kind) => address(&said),
        _ => None,
    });
    known.unwrap_or_else(|| unread(rule))
}

fn branches(said: &Said<'_>) -> Option<GroupCondition> {
    let list = |key: &str| match said.payload.get(key) {
        None => Some(&[][..]),
        Some(value) => value.as_array().map(Vec::as_slice),
    };
    let (here, below) = (list(BRANCHES_HERE)?, list(BRANCHES_BELOW)?);
    let is_known = |key: &String| [BRANCHES_HERE, BRANCHES_BELOW].contains(&&**key);
    let here: Option<Vec<(u64, Below)>> = here.iter().map(|id| Some((number(id)?, Below::LeftOut))).collect();
    let below: Option<Vec<(u64, Below)>> =
        below.iter().map(|it| Some((below_of(it)?, Below::Counted))).collect();
    let all: BTreeSet<(u64, Below)> = here?.into_iter().chain(below?).collect();
    (!all.is_empty() && said.payload.keys().all(is_known)).then_some(GroupCondition::Branches(all))
}

/// The branch that an entry names, where it says nothing else.
fn below_of(entry: &Value) -> Option<u64> {
    let entry = entry.as_object().filter(|entry| entry.len() == 1)?;
    number(entry.get(only(entry, &BRANCH_KEYS)?)?)
}

fn course(said: &Said<'_>) -> Option<GroupCondition> {
    let (course, status) = (number(said.one(&COURSE_KEYS)?)?, text(said.one(&STATUS_KEYS)?));
    Some(GroupCondition::Course(course, progress_of(&status)?)).filter(|_| said.has_only(2))
}

fn field(said: &Said<'_>, fields: &[UserField]) -> Option<GroupCondition> {
    let field = number(said.one(&FIELD_KEYS)?)?;
    let known = fields.iter().find(|known| known.id == field)?;
    let comparison = comparison(said.one(&OPERATOR_KEYS)?.as_str()?)?;
    let values = match said.one(&VALUE_KEYS) {
        Some(value) if said.has_only(3) => value_texts(value)?,
        None if said.has_only(2) => Vec::new(),
        _ => return None,
    };
    let (of, values) = held(known.kind.as_ref(), comparison, values)?;
    Some(GroupCondition::Field { field, of, comparison, values })
}

/// What a field is compared with, where it is compared so.
fn held(
    kind: Option<&FieldKind>,
    comparison: Comparison,
    mut values: Vec<Box<str>>,
) -> Option<(ValueKind, Vec<Box<str>>)> {
    let of = match kind? {
        FieldKind::Text => ValueKind::Texts,
        FieldKind::Date => ValueKind::Days,
        FieldKind::YesNo => ValueKind::YesNo,
        FieldKind::Choice(_) => ValueKind::Options,
        FieldKind::Other(_) => ValueKind::Unread,
    };
    let fits = match (comparison, kind?) {
        (Comparison::IsEmpty | Comparison::NotEmpty, _) => values.iter().all(|value| value.is_empty()),
        (Comparison::Equals, FieldKind::Choice(choices)) => {
            let is_one = |value: &str| choices.iter().any(|choice| *choice.id.to_string() == *value);
            !values.is_empty() && values.iter().all(|value| is_one(value))
        }
        (Comparison::Equals, FieldKind::YesNo) => matches!(&values[..], [value] if **value == *YES),
        (
            Comparison::Equals | Comparison::Contains | Comparison::StartsWith | Comparison::EndsWith,
            FieldKind::Text,
        ) => values.len() == 1,
        (Comparison::Before | Comparison::After | Comparison::On, FieldKind::Date) => {
            matches!(&values[..], [value] if day(value).is_some())
        }
        _ => false,
    };
    match comparison {
        Comparison::IsEmpty | Comparison::NotEmpty => values.clear(),
        Comparison::Equals if of == ValueKind::YesNo => values = vec!["yes".into()],
        _ => values.sort_unstable(),
    }
    fits.then_some((of, values))
}

fn address(said: &Said<'_>) -> Option<GroupCondition> {
    let is_email = said.one(&FIELD_KEYS)?.as_str()? == EMAIL_FIELD;
    let contains = comparison(said.one(&OPERATOR_KEYS)?.as_str()?)? == Comparison::Contains;
    let values = value_texts(said.one(&VALUE_KEYS)?)?;
    match &values[..] {
        [part] if is_email && contains && said.has_only(3) => Some(GroupCondition::Address(part.clone())),
        _ => None,
    }
}

/// A number, or a text that is one.
fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// One value or several, as texts.
fn value_texts(value: &Value) -> Option<Vec<Box<str>>> {
    let one = |value: &Value| match value {
        Value::String(text) => Some(text.as_str().into()),
        Value::Number(number) => Some(number.to_string().into()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    match value {
        Value::Array(values) => values.iter().map(one).collect(),
        value => one(value).map(|text| vec![text]),
    }
}

/// Rules as the platform is to be given them; none where it is not known how one of them is written.
pub(super) fn written(rules: &RuleSet, examples: &Examples) -> Option<Value> {
    let (operator, sets): (&str, Vec<&[GroupCondition]>) = match rules.sets() {
        [set] if set.len() > MOST_CONDITIONS => ("AND", set.chunks(MOST_CONDITIONS).collect()),
        sets => ("OR", sets.iter().map(Vec::as_slice).collect()),
    };
    let set = |conditions: &[GroupCondition]| {
        let rules: Option<Vec<Value>> = conditions.iter().map(|one| after_example(one, examples)).collect();
        Some(json!({ "rules_operator": "AND", "rules": rules? }))
    };
    let sets: Option<Vec<Value>> = sets.into_iter().map(set).collect();
    Some(json!({ "status": READY, "operator": operator, "sets": sets? }))
}

/// A condition as that of its kind is written.
fn after_example(condition: &GroupCondition, examples: &Examples) -> Option<Value> {
    if let GroupCondition::Unread(json) = condition {
        return serde_json::from_str(json).ok();
    }
    let examples: Option<Vec<Value>> =
        condition.kinds().iter().map(|kind| serde_json::from_str(examples.get(kind)?).ok()).collect();
    let examples = examples?;
    let mut rule = examples.first()?.clone();
    let payload = rule.get_mut("payload")?.as_object_mut()?;
    match condition {
        GroupCondition::Field { field, of, values, .. } => {
            replace(payload, &FIELD_KEYS, &[field.to_string().into()])?;
            let yes = [Box::<str>::from(YES)];
            let values = if *of == ValueKind::YesNo && !values.is_empty() { &yes[..] } else { values };
            if !values.is_empty() {
                replace(payload, &VALUE_KEYS, values)?;
            }
        }
        GroupCondition::Course(course, _) => replace(payload, &COURSE_KEYS, &[course.to_string().into()])?,
        GroupCondition::Address(part) => replace(payload, &VALUE_KEYS, std::slice::from_ref(part))?,
        GroupCondition::Branches(branches) => in_branches(payload, branches, &examples)?,
        GroupCondition::Unread(_) => {}
    }
    Some(rule)
}

/// Puts values where an example has its own: in a list where it has one, and as numbers where it has numbers.
fn replace(payload: &mut Map<String, Value>, keys: &[&str], values: &[Box<str>]) -> Option<()> {
    let key = only(payload, keys)?;
    let example = payload.get(key)?;
    let written = match example {
        Value::Array(all) => {
            Value::Array(values.iter().map(|value| like(all.first(), value)).collect::<Option<_>>()?)
        }
        one => match values {
            [value] => like(Some(one), value)?,
            _ => return None,
        },
    };
    payload.insert(key.to_owned(), written);
    Some(())
}

/// A value as the example is one: a number where that is.
fn like(example: Option<&Value>, value: &str) -> Option<Value> {
    match example {
        Some(Value::Number(_)) => value.parse::<u64>().ok().map(Value::from),
        Some(Value::String(_)) => Some(value.into()),
        _ => None,
    }
}

/// Puts branches into a condition: those alone as the first example has them, those with what is below them as the last.
fn in_branches(
    payload: &mut Map<String, Value>,
    branches: &BTreeSet<(u64, Below)>,
    examples: &[Value],
) -> Option<()> {
    for (key, below) in [(BRANCHES_HERE, Below::LeftOut), (BRANCHES_BELOW, Below::Counted)] {
        let ids: Vec<u64> = branches.iter().filter(|(_, of)| *of == below).map(|(id, _)| *id).collect();
        if ids.is_empty() {
            // What the example says there is not what is to be said.
            if let Some(list) = payload.get_mut(key) {
                *list = Value::Array(Vec::new());
            }
            continue;
        }
        let example = examples.iter().find_map(|rule| rule.get("payload")?.get(key)?.as_array()?.first())?;
        let entries: Option<Vec<Value>> = ids.iter().map(|id| entry_like(example, *id)).collect();
        payload.insert(key.to_owned(), Value::Array(entries?));
    }
    Some(())
}

fn entry_like(example: &Value, id: u64) -> Option<Value> {
    let Value::Object(entry) = example else { return like(Some(example), &id.to_string()) };
    let mut entry = entry.clone();
    let key = only(&entry, &BRANCH_KEYS)?;
    let named = like(entry.get(key), &id.to_string())?;
    entry.insert(key.to_owned(), named);
    Some(Value::Object(entry))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Choice, Folded, Progress};

    fn fields() -> Vec<UserField> {
        let choice = |id, label| Choice { id, labels: vec![Folded::new(label)] };
        let field = |id, label, kind| UserField { id, label: Folded::new(label), kind: Some(kind) };
        vec![
            field(1, "Department", FieldKind::Choice(vec![choice(11, "Sales"), choice(12, "R&D")])),
            field(2, "Start Date", FieldKind::Date),
            field(3, "Badge", FieldKind::Text),
            field(4, "Contractor", FieldKind::YesNo),
        ]
    }

    /// A set for each of these conditions, in the words of two tenants.
    fn tenants() -> [Value; 2] {
        let set = |rule: Value| json!({ "id": "x", "rules_operator": "AND", "rules": [rule] });
        let rule = |kind: &str, payload: Value| set(json!({ "type": kind, "payload": payload }));
        let usual = [
            rule("CourseEnrollmentStatus", json!({ "course_id": 5, "status": "completed" })),
            rule("UserAdditionalField", json!({ "field": "1", "operator": "equals", "value": ["11"] })),
            rule(
                "UserAdditionalField",
                json!({ "field": "2", "operator": "after", "value": ["2026-01-01"] }),
            ),
            rule("UserAdditionalField", json!({ "field": "3", "operator": "is_empty", "value": [] })),
            rule("UserField", json!({ "field": "email", "operator": "contains", "value": ["@x"] })),
            rule("BranchMembership", json!({ "branch_ids": [1], "branch_ids_descendants": [{ "id": 2 }] })),
        ];
        let other = [
            rule("enrollment_status", json!({ "course_id": "5", "enrollment_status": "2" })),
            rule("userfield", json!({ "userfield_id": 1, "op": "is_equal", "values": 11 })),
            rule("userfield", json!({ "userfield_id": 2, "op": "after", "values": "2026-01-01" })),
            rule("userfield", json!({ "userfield_id": 3, "op": "is_empty" })),
            rule("user", json!({ "field": "email", "op": "contains", "values": "@x" })),
            rule(
                "BranchMembership",
                json!({ "branch_ids": ["1"], "branch_ids_descendants": [{ "branch_id": "2" }] }),
            ),
        ];
        [usual, other].map(|sets| json!({ "operator": "OR", "status": "READY", "sets": sets }))
    }

    #[test]
    fn two_ways_of_writing_one_thing_are_the_same_rules() {
        let [usual, other] = tenants().map(|tenant| read(&tenant, &fields()));
        assert_eq!(usual, other);
        assert_eq!(usual.sets().len(), 6);
        assert!(!usual.has_unread());
        assert!(usual.conditions().any(|it| *it == GroupCondition::Course(5, Progress::Completed)));
    }

    #[test]
    fn rules_are_written_in_the_way_of_the_tenant_and_read_back() {
        for tenant in tenants() {
            let mut examples = Examples::new();
            learn(&tenant, &fields(), &mut examples);
            let branches = [(7, Below::LeftOut), (8, Below::Counted), (9, Below::LeftOut)];
            let field = |field, of, comparison, values: &[&str]| {
                let values = values.iter().map(|value| (*value).into()).collect();
                GroupCondition::Field { field, of, comparison, values }
            };
            let wanted = RuleSet::any_of([
                vec![
                    GroupCondition::Course(6, Progress::Completed),
                    GroupCondition::Branches(branches.into()),
                ],
                vec![
                    field(1, ValueKind::Options, Comparison::Equals, &["12"]),
                    field(2, ValueKind::Days, Comparison::After, &["2027-05-01"]),
                    field(3, ValueKind::Texts, Comparison::IsEmpty, &[]),
                    GroupCondition::Address("@acme.example".into()),
                ],
            ]);
            let written = written(&wanted, &examples).unwrap();
            assert_eq!(read(&written, &fields()), wanted, "{written}");
            let kinds: BTreeSet<&str> = rules(&written).filter_map(|rule| rule["type"].as_str()).collect();
            let known: BTreeSet<&str> = rules(&tenant).filter_map(|rule| rule["type"].as_str()).collect();
            assert_eq!(kinds, known);
        }
    }

    #[test]
    fn what_no_group_has_is_never_written() {
        let [usual, _] = tenants();
        let mut examples = Examples::new();
        learn(&usual, &fields(), &mut examples);
        for condition in [
            GroupCondition::Course(5, Progress::InProgress),
            GroupCondition::Field {
                field: 3,
                of: ValueKind::Texts,
                comparison: Comparison::Contains,
                values: vec!["x".into()],
            },
            GroupCondition::Field {
                field: 1,
                of: ValueKind::Options,
                comparison: Comparison::IsEmpty,
                values: vec![],
            },
        ] {
            assert_eq!(written(&RuleSet::any_of([vec![condition]]), &examples), None);
        }
        assert_eq!(
            written(&RuleSet::any_of([vec![GroupCondition::Address("@".into())]]), &Examples::new()),
            None
        );
    }

    #[test]
    fn what_is_not_known_whole_is_kept_as_it_is_written() {
        for rule in [
            json!({ "type": "Mood", "payload": { "field": "1" } }),
            json!({ "type": "UserAdditionalField", "payload": { "field": "9", "operator": "equals", "value": ["11"] } }),
            json!({ "type": "UserAdditionalField", "payload": { "field": "1", "operator": "equals", "value": ["99"] } }),
            json!({ "type": "UserAdditionalField", "payload": { "field": "1", "operator": "equals", "value": ["11"], "not": true } }),
            json!({ "type": "UserAdditionalField", "payload": { "field": "1", "operator": "not_equals", "value": ["11"] } }),
            json!({ "type": "CourseEnrollmentStatus", "payload": { "course_id": 5, "status": "dreaming" } }),
            json!({ "type": "BranchMembership", "payload": { "branch_ids": [], "branch_ids_descendants": [] } }),
            json!({ "type": "BranchMembership", "payload": { "branch_ids": [1] }, "negated": true }),
            json!({ "type": "UserField", "payload": { "field": "level", "operator": "contains", "value": ["x"] } }),
            json!("all of them"),
        ] {
            let ruleset = json!({ "operator": "OR", "sets": [{ "rules_operator": "AND", "rules": [rule] }] });
            let read = read(&ruleset, &fields());
            assert_eq!(read, RuleSet::any_of([vec![unread(&rule)]]), "{rule}");
            let mut examples = Examples::new();
            learn(&ruleset, &fields(), &mut examples);
            assert_eq!(examples, Examples::new(), "{rule}");
            let back = written(&read, &examples).unwrap();
            assert_eq!(rules(&back).collect::<Vec<_>>(), [&rule]);
        }
    }

    #[test]
    fn sets_that_all_hold_are_one_and_a_long_one_is_written_as_several() {
        let [usual, _] = tenants();
        let mut all = usual.clone();
        all["operator"] = "AND".into();
        assert_eq!(read(&all, &fields()).sets().len(), 1);
        let mut examples = Examples::new();
        learn(&usual, &fields(), &mut examples);
        let many = (0..25).map(|it| GroupCondition::Address(format!("@{it}").into())).collect();
        let wanted = RuleSet::any_of([many]);
        let written = written(&wanted, &examples).unwrap();
        assert_eq!(
            (written["operator"].as_str(), written["sets"].as_array().unwrap().len()),
            (Some("AND"), 3)
        );
        assert_eq!(read(&written, &fields()), wanted);
        let strange = json!({ "operator": "XOR", "sets": [{ "rules_operator": "AND", "rules": [] }] });
        assert!(read(&strange, &fields()).has_unread());
        let again = json!({ "operator": "XOR", "status": "PROCESSING", "sets": [{ "id": 7, "rules_operator": "AND", "rules": [] }] });
        assert_eq!(read(&strange, &fields()), read(&again, &fields()));
        let within = json!({ "operator": "OR", "sets": [{ "rules_operator": "OR", "rules": [] }] });
        assert!(read(&within, &fields()).has_unread());
    }

    #[test]
    fn nothing_is_written_after_an_example_that_could_not_hold_it() {
        let examples = |payload: Value| {
            let rule = json!({ "type": "UserAdditionalField", "payload": payload });
            let mut examples = Examples::new();
            let set = json!({ "rules_operator": "AND", "rules": [rule] });
            learn(&json!({ "operator": "OR", "sets": [set] }), &fields(), &mut examples);
            examples.into_keys().collect::<Vec<_>>()
        };
        let of = |field: u8, value: Value| json!({ "field": field, "operator": "equals", "value": value });
        let (chosen, texts) = (
            ConditionKind::Field(Comparison::Equals, ValueKind::Options),
            ConditionKind::Field(Comparison::Equals, ValueKind::Texts),
        );
        assert_eq!(examples(of(1, json!("11"))), [chosen], "in the place of one, several don't fit");
        assert_eq!(examples(of(1, json!(["11"]))), [chosen, ConditionKind::SeveralOptions]);
        assert_eq!(examples(of(3, json!("B-1"))), [texts]);
        assert_eq!(examples(of(3, json!(7))), [], "after a number no text can be written");
    }

    #[test]
    fn rules_of_no_known_shape_are_kept_and_null_is_none() {
        assert_eq!(read(&Value::Null, &fields()), RuleSet::default());
        for odd in [json!("READY"), json!({}), json!({ "operator": "OR", "sets": { "0": [] } }), json!([])] {
            assert!(read(&odd, &fields()).has_unread(), "{odd}");
        }
    }
}
