//! The platform's shapes, as far as they are read: pages of users, groups and members.
//!
//! Numbers are texts there or numbers, and so are truths; what a thing is called differs between its services: any is read.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::account::docebo::facts::{self, AUTOMATIC, MANUAL};
use crate::account::docebo::number;
use crate::account::docebo::person::person;
use crate::model::{
    Activation, Deactivated, Description, GroupId, GroupName, GroupSource, Level, ObservedGroup,
    ObservedUser, Population, UserId, Username,
};

/// What every answer is wrapped in.
#[derive(Deserialize)]
pub(super) struct Envelope<T> {
    pub(super) data: T,
}

/// A page of a list.
#[derive(Deserialize)]
pub(super) struct Listed<T> {
    pub(super) items: Vec<T>,
    /// How many there are on all pages.
    pub(super) total_count: Option<Number>,
    /// Whether this is not the last page.
    pub(super) has_more_data: Option<Flag>,
}

/// A number, as a text or as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
                text.trim().parse().map(Self).map_err(|_| D::Error::custom(format!("{text:?} is no number")))
            }
        }
    }
}

/// A truth, as one, a number or a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Flag(pub(super) bool);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Either {
            Flag(bool),
            Number(u64),
            Text(Box<str>),
        }
        match Either::deserialize(deserializer)? {
            Either::Flag(flag) => Ok(Self(flag)),
            Either::Number(number) => Ok(Self(number != 0)),
            Either::Text(text) => match &*text.to_ascii_lowercase() {
                "true" | "1" => Ok(Self(true)),
                "false" | "0" | "" => Ok(Self(false)),
                _ => Err(D::Error::custom(format!("{text:?} is neither true nor false"))),
            },
        }
    }
}

/// Whatever a member says, as a text in small letters; nothing that can't be one.
struct Said(Box<str>);

impl<'de> Deserialize<'de> for Said {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match Value::deserialize(deserializer)? {
            Value::String(text) => text.trim().to_lowercase().into(),
            Value::Number(number) => number.to_string().into(),
            Value::Bool(flag) => flag.to_string().into(),
            Value::Null | Value::Array(_) | Value::Object(_) => Box::default(),
        }))
    }
}

/// A row of a list.
pub(super) trait Row {
    /// What tells it from the others.
    fn key(&self) -> u64;
}

/// A user.
#[derive(Deserialize)]
struct WireUser {
    user_id: Option<Number>,
    id_user: Option<Number>,
    idst: Option<Number>,
    username: Option<Box<str>>,
    userid: Option<Box<str>>,
    #[serde(default, deserialize_with = "readable")]
    email: Option<Box<str>>,
    first_name: Option<Box<str>>,
    firstname: Option<Box<str>>,
    last_name: Option<Box<str>>,
    lastname: Option<Box<str>>,
    status: Option<Said>,
    level: Option<Said>,
}

/// A user by number, with the username, the name, and what they may do.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "WireUser")]
pub(super) struct User {
    pub(super) id: UserId,
    username: Box<str>,
    name: Box<str>,
    /// The email address of the profile, empty where there is none; nothing where the list does not tell.
    pub(super) email: Option<Box<str>>,
    /// Whether they may log in, where that is said in a way that is known.
    pub(super) status: Option<Activation>,
    /// What they may do, in the same manner.
    pub(super) level: Option<Level>,
}

impl TryFrom<WireUser> for User {
    type Error = &'static str;

    fn try_from(user: WireUser) -> Result<Self, Self::Error> {
        let WireUser { user_id, id_user, idst, username, userid, .. } = user;
        let id = user_id.or(id_user).or(idst).ok_or("a user without a number")?;
        let username = username.or(userid).filter(|it| !it.trim().is_empty());
        let names = [user.first_name.or(user.firstname), user.last_name.or(user.lastname)];
        let names: Vec<Box<str>> = names.into_iter().flatten().collect();
        Ok(Self {
            id: UserId(id.0),
            username: username.ok_or("a user without a username")?,
            name: names.join(" ").trim().into(),
            email: user.email,
            status: user.status.and_then(|said| facts::status(&said.0)),
            level: user.level.and_then(|said| facts::level(&said.0)),
        })
    }
}

impl Row for User {
    fn key(&self) -> u64 {
        self.id.0
    }
}

impl User {
    /// The user as the model has users: the username is the only identifier.
    pub(super) fn observed(self, kind: Username) -> ObservedUser {
        let person = person((self.id, &self.username), &self.name, kind);
        ObservedUser { activation: self.status, level: self.level, ..person }
    }
}

/// A group.
#[derive(Deserialize)]
struct WireGroup {
    uuid: Box<str>,
    name: Option<Box<str>>,
    #[serde(rename = "type")]
    kind: Option<Box<str>>,
    /// Nothing, where the list leaves it out; an empty one is often `null`.
    #[serde(default, deserialize_with = "said")]
    description: Option<Box<str>>,
    #[serde(rename = "exclude_deactivated_users")]
    passes_over: Option<Said>,
    #[serde(default, deserialize_with = "readable")]
    updated_at: Option<Box<str>>,
}

/// `2026-06-10 09:00:00`, in UTC, or with what says otherwise; zeros for none.
fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let in_utc = || text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok();
    text.parse::<Timestamp>().ok().or_else(|| in_utc().map(|at| at.timestamp()))
}

/// A text that is there, be it `null`.
fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Box<str>>, D::Error> {
    Option::<Box<str>>::deserialize(deserializer).map(|text| Some(text.unwrap_or_default()))
}

/// A text that is there, be it `null`; what is none is not read, as no reading should end for what few manifests look at.
fn readable<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Box<str>>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) => Some(text.into()),
        Value::Null => Some(Box::default()),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => None,
    })
}

/// A group by UUID and number, with its name and what fills it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "WireGroup")]
pub(super) struct Group {
    pub(super) uuid: Box<str>,
    pub(super) id: GroupId,
    pub(super) name: Box<str>,
    kind: Box<str>,
    description: Option<Description>,
    /// Whether its rules pass deactivated users over.
    pub(super) deactivated: Deactivated,
    /// When it was changed last, where it says so.
    pub(super) changed: Option<Timestamp>,
}

impl TryFrom<WireGroup> for Group {
    type Error = &'static str;

    fn try_from(group: WireGroup) -> Result<Self, Self::Error> {
        let WireGroup { uuid, name, kind, description, passes_over, updated_at } = group;
        let id = number::of(&uuid).ok_or("a group that no UUID names")?;
        let name = name.ok_or("a group without a name")?;
        let description = description.map(|text| Description::observed(&text));
        let passes_over = passes_over.is_some_and(|said| matches!(&*said.0, "true" | "1"));
        let deactivated = if passes_over { Deactivated::PassedOver } else { Deactivated::Counted };
        let changed = updated_at.and_then(|at| moment(&at));
        Ok(Self { uuid, id, name, kind: kind.unwrap_or_default(), description, deactivated, changed })
    }
}

impl Row for Group {
    /// The end of the UUID: two groups whose numbers are the same are told apart by it.
    fn key(&self) -> u64 {
        let digits: String = self.uuid.chars().filter(|it| *it != '-').skip(16).collect();
        u64::from_str_radix(&digits, 16).unwrap_or_default() ^ self.id.0
    }
}

impl Group {
    /// Whether it holds whom somebody puts in.
    pub(super) fn is_manual(&self) -> bool {
        &*self.kind == MANUAL
    }

    /// Whether it fills itself by rules.
    pub(super) fn is_automatic(&self) -> bool {
        &*self.kind == AUTOMATIC
    }

    /// Whether somebody can put users into it: one of a kind that is not known is nobody's to write.
    pub(super) fn is_known(&self) -> bool {
        self.is_manual() || self.is_automatic()
    }

    /// What it says of itself, where that was read.
    pub(super) fn description(&self) -> Option<Description> {
        self.description.clone()
    }

    /// The same group, with what it says of itself.
    pub(super) fn describe(&mut self, description: Description) {
        self.description = Some(description);
    }

    /// The group as the model has groups. One that fills itself is nobody's to write; neither is one of a kind that is not known.
    pub(super) fn observed(&self) -> ObservedGroup {
        let source = match &*self.kind {
            MANUAL => GroupSource::App,
            AUTOMATIC => GroupSource::Automatic,
            other => GroupSource::Foreign(other.into()),
        };
        let description = self.description();
        ObservedGroup { description, ..ObservedGroup::new(self.id, GroupName::observed(&self.name), source) }
    }
}

/// A user in a group.
#[derive(Deserialize)]
struct WireMember {
    idst: Option<Number>,
    user_id: Option<Number>,
    id_user: Option<Number>,
    id: Option<Number>,
    relation_type: Option<Said>,
}

/// A user in a group, by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "WireMember")]
pub(super) struct Member {
    pub(super) user: UserId,
    /// What put them there, where that is said in a way that is known.
    pub(super) by: Option<Population>,
}

impl TryFrom<WireMember> for Member {
    type Error = &'static str;

    fn try_from(member: WireMember) -> Result<Self, Self::Error> {
        let WireMember { idst, user_id, id_user, id, relation_type } = member;
        let number = idst.or(user_id).or(id_user).or(id).ok_or("a member without a number")?;
        let by = relation_type.and_then(|said| facts::relation(&said.0));
        Ok(Self { user: UserId(number.0), by })
    }
}

impl Row for Member {
    fn key(&self) -> u64 {
        self.user.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T: serde::de::DeserializeOwned>(json: &str) -> T {
        serde_json::from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"))
    }

    #[test]
    fn a_user_is_read_by_the_names_of_either_service_and_its_number_as_a_text() {
        let wanted = |status| User {
            id: UserId(12_301),
            username: "ada@acme.example".into(),
            name: "Ada Lovelace".into(),
            email: None,
            status,
            level: None,
        };
        for (json, status) in [
            (
                r#"{"user_id":"12301","username":"ada@acme.example","first_name":"Ada","last_name":"Lovelace","status":"1"}"#,
                Some(Activation::Active),
            ),
            (
                r#"{"id_user":12301,"userid":"ada@acme.example","firstname":"Ada","lastname":"Lovelace","status":0}"#,
                Some(Activation::Deactivated),
            ),
            (
                r#"{"idst":12301,"user_id":"12301","username":"ada@acme.example","first_name":" Ada","last_name":"Lovelace "}"#,
                None,
            ),
        ] {
            assert_eq!(read::<User>(json), wanted(status), "{json}");
        }
        for json in [r#"{"username":"ada"}"#, r#"{"user_id":1}"#, r#"{"user_id":1,"username":" "}"#] {
            assert!(serde_json::from_str::<User>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn what_a_user_may_do_is_known_by_the_words_that_are_and_is_otherwise_not_known() {
        let of = |members: &str| {
            let user = read::<User>(&format!(r#"{{"user_id":7,"username":"e7"{members}}}"#));
            (user.status, user.level)
        };
        let active = Some(Activation::Active);
        for (members, known) in [
            (r#","status":true,"level":"user""#, (active, Some(Level::User))),
            (r#","status":"1","level":"/framework/level/godadmin""#, (active, Some(Level::Superadmin))),
            (r#","status":0,"level":"PowerUser""#, (Some(Activation::Deactivated), Some(Level::PowerUser))),
            (r#","status":"2","level":"6""#, (None, None)),
            (r#","status":null,"level":["user"]"#, (None, None)),
            ("", (None, None)),
        ] {
            assert_eq!(of(members), known, "{members}");
        }
    }

    #[test]
    fn the_username_is_the_only_identifier_of_a_user() {
        let user = || read::<User>(r#"{"user_id":7,"username":"e7","email":"ada@acme.example"}"#);
        for kind in [Username::Email, Username::Upn, Username::EmployeeId] {
            let observed = user().observed(kind);
            let held: Vec<_> = observed.identifiers().map(|it| (it.kind(), it.to_string())).collect();
            assert_eq!((observed.display_name, held), (None, vec![(kind.kind(), "e7".to_owned())]));
        }
    }

    #[test]
    fn a_group_that_is_not_manual_is_nobodys_to_write() {
        let of = |kind: &str| {
            read::<Group>(&format!(
                r#"{{"uuid":"0b7a3c1e-5d2f-4a6b-8c9d-0e1f2a3b4c5d","name":"Drivers"{kind},"ruleset":{{"sets":[]}}}}"#
            ))
        };
        let source = |kind: &str| of(kind).observed().source;
        assert_eq!(source(r#","type":"manual""#), GroupSource::App);
        assert_eq!(source(r#","type":"automatic""#), GroupSource::Automatic);
        for other in ["", r#","type":null"#, r#","type":"Manual?""#] {
            assert!(matches!(source(other), GroupSource::Foreign(_)) && !of(other).is_manual(), "{other}");
        }
        assert!(serde_json::from_str::<Group>(r#"{"uuid":"17","name":"A"}"#).is_err());
    }

    #[test]
    fn a_page_says_its_total_in_either_way() {
        for json in [
            r#"{"data":{"items":[{"idst":"7"}],"total_count":"1","has_more_data":"false"},"version":"1"}"#,
            r#"{"data":{"items":[{"user_id":7}],"total_count":1,"has_more_data":0}}"#,
        ] {
            let Listed { items, total_count, has_more_data } = read::<Envelope<Listed<Member>>>(json).data;
            assert_eq!(
                (items, total_count, has_more_data),
                (vec![Member { user: UserId(7), by: None }], Some(Number(1)), Some(Flag(false)))
            );
        }
    }

    #[test]
    fn what_few_manifests_look_at_ends_no_reading() {
        let group = |more: &str| {
            read::<Group>(&format!(
                r#"{{"uuid":"0b7a3c1e-5d2f-4a6b-8c9d-0e1f2a3b4c5d","name":"A","type":"automatic"{more}}}"#
            ))
        };
        for odd in ["12345", "[]", "{}", "null", "\"yesterday\"", "\"0000-00-00 00:00:00\""] {
            assert_eq!(group(&format!(r#","updated_at":{odd}"#)).changed, None, "{odd}");
            let passes_over = format!(r#","exclude_deactivated_users":{odd}"#);
            assert_eq!(group(&passes_over).deactivated, Deactivated::Counted, "{odd}");
        }
        for at in [
            "2026-06-10 09:00:00",
            "2026-06-10T09:00:00",
            "2026-06-10T09:00:00Z",
            "2026-06-10T11:00:00+02:00",
        ] {
            let changed = group(&format!(r#","updated_at":"{at}""#)).changed.map(|at| at.to_string());
            assert_eq!(changed.as_deref(), Some("2026-06-10T09:00:00Z"), "{at}");
        }
        assert_eq!(read::<User>(r#"{"user_id":7,"username":"ada","email":{}}"#).email, None);
    }
}
