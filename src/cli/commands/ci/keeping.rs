//! What becomes of the issue of an account, by what a check found? It is opened, written, told about, or closed.

use jiff::Timestamp;

use crate::cli::commands::ci::issue::{self, Findings};
use crate::cli::commands::ci::job::Job;
use crate::cli::process::failure::Failure;
use crate::github::{
    Api, DriftMarker, Issue, IssuePage, IssueState, Last, ReviewKey, Reviewed, Salt, Sightings, Upload,
    Watch, open_drift_issue, sightings,
};
use crate::plan::Plan;

/// The account, compared with the manifests.
#[derive(Debug, Clone, Copy)]
pub(super) struct Comparison<'a> {
    /// What would undo the drift.
    pub(super) plan: &'a Plan,
    /// An HR upload that may still be processed, in a sentence.
    pub(super) awaited: Option<&'a str>,
    /// Why the audit log says nothing of it, where it was asked.
    pub(super) unaudited: Option<&'a str>,
    /// The plan, as the issue shows it.
    pub(super) page: &'a str,
    /// When the account was compared.
    pub(super) now: Timestamp,
}

/// What there is for somebody to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// There is drift.
    Drift,
    /// Something was seen that may be none.
    Unsettled,
    /// The account is known to be what the manifests say.
    Clean,
}

/// What was found, on its way into the issue.
pub(super) struct Keeping<'a> {
    job: &'a Job<'a>,
    ours: Watch<'a>,
    compared: Comparison<'a>,
    key: Option<&'a ReviewKey>,
    there: Option<Issue>,
    /// What the issue said of itself.
    before: DriftMarker,
    found: Sightings,
}

impl<'a> Keeping<'a> {
    /// Sorts out what was there before, and what is told.
    pub(super) fn of(
        job: &'a Job<'a>,
        ours: Watch<'a>,
        (compared, there): (Comparison<'a>, Option<(Issue, DriftMarker)>),
        key: Option<&'a ReviewKey>,
    ) -> Result<Self, Failure> {
        let (there, before) = there.map_or_else(Default::default, |(issue, marker)| (Some(issue), marker));
        let upload = if compared.awaited.is_some() { Upload::UnderWay } else { Upload::None };
        let salt = Salt { repository: job.repository()?, account: ours.account, key };
        let found = sightings(compared.plan, &before.seen, salt, upload);
        Ok(Self { job, ours, compared, key, there, before, found })
    }

    /// What there is for somebody to do.
    pub(super) fn standing(&self) -> Standing {
        let Comparison { plan, awaited, .. } = self.compared;
        let is_clean = plan.is_empty() && plan.blockers.is_empty() && plan.violations.is_empty();
        if self.found.told.is_some() {
            Standing::Drift
        } else if is_clean && awaited.is_none() {
            Standing::Clean
        } else {
            Standing::Unsettled
        }
    }

    /// Whether the issue is to be open; none where there is nothing to be written.
    fn state(&self) -> Option<IssueState> {
        let there = self.there.as_ref().map(|issue| issue.state);
        match self.standing() {
            Standing::Drift => Some(IssueState::Open),
            Standing::Clean => there.map(|_| IssueState::Closed),
            // What was seen once is remembered in an issue that nobody has to look at.
            Standing::Unsettled => {
                there.or_else(|| (!self.found.seen.is_empty()).then_some(IssueState::Closed))
            }
        }
    }

    /// Writes the issue. `accept` is how the drift can be accepted here.
    pub(super) async fn kept(&self, api: &Api, accept: Option<&str>) -> Result<Option<Issue>, Failure> {
        let Some(state) = self.state() else { return Ok(None) };
        let title = issue::title(self.ours.account);
        let mut spent = self.before.spent;
        let number = if let Some(issue) = &self.there {
            // Before it is noted that they were told.
            if let Some(words) = self.news((issue.state, state)) {
                spent = api.write(issue.number, &words).await?.id;
            }
            issue.number
        } else {
            let body = self.body(None, spent, accept)?;
            open_drift_issue(api, self.ours, (&title, &body)).await?.number
        };
        let body = self.body(Some(number), spent, accept)?;
        Ok(Some(api.edit_issue(number, &IssuePage { title: &title, body: &body, state }).await?))
    }

    /// What is worth a mail to everybody who watches the issue.
    fn news(&self, (was, is): (IssueState, IssueState)) -> Option<String> {
        let (link, told) = (self.job.runner.link(), self.found.told);
        match (was, is) {
            (IssueState::Open, IssueState::Closed) => {
                Some(format!("The account is what the manifests say, as {link} found.\n"))
            }
            _ if told.is_some() && told != self.before.told => Some(format!(
                "The account is other than it was when this was last told. The issue shows it as it is now, by {link}.\n"
            )),
            _ => None,
        }
    }

    /// What the issue says. It is signed once its number is known.
    fn body(&self, number: Option<u64>, spent: u64, accept: Option<&str>) -> Result<String, Failure> {
        let Comparison { plan, awaited, unaudited, page, now } = self.compared;
        let head = self.job.runner.commit.clone();
        // What an upload that is under way makes of HR groups is in no plan.
        let may_be_applied = !plan.is_empty() && plan.blockers.is_empty() && awaited.is_none();
        let digest = may_be_applied.then_some(plan.digest);
        let mac = match self.key.zip(number).zip(head.as_deref()).zip(digest) {
            Some((((key, number), head), digest)) => {
                let (repository, account) = (self.job.repository()?, self.ours.account);
                Some(key.sign(&Reviewed { repository, number, head, account, spent, digest }))
            }
            None => None,
        };
        let account = self.ours.account.to_owned();
        let Sightings { seen, told, fresh } = self.found.clone();
        let clean = if self.standing() == Standing::Clean { Some(now) } else { self.before.clean };
        let last = Last::Compared;
        let marker = DriftMarker { account, head, digest, mac, told, seen, spent, last, clean };
        let findings = Findings { plan, is_told: told.is_some(), fresh, awaited, unaudited, page, accept };
        Ok(issue::body(self.job, &marker, &findings))
    }
}
