//! Which rows can be no user? Those that sum up others or head them, and the sentences that exports end with.

use csv::StringRecord;

use crate::diag::Code;
use crate::manifest::export::columns::Columns;
use crate::manifest::export::reader::{Aside, Reader};
use crate::model::fold;

/// How the sentences begin that exports end with.
const ENDS: [&str; 8] =
    ["total", "totals", "grand total", "row count", "record count", "end of", "generated", "exported"];
/// What sums are called.
const SUMS: [&str; 16] = [
    "total",
    "totals",
    "grand total",
    "subtotal",
    "subtotals",
    "sub total",
    "sub-total",
    "sum",
    "count",
    "row count",
    "record count",
    "headcount",
    "summe",
    "zwischensumme",
    "gesamt",
    "total general",
];
/// A sum says this much, besides numbers: what it is, and of what.
const MOST_WORDS: usize = 2;

impl Reader<'_> {
    /// Whether a row is none of a user; those between users are counted, and the sentences that exports end with are no rows to stand
    /// between users.
    pub(super) fn is_aside(&mut self, cells: &StringRecord, line: u64) -> bool {
        if let Some(aside) = aside(cells, &self.columns) {
            self.asides.push((line, aside));
            return true;
        }
        for (line, aside) in std::mem::take(&mut self.asides) {
            if aside == Aside::Subtotal {
                self.rows.subtotals += 1;
                continue;
            }
            let message = "this row is no user, and users follow it";
            let help = "take it out of the file: only below the last user such a row is left out";
            self.problems.at(Code::BrokenRow, self.numbers.row(line), message, help);
        }
        false
    }
}

/// What a row is that can be no user.
fn aside(cells: &StringRecord, columns: &Columns<'_>) -> Option<Aside> {
    if is_footer(cells) {
        let sums = cells.iter().map(str::trim).any(|cell| is_sum(cell) || is_counted(cell));
        return Some(if sums { Aside::Subtotal } else { Aside::End });
    }
    let text = |at: usize| cells.get(at).map_or("", str::trim);
    if !columns.identifying().all(|at| text(at).is_empty() || is_sum(text(at))) {
        return None;
    }
    let said = || (0..cells.len()).filter(|at| !text(*at).is_empty());
    let words = said().filter(|at| !is_number(text(*at))).count();
    let sums = said().any(|at| is_sum(text(at))) && words <= MOST_WORDS;
    let mut said = said();
    let heads = match (said.next(), said.next()) {
        (Some(at), None) => !columns.reads(at) && !text(at).contains('@') && !is_number(text(at)),
        _ => false,
    };
    (sums || heads).then_some(Aside::Subtotal)
}

/// Whether a text says that it is a sum: `Total`, `Subtotal for R&D`, `R&D total`; not `Total Rewards`, which is a team.
fn is_sum(text: &str) -> bool {
    let folded = fold(text);
    let begins = SUMS.iter().any(|word| {
        let rest = folded.strip_prefix(word);
        let of = |rest: &str| {
            let rest = rest.trim_start();
            rest.is_empty()
                || rest.starts_with([':', '=', '-'])
                || rest.starts_with("for ")
                || is_number(rest)
        };
        rest.is_some_and(|rest| rest.is_empty() || (!rest.starts_with(char::is_alphanumeric) && of(rest)))
    });
    let ends = SUMS.iter().any(|word| {
        let rest = folded.strip_suffix(word);
        rest.is_some_and(|rest| rest.ends_with(' ') && !rest.trim().is_empty())
    });
    begins || ends
}

fn is_number(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || ".,%-+()$\u{20ac}\u{a3} ".contains(c))
}

/// Whether a text is a word and a number: `Total: 200`. An ID may be a word, a colon and a number; none has spaces.
fn is_counted(text: &str) -> bool {
    let parted = text.contains(char::is_whitespace).then(|| text.rsplit_once([':', '='])).flatten();
    parted.is_some_and(|(word, number)| {
        let number = number.trim();
        let digits = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b' ');
        word.chars().any(char::is_alphabetic) && !number.is_empty() && number.bytes().all(digits)
    })
}

/// Whether a row can be nothing but a footer: one cell alone says something, and that can be no user: a word and a number
/// (`Total: 200`), or one of the sentences that exports end with.
fn is_footer(cells: &StringRecord) -> bool {
    let mut said = cells.iter().map(str::trim).filter(|cell| !cell.is_empty());
    let (Some(text), None) = (said.next(), said.next()) else { return false };
    let folded = fold(text);
    let begins = ENDS.iter().any(|word| {
        let rest = folded.strip_prefix(word);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', ':', '=']))
    });
    !text.contains('@') && (is_counted(text) || begins)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::export::columns::Finder;

    fn row(cells: &[&str]) -> StringRecord {
        StringRecord::from(cells.to_vec())
    }

    #[test]
    fn only_what_can_be_no_user_is_a_footer() {
        for footer in [
            "Total: 200",
            "Summe = 1.204",
            "TOTAL",
            "Grand total 200",
            "Generated on 2026-05-01",
            "End of report",
        ] {
            assert!(is_footer(&row(&["", footer, " "])), "{footer}");
        }
        for user in [
            "E0099",
            "200",
            "Ada Lovelace",
            "total@acme.example",
            "Totalis",
            "E1:E2",
            "HR:1001",
            "Generatedby",
        ] {
            assert!(!is_footer(&row(&[user, "", ""])), "{user}");
        }
        assert!(!is_footer(&row(&["Total: 2", "ada@acme.example"])));
        assert!(!is_footer(&row(&["", ""])));
    }

    #[test]
    fn a_row_without_anybody_that_sums_up_or_heads_others_is_aside() {
        // Mail, Name, Team, and two columns that nobody reads.
        let columns =
            Columns { user: vec![(0, Finder::Any), (1, Finder::Any)], upn: Some(2), ..Columns::default() };
        for cells in [
            &["", "", "", "R&D total", "12"][..],
            &["Subtotal", "", "", "R&D", "1,204.50"],
            &["", "", "", "Total for R&D", "12"],
            &["Total: 12", "", "", "", ""],
            &["", "", "", "Cost centre 1200", ""],
            &["", "", "", "Zwischensumme", "3"],
        ] {
            assert_eq!(aside(&row(cells), &columns), Some(Aside::Subtotal), "{cells:?}");
        }
        for cells in [
            &["ada@acme.example", "", "", "Total Rewards", "12"][..],
            &["", "", "", "Total Rewards", "12"],
            &["", "", "", "Ada Lovelace", "R&D"],
            &["", "", "", "ada@acme.example", ""],
            &["", "", "", "12", ""],
            &["", "", "Ada", "", ""],
            &["", "E1", "", "Total", "12"],
        ] {
            assert_eq!(aside(&row(cells), &columns), None, "{cells:?}");
        }
        assert_eq!(aside(&row(&["Generated on 2026-05-01", "", "", "", ""]), &columns), Some(Aside::End));
    }
}
