//! What started the workflow? The payload of the event is read here, and nothing else says whom a run may trust.
//!
//! Payloads: GitHub Docs, "Webhook events and payloads" and "Events that trigger workflows".

use serde::Deserialize;

/// The login under which Dependabot opens pull requests.
const DEPENDABOT: &str = "dependabot[bot]";

/// An event, with what is needed of its payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its name, as the workflow has it below `on`.
    pub name: String,
    /// What happened.
    pub trigger: Trigger,
    /// Who can see the repository.
    pub visibility: Visibility,
}

/// Who can see a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// Everybody, or nobody knows.
    PublicOrUnknown,
    /// Only those who are let in.
    Closed,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trigger {
    /// Something of a pull request changed.
    PullRequest(PullRequest),
    /// A merge queue tries a merge.
    MergeGroup {
        /// The commit of the base branch.
        base: String,
    },
    /// Commits came to a branch.
    Push(Push),
    /// Any other event: it may run with secrets on behalf of a stranger.
    Privileged,
    /// A schedule, or somebody with the right to write who started it by hand.
    Other(Started),
}

/// A pull request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullRequest {
    /// Its number.
    pub number: u64,
    /// The commit that it proposes.
    pub head: String,
    /// The commit of the base branch.
    pub base: String,
    /// Who opened it.
    pub author: Account,
    /// From where it comes.
    pub origin: Origin,
}

/// An account of GitHub.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Account {
    /// Its number, which it keeps when it is renamed.
    pub id: u64,
    /// Its name.
    pub login: String,
    /// `User`, `Bot`, …
    #[serde(rename = "type", default)]
    pub kind: String,
}

/// From where a pull request comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A branch of the repository itself.
    Inside,
    /// Another repository, or one that is gone: no secrets are there, and none would be used.
    Fork,
    /// Dependabot, for which GitHub has no secrets of Actions.
    Dependabot,
}

/// Commits that came to a branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Push {
    /// What the branch was before.
    pub before: String,
    /// What it is now.
    pub after: String,
    /// The first line of the last commit's message.
    pub title: String,
    /// Whether the branch is the repository's default one.
    pub to: Branch,
}

/// A run that no change of the repository caused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// On which branch.
    pub on: Branch,
    /// The person who started it by hand; none where a schedule or a program did.
    pub by: Option<Account>,
}

/// Which branch commits came to, or a run is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Branch {
    /// The default one.
    Default,
    /// Any other, or a tag.
    Other,
}

/// A payload that says too little.
#[derive(Debug, thiserror::Error)]
pub enum BadEvent {
    /// It is no JSON, or not of this event.
    #[error("the payload of the event `{name}` is not readable")]
    Unreadable {
        /// The event.
        name: String,
        /// What the decoder says.
        source: serde_json::Error,
    },
    /// Something is missing in it.
    #[error("the payload of the event `{name}` has no `{part}`")]
    Missing {
        /// The event.
        name: String,
        /// What is missing.
        part: &'static str,
    },
}

#[derive(Deserialize)]
struct Payload {
    repository: Option<Repository>,
    pull_request: Option<RawPullRequest>,
    merge_group: Option<MergeGroup>,
    sender: Option<Account>,
    before: Option<String>,
    after: Option<String>,
    #[serde(rename = "ref")]
    reference: Option<String>,
    head_commit: Option<Commit>,
}

#[derive(Deserialize)]
struct Repository {
    id: Option<u64>,
    visibility: Option<String>,
    default_branch: Option<String>,
}

#[derive(Deserialize)]
struct RawPullRequest {
    number: u64,
    user: Account,
    head: Side,
    base: Side,
}

#[derive(Deserialize)]
struct Side {
    sha: String,
    repo: Option<Repository>,
}

#[derive(Deserialize)]
struct MergeGroup {
    base_sha: String,
}

#[derive(Deserialize)]
struct Commit {
    #[serde(default)]
    message: String,
}

impl Event {
    /// Reads the payload of an event.
    ///
    /// # Errors
    /// It says too little to tell what happened.
    pub fn read(name: &str, payload: &[u8]) -> Result<Self, BadEvent> {
        let unreadable = |source| BadEvent::Unreadable { name: name.to_owned(), source };
        let payload: Payload = serde_json::from_slice(payload).map_err(unreadable)?;
        let visibility = match payload.repository.as_ref().and_then(|it| it.visibility.as_deref()) {
            Some("private" | "internal") => Visibility::Closed,
            _ => Visibility::PublicOrUnknown,
        };
        let missing = |part| BadEvent::Missing { name: name.to_owned(), part };
        let trigger = match name {
            "pull_request" | "pull_request_review" | "pull_request_review_comment" => {
                let raw = payload.pull_request.ok_or_else(|| missing("pull_request"))?;
                Trigger::PullRequest(raw.read(payload.sender.as_ref()))
            }
            "merge_group" => {
                let group = payload.merge_group.ok_or_else(|| missing("merge_group"))?;
                Trigger::MergeGroup { base: group.base_sha }
            }
            "push" => Trigger::Push(Push {
                before: payload.before.ok_or_else(|| missing("before"))?,
                after: payload.after.ok_or_else(|| missing("after"))?,
                title: payload
                    .head_commit
                    .and_then(|commit| commit.message.lines().next().map(str::to_owned))
                    .unwrap_or_default(),
                to: branch(payload.reference.as_deref(), payload.repository.as_ref()),
            }),
            // By hand, on a branch that is named; the others run on the default one.
            "workflow_dispatch" => Trigger::Other(Started {
                on: branch(payload.reference.as_deref(), payload.repository.as_ref()),
                by: payload.sender.filter(|sender| sender.kind == "User"),
            }),
            "schedule" | "repository_dispatch" => Trigger::Other(Started { on: Branch::Default, by: None }),
            // GitHub Docs, "Secure use reference": `pull_request_target`, `workflow_run`, `issue_comment` and others.
            _ => Trigger::Privileged,
        };
        Ok(Self { name: name.to_owned(), trigger, visibility })
    }
}

impl RawPullRequest {
    fn read(self, sender: Option<&Account>) -> PullRequest {
        let id = |side: &Side| side.repo.as_ref().and_then(|repo| repo.id);
        let is_inside = id(&self.head).is_some() && id(&self.head) == id(&self.base);
        // Whoever starts a run of Dependabot's again starts it as themselves, with secrets: the sender tells, not the author.
        let origin = match sender {
            _ if !is_inside => Origin::Fork,
            Some(sender) if sender.login == DEPENDABOT => Origin::Dependabot,
            _ => Origin::Inside,
        };
        PullRequest {
            number: self.number,
            head: self.head.sha,
            base: self.base.sha,
            author: self.user,
            origin,
        }
    }
}

fn branch(reference: Option<&str>, repository: Option<&Repository>) -> Branch {
    let name = reference.and_then(|reference| reference.strip_prefix("refs/heads/"));
    match (name, repository.and_then(|repository| repository.default_branch.as_deref())) {
        (Some(name), Some(default)) if name == default => Branch::Default,
        _ => Branch::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USER: &str = r#""user": { "id": 5, "login": "ada", "type": "User" }"#;

    fn pull(head: &str, sender: &str) -> Trigger {
        let text = format!(
            r#"{{ "sender": {{ "id": 6, "login": "{sender}", "type": "User" }}, "repository": {{ "id": 1 }},
                "pull_request": {{ "number": 3, {USER}, "head": {{ "sha": "h", "repo": {head} }},
                "base": {{ "sha": "b", "repo": {{ "id": 1 }} }} }} }}"#
        );
        Event::read("pull_request", text.as_bytes()).unwrap().trigger
    }

    #[test]
    fn a_pull_request_is_from_outside_unless_its_payload_proves_the_opposite() {
        let origin = |trigger| match trigger {
            Trigger::PullRequest(it) => it.origin,
            other => panic!("{other:?}"),
        };
        assert_eq!(origin(pull(r#"{ "id": 1 }"#, "ada")), Origin::Inside);
        assert_eq!(origin(pull(r#"{ "id": 1 }"#, DEPENDABOT)), Origin::Dependabot);
        for head in [r#"{ "id": 2 }"#, "null", "{}"] {
            assert_eq!(origin(pull(head, "ada")), Origin::Fork, "{head}");
        }
    }

    #[test]
    fn a_repository_is_public_unless_it_says_that_it_is_not() {
        for (said, visibility) in [
            (r#"{ "visibility": "private" }"#, Visibility::Closed),
            (r#"{ "visibility": "internal" }"#, Visibility::Closed),
            (r#"{ "visibility": "public" }"#, Visibility::PublicOrUnknown),
            (r#"{ "visibility": "secret" }"#, Visibility::PublicOrUnknown),
            (r"{}", Visibility::PublicOrUnknown),
            ("null", Visibility::PublicOrUnknown),
        ] {
            let event = Event::read("schedule", format!(r#"{{ "repository": {said} }}"#).as_bytes()).unwrap();
            let scheduled = Trigger::Other(Started { on: Branch::Default, by: None });
            assert_eq!((event.visibility, event.trigger), (visibility, scheduled), "{said}");
        }
    }

    #[test]
    fn a_push_is_to_the_default_branch_only_by_its_full_name() {
        for (reference, to) in [
            ("refs/heads/main", Branch::Default),
            ("refs/heads/x/main", Branch::Other),
            ("refs/tags/main", Branch::Other),
            ("main", Branch::Other),
        ] {
            let text = format!(
                r#"{{ "before": "b", "after": "a", "ref": "{reference}", "repository": {{ "default_branch": "main" }},
                    "head_commit": {{ "message": "Add Ada (#3)\n\nmore" }} }}"#
            );
            let push = Push { before: "b".into(), after: "a".into(), title: "Add Ada (#3)".into(), to };
            assert_eq!(
                Event::read("push", text.as_bytes()).unwrap().trigger,
                Trigger::Push(push),
                "{reference}"
            );
        }
    }

    #[test]
    fn whoever_starts_a_run_by_hand_is_known_and_on_which_branch() {
        let started = |name: &str, kind: &str, reference: &str| {
            let text = format!(
                r#"{{ {reference} "sender": {{ "id": 5, "login": "ada", "type": "{kind}" }},
                    "repository": {{ "default_branch": "main" }} }}"#
            );
            match Event::read(name, text.as_bytes()).unwrap().trigger {
                Trigger::Other(Started { on, by }) => (on, by.map(|by| by.login)),
                other => panic!("{other:?}"),
            }
        };
        let (main, other) = (r#""ref": "refs/heads/main","#, r#""ref": "refs/heads/mine","#);
        let ada = Some("ada".to_owned());
        assert_eq!(started("workflow_dispatch", "User", main), (Branch::Default, ada.clone()));
        assert_eq!(started("workflow_dispatch", "User", other), (Branch::Other, ada.clone()));
        assert_eq!(started("workflow_dispatch", "User", ""), (Branch::Other, ada));
        assert_eq!(started("workflow_dispatch", "Bot", main), (Branch::Default, None));
        assert_eq!(started("repository_dispatch", "User", other), (Branch::Default, None));
        assert_eq!(started("schedule", "User", ""), (Branch::Default, None));
    }

    #[test]
    fn what_runs_with_secrets_for_a_stranger_is_known_and_half_a_payload_is_an_error() {
        for name in ["pull_request_target", "workflow_run", "issue_comment", "what comes next year"] {
            assert_eq!(Event::read(name, b"{}").unwrap().trigger, Trigger::Privileged, "{name}");
        }
        for name in ["pull_request", "pull_request_review", "push", "merge_group"] {
            assert!(Event::read(name, b"{}").is_err(), "{name}");
        }
        assert!(Event::read("push", b"").is_err());
    }
}
