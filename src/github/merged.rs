//! Which pull request brought a commit to the default branch? The one whose merge is that commit; GitHub's index of it lags.

use std::time::Duration;

use crate::github::api::{Api, Pull};
use crate::github::event::Push;
use crate::http::{Error, StatusCode};

/// How long GitHub may take until it knows the pull request of a merge.
const LAG: Duration = Duration::from_mins(1);

/// The pull request whose merge a push is; none if it is no merge of one.
///
/// # Errors
/// GitHub can't be asked.
pub async fn pull_of(api: &Api, push: &Push) -> Result<Option<Pull>, Error> {
    let is_it = |pull: &Pull| {
        pull.merged_at.is_some() && pull.merge_commit_sha.as_deref() == Some(push.after.as_str())
    };
    let mut polling = api.pace().poll(api.pace().span(LAG));
    loop {
        match api.pulls_of(&push.after).await {
            Ok(pulls) => {
                if let Some(pull) = pulls.into_iter().find(is_it) {
                    return Ok(Some(pull));
                }
            }
            // GitHub does not know the commit yet.
            Err(error) if is_unknown(&error) => {}
            Err(error) => return Err(error),
        }
        if let Some(number) = named(&push.title) {
            match api.pull(number).await {
                Ok(pull) if is_it(&pull) => return Ok(Some(pull)),
                Ok(_) => {}
                Err(error) if is_unknown(&error) => {}
                Err(error) => return Err(error),
            }
        }
        if polling.tick().await.is_none() {
            return Ok(None);
        }
    }
}

/// GitHub answers so for what it does not know.
fn is_unknown(error: &Error) -> bool {
    matches!(error.status(), Some(StatusCode::NOT_FOUND | StatusCode::UNPROCESSABLE_ENTITY))
}

/// The number at the end of the title of a squashed or merged commit: `Add Ada (#12)`, `Merge pull request #12 from acme/ada`.
fn named(title: &str) -> Option<u64> {
    let merged = title.strip_prefix("Merge pull request #").and_then(|rest| rest.split(' ').next());
    let squashed = || title.trim_end().strip_suffix(')')?.rsplit_once("(#").map(|(_, number)| number);
    merged.or_else(squashed)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn a_title_may_name_its_pull_request() {
        assert_eq!(named("Add Ada (#12)"), Some(12));
        assert_eq!(named("Add Ada (#11) (#12) "), Some(12));
        assert_eq!(named("Merge pull request #12 from acme/ada"), Some(12));
        for other in ["Add Ada", "Add Ada (#12) again", "(#x)", "#12", ""] {
            assert_eq!(named(other), None, "{other}");
        }
    }
}
