//! From a folder of manifests and an account within reach to a plan: what `plan` and `apply` share.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::OnceCell;

use crate::account::{AccountNumber, Computers, Read, ReadError, Reader, Scope};
use crate::apply::Forecast;
use crate::cli::args::{Manifests, Question};
use crate::cli::process::context::Context;
use crate::cli::process::failure::Failure;
use crate::cli::process::progress;
use crate::cli::session::lists::{self, Beliefs};
use crate::cli::session::manifests::{gather, whole};
use crate::cli::session::target::{Approach, Target};
use crate::cli::session::{base, clock, download, uploads};
use crate::diag::Sources;
use crate::export::Uploads;
use crate::http::{Endpoint, in_words};
use crate::model::{
    Account, Asked, AuditEntry, Dates, Desired, DesiredGroup, DesiredUser, Download, GroupId, GroupName,
    GroupState, Members, Observed, Platform, Policy,
};
use crate::plan::{self, Attempts, Base, Explanation, Incomplete, Judged, Plan, Preview, Unclear, Who};
use crate::render::quoted;
use crate::run::{RunFolder, RunTarget, SentNote, Tracked, folder_of, is_left_by_a_run, refuse_tracked};

/// What a run works with: what manifests say, and an account to compare it with.
#[derive(Debug)]
pub(crate) struct Session {
    cx: Context,
    /// The manifests, for the places of everything that is shown.
    pub(crate) sources: Sources,
    desired: Desired,
    base: Option<Base>,
    /// The account.
    pub(crate) target: Target,
    /// What time it is in the account.
    pub(crate) now: Timestamp,
    /// The options that make the same plan again, as a shell takes them.
    pub(crate) options: String,
    /// What stands in for a reading, where `--observed` says so.
    pub(crate) download: Option<Download>,
    /// What lists leave open, where they stand in for a reading.
    beliefs: Option<Beliefs>,
    /// What earlier runs tried to make and were cut off.
    attempts: Option<Attempts>,
    /// The account's number, once it was asked for; none where the manifests say it, or nobody can write it into them.
    number: OnceCell<Option<u64>>,
}

/// A plan and the reading it was made of.
#[derive(Debug)]
pub(crate) struct Planned {
    /// The plan.
    pub(crate) plan: Plan,
    /// The account as it was read.
    pub(crate) observed: Arc<Observed>,
    /// What it takes.
    pub(crate) forecast: Forecast,
}

/// The options without which the same command line would make another plan.
fn options(question: &Question, target: &Target) -> String {
    let Question { manifests, access, planning } = question;
    let path = |name: &'static str, path: &Option<PathBuf>| {
        path.as_ref().map(|path| (name, path.display().to_string()))
    };
    let endpoint = access.wire.endpoint.as_ref().map(|endpoint| ("--endpoint", endpoint.as_str().to_owned()));
    // An account elsewhere has its own clock, and no apply sets it.
    let now = manifests.now.filter(|_| target.connection.endpoint().is_none_or(Endpoint::is_loopback));
    let now = now.map(|now| ("--now", now.to_string()));
    let given = planning.exports.given().map(|given| ("--hr", given));
    // One that is gone once the run is makes no plan again.
    let base = if planning.base_name.is_none() { &planning.base } else { &None };
    let given = given.chain(path("--base", base)).chain(planning.lists.given());
    let fresh = if access.fresh { " --fresh" } else { "" };
    endpoint
        .into_iter()
        .chain(now)
        .chain(given)
        .fold(fresh.to_owned(), |line, (name, value)| format!("{line} {name} {}", quoted(&value)))
}

/// Less than the whole picture.
#[derive(Debug, thiserror::Error)]
#[error("no plan is made of less than the whole picture:")]
struct Partial;

impl Session {
    /// Reads the manifests, says what is wrong with them, and finds their account.
    pub(crate) async fn open(cx: &Context, question: &Question) -> Result<Self, Failure> {
        let Question { manifests, access, planning } = question;
        refuse_tracked(&RunFolder::of(&manifests.path))?;
        let exports = planning.exports.exports()?;
        let head = gather(&manifests.path, &exports).await?;
        let start = access.wire.endpoint.is_none().then(|| access.start());
        let now = clock::now(cx, manifests, &head, start);
        let head = head.judge(Dates::of(now));
        planning.exports.check(&head)?;
        let (sources, desired) = whole(cx, &manifests.path, manifests, head)?;
        let base = match &planning.base {
            Some(path) => {
                let called = (&**path, planning.base_name.as_deref());
                Some(base::read(cx, called, manifests, gather(path, &exports).await?.judge(Dates::of(now)))?)
            }
            None => None,
        };
        let approach = Approach {
            wire: &access.wire,
            start: access.start(),
            folder: &folder_of(&manifests.path),
            now: Some(now),
        };
        let (target, beliefs) = match lists::standing(&planning.lists, &desired.account, Some(&desired))? {
            Some(standing) => (Target::listed(standing.connection, standing.banner), Some(standing.beliefs)),
            None => (Target::find(&desired.account, &sources, approach).await?, None),
        };
        let note = SentNote::new(RunFolder::of(&manifests.path), target.target(&desired.account));
        let download = planning.lists.observed.first().filter(|_| beliefs.is_none());
        let download = download.map(|file| download::read(file, &desired.account, now, &note)).transpose()?;
        let options = options(question, &target);
        let number = unnamed(&desired.account, manifests);
        Ok(Self {
            cx: *cx,
            sources,
            desired,
            base,
            target,
            now,
            options,
            download,
            beliefs,
            attempts: None,
            number,
        })
    }

    /// The same session, for who carries on what earlier runs began.
    pub(crate) fn after(self, attempts: Attempts) -> Self {
        Self { attempts: Some(attempts), ..self }
    }

    /// The same session, of another account than the manifests name.
    pub(crate) fn moved_to(self, target: Target) -> Self {
        Self { target, ..self }
    }

    /// Reads the account, makes the plan, and proves the reading wherever the plan relies on it.
    pub(crate) async fn plan(&self) -> Result<Planned, Failure> {
        let planned = async {
            let reader = self.reader()?;
            if self.download.is_some() {
                return self.plan_over(&reader, self.scope()).await;
            }
            let observed = reader.observe(&self.scope()).await?;
            self.number.get_or_init(|| shown_number(&reader)).await;
            self.proved(&reader, observed).await
        };
        progress::reading(&self.cx, self.target.connection.limiter(), Box::pin(planned)).await
    }

    /// The same for who does not show the plan itself, with other computers read than a plan needs.
    pub(crate) async fn plan_seeing(&self, computers: Option<Computers>) -> Result<Planned, Failure> {
        let scope = match (self.scope(), computers) {
            (scope, None) => scope,
            (scope, Some(computers)) => Scope { computers, ..scope },
        };
        let planned = async { self.plan_over(&self.reader()?, scope).await };
        progress::reading(&self.cx, self.target.connection.limiter(), Box::pin(planned)).await
    }

    /// What the account's audit log has since a moment.
    pub(crate) async fn audit_log(&self, since: Timestamp) -> Result<Vec<AuditEntry>, ReadError> {
        Reader::new(&self.target.connection)?.audit_log(since).await
    }

    fn reader(&self) -> Result<Reader, Failure> {
        Ok(Reader::new(&self.target.connection).map_err(ReadError::from)?)
    }

    /// The plan over a download, or over what is in scope.
    async fn plan_over(&self, reader: &Reader, scope: Scope) -> Result<Planned, Failure> {
        if let Some(download) = &self.download {
            let plan = self.preview_of(reader, download).await?.plan;
            return Ok(self.planned(plan, download.account.clone()));
        }
        let observed = reader.observe(&scope).await?;
        self.proved(reader, observed).await
    }

    /// The plan of a reading, which is proved wherever the plan relies on it.
    async fn proved(&self, reader: &Reader, observed: Observed) -> Result<Planned, Failure> {
        let plan = plan::plan(&self.desired, &observed, &self.context()).map_err(|all| self.partial(&all))?;
        reader.prove(&observed, &plan.groups_to_prove(&observed)).await?;
        Ok(self.planned(plan, observed))
    }

    /// With the forecast at the rate that the account has shown so far; over lists nothing is sent, and what is to be done is said.
    fn planned(&self, plan: Plan, observed: Observed) -> Planned {
        if let Some(beliefs) = &self.beliefs {
            let plan = uploads::told(plan, (&self.desired, &observed), beliefs);
            return Planned { plan, observed: Arc::new(observed), forecast: Forecast::nothing() };
        }
        let rate = self.target.connection.limiter().per_minute();
        let forecast = Forecast::of(&plan, observed.reach.users()).at(rate);
        Planned { plan, observed: Arc::new(observed), forecast }
    }

    /// The same plan, with the file of the HR set even where it does not change the set.
    pub(crate) async fn preview(&self) -> Result<Preview, Failure> {
        progress::reading(&self.cx, self.target.connection.limiter(), Box::pin(self.read_for_preview())).await
    }

    async fn read_for_preview(&self) -> Result<Preview, Failure> {
        let reader = self.reader()?;
        if let Some(download) = &self.download {
            return self.preview_of(&reader, download).await;
        }
        let observed = reader.observe(&self.scope()).await?;
        let preview = plan::preview(&self.desired, &observed, &self.context());
        let preview = preview.map_err(|all| self.partial(&all))?;
        reader.prove(&observed, &preview.groups_to_prove(&observed)).await?;
        Ok(preview)
    }

    /// What a download makes of it.
    async fn preview_of(&self, reader: &Reader, download: &Download) -> Result<Preview, Failure> {
        let key = reader.prove_download(&download.account, &self.scope()).await?;
        let download = Download { key, ..download.clone() };
        plan::from_download(&self.desired, &download, &self.context()).map_err(|all| self.partial(&all))
    }

    /// Reads the account as it is, and judges it by the rules of `policy.require`, with how many users it has.
    pub(crate) async fn judged(&self) -> Result<(Vec<Judged>, usize), Failure> {
        let judged = async {
            let reader = self.reader()?;
            let observed = reader.observe(&self.scope()).await?;
            let judged = plan::judged_now(&self.desired, &observed, &self.context());
            let groups: BTreeSet<GroupId> = judged.iter().flat_map(|it| it.groups.iter().copied()).collect();
            reader.prove(&observed, &groups.into_iter().collect::<Vec<_>>()).await?;
            Ok((judged, observed.users.len()))
        };
        progress::reading(&self.cx, self.target.connection.limiter(), Box::pin(judged)).await
    }

    /// Explains one user or computer by a plan of this session.
    pub(crate) fn explain(&self, planned: &Planned, who: &Who) -> Result<Explanation, Unclear> {
        plan::explain(&self.desired, &planned.observed, (&planned.plan, &self.context()), who)
    }

    /// What somebody would ask for, so that a group fills itself.
    pub(crate) fn request(
        &self,
        planned: &Planned,
        group: &GroupName,
    ) -> Result<plan::Request, plan::Unrequested> {
        plan::request(&self.desired, &planned.observed, &self.context(), group)
    }

    /// What plans depend on besides the two sides.
    fn context(&self) -> plan::Context<'_> {
        plan::Context {
            now: self.now,
            base: self.base.as_ref(),
            attempts: self.attempts.as_ref(),
            number: self.number.get().copied().flatten(),
        }
    }

    /// What a plan of this session comes to as files and clicks; none where the account is no learning platform.
    pub(crate) fn uploads(&self, planned: &Planned) -> Option<Uploads> {
        let username = self.desired.account.platform.username()?;
        Some(Uploads::of(&planned.plan, (&self.desired, &planned.observed), username))
    }

    /// Whether lists stand in for the account.
    pub(crate) const fn is_listed(&self) -> bool {
        self.beliefs.is_some()
    }

    /// The account's name in the manifests.
    pub(crate) fn account(&self) -> &str {
        &self.desired.account.name.value
    }

    /// Whose files in the run folder are of this account.
    pub(crate) fn target(&self) -> RunTarget {
        self.target.target(&self.desired.account)
    }

    /// The entries whose order has expired.
    pub(crate) fn expired(&self) -> impl Iterator<Item = usize> {
        let (today, days) = (Dates::of(self.now), self.desired.policy.orders_expire_after.value);
        let has_expired =
            move |user: &DesiredUser| user.order.as_ref().is_some_and(|it| it.has_expired(today, days));
        (0..).zip(&self.desired.users).filter(move |(_, user)| has_expired(user)).map(|(at, _)| at)
    }

    /// The policy that plans are made under.
    pub(crate) const fn policy(&self) -> &Policy {
        &self.desired.policy
    }

    /// The account that the manifests name.
    pub(crate) const fn declared_account(&self) -> &Account {
        &self.desired.account
    }

    /// What is to be read: computers only where a manifest speaks of them or deletes their group, for the way back, under any
    /// name that it may have.
    fn scope(&self) -> Scope {
        let goes = |group: &DesiredGroup| matches!(group.state, GroupState::Deleted(_));
        let groups = self.desired.groups.iter();
        let groups = groups.filter(|group| group.computers != Members::Leave || goes(group));
        let names = groups.flat_map(|group| std::iter::once(&group.name).chain(&group.formerly));
        Scope {
            computers: Computers::Of(names.map(|name| name.value.clone()).collect()),
            account: self.desired.account.id.as_ref().map(|id| id.value),
            asked: Asked::by(&self.desired),
        }
    }

    fn partial(&self, all: &[Incomplete]) -> Failure {
        let place = |what: &Incomplete| match self.sources.locate_origin(what.origin()) {
            Some(at) => format!("{what} ({at})"),
            None => what.to_string(),
        };
        let failure = Failure { points: all.iter().map(place).collect(), ..Failure::error(Partial) };
        match &self.beliefs {
            Some(beliefs) if !beliefs.believed.is_empty() => {
                failure.hint("the list of all users may tell more: --observed-users FILE")
            }
            _ => failure,
        }
    }
}

/// The place of an account's number that nobody asked for yet; there is nothing to ask where the manifests say it, where a sandbox is
/// started from the file that they name, and where they are what a run left to go back.
fn unnamed(account: &Account, manifests: &Manifests) -> OnceCell<Option<u64>> {
    let is_asked = account.id.is_none()
        && matches!(account.platform, Platform::Region(..))
        && !is_left_by_a_run(&manifests.path);
    if is_asked { OnceCell::new() } else { OnceCell::new_with(Some(None)) }
}

/// The account's number, where the keys show it and prove it; a plan is none the worse without.
async fn shown_number(reader: &Reader) -> Option<u64> {
    match reader.account_number().await {
        Ok(AccountNumber::Is(number)) => Some(number),
        Ok(_) | Err(_) => None,
    }
}

impl From<Tracked> for Failure {
    fn from(tracked: Tracked) -> Self {
        let hint = format!("take it out: git rm -r --cached {}", quoted(&tracked.folder));
        Self::error(tracked).hint(&hint)
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        let (said, later) = (error.answer_text(), error.asks_to_be_left_alone().map(patience));
        let hints = error.hint().map(Cow::into_owned).into_iter().chain(later).collect();
        Self { said, hints, ..Self::error(error) }
    }
}

/// What to do where the account asks to be left alone for longer than the run waits.
fn patience(asked: Duration) -> String {
    let (then, asked) = (Context::time_of_day_in(asked), in_words(asked).replace(' ', ""));
    format!("run again after {then}, or let the run wait for it: --patience {asked}")
}
