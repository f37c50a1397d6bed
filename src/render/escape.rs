//! How is a hostile text made harmless? Names come from accounts and manifests and may hold anything.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::model::{is_hidden, is_odd_space, strange_in};

/// The text with everything that acts instead of being seen written out: control characters and ANSI escapes, line
/// breaks, bidirectional overrides, invisible marks; what makes two texts look alike: spaces that are none or several, and
/// letters of another alphabet than their word; and what would open a comment of HTML, among which a plan is known again.
pub fn visible(text: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_ascii() && !c.is_control();
    if text.chars().all(plain) && !text.contains("  ") && !text.contains(COMMENT) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(if length == 0 { c.len_utf8() } else { length });
        let strange = strange_in(word);
        for c in word.chars() {
            let again =
                c == ' ' && shown.ends_with(' ') && !shown.trim_end().is_empty() && !behind.trim().is_empty();
            if again || acts(c) || deceives(c, &shown) || strange(c) {
                // Writing to a String cannot fail.
                let _ = write!(shown, "{}", c.escape_unicode());
            } else {
                shown.push(c);
            }
        }
        rest = behind;
    }
    if shown.contains(COMMENT) {
        shown = shown.replace(COMMENT, "<\\u{21}--");
    }
    if shown == text { Cow::Borrowed(text) } else { Cow::Owned(shown) }
}

/// How a comment of HTML begins.
const COMMENT: &str = "<!--";

/// Whether a terminal, a browser or a reader's eye would obey the character rather than show it.
pub(crate) fn acts(c: char) -> bool {
    c.is_control() || is_hidden(c) || matches!(c, '\u{200c}' | '\u{200d}' | '\u{2028}' | '\u{2029}')
}

/// Whether a character passes for a plain space or hyphen. A wide space is at home behind a letter of a wide script.
fn deceives(c: char, before: &str) -> bool {
    let wide = |c: char| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}');
    c == '\u{2011}' || is_odd_space(c) && !(c == '\u{3000}' && before.ends_with(wide))
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

/// A block of code, in which nothing is markup and which nothing in it ends.
pub(crate) fn code_block(kind: &str, text: &str) -> String {
    let text = tame(text);
    let fence = fence(&text);
    format!("{fence}{kind}\n{}\n{fence}\n", text.trim_end_matches('\n'))
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
            ("London\u{a0}office", "London\\u{a0}office"),
            ("London  office", "London \\u{20}office"),
            ("  a ", "  a "),
            ("<!-- rollcall", "<\\u{21}-- rollcall"),
            ("London\u{2011}Nord", "London\\u{2011}Nord"),
            ("`L\u{43e}nd\u{43e}n`, Москва", "`L\\u{43e}nd\\u{43e}n`, Москва"),
            ("山田\u{3000}太郎", "山田\u{3000}太郎"),
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
