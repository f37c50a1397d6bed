//! `match`: a tree of conditions, where the key says what stands behind it.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

use crate::manifest::raw::text::Text;
use crate::manifest::yaml::{Either, Field, List, OneOrMany, Spanned};

/// A mapping of terms; exactly one is allowed, which lowering checks.
#[derive(Debug)]
pub(in crate::manifest) struct Rule(pub Vec<(Spanned<Box<str>>, Term)>);

/// What stands behind one key of a rule.
#[derive(Debug)]
pub(in crate::manifest) enum Term {
    /// `all`: every one holds.
    All(Field<List<Rule>>),
    /// `any`: at least one holds.
    Any(Field<List<Rule>>),
    /// `not`: it does not hold.
    Not(Field<Box<Rule>>),
    /// An attribute or an identifier, and what is asked of it.
    Is(Field<Condition>),
}

/// A text, a list of texts, or a mapping of one test.
pub(in crate::manifest) type Condition = Either<OneOrMany<Asked>, Tests>;

/// A text. A condition may be read in its place, so that lowering can say where one belongs.
#[derive(Debug)]
pub(in crate::manifest) struct Asked(pub Either<Text, Rule>);

impl<'de> Deserialize<'de> for Asked {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Either::deserialize(deserializer).map(Self)
    }
}

impl JsonSchema for Asked {
    fn inline_schema() -> bool {
        Text::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        Text::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Text::json_schema(generator)
    }
}

/// What is asked of an attribute or an identifier.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[schemars(extend("minProperties" = 1, "maxProperties" = 1))]
pub(in crate::manifest) struct Tests {
    /// One of these texts.
    #[serde(rename = "in")]
    pub one_of: Field<List<Text>>,
    /// Holds this text.
    pub contains: Field<Text>,
    /// Starts with this text.
    pub prefix: Field<Text>,
    /// Ends with this text.
    pub suffix: Field<Text>,
    /// Is there, or is not.
    pub exists: Field<bool>,
    /// A date before this one, `2026-05-02`.
    pub before: Field<Box<str>>,
    /// A date after this one, `2026-05-02`.
    pub after: Field<Box<str>>,
}

impl<'de> Deserialize<'de> for Rule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RuleVisitor)
    }
}

struct RuleVisitor;

impl<'de> Visitor<'de> for RuleVisitor {
    type Value = Rule;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a mapping of one condition")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Rule, A::Error> {
        let mut terms = Vec::new();
        while let Some(key) = map.next_key::<Spanned<Box<str>>>()? {
            let term = match &*key.value {
                "all" => Term::All(map.next_value()?),
                "any" => Term::Any(map.next_value()?),
                "not" => Term::Not(map.next_value()?),
                _ => Term::Is(map.next_value()?),
            };
            terms.push((key, term));
        }
        Ok(Rule(terms))
    }
}

impl JsonSchema for Rule {
    fn schema_name() -> Cow<'static, str> {
        "Rule".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let rule = generator.subschema_for::<Rule>();
        let rules = json_schema!({ "type": "array", "items": rule, "minItems": 1 });
        json_schema!({
            "description": "One condition: `all` or `any` with a list of conditions, `not` with one, or an attribute, \
                `email`, `upn`, `employeeId`, `deviceLogin` or `displayName` with what is asked of it.",
            "type": "object",
            "properties": { "all": rules, "any": rules, "not": rule },
            "additionalProperties": generator.subschema_for::<Condition>(),
            "minProperties": 1,
            "maxProperties": 1,
        })
    }
}
