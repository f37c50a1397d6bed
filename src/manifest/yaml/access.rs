//! What serde asks of lists, mappings, structs and the two markers of [`types`](super::types).

use serde::de::value::{BorrowedStrDeserializer, StrDeserializer, U32Deserializer};
use serde::de::{
    DeserializeSeed, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess, Visitor,
};

use crate::diag::{Code, Diagnostic};
use crate::manifest::yaml::at::{At, allowed_instead, read};
use crate::manifest::yaml::error::Error;
use crate::manifest::yaml::meant::meant;
use crate::manifest::yaml::tree::{Children, Kind, NodeIx, Text};
use crate::manifest::yaml::types::{MAPPING, SCALAR, SEQUENCE};

/// The items of a list, or a lone value read as a list of one.
pub(super) struct Items<'t, 's> {
    at: At<'t, 's>,
    rest: ItemsOf<'t, 's>,
}

enum ItemsOf<'t, 's> {
    List(Children<'t, 's>),
    Lone(Option<NodeIx>),
}

impl<'t, 's> Items<'t, 's> {
    pub(super) fn below(at: At<'t, 's>) -> Self {
        Self { at, rest: ItemsOf::List(at.reader.tree.children(at.node)) }
    }

    pub(super) fn only(at: At<'t, 's>) -> Self {
        Self { at, rest: ItemsOf::Lone(Some(at.node)) }
    }
}

impl<'s> SeqAccess<'s> for Items<'_, 's> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'s>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        let item = match &mut self.rest {
            ItemsOf::List(children) => children.next().map(|node| At { node, key: None, ..self.at }),
            ItemsOf::Lone(node) => node.take().map(|node| At { node, ..self.at }),
        };
        item.map(|item| read(item, seed)).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(match &self.rest {
            ItemsOf::List(children) => children.clone().count(),
            ItemsOf::Lone(node) => usize::from(node.is_some()),
        })
    }
}

/// The entries of a mapping; those whose key was refused are left out.
pub(super) struct Keys<'t, 's> {
    at: At<'t, 's>,
    rest: Children<'t, 's>,
    value: Option<At<'t, 's>>,
}

impl<'t, 's> Keys<'t, 's> {
    pub(super) fn below(at: At<'t, 's>) -> Self {
        Self { at, rest: at.reader.tree.children(at.node), value: None }
    }

    /// The next entry's key and its text.
    fn next_key(&mut self) -> Option<(At<'t, 's>, &'t Text<'s>)> {
        loop {
            let key = self.rest.next()?;
            let value = self.rest.next()?;
            let key = At { node: key, key: None, ..self.at };
            if let Kind::Scalar(_) = key.kind() {
                self.value = Some(At { node: value, key: Some(key.node), ..self.at });
                return Some((key, &key.node().text));
            }
        }
    }

    fn next_value<V: DeserializeSeed<'s>>(&mut self, seed: V) -> Result<V::Value, Error> {
        self.value.take().map_or(Err(Error::Reported), |value| read(value, seed))
    }
}

impl<'s> MapAccess<'s> for Keys<'_, 's> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'s>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        self.next_key().map(|(key, _)| read(key, seed)).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'s>>(&mut self, seed: V) -> Result<V::Value, Error> {
        self.next_value(seed)
    }
}

/// The entries of a struct; unknown keys are reported and left out.
pub(super) struct Fields<'t, 's> {
    keys: Keys<'t, 's>,
    known: &'static [&'static str],
}

impl<'t, 's> Fields<'t, 's> {
    pub(super) fn below(at: At<'t, 's>, known: &'static [&'static str]) -> Self {
        Self { keys: Keys::below(at), known }
    }
}

impl<'s> MapAccess<'s> for Fields<'_, 's> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'s>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        while let Some((key, text)) = self.keys.next_key() {
            if self.known.contains(&&**text) {
                let name = match text {
                    Text::Written(text) => seed.deserialize(BorrowedStrDeserializer::new(text)),
                    Text::Made(text) => seed.deserialize(StrDeserializer::new(text)),
                };
                return name.map(Some);
            }
            key.report(|| {
                let it = Diagnostic::new(
                    Code::UnknownKey,
                    key.span(),
                    format!("there is no key `{}` here", &**text),
                );
                match meant(text, self.known) {
                    Some(help) => it.help(help),
                    None => it.help(allowed_instead(text, self.known)),
                }
            });
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'s>>(&mut self, seed: V) -> Result<V::Value, Error> {
        self.keys.next_value(seed)
    }
}

/// A value as the four elements of [`Spanned`](super::Spanned): start, end, how it is written, value.
pub(super) struct WithSpan<'t, 's> {
    at: At<'t, 's>,
    given: u8,
}

impl<'t, 's> WithSpan<'t, 's> {
    pub(super) fn new(at: At<'t, 's>) -> Self {
        Self { at, given: 0 }
    }
}

impl<'s> SeqAccess<'s> for WithSpan<'_, 's> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'s>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        self.given += 1;
        let number = |n: u32| -> U32Deserializer<Error> { n.into_deserializer() };
        match self.given {
            1 => seed.deserialize(number(self.at.span().start)).map(Some),
            2 => seed.deserialize(number(self.at.span().end)).map(Some),
            3 => seed.deserialize(number(self.at.written() as u32)).map(Some),
            4 => read(self.at, seed).map(Some),
            _ => Ok(None),
        }
    }
}

/// A value as an enum whose variant is its shape.
pub(super) struct ShapeOf<'t, 's>(pub(super) At<'t, 's>);

impl<'s> EnumAccess<'s> for ShapeOf<'_, 's> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'s>>(self, seed: V) -> Result<(V::Value, Self), Error> {
        let shape = match self.0.kind() {
            Kind::Sequence => SEQUENCE,
            Kind::Mapping => MAPPING,
            Kind::Scalar(..) | Kind::Refused => SCALAR,
        };
        let shape = seed.deserialize(BorrowedStrDeserializer::new(shape))?;
        Ok((shape, self))
    }
}

impl<'s> VariantAccess<'s> for ShapeOf<'_, 's> {
    type Error = Error;

    fn newtype_variant_seed<T: DeserializeSeed<'s>>(self, seed: T) -> Result<T::Value, Error> {
        read(self.0, seed)
    }

    fn unit_variant(self) -> Result<(), Error> {
        Ok(())
    }

    fn tuple_variant<V: Visitor<'s>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(Items::below(self.0))
    }

    fn struct_variant<V: Visitor<'s>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_map(Fields::below(self.0, fields))
    }
}
