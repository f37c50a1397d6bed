//! What would somebody ask the people of a learning platform for, so that a group fills itself there? Its conditions in words, and whom
//! they would put in today.

use crate::diag::suggestions;
use crate::model::{
    Below, Description, Desired, DesiredGroup, Folded, GroupName, Located, Observed, Origin, Phrase, Piece,
    Presence, Reference, Rule, Subject, Test,
};
use crate::phrase;
use crate::plan::both_sides;
use crate::plan::context::Context;
use crate::plan::membership::automatic::candidate::Candidate;
use crate::plan::membership::automatic::{is_seen, why};
use crate::plan::people::{People, Referred};
use crate::plan::person::Person;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The group.
    pub group: GroupName,
    /// Where it is declared.
    pub origin: Origin,
    /// What it is to say of itself, if anything.
    pub description: Option<Description>,
    /// Who belongs to it.
    pub conditions: Vec<Condition>,
    /// Whom the conditions would put in today, and why; nothing where what they look at is not seen.
    pub members: Option<Vec<(Piece, Phrase)>>,
    /// Who is a member whatever the conditions say.
    pub besides: Vec<Piece>,
    /// Who is no member whatever they say.
    pub but: Vec<Piece>,
}

/// One line of conditions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// How many lines it stands below.
    pub depth: usize,
    /// What is asked, or how many of the lines below have to hold.
    pub words: Phrase,
    /// Whether the platform knows what is looked at.
    pub known: Known,
}

/// Whether a platform knows what a condition looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// It does.
    There,
    /// Only manifests say it.
    InManifests,
}

/// Why there is nothing to ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unrequested {
    /// No manifest declares the group; what is near.
    Undeclared(Vec<Phrase>),
    /// Nothing makes users of the group without naming them.
    NoRule,
    /// The group has the users of others, which no condition says.
    Copied,
}

/// What would be asked for a group.
///
/// # Errors
/// There is nothing to ask for.
pub fn request(
    desired: &Desired,
    observed: &Observed,
    context: &Context<'_>,
    name: &GroupName,
) -> Result<Request, Unrequested> {
    both_sides::as_people((desired, observed), context, |people| of_people(people, name))
}

fn of_people(people: &People<'_>, name: &GroupName) -> Result<Request, Unrequested> {
    let declared = people.desired.groups.iter().find(|group| group.name.value == *name);
    let Some(group) = declared else {
        let names = people.desired.groups.iter().map(|group| group.name.value.as_written());
        let near = suggestions(name.as_written(), names);
        let near = near.into_iter().map(|name| phrase!["did you mean ", name.to_owned(), "?"]);
        return Err(Unrequested::Undeclared(near.collect()));
    };
    if !group.copied().is_empty() {
        return Err(Unrequested::Copied);
    }
    let rule = group.automatic.as_ref().and_then(|automatic| automatic.rule.as_ref());
    of_group(people, group, rule.ok_or(Unrequested::NoRule)?)
}

fn of_group(people: &People<'_>, group: &DesiredGroup, rule: &Located<Rule>) -> Result<Request, Unrequested> {
    let automatic = group.automatic.as_ref().ok_or(Unrequested::NoRule)?;
    let named = |said: &[Located<Reference>]| -> Vec<Person> {
        let found = said.iter().filter_map(|said| match people.find(said) {
            Ok(Referred::Person(person)) => Some(person),
            _ => None,
        });
        found.collect()
    };
    let label = |person: &Person| -> Piece { people.label(*person).into() };
    let kept_out = named(&automatic.except);
    let besides = [named(group.members.listed()), named(&automatic.also)].concat();
    let mut members: Vec<(Piece, Phrase)> = people
        .everybody()
        .filter(|person| people.is_staying(*person) && !kept_out.contains(person))
        .filter_map(|person| {
            let user = Candidate::person(people, person).filter(|user| why::holds(&rule.value, *user))?;
            Some((label(&person), why::reason(&rule.value, user).words))
        })
        .collect();
    members.sort();
    let mut conditions = Vec::new();
    lines(&rule.value, 0, &mut conditions);
    let description = group.description.declared().map(|said| said.value.clone());
    Ok(Request {
        group: group.name.value.clone(),
        origin: group.name.origin,
        description: description.filter(|said| !said.is_empty()),
        conditions,
        members: is_seen(people, rule).then_some(members),
        besides: besides.iter().map(label).collect(),
        but: kept_out.iter().map(label).collect(),
    })
}

/// The conditions of a rule, line by line.
fn lines(rule: &Rule, depth: usize, all: &mut Vec<Condition>) {
    let mut joined = |words: &'static str, rules: &[Located<Rule>]| {
        all.push(Condition { depth, words: Phrase::words(words), known: Known::There });
        for rule in rules {
            lines(&rule.value, depth + 1, all);
        }
    };
    match rule {
        Rule::All(rules) => joined("all of these:", rules),
        Rule::Any(rules) => joined("at least one of these:", rules),
        Rule::Not(rule) => joined("not this:", std::slice::from_ref(&**rule)),
        Rule::Is { subject, test } => {
            let known = match subject {
                Subject::Attribute(_) | Subject::DeviceLogin => Known::InManifests,
                _ => Known::There,
            };
            all.push(Condition { depth, words: condition(subject, test), known });
        }
    }
}

fn condition(subject: &Subject, test: &Test) -> Phrase {
    let what = match subject {
        Subject::Branch(code, below) => {
            let below = if *below == Below::Counted { " or in one below it" } else { "" };
            return phrase![format!("the user is in the branch with the code {code}{below}")];
        }
        Subject::Course(code) => return phrase![enrolled(code, test)],
        Subject::Field(label) => format!("the user field {:?}", label.as_written()),
        Subject::Attribute(name) => format!("the attribute {:?}", name.as_written()),
        Subject::Email | Subject::Address => "the email address".to_owned(),
        Subject::Upn => "the username".to_owned(),
        Subject::EmployeeId => "the employee ID".to_owned(),
        Subject::DeviceLogin => "the device login".to_owned(),
        Subject::DisplayName => "the name".to_owned(),
    };
    phrase![format!("{what} {}", asked(test))]
}

fn enrolled(code: &Folded, test: &Test) -> String {
    match test {
        Test::In(words) => {
            let words: Vec<&str> = words.iter().map(Folded::as_written).collect();
            format!("the enrollment in the course with the code {code} is {}", words.join(" or "))
        }
        _ => format!("the user is enrolled in the course with the code {code}"),
    }
}

/// What a test asks for, behind what it asks it of.
fn asked(test: &Test) -> String {
    match test {
        Test::In(texts) => {
            let texts: Vec<String> = texts.iter().map(|text| format!("{:?}", text.as_written())).collect();
            format!("is {}", texts.join(" or "))
        }
        Test::Contains(part) => format!("contains {:?}", part.as_written()),
        Test::Prefix(part) => format!("starts with {:?}", part.as_written()),
        Test::Suffix(part) => format!("ends with {:?}", part.as_written()),
        Test::Exists(Presence::Present) => "is not empty".to_owned(),
        Test::Exists(Presence::Absent) => "is empty".to_owned(),
        Test::Before(day) => format!("is before {day}"),
        Test::After(day) => format!("is after {day}"),
    }
}
