//! SCIM's shapes, as far as they are read: users, groups, and lists of them.
//!
//! Numbers are texts there, booleans sometimes are, and the names of lists and extensions changed over time: either is read.

use jiff::Timestamp;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::account::activtrak::moment::moment;
use crate::account::activtrak::returned::Returned;
use crate::account::error::Part;
use crate::model::{
    DisplayName, Email, EmployeeId, Foreign, GroupId, LastSet, ObservedEmail, ObservedUser, Revision,
    Tracking, Upn, UserId, Writer,
};

/// A part of a list (`ListResponse`).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct List<T> {
    pub(super) total_results: usize,
    #[serde(alias = "Resources")]
    pub(super) resources: Option<Vec<T>>,
}

/// A number, as a text or as one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Number(pub(super) u64);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Either {
            Number(u64),
            Text(Box<str>),
        }
        match Either::deserialize(deserializer)? {
            Either::Number(number) => Ok(Self(number)),
            Either::Text(text) => {
                text.parse().map(Self).map_err(|_| D::Error::custom(format!("the id {text:?} is no number")))
            }
        }
    }
}

/// A user.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ScimUser {
    pub(super) id: Number,
    display_name: Option<Box<str>>,
    emails: Option<Vec<Valued>>,
    groups: Option<Vec<Reference>>,
    meta: Option<Meta>,
    #[serde(rename = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User")]
    enterprise: Option<Enterprise>,
    #[serde(rename = "urn:ietf:params:scim:schemas:extension:activtrak:2.0:User")]
    activtrak: Activtrak,
}

#[derive(Deserialize)]
struct Valued {
    value: Option<Box<str>>,
}

/// A user in a group, or a group of a user.
#[derive(Deserialize)]
struct Reference {
    value: Number,
}

#[derive(Deserialize)]
struct Meta {
    #[serde(default, deserialize_with = "moment")]
    created: Option<Timestamp>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Enterprise {
    employee_number: Option<Box<str>>,
}

/// Who is not said to be tracked or not is not read at all: there is no safe guess.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Activtrak {
    #[serde(deserialize_with = "flag")]
    tracking: bool,
    user_principal_names: Option<Vec<Box<str>>>,
}

/// A boolean, in quotes or not.
fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Flag(bool),
        Text(Box<str>),
    }
    match Either::deserialize(deserializer)? {
        Either::Flag(flag) => Ok(flag),
        Either::Text(text) if text.eq_ignore_ascii_case("true") => Ok(true),
        Either::Text(text) if text.eq_ignore_ascii_case("false") => Ok(false),
        Either::Text(text) => Err(D::Error::custom(format!("{text:?} is neither true nor false"))),
    }
}

/// A resource of a list.
pub(super) trait Numbered {
    /// Its number.
    fn number(&self) -> u64;
}

impl Numbered for ScimUser {
    fn number(&self) -> u64 {
        self.id.0
    }
}

impl Numbered for ScimGroup {
    fn number(&self) -> u64 {
        self.id.0
    }
}

impl ScimUser {
    /// The groups that the user says to be in, if the user says anything of it.
    pub(super) fn groups(&self) -> impl Iterator<Item = GroupId> + '_ {
        self.groups.iter().flatten().map(|group| GroupId(group.value.0))
    }

    /// The record with what was left out of it. Of employee IDs one is shown at most, and none may stand for none.
    pub(super) fn shown(self) -> Returned {
        let parts = [
            (Part::Upns, self.activtrak.user_principal_names.is_none()),
            (Part::Emails, self.emails.is_none()),
        ];
        let left_out = parts.into_iter().filter(|part| part.1).map(|part| part.0).collect();
        Returned { user: self.into(), left_out }
    }
}

impl From<ScimUser> for ObservedUser {
    fn from(user: ScimUser) -> Self {
        let texts =
            |list: Option<Vec<Box<str>>>| list.unwrap_or_default().into_iter().filter(|it| has_text(it));
        let emails = user.emails.unwrap_or_default().into_iter().filter_map(|email| email.value);
        let number = user.enterprise.and_then(|enterprise| enterprise.employee_number);
        Self {
            id: UserId(user.id.0),
            // There is none; every write is preceded by a look instead.
            revision: Revision(0),
            created: user.meta.and_then(|meta| meta.created),
            display_name: user
                .display_name
                .filter(|it| has_text(it))
                .map(|name| DisplayName::observed(&name)),
            upns: texts(user.activtrak.user_principal_names).map(|upn| Upn::observed(&upn)).collect(),
            emails: emails.filter(|it| has_text(it)).map(|email| observed_email(&email)).collect(),
            employee_ids: number
                .filter(|it| has_text(it))
                .map(|id| EmployeeId::observed(&id))
                .into_iter()
                .collect(),
            device_logins: Vec::new(),
            agents: Vec::new(),
            deleted_agents: Vec::new(),
            tracking: if user.activtrak.tracking { Tracking::Tracked } else { Tracking::Untracked },
            status: None,
            activation: None,
            level: None,
            primary_group: None,
            foreign: Foreign::default(),
            last_set: LastSet::default(),
        }
    }
}

fn has_text(text: &str) -> bool {
    !text.trim().is_empty()
}

/// Who wrote an email is not shown. One whose domain has no dot is `username@logon_domain`, which the account made up.
fn observed_email(text: &str) -> ObservedEmail {
    let made_up = text.rsplit_once('@').is_none_or(|(_, domain)| !domain.contains('.'));
    let writer = if made_up { Writer::Account } else { Writer::Other };
    ObservedEmail { email: Email::observed(text), writer }
}

/// A group.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Group {
    id: Number,
    display_name: Option<Box<str>>,
    members: Option<Vec<Reference>>,
    #[serde(
        rename = "urn:ietf:params:scim:schemas:extension:activtrak:2.0:Group",
        alias = "urn:ietf:params:scim:schemas:extension:activtrak:2.0:SourceType"
    )]
    extension: Option<Extension>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Extension {
    source_type: Option<f64>,
    instance_id: Option<Box<str>>,
}

/// A group with the users in it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "Group")]
pub(in crate::account::activtrak) struct ScimGroup {
    /// Its number.
    pub(in crate::account::activtrak) id: GroupId,
    /// Its name.
    pub(in crate::account::activtrak) name: Box<str>,
    /// The number of its source, if it says one; 1 is the app.
    pub(in crate::account::activtrak) kind: Option<i64>,
    /// The integration that made it, if one did.
    pub(in crate::account::activtrak) instance: Option<Box<str>>,
    /// The users in it; none where they were left out.
    pub(in crate::account::activtrak) members: Option<Vec<UserId>>,
}

impl From<Group> for ScimGroup {
    fn from(group: Group) -> Self {
        let members = |list: Vec<Reference>| list.iter().map(|member| UserId(member.value.0)).collect();
        #[expect(clippy::cast_possible_truncation, reason = "sources are small numbers")]
        let kind = |number: f64| number as i64;
        Self {
            id: GroupId(group.id.0),
            name: group.display_name.unwrap_or_default(),
            kind: group.extension.as_ref().and_then(|extension| extension.source_type).map(kind),
            instance: group.extension.and_then(|extension| extension.instance_id).filter(|it| names_one(it)),
            members: group.members.map(members),
        }
    }
}

/// Whether the number of an integration is one: groups that none made have one of zeros.
fn names_one(instance: &str) -> bool {
    instance.chars().any(|digit| !matches!(digit, '0' | '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_read_in_either_casing_of_its_values() {
        let read = |tracking: &str| {
            serde_json::from_str::<ScimUser>(&format!(
                r#"{{"id":"349","displayName":" ","emails":[{{"primary":true,"value":"ana@corp.example"}},{{"value":"ana@CORP"}}],
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{{"employeeNumber":""}},
                "urn:ietf:params:scim:schemas:extension:activtrak:2.0:User":{{"tracking":{tracking}}}}}"#
            ))
        };
        for (tracking, wanted) in
            [("true", Tracking::Tracked), ("false", Tracking::Untracked), ("\"False\"", Tracking::Untracked)]
        {
            let user = ObservedUser::from(read(tracking).unwrap_or_else(|error| panic!("{error}")));
            assert_eq!((user.id, user.tracking, user.display_name), (UserId(349), wanted, None));
            assert_eq!(user.employee_ids, []);
            let writers: Vec<Writer> = user.emails.iter().map(|email| email.writer).collect();
            assert_eq!(writers, [Writer::Other, Writer::Account], "a made-up address is told by its domain");
        }
        assert!(read("\"maybe\"").is_err());
        assert!(read("null").is_err(), "who is tracked is never guessed");
    }

    #[test]
    fn a_groups_source_is_read_under_either_name() {
        for name in ["Group", "SourceType"] {
            let text = format!(
                r#"{{"id":"9","displayName":"A","members":[{{"value":"349"}},{{"value":7}}],
                "urn:ietf:params:scim:schemas:extension:activtrak:2.0:{name}":{{"sourceType":1.0,"instanceId":"00000000-0000-0000-0000-000000000000"}}}}"#
            );
            let group: ScimGroup = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!((group.kind, group.instance), (Some(1), None));
            assert_eq!(group.members, Some(vec![UserId(349), UserId(7)]));
        }
        let bare: ScimGroup = serde_json::from_str(r#"{"id":"9"}"#).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!((bare.kind, bare.members), (None, None));
    }
}
