//! A serde `Deserializer` over the tree that reports every problem and goes on.

use serde::de::value::{BorrowedStrDeserializer, StrDeserializer};
use serde::de::{Deserializer, Visitor};
use serde::forward_to_deserialize_any;

use crate::manifest::yaml::access::{Fields, Items, Keys, ShapeOf, WithSpan};
use crate::manifest::yaml::at::At;
use crate::manifest::yaml::error::Error;
use crate::manifest::yaml::tree::{Kind, Style, Text};
use crate::manifest::yaml::types::{ONE_OR_MANY, SHAPE, SPANNED};

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
            Text::Written(text) => visitor.visit_borrowed_str(text),
            Text::Made(text) => visitor.visit_str(text),
        };
        read.map_err(|error| self.settle(error))
    }

    fn deserialize_bool<V: Visitor<'s>>(self, visitor: V) -> Result<V::Value, Error> {
        const EXPECTED: &str = "`true` or `false`";
        let value = match self.text(EXPECTED)? {
            (text, Style::Plain) if &**text == "true" => true,
            (text, Style::Plain) if &**text == "false" => false,
            _ => return Err(self.wrong(EXPECTED)),
        };
        visitor.visit_bool(value).map_err(|error| self.settle(error))
    }

    whole_numbers! {
        deserialize_u8 visit_u8 deserialize_u16 visit_u16 deserialize_u32 visit_u32 deserialize_u64 visit_u64
        deserialize_i8 visit_i8 deserialize_i16 visit_i16 deserialize_i32 visit_i32 deserialize_i64 visit_i64
    }

    fn deserialize_seq<V: Visitor<'s>>(self, visitor: V) -> Result<V::Value, Error> {
        self.collection(Kind::Sequence, "a list")?;
        visitor.visit_seq(Items::below(self)).map_err(|error| self.settle(error))
    }

    fn deserialize_map<V: Visitor<'s>>(self, visitor: V) -> Result<V::Value, Error> {
        self.collection(Kind::Mapping, "a mapping")?;
        visitor.visit_map(Keys::below(self)).map_err(|error| self.settle(error))
    }

    fn deserialize_struct<V: Visitor<'s>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        if self.present()? != Kind::Mapping {
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
            Text::Written(text) => visitor.visit_enum(BorrowedStrDeserializer::new(text)),
            Text::Made(text) => visitor.visit_enum(StrDeserializer::new(text)),
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
