//! Is the account what the default branch says? What is not is kept in an issue, one for each account.

use crate::cli::args::Question;
use crate::cli::commands::ci::check::{Checked, check};
use crate::cli::commands::ci::issue::{self, Findings};
use crate::cli::commands::ci::job::Job;
use crate::cli::commands::ci::outcome::Outcome;
use crate::cli::commands::plan::made_after;
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::cli::process::runtime;
use crate::cli::product::display::{DisplayOptions, PlanDisplay};
use crate::cli::product::output;
use crate::cli::session::planning::{Planned, Session};
use crate::github::{
    Api, DriftMarker, Issue, IssuePage, IssueState, Last, ReviewKey, Reviewed, Salt, Sightings, Upload,
    Watch, drift_issue, open_drift_issue, sightings,
};
use crate::render::markdown::PageKind;
use crate::render::remarks;

/// The account, compared with the manifests.
struct Compared {
    question: Question,
    session: Session,
    planned: Planned,
    /// An HR upload that may still be processed, in a sentence.
    awaited: Option<String>,
}

/// Compares, and keeps the issue. A check that failed is no check that found nothing: the issue says so, and stays as open as it was.
pub(super) fn run(job: &Job<'_>, outcome: &mut Outcome) -> Result<Exit, Failure> {
    let checked = check(job, outcome)?;
    match compare(job, outcome, &checked) {
        Ok(compared) => keep(job, outcome, &compared).map(|()| Exit::Done),
        Err(failure) => {
            let is_stopped = matches!(failure.kind, Exit::Interrupted | Exit::Terminated);
            if let Some(account) = checked.account.filter(|_| !is_stopped) {
                say_failed(job, outcome, &account.name.value, &failure);
            }
            Err(failure)
        }
    }
}

fn compare(job: &Job<'_>, outcome: &mut Outcome, checked: &Checked) -> Result<Compared, Failure> {
    if let Some(account) = &checked.account {
        job.accept(account)?;
    }
    if checked.validity.is_err() {
        outcome.summary = checked.page();
    }
    let question = job.question(None)?;
    let (session, planned, pending) = made_after(job.cx, &question)?;
    let compared = Compared { question, session, planned, awaited: pending.awaited() };
    let shown = compared.shown(job);
    output::print(job.cx, &output::bytes(|out| shown.text(out))?)?;
    outcome.plan(&compared.planned.plan);
    outcome.remarks.extend(remarks::of_plan(&compared.planned.plan, &shown.manner.view));
    outcome.summary = compared.page(job, PageKind::Summary)?;
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

    /// Whether the manifests and the account are known to say the same.
    fn is_clean(&self) -> bool {
        let plan = &self.planned.plan;
        plan.is_empty() && plan.blockers.is_empty() && plan.violations.is_empty() && self.awaited.is_none()
    }
}

/// Writes what was found into the issue. Here is nothing without it: what goes wrong is an error.
fn keep(job: &Job<'_>, outcome: &mut Outcome, compared: &Compared) -> Result<(), Failure> {
    let (api, key) = (job.api()?, Job::review_key()?);
    let page = compared.page(job, PageKind::Issue)?;
    let keeping = Keeping { job, compared, key: key.as_ref(), page: &page };
    if let Some(issue) = runtime::block_on(keeping.kept(&api))? {
        job.cx.say(&format!("#{} keeps what was found", issue.number));
        outcome.set("issue-url", issue.url);
    }
    Ok(())
}

/// What was found, on its way into the issue.
struct Keeping<'a> {
    job: &'a Job<'a>,
    compared: &'a Compared,
    key: Option<&'a ReviewKey>,
    /// The plan, as the issue shows it.
    page: &'a str,
}

impl Keeping<'_> {
    async fn kept(&self, api: &Api) -> Result<Option<Issue>, Failure> {
        let ours = self.ours();
        let there = drift_issue(api, ours).await?;
        let before = there.as_ref().map_or_else(DriftMarker::default, |(_, marker)| marker.clone());
        let found = self.sightings(&before)?;
        let Some(state) = self.state(there.as_ref().map(|(issue, _)| issue.state), &found) else {
            return Ok(None);
        };
        let title = issue::title(ours.account);
        let mut spent = before.spent;
        let issue = match there {
            Some((issue, _)) => {
                // Before it is noted that they were told.
                if let Some(words) = self.news((issue.state, state), &before, &found) {
                    spent = api.write(issue.number, &words).await?.id;
                }
                issue
            }
            None => open_drift_issue(api, ours, (&title, &self.body(None, spent, &found)?)).await?,
        };
        let body = self.body(Some(issue.number), spent, &found)?;
        Ok(Some(api.edit_issue(issue.number, &IssuePage { title: &title, body: &body, state }).await?))
    }

    fn ours(&self) -> Watch<'_> {
        Watch { author: &self.job.inputs.comment_author, account: &self.compared.planned.plan.account }
    }

    fn sightings(&self, before: &DriftMarker) -> Result<Sightings, Failure> {
        let (repository, account) = (self.job.repository()?, self.ours().account);
        let upload = if self.compared.awaited.is_some() { Upload::UnderWay } else { Upload::None };
        let salt = Salt { repository, account, key: self.key };
        Ok(sightings(&self.compared.planned.plan, &before.seen, salt, upload))
    }

    /// Whether the issue is to be open; none where there is nothing to be written. It is opened for what is told, and closed once
    /// nothing is other at all.
    fn state(&self, there: Option<IssueState>, found: &Sightings) -> Option<IssueState> {
        if self.compared.is_clean() {
            return there.map(|_| IssueState::Closed);
        }
        if found.told.is_some() {
            return Some(IssueState::Open);
        }
        // What was seen once is remembered in an issue that nobody has to look at.
        there.or_else(|| (!found.seen.is_empty()).then_some(IssueState::Closed))
    }

    /// What is worth a mail to everybody who watches the issue.
    fn news(
        &self,
        (was, is): (IssueState, IssueState),
        before: &DriftMarker,
        found: &Sightings,
    ) -> Option<String> {
        let link = self.job.runner.link();
        match (was, is) {
            (IssueState::Open, IssueState::Closed) => {
                Some(format!("The account is what the manifests say, as {link} found.\n"))
            }
            _ if found.told.is_some() && found.told != before.told => Some(format!(
                "The account is other than it was when this was last told. The issue shows it as it is now, by {link}.\n"
            )),
            _ => None,
        }
    }

    /// What the issue says. It is signed once its number is known.
    fn body(&self, number: Option<u64>, spent: u64, found: &Sightings) -> Result<String, Failure> {
        let plan = &self.compared.planned.plan;
        let head = self.job.runner.commit.clone();
        let may_be_applied = !plan.is_empty() && plan.blockers.is_empty();
        let digest = may_be_applied.then_some(plan.digest);
        let signed = self.key.zip(number).zip(head.as_deref()).zip(digest);
        let mac = match signed {
            Some((((key, number), head), digest)) => {
                let (repository, account) = (self.job.repository()?, &*plan.account);
                Some(key.sign(&Reviewed { repository, number, head, account, spent, digest }))
            }
            None => None,
        };
        let account = plan.account.to_string();
        let (told, seen) = (found.told, found.seen.clone());
        let marker = DriftMarker { account, head, digest, mac, told, seen, spent, last: Last::Compared };
        let findings = Findings { plan, found, awaited: self.compared.awaited.as_deref(), page: self.page };
        Ok(issue::body(self.job, &marker, &findings))
    }
}

/// Says in the issue that the account could not be compared; where there is none, the red job says it.
fn say_failed(job: &Job<'_>, outcome: &mut Outcome, account: &str, failure: &Failure) {
    let said = job.api().and_then(|api| runtime::block_on(failed(job, &api, account, failure)));
    match said {
        Ok(Some(issue)) => outcome.set("issue-url", issue.url),
        Ok(None) => {}
        Err(unsaid) => {
            let message = format!("the issue does not say so: {}", unsaid.sentence());
            outcome.warn(job.cx, "No issue", message);
        }
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
