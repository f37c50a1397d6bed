//! Which lines of the manifests is a reviewer to look at? Those that something is wrong with, and those that cause what hurts.

use crate::diag::{Diagnostic, Place, Severity as Gravity, Sources};
use crate::model::{Activation, Change, Fact, Severity, Tracking};
use crate::plan::{Plan, ViolationKind};
use crate::render::view::{Detail, Redaction, View, masked};
use crate::render::words;

/// How much a remark matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// It stands against the manifests or the plan.
    Error,
    /// It hurts, or may.
    Warning,
    /// It is good to know.
    Notice,
}

impl Level {
    /// Every level, the worst first.
    pub const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Notice];
}

/// Something to say beside a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// How much it matters.
    pub level: Level,
    /// The file and the line, unless no manifest says it.
    pub place: Option<(String, usize)>,
    /// What it is about.
    pub title: String,
    /// What there is to say.
    pub message: String,
}

/// What there is to say of a plan, the worst first: what stands against it, what can't be undone, who is no longer tracked, and what
/// was loosened or is to be known.
pub fn of_plan(plan: &Plan, view: &View<'_>) -> Vec<Remark> {
    let at = |origin| view.locate(origin).map(|at| (at.source.path().to_owned(), at.line));
    let mut remarks = Vec::new();
    for blocker in &plan.blockers {
        let ways = blocker.ways_out.iter().map(|way| format!(" → {}", view.phrase(way, Detail::Full)));
        let message = view.phrase(&blocker.message, Detail::Full) + &ways.collect::<String>();
        let title = format!("Blocked: {}", blocker.code.name());
        remarks.push(Remark { level: Level::Error, place: at(blocker.origin), title, message });
    }
    for violation in &plan.violations {
        let (title, message) = broken(&violation.kind, plan, view);
        remarks.push(Remark { level: Level::Error, place: at(violation.origin), title, message });
    }
    let says = |change: &Change, origin, title: &str| {
        let words::Title { name, fate } = words::title(change, view);
        let message = if fate.is_empty() { name } else { format!("{name}: {fate}") };
        Remark { level: Level::Warning, place: at(origin), title: title.to_owned(), message }
    };
    let irreversible = plan.changes.iter().filter(|change| change.severity == Severity::Irreversible);
    remarks.extend(irreversible.map(|change| says(change, change.origin, "Can't be undone")));
    for change in plan.changes.iter().filter(|change| change.severity != Severity::Irreversible) {
        let untracked = change.facts.iter().find(|fact| untracks(fact));
        remarks.extend(untracked.map(|fact| says(change, fact.origin, "No longer tracked")));
    }
    let loosened = plan.loosened.iter().map(|notice| (Level::Warning, "Policy loosened", notice));
    let known = plan.notices.iter().map(|notice| (Level::Notice, "To know", notice));
    for (level, title, notice) in loosened.chain(known) {
        let message = view.phrase(&notice.message, Detail::Full);
        remarks.push(Remark { level, place: at(notice.origin), title: title.to_owned(), message });
    }
    remarks
}

/// A limit or protection that is broken: what, and how far.
fn broken(kind: &ViolationKind, plan: &Plan, view: &View<'_>) -> (String, String) {
    match kind {
        ViolationKind::Limit { limit, of, planned, allowed } => {
            let of =
                of.as_ref().map_or_else(String::new, |of| format!(" ({})", view.phrase(of, Detail::Name)));
            (format!("Over the limit {}", limit.path()), format!("{planned} planned, {allowed} allowed{of}"))
        }
        ViolationKind::Protected { object, change } => {
            let by = words::name(plan.change(*change), view);
            ("Protected".to_owned(), format!("{}: changed by {by}", view.phrase(object, Detail::Full)))
        }
        ViolationKind::Unproved => {
            ("Unproved".to_owned(), "users were not read: who enters and leaves is not seen".to_owned())
        }
    }
}

/// Whether a fact ends the tracking of somebody, or that they may log in.
fn untracks(fact: &Fact) -> bool {
    fact.turned_tracking() == Some(Tracking::Untracked)
        || fact.turned_status() == Some(Activation::Deactivated)
}

/// What there is to say of manifests, the worst first.
pub fn of_manifests(found: &[Diagnostic], sources: &Sources, redaction: Redaction) -> Vec<Remark> {
    let mut remarks: Vec<Remark> = found.iter().map(|it| of_diagnostic(it, sources, redaction)).collect();
    remarks.sort_by_key(|remark| remark.level);
    remarks
}

fn of_diagnostic(it: &Diagnostic, sources: &Sources, redaction: Redaction) -> Remark {
    let place = match &it.place {
        Place::File(path) => Some((path.to_string(), 1)),
        Place::Span(span) => sources.locate(*span).map(|at| (at.source.path().to_owned(), at.line)),
    };
    let message = match redaction {
        Redaction::Off | Redaction::Addresses => {
            let help = it.help.as_ref().map_or_else(String::new, |help| format!(" → {help}"));
            let message = format!("{}{help}", it.message);
            if redaction == Redaction::Off { message } else { masked(&message).into_owned() }
        }
        Redaction::On => it.code.summary().to_owned(),
    };
    let level = match it.severity {
        Gravity::Error => Level::Error,
        Gravity::Warning => Level::Warning,
    };
    Remark { level, place, title: it.code.name().to_owned(), message }
}
