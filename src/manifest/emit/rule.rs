//! How is what decides who belongs to a group written? Branches stand beside the rule, and not in it.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::manifest::emit::written::Written;
use crate::manifest::raw::HowFar;
use crate::model::{Below, Folded, Located, Presence, Progress, Rule, Subject, Test};

/// The rule of a group, as far as it is written under each key.
#[derive(Default)]
pub(super) struct Parts<'r> {
    /// The codes of branches.
    pub(super) branches: Vec<&'r Folded>,
    /// Whether they count with those below them.
    pub(super) below: Option<Below>,
    /// What else is enough.
    others: Vec<&'r Rule>,
}

impl<'r> Parts<'r> {
    pub(super) fn of(rule: &'r Rule) -> Self {
        let mut parts = Self::default();
        match rule {
            Rule::Any(rules) => rules.iter().for_each(|rule| parts.add(&rule.value)),
            one => parts.add(one),
        }
        parts
    }

    fn add(&mut self, rule: &'r Rule) {
        match rule {
            Rule::Is { subject: Subject::Branch(code, below), .. } => {
                self.branches.push(code);
                self.below = Some(*below);
            }
            other => self.others.push(other),
        }
    }

    /// What stands under `match`.
    pub(super) fn rule(self) -> Option<Match<'r>> {
        match self.others[..] {
            [] => None,
            [one] => Some(Match::One(one)),
            _ => Some(Match::Any(self.others)),
        }
    }
}

/// A rule, or several of which one is enough.
pub(super) enum Match<'r> {
    One(&'r Rule),
    Any(Vec<&'r Rule>),
}

impl Serialize for Match<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::One(rule) => Term(rule).serialize(serializer),
            Self::Any(rules) => {
                one_key(serializer, "any", &rules.iter().map(|rule| Term(rule)).collect::<Vec<_>>())
            }
        }
    }
}

/// One term of a rule.
struct Term<'r>(&'r Rule);

impl Serialize for Term<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Rule::All(rules) => one_key(serializer, "all", &all(rules)),
            Rule::Any(rules) => one_key(serializer, "any", &all(rules)),
            Rule::Not(rule) => one_key(serializer, "not", &Term(&rule.value)),
            Rule::Is { subject, test } => match subject {
                Subject::Field(label) => one_key(serializer, "field", &Named(label, test)),
                Subject::Course(code) => one_key(serializer, "enrolled", &Enrolled::of(code, test)),
                Subject::Attribute(name) => one_key(serializer, name.as_written(), &Asked(test)),
                Subject::Email | Subject::Address => one_key(serializer, "email", &Asked(test)),
                Subject::Upn => one_key(serializer, "upn", &Asked(test)),
                Subject::EmployeeId => one_key(serializer, "employeeId", &Asked(test)),
                Subject::DeviceLogin => one_key(serializer, "deviceLogin", &Asked(test)),
                Subject::DisplayName => one_key(serializer, "displayName", &Asked(test)),
                Subject::Branch(..) => {
                    Err(serde::ser::Error::custom("a branch stands beside `match`, and is no part of it"))
                }
            },
        }
    }
}

fn all(rules: &[Located<Rule>]) -> Vec<Term<'_>> {
    rules.iter().map(|rule| Term(&rule.value)).collect()
}

fn one_key<S: Serializer>(serializer: S, key: &str, value: &impl Serialize) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry(&Written::of(&key), value)?;
    map.end()
}

/// A label, and what is asked of it.
struct Named<'r>(&'r Folded, &'r Test);

impl Serialize for Named<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        one_key(serializer, self.0.as_written(), &Asked(self.1))
    }
}

/// A course, and how far somebody is in it.
#[derive(Serialize)]
struct Enrolled {
    course: Written,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<HowFar>,
}

impl Enrolled {
    fn of(code: &Folded, test: &Test) -> Self {
        let word = match test {
            Test::In(words) => words.first(),
            _ => None,
        };
        let is = |progress: &Progress| word.is_some_and(|word| *word == Folded::new(progress.word()));
        let status = Progress::ALL.into_iter().find(is).map(HowFar::from);
        Self { course: Written::of(&code.as_written()), status }
    }
}

/// What is asked.
struct Asked<'r>(&'r Test);

impl Serialize for Asked<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = |text: &Folded| Written::of(&text.as_written());
        match self.0 {
            Test::In(texts) => match &texts[..] {
                [one] => text(one).serialize(serializer),
                many => many.iter().map(text).collect::<Vec<_>>().serialize(serializer),
            },
            Test::Contains(part) => one_key(serializer, "contains", &text(part)),
            Test::Prefix(part) => one_key(serializer, "prefix", &text(part)),
            Test::Suffix(part) => one_key(serializer, "suffix", &text(part)),
            Test::Exists(presence) => one_key(serializer, "exists", &(*presence == Presence::Present)),
            Test::Before(day) => one_key(serializer, "before", &day.to_string()),
            Test::After(day) => one_key(serializer, "after", &day.to_string()),
        }
    }
}

impl From<Progress> for HowFar {
    fn from(progress: Progress) -> Self {
        match progress {
            Progress::Waiting => Self::Waiting,
            Progress::Enrolled => Self::Enrolled,
            Progress::InProgress => Self::InProgress,
            Progress::Completed => Self::Completed,
            Progress::Suspended => Self::Suspended,
        }
    }
}
