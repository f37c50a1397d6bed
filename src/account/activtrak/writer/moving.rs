//! Who goes into a group, or out of it, whichever family writes it?

use std::collections::BTreeSet;

use crate::account::activtrak::directory::Thing;
use crate::account::activtrak::writer::shared::Writer;
use crate::account::carry::{Kind, Open, all, carry_out};
use crate::account::error::ReadError;
use crate::account::sent::words;
use crate::model::{Act, GroupId, GroupRef, Outcome, Step, StepId, UserId, UserRef};

/// Which way members go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    In,
    Out,
}

impl Way {
    /// Whether members are as somebody who goes this way wants it.
    pub(super) fn holds(self, user: UserId, members: &BTreeSet<UserId>) -> bool {
        members.contains(&user) == (self == Self::In)
    }

    /// Where something is to be, and where it is otherwise.
    pub(super) const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::In => ("in the group", "not in the group"),
            Self::Out => ("out of the group", "still in the group"),
        }
    }

    /// The same of a user.
    pub(super) fn words_of(self, user: UserId) -> (String, String) {
        let (asked, shown) = self.words();
        (format!("record {} {asked}", user.0), format!("record {} {shown}", user.0))
    }
}

/// What becomes of a step whose group could not be read before.
pub(super) fn unsent(error: &ReadError) -> Outcome {
    Outcome::Failed(format!("not sent, the group could not be read: {}", words(error)))
}

/// The users of a packet.
pub(super) struct Movers {
    /// The group.
    pub(super) group: GroupId,
    /// Which way they go.
    pub(super) way: Way,
    /// Who they are.
    pub(super) users: Vec<(StepId, UserId)>,
    /// What becomes of those who were not created.
    done: Vec<(StepId, Outcome)>,
}

impl Movers {
    /// The users of a packet, and which way they go; or what becomes of all where the group was not created. Who is taken out is
    /// noted.
    pub(super) fn of(
        writer: &Writer,
        group: GroupRef,
        steps: &[Step],
    ) -> Result<Self, Vec<(StepId, Outcome)>> {
        let Some(group) = writer.directory.group(group) else {
            return Err(all(steps, || Outcome::Failed("the group was not created".to_owned())));
        };
        let (mut way, mut users, mut done) = (Way::In, Vec::with_capacity(steps.len()), Vec::new());
        for step in steps {
            let user = match &step.act {
                Act::Join { user, .. } => *user,
                Act::Leave { user, .. } => {
                    way = Way::Out;
                    writer.directory.takes([Thing::Member(group, *user)]);
                    UserRef::Known(*user)
                }
                _ => continue,
            };
            match writer.directory.user(user) {
                Some(user) => users.push((step.id, user)),
                None => done.push((step.id, Outcome::Failed("the user was not created".to_owned()))),
            }
        }
        Ok(Self { group, way, users, done })
    }

    /// What becomes of all where the group could not be read before.
    pub(super) fn unsent(mut self, error: &ReadError) -> Vec<(StepId, Outcome)> {
        self.done.extend(self.users.into_iter().map(|(step, _)| (step, unsent(error))));
        self.done
    }

    /// Sends them, and says what became of each.
    pub(super) async fn go<K: Kind>(
        mut self,
        kind: &K,
        what: impl Fn(UserId) -> K::What,
    ) -> Vec<(StepId, Outcome)> {
        let open = self.users.into_iter().map(|(step, user)| Open::new(step, what(user)));
        self.done.extend(carry_out(kind, open.collect()).await);
        self.done
    }
}
