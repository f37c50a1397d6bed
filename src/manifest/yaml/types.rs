//! The types that manifests are made of: each keeps its place, and a bad value inside is left out, not fatal.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::de::{Deserialize, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};

use crate::diag::Span;
use crate::model::{Located, Origin};

/// Asks the reader for a value with its span.
pub(super) const SPANNED: &str = "$rollcall::Spanned";
/// Asks the reader to take a lone value for a list of one.
pub(super) const ONE_OR_MANY: &str = "$rollcall::OneOrMany";
/// Asks the reader for an enum whose variant is the shape of the value.
pub(super) const SHAPE: &str = "$rollcall::Shape";
pub(super) const SCALAR: &str = "scalar";
pub(super) const SEQUENCE: &str = "sequence";
pub(super) const MAPPING: &str = "mapping";

/// A value and the text that says it.
///
/// The span of a scalar is its text with quotes, of a flow collection on one line all of it, and of any other collection
/// what begins it: its first key or dash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spanned<T> {
    /// What is said.
    pub value: T,
    /// Where.
    pub span: Span,
    /// How.
    pub written: Written,
}

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Written {
    /// Without quotes; every list and mapping too.
    #[default]
    Plain,
    /// In quotes.
    Quoted,
    /// In double quotes, with whatever nobody would see in it as an escape: somebody means it.
    Out,
    /// The same, and with whatever an identifier doesn't hold as an escape.
    OutWhole,
}

impl<T> Spanned<T> {
    /// The place as model values carry it.
    pub const fn origin(&self) -> Origin {
        self.span.origin()
    }

    /// The same place with another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned { value: f(self.value), span: self.span, written: self.written }
    }

    /// As the model keeps it.
    pub fn located(self) -> Located<T> {
        Located::new(self.value, self.span.origin())
    }
}

impl<T> Deref for Spanned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Spanned<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_tuple_struct(SPANNED, 4, SpannedVisitor(PhantomData))
    }
}

struct SpannedVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for SpannedVisitor<T> {
    type Value = Spanned<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Spanned<T>, A::Error> {
        let missing = || serde::de::Error::custom("only the manifest reader gives spans");
        let start = seq.next_element()?.ok_or_else(missing)?;
        let end = seq.next_element()?.ok_or_else(missing)?;
        let written = match seq.next_element::<u32>()?.ok_or_else(missing)? {
            0 => Written::Plain,
            1 => Written::Quoted,
            2 => Written::Out,
            _ => Written::OutWhole,
        };
        let value = seq.next_element()?.ok_or_else(missing)?;
        Ok(Spanned { value, span: Span::new(start, end), written })
    }
}

/// What a key of a mapping says. Goes with `#[serde(default)]`, so that a key nobody wrote is [`Absent`](Self::Absent).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Field<T> {
    /// The key is not there: not managed.
    #[default]
    Absent,
    /// The key is there and its value could not be read, which is already reported.
    Broken,
    /// What the key says.
    Given(Spanned<T>),
}

impl<T> Field<T> {
    /// What the key says, if it says something that could be read.
    pub fn given(self) -> Option<Spanned<T>> {
        match self {
            Self::Given(it) => Some(it),
            Self::Absent | Self::Broken => None,
        }
    }

    /// What the key says, by reference.
    pub fn as_ref(&self) -> Option<&Spanned<T>> {
        match self {
            Self::Given(it) => Some(it),
            Self::Absent | Self::Broken => None,
        }
    }

    /// Whether the key is not there at all. Only then may a rule say that it is missing.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // The reader has reported whatever made this fail.
        Ok(Spanned::deserialize(deserializer).map_or(Self::Broken, Self::Given))
    }
}

/// A list. Items that could not be read are left out; they are already reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List<T>(pub Vec<Spanned<T>>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        list(deserializer).map(Self)
    }
}

/// Reads a list into whatever takes its items one by one; a `Deserialize` impl calls it for a list that is too long to be kept
/// as it is written. Items that could not be read are left out.
///
/// # Errors
/// No list, or one of which nothing could be read: that one is broken, and not an empty list.
pub fn list<'de, T, L, D>(deserializer: D) -> Result<L, D::Error>
where
    T: Deserialize<'de>,
    L: Default + Extend<Spanned<T>>,
    D: Deserializer<'de>,
{
    deserializer.deserialize_seq(ListVisitor(PhantomData))
}

/// A list, or a lone value that stands for a list of one. Items that could not be read are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneOrMany<T>(pub Vec<Spanned<T>>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(ONE_OR_MANY, ListVisitor(PhantomData)).map(Self)
    }
}

/// Reads items of `T` into an `L`.
struct ListVisitor<T, L>(PhantomData<(T, L)>);

impl<'de, T: Deserialize<'de>, L: Default + Extend<Spanned<T>>> Visitor<'de> for ListVisitor<T, L> {
    type Value = L;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<L, A::Error> {
        let mut list = L::default();
        let mut items = Readable { seq, any: false, broken: None, of: PhantomData };
        list.extend(&mut items);
        match items.broken {
            Some(error) if !items.any => Err(error),
            _ => Ok(list),
        }
    }
}

/// The items of a list that can be read.
struct Readable<A, E, T> {
    seq: A,
    /// Whether there was one.
    any: bool,
    /// The last that could not be read.
    broken: Option<E>,
    of: PhantomData<T>,
}

impl<'de, A: SeqAccess<'de>, T: Deserialize<'de>> Iterator for Readable<A, A::Error, T> {
    type Item = Spanned<T>;

    fn next(&mut self) -> Option<Spanned<T>> {
        loop {
            match self.seq.next_element() {
                Ok(item) => {
                    self.any |= item.is_some();
                    return item;
                }
                Err(error) => self.broken = Some(error),
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.seq.size_hint().unwrap_or_default(), None)
    }
}

/// A mapping with free keys, in the order written. Entries that could not be read are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Map<T>(pub Vec<(Spanned<Box<str>>, Spanned<T>)>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Map<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MapVisitor(PhantomData)).map(Self)
    }
}

struct MapVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for MapVisitor<T> {
    type Value = Vec<(Spanned<Box<str>>, Spanned<T>)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a mapping")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some((key, value)) = map.next_entry::<Field<Box<str>>, Field<T>>()? {
            entries.extend(key.given().zip(value.given()));
        }
        Ok(entries)
    }
}

/// A value whose shape says which of two it is: a text or number, or a mapping.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Either<S, M> {
    /// A text, a number, a word.
    Scalar(S),
    /// A mapping.
    Mapping(M),
}

impl<'de, S: Deserialize<'de>, M: Deserialize<'de>> Deserialize<'de> for Either<S, M> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_enum(SHAPE, &[SCALAR, SEQUENCE, MAPPING], EitherVisitor(PhantomData))
    }
}

struct EitherVisitor<S, M>(PhantomData<(S, M)>);

impl<'de, S: Deserialize<'de>, M: Deserialize<'de>> Visitor<'de> for EitherVisitor<S, M> {
    type Value = Either<S, M>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a mapping")
    }

    fn visit_enum<A: EnumAccess<'de>>(self, shape: A) -> Result<Self::Value, A::Error> {
        match shape.variant::<Box<str>>()? {
            (shape, value) if &*shape == MAPPING => value.newtype_variant().map(Either::Mapping),
            // A list has neither shape: the type of the scalar says what it takes instead.
            (_, value) => value.newtype_variant().map(Either::Scalar),
        }
    }
}
