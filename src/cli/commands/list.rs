//! `rollcall list`: what the account has, and nothing else.

use std::io::{self, Write};
use std::path::Path;

use jiff::Timestamp;

use crate::account::{Computers, Read, ReadError, Reader, Scope};
use crate::cli::args::{List, NoGroup, UserEntry, What};
use crate::cli::process::context::Context;
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::cli::process::progress;
use crate::cli::process::signals::unless_stopped;
use crate::cli::product::output;
use crate::cli::session::lists;
use crate::cli::session::manifests::{Declared, Named, account_of};
use crate::cli::session::target::{Approach, Target};
use crate::import::{Extent, Selection};
use crate::manifest::Exports;
use crate::model::{Account, AgentIx, ComputerIx, GroupIx, Login, Observed, Topic, UserIx, UserLabel};
use crate::plan;
use crate::render::json::{self, Listed};
use crate::render::{self, TableForm, View};
use crate::run::folder_of;

/// What is declared already can't be told.
#[derive(Debug, thiserror::Error)]
#[error("the manifests have errors: what they declare already can't be told from what they don't")]
struct Undecided;

/// A download of ActivTrak's app shows no more than the app does.
#[derive(Debug, thiserror::Error)]
#[error("only lists of a learning platform stand in for an account here, and the manifests describe none")]
pub(super) struct NoLists;

/// A file that entries are to go to is there.
#[derive(Debug, thiserror::Error)]
#[error("{0} is there already, and is not written over")]
struct Taken(String);

/// Reads the account and lists a part of it.
pub(crate) fn run(cx: &Context, args: &List) -> Result<Exit, Failure> {
    let listing = args.what.listing();
    let (manifests, access) = (&listing.manifests, &listing.access);
    let (json, csv) = (listing.json.as_deref(), listing.csv.as_deref());
    output::one_stdout([json, csv])?;
    let start = access.wire.endpoint.is_none().then(|| access.start());
    // Entries are compared with what is declared; nothing else needs more of the manifests than the account.
    let extent = asked_entries(&args.what);
    let file = entry_file(&args.what);
    if let Some(file) = file.filter(|file| file.exists()) {
        return Err(Failure::error(Taken(file.display().to_string())));
    }
    let exports = extent.map_or(Exports::Ignored, |_| Exports::default());
    let Named { sources, account, declared, now } = account_of(cx, manifests, start, &exports)?;
    let listed = lists::standing(&listing.lists, &account, None)?;
    if listing.lists.are_given() && listed.is_none() {
        return Err(Failure::usage(NoLists));
    }
    let approach = Approach {
        wire: &access.wire,
        start: access.start(),
        folder: &folder_of(&manifests.path),
        now: Some(now),
    };
    let (target, observed) = unless_stopped(async {
        let target = match listed {
            Some(standing) => Target::listed(standing.connection, standing.banner),
            None => Target::find(&account, &sources, approach).await?,
        };
        let observed = read(cx, &account, &target, &args.what).await?;
        Ok((target, observed))
    })?;
    let view = View::new(&sources, manifests.redaction());
    let rules = plan::rules_of_users(&observed);
    let part = Part::of(&args.what, &observed, &rules, now)?;
    let page = Page { account: &account.name.value, observed: &observed, part, view };
    if let Some(banner) = &target.banner {
        cx.say(banner);
    }
    match extent {
        Some(extent) => page.entries(cx, &declared, extent, file)?,
        None => page.deliver(cx, json, csv)?,
    }
    page.tell_size(cx, &args.what, now);
    Ok(Exit::Done)
}

async fn read(cx: &Context, account: &Account, target: &Target, what: &What) -> Result<Observed, Failure> {
    let reader = Reader::new(&target.connection).map_err(ReadError::from)?;
    let computers = match what {
        What::Computers(_) => Computers::OfEveryGroup,
        What::Groups(args) if args.members || args.yaml => Computers::OfEveryGroup,
        _ => Computers::default(),
    };
    let scope = Scope { account: account.id.as_ref().map(|id| id.value), computers, ..Scope::default() };
    Ok(progress::reading(cx, target.connection.limiter(), Box::pin(reader.observe(&scope))).await?)
}

impl From<NoGroup> for Failure {
    fn from(missing: NoGroup) -> Self {
        let hints = missing.near.iter().map(|name| format!("did you mean {name:?}?")).collect();
        Self { hints, ..Self::error(missing) }
    }
}

/// Whether manifest entries are asked for, and how much of users they say.
fn asked_entries(what: &What) -> Option<Extent> {
    match what {
        What::Users(args) => args.yaml.map(|entry| match entry {
            UserEntry::Entry => Extent::Whole,
            UserEntry::Untrack => Extent::Untrack,
        }),
        What::Groups(args) => args.yaml.then_some(Extent::Whole),
        What::Exclusions(args) => args.yaml.then_some(Extent::Whole),
        What::Computers(_) | What::Agents(_) => None,
    }
}

/// Where entries go, if not to stdout.
fn entry_file(what: &What) -> Option<&Path> {
    match what {
        What::Users(args) => args.entries.out.as_deref(),
        What::Groups(args) => args.entries.out.as_deref(),
        What::Exclusions(args) => args.entries.out.as_deref(),
        What::Computers(_) | What::Agents(_) => None,
    }
}

/// The part of an account that is listed.
enum Part<'a> {
    Users(Vec<UserIx>),
    Groups(Vec<GroupIx>),
    Members(Vec<GroupIx>),
    Computers(Vec<ComputerIx>),
    Agents(Vec<AgentIx>),
    Exclusions(&'a [(UserLabel, Login)]),
}

impl<'a> Part<'a> {
    fn of(
        what: &What,
        observed: &Observed,
        rules: &'a [(UserLabel, Login)],
        now: Timestamp,
    ) -> Result<Self, NoGroup> {
        Ok(match what {
            What::Users(args) => Self::Users(args.filters.of(observed, now)?),
            What::Groups(args) if args.members => Self::Members(args.filters.of(observed)?),
            What::Groups(args) => Self::Groups(args.filters.of(observed)?),
            What::Computers(args) => Self::Computers(args.filters.of(observed)?),
            What::Agents(args) => Self::Agents(args.filters.of(observed, now)),
            What::Exclusions(_) => Self::Exclusions(rules),
        })
    }
}

/// What is listed, and how.
struct Page<'a> {
    account: &'a str,
    observed: &'a Observed,
    part: Part<'a>,
    view: View<'a>,
}

impl Page<'_> {
    /// To the files that are asked for, and to the terminal unless one of them is.
    fn deliver(&self, cx: &Context, json: Option<&Path>, csv: Option<&Path>) -> Result<(), Failure> {
        for (path, form) in [(json, None), (csv, Some(TableForm::Csv))] {
            let Some(path) = path else { continue };
            let render = |out: &mut dyn Write| match form {
                None => self.json(out),
                Some(form) => self.table(out, form),
            };
            if output::is_stdout(path) {
                output::stream(cx, render)?;
            } else {
                output::write(cx, path, &output::bytes(render)?)?;
            }
        }
        if ![json, csv].into_iter().flatten().any(output::is_stdout) {
            output::stream(cx, |out| self.table(out, cx.table()))?;
        }
        Ok(())
    }

    fn json(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self { account, observed, part, view } = self;
        let listed = match part {
            Part::Users(users) => Listed::Users(observed, users),
            Part::Groups(groups) => Listed::Groups(observed, groups),
            Part::Members(groups) => Listed::Members(observed, groups),
            Part::Computers(computers) => Listed::Computers(observed, computers),
            Part::Agents(agents) => Listed::Agents(observed, agents),
            Part::Exclusions(of_users) => Listed::Exclusions(&observed.exclusions, of_users),
        };
        json::list(out, account, listed, view)
    }

    fn table(&self, out: &mut dyn Write, form: TableForm) -> io::Result<()> {
        let Self { observed, part, view, .. } = self;
        match part {
            Part::Users(users) => render::list::users(out, (observed, users), view, form),
            Part::Groups(groups) => render::list::groups(out, (observed, groups), form),
            Part::Members(groups) => render::list::members(out, (observed, groups), view, form),
            Part::Computers(computers) => render::list::computers(out, (observed, computers), view, form),
            Part::Agents(agents) => render::list::agents(out, (observed, agents), view, form),
            Part::Exclusions(of_users) => {
                render::list::exclusions(out, (&observed.exclusions, of_users), view, form)
            }
        }
    }

    /// Manifest entries of what is listed.
    fn entries(
        &self,
        cx: &Context,
        declared: &Declared,
        extent: Extent,
        file: Option<&Path>,
    ) -> Result<(), Failure> {
        let desired = match declared {
            Declared::All(desired) => Some(&**desired),
            Declared::Nothing => None,
            Declared::Unknown => {
                return Err(Failure::error(Undecided).hint(
                    "mend them first (rollcall validate); where `>` made an empty manifest of the output, use --out",
                ));
            }
        };
        let selection = match &self.part {
            Part::Users(users) => Selection::of_users((self.observed, users), desired, extent),
            Part::Groups(groups) | Part::Members(groups) => {
                Selection::of_groups((self.observed, groups), desired)
            }
            Part::Exclusions(_) => Selection::of_exclusions(self.observed, desired),
            Part::Computers(_) | Part::Agents(_) => Selection::default(),
        };
        let text =
            if selection.is_empty() { String::new() } else { selection.text().map_err(Failure::error)? };
        let render = |out: &mut dyn Write| {
            out.write_all(text.as_bytes())?;
            render::selection::remarks(out, &selection, &self.view)
        };
        match file {
            Some(file) => output::write(cx, file, &output::bytes(render)?),
            None => output::stream(cx, render).map(drop),
        }
    }

    /// Says on stderr how much it is of the account, and what is not seen of it.
    fn tell_size(&self, cx: &Context, what: &What, now: Timestamp) {
        let observed = self.observed;
        let of_users = |user: fn(&crate::model::ObservedUser) -> usize| observed.users.iter().map(user).sum();
        let (shown, all, noun, topic) = match &self.part {
            Part::Users(users) => {
                let grouped = matches!(what, What::Users(args) if args.filters.no_group || !args.filters.group.is_empty());
                (users.len(), observed.users.len(), "users", grouped.then_some(Topic::Members))
            }
            Part::Groups(groups) => (groups.len(), observed.groups.len(), "groups", Some(Topic::Groups)),
            Part::Members(groups) => (groups.len(), observed.groups.len(), "groups", Some(Topic::Members)),
            Part::Computers(computers) => {
                (computers.len(), observed.computers.len(), "computers", Some(Topic::Computers))
            }
            Part::Agents(agents) => {
                let all: usize = of_users(|user| user.agents.len() + user.deleted_agents.len());
                (agents.len(), all, "agents", Some(Topic::Agents))
            }
            Part::Exclusions(of_users) => {
                let rules = observed.exclusions.len() + of_users.len();
                (rules, rules, "exclusions", Some(Topic::Exclusions))
            }
        };
        cx.say(&format!("{shown} of {all} {noun}"));
        if let What::Users(args) = what {
            let unclear = args.filters.unclear(observed, now);
            if unclear > 0 {
                cx.say(&format!(
                    "{unclear} more may have been inactive for so long: they have no data, and the account does not say how old their records are"
                ));
            }
        }
        let reach = &observed.reach;
        if let Some((topic, family)) = topic.and_then(|topic| Some((topic, reach.absent(topic)?))) {
            cx.say(&format!("the {family} has no place for {}", topic.subject()));
        } else if let Some((topic, family)) = topic.and_then(|topic| Some((topic, reach.hidden(topic)?))) {
            cx.say(&format!("{} are not all seen: the {family} is closed to these keys", topic.subject()));
        }
    }
}
