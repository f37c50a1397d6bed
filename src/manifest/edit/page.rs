//! Where does everything in a manifest's text stand, from its first byte to its last?
//!
//! The tree that manifests are read from points at what a reader should look at; this one knows the whole extent of each value.

use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, Span as Marks};

/// The number of a value or key, in the order in which they are written.
pub(super) type NodeIx = usize;

/// How a text is put into quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quotes {
    /// Not at all.
    None,
    /// `'…'`
    Single,
    /// `"…"`
    Double,
    /// A text of several lines, behind `|` or `>`.
    Block,
}

/// Whether the parts of a list or mapping stand on lines of their own, or in brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// On lines of their own.
    Block,
    /// In brackets.
    Flow,
}

/// What stands at a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A text.
    Scalar(Quotes),
    /// A list.
    Sequence(Layout),
    /// Keys and values in turn.
    Mapping(Layout),
}

/// One value or key.
#[derive(Debug)]
pub(super) struct Node {
    /// All of it: of what stands on lines of its own, from its first value to the end of its last.
    pub(super) range: Range<usize>,
    /// Where its reader says that it begins: of a text of several lines, behind what introduces it.
    at: usize,
    /// One past the last node below it.
    end: NodeIx,
    /// The list or mapping that it stands in.
    pub(super) parent: Option<NodeIx>,
    /// What it is.
    pub(super) kind: Kind,
    /// What a text says.
    pub(super) text: Box<str>,
}

/// The text of a manifest, and where everything in it stands.
#[derive(Debug)]
pub(super) struct Page<'t> {
    /// The text.
    pub(super) text: &'t str,
    nodes: Vec<Node>,
}

impl<'t> Page<'t> {
    /// Reads a manifest; none if it is no YAML.
    pub(super) fn of(text: &'t str) -> Option<Self> {
        let mut page = Self { text, nodes: Vec::new() };
        let mut open = Vec::new();
        for event in Parser::new_from_str(text) {
            let (event, marks) = event.ok()?;
            let range = range(&marks, text);
            match event {
                Event::Scalar(said, style, ..) => {
                    let at = page.push(range, Kind::Scalar(quotes(style)), open.last().copied());
                    page.nodes[at].text = said.as_ref().into();
                }
                Event::SequenceStart(..) => {
                    open.push(page.push(range.clone(), Kind::Sequence(layout(&range)), open.last().copied()));
                }
                Event::MappingStart(..) => {
                    open.push(page.push(range.clone(), Kind::Mapping(layout(&range)), open.last().copied()));
                }
                Event::SequenceEnd | Event::MappingEnd => page.close(open.pop()?, range.end),
                _ => {}
            }
        }
        open.is_empty().then_some(page)
    }

    fn push(&mut self, range: Range<usize>, kind: Kind, parent: Option<NodeIx>) -> NodeIx {
        let ix = self.nodes.len();
        let at = range.start;
        let end = at + self.text.get(range.clone()).map_or(0, |text| text.trim_end().len());
        let start = if kind == Kind::Scalar(Quotes::Block) { self.introduction(at) } else { at };
        self.nodes.push(Node {
            range: start..end.max(start),
            at,
            end: ix + 1,
            parent,
            kind,
            text: "".into(),
        });
        ix
    }

    /// Where the `|` or `>` stands that introduces a text of several lines.
    fn introduction(&self, at: usize) -> usize {
        let before = self.nodes.iter().rev().map(|node| node.range.end).find(|end| *end <= at).unwrap_or(0);
        let between = self.text.get(before..at).unwrap_or_default();
        between.find(['|', '>']).map_or(at, |introduction| before + introduction)
    }

    /// Gives a list or mapping its end.
    fn close(&mut self, at: NodeIx, end: usize) {
        let all = self.nodes.len();
        let below = self.nodes.get(at + 1..).unwrap_or_default();
        let within = below.iter().map(|node| node.range.end).max();
        let start = below.first().map(|node| node.range.start);
        let begins = below.first().map(|node| node.at);
        let node = &mut self.nodes[at];
        node.end = all;
        match node.kind {
            Kind::Sequence(Layout::Flow) | Kind::Mapping(Layout::Flow) => node.range.end = end,
            _ => {
                node.range = start.unwrap_or(end)..within.unwrap_or(end);
                node.at = begins.unwrap_or(node.at);
            }
        }
    }

    /// A node.
    pub(super) fn node(&self, at: NodeIx) -> &Node {
        &self.nodes[at]
    }

    /// Whether a node stands somewhere below another.
    pub(super) fn is_below(&self, at: NodeIx, above: NodeIx) -> bool {
        above < at && at < self.nodes[above].end
    }

    /// One past the last node below one.
    #[cfg(test)]
    pub(super) fn end_of(&self, at: NodeIx) -> NodeIx {
        self.nodes[at].end
    }

    /// How many lists and mappings a node stands in.
    pub(super) fn depth(&self, at: NodeIx) -> usize {
        std::iter::successors(self.nodes[at].parent, |above| self.nodes[*above].parent).count()
    }

    /// The nodes directly below one: items, or keys and values in turn.
    pub(super) fn children(&self, of: NodeIx) -> Vec<NodeIx> {
        let (mut next, end) = (of + 1, self.nodes[of].end);
        let mut children = Vec::new();
        while next < end {
            children.push(next);
            next = self.nodes[next].end;
        }
        children
    }

    /// The keys of a mapping with their values.
    pub(super) fn keys(&self, of: NodeIx) -> Vec<(NodeIx, NodeIx)> {
        let is_mapping = matches!(self.nodes[of].kind, Kind::Mapping(_));
        let children = if is_mapping { self.children(of) } else { Vec::new() };
        children.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()
    }

    /// The value behind a key of a mapping, with the key.
    pub(super) fn value(&self, of: NodeIx, key: &str) -> Option<(NodeIx, NodeIx)> {
        self.keys(of).into_iter().find(|(name, _)| &*self.nodes[*name].text == key)
    }

    /// The key that a value stands behind.
    pub(super) fn key_of(&self, value: NodeIx) -> Option<NodeIx> {
        let mapping = self.nodes[value].parent?;
        self.keys(mapping).into_iter().find(|(_, it)| *it == value).map(|(key, _)| key)
    }

    /// What the list is called that a node is an item of.
    pub(super) fn list_of(&self, item: NodeIx) -> Option<&str> {
        let list = self.nodes[item].parent?;
        let is_list = matches!(self.nodes[list].kind, Kind::Sequence(_));
        let key = self.key_of(list).filter(|_| is_list)?;
        Some(&self.nodes[key].text)
    }

    /// The text that begins at an offset.
    pub(super) fn scalar_at(&self, offset: usize) -> Option<NodeIx> {
        let from = self.nodes.partition_point(|node| node.at < offset);
        let here = (from..self.nodes.len()).take_while(|at| self.nodes[*at].at == offset);
        here.filter(|at| matches!(self.nodes[*at].kind, Kind::Scalar(_))).last()
    }

    /// The mapping that begins at an offset and is an item of a list.
    pub(super) fn entry_at(&self, offset: usize) -> Option<NodeIx> {
        let from = self.nodes.partition_point(|node| node.at < offset);
        let here = (from..self.nodes.len()).take_while(|at| self.nodes[*at].at == offset);
        here.filter(|at| matches!(self.nodes[*at].kind, Kind::Mapping(_)))
            .find(|at| self.list_of(*at).is_some())
    }

    /// The list of a key at the top.
    pub(super) fn top(&self, key: &str) -> Option<NodeIx> {
        self.nodes.first().and_then(|_| self.value(0, key)).map(|(_, value)| value)
    }

    /// The same, if it stands on lines of its own.
    pub(super) fn block_list(&self, key: &str) -> Option<NodeIx> {
        self.top(key).filter(|list| self.nodes[*list].kind == Kind::Sequence(Layout::Block))
    }

    /// Where the line begins that an offset stands in.
    pub(super) fn line_start(&self, offset: usize) -> usize {
        self.text[..offset].rfind('\n').map_or(0, |at| at + 1)
    }

    /// Where the line ends that an offset stands in, without its line break.
    pub(super) fn line_end(&self, offset: usize) -> usize {
        let end = self.text[offset..].find('\n').map_or(self.text.len(), |at| offset + at);
        if self.text[..end].ends_with('\r') && end > offset { end - 1 } else { end }
    }

    /// Where the line after that of an offset begins.
    pub(super) fn next_line(&self, offset: usize) -> usize {
        self.text[offset..].find('\n').map_or(self.text.len(), |at| offset + at + 1)
    }

    /// How lines end here.
    pub(super) fn line_break(&self) -> &'static str {
        match self.text.find('\n') {
            Some(at) if self.text[..at].ends_with('\r') => "\r\n",
            _ => "\n",
        }
    }
}

fn range(marks: &Marks, text: &str) -> Range<usize> {
    let range = marks.byte_range().unwrap_or_default();
    range.start.min(text.len())..range.end.min(text.len())
}

const fn quotes(style: ScalarStyle) -> Quotes {
    match style {
        ScalarStyle::Plain => Quotes::None,
        ScalarStyle::SingleQuoted => Quotes::Single,
        ScalarStyle::DoubleQuoted => Quotes::Double,
        _ => Quotes::Block,
    }
}

/// What stands in brackets begins with one.
const fn layout(range: &Range<usize>) -> Layout {
    if range.end > range.start { Layout::Flow } else { Layout::Block }
}
