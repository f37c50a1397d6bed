//! What does a yes to a plan say yes to, in numbers?

use crate::model::{
    Act, Activation, Change, Delta, Fact, Field, GroupSource, Object, Severity, Tracking, Verb,
};
use crate::plan::Plan;
use crate::render::count::counted;

/// What can't be undone and what can, a part each: `2 irreversible: remove 1 user with 2 agents, …`.
pub fn asked(plan: &Plan) -> Vec<String> {
    let (lost, rest): (Vec<&Change>, Vec<&Change>) =
        plan.changes.iter().partition(|change| change.severity == Severity::Irreversible);
    let lines = [
        (format!("{} irreversible", lost.len()), irreversible(plan, &lost), lost.len()),
        (counted(rest.len(), "change", "changes"), changes(plan, &rest), rest.len()),
    ];
    lines
        .into_iter()
        .filter(|(.., count)| *count > 0)
        .map(|(head, kinds, _)| if kinds.is_empty() { head } else { format!("{head}: {}", kinds.join(", ")) })
        .collect()
}

fn irreversible(plan: &Plan, lost: &[&Change]) -> Vec<String> {
    let removed = plan.steps().filter_map(|step| match &step.act {
        Act::RemoveUser { seen, .. } => Some(seen.agents()),
        _ => None,
    });
    let removed: Vec<usize> = removed.collect();
    let agents: usize = removed.iter().sum();
    let with =
        if agents == 0 { String::new() } else { format!(" with {}", counted(agents, "agent", "agents")) };
    let goes = |change: &Change| change.verb == Verb::Delete && matches!(change.object, Object::User(_));
    let erased = lost.iter().filter(|change| !goes(change)).flat_map(|change| &change.facts);
    let erased = erased.filter(|fact| fact.field == Field::History).count();
    let groups = |source: &dyn Fn(&GroupSource) -> bool, deleted: bool| {
        let is_it = |change: &&&Change| match &change.object {
            Object::Group { source: of, .. } => source(of) && (change.verb == Verb::Delete) == deleted,
            Object::User(_) | Object::Exclusion { .. } => false,
        };
        lost.iter().filter(is_it).count()
    };
    let hr = |source: &GroupSource| *source == GroupSource::Hr;
    let other = |source: &GroupSource| *source != GroupSource::Hr;
    let kinds = [
        (removed.len(), format!("remove {}{with}", counted(removed.len(), "user", "users"))),
        (erased, format!("erase the history of {}", counted(erased, "user", "users"))),
        delete(groups(&other, true), "group", "groups"),
        delete(groups(&hr, true), "HR group", "HR groups"),
        {
            let made = groups(&|_| true, false);
            (made, format!("delete and make anew {}", counted(made, "group", "groups")))
        },
    ];
    some(kinds)
}

fn delete(count: usize, one: &str, many: &str) -> (usize, String) {
    (count, format!("delete {}", counted(count, one, many)))
}

/// What there is of each kind among what can be undone.
fn changes(plan: &Plan, rest: &[&Change]) -> Vec<String> {
    let rules = |verb| {
        let is_it =
            |change: &&&Change| matches!(change.object, Object::Exclusion { .. }) && change.verb == verb;
        rest.iter().filter(is_it).count()
    };
    let (added, removed) = (rules(Verb::Create), rules(Verb::Delete));
    let rules = [
        (added, format!("add {}", counted(added, "exclusion", "exclusions"))),
        (removed, format!("remove {}", counted(removed, "exclusion", "exclusions"))),
    ];
    let kinds = of_users(plan, rest).into_iter().chain(of_groups(rest)).chain(rules);
    some(kinds)
}

fn of_users(plan: &Plan, rest: &[&Change]) -> [(usize, String); 9] {
    let count = |is_it: &dyn Fn(&Change) -> bool| {
        rest.iter().filter(|change| matches!(change.object, Object::User(_)) && is_it(change)).count()
    };
    let any = |is_it: &dyn Fn(&Fact) -> bool| count(&|change| change.facts.iter().any(is_it));
    let updated = |is_it: &dyn Fn(&Fact) -> bool| {
        count(&|change| change.verb == Verb::Update && change.facts.iter().any(is_it))
    };
    let turned = |to| any(&|fact| fact.turned_tracking() == Some(to));
    let status = |to| any(&|fact| fact.turned_status() == Some(to));
    let moved = plan.steps().filter(|step| matches!(step.act, Act::MoveAgent { .. })).count();
    let created = count(&|change| change.verb == Verb::Create);
    let chosen = any(&|fact| fact.field == Field::PrimaryGroup);
    let word = |word: &str, count: usize| (count, format!("{word} {count}"));
    [
        word("untrack", turned(Tracking::Untracked)),
        word("track", turned(Tracking::Tracked)),
        word("deactivate", status(Activation::Deactivated)),
        word("activate", status(Activation::Active)),
        word("rename", updated(&|fact| fact.field == Field::Name)),
        word("change identifiers of", updated(&|fact| is_identifier(fact.field))),
        (moved, format!("move {}", counted(moved, "agent", "agents"))),
        (created, format!("create {}", counted(created, "user", "users"))),
        (chosen, format!("choose {}", counted(chosen, "primary group", "primary groups"))),
    ]
}

fn of_groups(rest: &[&Change]) -> [(usize, String); 8] {
    let groups = || rest.iter().filter(|change| matches!(change.object, Object::Group { .. }));
    let facts = |is_it: &dyn Fn(&Fact) -> bool| {
        groups().flat_map(|change| &change.facts).filter(|fact| is_it(fact)).count()
    };
    let created = groups().filter(|change| change.verb == Verb::Create).count();
    let named = |change: &&&Change| {
        change.verb == Verb::Update && change.facts.iter().any(|fact| fact.field == Field::Name)
    };
    let renamed = groups().filter(named).count();
    let is_ruled = |change: &&&Change| {
        change.verb == Verb::Update && change.facts.iter().any(|fact| fact.field == Field::Conditions)
    };
    let ruled = groups().filter(is_ruled).count();
    let came = |field| facts(&|fact| fact.field == field && matches!(fact.delta, Delta::Add(_)));
    let went = |field| facts(&|fact| fact.field == field && matches!(fact.delta, Delta::Remove(_)));
    let (joined, left) = (came(Field::Member), went(Field::Member));
    let (enter, leave) = (came(Field::PredictedMember), went(Field::PredictedMember));
    let computers = facts(&|fact| fact.field == Field::Computer);
    [
        (created, format!("create {}", counted(created, "group", "groups"))),
        (renamed, format!("rename {}", counted(renamed, "group", "groups"))),
        (ruled, format!("change the conditions of {}", counted(ruled, "group", "groups"))),
        (left, format!("{left} out of groups")),
        (joined, format!("{joined} into groups")),
        (leave, format!("{leave} predicted out of groups")),
        (enter, format!("{enter} predicted into groups")),
        (computers, format!("{} in or out of groups", counted(computers, "computer", "computers"))),
    ]
}

const fn is_identifier(field: Field) -> bool {
    matches!(field, Field::Upn | Field::Email | Field::EmployeeId | Field::DeviceLogin)
}

fn some(kinds: impl IntoIterator<Item = (usize, String)>) -> Vec<String> {
    kinds.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words).collect()
}
