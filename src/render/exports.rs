//! How much was read of an HR export, in words.

use crate::model::Export;
use crate::render::count::counted as number;

/// Its rows and groups, and what of it came to nothing.
pub fn counted(export: &Export) -> String {
    let rows = |count: u64| number(usize::try_from(count).unwrap_or(usize::MAX), "row", "rows");
    let groups = number(export.groups.len(), "group", "groups");
    let mut words = vec![format!("{} of {}, {groups}", rows(export.rows.read), export.name)];
    if export.rows.without_group > 0 {
        words.push(format!("{} in no group", rows(export.rows.without_group)));
    }
    if export.rows.left_out > 0 {
        words.push(format!("{} left out by {}", rows(export.rows.left_out), by(export)));
    }
    if export.rows.not_primary > 0 {
        words.push(format!("{} not primary", rows(export.rows.not_primary)));
    }
    if export.rows.subtotals > 0 {
        words.push(format!("{} of sums or headings", rows(export.rows.subtotals)));
    }
    if export.rows.cut_names > 0 {
        let names = usize::try_from(export.rows.cut_names).unwrap_or(usize::MAX);
        words.push(format!("{} cut short", number(names, "name", "names")));
    }
    let counts = [
        ("untracked", export.rows.untracked),
        ("remove", export.rows.removing),
        ("erase", export.rows.erasing),
    ];
    for (key, count) in counts {
        // Where a source asks for it, none is worth a word too: its value may be misspelt.
        if export.bounds.only.iter().any(|it| it.key == key) {
            words.push(format!("{} with `{key}`", rows(count)));
        }
    }
    if export.rows.footers > 0 {
        let footers = usize::try_from(export.rows.footers).unwrap_or(usize::MAX);
        words.push(number(footers, "footer", "footers"));
    }
    words.join("; ")
}

/// The keys that leave rows out.
fn by(export: &Export) -> &'static str {
    let asks = |key: &str| export.bounds.only.iter().any(|it| it.key == key);
    match (asks("where"), asks("unless")) {
        (true, true) => "`where` and `unless`",
        (false, true) => "`unless`",
        (_, false) => "`where`",
    }
}
