//! Why does a user match a rule, or not? In words, and with the place of the value that decides.

use std::borrow::Cow;

use crate::model::{Below, Folded, Located, Origin, Phrase, Piece, Presence, Rule, Subject, Test};
use crate::plan::membership::automatic::candidate::Candidate;
use crate::plan::membership::automatic::columns::holds_as_said;

/// How many texts or reasons a sentence names.
const NAMED: usize = 3;

/// A reason, and the place of the value that it is about.
pub(in crate::plan) struct Reason {
    pub(in crate::plan) words: Phrase,
    pub(in crate::plan) origin: Origin,
}

/// One condition as a part of a reason: what there is, and what was wanted of it if it is not that.
struct Condition {
    words: Phrase,
    wanted: Vec<String>,
    origin: Origin,
}

impl Condition {
    /// The whole of it, in words.
    fn said(self) -> Phrase {
        let more = if self.wanted.len() > NAMED { ", …" } else { "" };
        let named = &self.wanted[..self.wanted.len().min(NAMED)];
        match named {
            [] => self.words,
            [before @ .., last] if !before.is_empty() && more.is_empty() => {
                self.words.then(format!("{} or {last}", before.join(", ")))
            }
            named => self.words.then(named.join(", ") + more),
        }
    }
}

/// What a rule comes to for a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plan) enum Truth {
    /// It holds.
    Holds,
    /// It does not.
    Fails,
    /// That hangs on what nothing says of a user whom no manifest mentions.
    Unknown,
}

impl Truth {
    /// What it is not to be so.
    fn turned(self) -> Self {
        match self {
            Self::Holds => Self::Fails,
            Self::Fails => Self::Holds,
            Self::Unknown => Self::Unknown,
        }
    }
}

/// What a rule comes to for a user. Of a declared user an attribute that is lacking is no match; of one whom no manifest mentions
/// it is unknown, as is an identifier that the keys don't show.
pub(in crate::plan) fn truth(rule: &Rule, user: Candidate<'_>) -> Truth {
    match rule {
        Rule::All(rules) => joined(rules, user, Truth::Fails),
        Rule::Any(rules) => joined(rules, user, Truth::Holds),
        Rule::Not(rule) => truth(&rule.value, user).turned(),
        Rule::Is { subject, test } => {
            let undeclared = user.entry.is_none();
            let is_open = undeclared || subject.is_of_platform();
            let unknown = user.is_unsaid(subject) || is_open && user.may_have_more(subject);
            match passing(subject, test, user) {
                Passing::Value(..) => Truth::Holds,
                Passing::Absence if !unknown => Truth::Holds,
                Passing::Nothing if !unknown || is_settled(subject, test, user) => Truth::Fails,
                Passing::Absence | Passing::Nothing => Truth::Unknown,
            }
        }
    }
}

/// Several conditions: one that comes to `decisive` decides.
fn joined(rules: &[Located<Rule>], user: Candidate<'_>, decisive: Truth) -> Truth {
    let mut all = decisive.turned();
    for rule in rules {
        match truth(&rule.value, user) {
            one if one == decisive => return decisive,
            Truth::Unknown => all = Truth::Unknown,
            _ => {}
        }
    }
    all
}

/// Whether a test fails whatever else the user may have: absence, where something is there.
fn is_settled(subject: &Subject, test: &Test, user: Candidate<'_>) -> bool {
    let mut any = false;
    user.each(subject, |_, _| any = true);
    any && *test == Test::Exists(Presence::Absent)
}

/// Whether a rule holds for a user.
pub(in crate::plan) fn holds(rule: &Rule, user: Candidate<'_>) -> bool {
    truth(rule, user) == Truth::Holds
}

/// What passes a test.
enum Passing<'u> {
    /// This value, said here.
    Value(Cow<'u, str>, Origin),
    /// That there is none.
    Absence,
    /// Nothing.
    Nothing,
}

fn passing<'u>(subject: &Subject, test: &Test, user: Candidate<'u>) -> Passing<'u> {
    let (mut passing, mut any) = (Passing::Nothing, false);
    user.each(subject, |value, origin| {
        any = true;
        if matches!(passing, Passing::Nothing) && holds_as_said(subject, &value, test) {
            passing = Passing::Value(value, origin);
        }
    });
    if !any && *test == Test::Exists(Presence::Absent) { Passing::Absence } else { passing }
}

/// Why a rule is as it is for a user: the conditions that decide, in its order.
pub(in crate::plan) fn reason(rule: &Rule, user: Candidate<'_>) -> Reason {
    let mut all = Vec::new();
    collect(rule, user, &mut all);
    let mut conditions: Vec<Condition> = Vec::new();
    for condition in all {
        // Two conditions may look at one value, which is said once with all that was wanted of it.
        match conditions.iter_mut().find(|said| said.words == condition.words) {
            Some(said) => {
                let new = condition.wanted.into_iter().filter(|it| !said.wanted.contains(it));
                said.wanted.extend(new.collect::<Vec<_>>());
            }
            None => conditions.push(condition),
        }
    }
    let origin = conditions.iter().map(|condition| condition.origin).find(|origin| *origin != Origin::NONE);
    let is_cut = conditions.len() > NAMED;
    // What says both what there is and what was wanted has a comma in it.
    let between = if conditions.iter().any(|it| !it.wanted.is_empty()) { "; " } else { ", " };
    let mut words = Phrase::default();
    for (at, condition) in conditions.into_iter().take(NAMED).enumerate() {
        if at > 0 {
            words = words.then(between);
        }
        words.0.extend(condition.said().0);
    }
    if is_cut {
        words = words.then(between).then("…");
    }
    Reason { words, origin: origin.unwrap_or(user.origin()) }
}

fn collect(rule: &Rule, user: Candidate<'_>, conditions: &mut Vec<Condition>) {
    let here = truth(rule, user);
    match rule {
        // What holds only together is explained by all of it, and what fails by the first that does; `any` is the reverse.
        Rule::All(rules) | Rule::Any(rules) => {
            let decisive = if matches!(rule, Rule::Any(_)) { Truth::Holds } else { Truth::Fails };
            let one_decides = here == decisive;
            let deciding = rules.iter().filter(|rule| truth(&rule.value, user) == here);
            let most = if one_decides { 1 } else { rules.len() };
            deciding.take(most).for_each(|rule| collect(&rule.value, user, conditions));
        }
        Rule::Not(rule) => collect(&rule.value, user, conditions),
        Rule::Is { subject, test } => conditions.push(condition(subject, test, user)),
    }
}

/// One condition: the value that passes, or what there is instead.
fn condition(subject: &Subject, test: &Test, user: Candidate<'_>) -> Condition {
    if let Subject::Branch(code, below) = subject {
        return of_branch((code, *below), subject, user);
    }
    let name = word(subject);
    let is = |value: &str| Phrase(vec![format!("{name} is ").into(), Piece::personal(&value)]);
    match passing(subject, test, user) {
        Passing::Absence if !user.is_unsaid(subject) => return nothing(&name),
        Passing::Absence | Passing::Nothing => {}
        Passing::Value(value, origin) => return met(is(&value), origin),
    }
    let mut there = Vec::new();
    user.each(subject, |value, origin| there.push((value, origin)));
    if user.is_unsaid(subject) {
        return unsaid(format!("nothing says their {name}"));
    }
    if subject.is_of_platform() && there.is_empty() && user.may_have_more(subject) {
        return unsaid(format!("the account does not say their {name}"));
    }
    if let (Subject::Course(code), []) = (subject, there.as_slice()) {
        return unsaid(format!("not in course {code}"));
    }
    if user.entry.is_none() && user.may_have_more(subject) && !is_settled(subject, test, user) {
        return unsaid(format!("these keys do not show every {name} of theirs"));
    }
    match (there.as_slice(), test) {
        ([], _) => nothing(&name),
        ([(value, origin), ..], Test::Exists(_)) => met(is(value), *origin),
        ([(value, origin)], _) => {
            Condition { words: is(value).then(", not "), wanted: vec![wanted(test)], origin: *origin }
        }
        ([(_, origin), ..], _) => {
            let words = Phrase(vec![format!("no {name} is ").into()]);
            Condition { words, wanted: vec![wanted(test)], origin: *origin }
        }
    }
}

/// Whether somebody is in a branch.
fn of_branch((code, below): (&Folded, Below), subject: &Subject, user: Candidate<'_>) -> Condition {
    let mut is_in = false;
    user.each(subject, |_, _| is_in = true);
    let below = if below == Below::Counted { " or below it" } else { "" };
    if !is_in && user.may_have_more(subject) {
        return unsaid(format!("nothing says whether they are in branch {code}"));
    }
    unsaid(format!("{}in branch {code}{below}", if is_in { "" } else { "not " }))
}

/// What is there, and needs no more words.
fn met(words: Phrase, origin: Origin) -> Condition {
    Condition { words, wanted: Vec::new(), origin }
}

fn nothing(name: &str) -> Condition {
    unsaid(format!("has no {name}"))
}

/// What no value says.
fn unsaid(words: String) -> Condition {
    met(Phrase(vec![words.into()]), Origin::NONE)
}

fn word(subject: &Subject) -> String {
    match subject {
        Subject::Attribute(name) => name.as_written().to_owned(),
        Subject::Email => "email".to_owned(),
        Subject::Upn => "UPN".to_owned(),
        Subject::EmployeeId => "employee ID".to_owned(),
        Subject::DeviceLogin => "device login".to_owned(),
        Subject::DisplayName => "display name".to_owned(),
        Subject::Address => "email address".to_owned(),
        Subject::Field(label) => label.as_written().to_owned(),
        Subject::Branch(code, _) => format!("branch {code}"),
        Subject::Course(code) => format!("course {code}"),
    }
}

/// What a test asks for.
fn wanted(test: &Test) -> String {
    match test {
        Test::In(texts) => {
            let more = if texts.len() > NAMED { ", …" } else { "" };
            let texts: Vec<&str> = texts.iter().take(NAMED).map(Folded::as_written).collect();
            let one_of = if texts.len() > 1 { "one of " } else { "" };
            format!("{one_of}{}{more}", texts.join(", "))
        }
        Test::Contains(part) => format!("…{part}…"),
        Test::Prefix(part) => format!("{part}…"),
        Test::Suffix(part) => format!("…{part}"),
        Test::Before(day) => format!("before {day}"),
        Test::After(day) => format!("after {day}"),
        Test::Exists(_) => "there".to_owned(),
    }
}
