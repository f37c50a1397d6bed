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

#[cfg(test)]
mod tests {
    use super::nearest;

    const KEYS: [&str; 4] = ["displayName", "email", "groups", "upn"];

    #[test]
    fn a_slip_of_the_keys_is_recognised() {
        assert_eq!(nearest("emial", KEYS), Some("email"));
        assert_eq!(nearest("display_name", KEYS), Some("displayName"));
        assert_eq!(nearest("UPN", KEYS), Some("upn"));
        assert_eq!(nearest("group", KEYS), Some("groups"));
    }

    #[test]
    fn another_word_is_not_a_slip() {
        assert_eq!(nearest("salary", KEYS), None);
        assert_eq!(nearest("e", KEYS), None);
        assert_eq!(nearest("", KEYS), None);
    }
}
