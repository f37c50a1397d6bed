//! What became of each change? The outcomes of its steps, the worst of which is the change's.

use std::collections::BTreeMap;

use crate::apply::Report;
use crate::model::{
    Act, Activation, Cause, Change, ChangeId, Delta, Field, Object, Outcome, Piece, Step, StepId, Tracking,
    UserId, UserRef,
};
use crate::plan::Plan;
use crate::render::view::{Detail, View};
use crate::render::words;

/// How a change or a step stands after a run, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Standing {
    Mismatched,
    Unknown,
    Failed,
    Skipped,
    NotAttempted,
    Pending,
    Applied,
    AlreadyTrue,
    /// It has no write of its own.
    Follows,
}

impl Standing {
    /// Every one, the worst first.
    pub(crate) const ALL: [Self; 9] = [
        Self::Mismatched,
        Self::Unknown,
        Self::Failed,
        Self::Skipped,
        Self::NotAttempted,
        Self::Pending,
        Self::Applied,
        Self::AlreadyTrue,
        Self::Follows,
    ];

    /// What it is called in a count.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Mismatched => "mismatched",
            Self::Unknown => "unknown",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
            Self::NotAttempted => "not tried",
            Self::Pending => "pending",
            Self::Applied => "applied",
            Self::AlreadyTrue => "already so",
            Self::Follows => "followed",
        }
    }

    /// How a step stands. What waits for something pending is pending itself.
    pub(crate) fn of(outcome: &Outcome, report: &Report) -> Self {
        match outcome {
            Outcome::Applied => Self::Applied,
            Outcome::AlreadyTrue => Self::AlreadyTrue,
            Outcome::Pending | Outcome::Unseen => Self::Pending,
            Outcome::Failed(_) => Self::Failed,
            Outcome::Skipped(cause) if report.outcome(*cause).is_some_and(Outcome::is_pending) => {
                Self::Pending
            }
            Outcome::Skipped(_) => Self::Skipped,
            Outcome::NotAttempted => Self::NotAttempted,
            Outcome::Unknown(_) => Self::Unknown,
            Outcome::Mismatched { .. } | Outcome::Overdone { .. } => Self::Mismatched,
        }
    }
}

/// A change with what became of its steps.
pub(crate) struct Verdict<'a> {
    pub(crate) change: &'a Change,
    pub(crate) standing: Standing,
    /// Its steps with their outcomes, in order.
    pub(crate) steps: Vec<(&'a Step, &'a Outcome)>,
    /// The step of another change from which this one follows, where that is not done and worse than its own.
    pub(crate) cause: Option<&'a Step>,
}

impl<'a> Verdict<'a> {
    /// The first step that stands as the change does: what is said of the change.
    pub(crate) fn decisive(&self, report: &Report) -> Option<(&'a Step, &'a Outcome)> {
        self.steps.iter().copied().find(|(_, outcome)| Standing::of(outcome, report) == self.standing)
    }
}

/// What became of every change, in the order of the plan. The upload counts for every change of the HR set, and the removal of
/// a user for every other group that the user leaves by it. What follows from a step that is not done is not done either.
pub(crate) fn verdicts<'a>(plan: &'a Plan, report: &'a Report) -> Vec<Verdict<'a>> {
    let mut steps: BTreeMap<ChangeId, Vec<(&Step, &Outcome)>> = BTreeMap::new();
    let in_set: Vec<ChangeId> =
        plan.snapshot.iter().flat_map(|planned| &planned.groups).filter_map(|group| group.change).collect();
    for step in plan.steps() {
        let outcome = report.outcome(step.id).unwrap_or(&Outcome::NotAttempted);
        for change in
            step.change.as_slice().iter().chain(if step.change.is_none() { &in_set[..] } else { &[] })
        {
            steps.entry(*change).or_default().push((step, outcome));
        }
    }
    let removals = removals(plan);
    let causes = causes(plan, report);
    let verdict = |change: &'a Change| {
        let mut steps = steps.remove(&change.id).unwrap_or_default();
        let left = left_by_removal(change).filter(|_| !in_set.contains(&change.id));
        for step in left.filter_map(|user| removals.get(&user).copied()) {
            steps.push((step, report.outcome(step.id).unwrap_or(&Outcome::NotAttempted)));
        }
        let standings = steps.iter().map(|(_, outcome)| Standing::of(outcome, report));
        let own = standings.min().unwrap_or(Standing::Follows);
        let cause = causes.get(&change.id).filter(|(standing, _)| *standing < own);
        let standing = cause.map_or(own, |(standing, _)| *standing);
        Verdict { change, standing, steps, cause: cause.map(|(_, step)| *step) }
    };
    plan.changes.iter().map(verdict).collect()
}

/// The changes that follow from steps of others which are not done: how that leaves them, at worst, and by which step.
fn causes<'a>(plan: &'a Plan, report: &Report) -> BTreeMap<ChangeId, (Standing, &'a Step)> {
    let mut causes: BTreeMap<ChangeId, (Standing, &Step)> = BTreeMap::new();
    for (change, step) in &plan.follows {
        let Some(step) = step_of(*step, plan).filter(|step| step.change != Some(*change)) else { continue };
        let outcome = report.outcome(step.id).unwrap_or(&Outcome::NotAttempted);
        let standing = match Standing::of(outcome, report) {
            Standing::Applied | Standing::AlreadyTrue | Standing::Follows => continue,
            Standing::Pending => Standing::Pending,
            Standing::Mismatched | Standing::Unknown => Standing::Unknown,
            Standing::Failed | Standing::Skipped | Standing::NotAttempted => Standing::Skipped,
        };
        let cause = causes.entry(*change).or_insert((standing, step));
        if standing < cause.0 {
            *cause = (standing, step);
        }
    }
    causes
}

/// The steps that remove users.
fn removals(plan: &Plan) -> BTreeMap<UserId, &Step> {
    let removal = |step: &'_ Step| match step.act {
        Act::RemoveUser { user, .. } => Some(user),
        _ => None,
    };
    plan.steps().filter_map(|step| Some((removal(step)?, step))).collect()
}

/// The users who leave the group of a change because they are removed.
fn left_by_removal(change: &Change) -> impl Iterator<Item = UserId> {
    let facts = change.facts.iter();
    let left = facts.filter(|fact| fact.field == Field::Member && fact.cause == Cause::Consequence);
    left.filter_map(|fact| match &fact.delta {
        Delta::Remove(Piece::User(label)) => label.record,
        _ => None,
    })
}

/// What became of the upload, if one was planned.
pub(crate) fn of_upload<'a>(plan: &Plan, report: &'a Report) -> Option<&'a Outcome> {
    let upload = plan.steps().find(|step| matches!(step.act, Act::Upload(_)))?;
    Some(report.outcome(upload.id).unwrap_or(&Outcome::NotAttempted))
}

/// Why a step stands as it does.
pub(crate) fn reason(outcome: &Outcome, plan: &Plan, view: &View<'_>) -> String {
    let quoted = |words| view.redaction().words_of_the_account(words);
    match outcome {
        Outcome::Applied => "applied".to_owned(),
        Outcome::AlreadyTrue => "was so already".to_owned(),
        Outcome::Pending => "accepted, and not to be seen yet".to_owned(),
        Outcome::Unseen => "sent by an earlier run, and not to be seen yet".to_owned(),
        Outcome::Failed(why) => format!("failed: {}", quoted(why)),
        Outcome::Skipped(cause) => match because(*cause, plan) {
            Some(change) => format!("skipped: it needs {}", words::name(change, view)),
            None => "skipped: it needs the HR snapshot".to_owned(),
        },
        Outcome::NotAttempted => "not tried: the run was stopped".to_owned(),
        Outcome::Unknown(why) => format!("unknown: {}", quoted(why)),
        Outcome::Mismatched { asked, answered } => {
            format!("asked for {}, reads back as {}", quoted(asked), quoted(answered))
        }
        Outcome::Overdone { asked, besides } => {
            format!("asked for {}, and besides that {}", quoted(asked), quoted(besides))
        }
    }
}

/// The change of the step that another was skipped for; none for the upload.
pub(crate) fn because(cause: StepId, plan: &Plan) -> Option<&Change> {
    step_of(cause, plan)?.change.map(|change| plan.change(change))
}

fn step_of(id: StepId, plan: &Plan) -> Option<&Step> {
    plan.phases.iter().find_map(|phase| {
        let at = phase.steps.binary_search_by_key(&id, |step| step.id).ok()?;
        phase.steps.get(at)
    })
}

/// What a step does to its change's object.
pub(crate) fn act(step: &Step, verdict: &Verdict<'_>, plan: &Plan, view: &View<'_>) -> String {
    let named = |user| member(user, verdict.change, plan, view);
    match &step.act {
        Act::CreateUser(_) => "create the record".to_owned(),
        Act::EditUser { .. } => "edit name and identifiers".to_owned(),
        Act::MoveAgent { agent, .. } => format!("move agent {}", agent.0),
        Act::Track { to: Tracking::Tracked, .. } => "track".to_owned(),
        Act::Track { to: Tracking::Untracked, .. } => "untrack".to_owned(),
        Act::SetStatus { to: Activation::Active, .. } => "activate".to_owned(),
        Act::SetStatus { to: Activation::Deactivated, .. } => "deactivate".to_owned(),
        Act::AddExclusion(_) => "add the exclusion".to_owned(),
        Act::RemoveExclusion { .. } => "remove the exclusion".to_owned(),
        Act::CreateGroup(..) => "create the group".to_owned(),
        Act::RenameGroup { .. } => "rename the group".to_owned(),
        Act::DescribeGroup { .. } => "change the description".to_owned(),
        Act::SetRules { .. } => "change the conditions".to_owned(),
        Act::Join { user, .. } => format!("+ {}", named(*user)),
        Act::Leave { user, .. } => format!("- {}", named(UserRef::Known(*user))),
        Act::AddComputer { computer, .. } => format!("+ computer {}", computer.0),
        Act::RemoveComputer { computer, .. } => format!("- computer {}", computer.0),
        Act::SetPrimaryGroup { user, name, .. } => match verdict.change.object {
            Object::User(_) => format!("make {name} the primary group"),
            Object::Group { .. } | Object::Exclusion { .. } => {
                format!("keep {name} the primary group of {}", named(*user))
            }
        },
        Act::Upload(_) => "upload the HR snapshot".to_owned(),
        Act::DeleteGroup { .. } => "delete the group".to_owned(),
        Act::EraseHistory { .. } => "erase all history".to_owned(),
        Act::RemoveUser { .. } => "remove record and history".to_owned(),
        Act::Unblock(_) => "remove the rules on its identifiers".to_owned(),
    }
}

/// A member by the name that the change's facts give it.
fn member(user: UserRef, change: &Change, plan: &Plan, view: &View<'_>) -> String {
    let called = |id: UserId| {
        change.facts.iter().flat_map(|fact| words::pieces(&fact.delta)).find_map(|piece| match piece {
            Piece::User(label) if label.record == Some(id) => Some(view.user(label, Detail::Name)),
            Piece::User(_) | Piece::Plain(_) | Piece::Personal(_) => None,
        })
    };
    match user {
        UserRef::New(change) => words::name(plan.change(change), view),
        UserRef::Known(id) => called(id).unwrap_or_else(|| format!("record {}", id.0)),
    }
}
