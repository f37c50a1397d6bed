//! Creating users: never twice, even when an answer was lost.

use crate::account::activtrak::identity;
use crate::account::activtrak::writer::shared::Writer;
use crate::account::carry::ATTEMPTS;
use crate::account::error::ReadError;
use crate::account::patience::{Due, after_failure, due};
use crate::account::sent::{Refusal, Reply, Sent, words};
use crate::model::{Act, DisplayName, Family, NewUser, ObservedUser, Outcome, Step, StepId, UserId};

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
    let mut lost: Option<String> = None;
    for _ in 0..ATTEMPTS {
        let earlier = lost.clone().map_or(Reply::Accepted, Reply::Lost);
        let (reply, reason) = match Sent::from(identity::create(&writer.client, new).await) {
            Sent::Accepted(record) if writer.directory.is_anothers(record.id) => {
                return Outcome::Mismatched {
                    asked: "a new record".to_owned(),
                    answered: format!("record {}, which was there before", record.id.0),
                };
            }
            Sent::Accepted(record) => return made(writer, step, new, record.id).await,
            Sent::Refused { refusal, .. } if lost.is_none() => return refusal.outcome(),
            Sent::Refused { refusal, .. } => (Reply::Refused(refusal.clone()), refusal.words()),
            Sent::Unknown(reason) => (Reply::Lost(reason.clone()), reason),
        };
        let due = due(&reply, &earlier);
        match look(writer, new, due).await {
            Err(unread) => return Outcome::Unknown(format!("{reason}; then {}", words(&unread))),
            Ok(found) => match &found[..] {
                [record] if writer.directory.is_anothers(record.id) => {
                    let id = record.id.0;
                    return Outcome::Failed(format!(
                        "record {id} holds one of the identifiers since the plan"
                    ));
                }
                [record] if is_made_of(record, new) => {
                    remember(writer, step, record);
                    return Outcome::Applied;
                }
                [] if matches!(reply, Reply::Refused(Refusal::NotTried(_) | Refusal::Full(_))) => {
                    return reply.after(&earlier).unmet("a new record", "none");
                }
                [] => lost = Some(reason),
                _ => {
                    return Outcome::Unknown(format!("{reason}; another user has one of the identifiers"));
                }
            },
        }
    }
    Outcome::Unknown(lost.unwrap_or_default())
}

/// Compares the record that was made, as it is read back, with what was asked for.
async fn made(writer: &Writer, step: &Step, new: &NewUser, id: UserId) -> Outcome {
    writer.directory.made_user(step.change, id);
    let judge = |shown: &Result<Option<ObservedUser>, ReadError>| match shown {
        Ok(Some(_)) => Due::Nothing,
        Ok(None) => Due::Surely,
        Err(error) => after_failure(error, Due::Surely),
    };
    match writer.patience.look(Family::Identity, || writer.record_now(id), judge).await {
        Ok(Some(record)) => match lacks(&record, new) {
            None => Outcome::Applied,
            Some(lacking) => Outcome::Mismatched {
                asked: format!("a user with {lacking}"),
                answered: format!("record {} without it", id.0),
            },
        },
        Ok(None) => writer.unseen(Reply::Accepted, format!("record {}", id.0), "no such record"),
        Err(error) => Reply::Accepted.unread(&words(&error)),
    }
}

/// Who holds any of the new user's identifiers.
async fn look(writer: &Writer, new: &NewUser, due: Due) -> Result<Vec<ObservedUser>, ReadError> {
    let judge = |found: &Result<Vec<ObservedUser>, ReadError>| match found {
        Ok(found) if found.is_empty() => due,
        Ok(_) => Due::Nothing,
        Err(error) => after_failure(error, due),
    };
    writer.patience.look(Family::Identity, || writer.holders_now(new.identifiers.clone()), judge).await
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
    let shown = record.display_name.as_ref().map(DisplayName::as_written);
    if let Some(name) = display_name.as_ref().filter(|name| shown != Some(name.as_written())) {
        return Some(format!("display name {name}"));
    }
    if let Some(missing) =
        identifiers.iter().find(|wanted| !record.identifiers().any(|held| held == **wanted))
    {
        return Some(missing.to_string());
    }
    tracking.filter(|wanted| *wanted != record.tracking).map(|wanted| format!("tracking {wanted:?}"))
}
