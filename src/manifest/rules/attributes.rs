//! What a rule asks for, some user has.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::{Code, Diagnostics, nearest};
use crate::manifest::rules::facts::{Facts, at, span};
use crate::model::{AttributeName, Folded, Located, Origin, Rule, Subject, Test, day, fold, tidy};

/// So many values of users are shown.
const SHOWN: usize = 5;
/// What a rule looks at that is no attribute.
const KNOWN: [&str; 5] = ["email", "upn", "employeeId", "deviceLogin", "displayName"];
/// What an account has of users and rules do not see.
const OF_USERS: [&str; 5] = ["tracking", "groups", "primaryGroup", "agents", "displayId"];

/// A condition on an attribute that nobody has holds for nobody. What an export maps somebody has, or could have.
pub(super) fn of_rules_are_declared(facts: &Facts<'_>, found: &mut Diagnostics) {
    let mut asked = Vec::new();
    for rule in facts.declared.rules() {
        attributes(rule, &mut asked);
    }
    if asked.is_empty() {
        return;
    }
    let (users, exports) = (&facts.declared.users, &facts.declared.exports);
    let of_users = users.iter().flat_map(|user| user.attributes.iter().map(|(name, _)| name));
    let mapped = exports.iter().flat_map(|export| &export.attributes);
    let declared: BTreeSet<&AttributeName> = of_users.chain(mapped).collect();
    for (name, origin) in asked {
        if declared.contains(name) {
            continue;
        }
        let names = declared.iter().map(|name| name.as_written()).chain(KNOWN);
        let help = match nearest(name.as_written(), names) {
            Some(near) => format!("did you mean `{near}`?"),
            None if OF_USERS.contains(&name.as_written()) => {
                format!("of what the account has, rules see {} alone", KNOWN.join(", "))
            }
            None => "write it in the `attributes` of users".to_owned(),
        };
        let message = format!("no user has the attribute `{name}`");
        found.push(at(Code::UnknownAttribute, origin, message).help(help));
    }
}

/// A condition on a value that nobody has holds for nobody; one that is nearly somebody's is misspelt.
pub(super) fn values_of_rules_are_had(facts: &Facts<'_>, found: &mut Diagnostics) {
    let mut asked = Vec::new();
    for rule in facts.declared.rules() {
        values(rule, &mut asked);
    }
    let mut had: BTreeMap<&AttributeName, BTreeMap<String, &str>> =
        asked.iter().map(|(name, ..)| (*name, BTreeMap::new())).collect();
    if had.is_empty() {
        return;
    }
    for (name, value) in facts.declared.users.iter().flat_map(|user| &user.attributes) {
        if let Some(values) = had.get_mut(name) {
            values.entry(fold(&tidy(&value.value)).into_owned()).or_insert(&value.value);
        }
    }
    for (name, texts, origin) in asked {
        let Some(had) = had.get(name).filter(|had| !had.is_empty()) else { continue };
        let is_had = |text: &&Folded| had.contains_key(text.key());
        let nobody = !texts.iter().any(|text| is_had(&text));
        let others = || {
            let named = |value: &&str| texts.iter().any(|text| text.key() == &*fold(&tidy(value)));
            had.values().copied().filter(move |value| !named(value))
        };
        for text in texts.iter().filter(|text| !is_had(text)) {
            let message = format!("no user has the {name} `{}`", text.as_written());
            let problem = at(Code::UnmatchedValue, origin, message);
            // Every two letters are near one another.
            let near = (text.as_written().chars().count() > 2)
                .then(|| nearest(text.as_written(), others()))
                .flatten();
            match near {
                Some(near) => found.push(problem.help(format!("did you mean `{near}`?"))),
                None if nobody => {
                    let shown: Vec<String> = others().take(SHOWN).map(|value| format!("`{value}`")).collect();
                    found.push(problem.help(format!("users have {}", shown.join(", "))));
                }
                None => {}
            }
        }
    }
}

fn values<'a>(rule: &'a Located<Rule>, asked: &mut Vec<(&'a AttributeName, &'a [Folded], Origin)>) {
    match &rule.value {
        Rule::All(rules) | Rule::Any(rules) => rules.iter().for_each(|rule| values(rule, asked)),
        Rule::Not(rule) => values(rule, asked),
        Rule::Is { subject: Subject::Attribute(name), test: Test::In(texts) } => {
            asked.push((name, texts, rule.origin));
        }
        Rule::Is { .. } => {}
    }
}

/// What a rule compares with a date is one, on every user who has it.
pub(super) fn compared_with_dates_are_dates(facts: &Facts<'_>, found: &mut Diagnostics) {
    let mut dated = BTreeMap::new();
    for rule in facts.declared.rules() {
        dates(rule, &mut dated);
    }
    if dated.is_empty() {
        return;
    }
    for (name, it) in facts.declared.users.iter().flat_map(|user| &user.attributes) {
        if let Some(&rule) = dated.get(name).filter(|_| day(&it.value).is_none()) {
            let message = format!("`{}` is not a date, and a rule compares `{name}` with one", it.value);
            let problem = at(Code::InvalidValue, it.origin, message);
            let help = "write year, month and day: 2026-05-02";
            found.push(problem.related(span(rule), "compared here").help(help));
        }
    }
}

fn dates<'a>(rule: &'a Located<Rule>, dated: &mut BTreeMap<&'a AttributeName, Origin>) {
    match &rule.value {
        Rule::All(rules) | Rule::Any(rules) => rules.iter().for_each(|rule| dates(rule, dated)),
        Rule::Not(rule) => dates(rule, dated),
        Rule::Is { subject: Subject::Attribute(name), test: Test::Before(_) | Test::After(_) } => {
            dated.entry(name).or_insert(rule.origin);
        }
        Rule::Is { .. } => {}
    }
}

fn attributes<'a>(rule: &'a Located<Rule>, asked: &mut Vec<(&'a AttributeName, Origin)>) {
    match &rule.value {
        Rule::All(rules) | Rule::Any(rules) => rules.iter().for_each(|rule| attributes(rule, asked)),
        Rule::Not(rule) => attributes(rule, asked),
        Rule::Is { subject: Subject::Attribute(name), .. } => asked.push((name, rule.origin)),
        Rule::Is { .. } => {}
    }
}
