//! `rollcall import`: manifests of what an account has.

use std::path::Path;

use jiff::Timestamp;
use rayon::prelude::*;

use crate::account::{AccountNumber, Computers, Read as _, ReadError, Reader, Scope, service_of};
use crate::cli::args::{Import, Start};
use crate::cli::commands::adopt;
use crate::cli::process::context::Context;
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::cli::process::memory::abandon;
use crate::cli::process::progress;
use crate::cli::process::signals::unless_stopped;
use crate::cli::product::display::head;
use crate::cli::product::stage::Stage;
use crate::cli::product::{output, rehearsal};
use crate::cli::session::identity::NamedBy;
use crate::cli::session::split::Way;
use crate::cli::session::target::{Approach, Target, platform};
use crate::cli::session::{download, identity};
use crate::diag::{Code, Sources};
use crate::import::{
    Choices, File, Imported, Kind, Read, Report, Split, Unsaid, Written, check, digest, files,
};
use crate::manifest::{self, EmitError, Exports};
use crate::model::{Account, Asked, Dates, Desired, Located, Looked, Observed, Origin, Phrase, Policy};
use crate::render::{self, Detail, View, json};
use crate::run::FileError;

/// So often entries are left out until nothing is objected to; each time there are fewer.
const ROUNDS: usize = 8;
/// The manifest that names the account.
const MAIN: &str = "rollcall.yaml";
/// What stands above the account.
const HEAD: &str = "Written by `rollcall import`. What no manifest mentions is left as it is in the account.";

/// What can't be imported.
#[derive(Debug, thiserror::Error)]
enum Unimported {
    #[error("the account has nothing that a manifest can say")]
    Nothing,
    #[error("no plan of what would be written says that there is nothing to do: nothing was written")]
    Unequal,
    #[error("{0} is for manifests that are there")]
    Stray(&'static str),
    #[error("--region, or --platform, says where the account is")]
    Regionless,
}

/// What manifests are made of.
struct Found {
    observed: Observed,
    imported: Imported,
    /// The account's number, where it is known.
    id: Option<u64>,
    /// What the first line of output says.
    banner: Option<String>,
}

/// An account as it was read.
struct Reading {
    observed: Observed,
    number: AccountNumber,
    /// What the first line of output says.
    banner: Option<String>,
}

/// Reads the account, or a file, and writes manifests of it, or the seed of a sandbox.
pub(crate) fn run(cx: &Context, args: &Import) -> Result<Exit, Failure> {
    if let Some(stray) = args.adopting.stray() {
        return Err(Failure::usage(Unimported::Stray(stray)).hint("say which manifests: --into DIR"));
    }
    if let Some(folder) = &args.adopting.into {
        return adopt::run(cx, args, folder);
    }
    let now = args.manifests.now.unwrap_or_else(|| cx.started());
    if args.sandbox {
        let account = account(args)?;
        rehearsal::refuse_taken(&args.manifests.path)?;
        let reading = read(cx, args, &account, now)?;
        return save(cx, args, reading, (account, now));
    }
    let stage = Stage::open(&args.manifests.path, |folder| holds_manifests(folder, now))?;
    let mut account = account(args)?;
    let way = Way::asked(cx, (args.split, &args.export), &args.manifests)?;
    let found = match &args.from {
        Some(file) => of_file(file, &account)?,
        None => of_account(args, read(cx, args, &account, now)?),
    };
    account.id = found.id.map(Located::unplaced);
    let split = way.of(cx, &found.observed)?;
    let work = Work { args, account: &account, observed: &found.observed, split, stage, now };
    let report = work.done(found.imported)?;
    show(cx, args, &report, found.banner.as_deref())?;
    abandon(found.observed);
    Ok(Exit::Done)
}

/// Reads the account.
fn read(cx: &Context, args: &Import, account: &Account, now: Timestamp) -> Result<Reading, Failure> {
    unless_stopped(async {
        let folder = &*args.manifests.path;
        let approach = Approach { wire: &args.wire, start: Start::Anew, folder, now: Some(now) };
        let target = Target::find(account, &Sources::default(), approach).await?;
        let (observed, number) =
            progress::reading(cx, target.connection.limiter(), Box::pin(all(&target))).await?;
        Ok(Reading { observed, number, banner: target.banner })
    })
}

/// Makes entries of a reading.
fn of_account(args: &Import, reading: Reading) -> Found {
    let Reading { observed, number, banner } = reading;
    let choices = Choices { hr: args.hr.into(), primary: args.primary_groups.into() };
    let mut imported = Imported::of(&observed, choices);
    imported.say(identity::unnumbered(&number));
    let id = if let AccountNumber::Is(id) = number { Some(id) } else { None };
    Found { observed, imported, id, banner }
}

/// Saves a reading as the seed of a sandbox.
fn save(
    cx: &Context,
    args: &Import,
    reading: Reading,
    (account, now): (Account, Timestamp),
) -> Result<Exit, Failure> {
    let Reading { observed, number, banner } = reading;
    let service = service_of(&account.platform);
    let id = match &number {
        AccountNumber::Is(id) | AccountNumber::Unproved(id) => Some(*id),
        AccountNumber::OneOf(_) | AccountNumber::Unshown | AccountNumber::Named => None,
    };
    let (seed, mut unsaid) = rehearsal::seed(service, &observed, (account.name.value, id, now));
    unsaid.splice(0..0, identity::unnumbered(&number).filter(|_| id.is_none()));
    let seed = if args.pseudonyms { seed.with_pseudonyms() } else { seed };
    rehearsal::can_be(&seed)?;
    let file = &args.manifests.path;
    seed.save(file).map_err(|source| FileError::new(file, "written", source))?;
    let report = Report {
        account: seed.name().into(),
        id: id.filter(|_| !args.pseudonyms),
        folder: file.display().to_string().into(),
        from: None,
        reading: digest(&observed),
        read: Read::of(&observed),
        files: Vec::new(),
        unsaid,
    };
    let sources = Sources::default();
    let view = View::new(&sources, args.manifests.redaction());
    output::stream(cx, |out| {
        head(out, banner.as_deref())?;
        render::import::saved(out, &report, &view, cx.layout())
    })?;
    Ok(Exit::Done)
}

/// Reads the app's group download.
fn of_file(file: &Path, account: &Account) -> Result<Found, Failure> {
    let roster = download::roster(file, &account.hr_group_type)?;
    let alone = [&*roster.agents_in_none, &*roster.computers_in_none];
    let mut imported = Imported::of_roster(&roster.account, alone);
    let numbers: Vec<u64> = download::numbers_in(file).collect();
    let id = match numbers[..] {
        [id] => Some(id),
        [] => {
            let why = "`account.id`: the name of the file has no number, as the app names its downloads";
            imported.say([Unsaid::new(Kind::Account, Phrase::words(why))]);
            None
        }
        _ => {
            imported.say(identity::unnumbered(&AccountNumber::OneOf(numbers)));
            None
        }
    };
    Ok(Found { observed: roster.account, imported, id, banner: None })
}

/// The whole account, every group of it proved by an independent count, and the account's number.
async fn all(target: &Target) -> Result<(Observed, AccountNumber), Failure> {
    let reader = Reader::new(&target.connection).map_err(ReadError::from)?;
    let asked = Asked { rules: Looked::At, ..Asked::default() };
    let scope = Scope { computers: Computers::OfEveryGroup, asked, ..Scope::default() };
    let observed = reader.observe(&scope).await?;
    let groups: Vec<_> = observed.groups.iter().map(|group| group.id).collect();
    reader.prove(&observed, &groups).await?;
    Ok((observed, reader.account_number().await?))
}

/// The account as the manifests will name it.
fn account(args: &Import) -> Result<Account, Failure> {
    let Some(platform) = platform(args.region, args.learning, &args.wire)? else {
        return Err(Failure::usage(Unimported::Regionless));
    };
    let part = if args.sandbox { NamedBy::FileStem } else { NamedBy::Folder };
    let name = identity::name(args.name.as_deref(), (&args.manifests.path, part))?;
    Ok(Account {
        origin: Origin::NONE,
        name: Located::unplaced(name),
        id: None,
        platform,
        allow: Vec::new(),
        hr_group_type: args.hr_group_type.as_str().into(),
    })
}

fn holds_manifests(folder: &Path, now: Timestamp) -> bool {
    let loaded = manifest::gather(folder, &Exports::Ignored).judge(Dates::of(now));
    !loaded.diagnostics.iter().any(|it| it.code == Code::NoManifests)
}

/// What is made into files.
struct Work<'a> {
    args: &'a Import,
    account: &'a Account,
    observed: &'a Observed,
    split: Split,
    stage: Stage,
    now: Timestamp,
}

impl Work<'_> {
    /// Writes manifests, leaves out what keeps a plan of them from being nothing to do, and puts them in their place.
    fn done(self, mut imported: Imported) -> Result<Report, Failure> {
        for _ in 0..ROUNDS {
            if imported.is_empty() {
                return Err(Failure::error(Unimported::Nothing));
            }
            let main = self.main(&imported)?;
            let written = self.texts(&imported).map_err(Failure::error)?;
            let texts = written.iter().map(|(file, text)| (&*file.path, text.as_str()));
            let at = self.stage.write(texts.chain([(MAIN, main.as_str())]))?;
            let objections = check(&at, self.observed, self.now);
            if objections.is_empty() {
                return self.published(imported, &written);
            }
            if let Err(strange) = imported.leave_out(self.observed, &written, objections) {
                return Err(self.unequal(&strange));
            }
        }
        Err(self.unequal(&[]))
    }

    fn texts(&self, imported: &Imported) -> Result<Vec<(File, String)>, EmitError> {
        let files = files(imported, self.observed, &self.split);
        files.into_par_iter().map(|file| file.text(imported).map(|text| (file, text))).collect()
    }

    /// The manifest that names the account.
    fn main(&self, imported: &Imported) -> Result<String, Failure> {
        let mut policy = Policy::default();
        if imported.users.is_empty() {
            policy.minimum.declared_users.value = 0;
        }
        let nothing = Desired {
            account: self.account.clone(),
            policy,
            users: Vec::new(),
            groups: Vec::new(),
            exclusions: Vec::new(),
            leave_out: Vec::new(),
            tracking: Vec::new(),
            exports: Vec::new(),
        };
        manifest::emit(&[HEAD.to_owned()], &nothing).map_err(Failure::error)
    }

    fn unequal(&self, why: &[Phrase]) -> Failure {
        let sources = Sources::default();
        let view = View::new(&sources, self.args.manifests.redaction());
        let points = why.iter().map(|why| view.phrase(why, Detail::Full)).collect();
        Failure { points, ..Failure::error(Unimported::Unequal) }
    }

    fn published(self, imported: Imported, written: &[(File, String)]) -> Result<Report, Failure> {
        let paths = written.iter().map(|(file, _)| &*file.path);
        self.stage.publish(paths.chain([MAIN]))?;
        let of = |(file, _): &(File, String)| Written { path: file.path.clone(), entries: file.counts() };
        let mut files: Vec<Written> = written.iter().map(of).collect();
        files.push(Written { path: MAIN.into(), entries: [0; 3] });
        files.sort_by(|one, other| one.path.cmp(&other.path));
        let Imported { users, groups, unsaid, .. } = imported;
        abandon((users, groups));
        Ok(Report {
            account: self.account.name.value.clone(),
            id: self.account.id.as_ref().map(|id| id.value),
            folder: self.args.manifests.path.display().to_string().into(),
            from: self.args.from.as_ref().map(|file| file.display().to_string().into()),
            reading: digest(self.observed),
            read: Read::of(self.observed),
            files,
            unsaid,
        })
    }
}

/// Says what was read, written and left out.
fn show(cx: &Context, args: &Import, report: &Report, banner: Option<&str>) -> Result<(), Failure> {
    let sources = Sources::default();
    let view = View::new(&sources, args.manifests.redaction());
    if let Some(path) = &args.json {
        output::write(cx, path, &output::bytes(|out| json::import(out, report, &view))?)?;
        if output::is_stdout(path) {
            return Ok(());
        }
    }
    output::stream(cx, |out| {
        head(out, banner)?;
        render::import::report(out, report, &view, cx.layout())
    })
    .map(drop)
}
