//! How is a text written, so that its reader sees all of it?

use std::fmt::Write as _;

/// A text in double quotes, where whatever may be odd about it is an escape.
pub fn written_out(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2 + 2);
    out.push('"');
    let last = text.char_indices().next_back().map(|(at, _)| at);
    let mut before = None;
    for (at, c) in text.char_indices() {
        let next = text.get(at + c.len_utf8()..).unwrap_or_default();
        let within = before.is_some_and(char::is_alphanumeric) && next.starts_with(char::is_alphanumeric);
        let bare =
            text.len() > 1 && last == Some(at) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        match c {
            '\\' => out.push_str("\\\\"),
            ' ' if before.is_some_and(|before| before != ' ') && last != Some(at) => out.push(c),
            '@' | '/' => out.push(c),
            '.' | '-' | '_' if !text.is_ascii() && within => out.push(c),
            _ if c.is_ascii_alphanumeric() && !bare => out.push(c),
            _ => escape(c, &mut out),
        }
        before = Some(c);
    }
    out.push('"');
    out
}

fn escape(c: char, out: &mut String) {
    let code = u32::from(c);
    // Writing to a String cannot fail.
    let _ = match code {
        0..=0xff => write!(out, "\\x{code:02x}"),
        0x100..=0xffff => write!(out, "\\u{code:04x}"),
        _ => write!(out, "\\U{code:08x}"),
    };
}
