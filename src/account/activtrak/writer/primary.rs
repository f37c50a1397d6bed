//! Choosing primary groups: the group may be one that this very run made, and is looked for by name then.

use crate::account::activtrak::admin::ListedGroup;
use crate::account::activtrak::writer::shared::Writer;
use crate::account::activtrak::writer::users::{self, Open};
use crate::account::carry::all;
use crate::account::error::ReadError;
use crate::account::patience::{Due, after_failure};
use crate::account::sent::words;
use crate::model::{Act, Family, GroupId, GroupName, GroupSource, Outcome, Step, StepId};

pub(super) async fn choose(writer: &Writer, steps: &[Step]) -> Vec<(StepId, Outcome)> {
    let is_unknown = |step: &Step| match &step.act {
        Act::SetPrimaryGroup { group, .. } => writer.directory.group(*group).is_none(),
        _ => false,
    };
    let listed = if steps.iter().any(is_unknown) {
        // The set was shown, so the list shows its groups, if not at once.
        let is_absent = |listed: &[ListedGroup], step: &&Step| match &step.act {
            Act::SetPrimaryGroup { name, .. } => is_unknown(step) && made(writer, listed, name).is_none(),
            _ => false,
        };
        let judge = |listed: &Result<Vec<ListedGroup>, ReadError>| match listed {
            Ok(listed) if steps.iter().any(|step| is_absent(listed, &step)) => Due::Surely,
            Ok(_) => Due::Nothing,
            Err(error) => after_failure(error, Due::Maybe),
        };
        match writer.patience.look(Family::Admin, || writer.groups_now(), judge).await {
            Ok(listed) => listed,
            Err(error) => {
                let reason = format!("not sent, the groups could not be read: {}", words(&error));
                return all(steps, || Outcome::Failed(reason.clone()));
            }
        }
    } else {
        Vec::new()
    };
    let (mut open, mut done) = (Vec::with_capacity(steps.len()), Vec::new());
    for step in steps {
        let Act::SetPrimaryGroup { user, group, name } = &step.act else { continue };
        let group = writer.directory.group(*group).or_else(|| made(writer, &listed, name));
        match (writer.directory.user(*user), group) {
            (Some(user), Some(group)) => open.push(Open::primary_group(writer, step.id, user, group)),
            (None, _) => done.push((step.id, Outcome::Failed("the user was not created".to_owned()))),
            (_, None) => done.push((step.id, Outcome::Failed(format!("no group is called {name}")))),
        }
    }
    done.extend(users::carry_out(writer, open).await);
    done
}

/// The HR group that a snapshot made.
fn made(writer: &Writer, listed: &[ListedGroup], name: &GroupName) -> Option<GroupId> {
    let is_it = |group: &&ListedGroup| {
        GroupName::observed(&group.name) == *name
            && (group.source(&writer.hr_group_type) == GroupSource::Hr || !group.says_its_source())
    };
    listed.iter().find(is_it).map(|group| group.id)
}
