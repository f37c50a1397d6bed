//! When two texts are the same identifier or name.

use icu_casemap::CaseMapper;
use icu_normalizer::ComposingNormalizerBorrowed;

use crate::sandbox::seed::Login;

/// The form two equal texts share: trimmed, NFC, case folded. The API document leaves it open; this is the strict reading
/// for everything that has to be unique.
pub(crate) fn fold(text: &str) -> String {
    let text = text.trim();
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let nfc = ComposingNormalizerBorrowed::new_nfc();
    let folded = CaseMapper::new().fold_string(&nfc.normalize(text)).into_owned();
    nfc.normalize(&folded).into_owned()
}

/// Whether two texts are the same identifier or name.
pub(crate) fn same(left: &str, right: &str) -> bool {
    left == right || fold(left) == fold(right)
}

/// Whether two logins are one: the same username on the same domain, or both on any.
pub(crate) fn same_login(left: &Login, right: &Login) -> bool {
    same(&left.user, &right.user) && left.domain_name().map(fold) == right.domain_name().map(fold)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_form_and_outer_space_do_not_tell_names_apart() {
        for (left, right) in [("Ana", " ANA "), ("Zoë", "ZOE\u{308}"), ("Straße", "STRASSE")] {
            assert!(same(left, right), "{left} is not {right}");
        }
        assert!(!same("Ana", "Anna"));
    }
}
