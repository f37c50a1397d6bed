//! What does it mean for the account that a write was accepted and does not read back as asked?

use crate::model::Act;

/// The same where it reads back as asked, and more was done.
pub(crate) const OVERDONE: &str = "the write did more than it was asked, or somebody else did that in the same moment: look at what is \
     named before anything else is written";

/// What a reader has to reckon with, and look at.
pub(crate) const fn of_mismatch(act: &Act) -> &'static str {
    match act {
        Act::CreateUser(_) => {
            "the account answered with a record that is not the one that was planned: the next plan shows what a new one lacks; one \
             that was there before is to be looked at in the app"
        }
        Act::EditUser { .. } => {
            "the account keeps other values than it took: it changes what it is given, or another integration writes them too"
        }
        Act::MoveAgent { .. } => {
            "it is not sure whose the agent and its history are: look at both users in the app"
        }
        Act::Track { .. } => "collection goes on, or stays off, as it reads back and not as it was asked for",
        Act::SetStatus { .. } => {
            "whether the user may log in is as it reads back, and not as it was asked for"
        }
        Act::AddExclusion(_) | Act::RemoveExclusion { .. } => {
            "who is excluded from tracking is as the list shows it, and not as it was asked for"
        }
        Act::CreateGroup(..) | Act::RenameGroup { .. } => {
            "whatever needs the group by that name can't be done"
        }
        Act::DescribeGroup { .. } => "the group says of itself what reads back, and not what it was asked to",
        Act::SetRules { .. } => {
            "the group fills itself by the rules that read back, and not by those that were asked for"
        }
        Act::Join { .. } | Act::Leave { .. } | Act::AddComputer { .. } | Act::RemoveComputer { .. } => {
            "who sees and is counted with the group is as it reads back: something else may keep its members"
        }
        Act::SetPrimaryGroup { .. } => "the account chose another primary group than it was given",
        Act::Upload(_) => {
            "the upload did more than to set groups: look at these users before the next file is sent"
        }
        Act::DeleteGroup { .. } => "the group and all that hangs on it are still there",
        Act::EraseHistory { .. } => {
            "what was erased is gone, and the record is otherwise not as an erasure leaves it"
        }
        Act::RemoveUser { .. } => {
            "what was removed is gone, and the account does not stand as a removal leaves it"
        }
        Act::Unblock(_) => "rules still stand: whoever comes by these identifiers is not tracked",
    }
}
