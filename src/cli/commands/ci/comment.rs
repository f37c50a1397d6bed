//! What stands in the comment on a pull request, and how does it get there? It never decides how a run ends.

use crate::cli::commands::ci::job::Job;
use crate::cli::commands::ci::outcome::{Outcome, words};
use crate::cli::process::failure::Failure;
use crate::cli::process::runtime;
use crate::github::{About, Api, Comment, Commenting, Ours, put};
use crate::render::markdown::COMMENT;
use crate::render::{Marker, Validity, code_block, code_span, cut, through};

/// What of a report is shown above the plan that it is about.
pub(super) const REPORT: usize = 15_000;

/// A comment that is to be written.
#[derive(Debug)]
pub(super) struct Note {
    /// On which pull request.
    pub(super) number: u64,
    /// What its first line says.
    pub(super) marker: Marker,
    /// What it says below that.
    pub(super) body: String,
    /// Whether there is something to say where no comment is there yet.
    pub(super) news: News,
}

/// Whether there is something to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum News {
    /// There are changes, or something stands against them.
    Some,
    /// There is nothing to do.
    None,
}

/// Writes a comment where the workflow wants one of this account. What goes wrong is a notice.
pub(super) fn write(job: &Job<'_>, outcome: &mut Outcome, note: &Note) {
    if job.inputs.comment == Commenting::Never || job.inputs.report.is_some() {
        return;
    }
    match job.api().and_then(|api| runtime::block_on(written(job, &api, note))) {
        Ok(Some(comment)) => outcome.set("comment-url", comment.url),
        Ok(None) => {}
        Err(failure) => unwritten(job, outcome, &failure),
    }
}

/// Says that a comment is not written, and why.
pub(super) fn unwritten(job: &Job<'_>, outcome: &mut Outcome, failure: &Failure) {
    outcome.missed(job, ("No comment", "the comment is not written"), failure);
}

async fn written(job: &Job<'_>, api: &Api, note: &Note) -> Result<Option<Comment>, Failure> {
    let about = About::Account(&note.marker.account);
    let ours = Ours { author: &job.inputs.comment_author, about };
    if job.inputs.comment == Commenting::Changes && note.news == News::None {
        let comments = api.comments(note.number).await?;
        if ours.find(&comments).is_none() {
            return Ok(None);
        }
    }
    let body = format!("{}\n{}", note.marker.line(), note.body);
    let body = String::from_utf8_lossy(&through(body.as_bytes())).into_owned();
    Ok(Some(put(api, note.number, ours, &body).await?))
}

/// How it reads that nothing could be found out.
pub(super) fn failed(job: &Job<'_>, heading: &str, headline: &str, failure: &Failure) -> String {
    format!(
        "{heading}\n**{headline}** All of it is in {}.\n\n{}",
        job.runner.link(),
        code_block("text", &cut(&words(failure, job.redaction), REPORT))
    )
}

/// The comment of a plan, once it was carried out: what became of it above what it was.
pub(super) fn carried_out(
    job: &Job<'_>,
    (before, marker): (&str, Marker),
    (headline, report): (&str, &str),
) -> Note {
    let heading = format!("### Rollcall: {}\n", code_span(&marker.account));
    let head = became(job, &heading, (headline, report));
    let body = above((marker.line().len(), &head), WAS, before);
    Note { number: 0, marker, body, news: News::Some }
}

/// What became of a plan, below a heading.
pub(super) fn became(job: &Job<'_>, heading: &str, (headline, report): (&str, &str)) -> String {
    let report =
        if report.trim().is_empty() { String::new() } else { code_block("text", &cut(report, REPORT)) };
    format!("{heading}\n**{headline}** All of it is in {}.\n\n{report}\n", job.runner.link())
}

/// Something new above what was there before, below its marker and below what an earlier run put above it; where there is room for
/// both. `was` stands between the two.
pub(super) fn above((marker, head): (usize, &str), was: &str, before: &str) -> String {
    let below = before.split_once('\n').map_or("", |(_, below)| below);
    let below = below.rsplit_once(was).map_or(below, |(_, below)| below);
    let is_room = marker + head.len() + was.len() + below.len() < COMMENT;
    if is_room { format!("{head}{was}{below}") } else { head.to_owned() }
}

/// What stands between an outcome and the plan that it is of.
const WAS: &str = "---\n\n#### The plan that was reviewed\n\n";

/// The same marker for a comment that approves nothing any more.
pub(super) fn closed(marker: Marker) -> Marker {
    Marker { validity: Validity::Closed, ..marker }
}
