//! Which rules may a group have? (Limits and operators: "Managing groups" of the vendor's help, of 2020 and 2023.)

use std::fmt::Display;

use crate::sandbox::docebo::seed::{
    Condition, Field, FieldId, FieldType, FieldValue, Operator, Population, RuleSet, Uuid,
};
use crate::sandbox::docebo::state::Tenant;

/// The most conditions of one set.
const MOST_CONDITIONS: usize = 10;

impl Tenant {
    /// Checks rules: how many there are, whether what they name is there, and whether their operators fit.
    ///
    /// # Errors
    /// No group may have them; the words say why.
    pub(crate) fn check_rules(&self, ruleset: &RuleSet, most_sets: usize) -> Result<(), String> {
        if ruleset.sets.len() > most_sets {
            return Err(format!("{} sets of conditions, the maximum is {most_sets}", ruleset.sets.len()));
        }
        for set in &ruleset.sets {
            match set.len() {
                0 => return Err("a set has no condition".to_owned()),
                1..=MOST_CONDITIONS => {}
                count => {
                    return Err(format!("{count} conditions in a set, the maximum is {MOST_CONDITIONS}"));
                }
            }
            set.iter().try_for_each(|condition| self.check_condition(condition))?;
        }
        Ok(())
    }

    /// The rules as they are kept: what was chosen in a field as the field keeps it.
    ///
    /// # Errors
    /// No group may have them; the words say why.
    pub(crate) fn rules_taken(&self, mut ruleset: RuleSet, most_sets: usize) -> Result<RuleSet, String> {
        self.check_rules(&ruleset, most_sets)?;
        for condition in ruleset.sets.iter_mut().flatten() {
            if let Condition::Field { id, values, .. } = condition
                && let Some(field) = self.field(*id)
            {
                *values = values.iter().map(|value| field.take(value)).collect::<Result<_, _>>()?;
            }
        }
        Ok(ruleset)
    }

    fn check_condition(&self, condition: &Condition) -> Result<(), String> {
        match condition {
            Condition::Enrollment { course, .. } => known("course", course, self.course(*course)).map(drop),
            Condition::Branch { ids, descendants } => {
                if ids.is_empty() && descendants.is_empty() {
                    return Err("a condition on branches names none".to_owned());
                }
                ids.iter()
                    .chain(descendants)
                    .try_for_each(|id| known("branch", id, self.has_branch(*id).then_some(())))
            }
            Condition::Group { uuids } => {
                if uuids.is_empty() {
                    return Err("a condition on groups names none".to_owned());
                }
                let manual =
                    |uuid: &Uuid| self.group(uuid).filter(|group| group.population == Population::Manual);
                uuids.iter().try_for_each(|uuid| known("manual group", uuid, manual(uuid)).map(drop))
            }
            Condition::Field { id, operator, values } => self.check_comparison(*id, *operator, values),
            Condition::Email { contains } if contains.trim().is_empty() => {
                Err("a condition on email addresses has no text".to_owned())
            }
            Condition::Email { .. } | Condition::Raw { .. } => Ok(()),
        }
    }

    fn check_comparison(&self, id: FieldId, operator: Operator, values: &[FieldValue]) -> Result<(), String> {
        let field = known("field", &id, self.field(id))?;
        if !fits(field, operator) {
            return Err(format!("field {id} is not compared by {operator:?}"));
        }
        let is_counted = match operator {
            Operator::IsEmpty | Operator::NotEmpty => values.is_empty(),
            Operator::Between => values.len() == 2,
            _ if field.kind.is_chosen() => !values.is_empty(),
            _ => values.len() == 1,
        };
        if !is_counted {
            return Err(format!("{operator:?} does not take {} values", values.len()));
        }
        for value in values {
            let taken = field.take(value)?;
            if taken.text().is_empty() {
                return Err(format!("field {id} is compared with nothing"));
            }
        }
        Ok(())
    }
}

fn known<T>(what: &str, id: &impl Display, found: Option<T>) -> Result<T, String> {
    found.ok_or_else(|| format!("there is no {what} {id}"))
}

/// Whether a type of field can be compared so.
fn fits(field: &Field, operator: Operator) -> bool {
    let is_of_days =
        matches!(operator, Operator::Before | Operator::After | Operator::On | Operator::Between);
    match operator {
        Operator::IsEmpty | Operator::NotEmpty => true,
        Operator::Equals | Operator::NotEquals => field.kind != FieldType::Date,
        _ if is_of_days => field.kind == FieldType::Date,
        _ => matches!(field.kind, FieldType::Text | FieldType::Textarea),
    }
}

#[cfg(test)]
mod tests {
    use crate::sandbox::docebo::rules::testing::tenant;
    use crate::sandbox::docebo::seed::RuleSet;

    #[test]
    fn rules_that_no_group_may_have_are_refused() {
        let tenant = tenant(
            r#""fields":[{"id":1,"title":"Number"},{"id":2,"title":"D","type":"dropdown","options":[{"id":11,"title":"x"}]},
            {"id":3,"title":"Start","type":"date"}],"groups":[{"uuid":"auto","name":"A","type":"automatic"}]"#,
        );
        let email = r#"{"email":{"contains":"x"}}"#;
        let many = |count| format!("[[{}]]", vec![email; count].join(","));
        let sets = |count| format!("[{}]", vec![format!("[{email}]"); count].join(","));
        for (written, message) in [
            (many(10), ""),
            (many(11), "11 conditions in a set, the maximum is 10"),
            (sets(3), ""),
            (sets(4), "4 sets of conditions, the maximum is 3"),
            ("[[]]".to_owned(), "a set has no condition"),
            (r#"[[{"enrollment":{"course":5,"status":"completed"}}]]"#.to_owned(), "there is no course 5"),
            (r#"[[{"branch":{"ids":[0]}}]]"#.to_owned(), ""),
            (r#"[[{"branch":{}}]]"#.to_owned(), "names none"),
            (r#"[[{"group":{"uuids":["auto"]}}]]"#.to_owned(), "there is no manual group auto"),
            (r#"[[{"email":{"contains":" "}}]]"#.to_owned(), "has no text"),
            (r#"[[{"field":{"id":9,"operator":"is_empty"}}]]"#.to_owned(), "there is no field 9"),
            (
                r#"[[{"field":{"id":1,"operator":"before","values":["x"]}}]]"#.to_owned(),
                "not compared by Before",
            ),
            (
                r#"[[{"field":{"id":2,"operator":"contains","values":[11]}}]]"#.to_owned(),
                "not compared by Contains",
            ),
            (r#"[[{"field":{"id":2,"operator":"equals","values":[12]}}]]"#.to_owned(), "has no option"),
            (r#"[[{"field":{"id":3,"operator":"on","values":["soon"]}}]]"#.to_owned(), "holds days"),
            (
                r#"[[{"field":{"id":3,"operator":"between","values":["2026-01-01"]}}]]"#.to_owned(),
                "does not take 1",
            ),
            (
                r#"[[{"field":{"id":1,"operator":"contains","values":[""]}}]]"#.to_owned(),
                "compared with nothing",
            ),
            (r#"[[{"field":{"id":1,"operator":"is_empty","values":["x"]}}]]"#.to_owned(), "does not take 1"),
        ] {
            let ruleset: RuleSet = serde_json::from_str(&format!("{{\"sets\":{written}}}")).unwrap();
            let said = tenant.check_rules(&ruleset, 3).err().unwrap_or_default();
            assert!(said.contains(message) && said.is_empty() == message.is_empty(), "{written}: {said:?}");
        }
    }
}
