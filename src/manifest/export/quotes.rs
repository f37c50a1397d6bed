//! Do quotes open and close cells, and nothing else? And what parts the cells?

use crate::manifest::export::flaw::Flaw;

/// A cell of more bytes is no cell: a quote was opened that belongs to nothing.
const LONGEST_CELL: usize = 64 << 10;

/// What may part cells.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// What parts the cells of the first line: the most frequent of comma, semicolon, tab and pipe outside quotes.
pub(super) fn delimiter(text: &[u8]) -> u8 {
    let mut counts = [0usize; DELIMITERS.len()];
    let (mut quoted, mut begun) = (false, false);
    for byte in text {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if begun && !quoted => break,
            b'\n' => {}
            byte if !quoted => {
                for (candidate, count) in DELIMITERS.iter().zip(&mut counts) {
                    *count += usize::from(candidate == byte);
                }
            }
            _ => {}
        }
        begun |= *byte != b'\n';
    }
    let most = counts.iter().copied().max().unwrap_or_default();
    let found = DELIMITERS.into_iter().zip(counts).find(|(_, count)| *count == most);
    found.map_or(b',', |(candidate, _)| candidate)
}

/// What a first line `sep=;` says, which spreadsheets read and write, and how many lines end with it.
pub(super) fn declared_separator(text: &[u8]) -> Option<(u8, u64)> {
    let mut lines = (1..).zip(text.split(|byte| *byte == b'\n'));
    let (number, line) = lines.find(|(_, line)| !line.is_empty())?;
    let bare = line.strip_prefix(b"\"").unwrap_or(line);
    let rest = bare.get(..4).filter(|word| word.eq_ignore_ascii_case(b"sep=")).and(bare.get(4..))?;
    // A spreadsheet that saves the line again fills its row up.
    let (delimiter, more) = rest.split_first()?;
    let is_one = delimiter.is_ascii_punctuation() || *delimiter == b'\t';
    let only = more.iter().all(|byte| byte == delimiter || matches!(byte, b'"' | b' '));
    (is_one && *delimiter != b'"' && only).then_some((*delimiter, number))
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
pub(super) struct Quotes {
    pub(super) delimiter: u8,
    state: State,
    /// The line that was come to.
    pub(super) line: u64,
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
    /// Goes on with more of the text.
    pub(super) fn check(&mut self, text: &[u8]) -> Result<(), Flaw> {
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

    /// Refuses a text that ends within quotes.
    pub(super) fn finish(&self) -> Result<(), Flaw> {
        if self.state == State::Quoted { Err(Flaw::Unclosed { line: self.opened }) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_first_line_says_what_parts_the_cells() {
        for (line, delimiter) in [
            ("a,b", b','),
            ("a;b", b';'),
            ("a\tb", b'\t'),
            ("\"a,b,c\";d", b';'),
            ("a", b','),
            ("a|b|c,d", b'|'),
            ("\n\na;b\nc,d,e", b';'),
        ] {
            assert_eq!(super::delimiter(line.as_bytes()), delimiter, "{line}");
        }
    }

    #[test]
    fn a_first_line_may_say_what_parts_the_cells() {
        for (text, said) in [
            ("sep=;\na,b;c", Some((b';', 1))),
            ("\nSEP=|\n", Some((b'|', 2))),
            ("sep=\t\n", Some((b'\t', 1))),
            ("\"sep=;\"\n", Some((b';', 1))),
            ("sep=,,,,\n", Some((b',', 1))),
            ("sep=\n", None),
            ("sep=ab\n", None),
            ("Sep,a\n", None),
            ("a,b\nsep=;\n", None),
        ] {
            assert_eq!(super::declared_separator(text.as_bytes()), said, "{text}");
        }
    }
}
