//! Whom do the rules of a group match? (Reference of the conditions: "Managing groups" of the vendor's help.)

use jiff::civil::Date;

use crate::sandbox::docebo::seed::{
    BranchId, Condition, Field, FieldType, FieldValue, Match, Operator, RuleSet, User,
};
use crate::sandbox::docebo::state::{ROOT, Tenant};
use crate::sandbox::state::fold;

impl Tenant {
    /// Whether rules match a user. No set, and a set without conditions, match nobody.
    pub(crate) fn matches(&self, user: &User, ruleset: &RuleSet) -> bool {
        let holds = |set: &Vec<Condition>| !set.is_empty() && set.iter().all(|it| self.holds(user, it));
        match ruleset.matching {
            Match::Any => ruleset.sets.iter().any(holds),
            Match::All => !ruleset.sets.is_empty() && ruleset.sets.iter().all(holds),
        }
    }

    fn holds(&self, user: &User, condition: &Condition) -> bool {
        match condition {
            Condition::Enrollment { course, status } => {
                user.enrollments.iter().any(|it| it.course == *course && it.status == *status)
            }
            Condition::Branch { ids, descendants } => {
                let of_user: Vec<BranchId> = if user.branches.is_empty() {
                    vec![ROOT]
                } else {
                    user.branches.iter().copied().collect()
                };
                let is_below = |top: &BranchId| of_user.iter().any(|branch| self.is_below(*branch, *top));
                of_user.iter().any(|branch| ids.contains(branch)) || descendants.iter().any(is_below)
            }
            Condition::Group { uuids } => {
                let is_in = |uuid| self.group(uuid).is_some_and(|group| group.members.contains(&user.id));
                uuids.iter().any(is_in)
            }
            Condition::Field { id, operator, values } => self.field(*id).is_some_and(|field| {
                let held = user.fields.get(id).map(FieldValue::text).unwrap_or_default();
                let values: Vec<String> = values.iter().map(FieldValue::text).collect();
                compares(field, &held, *operator, &values)
            }),
            Condition::Email { contains } => fold(&user.email).contains(&fold(contains)),
            Condition::Raw { .. } => false,
        }
    }
}

/// Whether a value is as an operator says. A user without a value has an empty one.
fn compares(field: &Field, held: &str, operator: Operator, values: &[String]) -> bool {
    match operator {
        Operator::IsEmpty => held.is_empty(),
        Operator::NotEmpty => !held.is_empty(),
        _ if field.kind == FieldType::Date => on_day(held, operator, values),
        _ => {
            let held = fold(held);
            let any = |is: &dyn Fn(&str) -> bool| values.iter().any(|value| is(&fold(value)));
            match operator {
                Operator::Equals => any(&|value| held == value),
                Operator::NotEquals => !any(&|value| held == value),
                Operator::Contains => any(&|value| held.contains(value)),
                Operator::NotContains => !any(&|value| held.contains(value)),
                Operator::StartsWith => any(&|value| held.starts_with(value)),
                Operator::EndsWith => any(&|value| held.ends_with(value)),
                _ => false,
            }
        }
    }
}

/// Whether a day is as an operator says; no day never is.
fn on_day(held: &str, operator: Operator, values: &[String]) -> bool {
    let day = |text: &str| text.parse::<Date>().ok();
    let value = |at: usize| values.get(at).and_then(|text| day(text));
    let (Some(held), Some(first)) = (day(held), value(0)) else { return false };
    match operator {
        Operator::Before => held < first,
        Operator::After => held > first,
        Operator::On => held == first,
        Operator::Between => value(1).is_some_and(|last| first <= held && held <= last),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::sandbox::docebo::rules::testing::tenant;
    use crate::sandbox::docebo::seed::{RuleSet, User, UserId};

    const TENANT: &str = r#""fields":[{"id":1,"title":"Number"},{"id":2,"title":"Department","type":"dropdown",
        "options":[{"id":11,"title":"R&D"},{"id":12,"title":"Sales"}]},{"id":3,"title":"Start","type":"date"}],
        "branches":[{"id":1,"title":"Head office"},{"id":2,"title":"Oslo","parent":1},{"id":3,"title":"Rome"}],
        "courses":[{"id":5,"title":"Driver Safety"}],
        "users":[{"id":1,"username":"ada","email":"Ada@Fleet.example","fields":{"1":"E-17","2":11,"3":"2026-03-01"},
        "branches":[2],"enrollments":[{"course":5,"status":"completed"}]},{"id":2,"username":"bob"}],
        "groups":[{"uuid":"m","name":"Manual","members":[1]}]"#;

    /// Which of the two users a set of conditions matches.
    fn matched(set: &str) -> Vec<u64> {
        let tenant = tenant(TENANT);
        let ruleset: RuleSet = serde_json::from_str(&format!("{{\"sets\":{set}}}")).unwrap();
        let of = |user: &&User| tenant.matches(user, &ruleset);
        tenant.users().filter(of).map(|user| user.id.0).collect()
    }

    #[test]
    fn a_condition_holds_for_whom_it_says() {
        for (condition, expected) in [
            (r#"{"enrollment":{"course":5,"status":"completed"}}"#, &[1][..]),
            (r#"{"enrollment":{"course":5,"status":"enrolled"}}"#, &[]),
            (r#"{"branch":{"ids":[1]}}"#, &[]),
            (r#"{"branch":{"descendants":[1]}}"#, &[1]),
            (r#"{"branch":{"ids":[3,2]}}"#, &[1]),
            (r#"{"branch":{"ids":[0]}}"#, &[2]),
            (r#"{"branch":{"descendants":[0]}}"#, &[1, 2]),
            (r#"{"group":{"uuids":["m"]}}"#, &[1]),
            (r#"{"email":{"contains":"@fleet"}}"#, &[1]),
            (r#"{"field":{"id":1,"operator":"starts_with","values":["e-"]}}"#, &[1]),
            (r#"{"field":{"id":1,"operator":"ends_with","values":["17"]}}"#, &[1]),
            (r#"{"field":{"id":1,"operator":"contains","values":["-1"]}}"#, &[1]),
            (r#"{"field":{"id":1,"operator":"not_contains","values":["-1"]}}"#, &[2]),
            (r#"{"field":{"id":1,"operator":"is_empty"}}"#, &[2]),
            (r#"{"field":{"id":1,"operator":"not_empty"}}"#, &[1]),
            (r#"{"field":{"id":2,"operator":"equals","values":[12,11]}}"#, &[1]),
            (r#"{"field":{"id":2,"operator":"not_equals","values":[11]}}"#, &[2]),
            (r#"{"field":{"id":3,"operator":"before","values":["2026-03-01"]}}"#, &[]),
            (r#"{"field":{"id":3,"operator":"after","values":["2026-02-28"]}}"#, &[1]),
            (r#"{"field":{"id":3,"operator":"on","values":["2026-03-01"]}}"#, &[1]),
            (r#"{"field":{"id":3,"operator":"between","values":["2026-02-01","2026-03-01"]}}"#, &[1]),
            (r#"{"raw":{"type":"Mood","payload":{}}}"#, &[]),
        ] {
            assert_eq!(matched(&format!("[[{condition}]]")), expected, "{condition}");
        }
    }

    #[test]
    fn all_of_a_set_and_one_of_the_sets() {
        let (ada, nobody) = (r#"{"email":{"contains":"fleet"}}"#, r#"{"email":{"contains":"nobody"}}"#);
        let bob = r#"{"field":{"id":1,"operator":"is_empty"}}"#;
        assert_eq!(matched(&format!("[[{ada},{nobody}]]")), [0; 0]);
        assert_eq!(matched(&format!("[[{ada}],[{bob}]]")), [1, 2]);
        assert_eq!(matched("[]"), [0; 0]);
        assert_eq!(matched("[[]]"), [0; 0]);
        let tenant = tenant(TENANT);
        let all: RuleSet =
            serde_json::from_str(&format!(r#"{{"match":"all","sets":[[{ada}],[{bob}]]}}"#)).unwrap();
        assert!(tenant.user(UserId(1)).is_some_and(|user| !tenant.matches(user, &all)));
    }
}
