//! A serde `Deserializer` over the tree that reports every problem and goes on.

use std::borrow::Cow;
use std::str::FromStr;

use serde::de::value::{BorrowedStrDeserializer, StrDeserializer};
use serde::de::{DeserializeSeed, Deserializer, Visitor};
use serde::forward_to_deserialize_any;

use crate::diag::{Code, Diagnostic, Span, nearest};
use crate::manifest::yaml::access::{Fields, Items, Keys, ShapeOf, WithSpan};
use crate::manifest::yaml::error::Error;
use crate::manifest::yaml::sink::Sink;
use crate::manifest::yaml::tree::{Kind, NodeIx, Style, Tree};
use crate::manifest::yaml::types::{ONE_OR_MANY, SHAPE, SPANNED, Written};

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
    pub(super) fn kind(self) -> &'t Kind<'s> {
        &self.reader.tree.node(self.node).kind
    }

    pub(super) fn span(self) -> Span {
        self.reader.tree.node(self.node).span
    }

    /// How a text is written.
    pub(super) fn written(self) -> Written {
        match self.kind() {
            Kind::Scalar(_, style) => style.written(),
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
            Error::Said(message) => self.report(|| Diagnostic::new(Code::InvalidValue, self.span(), message)),
        }
    }

    /// What stands here, unless it was refused or is nothing at all.
    fn present(self) -> Result<&'t Kind<'s>, Error> {
        match self.kind() {
            Kind::Refused => Err(Error::Reported),
            Kind::Scalar(text, _) if self.kind().is_nothing() => Err(self.report(|| self.empty(text))),
            kind => Ok(kind),
        }
    }

    fn text(self, expected: &str) -> Result<(&'t Cow<'s, str>, Style), Error> {
        match self.present()? {
            Kind::Scalar(text, style) => Ok((text, *style)),
            _ => Err(self.wrong(expected)),
        }
    }

    fn collection(self, wanted: &Kind<'_>, expected: &str) -> Result<(), Error> {
        if self.present()? == wanted { Ok(()) } else { Err(self.wrong(expected)) }
    }

    fn whole<N: FromStr>(self) -> Result<N, Error> {
        const EXPECTED: &str = "a whole number";
        let (text, style) = self.text(EXPECTED)?;
        let digits = text.strip_prefix('-').unwrap_or(text);
        let canonical =
            digits.bytes().all(|b| b.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0'));
        let number = text.parse().ok().filter(|_| canonical && style == Style::Plain);
        number.ok_or_else(|| self.wrong(EXPECTED))
    }

    /// Reports that something else stands here than `expected`.
    fn wrong(self, expected: &str) -> Error {
        self.report(|| self.other_than(expected))
    }

    /// Reports that something else stands here than a mapping, and how one is written.
    fn no_mapping(self, fields: &[&str]) -> Error {
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

    fn other_than(self, expected: &str) -> Diagnostic {
        let subject = self.name().map_or_else(|| "this".to_owned(), |name| format!("`{name}`"));
        let found = match self.kind() {
            Kind::Scalar(text, Style::Plain) if text.len() <= 40 => format!("`{text}`"),
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

    fn empty(self, text: &str) -> Diagnostic {
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
    fn name(self) -> Option<&'t str> {
        match &self.reader.tree.node(self.key?).kind {
            Kind::Scalar(text, _) => Some(text),
            _ => None,
        }
    }

    fn unknown(self, text: &str, allowed: &[&str]) -> Error {
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

macro_rules! whole_numbers {
    ($($method:ident $visit:ident)*) => {$(
        fn $method<V: Visitor<'s>>(self, visitor: V) -> Result<V::Value, Error> {
            let number = self.whole()?;
            visitor.$visit(number).map_err(|error| self.settle(error))
        }
    )*};
}

impl<'s> Deserializer<'s> for At<'_, 's> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'s>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.present()? {
            Kind::Sequence => self.deserialize_seq(visitor),
            Kind::Mapping => self.deserialize_map(visitor),
            Kind::Scalar(..) | Kind::Refused => self.deserialize_str(visitor),
        }
    }

    fn deserialize_str<V: Visitor<'s>>(self, visitor: V) -> Result<V::Value, Error> {
        let read = match self.text("text")?.0 {
            Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            Cow::Owned(text) => visitor.visit_str(text),
        };
        read.map_err(|error| self.settle(error))
    }

    fn deserialize_bool<V: Visitor<'s>>(self, visitor: V) -> Result<V::Value, Error> {
        const EXPECTED: &str = "`true` or `false`";
        let value = match self.text(EXPECTED)? {
            (text, Style::Plain) if text == "true" => true,
            (text, Style::Plain) if text == "false" => false,
            _ => return Err(self.wrong(EXPECTED)),
        };
        visitor.visit_bool(value).map_err(|error| self.settle(error))
    }

    whole_numbers! {
        deserialize_u8 visit_u8 deserialize_u16 visit_u16 deserialize_u32 visit_u32 deserialize_u64 visit_u64
        deserialize_i8 visit_i8 deserialize_i16 visit_i16 deserialize_i32 visit_i32 deserialize_i64 visit_i64
    }

    fn deserialize_seq<V: Visitor<'s>>(self, visitor: V) -> Result<V::Value, Error> {
        self.collection(&Kind::Sequence, "a list")?;
        visitor.visit_seq(Items::below(self)).map_err(|error| self.settle(error))
    }

    fn deserialize_map<V: Visitor<'s>>(self, visitor: V) -> Result<V::Value, Error> {
        self.collection(&Kind::Mapping, "a mapping")?;
        visitor.visit_map(Keys::below(self)).map_err(|error| self.settle(error))
    }

    fn deserialize_struct<V: Visitor<'s>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        if self.present()? != &Kind::Mapping {
            return Err(self.no_mapping(fields));
        }
        visitor.visit_map(Fields::below(self, fields)).map_err(|error| self.settle(error))
    }

    fn deserialize_enum<V: Visitor<'s>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        if name == SHAPE {
            self.present()?;
            return visitor.visit_enum(ShapeOf(self)).map_err(|error| self.settle(error));
        }
        let (text, _) = self.text("one word")?;
        if !variants.contains(&&**text) {
            return Err(self.unknown(text, variants));
        }
        let read = match text {
            Cow::Borrowed(text) => visitor.visit_enum(BorrowedStrDeserializer::new(text)),
            Cow::Owned(text) => visitor.visit_enum(StrDeserializer::new(text)),
        };
        read.map_err(|error| self.settle(error))
    }

    fn deserialize_tuple_struct<V: Visitor<'s>>(
        self,
        name: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        if name == SPANNED {
            visitor.visit_seq(WithSpan::new(self)).map_err(|error| self.settle(error))
        } else {
            self.deserialize_seq(visitor)
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'s>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        let read = if name == ONE_OR_MANY {
            match self.present()? {
                Kind::Sequence => visitor.visit_seq(Items::below(self)),
                _ => visitor.visit_seq(Items::only(self)),
            }
        } else {
            visitor.visit_newtype_struct(self)
        };
        read.map_err(|error| self.settle(error))
    }

    fn deserialize_option<V: Visitor<'s>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self).map_err(|error| self.settle(error))
    }

    fn deserialize_ignored_any<V: Visitor<'s>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_string<V: Visitor<'s>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    forward_to_deserialize_any! {
        <V: Visitor<'s>>
        i128 u128 f32 f64 char bytes byte_buf unit unit_struct tuple identifier
    }
}

/// Reads a value and reports what its own `Deserialize` complains about.
pub(super) fn read<'s, S: DeserializeSeed<'s>>(at: At<'_, 's>, seed: S) -> Result<S::Value, Error> {
    seed.deserialize(at).map_err(|error| at.settle(error))
}
