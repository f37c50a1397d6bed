//! How is a hostile text made harmless? Names come from accounts and manifests and may hold anything.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The text with everything that acts instead of being seen written out: control characters and ANSI escapes, line
/// breaks, bidirectional overrides, invisible marks.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(acts) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if acts(c) {
            // Writing to a String cannot fail.
            let _ = write!(shown, "{}", c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// Whether a terminal, a browser or a reader's eye would obey the character rather than show it.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A Markdown code span: in it no markup, HTML, link or mention works.
pub(crate) fn code_span(text: &str) -> String {
    let text = visible(text);
    let text = tame(&text);
    let fence = "`".repeat(longest_run(&text) + 1);
    // A space keeps backticks at the ends apart from the fence; GitHub strips one space from each end.
    let space =
        if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) || text.is_empty() { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// The fence that closes no earlier than it should around `text`: at least three backticks.
pub(crate) fn fence(text: &str) -> String {
    "`".repeat((longest_run(text) + 1).max(3))
}

/// The text with its backticks written out if so many stand together that a fence around them would be a wall.
pub(crate) fn tame(text: &str) -> Cow<'_, str> {
    if longest_run(text) > WALL { Cow::Owned(text.replace('`', "\\u{60}")) } else { Cow::Borrowed(text) }
}

const WALL: usize = 8;

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_is_written_out_and_the_rest_stays() {
        for (hostile, shown) in [
            ("\u{1b}[2Jgone", "\\u{1b}[2Jgone"),
            ("a\nb\r", "a\\u{a}b\\u{d}"),
            ("\u{202e}nimda", "\\u{202e}nimda"),
            ("\u{9b}31m", "\\u{9b}31m"),
            ("Zoë 李 👩‍", "Zoë 李 👩\\u{200d}"),
            ("a | `b` <script>", "a | `b` <script>"),
        ] {
            assert_eq!(visible(hostile), shown);
        }
    }

    #[test]
    fn a_code_span_cannot_be_left() {
        assert_eq!(code_span("@team <script>"), "`@team <script>`");
        assert_eq!(code_span("a`b``c"), "```a`b``c```");
        assert_eq!(code_span("`"), "`` ` ``");
        assert_eq!(fence("a ```` b"), "`````");
        assert_eq!(fence("plain"), "```");
        assert_eq!(tame("`````````"), "\\u{60}".repeat(9));
    }
}
