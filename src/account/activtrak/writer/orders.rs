//! Erasing histories and removing users: one at a time, only the record that was reviewed, and never on a guess.
//!
//! The bulk call is used for its revision, which the plain `DELETE` of a record does not take: what was read right before is what
//! is lost, or nothing is. "Delete user and data" of the app are its two actions in one request (reference: inferred).

use jiff::civil::Date;

use crate::account::activtrak::directory::Thing;
use crate::account::activtrak::identity::{self, Loss, Target};
use crate::account::activtrak::writer::collateral;
use crate::account::activtrak::writer::exclusions::unsent;
use crate::account::activtrak::writer::shared::Writer;
use crate::account::carry::{ATTEMPTS, before, judged};
use crate::account::error::ReadError;
use crate::account::pack::BATCH;
use crate::account::patience::{Due, after_failure, due as due_of};
use crate::account::sent::{Refusal, Reply, Sent, words};
use crate::model::{
    Act, Afterwards, ExclusionId, Family, Identifier, IdentifierKind, Login, ObservedExclusion, ObservedUser,
    Outcome, Portrait, Step, StepId, UserId, utc_day,
};

pub(super) async fn perform(writer: &Writer, steps: &[Step]) -> Vec<(StepId, Outcome)> {
    let mut outcomes = Vec::with_capacity(steps.len());
    for step in steps {
        let outcome = match &step.act {
            Act::EraseHistory { user, seen, decided } => {
                Order { writer, user: *user, seen, want: Want::Erased(*decided) }.carry_out().await
            }
            Act::RemoveUser { user, seen, afterwards } => {
                Order { writer, user: *user, seen, want: Want::Removed(*afterwards) }.carry_out().await
            }
            Act::Unblock(logins) => unblock(writer, logins).await,
            _ => continue,
        };
        outcomes.push((step.id, outcome));
    }
    outcomes
}

/// What is to become of a record.
#[derive(Debug, Clone, Copy)]
enum Want {
    /// No data of this day or older.
    Erased(Date),
    /// No record.
    Removed(Afterwards),
}

/// One record that is to lose what can't be put back.
struct Order<'a> {
    writer: &'a Writer,
    user: UserId,
    seen: &'a Portrait,
    want: Want,
}

/// A request that was sent: what the account said, and the record as it was right before.
struct Tried {
    reply: Reply,
    before: ObservedUser,
    /// What is due as long as the record does not show it.
    due: Due,
}

impl Order<'_> {
    async fn carry_out(&self) -> Outcome {
        let _lane = self.writer.record_locks.take(vec![self.user]).await;
        let mut tried: Option<Tried> = None;
        for left in (0..=ATTEMPTS).rev() {
            let due = |record: Option<&ObservedUser>| self.due(tried.as_ref(), record);
            let judge = |shown: &Result<Option<ObservedUser>, ReadError>| match shown {
                Ok(record) => due(record.as_ref()),
                Err(error) => after_failure(error, tried.as_ref().map_or(Due::Maybe, |tried| tried.due)),
            };
            let look = || self.writer.record_now(self.user);
            let record = match self.writer.patience.look(Family::Identity, look, judge).await {
                Ok(record) => record,
                Err(error) => return unread(tried, &words(&error)),
            };
            if self.is_met(record.as_ref()) {
                return self.met(tried, record.as_ref()).await;
            }
            let Some(record) = record else { return Outcome::Failed("the record is gone".to_owned()) };
            if self.is_outdated(&record) {
                return unread(tried, "the account shows the record as it was before it was seen last");
            }
            if let Some(settled) = self.settled(tried.as_ref(), &record, left) {
                return settled;
            }
            let target = Target::new(record.id, record.revision);
            let sent = Sent::from(identity::bulk_lose(&self.writer.client, self.loss(), target).await);
            let refused = match &sent {
                Sent::Accepted(refusals) => refusals.iter().find(|refusal| refusal.0 == self.user),
                Sent::Refused { .. } | Sent::Unknown(_) => None,
            };
            let earlier = tried.map_or(Reply::Accepted, |tried| tried.reply);
            let said = refused
                .map_or_else(|| sent.reply(), |(_, reason)| Reply::Refused(Refusal::Located(reason.clone())));
            let due = due_of(&said, &earlier);
            let reply = if refused.is_some() { said } else { said.after(&earlier) };
            tried = Some(Tried { reply, before: record, due });
        }
        Outcome::Unknown("given up".to_owned())
    }

    fn is_outdated(&self, record: &ObservedUser) -> bool {
        self.writer.directory.record(self.user).is_some_and(|seen| record.revision < seen.revision)
    }

    fn loss(&self) -> Loss {
        match self.want {
            Want::Erased(_) => Loss::History,
            Want::Removed(_) => Loss::Record,
        }
    }

    fn is_met(&self, record: Option<&ObservedUser>) -> bool {
        match (self.want, record) {
            (Want::Erased(decided), Some(record)) => !record.has_data_up_to(decided),
            (Want::Erased(_), None) | (Want::Removed(_), Some(_)) => false,
            (Want::Removed(_), None) => true,
        }
    }

    /// What is due, by the record as it is shown: nothing before anything was sent, and nothing where it is newer than that. One
    /// that is older than it was seen before comes from a copy that is behind.
    fn due(&self, tried: Option<&Tried>, record: Option<&ObservedUser>) -> Due {
        if record.is_some_and(|record| self.is_outdated(record)) {
            return Due::Surely;
        }
        let Some(Tried { before, due, .. }) = tried else { return Due::Nothing };
        let is_newer = record.is_some_and(|record| record.revision > before.revision);
        if self.is_met(record) || is_newer { Due::Nothing } else { *due }
    }

    /// The account shows what was asked for; did it do more, or less, than it should?
    async fn met(&self, tried: Option<Tried>, record: Option<&ObservedUser>) -> Outcome {
        let Some(Tried { reply, before, .. }) = tried else {
            let unsure = Reply::Refused(Refusal::Located(
                "not sent, as it is not sure that the record is gone".to_owned(),
            ));
            return match self.want {
                Want::Removed(_) => self.is_nowhere(unsure).await.unwrap_or(Outcome::AlreadyTrue),
                Want::Erased(_) => Outcome::AlreadyTrue,
            };
        };
        match (self.want, record) {
            (Want::Erased(_), Some(record)) => {
                let besides = collateral::of_record(&before.erased(), record, Family::Identity);
                judged(reply.met(), "history erased", besides)
            }
            (Want::Removed(afterwards), _) => match self.is_nowhere(reply.clone()).await {
                Some(unsure) => unsure,
                None => self.blocked(afterwards, reply.met()).await,
            },
            _ => reply.met(),
        }
    }

    /// What speaks against a record being gone that its number says to be: a search by all that it held finds it.
    async fn is_nowhere(&self, reply: Reply) -> Option<Outcome> {
        let is_it = |found: &[ObservedUser]| found.iter().any(|record| record.id == self.user);
        let judge = |found: &Result<Vec<ObservedUser>, ReadError>| match found {
            Ok(found) if is_it(found) => Due::Surely,
            Ok(_) => Due::Nothing,
            Err(error) => after_failure(error, Due::Surely),
        };
        let held = self.seen.identifiers();
        let look = || self.writer.holders_now(held.iter().cloned());
        match self.writer.patience.look(Family::Identity, look, judge).await {
            Ok(found) if is_it(&found) => {
                Some(reply.unread("the record is gone by its number, and a search finds it"))
            }
            Ok(_) => None,
            Err(error) => Some(reply.unread(&words(&error))),
        }
    }

    /// That nothing more is to be sent, if so: what was accepted and does not show, what was refused for good, and a record that
    /// is not the reviewed one.
    fn settled(&self, tried: Option<&Tried>, record: &ObservedUser, left: u8) -> Option<Outcome> {
        if let Some(Tried { reply, before, .. }) = tried {
            let is_as_sent = record.revision <= before.revision;
            let (asked, shown) = (self.asked(), shown(record));
            let unmet = |reply: Reply| {
                if is_as_sent { self.writer.unseen(reply, asked, shown) } else { reply.unmet(asked, shown) }
            };
            let stale = matches!(reply, Reply::Refused(_)) && record.revision != before.revision;
            let lost = matches!(reply, Reply::Lost(_)) && !self.has_begun(before, record);
            if left == 0 || !(stale || lost) {
                return Some(unmet(reply.clone()));
            }
        }
        let erased = matches!(self.want, Want::Erased(decided) if record.has_lost_an_agent_since(decided));
        let drift = self.seen.drift(record);
        let drift = drift.or_else(|| erased.then(|| "an agent was deleted since".to_owned()))?;
        Some(Outcome::Failed(format!("changed since the plan: {drift}")))
    }

    /// Whether a request whose answer was lost may have done something after all: an erasure is never repeated, as it would take
    /// what was gathered since. Somebody else may have written the record; that can't be told apart.
    fn has_begun(&self, before: &ObservedUser, record: &ObservedUser) -> bool {
        let differs =
            record.revision != before.revision || record.deleted_agents.len() > before.deleted_agents.len();
        matches!(self.want, Want::Erased(_)) && differs
    }

    fn asked(&self) -> String {
        match self.want {
            Want::Erased(decided) => format!("no data up to {decided} (UTC)"),
            Want::Removed(_) => "no record".to_owned(),
        }
    }

    /// Waits until rules stand on every identifier that the record had, as its removal promises. Where they are to be lifted, they have
    /// to be seen first: a list that is behind has none of them, and would pass for one from which they were lifted already.
    async fn blocked(&self, afterwards: Afterwards, met: Outcome) -> Outcome {
        let open = |rules: &[ObservedExclusion]| -> Vec<String> {
            let is_open = |identifier: &&Identifier| {
                identifier.kind() != IdentifierKind::EmployeeId
                    && !rules.iter().any(|rule| rule.login.blocks(identifier))
            };
            self.seen.identifiers().iter().filter(is_open).map(ToString::to_string).collect()
        };
        let is_due = |rules: &[ObservedExclusion]| {
            if open(rules).is_empty() { Due::Nothing } else { Due::Surely }
        };
        let rules = rules(self.writer, is_due, Due::Surely).await;
        match (afterwards, rules.map(|rules| open(&rules))) {
            // Which of them are there, and whether they can be read, is said by the step that lifts them.
            (Afterwards::Unblock, _) => met,
            (Afterwards::StayBlocked, Ok(open)) if open.is_empty() => met,
            (Afterwards::StayBlocked, Ok(open)) => Outcome::Mismatched {
                asked: "record removed, every identifier blocked".to_owned(),
                answered: format!("record removed, not blocked: {}", open.join(", ")),
            },
            (Afterwards::StayBlocked, Err(error)) => {
                let error = words(&error);
                Outcome::Unknown(format!("removed, but the rules could not be read: {error}"))
            }
        }
    }
}

fn unread(tried: Option<Tried>, error: &str) -> Outcome {
    match tried {
        None => Outcome::Failed(format!("not sent, the record could not be read: {error}")),
        Some(Tried { reply, .. }) => reply.unread(error),
    }
}

fn shown(record: &ObservedUser) -> String {
    match record.history() {
        Some((oldest, _)) => format!("the record, with data since {}", utc_day(oldest)),
        None => "the record".to_owned(),
    }
}

/// Removes the rules for these logins, until there is none or the account refuses.
async fn unblock(writer: &Writer, logins: &[Login]) -> Outcome {
    let standing = |rule: &&ObservedExclusion| logins.contains(&rule.login);
    let asked = || "rules removed".to_owned();
    let mut before = match before(&writer.patience, Family::Identity, || writer.rules_now()).await {
        Ok(rules) => rules,
        Err(error) => return unsent(&error),
    };
    let mut last: Option<Reply> = None;
    for left in (0..ATTEMPTS).rev() {
        let ids: Vec<ExclusionId> = before.iter().filter(standing).map(|rule| rule.id).collect();
        if ids.is_empty() {
            return last.map_or(Outcome::AlreadyTrue, |reply| reply.met());
        }
        writer.directory.takes(ids.iter().map(|id| Thing::Rule(*id)));
        let earlier = last.take().unwrap_or(Reply::Accepted);
        let (mut reply, mut due) = (earlier.clone(), Due::Nothing);
        for batch in ids.chunks(BATCH) {
            let said = Sent::from(identity::remove_rules(&writer.client, batch).await).reply();
            due = due.max(due_of(&said, &earlier));
            reply = said.after(&earlier);
        }
        let is_due = |rules: &[ObservedExclusion]| {
            if rules.iter().any(|rule| standing(&rule)) { due } else { Due::Nothing }
        };
        let after = match rules(writer, is_due, due).await {
            Ok(rules) => rules,
            Err(error) => return reply.unread(&words(&error)),
        };
        let first = after.iter().find(standing);
        match first {
            None => {
                let besides = collateral::of_rules(writer, &before, &after);
                return judged(reply.met(), asked(), besides);
            }
            Some(first) if left == 0 || !matches!(reply, Reply::Lost(_)) => {
                return writer.unseen(reply, format!("no rule on {}", first.login), "it is still there");
            }
            Some(_) => (last, before) = (Some(reply), after),
        }
    }
    Outcome::Unknown("given up".to_owned())
}

/// The rules, looked at as long as something of them is due; `unread` is due where they can't be read.
async fn rules(
    writer: &Writer,
    due: impl Fn(&[ObservedExclusion]) -> Due,
    unread: Due,
) -> Result<Vec<ObservedExclusion>, ReadError> {
    let judge = |shown: &Result<Vec<ObservedExclusion>, ReadError>| match shown {
        Ok(rules) => due(rules),
        Err(error) => after_failure(error, unread),
    };
    writer.patience.look(Family::Identity, || writer.rules_now(), judge).await
}
