//! `match`: a tree of conditions, where the key says what stands behind it.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

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
    /// `field`: a field of users on a learning platform, by its label, and what is asked of it.
    Of(Field<FieldOf>),
    /// `enrolled`: a course of a learning platform, and how far somebody is in it.
    Enrolled(Field<Enrolled>),
    /// An attribute or an identifier, and what is asked of it.
    Is(Field<Condition>),
}

/// A mapping of a label; exactly one is allowed, which lowering checks.
#[derive(Debug)]
pub(in crate::manifest) struct FieldOf(pub Vec<(Spanned<Box<str>>, Field<Condition>)>);

/// A course, and how far somebody is in it.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[schemars(extend("required" = ["course"]))]
pub(in crate::manifest) struct Enrolled {
    /// The code of the course.
    pub course: Field<Text>,
    /// How far; however far, if it is not said.
    pub status: Field<HowFar>,
}

/// How far somebody is in a course.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "EnrollmentStatus")]
pub(in crate::manifest) enum HowFar {
    /// They wait to be let in.
    Waiting,
    /// They are in it, and have not begun.
    Enrolled,
    /// They have begun.
    InProgress,
    /// They have completed it.
    Completed,
    /// They are kept from going on.
    Suspended,
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
                "field" => Term::Of(map.next_value()?),
                "enrolled" => Term::Enrolled(map.next_value()?),
                _ => Term::Is(map.next_value()?),
            };
            terms.push((key, term));
        }
        Ok(Rule(terms))
    }
}

impl<'de> Deserialize<'de> for FieldOf {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FieldVisitor)
    }
}

struct FieldVisitor;

impl<'de> Visitor<'de> for FieldVisitor {
    type Value = FieldOf;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a mapping of one user field: `{ Department: R&D }`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<FieldOf, A::Error> {
        let mut fields = Vec::new();
        while let Some(label) = map.next_key::<Spanned<Box<str>>>()? {
            fields.push((label, map.next_value()?));
        }
        Ok(FieldOf(fields))
    }
}

impl JsonSchema for FieldOf {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "FieldOf".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A field of users on a learning platform, by its label, with what is asked of it.",
            "type": "object",
            "additionalProperties": generator.subschema_for::<Condition>(),
            "minProperties": 1,
            "maxProperties": 1,
        })
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
                `email`, `upn`, `employeeId`, `deviceLogin` or `displayName` with what is asked of it; on a learning \
                platform a user `field`, or a course that somebody is `enrolled` in.",
            "type": "object",
            "properties": {
                "all": rules,
                "any": rules,
                "not": rule,
                "field": generator.subschema_for::<FieldOf>(),
                "enrolled": generator.subschema_for::<Enrolled>(),
            },
            "additionalProperties": generator.subschema_for::<Condition>(),
            "minProperties": 1,
            "maxProperties": 1,
        })
    }
}
