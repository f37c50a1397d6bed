//! How are users, groups and exclusions written?

use serde::Serialize;

use crate::manifest::emit::rule::{Match, Parts};
use crate::manifest::emit::written::Written;
use crate::manifest::raw;
use crate::model::{
    Activation, AdoptableField, Below, DeclaredSource, DesiredExclusion, DesiredGroup, DesiredUser,
    ExclusionState, GroupName, GroupState, Located, Managed, Members, NameMatch, Population, Recreate,
    Reference, Tracking,
};

/// One value, or a list of any other length.
#[derive(Serialize)]
#[serde(untagged)]
enum OneOrMany {
    One(Written),
    Many(Vec<Written>),
}

impl OneOrMany {
    /// Names, one or several; an empty list is not written.
    fn names(said: &[Located<GroupName>]) -> Option<Self> {
        match said {
            [] => None,
            [one] => Some(Self::One(Written::name(one.value.as_written()))),
            many => Some(Self::Many(many.iter().map(|it| Written::name(it.value.as_written())).collect())),
        }
    }

    fn of<T: ToString>(said: &[Located<T>]) -> Self {
        match said {
            [one] => Self::One(Written::of(&one.value)),
            many => Self::Many(many.iter().map(|it| Written::of(&it.value)).collect()),
        }
    }

    /// A list that only adds: an empty one is not written.
    fn added<T: ToString>(said: &[Located<T>]) -> Option<Self> {
        (!said.is_empty()).then(|| Self::of(said))
    }

    /// A list that may be left alone.
    fn whole<T: ToString>(members: &Members<T>) -> Option<Self> {
        match members {
            Members::Leave => None,
            Members::AtLeast(said) | Members::Exactly(said) => Some(Self::of(said)),
        }
    }
}

/// How a manifest names a user.
#[derive(Serialize, PartialEq)]
#[serde(untagged)]
pub(super) enum ByText {
    Text(Written),
    Name { name: Written },
}

/// A reference as it is written.
pub(super) fn reference(to: &Reference) -> ByText {
    match to {
        Reference::Name(name) => ByText::Name { name: Written::name(name.as_written()) },
        Reference::Address(_)
        | Reference::DeviceLogin(_)
        | Reference::Slashed(..)
        | Reference::EmployeeId(_) => ByText::Text(Written::of(to)),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct User {
    #[serde(skip_serializing_if = "Option::is_none")]
    display_name: Option<Written>,
    #[serde(skip_serializing_if = "Option::is_none")]
    upn: Option<OneOrMany>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<OneOrMany>,
    #[serde(skip_serializing_if = "Option::is_none")]
    employee_id: Option<OneOrMany>,
    #[serde(skip_serializing_if = "Option::is_none")]
    device_login: Option<OneOrMany>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tracking: Option<raw::Tracking>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<raw::Activation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    groups: Option<OneOrMany>,
    #[serde(skip_serializing_if = "Option::is_none")]
    primary_group: Option<Written>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agents: Option<OneOrMany>,
    #[serde(skip_serializing_if = "Option::is_none")]
    formerly: Option<OneOrMany>,
    #[serde(skip_serializing_if = "Option::is_none")]
    match_name: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    releases: Option<OneOrMany>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    adopt: Vec<raw::Adoptable>,
}

impl User {
    pub(super) fn of(user: &DesiredUser) -> Self {
        Self {
            display_name: user.display_name.declared().map(|name| Written::name(name.value.as_written())),
            upn: OneOrMany::whole(&user.upns),
            email: OneOrMany::whole(&user.emails),
            employee_id: OneOrMany::whole(&user.employee_ids),
            device_login: OneOrMany::added(&user.device_logins),
            tracking: match &user.tracking {
                Managed::Leave => None,
                Managed::Set(said) => Some(said.value.into()),
            },
            status: user.status.declared().map(|said| said.value.into()),
            groups: OneOrMany::names(&user.groups),
            primary_group: user.primary_group.declared().map(|name| Written::name(name.value.as_written())),
            agents: OneOrMany::added(&user.agents),
            formerly: OneOrMany::added(&user.formerly),
            match_name: (user.match_name == NameMatch::Same).then_some(true),
            releases: OneOrMany::added(&user.releases),
            adopt: user.adopt.iter().map(|it| it.value.into()).collect(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Group<'g> {
    name: Written,
    #[serde(skip_serializing_if = "Option::is_none")]
    formerly: Option<OneOrMany>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<raw::Source>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<Written>,
    #[serde(skip_serializing_if = "Option::is_none")]
    population: Option<raw::Population>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<raw::GroupState>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recreate: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    membership: Option<raw::Membership>,
    #[serde(skip_serializing_if = "Option::is_none")]
    members: Option<Vec<ByText>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    computers: Option<Vec<Written>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    branch: Option<OneOrMany>,
    #[serde(skip_serializing_if = "Option::is_none")]
    descendants: Option<bool>,
    #[serde(rename = "match", skip_serializing_if = "Option::is_none")]
    rule: Option<Match<'g>>,
}

impl<'g> Group<'g> {
    pub(super) fn of(group: &'g DesiredGroup) -> Self {
        let parts = group.rule().map(|rule| Parts::of(&rule.value)).unwrap_or_default();
        let codes: Vec<Written> = parts.branches.iter().map(|code| Written::of(&code.as_written())).collect();
        let listed = |said: &[Located<Reference>]| said.iter().map(|it| reference(&it.value)).collect();
        Self {
            name: Written::name(group.name.value.as_written()),
            formerly: OneOrMany::names(&group.formerly),
            source: group.source.map(Into::into),
            description: group.description.declared().map(|said| Written::name(said.value.as_written())),
            state: matches!(group.state, GroupState::Deleted(_)).then_some(raw::GroupState::Deleted),
            recreate: matches!(group.recreate, Recreate::Allowed(_)).then_some(true),
            membership: matches!(group.members, Members::AtLeast(_)).then_some(raw::Membership::Additive),
            members: match &group.members {
                Members::Leave => None,
                Members::AtLeast(said) | Members::Exactly(said) => Some(listed(said)),
            },
            population: group.population.declared().map(|said| said.value.into()),
            branch: (!codes.is_empty()).then_some(OneOrMany::Many(codes)),
            descendants: (parts.below == Some(Below::Counted)).then_some(true),
            rule: parts.rule(),
            computers: match &group.computers {
                Members::Leave => None,
                Members::AtLeast(said) | Members::Exactly(said) => {
                    Some(said.iter().map(|it| Written::of(&it.value)).collect())
                }
            },
        }
    }
}

#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Exclusion {
    Present(Written),
    Absent { login: Written, state: raw::ExclusionState },
}

impl Exclusion {
    pub(super) fn of(exclusion: &DesiredExclusion) -> Self {
        let login = Written::of(&exclusion.login.value);
        match exclusion.state {
            ExclusionState::Present => Self::Present(login),
            ExclusionState::Absent => Self::Absent { login, state: raw::ExclusionState::Absent },
        }
    }
}

impl From<Tracking> for raw::Tracking {
    fn from(tracking: Tracking) -> Self {
        match tracking {
            Tracking::Tracked => Self::Tracked,
            Tracking::Untracked => Self::Untracked,
        }
    }
}

impl From<Activation> for raw::Activation {
    fn from(status: Activation) -> Self {
        match status {
            Activation::Active => Self::Active,
            Activation::Deactivated => Self::Deactivated,
        }
    }
}

impl From<Population> for raw::Population {
    fn from(population: Population) -> Self {
        match population {
            Population::Manual => Self::Manual,
            Population::Automatic => Self::Automatic,
        }
    }
}

impl From<DeclaredSource> for raw::Source {
    fn from(source: DeclaredSource) -> Self {
        match source {
            DeclaredSource::App => Self::App,
            DeclaredSource::Hr => Self::Hr,
            DeclaredSource::Scim => Self::Scim,
        }
    }
}

impl From<AdoptableField> for raw::Adoptable {
    fn from(field: AdoptableField) -> Self {
        match field {
            AdoptableField::DisplayName => Self::DisplayName,
            AdoptableField::Upn => Self::Upn,
            AdoptableField::Email => Self::Email,
            AdoptableField::EmployeeId => Self::EmployeeId,
            AdoptableField::DeviceLogin => Self::DeviceLogin,
        }
    }
}
