//! Which plan was reviewed for what was merged, and who approved its violations?

use crate::cli::commands::ci::job::Job;
use crate::cli::process::failure::Failure;
use crate::github::{Api, Comment, Pull, Push, ReviewKey, Reviewed, approver, pull_of, reviews};
use crate::plan::Digest;
use crate::render::merged::part_of;
use crate::render::{Marker, Validity, page_of};

/// A plan that was reviewed on a pull request.
#[derive(Debug)]
pub(super) struct Found {
    /// The number of the pull request.
    pub(super) number: u64,
    /// What the comment on it shows of the plan, behind a first line, where it shows all.
    pub(super) shown: Option<String>,
    /// What the comment says of itself.
    pub(super) marker: Marker,
    /// The plan.
    pub(super) digest: Digest,
    /// Who approved its violations.
    pub(super) approver: Option<String>,
}

/// Nothing was reviewed that could be applied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unreviewed {
    #[error(
        "there is no ROLLCALL_REVIEW_KEY, and no {0} to make one of, so nobody can tell what was reviewed"
    )]
    NoKey(&'static str),
    #[error("{0} is the merge of no pull request that GitHub knows")]
    NoPull(String),
    #[error("#{0} has no comment with a plan for {1}")]
    NoComment(u64, String),
    #[error("the comment on #{0} shows no plan: none could be made")]
    NoPlan(u64),
    #[error("what the comment on #{0} shows was applied already")]
    Closed(u64),
    #[error("the comment on #{0} shows the plan of another commit than the one that was merged")]
    OtherHead(u64),
    #[error("the comment on #{0} is not signed, or not with the key that this job has, or was changed since")]
    Unsigned(u64),
}

/// Finds it.
pub(super) async fn find(
    job: &Job<'_>,
    api: &Api,
    (push, account): (&Push, &str),
    key: &ReviewKey,
) -> Result<Result<Found, Unreviewed>, Failure> {
    let Some(pull) = pull_of(api, push).await? else {
        return Ok(Err(Unreviewed::NoPull(push.after.clone())));
    };
    let comments = api.comments(pull.number).await?;
    let (comment, marker, digest) = match judged(job, (&pull, &comments), account, key)? {
        Ok(found) => found,
        Err(unreviewed) => return Ok(Err(unreviewed)),
    };
    let approver = approver(api, &comments, digest, pull.user.as_ref()).await?;
    let body = comment.body.unwrap_or_default();
    let shown = match page_of(&body) {
        Some(_) => part_of(&body, account).map(str::to_owned),
        None => Some(body),
    };
    Ok(Ok(Found { number: pull.number, shown, marker, digest, approver }))
}

type Judged = Result<(Comment, Marker, Digest), Unreviewed>;

/// Which of the comments is a review of what was merged.
fn judged(
    job: &Job<'_>,
    (pull, comments): (&Pull, &[Comment]),
    account: &str,
    key: &ReviewKey,
) -> Result<Judged, Failure> {
    let (number, head) = (pull.number, pull.head.sha.as_str());
    let Some((comment, marker)) = latest(reviews(comments, &job.inputs.comment_author, account), head) else {
        return Ok(Err(Unreviewed::NoComment(number, account.to_owned())));
    };
    let Some(digest) = marker.digest else { return Ok(Err(Unreviewed::NoPlan(number))) };
    let reviewed = Reviewed { repository: job.repository()?, number, head, account, spent: 0, digest };
    if marker.head.as_deref() != Some(head) {
        return Ok(Err(Unreviewed::OtherHead(number)));
    }
    if !marker.mac.is_some_and(|mac| key.has_signed(&reviewed, &mac)) {
        return Ok(Err(Unreviewed::Unsigned(number)));
    }
    if marker.validity == Validity::Closed {
        return Ok(Err(Unreviewed::Closed(number)));
    }
    Ok(Ok((comment.clone(), marker, digest)))
}

/// Of several comments that speak of an account the one about the commit that was merged; of several of these one that says that the
/// plan was applied already.
fn latest<'c>(reviews: Vec<(&'c Comment, Marker)>, head: &str) -> Option<(&'c Comment, Marker)> {
    let rank = |(_, marker): &(&Comment, Marker)| {
        (marker.head.as_deref() != Some(head), marker.validity == Validity::Open)
    };
    reviews.into_iter().min_by_key(rank)
}
