//! What is wrong with the manifests? What can be said with no account, beside the lines that it is about.

use crate::cli::args::Start;
use crate::cli::commands::ci::job::Job;
use crate::cli::commands::ci::outcome::Outcome;
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::cli::product::output;
use crate::cli::session::{clock, diagnostics};
use crate::github::Why;
use crate::manifest::{self, Loaded};
use crate::model::{Account, Dates};
use crate::render::markdown::Gist;
use crate::render::{code_block, remarks, visible};

/// Manifests with errors in them.
#[derive(Debug, thiserror::Error)]
#[error("{0} in the manifests")]
struct Invalid(String);

/// Manifests, checked.
pub(super) struct Checked {
    /// The account that they name, where that can be read.
    pub(super) account: Option<Account>,
    /// What was found, as text.
    pub(super) text: String,
    /// How much was found, in words.
    pub(super) tally: String,
    /// Whether there are errors.
    pub(super) validity: Result<(), ()>,
}

/// Checks the manifests, and remembers what is to be said beside their lines.
pub(super) fn check(job: &Job<'_>, outcome: &mut Outcome) -> Result<Checked, Failure> {
    let question = job.question(None)?;
    let (manifests, exports) = (&question.manifests, &question.planning.exports);
    let gathered = manifest::gather(&manifests.path, &exports.exports()?);
    let now = clock::now(job.cx, manifests, &gathered, Some(Start::WhereLeft));
    let Loaded { sources, account, desired, diagnostics: found, .. } = gathered.judge(Dates::of(now));
    outcome.remarks.extend(remarks::of_manifests(&found, &sources, job.redaction));
    let text = diagnostics::text(&found, &sources, manifests, crate::render::Colour::Plain);
    let text = String::from_utf8_lossy(&text.map_err(Failure::error)?).into_owned();
    let validity = if desired.is_some() { Ok(()) } else { Err(()) };
    let account = desired.map(|desired| desired.account).or(account);
    let tally = diagnostics::tally(&found);
    outcome.account = account.as_ref().map(|account| account.name.value.to_string());
    let (urgent, rest) = if validity.is_ok() { ("", text.as_str()) } else { (text.as_str(), "") };
    outcome.gist =
        Gist { headline: format!("Manifests: {tally}."), urgent: urgent.into(), rest: rest.into() };
    Ok(Checked { account, text, tally, validity })
}

impl Checked {
    /// How it reads on a page.
    pub(super) fn page(&self) -> String {
        let name = self
            .account
            .as_ref()
            .map_or_else(String::new, |it| format!(" {}", crate::render::code_span(&it.name.value)));
        let found = if self.text.is_empty() { String::new() } else { code_block("text", &self.text) };
        format!("### Rollcall:{name}\n\n**Manifests: {}.**\n\n{found}\n", self.tally)
    }
}

/// Only validates.
pub(super) fn run(job: &Job<'_>, outcome: &mut Outcome, why: Why) -> Result<Exit, Failure> {
    let checked = check(job, outcome)?;
    outcome.summary = checked.page();
    if let Some(why) = why.sentence() {
        outcome.summary.extend(["\n", why, "\n"]);
        job.cx.say(why);
    }
    let line = format!("{}: {}\n", visible(&job.path().display().to_string()), checked.tally);
    output::print(job.cx, format!("{}{line}", checked.text).as_bytes())?;
    match checked.validity {
        Ok(()) => Ok(Exit::Done),
        Err(()) => Err(Failure::error(Invalid(checked.tally))
            .hint("each is shown above with its place and a way out; `rollcall validate` shows the same")),
    }
}
