//! Which rule of a manifest says what conditions say? The way back: for going back, and for starting from what is there.

use std::collections::BTreeSet;

use crate::model::{
    Below, Choice, Comparison, Details, FieldKind, Folded, GroupCondition, Located, Presence, Progress, Rule,
    RuleSet, Subject, Test, UserField, day,
};
use crate::plan::conditions::of_rule::rule_set;

/// The rule that says what the conditions of a group say; none where a manifest can't say all of it, or would say something else.
pub fn rule(rules: &RuleSet, details: &Details) -> Option<Rule> {
    let sets: Option<Vec<Rule>> = rules.sets().iter().map(|set| of_set(set, details)).collect();
    let enough = sets?.into_iter().flat_map(|rule| match rule {
        Rule::Any(rules) => rules.into_iter().map(|rule| rule.value).collect(),
        one => vec![one],
    });
    let rule = several(enough.collect(), Rule::Any).filter(is_sayable)?;
    let read = rule_set(&Located::unplaced(rule.clone()), details).ok();
    (read.as_ref() == Some(rules)).then_some(rule)
}

/// Whether branches stand where a manifest names them: beside everything else that is enough, and all with those below them or none.
fn is_sayable(rule: &Rule) -> bool {
    let is_branch = |rule: &Rule| matches!(rule, Rule::Is { subject: Subject::Branch(..), .. });
    let outer: Vec<&Rule> = match rule {
        Rule::Any(rules) => rules.iter().map(|rule| &rule.value).collect(),
        one => vec![one],
    };
    let (mut ways, mut inner) = (BTreeSet::new(), false);
    for rule in outer {
        rule.subjects(&mut |subject| {
            if let Subject::Branch(_, below) = subject {
                ways.insert(*below);
                inner |= !is_branch(rule);
            }
        });
    }
    ways.len() < 2 && !inner
}

fn of_set(set: &[GroupCondition], details: &Details) -> Option<Rule> {
    let all: Option<Vec<Rule>> = set.iter().map(|condition| of_one(condition, details)).collect();
    several(all?, Rule::All)
}

/// One as it is, several under what joins them.
fn several(mut rules: Vec<Rule>, join: fn(Vec<Located<Rule>>) -> Rule) -> Option<Rule> {
    match rules.len() {
        0 | 1 => rules.pop(),
        _ => Some(join(rules.into_iter().map(Located::unplaced).collect())),
    }
}

fn of_one(condition: &GroupCondition, details: &Details) -> Option<Rule> {
    match condition {
        GroupCondition::Field { field, comparison, values, .. } => {
            let field = details.fields.iter().find(|it| it.id == *field && is_name(&it.label))?;
            Some(is(Subject::Field(field.label.clone()), test(field, *comparison, values)?))
        }
        GroupCondition::Branches(branches) => {
            let all: Option<Vec<Rule>> =
                branches.iter().map(|(id, below)| in_branch(details, *id, *below)).collect();
            several(all?, Rule::Any)
        }
        GroupCondition::Course(id, progress) => {
            let course = details.courses.iter().find(|it| it.id == *id && is_name(&it.code))?;
            Some(is(Subject::Course(course.code.clone()), so_far(*progress)))
        }
        GroupCondition::Address(part) => Some(is(Subject::Address, Test::Contains(Folded::new(part)))),
        GroupCondition::Unread(_) => None,
    }
}

/// Whether something can be named so in a manifest.
fn is_name(name: &Folded) -> bool {
    !name.as_written().is_empty()
}

const fn is(subject: Subject, test: Test) -> Rule {
    Rule::Is { subject, test }
}

fn in_branch(details: &Details, id: u64, below: Below) -> Option<Rule> {
    let branch = details.branches.iter().find(|it| it.id == id && is_name(&it.code))?;
    Some(is(Subject::Branch(branch.code.clone(), below), Test::Exists(Presence::Present)))
}

fn so_far(progress: Progress) -> Test {
    Test::In(vec![Folded::new(progress.word())])
}

fn test(field: &UserField, comparison: Comparison, values: &[Box<str>]) -> Option<Test> {
    let first = || values.first().map(|value| Folded::new(value));
    Some(match comparison {
        Comparison::Equals => Test::In(match &field.kind {
            Some(FieldKind::Choice(choices)) => labels(choices, values)?,
            Some(FieldKind::YesNo) => vec![Folded::new("yes")],
            _ => values.iter().map(|value| Folded::new(value)).collect(),
        }),
        Comparison::On => Test::In(vec![first()?]),
        Comparison::Contains => Test::Contains(first()?),
        Comparison::StartsWith => Test::Prefix(first()?),
        Comparison::EndsWith => Test::Suffix(first()?),
        Comparison::IsEmpty => Test::Exists(Presence::Absent),
        Comparison::NotEmpty => Test::Exists(Presence::Present),
        Comparison::Before => Test::Before(day(values.first()?)?),
        Comparison::After => Test::After(day(values.first()?)?),
    })
}

fn labels(choices: &[Choice], numbers: &[Box<str>]) -> Option<Vec<Folded>> {
    let label = |number: &str| {
        let choice = choices.iter().find(|choice| *choice.id.to_string() == *number)?;
        choice.labels.first().cloned()
    };
    numbers.iter().map(|number| label(number)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Branch, Course, MOST_SETS, ValueKind};

    fn details() -> Details {
        let choice = |id, label| Choice { id, labels: vec![Folded::new(label)] };
        let field = |id, label, kind| UserField { id, label: Folded::new(label), kind: Some(kind) };
        let branch = |id, code| Branch { id, code: Folded::new(code), title: "B".into() };
        let fields = vec![
            field(1, "Department", FieldKind::Choice(vec![choice(11, "Sales"), choice(12, "R&D")])),
            field(2, "Start Date", FieldKind::Date),
            field(3, "Badge", FieldKind::Text),
            field(4, "Contractor", FieldKind::YesNo),
            field(5, "Twice", FieldKind::Text),
            field(6, "Twice", FieldKind::Text),
        ];
        let courses = vec![Course { id: 5, code: Folded::new("DRV-101"), title: "Driving".into() }];
        Details::of(fields, vec![branch(1, "HQ"), branch(2, "OSL"), branch(3, "")], courses)
    }

    fn field(field: u64, of: ValueKind, comparison: Comparison, values: &[&str]) -> GroupCondition {
        let values = values.iter().map(|value| (*value).into()).collect();
        GroupCondition::Field { field, of, comparison, values }
    }

    fn branches(all: &[(u64, Below)]) -> GroupCondition {
        GroupCondition::Branches(all.iter().copied().collect())
    }

    #[test]
    fn what_conditions_say_is_said_by_a_rule_that_says_them_again() {
        let days = ValueKind::Days;
        for sets in [
            vec![vec![GroupCondition::Course(5, Progress::InProgress), GroupCondition::Address("@x".into())]],
            vec![
                vec![field(1, ValueKind::Options, Comparison::Equals, &["11", "12"])],
                vec![
                    field(2, days, Comparison::Before, &["2026-05-01"]),
                    field(2, days, Comparison::After, &["2025-05-01"]),
                ],
            ],
            vec![vec![field(2, days, Comparison::On, &["2026-05-01"])]],
            vec![vec![field(3, ValueKind::Texts, Comparison::Equals, &["B-1"])]],
            vec![vec![field(3, ValueKind::Texts, Comparison::StartsWith, &["B"])]],
            vec![vec![field(3, ValueKind::Texts, Comparison::EndsWith, &["1"])]],
            vec![vec![field(3, ValueKind::Texts, Comparison::Contains, &["-"])]],
            vec![vec![field(4, ValueKind::YesNo, Comparison::Equals, &["yes"])]],
            vec![
                vec![field(3, ValueKind::Texts, Comparison::IsEmpty, &[])],
                vec![field(1, ValueKind::Options, Comparison::NotEmpty, &[])],
            ],
            vec![
                vec![branches(&[(1, Below::Counted), (2, Below::Counted)])],
                vec![GroupCondition::Address("@".into())],
            ],
            vec![vec![branches(&[(1, Below::LeftOut)])]],
            vec![(0..25).map(|it| GroupCondition::Address(format!("@{it}").into())).collect()],
        ] {
            let rules = RuleSet::any_of(sets);
            let rule = rule(&rules, &details()).unwrap_or_else(|| panic!("{rules:?}"));
            assert_eq!(rule_set(&Located::unplaced(rule), &details()), Ok(rules));
        }
    }

    #[test]
    fn what_no_manifest_can_say_is_said_by_none() {
        for sets in [
            // Nothing at all; and a set of nothing.
            vec![],
            vec![vec![]],
            vec![vec![GroupCondition::Unread("{}".into())]],
            // A branch together with something else, and branches in two ways.
            vec![vec![branches(&[(1, Below::LeftOut)]), GroupCondition::Address("@".into())]],
            vec![vec![branches(&[(1, Below::LeftOut), (2, Below::Counted)])]],
            // What has no name, or one that another has.
            vec![vec![branches(&[(3, Below::LeftOut)])]],
            vec![vec![field(5, ValueKind::Texts, Comparison::Equals, &["x"])]],
            vec![vec![field(9, ValueKind::Texts, Comparison::Equals, &["x"])]],
            vec![vec![field(1, ValueKind::Options, Comparison::Equals, &["99"])]],
        ] {
            let rules = RuleSet::any_of(sets);
            assert_eq!(rule(&rules, &details()), None, "{rules:?}");
        }
    }

    #[test]
    fn more_sets_than_a_group_takes_are_no_rules_however_they_come_about() {
        let title = |it: usize| {
            Located::unplaced(is(
                Subject::Field(Folded::new("Badge")),
                Test::Contains(Folded::new(&format!("T{it}"))),
            ))
        };
        let any = |count: usize| Located::unplaced(Rule::Any((0..count).map(title).collect()));
        assert!(rule_set(&any(MOST_SETS), &details()).is_ok());
        assert!(rule_set(&any(MOST_SETS + 1), &details()).is_err());
        let product = Located::unplaced(Rule::All((0..40).map(|_| any(9)).collect()));
        assert_eq!(rule_set(&product, &details()).unwrap_err().len(), 1, "and that is told soon");
    }
}
