//! What became of many accounts? One comment for all of them, or a few, and red if one of them is, or nobody can tell.

use std::collections::BTreeMap;

use crate::cli::commands::ci::comment;
use crate::cli::commands::ci::job::Job;
use crate::cli::commands::ci::outcome::Outcome;
use crate::cli::commands::ci::result::commit;
use crate::cli::commands::ci::results::{self, Wanted, exit_of};
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::cli::process::runtime;
use crate::cli::product::output;
use crate::github::{About, Api, Comment, Commenting, Origin, Ours, Trigger, pages, pull_of, put};
use crate::render::json::Counts;
use crate::render::merged::{self, Line, What};
use crate::render::{Marker, Validity, through, visible};

/// So many accounts are named in the last words of the log.
const NAMED: usize = 20;

/// Accounts of which not all is well.
#[derive(Debug, thiserror::Error)]
#[error("{red} of {of} accounts are red")]
struct Red {
    red: usize,
    of: usize,
}

/// Says it.
pub(super) fn run(job: &Job<'_>, outcome: &mut Outcome, trigger: &Trigger) -> Result<Exit, Failure> {
    let wanted = Wanted { repository: job.repository()?, commit: commit(trigger) };
    let mut lines = results::read(job.path(), wanted)?;
    merged::sort(&mut lines);
    if let Err(failure) = told(job, outcome, (trigger, &mut lines)) {
        comment::unwritten(job, outcome, &failure);
    }
    outcome.summary = merged::summary(&lines, &job.runner.link());
    outcome.count(sum(&lines));
    output::stream(job.cx, |out| {
        lines.iter().try_for_each(|line| writeln!(out, "{}: {}", visible(&line.account), line.word()))
    })?;
    red(outcome, &lines)
}

/// Tells it on the pull request, where there is one.
fn told(
    job: &Job<'_>,
    outcome: &mut Outcome,
    (trigger, lines): (&Trigger, &mut Vec<Line>),
) -> Result<(), Failure> {
    if job.inputs.comment == Commenting::Never {
        return Ok(());
    }
    let written = match trigger {
        Trigger::PullRequest(pull) if pull.origin == Origin::Inside => {
            let api = job.api()?;
            runtime::block_on(async {
                let comments = api.comments(pull.number).await?;
                write(job, &api, (pull.number, &comments), lines).await
            })
        }
        Trigger::Push(push) => {
            let api = job.api()?;
            runtime::block_on(async {
                let Some(pull) = pull_of(&api, push).await? else { return Ok(None) };
                let comments = api.comments(pull.number).await?;
                reviewed(job, &comments, lines);
                write(job, &api, (pull.number, &comments), lines).await
            })
        }
        Trigger::PullRequest(_) | Trigger::MergeGroup { .. } | Trigger::Privileged | Trigger::Other(_) => {
            Ok(None)
        }
    };
    if let Some(comment) = written? {
        outcome.set("comment-url", comment.url);
    }
    Ok(())
}

/// Keeps what the comments say was reviewed; what was applied approves nothing any more.
fn reviewed(job: &Job<'_>, comments: &[Comment], lines: &mut Vec<Line>) {
    let ours = pages(comments, &job.inputs.comment_author).into_iter();
    let markers = ours.flat_map(|(comment, _)| Marker::all(comment.body.as_deref().unwrap_or_default()));
    let mut markers: BTreeMap<String, Marker> =
        markers.map(|marker| (marker.account.clone(), marker)).collect();
    for line in &mut *lines {
        line.marker = markers.remove(&line.account);
        let is_applied = match &line.what {
            What::Said(result) => {
                result.command == "apply" && matches!(exit_of(result), Some(Exit::Done | Exit::Pending))
            }
            What::Unsaid(_) | What::Reviewed => false,
        };
        if let Some(marker) = line.marker.as_mut().filter(|_| is_applied) {
            marker.validity = Validity::Closed;
        }
    }
    let others = markers.into_iter();
    lines.extend(others.map(|(account, marker)| Line {
        account,
        what: What::Reviewed,
        marker: Some(marker),
    }));
    merged::sort(lines);
}

/// Writes the comments, each in its place, and takes away those that are too many by now; answers the first.
async fn write(
    job: &Job<'_>,
    api: &Api,
    (number, comments): (u64, &[Comment]),
    lines: &[Line],
) -> Result<Option<Comment>, Failure> {
    let author = job.inputs.comment_author.as_str();
    let there = pages(comments, author);
    let wanted = match job.inputs.comment {
        Commenting::Changes => lines.iter().any(Line::has_news),
        Commenting::Always | Commenting::Never => !lines.is_empty(),
    };
    if !wanted && there.is_empty() {
        return Ok(None);
    }
    let bodies = merged::comments(lines, &job.runner.link());
    let mut first = None;
    for (at, body) in bodies.iter().enumerate() {
        let body = String::from_utf8_lossy(&through(body.as_bytes())).into_owned();
        let written = put(api, number, Ours { author, about: About::Page(at + 1) }, &body).await?;
        first.get_or_insert(written);
    }
    for (comment, _) in there.iter().filter(|(_, page)| *page > bodies.len()) {
        api.take_away(comment.id).await?;
    }
    Ok(first)
}

/// What all plans have.
fn sum(lines: &[Line]) -> Counts {
    let counts = lines.iter().filter_map(|line| match &line.what {
        What::Said(result) => result.counts,
        What::Unsaid(_) | What::Reviewed => None,
    });
    counts.fold(Counts::default(), |sum, of| Counts {
        changes: sum.changes.saturating_add(of.changes),
        to_add: sum.to_add.saturating_add(of.to_add),
        to_change: sum.to_change.saturating_add(of.to_change),
        to_remove: sum.to_remove.saturating_add(of.to_remove),
        irreversible: sum.irreversible.saturating_add(of.irreversible),
    })
}

/// Red if one of them is: as the worst of them, which is the first.
fn red(outcome: &mut Outcome, lines: &[Line]) -> Result<Exit, Failure> {
    let red: Vec<&Line> = lines.iter().filter(|line| line.is_red()).collect();
    let Some(worst) = red.first() else { return Ok(Exit::Done) };
    let exit = match &worst.what {
        What::Said(result) => exit_of(result).unwrap_or(Exit::Error),
        What::Unsaid(_) | What::Reviewed => Exit::Error,
    };
    if worst.word() == "unreviewed" {
        outcome.reason = Some("unreviewed");
    }
    let mut failure = Failure::new(exit, Red { red: red.len(), of: lines.len() });
    failure.points =
        red.iter().take(NAMED).map(|line| format!("{}: {}", line.account, line.word())).collect();
    if red.len() > NAMED {
        failure.points.push(format!("and {} more", red.len() - NAMED));
    }
    Err(failure.hint("the job of each says why; run those jobs again, and this one after them"))
}
