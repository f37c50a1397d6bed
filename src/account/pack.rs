//! Steps to requests: which steps go out together, by which API, and how many requests that takes. The API's batch limits live
//! here.
//!
//! No call takes many of: new users, moved agents, renamed groups, and anything of SCIM but the members of a group. Calls that
//! take many and are not used: members by user (a user of several groups would be one request, but a stale revision then
//! refuses all of them), members by CSV and `groups/members` of the Admin API (the form of either is not published).

use std::collections::BTreeMap;

use crate::model::{Act, Activation, Family, GroupId, GroupRef, Identifier, Keeper, Step, Tracking, UserId};

/// The largest list in one request. Published for Do Not Track rules (50); the limit of the group and bulk calls is not,
/// so the same number is used.
pub(in crate::account) const BATCH: usize = 50;

/// The call that carries a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Call {
    /// Creates one user.
    CreateUser,
    /// Edits up to 50 users.
    EditUsers,
    /// Moves one agent.
    MoveAgent,
    /// Tracks or untracks up to 50 users.
    Track(Tracking),
    /// Lets users of a learning platform log in, or not.
    SetStatus(Activation),
    /// Adds global Do Not Track rules.
    AddExclusions,
    /// Removes global Do Not Track rules.
    RemoveExclusions,
    /// Creates groups of one keeper.
    CreateGroups(Keeper),
    /// Renames groups of one keeper.
    RenameGroups(Keeper),
    /// Lets groups say something else of themselves.
    DescribeGroups,
    /// Lets groups fill themselves by other rules.
    SetRules,
    /// Puts users into one group.
    Join(Keeper, GroupRef),
    /// Takes users out of one group.
    Leave(Keeper, GroupId),
    /// Puts computers into one group.
    AddComputers(GroupRef),
    /// Takes computers out of one group.
    RemoveComputers(GroupId),
    /// Chooses the primary groups of up to 50 users.
    SetPrimaryGroups,
    /// Uploads the HR snapshot.
    Upload,
    /// Deletes app groups.
    DeleteGroups,
    /// Erases the history of one user.
    EraseHistory,
    /// Removes one user.
    RemoveUser,
    /// Removes the rules that one removed user left.
    Unblock,
}

/// Steps that are carried by the same call and read back together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet {
    /// The call.
    pub call: Call,
    /// The family that writes users.
    pub users: Family,
    /// The steps, in their order; never empty.
    pub steps: Vec<Step>,
}

impl Call {
    /// The call that carries a step.
    pub fn of(act: &Act) -> Self {
        match act {
            Act::CreateUser(_) => Self::CreateUser,
            Act::EditUser { .. } => Self::EditUsers,
            Act::MoveAgent { .. } => Self::MoveAgent,
            Act::Track { to, .. } => Self::Track(*to),
            Act::SetStatus { to, .. } => Self::SetStatus(*to),
            Act::AddExclusion(_) => Self::AddExclusions,
            Act::RemoveExclusion { .. } => Self::RemoveExclusions,
            Act::CreateGroup(keeper, _) => Self::CreateGroups(*keeper),
            Act::RenameGroup { keeper, .. } => Self::RenameGroups(*keeper),
            Act::DescribeGroup { .. } => Self::DescribeGroups,
            Act::SetRules { .. } => Self::SetRules,
            Act::Join { keeper, group, .. } => Self::Join(*keeper, *group),
            Act::Leave { keeper, group, .. } => Self::Leave(*keeper, *group),
            Act::AddComputer { group, .. } => Self::AddComputers(*group),
            Act::RemoveComputer { group, .. } => Self::RemoveComputers(*group),
            Act::SetPrimaryGroup { .. } => Self::SetPrimaryGroups,
            Act::Upload(_) => Self::Upload,
            Act::DeleteGroup { .. } => Self::DeleteGroups,
            Act::EraseHistory { .. } => Self::EraseHistory,
            Act::RemoveUser { .. } => Self::RemoveUser,
            Act::Unblock(_) => Self::Unblock,
        }
    }

    /// Whether its packets go out alone, one after the other: what can't be put back.
    pub fn goes_alone(self) -> bool {
        matches!(self, Self::Upload | Self::EraseHistory | Self::RemoveUser)
    }

    /// The API that carries it, where this one writes users.
    pub fn family(self, users: Family) -> Family {
        if users == Family::Learning {
            return users;
        }
        match self {
            Self::CreateUser | Self::EditUsers | Self::Track(_) => users,
            Self::SetStatus(_) => Family::Learning,
            Self::CreateGroups(Keeper::Scim)
            | Self::RenameGroups(Keeper::Scim)
            | Self::Join(Keeper::Scim, _)
            | Self::Leave(Keeper::Scim, _) => Family::Scim,
            Self::CreateGroups(Keeper::App)
            | Self::RenameGroups(Keeper::App)
            | Self::DescribeGroups
            | Self::SetRules
            | Self::AddComputers(_)
            | Self::RemoveComputers(_)
            | Self::DeleteGroups => Family::Admin,
            Self::Upload => Family::Hrdc,
            Self::MoveAgent
            | Self::AddExclusions
            | Self::RemoveExclusions
            | Self::Join(Keeper::App, _)
            | Self::Leave(Keeper::App, _)
            | Self::SetPrimaryGroups
            | Self::EraseHistory
            | Self::RemoveUser
            | Self::Unblock => Family::Identity,
        }
    }

    /// The most steps in one packet.
    ///
    /// Users are read back one by one, so a packet is one request; SCIM writes them one by one, too. What can't be put back is
    /// sent for one user at a time although a bulk call exists, so that the first surprise is the last. The others are read
    /// back by one listing whatever their number, so a packet holds all of them and takes several requests.
    fn most(self, users: Family) -> usize {
        match self {
            Self::CreateUser
            | Self::MoveAgent
            | Self::Upload
            | Self::EraseHistory
            | Self::RemoveUser
            | Self::Unblock => 1,
            Self::EditUsers | Self::Track(_) if users == Family::Scim => 1,
            Self::EditUsers | Self::Track(_) | Self::SetPrimaryGroups => BATCH,
            Self::SetStatus(_)
            | Self::AddExclusions
            | Self::RemoveExclusions
            | Self::CreateGroups(_)
            | Self::RenameGroups(_)
            | Self::DescribeGroups
            | Self::SetRules
            | Self::Join(..)
            | Self::Leave(..)
            | Self::AddComputers(_)
            | Self::RemoveComputers(_)
            | Self::DeleteGroups => usize::MAX,
        }
    }
}

impl Packet {
    /// The number of its first step: no two packets of a run share one.
    pub fn number(&self) -> u32 {
        self.steps.first().map_or(0, |step| step.id.0)
    }

    /// How many writes the packet sends if nothing has to be repeated.
    pub fn requests(&self) -> usize {
        match self.call {
            Call::RenameGroups(_)
            | Call::DescribeGroups
            | Call::SetRules
            | Call::CreateGroups(Keeper::Scim) => self.steps.len(),
            // A learning platform takes one group at a time.
            Call::CreateGroups(Keeper::App) | Call::DeleteGroups if self.users == Family::Learning => {
                self.steps.len()
            }
            // SCIM creates a user tracked and without an employee ID, and says otherwise in a write each.
            Call::CreateUser if self.users == Family::Scim => self.steps.iter().map(created_by_scim).sum(),
            _ => self.steps.len().div_ceil(BATCH),
        }
    }

    /// How many reads the packet needs before and after its writes, a list of several pages counted once.
    pub fn looks(&self) -> usize {
        let steps = self.steps.len();
        if self.users == Family::Learning {
            return self.looks_at_learning();
        }
        match self.call {
            Call::CreateUser if self.users == Family::Scim => self.steps.iter().map(looked_up_by_scim).sum(),
            Call::EditUsers | Call::Track(_) if self.users == Family::Scim => 2 * steps,
            Call::CreateUser | Call::EditUsers | Call::Track(_) => 1,
            Call::CreateGroups(Keeper::Scim) | Call::SetPrimaryGroups => steps,
            Call::RenameGroups(Keeper::Scim) => 2 * steps,
            Call::SetStatus(_)
            | Call::AddExclusions
            | Call::RemoveExclusions
            | Call::Join(..)
            | Call::Leave(..)
            | Call::MoveAgent
            | Call::EraseHistory
            | Call::Unblock => 2,
            // Users and computers, or the list of groups and its count, before and after; the record, the record gone by its number
            // and by a search, its rules.
            Call::AddComputers(_)
            | Call::RemoveComputers(_)
            | Call::CreateGroups(Keeper::App)
            | Call::RemoveUser => 4,
            Call::RenameGroups(Keeper::App) | Call::DescribeGroups | Call::SetRules => 4 + 4 * steps,
            // The list before and after, and the members of each.
            Call::DeleteGroups => 4 + steps,
            // The set before it and after it, then its users.
            Call::Upload => 3,
        }
    }

    /// The list of groups before and after; of one that is renamed all that it says, of one that goes its users as well. Who is in a
    /// group, before and after.
    fn looks_at_learning(&self) -> usize {
        match self.call {
            Call::RenameGroups(_) | Call::DescribeGroups | Call::SetRules => 2 + 2 * self.steps.len(),
            Call::DeleteGroups => 2 + self.steps.len(),
            Call::CreateGroups(_) => 1 + self.steps.len(),
            Call::CreateUser => 2 * self.steps.len(),
            _ => 2,
        }
    }

    /// The record that a step edits on its own, which can stand only once in a request.
    fn edits(step: &Step) -> Option<UserId> {
        match &step.act {
            Act::EditUser { user, .. } | Act::Track { user, .. } => Some(*user),
            _ => None,
        }
    }

    fn takes(&self, step: &Step) -> bool {
        let twice = Self::edits(step)
            .is_some_and(|user| self.steps.iter().any(|taken| Self::edits(taken) == Some(user)));
        !twice
    }
}

/// Each address is looked for, the record is read back, and what is said in a write of its own is looked at before and after it.
fn looked_up_by_scim(step: &Step) -> usize {
    let Act::CreateUser(new) = &step.act else { return 0 };
    let address = |it: &&Identifier| matches!(it, Identifier::Upn(_) | Identifier::Email(_));
    new.identifiers.iter().filter(address).count() + 1 + 2 * (created_by_scim(step) - 1)
}

fn created_by_scim(step: &Step) -> usize {
    let Act::CreateUser(new) = &step.act else { return 1 };
    let untracked = new.tracking == Some(Tracking::Untracked);
    let numbered = new.identifiers.iter().any(|it| matches!(it, Identifier::EmployeeId(_)));
    1 + usize::from(untracked) + usize::from(numbered)
}

/// Packs steps that may run at the same time, in the order of their first steps, for the family that writes users.
pub fn pack(steps: impl IntoIterator<Item = Step>, users: Family) -> Vec<Packet> {
    let mut packets: Vec<Packet> = Vec::new();
    // The packets of each call that are not full.
    let mut open = BTreeMap::<Call, Vec<usize>>::new();
    for step in steps {
        let call = Call::of(&step.act);
        let open = open.entry(call).or_default();
        open.retain(|at| packets.get(*at).is_some_and(|packet| packet.steps.len() < call.most(users)));
        let at = open.iter().copied().find(|at| packets.get(*at).is_some_and(|packet| packet.takes(&step)));
        if let Some(packet) = at.and_then(|at| packets.get_mut(at)) {
            packet.steps.push(step);
        } else {
            open.push(packets.len());
            packets.push(Packet { call, users, steps: vec![step] });
        }
    }
    packets
}

#[cfg(test)]
mod tests;
