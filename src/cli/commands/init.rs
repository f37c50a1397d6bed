//! `rollcall init`: a repository that is right from its first commit.

use std::path::Path;

use jiff::Timestamp;

use crate::account::{AccountNumber, Holds, ReadError, Reader, Variable, Variables, service_of, variables};
use crate::cli::args::{Init, Start};
use crate::cli::process::context::Context;
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::cli::process::progress;
use crate::cli::process::signals::unless_stopped;
use crate::cli::product::additions::{Added, Additions};
use crate::cli::product::{declared, output, rehearsal};
use crate::cli::session::diagnostics::tally;
use crate::cli::session::identity::{self, NamedBy};
use crate::cli::session::manifests::tell;
use crate::cli::session::target::{Approach, Target, platform};
use crate::diag::{Code, Severity, Sources};
use crate::init::{self, File, Handed, Kept, Kind, Main, Policy, Report, SEED_FILE, Stored, Written};
use crate::manifest::{self, Edited, Exports, Loaded};
use crate::model::{Account, Dates, Desired, HR_GROUP_TYPE, Located, Origin, Phrase, Piece, Platform};
use crate::phrase;
use crate::render::{self, View, json};
use crate::run::FileError;

/// The manifest that names the account.
const MAIN: &str = "rollcall.yaml";
/// What Git leaves alone.
const GITIGNORE: &str = ".gitignore";
/// What the seed of a rehearsal account is for.
const REHEARSAL: &str = "what the account holds at first";

/// An account whose number nobody can ask for.
const NO_KEY: &str =
    "`account.id`: the environment has no key to ask for it; with one, `rollcall plan` says the line";

/// Workflows are for what is shared.
const NO_ACCOUNT: &str =
    "workflows of GitHub: a sandbox needs none; run `rollcall init` once the manifests name an account";
/// Workflows call an action.
const NO_ACTION: &str =
    "workflows of GitHub: they are written with `--action OWNER/NAME@COMMIT`, the action that they call";

/// Manifests that would not be right.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {found} in what is there, or in what would be added to it; nothing was written")]
struct Wrong {
    path: String,
    found: String,
}

/// Writes the files that are missing, all of them or none.
pub(crate) fn run(cx: &Context, args: &Init) -> Result<Exit, Failure> {
    let (folder, now) = (&*args.manifests.path, args.manifests.now.unwrap_or_else(|| cx.started()));
    let mut additions = Additions::to(folder)?;
    let there = manifest::gather(folder, &Exports::Ignored).judge(Dates::of(now));
    let (main, unnumbered) = match &there.account {
        Some(_) => (None, None),
        None => main(cx, args, &there, now).map(|(main, why)| (Some(main), why))?,
    };
    let named = there.account.as_ref().or(main.as_ref().map(|main| &main.account));
    let mut files = init::files(main.as_ref(), kind(named)).map_err(Failure::error)?;
    let loaded = checked(cx, args, (&files, &additions), now)?;
    let account = loaded.account.clone().or(main.map(|main| main.account));
    let no_workflows = match workflows(args, account.as_ref()) {
        Ok(workflows) => {
            files.extend(workflows);
            None
        }
        Err(why) => Some(why),
    };
    let mut report = Report {
        account: account.as_ref().map_or_else(Box::default, |account| account.name.value.clone()),
        id: account.as_ref().and_then(|account| account.id.as_ref()).map(|id| id.value),
        unnumbered: unnumbered.filter(|_| !additions.is_there(MAIN)),
        folder: folder.display().to_string().into(),
        written: Vec::new(),
        kept: Vec::new(),
        no_workflows,
        handed: account.as_ref().map(|it| handed(variables_of(it).usual).collect()).unwrap_or_default(),
        served: None,
    };
    for file in &files {
        add(&mut additions, (file.path, file.purpose), file.text.as_bytes(), &mut report)?;
    }
    if additions.is_there(MAIN) && files.iter().all(|file| file.path != MAIN) {
        report.kept.push(Kept { path: MAIN.into(), lacks: Vec::new() });
    }
    if let Some(desired) = loaded.desired.filter(|_| args.sandbox) {
        rehearse(&mut additions, &desired, &mut report)?;
    }
    additions.keep();
    report.written.sort_by(|one, other| one.path.cmp(&other.path));
    report.kept.sort_by(|one, other| one.path.cmp(&other.path));
    show(cx, args, &report)?;
    Ok(Exit::Done)
}

/// What an account is for: people have a username where they learn.
fn kind(account: Option<&Account>) -> Kind {
    match account.and_then(|account| account.platform.username()) {
        Some(_) => Kind::Learning,
        None => Kind::Tracking,
    }
}

/// Variables of a platform, as workflows hand them to a run.
fn handed(variables: &[Variable]) -> impl Iterator<Item = Handed> {
    variables.iter().map(|it| Handed {
        name: it.name,
        stored: if it.holds == Holds::Address { Stored::Variable } else { Stored::Secret },
    })
}

/// The variables of an account.
const fn variables_of(account: &Account) -> &'static Variables {
    variables(service_of(&account.platform))
}

/// The workflows of GitHub, or why there are none.
fn workflows(args: &Init, account: Option<&Account>) -> Result<Vec<File>, Phrase> {
    let is_real = |it: &&Account| !matches!(it.platform, Platform::Sandbox { .. });
    let account = account.filter(is_real).ok_or_else(|| Phrase::words(NO_ACCOUNT))?;
    let action = args.action.as_ref().ok_or_else(|| Phrase::words(NO_ACTION))?;
    let folder = std::path::absolute(&args.manifests.path).unwrap_or_default();
    let root = folder.ancestors().find(|above| above.join(".git").exists());
    if let Some(root) = root.filter(|root| *root != folder) {
        let root = Piece::plain(&root.display().to_string());
        return Err(phrase![
            "workflows of GitHub: it reads them in ",
            root,
            " only; run `rollcall init` there"
        ]);
    }
    let Variables { usual, optional, .. } = variables_of(account);
    Ok(init::workflows(action, &handed(usual).chain(handed(optional)).collect::<Vec<_>>()))
}

/// Nothing says where the account is.
#[derive(Debug, thiserror::Error)]
#[error("--region, or --platform, says where the account is")]
struct Placeless;

/// What the manifest that names the account is to say, and why its number is not in it.
fn main(
    cx: &Context,
    args: &Init,
    there: &Loaded,
    now: Timestamp,
) -> Result<(Main, Option<Phrase>), Failure> {
    let is_empty = |code| matches!(code, Code::NoManifests | Code::NothingDeclared | Code::TooFewUsers);
    let nobody = there.policy.is_none() && there.diagnostics.iter().any(|it| is_empty(it.code));
    let platform = if args.sandbox {
        let username = args.learning.username.map(|word| Located::unplaced(word.into()));
        Platform::Sandbox { seed: Located::unplaced(SEED_FILE.into()), username }
    } else {
        platform(args.region, args.learning, &args.wire)?.ok_or_else(|| Failure::usage(Placeless))?
    };
    let account = Account {
        origin: Origin::NONE,
        name: Located::unplaced(identity::name(
            args.name.as_deref(),
            (&args.manifests.path, NamedBy::Folder),
        )?),
        id: None,
        platform,
        allow: Vec::new(),
        hr_group_type: HR_GROUP_TYPE.into(),
    };
    let (id, why) = match &account.platform {
        Platform::Sandbox { .. } | Platform::Tenant(..) => (None, None),
        Platform::Region(..) if !is_keyed(&account)? => (None, Some(Phrase::words(NO_KEY))),
        Platform::Region(..) => match number(cx, args, &account, now)? {
            AccountNumber::Is(id) => (Some(Located::unplaced(id)), None),
            other => (None, identity::unnumbered(&other).map(|unsaid| unsaid.sentence)),
        },
    };
    let policy = if nobody { Policy::NobodyDeclared } else { Policy::Unsaid };
    Ok((Main { account: Account { id, ..account }, policy }, why))
}

/// Whether the environment has any key of an account.
fn is_keyed(account: &Account) -> Result<bool, Failure> {
    Ok(variables_of(account).open_any(&Context::variable)?)
}

/// Asks the account for its number.
fn number(cx: &Context, args: &Init, account: &Account, now: Timestamp) -> Result<AccountNumber, Failure> {
    unless_stopped(async {
        let folder = &*args.manifests.path;
        let approach = Approach { wire: &args.wire, start: Start::Anew, folder, now: Some(now) };
        let target = Target::find(account, &Sources::default(), approach).await?;
        let reader = Reader::new(&target.connection).map_err(ReadError::from)?;
        let number = async { Ok(reader.account_number().await?) };
        progress::reading(cx, target.connection.limiter(), Box::pin(number)).await
    })
}

/// What the manifests say once the missing ones are there: nothing is written that would not be right.
fn checked(
    cx: &Context,
    args: &Init,
    (files, additions): (&[File], &Additions),
    now: Timestamp,
) -> Result<Loaded, Failure> {
    let folder = &*args.manifests.path;
    let is_manifest = |file: &File| Path::new(file.path).extension().is_some_and(|it| it == "yaml");
    let is_new = |file: &&File| is_manifest(file) && !additions.is_there(file.path);
    let mut edited = Edited::default();
    for file in files.iter().filter(is_new) {
        edited.put(&manifest::shown_below(folder, file.path), file.text.clone());
    }
    let exports = if args.sandbox { Exports::default() } else { Exports::Ignored };
    let loaded = manifest::gather_edited(folder, &exports, &edited).judge(Dates::of(now));
    let errors: Vec<_> =
        loaded.diagnostics.iter().filter(|it| it.severity == Severity::Error).cloned().collect();
    if errors.is_empty() {
        return Ok(loaded);
    }
    tell(cx, &errors, &loaded.sources, &args.manifests)?;
    Err(Failure::error(Wrong { path: folder.display().to_string(), found: tally(&errors) }))
}

/// Adds the account that is rehearsed against: of the declared users.
fn rehearse(additions: &mut Additions, desired: &Desired, report: &mut Report) -> Result<(), Failure> {
    let seed = declared::seed(desired);
    rehearsal::can_be(&seed)?;
    let text = seed.to_text().map_err(|source| FileError::new(SEED_FILE, "written", source))?;
    add(additions, (SEED_FILE, REHEARSAL), &text, report)?;
    if matches!(desired.account.platform, Platform::Region(..)) {
        report.served = Some(additions.at(SEED_FILE).display().to_string().into());
    }
    Ok(())
}

/// Adds a file if it is missing, and notes what became of it.
fn add(
    additions: &mut Additions,
    (path, purpose): (&'static str, &'static str),
    text: &[u8],
    report: &mut Report,
) -> Result<(), Failure> {
    match additions.add(path, text)? {
        Added::Written => report.written.push(Written { path: path.into(), purpose }),
        Added::WasThere => {
            let lacks = if path == GITIGNORE { unignored(&additions.at(path)) } else { Vec::new() };
            report.kept.push(Kept { path: path.into(), lacks });
        }
    }
    Ok(())
}

/// What runs leave that a file which is there does not keep out of Git; of one that can't be read, all of it.
fn unignored(file: &Path) -> Vec<&'static str> {
    init::ignored_at_least(&std::fs::read_to_string(file).unwrap_or_default())
}

/// Says what was written and what was there.
fn show(cx: &Context, args: &Init, report: &Report) -> Result<(), Failure> {
    let sources = Sources::default();
    let view = View::new(&sources, args.manifests.redaction());
    if let Some(path) = &args.json {
        output::write(cx, path, &output::bytes(|out| json::init(out, report, &view))?)?;
        if output::is_stdout(path) {
            return Ok(());
        }
    }
    output::stream(cx, |out| render::init::report(out, report, &view, cx.layout())).map(drop)
}
