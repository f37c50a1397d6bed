//! What becomes of groups that are to be made or to go, whichever platform they are on?

use crate::account::carry::Open;
use crate::model::{GroupId, Outcome, StepId};

/// Those groups that nobody has joined whom nobody reviewed, by how many have joined each.
pub(in crate::account) fn unjoined<T>(
    doomed: Vec<Open<T>>,
    joined: Vec<Result<usize, String>>,
    done: &mut Vec<(StepId, Outcome)>,
) -> Vec<Open<T>> {
    let mut open = Vec::with_capacity(doomed.len());
    for (one, joined) in doomed.into_iter().zip(joined) {
        match joined {
            Ok(0) => open.push(one),
            Ok(more) => {
                let who =
                    if more == 1 { "1 more user is".to_owned() } else { format!("{more} more users are") };
                done.push((one.step, Outcome::Failed(format!("changed since the plan: {who} in it"))));
            }
            Err(error) => done.push((one.step, unsent(&error))),
        }
    }
    open
}

/// What becomes of a step that gives a group a name which another one has.
pub(in crate::account) fn taken(by: GroupId) -> Outcome {
    Outcome::Failed(format!("the name is taken by group {}", by.0))
}

/// What becomes of a step before which the groups could not be read.
pub(in crate::account) fn unsent(error: &str) -> Outcome {
    Outcome::Failed(format!("not sent, the groups could not be read: {error}"))
}
