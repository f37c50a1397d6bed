//! What does a cell stand for that is not taken as it stands? A part of it, another row of the file, or what the source calls it.

use std::borrow::Cow;

use crate::diag::{Code, Diagnostic, nearest};
use crate::manifest::export::met::{Found, Missed};
use crate::manifest::export::problems::{Problems, name, span};
use crate::manifest::export::reader::{Cell, Reader};
use crate::manifest::source::Called;
use crate::manifest::yaml::Spanned;
use crate::model::{fold, tidy};

/// So many texts of cells are kept to be named in the place of one that none has.
const KEPT: usize = 500;

impl Reader<'_> {
    /// What a text of a cell stands for, if it stands for anything; whatever does not is noted.
    pub(super) fn meant<'t>(&mut self, cell: Cell<'t>, reading: Option<usize>) -> Option<Cow<'t, str>> {
        let text = Cow::Borrowed(cell.text);
        let Some(at) = reading else { return Some(text) };
        let (Some(reading), Some(met)) = (self.columns.readings.get(at), self.met.get_mut(at)) else {
            return Some(text);
        };
        let mut text = text;
        if let Some(pattern) = &reading.meaning.pattern {
            let found = pattern.value.captures(&text).and_then(|found| found.get(1).or_else(|| found.get(0)));
            let part = found.map(|part| part.as_str().trim()).filter(|part| !part.is_empty());
            let Some(part) = part else {
                met.pattern.miss(cell.origin, &text);
                return None;
            };
            met.pattern.met += 1;
            text = Cow::Owned(part.to_owned());
        }
        if reading.lookup.is_some() {
            match met.rows.get(&*fold(&tidy(&text))) {
                None => {
                    met.lookup.miss(cell.origin, &text);
                    return None;
                }
                Some(Found { other: Some(other), line, .. }) => {
                    let (line, other) = (*line, *other);
                    self.two_rows(cell, at, [line, other]);
                    return None;
                }
                Some(found) => {
                    met.lookup.met += 1;
                    text = Cow::Owned(found.text.clone().into_string());
                }
            }
        }
        Some(text)
    }

    /// What a source calls a text of a cell, where it calls it otherwise.
    pub(super) fn called(&mut self, text: &str, reading: Option<usize>) -> Option<Box<str>> {
        let at = reading?;
        let (reading, met) = (self.columns.readings.get(at)?, self.met.get_mut(at)?);
        let tidied = tidy(text);
        let folded = fold(&tidied);
        match reading.meaning.names.get(&*folded) {
            Some(Called { name, .. }) => {
                if !met.named.contains(&*folded) {
                    met.named.insert(folded.into());
                }
                Some(name.clone())
            }
            None if reading.meaning.names.is_empty() || met.others.len() >= KEPT => None,
            None => {
                met.others.insert(text.into());
                None
            }
        }
    }

    /// Two rows are the one that a cell names, and say two things.
    fn two_rows(&mut self, cell: Cell<'_>, reading: usize, lines: [u64; 2]) {
        let Some((key, _)) = self.columns.readings.get(reading).and_then(|it| it.lookup.as_ref()) else {
            return;
        };
        let [one, other] = lines.map(|line| span(self.numbers.cell(line, *key)));
        let message = format!(
            "`{}` in column `{}` is two rows, and they say two things",
            cell.text,
            name(self.column(cell.column))
        );
        let problem = Diagnostic::new(Code::ConflictingRows, span(cell.origin), message);
        let problem = problem.related(one, "the one").related(other, "the other");
        self.problems
            .push(problem.help("correct one of the two, or look rows up by a column that is unique"));
    }

    /// Reports what stood for nothing: cells that a pattern does not match or that no row has, and names that no cell has.
    pub(super) fn report_meanings(&mut self) {
        for (reading, met) in self.columns.readings.iter().zip(&self.met) {
            let column = self.header.get(reading.column).map_or("", String::as_str);
            if let Some(pattern) = &reading.meaning.pattern {
                unmatched(pattern, column, &met.pattern, &mut self.problems);
            }
            if let Some(lookup) = &reading.meaning.lookup {
                not_found(&lookup.column, column, &met.lookup, &mut self.problems);
            }
            let unmet = reading.meaning.names.iter().filter(|(folded, _)| !met.named.contains(*folded));
            for (_, Called { text: key, .. }) in unmet {
                let message = format!("no row says `{}` in column `{}`", key.value, name(column));
                let problem = Diagnostic::new(Code::NoSuchCell, key.span, message);
                let near = nearest(&key.value, met.others.iter().map(|text| &**text));
                let help = near.map_or("take it out if no row is to have it".to_owned(), |near| {
                    format!("did you mean `{near}`?")
                });
                self.problems.push(problem.help(help));
            }
        }
    }
}

/// Cells that a pattern does not match say nothing; where it matches none, it is the pattern that is wrong.
fn unmatched<T>(pattern: &Spanned<T>, column: &str, missed: &Missed, problems: &mut Problems) {
    let Some((_, first)) = missed.examples.first() else { return };
    let (all, shown) = (missed.met + missed.not_met, missed.shown());
    let column = name(column);
    let problem = if missed.met == 0 {
        let message = format!("this matches no cell of column `{column}`: {shown}");
        Diagnostic::new(Code::UnmatchedPattern, pattern.span, message)
    } else {
        let missed = missed.not_met;
        let message = format!(
            "this does not match {missed} of {all} cells of column `{column}`, which say nothing so: {shown}"
        );
        Diagnostic::new(Code::UnmatchedPattern, pattern.span, message).as_warning()
    };
    let help = "write a pattern that matches them too, or leave their rows out with `unless`";
    problems.push(problem.related(span(*first), "the first of them").help(help));
}

/// Cells that name a row that is not there say nothing.
fn not_found(by: &Spanned<Box<str>>, column: &str, missed: &Missed, problems: &mut Problems) {
    let Some((_, first)) = missed.examples.first() else { return };
    let (all, shown) = (missed.met + missed.not_met, missed.shown());
    let message = format!(
        "{} of {all} cells of column `{}` name no row by its `{}`, and say nothing so: {shown}",
        missed.not_met,
        name(column),
        by.value
    );
    let problem = Diagnostic::new(Code::UnmatchedLookup, by.span, message);
    let problem = if missed.met > 0 { problem.as_warning() } else { problem };
    let help = "export the rows that are missing too, or look them up by another column";
    problems.push(problem.related(span(*first), "the first of them").help(help));
}
