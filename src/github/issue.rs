//! Which issue is ours? One for each account, by its first line and who opened it; it is kept for good, opened and closed.

use crate::github::api::{Api, Issue, IssuePage, IssueState};
use crate::github::drift_marker::DriftMarker;
use crate::github::event::Account;
use crate::github::sticky::is_by;
use crate::http::{Error, Fate};

/// The label of our issues. It makes them quick to find; an issue without it is found all the same.
const LABEL: &str = "rollcall-drift";

/// Whose issues are ours, and about which account.
#[derive(Debug, Clone, Copy)]
pub struct Watch<'a> {
    /// The login that opens them.
    pub author: &'a str,
    /// The account's name in the manifests.
    pub account: &'a str,
}

impl Watch<'_> {
    /// Whether somebody is the one who writes for us.
    pub(in crate::github) fn is_us(&self, user: Option<&Account>) -> bool {
        is_by(user, self.author)
    }

    fn drift(&self, issue: &Issue) -> Option<DriftMarker> {
        let body = issue.body.as_deref().filter(|_| self.is_us(issue.user.as_ref()));
        let marker = body.filter(|_| issue.pull_request.is_none()).and_then(DriftMarker::read)?;
        (marker.account == self.account).then_some(marker)
    }
}

/// The issue of an account, with what it says of itself. Of several the oldest is kept, and the others are closed.
///
/// # Errors
/// Issues can't be read, or one that is too many can't be closed.
pub async fn drift_issue(api: &Api, ours: Watch<'_>) -> Result<Option<(Issue, DriftMarker)>, Error> {
    let mut found = all(api, ours, Some(LABEL)).await?;
    if found.is_empty() {
        // Whoever may not set labels opens an issue without one, and everybody who may can take it away.
        found = all(api, ours, None).await?;
    }
    let mut found = found.into_iter();
    let Some((oldest, marker)) = found.next() else { return Ok(None) };
    for (more, _) in found {
        let body = format!("There is one issue for each account: this one is #{}.\n", oldest.number);
        let page = IssuePage { title: &more.title, body: &body, state: IssueState::Closed };
        api.edit_issue(more.number, &page).await?;
    }
    Ok(Some((oldest, marker)))
}

async fn all(api: &Api, ours: Watch<'_>, label: Option<&str>) -> Result<Vec<(Issue, DriftMarker)>, Error> {
    let issues = api.issues(label).await?;
    let mut found: Vec<(Issue, DriftMarker)> =
        issues.into_iter().filter_map(|issue| ours.drift(&issue).map(|marker| (issue, marker))).collect();
    found.sort_by_key(|(issue, _)| issue.number);
    Ok(found)
}

/// Opens the issue of an account that has none. Of two runs that open one at the same time, the older issue stays.
///
/// # Errors
/// It can't be opened.
pub async fn open_drift_issue(
    api: &Api,
    ours: Watch<'_>,
    (title, body): (&str, &str),
) -> Result<Issue, Error> {
    let opened = match api.open_issue((title, body), LABEL).await {
        Ok(opened) => Some(opened),
        Err(error) if error.fate() == Fate::Unknown => None,
        Err(error) => return Err(error),
    };
    // Whether it was opened where nobody knows, and whether somebody else was faster.
    let oldest = drift_issue(api, ours).await?.map(|(issue, _)| issue);
    match oldest.or(opened) {
        Some(issue) => Ok(issue),
        None => api.open_issue((title, body), LABEL).await,
    }
}
