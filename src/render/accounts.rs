//! How do the accounts of a repository read on a terminal?

use std::borrow::Cow;
use std::io;

use crate::fleet::{Because, Selected, Selection};
use crate::model::Platform;
use crate::render::count::counted;
use crate::render::escape::visible;
use crate::render::json::because;
use crate::render::table::{self, TableForm};

/// Writes which accounts are to be planned, and why.
pub fn accounts(out: &mut dyn io::Write, selection: &Selection, form: TableForm) -> io::Result<()> {
    let platform = |it: &Selected| it.platform.as_ref().map_or("?", Platform::word);
    if !selection.accounts.is_empty() {
        let head = ["NAME", "PLATFORM", "FOLDER", "BECAUSE"];
        table::write(out, form, head, || selection.accounts.iter().map(|it| row(it, platform(it))))?;
    }
    for folder in &selection.gone {
        writeln!(out, "gone: {}: nothing is done about its account", visible(&folder.display().to_string()))?;
    }
    let count = counted(selection.accounts.len(), "account", "accounts");
    match &selection.since {
        Some(_) => writeln!(out, "{count} of {} changed", selection.accounts.len() + selection.others),
        None => writeln!(out, "{count}"),
    }
}

fn row<'a>(account: &'a Selected, platform: &'static str) -> [Cow<'a, str>; 4] {
    let because = account.because.as_ref().map_or(Cow::Borrowed(""), |it: &Because| because(it).into());
    [
        account.name.as_deref().unwrap_or("?").into(),
        platform.into(),
        account.folder.to_string_lossy(),
        because,
    ]
}
