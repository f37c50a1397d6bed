//! Steps to requests: which steps go out together, and how many requests that takes. The API's batch limits live here.

use std::collections::BTreeMap;

use crate::model::{Act, Family, GroupId, GroupRef, Identifier, Keeper, Step, Tracking, UserId};

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
    /// Adds global Do Not Track rules.
    AddExclusions,
    /// Removes global Do Not Track rules.
    RemoveExclusions,
    /// Creates groups of one keeper.
    CreateGroups(Keeper),
    /// Renames groups of one keeper.
    RenameGroups(Keeper),
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
            Act::AddExclusion(_) => Self::AddExclusions,
            Act::RemoveExclusion { .. } => Self::RemoveExclusions,
            Act::CreateGroup(keeper, _) => Self::CreateGroups(*keeper),
            Act::RenameGroup { keeper, .. } => Self::RenameGroups(*keeper),
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
            Self::AddExclusions
            | Self::RemoveExclusions
            | Self::CreateGroups(_)
            | Self::RenameGroups(_)
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
            Call::RenameGroups(_) | Call::CreateGroups(Keeper::Scim) => self.steps.len(),
            // SCIM creates a user tracked and without an employee ID, and says otherwise in a write each.
            Call::CreateUser if self.users == Family::Scim => self.steps.iter().map(created_by_scim).sum(),
            _ => self.steps.len().div_ceil(BATCH),
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
        self.call == Call::of(&step.act) && self.steps.len() < self.call.most(self.users) && !twice
    }
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
    // The open packet of each call: the last one.
    let mut open = BTreeMap::<Call, usize>::new();
    for step in steps {
        let call = Call::of(&step.act);
        match open.get(&call).and_then(|&at| packets.get_mut(at)) {
            Some(packet) if packet.takes(&step) => packet.steps.push(step),
            _ => {
                open.insert(call, packets.len());
                packets.push(Packet { call, users, steps: vec![step] });
            }
        }
    }
    packets
}

#[cfg(test)]
mod tests {
    use super::{Call, Packet};
    use crate::model::{
        Act, Afterwards, Family, GroupId, GroupRef, Keeper, Login, ObservedUser, Portrait, Step, StepId,
        Tracking, UserId, UserRef,
    };

    fn steps(acts: impl IntoIterator<Item = Act>) -> Vec<Step> {
        let step = |(id, act)| Step { id: StepId(id), change: None, act, needs: Vec::new() };
        (0..).zip(acts).map(step).collect()
    }

    fn pack(steps: Vec<Step>) -> Vec<Packet> {
        super::pack(steps, Family::Identity)
    }

    fn shape(packets: &[Packet]) -> Vec<(Call, usize, usize)> {
        packets.iter().map(|packet| (packet.call, packet.steps.len(), packet.requests())).collect()
    }

    fn track(user: u64, to: Tracking) -> Act {
        Act::Track { user: UserId(user), to }
    }

    fn join(group: u64, user: u64) -> Act {
        Act::Join {
            keeper: Keeper::App,
            group: GroupRef::Known(GroupId(group)),
            user: UserRef::Known(UserId(user)),
        }
    }

    #[test]
    fn fifty_one_users_are_two_requests() {
        let packets = pack(steps((0..51).map(|user| track(user, Tracking::Untracked))));
        let call = Call::Track(Tracking::Untracked);
        assert_eq!(shape(&packets), [(call, 50, 1), (call, 1, 1)]);
    }

    #[test]
    fn scim_takes_users_one_by_one() {
        let packets = super::pack(steps((0..3).map(|user| track(user, Tracking::Tracked))), Family::Scim);
        assert_eq!(shape(&packets), [(Call::Track(Tracking::Tracked), 1, 1); 3]);
    }

    #[test]
    fn fifty_one_rules_are_two_requests_that_are_read_back_once() {
        let login = |n| Act::AddExclusion(Login::observed(None, &format!("svc{n}")));
        assert_eq!(shape(&pack(steps((0..51).map(login)))), [(Call::AddExclusions, 51, 2)]);
    }

    #[test]
    fn members_are_packed_by_group_and_direction() {
        let leave = Act::Leave { keeper: Keeper::App, group: GroupId(1), user: UserId(9) };
        let packets = pack(steps([join(1, 1), join(2, 1), leave, join(1, 2)]));
        let call = |group| Call::Join(Keeper::App, GroupRef::Known(GroupId(group)));
        let wanted = [(call(1), 2, 1), (call(2), 1, 1), (Call::Leave(Keeper::App, GroupId(1)), 1, 1)];
        assert_eq!(shape(&packets), wanted);
    }

    #[test]
    fn one_record_stands_once_in_a_request() {
        let edit = || Act::EditUser { user: UserId(1), edits: Vec::new() };
        assert_eq!(shape(&pack(steps([edit(), edit()]))), [(Call::EditUsers, 1, 1); 2]);
    }

    #[test]
    fn what_cannot_be_put_back_is_sent_for_one_user_at_a_time() {
        let seen = Portrait::new(&ObservedUser::new(UserId(1)), Vec::new());
        let afterwards = Afterwards::StayBlocked;
        let remove = |user| Act::RemoveUser { user: UserId(user), seen: seen.clone(), afterwards };
        assert_eq!(shape(&pack(steps((0..3).map(remove)))), [(Call::RemoveUser, 1, 1); 3]);
        assert!(Call::RemoveUser.goes_alone() && !Call::EditUsers.goes_alone());
    }

    #[test]
    fn nothing_is_lost_and_the_order_of_first_steps_is_kept() {
        let mixed: Vec<Act> =
            (0..500).map(|n| if n % 3 == 0 { track(n, Tracking::Tracked) } else { join(n % 7, n) }).collect();
        let packets = pack(steps(mixed));
        let mut ids: Vec<StepId> = packets.iter().flat_map(|p| &p.steps).map(|step| step.id).collect();
        let firsts: Vec<StepId> = packets.iter().map(|packet| packet.steps[0].id).collect();
        assert!(firsts.is_sorted());
        ids.sort_unstable();
        assert_eq!(ids, (0..500).map(StepId).collect::<Vec<_>>());
    }
}
