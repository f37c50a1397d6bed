//! Erasing histories and removing users: one at a time, only the record that was reviewed, and never on a guess.
//!
//! The bulk call is used for its revision, which the plain `DELETE` of a record does not take: what was read right before is what
//! is lost, or nothing is. "Delete user and data" of the app are its two actions in one request (reference: inferred).

use jiff::civil::Date;

use crate::account::activtrak::identity::{self, Loss, Target};
use crate::account::activtrak::sent::{Refusal, Reply, Sent, words};
use crate::account::activtrak::writer::{ATTEMPTS, Writer};
use crate::account::pack::BATCH;
use crate::model::{
    Act, Afterwards, ExclusionId, Identifier, IdentifierKind, Login, ObservedExclusion, ObservedUser,
    Outcome, Portrait, Step, StepId, Tracking, UserId, utc_day,
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
}

impl Order<'_> {
    async fn carry_out(&self) -> Outcome {
        let _lane = self.writer.lanes.take(vec![self.user]).await;
        let mut tried: Option<Tried> = None;
        for left in (0..=ATTEMPTS).rev() {
            let record = match identity::record(&self.writer.door, self.user).await {
                Ok(record) => record,
                Err(error) => return unread(tried, &words(&error)),
            };
            if let Some(record) = &record {
                self.writer.directory.learn(record);
            }
            if self.is_met(record.as_ref()) {
                return self.met(tried, record.as_ref()).await;
            }
            let Some(record) = record else { return Outcome::Failed("the record is gone".to_owned()) };
            if let Some(settled) = self.settled(tried.as_ref(), &record, left) {
                return settled;
            }
            let target = Target::new(record.id, record.revision);
            let sent = Sent::from(identity::bulk_lose(&self.writer.door, self.loss(), target).await);
            let refused = match &sent {
                Sent::Accepted(refusals) => refusals.iter().find(|refusal| refusal.0 == self.user),
                Sent::Refused { .. } | Sent::Unknown(_) => None,
            };
            let earlier = tried.map_or(Reply::Accepted, |tried| tried.reply);
            let reply = refused.map_or_else(
                || sent.reply().after(&earlier),
                |(_, reason)| Reply::Refused(Refusal::Said(reason.clone())),
            );
            tried = Some(Tried { reply, before: record });
        }
        Outcome::Unknown("given up".to_owned())
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

    /// The account shows what was asked for; did it do more, or less, than it should?
    async fn met(&self, tried: Option<Tried>, record: Option<&ObservedUser>) -> Outcome {
        let Some(Tried { reply, before }) = tried else { return Outcome::AlreadyTrue };
        match (self.want, record) {
            (Want::Erased(_), Some(record)) if record.tracking != before.tracking => Outcome::Mismatched {
                asked: format!("history erased, {}", tracking(before.tracking)),
                answered: format!("history erased, {}", tracking(record.tracking)),
            },
            (Want::Removed(Afterwards::StayBlocked), _) => self.stays_blocked(reply.met()).await,
            _ => reply.met(),
        }
    }

    /// That nothing more is to be sent, if so: what was accepted and does not show, what was refused for good, and a record that
    /// is not the reviewed one.
    fn settled(&self, tried: Option<&Tried>, record: &ObservedUser, left: u8) -> Option<Outcome> {
        let unmet = |reply: &Reply| reply.clone().unmet(self.asked(), shown(record));
        if let Some(Tried { reply, before }) = tried {
            let stale = matches!(reply, Reply::Refused(_)) && record.revision != before.revision;
            let lost = matches!(reply, Reply::Lost(_)) && !self.has_begun(before, record);
            if left == 0 || !(stale || lost) {
                return Some(unmet(reply));
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

    /// Whether rules stand on every identifier that the record had, as its removal promises.
    async fn stays_blocked(&self, met: Outcome) -> Outcome {
        let rules = match read(self.writer).await {
            Ok(rules) => rules,
            Err(error) => {
                return Outcome::Unknown(format!("removed, but the rules could not be read: {error}"));
            }
        };
        let open = |identifier: &&Identifier| {
            identifier.kind() != IdentifierKind::EmployeeId
                && !rules.iter().any(|rule| rule.login.blocks(identifier))
        };
        let open: Vec<String> =
            self.seen.identifiers().iter().filter(open).map(ToString::to_string).collect();
        if open.is_empty() {
            return met;
        }
        Outcome::Mismatched {
            asked: "record removed, every identifier blocked".to_owned(),
            answered: format!("record removed, not blocked: {}", open.join(", ")),
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

const fn tracking(state: Tracking) -> &'static str {
    match state {
        Tracking::Tracked => "tracked",
        Tracking::Untracked => "untracked",
    }
}

/// Removes the rules for these logins, until there is none or the account refuses.
async fn unblock(writer: &Writer, logins: &[Login]) -> Outcome {
    let standing = |rule: &ObservedExclusion| logins.contains(&rule.login);
    let mut reply: Option<Reply> = None;
    for left in (0..=ATTEMPTS).rev() {
        let rules = match (read(writer).await, &reply) {
            (Ok(rules), _) => rules,
            (Err(error), Some(reply)) => return reply.clone().unread(&error),
            (Err(error), None) => {
                return Outcome::Failed(format!("not sent, the rules could not be read: {error}"));
            }
        };
        let open: Vec<&ObservedExclusion> = rules.iter().filter(|rule| standing(rule)).collect();
        let Some(first) = open.first() else {
            return reply.map_or(Outcome::AlreadyTrue, |reply| reply.met());
        };
        if let Some(settled) = reply.take_if(|reply| left == 0 || !matches!(reply, Reply::Lost(_))) {
            return settled.unmet(format!("no rule on {}", first.login), "it is still there");
        }
        let ids: Vec<ExclusionId> = open.iter().map(|rule| rule.id).collect();
        let earlier = reply.take().unwrap_or(Reply::Accepted);
        for batch in ids.chunks(BATCH) {
            let sent = Sent::from(identity::remove_rules(&writer.door, batch).await);
            reply = Some(sent.reply().after(&earlier));
        }
    }
    Outcome::Unknown("given up".to_owned())
}

async fn read(writer: &Writer) -> Result<Vec<ObservedExclusion>, String> {
    identity::exclusions(&writer.door).await.map_err(|error| words(&error))
}
