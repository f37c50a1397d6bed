//! Creating users: never twice, even when an answer was lost.

use crate::account::activtrak::identity::{self, Terms};
use crate::account::activtrak::sent::{Refusal, Sent, words};
use crate::account::activtrak::writer::{ATTEMPTS, Writer};
use crate::model::{Act, DisplayName, NewUser, ObservedUser, Outcome, Step, StepId};

pub(super) async fn perform(writer: &Writer, steps: &[Step]) -> Vec<(StepId, Outcome)> {
    let mut outcomes = Vec::with_capacity(steps.len());
    for step in steps {
        if let Act::CreateUser(new) = &step.act {
            outcomes.push((step.id, create(writer, step, new).await));
        }
    }
    outcomes
}

async fn create(writer: &Writer, step: &Step, new: &NewUser) -> Outcome {
    let mut lost = None;
    for _ in 0..ATTEMPTS {
        match Sent::from(identity::create(&writer.door, new).await) {
            Sent::Accepted(record) if writer.directory.record(record.id).is_some() => {
                return Outcome::Mismatched {
                    asked: "a new record".to_owned(),
                    answered: format!("record {}, which was there before", record.id.0),
                };
            }
            Sent::Accepted(record) => {
                remember(writer, step, &record);
                return match lacks(&record, new) {
                    None => Outcome::Applied,
                    Some(lacking) => Outcome::Mismatched {
                        asked: format!("a user with {lacking}"),
                        answered: format!("record {} without it", record.id.0),
                    },
                };
            }
            Sent::Refused { refusal, .. } if lost.is_none() => return refusal.outcome(),
            Sent::Refused {
                refusal: Refusal::Said(reason) | Refusal::Full(reason) | Refusal::NotTried(reason),
                ..
            }
            | Sent::Unknown(reason) => match look(writer, new).await {
                Err(unread) => return Outcome::Unknown(format!("{reason}; then {unread}")),
                Ok(found) => match &found[..] {
                    [record] if writer.directory.record(record.id).is_some() => {
                        let id = record.id.0;
                        return Outcome::Failed(format!(
                            "record {id} holds one of the identifiers since the plan"
                        ));
                    }
                    [record] if is_made_of(record, new) => {
                        remember(writer, step, record);
                        return Outcome::Applied;
                    }
                    [] => lost = Some(reason),
                    _ => {
                        return Outcome::Unknown(format!(
                            "{reason}; another user has one of the identifiers"
                        ));
                    }
                },
            },
        }
    }
    Outcome::Unknown(lost.unwrap_or_default())
}

/// Who holds any of the new user's identifiers.
async fn look(writer: &Writer, new: &NewUser) -> Result<Vec<ObservedUser>, String> {
    let mut terms = Terms::default();
    for identifier in &new.identifiers {
        terms.push(identifier);
    }
    identity::search(&writer.door, &terms).await.map_err(|error| words(&error))
}

pub(super) fn remember(writer: &Writer, step: &Step, record: &ObservedUser) {
    writer.directory.learn(record);
    writer.directory.made_user(step.change, record.id);
}

/// Whether a record is what was asked for, and nothing more: one that holds more is somebody else's.
fn is_made_of(record: &ObservedUser, new: &NewUser) -> bool {
    let is_asked_for = |held| new.identifiers.contains(&held);
    lacks(record, new).is_none() && record.agents.is_empty() && record.identifiers().all(is_asked_for)
}

/// The first thing asked for that a record does not show.
pub(super) fn lacks(record: &ObservedUser, new: &NewUser) -> Option<String> {
    let NewUser { display_name, identifiers, tracking } = new;
    let shown = record.display_name.as_ref().map(DisplayName::said);
    if let Some(name) = display_name.as_ref().filter(|name| shown != Some(name.said())) {
        return Some(format!("display name {name}"));
    }
    if let Some(missing) =
        identifiers.iter().find(|wanted| !record.identifiers().any(|held| held == **wanted))
    {
        return Some(missing.to_string());
    }
    tracking.filter(|wanted| *wanted != record.tracking).map(|wanted| format!("tracking {wanted:?}"))
}
