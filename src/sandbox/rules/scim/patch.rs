//! What a PATCH asks for: operations in RFC 7644's words, read as the variants that the developer portal lists.
//!
//! Only the page on `active` could be read in full; the paths of the others are RFC 7644's. Both casings of the members and
//! booleans in quotes are accepted, for identity providers send them.

use serde::Deserialize;
use serde_json::Value;

use crate::sandbox::rules::refusal::Refusal;
use crate::sandbox::seed::UserId;

/// One of several values.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Valued {
    pub(crate) value: String,
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
    DisplayName(String),
    AddEmails(Vec<String>),
    /// These, or all.
    RemoveEmails(Option<Vec<String>>),
    AddUpns(Vec<String>),
    /// These, or all.
    RemoveUpns(Option<Vec<String>>),
    EmployeeId(Ids),
    Tracking(bool),
    Active(bool),
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
    /// These, or all.
    Remove(Option<Vec<UserId>>),
}

/// How paths may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Paths {
    /// With `[value eq "…"]`.
    Filtered,
    /// Without: the values to remove are in `value`.
    Plain,
}

/// A path: the attribute in lower case without its schema, and the value that its filter names.
struct Target {
    attribute: String,
    filter: Option<String>,
}

impl PatchOp {
    /// The operations on a user.
    ///
    /// # Errors
    /// One is none of the variants.
    pub(crate) fn for_user(&self, paths: Paths) -> Result<Vec<UserOp>, Refusal> {
        self.operations.iter().map(|operation| operation.for_user(paths)).collect()
    }

    /// The operations on a group.
    ///
    /// # Errors
    /// One is none of the variants.
    pub(crate) fn for_group(&self, paths: Paths) -> Result<Vec<GroupOp>, Refusal> {
        self.operations.iter().map(|operation| operation.for_group(paths)).collect()
    }
}

impl Operation {
    fn for_user(&self, paths: Paths) -> Result<UserOp, Refusal> {
        let target = self.target(paths)?;
        Ok(match (self.op.to_ascii_lowercase().as_str(), target.attribute.as_str()) {
            ("replace" | "add", "displayname") => UserOp::DisplayName(self.text()?),
            ("replace", "active") => UserOp::Active(self.flag()?),
            ("replace", "tracking") => UserOp::Tracking(self.flag()?),
            ("add", "emails") => UserOp::AddEmails(self.texts()?),
            ("remove", "emails") => UserOp::RemoveEmails(self.removed(target)?),
            ("add", "userprincipalnames") => UserOp::AddUpns(self.texts()?),
            ("remove", "userprincipalnames") => UserOp::RemoveUpns(self.removed(target)?),
            ("replace", "employeenumber") => UserOp::EmployeeId(Ids::Replace(self.text()?)),
            ("add", "employeenumber") => UserOp::EmployeeId(Ids::Add(self.text()?)),
            ("remove", "employeenumber") => UserOp::EmployeeId(Ids::Remove),
            _ => return Err(self.unknown()),
        })
    }

    fn for_group(&self, paths: Paths) -> Result<GroupOp, Refusal> {
        let target = self.target(paths)?;
        let ids = |texts: Vec<String>| texts.iter().map(|text| user_id(text)).collect::<Result<Vec<_>, _>>();
        Ok(match (self.op.to_ascii_lowercase().as_str(), target.attribute.as_str()) {
            ("replace", "displayname") => GroupOp::Rename(self.text()?),
            ("add", "members") => GroupOp::Add(ids(self.texts()?)?),
            ("remove", "members") => GroupOp::Remove(self.removed(target)?.map(ids).transpose()?),
            _ => return Err(self.unknown()),
        })
    }

    fn target(&self, paths: Paths) -> Result<Target, Refusal> {
        let path = self.path.as_deref().ok_or_else(|| Refusal::invalid("an operation needs a path"))?;
        let (attribute, filter) = match path.split_once('[') {
            None => (path, None),
            Some((attribute, rest)) if paths == Paths::Filtered => {
                let value = rest.strip_suffix(']').and_then(|rest| equals(rest, "value"));
                (attribute, Some(value.ok_or_else(|| self.unknown())?))
            }
            Some(_) => return Err(Refusal::invalid("a path can't hold a filter")),
        };
        let attribute = attribute.rsplit(':').next().unwrap_or(attribute).to_ascii_lowercase();
        Ok(Target { attribute, filter })
    }

    fn unknown(&self) -> Refusal {
        let path = self.path.as_deref().unwrap_or_default();
        Refusal::Invalid(format!("there is no operation {:?} on {path:?}", self.op))
    }

    fn text(&self) -> Result<String, Refusal> {
        self.value.as_str().map(str::to_owned).ok_or_else(|| self.unknown())
    }

    /// A boolean, in quotes or not.
    fn flag(&self) -> Result<bool, Refusal> {
        match &self.value {
            Value::Bool(flag) => Ok(*flag),
            Value::String(text) if text.eq_ignore_ascii_case("true") => Ok(true),
            Value::String(text) if text.eq_ignore_ascii_case("false") => Ok(false),
            _ => Err(self.unknown()),
        }
    }

    /// Texts, one or several, bare or as `{"value"}`.
    fn texts(&self) -> Result<Vec<String>, Refusal> {
        let one = |value: &Value| match value {
            Value::String(text) => Ok(text.clone()),
            other => serde_json::from_value::<Valued>(other.clone())
                .map(|valued| valued.value)
                .map_err(|_| self.unknown()),
        };
        match &self.value {
            Value::Array(values) => values.iter().map(one).collect(),
            value => Ok(vec![one(value)?]),
        }
    }

    /// What a removal names: by its filter, else by its value; neither means all.
    fn removed(&self, target: Target) -> Result<Option<Vec<String>>, Refusal> {
        match (target.filter, &self.value) {
            (Some(value), _) => Ok(Some(vec![value])),
            (None, Value::Null) => Ok(None),
            (None, _) => self.texts().map(Some),
        }
    }
}

/// The number of a member.
pub(crate) fn user_id(text: &str) -> Result<UserId, Refusal> {
    text.parse().map(UserId).map_err(|_| Refusal::Invalid(format!("{text:?} is no user")))
}

/// What an attribute equals by a filter, `ATTRIBUTE eq "…"`.
pub(crate) fn equals(filter: &str, attribute: &str) -> Option<String> {
    let (name, rest) = filter.trim().split_once(' ')?;
    let (operator, value) = rest.trim_start().split_once(' ')?;
    let value: String = serde_json::from_str(value.trim()).ok()?;
    (name.eq_ignore_ascii_case(attribute) && operator.eq_ignore_ascii_case("eq")).then_some(value)
}
