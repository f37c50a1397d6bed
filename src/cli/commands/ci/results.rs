//! Which results of many accounts are there, and which of them count? Exactly one of each account that was asked for, about this
//! commit of this repository; whatever else lies there is red.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::model::unhex;
use crate::plan::Digest;
use crate::render::json::{Account, AccountResult, Accounts, RESULT_VERSION};
use crate::render::merged::{Line, What};
use crate::render::{Marker, Validity};

/// So many files are read: an account each, and the list.
const FILES: usize = 10_001;
/// The list of accounts has no more bytes.
const LIST: u64 = 16 << 20;
/// A result has no more bytes.
const RESULT: usize = 1 << 20;

/// Results of which nothing can be told.
#[derive(Debug, thiserror::Error)]
enum Untold {
    #[error("the results can't be read from {}", .0.display())]
    Unread(PathBuf, #[source] io::Error),
    #[error("there are more than {FILES} files in {}", .0.display())]
    Many(PathBuf),
    #[error("among the results in {} there are {} lists of accounts in place of one", .0.display(), .1)]
    Lists(PathBuf, usize),
}

/// Why a result does not count.
#[derive(Debug, thiserror::Error)]
enum Unusable {
    #[error("can't be read: {0}")]
    Unread(#[from] io::Error),
    #[error("is no regular file")]
    NoFile,
    #[error("has more bytes than a result has")]
    Large,
    #[error("is no result: {0}")]
    Malformed(#[from] serde_json::Error),
    #[error("is a result of version {0}, and this rollcall reads version {RESULT_VERSION}")]
    Version(u32),
    #[error("is of the repository {0}")]
    Repository(String),
    #[error("is about another commit")]
    Commit,
    #[error("is about the account {0}")]
    Account(String),
    #[error("says `{0}` where that can't be")]
    Word(String),
}

/// What results have to be about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// `owner/name`
    pub(super) repository: &'a str,
    /// The commit, where the event is about one.
    pub(super) commit: Option<&'a str>,
}

/// What a file holds.
enum Held {
    List(Accounts),
    Result(Box<AccountResult>),
}

/// Reads the results in a folder, and in the folders in it: a line for every account that was asked for, and for whatever is there
/// besides.
pub(super) fn read(folder: &Path, wanted: Wanted<'_>) -> Result<Vec<Line>, Failure> {
    let files = files(folder).map_err(|error| {
        Failure::error(Untold::Unread(folder.to_owned(), error))
            .hint("have the jobs before upload their results, and this one download them there")
    })?;
    if files.len() > FILES {
        return Err(Failure::error(Untold::Many(folder.to_owned())));
    }
    let (mut lists, mut results, mut lines) = (Vec::new(), BTreeMap::<String, Vec<_>>::new(), Vec::new());
    for file in files {
        match held(&file) {
            Ok(Held::List(list)) => lists.push(list),
            Ok(Held::Result(result)) => results.entry(result.key.clone()).or_default().push(*result),
            Err(why) => lines.push(unsaid(file.display().to_string(), format!("this {why}"))),
        }
    }
    let list = match <[Accounts; 1]>::try_from(lists) {
        Ok([list]) => list,
        Err(lists) => {
            return Err(Failure::error(Untold::Lists(folder.to_owned(), lists.len()))
                .hint("download into one folder what `command: accounts` and the jobs of this run wrote, and nothing else"));
        }
    };
    for account in &list.accounts {
        lines.push(line(account, results.remove(&account.key).unwrap_or_default(), wanted));
    }
    for (key, of) in results {
        let name = of.into_iter().find_map(|result| result.account).unwrap_or(key);
        lines.push(unsaid(name, "there is a result, and nobody asked for it".to_owned()));
    }
    Ok(lines)
}

fn unsaid(account: String, why: String) -> Line {
    Line { account, what: What::Unsaid(why), marker: None }
}

/// Every file in a folder, and in the folders in it, sorted.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.symlink_metadata()?.is_dir() {
            files.extend(
                fs::read_dir(&path)?.map(|entry| entry.map(|it| it.path())).collect::<Result<Vec<_>, _>>()?,
            );
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// What a file holds.
fn held(file: &Path) -> Result<Held, Unusable> {
    #[derive(serde::Deserialize)]
    struct Head {
        version: u32,
        accounts: Option<serde::de::IgnoredAny>,
    }
    if !file.symlink_metadata()?.is_file() {
        return Err(Unusable::NoFile);
    }
    let mut bytes = Vec::new();
    File::open(file)?.take(LIST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LIST {
        return Err(Unusable::Large);
    }
    let Head { version, accounts } = serde_json::from_slice(&bytes)?;
    if version != RESULT_VERSION {
        return Err(Unusable::Version(version));
    }
    match accounts {
        Some(_) => Ok(Held::List(serde_json::from_slice(&bytes)?)),
        None if bytes.len() > RESULT => Err(Unusable::Large),
        None => Ok(Held::Result(serde_json::from_slice(&bytes)?)),
    }
}

/// The line of an account that was asked for.
fn line(account: &Account, results: Vec<AccountResult>, wanted: Wanted<'_>) -> Line {
    let called = account.name.as_ref().unwrap_or(&account.path).clone();
    let result = match <[AccountResult; 1]>::try_from(results) {
        Ok([result]) => result,
        Err(results) if results.is_empty() => {
            let why = "there is no result of it: its job did not run to its end, or did not upload it";
            return unsaid(called, why.to_owned());
        }
        Err(results) => return unsaid(called, format!("there are {} results of it", results.len())),
    };
    match marker(account, &result, wanted) {
        Ok(marker) => Line { account: called, what: What::Said(Box::new(result)), marker },
        Err(why) => unsaid(called, format!("what there is of it {why}")),
    }
}

/// Looks whether a result is what it has to be; answers what its review is known by.
fn marker(account: &Account, result: &AccountResult, wanted: Wanted<'_>) -> Result<Option<Marker>, Unusable> {
    if result.repository != wanted.repository {
        return Err(Unusable::Repository(result.repository.clone()));
    }
    if result.commit.as_deref() != wanted.commit {
        return Err(Unusable::Commit);
    }
    if let Some((of, name)) =
        result.account.as_ref().zip(account.name.as_ref()).filter(|(of, name)| of != name)
    {
        return Err(Unusable::Account(format!("{of} and not {name}")));
    }
    let is_word =
        |text: &str| text.len() <= 20 && text.bytes().all(|it| it.is_ascii_lowercase() || it == b'-');
    let is_said = matches!(result.command.as_str(), "validate" | "plan" | "apply");
    if !is_said || !is_word(&result.failure_reason) {
        return Err(Unusable::Word(format!("{} {}", result.command, result.failure_reason)));
    }
    let exit = exit_of(result).ok_or_else(|| Unusable::Word(result.exit_code.to_string()))?;
    if (exit == Exit::Done) != result.failure_reason.is_empty() {
        return Err(Unusable::Word(result.failure_reason.clone()));
    }
    let digits = |text: &String| unhex(text).ok_or_else(|| Unusable::Word(text.clone()));
    let digest = result.digest.as_ref().map(digits).transpose()?.map(Digest);
    let mac = result.mac.as_ref().map(digits).transpose()?;
    let name = result.account.as_ref().or(account.name.as_ref()).filter(|_| result.command == "plan");
    let head = result.commit.clone();
    Ok(name.map(|name| Marker { account: name.clone(), head, digest, mac, validity: Validity::Open }))
}

/// How the run ended that a result is of.
pub(super) fn exit_of(result: &AccountResult) -> Option<Exit> {
    Exit::ALL.into_iter().find(|exit| exit.code() == result.exit_code)
}
