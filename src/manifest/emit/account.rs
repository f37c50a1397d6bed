//! How is an account written?

use serde::Serialize;

use crate::manifest::raw;
use crate::model::{self, Allowance, HR_GROUP_TYPE, Region, Username};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Account<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Id<'a>>,
    platform: raw::Platform,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<raw::Region>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<raw::Username>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hr_group_type: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    allow: Vec<raw::Allowance>,
}

/// What tells an account from others.
#[derive(Serialize)]
#[serde(untagged)]
enum Id<'a> {
    Number(u64),
    Name(&'a str),
}

impl<'a> Account<'a> {
    pub(super) fn of(account: &'a model::Account) -> Self {
        let by_number = account.id.as_ref().map(|id| Id::Number(id.value));
        let (id, region, seed) = match &account.platform {
            model::Platform::Region(_, region) => (by_number, Some((*region).into()), None),
            model::Platform::Tenant(_, tenant) => (Some(Id::Name(&tenant.name.value)), None, None),
            model::Platform::Sandbox { seed, .. } => (by_number, None, Some(&*seed.value)),
        };
        Self {
            name: &account.name.value,
            id,
            platform: raw::Platform(account.platform.service()),
            region,
            seed,
            username: account.platform.username().map(Into::into),
            hr_group_type: Some(&*account.hr_group_type).filter(|it| *it != HR_GROUP_TYPE),
            allow: account.allow.iter().map(|it| it.value.into()).collect(),
        }
    }
}

impl From<Region> for raw::Region {
    fn from(region: Region) -> Self {
        match region {
            Region::Us => Self::Us,
            Region::Eu => Self::Eu,
            Region::Uk => Self::Uk,
            Region::Ca => Self::Ca,
            Region::Au => Self::Au,
        }
    }
}

impl From<Allowance> for raw::Allowance {
    fn from(allowance: Allowance) -> Self {
        match allowance {
            Allowance::AgentMoves => Self::AgentMoves,
            Allowance::CreateUsers => Self::CreateUsers,
        }
    }
}

impl From<Username> for raw::Username {
    fn from(username: Username) -> Self {
        match username {
            Username::Email => Self::Email,
            Username::Upn => Self::Upn,
            Username::EmployeeId => Self::EmployeeId,
        }
    }
}
