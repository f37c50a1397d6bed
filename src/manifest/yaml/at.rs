//! What stands at a place of a file, and what is said where it is something else than expected?

use std::str::FromStr;

use serde::de::DeserializeSeed;

use crate::diag::{Code, Diagnostic, Span, nearest};
use crate::manifest::yaml::error::Error;
use crate::manifest::yaml::sink::Sink;
use crate::manifest::yaml::tree::{Kind, Node, NodeIx, Style, Text, Tree};
use crate::manifest::yaml::types::Written;

/// One file being read.
pub(super) struct Reader<'t, 's> {
    pub(super) tree: &'t Tree<'s>,
    pub(super) sink: &'t Sink,
}

/// The value at one node, and the key it stands behind.
#[derive(Clone, Copy)]
pub(super) struct At<'t, 's> {
    pub(super) reader: &'t Reader<'t, 's>,
    pub(super) node: NodeIx,
    pub(super) key: Option<NodeIx>,
}

impl<'t, 's> At<'t, 's> {
    pub(super) fn node(self) -> &'t Node<'s> {
        self.reader.tree.node(self.node)
    }

    pub(super) fn kind(self) -> Kind {
        self.node().kind
    }

    pub(super) fn span(self) -> Span {
        self.node().span
    }

    /// How a text is written.
    pub(super) fn written(self) -> Written {
        match self.kind() {
            Kind::Scalar(style) => style.written(),
            Kind::Sequence | Kind::Mapping | Kind::Refused => Written::Plain,
        }
    }

    /// Reports a problem with this value.
    pub(super) fn report(self, make: impl FnOnce() -> Diagnostic) -> Error {
        self.reader.sink.push(make);
        Error::Reported
    }

    /// Reports what a `Deserialize` impl complained about, here unless further in.
    pub(super) fn settle(self, error: Error) -> Error {
        match error {
            Error::Reported => error,
            Error::Located(message) => {
                self.report(|| Diagnostic::new(Code::InvalidValue, self.span(), message))
            }
        }
    }

    /// What stands here, unless it was refused or is nothing at all.
    pub(super) fn present(self) -> Result<Kind, Error> {
        match self.kind() {
            Kind::Refused => Err(Error::Reported),
            Kind::Scalar(_) if self.node().is_nothing() => Err(self.report(|| self.empty(&self.node().text))),
            kind => Ok(kind),
        }
    }

    pub(super) fn text(self, expected: &str) -> Result<(&'t Text<'s>, Style), Error> {
        match self.present()? {
            Kind::Scalar(style) => Ok((&self.node().text, style)),
            _ => Err(self.wrong(expected)),
        }
    }

    pub(super) fn collection(self, wanted: Kind, expected: &str) -> Result<(), Error> {
        if self.present()? == wanted { Ok(()) } else { Err(self.wrong(expected)) }
    }

    pub(super) fn whole<N: FromStr>(self) -> Result<N, Error> {
        const EXPECTED: &str = "a whole number";
        let (text, style) = self.text(EXPECTED)?;
        let digits = text.strip_prefix('-').unwrap_or(text);
        let canonical =
            digits.bytes().all(|b| b.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0'));
        let number = text.parse().ok().filter(|_| canonical && style == Style::Plain);
        number.ok_or_else(|| self.wrong(EXPECTED))
    }

    /// Reports that something else stands here than `expected`.
    pub(super) fn wrong(self, expected: &str) -> Error {
        self.report(|| self.other_than(expected))
    }

    /// Reports that something else stands here than a mapping, and how one is written.
    pub(super) fn no_mapping(self, fields: &[&str]) -> Error {
        self.report(|| {
            let first = fields.first().copied().unwrap_or_default();
            let mapping = match self.name() {
                Some(name) => format!("{name}: {{ {first}: … }}"),
                None => format!("{{ {first}: … }}"),
            };
            let keys = fields.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
            self.other_than("a mapping").help(format!("write `{mapping}`; its keys are {keys}"))
        })
    }

    pub(super) fn other_than(self, expected: &str) -> Diagnostic {
        let subject = self.name().map_or_else(|| "this".to_owned(), |name| format!("`{name}`"));
        let text = &*self.node().text;
        let found = match self.kind() {
            Kind::Scalar(Style::Plain) if text.len() <= 40 => format!("`{text}`"),
            Kind::Scalar(..) => "text in quotes".to_owned(),
            Kind::Sequence => "a list".to_owned(),
            Kind::Mapping | Kind::Refused => "a mapping".to_owned(),
        };
        Diagnostic::new(
            Code::WrongType,
            self.span(),
            format!("{subject} takes {expected}, and this is {found}"),
        )
        .label(format!("expected {expected}"))
    }

    pub(super) fn empty(self, text: &str) -> Diagnostic {
        let place = self.key.filter(|_| text.is_empty()).unwrap_or(self.node);
        let span = self.reader.tree.node(place).span;
        let message = match (self.name(), text) {
            (Some(name), "") => format!("`{name}` has nothing after it"),
            (Some(name), _) => format!("`{name}: {text}` says nothing: without quotes `{text}` is no text"),
            (None, "") => "this list item is empty".to_owned(),
            (None, _) => format!("`{text}` says nothing: without quotes it is no text"),
        };
        let help = match (self.key, text) {
            (Some(_), "") => "write `[]` for none, or take the key out to leave it as it is".to_owned(),
            (None, "") => "take the item out".to_owned(),
            (Some(_), _) => format!(
                "if this is a text, put it in quotes: '{text}'; else take the key out, or write `[]` for none"
            ),
            (None, _) => format!("if this is a text, put it in quotes: '{text}'; else take the item out"),
        };
        Diagnostic::new(Code::EmptyValue, span, message).help(help)
    }

    /// The key this value stands behind.
    pub(super) fn name(self) -> Option<&'t str> {
        let key = self.reader.tree.node(self.key?);
        matches!(key.kind, Kind::Scalar(_)).then_some(&*key.text)
    }

    pub(super) fn unknown(self, text: &str, allowed: &[&str]) -> Error {
        self.report(|| {
            let it = Diagnostic::new(Code::UnknownValue, self.span(), format!("there is no `{text}` here"));
            it.help(allowed_instead(text, allowed))
        })
    }
}

/// "did you mean", and all that is allowed.
pub(super) fn allowed_instead(word: &str, allowed: &[&str]) -> String {
    let list = allowed.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
    match nearest(word, allowed.iter().copied()) {
        Some(near) => format!("did you mean `{near}`? allowed: {list}"),
        None => format!("allowed: {list}"),
    }
}

/// Reads a value and reports what its own `Deserialize` complains about.
pub(super) fn read<'s, S: DeserializeSeed<'s>>(at: At<'_, 's>, seed: S) -> Result<S::Value, Error> {
    seed.deserialize(at).map_err(|error| at.settle(error))
}
