//! How would the manifests come to say what the account has? By a draft of a pull request, where the workflow asks for one.

use std::path::{Path, PathBuf};

use crate::cli::args::Import;
use crate::cli::commands::adopt::{adopted, adopted_of, is_of_all, settled};
use crate::cli::commands::ci::comment::REPORT;
use crate::cli::commands::ci::job::Job;
use crate::cli::commands::ci::keeping::Standing;
use crate::cli::commands::ci::outcome::Outcome;
use crate::cli::process::failure::Failure;
use crate::cli::process::runtime;
use crate::cli::product::{output, revise};
use crate::cli::session::git;
use crate::cli::session::planning::Session;
use crate::diag::Sources;
use crate::github::{Accept, Acceptance, Proposed, Watch, propose, withdraw};
use crate::import::Adoption;
use crate::model::Observed;
use crate::render::{self, Layout, Redaction, View, code_block, code_span, cut, visible};

/// What of a list is shown in an issue, which has a plan besides.
const IN_ISSUE: usize = 5_000;

/// Why nothing is proposed.
#[derive(Debug, thiserror::Error)]
enum Unproposed {
    #[error("people are pseudonyms here, and a branch would name them")]
    Named,
    #[error("somebody else wrote the last commit of rollcall/{0}")]
    NotOurs(String),
    #[error("{0} can't be named in the repository")]
    Nameless(String),
}

/// The account, as it was compared with the manifests.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading<'a> {
    pub(super) session: &'a Session,
    pub(super) observed: &'a Observed,
    /// An HR upload that may still be processed, in a sentence.
    pub(super) awaited: Option<&'a str>,
}

/// How the drift can be accepted, in words that follow "to accept it"; none where nobody asked, or where it is done by hand. What goes
/// wrong is a notice: the issue says what differs all the same.
pub(super) fn offered(
    job: &Job<'_>,
    outcome: &mut Outcome,
    (ours, standing): (Watch<'_>, Standing),
    reading: Reading<'_>,
) -> Option<String> {
    let offered = match (job.inputs.accept, standing) {
        (Accept::None, _) | (_, Standing::Unsettled) => return None,
        (Accept::Draft, Standing::Drift) => proposed(job, ours, reading).map(Some),
        (Accept::Draft, Standing::Clean) => withdrawn(job, ours.account).map(|()| None),
    };
    offered.unwrap_or_else(|failure| {
        outcome.missed(job, ("No draft", "there is no draft of a pull request"), &failure);
        None
    })
}

fn withdrawn(job: &Job<'_>, account: &str) -> Result<(), Failure> {
    let api = job.api()?;
    runtime::block_on(async { Ok(withdraw(&api, account).await?) })
}

fn proposed(job: &Job<'_>, ours: Watch<'_>, reading: Reading<'_>) -> Result<String, Failure> {
    if job.redaction == Redaction::On {
        return Err(Failure::usage(Unproposed::Named)
            .hint("say `redact: emails` where everybody who sees the repository may see them, or leave `accept` out"));
    }
    let args = job.import()?;
    let adoption = adoption(job, &args, reading)?;
    let redaction = args.manifests.redaction();
    if adoption.files.is_empty() {
        let said = said(&adoption, redaction, IN_ISSUE)?;
        return Ok(format!(
            "there is nothing that an edit of the manifests could do:\n\n{}",
            said.trim_end()
        ));
    }
    let named = |(file, text): (PathBuf, String)| Ok((in_repository(&file)?, text));
    let files: Vec<(String, String)> =
        revise::written(&adoption.files)?.into_iter().map(named).collect::<Result<_, Failure>>()?;
    let (title, body) = (
        format!("Accept drift of {}", visible(ours.account)),
        body(job, ours.account, &said(&adoption, redaction, REPORT)?),
    );
    let base = job.head()?;
    let acceptance = Acceptance { base, files: &files, title: &title, body: &body };
    let api = job.api()?;
    let link = match runtime::block_on(async { Ok(propose(&api, ours, &acceptance).await?) })? {
        Proposed::Pull(pull) => format!("review [#{}, a draft]({}), and merge it.", pull.number, pull.url),
        Proposed::Branch(branch) => format!(
            "open [a pull request]({}/compare/{}...{branch}?expand=1) of the branch {}, review and merge it.",
            job.runner.home,
            base.0,
            code_span(&branch)
        ),
        Proposed::NotOurs(branch) => {
            return Err(Failure::error(Unproposed::NotOurs(branch)).hint("merge that branch, or delete it"));
        }
    };
    let left = match adoption.left.len() {
        0 => String::new(),
        left => {
            format!(" Not all of it can be accepted so: {left} of the differences stay, and it says why.")
        }
    };
    Ok(format!("{link}{left}"))
}

/// What would have to change in the manifests, by the reading that they were compared with; where more is asked for, by another.
fn adoption(job: &Job<'_>, args: &Import, reading: Reading<'_>) -> Result<Adoption, Failure> {
    let Reading { session, observed, awaited } = reading;
    if is_of_all(args, session) {
        return adopted(job.cx, args, job.path()).map(|(_, adoption)| adoption);
    }
    settled(awaited.map(str::to_owned))?;
    adopted_of(args, job.path(), (session, observed))
}

/// The path of a file in the repository, whether it is there yet or not.
fn in_repository(file: &Path) -> Result<String, Failure> {
    let nameless = || Failure::error(Unproposed::Nameless(file.display().to_string()));
    let (folder, name) = file.parent().zip(file.file_name()).ok_or_else(nameless)?;
    let below =
        git::below_top(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })?.join(name);
    let parts: Option<Vec<&str>> = below.iter().map(|part| part.to_str()).collect();
    Ok(parts.ok_or_else(nameless)?.join("/"))
}

/// What is adopted and what is left, as text.
fn said(adoption: &Adoption, redaction: Redaction, room: usize) -> Result<String, Failure> {
    let sources = Sources::default();
    let view = View::new(&sources, redaction);
    let text = output::bytes(|out| render::adopt::sections(out, adoption, &view, Layout::default()))?;
    Ok(code_block("text", &cut(String::from_utf8_lossy(&text).trim_start(), room)))
}

/// What the pull request says.
fn body(job: &Job<'_>, account: &str, said: &str) -> String {
    format!(
        "Merging this makes the manifests say what the account {} has, so that its drift is accepted. Nothing is written to the account. \
         {} wrote this branch, and the next check writes it anew.\n\n{said}\n\
         GitHub starts no workflow for what a workflow opens: mark this as ready for review, and the plan is made.\n",
        code_span(account),
        job.runner.link()
    )
}
