//! What the types of manifests look like in the JSON Schema: places do not show.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::manifest::yaml::types::{Either, Field, List, Map, OneOrMany, Spanned};

macro_rules! transparent {
    ($($wrapper:ident)*) => {$(
        impl<T: JsonSchema> JsonSchema for $wrapper<T> {
            fn inline_schema() -> bool {
                T::inline_schema()
            }

            fn schema_name() -> Cow<'static, str> {
                T::schema_name()
            }

            fn schema_id() -> Cow<'static, str> {
                T::schema_id()
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                T::json_schema(generator)
            }
        }
    )*};
}

transparent! { Spanned Field }

macro_rules! inline {
    ($([$($param:ident),*] $wrapper:ty, $name:literal, $generator:ident => $schema:expr;)*) => {$(
        impl<$($param: JsonSchema),*> JsonSchema for $wrapper {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }

            fn json_schema($generator: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    )*};
}

inline! {
    [T] List<T>, "List", g => json_schema!({ "type": "array", "items": g.subschema_for::<T>() });
    [T] OneOrMany<T>, "OneOrMany", g => json_schema!({
        "anyOf": [g.subschema_for::<T>(), { "type": "array", "items": g.subschema_for::<T>() }],
    });
    [T] Map<T>, "Map", g => json_schema!({
        "type": "object",
        "additionalProperties": g.subschema_for::<T>(),
    });
    [S, M] Either<S, M>, "Either", g => json_schema!({
        "anyOf": [g.subschema_for::<S>(), g.subschema_for::<M>()],
    });
}
