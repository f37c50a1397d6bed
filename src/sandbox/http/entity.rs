//! A user as the Identity API writes it (`IdentityDetailsResponse`), straight from the state: nothing is copied.

use jiff::Timestamp;
use serde::Serialize;
use serde::ser::{SerializeSeq, Serializer};

use crate::sandbox::config::Config;
use crate::sandbox::seed::{Agent, AgentId, GroupId, Login, Sourced, User, UserId};
use crate::sandbox::settings::Setting;
use crate::sandbox::state::{State, Status};

/// How much of users is shown, and as of when.
#[derive(Clone, Copy)]
pub(crate) struct Lens<'a> {
    state: &'a State,
    now: Timestamp,
    groups: Groups,
    primary: Primary,
    dropped: Option<(UserId, GroupId)>,
}

/// Whether the account shows primary groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Primary {
    /// It does.
    Shown,
    /// Its plan has none.
    Hidden,
}

impl Primary {
    fn of(config: &Config) -> Primary {
        if config.settings.has(Setting::NoPrimaryGroups) { Primary::Hidden } else { Primary::Shown }
    }
}

/// Whether users come with their groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Groups {
    /// With them.
    Shown,
    /// Without: lists leave them out unless they are asked for.
    Hidden,
}

impl<'a> Lens<'a> {
    /// Looks at a list of users.
    pub(crate) fn on_list(state: &'a State, now: Timestamp, groups: Groups, config: &Config) -> Lens<'a> {
        let faults = &config.faults;
        let groups = if faults.hide_memberships() { Groups::Hidden } else { groups };
        Lens { state, now, groups, primary: Primary::of(config), dropped: faults.dropped_membership(state) }
    }

    /// Looks at one user.
    pub(crate) fn on_one(state: &'a State, now: Timestamp, config: &Config) -> Lens<'a> {
        let groups = if config.faults.hide_memberships() { Groups::Hidden } else { Groups::Shown };
        Lens { state, now, groups, primary: Primary::of(config), dropped: None }
    }

    /// The whole record of a user.
    pub(crate) fn entity(self, user: &'a User) -> Entity<'a> {
        let shown = self.groups == Groups::Shown && self.primary == Primary::Shown;
        let primary = self.state.primary_group(user).filter(|_| shown);
        Entity {
            id: user.id,
            revision: user.revision,
            created: user.created,
            updated: user.updated,
            display_id: DisplayId(user),
            display_name: user.display_name.as_ref().map(Field),
            first_name: user.first_name.as_ref().map(Field),
            middle_name: user.middle_name.as_ref().map(Field),
            last_name: user.last_name.as_ref().map(Field),
            upns: Fields(&user.upns),
            emails: Fields(&user.emails),
            employee_id: user.employee_ids.first().map(Field),
            employee_ids: Fields(&user.employee_ids),
            device_logons: Logons(&user.device_logins),
            agents: Agents { lens: self, user },
            deleted_agents: DeletedAgents(&user.deleted_agents),
            groups: (self.groups == Groups::Shown).then_some(Memberships { lens: self, user }),
            primary_group_id: primary,
            primary_group_name: primary
                .and_then(|id| self.state.group(id))
                .map(|entry| entry.group.name.as_str()),
            timezone: (),
            tracked: user.tracked,
            status: user.status(self.now),
        }
    }

    /// What the Do Not Track list shows of a user (`AssociatedUser`).
    pub(crate) fn associated(self, user: &'a User) -> AssociatedUser<'a> {
        AssociatedUser {
            id: user.id,
            revision: user.revision,
            display_id: DisplayId(user),
            display_name: user.display_name.as_ref().map(Field),
            emails: Fields(&user.emails),
            upns: Fields(&user.upns),
            device_logons: Logons(&user.device_logins),
            agents: Agents { lens: self, user },
        }
    }
}

/// The whole record of a user.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Entity<'a> {
    id: UserId,
    revision: u64,
    created: Timestamp,
    updated: Option<Timestamp>,
    display_id: DisplayId<'a>,
    display_name: Option<Field<'a>>,
    first_name: Option<Field<'a>>,
    middle_name: Option<Field<'a>>,
    last_name: Option<Field<'a>>,
    upns: Fields<'a>,
    emails: Fields<'a>,
    employee_id: Option<Field<'a>>,
    employee_ids: Fields<'a>,
    device_logons: Logons<'a>,
    agents: Agents<'a>,
    deleted_agents: DeletedAgents<'a>,
    groups: Option<Memberships<'a>>,
    primary_group_id: Option<GroupId>,
    primary_group_name: Option<&'a str>,
    timezone: (),
    tracked: bool,
    status: Status,
}

/// What the Do Not Track list shows of a user.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AssociatedUser<'a> {
    id: UserId,
    revision: u64,
    display_id: DisplayId<'a>,
    display_name: Option<Field<'a>>,
    emails: Fields<'a>,
    upns: Fields<'a>,
    device_logons: Logons<'a>,
    agents: Agents<'a>,
}

/// `Field`: a value, its source, and an id that is always null.
#[derive(Serialize)]
struct FieldOut<'a> {
    value: &'a str,
    id: (),
    source: &'a str,
}

struct Field<'a>(&'a Sourced<String>);

impl Serialize for Field<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        FieldOut { value: &self.0.value, id: (), source: &self.0.source }.serialize(serializer)
    }
}

struct Fields<'a>(&'a [Sourced<String>]);

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(Field))
    }
}

/// Never null: a user without any identifier has an empty one.
struct DisplayId<'a>(&'a User);

impl Serialize for DisplayId<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.display_id() {
            Some(id) => FieldOut { value: &id.value, id: (), source: id.source }.serialize(serializer),
            None => FieldOut { value: "", id: (), source: "ActivTrak" }.serialize(serializer),
        }
    }
}

/// `DeviceLogon`: a null domain means any.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogonOut<'a> {
    user: &'a str,
    logon_domain: Option<&'a str>,
    source: &'a str,
}

struct Logons<'a>(&'a [Sourced<Login>]);

impl Serialize for Logons<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|login| LogonOut {
            user: &login.value.user,
            logon_domain: login.value.domain_name(),
            source: &login.source,
        }))
    }
}

/// `Agent` of the Identity API.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AgentOut<'a> {
    user_id: AgentId,
    user_name: &'a str,
    logon_domain: &'a str,
    alias: Option<&'a str>,
    tracked: bool,
    deleted: bool,
    delete_date: Option<Timestamp>,
    license_status: &'static str,
    first_log: Option<Timestamp>,
    last_log: Option<Timestamp>,
    merge_pending: bool,
}

impl<'a> AgentOut<'a> {
    fn alive(agent: &'a Agent, tracked: Collection) -> AgentOut<'a> {
        AgentOut {
            user_id: agent.id,
            user_name: &agent.username,
            logon_domain: &agent.domain,
            alias: agent.alias.as_deref(),
            tracked: tracked == Collection::On,
            deleted: false,
            delete_date: None,
            license_status: "approved",
            first_log: agent.first_log,
            last_log: agent.last_log,
            merge_pending: agent.merge_pending,
        }
    }

    fn deleted(agent: &'a Agent) -> AgentOut<'a> {
        let alive = AgentOut::alive(agent, Collection::Off);
        AgentOut { deleted: true, delete_date: agent.deleted, license_status: "deleted", ..alive }
    }
}

/// Whether data of an agent is collected.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Collection {
    On,
    Off,
}

struct Agents<'a> {
    lens: Lens<'a>,
    user: &'a User,
}

impl Serialize for Agents<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.user.agents.iter().map(|agent| {
            let on = self.lens.state.collects(self.user, agent);
            AgentOut::alive(agent, if on { Collection::On } else { Collection::Off })
        }))
    }
}

struct DeletedAgents<'a>(&'a [Agent]);

impl Serialize for DeletedAgents<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(AgentOut::deleted))
    }
}

/// `Group` of the Identity API.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the names of the API")]
struct GroupOut<'a> {
    group_id: GroupId,
    group_name: &'a str,
    group_type: i32,
    group_type_name: &'a str,
}

struct Memberships<'a> {
    lens: Lens<'a>,
    user: &'a User,
}

impl Serialize for Memberships<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        for id in &self.user.groups {
            if self.lens.dropped == Some((self.user.id, *id)) {
                continue;
            }
            if let Some(entry) = self.lens.state.group(*id) {
                let group = &entry.group;
                list.serialize_element(&GroupOut {
                    group_id: group.id,
                    group_name: &group.name,
                    group_type: group.source.number(),
                    group_type_name: group.source.type_name(),
                })?;
            }
        }
        list.end()
    }
}
