//! How much of a body may errors and logs show?

use crate::http::secret::Secret;

/// The beginning of a body, safe to print: one line, no control characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt(Box<str>);

/// As much of a body as an error keeps, in bytes.
const KEPT: usize = 2048;
/// As much as an error prints, in characters.
const SHOWN: usize = 200;

impl Excerpt {
    /// The first 2048 bytes of a body, control characters replaced by spaces, secrets struck out.
    pub(in crate::http) fn of(body: &[u8], secrets: &[Secret]) -> Self {
        // Secrets go before the cut, so that no half of one stays at the end.
        let text = String::from_utf8_lossy(&body[..body.len().min(8 * KEPT)]).into_owned();
        let text = secrets.iter().fold(text, |text, secret| secret.strike_from(&text));
        let plain: String = text.chars().map(|c| if is_plain(c) { c } else { ' ' }).collect();
        let end = plain.floor_char_boundary(KEPT);
        Self(plain[..end].trim().into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a character neither moves the cursor nor hides or reorders text.
fn is_plain(c: char) -> bool {
    let reorders = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !c.is_control() && !reorders && c != '\u{feff}'
}

impl std::fmt::Display for Excerpt {
    /// The first 200 characters.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let end = self.0.char_indices().nth(SHOWN).map_or(self.0.len(), |(at, _)| at);
        let more = if end < self.0.len() { "…" } else { "" };
        write!(f, "{}{more}", &self.0[..end])
    }
}

#[cfg(test)]
mod tests {
    use super::Excerpt;

    #[test]
    fn an_excerpt_is_one_short_line_without_control_characters() {
        let excerpt = Excerpt::of("<html>\r\n\u{1b}[31mNo\u{202e} entry\u{7}</html>\n".as_bytes(), &[]);
        assert_eq!(excerpt.as_str(), "<html>   [31mNo  entry </html>");
        let long = Excerpt::of("ä".repeat(5000).as_bytes(), &[]).to_string();
        assert_eq!(long.chars().count(), 200 + 1);
        assert_eq!(Excerpt::of(b"", &[]).to_string(), "");
    }
}
