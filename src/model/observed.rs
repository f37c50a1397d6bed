//! What the account has: the proved reading of it, as plain data.

use crate::model::details::Details;
use std::collections::BTreeMap;

use crate::model::id::{ComputerId, ExclusionId, GroupId, UserId, UserRef};
use crate::model::identifier::Login;
use crate::model::name::{Description, GroupName};
use crate::model::reach::Reach;
use crate::model::record::ObservedUser;
use crate::model::rule_set::{ConditionKind, Filling};
use crate::model::snapshot::HrGroup;

/// A position in [`Observed::users`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserIx(pub u32);

/// A position in [`Observed::groups`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupIx(pub u32);

/// A position in [`Observed::computers`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ComputerIx(pub u32);

/// An agent: a user, and a position among the agents of theirs that there are, or that were deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AgentIx {
    /// In [`ObservedUser::agents`].
    Live(UserIx, usize),
    /// In [`ObservedUser::deleted_agents`].
    Deleted(UserIx, usize),
}

impl AgentIx {
    /// Whose it is.
    pub const fn user(self) -> UserIx {
        match self {
            Self::Live(user, _) | Self::Deleted(user, _) => user,
        }
    }
}

/// Where a group comes from, and so what may change it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum GroupSource {
    /// Made in the app or by the Admin API (type 1).
    App,
    /// Made by HR snapshots (`typename` is `account.hrGroupType`).
    Hr,
    /// Active Directory or Azure AD: read-only.
    Directory,
    /// Made by an identity provider over SCIM.
    Scim,
    /// Made in the account, which fills it by rules.
    Automatic,
    /// Anything else, by the name the account gives it: read-only.
    Foreign(Box<str>),
}

/// A group of the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservedGroup {
    /// Its number.
    pub id: GroupId,
    /// Its name.
    pub name: GroupName,
    /// Its source.
    pub source: GroupSource,
    /// What it says of itself; `None` where the account has no place for that.
    pub description: Option<Description>,
    /// What fills it, where it fills itself and that was asked for.
    pub filling: Option<Box<Filling>>,
    /// Its computers, sorted; `None` where they were not asked for.
    pub computers: Option<Vec<ComputerId>>,
}

impl ObservedGroup {
    /// A group of which nothing else is known.
    pub const fn new(id: GroupId, name: GroupName, source: GroupSource) -> Self {
        Self { id, name, source, description: None, filling: None, computers: None }
    }
}

/// A computer agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Computer {
    /// Its number.
    pub id: ComputerId,
    /// Its logon domain, where it has one, and its name.
    pub login: Login,
}

/// A global Do Not Track rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservedExclusion {
    /// Its number.
    pub id: ExclusionId,
    /// Who is not tracked, and where.
    pub login: Login,
}

/// How it is known that the list of groups has all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ListProof {
    /// The account's own count says so.
    #[default]
    Counted,
    /// The account names no count: only groups that some user is in, or that SCIM shows, are known to be there.
    Uncounted,
    /// Only groups that somebody gave a list of are known to be there.
    Given,
}

/// A proved reading of the account. Built by [`Observed::new`], which sorts, so that pages in any order give the same value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Observed {
    /// Users, sorted by record.
    pub users: Vec<ObservedUser>,
    /// Groups, sorted by number.
    pub groups: Vec<ObservedGroup>,
    /// How it is known that these are all groups.
    pub groups_proof: ListProof,
    /// Who is in which group, sorted by group, then user.
    pub memberships: Vec<(GroupIx, UserIx)>,
    /// Global Do Not Track rules, sorted by number.
    pub exclusions: Vec<ObservedExclusion>,
    /// Computers, sorted by number; empty where no manifest asks for any.
    pub computers: Vec<Computer>,
    /// What is known of users besides, as far as it was asked for.
    pub details: Details,
    /// Of every kind of condition that some group of the account has, one as the account writes it (JSON); empty where no group
    /// that fills itself was asked for.
    pub conditions: BTreeMap<ConditionKind, Box<str>>,
    /// What the keys show of the account and can change in it: what is missing above may only be hidden.
    pub reach: Reach,
}

impl Observed {
    /// Sorts and joins what was read. Memberships that name an unknown user or group are left out: the reader refuses such
    /// readings before it comes here.
    pub fn new(
        mut users: Vec<ObservedUser>,
        mut groups: Vec<ObservedGroup>,
        memberships: &[(GroupId, UserId)],
        mut exclusions: Vec<ObservedExclusion>,
        mut computers: Vec<Computer>,
    ) -> Self {
        users.sort_unstable_by_key(|user| user.id);
        groups.sort_unstable_by_key(|group| group.id);
        exclusions.sort_unstable_by_key(|exclusion| exclusion.id);
        computers.sort_unstable_by_key(|computer| computer.id);
        let reach = Reach::everything();
        let groups_proof = ListProof::default();
        let mut observed = Self {
            users,
            groups,
            groups_proof,
            memberships: Vec::new(),
            exclusions,
            computers,
            details: Details::default(),
            conditions: BTreeMap::new(),
            reach,
        };
        let mut pairs: Vec<(GroupIx, UserIx)> = memberships
            .iter()
            .filter_map(|&(group, user)| Some((observed.group_ix(group)?, observed.user_ix(user)?)))
            .collect();
        pairs.sort_unstable();
        pairs.dedup();
        observed.memberships = pairs;
        observed
    }

    /// The same reading by keys that open less.
    #[must_use]
    pub fn within(mut self, reach: Reach) -> Self {
        self.reach = reach;
        self
    }

    /// The same reading, with what is known of users besides.
    #[must_use]
    pub fn detailed(mut self, details: Details) -> Self {
        self.details = details;
        self
    }

    /// The same reading, with how the account writes conditions.
    #[must_use]
    pub fn writing(mut self, conditions: BTreeMap<ConditionKind, Box<str>>) -> Self {
        self.conditions = conditions;
        self
    }

    /// The same reading, its groups proved in this way.
    #[must_use]
    pub fn groups_by(mut self, proof: ListProof) -> Self {
        self.groups_proof = proof;
        self
    }

    /// Where a record is.
    pub fn user_ix(&self, id: UserId) -> Option<UserIx> {
        let at = self.users.binary_search_by_key(&id, |user| user.id).ok()?;
        u32::try_from(at).ok().map(UserIx)
    }

    /// Where a group is.
    pub fn group_ix(&self, id: GroupId) -> Option<GroupIx> {
        let at = self.groups.binary_search_by_key(&id, |group| group.id).ok()?;
        u32::try_from(at).ok().map(GroupIx)
    }

    /// The user at a position.
    pub fn user(&self, ix: UserIx) -> &ObservedUser {
        &self.users[ix.0 as usize]
    }

    /// The group at a position.
    pub fn group(&self, ix: GroupIx) -> &ObservedGroup {
        &self.groups[ix.0 as usize]
    }

    /// The computer at a position.
    pub fn computer(&self, ix: ComputerIx) -> &Computer {
        &self.computers[ix.0 as usize]
    }

    /// The computers of a group, sorted by number; none where they were not asked for.
    pub fn computers_of(&self, group: GroupIx) -> impl Iterator<Item = &Computer> + Clone + '_ {
        self.group(group).computers.iter().flatten().filter_map(|id| {
            let at = self.computers.binary_search_by_key(id, |computer| computer.id).ok()?;
            Some(&self.computers[at])
        })
    }

    /// The members of a group, sorted by record.
    pub fn members(&self, group: GroupIx) -> impl ExactSizeIterator<Item = UserIx> + Clone + '_ {
        let from = self.memberships.partition_point(|pair| pair.0 < group);
        let to = from + self.memberships[from..].partition_point(|pair| pair.0 == group);
        self.memberships[from..to].iter().map(|pair| pair.1)
    }

    /// Who is in a group because somebody put them there, sorted by record; none where the account does not tell.
    pub fn by_hand(&self, group: GroupIx) -> Option<Vec<UserIx>> {
        match &self.group(group).filling {
            None => Some(self.members(group).collect()),
            Some(filling) => {
                let users = filling.by_hand.as_ref()?.iter();
                Some(users.filter_map(|user| self.user_ix(*user)).collect())
            }
        }
    }

    /// Whether a user is a member of a group.
    pub fn is_member(&self, group: GroupIx, user: UserIx) -> bool {
        self.memberships.binary_search(&(group, user)).is_ok()
    }

    /// The group of a name, whatever its case.
    pub fn group_named(&self, name: &GroupName) -> Option<GroupIx> {
        let at = self.groups.iter().position(|group| group.name == *name)?;
        u32::try_from(at).ok().map(GroupIx)
    }

    /// Every HR-sourced group with its members, sorted by name.
    pub fn hr_set(&self) -> Vec<HrGroup> {
        let members = |group| self.members(group).map(|user| UserRef::Known(self.user(user).id)).collect();
        let mut set: Vec<HrGroup> = (0..)
            .zip(&self.groups)
            .filter(|(_, group)| group.source == GroupSource::Hr)
            .map(|(at, group)| HrGroup { name: group.name.clone(), members: members(GroupIx(at)) })
            .collect();
        set.sort_unstable_by(|left, right| left.name.cmp(&right.name));
        set
    }

    /// The computer that a login names: the same name, on its domain or on any.
    pub fn computers_named<'a>(&'a self, login: &'a Login) -> impl Iterator<Item = &'a Computer> + 'a {
        self.computers.iter().filter(move |computer| login.covers(&computer.login))
    }
}
