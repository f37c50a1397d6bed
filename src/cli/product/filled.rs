//! By which rules does a group of a sandbox's tenant fill itself? By those that were read.

use std::collections::BTreeSet;

use crate::model::{
    self, Below, Comparison, Deactivated, Filling, GroupCondition, MOST_CONDITIONS, Progress, ValueKind,
};
use crate::sandbox::docebo::seed::{
    BranchId, Condition, CourseId, EnrollmentStatus, FieldId, FieldValue, Group, Match, Operator, RuleSet,
    UserId,
};

/// The same group, filled as it was read: who was put in by hand, and who was in it besides.
pub(super) fn with(filling: &Filling, group: Group) -> Group {
    let by_hand: BTreeSet<UserId> = filling.by_hand.iter().flatten().map(|user| UserId(user.0)).collect();
    let computed = group.members.difference(&by_hand).copied().collect();
    Group {
        ruleset: Some(rules(&filling.rules)),
        exclude_deactivated: filling.deactivated == Deactivated::PassedOver,
        computed: Some(computed),
        members: by_hand,
        updated: filling.changed,
        ..group
    }
}

fn rules(rules: &model::RuleSet) -> RuleSet {
    let all = |set: &[GroupCondition]| set.iter().map(condition).collect::<Vec<Condition>>();
    match rules.sets() {
        [set] => RuleSet { matching: Match::All, sets: set.chunks(MOST_CONDITIONS).map(all).collect() },
        sets => RuleSet { matching: Match::Any, sets: sets.iter().map(|set| all(set)).collect() },
    }
}

fn condition(condition: &GroupCondition) -> Condition {
    match condition {
        GroupCondition::Field { field, of, comparison, values } => Condition::Field {
            id: FieldId(*field),
            operator: operator(*comparison),
            values: values.iter().map(|value| self::value(*of, value)).collect(),
        },
        GroupCondition::Branches(branches) => {
            let of = |wanted: Below| {
                let ids = branches.iter().filter(|(_, below)| *below == wanted);
                ids.map(|(id, _)| BranchId(*id)).collect()
            };
            Condition::Branch { ids: of(Below::LeftOut), descendants: of(Below::Counted) }
        }
        GroupCondition::Course(course, progress) => {
            Condition::Enrollment { course: CourseId(*course), status: EnrollmentStatus::from(*progress) }
        }
        GroupCondition::Address(part) => Condition::Email { contains: part.to_string() },
        GroupCondition::Unread(json) => raw(json),
    }
}

/// What is not known, as it was written.
fn raw(json: &str) -> Condition {
    let said: serde_json::Value = serde_json::from_str(json).unwrap_or_default();
    let kind = said.get("type").and_then(serde_json::Value::as_str).unwrap_or("unknown").to_owned();
    Condition::Raw { kind, payload: said.get("payload").cloned().unwrap_or(said) }
}

fn value(of: ValueKind, value: &str) -> FieldValue {
    match (of, value.parse()) {
        (ValueKind::YesNo, _) => FieldValue::Chosen(1),
        (ValueKind::Options, Ok(number)) => FieldValue::Chosen(number),
        _ => FieldValue::Text(value.to_owned()),
    }
}

const fn operator(comparison: Comparison) -> Operator {
    match comparison {
        Comparison::Equals => Operator::Equals,
        Comparison::Contains => Operator::Contains,
        Comparison::StartsWith => Operator::StartsWith,
        Comparison::EndsWith => Operator::EndsWith,
        Comparison::IsEmpty => Operator::IsEmpty,
        Comparison::NotEmpty => Operator::NotEmpty,
        Comparison::Before => Operator::Before,
        Comparison::After => Operator::After,
        Comparison::On => Operator::On,
    }
}

impl From<Progress> for EnrollmentStatus {
    fn from(progress: Progress) -> Self {
        match progress {
            Progress::Waiting => Self::Waiting,
            Progress::Enrolled => Self::Enrolled,
            Progress::InProgress => Self::InProgress,
            Progress::Completed => Self::Completed,
            Progress::Suspended => Self::Suspended,
        }
    }
}
