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
        words.push(format!("{} left out by `where`", rows(export.rows.left_out)));
    }
    if export.rows.footers > 0 {
        let footers = usize::try_from(export.rows.footers).unwrap_or(usize::MAX);
        words.push(number(footers, "footer", "footers"));
    }
    words.join("; ")
}
