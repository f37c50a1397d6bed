//! What YAML allows and manifests do not, and how each refusal reads.

use granit_parser::ErrorKind;

use crate::diag::{Code, Diagnostic, Source, Span};
use crate::model::is_control;

/// An alias, which a login for any domain looks like.
pub(super) fn alias(span: Span, written: &str) -> Diagnostic {
    let it = Diagnostic::new(Code::AnchorOrAlias, span, format!("`{written}` reads as an alias"));
    if written.contains(['\\', '/']) {
        it.help(format!("a login for any domain stands in single quotes: '{written}'"))
    } else {
        it.help("write the value out; a text that begins with `*` stands in single quotes")
    }
}

/// An anchor.
pub(super) fn anchor(span: Span, written: &str) -> Diagnostic {
    Diagnostic::new(Code::AnchorOrAlias, span, format!("`{written}` reads as an anchor"))
        .help("take it out; a text that begins with `&` stands in single quotes")
}

/// A tag.
pub(super) fn tag(span: Span, written: &str) -> Diagnostic {
    Diagnostic::new(Code::Tag, span, format!("`{written}` reads as a tag"))
        .help("take it out; a text that begins with `!` stands in single quotes")
}

/// A text over the budget.
pub(super) fn long(span: Span, bytes: usize, most: usize) -> Diagnostic {
    Diagnostic::new(Code::TooLong, span, format!("this text has {bytes} bytes, at most {most} are read"))
        .help("look for a quote left open or a block that swallowed the lines below it")
}

/// The first character that no text holds.
pub(super) fn control_in(text: &str) -> Option<char> {
    text.chars().find(|c| is_control(*c))
}

/// A control character in double quotes, most often made by an escape.
pub(super) fn control(span: Span, control: char, written: &str) -> Diagnostic {
    let found = format!("this text holds {}", name(control));
    if written.contains(control) {
        return Diagnostic::new(Code::ControlCharacter, span, found)
            .help("write the text in one line, with spaces");
    }
    let message = format!("{found}, made by an escape in double quotes");
    let it = Diagnostic::new(Code::ControlCharacter, span, message);
    let inside = written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(written);
    if inside.contains(['\'', '\n']) {
        it.help("in single quotes a backslash is a backslash")
    } else {
        it.help(format!("in single quotes a backslash is a backslash: '{inside}'"))
    }
}

/// What stopped the parser.
pub(super) fn syntax(source: &Source, at: usize, kind: &ErrorKind) -> Diagnostic {
    let end = source.text().get(at..).and_then(|rest| rest.chars().next()).map_or(at, |c| at + c.len_utf8());
    let span = source.span(at..end);
    match kind {
        ErrorKind::RecursionLimitExceeded => {
            let message = "lists and mappings are nested more than 64 deep";
            Diagnostic::new(Code::TooDeep, span, message)
        }
        ErrorKind::UnexpectedCharacter { character } if character.is_control() => {
            let message = format!("the file holds {}", name(*character));
            Diagnostic::new(Code::ControlCharacter, span, message)
                .help("take it out; if the file is full of them, it is no UTF-8 text")
        }
        ErrorKind::UnknownQuotedScalarEscape
        | ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidUnicodeEscape
        | ErrorKind::MissingLowSurrogate => Diagnostic::new(Code::Syntax, span, kind.to_string()).help(
            "in double quotes a backslash starts an escape; write logins in single quotes: 'ACME\\lee'",
        ),
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabInPlainScalar
        | ErrorKind::TabAtBlockScalarStart => {
            Diagnostic::new(Code::Syntax, span, kind.to_string()).help("indent with spaces")
        }
        _ => Diagnostic::new(Code::Syntax, span, kind.to_string()),
    }
}

/// A control character as people know it.
fn name(control: char) -> String {
    let known = match control {
        '\0' => "a zero character",
        '\u{7}' => "a bell",
        '\u{8}' => "a backspace",
        '\t' => "a tab",
        '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => "a line break",
        '\u{b}' => "a vertical tab",
        '\u{c}' => "a form feed",
        '\u{1b}' => "an escape character",
        _ => "a control character",
    };
    format!("{known} (U+{:04X})", u32::from(control))
}
