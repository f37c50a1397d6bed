//! Who matches the rules of automatic groups? All rules over all declared users at once: a rule is a set, and `all`, `any` and
//! `not` are what sets do.
//!
//! Attributes stand in manifests, so a rule looks at declared users only. A condition on an attribute that a user lacks does
//! not hold, nor does one on an identifier that the keys do not show; where that decides, the user is reported.

mod columns;
pub(in crate::plan) mod looked;
mod set;
pub(in crate::plan) mod why;

use rayon::prelude::*;

use crate::model::{Origin, Piece, Rule, Said, Subject, Test, Topic};
use crate::phrase;
use crate::plan::draft::Draft;
use crate::plan::groups::automatic::columns::{Column, Columns};
use crate::plan::groups::automatic::looked::{Looked, topic};
use crate::plan::groups::automatic::set::Set;
use crate::plan::groups::members::is_staying;
use crate::plan::people::{People, Person};

/// How many groups a sentence names before it counts the rest.
const NAMED: usize = 3;

/// The users who match each rule, by position in `Desired::groups`.
pub(in crate::plan) struct Matches {
    persons: Vec<Vec<Person>>,
}

impl Matches {
    /// Those who match the rule of the group at a position, sorted; nobody if it has none.
    pub(in crate::plan) fn of(&self, at: usize) -> &[Person] {
        &self.persons[at]
    }
}

/// Looks for the users who match each rule, and reports those who lack an attribute that would decide.
pub(in crate::plan) fn matches(people: &People<'_>, draft: &mut Draft) -> Matches {
    let groups = &people.desired.groups;
    let mut asked: Vec<Asked<'_>> = Vec::new();
    let mut by_name: Vec<usize> = (0..groups.len()).collect();
    by_name.sort_unstable_by_key(|at| groups[*at].name.value.key());
    for at in by_name {
        if let Some(automatic) = &groups[at].automatic {
            subjects(&automatic.rule, at, &mut asked);
        }
    }
    if asked.is_empty() {
        return Matches { persons: vec![Vec::new(); groups.len()] };
    }
    let users = &people.desired.users;
    let looked: Vec<Looked<'_>> = (0..).zip(users).map(|(at, _)| Looked::of(people, at)).collect();
    let columns = Columns::new(asked.iter().map(|asked| asked.subject).collect(), &looked);
    let mut there = Set::none(users.len());
    for (at, _) in (0..).zip(users) {
        if people.person(at).is_some_and(|person| is_staying(people, person)) {
            there.insert(at);
        }
    }
    let found = groups.par_iter().map(|group| {
        let Some(automatic) = &group.automatic else { return (Vec::new(), None) };
        let answer = answer(&automatic.rule.value, &columns, users.len());
        let mut persons: Vec<Person> =
            answer.holds.and(&there).iter().filter_map(|at| people.person(at)).collect();
        persons.sort_unstable();
        (persons, Some(answer.maybe.and(&answer.surely.not()).and(&there)))
    });
    let (persons, open): (Vec<_>, Vec<Option<Set>>) = found.unzip();
    for asked in &asked {
        report(people, &columns, asked, &open, draft);
    }
    Matches { persons }
}

/// A subject, and which groups ask for it.
struct Asked<'a> {
    subject: &'a Subject,
    /// Where the first of them does.
    origin: Origin,
    /// Positions in `Desired::groups`; those that ask for its presence only are not among them.
    groups: Vec<usize>,
}

fn subjects<'a>(rule: &'a Said<Rule>, group: usize, asked: &mut Vec<Asked<'a>>) {
    match &rule.value {
        Rule::All(rules) | Rule::Any(rules) => rules.iter().for_each(|rule| subjects(rule, group, asked)),
        Rule::Not(rule) => subjects(rule, group, asked),
        Rule::Is { subject, test } => {
            let at = asked.iter().position(|asked| asked.subject == subject).unwrap_or_else(|| {
                asked.push(Asked { subject, origin: Origin::NONE, groups: Vec::new() });
                asked.len() - 1
            });
            let asked = &mut asked[at];
            if !matches!(test, Test::Exists(_)) && asked.groups.last() != Some(&group) {
                asked.origin = asked.origin.min(rule.origin);
                asked.groups.push(group);
            }
        }
    }
}

/// What a rule comes to.
struct Answer {
    /// Those for whom it holds, an attribute that is not there being no match.
    holds: Set,
    /// Those for whom it would hold whatever the attributes were that they lack.
    surely: Set,
    /// Those for whom it could hold if they had them.
    maybe: Set,
}

fn answer(rule: &Rule, columns: &Columns<'_>, users: usize) -> Answer {
    let several = |rules: &[Said<Rule>], start: fn(usize) -> Set, join: fn(Set, &Set) -> Set| {
        let start = Answer { holds: start(users), surely: start(users), maybe: start(users) };
        rules.iter().map(|rule| answer(&rule.value, columns, users)).fold(start, |all, one| Answer {
            holds: join(all.holds, &one.holds),
            surely: join(all.surely, &one.surely),
            maybe: join(all.maybe, &one.maybe),
        })
    };
    match rule {
        Rule::All(rules) => several(rules, Set::all, Set::and),
        Rule::Any(rules) => several(rules, Set::none, Set::or),
        Rule::Not(rule) => {
            let Answer { holds, surely, maybe } = answer(&rule.value, columns, users);
            Answer { holds: holds.not(), surely: maybe.not(), maybe: surely.not() }
        }
        Rule::Is { subject, test } => {
            let column = columns.of(subject);
            let holds = column.map_or_else(|| Set::none(users), |column| column.passing(subject, test));
            let open = match test {
                Test::Exists(_) => None,
                _ => column.map(|column| lacking(subject, column)),
            };
            let maybe = open.map_or_else(|| holds.clone(), |open| open.or(&holds));
            Answer { surely: holds.clone(), holds, maybe }
        }
    }
}

/// Everybody who lacks an attribute, or may have more identifiers than are shown.
fn lacking(subject: &Subject, column: &Column<'_>) -> Set {
    match subject {
        Subject::Attribute(_) => column.present.clone().not(),
        _ => column.unseen.clone(),
    }
}

/// Users without an attribute or with an identifier that is not shown, where having it could make them enter or leave.
fn report(
    people: &People<'_>,
    columns: &Columns<'_>,
    asked: &Asked<'_>,
    open: &[Option<Set>],
    draft: &mut Draft,
) {
    let Some(column) = columns.of(asked.subject) else { return };
    let lacking = lacking(asked.subject, column);
    let mut users = Set::none(lacking.size());
    let mut groups = Vec::new();
    for at in &asked.groups {
        let of_rule = open[*at].as_ref().map(|open| open.clone().and(&lacking));
        if let Some(of_rule) = of_rule.filter(|of_rule| !of_rule.is_empty()) {
            users = users.or(&of_rule);
            groups.push(Piece::plain(&people.desired.groups[*at].name.value));
        }
    }
    if groups.is_empty() {
        return;
    }
    let mut persons: Vec<Person> = users.iter().filter_map(|at| people.person(at)).collect();
    persons.sort_unstable();
    let about: Vec<Piece> = persons.into_iter().map(|person| people.label(person).into()).collect();
    let (user, have) = if about.len() == 1 { ("user", "has") } else { ("users", "have") };
    let lack = match (asked.subject, topic(asked.subject)) {
        (Subject::Attribute(name), _) => format!("{have} no `{name}`"),
        (_, topic) => {
            format!("may have {} that these keys do not show", topic.map_or("values", Topic::subject))
        }
    };
    let more = groups.len().saturating_sub(NAMED);
    let message = phrase![format!("{} {user} {lack}, which `match` of ", about.len())]
        .list(groups.into_iter().take(NAMED));
    let message = if more > 0 { message.then(format!(" and {more} more")) } else { message };
    draft.notice_about(asked.origin, message.then(" asks for"), about);
}
