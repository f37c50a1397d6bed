//! Uploading the HR snapshot: the plan's exact bytes, once.

use std::sync::Arc;

use crate::account::activtrak::hrdc;
use crate::account::activtrak::writer::shared::Writer;
use crate::account::sent::Sent;
use crate::model::{Act, Outcome, Step, StepId};

/// Sends the file. It is processed later: whether it took effect is for whoever reads the HR slice to say.
pub(super) async fn upload(writer: &Writer, steps: &[Step]) -> Vec<(StepId, Outcome)> {
    let mut outcomes = Vec::with_capacity(steps.len());
    for step in steps {
        if let Act::Upload(snapshot) = &step.act {
            let groups = snapshot.before.iter().chain(&snapshot.after);
            let members = groups.flat_map(|group| &group.members);
            writer
                .directory
                .regroups(members.filter_map(|member| writer.directory.user(*member)).collect::<Vec<_>>());
            let outcome = match Sent::from(hrdc::upload(&writer.client, Arc::clone(&snapshot.csv)).await) {
                Sent::Accepted(hrdc::Taken::Yes) => Outcome::Pending,
                Sent::Accepted(hrdc::Taken::No(reason)) => Outcome::Failed(reason),
                Sent::Accepted(hrdc::Taken::Unclear) => Outcome::Unknown(
                    "a web page was answered, as by a gateway, and not the account's word".into(),
                ),
                Sent::Refused { refusal, .. } => refusal.outcome(),
                Sent::Unknown(reason) => Outcome::Unknown(reason),
            };
            outcomes.push((step.id, outcome));
        }
    }
    outcomes
}
