//! How does a temporary say that it is one? By what it ends with.

/// What a temporary ends with. As the end of a domain it is one that nobody can have (RFC 2606), and as the end of anything
/// else it says whose doing it is.
pub(in crate::model) const MARK: &str = ".rollcall.invalid";

/// Whether a text, whatever it is, is a temporary.
pub fn is_temporary(text: &str) -> bool {
    text.len() > MARK.len() && text.ends_with(MARK)
}

/// Whether a text ends as temporaries do, in any case of letters.
pub(crate) fn ends_like_a_temporary(text: &str) -> bool {
    let end = text.len().checked_sub(MARK.len()).and_then(|at| text.get(at..));
    end.is_some_and(|end| end.eq_ignore_ascii_case(MARK))
}

/// A text without the end that makes it look like a temporary.
pub fn without_mark(text: &str) -> &str {
    let text = text.trim();
    if ends_like_a_temporary(text) { &text[..text.len() - MARK.len()] } else { text }
}

/// What a temporary stands for; none if the text is no temporary.
pub(in crate::model) fn stood_for(text: &str) -> Option<&str> {
    text.strip_suffix(MARK).filter(|text| !text.is_empty())
}
