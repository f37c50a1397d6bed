//! Which comment on a pull request is ours? One for each account, or a few about many, by the first line and who wrote it; it is edited
//! in its place.

use crate::github::api::{Api, Comment};
use crate::github::event::Account;
use crate::http::{Error, Fate, StatusCode};
use crate::render::{Marker, page_of};

/// Whose comments are ours, and what they are about.
#[derive(Debug, Clone, Copy)]
pub struct Ours<'a> {
    /// The login that writes them.
    pub author: &'a str,
    /// What they are about.
    pub about: About<'a>,
}

/// What a comment is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About<'a> {
    /// An account, by its name in the manifests.
    Account(&'a str),
    /// Many accounts, of which this is the first of several comments, or another.
    Page(usize),
}

impl Ours<'_> {
    fn has(&self, comment: &Comment) -> bool {
        let Some(body) = body_by(comment, self.author) else { return false };
        match self.about {
            About::Account(account) => Marker::read(body).is_some_and(|marker| marker.account == account),
            About::Page(page) => page_of(body) == Some(page),
        }
    }

    /// The comment of ours, which is the oldest of several.
    pub fn find<'c>(&self, comments: &'c [Comment]) -> Option<&'c Comment> {
        comments.iter().find(|comment| self.has(comment))
    }
}

/// What a comment says, if somebody wrote it.
fn body_by<'c>(comment: &'c Comment, author: &str) -> Option<&'c str> {
    comment.body.as_deref().filter(|_| is_by(comment.user.as_ref(), author))
}

/// Whether somebody is who writes what is ours.
pub(in crate::github) fn is_by(user: Option<&Account>, author: &str) -> bool {
    user.is_some_and(|user| user.login.eq_ignore_ascii_case(author))
}

/// What comments by us say of an account, the oldest first: in one of its own, or in one about many.
pub fn reviews<'c>(comments: &'c [Comment], author: &str, account: &str) -> Vec<(&'c Comment, Marker)> {
    let about = |comment: &'c Comment| {
        let mut markers = Marker::all(body_by(comment, author)?).into_iter();
        Some((comment, markers.find(|marker| marker.account == account)?))
    };
    comments.iter().filter_map(about).collect()
}

/// The comments by us about many accounts, the oldest first, each with which of several it is.
pub fn pages<'c>(comments: &'c [Comment], author: &str) -> Vec<(&'c Comment, usize)> {
    let page = |comment: &'c Comment| Some((comment, page_of(body_by(comment, author)?)?));
    comments.iter().filter_map(page).collect()
}

/// Writes the comment: in the place of the one that is there, else a new one. Of two runs that write a new one at the same time,
/// the older comment stays.
///
/// # Errors
/// It can't be written.
pub async fn put(api: &Api, number: u64, ours: Ours<'_>, body: &str) -> Result<Comment, Error> {
    if let Some(there) = ours.find(&api.comments(number).await?) {
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
    let Some(oldest) = ours.find(&comments) else {
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
