//! What is a step of a workflow to do, with what, and what may be seen of it?

use std::ffi::OsString;
use std::path::Path;

use clap::Parser as _;

use crate::account::Variable;
use crate::cli::args::{Addresses, Apply, Args, Command, Import, Question};
use crate::cli::commands::ci::base::Base;
use crate::cli::commands::ci::runner::Runner;
use crate::cli::process::context::Context;
use crate::cli::process::failure::Failure;
use crate::cli::session::target::main_credential;
use crate::github::{
    Api, BadEvent, BadInput, Branch, Event, Inputs, Order, Proposal, Redact, Refused, ReviewKey, Task,
    Trigger, Visibility, WeakKey,
};
use crate::http::{BadEndpoint, Endpoint, Error, Limiter, Limits, Pace, Proxy};
use crate::model::{Account, Platform};
use crate::render::Redaction;
use crate::run::FileError;

/// Requests to GitHub under way at the same time: it asks for one after the other where something is written.
const AT_ONCE: std::num::NonZeroUsize = std::num::NonZeroUsize::MIN;

/// GitHub only, and under a name that no other tool takes for its own.
const GITHUB_TOKEN: Variable = Variable::key("ROLLCALL_GITHUB_TOKEN");
/// Sent nowhere; what a review is signed with.
pub(super) const REVIEW_KEY: Variable = Variable::key("ROLLCALL_REVIEW_KEY");

/// A step of a workflow.
#[derive(Debug)]
pub(super) struct Job<'a> {
    pub(super) cx: &'a Context,
    pub(super) runner: &'a Runner,
    pub(super) inputs: Inputs,
    pub(super) event: Event,
    /// Whether people are shown by name.
    pub(super) redaction: Redaction,
}

/// What a step can't do without.
#[derive(Debug, thiserror::Error)]
enum Misuse {
    #[error("this is no step of a GitHub workflow: {0} is not set")]
    NoWorkflow(&'static str),
    #[error("the inputs make no command: {0}")]
    Arguments(String),
    #[error("the manifests name a sandbox in place of an account, and `sandbox` is not `allow`")]
    Sandbox,
    #[error("exported lists stand in for the account (`observed`), and nothing can be applied to them")]
    ListsApplied,
    #[error(
        "exported lists stand in for the account (`observed`), and a drift check looks at the account itself"
    )]
    ListsChecked,
    #[error("exported lists are for a learning platform, and the manifests describe another account")]
    ListsElsewhere,
    #[error("the input `{0}` says nothing without `observed` or `observed-users`")]
    NoLists(&'static str),
    #[error("ROLLCALL_GITHUB_TOKEN is not set")]
    NoToken,
    #[error("GITHUB_API_URL can't be used")]
    Api(#[source] BadEndpoint),
}

impl From<BadInput> for Failure {
    fn from(bad: BadInput) -> Self {
        Self::usage(bad)
    }
}

impl From<BadEvent> for Failure {
    fn from(bad: BadEvent) -> Self {
        Self::usage(bad)
            .hint("GITHUB_EVENT_PATH names the file that the runner writes; a workflow has no need to set it")
    }
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        let hint = refused.hint();
        Self::usage(refused).hint(hint)
    }
}

impl From<WeakKey> for Failure {
    fn from(weak: WeakKey) -> Self {
        Self::usage(weak)
            .hint("make one with `openssl rand -hex 32`, and keep it as the secret ROLLCALL_REVIEW_KEY")
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let (said, hint) = (error.answer_text(), error.hint());
        Self { said, hints: hint.into_iter().collect(), ..Self::error(error) }
    }
}

impl<'a> Job<'a> {
    /// What the workflow says.
    pub(super) fn read(cx: &'a Context, runner: &'a Runner) -> Result<Self, Failure> {
        let inputs = Inputs::read(Context::workflow_variable)?;
        let missing = |name| Failure::usage(Misuse::NoWorkflow(name));
        let name = runner.event.as_deref().ok_or_else(|| missing("GITHUB_EVENT_NAME"))?;
        let path = runner.payload.as_deref().ok_or_else(|| missing("GITHUB_EVENT_PATH"))?;
        let payload = std::fs::read(path).map_err(|error| FileError::new(path, "read", error))?;
        let event = Event::read(name, &payload)?;
        let redaction = match (inputs.redact, event.visibility) {
            (Redact::Full, _) | (Redact::Auto, Visibility::PublicOrUnknown) => Redaction::On,
            (Redact::Emails, _) | (Redact::Auto, Visibility::Closed) => Redaction::Addresses,
            (Redact::None, _) => Redaction::Off,
        };
        Ok(Self { cx, runner, inputs, event, redaction })
    }

    /// What is to be done.
    pub(super) fn task(&self) -> Result<Task<'_>, Failure> {
        let lists = &self.inputs.lists;
        if let Some(stray) = lists.stray() {
            return Err(
                Failure::usage(Misuse::NoLists(stray)).hint("say where the lists are, or take it out")
            );
        }
        match Task::of(self.inputs.order, &self.event)? {
            Task::Apply(_) if lists.are_given() && self.inputs.order == Order::Auto => {
                Ok(Task::Plan(Proposal::Branch))
            }
            Task::Apply(_) | Task::Undo(_) if lists.are_given() => Err(Failure::usage(Misuse::ListsApplied)
                .hint(
                    "leave `command` out: a merge is planned then, and `uploads` writes the files to upload",
                )),
            Task::Drift if lists.are_given() => Err(Failure::usage(Misuse::ListsChecked)
                .hint("export the lists again, and propose them on a pull request: its plan is the drift")),
            task => Ok(task),
        }
    }

    /// Whether what is planned is what the default branch says.
    pub(super) fn is_of_default_branch(&self) -> bool {
        match &self.event.trigger {
            Trigger::Push(push) => push.to == Branch::Default,
            Trigger::Other(started) => started.on == Branch::Default,
            Trigger::PullRequest(_) | Trigger::MergeGroup { .. } | Trigger::Privileged => false,
        }
    }

    /// The repository, `owner/name`.
    pub(super) fn repository(&self) -> Result<&str, Failure> {
        let missing = || Failure::usage(Misuse::NoWorkflow("GITHUB_REPOSITORY"));
        self.runner.repository.as_deref().ok_or_else(missing)
    }

    /// The repository on GitHub, for one [`crate::cli::process::runtime::block_on`]: its connections end with that.
    pub(super) fn api(&self) -> Result<Api, Failure> {
        let token = GITHUB_TOKEN.secret(&Context::variable)?.ok_or_else(|| {
            Failure::usage(Misuse::NoToken)
                .hint("hand the step `ROLLCALL_GITHUB_TOKEN: ${{ github.token }}` as a variable")
        })?;
        let endpoint = Endpoint::parse(&self.runner.api).map_err(|bad| Failure::usage(Misuse::Api(bad)))?;
        let proxy = Proxy::of(&endpoint, Context::variable);
        let manner = (Pace::at(&endpoint), Limiter::new(Limits::of(AT_ONCE)));
        Ok(Api::new((endpoint, proxy), token, self.repository()?, manner)?)
    }

    /// The key that reviews are signed with: the workflow's, or one that is derived from the account's where that is long enough.
    pub(super) fn review_key(account: &Account) -> Result<Option<ReviewKey>, Failure> {
        if let Some(secret) = REVIEW_KEY.secret(&Context::variable)? {
            return Ok(Some(ReviewKey::new(&secret)?));
        }
        Ok(main_credential(account)
            .secret(&Context::variable)?
            .and_then(|secret| ReviewKey::derived(&secret).ok()))
    }

    /// Refuses an account that the inputs are not for; and a sandbox that nobody allowed: whoever can change a manifest could have a
    /// plan of anything shown.
    pub(super) fn accept(&self, account: &Account) -> Result<(), Failure> {
        if self.inputs.lists.are_given() && account.platform.username().is_none() {
            return Err(
                Failure::usage(Misuse::ListsElsewhere).hint("take `observed` and what goes with it out")
            );
        }
        let is_sandbox = matches!(account.platform, Platform::Sandbox { .. });
        if is_sandbox
            && self.inputs.endpoint.is_none()
            && self.inputs.sandbox == crate::github::Sandboxes::Refuse
        {
            return Err(Failure::usage(Misuse::Sandbox)
                .hint("to try Rollcall out with no account, say `sandbox: allow` in the workflow"));
        }
        Ok(())
    }

    /// The manifests, as every command takes them.
    pub(super) fn path(&self) -> &Path {
        &self.inputs.path
    }

    /// The base branch at a commit, unless the workflow names a folder of it.
    pub(super) fn base(&self, commit: &str) -> Result<Base, Failure> {
        match &self.inputs.base {
            Some(folder) => Ok(Base::Given(folder.clone())),
            None => Base::laid(commit, self.path()),
        }
    }

    /// The command line of a command that makes a plan: the defaults are those of everybody.
    fn line(&self, command: &str, options: &[String]) -> Result<Command, Failure> {
        let mut line: Vec<OsString> = vec!["rollcall".into(), command.into()];
        line.extend(options.iter().map(OsString::from));
        line.extend(self.inputs.hr.iter().map(|file| OsString::from(format!("--hr={file}"))));
        line.extend(self.list_options());
        line.extend(self.inputs.endpoint.iter().map(|url| OsString::from(format!("--endpoint={url}"))));
        if self.redaction == Redaction::On {
            line.push("--redact".into());
        }
        line.extend(["--".into(), self.path().into()]);
        Self::parsed(line)
    }

    /// The options that name exported lists.
    fn list_options(&self) -> impl Iterator<Item = OsString> {
        let lists = &self.inputs.lists;
        let observed = lists.observed.iter().map(|list| format!("--observed={list}"));
        let users = lists.users.iter().map(|list| format!("--observed-users={list}"));
        let column = lists.username_column.iter().map(|column| format!("--username-column={column}"));
        observed.chain(users).chain(column).map(OsString::from)
    }

    fn parsed(line: Vec<OsString>) -> Result<Command, Failure> {
        let args = Args::try_parse_from(line).map_err(|error| {
            let words = error.render().to_string();
            let first = words.lines().next().unwrap_or_default().trim_start_matches("error: ");
            Failure::usage(Misuse::Arguments(first.to_owned()))
        })?;
        Ok(args.command)
    }

    /// What a plan is made of.
    pub(super) fn question(&self, base: Option<&Base>) -> Result<Question, Failure> {
        match self.line("plan", &[])? {
            Command::Plan(plan) => Ok(self.completed(plan.question, base)),
            _ => Err(Failure::usage(Misuse::Arguments(String::new()))),
        }
    }

    /// An apply, of what `options` say.
    pub(super) fn apply(&self, options: &[String], base: Option<&Base>) -> Result<Apply, Failure> {
        match self.line("apply", &[&["--yes".to_owned()], options].concat())? {
            Command::Apply(apply) => Ok(Apply { question: self.completed(apply.question, base), ..apply }),
            _ => Err(Failure::usage(Misuse::Arguments(String::new()))),
        }
    }

    /// An import into the manifests, which writes nothing.
    pub(super) fn import(&self) -> Result<Import, Failure> {
        let mut into = OsString::from("--into=");
        into.push(self.path());
        let mut line: Vec<OsString> = vec!["rollcall".into(), "import".into(), into];
        line.extend(self.inputs.hr.iter().map(|file| OsString::from(format!("--hr-file={file}"))));
        line.extend(self.inputs.endpoint.iter().map(|url| OsString::from(format!("--endpoint={url}"))));
        match Self::parsed(line)? {
            Command::Import(mut import) => {
                if self.redaction == Redaction::Addresses {
                    import.manifests.addresses = Addresses::Masked;
                }
                Ok(import)
            }
            _ => Err(Failure::usage(Misuse::Arguments(String::new()))),
        }
    }

    /// The branch that the run is of, and its commit.
    pub(super) fn head(&self) -> Result<(&str, &str), Failure> {
        let said = |said: &'a Option<String>, name| {
            said.as_deref().ok_or_else(|| Failure::usage(Misuse::NoWorkflow(name)))
        };
        Ok((said(&self.runner.branch, "GITHUB_REF_NAME")?, said(&self.runner.commit, "GITHUB_SHA")?))
    }

    /// The same with the base branch's policy as a bound, and with what has no option on a command line.
    fn completed(&self, mut question: Question, base: Option<&Base>) -> Question {
        question.planning.base = base.map(|base| base.path().to_owned());
        question.planning.base_name = base.and_then(Base::name);
        if self.redaction == Redaction::Addresses {
            question.manifests.addresses = Addresses::Masked;
        }
        question
    }
}
