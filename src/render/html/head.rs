//! What stands above the changes: the verdict, what speaks against the plan, what is to be done by hand, what to know.

use serde::Serialize;

use crate::apply::{Ending, Report};
use crate::model::Origin;
use crate::plan::Plan;
use crate::render::escape::visible;
use crate::render::html::page::Page;
use crate::render::json::{Document, Status};
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

impl Head {
    /// The head of the page of a plan.
    pub(super) fn of(
        (plan, run): (&Plan, Option<(&Report, &[Verdict<'_>])>),
        document: &Document,
        view: &View<'_>,
        page: &Page<'_>,
    ) -> Self {
        let outline = Outline::new(plan, view);
        let place = |origin: Origin| view.place(origin).as_deref().map(shown);
        let said = |row: &Row, origin: Origin| Sentence { text: row.text(), place: place(origin) };
        let base = plan.base_gap.iter().map(|gap| Sentence {
            text: shown(&format!("Base branch: {}", view.phrase(gap, Detail::Full))),
            place: None,
        });
        let loosened = plan.loosened.iter().map(|notice| Sentence {
            text: shown(&format!("Policy loosened: {}", view.phrase(&notice.message, Detail::Full))),
            place: place(notice.origin),
        });
        Self {
            account: shown(&plan.account),
            banner: page.banner.map(shown),
            warnings: base.chain(loosened).collect(),
            headlines: match run {
                Some((report, verdicts)) => {
                    headlines(plan, report, verdicts).iter().map(|(_, line)| shown(line)).collect()
                }
                None => vec![shown(&words::headline(plan, Some(page.forecast)))],
            },
            status: match run.map(|(report, _)| report.ending()) {
                None => document.status,
                Some(Ending::Done) => Status::Empty,
                Some(Ending::Pending) => Status::Changes,
                Some(Ending::Unfinished) => Status::Blocked,
            },
            digest: plan.digest.to_string(),
            violations: plan.violations.iter().map(|it| said(&outline.violation(it), it.origin)).collect(),
            blockers: document
                .blockers
                .iter()
                .zip(&plan.blockers)
                .map(|(it, of)| Blocker {
                    code: it.code.clone(),
                    message: shown(&it.message),
                    candidates: all_shown(&it.candidates),
                    ways_out: all_shown(&it.ways_out),
                    place: place(of.origin),
                })
                .collect(),
            way_past: way_past(plan, view).text(),
            manual: document
                .manual
                .iter()
                .map(|it| Step {
                    what: shown(&it.what),
                    place: shown(&it.place),
                    why: shown(&it.why),
                    at: it.origin.as_ref().map(|at| shown(&format!("{}:{}", at.file, at.line))),
                })
                .collect(),
            exports: plan.exports.iter().map(|it| said(&outline.export(it), it.origin)).collect(),
            notices: document
                .notices
                .iter()
                .zip(&plan.notices)
                .map(|(it, of)| Notice {
                    message: shown(&it.message),
                    about: all_shown(&it.about),
                    place: place(of.origin),
                })
                .collect(),
        }
    }
}

fn shown(text: &str) -> String {
    visible(text).into_owned()
}

fn all_shown(texts: &[String]) -> Vec<String> {
    texts.iter().map(|text| shown(text)).collect()
}
