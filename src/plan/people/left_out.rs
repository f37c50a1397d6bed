//! Whom do `where` and `unless` of an export leave out, and is it somebody whom anything else speaks of?

use std::collections::BTreeMap;

use crate::model::{Export, Key, LeftOut, Phrase, Piece};
use crate::phrase;
use crate::plan::person::Person;

/// Whom exports leave out, each by one row.
pub(in crate::plan) type LeftOuts<'a> = BTreeMap<Person, (&'a Export, &'a LeftOut)>;

/// Finds whom the rows that do not count are about, by the first of their identifiers that somebody has.
pub(super) fn find(exports: &[Export], owner: impl Fn(Key<'_>) -> Option<Person>) -> LeftOuts<'_> {
    let mut found = LeftOuts::new();
    for export in exports {
        for left in &export.left_out {
            let Some(person) = left.who.iter().find_map(|who| owner(Key::from(who))) else {
                continue;
            };
            // The same row whatever the order of the rows.
            let said = |left: &LeftOut| (left.column.clone(), left.value.clone());
            let known = found.entry(person).or_insert((export, left));
            if known.0.name == export.name && said(left) < said(known.1) {
                *known = (export, left);
            }
        }
    }
    found
}

/// That a row is left out, and for what.
pub(in crate::plan) fn why(export: &Export, left: &LeftOut) -> Phrase {
    let column = format!("`{}` of {} leaves their row out: {} is ", left.by, export.name, left.column);
    match &*left.value {
        "" => phrase![column, "empty"],
        value => phrase![column, Piece::personal(&value)],
    }
}
