//! Which comment on a pull request is ours? One for each account, by its first line and who wrote it; it is edited in its place.

use crate::github::api::{Api, Comment};
use crate::http::{Error, Fate, StatusCode};
use crate::render::Marker;

/// Whose comments are ours, and about which account.
#[derive(Debug, Clone, Copy)]
pub struct Ours<'a> {
    /// The login that writes them.
    pub author: &'a str,
    /// The account's name in the manifests.
    pub account: &'a str,
}

impl Ours<'_> {
    /// The marker of a comment, if it is one of ours.
    pub fn marker(&self, comment: &Comment) -> Option<Marker> {
        let is_ours = comment.user.as_ref().is_some_and(|user| user.login.eq_ignore_ascii_case(self.author));
        let marker = comment.body.as_deref().filter(|_| is_ours).and_then(Marker::read)?;
        (marker.account == self.account).then_some(marker)
    }

    /// The comment of ours, which is the oldest of several, with what it says of itself.
    pub fn find<'c>(&self, comments: &'c [Comment]) -> Option<(&'c Comment, Marker)> {
        comments.iter().find_map(|comment| Some((comment, self.marker(comment)?)))
    }
}

/// Writes the comment: in the place of the one that is there, else a new one. Of two runs that write a new one at the same time,
/// the older comment stays.
///
/// # Errors
/// It can't be written.
pub async fn put(api: &Api, number: u64, ours: Ours<'_>, body: &str) -> Result<Comment, Error> {
    if let Some((there, _)) = ours.find(&api.comments(number).await?) {
        return api.rewrite(there.id, body).await;
    }
    let written = api.write(number, body).await;
    if let Err(error) = &written
        && error.fate() != Fate::Unknown
    {
        return written;
    }
    // Whether it was written where nobody knows, and whether somebody else was faster.
    let comments = api.comments(number).await?;
    let Some((oldest, _)) = ours.find(&comments) else {
        return match written {
            Ok(written) => Ok(written),
            Err(_) => api.write(number, body).await,
        };
    };
    let Ok(written) = written else { return Ok(oldest.clone()) };
    if oldest.id >= written.id {
        return Ok(written);
    }
    let kept = api.rewrite(oldest.id, body).await?;
    match api.take_away(written.id).await {
        Err(error) if error.status() != Some(StatusCode::NOT_FOUND) => Err(error),
        _ => Ok(kept),
    }
}
