//! How are rollback files listed?

use std::borrow::Cow;
use std::io;

use crate::render::count::entries;
use crate::render::json::Counted;
use crate::render::table::{self, TableForm};

/// A rollback file.
#[derive(Debug, Clone)]
pub struct Row {
    /// When its apply began.
    pub when: String,
    /// The first digits of the plan that was carried out.
    pub digest: String,
    /// How much of the account it is about, where that can be read.
    pub before: Option<Counted>,
    /// The file.
    pub file: String,
}

/// Writes them a line each, in their order.
pub fn table(out: &mut dyn io::Write, rows: &[Row], form: TableForm) -> io::Result<()> {
    table::write(out, form, ["APPLY", "PLAN", "ABOUT", "FILE"], || {
        rows.iter().map(|row| {
            let about = row.before.as_ref().map_or_else(|| "?".to_owned(), words);
            [
                Cow::Borrowed(&*row.when),
                Cow::Borrowed(&*row.digest),
                Cow::Owned(about),
                Cow::Borrowed(&*row.file),
            ]
        })
    })
}

fn words(&Counted { users, groups, exclusions }: &Counted) -> String {
    entries([users, groups, exclusions]).unwrap_or_else(|| "what was made only".to_owned())
}
