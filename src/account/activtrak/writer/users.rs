//! Editing and tracking users: one request for up to 50 records, each judged by its own record afterwards.

use std::collections::{BTreeMap, VecDeque};

use crate::account::activtrak::identity::{self, FieldEdits, Refusals, Target};
use crate::account::activtrak::writer::collateral;
use crate::account::activtrak::writer::shared::Writer;
use crate::account::carry::{ATTEMPTS, judged};
use crate::account::error::ReadError;
use crate::account::patience::{Due, after_failure, due};
use crate::account::sent::{Refusal, Reply, Sent, words};
use crate::http::StatusCode;
use crate::model::{
    Act, Edit, Family, GroupId, Identifier, ObservedUser, Outcome, Step, StepId, Tracking, UserId,
};

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
    /// What is due as long as the record does not show it.
    due: Due,
    /// The record as it was right before it was sent last: one that went by its revision is the one that was known.
    before: Option<ObservedUser>,
}

pub(super) async fn perform(writer: &Writer, steps: &[Step]) -> Vec<(StepId, Outcome)> {
    carry_out(writer, steps.iter().filter_map(Open::of).collect()).await
}

/// Sends steps on records, together where that can be, until each is settled.
pub(super) async fn carry_out(writer: &Writer, open: Vec<Open<'_>>) -> Vec<(StepId, Outcome)> {
    let _lane = writer.record_locks.take(open.iter().map(|one| one.user).collect()).await;
    let (mut done, mut batch) = (Vec::with_capacity(open.len()), Vec::with_capacity(open.len()));
    for one in open {
        match one.drift(writer.directory.seen(one.user).as_ref()) {
            Some(drift) => done.push((one.step, drift)),
            None => batch.push(one),
        }
    }
    let mut queue = VecDeque::from([batch]);
    while let Some(batch) = queue.pop_front() {
        let mut batch = batch;
        for one in &mut batch {
            one.before = writer.directory.record(one.user);
        }
        let targets: Vec<Target> = batch.iter().map(|one| writer.directory.target(one.user)).collect();
        let sent = send(writer, &batch, &targets).await;
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
                for one in &mut batch {
                    one.hears(&sent);
                }
                let judge = |shown: &Result<_, _>| still_due(&batch, &targets, shown);
                let shown = writer.patience.look(Family::Identity, || look(writer, &batch), judge).await;
                let again = judge_all(writer, batch, &targets, &shown, &mut done);
                queue.extend((!again.is_empty()).then_some(again));
            }
        }
    }
    done
}

/// Sends a batch. What it is answered with is no reading: a single edit is answered with the record as it was at that moment.
async fn send(writer: &Writer, batch: &[Open<'_>], targets: &[Target]) -> Sent<Refusals> {
    match batch {
        [] => Sent::Accepted(Vec::new()),
        [Open { want: Want::Tracking(to), .. }, ..] => {
            identity::bulk_track(&writer.client, *to, targets).await.into()
        }
        [one] => match Sent::from(identity::patch(&writer.client, targets[0], &one.want.body()).await) {
            Sent::Accepted(_) => Sent::Accepted(Vec::new()),
            Sent::Refused { status, refusal } => Sent::Refused { status, refusal },
            Sent::Unknown(reason) => Sent::Unknown(reason),
        },
        several => {
            let edits = several.iter().map(|one| one.want.body());
            let data: Vec<_> = targets.iter().copied().zip(edits).collect();
            identity::bulk_edit(&writer.client, &data).await.into()
        }
    }
}

/// What is due of a batch, by the records as they are shown.
fn still_due(batch: &[Open<'_>], targets: &[Target], shown: &Result<Records, ReadError>) -> Due {
    let most = |due: fn(&Open<'_>) -> Due| batch.iter().map(due).max().unwrap_or(Due::Nothing);
    match shown {
        Err(error) => after_failure(error, most(|one| one.due)),
        Ok(records) => {
            let open = batch.iter().zip(targets);
            let due = open.map(|(one, sent)| one.still_due(*sent, records.get(&one.user)));
            due.max().unwrap_or(Due::Nothing)
        }
    }
}

/// Settles what can be settled; answers what is to be sent again.
fn judge_all<'a>(
    writer: &Writer,
    batch: Vec<Open<'a>>,
    targets: &[Target],
    shown: &Result<Records, ReadError>,
    done: &mut Vec<(StepId, Outcome)>,
) -> Vec<Open<'a>> {
    let mut again = Vec::new();
    for (mut one, target) in batch.into_iter().zip(targets) {
        let verdict = match shown {
            Ok(records) => one.judge(writer, *target, records.get(&one.user)),
            Err(error) => Some(one.reply.clone().unread(&words(error))),
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

/// Records as they are shown.
type Records = BTreeMap<UserId, ObservedUser>;

/// The records as they are now, and no others: one search for all, and each that it does not find on its own.
async fn look(writer: &Writer, batch: &[Open<'_>]) -> Result<Records, ReadError> {
    let mut shown = BTreeMap::new();
    if batch.len() > 1 && batch.iter().all(Open::shows_in_searches) {
        let handles: Vec<Identifier> = batch.iter().filter_map(|one| one.handle(writer)).collect();
        for record in writer.holders_now(handles).await? {
            shown.insert(record.id, record);
        }
    }
    for one in batch {
        if !shown.contains_key(&one.user)
            && let Some(record) = writer.record_now(one.user).await?
        {
            shown.insert(one.user, record);
        }
    }
    shown.retain(|id, _| batch.iter().any(|one| one.user == *id));
    Ok(shown)
}

impl<'a> Open<'a> {
    fn of(step: &'a Step) -> Option<Self> {
        let (user, want) = Want::of(step)?;
        Some(Self::new(step.id, user, want))
    }

    const fn new(step: StepId, user: UserId, want: Want<'a>) -> Self {
        Self { step, user, want, attempts: 1, reply: Reply::Accepted, due: Due::Surely, before: None }
    }

    /// A step that wants a group to be a user's primary one.
    pub(super) fn primary_group(writer: &Writer, step: StepId, user: UserId, to: GroupId) -> Self {
        // Whoever changed groups in this run has whichever the account chose since.
        let from = writer.directory.record(user).filter(|_| !writer.directory.is_regrouped(user));
        let from = from.and_then(|record| record.primary_group);
        Self::new(step, user, Want::PrimaryGroup { to, from })
    }

    /// Whether searches show what is wanted; groups are shown for sure on the record alone.
    fn shows_in_searches(&self) -> bool {
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

    /// Takes what was said to the step.
    fn hears(&mut self, sent: &Sent<Refusals>) {
        let refusal = match sent {
            Sent::Accepted(refusals) => refusals.iter().find(|refusal| refusal.0 == self.user),
            Sent::Refused { .. } | Sent::Unknown(_) => None,
        };
        let refused = |(_, reason): &(UserId, String)| Reply::Refused(Refusal::Located(reason.clone()));
        let reply = refusal.map_or_else(|| sent.reply(), refused);
        let is_stale = matches!(sent, Sent::Refused { status: Some(StatusCode::CONFLICT), .. });
        // Refused for its revision: the record is another than the one that was seen last.
        self.due = if is_stale { Due::Surely } else { due(&reply, &self.reply) };
        self.reply = reply;
    }

    /// What is due, by the record as it is shown: nothing more where it is newer than what was sent.
    fn still_due(&self, sent: Target, record: Option<&ObservedUser>) -> Due {
        let is_newer = |record: &ObservedUser| record.revision > sent.revision();
        match record {
            Some(record) if self.want.holds_in(record) || is_newer(record) => Due::Nothing,
            Some(_) | None => self.due,
        }
    }

    /// What became of the step, by its record; `None` to send it again.
    fn judge(&self, writer: &Writer, sent: Target, record: Option<&ObservedUser>) -> Option<Outcome> {
        let reply = self.reply.clone();
        let Some(record) = record else {
            return Some(Outcome::Failed("the record is gone".to_owned()));
        };
        if self.want.holds_in(record) {
            return Some(judged(reply.met(), self.want.asked_of(None), self.besides(record)));
        }
        let is_as_sent = record.revision <= sent.revision();
        let settled = match &reply {
            Reply::Accepted => true,
            // The account's revision is the one that was sent: it was not refused for being stale.
            Reply::Refused(_) if is_as_sent => true,
            Reply::Refused(_) | Reply::Lost(_) => match self.drift(Some(record)) {
                Some(drift) => return Some(drift),
                None => self.attempts >= ATTEMPTS,
            },
        };
        let (asked, shown) = (self.want.asked_of(Some(record)), self.want.shown_by(record));
        settled
            .then(|| if is_as_sent { writer.unseen(reply, asked, shown) } else { reply.unmet(asked, shown) })
    }

    /// What else of the record is not as the step should leave it.
    fn besides(&self, record: &ObservedUser) -> Option<String> {
        let expected = self.want.made_of(self.before.as_ref()?);
        collateral::of_record(&expected, record, Family::Identity)
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

    /// What the step makes of a record.
    pub(super) fn made_of(self, before: &ObservedUser) -> ObservedUser {
        match self {
            Self::Edits(edits) => before.edited(edits),
            Self::Tracking(tracking) => ObservedUser { tracking, ..before.clone() },
            Self::PrimaryGroup { .. } => before.clone(),
        }
    }

    /// What was asked for; of a record, what of it does not hold there.
    pub(super) fn asked_of(self, record: Option<&ObservedUser>) -> String {
        let word = |edit: &Edit| match edit {
            Edit::Name { to, .. } => format!("display name {to}"),
            Edit::Add(identifier) => format!("{identifier} added"),
            Edit::Remove(identifier) => format!("{identifier} removed"),
            Edit::NoEmployeeId => "no employee ID".to_owned(),
        };
        match self {
            Self::Edits(edits) => {
                let open = |edit: &&Edit| record.is_none_or(|record| !edit.holds_in(record));
                let missing = edits.iter().filter(open).map(word);
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
