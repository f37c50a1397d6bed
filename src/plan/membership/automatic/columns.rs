//! What rules look at, as columns: for every attribute and identifier that a rule names, its values and who has each.
//!
//! Values are interned once, so that a test is made on a value and not on a user: an equality is one look-up, whatever the
//! number of users.

use std::borrow::Cow;
use std::sync::OnceLock;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::model::{Folded, Index, Presence, Subject, Test, day, fold, fold_address, tidy};
use crate::plan::membership::automatic::candidate::Candidate;
use crate::plan::membership::automatic::set::Set;

/// The columns of some subjects.
pub(in crate::plan) struct Columns<'a> {
    columns: Vec<(&'a Subject, Column<'a>)>,
}

impl<'a> Columns<'a> {
    /// Reads the columns of `subjects`, each once, from users, by position.
    pub(in crate::plan) fn new(subjects: Vec<&'a Subject>, users: &[Candidate<'a>]) -> Self {
        let columns = subjects.into_par_iter().map(|subject| (subject, Column::new(subject, users)));
        Self { columns: columns.collect() }
    }

    /// The column of a subject, which is one of those it was made for.
    pub(in crate::plan) fn of(&self, subject: &Subject) -> Option<&Column<'a>> {
        self.columns.iter().find(|(of, _)| *of == subject).map(|(_, column)| column)
    }
}

/// The values of one subject.
pub(in crate::plan) struct Column<'a> {
    values: Vec<Cow<'a, str>>,
    index: Index,
    /// By value: where its holders start in `holders`.
    starts: Vec<u32>,
    /// Positions of users, by value.
    holders: Vec<u32>,
    /// Everybody who has a value.
    pub(in crate::plan) present: Set,
    /// Everybody who may have a value that the keys do not show.
    pub(in crate::plan) unseen: Set,
    /// The values as dates, once a test asks.
    dates: OnceLock<Vec<Option<Date>>>,
}

impl<'a> Column<'a> {
    fn new(subject: &Subject, users: &[Candidate<'a>]) -> Self {
        let (mut values, mut index) = (Vec::<Cow<'a, str>>::new(), Index::default());
        let mut pairs: Vec<(u32, u32)> = Vec::with_capacity(users.len());
        let (mut present, mut unseen) = (Set::none(users.len()), Set::none(users.len()));
        for (at, user) in (0..).zip(users) {
            if user.may_have_more(subject) {
                unseen.insert(at);
            }
            user.each(subject, |text, _| {
                let text = compared_whole(subject, text);
                let next = u32::try_from(values.len()).unwrap_or(u32::MAX);
                let known = index.insert(&*text, next, |other| values[other as usize] == text);
                pairs.push((known.unwrap_or(next), at));
                if known.is_none() {
                    values.push(text);
                }
                present.insert(at);
            });
        }
        pairs.sort_unstable();
        let mut starts = vec![0; values.len() + 1];
        for (value, _) in &pairs {
            starts[*value as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let holders = pairs.into_iter().map(|(_, user)| user).collect();
        Self { values, index, starts, holders, present, unseen, dates: OnceLock::new() }
    }

    /// Everybody for whom a test of this column holds.
    pub(in crate::plan) fn passing(&self, subject: &Subject, test: &Test) -> Set {
        let mut passing = Set::none(self.present.size());
        match test {
            Test::Exists(Presence::Present) => return self.present.clone(),
            Test::Exists(Presence::Absent) => return self.present.clone().not(),
            Test::In(texts) => {
                for wanted in texts {
                    let wanted = operand(subject, wanted);
                    if let Some(at) = self.index.find(&*wanted, |at| self.values[at as usize] == wanted) {
                        self.holders_of(at as usize).for_each(|user| passing.insert(user));
                    }
                }
            }
            Test::Before(_) | Test::After(_) => {
                let dates = self.dates.get_or_init(|| self.values.iter().map(|value| day(value)).collect());
                for (at, date) in dates.iter().enumerate() {
                    if date.is_some_and(|date| is_in_time(date, test)) {
                        self.holders_of(at).for_each(|user| passing.insert(user));
                    }
                }
            }
            Test::Contains(_) | Test::Prefix(_) | Test::Suffix(_) => {
                for (at, value) in self.values.iter().enumerate() {
                    if passes(subject, value, test) {
                        self.holders_of(at).for_each(|user| passing.insert(user));
                    }
                }
            }
        }
        passing
    }

    fn holders_of(&self, value: usize) -> impl Iterator<Item = u32> + '_ {
        let (from, to) = (self.starts[value] as usize, self.starts[value + 1] as usize);
        self.holders[from..to].iter().copied()
    }
}

/// A value in the form that is compared: folded, and exact for employee IDs.
fn compared<'u>(subject: &Subject, text: &'u str) -> Cow<'u, str> {
    match (subject, tidy(text)) {
        (Subject::EmployeeId, tidy) => tidy,
        (Subject::Email | Subject::Address | Subject::Upn, tidy) => over(tidy, fold_address),
        (_, tidy) => over(tidy, fold),
    }
}

/// The same of a text that may be made for this.
fn compared_whole<'u>(subject: &Subject, text: Cow<'u, str>) -> Cow<'u, str> {
    match text {
        Cow::Borrowed(text) => compared(subject, text),
        Cow::Owned(text) => Cow::Owned(compared(subject, &text).into_owned()),
    }
}

fn over(text: Cow<'_, str>, fold: fn(&str) -> Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => fold(text),
        Cow::Owned(text) => Cow::Owned(fold(&text).into_owned()),
    }
}

/// What a test compares with, in the same form.
fn operand<'t>(subject: &Subject, text: &'t Folded) -> Cow<'t, str> {
    match subject {
        Subject::EmployeeId => Cow::Borrowed(text.as_written()),
        Subject::Email | Subject::Address | Subject::Upn => fold_address(text.key()),
        _ => Cow::Borrowed(text.key()),
    }
}

/// Whether a value, as an entry says it, passes a test.
pub(in crate::plan) fn holds_as_said(subject: &Subject, value: &str, test: &Test) -> bool {
    passes(subject, &compared(subject, value), test)
}

fn passes(subject: &Subject, value: &str, test: &Test) -> bool {
    match test {
        Test::In(texts) => texts.iter().any(|wanted| operand(subject, wanted) == value),
        Test::Contains(part) => value.contains(&*operand(subject, part)),
        Test::Prefix(part) => value.starts_with(&*operand(subject, part)),
        Test::Suffix(part) => value.ends_with(&*operand(subject, part)),
        Test::Exists(presence) => *presence == Presence::Present,
        Test::Before(_) | Test::After(_) => day(value).is_some_and(|date| is_in_time(date, test)),
    }
}

fn is_in_time(date: Date, test: &Test) -> bool {
    match test {
        Test::Before(limit) => date < *limit,
        Test::After(limit) => date > *limit,
        _ => false,
    }
}
