//! What is asked of GitHub? Comments, issues, pull requests, who may write, and branches of our own: this list and nothing else.
//!
//! The calls: GitHub REST API, "Issue comments", "Issues", "Commits", "Pull requests", "Collaborators" and "Git database".

use reqwest::header::LINK;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::github::event::Account;
use crate::http::{
    Answer, Auth, Body, Client, Endpoint, Error, Gate, Limiter, Method, Pace, Proxy, Repeat, Request, Route,
    Secret,
};

/// How many comments or issues a page may have, at most.
const PAGE: &str = "100";
/// So many pages are read: ten thousand comments or issues.
const PAGES: usize = 100;

const ROUTES: &[Route] = &[
    Route { method: Method::GET, path: "/repos/{}/{}/issues/{}/comments" },
    Route { method: Method::POST, path: "/repos/{}/{}/issues/{}/comments" },
    Route { method: Method::PATCH, path: "/repos/{}/{}/issues/comments/{}" },
    Route { method: Method::DELETE, path: "/repos/{}/{}/issues/comments/{}" },
    Route { method: Method::GET, path: "/repos/{}/{}/issues" },
    Route { method: Method::POST, path: "/repos/{}/{}/issues" },
    Route { method: Method::PATCH, path: "/repos/{}/{}/issues/{}" },
    Route { method: Method::GET, path: "/repos/{}/{}/commits/{}/pulls" },
    Route { method: Method::GET, path: "/repos/{}/{}/pulls/{}" },
    Route { method: Method::GET, path: "/repos/{}/{}/pulls" },
    Route { method: Method::POST, path: "/repos/{}/{}/pulls" },
    Route { method: Method::PATCH, path: "/repos/{}/{}/pulls/{}" },
    Route { method: Method::GET, path: "/repos/{}/{}/git/commits/{}" },
    Route { method: Method::POST, path: "/repos/{}/{}/git/commits" },
    Route { method: Method::POST, path: "/repos/{}/{}/git/trees" },
    Route { method: Method::POST, path: "/repos/{}/{}/git/refs" },
    // Of branches that are there, only those below `rollcall/`.
    Route { method: Method::GET, path: "/repos/{}/{}/git/ref/heads/rollcall/{}" },
    Route { method: Method::PATCH, path: "/repos/{}/{}/git/refs/heads/rollcall/{}" },
    Route { method: Method::DELETE, path: "/repos/{}/{}/git/refs/heads/rollcall/{}" },
    Route { method: Method::GET, path: "/repos/{}/{}/collaborators/{}/permission" },
];

/// A repository on GitHub, as a token opens it.
#[derive(Debug, Clone)]
pub struct Api {
    client: Client,
    token: Secret,
    repository: String,
}

/// A comment on a pull request.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Comment {
    /// Its number; a newer comment has a higher one.
    pub id: u64,
    /// Where it is.
    #[serde(rename = "html_url", default)]
    pub url: String,
    /// Who wrote it; none if the account is gone.
    pub user: Option<Account>,
    /// When it was written.
    pub created_at: String,
    /// When it was written last.
    pub updated_at: String,
    /// What it says.
    #[serde(default)]
    pub body: Option<String>,
}

/// An issue; of pull requests too, which GitHub lists among issues.
#[derive(Debug, Clone, Deserialize)]
pub struct Issue {
    /// Its number; a newer issue has a higher one.
    pub number: u64,
    /// Where it is.
    #[serde(rename = "html_url", default)]
    pub url: String,
    /// Its title.
    pub title: String,
    /// Who opened it; none if the account is gone.
    pub user: Option<Account>,
    /// What it says.
    #[serde(default)]
    pub body: Option<String>,
    /// Whether it is open.
    pub state: IssueState,
    /// There where it is a pull request.
    #[serde(default)]
    pub pull_request: Option<IgnoredAny>,
}

/// Whether an issue is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IssueState {
    /// It is.
    Open,
    /// It is not.
    Closed,
}

/// What an issue is to say.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct IssuePage<'a> {
    /// Its title.
    pub title: &'a str,
    /// What it says.
    pub body: &'a str,
    /// Whether it is open.
    pub state: IssueState,
}

/// A pull request, as far as it tells what was merged.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Pull {
    /// Its number.
    pub number: u64,
    /// Where it is.
    #[serde(rename = "html_url", default)]
    pub url: String,
    /// When it was merged; none if it was not.
    pub merged_at: Option<String>,
    /// The commit that its merge left on the base branch.
    pub merge_commit_sha: Option<String>,
    /// Who opened it.
    pub user: Option<Account>,
    /// What it proposed.
    pub head: Head,
}

/// The branch that a pull request proposes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Head {
    /// Its commit.
    pub sha: String,
    /// Its name.
    #[serde(rename = "ref", default)]
    pub name: Option<String>,
}

#[derive(Serialize)]
struct Words<'a> {
    body: &'a str,
}

#[derive(Serialize)]
struct NewIssue<'a> {
    title: &'a str,
    body: &'a str,
    labels: [&'a str; 1],
}

#[derive(Deserialize)]
struct Permission {
    permission: String,
}

impl Api {
    /// A repository `owner/name` at an endpoint.
    ///
    /// # Errors
    /// No client can be made.
    pub fn new(
        (endpoint, proxy): (Endpoint, Option<Proxy>),
        token: Secret,
        repository: &str,
        (pace, limiter): (Pace, Limiter),
    ) -> Result<Self, Error> {
        let client = Client::new(endpoint, proxy, Gate::of(&[ROUTES]), pace, limiter)?;
        Ok(Self { client, token, repository: repository.to_owned() })
    }

    /// The pace that it is asked at.
    pub fn pace(&self) -> Pace {
        self.client.pace()
    }

    /// All comments of a pull request, the oldest first.
    ///
    /// # Errors
    /// They can't be read.
    pub async fn comments(&self, number: u64) -> Result<Vec<Comment>, Error> {
        let mut comments: Vec<Comment> = self.pages(&self.get(&format!("/issues/{number}/comments"))).await?;
        comments.sort_by_key(|comment| comment.id);
        Ok(comments)
    }

    /// All issues, open and closed, pull requests among them; or those with a label. Listing them does not lag behind writing them,
    /// as searching does.
    ///
    /// # Errors
    /// They can't be read.
    pub async fn issues(&self, label: Option<&str>) -> Result<Vec<Issue>, Error> {
        let request = self.get("/issues").query("state", "all");
        // The oldest first: one that is opened meanwhile moves none to another page.
        let request = request.query("sort", "created").query("direction", "asc");
        self.pages(&match label {
            Some(label) => request.query("labels", label),
            None => request,
        })
        .await
    }

    /// Opens an issue.
    ///
    /// # Errors
    /// It is not opened, or nobody knows.
    pub async fn open_issue(&self, (title, body): (&str, &str), label: &str) -> Result<Issue, Error> {
        let issue = NewIssue { title, body, labels: [label] };
        self.sent((Method::POST, "/issues"), &issue, Repeat::Never).await
    }

    /// Writes an issue anew, opens or closes it.
    ///
    /// # Errors
    /// It is not written.
    pub async fn edit_issue(&self, number: u64, page: &IssuePage<'_>) -> Result<Issue, Error> {
        // The same text twice is the same issue.
        self.sent((Method::PATCH, &format!("/issues/{number}")), page, Repeat::Safe).await
    }

    /// Writes a comment.
    ///
    /// # Errors
    /// It is not written, or nobody knows.
    pub async fn write(&self, number: u64, body: &str) -> Result<Comment, Error> {
        self.client
            .send(&self.request(Method::POST, &format!("/issues/{number}/comments"), body))
            .await?
            .json()
    }

    /// Writes a comment anew.
    ///
    /// # Errors
    /// It is not written.
    pub async fn rewrite(&self, comment: u64, body: &str) -> Result<Comment, Error> {
        let request = self.request(Method::PATCH, &format!("/issues/comments/{comment}"), body);
        // The same text twice is the same comment.
        self.client.send(&request.repeat(Repeat::Safe)).await?.json()
    }

    /// Takes a comment away.
    ///
    /// # Errors
    /// It stays.
    pub async fn take_away(&self, comment: u64) -> Result<(), Error> {
        self.delete(&format!("/issues/comments/{comment}")).await
    }

    /// The pull requests that a commit belongs to, as far as GitHub has indexed them.
    ///
    /// # Errors
    /// They can't be read.
    pub async fn pulls_of(&self, commit: &str) -> Result<Vec<Pull>, Error> {
        self.client.send(&self.get(&format!("/commits/{commit}/pulls"))).await?.json()
    }

    /// A pull request.
    ///
    /// # Errors
    /// It can't be read.
    pub async fn pull(&self, number: u64) -> Result<Pull, Error> {
        self.client.send(&self.get(&format!("/pulls/{number}"))).await?.json()
    }

    /// Whether somebody may write to the repository.
    ///
    /// # Errors
    /// It can't be read.
    pub async fn may_write(&self, login: &str) -> Result<bool, Error> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if login.is_empty() || !login.bytes().all(plain) {
            return Ok(false);
        }
        let answer = self.client.send(&self.get(&format!("/collaborators/{login}/permission"))).await?;
        let Permission { permission } = answer.json()?;
        // "maintain" is said as "write", and "triage" as "read".
        Ok(matches!(permission.as_str(), "admin" | "write"))
    }

    /// What is there at a path.
    pub(in crate::github) async fn got<T: DeserializeOwned>(
        &self,
        below: &str,
        query: &[(&'static str, &str)],
    ) -> Result<T, Error> {
        let request =
            query.iter().fold(self.get(below), |request, (name, value)| request.query(name, *value));
        self.client.send(&request).await?.json()
    }

    /// Sends something, and answers what came of it.
    pub(in crate::github) async fn sent<T: DeserializeOwned>(
        &self,
        (method, below): (Method, &str),
        body: &impl Serialize,
        repeat: Repeat,
    ) -> Result<T, Error> {
        let request = Request::json(method, self.path(below), body).auth(self.auth());
        self.client.send(&request.repeat(repeat)).await?.json()
    }

    /// Takes away what is at a path.
    pub(in crate::github) async fn delete(&self, below: &str) -> Result<(), Error> {
        let request = Request::write(Method::DELETE, self.path(below), Body::None).auth(self.auth());
        self.client.send(&request).await.map(drop)
    }

    /// The owner of the repository.
    pub(in crate::github) fn owner(&self) -> &str {
        self.repository.split('/').next().unwrap_or_default()
    }

    /// All pages of a list.
    async fn pages<T: DeserializeOwned>(&self, list: &Request) -> Result<Vec<T>, Error> {
        let (mut all, mut page) = (Vec::new(), Some("1".to_owned()));
        for _ in 0..PAGES {
            let Some(at) = page else { break };
            let request = list.clone().query("per_page", PAGE).query("page", at);
            let answer = self.client.send(&request).await?;
            all.extend(answer.json::<Vec<T>>()?);
            page = next(&answer);
        }
        Ok(all)
    }

    fn get(&self, below: &str) -> Request {
        Request::get(self.path(below)).auth(self.auth())
    }

    fn request(&self, method: Method, below: &str, body: &str) -> Request {
        Request::json(method, self.path(below), &Words { body }).auth(self.auth())
    }

    fn path(&self, below: &str) -> String {
        format!("/repos/{}{below}", self.repository)
    }

    fn auth(&self) -> Auth {
        Auth::Bearer(self.token.clone())
    }
}

/// The next page, as the answer links to it. Only its number is taken: the token goes where it always goes.
fn next(answer: &Answer) -> Option<String> {
    let links = answer.headers.get_all(LINK).iter().filter_map(|value| value.to_str().ok());
    let next = links.flat_map(|value| value.split(',')).find_map(|link| {
        let (target, parameters) = link.split_once(';')?;
        let is_next = parameters.split(';').any(|it| matches!(it.trim(), r#"rel="next""# | "rel=next"));
        is_next.then(|| target.trim().trim_start_matches('<').trim_end_matches('>').to_owned())
    })?;
    let url = Url::parse(&next).ok()?;
    url.query_pairs().find(|(name, _)| name == "page").map(|(_, page)| page.into_owned())
}
