//! Which accounts does a repository have, and which of them changed since a commit?

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::cli::process::context::Context;
use crate::cli::process::failure::Failure;
use crate::cli::session::diagnostics::tally;
use crate::cli::session::git::{self, NONE, Tree};
use crate::diag::{Code, Diagnostic, Place};
use crate::fleet::{Changes, Member, Selection, Twice, members_in, strays, twice};
use crate::manifest::{Survey, survey};
use crate::render::Redaction;
use crate::render::diagnostics::lines;

/// So many manifests that belong to no account are named.
const NAMED: usize = 3;

/// Accounts that can't be told.
#[derive(Debug, thiserror::Error)]
enum Untold {
    #[error("{} is no folder", .0.display())]
    NoFolder(PathBuf),
    #[error("no account below {}: no manifest there has `account`", .0.display())]
    None(PathBuf),
    #[error("`{0}` is no commit of this checkout")]
    NoCommit(String),
    #[error("{0} in what lies there: whether that is an account can't be told")]
    Unread(String),
}

impl From<Twice> for Failure {
    fn from(twice: Twice) -> Self {
        Self::error(twice).hint("give each its own `name`, or take one of the folders out of the path")
    }
}

/// The accounts below a folder: all, or those that something changed of since a commit.
pub(crate) fn select(cx: &Context, path: &Path, since: Option<&str>) -> Result<Selection, Failure> {
    if !path.is_dir() {
        return Err(Failure::usage(Untold::NoFolder(path.to_owned())));
    }
    let found = survey(path);
    let members = members_in(&found.folders);
    tell(cx, &found, &members)?;
    if let Some(twice) = twice(&members) {
        return Err(twice.into());
    }
    let selection = match since {
        Some(since) => changed(path, &members, since)?,
        None => Selection::of(&members, None),
    };
    // Where the last account was taken away there is none, and that is known.
    if members.is_empty() && selection.gone.is_empty() {
        return Err(Failure::error(Untold::None(path.to_owned()))
            .hint("give the folder that holds the folders of accounts: rollcall accounts accounts"));
    }
    Ok(selection)
}

/// Says which manifests belong to no account. One that could not be read may be that of an account, so nothing goes on without it,
/// unless it lies in a folder of one, whose plan says it too.
fn tell(cx: &Context, found: &Survey, members: &[Member]) -> Result<(), Failure> {
    let strays = strays(&found.manifests, members);
    let strays: Vec<String> = strays.into_iter().map(|file| file.display().to_string()).collect();
    if let Some(first) = strays.get(..strays.len().min(NAMED)).filter(|first| !first.is_empty()) {
        let more = match strays.len() - first.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        cx.warn(format_args!("of no account, and included by none: {}{more}", first.join(", ")));
    }
    let is_told = |it: &&Diagnostic| match &it.place {
        _ if it.code == Code::NoManifests => true,
        Place::File(file) => members.iter().any(|member| member.holds(Path::new(&**file))),
        Place::Span(_) => false,
    };
    let unread: Vec<Diagnostic> = found.unread.iter().filter(|it| !is_told(it)).cloned().collect();
    if unread.is_empty() {
        return Ok(());
    }
    let mut text = Vec::new();
    lines(&mut text, &unread, &found.sources, Redaction::Off).map_err(Failure::error)?;
    cx.show(&text);
    Err(Failure::error(Untold::Unread(tally(&unread)))
        .hint("give a folder that holds accounts and nothing else, or settle what is shown above"))
}

/// Those that something changed of.
fn changed(path: &Path, members: &[Member], since: &str) -> Result<Selection, Failure> {
    let top = git::top_of(path)?.canonicalize().map_err(Failure::error)?;
    let commit = if since == NONE { None } else { Some(named(path, since)?) };
    let tree = Tree::of(path, commit.as_deref())?;
    let top_before = tree.top.canonicalize().map_err(Failure::error)?;
    let below = path.canonicalize().map_err(Failure::error)?;
    let there = top_before.join(below.strip_prefix(&top).unwrap_or(Path::new("")));
    let before = if there.is_dir() { members_in(&survey(&there).folders) } else { Vec::new() };
    let paths = match &commit {
        Some(commit) => git::changed_since(&top, commit)?,
        None => BTreeSet::new(),
    };
    let changes = Changes { top: &top, top_before: &top_before, before: &before, paths: &paths };
    Ok(Selection::of(members, Some((commit.as_deref().unwrap_or(NONE), &changes))))
}

/// The commit that somebody names.
fn named(path: &Path, since: &str) -> Result<String, Failure> {
    git::commit_of(path, since).ok_or_else(|| {
        Failure::error(Untold::NoCommit(since.to_owned())).hint(
            "fetch the history that it is in: `fetch-depth: 0` for actions/checkout, `git fetch` elsewhere",
        )
    })
}
