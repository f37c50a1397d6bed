//! Which declared user or group is it?

use rayon::prelude::*;

use crate::model::{DesiredGroup, DesiredUser, GroupName, Index, Login, Origin, Reference};

/// What tells users apart, each kind in the form that is compared. UPNs and emails are one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Key<'a> {
    /// A UPN or an email.
    Address(&'a str),
    /// An employee ID.
    EmployeeId(&'a str),
    /// A device login.
    DeviceLogin(&'a Login),
    /// An agent.
    Agent(&'a Login),
    /// A display name.
    Name(&'a str),
}

impl<'a> Key<'a> {
    /// What a reference looks for first.
    pub(super) fn of(reference: &'a Reference) -> Self {
        match reference {
            Reference::Address(address) => Self::Address(address.key()),
            Reference::DeviceLogin(login) | Reference::Slashed(login, _) => Self::DeviceLogin(login),
            Reference::EmployeeId(id) => Self::EmployeeId(id.as_written()),
            Reference::Name(name) => Self::Name(name.key()),
        }
    }
}

/// Which list of its user a claim stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Upn,
    Email,
    EmployeeId,
    DeviceLogin,
    Agent,
    DisplayName,
    /// What a user is called whose display name another has.
    Namesake,
    /// What finds the user of a row, of whatever kind it is.
    Lookup,
}

impl Field {
    /// What people call it.
    pub(super) const fn noun(self) -> &'static str {
        match self {
            Self::Upn => "UPN",
            Self::Email => "email",
            Self::EmployeeId => "employee ID",
            Self::DeviceLogin => "device login",
            Self::Agent => "agent",
            Self::DisplayName | Self::Namesake => "display name",
            Self::Lookup => "value that finds a user",
        }
    }
}

/// A user's word that something is theirs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Claim<'a> {
    pub(super) key: Key<'a>,
    pub(super) field: Field,
    /// Position of the user.
    pub(super) user: u32,
    pub(super) origin: Origin,
}

/// Everything that declared users claim, on two shelves, as they are filled at the same time.
pub(super) struct Users<'a> {
    addresses: Shelf<'a>,
    others: Shelf<'a>,
}

impl<'a> Users<'a> {
    /// Looks through all users.
    pub(super) fn declared(users: &'a [DesiredUser]) -> Self {
        let (addresses, others) =
            rayon::join(|| Shelf::filled(users, claim_addresses), || Shelf::filled(users, claim_others));
        Self { addresses, others }
    }

    /// The first claim of a key.
    pub(super) fn find(&self, key: Key<'_>) -> Option<&Claim<'a>> {
        match key {
            Key::Address(_) => self.addresses.find(key),
            Key::EmployeeId(_) | Key::DeviceLogin(_) | Key::Agent(_) | Key::Name(_) => self.others.find(key),
        }
    }

    /// The first claim of what a reference looks for.
    pub(super) fn meant(&self, reference: &Reference) -> Option<&Claim<'a>> {
        let second = match reference {
            Reference::Slashed(_, id) => Some(Key::EmployeeId(id.as_written())),
            _ => None,
        };
        self.find(Key::of(reference)).or_else(|| self.find(second?))
    }

    /// Every claim; of one key, in the order of users.
    pub(super) fn claims(&self) -> impl ParallelIterator<Item = &Claim<'a>> {
        self.addresses.claims.par_iter().chain(&self.others.claims)
    }

    /// Pairs of claims of one key, each with the first one of it.
    pub(super) fn collisions(&self) -> impl Iterator<Item = &(Claim<'a>, Claim<'a>)> {
        self.addresses.collisions.iter().chain(&self.others.collisions)
    }
}

/// Claims and who made them first.
struct Shelf<'a> {
    /// In the order of users, so the first of two is the one declared first.
    claims: Vec<Claim<'a>>,
    collisions: Vec<(Claim<'a>, Claim<'a>)>,
    index: Index,
}

impl<'a> Shelf<'a> {
    fn filled(users: &'a [DesiredUser], claim: fn(&'a DesiredUser, u32, &mut Vec<Claim<'a>>)) -> Self {
        let mut claims = Vec::with_capacity(users.len() * 3);
        for (user, at) in users.iter().zip(0..) {
            claim(user, at, &mut claims);
        }
        let mut index = Index::with_capacity(claims.len());
        let mut collisions = Vec::new();
        for (claim, at) in claims.iter().zip(0..) {
            let same =
                |other: u32| claims.get(other as usize).is_some_and(|it: &Claim<'_>| it.key == claim.key);
            if let Some(first) = index.insert(&claim.key, at, same).and_then(|at| claims.get(at as usize)) {
                collisions.push((*first, *claim));
            }
        }
        Self { claims, collisions, index }
    }

    fn find(&self, key: Key<'_>) -> Option<&Claim<'a>> {
        let same = |at: u32| self.claims.get(at as usize).is_some_and(|it| it.key == key);
        self.claims.get(self.index.find(&key, same)? as usize)
    }
}

fn claim_addresses<'a>(it: &'a DesiredUser, user: u32, claims: &mut Vec<Claim<'a>>) {
    let mut claim = |key, field, origin| claims.push(Claim { key, field, user, origin });
    for upn in it.upns.listed() {
        claim(Key::Address(upn.value.key()), Field::Upn, upn.origin);
    }
    for email in it.emails.listed() {
        claim(Key::Address(email.value.key()), Field::Email, email.origin);
    }
    for lookup in &it.lookups {
        if let Reference::Address(address) = &lookup.value {
            claim(Key::Address(address.key()), Field::Lookup, lookup.origin);
        }
    }
}

fn claim_others<'a>(it: &'a DesiredUser, user: u32, claims: &mut Vec<Claim<'a>>) {
    let mut claim = |key, field, origin| claims.push(Claim { key, field, user, origin });
    for id in it.employee_ids.listed() {
        claim(Key::EmployeeId(id.value.as_written()), Field::EmployeeId, id.origin);
    }
    for lookup in &it.lookups {
        if let Reference::EmployeeId(id) = &lookup.value {
            claim(Key::EmployeeId(id.as_written()), Field::Lookup, lookup.origin);
        }
    }
    for login in &it.device_logins {
        claim(Key::DeviceLogin(&login.value), Field::DeviceLogin, login.origin);
    }
    for agent in &it.agents {
        claim(Key::Agent(&agent.value), Field::Agent, agent.origin);
    }
    if let Some(name) = it.display_name.declared() {
        claim(Key::Name(name.value.key()), Field::DisplayName, name.origin);
    }
    if let Some(name) = &it.namesake {
        claim(Key::Name(name.value.key()), Field::Namesake, name.origin);
    }
}

/// Declared groups by name.
pub(super) struct GroupNames<'a> {
    groups: &'a [DesiredGroup],
    /// Pairs of groups of one name, each with the first one of it.
    pub(super) collisions: Vec<(&'a DesiredGroup, &'a DesiredGroup)>,
    index: Index,
}

impl<'a> GroupNames<'a> {
    /// Looks through all groups.
    pub(super) fn declared(groups: &'a [DesiredGroup]) -> Self {
        let mut index = Index::with_capacity(groups.len());
        let mut collisions = Vec::new();
        for (group, at) in groups.iter().zip(0..) {
            let same = |other: u32| groups.get(other as usize).is_some_and(|it| it.name == group.name);
            if let Some(first) =
                index.insert(&group.name.value, at, same).and_then(|at| groups.get(at as usize))
            {
                collisions.push((first, group));
            }
        }
        Self { groups, collisions, index }
    }

    /// The first group of a name.
    pub(super) fn find(&self, name: &GroupName) -> Option<&'a DesiredGroup> {
        let same = |at: u32| self.groups.get(at as usize).is_some_and(|it| it.name.value == *name);
        self.groups.get(self.index.find(name, same)? as usize)
    }
}
