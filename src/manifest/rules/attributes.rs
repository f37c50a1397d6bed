//! What a rule asks for, some user has.

use std::collections::BTreeSet;

use crate::diag::{Code, Diagnostic, nearest};
use crate::manifest::rules::{Facts, at};
use crate::model::{AttributeName, Origin, Rule, Said, Subject};

/// A condition on an attribute that nobody has holds for nobody. HR exports may bring attributes, so with them all is open.
pub(super) fn of_rules_are_declared(facts: &Facts<'_>, found: &mut Vec<Diagnostic>) {
    let mut asked = Vec::new();
    for automatic in facts.declared.groups.iter().filter_map(|group| group.automatic.as_ref()) {
        attributes(&automatic.rule, &mut asked);
    }
    if asked.is_empty() || !facts.declared.hr_sources.is_empty() {
        return;
    }
    let users = &facts.declared.users;
    let declared: BTreeSet<&AttributeName> =
        users.iter().flat_map(|user| user.attributes.iter().map(|(name, _)| name)).collect();
    for (name, origin) in asked {
        if declared.contains(name) {
            continue;
        }
        let help = match nearest(name.said(), declared.iter().map(|name| name.said())) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "write it in the `attributes` of users".to_owned(),
        };
        let message = format!("no user has the attribute `{name}`");
        found.push(at(Code::UnknownAttribute, origin, message).help(help));
    }
}

fn attributes<'a>(rule: &'a Said<Rule>, asked: &mut Vec<(&'a AttributeName, Origin)>) {
    match &rule.value {
        Rule::All(rules) | Rule::Any(rules) => rules.iter().for_each(|rule| attributes(rule, asked)),
        Rule::Not(rule) => attributes(rule, asked),
        Rule::Is { subject: Subject::Attribute(name), .. } => asked.push((name, rule.origin)),
        Rule::Is { .. } => {}
    }
}
