//! `rollcall explain`: where each fact about a user, computer or group comes from, and what a plan would do about it; and what a
//! code means.

use std::io;
use std::path::{Path, PathBuf};

use crate::account::Computers;
use crate::cli::args::{Explain, Manifests, Planning, Question};
use crate::cli::commands::list::NoLists;
use crate::cli::process::context::Context;
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::cli::process::signals::unless_stopped;
use crate::cli::product::display::{DisplayOptions, head};
use crate::cli::product::output;
use crate::cli::session::planning::{Planned, Session};
use crate::diag::{Code, Severity};
use crate::model::{DisplayName, GroupName, Login, Malformed, Reference};
use crate::plan::{BlockerCode, Explanation, Unclear, Who};
use crate::render::{self, Detail, View};

/// A question that can't be followed.
#[derive(Debug, thiserror::Error)]
enum Misuse {
    #[error("whom? give a user, --name, --computer or --group")]
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
    if let Some(code) = args.user.as_deref().and_then(meaning_of).filter(|_| args.group.is_none()) {
        output::print(cx, code.as_bytes())?;
        return Ok(Exit::Done);
    }
    let (who, path) = asked(args)?;
    let manifests = Manifests { path, ..args.manifests.clone() };
    let planning = Planning::of(&args.exports, &args.lists);
    let question = Question { manifests, access: args.access.clone(), planning };
    let computers = match who {
        Who::User(_) | Who::UserInGroup(..) => None,
        Who::Computer(_) | Who::Group(_) => Some(Computers::OfEveryGroup),
    };
    let (session, planned) = unless_stopped(async {
        let session = Session::open(cx, &question).await?;
        if session.download.is_some() {
            return Err(Failure::usage(NoLists));
        }
        let planned = session.plan_seeing(computers).await?;
        Ok((session, planned))
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

/// What a code means that `validate` or a plan shows, if a text is one.
fn meaning_of(text: &str) -> Option<String> {
    let diagnostic = Code::ALL.iter().find(|code| code.name() == text);
    let blocker = BlockerCode::ALL.iter().find(|code| code.name() == text);
    let of_manifests = diagnostic.map(|code| {
        let severity = match code.severity() {
            Severity::Error => "an error",
            Severity::Warning => "a warning",
        };
        format!("{text}, {severity} of `validate`: {}.\n\n{}", code.summary(), code.explain())
    });
    let of_plans = blocker
        .map(|code| format!("{text}, a blocker of a plan: {}.\n\n{}\n", code.summary(), code.advice()));
    let both: Vec<String> = of_manifests.into_iter().chain(of_plans).collect();
    (!both.is_empty()).then(|| both.join("\n"))
}

/// Whom the command line asks about, and in which manifests: with `--name` and `--computer` the only argument is the path.
fn asked(args: &Explain) -> Result<(Who, PathBuf), Failure> {
    let malformed = |text: &str, why| Misuse::Malformed { text: text.to_owned(), why };
    let group = args.group.as_deref().map(GroupName::observed);
    let user_of = |reference| match &group {
        Some(group) => Who::UserInGroup(reference, group.clone()),
        None => Who::User(reference),
    };
    let who = match (&args.name, &args.computer) {
        (None, None) => None,
        (Some(_), Some(_)) => return Err(Failure::usage(Misuse::Several)),
        (Some(name), None) => {
            let name = DisplayName::parse(name).map_err(|why| Failure::usage(malformed(name, why)))?;
            Some(user_of(Reference::Name(name)))
        }
        (None, Some(computer)) => {
            let login = Login::parse(computer).map_err(|why| Failure::usage(malformed(computer, why)))?;
            Some(Who::Computer(login))
        }
    };
    let path = &args.manifests.path;
    let said_path = path != Path::new(".");
    // Beside a group a user may be missing: then the only argument is the path, if there is such a folder.
    let only_path = |text: &String| !said_path && Path::new(text).exists();
    match (who, &args.user, group.clone()) {
        (None, None, None) => Err(Failure::usage(Misuse::Nobody)),
        (None, None, Some(group)) => Ok((Who::Group(group), path.clone())),
        (None, Some(text), Some(group)) if only_path(text) => Ok((Who::Group(group), PathBuf::from(text))),
        (None, Some(user), _) => {
            let reference = Reference::parse(user).map_err(|why| Failure::usage(malformed(user, why)))?;
            Ok((user_of(reference), path.clone()))
        }
        (Some(who), None, _) => Ok((who, path.clone())),
        (Some(who), Some(text), _) if !said_path => Ok((who, PathBuf::from(text))),
        (Some(_), Some(_), _) => Err(Failure::usage(Misuse::Several)),
    }
}

fn not_clear(who: &Who, unclear: &Unclear, view: &View<'_>) -> Failure {
    let text = match who {
        // With a group, either of the two may be what there is not.
        Who::UserInGroup(reference, group) => {
            format!("{} or the group {group}", text_of(reference, view))
        }
        Who::User(reference) => text_of(reference, view),
        Who::Computer(login) => view.login(login),
        Who::Group(name) => format!("the group {name}"),
    };
    let (error, hints) = match unclear {
        Unclear::Nobody(near) => (NotClear::Nobody(text), near),
        Unclear::Several(all) => (NotClear::Several(text), all),
    };
    let mut failure = Failure::error(error);
    failure.hints = hints.iter().map(|hint| view.phrase(hint, Detail::Record)).collect();
    failure
}

fn text_of(reference: &Reference, view: &View<'_>) -> String {
    match reference {
        Reference::Name(name) => view.personal(name.as_written()).into_owned(),
        other => view.personal(&other.to_string()).into_owned(),
    }
}
