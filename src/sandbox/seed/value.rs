//! How one value of a user is written: a plain string, or `{ "value", "source" }` where somebody but an admin wrote it.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{self, MapAccess, Visitor};
use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The source a plain string stands for: somebody in the app.
const ADMIN: &str = "Admin";

/// A value and its last writer (`Field.source` of the Identity API).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Who wrote it: `Admin`, `AdminAPI`, `ActivTrak`, `AzureADintegration`, …
    pub source: Cow<'static, str>,
}

impl<T> Sourced<T> {
    /// A value that an admin wrote in the app.
    pub fn admin(value: T) -> Sourced<T> {
        Sourced { value, source: Cow::Borrowed(ADMIN) }
    }

    /// A value written by `source`.
    pub fn by(source: &str, value: T) -> Sourced<T> {
        Sourced { value, source: source.to_owned().into() }
    }
}

impl<T: fmt::Display> Serialize for Sourced<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if &*self.source == ADMIN {
            return serializer.collect_str(&self.value);
        }
        let mut map = serializer.serialize_struct("Sourced", 2)?;
        map.serialize_field("value", &self.value.to_string())?;
        map.serialize_field("source", &self.source)?;
        map.end()
    }
}

impl<'de, T> Deserialize<'de> for Sourced<T>
where
    T: FromStr,
    T::Err: fmt::Display,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SourcedVisitor(PhantomData))
    }
}

struct SourcedVisitor<T>(PhantomData<T>);

impl<'de, T> Visitor<'de> for SourcedVisitor<T>
where
    T: FromStr,
    T::Err: fmt::Display,
{
    type Value = Sourced<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or an object with \"value\" and \"source\"")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        text.parse().map(Sourced::admin).map_err(E::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut value, mut source) = (None, None);
        while let Some(key) = map.next_key()? {
            match key {
                Key::Value => value = Some(map.next_value::<String>()?.parse().map_err(de::Error::custom)?),
                Key::Source => source = Some(map.next_value::<String>()?),
            }
        }
        Ok(Sourced {
            value: value.ok_or_else(|| de::Error::missing_field("value"))?,
            source: source.map_or(Cow::Borrowed(ADMIN), Cow::Owned),
        })
    }
}

/// A key of a value that somebody else wrote.
#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "lowercase")]
enum Key {
    Value,
    Source,
}

/// A username on one logon domain or on any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// The username; an address where a rule was made from one.
    pub user: String,
    /// Where it counts.
    pub domain: Domain,
}

/// Where a login counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Domain {
    /// On every domain; written `*`.
    Any,
    /// On one.
    Named(String),
}

impl Login {
    /// A login on any domain.
    pub fn any(user: impl Into<String>) -> Login {
        Login { user: user.into(), domain: Domain::Any }
    }

    /// A login on one domain.
    pub fn on(domain: impl Into<String>, user: impl Into<String>) -> Login {
        Login { user: user.into(), domain: Domain::Named(domain.into()) }
    }

    /// The domain as the Identity API writes it: nothing means any.
    pub(crate) fn domain_name(&self) -> Option<&str> {
        match &self.domain {
            Domain::Any => None,
            Domain::Named(name) => Some(name),
        }
    }
}

impl fmt::Display for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\\{}", self.domain_name().unwrap_or("*"), self.user)
    }
}

/// A text that is not `DOMAIN\user` or `*\user`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no login, expected DOMAIN\\user or *\\user")]
pub struct LoginError(String);

impl FromStr for Login {
    type Err = LoginError;

    fn from_str(text: &str) -> Result<Login, LoginError> {
        match text.split_once('\\') {
            Some(("*", user)) if !user.trim().is_empty() => Ok(Login::any(user)),
            Some((domain, user)) if !domain.trim().is_empty() && !user.trim().is_empty() => {
                Ok(Login::on(domain, user))
            }
            _ => Err(LoginError(text.to_owned())),
        }
    }
}

impl Serialize for Login {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Login {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Login, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_reads_back_as_it_is_written() {
        for text in ["CORP\\aruiz", "*\\svc", "*\\ana@corp.example", "CORP\\a\\b"] {
            assert_eq!(text.parse::<Login>().map(|login| login.to_string()), Ok(text.to_owned()));
        }
        for text in ["", "ana", "\\ana", "CORP\\", "*\\ "] {
            assert!(text.parse::<Login>().is_err(), "{text:?} was taken for a login");
        }
    }

    #[test]
    fn a_value_is_a_string_unless_somebody_but_an_admin_wrote_it() {
        for text in [r#""Ana Ruiz""#, r#"{"value":"Ana Ruiz","source":"AdminAPI"}"#] {
            let value: Sourced<String> = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&value).unwrap(), text);
        }
        for (text, message) in [
            (r#"{"value":"x","sauce":"y"}"#, "unknown field `sauce`"),
            (r#"{"source":"y"}"#, "missing field `value`"),
            ("7", "expected a string or an object with \"value\" and \"source\""),
        ] {
            let error = serde_json::from_str::<Sourced<String>>(text).unwrap_err().to_string();
            assert!(error.contains(message), "{error}");
        }
    }
}
