//! Creating users: one at a time, looked for by username before and after. Nobody who is there is changed.

use crate::account::carry::{ATTEMPTS, before};
use crate::account::docebo::writer::shared::Writer;
use crate::account::docebo::{read, write};
use crate::account::error::ReadError;
use crate::account::patience::{Due, after_failure, due};
use crate::account::sent::{Reply, words};
use crate::model::{Act, Family, Identifier, NewUser, ObservedUser, Outcome, Step, StepId};

pub(super) async fn create(writer: &Writer, steps: &[Step]) -> Vec<(StepId, Outcome)> {
    let mut done = Vec::with_capacity(steps.len());
    for step in steps {
        if let Act::CreateUser(new) = &step.act {
            // The platform takes one batch at a time.
            let _turn = writer.batches.lock().await;
            done.push((step.id, create_one(writer, step, new).await));
        }
    }
    done
}

async fn create_one(writer: &Writer, step: &Step, new: &NewUser) -> Outcome {
    let [username] = &new.identifiers[..] else {
        return Outcome::Failed("not sent: no username, or more than one".to_owned());
    };
    let look = || holder(writer, username);
    match before(&writer.patience, Family::Learning, look).await {
        Ok(None) => {}
        Ok(Some(there)) => {
            return Outcome::Failed(format!("record {} has the username since the plan", there.id.0));
        }
        Err(error) => {
            return Outcome::Failed(format!("not sent, users could not be read: {}", words(&error)));
        }
    }
    let mut last = Reply::Accepted;
    for _ in 0..ATTEMPTS {
        let said = write::create_user(&writer.client, username, new.display_name.as_ref()).await;
        let due = due(&said, &last);
        last = said.after(&last);
        let judge = |shown: &Result<Option<ObservedUser>, ReadError>| match shown {
            Ok(Some(_)) => Due::Nothing,
            Ok(None) => due,
            Err(error) => after_failure(error, due),
        };
        match writer.patience.look(Family::Learning, look, judge).await {
            Err(error) => return last.unread(&words(&error)),
            Ok(Some(made)) => return judged(writer, step, (new, made), &last),
            Ok(None) if matches!(last, Reply::Lost(_)) => {}
            Ok(None) => break,
        }
    }
    writer.patience.unseen(last, format!("user {username}"), "no such user")
}

/// Whoever has a username; the search finds those as well who have it as a part of theirs.
async fn holder(writer: &Writer, username: &Identifier) -> Result<Option<ObservedUser>, ReadError> {
    let found = read::users_by(&writer.client, &username.to_string()).await?;
    let mut found = found.into_iter().map(|user| user.observed(writer.how.0));
    Ok(found.find(|user| user.identifiers().any(|held| held == *username)))
}

/// Compares the user who was made with what was asked for.
fn judged(writer: &Writer, step: &Step, (new, made): (&NewUser, ObservedUser), reply: &Reply) -> Outcome {
    writer.news.made_user(step.change, made.clone());
    match &new.display_name {
        Some(name) if made.display_name.as_ref() != Some(name) => Outcome::Mismatched {
            asked: format!("a user called {name}"),
            answered: format!("record {} is called otherwise", made.id.0),
        },
        _ => reply.met(),
    }
}
