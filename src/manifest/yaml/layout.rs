//! Is a file laid out with characters that only look like those that YAML is laid out with?

use std::ops::Range;

use crate::diag::{Code, Diagnostic, Source};
use crate::model::{is_hidden, is_odd_space};

/// What stands where YAML needs something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Astray {
    /// A space that is none before the text of a line.
    Indentation(char),
    /// A space that is none behind a dash or colon.
    Behind(char),
    /// A longer dash before an item of a list.
    Dash(char),
    /// A wide colon behind a key.
    Colon(char),
}

/// The one cause of whatever else is wrong with a file whose layout was copied from a page or a document.
pub(in crate::manifest) fn cause(source: &Source) -> Option<Diagnostic> {
    let text = source.text();
    if text.is_ascii() {
        return None;
    }
    let mut lines = (1..=source.line_count()).filter_map(|number| {
        let line = source.line(number);
        let (astray, range) = in_line(text.get(line.clone())?)?;
        Some((number, astray, line.start + range.start..line.start + range.end))
    });
    let (number, astray, range) = lines.next()?;
    let more = match lines.count() {
        0 => String::new(),
        1 => ", and 1 more line is like it".to_owned(),
        more => format!(", and {more} more lines are like it"),
    };
    let (what, instead) = match astray {
        Astray::Indentation(c) => (format!("is indented with {}", called(c)), "indent with ordinary spaces"),
        Astray::Behind(c) => {
            (format!("has {} behind a dash or colon", called(c)), "put an ordinary space there")
        }
        Astray::Dash(c) => (format!("begins with a long dash (U+{:04X})", u32::from(c)), "write `-`"),
        Astray::Colon(c) => {
            (format!("has a wide colon (U+{:04X}) behind a key", u32::from(c)), "write `:` and a space")
        }
    };
    let message = format!("line {number} {what}, as copied from a page{more}");
    Some(Diagnostic::new(Code::Syntax, source.span(range), message).help(instead))
}

fn called(c: char) -> String {
    let kind = match c {
        '\u{a0}' | '\u{202f}' => "no-break spaces",
        _ if is_hidden(c) => "characters that nobody sees",
        _ => "spaces of another width",
    };
    format!("{kind} (U+{:04X})", u32::from(c))
}

/// What is astray in one line, and where.
fn in_line(line: &str) -> Option<(Astray, Range<usize>)> {
    let strange = |c: char| is_odd_space(c) || is_hidden(c);
    let blank = |c: char| matches!(c, ' ' | '\t');
    let indentation = line.len() - line.trim_start_matches(|c| strange(c) || blank(c)).len();
    let (before, text) = line.split_at(indentation);
    if text.is_empty() || text.starts_with('#') {
        return None;
    }
    if let Some(c) = before.chars().find(|c| strange(*c)) {
        return Some((Astray::Indentation(c), 0..indentation));
    }
    let at = |from: usize, c: char, astray: fn(char) -> Astray| {
        Some((astray(c), indentation + from..indentation + from + c.len_utf8()))
    };
    let first = text.chars().next()?;
    let behind = text.get(first.len_utf8()..)?.chars().next();
    if matches!(first, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2022}')
        && behind.is_some_and(|c| blank(c) || strange(c))
    {
        return at(0, first, Astray::Dash);
    }
    if let Some(c) = behind.filter(|c| first == '-' && strange(*c)) {
        return at(1, c, Astray::Behind);
    }
    let key = text.strip_prefix("- ").map_or(0, |_| 2);
    let length = text.get(key..)?.find(|c: char| !c.is_ascii_alphanumeric())?;
    let mut rest = text.get(key + length..)?.chars();
    match (rest.next()?, rest.next()) {
        _ if length == 0 => None,
        (colon @ '\u{ff1a}', _) => at(key + length, colon, Astray::Colon),
        (':', Some(c)) if strange(c) => at(key + length + 1, c, Astray::Behind),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Sources;

    #[test]
    fn what_only_looks_like_layout_is_the_cause() {
        for (text, message) in [
            (
                "users:\n\u{a0}\u{a0}- email: a\n",
                "line 2 is indented with no-break spaces (U+00A0), as copied from a page",
            ),
            (
                "a:\n \u{2003}b: 1\n\u{3000}c: 2\n\u{3000}d: 3\n",
                "line 2 is indented with spaces of another width (U+2003), as copied from a page, and 2 more lines are like it",
            ),
            (
                "\u{200b}users:\n",
                "line 1 is indented with characters that nobody sees (U+200B), as copied from a page",
            ),
            (
                "users:\n- email:\u{a0}a\n",
                "line 2 has no-break spaces (U+00A0) behind a dash or colon, as copied from a page",
            ),
            (
                "users:\n-\u{a0}email: a\n",
                "line 2 has no-break spaces (U+00A0) behind a dash or colon, as copied from a page",
            ),
            ("users:\n– email: a\n", "line 2 begins with a long dash (U+2013), as copied from a page"),
            ("users:\n• email: a\n", "line 2 begins with a long dash (U+2022), as copied from a page"),
            ("users：\n", "line 1 has a wide colon (U+FF1A) behind a key, as copied from a page"),
        ] {
            let mut sources = Sources::default();
            let cause = cause(sources.add("a.yaml", text).unwrap());
            assert_eq!(cause.map(|it| it.message).as_deref(), Some(message), "{text:?}");
        }
        for fine in ["a: Zoë\u{a0}B\n", "# \u{a0}x\n\u{a0}# y\n\u{a0}\n", "a: – b\n", "営業：x\n", "- 'Ω'\n"]
        {
            let mut sources = Sources::default();
            assert_eq!(cause(sources.add("a.yaml", fine).unwrap()), None, "{fine:?}");
        }
    }
}
