//! How is a name written as the name of a file?

use std::collections::BTreeMap;

use icu_normalizer::DecomposingNormalizer;
use sha2::{Digest as _, Sha256};

use crate::model::{hex, tidy};

/// Names that some systems give no file.
const RESERVED: [&str; 7] = ["con", "prn", "aux", "nul", "com1", "lpt1", ""];

/// A name as a file can have it everywhere: letters and digits of ASCII, and hyphens between them.
pub(super) fn slug(name: &str) -> String {
    let bare = DecomposingNormalizer::new_nfd().normalize(&tidy(name)).to_lowercase();
    let words = bare.split(|c: char| !c.is_ascii_alphanumeric() && !is_mark(c));
    let words = words.map(|word| word.replace(is_mark, "")).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

/// Whether a name is taken: by a system, or by something else of that folder.
pub(super) fn is_reserved(slug: &str, taken: &[&str]) -> bool {
    RESERVED.contains(&slug) || taken.contains(&slug)
}

/// A file name for each of some names, none of them `taken`. One that would be another's too ends with digits of the name's hash, and
/// so depends on nothing else that is there.
pub(super) fn distinct<'n>(
    names: impl IntoIterator<Item = &'n str>,
    taken: &[&str],
) -> BTreeMap<Box<str>, String> {
    let mut by_slug: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for name in names {
        by_slug.entry(slug(name)).or_default().push(name);
    }
    let mut files = BTreeMap::new();
    for (slug, names) in by_slug {
        let is_alone = names.len() == 1 && !is_reserved(&slug, taken);
        for name in names {
            let digits = hex(&Sha256::digest(name))[..8].to_owned();
            let file = if is_alone { slug.clone() } else { format!("{slug}-{digits}") };
            files.insert(name.into(), file.trim_start_matches('-').to_owned());
        }
    }
    files
}

/// Whether a character is a mark on the letter before it.
const fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_a_file_can_t_tell_apart_get_names_that_stay() {
        let of = |names: &[&str]| distinct(names.iter().copied(), &["no-team"]);
        let files = of(&["R&D", "r d", "Köln", "No team", "Отдел", "AUX"]);
        assert_eq!(files["Köln"], "koln");
        for name in ["R&D", "r d", "No team", "AUX"] {
            let (start, digits) = files[name].rsplit_once('-').unwrap();
            assert_eq!((start.to_owned(), digits.len()), (slug(name), 8));
        }
        assert_eq!(files["Отдел"].len(), 8);
        assert_ne!(files["R&D"], files["r d"]);
        assert_eq!(of(&["r d", "R&D"]), of(&["R&D", "r d"]), "whatever the order");
    }
}
