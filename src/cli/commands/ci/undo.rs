//! What becomes of drift that is to be undone? The plan that its issue shows is carried out, and no other: one person approves it, and
//! another starts the run.

use crate::cli::commands::ci::apply::{
    Carried, account, carry_out_reviewed, headline, one_key, unless_nothing_to_do,
};
use crate::cli::commands::ci::issue;
use crate::cli::commands::ci::job::Job;
use crate::cli::commands::ci::outcome::Outcome;
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::cli::process::runtime;
use crate::cli::session::target::main_credential;
use crate::github::{
    Account, Api, DriftMarker, Issue, IssuePage, IssueState, ReviewKey, Reviewed, Watch, approval, approver,
    drift_issue,
};
use crate::model;
use crate::plan::Digest;

/// No plan of an issue may be carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Unapproved {
    #[error(
        "there is no ROLLCALL_REVIEW_KEY, and no {0} to make one of, so nobody can tell which plan the issue shows"
    )]
    NoKey(&'static str),
    #[error("there is no open issue of drift of {0}")]
    NoIssue(String),
    #[error("#{0} shows no plan that could be applied")]
    NoPlan(u64),
    #[error("#{0} compares the account with another commit than this one of the default branch")]
    OtherHead(u64),
    #[error("#{0} is not signed, or not with the key that this job has, or was changed since")]
    Unsigned(u64),
    #[error("nobody but {1}, who started this run, has approved on #{0} the plan that it shows")]
    Nobody(u64, String, Digest),
}

impl Unapproved {
    /// What to do instead.
    fn hints(&self, account: &model::Account) -> Vec<String> {
        let again =
            "run the drift check (`command: drift`) again, and approve what the issue shows then".to_owned();
        match self {
            Self::NoKey(_) => vec![one_key(account)],
            Self::Unsigned(_) => vec![one_key(account), again],
            Self::NoIssue(_) | Self::NoPlan(_) | Self::OtherHead(_) => vec![again],
            Self::Nobody(number, _, digest) => vec![format!(
                "somebody else who may write comments on #{number}, and this is run again: {}",
                approval(digest)
            )],
        }
    }
}

/// The plan of an issue, approved.
struct Found {
    issue: Issue,
    marker: DriftMarker,
    digest: Digest,
    /// Who approved it.
    approver: String,
}

/// Undoes what the issue of the account shows.
pub(super) fn run(job: &Job<'_>, outcome: &mut Outcome, by: &Account) -> Result<Exit, Failure> {
    let account = account(job, outcome)?;
    let ours = Watch { author: &job.inputs.comment_author, account: &account.name.value };
    let found = match Job::review_key(&account)? {
        None => Err(Unapproved::NoKey(main_credential(&account).name)),
        Some(key) => {
            let api = job.api()?;
            runtime::block_on(find(job, &api, (ours, &key), by))?
        }
    };
    match found {
        Ok(found) => undo(job, outcome, &found),
        Err(why) => {
            let hints = why.hints(&account);
            unless_nothing_to_do(job, outcome, None, (why, hints.iter().map(String::as_str)))
        }
    }
}

/// Finds what the issue shows, and who approved it besides the one who started the run.
async fn find(
    job: &Job<'_>,
    api: &Api,
    (ours, key): (Watch<'_>, &ReviewKey),
    by: &Account,
) -> Result<Result<Found, Unapproved>, Failure> {
    let there = drift_issue(api, ours).await?.filter(|(issue, _)| issue.state == IssueState::Open);
    let Some((issue, marker)) = there else { return Ok(Err(Unapproved::NoIssue(ours.account.to_owned()))) };
    let (number, repository, account) = (issue.number, job.repository()?, ours.account);
    let Some(digest) = marker.digest else { return Ok(Err(Unapproved::NoPlan(number))) };
    let Some(head) = marker.head.as_deref().filter(|head| job.runner.commit.as_deref() == Some(*head)) else {
        return Ok(Err(Unapproved::OtherHead(number)));
    };
    let spent = marker.spent;
    let reviewed = Reviewed { repository, number, head, account, spent, digest };
    if !marker.mac.is_some_and(|mac| key.has_signed(&reviewed, &mac)) {
        return Ok(Err(Unapproved::Unsigned(number)));
    }
    let mut comments = api.comments(number).await?;
    comments.retain(|comment| comment.id > spent);
    Ok(match approver(api, &comments, digest, Some(by)).await? {
        Some(approver) => Ok(Found { issue, marker, digest, approver }),
        None => Err(Unapproved::Nobody(number, by.login.clone(), digest)),
    })
}

/// Carries it out, and says in the issue what became of it.
fn undo(job: &Job<'_>, outcome: &mut Outcome, found: &Found) -> Result<Exit, Failure> {
    let Found { issue, digest, approver, .. } = found;
    let args = job.apply(&[format!("--approve={digest}")], None)?;
    job.cx.say(&format!("the plan on #{} is {digest}, approved by {approver}", issue.number));
    let before = issue.body.as_deref().unwrap_or_default();
    let carried = carry_out_reviewed(job, outcome, &args, Some(before));
    match job.api().and_then(|api| runtime::block_on(told(job, &api, found, &carried))) {
        Ok(issue) => outcome.set("issue-url", issue.url),
        Err(failure) => {
            outcome.missed(job, ("No issue", "the issue does not say what became of it"), &failure);
        }
    }
    match carried.ended {
        Err(failure) if carried.exit == Exit::Stale => {
            Err(failure.hint("run the drift check again, and approve what the issue shows then"))
        }
        ended => ended,
    }
}

/// Says it: what is undone closes the issue, and what was applied approves nothing any more.
async fn told(job: &Job<'_>, api: &Api, found: &Found, carried: &Carried) -> Result<Issue, Failure> {
    let Found { issue, marker, approver, .. } = found;
    let words = (headline(carried.exit), &*carried.words);
    let said = format!("{} {} has all of it; `{approver}` approved it.\n", words.0, job.runner.link());
    let said = api.write(issue.number, &said).await?;
    let is_applied = matches!(carried.exit, Exit::Done | Exit::Pending);
    let marker = if is_applied {
        let spent = said.id;
        DriftMarker { digest: None, mac: None, told: None, seen: Vec::new(), spent, ..marker.clone() }
    } else {
        marker.clone()
    };
    let state = if carried.exit == Exit::Done { IssueState::Closed } else { IssueState::Open };
    let body = issue::became(job, &marker, words, issue.body.as_deref().unwrap_or_default());
    Ok(api.edit_issue(issue.number, &IssuePage { title: &issue.title, body: &body, state }).await?)
}
