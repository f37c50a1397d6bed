//! Editing and tracking users: one request for up to 50 records, each judged by its own record afterwards.

use std::collections::{BTreeMap, VecDeque};

use crate::account::ReadError;
use crate::account::activtrak::identity::{self, FieldEdits, Refusals, Target, Terms};
use crate::account::activtrak::sent::{Refusal, Reply, Sent, words};
use crate::account::activtrak::writer::{ATTEMPTS, Writer};
use crate::http::StatusCode;
use crate::model::{Act, Edit, GroupId, Identifier, ObservedUser, Outcome, Step, StepId, Tracking, UserId};

/// What a step wants of a record.
#[derive(Debug, Clone, Copy)]
pub(super) enum Want<'a> {
    Edits(&'a [Edit]),
    Tracking(Tracking),
    PrimaryGroup {
        to: GroupId,
        /// What it was when the record was seen last; none if there was none, or the run may have changed it.
        from: Option<GroupId>,
    },
}

/// A step that is not settled yet.
#[derive(Debug, Clone)]
pub(super) struct Open<'a> {
    step: StepId,
    user: UserId,
    want: Want<'a>,
    attempts: u8,
    /// What was said to it last.
    reply: Reply,
}

pub(super) async fn perform(writer: &Writer, steps: &[Step]) -> Vec<(StepId, Outcome)> {
    carry_out(writer, steps.iter().filter_map(Open::of).collect()).await
}

/// Sends steps on records, together where that can be, until each is settled.
pub(super) async fn carry_out(writer: &Writer, open: Vec<Open<'_>>) -> Vec<(StepId, Outcome)> {
    let _lane = writer.lanes.take(open.iter().map(|one| one.user).collect()).await;
    let (mut done, mut batch) = (Vec::with_capacity(open.len()), Vec::with_capacity(open.len()));
    for one in open {
        match one.drift(writer.directory.seen(one.user).as_ref()) {
            Some(drift) => done.push((one.step, drift)),
            None => batch.push(one),
        }
    }
    let mut queue = VecDeque::from([batch]);
    while let Some(batch) = queue.pop_front() {
        let targets: Vec<Target> = batch.iter().map(|one| writer.directory.target(one.user)).collect();
        let (sent, shown) = send(writer, &batch, &targets).await;
        let turned_down = match &sent {
            Sent::Refused { status, refusal } if *status != Some(StatusCode::CONFLICT) => {
                Some((*status, refusal.clone()))
            }
            _ => None,
        };
        match turned_down {
            // One bad value spoils a whole request: everybody on their own.
            Some((Some(StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND), _)) if batch.len() > 1 => {
                queue.extend(batch.into_iter().map(|one| vec![one]));
            }
            Some((_, refusal)) => {
                let reply = |one: &Open<'_>| Reply::Refused(refusal.clone()).after(&one.reply);
                done.extend(batch.iter().map(|one| (one.step, reply(one).unmet("", ""))));
            }
            None => {
                let shown = match shown {
                    Some(record) => Ok(BTreeMap::from([(record.id, record)])),
                    None => look(writer, &batch).await,
                };
                let again = judge_all(batch, &targets, &sent, &shown, &mut done);
                queue.extend((!again.is_empty()).then_some(again));
            }
        }
    }
    done
}

/// Sends a batch; a single edit answers with the record itself.
async fn send(
    writer: &Writer,
    batch: &[Open<'_>],
    targets: &[Target],
) -> (Sent<Refusals>, Option<ObservedUser>) {
    match batch {
        [] => (Sent::Accepted(Vec::new()), None),
        [Open { want: Want::Tracking(to), .. }, ..] => {
            (identity::bulk_track(&writer.door, *to, targets).await.into(), None)
        }
        [one] => match Sent::from(identity::patch(&writer.door, targets[0], &one.want.body()).await) {
            Sent::Accepted(record) => {
                writer.directory.learn(&record);
                // An answer without group data says nothing about them.
                let shown = Some(record).filter(|record| one.shows_in_answers() || one.want.holds_in(record));
                (Sent::Accepted(Vec::new()), shown)
            }
            Sent::Refused { status, refusal } => (Sent::Refused { status, refusal }, None),
            Sent::Unknown(reason) => (Sent::Unknown(reason), None),
        },
        several => {
            let edits = several.iter().map(|one| one.want.body());
            let data: Vec<_> = targets.iter().copied().zip(edits).collect();
            (identity::bulk_edit(&writer.door, &data).await.into(), None)
        }
    }
}

/// Settles what can be settled; answers what is to be sent again.
fn judge_all<'a>(
    batch: Vec<Open<'a>>,
    targets: &[Target],
    sent: &Sent<Refusals>,
    shown: &Result<BTreeMap<UserId, ObservedUser>, ReadError>,
    done: &mut Vec<(StepId, Outcome)>,
) -> Vec<Open<'a>> {
    let mut again = Vec::new();
    for (mut one, target) in batch.into_iter().zip(targets) {
        let refusal = match sent {
            Sent::Accepted(refusals) => refusals.iter().find(|refusal| refusal.0 == one.user),
            Sent::Refused { .. } | Sent::Unknown(_) => None,
        };
        let reply =
            refusal.map_or_else(|| sent.reply(), |(_, reason)| Reply::Refused(Refusal::Said(reason.clone())));
        one.reply = reply.clone();
        let verdict = match shown {
            Ok(records) => one.judge(reply, *target, records.get(&one.user)),
            Err(error) => Some(reply.unread(&words(error))),
        };
        if let Some(outcome) = verdict {
            done.push((one.step, outcome));
        } else {
            one.attempts += 1;
            again.push(one);
        }
    }
    again
}

/// The records as they are now, and no others: one search for all, and each that it does not find on its own.
async fn look(writer: &Writer, batch: &[Open<'_>]) -> Result<BTreeMap<UserId, ObservedUser>, ReadError> {
    let mut shown = BTreeMap::new();
    if batch.len() > 1 && batch.iter().all(Open::shows_in_answers) {
        let mut terms = Terms::default();
        for identifier in batch.iter().filter_map(|one| one.handle(writer)) {
            terms.push(&identifier);
        }
        for record in identity::search(&writer.door, &terms).await? {
            shown.insert(record.id, record);
        }
    }
    for one in batch {
        if !shown.contains_key(&one.user)
            && let Some(record) = identity::record(&writer.door, one.user).await?
        {
            shown.insert(one.user, record);
        }
    }
    shown.retain(|id, _| batch.iter().any(|one| one.user == *id));
    for record in shown.values() {
        writer.directory.learn(record);
    }
    Ok(shown)
}

impl<'a> Open<'a> {
    fn of(step: &'a Step) -> Option<Self> {
        let (user, want) = Want::of(step)?;
        Some(Self { step: step.id, user, want, attempts: 1, reply: Reply::Accepted })
    }

    /// A step that wants a group to be a user's primary one.
    pub(super) fn primary_group(writer: &Writer, step: StepId, user: UserId, to: GroupId) -> Self {
        // Whoever changed groups in this run has whichever the account chose since.
        let from = writer.directory.record(user).filter(|_| !writer.directory.is_regrouped(user));
        let from = from.and_then(|record| record.primary_group);
        Self { step, user, want: Want::PrimaryGroup { to, from }, attempts: 1, reply: Reply::Accepted }
    }

    /// Whether answers to writes and searches show what is wanted; groups are shown for sure on the record alone.
    fn shows_in_answers(&self) -> bool {
        !matches!(self.want, Want::PrimaryGroup { .. })
    }

    /// An identifier that the record has before and after the step.
    fn handle(&self, writer: &Writer) -> Option<Identifier> {
        let edits = self.want.edits();
        let goes =
            |held: &Identifier| edits.iter().any(|edit| matches!(edit, Edit::Remove(gone) if gone == held));
        let comes = || {
            edits.iter().find_map(|edit| match edit {
                Edit::Add(added) => Some(added.clone()),
                Edit::Name { .. } | Edit::Remove(_) | Edit::NoEmployeeId => None,
            })
        };
        let known = writer.directory.record(self.user);
        known.and_then(|record| record.identifiers().find(|held| !goes(held))).or_else(comes)
    }

    /// That the record is no longer as the plan saw it. A fresh revision says nothing of that: somebody else may have made it.
    fn drift(&self, record: Option<&ObservedUser>) -> Option<Outcome> {
        let record = record.filter(|record| !self.want.may_still_apply_to(record))?;
        Some(Outcome::Failed(format!("changed since the plan: {}", self.want.shown_by(record))))
    }

    /// What became of the step, by its record; `None` to send it again.
    fn judge(&self, reply: Reply, sent: Target, record: Option<&ObservedUser>) -> Option<Outcome> {
        let Some(record) = record else {
            return Some(Outcome::Failed("the record is gone".to_owned()));
        };
        if self.want.holds_in(record) {
            return Some(reply.met());
        }
        let settled = match &reply {
            Reply::Accepted => true,
            // The account's revision is the one that was sent: it was not refused for being stale.
            Reply::Refused(_) if record.revision == sent.revision() => true,
            Reply::Refused(_) | Reply::Lost(_) => match self.drift(Some(record)) {
                Some(drift) => return Some(drift),
                None => self.attempts >= ATTEMPTS,
            },
        };
        settled.then(|| reply.unmet(self.want.asked(record), self.want.shown_by(record)))
    }
}

impl<'a> Want<'a> {
    /// What a step wants, and of whom.
    pub(super) fn of(step: &'a Step) -> Option<(UserId, Self)> {
        match &step.act {
            Act::EditUser { user, edits } => Some((*user, Self::Edits(edits))),
            Act::Track { user, to } => Some((*user, Self::Tracking(*to))),
            _ => None,
        }
    }

    fn edits(self) -> &'a [Edit] {
        match self {
            Self::Edits(edits) => edits,
            Self::Tracking(_) | Self::PrimaryGroup { .. } => &[],
        }
    }

    /// What is sent; tracking goes by another call.
    fn body(self) -> FieldEdits<'a> {
        match self {
            Self::Edits(edits) => FieldEdits::of(edits.iter()),
            Self::Tracking(_) => FieldEdits::default(),
            Self::PrimaryGroup { to, .. } => FieldEdits::primary_group(to),
        }
    }

    pub(super) fn holds_in(self, record: &ObservedUser) -> bool {
        match self {
            Self::Edits(edits) => edits.iter().all(|edit| edit.holds_in(record)),
            Self::Tracking(to) => record.tracking == to,
            Self::PrimaryGroup { to, .. } => record.primary_group == Some(to),
        }
    }

    fn may_still_apply_to(self, record: &ObservedUser) -> bool {
        match self {
            Self::Edits(edits) => edits.iter().all(|edit| edit.may_still_apply_to(record)),
            // Of the two states it is in the one that is not wanted.
            Self::Tracking(_) => true,
            // What somebody else chose since is theirs.
            Self::PrimaryGroup { from, .. } => from.is_none() || record.primary_group == from,
        }
    }

    /// What was asked for and does not hold.
    pub(super) fn asked(self, record: &ObservedUser) -> String {
        let word = |edit: &Edit| match edit {
            Edit::Name { to, .. } => format!("display name {to}"),
            Edit::Add(identifier) => format!("{identifier} added"),
            Edit::Remove(identifier) => format!("{identifier} removed"),
            Edit::NoEmployeeId => "no employee ID".to_owned(),
        };
        match self {
            Self::Edits(edits) => {
                let missing = edits.iter().filter(|edit| !edit.holds_in(record)).map(word);
                missing.collect::<Vec<_>>().join(", ")
            }
            Self::Tracking(to) => tracking(to).to_owned(),
            Self::PrimaryGroup { to, .. } => format!("primary group {}", to.0),
        }
    }

    /// What the record shows instead.
    pub(super) fn shown_by(self, record: &ObservedUser) -> String {
        match self {
            Self::Edits(_) => {
                let name = record.display_name.as_ref().map(|name| format!("display name {name}"));
                let held = record.identifiers().map(|identifier| identifier.to_string());
                name.into_iter().chain(held).collect::<Vec<_>>().join(", ")
            }
            Self::Tracking(_) => tracking(record.tracking).to_owned(),
            Self::PrimaryGroup { .. } => match record.primary_group {
                Some(group) => format!("primary group {}", group.0),
                None => "no primary group".to_owned(),
            },
        }
    }
}

const fn tracking(state: Tracking) -> &'static str {
    match state {
        Tracking::Tracked => "tracked",
        Tracking::Untracked => "untracked",
    }
}
