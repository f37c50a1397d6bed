//! Who matches an automatic group?

use crate::diag::{Code, Diagnostic, Diagnostics, Span, nearest};
use crate::manifest::lower::date::date;
use crate::manifest::lower::field::required;
use crate::manifest::lower::text::{
    ADDRESS_VALUE, ATTRIBUTE, CODE, ID_VALUE, Kind, LABEL, LOGIN_VALUE, VALUE,
};
use crate::manifest::raw::{self, Condition, Term, Text};
use crate::manifest::yaml::{Either, Field, List, Spanned};
use crate::model::{Folded, Located, Presence, Progress, Rule, Subject, Test};

/// What a rule is of: only a group's looks at what a learning platform knows of users.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// A group whose users manifests name.
    Group,
    /// A group that a learning platform fills: an email is what stands in a user's profile.
    FilledGroup,
    /// A rule of `tracking`, or one of `policy.require`.
    Other,
}

/// Lowers one rule; none if it can't be said who matches.
pub(super) fn lower(it: Spanned<raw::Rule>, of: Of, found: &mut Diagnostics) -> Option<Located<Rule>> {
    let origin = it.origin();
    let mut terms = it.value.0.into_iter();
    let Some((key, term)) = terms.next() else {
        let problem = Diagnostic::new(Code::InvalidValue, it.span, "a rule needs a condition");
        found.push(problem.help("write one: `match: { department: R&D }`"));
        return None;
    };
    if let Some((second, _)) = terms.next() {
        let message = "a second condition stands here, and nothing says whether both must hold";
        let help = format!("write `all: [{{ {}: … }}, {{ {}: … }}]`, or `any`", key.value, second.value);
        found.push(Diagnostic::new(Code::ConflictingKeys, second.span, message).help(help));
    }
    let rule = match term {
        Term::All(rules) => Rule::All(several(rules, (key.span, of), found)?),
        Term::Any(rules) => Rule::Any(several(rules, (key.span, of), found)?),
        Term::Not(rule) => {
            let rule = rule.given()?;
            Rule::Not(Box::new(lower(rule.map(|rule| *rule), of, found)?))
        }
        Term::Of(_) | Term::Enrolled(_) if of == Of::Other => {
            let message = format!("`{}` is for `match` of a group on a learning platform", key.value);
            let problem = Diagnostic::new(Code::InvalidValue, key.span, message);
            found.push(problem.help("ask for an attribute or an identifier"));
            return None;
        }
        Term::Of(fields) => of_field(fields.given()?, found)?,
        Term::Enrolled(course) => enrolled(course.given()?, found)?,
        Term::Is(condition) => is((&key, of), condition.given()?, found)?,
    };
    Some(Located::new(rule, origin))
}

/// What a user has in a field.
fn of_field(it: Spanned<raw::FieldOf>, found: &mut Diagnostics) -> Option<Rule> {
    let mut fields = it.value.0.into_iter();
    let Some((label, condition)) = fields.next() else {
        let problem = Diagnostic::new(Code::InvalidValue, it.span, "a condition on a field needs its label");
        found.push(problem.help("write one: `field: { Department: R&D }`"));
        return None;
    };
    if let Some((second, _)) = fields.next() {
        let message = "a second field stands here, and nothing says whether both must hold";
        let help = format!(
            "write `all: [{{ field: {{ {}: … }} }}, {{ field: {{ {}: … }} }}]`, or `any`",
            label.value, second.value
        );
        found.push(Diagnostic::new(Code::ConflictingKeys, second.span, message).help(help));
    }
    if matches!(&*label.value, "in" | "contains" | "prefix" | "suffix" | "exists" | "before" | "after") {
        let message = "`field` asks for a user field by its label, and this is what is asked of one";
        let problem = Diagnostic::new(Code::InvalidValue, label.span, message);
        found.push(problem.help(format!("write `field: {{ LABEL: {{ {}: … }} }}`", label.value)));
        return None;
    }
    let subject = Subject::Field(LABEL.one(&label, found)?.value);
    asked_of(subject, &label, condition.given()?, found)
}

/// How far somebody is in a course.
fn enrolled(it: Spanned<raw::Enrolled>, found: &mut Diagnostics) -> Option<Rule> {
    let span = it.span;
    let raw::Enrolled { course, status } = it.value;
    let course = CODE.one(&required(course, "course", span, found)?, found)?;
    let test = match status.given() {
        None => Test::Exists(Presence::Present),
        Some(status) => Test::In(vec![Folded::new(Progress::from(status.value).word())]),
    };
    Some(Rule::Is { subject: Subject::Course(course.value), test })
}

impl From<raw::HowFar> for Progress {
    fn from(progress: raw::HowFar) -> Self {
        match progress {
            raw::HowFar::Waiting => Self::Waiting,
            raw::HowFar::Enrolled => Self::Enrolled,
            raw::HowFar::InProgress => Self::InProgress,
            raw::HowFar::Completed => Self::Completed,
            raw::HowFar::Suspended => Self::Suspended,
        }
    }
}

fn several(
    field: Field<List<raw::Rule>>,
    (key, of): (Span, Of),
    found: &mut Diagnostics,
) -> Option<Vec<Located<Rule>>> {
    let rules = field.given()?.value.0;
    if rules.is_empty() {
        let problem = Diagnostic::new(Code::InvalidValue, key, "an empty list of conditions decides nothing");
        found.push(problem.help("write at least one condition"));
        return None;
    }
    let wanted = rules.len();
    let rules: Vec<_> = rules.into_iter().filter_map(|rule| lower(rule, of, found)).collect();
    (rules.len() == wanted).then_some(rules)
}

fn is(
    (key, of): (&Spanned<Box<str>>, Of),
    condition: Spanned<Condition>,
    found: &mut Diagnostics,
) -> Option<Rule> {
    let subject = match &*key.value {
        "email" if of == Of::FilledGroup => Subject::Address,
        "email" => Subject::Email,
        "upn" => Subject::Upn,
        "employeeId" => Subject::EmployeeId,
        "deviceLogin" => Subject::DeviceLogin,
        "displayName" => Subject::DisplayName,
        _ => Subject::Attribute(ATTRIBUTE.one(key, found)?.value),
    };
    asked_of(subject, key, condition, found)
}

/// What is asked of a subject, which a key names.
fn asked_of(
    subject: Subject,
    key: &Spanned<Box<str>>,
    condition: Spanned<Condition>,
    found: &mut Diagnostics,
) -> Option<Rule> {
    let span = condition.span;
    let test = match condition.value {
        Either::Scalar(asked) => one_of(&texts(asked.0, key, found)?, &values(&subject), span, found)?,
        Either::Mapping(tests) => single(tests, (key, &values(&subject)), span, found)?,
    };
    let test = if subject == Subject::DeviceLogin { with_backslash(test) } else { test };
    if matches!(test, Test::Before(_) | Test::After(_))
        && !matches!(subject, Subject::Attribute(_) | Subject::Field(_))
    {
        let message = format!("`{}` is never a date", key.value);
        found.push(
            Diagnostic::new(Code::InvalidValue, span, message).help("compare an attribute with a date"),
        );
        return None;
    }
    Some(Rule::Is { subject, test })
}

/// The texts of a list; one of conditions stands behind `all` or `any`, and behind no attribute.
fn texts(
    asked: Vec<Spanned<raw::Asked>>,
    key: &Spanned<Box<str>>,
    found: &mut Diagnostics,
) -> Option<Vec<Spanned<Text>>> {
    let mut texts = Vec::with_capacity(asked.len());
    for Spanned { value, span, written } in asked {
        match value.0 {
            Either::Scalar(value) => texts.push(Spanned { value, span, written }),
            Either::Mapping(_) => {
                let message =
                    format!("conditions stand behind `{}`, which is taken for an attribute", key.value);
                let problem = Diagnostic::new(Code::WrongType, key.span, message);
                found.push(problem.help(joint(key).unwrap_or_else(|| {
                    "write `all` or `any` before a list of conditions, and texts behind an attribute"
                        .to_owned()
                })));
                return None;
            }
        }
    }
    Some(texts)
}

/// What joins conditions and was meant by a key, if it is nearly that.
fn joint(key: &Spanned<Box<str>>) -> Option<String> {
    nearest(&key.value, ["all", "any", "not"]).map(|near| format!("did you mean `{near}`?"))
}

/// Parts of logins with the backslash that logins are compared with.
fn with_backslash(test: Test) -> Test {
    let turned = |text: Folded| Folded::new(&text.as_written().replace('/', "\\"));
    match test {
        Test::Contains(part) => Test::Contains(turned(part)),
        Test::Prefix(part) => Test::Prefix(turned(part)),
        Test::Suffix(part) => Test::Suffix(turned(part)),
        other => other,
    }
}

/// What whole values of a subject are held to; parts of them may be anything.
fn values(subject: &Subject) -> Kind<Box<str>> {
    match subject {
        Subject::Email | Subject::Address | Subject::Upn => ADDRESS_VALUE,
        Subject::EmployeeId => ID_VALUE,
        Subject::DeviceLogin => LOGIN_VALUE,
        Subject::DisplayName
        | Subject::Attribute(_)
        | Subject::Field(_)
        | Subject::Branch(..)
        | Subject::Course(_) => VALUE,
    }
}

/// The one test of a mapping.
fn single(
    asked: raw::Tests,
    (key, values): (&Spanned<Box<str>>, &Kind<Box<str>>),
    span: Span,
    found: &mut Diagnostics,
) -> Option<Test> {
    let raw::Tests { one_of: texts, contains, prefix, suffix, exists, before, after } = asked;
    let said = [&contains, &prefix, &suffix].into_iter().filter(|it| !it.is_absent()).count()
        + [&before, &after].into_iter().filter(|it| !it.is_absent()).count()
        + usize::from(!texts.is_absent())
        + usize::from(!exists.is_absent());
    if said != 1 {
        let message = format!("a condition asks one thing, and this asks {said}");
        let help =
            "write one of in, contains, prefix, suffix, exists, before and after; join several by `all`";
        let help = joint(key).filter(|_| said == 0).unwrap_or_else(|| help.to_owned());
        found.push(Diagnostic::new(Code::InvalidValue, span, message).help(help));
        return None;
    }
    let presence = |exists: bool| if exists { Presence::Present } else { Presence::Absent };
    if let Some(texts) = texts.given() {
        return one_of(&texts.value.0, values, texts.span, found);
    }
    if let Some(exists) = exists.given() {
        return Some(Test::Exists(presence(exists.value)));
    }
    if let Some(text) = contains.given() {
        return part(&text, found).map(Test::Contains);
    }
    if let Some(text) = prefix.given() {
        return part(&text, found).map(Test::Prefix);
    }
    if let Some(text) = suffix.given() {
        return part(&text, found).map(Test::Suffix);
    }
    if let Some(before) = before.given() {
        return date(&before, found).map(Test::Before);
    }
    date(&after.given()?, found).map(Test::After)
}

fn one_of(
    texts: &[Spanned<Text>],
    values: &Kind<Box<str>>,
    span: Span,
    found: &mut Diagnostics,
) -> Option<Test> {
    if texts.is_empty() {
        let problem = Diagnostic::new(Code::InvalidValue, span, "nothing is one of an empty list");
        found.push(problem.help("list at least one text"));
        return None;
    }
    let texts = texts.iter().filter_map(|text| values.one(text, found));
    Some(Test::In(texts.map(|text| Folded::new(&text.value)).collect()))
}

/// A part of a text, which every text has if it is empty.
fn part(text: &Spanned<Text>, found: &mut Diagnostics) -> Option<Folded> {
    if text.value.0.trim().is_empty() {
        let problem = Diagnostic::new(Code::InvalidValue, text.span, "every text holds an empty one");
        found.push(problem.help("write `exists: true` for any text"));
        return None;
    }
    VALUE.one(text, found).map(|text| Folded::new(&text.value))
}
