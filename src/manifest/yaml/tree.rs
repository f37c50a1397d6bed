//! What a YAML file says, as a tree in one vector.

use std::borrow::Cow;
use std::ops::Deref;

use crate::diag::Span;
use crate::manifest::yaml::types::Written;

/// The index of a node in its [`Tree`].
pub(super) type NodeIx = usize;

/// How a scalar is written; only plain ones can be numbers, truth values or nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Quoted,
    /// In double quotes, with whatever nobody would see in it written out, as `"\u00a0"`; whether that is so of whatever an
    /// identifier doesn't hold, too.
    WrittenOut(Written),
}

impl Style {
    /// As [`Spanned`](super::Spanned) keeps it.
    pub(super) const fn written(self) -> Written {
        match self {
            Self::Plain => Written::Plain,
            Self::Quoted => Written::Quoted,
            Self::WrittenOut(how) => how,
        }
    }
}

/// What stands at a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Scalar(Style),
    Sequence,
    /// Children are key, value, key, value…
    Mapping,
    /// Something that was refused, and reported, while reading: readers fail on it without another word.
    Refused,
}

/// The text of a scalar: as it stands in the source, unless it was escaped or folded. Those are few, and a file has millions of
/// nodes: behind two boxes they make none larger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Text<'s> {
    Written(&'s str),
    Made(Box<Box<str>>),
}

impl<'s> From<Cow<'s, str>> for Text<'s> {
    fn from(text: Cow<'s, str>) -> Self {
        match text {
            Cow::Borrowed(text) => Self::Written(text),
            Cow::Owned(text) => Self::Made(Box::new(text.into())),
        }
    }
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Written(text) => text,
            Self::Made(text) => text,
        }
    }
}

/// One value or key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node<'s> {
    /// What a reader would point at: the text of a scalar, a flow collection that fits its line, else what begins it.
    pub(super) span: Span,
    /// One past the last node below this one.
    pub(super) end: u32,
    pub(super) kind: Kind,
    /// What a scalar says; nothing for any other.
    pub(super) text: Text<'s>,
}

impl Node<'_> {
    /// Whether this is what YAML reads as null: nothing written, or one of its words.
    pub(super) fn is_nothing(&self) -> bool {
        self.kind == Kind::Scalar(Style::Plain) && matches!(&*self.text, "" | "~" | "null" | "Null" | "NULL")
    }
}

/// The nodes of one file in the order they are written: children follow their parent.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Tree<'s> {
    pub(super) nodes: Vec<Node<'s>>,
}

impl<'s> Tree<'s> {
    pub(super) fn node(&self, ix: NodeIx) -> &Node<'s> {
        &self.nodes[ix]
    }

    /// The node after `ix` and everything below it.
    pub(super) fn after(&self, ix: NodeIx) -> NodeIx {
        self.nodes[ix].end as usize
    }

    /// The nodes directly below `ix`: items, or keys and values in turn.
    pub(super) fn children(&self, ix: NodeIx) -> Children<'_, 's> {
        Children { tree: self, next: ix + 1, end: self.after(ix) }
    }
}

/// An iterator over the nodes directly below one.
#[derive(Clone)]
pub(super) struct Children<'t, 's> {
    tree: &'t Tree<'s>,
    next: NodeIx,
    end: NodeIx,
}

impl Iterator for Children<'_, '_> {
    type Item = NodeIx;

    fn next(&mut self) -> Option<NodeIx> {
        let this = self.next;
        (this < self.end).then(|| {
            self.next = self.tree.after(this);
            this
        })
    }
}
