//! Adding and removing global Do Not Track rules: the list is read before a packet and after every write.

use crate::account::activtrak::directory::Thing;
use crate::account::activtrak::identity;
use crate::account::activtrak::writer::collateral;
use crate::account::activtrak::writer::shared::Writer;
use crate::account::carry::{Kind, Open, all, before, carry_out};
use crate::account::error::ReadError;
use crate::account::patience::Patience;
use crate::account::sent::{Sent, words};
use crate::model::{Act, ExclusionId, Family, Login, ObservedExclusion, Outcome, Step, StepId};

/// Rules, and what they were right before. One that is there already is answered as a duplicate, and one that is gone is not there
/// to be removed: what was lost may be sent again.
struct Rules<'a> {
    writer: &'a Writer,
    before: Vec<ObservedExclusion>,
}

/// What is wanted of one rule; all of a packet want the same kind of thing.
#[derive(Debug, Clone, Copy)]
enum Want<'a> {
    There(&'a Login),
    Gone(ExclusionId),
}

pub(super) async fn add(writer: &Writer, steps: &[Step]) -> Vec<(StepId, Outcome)> {
    let before = match before(&writer.patience, Family::Identity, || writer.rules_now()).await {
        Ok(before) => before,
        Err(error) => return all(steps, || unsent(&error)),
    };
    let open = steps.iter().filter_map(|step| match &step.act {
        Act::AddExclusion(login) => Some(Open::new(step.id, Want::There(login))),
        _ => None,
    });
    carry_out(&Rules { writer, before }, open.collect()).await
}

pub(super) async fn remove(writer: &Writer, steps: &[Step]) -> Vec<(StepId, Outcome)> {
    let before = match before(&writer.patience, Family::Identity, || writer.rules_now()).await {
        Ok(before) => before,
        Err(error) => return all(steps, || unsent(&error)),
    };
    let mut done = Vec::with_capacity(steps.len());
    let mut open = Vec::with_capacity(steps.len());
    for step in steps {
        let Act::RemoveExclusion { id, login } = &step.act else { continue };
        match before.iter().find(|rule| rule.id == *id) {
            None => done.push((step.id, Outcome::AlreadyTrue)),
            Some(rule) if rule.login != *login => {
                let drift = format!("changed since the plan: rule {} is now for {}", id.0, rule.login);
                done.push((step.id, Outcome::Failed(drift)));
            }
            Some(_) => {
                writer.directory.takes([Thing::Rule(*id)]);
                open.push(Open::new(step.id, Want::Gone(*id)));
            }
        }
    }
    done.extend(carry_out(&Rules { writer, before }, open).await);
    done
}

impl<'a> Kind for Rules<'a> {
    type What = Want<'a>;
    type View = Vec<ObservedExclusion>;
    const FAMILY: Family = Family::Identity;

    fn patience(&self) -> &Patience {
        &self.writer.patience
    }

    async fn send(&self, batch: &mut [Open<Want<'a>>]) {
        let logins: Vec<&Login> = batch.iter().filter_map(|one| one.what.there()).collect();
        let ids: Vec<ExclusionId> = batch.iter().filter_map(|one| one.what.gone()).collect();
        let sent: Sent<Vec<(Login, String)>> = if ids.is_empty() {
            identity::add_rules(&self.writer.client, &logins).await.into()
        } else {
            identity::remove_rules(&self.writer.client, &ids).await.map(|()| Vec::new()).into()
        };
        for one in batch {
            let failed = match (&sent, one.what.there()) {
                (Sent::Accepted(failures), Some(login)) => failures.iter().find(|it| it.0 == *login),
                _ => None,
            };
            one.hears(sent.reply(), failed.map(|(_, reason)| reason.clone()));
        }
    }

    async fn look(&self) -> Result<Vec<ObservedExclusion>, ReadError> {
        self.writer.rules_now().await
    }

    fn holds(&self, want: &Want<'a>, rules: &Vec<ObservedExclusion>) -> bool {
        match want {
            Want::There(login) => rules.iter().any(|rule| rule.login == **login),
            Want::Gone(id) => rules.iter().all(|rule| rule.id != *id),
        }
    }

    fn besides(&self, rules: &Vec<ObservedExclusion>) -> Option<String> {
        collateral::of_rules(self.writer, &self.before, rules)
    }

    fn words(&self, want: &Want<'a>) -> (String, String) {
        match want {
            Want::There(login) => (format!("a rule for {login}"), "no such rule".to_owned()),
            Want::Gone(id) => (format!("rule {} removed", id.0), "it is still there".to_owned()),
        }
    }
}

pub(super) fn unsent(error: &ReadError) -> Outcome {
    Outcome::Failed(format!("not sent, the rules could not be read: {}", words(error)))
}

impl<'a> Want<'a> {
    const fn there(self) -> Option<&'a Login> {
        match self {
            Self::There(login) => Some(login),
            Self::Gone(_) => None,
        }
    }

    const fn gone(self) -> Option<ExclusionId> {
        match self {
            Self::There(_) => None,
            Self::Gone(id) => Some(id),
        }
    }
}
