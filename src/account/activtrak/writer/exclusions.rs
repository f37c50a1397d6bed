//! Adding and removing global Do Not Track rules: the list is read before a removal and after every write.

use crate::account::activtrak::identity;
use crate::account::activtrak::sent::{Refusal, Reply, Sent, words};
use crate::account::activtrak::writer::{ATTEMPTS, Writer, all};
use crate::account::pack::BATCH;
use crate::model::{Act, ExclusionId, Login, ObservedExclusion, Outcome, Step, StepId};

pub(super) async fn add(writer: &Writer, steps: &[Step]) -> Vec<(StepId, Outcome)> {
    let mut open: Vec<(StepId, &Login, Reply)> = steps
        .iter()
        .filter_map(|step| match &step.act {
            Act::AddExclusion(login) => Some((step.id, login, Reply::Accepted)),
            _ => None,
        })
        .collect();
    let mut done = Vec::with_capacity(open.len());
    for attempt in 1..=ATTEMPTS {
        for batch in open.chunks_mut(BATCH) {
            let logins: Vec<&Login> = batch.iter().map(|one| one.1).collect();
            let sent = Sent::from(identity::add_rules(&writer.door, &logins).await);
            for (_, login, reply) in batch {
                let failed = match &sent {
                    Sent::Accepted(failures) => failures.iter().find(|failure| failure.0 == **login),
                    Sent::Refused { .. } | Sent::Unknown(_) => None,
                };
                *reply = failed.map_or_else(
                    || sent.reply().after(reply),
                    |(_, reason)| Reply::Refused(Refusal::Said(reason.clone())),
                );
            }
        }
        let rules = read(writer).await;
        // A rule that is there already is reported as a duplicate: sending a lost one again is safe.
        open.retain(|(step, login, reply)| {
            let there = rules.as_ref().map(|rules| rules.iter().any(|rule| rule.login == **login));
            let outcome = judge(reply, there, format!("a rule for {login}"), "no such rule");
            let again = matches!(outcome, Outcome::Unknown(_)) && rules.is_ok() && attempt < ATTEMPTS;
            if !again {
                done.push((*step, outcome));
            }
            again
        });
        if open.is_empty() {
            break;
        }
    }
    done
}

pub(super) async fn remove(writer: &Writer, steps: &[Step]) -> Vec<(StepId, Outcome)> {
    let before = match read(writer).await {
        Ok(before) => before,
        Err(error) => {
            let reason = format!("not sent, the rules could not be read: {error}");
            return all(steps, || Outcome::Failed(reason.clone()));
        }
    };
    let mut done = Vec::with_capacity(steps.len());
    let mut open: Vec<(StepId, ExclusionId, Reply)> = Vec::with_capacity(steps.len());
    for step in steps {
        let Act::RemoveExclusion { id, login } = &step.act else { continue };
        match before.iter().find(|rule| rule.id == *id) {
            None => done.push((step.id, Outcome::AlreadyTrue)),
            Some(rule) if rule.login != *login => {
                let drift = format!("changed since the plan: rule {} is now for {}", id.0, rule.login);
                done.push((step.id, Outcome::Failed(drift)));
            }
            Some(_) => open.push((step.id, *id, Reply::Accepted)),
        }
    }
    for attempt in 1..=ATTEMPTS {
        for batch in open.chunks_mut(BATCH) {
            let ids: Vec<ExclusionId> = batch.iter().map(|one| one.1).collect();
            let reply = Sent::from(identity::remove_rules(&writer.door, &ids).await).reply();
            for one in batch {
                one.2 = reply.clone().after(&one.2);
            }
        }
        if open.is_empty() {
            break;
        }
        let rules = read(writer).await;
        open.retain(|(step, id, reply)| {
            let gone = rules.as_ref().map(|rules| rules.iter().all(|rule| rule.id != *id));
            let outcome = judge(reply, gone, format!("rule {} removed", id.0), "it is still there");
            let again = matches!(outcome, Outcome::Unknown(_)) && rules.is_ok() && attempt < ATTEMPTS;
            if !again {
                done.push((*step, outcome));
            }
            again
        });
    }
    done
}

async fn read(writer: &Writer) -> Result<Vec<ObservedExclusion>, String> {
    identity::exclusions(&writer.door).await.map_err(|error| words(&error))
}

/// What became of a rule, from what the account said and whether the list shows it as asked.
fn judge(reply: &Reply, as_asked: Result<bool, &String>, asked: String, otherwise: &str) -> Outcome {
    match as_asked {
        Ok(true) => reply.met(),
        Ok(false) => reply.clone().unmet(asked, otherwise),
        Err(error) => reply.clone().unread(error),
    }
}
