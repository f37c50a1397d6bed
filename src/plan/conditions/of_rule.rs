//! Which sets of conditions say what a rule says? What doesn't fit is told, all of it at once, each where it stands.
//!
//! A set holds where all its conditions do, and a group takes whoever matches one of its sets. So `any` over `all` fits as it is,
//! and `any` inside `all` is multiplied out. Nothing is said of `not` in what the platform publishes ("Managing groups"), so nothing of
//! it is written.

use std::collections::BTreeSet;

use crate::model::{
    Comparison, Detail, Details, FieldKind, Folded, GroupCondition, Located, MOST_CONDITIONS, MOST_SETS,
    Origin, Phrase, Piece, Presence, Progress, Rule, RuleSet, Subject, Test, UserField, ValueKind, day,
    joined,
};
use crate::phrase;
use crate::plan::blocker::{Blocker, BlockerCode};
use crate::plan::membership::automatic::candidate::detail;

/// What to do about whatever can't be a condition.
const COMPUTED: &str = "write `population: manual`: then Rollcall computes who matches and puts them in";

/// Sets of conditions, of which one has to hold.
type Sets = Vec<Vec<GroupCondition>>;

/// The rules that say what a rule says, over what an account has.
///
/// # Errors
/// Every part that can't be a condition. Nothing is said of names that lead nowhere: they block the plan by themselves.
pub(in crate::plan) fn rule_set(rule: &Located<Rule>, details: &Details) -> Result<RuleSet, Vec<Blocker>> {
    let mut reading = Reading { details, unfit: Vec::new() };
    let sets = reading.sets(rule);
    if let Some(sets) = sets.filter(|_| reading.unfit.is_empty()) {
        let rules = RuleSet::any_of(sets);
        match bounded(&rules, rule.origin) {
            Ok(()) => return Ok(rules),
            Err(blocker) => reading.unfit.push(blocker),
        }
    }
    Err(reading.unfit)
}

struct Reading<'d> {
    details: &'d Details,
    unfit: Vec<Blocker>,
}

impl Reading<'_> {
    fn unfit<T>(&mut self, origin: Origin, what: Phrase) -> Option<T> {
        self.unfit.push(unfit(origin, what));
        None
    }

    /// Every part is read, so that all that does not fit is told.
    fn sets(&mut self, rule: &Located<Rule>) -> Option<Sets> {
        match &rule.value {
            Rule::Any(rules) => {
                let parts: Vec<Option<Sets>> = rules.iter().map(|rule| self.sets(rule)).collect();
                let parts: Option<Vec<Sets>> = parts.into_iter().collect();
                parts.map(|parts| joined(parts.into_iter().flatten()))
            }
            Rule::All(rules) => {
                let parts: Vec<Option<Sets>> = rules.iter().map(|rule| self.sets(rule)).collect();
                let parts: Option<Vec<Sets>> = parts.into_iter().collect();
                self.product(&parts?, rule.origin)
            }
            Rule::Not(rule) => match turned(&rule.value) {
                Some(turned) => self.sets(&Located::new(turned, rule.origin)),
                None => {
                    self.unfit(rule.origin, phrase!["`not`: no condition for what does not hold is known"])
                }
            },
            Rule::Is { subject, test } => self.condition((subject, test), rule.origin),
        }
    }

    /// One set for each choice of one set of every part.
    fn product(&mut self, parts: &[Sets], origin: Origin) -> Option<Sets> {
        let mut all: Sets = vec![Vec::new()];
        for part in parts {
            // What is more than an account takes need not be multiplied any further.
            if all.len() * part.len() > MOST_SETS * MOST_SETS {
                return self.unfit(origin, too_many(all.len() * part.len()));
            }
            let with = |set: &Vec<GroupCondition>| {
                let set = set.clone();
                part.iter()
                    .map(move |more| set.iter().chain(more).cloned().collect::<Vec<_>>())
                    .collect::<Vec<_>>()
            };
            all = all.iter().flat_map(with).collect();
        }
        Some(all)
    }

    fn condition(&mut self, (subject, test): (&Subject, &Test), origin: Origin) -> Option<Sets> {
        match (subject, test) {
            (Subject::Field(_), _) => {
                let Some(Detail::Field(id)) = detail(self.details, subject) else { return None };
                let field = self.details.fields.iter().find(|field| field.id == id)?;
                self.field(field, test, origin)
            }
            (Subject::Branch(_, below), Test::Exists(Presence::Present)) => {
                let Some(Detail::Branch(id, _)) = detail(self.details, subject) else { return None };
                Some(one(GroupCondition::Branches([(id, *below)].into())))
            }
            (Subject::Course(_), Test::In(words)) => {
                let Some(Detail::Course(id)) = detail(self.details, subject) else { return None };
                let progress =
                    |word: &Folded| Progress::ALL.into_iter().find(|it| Folded::new(it.word()) == *word);
                let all: Option<Vec<Progress>> = words.iter().map(progress).collect();
                Some(all?.into_iter().map(|it| vec![GroupCondition::Course(id, it)]).collect())
            }
            (Subject::Course(code), _) => {
                let what = phrase![format!("enrolled in {code}: a condition says how far; write `status`")];
                self.unfit(origin, what)
            }
            (Subject::Address, Test::Contains(part)) => {
                Some(one(GroupCondition::Address(part.as_written().into())))
            }
            (Subject::Address, _) => self.unfit(
                origin,
                phrase!["the email address: a condition asks for what it `contains`, and no more"],
            ),
            (Subject::Attribute(name), _) => {
                let name = Piece::plain(name);
                self.unfit(origin, phrase!["the attribute ", name, ": only manifests say it"])
            }
            (other, _) => {
                let topic = other.topic().map_or("this", |topic| topic.subject());
                self.unfit(origin, phrase![format!("{topic}: no condition on them is known")])
            }
        }
    }

    fn field(&mut self, field: &UserField, test: &Test, origin: Origin) -> Option<Sets> {
        let of = value_kind(field.kind.as_ref());
        let by = |comparison, values: Vec<Box<str>>| GroupCondition::Field {
            field: field.id,
            of,
            comparison,
            values,
        };
        let of_part = |comparison, part: &Folded| Some(one(by(comparison, vec![part.as_written().into()])));
        match (of, test) {
            (_, Test::Exists(Presence::Present)) => Some(one(by(Comparison::NotEmpty, Vec::new()))),
            (_, Test::Exists(Presence::Absent)) => Some(one(by(Comparison::IsEmpty, Vec::new()))),
            (ValueKind::Texts, Test::In(texts)) => {
                let equal = texts.iter().map(|it| vec![by(Comparison::Equals, vec![it.as_written().into()])]);
                Some(equal.collect())
            }
            (ValueKind::Texts, Test::Contains(part)) => of_part(Comparison::Contains, part),
            (ValueKind::Texts, Test::Prefix(part)) => of_part(Comparison::StartsWith, part),
            (ValueKind::Texts, Test::Suffix(part)) => of_part(Comparison::EndsWith, part),
            (ValueKind::Options, Test::In(texts)) => {
                let numbers = numbers_of(field, texts)?;
                Some(one(by(Comparison::Equals, numbers)))
            }
            (ValueKind::Days, Test::Before(limit)) => {
                Some(one(by(Comparison::Before, vec![limit.to_string().into()])))
            }
            (ValueKind::Days, Test::After(limit)) => {
                Some(one(by(Comparison::After, vec![limit.to_string().into()])))
            }
            (ValueKind::Days, Test::In(texts)) if texts.iter().all(|it| day(it.as_written()).is_some()) => {
                let on = texts.iter().map(|it| vec![by(Comparison::On, vec![it.as_written().trim().into()])]);
                Some(on.collect())
            }
            (ValueKind::YesNo, Test::In(texts)) if texts.iter().all(is_yes) => {
                Some(one(by(Comparison::Equals, vec![YES.into()])))
            }
            _ => {
                let label = Piece::plain(&field.label);
                let what = phrase!["the field ", label, format!(": no condition {} is known", of_kind(of))];
                self.unfit(origin, what)
            }
        }
    }
}

/// Whether a group takes so many sets, and so many conditions in each.
fn bounded(rules: &RuleSet, origin: Origin) -> Result<(), Blocker> {
    let sets = rules.sets();
    let longest = sets.iter().map(Vec::len).max().unwrap_or_default();
    // Where there is one set only, it is written as several that all have to hold.
    let fits = if let [set] = sets { set.len().div_ceil(MOST_CONDITIONS) } else { sets.len() };
    if sets.len() > 1 && longest > MOST_CONDITIONS {
        let what = format!(
            "{longest} conditions that all hold, of {} sets: a set takes {MOST_CONDITIONS}",
            sets.len()
        );
        return Err(unfit(origin, phrase![what]));
    }
    if fits > MOST_SETS { Err(unfit(origin, too_many(fits))) } else { Ok(()) }
}

/// How yes is written.
const YES: &str = "yes";

fn is_yes(text: &Folded) -> bool {
    [Folded::new("yes"), Folded::new("true")].contains(text)
}

fn one(condition: GroupCondition) -> Sets {
    vec![vec![condition]]
}

/// What presence turned round is; nothing else is known turned round.
fn turned(rule: &Rule) -> Option<Rule> {
    let Rule::Is { subject: subject @ Subject::Field(_), test: Test::Exists(presence) } = rule else {
        return None;
    };
    let other = match presence {
        Presence::Present => Presence::Absent,
        Presence::Absent => Presence::Present,
    };
    Some(Rule::Is { subject: subject.clone(), test: Test::Exists(other) })
}

/// What the values of a field are, as conditions have it.
pub(in crate::plan) const fn value_kind(kind: Option<&FieldKind>) -> ValueKind {
    match kind {
        Some(FieldKind::Text) => ValueKind::Texts,
        Some(FieldKind::Date) => ValueKind::Days,
        Some(FieldKind::YesNo) => ValueKind::YesNo,
        Some(FieldKind::Choice(_)) => ValueKind::Options,
        Some(FieldKind::Other(_)) | None => ValueKind::Unread,
    }
}

/// The numbers of options, sorted; none where one leads nowhere.
fn numbers_of(field: &UserField, labels: &[Folded]) -> Option<Vec<Box<str>>> {
    let Some(FieldKind::Choice(choices)) = &field.kind else { return None };
    let number = |label: &Folded| {
        let mut of_label = choices.iter().filter(|choice| choice.labels.contains(label));
        of_label.next().filter(|_| of_label.next().is_none()).map(|choice| choice.id)
    };
    let numbers: Option<BTreeSet<u64>> = labels.iter().map(number).collect();
    let mut numbers: Vec<Box<str>> = numbers?.into_iter().map(|id| id.to_string().into()).collect();
    numbers.sort_unstable();
    Some(numbers)
}

const fn of_kind(of: ValueKind) -> &'static str {
    match of {
        ValueKind::Texts => "that compares texts so",
        ValueKind::Days => "that compares days so",
        ValueKind::YesNo => "for anything but yes, and for whether there is a value,",
        ValueKind::Options => "that compares what is chosen so",
        ValueKind::Unread => "but whether there is a value",
    }
}

fn too_many(sets: usize) -> Phrase {
    phrase![format!("{sets} sets of conditions: a group takes {MOST_SETS}")]
}

fn unfit(origin: Origin, what: Phrase) -> Blocker {
    let message = phrase!["can't be a condition of a group that fills itself: "].joined(what);
    Blocker::new(origin, BlockerCode::UnfitCondition, message).way_out(COMPUTED)
}
