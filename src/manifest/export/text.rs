//! What text does an export hold? Decoded, its line breaks made alike, its quotes checked, its bytes hashed, a piece at a time:
//! no more of a file is kept than a piece.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, WINDOWS_1252};
use sha2::{Digest, Sha256};

use crate::manifest::export::flaw::Flaw;
use crate::manifest::export::quotes::{self, Quotes, declared_separator};

/// Bytes read at once.
const PIECE: usize = 64 << 10;
/// How a Git LFS pointer begins.
const LFS: &[u8] = b"version https://git-lfs.github.com/spec/";

/// What a first pass over a file finds out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    encoding: &'static Encoding,
    /// How the encoding is known.
    pub(super) known: Known,
    /// Lines, at most.
    pub(super) lines: u64,
}

/// How an encoding is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// A mark, a manifest or the bytes say it.
    Surely,
    /// It is not UTF-8, and most of what is not is this.
    Guessed,
}

impl Shape {
    /// Looks through a file: a byte order mark says the encoding, or a manifest; otherwise it is UTF-8 if all of it can be, and
    /// taken for Windows-1252 if none of it is.
    pub(super) fn of(file: &mut impl Read, declared: Option<&'static Encoding>) -> Result<Self, Flaw> {
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
                utf8.look(bytes, Piece::OneOfMore);
            }
            if read < piece.len() {
                break;
            }
        }
        utf8.look(&[], Piece::Last);
        let (encoding, known) = match (marked, declared, utf8.first_bad) {
            (Some((encoding, _)), ..) => (encoding, Known::Surely),
            (None, Some(declared), None) if declared != UTF_8 && utf8.any_wide => return Err(Flaw::IsUtf8),
            (None, Some(declared), _) => (declared, Known::Surely),
            (None, None, None) => (UTF_8, Known::Surely),
            (None, None, Some(line)) if utf8.any_wide => return Err(Flaw::Encoding { line }),
            (None, None, Some(_)) => (WINDOWS_1252, Known::Guessed),
        };
        Ok(Self { encoding, known, lines })
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

/// Whether more of a file follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    OneOfMore,
    Last,
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

    fn look(&mut self, mut bytes: &[u8], piece: Piece) {
        let last = piece == Piece::Last;
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
    (bytes.split(|byte| *byte == b'\n').count() - 1) as u64
}

/// The text of a file as a CSV reader takes it: UTF-8, `\n` at the end of every line, quotes that open and close cells.
pub(super) struct Text<R> {
    file: R,
    hash: Sha256,
    decoder: Decoder,
    raw: Vec<u8>,
    /// What of `raw` is still to be decoded.
    undecoded: std::ops::Range<usize>,
    decoded: Vec<u8>,
    /// Where in `decoded` reading goes on.
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
            decoded: Vec::new(),
            at: 0,
            ends: Ends::default(),
            quotes: Quotes::default(),
            flaw: None,
        }
    }

    /// The beginning of the text, before any of it is read: what parts the cells is seen there, unless it is
    /// given. Of so many lines, and of one that
    /// only says what parts the cells, nothing is left but their line breaks.
    pub(super) fn begin(&mut self, skip: u64, delimiter: Option<u8>) -> Result<u8, Flaw> {
        self.decode()?;
        let said = declared_separator(&self.decoded);
        let lines = skip.max(said.map_or(0, |(_, line)| line));
        let mut breaks = 0;
        let above = |byte: &u8| {
            let is_above = breaks < lines;
            breaks += u64::from(*byte == b'\n');
            is_above
        };
        let end = self.decoded.iter().copied().take_while(above).count();
        let rest = self.decoded.split_off(end);
        self.decoded.retain(|byte| *byte == b'\n');
        let said = delimiter.or(said.map(|(delimiter, _)| delimiter));
        self.quotes.delimiter = said.unwrap_or_else(|| quotes::delimiter(&rest));
        self.decoded.extend(rest);
        Ok(self.quotes.delimiter)
    }

    /// Why reading ended early, once.
    pub(super) fn flaw(&mut self) -> Option<Flaw> {
        self.flaw.take()
    }

    /// Whether the last line lacks its line break, once all is read.
    pub(super) fn is_open(&self) -> bool {
        self.ends.last.is_some_and(|last| last != b'\n')
    }

    /// SHA-256 of all bytes, once they are read.
    pub(super) fn sha256(self) -> [u8; 32] {
        self.hash.finalize().into()
    }

    /// Decodes a piece, where none is left.
    fn decode(&mut self) -> Result<(), Flaw> {
        while self.at == self.decoded.len() && !self.ends.text {
            if self.undecoded.is_empty() && !self.ends.file {
                let read = fill(&mut self.file, &mut self.raw)?;
                self.hash.update(self.raw.get(..read).unwrap_or_default());
                self.undecoded = 0..read;
                self.ends.file = read < self.raw.len();
            }
            // A byte becomes three at most.
            self.decoded.resize(PIECE * 3 + 8, 0);
            let bytes = self.raw.get(self.undecoded.clone()).unwrap_or_default();
            let (result, read, written) =
                self.decoder.decode_to_utf8_without_replacement(bytes, &mut self.decoded, self.ends.file);
            self.undecoded.start += read;
            self.decoded.truncate(written);
            self.at = 0;
            self.one_break();
            match result {
                DecoderResult::InputEmpty if self.ends.file => self.end(),
                DecoderResult::InputEmpty | DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => {
                    return Err(Flaw::Encoding { line: self.quotes.line + newlines(&self.decoded) });
                }
            }
        }
        Ok(())
    }

    /// Makes `\r\n` and a lone `\r` the line break `\n`.
    fn one_break(&mut self) {
        if self.ends.in_break || self.decoded.contains(&b'\r') {
            let in_break = &mut self.ends.in_break;
            self.decoded.retain_mut(|byte| {
                let after = std::mem::replace(in_break, *byte == b'\r');
                let second = after && *byte == b'\n';
                if *byte == b'\r' {
                    *byte = b'\n';
                }
                !second
            });
        }
        self.ends.last = self.decoded.last().copied().or(self.ends.last);
    }

    /// The last line ends too.
    fn end(&mut self) {
        self.ends.text = true;
        if self.ends.last.is_some_and(|last| last != b'\n') {
            self.decoded.push(b'\n');
        }
    }

    fn pass(&mut self, out: &mut [u8]) -> Result<usize, Flaw> {
        self.decode()?;
        let rest = self.decoded.get(self.at..).unwrap_or_default();
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The text of bytes, as a CSV reader takes it, or what is wrong with them.
    fn text(bytes: &[u8]) -> Result<String, String> {
        declared(bytes, None, 0)
    }

    /// The same, of a file of which a manifest says more.
    fn declared(bytes: &[u8], encoding: Option<&str>, skip: u64) -> Result<String, String> {
        let fail = |flaw: Flaw| format!("{flaw:?}");
        let encoding = encoding.map(|label| Encoding::for_label(label.as_bytes()).unwrap());
        let shape = Shape::of(&mut &*bytes, encoding).map_err(fail)?;
        let mut text = Text::new(bytes, shape);
        text.begin(skip, None).map_err(fail)?;
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
    fn an_encoding_that_is_declared_is_read_unless_the_file_says_another() {
        for (label, bytes, read) in [
            ("windows-1250", &b"\xa3ukasz\n"[..], "Łukasz\n"),
            ("iso-8859-2", b"\xa3ukasz\n", "Łukasz\n"),
            ("shift_jis", b"\x93\x8c\x8b\x9e\n", "東京\n"),
            ("utf-16le", b"a\0\n\0", "a\n"),
            ("windows-1250", b"plain\n", "plain\n"),
            ("windows-1250", "\u{feff}Zoë\n".as_bytes(), "Zoë\n"),
            ("utf-8", "Zoë\n".as_bytes(), "Zoë\n"),
        ] {
            assert_eq!(declared(bytes, Some(label), 0).as_deref(), Ok(read), "{label}");
        }
        assert_eq!(declared("Zoë\n".as_bytes(), Some("windows-1250"), 0), Err("IsUtf8".into()));
        assert_eq!(declared(b"a\nZo\xeb\n", Some("utf-8"), 0), Err("Encoding { line: 2 }".into()));
    }

    #[test]
    fn nothing_is_left_of_lines_above_the_header_but_their_breaks() {
        for (bytes, skip, read) in [
            ("Report \"of\" all\r\n\na;b\n", 2, "\n\na;b\n"),
            ("sep=;\na;b\n", 0, "\na;b\n"),
            ("sep=;\nTitle\na;b\n", 2, "\n\na;b\n"),
            ("sep=;\na;b\n", 1, "\na;b\n"),
            ("a;b", 0, "a;b\n"),
            ("a;b\nc", 7, "\n\n"),
        ] {
            assert_eq!(declared(bytes.as_bytes(), None, skip).as_deref(), Ok(read), "{bytes:?}");
        }
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
    fn the_digest_is_of_the_bytes_as_they_are() {
        let bytes = b"a\r\nZo\xeb";
        let mut text = Text::new(&bytes[..], Shape::of(&mut &bytes[..], None).unwrap());
        text.begin(0, None).unwrap();
        std::io::copy(&mut text, &mut std::io::sink()).unwrap();
        assert_eq!(text.sha256(), <[u8; 32]>::from(Sha256::digest(bytes)));
    }
}
