//! What text does an export hold? Decoded, its line breaks made alike, its quotes checked and its bytes hashed, a piece at a time:
//! no more of a file is kept than a piece.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, WINDOWS_1252};
use sha2::{Digest, Sha256};

/// Bytes read at once.
const PIECE: usize = 64 << 10;
/// A cell of more bytes is no cell: a quote was opened that belongs to nothing.
const LONGEST_CELL: usize = 64 << 10;
/// How a Git LFS pointer begins.
const LFS: &[u8] = b"version https://git-lfs.github.com/spec/";

/// What ends the reading of an export.
#[derive(Debug)]
pub(super) enum Flaw {
    /// It could not be read.
    Io(io::Error),
    /// There is nothing in it.
    Empty,
    /// It is a Git LFS pointer.
    LfsPointer,
    /// It is in no encoding that is known.
    Encoding { line: u64 },
    /// It holds a NUL.
    Nul { line: u64 },
    /// Text follows a closing quote.
    Quote { line: u64 },
    /// A quote is never closed: where it was opened.
    Unclosed { line: u64 },
    /// A cell is longer than any cell.
    LongCell { line: u64 },
}

impl From<io::Error> for Flaw {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// What a first pass over a file finds out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    encoding: &'static Encoding,
    /// Lines, at most.
    pub(super) lines: u64,
}

impl Shape {
    /// Looks through a file: a byte order mark says the encoding; without one it is UTF-8 if all of it can be, and Windows-1252 if
    /// none of it is.
    pub(super) fn of(file: &mut impl Read) -> Result<Self, Flaw> {
        let mut piece = vec![0; PIECE];
        let mut lines = 2;
        let mut utf8 = Utf8::new();
        let mut marked = None;
        let mut first = true;
        loop {
            let read = fill(file, &mut piece)?;
            let bytes = piece.get(..read).unwrap_or_default();
            if first {
                marked = Encoding::for_bom(bytes);
                if bytes.len() == marked.map_or(0, |(_, length)| length) {
                    return Err(Flaw::Empty);
                }
                if bytes.starts_with(LFS) {
                    return Err(Flaw::LfsPointer);
                }
                first = false;
            }
            lines += bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() as u64;
            if marked.is_none() {
                utf8.look(bytes, read < piece.len());
            }
            if read < piece.len() {
                break;
            }
        }
        let encoding = match (marked, utf8.first_bad) {
            (Some((encoding, _)), _) => encoding,
            (None, None) => UTF_8,
            (None, Some(line)) if utf8.any_wide => return Err(Flaw::Encoding { line }),
            (None, Some(_)) => WINDOWS_1252,
        };
        Ok(Self { encoding, lines })
    }
}

/// Reads until a piece is full or nothing is left.
fn fill(file: &mut impl Read, piece: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = piece.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read(rest) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Whether bytes can be UTF-8.
struct Utf8 {
    decoder: Decoder,
    scratch: Vec<u8>,
    line: u64,
    /// Whether any character of more than one byte is well-formed: chance hardly makes one.
    any_wide: bool,
    /// The line of the first byte that can't be.
    first_bad: Option<u64>,
}

impl Utf8 {
    fn new() -> Self {
        let decoder = UTF_8.new_decoder_without_bom_handling();
        Self { decoder, scratch: vec![0; PIECE + 8], line: 1, any_wide: false, first_bad: None }
    }

    fn look(&mut self, mut bytes: &[u8], last: bool) {
        loop {
            let (result, read, written) =
                self.decoder.decode_to_utf8_without_replacement(bytes, &mut self.scratch, last);
            let good = self.scratch.get(..written).unwrap_or_default();
            self.any_wide |= !good.is_ascii();
            self.line += newlines(bytes.get(..read).unwrap_or_default());
            bytes = bytes.get(read..).unwrap_or_default();
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => {
                    self.first_bad.get_or_insert(self.line);
                }
            }
        }
    }
}

fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

/// The text of a file as a CSV reader takes it: UTF-8, `\n` at the end of every line, quotes that open and close cells.
pub(super) struct Text<R> {
    file: R,
    hash: Sha256,
    decoder: Decoder,
    raw: Vec<u8>,
    /// What of `raw` is still to be decoded.
    undecoded: std::ops::Range<usize>,
    text: Vec<u8>,
    /// Where in `text` reading goes on.
    at: usize,
    ends: Ends,
    quotes: Quotes,
    /// Why reading ended early.
    flaw: Option<Flaw>,
}

/// How far reading has come.
#[derive(Debug, Default)]
struct Ends {
    /// The file has no more bytes.
    file: bool,
    /// Everything is decoded.
    text: bool,
    /// The last byte read was `\r`, whose line break is made.
    in_break: bool,
    /// The last byte of the text so far.
    last: Option<u8>,
}

impl<R: Read> Text<R> {
    /// The text of a file that is read from its start again.
    pub(super) fn new(file: R, shape: Shape) -> Self {
        Self {
            file,
            hash: Sha256::new(),
            decoder: shape.encoding.new_decoder_with_bom_removal(),
            raw: vec![0; PIECE],
            undecoded: 0..0,
            text: Vec::new(),
            at: 0,
            ends: Ends::default(),
            quotes: Quotes::default(),
            flaw: None,
        }
    }

    /// The beginning of the text, before any of it is read: what parts the cells is seen there.
    pub(super) fn begin(&mut self) -> Result<u8, Flaw> {
        self.decode()?;
        self.quotes.delimiter = delimiter(&self.text);
        Ok(self.quotes.delimiter)
    }

    /// Why reading ended early, once.
    pub(super) fn flaw(&mut self) -> Option<Flaw> {
        self.flaw.take()
    }

    /// SHA-256 of all bytes, once they are read.
    pub(super) fn sha256(self) -> [u8; 32] {
        self.hash.finalize().into()
    }

    /// Decodes a piece, where none is left.
    fn decode(&mut self) -> Result<(), Flaw> {
        while self.at == self.text.len() && !self.ends.text {
            if self.undecoded.is_empty() && !self.ends.file {
                let read = fill(&mut self.file, &mut self.raw)?;
                self.hash.update(self.raw.get(..read).unwrap_or_default());
                self.undecoded = 0..read;
                self.ends.file = read < self.raw.len();
            }
            // A byte becomes three at most.
            self.text.resize(PIECE * 3 + 8, 0);
            let bytes = self.raw.get(self.undecoded.clone()).unwrap_or_default();
            let (result, read, written) =
                self.decoder.decode_to_utf8_without_replacement(bytes, &mut self.text, self.ends.file);
            self.undecoded.start += read;
            self.text.truncate(written);
            self.at = 0;
            self.one_break();
            match result {
                DecoderResult::InputEmpty if self.ends.file => self.end(),
                DecoderResult::InputEmpty | DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => {
                    return Err(Flaw::Encoding { line: self.quotes.line + newlines(&self.text) });
                }
            }
        }
        Ok(())
    }

    /// Makes `\r\n` and a lone `\r` the line break `\n`.
    fn one_break(&mut self) {
        if self.ends.in_break || self.text.contains(&b'\r') {
            let in_break = &mut self.ends.in_break;
            self.text.retain_mut(|byte| {
                let after = std::mem::replace(in_break, *byte == b'\r');
                let second = after && *byte == b'\n';
                if *byte == b'\r' {
                    *byte = b'\n';
                }
                !second
            });
        }
        self.ends.last = self.text.last().copied().or(self.ends.last);
    }

    /// The last line ends too.
    fn end(&mut self) {
        self.ends.text = true;
        if self.ends.last.is_some_and(|last| last != b'\n') {
            self.text.push(b'\n');
        }
    }

    fn pass(&mut self, out: &mut [u8]) -> Result<usize, Flaw> {
        self.decode()?;
        let rest = self.text.get(self.at..).unwrap_or_default();
        let length = rest.len().min(out.len());
        let (Some(from), Some(to)) = (rest.get(..length), out.get_mut(..length)) else { return Ok(0) };
        self.quotes.check(from)?;
        to.copy_from_slice(from);
        self.at += length;
        if length == 0 && !out.is_empty() {
            self.quotes.finish()?;
        }
        Ok(length)
    }
}

impl<R: Read> Read for Text<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.pass(out).map_err(|flaw| {
            self.flaw = Some(flaw);
            io::Error::other("the export can't be read on")
        })
    }
}

/// What parts the cells of the first line: the most frequent of comma, semicolon and tab outside quotes.
fn delimiter(text: &[u8]) -> u8 {
    let candidates = [b',', b';', b'\t'];
    let mut counts = [0usize; 3];
    let (mut quoted, mut begun) = (false, false);
    for byte in text {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if begun && !quoted => break,
            b'\n' => {}
            byte if !quoted => {
                for (candidate, count) in candidates.iter().zip(&mut counts) {
                    *count += usize::from(candidate == byte);
                }
            }
            _ => {}
        }
        begun |= *byte != b'\n';
    }
    let most = counts.iter().copied().max().unwrap_or_default();
    let found = candidates.into_iter().zip(counts).find(|(_, count)| *count == most);
    found.map_or(b',', |(candidate, _)| candidate)
}

/// Where a reader of CSV stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// At the first byte of a cell.
    Start,
    /// In a cell without quotes.
    Plain,
    /// In quotes.
    Quoted,
    /// After a quote in quotes: the end of the cell, or half of a doubled one.
    Quote,
    /// Behind a quoted cell.
    Behind,
}

/// Refuses quotes that a reader of CSV would make something of that nobody wrote: one that swallows rows, above all.
struct Quotes {
    delimiter: u8,
    state: State,
    line: u64,
    /// The line of the last opening quote.
    opened: u64,
    /// Bytes of the cell so far.
    length: usize,
}

impl Default for Quotes {
    fn default() -> Self {
        Self { delimiter: b',', state: State::Start, line: 1, opened: 1, length: 0 }
    }
}

impl Quotes {
    fn check(&mut self, text: &[u8]) -> Result<(), Flaw> {
        for byte in text {
            let line = self.line;
            self.line += u64::from(*byte == b'\n');
            self.length += 1;
            if *byte == 0 {
                return Err(Flaw::Nul { line });
            }
            let ends = *byte == b'\n' || *byte == self.delimiter;
            self.state = match (self.state, *byte) {
                (State::Quoted, b'"') => State::Quote,
                (State::Quoted, _) | (State::Quote, b'"') => State::Quoted,
                (_, _) if ends => State::Start,
                (State::Start, b'"') => {
                    self.opened = line;
                    State::Quoted
                }
                (State::Start | State::Plain, _) => State::Plain,
                (State::Quote | State::Behind, b' ') => State::Behind,
                (State::Quote | State::Behind, _) => return Err(Flaw::Quote { line }),
            };
            if self.state == State::Start {
                self.length = 0;
            } else if self.length > LONGEST_CELL {
                let line = if self.state == State::Plain { line } else { self.opened };
                return Err(Flaw::LongCell { line });
            }
        }
        Ok(())
    }

    fn finish(&self) -> Result<(), Flaw> {
        if self.state == State::Quoted { Err(Flaw::Unclosed { line: self.opened }) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text of bytes, as a CSV reader takes it, or what is wrong with them.
    fn text(bytes: &[u8]) -> Result<String, String> {
        let fail = |flaw: Flaw| format!("{flaw:?}");
        let shape = Shape::of(&mut &*bytes).map_err(fail)?;
        let mut text = Text::new(bytes, shape);
        text.begin().map_err(fail)?;
        let mut out = String::new();
        match text.read_to_string(&mut out) {
            Ok(_) => Ok(out),
            Err(_) => Err(fail(text.flaw().unwrap())),
        }
    }

    #[test]
    fn every_encoding_that_exports_come_in_is_read() {
        let utf16 = |bytes: fn(u16) -> [u8; 2], mark: &[u8]| {
            let units = "Zoë;ü\n".encode_utf16().flat_map(bytes);
            mark.iter().copied().chain(units).collect::<Vec<u8>>()
        };
        for bytes in [
            "Zoë;ü\n".as_bytes().to_vec(),
            "\u{feff}Zoë;ü\n".as_bytes().to_vec(),
            utf16(u16::to_le_bytes, &[0xff, 0xfe]),
            utf16(u16::to_be_bytes, &[0xfe, 0xff]),
            b"Zo\xeb;\xfc\n".to_vec(),
        ] {
            assert_eq!(text(&bytes).as_deref(), Ok("Zoë;ü\n"), "{bytes:?}");
        }
        assert_eq!(text(b"5 \x80, \x93a\x94").as_deref(), Ok("5 €, “a”\n"));
    }

    #[test]
    fn a_file_in_two_encodings_or_none_is_refused() {
        assert_eq!(
            text("a\nZoë\n".bytes().chain([b'\xfc', b'\n']).collect::<Vec<_>>().as_slice()),
            Err("Encoding { line: 3 }".into())
        );
        assert_eq!(text(b"\xff\xfea\0\n\0\x00\xd8"), Err("Encoding { line: 2 }".into()), "half a character");
        assert_eq!(text(b"a\0b\0\n\0"), Err("Nul { line: 1 }".into()), "UTF-16 without its mark");
    }

    #[test]
    fn line_breaks_are_made_alike_and_the_last_is_added() {
        for bytes in ["a\r\nb\r\n", "a\rb", "a\nb", "a\rb\n"] {
            assert_eq!(text(bytes.as_bytes()).as_deref(), Ok("a\nb\n"), "{bytes:?}");
        }
        assert_eq!(text(b"a\r\n\r\nb").as_deref(), Ok("a\n\nb\n"));
        let long = "x,y\r\n".repeat(PIECE);
        assert_eq!(
            text(long.as_bytes()).unwrap(),
            "x,y\n".repeat(PIECE),
            "a break between two pieces is one"
        );
    }

    #[test]
    fn nothing_and_pointers_are_refused() {
        for bytes in [&b""[..], b"\xef\xbb\xbf", b"\xff\xfe"] {
            assert_eq!(text(bytes), Err("Empty".into()));
        }
        assert_eq!(text(b"version https://git-lfs.github.com/spec/v1\noid 1\n"), Err("LfsPointer".into()));
    }

    #[test]
    fn quotes_that_would_swallow_rows_are_refused() {
        for (bytes, flaw) in [
            ("a,b\n1,\"x\n2,y\n", "Unclosed { line: 2 }"),
            ("a,b\n1,\"x\n2,\"y\"\n", "Quote { line: 3 }"),
            ("a,b\n\"Bob\" Smith,1\n", "Quote { line: 2 }"),
            ("a,b\n1,\"\"\"\n", "Unclosed { line: 2 }"),
        ] {
            assert_eq!(text(bytes.as_bytes()), Err(flaw.into()), "{bytes}");
        }
        for fine in ["a,b\n\"x\ny\",\"a\"\"b\" \n", "a,b\n5\" pipe,\"\"\n", "\"a\";b\n\"x,y\" ;2\n"] {
            assert_eq!(text(fine.as_bytes()).as_deref(), Ok(fine));
        }
        let long = format!("a,b\n1,\"{}", "2,y\n".repeat(PIECE));
        assert_eq!(text(long.as_bytes()), Err("LongCell { line: 2 }".into()));
    }

    #[test]
    fn the_first_line_says_what_parts_the_cells() {
        for (line, delimiter) in [
            ("a,b", b','),
            ("a;b", b';'),
            ("a\tb", b'\t'),
            ("\"a,b,c\";d", b';'),
            ("a", b','),
            ("\n\na;b\nc,d,e", b';'),
        ] {
            assert_eq!(super::delimiter(line.as_bytes()), delimiter, "{line}");
        }
    }

    #[test]
    fn the_digest_is_of_the_bytes_as_they_are() {
        let bytes = b"a\r\nZo\xeb";
        let mut text = Text::new(&bytes[..], Shape::of(&mut &bytes[..]).unwrap());
        text.begin().unwrap();
        std::io::copy(&mut text, &mut std::io::sink()).unwrap();
        assert_eq!(text.sha256(), <[u8; 32]>::from(Sha256::digest(bytes)));
    }
}
