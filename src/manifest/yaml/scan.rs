//! Is a manifest written in the plainest YAML? Then this reads it, some ten times as fast as a parser of all of YAML.
//!
//! Taken are mappings and lists in block style, texts without quotes or in quotes without escapes, `[…]` and `{…}` that end on their line,
//! and comments. Whatever else stands in a manifest, and whatever may be wrong with it, makes [`tree`] answer nothing: then the parser
//! reads it from the start, and every problem is its to report. So there is one reading of YAML, and this is a short cut to it: a test
//! and a fuzz target hold that both make the same tree.

use crate::diag::{Source, Span};
use crate::manifest::yaml::budget::Budget;
use crate::manifest::yaml::keys;
use crate::manifest::yaml::sink::Sink;
use crate::manifest::yaml::tree::{Kind, Node, NodeIx, Style, Text, Tree};

/// Deeper than this the parser reads, which has a limit for lists and one for `[…]`.
const DEPTH: usize = 32;
/// A longer key is for the parser, which wants keys in quotes or short (YAML 1.2.2, 7.4: implicit keys have at most 1,024 characters).
const KEY: usize = 1024;

/// The tree of a manifest within budgets; none if it is for the parser to read.
pub(super) fn tree<'s>(source: &'s Source, budget: &Budget) -> Option<Tree<'s>> {
    let text = source.text();
    if has_special_characters(text.as_bytes()) {
        return None;
    }
    let nodes = Vec::with_capacity(budget.room(text.len()));
    let base = source.span(0..0).start;
    let mut scan = Scan { text, base, budget, tree: Tree { nodes }, sink: Sink::new(), line: None, depth: 0 };
    scan.go_to_line(0)?;
    let Line { at, column } = scan.line?;
    scan.collection(at, column)?;
    scan.line.is_none().then_some(scan.tree)
}

/// Whether there is a character that no text holds, that is a line break to some, or a tab; a file that begins with a mark of byte
/// order, too.
fn has_special_characters(bytes: &[u8]) -> bool {
    // Whole blocks without a branch, which the compiler makes into one look at many bytes.
    let is_special = |byte: u8| matches!(byte, 0..=0x09 | 0x0b..=0x1f | 0x7f);
    let any = |block: &[u8]| block.iter().fold(false, |any, byte| any | is_special(*byte));
    if bytes.chunks(4096).any(any) {
        return true;
    }
    !bytes.is_ascii() && has_special_letters(bytes)
}

/// The same of characters that are longer than a byte.
fn has_special_letters(bytes: &[u8]) -> bool {
    let behind = |count: usize| bytes.get(count..).unwrap_or_default();
    let twos = bytes.iter().zip(behind(1));
    let threes = twos.clone().zip(behind(2));
    let is_control = |two: (&u8, &u8)| matches!(two, (0xc2, 0x80..=0x9f));
    let is_break_or_mark = |three: ((&u8, &u8), &u8)| {
        matches!(three, ((0xe2, 0x80), 0xa8 | 0xa9) | ((0xef, 0xbb), 0xbf) | ((0xef, 0xbf), 0xbe | 0xbf))
    };
    // No letter ends the look, as above.
    twos.fold(false, |any, two| any | is_control(two))
        || threes.fold(false, |any, three| any | is_break_or_mark(three))
}

/// A line that says something.
#[derive(Clone, Copy)]
struct Line {
    /// Where it begins to.
    at: usize,
    /// How many spaces stand before that.
    column: usize,
}

/// A text with the quotes around it.
struct Scalar {
    start: usize,
    end: usize,
    style: Style,
}

/// What may end a text without quotes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Block,
    Flow,
}

struct Scan<'s, 'b> {
    text: &'s str,
    /// The place of the text among all sources.
    base: u32,
    budget: &'b Budget,
    tree: Tree<'s>,
    /// What is wrong with keys: enough for the parser to take over.
    sink: Sink,
    /// The next line to read; none behind the last.
    line: Option<Line>,
    depth: usize,
}

/// Every function that reads answers nothing where the parser has to.
impl Scan<'_, '_> {
    /// The byte at a place; behind the text a line ends.
    fn byte(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or(b'\n')
    }

    fn skip_spaces(&self, mut at: usize) -> usize {
        while self.byte(at) == b' ' {
            at += 1;
        }
        at
    }

    /// Skips what means nothing in a text without quotes, wherever it stands.
    fn skip_ordinary(&self, mut at: usize) -> usize {
        while !MEANS_MORE[usize::from(self.byte(at))] {
            at += 1;
        }
        at
    }

    /// Finds the next line that says something, from the beginning of a line on.
    fn go_to_line(&mut self, mut start: usize) -> Option<()> {
        loop {
            if start >= self.text.len() {
                self.line = None;
                return Some(());
            }
            let at = self.skip_spaces(start);
            match self.byte(at) {
                b'\n' => start = at + 1,
                b'#' => start = self.line_end(at) + 1,
                // The end of a document.
                b'.' if at == start && self.text[at..].starts_with("...") => return None,
                _ => {
                    self.line = Some(Line { at, column: at - start });
                    return Some(());
                }
            }
        }
    }

    fn line_end(&self, at: usize) -> usize {
        let rest = self.text.as_bytes().get(at..).unwrap_or_default();
        rest.iter().position(|byte| *byte == b'\n').map_or(self.text.len(), |behind| at + behind)
    }

    /// Nothing follows on this line but a comment.
    fn end_line(&mut self, at: usize) -> Option<()> {
        let next = self.skip_spaces(at);
        match self.byte(next) {
            b'\n' => self.go_to_line(next + 1),
            b'#' if next > at => self.go_to_line(self.line_end(next) + 1),
            _ => None,
        }
    }

    /// Whether an item of a list begins.
    fn is_dash(&self, at: usize) -> bool {
        self.byte(at) == b'-' && self.byte(at + 1) == b' '
    }

    /// Whether what stands before was a key.
    fn is_colon(&self, at: usize) -> bool {
        self.byte(at) == b':' && matches!(self.byte(at + 1), b' ' | b'\n')
    }

    /// A list or mapping that begins at a place of a line.
    fn collection(&mut self, at: usize, column: usize) -> Option<()> {
        if self.is_dash(at) {
            return self.sequence(at, column);
        }
        let key = self.scalar(at, Within::Block)?;
        self.mapping(key, column)
    }

    fn sequence(&mut self, first: usize, column: usize) -> Option<()> {
        let ix = self.open(Kind::Sequence, first)?;
        let (mut at, mut count) = (first, 0);
        loop {
            count += 1;
            let item = self.skip_spaces(at + 1);
            self.item(item, column + (item - at))?;
            match self.line {
                Some(line) if line.column == column && self.is_dash(line.at) => at = line.at,
                _ => break,
            }
        }
        self.close_block(ix, column, count)
    }

    /// What stands behind a dash.
    fn item(&mut self, at: usize, column: usize) -> Option<()> {
        match self.byte(at) {
            b'[' | b'{' => self.flow_value(at).and_then(|end| self.end_line(end)),
            b'-' => self.collection(at, column),
            _ => {
                let scalar = self.scalar(at, Within::Block)?;
                if self.is_colon(scalar.end) {
                    return self.mapping(scalar, column);
                }
                let end = self.add(scalar)?;
                self.end_line(end)
            }
        }
    }

    /// A mapping whose first key was read.
    fn mapping(&mut self, first: Scalar, column: usize) -> Option<()> {
        let ix = self.open(Kind::Mapping, first.start)?;
        let (mut key, mut count) = (first, 0);
        loop {
            count += 1;
            let colon = self.add_key(key)?;
            self.value(colon + 1, column)?;
            match self.line {
                Some(line) if line.column == column => key = self.scalar(line.at, Within::Block)?,
                _ => break,
            }
        }
        self.close_block(ix, column, count)
    }

    /// What stands behind the colon of a key, or below it.
    fn value(&mut self, colon: usize, column: usize) -> Option<()> {
        let at = self.skip_spaces(colon);
        match self.byte(at) {
            b'\n' | b'#' => {
                self.end_line(colon)?;
                let Line { at, column: below } = self.line?;
                let is_below = below > column || (below == column && self.is_dash(at));
                is_below.then(|| self.collection(at, below))?
            }
            b'[' | b'{' => self.flow_value(at).and_then(|end| self.end_line(end)),
            _ => {
                let scalar = self.scalar(at, Within::Block)?;
                let end = self.add(scalar)?;
                self.end_line(end)
            }
        }
    }

    /// A `[…]`, a `{…}` or a text; answers where it ends.
    fn flow_value(&mut self, at: usize) -> Option<usize> {
        let (kind, close) = match self.byte(at) {
            b'[' => (Kind::Sequence, b']'),
            b'{' => (Kind::Mapping, b'}'),
            _ => return self.scalar(at, Within::Flow).and_then(|scalar| self.add(scalar)),
        };
        let ix = self.open(kind, at)?;
        let (mut at, mut count) = (self.skip_spaces(at + 1), 0);
        if self.byte(at) != close {
            loop {
                count += 1;
                if kind == Kind::Mapping {
                    let key = self.scalar(at, Within::Flow)?;
                    let colon = self.add_key(key)?;
                    at = self.skip_spaces(colon + 1);
                }
                let end = self.flow_value(at)?;
                at = self.skip_spaces(end);
                match self.byte(at) {
                    b',' => at = self.skip_spaces(at + 1),
                    byte if byte == close => break,
                    _ => return None,
                }
            }
        }
        self.tree.nodes[ix].span.end = self.place(at + 1)?;
        self.close(ix, count)?;
        Some(at + 1)
    }

    /// A text in quotes or without.
    fn scalar(&self, start: usize, within: Within) -> Option<Scalar> {
        let (end, style) = match self.byte(start) {
            quote @ (b'"' | b'\'') => (self.quoted(start + 1, quote)?, Style::Quoted),
            _ => (self.plain(start, within)?, Style::Plain),
        };
        Some(Scalar { start, end, style })
    }

    /// The end of a text in quotes. A quote or an escape in it is for the parser.
    fn quoted(&self, mut at: usize, quote: u8) -> Option<usize> {
        loop {
            match self.byte(at) {
                b'\n' => return None,
                b'\\' if quote == b'"' => return None,
                byte if byte == quote => return (self.byte(at + 1) != quote).then_some(at + 1),
                _ => at += 1,
            }
        }
    }

    /// The end of a text without quotes.
    fn plain(&self, start: usize, within: Within) -> Option<usize> {
        if !may_begin(self.byte(start)) {
            return None;
        }
        let (mut at, mut end) = (start, start);
        loop {
            let ordinary = self.skip_ordinary(at);
            if ordinary > at {
                (at, end) = (ordinary, ordinary);
            }
            match self.byte(at) {
                b'\n' => break,
                b' ' => {}
                b':' => match self.byte(at + 1) {
                    // A space before the colon is seldom meant.
                    b' ' | b'\n' => {
                        return (end == at).then_some(end);
                    }
                    b',' | b'[' | b']' | b'{' | b'}' if within == Within::Flow => return None,
                    _ => end = at + 1,
                },
                b'#' if end < at => break,
                b',' | b']' | b'}' if within == Within::Flow => break,
                b'[' | b'{' if within == Within::Flow => return None,
                _ => end = at + 1,
            }
            at += 1;
        }
        Some(end)
    }

    /// Adds a key; answers where its colon is.
    fn add_key(&mut self, key: Scalar) -> Option<usize> {
        let is_short = key.end - key.start <= KEY;
        let colon = self.add(key)?;
        (is_short && self.is_colon(colon)).then_some(colon)
    }

    /// Adds a text; answers where it ends.
    fn add(&mut self, Scalar { start, end, style }: Scalar) -> Option<usize> {
        let inside = match style {
            Style::Plain => start..end,
            _ => start + 1..end - 1,
        };
        if inside.len() > self.budget.text {
            return None;
        }
        let text = Text::Written(&self.text[inside]);
        self.push(Span::new(self.place(start)?, self.place(end)?), Kind::Scalar(style), text)?;
        Some(end)
    }

    /// Adds a list or mapping that begins at a place.
    fn open(&mut self, kind: Kind, at: usize) -> Option<NodeIx> {
        self.depth += 1;
        if self.depth > DEPTH {
            return None;
        }
        let place = self.place(at)?;
        self.push(Span::new(place, place), kind, Text::Written(""))
    }

    /// Closes a block at the line behind it, which stands no deeper. What begins a block is what one would point at.
    fn close_block(&mut self, ix: NodeIx, column: usize, count: usize) -> Option<()> {
        if self.line.is_some_and(|line| line.column > column) {
            return None;
        }
        self.tree.nodes[ix].span = self.tree.nodes.get(ix + 1)?.span;
        self.close(ix, count)
    }

    fn close(&mut self, ix: NodeIx, count: usize) -> Option<()> {
        self.depth -= 1;
        self.tree.nodes[ix].end = u32::try_from(self.tree.nodes.len()).ok()?;
        if self.tree.nodes[ix].kind == Kind::Mapping {
            keys::check(&mut self.tree, ix, &self.sink);
        }
        (count <= self.budget.items && self.sink.is_empty()).then_some(())
    }
}

impl<'s> Scan<'s, '_> {
    fn push(&mut self, span: Span, kind: Kind, text: Text<'s>) -> Option<NodeIx> {
        let ix = self.tree.nodes.len();
        if ix >= self.budget.nodes {
            return None;
        }
        let end = u32::try_from(ix + 1).ok()?;
        self.tree.nodes.push(Node { span, end, kind, text });
        Some(ix)
    }

    fn place(&self, at: usize) -> Option<u32> {
        self.base.checked_add(u32::try_from(at).ok()?)
    }
}

/// The bytes that may end a text without quotes.
const MEANS_MORE: [bool; 256] = {
    let mut table = [false; 256];
    let (bytes, mut at) = (b"\n :#,[]{}", 0);
    while at < bytes.len() {
        table[bytes[at] as usize] = true;
        at += 1;
    }
    table
};

/// Whether a text without quotes may begin so. Some that YAML would take too are left to the parser.
const fn may_begin(byte: u8) -> bool {
    !matches!(
        byte,
        b' ' | b'\n'
            | b'-'
            | b'?'
            | b':'
            | b','
            | b'['
            | b']'
            | b'{'
            | b'}'
            | b'#'
            | b'&'
            | b'*'
            | b'!'
            | b'|'
            | b'>'
            | b'\''
            | b'"'
            | b'%'
            | b'@'
            | b'`'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Sources;
    use crate::manifest::yaml::build;

    /// Whether a text is scanned within a budget, to the tree that the parser makes of it.
    fn is_scanned_within(budget: &Budget, text: &str) -> bool {
        let mut sources = Sources::default();
        // Places are counted over all files.
        sources.add("other.yaml", "users: []\n").unwrap();
        let source = sources.add("a.yaml", text).unwrap();
        let Some(scanned) = tree(source, budget) else { return false };
        let sink = Sink::new();
        assert_eq!(scanned, build::parse(source, Budget::default(), &sink), "{text}");
        assert!(sink.is_empty(), "{text}");
        true
    }

    fn is_scanned(text: &str) -> bool {
        is_scanned_within(&Budget::default(), text)
    }

    #[test]
    fn plain_manifests_are_scanned_as_they_are_parsed() {
        for text in [
            "a: 1\n",
            "a: 1",
            "# about\n\na: b # why\n  # deeper\nc: d#e\n",
            "users:\n  - email: [a@b.example, 'c d', \"e\"]\n    name: Ada  King  \n\n  - { a: b, c: { d: [ ] } }\n",
            "a:\n- b\n- c: d\n  e:\n  - f\ng: h\n",
            "a:\n  # first\n  b:\n    c: d\n  e: f\n",
            "- a\n- - b\n  - c\n-   d: e\n    f: g\n",
            "  a: b\n  c: d\n",
            "'a b': \"c: d\"\n\"e\": 'f # g'\n",
            "login: ACME\\ada\ntime: 12:30\nlink: https://acme.example/a,b\n",
            "name: Ørsted 王\nu: ~\n",
            "a: [b c, d:e, {f: g}] # h\n",
        ] {
            assert!(is_scanned(text), "{text}");
        }
    }

    #[test]
    fn what_is_not_plain_or_not_right_is_for_the_parser() {
        for text in [
            "",
            "# nothing\n",
            "text\n",
            "a:\n",
            "a:\nb: c\n",
            "- \n- a\n",
            "-\n  a: b\n",
            "a: b\n c\n",
            "a: 'b\n  c'\n",
            "a: |\n  b\n",
            "a: &b c\n",
            "a: *b\n",
            "a: !b c\n",
            "? a\n: b\n",
            "a: b: c\n",
            "a : b\n",
            "a: 'b''c'\n",
            "a: \"\\n\"\n",
            "a: b\na: c\n",
            "~: a\n",
            "<<: a\n",
            "---\na: b\n",
            "a: b\n---\nc: d\n",
            "a: b\n...\n",
            "%YAML 1.2\n---\na: b\n",
            "a:\tb\n",
            "a: b\r\nc: d\r\n",
            "\u{feff}a: b\n",
            "a: b\u{85}c: d\n",
            "a: b\u{2029}",
            "a: b\u{85}",
            "a: b\u{fffe}",
            "a: \u{7f}\n",
            "a: [b,\n  c]\n",
            "a: [b, ]\n",
            "a: [b\n",
            "a: {b}\n",
            "a: {b: }\n",
            "a: {\"b\":c}\n",
            "a: [b: c]\n",
            "a: [b]: c\n",
            "a: [b] c\n",
            "a: 'b' c\n",
            "a: 'b'#c\n",
            "[a]\n",
            "{a: b}\n",
            "a: b\n  c: d\n",
            "a:\n    b: c\n  d: e\n",
            "  a: b\nc: d\n",
            "a: -1\n",
            "a: - b\n",
            "a: @b\n",
            "a: [b,,c]\n",
            "a: b]\nc: {d]}\n",
        ] {
            assert!(!is_scanned(text), "{text}");
        }
        assert!(!is_scanned(&format!("a: {}{}\n", "[".repeat(40), "]".repeat(40))));
        assert!(!is_scanned(&format!("{}: b\n", "a".repeat(KEY + 1))));
    }

    #[test]
    fn what_is_over_a_budget_is_for_the_parser_to_report() {
        let of = |nodes, items, text| Budget { nodes, items, text };
        let manifest = "a: [b, c]\nd: efgh\n";
        assert!(is_scanned_within(&of(7, 2, 4), manifest));
        for budget in [of(6, 2, 4), of(7, 1, 4), of(7, 2, 3)] {
            assert!(!is_scanned_within(&budget, manifest));
        }
    }
}
