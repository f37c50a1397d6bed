//! What stands above the changes: the verdict, what speaks against the plan, what is to be done by hand, what to know.

use serde::Serialize;

use crate::apply::{Ending, Report};
use crate::model::Origin;
use crate::plan::Plan;
use crate::render::escape::visible;
use crate::render::html::page::Page;
use crate::render::json::document::{self, Document, Status};
use crate::render::layout::Row;
use crate::render::outline::{Outline, way_past};
use crate::render::report::headlines;
use crate::render::verdict::Verdict;
use crate::render::view::{Detail, View};
use crate::render::words;

/// The head of a page.
#[derive(Serialize)]
pub(super) struct Head {
    account: String,
    banner: Option<String>,
    warnings: Vec<Sentence>,
    headlines: Vec<String>,
    /// Which colour it has.
    status: Status,
    digest: String,
    violations: Vec<Sentence>,
    blockers: Vec<Blocker>,
    way_past: String,
    manual: Vec<Step>,
    exports: Vec<Sentence>,
    notices: Vec<Notice>,
}

/// A sentence, and the place that it is about.
#[derive(Serialize)]
struct Sentence {
    text: String,
    place: Option<String>,
}

/// Something unknown or impossible.
#[derive(Serialize)]
struct Blocker {
    code: String,
    message: String,
    candidates: Vec<String>,
    ways_out: Vec<String>,
    place: Option<String>,
}

/// Something to be done by hand.
#[derive(Serialize)]
struct Step {
    what: String,
    /// Where to click.
    place: String,
    why: String,
    /// Where it is asked for.
    at: Option<String>,
}

/// Something to know, and about whom.
#[derive(Serialize)]
struct Notice {
    message: String,
    about: Vec<String>,
    place: Option<String>,
}

/// A run, with what became of each change.
pub(super) type Run<'a> = (&'a Report, &'a [Verdict<'a>]);

impl Head {
    /// The head of the page of a plan, or of the report of a run.
    pub(super) fn of(
        (plan, run): (&Plan, Option<Run<'_>>),
        document: &Document,
        view: &View<'_>,
        page: &Page<'_>,
    ) -> Self {
        let outline = Outline::new(plan, view);
        let said = |row: &Row, origin: Origin| Sentence { text: row.text(), place: place(view, origin) };
        let headlines = match run {
            Some((report, verdicts)) => {
                headlines(plan, report, verdicts).into_iter().map(|(_, line)| line).collect()
            }
            None => vec![words::headline(plan, Some(page.forecast))],
        };
        Self {
            account: shown(&plan.account),
            banner: page.banner.map(shown),
            warnings: warnings(plan, view),
            headlines: all_shown(&headlines),
            status: run.map_or(document.status, |(report, _)| status(report)),
            digest: plan.digest.to_string(),
            violations: plan.violations.iter().map(|it| said(&outline.violation(it), it.origin)).collect(),
            blockers: document.blockers.iter().map(blocker).collect(),
            way_past: way_past(plan, view).text(),
            manual: document.manual.iter().map(step).collect(),
            exports: plan.exports.iter().map(|it| said(&outline.export(it), it.origin)).collect(),
            notices: document.notices.iter().map(notice).collect(),
        }
    }
}

/// The colour of what a run comes to.
fn status(report: &Report) -> Status {
    match report.ending() {
        Ending::Done => Status::Empty,
        Ending::Pending => Status::Changes,
        Ending::Unfinished => Status::Blocked,
    }
}

/// What of the base branch is missing, and what was loosened against it.
fn warnings(plan: &Plan, view: &View<'_>) -> Vec<Sentence> {
    let base = plan.base_gap.iter().map(|gap| Sentence {
        text: shown(&format!("Base branch: {}", view.phrase(gap, Detail::Full))),
        place: None,
    });
    let loosened = plan.loosened.iter().map(|notice| Sentence {
        text: shown(&format!("Policy loosened: {}", view.phrase(&notice.message, Detail::Full))),
        place: place(view, notice.origin),
    });
    base.chain(loosened).collect()
}

fn blocker(it: &document::Blocker) -> Blocker {
    Blocker {
        code: it.code.clone(),
        message: shown(&it.message),
        candidates: all_shown(&it.candidates),
        ways_out: all_shown(&it.ways_out),
        place: written(it.origin.as_ref()),
    }
}

fn step(it: &document::Manual) -> Step {
    Step {
        what: shown(&it.what),
        place: shown(&it.place),
        why: shown(&it.why),
        at: written(it.origin.as_ref()),
    }
}

fn notice(it: &document::Notice) -> Notice {
    Notice { message: shown(&it.message), about: all_shown(&it.about), place: written(it.origin.as_ref()) }
}

fn place(view: &View<'_>, origin: Origin) -> Option<String> {
    view.place(origin).as_deref().map(shown)
}

fn written(origin: Option<&document::Origin>) -> Option<String> {
    origin.map(|at| shown(&format!("{}:{}", at.file, at.line)))
}

fn shown(text: &str) -> String {
    visible(text).into_owned()
}

fn all_shown(texts: &[String]) -> Vec<String> {
    texts.iter().map(|text| shown(text)).collect()
}
