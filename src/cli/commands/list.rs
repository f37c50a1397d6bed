//! `rollcall list`: what the account has, and nothing else.

use std::io::{self, Write};

use crate::account::activtrak::Reader;
use crate::account::{Read, ReadError, Scope};
use crate::cli::args::{self, List, Listing, What};
use crate::cli::process::context::Context;
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::cli::process::signals::{Signals, stopped};
use crate::cli::process::{progress, runtime};
use crate::cli::product::display::head;
use crate::cli::product::output;
use crate::cli::session::manifests::account_of;
use crate::cli::session::target::{Approach, Target};
use crate::model::{Account, Observed, Topic};
use crate::plan;
use crate::render::json::{self, Listed};
use crate::render::{self, View};
use crate::run::folder_of;

/// Reads the account and lists a part of it.
pub(crate) fn run(cx: &Context, args: &List) -> Result<Exit, Failure> {
    let Listing { manifests, access, json } = args.what.listing();
    let (sources, account) = account_of(cx, manifests)?;
    let approach = Approach {
        wire: &access.wire,
        start: access.start(),
        folder: &folder_of(&manifests.path),
        now: manifests.now,
    };
    let (target, observed) = runtime::block_on(async {
        let mut signals = Signals::listen().map_err(Failure::error)?;
        let reading = async {
            let target = Target::find(&account, &sources, approach).await?;
            let observed = read(cx, &account, &target).await?;
            Ok((target, observed))
        };
        tokio::select! {
            read = reading => read,
            stop = signals.next() => Err(stopped(stop)),
        }
    })?;
    let view = View::new(&sources, manifests.redaction());
    let page =
        Page { account: &account.name.value, observed: &observed, view, banner: target.banner.as_deref() };
    match json {
        Some(path) if output::is_stdout(path) => output::stream(cx, |out| page.json(&args.what, out))?,
        Some(path) => {
            output::write(cx, path, &output::bytes(|out| page.json(&args.what, out))?)?;
            output::stream(cx, |out| page.text(&args.what, cx, out))?
        }
        None => output::stream(cx, |out| page.text(&args.what, cx, out))?,
    };
    Ok(Exit::Done)
}

async fn read(cx: &Context, account: &Account, target: &Target) -> Result<Observed, Failure> {
    let reader = Reader::new(&target.connection).map_err(ReadError::from)?;
    let scope = Scope { account: account.id.as_ref().map(|id| id.value), ..Scope::default() };
    Ok(progress::reading(cx, &target.connection.limiter, Box::pin(reader.observe(&scope))).await?)
}

/// What is listed, and how.
struct Page<'a> {
    account: &'a str,
    observed: &'a Observed,
    view: View<'a>,
    banner: Option<&'a str>,
}

impl Page<'_> {
    fn json(&self, what: &What, out: &mut dyn Write) -> io::Result<()> {
        let Self { account, observed, view, .. } = self;
        match what {
            What::Users(args) => {
                json::list(out, account, Listed::Users(observed, &args.filters.of(observed)), view)
            }
            What::Groups(args) => {
                let groups = args::groups(observed, args.source);
                json::list(out, account, Listed::Groups(observed, &groups), view)
            }
            What::Exclusions(_) => {
                let of_users = plan::rules_of_users(observed);
                json::list(out, account, Listed::Exclusions(&observed.exclusions, &of_users), view)
            }
        }
    }

    /// The table on stdout, and how much it is of the account on stderr.
    fn text(&self, what: &What, cx: &Context, out: &mut dyn Write) -> io::Result<()> {
        let Self { observed, view, .. } = self;
        head(out, self.banner)?;
        let colour = cx.layout().colour;
        let (shown, all, noun, topic) = match what {
            What::Users(args) => {
                let users = args.filters.of(observed);
                render::list::users(out, (observed, &users), view, colour)?;
                (users.len(), observed.users.len(), "users", args.filters.no_group.then_some(Topic::Members))
            }
            What::Groups(args) => {
                let groups = args::groups(observed, args.source);
                render::list::groups(out, (observed, &groups), colour)?;
                (groups.len(), observed.groups.len(), "groups", Some(Topic::Groups))
            }
            What::Exclusions(_) => {
                let of_users = plan::rules_of_users(observed);
                render::list::exclusions(out, (&observed.exclusions, &of_users), view, colour)?;
                let rules = observed.exclusions.len() + of_users.len();
                (rules, rules, "exclusions", Some(Topic::Exclusions))
            }
        };
        out.flush()?;
        cx.say(&format!("{shown} of {all} {noun}"));
        if let Some((topic, family)) = topic.and_then(|topic| Some((topic, observed.reach.hidden(topic)?))) {
            cx.say(&format!("{} are not all seen: the {family} is closed to these keys", topic.subject()));
        }
        Ok(())
    }
}
