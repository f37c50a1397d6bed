//! The Identity API's shapes, as far as they are read (`IdentityDetailsResponse`, `UsersResponse`, `DoNotTrackGetResponse`).
//!
//! Users are decoded straight into the model, one after the other, with texts borrowed from the body.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, de};

use crate::account::activtrak::moment::moment;
use crate::account::activtrak::returned::Returned;
use crate::account::error::Part;
use crate::model::{
    AdoptableField, Agent, AgentId, DeletedAgent, DisplayName, Email, EmployeeId, ExclusionId, Foreign,
    GroupId, Integration, LastSet, Login, ObservedEmail, ObservedExclusion, ObservedUser, Revision, SetBy,
    Status, Tracking, Upn, UserId, Writer,
};

/// A page of user records (`UsersResponse`), or the answer of a search (`IdentityLookupResponse`).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Users {
    pub(super) results: Records,
    pub(super) total_count: usize,
}

/// User records and what they say about groups.
#[derive(Debug, Default)]
pub(in crate::account::activtrak) struct Records {
    /// The users.
    pub(in crate::account::activtrak) users: Vec<ObservedUser>,
    /// Who is in which group.
    pub(in crate::account::activtrak) memberships: Vec<(GroupId, UserId)>,
    /// Each group that was seen, how it was shown, and on whom.
    pub(in crate::account::activtrak) groups: BTreeMap<GroupId, SeenGroup>,
    /// Whether any record came without the group data that was asked for.
    pub(in crate::account::activtrak) without_groups: usize,
    /// Records that came without some of their parts.
    pub(in crate::account::activtrak) left_out: Vec<(UserId, Vec<Part>)>,
}

/// A group as a user record shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::account::activtrak) struct SeenGroup {
    /// The user who shows it.
    pub(in crate::account::activtrak) on: UserId,
    /// Its name.
    pub(in crate::account::activtrak) name: Box<str>,
    /// The number of its source.
    pub(in crate::account::activtrak) kind: i64,
    /// Its source in words; empty where the record does not say it.
    pub(in crate::account::activtrak) type_name: Box<str>,
}

impl<'de> Deserialize<'de> for Records {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Each;
        impl<'de> Visitor<'de> for Each {
            type Value = Records;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of user records")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Records, A::Error> {
                let (mut records, mut names) = (Records::default(), Names::default());
                while let Some(record) = list.next_element::<Record<'de>>()? {
                    records.push(record, &mut names)?;
                }
                Ok(records)
            }
        }
        deserializer.deserialize_seq(Each)
    }
}

impl Records {
    /// The records, each with what was left out of it.
    pub(super) fn shown(self) -> Vec<Returned> {
        let mut left_out: BTreeMap<UserId, Vec<Part>> = self.left_out.into_iter().collect();
        let users = self.users.into_iter();
        users.map(|user| Returned { left_out: left_out.remove(&user.id).unwrap_or_default(), user }).collect()
    }

    fn push<E: de::Error>(&mut self, record: Record<'_>, names: &mut Names) -> Result<(), E> {
        if record.groups.is_none() {
            self.without_groups += 1;
        }
        let id = UserId(record.id);
        for group in record.groups.iter().flatten() {
            self.memberships.push((GroupId(group.id), id));
            let seen = self.groups.entry(GroupId(group.id)).or_insert_with(|| SeenGroup {
                on: id,
                name: group.name.as_ref().into(),
                kind: group.kind,
                type_name: group.type_name.as_deref().unwrap_or_default().into(),
            });
            if *seen.name != *group.name || seen.kind != group.kind {
                return Err(E::custom(format_args!("group {} is shown in two ways", group.id)));
            }
        }
        let left_out = record.left_out();
        if !left_out.is_empty() {
            self.left_out.push((id, left_out));
        }
        self.users.push(record.observed(names));
        Ok(())
    }
}

/// One user record. Numbers that are missing are an error: nothing can be written to such a record.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Record<'a> {
    id: u64,
    revision: u64,
    #[serde(default, deserialize_with = "moment")]
    created: Option<Timestamp>,
    #[serde(borrow)]
    display_name: Option<Value<'a>>,
    #[serde(borrow)]
    upns: Option<Vec<Value<'a>>>,
    #[serde(borrow)]
    emails: Option<Vec<Value<'a>>>,
    #[serde(borrow)]
    employee_ids: Option<Vec<Value<'a>>>,
    #[serde(borrow)]
    device_logons: Option<Vec<DeviceLogon<'a>>>,
    #[serde(borrow)]
    agents: Option<Vec<UserAgent<'a>>>,
    #[serde(borrow)]
    deleted_agents: Option<Vec<UserAgent<'a>>>,
    #[serde(borrow)]
    groups: Option<Vec<Group<'a>>>,
    primary_group_id: Option<u64>,
    tracked: bool,
    #[serde(borrow)]
    status: Option<Cow<'a, str>>,
}

/// A value (`Field`) and who wrote it last.
#[derive(Deserialize)]
struct Value<'a> {
    #[serde(borrow)]
    value: Option<Cow<'a, str>>,
    #[serde(borrow)]
    source: Option<Source<'a>>,
}

/// The writer of a value: a word, or a number in older answers.
struct Source<'a>(Cow<'a, str>);

/// What says nothing of a writer: no document tells what numbers stand for, or anything else that is no word.
const UNSAID: Source<'static> = Source(Cow::Borrowed(""));

impl<'de: 'a, 'a> Deserialize<'de> for Source<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Word;
        impl<'de> Visitor<'de> for Word {
            type Value = Source<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a source, as a word or a number")
            }

            fn visit_borrowed_str<E>(self, word: &'de str) -> Result<Source<'de>, E> {
                Ok(Source(Cow::Borrowed(word)))
            }

            fn visit_str<E>(self, word: &str) -> Result<Source<'de>, E> {
                Ok(Source(Cow::Owned(word.to_owned())))
            }

            fn visit_u64<E>(self, _: u64) -> Result<Source<'de>, E> {
                Ok(UNSAID)
            }

            fn visit_i64<E>(self, _: i64) -> Result<Source<'de>, E> {
                Ok(UNSAID)
            }

            fn visit_f64<E>(self, _: f64) -> Result<Source<'de>, E> {
                Ok(UNSAID)
            }

            fn visit_bool<E>(self, _: bool) -> Result<Source<'de>, E> {
                Ok(UNSAID)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Source<'de>, A::Error> {
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(UNSAID)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Source<'de>, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(UNSAID)
            }
        }
        deserializer.deserialize_any(Word)
    }
}

/// Who wrote a value last.
enum By<'a> {
    /// ActivTrak itself and its agents: placeholders, auto-detected emails, device logins.
    Account,
    /// A person in the app, or an API key.
    Known(SetBy),
    /// Nobody knows.
    Nobody,
    /// Another integration, by its name.
    Integration(&'a str),
}

impl<'a> By<'a> {
    /// Reads `ChangeSourceResponse`, and tolerates words it does not list. A number says nothing: no document says what
    /// numbers stand for.
    fn of(source: Option<&'a Source<'_>>) -> Self {
        match source.map_or("", |source| source.0.trim()) {
            "ActivTrak" => By::Account,
            "Admin" => By::Known(SetBy::Person),
            "AdminAPI" => By::Known(SetBy::ApiKey),
            "" => By::Nobody,
            name => By::Integration(name),
        }
    }
}

/// The names of integrations on a page, each kept once.
#[derive(Default)]
struct Names(Vec<Integration>);

impl Names {
    fn integration(&mut self, name: &str) -> Integration {
        if let Some(known) = self.0.iter().find(|known| known.name() == name) {
            return known.clone();
        }
        let new = Integration::new(name);
        self.0.push(new.clone());
        new
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DeviceLogon<'a> {
    #[serde(borrow)]
    user: Cow<'a, str>,
    #[serde(borrow)]
    logon_domain: Option<Cow<'a, str>>,
    #[serde(borrow)]
    source: Option<Source<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UserAgent<'a> {
    user_id: u64,
    #[serde(borrow)]
    user_name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    logon_domain: Option<Cow<'a, str>>,
    #[serde(borrow)]
    alias: Option<Cow<'a, str>>,
    #[serde(default)]
    deleted: bool,
    /// One that is waiting for a licence has a date past what a timestamp can hold: none.
    #[serde(default, deserialize_with = "moment")]
    delete_date: Option<Timestamp>,
    #[serde(borrow)]
    license_status: Option<Cow<'a, str>>,
    #[serde(default, deserialize_with = "moment")]
    first_log: Option<Timestamp>,
    #[serde(default, deserialize_with = "moment")]
    last_log: Option<Timestamp>,
    #[serde(default)]
    merge_pending: bool,
}

#[derive(Deserialize)]
struct Group<'a> {
    #[serde(rename = "groupId")]
    id: u64,
    #[serde(borrow, rename = "groupName")]
    name: Cow<'a, str>,
    #[serde(rename = "groupType")]
    kind: i64,
    #[serde(borrow, rename = "groupTypeName")]
    type_name: Option<Cow<'a, str>>,
}

impl Record<'_> {
    /// The parts that the answer does not have, or has as nothing.
    fn left_out(&self) -> Vec<Part> {
        let parts = [
            (Part::Upns, self.upns.is_none()),
            (Part::Emails, self.emails.is_none()),
            (Part::EmployeeIds, self.employee_ids.is_none()),
            (Part::DeviceLogins, self.device_logons.is_none()),
            (Part::Agents, self.agents.is_none()),
        ];
        parts.into_iter().filter(|part| part.1).map(|part| part.0).collect()
    }

    fn observed(self, names: &mut Names) -> ObservedUser {
        let (mut foreign, mut last_set) = (Foreign::default(), LastSet::default());
        let mut writer = |field, at, source: Option<Source<'_>>| match By::of(source.as_ref()) {
            By::Account => Writer::Account,
            By::Known(by) => {
                last_set.note(field, at, by);
                Writer::Other
            }
            By::Nobody => Writer::Other,
            By::Integration(name) => {
                foreign.note(field, at, names.integration(name));
                Writer::Other
            }
        };
        let display_name = self.display_name.and_then(|field| {
            let name = field.value.filter(|name| !name.trim().is_empty())?;
            writer(AdoptableField::DisplayName, 0, field.source);
            Some(DisplayName::observed(&name))
        });
        let upns = values(self.upns, |at, field| {
            let upn = Upn::observed(&field.value?);
            writer(AdoptableField::Upn, at, field.source);
            Some(upn)
        });
        let emails = values(self.emails, |at, field| {
            let email = Email::observed(&field.value?);
            Some(ObservedEmail { email, writer: writer(AdoptableField::Email, at, field.source) })
        });
        let employee_ids = values(self.employee_ids, |at, field| {
            let id = EmployeeId::observed(&field.value?);
            writer(AdoptableField::EmployeeId, at, field.source);
            Some(id)
        });
        let device_logins = values(self.device_logons, |at, logon| {
            writer(AdoptableField::DeviceLogin, at, logon.source);
            Some(Login::observed(logon.logon_domain.as_deref(), &logon.user))
        });
        // An agent that waits for a licence has a delete date too, and is none that was deleted.
        let (gone, alive): (Vec<UserAgent<'_>>, Vec<UserAgent<'_>>) =
            self.agents.unwrap_or_default().into_iter().partition(UserAgent::is_deleted);
        let gone = gone.into_iter().chain(self.deleted_agents.unwrap_or_default());
        ObservedUser {
            id: UserId(self.id),
            revision: Revision(self.revision),
            created: self.created,
            display_name,
            upns,
            emails,
            employee_ids,
            device_logins,
            agents: alive.into_iter().map(Agent::from).collect(),
            deleted_agents: gone.map(DeletedAgent::from).collect(),
            tracking: if self.tracked { Tracking::Tracked } else { Tracking::Untracked },
            status: self.status.and_then(|word| Status::ALL.into_iter().find(|known| known.word() == word)),
            activation: None,
            level: None,
            primary_group: self.primary_group_id.map(GroupId),
            foreign,
            last_set,
        }
    }
}

/// The values that fields hold; each is told its place among them.
fn values<F, T>(fields: Option<Vec<F>>, mut value: impl FnMut(usize, F) -> Option<T>) -> Vec<T> {
    let fields = fields.unwrap_or_default();
    // Collecting would keep the larger buffer of the fields for as long as the account is in memory.
    let mut values = Vec::with_capacity(fields.len());
    for field in fields {
        values.extend(value(values.len(), field));
    }
    values
}

impl UserAgent<'_> {
    fn is_deleted(&self) -> bool {
        self.deleted && self.license_status.as_deref() != Some("pending")
    }
}

impl From<UserAgent<'_>> for DeletedAgent {
    fn from(agent: UserAgent<'_>) -> Self {
        Self { id: AgentId(agent.user_id), deleted: agent.delete_date }
    }
}

impl From<UserAgent<'_>> for Agent {
    fn from(agent: UserAgent<'_>) -> Self {
        let user = agent.user_name.unwrap_or_default();
        Self {
            id: AgentId(agent.user_id),
            login: Login::observed(agent.logon_domain.as_deref(), &user),
            alias: agent.alias.map(Into::into),
            first_log: agent.first_log,
            last_log: agent.last_log,
            merge_pending: agent.merge_pending,
        }
    }
}

/// A single user record.
pub(super) struct One(pub(super) Returned);

impl<'de> Deserialize<'de> for One {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let record = Record::deserialize(deserializer)?;
        let left_out = record.left_out();
        Ok(Self(Returned { user: record.observed(&mut Names::default()), left_out }))
    }
}

/// A page of user records of which only the numbers matter.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Numbers {
    pub(super) results: Vec<Number>,
    pub(super) total_count: usize,
}

#[derive(Deserialize)]
pub(super) struct Number {
    pub(super) id: u64,
}

/// A page of Do Not Track rules.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Rules {
    pub(super) results: Vec<RuleRow>,
    pub(super) total_count: usize,
}

/// A global rule has a number; a row that stands for an untracked user has none and is not a rule of its own.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RuleRow {
    pub(super) dnt_rule: Option<DntRule>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DntRule {
    id: u64,
    username: Box<str>,
    logon_domain: Option<Box<str>>,
    any_domain: bool,
}

impl From<DntRule> for ObservedExclusion {
    fn from(rule: DntRule) -> Self {
        let domain = if rule.any_domain { None } else { rule.logon_domain.as_deref() };
        Self { id: ExclusionId(rule.id), login: Login::observed(domain, &rule.username) }
    }
}
