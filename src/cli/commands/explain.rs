//! `rollcall explain`: where each fact about a user or computer comes from, and what a plan would do about it.

use std::io;
use std::path::{Path, PathBuf};

use crate::account::Computers;
use crate::cli::args::{Explain, Manifests, Planning, Question};
use crate::cli::process::context::Context;
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::cli::process::runtime;
use crate::cli::process::signals::{Signals, stopped};
use crate::cli::product::display::{DisplayOptions, head};
use crate::cli::product::output;
use crate::cli::session::planning::{Planned, Session};
use crate::model::{DisplayName, Login, Malformed, Reference};
use crate::plan::{Explanation, Unclear, Who};
use crate::render::{self, Detail, View};

/// A question that can't be followed.
#[derive(Debug, thiserror::Error)]
enum Misuse {
    #[error("whom? give a user, --name or --computer")]
    Nobody,
    #[error("one at a time: a user, --name or --computer")]
    Several,
    #[error("{text:?} {why}")]
    Malformed { text: String, why: Malformed },
}

/// Nobody is meant, or more than one.
#[derive(Debug, thiserror::Error)]
enum NotClear {
    #[error("neither the manifests nor the account have {0}")]
    Nobody(String),
    #[error("{0} is more than one")]
    Several(String),
}

/// Plans as `plan` does, and shows the part that is asked about.
pub(crate) fn run(cx: &Context, args: &Explain) -> Result<Exit, Failure> {
    let (who, path) = asked(args)?;
    let manifests = Manifests { path, ..args.manifests.clone() };
    let planning = Planning { base: None, exports: args.exports.clone(), out_snapshot: None, observed: None };
    let question = Question { manifests, access: args.access.clone(), planning };
    let computers = match who {
        Who::User(_) => None,
        Who::Computer(_) => Some(Computers::OfEveryGroup),
    };
    let (session, planned) = runtime::block_on(async {
        let mut signals = Signals::listen().map_err(Failure::error)?;
        let planning = async {
            let session = Session::open(cx, &question).await?;
            let planned = session.plan_seeing(computers).await?;
            Ok((session, planned))
        };
        tokio::select! {
            planned = planning => planned,
            stop = signals.next() => Err(stopped(stop)),
        }
    })?;
    let manner = DisplayOptions::new(cx, &session, &question.manifests);
    let explanation =
        session.explain(&planned, &who).map_err(|unclear| not_clear(&who, &unclear, &manner.view))?;
    deliver(cx, args, &Shown { explanation: &explanation, planned: &planned, manner })?;
    Ok(Exit::Done)
}

/// An explanation to be shown.
struct Shown<'a> {
    explanation: &'a Explanation,
    planned: &'a Planned,
    manner: DisplayOptions<'a>,
}

impl Shown<'_> {
    fn text(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let Self { explanation, planned, manner } = self;
        head(out, manner.banner)?;
        render::explain::explain(out, explanation, &planned.plan, &manner.view, manner.layout)
    }

    fn json(&self, out: &mut dyn io::Write) -> io::Result<()> {
        render::json::explain(out, self.explanation, &self.planned.plan, &self.manner.view)
    }
}

fn deliver(cx: &Context, args: &Explain, shown: &Shown<'_>) -> Result<(), Failure> {
    if let Some(path) = &args.json {
        output::write(cx, path, &output::bytes(|out| shown.json(out))?)?;
    }
    if !args.json.as_deref().is_some_and(output::is_stdout) {
        output::stream(cx, |out| shown.text(out))?;
    }
    Ok(())
}

/// Whom the command line asks about, and in which manifests: with `--name` and `--computer` the only argument is the path.
fn asked(args: &Explain) -> Result<(Who, PathBuf), Failure> {
    let malformed = |text: &str, why| Misuse::Malformed { text: text.to_owned(), why };
    let who = match (&args.name, &args.computer) {
        (None, None) => None,
        (Some(_), Some(_)) => return Err(Failure::usage(Misuse::Several)),
        (Some(name), None) => {
            let name = DisplayName::parse(name).map_err(|why| Failure::usage(malformed(name, why)))?;
            Some(Who::User(Reference::Name(name)))
        }
        (None, Some(computer)) => {
            let login = Login::parse(computer).map_err(|why| Failure::usage(malformed(computer, why)))?;
            Some(Who::Computer(login))
        }
    };
    let said_path = args.manifests.path != Path::new(".");
    match (who, &args.user) {
        (None, None) => Err(Failure::usage(Misuse::Nobody)),
        (None, Some(user)) => {
            let reference = Reference::parse(user).map_err(|why| Failure::usage(malformed(user, why)))?;
            Ok((Who::User(reference), args.manifests.path.clone()))
        }
        (Some(who), None) => Ok((who, args.manifests.path.clone())),
        (Some(who), Some(path)) if !said_path => Ok((who, PathBuf::from(path))),
        (Some(_), Some(_)) => Err(Failure::usage(Misuse::Several)),
    }
}

fn not_clear(who: &Who, unclear: &Unclear, view: &View<'_>) -> Failure {
    let text = match who {
        Who::User(Reference::Name(name)) => view.personal(name.as_written()).into_owned(),
        Who::User(reference) => view.personal(&reference.to_string()).into_owned(),
        Who::Computer(login) => view.login(login),
    };
    let (error, hints) = match unclear {
        Unclear::Nobody(near) => (NotClear::Nobody(text), near),
        Unclear::Several(all) => (NotClear::Several(text), all),
    };
    let mut failure = Failure::error(error);
    failure.hints = hints.iter().map(|hint| view.phrase(hint, Detail::Record)).collect();
    failure
}
