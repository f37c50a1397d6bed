//! Is the account what the default branch says? What is not is kept in an issue, one for each account.

use jiff::Timestamp;

use crate::cli::args::Question;
use crate::cli::commands::ci::accept::{Reading, offered};
use crate::cli::commands::ci::audit::audited;
use crate::cli::commands::ci::check::{Checked, check};
use crate::cli::commands::ci::issue;
use crate::cli::commands::ci::job::Job;
use crate::cli::commands::ci::keeping::{Comparison, Keeping};
use crate::cli::commands::ci::outcome::Outcome;
use crate::cli::commands::plan::planned_after;
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::cli::process::runtime;
use crate::cli::process::signals::unless_stopped;
use crate::cli::product::display::{DisplayOptions, PlanDisplay};
use crate::cli::product::output;
use crate::cli::session::planning::{Planned, Session};
use crate::github::{Api, DriftMarker, Issue, IssuePage, IssueState, Last, Watch, drift_issue};
use crate::render::markdown::PageKind;
use crate::render::remarks;

/// The account, compared with the manifests.
struct Compared {
    question: Question,
    session: Session,
    planned: Planned,
    /// An HR upload that may still be processed, in a sentence.
    awaited: Option<String>,
    /// Why the audit log says nothing of what differs, where it was asked.
    unaudited: Option<String>,
}

/// The issue that is there, with what it says of itself.
type There = Option<(Issue, DriftMarker)>;

/// Compares, and keeps the issue. A check that failed is no check that found nothing: the issue says so, and stays as open as it was.
pub(super) fn run(job: &Job<'_>, outcome: &mut Outcome) -> Result<Exit, Failure> {
    let checked = check(job, outcome)?;
    let there = checked.account.as_ref().map(|account| there(job, &account.name.value));
    let clean = there.as_ref().and_then(|there| there.as_ref().ok()?.as_ref()?.1.clean);
    match compare(job, outcome, (&checked, clean)) {
        Ok(compared) => keep(job, outcome, &compared, there.transpose()?.flatten()).map(|()| Exit::Done),
        Err(failure) => {
            let is_stopped = matches!(failure.kind, Exit::Interrupted | Exit::Terminated);
            if let Some(account) = checked.account.filter(|_| !is_stopped) {
                say_failed(job, outcome, &account.name.value, &failure);
            }
            Err(failure)
        }
    }
}

fn there(job: &Job<'_>, account: &str) -> Result<There, Failure> {
    let api = job.api()?;
    let ours = Watch { author: &job.inputs.comment_author, account };
    runtime::block_on(async { Ok(drift_issue(&api, ours).await?) })
}

fn compare(
    job: &Job<'_>,
    outcome: &mut Outcome,
    (checked, clean): (&Checked, Option<Timestamp>),
) -> Result<Compared, Failure> {
    if let Some(account) = &checked.account {
        job.accept(account)?;
    }
    if checked.validity.is_err() {
        outcome.summary = checked.page();
    }
    let question = job.question(None)?;
    let compared = unless_stopped(async {
        let (session, planned, pending) = planned_after(job.cx, &question).await?;
        let (planned, unaudited) = audited(&session, planned, clean).await;
        let awaited = pending.awaited();
        Ok(Compared { question, session, planned, awaited, unaudited })
    })?;
    let shown = compared.shown(job);
    output::print(job.cx, &output::bytes(|out| shown.text(out))?)?;
    outcome.plan(&compared.planned.plan);
    outcome.remarks.extend(remarks::of_plan(&compared.planned.plan, &shown.manner.view));
    outcome.summary = compared.page(job, PageKind::Summary)?;
    if let Some(why) = &compared.unaudited {
        job.cx.say(&format!("who changed it is not known: {why}"));
        outcome.summary.extend(["\n", &issue::unknown(why), "\n"]);
    }
    Ok(compared)
}

impl Compared {
    fn shown<'a>(&'a self, job: &'a Job<'_>) -> PlanDisplay<'a> {
        let manner = DisplayOptions::new(job.cx, &self.session, &self.question.manifests);
        PlanDisplay { planned: &self.planned, manner }
    }

    fn page(&self, job: &Job<'_>, kind: PageKind<'_>) -> Result<String, Failure> {
        let page = output::bytes(|out| self.shown(job).page(out, kind, &job.runner.link(), None))?;
        Ok(String::from_utf8_lossy(&page).into_owned())
    }
}

/// Writes what was found into the issue. Here is nothing without it: what goes wrong is an error.
fn keep(job: &Job<'_>, outcome: &mut Outcome, compared: &Compared, there: There) -> Result<(), Failure> {
    let key = Job::review_key(compared.session.declared_account())?;
    let page = compared.page(job, PageKind::Issue)?;
    let ours = Watch { author: &job.inputs.comment_author, account: &compared.planned.plan.account };
    let comparison = Comparison {
        plan: &compared.planned.plan,
        awaited: compared.awaited.as_deref(),
        unaudited: compared.unaudited.as_deref(),
        page: &page,
        now: compared.session.now,
    };
    let keeping = Keeping::of(job, ours, (comparison, there), key.as_ref())?;
    let (session, awaited) = (&compared.session, compared.awaited.as_deref());
    let reading = Reading { session, observed: &compared.planned.observed, awaited };
    let accept = offered(job, outcome, (ours, keeping.standing()), reading);
    let api = job.api()?;
    if let Some(issue) = runtime::block_on(keeping.kept(&api, accept.as_deref()))? {
        job.cx.say(&format!("#{} keeps what was found", issue.number));
        outcome.set("issue-url", issue.url);
    }
    Ok(())
}

/// Says in the issue that the account could not be compared; where there is none, the red job says it.
fn say_failed(job: &Job<'_>, outcome: &mut Outcome, account: &str, failure: &Failure) {
    let said = job.api().and_then(|api| runtime::block_on(failed(job, &api, account, failure)));
    match said {
        Ok(Some(issue)) => outcome.set("issue-url", issue.url),
        Ok(None) => {}
        Err(unsaid) => outcome.missed(job, ("No issue", "the issue does not say so"), &unsaid),
    }
}

async fn failed(
    job: &Job<'_>,
    api: &Api,
    account: &str,
    failure: &Failure,
) -> Result<Option<Issue>, Failure> {
    let ours = Watch { author: &job.inputs.comment_author, account };
    let Some((there, marker)) = drift_issue(api, ours).await? else { return Ok(None) };
    if there.state == IssueState::Open && marker.last == Last::Compared {
        let words = format!("The account could not be compared: {} says why.\n", job.runner.link());
        api.write(there.number, &words).await?;
    }
    let marker = DriftMarker { last: Last::Failed, ..marker };
    let body = issue::failed(job, &marker, failure, there.body.as_deref().unwrap_or_default());
    let page = IssuePage { title: &there.title, body: &body, state: there.state };
    Ok(Some(api.edit_issue(there.number, &page).await?))
}
