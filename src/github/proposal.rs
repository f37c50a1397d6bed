//! On which branch do the manifests say what the account has? On one of our own, with a pull request that would accept it.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::github::api::{Api, Pull};
use crate::github::issue::Watch;
use crate::http::{Error, Method, Repeat, StatusCode};
use crate::model::hex;

/// What a branch is to say, and what its pull request says of it.
#[derive(Debug, Clone, Copy)]
pub struct Acceptance<'a> {
    /// The branch that it is for, and its commit.
    pub base: (&'a str, &'a str),
    /// Files of the repository by path, with what each is to say.
    pub files: &'a [(String, String)],
    /// The title of the pull request.
    pub title: &'a str,
    /// What it says.
    pub body: &'a str,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proposed {
    /// A pull request.
    Pull(Pull),
    /// The branch alone: GitHub lets this token open no pull request, or no draft.
    Branch(String),
    /// Nothing: somebody else wrote the last commit of the branch.
    NotOurs(String),
}

#[derive(Deserialize)]
struct Reference {
    object: Object,
}

#[derive(Deserialize)]
struct Object {
    sha: String,
}

#[derive(Deserialize)]
struct Commit {
    #[serde(default)]
    message: String,
    tree: Object,
    #[serde(default)]
    parents: Vec<Object>,
}

#[derive(Serialize)]
struct NewTree<'a> {
    base_tree: &'a str,
    tree: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    path: &'a str,
    mode: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    content: &'a str,
}

#[derive(Serialize)]
struct NewCommit<'a> {
    message: &'a str,
    tree: &'a str,
    parents: [&'a str; 1],
}

#[derive(Serialize)]
struct NewReference<'a> {
    #[serde(rename = "ref")]
    name: &'a str,
    sha: &'a str,
}

#[derive(Serialize)]
struct Moved<'a> {
    sha: &'a str,
    force: bool,
}

#[derive(Serialize)]
struct NewPull<'a> {
    title: &'a str,
    body: &'a str,
    head: &'a str,
    base: &'a str,
    draft: bool,
}

#[derive(Serialize)]
struct PullPage<'a> {
    title: &'a str,
    body: &'a str,
}

/// The branch of an account, below `rollcall/`: the same for the same account, and for no other.
pub fn branch_of(account: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if !account.is_empty() && account.bytes().all(plain) && !account.starts_with('-') {
        return format!("drift-{account}");
    }
    format!("drift.{}", hex(&Sha256::digest(account)[..8]))
}

fn message(account: &str) -> String {
    format!("Accept drift of {account}\n\nWritten by `rollcall import --into`.\n")
}

/// Whether a commit is one of ours: what somebody else commits on top of it says something else.
fn is_ours(commit: &Commit, account: &str) -> bool {
    commit.message.trim_end() == message(account).trim_end()
}

/// Writes the branch anew and its pull request, unless both are so already.
///
/// # Errors
/// Something of it can't be read or written.
pub async fn propose(api: &Api, ours: Watch<'_>, acceptance: &Acceptance<'_>) -> Result<Proposed, Error> {
    let branch = branch_of(ours.account);
    let tip = match tip(api, &branch).await? {
        Some(commit) if !is_ours(&commit, ours.account) => return Ok(Proposed::NotOurs(branch)),
        tip => tip,
    };
    let (_, base) = acceptance.base;
    let tree = tree(api, base, acceptance.files).await?;
    let is_so = |commit: &Commit| {
        let parents: Vec<&str> = commit.parents.iter().map(|parent| parent.sha.as_str()).collect();
        commit.tree.sha == tree && parents == [base]
    };
    if !tip.as_ref().is_some_and(is_so) {
        let message = message(ours.account);
        let commit = NewCommit { message: &message, tree: &tree, parents: [base] };
        let Object { sha } = api.sent((Method::POST, "/git/commits"), &commit, Repeat::Safe).await?;
        move_to(api, (&branch, tip.as_ref()), &sha).await?;
    }
    pull(api, ours, (&branch, acceptance)).await
}

/// The last commit of the branch, where there is one.
async fn tip(api: &Api, branch: &str) -> Result<Option<Commit>, Error> {
    let reference = api.got::<Reference>(&format!("/git/ref/heads/rollcall/{branch}"), &[]).await;
    let sha = match reference {
        Ok(reference) => reference.object.sha,
        Err(error) if error.status() == Some(StatusCode::NOT_FOUND) => return Ok(None),
        Err(error) => return Err(error),
    };
    api.got(&format!("/git/commits/{sha}"), &[]).await.map(Some)
}

/// The tree of a commit with some files in the place of what they were.
async fn tree(api: &Api, base: &str, files: &[(String, String)]) -> Result<String, Error> {
    let base: Commit = api.got(&format!("/git/commits/{base}"), &[]).await?;
    let entries = files.iter().map(|(path, content)| Entry { path, mode: "100644", kind: "blob", content });
    let tree = NewTree { base_tree: &base.tree.sha, tree: entries.collect() };
    // The same files are the same tree.
    let Object { sha } = api.sent((Method::POST, "/git/trees"), &tree, Repeat::Safe).await?;
    Ok(sha)
}

/// Has the branch end in a commit; it is made, unless it ends in another now.
async fn move_to(api: &Api, (branch, now): (&str, Option<&Commit>), sha: &str) -> Result<(), Error> {
    if now.is_some() {
        let path = format!("/git/refs/heads/rollcall/{branch}");
        let moved = Moved { sha, force: true };
        return api.sent((Method::PATCH, &path), &moved, Repeat::Safe).await.map(|_: Reference| ());
    }
    let name = format!("refs/heads/rollcall/{branch}");
    let new = NewReference { name: &name, sha };
    api.sent((Method::POST, "/git/refs"), &new, Repeat::Never).await.map(|_: Reference| ())
}

/// The pull request of the branch.
async fn pull(
    api: &Api,
    ours: Watch<'_>,
    (branch, acceptance): (&str, &Acceptance<'_>),
) -> Result<Proposed, Error> {
    let Acceptance { base: (base, _), title, body, .. } = *acceptance;
    let head = format!("rollcall/{branch}");
    let of = format!("{}:{head}", api.owner());
    let open: Vec<Pull> = api.got("/pulls", &[("state", "open"), ("head", &of)]).await?;
    if let Some(pull) = open.into_iter().find(|pull| pull.head.name.as_deref() == Some(&head)) {
        if ours.is_us(pull.user.as_ref()) {
            let path = format!("/pulls/{}", pull.number);
            let page = PullPage { title, body };
            return api.sent((Method::PATCH, &path), &page, Repeat::Safe).await.map(Proposed::Pull);
        }
        // Somebody opened it by the link of an issue.
        return Ok(Proposed::Pull(pull));
    }
    let new = NewPull { title, body, head: &head, base, draft: true };
    match api.sent((Method::POST, "/pulls"), &new, Repeat::Never).await {
        Ok(pull) => Ok(Proposed::Pull(pull)),
        Err(error)
            if matches!(error.status(), Some(StatusCode::FORBIDDEN | StatusCode::UNPROCESSABLE_ENTITY)) =>
        {
            Ok(Proposed::Branch(head))
        }
        Err(error) => Err(error),
    }
}

/// Takes the branch away, and with it GitHub closes its pull request; unless somebody else wrote to it.
///
/// # Errors
/// It can't be read, or stays.
pub async fn withdraw(api: &Api, account: &str) -> Result<(), Error> {
    let branch = branch_of(account);
    match tip(api, &branch).await? {
        Some(commit) if is_ours(&commit, account) => {
            api.delete(&format!("/git/refs/heads/rollcall/{branch}")).await
        }
        Some(_) | None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::branch_of;

    #[test]
    fn each_account_has_a_branch_of_its_own_whatever_it_is_called() {
        assert_eq!(branch_of("acme-2"), "drift-acme-2");
        let odd = ["", "-x", "Acme", "acme 2", "acme/2", "../main", "acme..lock", "ünï", "acme~1", "a\nb"];
        let mut branches: Vec<String> = odd.iter().map(|account| branch_of(account)).collect();
        for branch in &branches {
            let (head, digits) = branch.split_once('.').unwrap();
            assert_eq!((head, digits.len()), ("drift", 16));
        }
        branches.sort();
        branches.dedup();
        assert_eq!(branches.len(), odd.len());
    }
}
