//! What may leave the program? Whatever is printed goes through this sanitizer, and nothing behind it commands anything.
//!
//! Renderers show each name as text already ([`visible`](crate::render::visible)). The sanitizer sees lines as they come out, wrapped
//! and joined, so that what they become together is no command either, and what a renderer forgot is none.

use std::fmt::Write as _;
use std::io::{self, Write};

use crate::render::escape::acts;
use crate::render::layout::Colour;

/// A writer of text for people, before a terminal, a pipe or a log.
///
/// - A character that acts instead of being seen is written out: `\u{1b}`. Colours of ours pass where there is colour.
/// - A line that begins with `::`, whatever blanks come first, is obeyed by GitHub's runner: the second colon is written out.
/// - So is the bracket of `##[…`, `##vso[…` and `##teamcity[…`, which runners obey anywhere in a line.
#[derive(Debug)]
pub struct Sanitizer<W> {
    to: W,
    colour: Colour,
    line: Line,
    /// The beginning of a character or of a colour whose end has not come yet.
    held: Vec<u8>,
}

impl<W: Write> Sanitizer<W> {
    /// The sanitizer before `to`.
    pub const fn new(to: W, colour: Colour) -> Self {
        Self { to, colour, line: Line { begun: Begun::Blank, hashes: Hashes::None }, held: Vec::new() }
    }

    fn pass(&mut self, whole: usize) -> io::Result<()> {
        let bytes: Vec<u8> = self.held.drain(..whole).collect();
        let mut shown = String::with_capacity(bytes.len());
        let text = String::from_utf8_lossy(&bytes);
        let mut rest = &*text;
        while let Some(c) = rest.chars().next() {
            let painted = if self.colour == Colour::Ansi { colour_in(rest.as_bytes()) } else { Painted::Not };
            let length = if let Painted::Whole(length) = painted { length } else { c.len_utf8() };
            let (piece, behind) = rest.split_at(length);
            match painted {
                Painted::Whole(_) => shown.push_str(piece),
                Painted::Begun | Painted::Not => self.line.pass(c, &mut shown),
            }
            rest = behind;
        }
        self.to.write_all(shown.as_bytes())
    }
}

impl<W: Write> Write for Sanitizer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.held.extend_from_slice(bytes);
        let whole = whole(&self.held);
        self.pass(whole)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.pass(self.held.len())?;
        self.to.flush()
    }
}

/// What a text becomes behind the sanitizer, without colour.
pub fn through(text: &[u8]) -> Vec<u8> {
    let mut shown = Vec::with_capacity(text.len());
    let mut door = Sanitizer::new(&mut shown, Colour::Plain);
    // Memory takes every byte.
    let _infallible = door.write_all(text).and_then(|()| door.flush());
    shown
}

/// Whether a file that must not be changed by a byte may be shown: nothing in it acts. Tabs, ends of lines and joiners of letters
/// are at home in files.
pub fn is_harmless(file: &[u8]) -> bool {
    let text = String::from_utf8_lossy(file).replace("\r\n", "\n");
    let text = text.replace(['\t', '\u{200c}', '\u{200d}'], "");
    through(text.as_bytes()) == text.as_bytes()
}

/// What a line has said so far that a runner may take for the beginning of a command.
#[derive(Debug)]
struct Line {
    begun: Begun,
    hashes: Hashes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Begun {
    /// Nothing yet but what a runner trims.
    Blank,
    /// One colon.
    Colon,
    /// Anything else.
    Text,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hashes {
    None,
    One,
    /// Two, and perhaps a word behind them.
    Two,
}

impl Line {
    fn pass(&mut self, c: char, shown: &mut String) {
        if c == '\n' {
            *self = Self { begun: Begun::Blank, hashes: Hashes::None };
            return shown.push(c);
        }
        let commands =
            matches!((c, self.begun), (':', Begun::Colon)) || c == '[' && self.hashes == Hashes::Two;
        self.begun = match (self.begun, c) {
            (Begun::Blank, ':') => Begun::Colon,
            (Begun::Blank, c) if c.is_whitespace() && !acts(c) => Begun::Blank,
            _ => Begun::Text,
        };
        self.hashes = match (self.hashes, c) {
            (Hashes::None, '#') => Hashes::One,
            (Hashes::One | Hashes::Two, '#') => Hashes::Two,
            (Hashes::Two, c) if c.is_alphanumeric() || "-._".contains(c) => Hashes::Two,
            _ => Hashes::None,
        };
        if commands || acts(c) {
            // Writing to a String cannot fail.
            let _ = write!(shown, "{}", c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
}

/// Whether a text begins with a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Painted {
    /// So many bytes of it.
    Whole(usize),
    /// It may, once the rest is there.
    Begun,
    Not,
}

/// Longer than any colour of ours.
const LONGEST: usize = 16;

/// Only what the renderers here use: bold, faint, italic, underlined, and letters in colours that are seen on any ground.
fn colour_in(text: &[u8]) -> Painted {
    let Some(rest) = text.strip_prefix(b"\x1b") else { return Painted::Not };
    let Some(inner) = rest.strip_prefix(b"[") else {
        return if rest.is_empty() { Painted::Begun } else { Painted::Not };
    };
    let length = inner.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b';').count();
    let is_ours = |number: &[u8]| {
        matches!(number, b"" | b"0" | b"1" | b"2" | b"3" | b"4")
            || matches!(number, [b'3' | b'9', b'1'..=b'6'])
    };
    let (numbers, end) = inner.split_at(length);
    match end.first() {
        Some(b'm') if numbers.split(|byte| *byte == b';').all(is_ours) => Painted::Whole(length + 3),
        None if length < LONGEST => Painted::Begun,
        _ => Painted::Not,
    }
}

/// How many bytes end with a whole character and a whole colour.
fn whole(bytes: &[u8]) -> usize {
    let characters = match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        // What is broken within is shown as broken.
        Ok(_) | Err(_) => bytes.len() - unfinished(bytes),
    };
    let tail = characters.saturating_sub(LONGEST + 2);
    let escape = bytes.get(tail..characters).and_then(|tail| tail.iter().rposition(|byte| *byte == 0x1b));
    match escape.map(|at| tail + at) {
        Some(at) if colour_in(bytes.get(at..characters).unwrap_or_default()) == Painted::Begun => at,
        _ => characters,
    }
}

/// How many bytes at the end are a character without its end.
fn unfinished(bytes: &[u8]) -> usize {
    let last = bytes.utf8_chunks().last();
    last.map_or(0, |chunk| {
        let broken = chunk.invalid();
        let may_go_on = std::str::from_utf8(broken).is_err_and(|error| error.error_len().is_none());
        if may_go_on { broken.len() } else { 0 }
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str) -> String {
        String::from_utf8(through(text.as_bytes())).unwrap()
    }

    #[test]
    fn no_line_begins_with_what_a_runner_obeys() {
        for (text, behind) in [
            ("::error::x\n", ":\\u{3a}error::x\n"),
            ("a\n \u{a0}\u{3000} ::stop-commands::t", "a\n \u{a0}\u{3000} :\\u{3a}stop-commands::t"),
            ("\t::error::x", "\\u{9}::error::x"),
            ("\u{85}::error::x", "\\u{85}::error::x"),
            ("\u{feff}::error::x", "\\u{feff}::error::x"),
            ("a ::error::x", "a ::error::x"),
            ("crate::x", "crate::x"),
            (": :x", ": :x"),
            ("##[add-mask]x", "##\\u{5b}add-mask]x"),
            ("a ###[command]", "a ###\\u{5b}command]"),
            ("##vso[task.setvariable variable=x]y", "##vso\\u{5b}task.setvariable variable=x]y"),
            ("a ##teamcity[x]", "a ##teamcity\\u{5b}x]"),
            ("# [x], #[x], ## x [y]", "# [x], #[x], ## x [y]"),
            ("a\r::error::x", "a\\u{d}::error::x"),
        ] {
            assert_eq!(shown(text), behind, "{text:?}");
            assert_eq!(shown(behind), behind, "what is behind the door stays as it is");
        }
    }

    #[test]
    fn colours_of_ours_pass_where_there_is_colour_and_nothing_else_that_a_terminal_obeys() {
        let through = |colour, text: &str| {
            let mut shown = Vec::new();
            let mut door = Sanitizer::new(&mut shown, colour);
            // As it comes from `write!`: in pieces.
            text.as_bytes().iter().for_each(|byte| door.write_all(&[*byte]).unwrap());
            door.flush().unwrap();
            String::from_utf8(shown).unwrap()
        };
        let ours = "\u{1b}[1m\u{1b}[31merror\u{1b}[0m: \u{1b}[94;1m|\u{1b}[m";
        assert_eq!(through(Colour::Ansi, ours), ours);
        assert!(!through(Colour::Plain, ours).contains('\u{1b}'));
        for hostile in [
            "\u{1b}]0;owned\u{7}",
            "\u{1b}[2J",
            "\u{1b}[8m",
            "\u{1b}[30m",
            "\u{1b}[0;41m",
            "\u{1b}",
            "\u{1b}[1",
            "\u{9b}31m",
        ] {
            assert!(!through(Colour::Ansi, hostile).contains(['\u{1b}', '\u{9b}', '\u{7}']), "{hostile:?}");
        }
        // A colour is no text: what follows still begins the line.
        assert_eq!(through(Colour::Ansi, "\u{1b}[1m::error::x"), "\u{1b}[1m:\\u{3a}error::x");
    }

    #[test]
    fn a_file_that_must_stay_as_it_is_is_shown_only_if_nothing_in_it_acts() {
        for harmless in ["a,b\r\nZoë,\t\u{6cc}\u{200c}x\r\n", "\"a::b\",#1\n"] {
            assert!(is_harmless(harmless.as_bytes()), "{harmless:?}");
        }
        for hostile in
            ["::error::x,a\r\n", "a,##[add-mask]\n", "a,\u{1b}[2J\n", "a\rb", "a,\u{202e}\n", "a\n\t::x::"]
        {
            assert!(!is_harmless(hostile.as_bytes()), "{hostile:?}");
        }
    }

    proptest! {
        #[test]
        fn however_a_text_is_cut_it_comes_out_the_same(
            text in "([:#\\[ \n\u{1b}m\u{85}a1;é]|::|##|\u{1b}\\[31m|\u{202e}){0,40}",
            cuts in prop::collection::vec(1..6_usize, 1..40),
        ) {
            let whole = through(text.as_bytes());
            let mut shown = Vec::new();
            let mut door = Sanitizer::new(&mut shown, Colour::Plain);
            let (mut rest, mut cuts) = (text.as_bytes(), cuts.iter().cycle());
            while !rest.is_empty() {
                let (piece, behind) = rest.split_at(rest.len().min(*cuts.next().unwrap()));
                door.write_all(piece).unwrap();
                rest = behind;
            }
            door.flush().unwrap();
            prop_assert_eq!(&shown, &whole);
            let shown = String::from_utf8(shown).unwrap();
            prop_assert!(!shown.contains(|c| acts(c) && c != '\n'));
            prop_assert!(!shown.lines().any(|line| line.trim().starts_with("::")), "{}", shown);
            prop_assert!(!shown.contains("##["), "{}", shown);
        }
    }
}
