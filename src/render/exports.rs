//! How much was read of an HR export, in words.

use crate::model::Export;
use crate::render::words::counted as number;

/// Its rows and groups, and what of it came to nothing.
pub fn counted(export: &Export) -> String {
    let rows = export.rows;
    let mut words = format!("{} of {}, ", number(as_count(rows.read), "row", "rows"), export.name);
    words.push_str(&number(export.groups.len(), "group", "groups"));
    if rows.without_group > 0 {
        words.push_str(&format!("; {} in no group", number(as_count(rows.without_group), "row", "rows")));
    }
    if rows.left_out > 0 {
        words.push_str(&format!("; {} left out by `where`", number(as_count(rows.left_out), "row", "rows")));
    }
    words
}

fn as_count(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}
