//! A manifest's text becomes a [`Tree`], within budgets and without anything that repeats or retypes values. The plainest YAML is
//! scanned; the events of granit-parser tell the rest.

use std::borrow::Cow;

use granit_parser::{Event, Parser, ScalarStyle, ScanError, Span as Marks, options};

use crate::diag::{Code, Diagnostic, Source, Span};
use crate::manifest::yaml::budget::Budget;
use crate::manifest::yaml::sink::Sink;
use crate::manifest::yaml::tree::{Kind, Node, NodeIx, Style, Text, Tree};
use crate::manifest::yaml::types::Written;
use crate::manifest::yaml::{keys, refuse, scan};
use crate::model::{Care, Odd};

/// Lists and mappings nest this deep.
const DEPTH: usize = 64;

/// Reads the one document of a file; what is refused goes to `sink`. The tree holds what came before a syntax error, and nothing
/// of a file over its budget.
pub(super) fn build<'s>(source: &'s Source, budget: Budget, sink: &Sink) -> Tree<'s> {
    scan::tree(source, &budget).unwrap_or_else(|| parse(source, budget, sink))
}

/// The same by the parser alone.
pub(super) fn parse<'s>(source: &'s Source, budget: Budget, sink: &Sink) -> Tree<'s> {
    let tree = Tree { nodes: Vec::with_capacity(budget.room(source.text().len())) };
    let mut builder = Builder { source, budget, sink, tree, open: Vec::new(), documents: 0 };
    let options = options! {
        emit_comments: false,
        emit_anchor_events: true,
        emit_unresolved_aliases: true,
        flow_nesting_limit: DEPTH,
        block_nesting_limit: DEPTH,
    };
    for event in Parser::new_from_str_with_options(source.text(), options) {
        let read = match event {
            Ok((event, marks)) => builder.event(event, &marks),
            Err(error) => Err(Box::new(syntax(source, &error))),
        };
        if let Err(problem) = read {
            builder.close_all();
            if problem.code == Code::TooManyNodes {
                builder.tree = Tree::default();
            }
            sink.push(|| *problem);
            break;
        }
    }
    builder.tree
}

/// The text of what is no scalar.
const NONE: Text<'static> = Text::Written("");

/// A problem that ends the reading of a file.
type Stop = Box<Diagnostic>;

struct Builder<'s, 'c> {
    source: &'s Source,
    budget: Budget,
    sink: &'c Sink,
    tree: Tree<'s>,
    /// What is not closed yet, and how many nodes stand directly below it.
    open: Vec<(NodeIx, usize)>,
    documents: usize,
}

impl<'s> Builder<'s, '_> {
    fn event(&mut self, event: Event<'s>, marks: &Marks) -> Result<(), Stop> {
        if event.is_node() {
            self.refuse_tag(marks);
        }
        match event {
            Event::Scalar(text, style, ..) => self.scalar(text, style, marks),
            Event::SequenceStart(..) => self.open(Kind::Sequence, marks),
            Event::MappingStart(..) => self.open(Kind::Mapping, marks),
            Event::SequenceEnd | Event::MappingEnd => {
                self.close(marks);
                Ok(())
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                let span = self.span(marks);
                self.sink.push(|| refuse::alias(span, self.text(marks)));
                self.add(span, Kind::Refused, NONE).map(drop)
            }
            Event::Anchor(..) => {
                self.sink.push(|| refuse::anchor(self.span(marks), self.text(marks)));
                Ok(())
            }
            Event::DocumentStart(..) => self.document(marks),
            _ => Ok(()),
        }
    }

    fn document(&mut self, marks: &Marks) -> Result<(), Stop> {
        self.documents += 1;
        if self.documents == 1 {
            return Ok(());
        }
        let message = "a manifest holds one document, and here another one starts";
        Err(Box::new(
            Diagnostic::new(Code::SecondDocument, self.span(marks), message)
                .help("put it in a file of its own, or take the `---` out and merge the keys"),
        ))
    }

    fn scalar(&mut self, text: Cow<'s, str>, style: ScalarStyle, marks: &Marks) -> Result<(), Stop> {
        let span = self.span(marks);
        if text.len() > self.budget.text {
            let start = Span::new(span.start, span.start);
            self.sink.push(|| refuse::long(start, text.len(), self.budget.text));
            return self.add(start, Kind::Refused, NONE).map(drop);
        }
        let escapes = style == ScalarStyle::DoubleQuoted;
        if let Some(control) = escapes.then(|| refuse::control_in(&text)).flatten() {
            self.sink.push(|| refuse::control(span, control, self.text(marks)));
            return self.add(span, Kind::Refused, NONE).map(drop);
        }
        // The parser says `~` where nothing is written.
        let text = if span.start == span.end { Cow::Borrowed("") } else { text };
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::DoubleQuoted => {
                self.written_out(&text, marks).map_or(Style::Quoted, Style::WrittenOut)
            }
            _ => Style::Quoted,
        };
        self.add(span, Kind::Scalar(style), text.into()).map(drop)
    }

    /// Whether escapes stand for all that is odd about a text.
    fn written_out(&self, text: &str, marks: &Marks) -> Option<Written> {
        let written = self.text(marks);
        let inside = written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(written);
        if inside == text || Odd::of(inside, Care::Name).is_some() {
            return None;
        }
        let whole = Care::of_identifier(text).all(|care| Odd::of(inside, care).is_none());
        Some(if whole { Written::OutWhole } else { Written::Out })
    }

    fn open(&mut self, kind: Kind, marks: &Marks) -> Result<(), Stop> {
        let span = self.span(marks);
        let ix = self.add(span, kind, NONE)?;
        self.open.push((ix, 0));
        Ok(())
    }

    fn close(&mut self, marks: &Marks) {
        let end = self.span(marks).end;
        let Some((ix, _)) = self.open.pop() else { return };
        self.seal(ix);
        let start = self.tree.node(ix).span;
        // A flow collection on one line is marked whole; anything longer by what begins it.
        let range = self.source.range(Span::new(start.start, end));
        if start.end > start.start {
            if self.source.text().get(range).is_some_and(|text| !text.contains('\n')) {
                self.tree.nodes[ix].span.end = end;
            }
        } else if let Some(first) = self.tree.nodes.get(ix + 1) {
            let first = first.span;
            self.tree.nodes[ix].span = first;
        }
    }

    /// Gives every open collection its end, so that what was read before a syntax error is a tree.
    fn close_all(&mut self) {
        while let Some((ix, _)) = self.open.pop() {
            self.seal(ix);
        }
    }

    /// Gives a collection its end, behind all that was read.
    fn seal(&mut self, ix: NodeIx) {
        self.tree.nodes[ix].end = u32::try_from(self.tree.nodes.len()).unwrap_or(u32::MAX);
        if self.tree.node(ix).kind == Kind::Mapping {
            keys::check(&mut self.tree, ix, self.sink);
        }
    }

    fn add(&mut self, span: Span, kind: Kind, text: Text<'s>) -> Result<NodeIx, Stop> {
        let ix = self.tree.nodes.len();
        let over = |message: String| {
            let stop = Diagnostic::new(Code::TooManyNodes, span, message);
            Err(Box::new(stop.help("split the file by team")))
        };
        if ix >= self.budget.nodes {
            return over(format!("one file holds at most {} values", self.budget.nodes));
        }
        if let Some((above, below)) = self.open.last_mut() {
            *below += 1;
            let (most, what) = match self.tree.nodes.get(*above).map(|node| node.kind) {
                Some(Kind::Mapping) => (2 * self.budget.items, "mapping holds at most {} keys"),
                _ => (self.budget.items, "list holds at most {} items"),
            };
            if *below > most {
                return over(format!("one {}", what.replace("{}", &self.budget.items.to_string())));
            }
        }
        let end = u32::try_from(ix + 1).unwrap_or(u32::MAX);
        self.tree.nodes.push(Node { span, end, kind, text });
        Ok(ix)
    }

    fn refuse_tag(&self, marks: &Marks) {
        if let Some(tag) = marks.tag_span() {
            self.sink.push(|| refuse::tag(self.span(&tag), self.text(&tag)));
        }
    }

    fn span(&self, marks: &Marks) -> Span {
        self.source.span(marks.byte_range().unwrap_or_default())
    }

    /// What is written between the marks.
    fn text(&self, marks: &Marks) -> &'s str {
        marks.slice(self.source.text()).unwrap_or_default()
    }
}

fn syntax(source: &Source, error: &ScanError) -> Diagnostic {
    let at = error.marker().byte_offset().unwrap_or_default();
    refuse::syntax(source, at, error.kind())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Sources;

    /// The nodes and problems of a text within a small budget.
    fn within(nodes: usize, text: &str) -> (usize, Vec<Diagnostic>) {
        let mut sources = Sources::default();
        let source = sources.add("a.yaml", text).unwrap();
        let sink = Sink::new();
        let tree = build(source, Budget { nodes, items: 4, text: 8 }, &sink);
        (tree.nodes.len(), sink.finish(source).sorted())
    }

    #[test]
    fn a_file_at_its_budget_is_read() {
        assert_eq!(within(4, "[a, b, 12345678]"), (4, vec![]));
    }

    #[test]
    fn a_file_over_its_budget_of_values_is_read_no_further() {
        let (nodes, found) = within(4, "[a, b, c, d, &e f]");
        assert_eq!((nodes, found.len(), found[0].code), (0, 1, Code::TooManyNodes));
    }

    #[test]
    fn a_list_or_mapping_over_its_budget_is_read_no_further() {
        for (text, message) in [
            ("[a, b, c, d, e]", "one list holds at most 4 items"),
            ("{ a: 1, b: 2, c: 3, d: 4, e: 5 }", "one mapping holds at most 4 keys"),
        ] {
            let (nodes, found) = within(99, text);
            assert_eq!((nodes, found.len(), &*found[0].message), (0, 1, message));
        }
        assert_eq!(within(99, "{ a: 1, b: 2, c: 3, d: [a, b, c, d] }").1, []);
    }

    #[test]
    fn a_text_over_its_budget_is_refused_and_the_others_are_read() {
        let (nodes, found) = within(4, "[a, 123456789, c]");
        assert_eq!((nodes, found.len(), found[0].code), (4, 1, Code::TooLong));
    }
}
