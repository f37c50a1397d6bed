//! How is a step told from others once its plan is gone, without naming anybody?

use sha2::{Digest as _, Sha256};

use crate::model::{Act, Activation, GroupId, GroupRef, Login, Step, Tracking, UserId, UserRef, fold, hex};
use crate::plan::{Mark, Plan};

/// The act of an upload, which takes effect later than it is answered.
pub const UPLOAD: &str = "upload";
/// The act that takes several rules away.
pub const UNBLOCK: &str = "unblock";
/// The acts after which their object is gone.
pub const DELETE: &str = "delete";
/// The same of a user, and of a rule.
pub const REMOVE: &str = "remove";

/// A step as a ledger has it: what is done to which objects. The same write of two plans has the same trace.
///
/// Objects of the account go by their numbers, what is to be made by its [`Mark`], also once it is there; a rule by a hash.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Trace {
    /// What is done.
    pub act: String,
    /// To which objects.
    pub of: Vec<String>,
    /// What it writes there, as a hash, where the same act may come with other values.
    pub values: Option<String>,
    /// The mark of what is made, where the step makes a user or a group.
    pub makes: Option<Mark>,
}

/// The trace of a step of a plan.
pub fn trace(plan: &Plan, step: &Step) -> Trace {
    let makes = step.change.filter(|_| makes(&step.act)).and_then(|change| plan.mark_of(change));
    let user = |id: UserId| plan.unfinished.user(id).map_or_else(|| format!("user {}", id.0), new_user);
    let user_ref = |user_ref: UserRef| match user_ref {
        UserRef::Known(id) => user(id),
        UserRef::New(change) => plan.mark_of(change).map_or_else(String::new, new_user),
    };
    let group = |id: GroupId| plan.unfinished.group(id).map_or_else(|| format!("group {}", id.0), new_group);
    let group_ref = |group_ref: GroupRef| match group_ref {
        GroupRef::Known(id) => group(id),
        GroupRef::New(change) => plan.mark_of(change).map_or_else(String::new, new_group),
    };
    let (act, of) = match &step.act {
        Act::CreateUser(_) => ("create user", vec![makes.map_or_else(String::new, new_user)]),
        Act::CreateGroup(..) => ("create group", vec![makes.map_or_else(String::new, new_group)]),
        Act::EditUser { user: id, .. } => ("edit", vec![user(*id)]),
        Act::MoveAgent { agent, to, .. } => ("move", vec![format!("agent {}", agent.0), user_ref(*to)]),
        Act::Track { user: id, to: Tracking::Tracked } => ("track", vec![user(*id)]),
        Act::Track { user: id, to: Tracking::Untracked } => ("untrack", vec![user(*id)]),
        Act::SetStatus { user: id, to: Activation::Active } => ("activate", vec![user(*id)]),
        Act::SetStatus { user: id, to: Activation::Deactivated } => ("deactivate", vec![user(*id)]),
        Act::AddExclusion(login) => ("add", vec![rule(login)]),
        Act::RemoveExclusion { login, .. } => (REMOVE, vec![rule(login)]),
        Act::RenameGroup { group: id, .. } => ("rename", vec![group(*id)]),
        Act::DescribeGroup { group: id, .. } => ("describe", vec![group(*id)]),
        Act::SetRules { group: id, .. } => ("set rules", vec![group(*id)]),
        Act::Join { group, user, .. } => ("join", vec![group_ref(*group), user_ref(*user)]),
        Act::Leave { group: id, user: who, .. } => ("leave", vec![group(*id), user(*who)]),
        Act::AddComputer { group, computer } => {
            ("join", vec![group_ref(*group), format!("computer {}", computer.0)])
        }
        Act::RemoveComputer { group: id, computer } => {
            ("leave", vec![group(*id), format!("computer {}", computer.0)])
        }
        Act::SetPrimaryGroup { user, .. } => ("choose primary group", vec![user_ref(*user)]),
        Act::Upload(_) => (UPLOAD, Vec::new()),
        Act::DeleteGroup { group: id, .. } => (DELETE, vec![group(*id)]),
        Act::EraseHistory { user: id, .. } => ("erase history", vec![user(*id)]),
        Act::RemoveUser { user: id, .. } => (REMOVE, vec![user(*id)]),
        Act::Unblock(logins) => (UNBLOCK, logins.iter().map(rule).collect()),
    };
    Trace { act: act.to_owned(), of, values: values(&step.act), makes }
}

/// The values of a write that says more than its act.
fn values(act: &Act) -> Option<String> {
    match act {
        Act::EditUser { edits, .. } => Some(hashed([format!("{edits:?}")])),
        Act::RenameGroup { to, .. } => Some(hashed([to.as_written()])),
        Act::DescribeGroup { to, .. } => Some(hashed([to.as_written()])),
        Act::CreateGroup(_, new) => new.rules.as_ref().map(|rules| hashed([format!("{rules:?}")])),
        Act::SetRules { to, .. } => Some(hashed([format!("{to:?}")])),
        Act::SetPrimaryGroup { name, .. } => Some(hashed([name.as_written()])),
        _ => None,
    }
}

const fn makes(act: &Act) -> bool {
    matches!(act, Act::CreateUser(_) | Act::CreateGroup(..))
}

fn new_user(mark: Mark) -> String {
    format!("new user {mark}")
}

fn new_group(mark: Mark) -> String {
    format!("new group {mark}")
}

/// Rules by what they say: an account numbers a rule anew when it is made again.
fn rule(login: &Login) -> String {
    format!("rule {}", hashed([fold(&login.to_string())]))
}

fn hashed(texts: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let mut sha = Sha256::new();
    for text in texts {
        sha.update(text.as_ref());
        sha.update([0]);
    }
    hex(&sha.finalize()[..Mark::BYTES])
}
