//! What a PATCH asks for: operations in RFC 7644's words, read as what the developer portal lists and identity providers send.
//!
//! Only the portal's page on `active` could be read in full; the paths of the others are RFC 7644's. Both casings of the
//! members, operations in any case, booleans in quotes and operations without a path are accepted, for identity providers
//! send them. Attributes that the standard has and the account's user has not are accepted and mean nothing.

use serde::Deserialize;
use serde_json::Value;

use crate::sandbox::rules::refusal::Refusal;
use crate::sandbox::rules::scim::path::{Paths, Target, Which, removable};
use crate::sandbox::seed::{Part, UserId};

/// Attributes of RFC 7643 that a user of the account does not have, or that follow from others.
const MEANINGLESS: [&str; 27] = [
    "schemas",
    "id",
    "meta",
    "username",
    "externalid",
    "title",
    "nickname",
    "profileurl",
    "usertype",
    "preferredlanguage",
    "locale",
    "timezone",
    "password",
    "phonenumbers",
    "addresses",
    "ims",
    "photos",
    "entitlements",
    "roles",
    "x509certificates",
    "department",
    "division",
    "costcenter",
    "organization",
    "manager",
    "sourcetype",
    "instanceid",
];

/// One of several values.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Valued {
    pub(crate) value: String,
    #[serde(default)]
    pub(crate) primary: Option<bool>,
}

/// `PatchOp`.
#[derive(Debug, Deserialize)]
pub(crate) struct PatchOp {
    #[serde(alias = "operations", rename = "Operations")]
    operations: Vec<Operation>,
}

#[derive(Debug, Deserialize)]
struct Operation {
    op: String,
    path: Option<String>,
    #[serde(default)]
    value: Value,
}

/// What may be done to a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum UserOp {
    DisplayName(Option<String>),
    Name(Part, Option<String>),
    Emails(Listed),
    Upns(Listed),
    EmployeeId(Ids),
    Tracking(bool),
    Active(bool),
}

/// What may be done to a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Listed {
    /// These too.
    Add(Vec<String>),
    /// These and no others, in this order.
    Set(Vec<String>),
    /// Without these, or empty.
    Remove(Option<Vec<String>>),
    /// Another in the place of one.
    Edit { old: String, new: String },
    /// Another in the place of the first, or a first one.
    First(String),
    /// Without the first.
    WithoutFirst,
    /// This one before the others.
    Lead(String),
}

/// What may be done to the employee number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ids {
    /// This one and no other.
    Replace(String),
    /// This one first.
    Add(String),
    /// Without the first.
    Remove,
}

/// What may be done to a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum GroupOp {
    Rename(String),
    Add(Vec<UserId>),
    /// These and nobody else.
    Set(Vec<UserId>),
    /// These, or all.
    Remove(Option<Vec<UserId>>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    Add,
    Replace,
    Remove,
}

/// One thing that is asked for: an operation, or a member of the value of one without a path.
struct Asked<'a> {
    verb: Verb,
    path: &'a str,
    target: Target,
    value: &'a Value,
}

impl PatchOp {
    /// The operations on a user.
    ///
    /// # Errors
    /// One is none that there is.
    pub(crate) fn for_user(&self, paths: Paths) -> Result<Vec<UserOp>, Refusal> {
        let mut ops = Vec::new();
        for asked in self.asked(paths)? {
            ops.extend(asked.of_user()?);
        }
        Ok(ops)
    }

    /// The operations on a group.
    ///
    /// # Errors
    /// One is none that there is.
    pub(crate) fn for_group(&self, paths: Paths) -> Result<Vec<GroupOp>, Refusal> {
        let mut ops = Vec::new();
        for asked in self.asked(paths)? {
            ops.extend(asked.of_group()?);
        }
        Ok(ops)
    }

    fn asked(&self, paths: Paths) -> Result<Vec<Asked<'_>>, Refusal> {
        let mut all = Vec::new();
        for operation in &self.operations {
            let verb = match operation.op.to_ascii_lowercase().as_str() {
                "add" => Verb::Add,
                "replace" => Verb::Replace,
                "remove" => Verb::Remove,
                other => return Err(Refusal::Invalid(format!("there is no operation {other:?}"))),
            };
            match operation.path.as_deref().filter(|path| !path.is_empty()) {
                Some(path) => spread(verb, path, &operation.value, paths, &mut all)?,
                None => members(verb, &operation.value, paths, &mut all)?,
            }
        }
        Ok(all)
    }
}

/// What an operation with a path asks for: of all attributes of a schema, each.
fn spread<'a>(
    verb: Verb,
    path: &'a str,
    value: &'a Value,
    paths: Paths,
    all: &mut Vec<Asked<'a>>,
) -> Result<(), Refusal> {
    let target = Target::of(path, paths)?;
    if target.attribute.is_empty() {
        return match target.schema.and_then(removable) {
            Some(path) if verb == Verb::Remove => spread(verb, path, value, paths, all),
            _ => members(verb, value, paths, all),
        };
    }
    all.push(Asked { verb, path, target, value });
    Ok(())
}

/// What an operation without a path asks for: each member of its value (RFC 7644, 3.5.2.1 and 3.5.2.3).
fn members<'a>(verb: Verb, value: &'a Value, paths: Paths, all: &mut Vec<Asked<'a>>) -> Result<(), Refusal> {
    let members = value.as_object().filter(|_| verb != Verb::Remove);
    let members =
        members.ok_or_else(|| Refusal::invalid("an operation needs a path, or a value with members"))?;
    members.iter().try_for_each(|(path, value)| spread(verb, path, value, paths, all))
}

impl Asked<'_> {
    fn of_user(&self) -> Result<Vec<UserOp>, Refusal> {
        let one = |op| Ok(vec![op]);
        match (self.target.attribute.as_str(), self.verb) {
            (attribute, _) if MEANINGLESS.contains(&attribute) => Ok(Vec::new()),
            ("displayname", verb) => one(UserOp::DisplayName(self.text_or_nothing(verb)?)),
            ("name", _) => self.of_name(),
            ("active", Verb::Add | Verb::Replace) => one(UserOp::Active(self.flag()?)),
            ("tracking", Verb::Add | Verb::Replace) => one(UserOp::Tracking(self.flag()?)),
            ("emails", _) => Ok(self.of_list()?.into_iter().map(UserOp::Emails).collect()),
            ("userprincipalnames", _) => Ok(self.of_list()?.into_iter().map(UserOp::Upns).collect()),
            ("employeenumber", Verb::Add) => one(UserOp::EmployeeId(Ids::Add(self.text()?))),
            ("employeenumber", Verb::Replace) => one(UserOp::EmployeeId(Ids::Replace(self.text()?))),
            ("employeenumber", Verb::Remove) => one(UserOp::EmployeeId(Ids::Remove)),
            _ => Err(self.unknown()),
        }
    }

    /// The first, middle and last name, one or all of those that are given.
    fn of_name(&self) -> Result<Vec<UserOp>, Refusal> {
        let part = |name: &str| match name {
            "givenname" => Some(Part::First),
            "middlename" => Some(Part::Middle),
            "familyname" => Some(Part::Last),
            _ => None,
        };
        match (self.target.part.as_deref(), self.value) {
            (Some("formatted" | "honorificprefix" | "honorificsuffix"), _) => Ok(Vec::new()),
            (Some(name), _) => {
                let part = part(name).ok_or_else(|| self.unknown())?;
                Ok(vec![UserOp::Name(part, self.text_or_nothing(self.verb)?)])
            }
            (None, _) if self.verb == Verb::Remove => {
                Ok([Part::First, Part::Middle, Part::Last].map(|part| UserOp::Name(part, None)).into())
            }
            (None, Value::Object(parts)) => {
                let known = parts
                    .iter()
                    .filter_map(|(name, value)| part(&name.to_ascii_lowercase()).map(|part| (part, value)));
                let text = |value: &Value| match value {
                    Value::Null => Ok(None),
                    Value::String(text) => Ok(Some(text.clone())),
                    _ => Err(self.unknown()),
                };
                known.map(|(part, value)| Ok(UserOp::Name(part, text(value)?))).collect()
            }
            (None, _) => Err(self.unknown()),
        }
    }

    /// What is done to a list of addresses. Of a value, only the text and whether it is the primary one are kept.
    fn of_list(&self) -> Result<Vec<Listed>, Refusal> {
        match (self.target.part.as_deref(), &self.target.which, self.verb) {
            (Some("type" | "display"), ..) | (Some("primary"), Some(Which::Primary), _) => Ok(Vec::new()),
            (Some("primary"), Some(Which::Value(value)), Verb::Add | Verb::Replace) => {
                Ok(if self.flag()? { vec![Listed::Lead(value.clone())] } else { Vec::new() })
            }
            (None | Some("value"), None, Verb::Add) => {
                let led = self.values()?.into_iter().find(|it| it.primary == Some(true));
                let added = Listed::Add(self.texts()?);
                Ok([added].into_iter().chain(led.map(|it| Listed::Lead(it.value))).collect())
            }
            (None | Some("value"), None, Verb::Replace) => Ok(vec![Listed::Set(ranked(self.values()?))]),
            (None | Some("value"), Some(Which::Value(value)), Verb::Remove) => {
                Ok(vec![Listed::Remove(Some(vec![value.clone()]))])
            }
            (None | Some("value"), Some(Which::Primary), Verb::Remove) => Ok(vec![Listed::WithoutFirst]),
            (None, None, Verb::Remove) => Ok(vec![Listed::Remove(self.removed()?)]),
            (None | Some("value"), Some(Which::Value(old)), Verb::Add | Verb::Replace) => {
                Ok(vec![Listed::Edit { old: old.clone(), new: self.single()? }])
            }
            (None | Some("value"), Some(Which::Primary), Verb::Add) => {
                Ok(vec![Listed::Add(vec![self.single()?])])
            }
            (None | Some("value"), Some(Which::Primary), Verb::Replace) => {
                Ok(vec![Listed::First(self.single()?)])
            }
            _ => Err(self.unknown()),
        }
    }

    fn of_group(&self) -> Result<Vec<GroupOp>, Refusal> {
        let ids = |texts: Vec<String>| texts.iter().map(|text| user_id(text)).collect::<Result<Vec<_>, _>>();
        match (self.target.attribute.as_str(), self.verb, &self.target.which) {
            (attribute, ..) if MEANINGLESS.contains(&attribute) => Ok(Vec::new()),
            ("displayname", Verb::Add | Verb::Replace, _) => Ok(vec![GroupOp::Rename(self.text()?)]),
            ("members", Verb::Add, None) => Ok(vec![GroupOp::Add(ids(self.texts()?)?)]),
            ("members", Verb::Replace, None) => Ok(vec![GroupOp::Set(ids(self.texts()?)?)]),
            ("members", Verb::Remove, Some(Which::Value(id))) => {
                Ok(vec![GroupOp::Remove(Some(ids(vec![id.clone()])?))])
            }
            ("members", Verb::Remove, None) => {
                Ok(vec![GroupOp::Remove(self.removed()?.map(ids).transpose()?)])
            }
            _ => Err(self.unknown()),
        }
    }

    fn unknown(&self) -> Refusal {
        let verb = match self.verb {
            Verb::Add => "add",
            Verb::Replace => "replace",
            Verb::Remove => "remove",
        };
        Refusal::Invalid(format!("there is no operation {verb:?} on {:?} with such a value", self.path))
    }

    fn text(&self) -> Result<String, Refusal> {
        self.value.as_str().map(str::to_owned).ok_or_else(|| self.unknown())
    }

    /// A text, or nothing where it is removed.
    fn text_or_nothing(&self, verb: Verb) -> Result<Option<String>, Refusal> {
        if verb == Verb::Remove || self.value.is_null() { Ok(None) } else { self.text().map(Some) }
    }

    /// A boolean, in quotes or not.
    fn flag(&self) -> Result<bool, Refusal> {
        match self.value {
            Value::Bool(flag) => Ok(*flag),
            Value::String(text) if text.eq_ignore_ascii_case("true") => Ok(true),
            Value::String(text) if text.eq_ignore_ascii_case("false") => Ok(false),
            _ => Err(self.unknown()),
        }
    }

    /// Values, one or several, bare or as `{"value"}`.
    fn values(&self) -> Result<Vec<Valued>, Refusal> {
        let one = |value: &Value| match value {
            Value::String(text) => Ok(Valued { value: text.clone(), primary: None }),
            other => serde_json::from_value(other.clone()).map_err(|_| self.unknown()),
        };
        match self.value {
            Value::Array(values) => values.iter().map(one).collect(),
            value => Ok(vec![one(value)?]),
        }
    }

    fn texts(&self) -> Result<Vec<String>, Refusal> {
        Ok(self.values()?.into_iter().map(|valued| valued.value).collect())
    }

    fn single(&self) -> Result<String, Refusal> {
        match &mut self.texts()?[..] {
            [only] => Ok(std::mem::take(only)),
            _ => Err(self.unknown()),
        }
    }

    /// What a removal without a filter names by its value; nothing means all.
    fn removed(&self) -> Result<Option<Vec<String>>, Refusal> {
        if self.value.is_null() { Ok(None) } else { self.texts().map(Some) }
    }
}

/// The texts of a list, the primary one first.
pub(crate) fn ranked(mut values: Vec<Valued>) -> Vec<String> {
    values.sort_by_key(|valued| valued.primary != Some(true));
    values.into_iter().map(|valued| valued.value).collect()
}

/// The number of a member.
pub(crate) fn user_id(text: &str) -> Result<UserId, Refusal> {
    text.parse().map(UserId).map_err(|_| Refusal::Invalid(format!("{text:?} is no user")))
}
