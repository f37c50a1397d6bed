//! Moving agents: one at a time, and both records are looked at afterwards, for both have changed.

use crate::account::activtrak::identity::{self, Target};
use crate::account::activtrak::writer::collateral;
use crate::account::activtrak::writer::shared::Writer;
use crate::account::carry::{ATTEMPTS, judged};
use crate::account::error::ReadError;
use crate::account::patience::{Due, after_failure};
use crate::account::sent::{Reply, Sent, words};
use crate::http::StatusCode;
use crate::model::{Act, Agent, AgentId, Family, Identifier, ObservedUser, Outcome, Step, StepId, UserId};

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

/// Both records: of who had the agent, and of who is to have it.
type Both = (ObservedUser, ObservedUser);

async fn move_agent(writer: &Writer, agent: AgentId, from: UserId, to: UserId) -> Outcome {
    let _lane = writer.record_locks.take(vec![from, to]).await;
    let holds = |record: &ObservedUser| record.agents.iter().any(|held| held.id == agent);
    let mut attempts = 0;
    loop {
        let (target, owner) = (writer.directory.target(to), writer.directory.target(from));
        let before = writer.directory.record(from).zip(writer.directory.record(to));
        let sent = Sent::from(identity::take_agent(&writer.client, target, agent, owner).await);
        let stale = matches!(&sent, Sent::Refused { status, .. } if *status == Some(StatusCode::CONFLICT));
        let reply = sent.reply();
        // One whose answer was lost is never sent again: it is waited for like one that was accepted.
        let due = if matches!(reply, Reply::Refused(_)) && !stale { Due::Maybe } else { Due::Surely };
        let is_old = |record: &ObservedUser, sent: Target| record.revision <= sent.revision();
        let judge = |shown: &Result<Option<Both>, ReadError>| match shown {
            Ok(Some((left, got))) if holds(got) && !holds(left) => Due::Nothing,
            Ok(Some((left, got))) if !is_old(left, owner) && !is_old(got, target) => Due::Nothing,
            Ok(_) => due,
            Err(error) => after_failure(error, due),
        };
        let shown = writer.patience.look(Family::Identity, || look(writer, from, to), judge).await;
        let (left, got) = match shown {
            Ok(Some(both)) => both,
            Ok(None) => return reply.unread("one of the two records is gone"),
            Err(error) => return reply.unread(&words(&error)),
        };
        if holds(&got) && !holds(&left) {
            let besides = before.and_then(|before| besides(&before, agent, &(left, got)));
            return judged(reply.met(), format!("agent {} moved", agent.0), besides);
        }
        attempts += 1;
        // Only what was refused for an old revision is sent again, and only while the agent is where the plan saw it.
        if !(stale && holds(&left) && attempts < ATTEMPTS) {
            let who = if holds(&left) { "its old user still has it" } else { "neither user has it" };
            return writer.unseen(reply, format!("agent {} with record {}", agent.0, to.0), who);
        }
    }
}

/// What else of the two records is not as the move should leave them. What the account made of the agent goes with it.
fn besides(before: &Both, agent: AgentId, (left, got): &Both) -> Option<String> {
    let moved: Option<&Agent> = before.0.agents.iter().find(|held| held.id == agent);
    let mut expected = before.0.clone();
    expected.agents.retain(|held| held.id != agent);
    expected.emails.retain(|held| moved.is_none_or(|moved| !moved.made(&held.email)));
    expected.device_logins.retain(|login| moved.is_none_or(|moved| moved.login != *login));
    let of = |expected: &ObservedUser, found: &ObservedUser| {
        let besides = collateral::of_record(expected, found, Family::Identity)?;
        let who = found.identifiers().next().map_or_else(String::new, |it: Identifier| format!("{it}: "));
        Some(format!("{who}{besides}"))
    };
    collateral::both(of(&expected, left), of(&before.1, got))
}

/// Both records as they are now; both revisions are learnt this way.
async fn look(writer: &Writer, from: UserId, to: UserId) -> Result<Option<Both>, ReadError> {
    let (left, got) = (writer.record_now(from).await?, writer.record_now(to).await?);
    Ok(left.zip(got))
}
