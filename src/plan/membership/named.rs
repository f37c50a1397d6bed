//! Is there what rules name of a platform: the field of a label, its options, the branch or the course of a code? What is not there, and
//! what is there twice, blocks the plan and shows what there is.

use std::collections::BTreeSet;

use crate::diag::suggestions;
use crate::model::{
    Choice, Details, FieldKind, Folded, Located, Origin, Phrase, Piece, Rule, Subject, Test, UserField,
};
use crate::phrase;
use crate::plan::blocker::{Blocker, BlockerCode};
use crate::plan::people::People;

/// So many of the things that there are instead are shown.
const SHOWN: usize = 10;

/// Everything that rules of groups name and that is not there once, each where it is asked for first.
pub(in crate::plan) fn blockers(people: &People<'_>) -> Vec<Blocker> {
    let mut seen: BTreeSet<(BlockerCode, Phrase)> = BTreeSet::new();
    let mut all = Vec::new();
    let mut names = Names { details: &people.observed.details, found: Vec::new() };
    for group in &people.desired.groups {
        if let Some(rule) = group.automatic.as_ref().and_then(|automatic| automatic.rule.as_ref()) {
            names.of(rule);
        }
    }
    names.found.sort();
    for blocker in names.found {
        if seen.insert((blocker.code, blocker.message.clone())) {
            all.push(blocker);
        }
    }
    all
}

struct Names<'d> {
    details: &'d Details,
    found: Vec<Blocker>,
}

impl Names<'_> {
    fn of(&mut self, rule: &Located<Rule>) {
        match &rule.value {
            Rule::All(rules) | Rule::Any(rules) => rules.iter().for_each(|rule| self.of(rule)),
            Rule::Not(rule) => self.of(rule),
            Rule::Is { subject: Subject::Field(label), test } => self.field(rule.origin, label, test),
            Rule::Is { subject: Subject::Branch(code, _), .. } => {
                let there = self.details.branches_coded(code).map(|it| called(&it.title, &it.code)).collect();
                let all: Vec<String> =
                    self.details.branches.iter().map(|it| called(&it.title, &it.code)).collect();
                self.coded((rule.origin, ["branch", "branches"], code), there, &all);
            }
            Rule::Is { subject: Subject::Course(code), .. } => {
                let there = self.details.courses_coded(code).map(|it| called(&it.title, &it.code)).collect();
                let all: Vec<String> =
                    self.details.courses.iter().map(|it| called(&it.title, &it.code)).collect();
                self.coded((rule.origin, ["course", "courses"], code), there, &all);
            }
            Rule::Is { .. } => {}
        }
    }

    fn field(&mut self, origin: Origin, label: &Folded, test: &Test) {
        let called: Vec<&UserField> = self.details.fields_called(label).collect();
        match called[..] {
            [field] => self.options(origin, field, test),
            [] => {
                let labels: Vec<&str> = self.details.fields.iter().map(|it| it.label.as_written()).collect();
                let message = phrase!["users have no field ", quoted(label)];
                self.found.push(unknown(origin, message, (label, &labels)));
            }
            _ => {
                let message = phrase![format!("{} fields of users are called ", called.len()), quoted(label)];
                let numbers = called.iter().map(|it| phrase![format!("field {}", it.id)]);
                self.found.push(ambiguous(origin, message, numbers.collect()));
            }
        }
    }

    /// Whether a field can be compared so, and has what it is compared with.
    fn options(&mut self, origin: Origin, field: &UserField, test: &Test) {
        let label = &field.label;
        let is_dated = matches!(test, Test::Before(_) | Test::After(_));
        match &field.kind {
            Some(FieldKind::Choice(choices)) => {
                if let Test::In(texts) = test {
                    for text in texts {
                        self.option(origin, (field, choices), text);
                    }
                }
            }
            Some(FieldKind::Other(kind)) if !matches!(test, Test::Exists(_)) => {
                let message = phrase![
                    "field ",
                    quoted(label),
                    " is of the type ",
                    Piece::plain(kind),
                    ", whose values nothing here knows how to read"
                ];
                let way_out = "ask only whether there is anything in it: `exists: true`";
                self.found.push(Blocker::new(origin, BlockerCode::UnknownLabel, message).way_out(way_out));
            }
            Some(FieldKind::Text | FieldKind::YesNo) if is_dated => {
                let message = phrase!["field ", quoted(label), " holds no dates"];
                let way_out = "compare a field of the type date with one";
                self.found.push(Blocker::new(origin, BlockerCode::UnknownLabel, message).way_out(way_out));
            }
            Some(FieldKind::Text | FieldKind::Date | FieldKind::YesNo | FieldKind::Other(_)) | None => {}
        }
    }

    fn option(&mut self, origin: Origin, (field, choices): (&UserField, &[Choice]), text: &Folded) {
        let chosen = choices.iter().filter(|choice| choice.labels.contains(text));
        match chosen.map(|choice| choice.id).collect::<Vec<u64>>()[..] {
            [_] => {}
            [] => {
                let labels: Vec<&str> =
                    choices.iter().flat_map(|choice| &choice.labels).map(Folded::as_written).collect();
                let message = phrase!["field ", quoted(&field.label), " has no option ", quoted(text)];
                self.found.push(unknown(origin, message, (text, &labels)));
            }
            ref several => {
                let message = phrase![
                    format!("{} options of field ", several.len()),
                    quoted(&field.label),
                    " are called ",
                    quoted(text)
                ];
                let numbers = several.iter().map(|id| phrase![format!("option {id}")]);
                self.found.push(ambiguous(origin, message, numbers.collect()));
            }
        }
    }

    fn coded(
        &mut self,
        (origin, [noun, nouns], code): (Origin, [&'static str; 2], &Folded),
        there: Vec<String>,
        all: &[String],
    ) {
        match there.len() {
            1 => {}
            0 => {
                let all: Vec<&str> = all.iter().map(String::as_str).collect();
                let message = phrase![format!("there is no {noun} with the code "), quoted(code)];
                self.found.push(unknown(origin, message, (code, &all)));
            }
            count => {
                let message = phrase![format!("{count} {nouns} have the code "), quoted(code)];
                let titles = there.into_iter().map(|title| phrase![title]).collect();
                self.found.push(ambiguous(origin, message, titles));
            }
        }
    }
}

fn quoted(text: &Folded) -> Piece {
    Piece::plain(&format!("{:?}", text.as_written()))
}

/// A branch or a course, by its code and its title.
fn called(title: &str, code: &Folded) -> String {
    if code.as_written().is_empty() {
        format!("{title}, without a code")
    } else {
        format!("{code} ({title})")
    }
}

/// Shows what is nearest, and without anything near what there is.
fn unknown(origin: Origin, message: Phrase, (wanted, there): (&Folded, &[&str])) -> Blocker {
    let near = suggestions(wanted.as_written(), there.iter().copied());
    let blocker = Blocker::new(origin, BlockerCode::UnknownLabel, message);
    let blocker = if near.is_empty() {
        let more = there.len().saturating_sub(SHOWN);
        let more = (more > 0).then(|| phrase![format!("and {more} more")]);
        blocker.between(there.iter().take(SHOWN).map(|it| phrase![(*it).to_owned()]).chain(more))
    } else {
        blocker.between(near.into_iter().map(|name| phrase!["did you mean ", name.to_owned(), "?"]))
    };
    blocker.way_out("write it as the account has it")
}

fn ambiguous(origin: Origin, message: Phrase, there: Vec<Phrase>) -> Blocker {
    Blocker::new(origin, BlockerCode::AmbiguousLabel, message)
        .between(there)
        .way_out("call one of them otherwise on the platform: nothing tells which is meant")
}
