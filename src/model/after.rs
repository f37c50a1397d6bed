//! What a step makes of the account: the expectation that read-back and the property tests compare with.

use thiserror::Error;

use crate::model::foreign::AdoptableField;
use crate::model::id::{AgentId, ChangeId, ComputerId, ExclusionId, GroupId, GroupRef, UserId, UserRef};
use crate::model::identifier::{Identifier, Login};
use crate::model::name::{Description, DisplayName, GroupName};
use crate::model::observed::{GroupIx, GroupSource, Observed, ObservedExclusion, ObservedGroup, UserIx};
use crate::model::reach::Topic;
use crate::model::record::{DeletedAgent, ObservedEmail, ObservedUser, Status, Tracking, Writer};
use crate::model::rule_set::{Deactivated, Filling, RuleSet};
use crate::model::snapshot::HrGroup;
use crate::model::step::{Act, Edit, Keeper, NewGroup, NewUser, Step};

/// A step that the account would refuse.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Collision {
    /// Another user has the display name.
    #[error("display name {0} is taken")]
    NameTaken(DisplayName),
    /// Another user has the identifier.
    #[error("identifier {0} is taken")]
    IdentifierTaken(Identifier),
    /// The agent's user still goes by its username or alias.
    #[error("user {0:?} still has the agent's username or alias")]
    AgentHeld(UserId),
    /// The user would be left without an identifier.
    #[error("user {0:?} would have no identifier")]
    NoIdentifier(UserId),
    /// Another group has the name.
    #[error("group name {0} is taken")]
    GroupNameTaken(GroupName),
    /// A primary group is none of the user's groups.
    #[error("the user is not in the group")]
    NotInGroup,
    /// The user, group or rule is not there.
    #[error("the object is not there")]
    NotThere,
}

/// Whether somebody comes into a group by hand or out of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hand {
    In,
    Out,
}

/// An account as it will be: a reading with steps folded over it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    observed: Observed,
    /// Records and groups that steps made, by the change that made them.
    made: Vec<(ChangeId, u64)>,
    next: u64,
}

impl Expected {
    /// Nothing done yet.
    pub fn new(observed: Observed) -> Self {
        let users = observed.users.iter().map(|user| user.id.0);
        let groups = observed.groups.iter().map(|group| group.id.0);
        let rules = observed.exclusions.iter().map(|rule| rule.id.0);
        let next = users.chain(groups).chain(rules).max().unwrap_or(0) + 1;
        Self { observed, made: Vec::new(), next }
    }

    /// The account as it is now expected to be.
    pub fn observed(&self) -> &Observed {
        &self.observed
    }

    /// The account after one more step.
    ///
    /// # Errors
    /// The collision for which the account would refuse it.
    pub fn after(mut self, step: &Step) -> Result<Self, Collision> {
        match &step.act {
            Act::CreateUser(user) => self.create_user(step.change, user)?,
            Act::EditUser { user, edits } => self.edit_user(*user, edits)?,
            Act::MoveAgent { agent, from, to } => self.move_agent(*agent, *from, *to)?,
            Act::Track { user, to } => self.user_mut(*user)?.tracking = *to,
            Act::SetStatus { user, to } => self.user_mut(*user)?.activation = Some(*to),
            Act::AddExclusion(login) => {
                let id = ExclusionId(self.fresh());
                self.observed.exclusions.push(ObservedExclusion { id, login: login.clone() });
            }
            Act::RemoveExclusion { id, .. } => self.observed.exclusions.retain(|rule| rule.id != *id),
            Act::CreateGroup(keeper, new) => self.create_group(step.change, *keeper, new)?,
            Act::RenameGroup { group, to, .. } => {
                self.group_name_is_free(to, Some(*group))?;
                let ix = self.observed.group_ix(*group).ok_or(Collision::NotThere)?;
                self.observed.groups[ix.0 as usize].name = to.clone();
            }
            Act::DescribeGroup { group, to, .. } => self.describe(*group, to)?,
            Act::SetRules { group, to, .. } => self.fill(*group, to)?,
            Act::Join { group, user, .. } => {
                let pair = self.pair(*group, *user)?;
                self.put_by_hand(pair, Hand::In);
                self.observed.memberships.push(pair);
                self.observed.memberships.sort_unstable();
                self.observed.memberships.dedup();
            }
            Act::Leave { group, user, .. } => {
                let pair = self.pair(GroupRef::Known(*group), UserRef::Known(*user))?;
                self.put_by_hand(pair, Hand::Out);
                self.observed.memberships.retain(|kept| *kept != pair);
            }
            Act::AddComputer { group, computer } => {
                let computers = self.computers_mut(*group)?;
                computers.push(*computer);
                computers.sort_unstable();
                computers.dedup();
            }
            Act::RemoveComputer { group, computer } => {
                self.computers_mut(GroupRef::Known(*group))?.retain(|kept| kept != computer);
            }
            Act::SetPrimaryGroup { user, group, name } => {
                // The number of a group that a snapshot made is the account's own.
                let group = self.group_id(*group).or_else(|_| self.group_called(name))?;
                let (at, user) = self.pair(GroupRef::Known(group), *user)?;
                if !self.observed.is_member(at, user) {
                    return Err(Collision::NotInGroup);
                }
                self.observed.users[user.0 as usize].primary_group = Some(group);
            }
            Act::Upload(snapshot) => self.take_snapshot(&snapshot.after)?,
            Act::DeleteGroup { group, .. } => self.drop_groups(|dropped| dropped.id == *group),
            Act::EraseHistory { user, .. } => erase(self.user_mut(*user)?),
            Act::RemoveUser { user, .. } => self.remove_user(*user)?,
            Act::Unblock(logins) => self.observed.exclusions.retain(|rule| !logins.contains(&rule.login)),
        }
        Ok(self)
    }

    fn fresh(&mut self) -> u64 {
        self.next += 1;
        self.next - 1
    }

    fn made(&self, change: ChangeId) -> Result<u64, Collision> {
        self.made.iter().find(|made| made.0 == change).map(|made| made.1).ok_or(Collision::NotThere)
    }

    fn user_id(&self, user: UserRef) -> Result<UserId, Collision> {
        match user {
            UserRef::Known(id) => Ok(id),
            UserRef::New(change) => self.made(change).map(UserId),
        }
    }

    fn group_called(&self, name: &GroupName) -> Result<GroupId, Collision> {
        let ix = self.observed.group_named(name).ok_or(Collision::NotThere)?;
        Ok(self.observed.group(ix).id)
    }

    fn group_id(&self, group: GroupRef) -> Result<GroupId, Collision> {
        match group {
            GroupRef::Known(id) => Ok(id),
            GroupRef::New(change) => self.made(change).map(GroupId),
        }
    }

    fn user_mut(&mut self, id: UserId) -> Result<&mut ObservedUser, Collision> {
        let ix = self.observed.user_ix(id).ok_or(Collision::NotThere)?;
        Ok(&mut self.observed.users[ix.0 as usize])
    }

    fn computers_mut(&mut self, group: GroupRef) -> Result<&mut Vec<ComputerId>, Collision> {
        let ix = self.observed.group_ix(self.group_id(group)?).ok_or(Collision::NotThere)?;
        Ok(self.observed.groups[ix.0 as usize].computers.get_or_insert_default())
    }

    fn pair(&self, group: GroupRef, user: UserRef) -> Result<(GroupIx, UserIx), Collision> {
        let group = self.observed.group_ix(self.group_id(group)?).ok_or(Collision::NotThere)?;
        let user = self.observed.user_ix(self.user_id(user)?).ok_or(Collision::NotThere)?;
        Ok((group, user))
    }

    fn create_group(
        &mut self,
        change: Option<ChangeId>,
        keeper: Keeper,
        new: &NewGroup,
    ) -> Result<(), Collision> {
        self.group_name_is_free(&new.name, None)?;
        let id = self.fresh();
        self.made.extend(change.map(|change| (change, id)));
        let source = if new.rules.is_some() { GroupSource::Automatic } else { keeper.source() };
        self.push_group(id, new.name.clone(), source);
        if let Some(rules) = &new.rules {
            self.fill(GroupId(id), rules)?;
        }
        self.describe(GroupId(id), &new.description)
    }

    fn create_user(&mut self, change: Option<ChangeId>, new: &NewUser) -> Result<(), Collision> {
        let id = UserId(self.fresh());
        self.made.extend(change.map(|change| (change, id.0)));
        let mut user = ObservedUser::new(id);
        user.tracking = new.tracking.unwrap_or(Tracking::Tracked);
        if let Some(name) = &new.display_name {
            edit(&mut user, &Edit::Name { from: None, to: name.clone() });
        }
        for identifier in &new.identifiers {
            edit(&mut user, &Edit::Add(identifier.clone()));
        }
        self.fits(&user)?;
        self.observed.users.push(user);
        Ok(())
    }

    fn edit_user(&mut self, id: UserId, edits: &[Edit]) -> Result<(), Collision> {
        let user = self.user_mut(id)?.edited(edits);
        self.fits(&user)?;
        *self.user_mut(id)? = user;
        Ok(())
    }

    fn move_agent(&mut self, agent: AgentId, from: UserId, to: UserRef) -> Result<(), Collision> {
        let to = self.user_id(to)?;
        let holder = self.user_mut(from)?;
        let at = holder.agents.iter().position(|held| held.id == agent).ok_or(Collision::NotThere)?;
        if holder.keeps(&holder.agents[at]) {
            return Err(Collision::AgentHeld(from));
        }
        let agent = holder.agents.remove(at);
        self.user_mut(to)?.agents.push(agent);
        Ok(())
    }

    /// Whether an account with everybody else as they are would take this user.
    fn fits(&self, user: &ObservedUser) -> Result<(), Collision> {
        if user.identifiers().next().is_none() {
            return Err(Collision::NoIdentifier(user.id));
        }
        for other in self.observed.users.iter().filter(|other| other.id != user.id) {
            if let Some(name) =
                user.display_name.as_ref().filter(|name| other.display_name.as_ref() == Some(name))
            {
                return Err(Collision::NameTaken(name.clone()));
            }
            let collide = |mine: &Identifier| other.identifiers().any(|theirs| is_one(mine, &theirs));
            if let Some(taken) = user.identifiers().find(collide) {
                return Err(Collision::IdentifierTaken(taken));
            }
        }
        Ok(())
    }

    fn group_name_is_free(&self, name: &GroupName, but: Option<GroupId>) -> Result<(), Collision> {
        if self.observed.groups.iter().any(|group| group.name == *name && Some(group.id) != but) {
            return Err(Collision::GroupNameTaken(name.clone()));
        }
        Ok(())
    }

    fn push_group(&mut self, id: u64, name: GroupName, source: GroupSource) {
        self.observed.groups.push(ObservedGroup::new(GroupId(id), name, source));
    }

    /// Lets a group say something of itself, where the account has a place for that.
    fn describe(&mut self, group: GroupId, to: &Description) -> Result<(), Collision> {
        if self.observed.reach.absent(Topic::Descriptions).is_none() {
            let ix = self.observed.group_ix(group).ok_or(Collision::NotThere)?;
            self.observed.groups[ix.0 as usize].description = Some(to.clone());
        }
        Ok(())
    }

    /// Lets a group fill itself by these rules. Who matches is in it only once the account has looked.
    fn fill(&mut self, group: GroupId, rules: &RuleSet) -> Result<(), Collision> {
        let ix = self.observed.group_ix(group).ok_or(Collision::NotThere)?;
        let filling = &mut self.observed.groups[ix.0 as usize].filling;
        let nobody = || Filling {
            rules: RuleSet::default(),
            deactivated: Deactivated::Counted,
            by_hand: Some(Vec::new()),
            changed: None,
        };
        filling.get_or_insert_with(|| Box::new(nobody())).rules = rules.clone();
        Ok(())
    }

    /// Notes who is put by hand into a group that fills itself, or taken out of it.
    fn put_by_hand(&mut self, (group, user): (GroupIx, UserIx), hand: Hand) {
        let user = self.observed.user(user).id;
        let filling = &mut self.observed.groups[group.0 as usize].filling;
        if let Some(by_hand) = filling.as_mut().and_then(|filling| filling.by_hand.as_mut()) {
            by_hand.retain(|kept| *kept != user);
            if hand == Hand::In {
                by_hand.push(user);
                by_hand.sort_unstable();
            }
        }
    }

    fn drop_groups(&mut self, drop: impl Fn(&ObservedGroup) -> bool) {
        let pairs: Vec<(GroupId, UserId)> = self
            .observed
            .memberships
            .iter()
            .map(|&(group, user)| (self.observed.group(group), self.observed.user(user).id))
            .filter(|(group, _)| !drop(group))
            .map(|(group, user)| (group.id, user))
            .collect();
        self.observed.groups.retain(|group| !drop(group));
        let left = std::mem::take(&mut self.observed);
        self.observed = left.rejoined(&pairs);
    }

    /// The record goes, with its memberships; its identifiers stay blocked.
    fn remove_user(&mut self, id: UserId) -> Result<(), Collision> {
        let gone = self.user_mut(id)?.clone();
        let pairs = self.observed.memberships.iter();
        let pairs = pairs.map(|(group, user)| (self.observed.group(*group).id, self.observed.user(*user).id));
        let pairs: Vec<(GroupId, UserId)> = pairs.filter(|(_, user)| *user != id).collect();
        let mut left = std::mem::take(&mut self.observed);
        left.users.retain(|user| user.id != id);
        self.observed = left.rejoined(&pairs);
        for login in gone.identifiers().filter_map(|identifier| left_behind(&identifier)) {
            if !self.observed.exclusions.iter().any(|rule| rule.login == login) {
                let id = ExclusionId(self.fresh());
                self.observed.exclusions.push(ObservedExclusion { id, login });
            }
        }
        Ok(())
    }

    /// The whole truth about HR-sourced groups: what the set leaves out goes.
    fn take_snapshot(&mut self, set: &[HrGroup]) -> Result<(), Collision> {
        self.drop_groups(|group| {
            group.source == GroupSource::Hr && !set.iter().any(|kept| kept.name == group.name)
        });
        for hr in set {
            let known = self.observed.groups.iter().find(|group| group.name == hr.name);
            match known.map(|group| &group.source) {
                Some(GroupSource::Hr) => {}
                Some(_) => return Err(Collision::GroupNameTaken(hr.name.clone())),
                None => {
                    let id = self.fresh();
                    self.push_group(id, hr.name.clone(), GroupSource::Hr);
                }
            }
            let ix = self.observed.group_named(&hr.name).ok_or(Collision::NotThere)?;
            self.observed.memberships.retain(|pair| pair.0 != ix);
            for member in &hr.members {
                let user = self.observed.user_ix(self.user_id(*member)?).ok_or(Collision::NotThere)?;
                self.observed.memberships.push((ix, user));
            }
        }
        self.observed.memberships.sort_unstable();
        Ok(())
    }
}

/// Whether two users can't hold these two: UPNs and emails are one space.
fn is_one(left: &Identifier, right: &Identifier) -> bool {
    match (left, right) {
        (Identifier::Upn(upn), Identifier::Email(email))
        | (Identifier::Email(email), Identifier::Upn(upn)) => upn.key() == email.key(),
        _ => left == right,
    }
}

impl Observed {
    /// The same reading after users or groups went, with the memberships that are left.
    fn rejoined(self, memberships: &[(GroupId, UserId)]) -> Self {
        let Self {
            users,
            groups,
            groups_proof,
            exclusions,
            computers,
            details,
            conditions,
            reach,
            memberships: _,
        } = self;
        let observed = Self::new(users, groups, memberships, exclusions, computers);
        observed.groups_by(groups_proof).detailed(details).writing(conditions).within(reach)
    }
}

/// The rule that a removed user leaves on an identifier.
fn left_behind(identifier: &Identifier) -> Option<Login> {
    match identifier {
        Identifier::Upn(upn) => Some(Login::observed(None, upn.as_written())),
        Identifier::Email(email) => Some(Login::observed(None, email.as_written())),
        Identifier::DeviceLogin(login) => Some(login.clone()),
        Identifier::EmployeeId(_) => None,
    }
}

/// Agents become deleted ones; tracking stays as it is.
fn erase(user: &mut ObservedUser) {
    let deleted = user.agents.drain(..).map(|agent| DeletedAgent { id: agent.id, deleted: None });
    user.deleted_agents.extend(deleted);
    user.status = Some(Status::Unlicensed);
}

/// Forgets who wrote what an edit is about to overwrite; the record still holds it.
fn forget_writer(user: &mut ObservedUser, edit: &Edit) {
    let place = match edit {
        Edit::Name { .. } => Some((AdoptableField::DisplayName, 0)),
        Edit::Remove(identifier) => user.place_of(identifier).map(|at| (AdoptableField::of(identifier), at)),
        Edit::Add(_) | Edit::NoEmployeeId => None,
    };
    if let Some((field, at)) = place {
        user.foreign.close(field, at);
    }
}

/// What one edit makes of a user, with nobody else in sight.
fn edit(user: &mut ObservedUser, edit: &Edit) {
    forget_writer(user, edit);
    match edit {
        Edit::Name { to, .. } => user.display_name = Some(to.clone()),
        Edit::Add(Identifier::Upn(upn)) => user.upns.push(upn.clone()),
        Edit::Add(Identifier::Email(email)) => {
            user.emails.push(ObservedEmail { email: email.clone(), writer: Writer::Other });
        }
        Edit::Add(Identifier::EmployeeId(id)) => user.employee_ids.push(id.clone()),
        Edit::Add(Identifier::DeviceLogin(login)) => user.device_logins.push(login.clone()),
        Edit::Remove(Identifier::Upn(upn)) => user.upns.retain(|kept| kept != upn),
        Edit::Remove(Identifier::Email(email)) => user.emails.retain(|kept| kept.email != *email),
        Edit::Remove(Identifier::EmployeeId(id)) => user.employee_ids.retain(|kept| kept != id),
        Edit::Remove(Identifier::DeviceLogin(login)) => user.device_logins.retain(|kept| kept != login),
        Edit::NoEmployeeId => user.employee_ids.clear(),
    }
}

impl ObservedUser {
    /// The record with edits carried out.
    #[must_use]
    pub fn edited(&self, edits: &[Edit]) -> Self {
        let mut user = self.clone();
        for one in edits {
            edit(&mut user, one);
        }
        user
    }

    /// The record with its history erased.
    #[must_use]
    pub fn erased(&self) -> Self {
        let mut user = self.clone();
        erase(&mut user);
        user
    }
}

impl Edit {
    /// Whether the edit takes an identifier away.
    pub fn takes_away(&self, identifier: &Identifier) -> bool {
        match self {
            Self::Remove(gone) => gone == identifier,
            Self::NoEmployeeId => matches!(identifier, Identifier::EmployeeId(_)),
            Self::Name { .. } | Self::Add(_) => false,
        }
    }

    /// Whether a record shows the edit as done.
    pub fn holds_in(&self, user: &ObservedUser) -> bool {
        let has = |wanted: &Identifier| user.identifiers().any(|held| held == *wanted);
        match self {
            Self::Name { to, .. } => {
                user.display_name.as_ref().is_some_and(|name| name.as_written() == to.as_written())
            }
            Self::Add(identifier) => has(identifier),
            Self::Remove(identifier) => !has(identifier),
            Self::NoEmployeeId => user.employee_ids.is_empty(),
        }
    }

    /// Whether a record still is as the plan saw it, so that the edit may be tried again after a conflict.
    pub fn may_still_apply_to(&self, user: &ObservedUser) -> bool {
        match self {
            Self::Name { from, .. } => {
                self.holds_in(user)
                    || user.display_name.as_ref().map(DisplayName::as_written)
                        == from.as_ref().map(DisplayName::as_written)
            }
            Self::Add(_) | Self::Remove(_) | Self::NoEmployeeId => true,
        }
    }
}
