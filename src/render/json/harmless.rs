//! How does JSON hold whatever there is, so that nothing obeys it and every value stays what it was?

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{CharEscape, CompactFormatter, Formatter, PrettyFormatter};

use crate::render::escape::acts;

/// As another formatter lays it out, and with an escape for each character that acts instead of being seen, and for the bracket behind two hashes that
/// runners of CI take for a command wherever it stands.
#[derive(Debug)]
struct Harmless<F>(F);

impl<F: Formatter> Formatter for Harmless<F> {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        let hashes = fragment.contains("##");
        if !hashes && !fragment.contains(|c: char| !c.is_ascii() && acts(c) || c == '\u{7f}') {
            return out.write_all(fragment.as_bytes());
        }
        let mut units = [0; 2];
        for c in fragment.chars() {
            if acts(c) || hashes && c == '[' {
                c.encode_utf16(&mut units).iter().try_for_each(|unit| write!(out, "\\u{unit:04x}"))?;
            } else {
                out.write_all(c.encode_utf8(&mut [0; 4]).as_bytes())?;
            }
        }
        Ok(())
    }

    fn write_char_escape<W: ?Sized + Write>(&mut self, out: &mut W, escape: CharEscape) -> io::Result<()> {
        self.0.write_char_escape(out, escape)
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}

/// Writes a document with a line break at its end.
pub(crate) fn write(out: &mut dyn Write, document: &impl Serialize) -> io::Result<()> {
    document.serialize(&mut Serializer::with_formatter(&mut *out, Harmless(PrettyFormatter::new())))?;
    writeln!(out)
}

/// A document in one line, as a text.
pub(crate) fn in_a_line(document: &impl Serialize) -> serde_json::Result<String> {
    let mut line = Vec::new();
    document.serialize(&mut Serializer::with_formatter(&mut line, Harmless(CompactFormatter)))?;
    // A serializer writes text, and escapes are ASCII.
    Ok(String::from_utf8_lossy(&line).into_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::write;
    use crate::render::through;

    proptest! {
        #[test]
        fn json_reads_back_as_it_was_and_the_door_has_nothing_to_do(
            text in "(\\PC|[\u{0}-\u{2f}\u{7f}-\u{9f}\u{200b}-\u{202f}\u{2060}-\u{206f}\u{feff}\u{e0001}]|::|##\\[|##vso\\[|\"){0,24}",
        ) {
            let value = serde_json::json!({ &text: [&text, { "a": &text }, [], {}] });
            let mut out = Vec::new();
            write(&mut out, &value).unwrap();
            prop_assert_eq!(serde_json::from_slice::<serde_json::Value>(&out).unwrap(), value);
            let shown = String::from_utf8(out.clone()).unwrap();
            prop_assert_eq!(through(&out), out, "{}", shown);
        }
    }
}
