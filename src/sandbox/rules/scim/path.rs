//! Which attribute does a path of a PATCH lead to? RFC 7644's paths (3.5.2), and those that identity providers send.

use crate::sandbox::rules::refusal::Refusal;

/// The schemas whose names may stand before an attribute; what a schema is alone stands for all of its attributes.
const SCHEMAS: [&str; 5] = [
    "urn:ietf:params:scim:schemas:core:2.0:user",
    "urn:ietf:params:scim:schemas:core:2.0:group",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:user",
    "urn:ietf:params:scim:schemas:extension:activtrak:2.0:user",
    "urn:ietf:params:scim:schemas:extension:activtrak:2.0:group",
];

/// What of an extension can be taken away: its attributes that can be.
pub(crate) fn removable(schema: &str) -> Option<&'static str> {
    match schema {
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:user" => Some("employeeNumber"),
        "urn:ietf:params:scim:schemas:extension:activtrak:2.0:user" => Some("userPrincipalNames"),
        _ => None,
    }
}

/// How paths may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Paths {
    /// With `[value eq "…"]`.
    Filtered,
    /// Without: the values to remove are in `value`.
    Plain,
}

/// Where a path leads: names in lower case, without the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    /// The attribute; empty for all of a schema.
    pub(crate) attribute: String,
    /// The schema that is written before it, if it is one that there is.
    pub(crate) schema: Option<&'static str>,
    /// Which of several values.
    pub(crate) which: Option<Which>,
    /// The part of the attribute, or of the value.
    pub(crate) part: Option<String>,
}

/// Which of several values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Which {
    /// This one.
    Value(String),
    /// The primary one: what `type eq "work"` means too, for types are not kept.
    Primary,
}

impl Target {
    /// Reads a path.
    ///
    /// # Errors
    /// It is no path, or holds a filter where none may be.
    pub(crate) fn of(path: &str, paths: Paths) -> Result<Target, Refusal> {
        let unknown = || Refusal::Invalid(format!("{path:?} is no path"));
        let (name, rest) = path.split_at(path.find('[').unwrap_or(path.len()));
        let name = name.trim().to_ascii_lowercase();
        let schema = SCHEMAS.into_iter().find(|schema| name.starts_with(schema));
        let name = match schema.and_then(|schema| name.strip_prefix(schema)) {
            Some(rest) => rest.trim_start_matches(':').to_owned(),
            None => name.rsplit(':').next().unwrap_or_default().to_owned(),
        };
        let (attribute, part) = match name.split_once('.') {
            Some((attribute, part)) => (attribute.to_owned(), Some(part.to_owned())),
            None => (name, None),
        };
        if rest.is_empty() {
            return Ok(Target { attribute, schema, which: None, part });
        }
        if paths == Paths::Plain {
            return Err(Refusal::invalid("a path can't hold a filter"));
        }
        let (filter, part) = rest[1..].rsplit_once(']').ok_or_else(unknown)?;
        let part = match part.strip_prefix('.') {
            Some(part) => Some(part.to_ascii_lowercase()),
            None if part.is_empty() => None,
            None => return Err(unknown()),
        };
        Ok(Target { attribute, schema, which: Some(which(filter).ok_or_else(unknown)?), part })
    }
}

/// `value eq "…"`, `type eq "…"` or `primary eq true`.
fn which(filter: &str) -> Option<Which> {
    if let Some(value) = equals(filter, "value") {
        return Some(Which::Value(value));
    }
    let mut words = filter.split_ascii_whitespace().map(str::to_ascii_lowercase);
    let [name, operator, value] = [(); 3].map(|()| words.next().unwrap_or_default());
    let is_primary = match name.as_str() {
        "type" => value.len() > 2 && value.starts_with('"') && value.ends_with('"'),
        "primary" => matches!(value.trim_matches('"'), "true"),
        _ => false,
    };
    (is_primary && operator == "eq" && words.next().is_none()).then_some(Which::Primary)
}

/// What an attribute equals by a filter, `ATTRIBUTE eq "…"`.
pub(crate) fn equals(filter: &str, attribute: &str) -> Option<String> {
    let (name, rest) = filter.trim().split_once(' ')?;
    let (operator, value) = rest.trim_start().split_once(' ')?;
    let value: String = serde_json::from_str(value.trim()).ok()?;
    (name.eq_ignore_ascii_case(attribute) && operator.eq_ignore_ascii_case("eq")).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &str) -> Option<(String, Option<Which>, Option<String>)> {
        Target::of(path, Paths::Filtered).ok().map(|it| (it.attribute, it.which, it.part))
    }

    #[test]
    fn a_path_leads_to_an_attribute_whatever_stands_around_it() {
        const AT: &str = "urn:ietf:params:scim:schemas:extension:activtrak:2.0:User";
        let plain = |name: &str| Some((name.to_owned(), None, None));
        let value = |value: &str| Some(Which::Value(value.to_owned()));
        for (path, expected) in [
            ("displayName".to_owned(), plain("displayname")),
            (format!("{AT}:tracking"), plain("tracking")),
            (AT.to_owned(), plain("")),
            ("urn:other:1.0:User:title".to_owned(), plain("title")),
            ("name.givenName".to_owned(), Some(("name".into(), None, Some("givenname".into())))),
            (
                "emails[type eq \"work\"].value".to_owned(),
                Some(("emails".into(), Some(Which::Primary), Some("value".into()))),
            ),
            ("emails[primary eq true]".to_owned(), Some(("emails".into(), Some(Which::Primary), None))),
            ("members[value eq \"a:b]\"]".to_owned(), Some(("members".into(), value("a:b]"), None))),
            ("emails[type eq \"work\"".to_owned(), None),
            ("emails[]".to_owned(), None),
            ("emails[type ne \"work\"]".to_owned(), None),
            ("emails[value eq \"a\"]value".to_owned(), None),
        ] {
            assert_eq!(read(&path), expected, "{path}");
        }
        assert!(Target::of("emails[value eq \"a\"]", Paths::Plain).is_err());
    }
}
