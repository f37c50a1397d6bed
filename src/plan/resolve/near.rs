//! What may have been meant by a reference that means nobody?

use crate::model::{Folded, Key, Phrase, Piece};
use crate::phrase;
use crate::plan::resolve::resolution::Resolution;

/// A reference or value that is close to a key, for "did you mean"; at most three.
pub(in crate::plan) fn near(resolution: &Resolution<'_>, wanted: &Folded) -> Vec<Phrase> {
    let mut found: Vec<(usize, &str)> = Vec::new();
    for (key, _) in resolution.declared.entries().iter().chain(resolution.observed.entries()) {
        let (Key::Address(text) | Key::EmployeeId(text) | Key::Name(text)) = *key else { continue };
        if text.len().abs_diff(wanted.key().len()) <= 2 {
            let distance = strsim::osa_distance(text, wanted.key());
            if distance <= 2 {
                found.push((distance, text));
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found.into_iter().take(3).map(|(_, text)| phrase!["did you mean ", Piece::personal(&text), "?"]).collect()
}
