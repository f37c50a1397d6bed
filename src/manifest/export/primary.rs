//! Which of several rows of a person counts, where the source says which is the primary one?

use std::collections::BTreeMap;

use crate::diag::Code;
use crate::manifest::export::people::People;
use crate::manifest::export::problems::{problem, span};
use crate::manifest::export::reader::{Other, Reader};
use crate::manifest::export::table::Row;
use crate::model::Reference;

/// Takes the rows that are not the primary ones of their people: of somebody who has such a row they do not count, and of
/// somebody who has no other row they do.
pub(super) fn take_others(people: &mut People, reader: &mut Reader<'_>) {
    let mut alone: BTreeMap<Option<Reference>, Vec<Other>> = BTreeMap::new();
    for other in std::mem::take(&mut reader.others) {
        let who = reader.who(&Row { line: other.line, cells: &other.cells });
        if people.has_row(&who) {
            reader.rows.not_primary += 1;
        } else {
            alone.entry(who.into_iter().next()).or_default().push(other);
        }
    }
    for (who, rows) in alone {
        if let (Some(who), [one, other, ..]) = (&who, &rows[..]) {
            reader.has_no_primary(who, [one.line, other.line], rows.len());
            continue;
        }
        for Other { line, cells, holds } in rows {
            reader.only.holds = holds;
            if let Some((user, letters)) = reader.take(&Row { line, cells: &cells }) {
                people.join(user, letters, &mut reader.problems);
            }
        }
    }
}

impl Reader<'_> {
    /// Several rows are of one person, and none of them is the primary one.
    fn has_no_primary(&mut self, who: &Reference, lines: [u64; 2], rows: usize) {
        let [one, other] = lines.map(|line| self.numbers.row(line));
        let message = format!("{rows} rows are of `{who}`, and none of them is the primary one");
        let problem = problem(Code::ConflictingRows, one, message);
        let problem = problem.related(span(other), "another of them");
        self.problems.push(
            problem
                .help("say in the column of `primary` which of them counts, or in `is` what it says there"),
        );
    }
}
