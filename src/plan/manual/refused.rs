//! Which steps does no key carry? Each blocks the plan.

use crate::model::{Act, Identifier, Keeper, NewUser, Observed, Origin, Step, Topic};
use crate::phrase;
use crate::plan::blocker::{Blocker, BlockerCode};
use crate::plan::draft::Draft;
use crate::plan::edits::topic;

/// Blocks every step that no key carries: what `split` should have taken out.
pub(in crate::plan) fn refuse(observed: &Observed, draft: &Draft) -> Vec<Blocker> {
    let mut blockers = Vec::new();
    for step in draft.steps() {
        // A new user gets what is only shown of those who are there.
        let is_new = matches!(step.act, Act::CreateUser(_));
        for (at, topic) in topics(step).into_iter().enumerate() {
            let reach = &observed.reach;
            let closed = if is_new && at > 0 { reach.hidden(topic) } else { reach.unwritten(topic) };
            if let Some(family) = closed {
                let origin = step.change.map_or(Origin::NONE, |id| draft.changes[id.0 as usize].origin);
                let message = phrase![format!(
                    "{} can't be changed: the {family} is closed to these keys",
                    topic.subject()
                )];
                let way_out = "take it out of the manifests, and do it in the app";
                blockers.push(Blocker::new(origin, BlockerCode::NotCarriedOut, message).way_out(way_out));
            }
        }
    }
    blockers
}

/// What a step changes.
fn topics(step: &Step) -> Vec<Topic> {
    match &step.act {
        Act::CreateUser(new) => {
            let made = if has_email(new) { Topic::Users } else { Topic::UsersWithoutEmail };
            std::iter::once(made).chain(new.identifiers.iter().map(|said| Topic::of(said.kind()))).collect()
        }
        Act::EditUser { edits, .. } => edits.iter().map(topic).collect(),
        Act::MoveAgent { .. } => vec![Topic::Agents],
        Act::Track { .. } => vec![Topic::Tracking],
        Act::SetStatus { .. } => vec![Topic::Activation],
        Act::AddExclusion(_) | Act::RemoveExclusion { .. } | Act::Unblock(_) => vec![Topic::Exclusions],
        Act::CreateGroup(Keeper::Scim, _)
        | Act::RenameGroup { keeper: Keeper::Scim, .. }
        | Act::Join { keeper: Keeper::Scim, .. }
        | Act::Leave { keeper: Keeper::Scim, .. } => vec![Topic::ScimGroups],
        Act::CreateGroup(_, new) if new.rules.is_some() => vec![Topic::Groups, Topic::GroupRules],
        Act::SetRules { .. } => vec![Topic::GroupRules],
        Act::CreateGroup(..) | Act::RenameGroup { .. } | Act::DeleteGroup { .. } => vec![Topic::Groups],
        Act::DescribeGroup { .. } => vec![Topic::Descriptions],
        Act::Join { .. } | Act::Leave { .. } => vec![Topic::Members],
        Act::AddComputer { .. } | Act::RemoveComputer { .. } => vec![Topic::Computers],
        Act::SetPrimaryGroup { .. } => vec![Topic::PrimaryGroups],
        Act::Upload(_) => vec![Topic::HrGroups],
        Act::EraseHistory { .. } => vec![Topic::History],
        Act::RemoveUser { .. } => vec![Topic::Removal],
    }
}

fn has_email(new: &NewUser) -> bool {
    new.identifiers.iter().any(|identifier| matches!(identifier, Identifier::Email(_)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Access, Act, Family, Reach, Tracking, UserId};
    use crate::plan::phase::PhaseKind;

    #[test]
    fn a_step_that_no_key_carries_blocks() {
        let closed = Reach::everything().with(Topic::Tracking, Access::Shown(Family::Identity));
        for (reach, blockers) in [(Reach::everything(), 0), (closed, 1)] {
            let mut draft = Draft::default();
            let act = Act::Track { user: UserId(1), to: Tracking::Untracked };
            draft.step(PhaseKind::Tracking, None, act, Vec::new());
            let refused = refuse(&Observed::default().within(reach), &draft);
            assert_eq!(refused.len(), blockers);
        }
    }
}
