//! What do the steps of a plan write, user by user and group by group?

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Act, AgentId, Delta, DesiredUser, Edit, ExclusionState, GroupId, GroupName, GroupRef, HrGroup, Keeper,
    Key, Login, NewGroup, NewUser, Object, Observed, ObservedGroup, ObservedUser, Piece, Reference, RuleSet,
    Snapshot, UserId, UserLabel, UserRef, by_its_shape,
};
use crate::plan::finished::Plan;

/// All that is written.
#[derive(Default)]
pub(super) struct Trail<'a> {
    /// Users who are created, and what they get.
    pub(super) created: Vec<(&'a UserLabel, &'a NewUser)>,
    /// The identifiers and names of those: no record gets them back.
    taken: BTreeMap<Key<'a>, &'a UserLabel>,
    /// Users who are removed.
    pub(super) removed: BTreeSet<UserId>,
    /// Whether they are gone.
    pub(super) removals: Removals,
    /// Users whose history is erased.
    pub(super) erased: BTreeSet<UserId>,
    /// Records that are edited, tracked otherwise, activated or not, or lose an agent or their primary group.
    pub(super) users: BTreeMap<UserId, OfUser<'a>>,
    /// Groups that are created.
    pub(super) new_groups: Vec<(Keeper, &'a NewGroup)>,
    /// Groups that are renamed, filled or emptied.
    pub(super) groups: BTreeMap<GroupId, OfGroup<'a>>,
    /// Groups of the app that are deleted.
    pub(super) deleted: BTreeSet<GroupId>,
    /// Exclusions that come or go, as they were.
    pub(super) exclusions: BTreeMap<&'a Login, ExclusionState>,
    /// Former names of groups that can't come back in one change.
    pub(super) stuck: BTreeSet<&'a str>,
    /// How lists name the users who have an entry of their own.
    pub(super) entered: BTreeMap<UserId, Reference>,
    /// The HR set.
    pub(super) snapshot: Option<&'a Snapshot>,
}

/// What is written of a record.
#[derive(Default)]
pub(super) struct OfUser<'a> {
    /// Names and identifiers, in order.
    pub(super) edits: Vec<&'a Edit>,
    /// Whether the tracking state changes.
    pub(super) retracked: bool,
    /// Whether the status changes.
    pub(super) turned: bool,
    /// Agents that leave.
    pub(super) agents: Vec<AgentId>,
    /// Whether the primary group may be another afterwards.
    pub(super) regrouped: bool,
}

/// What is written of a group.
#[derive(Default)]
pub(super) struct OfGroup<'a> {
    /// Its name afterwards, if that is another.
    pub(super) renamed: Option<&'a GroupName>,
    /// Whether it says something else of itself afterwards.
    pub(super) described: bool,
    /// By which rules it filled itself, if it does by others afterwards.
    pub(super) ruled: Option<&'a RuleSet>,
    /// Whether anybody joins.
    pub(super) joined: bool,
    /// Who leaves.
    pub(super) left: Vec<UserId>,
    /// Whether computers join or leave.
    pub(super) computers: bool,
}

impl<'a> Trail<'a> {
    /// Walks the steps of a plan.
    pub(super) fn of(plan: &'a Plan, observed: &'a Observed, removals: Removals) -> Self {
        let mut trail = Self { removals, ..Self::default() };
        trail.create(plan);
        for step in plan.steps() {
            match &step.act {
                Act::EditUser { user, edits } => trail.user(*user).edits.extend(edits),
                Act::MoveAgent { agent, from, .. } => trail.user(*from).agents.push(*agent),
                Act::Track { user, .. } => trail.user(*user).retracked = true,
                Act::SetStatus { user, .. } => trail.user(*user).turned = true,
                Act::SetPrimaryGroup { user: UserRef::Known(user), .. } => trail.user(*user).regrouped = true,
                Act::RemoveUser { user, .. } => trail.removed.extend([*user]),
                Act::EraseHistory { user, .. } => trail.erased.extend([*user]),
                Act::CreateGroup(keeper, new) => trail.new_groups.push((*keeper, new)),
                Act::RenameGroup { group, to, .. } => trail.group(*group).renamed = Some(to),
                Act::DescribeGroup { group, .. } => trail.group(*group).described = true,
                Act::SetRules { group, from, .. } => trail.group(*group).ruled = Some(from),
                Act::Join { group: GroupRef::Known(group), .. } => trail.group(*group).joined = true,
                Act::Leave { group, user, .. } => {
                    trail.group(*group).left.push(*user);
                    trail.leaves(*user, *group, observed);
                }
                Act::AddComputer { group: GroupRef::Known(group), .. }
                | Act::RemoveComputer { group, .. } => trail.group(*group).computers = true,
                Act::DeleteGroup { group, .. } => trail.delete(*group, observed),
                Act::Upload(snapshot) => trail.upload(snapshot, observed),
                Act::AddExclusion(login) => {
                    trail.exclusions.entry(login).or_insert(ExclusionState::Absent);
                }
                Act::RemoveExclusion { login, .. } => {
                    trail.exclusions.insert(login, ExclusionState::Present);
                }
                Act::Unblock(logins) => {
                    let stood = |login: &&Login| observed.exclusions.iter().any(|it| it.login == **login);
                    let stood = logins.iter().filter(stood);
                    trail.exclusions.extend(stood.map(|login| (login, ExclusionState::Present)));
                }
                // What is new goes as a whole, or stays.
                Act::CreateUser(_)
                | Act::SetPrimaryGroup { user: UserRef::New(_), .. }
                | Act::Join { group: GroupRef::New(_), .. }
                | Act::AddComputer { group: GroupRef::New(_), .. } => {}
            }
        }
        trail.users.retain(|user, _| !trail.removed.contains(user));
        trail
    }

    /// From now on lists name users as their entries do.
    pub(super) fn go_by(&mut self, entries: &[(UserId, DesiredUser)]) {
        let said = |entry: &DesiredUser| entry.identifiers().find_map(|said| by_its_shape(&said.value));
        self.entered = entries.iter().filter_map(|(id, entry)| Some((*id, said(entry)?))).collect();
    }

    /// Those of a list who are removed and may be there all the same: a whole list that can't name them would take them out.
    pub(super) fn may_stay<'u>(&self, users: impl Iterator<Item = &'u ObservedUser>) -> Vec<UserLabel> {
        let removed = users.filter(|user| self.removed.contains(&user.id)).map(UserLabel::of);
        match self.removals {
            Removals::Open => removed.collect(),
            Removals::Done => Vec::new(),
        }
    }

    /// Whether the patch leaves or puts a user into a group under the name that it has.
    pub(super) fn returns(&self, user: &ObservedUser, group: &ObservedGroup) -> bool {
        if self.stuck.contains(group.name.key()) {
            return false;
        }
        let left = self.groups.get(&group.id).is_some_and(|of| of.left.contains(&user.id));
        if left || self.deleted.contains(&group.id) {
            return self.reference(user).is_some();
        }
        let has = |all: &[HrGroup]| {
            all.iter().any(|it| it.name == group.name && it.members.contains(&UserRef::Known(user.id)))
        };
        let leaves = self.snapshot.is_some_and(|set| has(&set.before) && !has(&set.after));
        !leaves || (self.reference(user).is_some() && self.has_lookup(user))
    }

    fn create(&mut self, plan: &'a Plan) {
        let acts = plan.steps().filter_map(|step| match (&step.act, step.change) {
            (Act::CreateUser(new), Some(change)) => Some((new, &plan.change(change).object)),
            _ => None,
        });
        for (new, object) in acts {
            let Object::User(label) = object else { continue };
            self.created.push((label, new));
            self.taken.extend(new.identifiers.iter().map(|identifier| (Key::from(identifier), label)));
            self.taken.extend(new.display_name.as_ref().map(|name| (Key::Name(name.key()), label)));
        }
    }

    /// The new user who has a value by then.
    pub(super) fn taker(&self, key: Key<'_>) -> Option<&'a UserLabel> {
        self.taken.get(&key).copied()
    }

    fn user(&mut self, user: UserId) -> &mut OfUser<'a> {
        self.users.entry(user).or_default()
    }

    fn group(&mut self, group: GroupId) -> &mut OfGroup<'a> {
        self.groups.entry(group).or_default()
    }

    /// Who leaves the primary group gets another from the account.
    fn leaves(&mut self, user: UserId, group: GroupId, observed: &Observed) {
        let record = observed.user_ix(user).map(|ix| observed.user(ix));
        let returns = |record: &&ObservedUser| self.reference(record).is_some();
        let record = record.filter(|record| record.primary_group == Some(group)).filter(returns);
        if record.is_some() {
            self.user(user).regrouped = true;
        }
    }

    fn delete(&mut self, group: GroupId, observed: &Observed) {
        self.deleted.insert(group);
        for member in observed.group_ix(group).into_iter().flat_map(|ix| observed.members(ix)) {
            self.leaves(observed.user(member).id, group, observed);
        }
    }

    fn upload(&mut self, snapshot: &'a Snapshot, observed: &Observed) {
        self.snapshot = Some(snapshot);
        for before in &snapshot.before {
            let after = snapshot.after.iter().find(|after| after.name == before.name);
            let stays = |member: &UserRef| after.is_some_and(|after| after.members.contains(member));
            let Some(group) = observed.group_named(&before.name).map(|ix| observed.group(ix).id) else {
                continue;
            };
            for member in before.members.iter().filter(|member| !stays(member)) {
                let UserRef::Known(user) = member else { continue };
                if observed.user_ix(*user).is_some_and(|ix| self.has_lookup(observed.user(ix))) {
                    self.leaves(*user, group, observed);
                }
            }
        }
    }
}

/// The value that a delta is about.
pub(super) fn value(delta: &Delta) -> Option<&Piece> {
    match delta {
        Delta::Add(value) | Delta::Remove(value) => Some(value),
        Delta::Set { .. } => None,
    }
}

/// Whether the users whom a plan removes are gone. Nothing that says a list whole may leave out who is still there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Removals {
    /// Nobody knows yet: the run may end before it removes them.
    #[default]
    Open,
    /// All of them are.
    Done,
}
