//! Writing users by SCIM: one at a time, each looked at right before and right after.
//!
//! There are no revisions and the last writer wins, so a record that is not as it was last seen is left alone.

use crate::account::activtrak::scim::{self, Operations};
use crate::account::activtrak::writer::collateral;
use crate::account::activtrak::writer::create::{lacks, remember};
use crate::account::activtrak::writer::shared::Writer;
use crate::account::activtrak::writer::users::Want;
use crate::account::carry::{ATTEMPTS, judged};
use crate::account::error::ReadError;
use crate::account::patience::{Due, after_failure, due};
use crate::account::sent::{Refusal, Reply, Sent, words};
use crate::model::{
    Act, Edit, Family, Identifier, NewUser, ObservedUser, Outcome, Step, StepId, Tracking, UserId, fold,
};

/// Edits, tracks and untracks users.
pub(super) async fn edit(writer: &Writer, steps: &[Step]) -> Vec<(StepId, Outcome)> {
    let mut outcomes = Vec::with_capacity(steps.len());
    for step in steps {
        if let Some((user, want)) = Want::of(step) {
            let _lane = writer.record_locks.take(vec![user]).await;
            outcomes.push((step.id, change(writer, user, want).await));
        }
    }
    outcomes
}

async fn change(writer: &Writer, user: UserId, want: Want<'_>) -> Outcome {
    let mut lost: Option<String> = None;
    for _ in 0..ATTEMPTS {
        let before = match standing(writer, user, want).await {
            Ok(Some(record)) => record,
            Ok(None) => return Outcome::Failed("the record is gone".to_owned()),
            Err(error) => return unread(lost, &words(&error)),
        };
        if want.holds_in(&before) {
            writer.directory.learn(&before);
            return if lost.is_some() { Outcome::Applied } else { Outcome::AlreadyTrue };
        }
        if writer.directory.record(user).is_some_and(|seen| seen != before) {
            return Outcome::Failed(format!("changed since the plan: {}", want.shown_by(&before)));
        }
        let earlier = earlier(lost.as_ref());
        let said = send(writer, user, want).await;
        let due = due(&said, &earlier);
        let reply = said.after(&earlier);
        let judge = |shown: &Result<Option<ObservedUser>, ReadError>| match shown {
            Ok(Some(after)) if want.holds_in(after) => Due::Nothing,
            Ok(Some(after)) if *after == before => due,
            // Neither as it was nor as it is to be: a copy that is further behind, or something else.
            Ok(Some(_)) => Due::Maybe,
            Ok(None) => due,
            Err(error) => after_failure(error, due),
        };
        match writer.patience.look(Family::Scim, || writer.scim_record_now(user), judge).await {
            Ok(Some(after)) if want.holds_in(&after) => {
                let besides = collateral::of_record(&want.made_of(&before), &after, Family::Scim);
                writer.directory.learn(&after);
                return judged(reply.met(), want.asked_of(None), besides);
            }
            // An answer that was lost, and nothing to be seen of the write: it may be sent again.
            Ok(Some(after)) if matches!(reply, Reply::Lost(_)) && after == before => {
                lost = Some(words_of(reply));
            }
            Ok(Some(after)) if after == before => {
                return writer.unseen(reply, want.asked_of(Some(&after)), want.shown_by(&after));
            }
            Ok(Some(after)) => return reply.unmet(want.asked_of(Some(&after)), want.shown_by(&after)),
            Ok(None) => return Outcome::Failed("the record is gone".to_owned()),
            Err(error) => return reply.unread(&words(&error)),
        }
    }
    Outcome::Unknown(lost.unwrap_or_default())
}

/// The record right before a write. One that is not as it was seen last may come from a copy that is behind.
async fn standing(writer: &Writer, user: UserId, want: Want<'_>) -> Result<Option<ObservedUser>, ReadError> {
    let seen = writer.directory.record(user);
    let judge = |shown: &Result<Option<ObservedUser>, ReadError>| match shown {
        Ok(Some(record)) if want.holds_in(record) || seen.as_ref().is_none_or(|seen| seen == record) => {
            Due::Nothing
        }
        Ok(_) => Due::Maybe,
        Err(error) => after_failure(error, Due::Maybe),
    };
    writer.patience.look(Family::Scim, || writer.scim_record_now(user), judge).await
}

/// What was said before, if an answer was lost.
fn earlier(lost: Option<&String>) -> Reply {
    lost.map_or(Reply::Accepted, |reason| Reply::Lost(reason.clone()))
}

fn words_of(reply: Reply) -> String {
    match reply {
        Reply::Lost(reason) => reason,
        Reply::Refused(refusal) => refusal.words(),
        Reply::Accepted => String::new(),
    }
}

/// The record could not be looked at before a write.
fn unread(lost: Option<String>, error: &str) -> Outcome {
    match lost {
        Some(reason) => Outcome::Unknown(format!("{reason}; then {error}")),
        None => Outcome::Failed(format!("not sent, the record could not be read: {error}")),
    }
}

/// Sends one PATCH. A refusal stays one: a removal said in any other way takes every value of a strict account.
async fn send(writer: &Writer, user: UserId, want: Want<'_>) -> Reply {
    let operations = match want {
        Want::Edits(edits) => Operations::edits(edits),
        Want::Tracking(to) => Operations::tracking(to),
        Want::PrimaryGroup { .. } => {
            return Reply::Refused(Refusal::Located("SCIM knows no primary groups".to_owned()));
        }
    };
    Sent::from(scim::patch(&writer.client, user, &operations).await).reply()
}

/// Creates users, each only if nobody holds any of the addresses.
pub(super) async fn create(writer: &Writer, steps: &[Step]) -> Vec<(StepId, Outcome)> {
    let mut outcomes = Vec::with_capacity(steps.len());
    for step in steps {
        if let Act::CreateUser(new) = &step.act {
            outcomes.push((step.id, create_one(writer, step, new).await));
        }
    }
    outcomes
}

async fn create_one(writer: &Writer, step: &Step, new: &NewUser) -> Outcome {
    let mut last: Option<Reply> = None;
    for left in (0..=ATTEMPTS).rev() {
        let due = last.as_ref().map_or(Due::Nothing, |reply| due(reply, &Reply::Accepted));
        // A POST updates whoever holds one of the identifiers, so nobody may.
        match (look(writer, new, due).await, &last) {
            (Err(error), _) => return unread(last.map(words_of), &words(&error)),
            (Ok(found), last) => match &found[..] {
                [] if left == 0 => break,
                [] => {}
                // After a lost answer: the record that it was about.
                [record] if last.is_some() && lacks(record, &bare(new)).is_none() => {
                    return settle(writer, step, new, record.clone()).await;
                }
                [record, ..] => {
                    let id = record.id.0;
                    return Outcome::Failed(format!(
                        "record {id} holds one of the identifiers since the plan"
                    ));
                }
            },
        }
        match Sent::from(scim::create(&writer.client, &bare(new)).await) {
            Sent::Accepted(record) => return settle(writer, step, new, record).await,
            Sent::Refused { refusal, .. } => match &last {
                // Refused perhaps because the one before it, whose answer was lost, was carried out: looked for once more.
                Some(earlier) => {
                    let found = look(writer, new, Due::Surely).await.unwrap_or_default();
                    return match &found[..] {
                        [record] if lacks(record, &bare(new)).is_none() => {
                            settle(writer, step, new, record.clone()).await
                        }
                        _ => Reply::Lost(format!("{}; then {}", words_of(earlier.clone()), refusal.words()))
                            .unmet("a new record", "none"),
                    };
                }
                None => return refusal.outcome(),
            },
            Sent::Unknown(reason) => last = Some(Reply::Lost(reason)),
        }
    }
    Outcome::Unknown(last.map(words_of).unwrap_or_default())
}

/// What a user is created with. Whether it is tracked can't be said in the same request. Employee IDs are added when the
/// record is known to be new: SCIM shows one of a person's, and a POST updates whoever holds it among those that it doesn't.
fn bare(new: &NewUser) -> NewUser {
    let employee_id = |identifier: &&Identifier| matches!(identifier, Identifier::EmployeeId(_));
    let identifiers = new.identifiers.iter().filter(|it| !employee_id(it)).cloned().collect();
    NewUser { tracking: None, identifiers, ..new.clone() }
}

/// What a new record still gets.
fn added_later(new: &NewUser) -> Vec<Edit> {
    let edit = |identifier: &Identifier| match identifier {
        Identifier::EmployeeId(_) => Some(Edit::Add(identifier.clone())),
        Identifier::Upn(_) | Identifier::Email(_) | Identifier::DeviceLogin(_) => None,
    };
    new.identifiers.iter().filter_map(edit).collect()
}

/// Compares what was made, as it is read back, with what was asked for, gives it its employee ID, and untracks it if that is wanted.
async fn settle(writer: &Writer, step: &Step, new: &NewUser, made: ObservedUser) -> Outcome {
    let asked = |lacking: String| format!("a user with {lacking}");
    let id = made.id;
    if writer.directory.is_anothers(id) {
        let answered = format!("record {}, which was there before, was updated", id.0);
        return Outcome::Mismatched { asked: "a new record".to_owned(), answered };
    }
    writer.directory.made_user(step.change, id);
    let judge = |shown: &Result<Option<ObservedUser>, ReadError>| match shown {
        Ok(Some(_)) => Due::Nothing,
        Ok(None) => Due::Surely,
        Err(error) => after_failure(error, Due::Surely),
    };
    let made = match writer.patience.look(Family::Scim, || writer.scim_record_now(id), judge).await {
        Ok(Some(made)) => made,
        Ok(None) => return writer.unseen(Reply::Accepted, format!("record {}", id.0), "no such record"),
        Err(error) => return Reply::Accepted.unread(&words(&error)),
    };
    remember(writer, step, &made);
    if let Some(lacking) = lacks(&made, &bare(new)) {
        return Outcome::Mismatched {
            asked: asked(lacking),
            answered: format!("record {} without it", made.id.0),
        };
    }
    // Untracked first: a clash of employee IDs must not leave someone tracked who is not to be.
    let tracking = new.tracking.filter(|wanted| *wanted != made.tracking);
    let word = if tracking == Some(Tracking::Tracked) { "tracked" } else { "untracked" };
    let edits = added_later(new);
    let edited = (!edits.is_empty()).then_some(Want::Edits(&edits));
    let wants = [(tracking.map(Want::Tracking), word), (edited, "given its employee ID")];
    for (want, word) in wants {
        let Some(want) = want else { continue };
        match change(writer, made.id, want).await {
            Outcome::Applied | Outcome::AlreadyTrue => {}
            Outcome::Failed(reason) => {
                return Outcome::Failed(format!("record {} was created but not {word}: {reason}", made.id.0));
            }
            other => return other,
        }
    }
    Outcome::Applied
}

/// Who holds any of the new user's addresses; employee IDs can't be searched for.
async fn look(writer: &Writer, new: &NewUser, due: Due) -> Result<Vec<ObservedUser>, ReadError> {
    let judge = |found: &Result<Vec<ObservedUser>, ReadError>| match found {
        Ok(found) if found.is_empty() => due,
        Ok(_) => Due::Nothing,
        Err(error) => after_failure(error, due),
    };
    writer.patience.look(Family::Scim, || holders(writer, new), judge).await
}

async fn holders(writer: &Writer, new: &NewUser) -> Result<Vec<ObservedUser>, ReadError> {
    let mut found: Vec<ObservedUser> = Vec::new();
    for identifier in &new.identifiers {
        let address = match identifier {
            Identifier::Upn(upn) => upn.as_written(),
            Identifier::Email(email) => email.as_written(),
            Identifier::EmployeeId(_) | Identifier::DeviceLogin(_) => continue,
        };
        let key = fold(address);
        // Whatever a filter is taken for, only a holder counts.
        let holds = |record: &ObservedUser| {
            record.upns.iter().any(|upn| upn.key() == key)
                || record.emails.iter().any(|held| held.email.key() == key)
        };
        found.extend(scim::holders(&writer.client, address).await?.into_iter().filter(holds));
    }
    found.sort_by_key(|record| record.id);
    found.dedup_by_key(|record| record.id);
    Ok(found)
}
