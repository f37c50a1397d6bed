//! What would a pull request change? A comment, a summary, and remarks on the lines that cause what hurts.

use crate::cli::commands::ci::check::{Checked, check};
use crate::cli::commands::ci::comment::{self, News, Note};
use crate::cli::commands::ci::job::Job;
use crate::cli::commands::ci::outcome::Outcome;
use crate::cli::commands::ci::uploads;
use crate::cli::commands::plan::made;
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::cli::process::runtime;
use crate::cli::product::display::{DisplayOptions, PlanDisplay};
use crate::cli::product::output;
use crate::cli::product::save::keep;
use crate::cli::session::target::main_credential;
use crate::github::{Proposal, PullRequest, Review, Reviewed, approval, approver};
use crate::model::Account;
use crate::plan::Plan;
use crate::render::markdown::PageKind;
use crate::render::{self, Marker, Validity, code_span, remarks, visible};

/// A plan that nothing or nobody lets through.
#[derive(Debug, thiserror::Error)]
#[error("the plan is blocked by {0}; a plan writes nothing")]
struct Blocked(String);

/// Plans, and shows it everywhere.
pub(super) fn run(job: &Job<'_>, outcome: &mut Outcome, proposal: Proposal<'_>) -> Result<Exit, Failure> {
    let checked = check(job, outcome)?;
    let pull = match proposal {
        Proposal::PullRequest(pull) => Some(pull),
        Proposal::MergeGroup(_) | Proposal::Branch => None,
    };
    planned(job, outcome, (proposal, pull), &checked).inspect_err(|failure| {
        // A plan that is blocked has its comment already.
        let account = checked.account.as_ref().filter(|_| failure.kind != Exit::Blocked);
        let Some((account, pull)) = account.zip(pull) else { return };
        let marker = Marker {
            account: account.name.value.to_string(),
            head: Some(pull.head.clone()),
            digest: None,
            mac: None,
            validity: Validity::Open,
        };
        let heading = format!("### Rollcall: {}\n", code_span(&account.name.value));
        let body = comment::failed(job, &heading, "No plan could be made.", failure);
        comment::write(job, outcome, &Note { number: pull.number, marker, body, news: News::Some });
    })
}

fn planned(
    job: &Job<'_>,
    outcome: &mut Outcome,
    (proposal, pull): (Proposal<'_>, Option<&PullRequest>),
    checked: &Checked,
) -> Result<Exit, Failure> {
    if let Some(account) = &checked.account {
        job.accept(account)?;
    }
    if checked.validity.is_err() {
        outcome.summary = checked.page();
    }
    let base = match proposal {
        Proposal::PullRequest(pull) => Some(job.base(&pull.base)?),
        Proposal::MergeGroup(commit) => Some(job.base(commit)?),
        Proposal::Branch => None,
    };
    let question = job.question(base.as_ref())?;
    let (session, planned) = made(job.cx, &question)?;
    let shown =
        PlanDisplay { planned: &planned, manner: DisplayOptions::new(job.cx, &session, &question.manifests) };
    keep(job.cx, &shown, &question)?;
    output::print(job.cx, &output::bytes(|out| shown.text(out))?)?;
    let plan = &planned.plan;
    outcome.plan(plan);
    outcome.gist = shown.gist();
    outcome.remarks.extend(remarks::of_plan(plan, &shown.manner.view));
    let command = approval(&plan.digest);
    let page = |kind| -> Result<String, Failure> {
        let page = output::bytes(|out| shown.page(out, kind, &job.runner.link(), Some(&command)))?;
        Ok(String::from_utf8_lossy(&page).into_owned())
    };
    outcome.summary = page(PageKind::Summary)?;
    if let Some(file) = &job.inputs.page {
        output::write(job.cx, file, &output::bytes(|out| shown.html(out))?)?;
    }
    uploads::write(job, outcome, (&session, &planned), &question.manifests)?;
    let reviewer = pull.map_or(Ok(None), |pull| approver_of(job, outcome, (plan, pull)))?;
    if let Some(login) = &reviewer {
        outcome.gist.urgent.push_str(&approved_by(&visible(login)));
    }
    if let Some(pull) = pull {
        let marker = marker(job, outcome, (session.declared_account(), plan, pull))?;
        let full = page(PageKind::Comment(&marker))?;
        // The marker is written with what is below it.
        let below = full.split_once('\n').map_or("", |(_, below)| below);
        let approved = reviewer.as_ref().map_or_else(String::new, |login| approved_by(&code_span(login)));
        let body = format!(
            "{below}\n{approved}\n<sub>{} by {}{}</sub>\n",
            code_span(short(&pull.head)),
            job.runner.link(),
            job.inputs.page.as_ref().map_or("", |_| ", which has the plan as a page among its artifacts"),
        );
        let news = if plan.is_empty() && !is_blocked(plan) { News::None } else { News::Some };
        comment::write(job, outcome, &Note { number: pull.number, marker, body, news });
    }
    if is_blocked(plan) && reviewer.is_none() { Err(blocked(job, plan, pull)) } else { Ok(Exit::Done) }
}

/// Who let a plan through its violations, in a line.
fn approved_by(login: &str) -> String {
    format!("Its violations are approved by {login}.\n")
}

fn is_blocked(plan: &Plan) -> bool {
    !plan.blockers.is_empty() || !plan.violations.is_empty()
}

/// The first digits of a commit.
fn short(commit: &str) -> &str {
    commit.get(..7).unwrap_or(commit)
}

/// What the comment is known by: signed, where there is a key.
fn marker(
    job: &Job<'_>,
    outcome: &mut Outcome,
    (account, plan, pull): (&Account, &Plan, &PullRequest),
) -> Result<Marker, Failure> {
    let key = Job::review_key(account)?;
    let reviewed = Reviewed {
        repository: job.repository()?,
        number: pull.number,
        head: &pull.head,
        account: &plan.account,
        spent: 0,
        digest: plan.digest,
    };
    let is_applied = !job.inputs.lists.are_given();
    if key.is_none() && job.inputs.review == Review::Required && is_applied {
        let message = format!(
            "ROLLCALL_REVIEW_KEY is not set, and {} is not set or too short to make one of, so nobody can sign what is reviewed here: once it is merged, it is not applied",
            main_credential(account).name
        );
        outcome.warn(job.cx, "No review", message);
    }
    outcome.mac = key.map(|key| key.sign(&reviewed));
    Ok(Marker { head: Some(pull.head.clone()), mac: outcome.mac, ..Marker::of(plan) })
}

/// Who approved the violations of a plan. Where nobody can tell, nobody did.
fn approver_of(
    job: &Job<'_>,
    outcome: &mut Outcome,
    (plan, pull): (&Plan, &PullRequest),
) -> Result<Option<String>, Failure> {
    if plan.violations.is_empty() || !plan.blockers.is_empty() {
        return Ok(None);
    }
    let asked = job.api().and_then(|api| {
        runtime::block_on(async {
            let comments = api.comments(pull.number).await?;
            Ok(approver(&api, &comments, plan.digest, Some(&pull.author)).await?)
        })
    });
    asked.or_else(|failure| {
        outcome.missed(job, ("Approvals", "whether somebody approved the plan is not known"), &failure);
        Ok(None)
    })
}

/// Why a plan is red.
fn blocked(job: &Job<'_>, plan: &Plan, pull: Option<&PullRequest>) -> Failure {
    let failure = Failure::new(Exit::Blocked, Blocked(render::blocked_by(plan).unwrap_or_default()));
    if !plan.blockers.is_empty() {
        return failure.hint("settle every blocker by a way out that is shown with it");
    }
    if job.inputs.lists.are_given() && pull.is_none() {
        return failure.hint(format!(
            "change the manifests; or have somebody review the plan, and write the files by `rollcall export associations` and \
             `rollcall export users` with --approve {}",
            plan.digest
        ));
    }
    let place = pull.map_or_else(|| "the pull request of it".to_owned(), |pull| format!("#{}", pull.number));
    failure.hint(format!(
        "change the manifests; or somebody who may write and has not opened {place} comments there: {}",
        approval(&plan.digest)
    ))
}
