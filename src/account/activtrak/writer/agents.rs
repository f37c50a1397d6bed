//! Moving agents: one at a time, and both records are looked at afterwards, for both have changed.

use crate::account::activtrak::identity;
use crate::account::activtrak::sent::{Sent, words};
use crate::account::activtrak::writer::{ATTEMPTS, Writer};
use crate::http::StatusCode;
use crate::model::{Act, AgentId, ObservedUser, Outcome, Step, StepId, UserId};

pub(super) async fn perform(writer: &Writer, steps: &[Step]) -> Vec<(StepId, Outcome)> {
    let mut outcomes = Vec::with_capacity(steps.len());
    for step in steps {
        let Act::MoveAgent { agent, from, to } = &step.act else { continue };
        let outcome = match writer.directory.user(*to) {
            Some(to) => move_agent(writer, *agent, *from, to).await,
            None => Outcome::Failed("the user who is to have the agent was not created".to_owned()),
        };
        outcomes.push((step.id, outcome));
    }
    outcomes
}

async fn move_agent(writer: &Writer, agent: AgentId, from: UserId, to: UserId) -> Outcome {
    let _lane = writer.lanes.take(vec![from, to]).await;
    let mut attempts = 0;
    loop {
        let (target, owner) = (writer.directory.target(to), writer.directory.target(from));
        let sent = Sent::from(identity::take_agent(&writer.door, target, agent, owner).await);
        let stale = matches!(&sent, Sent::Refused { status, .. } if *status == Some(StatusCode::CONFLICT));
        let reply = sent.reply();
        let (left, got) = match (look(writer, from).await, look(writer, to).await) {
            (Ok(left), Ok(got)) => (left, got),
            (Err(error), _) | (_, Err(error)) => return reply.unread(&error),
        };
        let holds = |record: &ObservedUser| record.agents.iter().any(|held| held.id == agent);
        if holds(&got) && !holds(&left) {
            return reply.met();
        }
        attempts += 1;
        // Only what was refused for an old revision is sent again, and only while the agent is where the plan saw it.
        if !(stale && holds(&left) && attempts < ATTEMPTS) {
            let who = if holds(&left) { "its old user still has it" } else { "neither user has it" };
            return reply.unmet(format!("agent {} with record {}", agent.0, to.0), who);
        }
    }
}

/// A record as it is now; both revisions are learnt this way.
async fn look(writer: &Writer, user: UserId) -> Result<ObservedUser, String> {
    match identity::record(&writer.door, user).await {
        Ok(Some(record)) => {
            writer.directory.learn(&record);
            Ok(record)
        }
        Ok(None) => Err(format!("record {} is gone", user.0)),
        Err(error) => Err(words(&error)),
    }
}
