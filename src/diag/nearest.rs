//! Which of the known words did somebody mean?

/// A longer word is no slip of any key, and not worth the comparison.
const LONGEST: usize = 64;

/// The candidate nearest to `word`, if it is near enough to be a slip of the keys: equal but for case, or at most one edit
/// (with swaps) per three characters. Of equally near candidates the first.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > LONGEST {
        return None;
    }
    let word = word.to_lowercase();
    let far = word.chars().count().max(3) / 3;
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&word, &candidate.to_lowercase()), candidate))
        .filter(|&(edits, _)| edits <= far)
        .min_by_key(|&(edits, _)| edits)
        .map(|(_, candidate)| candidate)
}

/// How many names are suggested at most.
const SUGGESTED: usize = 3;

/// The candidates that may be meant by a part of a name, or by a slip: those with `word` in them first, and never more than
/// three.
pub fn suggestions<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let word = word.trim().to_lowercase();
    if word.is_empty() || word.len() > LONGEST {
        return Vec::new();
    }
    let far = word.chars().count().max(3) / 3;
    let mut near: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter_map(|candidate| {
            let other = candidate.to_lowercase();
            let edits = || Some(strsim::damerau_levenshtein(&word, &other)).filter(|edits| *edits <= far);
            let rank = if other.contains(&word) { Some(0) } else { edits() };
            rank.map(|rank| (rank, candidate))
        })
        .collect();
    near.sort_unstable();
    near.dedup();
    near.into_iter().take(SUGGESTED).map(|(_, candidate)| candidate).collect()
}

#[cfg(test)]
mod tests {
    use super::{nearest, suggestions};

    const KEYS: [&str; 4] = ["displayName", "email", "groups", "upn"];

    #[test]
    fn a_slip_of_the_keys_is_recognised() {
        assert_eq!(nearest("emial", KEYS), Some("email"));
        assert_eq!(nearest("display_name", KEYS), Some("displayName"));
        assert_eq!(nearest("UPN", KEYS), Some("upn"));
        assert_eq!(nearest("group", KEYS), Some("groups"));
    }

    #[test]
    fn a_part_of_a_name_suggests_the_names_that_it_may_be_of() {
        let names = ["Engineering", "Engineering UK", "Oslo office", "Sales"];
        assert_eq!(suggestions("engineer", names), ["Engineering", "Engineering UK"]);
        assert_eq!(suggestions("Enginering", names), ["Engineering"]);
        assert_eq!(suggestions("Legal", names), Vec::<&str>::new());
        assert_eq!(suggestions("", names), Vec::<&str>::new());
    }

    #[test]
    fn another_word_is_not_a_slip() {
        assert_eq!(nearest("salary", KEYS), None);
        assert_eq!(nearest("e", KEYS), None);
        assert_eq!(nearest("", KEYS), None);
    }
}
