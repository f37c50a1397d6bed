//! Letting users log in, or not: named one by one, and looked at before and after. Nobody who administers the platform is touched.

use std::collections::{BTreeMap, BTreeSet};

use crate::account::carry::{Kind, Open, all, before, carry_out};
use crate::account::collateral::several;
use crate::account::docebo::writer::shared::Writer;
use crate::account::docebo::{read, write};
use crate::account::error::ReadError;
use crate::account::patience::Patience;
use crate::account::sent::words;
use crate::model::{Act, Activation, Family, Level, Outcome, Step, StepId, UserId};

/// The users as they are listed.
type Listed = BTreeMap<UserId, Seen>;

/// What is seen of a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Seen {
    status: Option<Activation>,
    level: Option<Level>,
}

/// Users who get one status.
struct Statuses<'a> {
    writer: &'a Writer,
    to: Activation,
    before: Listed,
}

pub(super) async fn perform(writer: &Writer, to: Activation, steps: &[Step]) -> Vec<(StepId, Outcome)> {
    let before = match before(&writer.patience, Family::Learning, || listed(writer)).await {
        Ok(before) => before,
        Err(error) => {
            let why = format!("not sent, the users could not be read: {}", words(&error));
            return all(steps, || Outcome::Failed(why.clone()));
        }
    };
    let (mut open, mut done) = (Vec::with_capacity(steps.len()), Vec::new());
    for step in steps {
        let Act::SetStatus { user, .. } = step.act else { continue };
        match against(before.get(&user), to) {
            Some(outcome) => done.push((step.id, outcome)),
            None => open.push(Open::new(step.id, user)),
        }
    }
    writer.news.turns(open.iter().map(|one| one.what));
    done.extend(carry_out(&Statuses { writer, to, before }, open).await);
    done
}

/// The users as they are now.
async fn listed(writer: &Writer) -> Result<Listed, ReadError> {
    let users = read::users(&writer.client).await?.into_iter();
    Ok(users.map(|user| (user.id, Seen { status: user.status, level: user.level })).collect())
}

/// Why nothing is sent about a user, if nothing is: it is done, or the user is not as the plan saw them.
fn against(seen: Option<&Seen>, to: Activation) -> Option<Outcome> {
    let changed = |what: &str| Some(Outcome::Failed(format!("changed since the plan: {what}")));
    match seen {
        None => Some(Outcome::Failed("the user is gone".to_owned())),
        Some(Seen { status: None, .. }) => changed("whether the user is active is not shown"),
        Some(Seen { status: Some(status), .. }) if *status == to => Some(Outcome::AlreadyTrue),
        Some(Seen { level: Some(Level::User), .. }) => None,
        Some(Seen { level, .. }) => {
            let is = level.map_or("what the user may do is not known".to_owned(), |level| {
                format!("the user is {}", level.words())
            });
            changed(&is)
        }
    }
}

impl Kind for Statuses<'_> {
    type What = UserId;
    type View = Listed;
    const FAMILY: Family = Family::Learning;

    fn patience(&self) -> &Patience {
        &self.writer.patience
    }

    async fn send(&self, batch: &mut [Open<UserId>]) {
        let users: Vec<UserId> = batch.iter().map(|one| one.what).collect();
        let (reply, left): (_, BTreeSet<UserId>) =
            write::set_status(&self.writer.client, &users, self.to).await;
        for one in batch {
            let refused = left.contains(&one.what);
            one.hears(
                reply.clone(),
                refused.then(|| "the platform says that it did not change them".to_owned()),
            );
        }
    }

    async fn look(&self) -> Result<Listed, ReadError> {
        listed(self.writer).await
    }

    fn holds(&self, user: &UserId, listed: &Listed) -> bool {
        listed.get(user).is_some_and(|seen| seen.status == Some(self.to))
    }

    /// Who is active or not whom this run does not turn.
    fn besides(&self, listed: &Listed) -> Option<String> {
        let others = self.before.iter().filter(|(user, _)| !self.writer.news.is_turned(**user));
        let turned = others.filter_map(|(user, before)| {
            let now = listed.get(user)?.status?;
            (before.status? != now).then(|| format!("{} is {}", self.writer.called(*user), now.word()))
        });
        several(turned.collect())
    }

    fn words(&self, user: &UserId) -> (String, String) {
        let other = match self.to {
            Activation::Active => Activation::Deactivated,
            Activation::Deactivated => Activation::Active,
        };
        (format!("record {} {}", user.0, self.to.word()), format!("record {} {}", user.0, other.word()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_sent_about_somebody_who_is_not_as_the_plan_saw_them() {
        let seen = |status, level| Seen { status, level };
        let (active, user) = (Some(Activation::Active), Some(Level::User));
        let to = Activation::Deactivated;
        assert_eq!(against(Some(&seen(active, user)), to), None);
        assert_eq!(against(Some(&seen(Some(to), user)), to), Some(Outcome::AlreadyTrue));
        for strange in [
            None,
            Some(&seen(None, user)),
            Some(&seen(active, None)),
            Some(&seen(active, Some(Level::PowerUser))),
            Some(&seen(active, Some(Level::Superadmin))),
        ] {
            assert!(matches!(against(strange, to), Some(Outcome::Failed(_))), "{strange:?}");
        }
    }
}
