//! How are texts written into the YAML of a proposal?

/// A text as YAML takes it within braces and lists.
pub(super) fn scalar(text: &str) -> String {
    let is_plain = text.starts_with(char::is_alphabetic)
        && text.chars().all(|c| c.is_alphanumeric() || " _.-/&".contains(c))
        && !text.ends_with(' ');
    let folded = text.to_lowercase();
    let is_word = matches!(&*folded, "null" | "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n");
    if is_plain && !is_word { text.to_owned() } else { format!("'{}'", text.replace('\'', "''")) }
}

/// Texts as a list within brackets.
pub(super) fn list<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let texts: Vec<String> = texts.into_iter().map(scalar).collect();
    format!("[{}]", texts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_quoted_where_yaml_would_take_it_for_something_else() {
        for (text, written) in [
            ("Work Email", "Work Email"),
            ("R&D", "R&D"),
            ("Employee #", "'Employee #'"),
            ("Status [READ ONLY]", "'Status [READ ONLY]'"),
            ("a: b", "'a: b'"),
            ("1200", "'1200'"),
            ("Yes", "'Yes'"),
            ("it's", "'it''s'"),
            ("Büro", "Büro"),
        ] {
            assert_eq!(scalar(text), written);
        }
    }
}
