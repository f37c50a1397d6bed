//! Who matches the rules of automatic groups? All rules over everybody at once: a rule is a set, and `all`, `any` and `not` are
//! what sets do.
//!
//! Attributes stand in manifests, identifiers in the account too: a rule over these sees every user of the account, declared or
//! not. A condition on an attribute that a declared user lacks does not hold, nor does one on an identifier that the keys do not
//! show; where that decides, the user is reported. Of a user whom no manifest mentions attributes are unknown, and what hangs on
//! them neither holds nor fails.

pub(in crate::plan) mod candidate;
mod candidates;
mod columns;
mod set;
pub(in crate::plan) mod why;

use rayon::prelude::*;

use crate::model::{Located, Origin, Piece, Presence, Rule, Subject, Test, Topic};
use crate::phrase;
use crate::plan::findings::Findings;
use crate::plan::membership::automatic::candidate::detail;
use crate::plan::membership::automatic::candidates::{Candidates, Reaching};
use crate::plan::membership::automatic::columns::{Column, Columns};
use crate::plan::membership::automatic::set::Set;
use crate::plan::people::People;
use crate::plan::person::Person;

/// How many rules a sentence names before it counts the rest.
const NAMED: usize = 3;

/// What each rule comes to, by position in `Desired::groups`.
pub(in crate::plan) struct Matches {
    matching: Vec<Matching>,
}

impl Matches {
    /// What the rule of the group at a position comes to; nobody matches if it has none.
    pub(in crate::plan) fn of(&self, at: usize) -> &Matching {
        &self.matching[at]
    }
}

/// What one rule comes to.
#[derive(Debug, Default)]
pub(in crate::plan) struct Matching {
    /// Those who match, sorted.
    pub(in crate::plan) persons: Vec<Person>,
    /// Of a rule over identifiers and attributes together: users whom no manifest mentions, and whom attributes would decide;
    /// sorted.
    pub(in crate::plan) unseen: Vec<Person>,
    /// Those of whom the account does not say what the rule looks at, where that decides; sorted. They stay where they are.
    pub(in crate::plan) unsaid: Vec<Person>,
    /// How many declared users may match of whom it is not known who they are.
    pub(in crate::plan) doubtful: usize,
    /// Positions in `Desired::users` of rows that match nobody, and whose user may match the rule.
    pub(in crate::plan) unmatched: Vec<u32>,
}

impl Matching {
    /// Whether the rule holds for nobody, and nobody is in question; `open` are those whom what they lack would decide.
    fn is_of_nobody(&self, open: Option<&Set>) -> bool {
        let settled = self.unseen.is_empty()
            && self.unsaid.is_empty()
            && self.unmatched.is_empty()
            && self.doubtful == 0;
        self.persons.is_empty() && settled && open.is_none_or(Set::is_empty)
    }
}

/// A rule that is looked for, and what it is called.
pub(in crate::plan) struct Sought<'a> {
    /// The rule.
    pub(in crate::plan) rule: &'a Located<Rule>,
    /// What has it.
    pub(in crate::plan) name: Piece,
    /// By what it is sorted among others, so that nothing depends on the order of files.
    pub(in crate::plan) key: &'a str,
}

/// Looks for the users who match the rule of each group, and reports those who lack an attribute that would decide.
pub(in crate::plan) fn matches(people: &People<'_>, findings: &mut Findings) -> Matches {
    let sought = people.desired.groups.iter().map(|group| {
        let (rule, name) = (group.rule()?, &group.name.value);
        Some(Sought { rule, name: Piece::plain(name), key: name.key() })
    });
    Matches { matching: seek(people, &sought.collect::<Vec<_>>(), findings) }
}

/// Whether the account has a place for all that a rule looks at: what is not seen of anybody may hold for somebody.
pub(in crate::plan) fn is_seen(people: &People<'_>, rule: &Located<Rule>) -> bool {
    let mut is_seen = true;
    let reach = &people.observed.reach;
    let absent = |subject: &Subject| subject.topic().is_some_and(|topic| reach.absent(topic).is_some());
    rule.value.subjects(&mut |subject| is_seen &= !(subject.is_of_platform() && absent(subject)));
    is_seen
}

/// What each rule comes to, by its position, with those who lack an attribute that would decide reported.
pub(in crate::plan) fn seek(
    people: &People<'_>,
    sought: &[Option<Sought<'_>>],
    findings: &mut Findings,
) -> Vec<Matching> {
    let mut asked: Vec<Asked<'_>> = Vec::new();
    let mut by_name: Vec<(usize, &Sought<'_>)> =
        sought.iter().enumerate().filter_map(|(at, it)| Some((at, it.as_ref()?))).collect();
    by_name.sort_by_key(|(_, it)| it.key);
    for (at, it) in by_name {
        subjects(it.rule, at, &mut asked);
    }
    if asked.is_empty() {
        return sought.iter().map(|_| Matching::default()).collect();
    }
    let is_known = |asked: &Asked<'_>| !matches!(asked.subject, Subject::Attribute(_));
    let reaching = if asked.iter().any(is_known) { Reaching::Everybody } else { Reaching::Declared };
    let crowd = Candidates::new(people, reaching);
    let columns = Columns::new(asked.iter().map(|asked| asked.subject).collect(), &crowd.looked);
    let found = sought.par_iter().map(|it| match it {
        Some(it) => matching(&it.rule.value, &columns, &crowd),
        None => (Matching::default(), None),
    });
    let (matching, open): (Vec<Matching>, Vec<Option<Set>>) = found.unzip();
    for (it, (matching, open)) in sought.iter().zip(matching.iter().zip(&open)) {
        let is_of_nobody =
            |it: &&Sought<'_>| matching.is_of_nobody(open.as_ref()) && is_seen(people, it.rule);
        if let Some(it) = it.as_ref().filter(is_of_nobody) {
            let key = format!("`{}` of ", key_of(&it.rule.value));
            findings.notice(it.rule.origin, phrase![key, it.name.clone(), " holds for nobody"]);
        }
    }
    for (it, matching) in sought.iter().zip(&matching) {
        if let Some(it) = it.as_ref().filter(|_| !matching.unsaid.is_empty()) {
            left_alone(people, it, matching, findings);
        }
    }
    for asked in asked.iter().filter(|asked| !asked.subject.is_of_platform()) {
        report((people, &crowd), (&columns, sought), asked, &open, findings);
    }
    matching
}

/// Says who neither enters nor leaves because the account does not say what a rule looks at. Where it is not known what that is, the
/// plan is blocked for it.
fn left_alone(people: &People<'_>, it: &Sought<'_>, matching: &Matching, findings: &mut Findings) {
    let mut is_known = true;
    it.rule.value.subjects(&mut |subject| {
        is_known &= !subject.is_of_platform() || detail(&people.observed.details, subject).is_some();
    });
    if !is_known {
        return;
    }
    let (user, stay) = if matching.unsaid.len() == 1 { ("user", "stays") } else { ("users", "stay") };
    let message = phrase![
        format!("{} {user} {stay} where they are, in ", matching.unsaid.len()),
        it.name.clone(),
        format!(" or not: the account does not say what `{}` looks at", key_of(&it.rule.value))
    ];
    let about = matching.unsaid.iter().map(|person| people.label(*person).into()).collect();
    findings.notice_about(it.rule.origin, message, about);
}

/// The key of an entry that says a rule.
fn key_of(rule: &Rule) -> &'static str {
    let mut all_branches = true;
    rule.subjects(&mut |subject| all_branches &= matches!(subject, Subject::Branch(..)));
    if all_branches { "branch" } else { "match" }
}

/// What a rule comes to, and the declared users whom what they lack would decide.
fn matching(rule: &Rule, columns: &Columns<'_>, crowd: &Candidates<'_>) -> (Matching, Option<Set>) {
    let Answer { holds, surely, maybe } = answer(rule, columns, crowd);
    let declared = crowd.undeclared.clone().not();
    let open = maybe.clone().and(&surely.clone().not()).and(&crowd.there);
    let mut unsaid = Set::none(crowd.size());
    rule.subjects(&mut |subject| {
        if let Some(column) = columns.of(subject).filter(|_| subject.is_of_platform()) {
            unsaid = unsaid.clone().or(&column.unseen);
        }
    });
    let unsaid = unsaid.and(&open);
    let matching =
        holds.and(&declared).and(&unsaid.clone().not()).or(&surely.and(&crowd.undeclared)).and(&crowd.there);
    let unseen = match looks_at(rule) {
        Looks { attributes: true, identifiers: true } => crowd.persons(&open.clone().and(&crowd.undeclared)),
        Looks { .. } => Vec::new(),
    };
    let matching = Matching {
        persons: crowd.persons(&matching),
        unseen,
        unsaid: crowd.persons(&unsaid),
        doubtful: maybe.clone().and(&crowd.blocked).iter().count(),
        unmatched: maybe.and(&crowd.left_out).iter().collect(),
    };
    (matching, Some(open.and(&declared)))
}

/// What kinds of things a rule looks at.
#[derive(Debug, Clone, Copy, Default)]
struct Looks {
    attributes: bool,
    identifiers: bool,
}

fn looks_at(rule: &Rule) -> Looks {
    match rule {
        Rule::All(rules) | Rule::Any(rules) => {
            rules.iter().map(|rule| looks_at(&rule.value)).fold(Looks::default(), |one, other| Looks {
                attributes: one.attributes || other.attributes,
                identifiers: one.identifiers || other.identifiers,
            })
        }
        Rule::Not(rule) => looks_at(&rule.value),
        Rule::Is { subject: Subject::Attribute(_), .. } => Looks { attributes: true, identifiers: false },
        Rule::Is { .. } => Looks { attributes: false, identifiers: true },
    }
}

/// A subject, and which rules ask for it.
struct Asked<'a> {
    subject: &'a Subject,
    /// Where the first of them does.
    origin: Origin,
    /// Positions of the rules; those that ask for its presence only are not among them.
    rules: Vec<usize>,
}

fn subjects<'a>(rule: &'a Located<Rule>, at: usize, asked: &mut Vec<Asked<'a>>) {
    match &rule.value {
        Rule::All(rules) | Rule::Any(rules) => rules.iter().for_each(|rule| subjects(rule, at, asked)),
        Rule::Not(rule) => subjects(rule, at, asked),
        Rule::Is { subject, test } => {
            let place = asked.iter().position(|asked| asked.subject == subject).unwrap_or_else(|| {
                asked.push(Asked { subject, origin: Origin::NONE, rules: Vec::new() });
                asked.len() - 1
            });
            let asked = &mut asked[place];
            if !matches!(test, Test::Exists(_)) && asked.rules.last() != Some(&at) {
                asked.origin = asked.origin.min(rule.origin);
                asked.rules.push(at);
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

fn answer(rule: &Rule, columns: &Columns<'_>, crowd: &Candidates<'_>) -> Answer {
    let users = crowd.size();
    let several = |rules: &[Located<Rule>], start: fn(usize) -> Set, join: fn(Set, &Set) -> Set| {
        let start = Answer { holds: start(users), surely: start(users), maybe: start(users) };
        rules.iter().map(|rule| answer(&rule.value, columns, crowd)).fold(start, |all, one| Answer {
            holds: join(all.holds, &one.holds),
            surely: join(all.surely, &one.surely),
            maybe: join(all.maybe, &one.maybe),
        })
    };
    match rule {
        Rule::All(rules) => several(rules, Set::all, Set::and),
        Rule::Any(rules) => several(rules, Set::none, Set::or),
        Rule::Not(rule) => {
            let Answer { holds, surely, maybe } = answer(&rule.value, columns, crowd);
            Answer { holds: holds.not(), surely: maybe.not(), maybe: surely.not() }
        }
        Rule::Is { subject, test } => {
            let Some(column) = columns.of(subject) else {
                let nobody = || Set::none(users);
                return Answer { holds: nobody(), surely: nobody(), maybe: nobody() };
            };
            let holds = column.passing(subject, test);
            let lacking = lacking(subject, column);
            // Whether a declared user has a thing at all is no question that a lack leaves open.
            let open = match test {
                Test::Exists(_) if subject.is_of_platform() => lacking.and(&column.present.clone().not()),
                Test::Exists(_) => lacking.and(&crowd.undeclared).and(&column.present.clone().not()),
                _ => lacking,
            };
            let surely = match test {
                Test::Exists(Presence::Absent) => holds.clone().and(&open.clone().not()),
                _ => holds.clone(),
            };
            Answer { surely, maybe: open.or(&holds), holds }
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
    (people, crowd): (&People<'_>, &Candidates<'_>),
    (columns, sought): (&Columns<'_>, &[Option<Sought<'_>>]),
    asked: &Asked<'_>,
    open: &[Option<Set>],
    findings: &mut Findings,
) {
    let Some(column) = columns.of(asked.subject) else { return };
    let lacking = lacking(asked.subject, column);
    let mut users = Set::none(lacking.size());
    let mut names: Vec<Piece> = Vec::new();
    for at in &asked.rules {
        let of_rule = open[*at].as_ref().map(|open| open.clone().and(&lacking));
        if let Some(of_rule) = of_rule.filter(|of_rule| !of_rule.is_empty()) {
            users = users.or(&of_rule);
            names.extend(sought[*at].as_ref().map(|it| it.name.clone()));
        }
    }
    if names.is_empty() {
        return;
    }
    names.dedup();
    let about: Vec<Piece> =
        crowd.persons(&users).into_iter().map(|person| people.label(person).into()).collect();
    let (user, have) = if about.len() == 1 { ("user", "has") } else { ("users", "have") };
    let lack = match (asked.subject, asked.subject.topic()) {
        (Subject::Attribute(name), _) => format!("{have} no `{name}`"),

        (_, topic) => {
            format!("may have {} that these keys do not show", topic.map_or("values", Topic::subject))
        }
    };
    let more = names.len().saturating_sub(NAMED);
    let message = phrase![format!("{} {user} {lack}, which `match` of ", about.len())]
        .list(names.into_iter().take(NAMED));
    let message = if more > 0 { message.then(format!(" and {more} more")) } else { message };
    findings.notice_about(asked.origin, message.then(" asks for"), about);
}
