//! `--observed FILE…`, where there is no API: which learning platform do exported lists of users show?

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::account::{BadList, BadLists, ListConnection, Listed, Lists, Pace, Said, Shown, listed};
use crate::cli::args::ListFiles;
use crate::cli::process::failure::Failure;
use crate::export::Rules;
use crate::http::{Limiter, Limits};
use crate::manifest::sheet;
use crate::model::{Account, Desired, DesiredUser, GroupName, Piece, UserLabel, Username};
use crate::run::FileError;

/// What is known of the files that the platform takes.
pub(crate) const RULES: Rules =
    Rules { most_bytes: crate::account::UPLOAD_BYTES, email_part: crate::account::UPLOAD_EMAIL_PART };

/// An account as lists show it, in place of one within reach.
#[derive(Debug)]
pub(crate) struct Standing {
    /// What is read in place of it.
    pub(crate) connection: ListConnection,
    /// What the first line of output says.
    pub(crate) banner: String,
    /// What of it is not only seen.
    pub(crate) beliefs: Beliefs,
}

/// What lists don't show, and a plan takes as so.
#[derive(Debug)]
pub(crate) struct Beliefs {
    /// What users are called there.
    pub(crate) username: Username,
    /// Who is on no list, and taken as there.
    pub(crate) believed: Vec<Piece>,
}

/// Lists that can't stand in for an account.
#[derive(Debug, thiserror::Error)]
enum Unfit {
    #[error("{file} is no list of users")]
    Unreadable { file: String, source: Words },
    #[error("{file} is no list of users")]
    Bad { file: String, source: BadList },
    #[error("the lists don't go together")]
    Apart(#[source] BadLists),
    #[error("two lists of one group were given, {0}")]
    TwoLists(GroupName),
    #[error("{0} has no CSV file in it")]
    Empty(String),
    #[error("{0} names no group")]
    Nameless(String),
    #[error(
        "{file} is called as the second download of {group} would be, and no manifest names a group that is called so"
    )]
    Second { file: String, group: GroupName },
    #[error("{0} is for a learning platform, and the manifests describe an account at ActivTrak")]
    NotHere(&'static str),
}

/// What a diagnostic says.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Words(String);

impl From<Unfit> for Failure {
    fn from(unfit: Unfit) -> Self {
        let hint = match &unfit {
            Unfit::Bad { source: BadList::NoColumn { .. } | BadList::Columns(_), .. } => {
                "say which column has the usernames: --username-column COLUMN"
            }
            Unfit::Unreadable { .. } | Unfit::Bad { .. } => {
                "on the platform: Admin menu > Groups > the group > Export users' list as CSV"
            }
            Unfit::Apart(BadLists::SameNumber) => {
                "this is next to impossible: look at the lists, and please tell us"
            }
            Unfit::Apart(_) => "export all of them again, one after the other",
            Unfit::TwoLists(_) => "give the newer one",
            Unfit::Empty(_) => "put the exported lists there, each called as its group is",
            Unfit::Nameless(_) => "call the file as the group is, or say GROUP=FILE",
            Unfit::Second { .. } => "say which group it is of: GROUP=FILE",
            Unfit::NotHere(_) => "take it out; --observed takes the app's group download there",
        };
        let said = match &unfit {
            Unfit::Bad { source, .. } => source.words(),
            Unfit::Apart(source) => source.words(),
            _ => None,
        };
        let hint = hint.to_owned();
        Self { said, ..Self::error(unfit) }.hint(hint)
    }
}

/// The account that lists show, where any were given for one of a learning platform. What manifests say tells what lists leave open.
///
/// # Errors
/// A file is no list, or they contradict each other.
pub(crate) fn standing(
    files: &ListFiles,
    account: &Account,
    desired: Option<&Desired>,
) -> Result<Option<Standing>, Failure> {
    let Some(username) = account.platform.username() else {
        let only_there = [
            (files.observed_users.is_some(), "--observed-users"),
            (files.username_column.is_some(), "--username-column"),
            (files.observed.len() > 1, "more than one --observed"),
        ];
        let strange = only_there.into_iter().find(|(given, _)| *given);
        return strange.map_or(Ok(None), |(_, what)| Err(Unfit::NotHere(what).into()));
    };
    if !files.are_given() {
        return Ok(None);
    }
    let lists = read(files, desired)?;
    let said: Vec<Said> =
        desired.into_iter().flat_map(|it| &it.users).filter_map(|user| said(user, username)).collect();
    let Shown { observed, believed } = lists.shown(username, &said).map_err(Unfit::Apart)?;
    let mut believed: Vec<Piece> = believed
        .into_iter()
        .filter_map(|id| Some(UserLabel::of(observed.user(observed.user_ix(id)?)).into()))
        .collect();
    believed.sort_unstable();
    let connection = ListConnection {
        observed: Arc::new(observed),
        pace: Pace::real(),
        limiter: Limiter::new(Limits::of(std::num::NonZeroUsize::MIN)),
    };
    Ok(Some(Standing { connection, banner: banner(&lists), beliefs: Beliefs { username, believed } }))
}

/// What the first line of output says.
fn banner(lists: &Lists) -> String {
    let groups = match lists.groups.len() {
        0 => "no group".to_owned(),
        1 => "1 group".to_owned(),
        many => format!("{many} groups"),
    };
    match lists.users {
        Some(_) => format!("LISTS: what was exported of the platform, {groups} and all users"),
        None => format!("LISTS: what was exported of the platform, {groups} and no list of all users"),
    }
}

/// Reads every file.
fn read(files: &ListFiles, desired: Option<&Desired>) -> Result<Lists, Failure> {
    let column = files.username_column.as_deref();
    let users = files.observed_users.as_deref().map(|file| list(file, column)).transpose()?;
    let mut groups: BTreeMap<GroupName, Vec<Listed>> = BTreeMap::new();
    for given in expanded(&files.observed)? {
        let (group, file) = named(&given, desired)?;
        let members = list(&file, column)?;
        if groups.insert(group.clone(), members).is_some() {
            return Err(Unfit::TwoLists(group).into());
        }
    }
    Ok(Lists { users, groups: groups.into_iter().collect() })
}

/// The files that are given, and those of folders, sorted by name.
fn expanded(given: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in given {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let failed = |source| FileError::new(path, "read", source);
        let entries = std::fs::read_dir(path).map_err(failed)?;
        let entries = entries.map(|entry| entry.map(|entry| entry.path()));
        let mut within = entries.collect::<Result<Vec<_>, _>>().map_err(failed)?;
        within.retain(|file| file.extension().is_some_and(|it| it.eq_ignore_ascii_case("csv")));
        if within.is_empty() {
            return Err(Unfit::Empty(path.display().to_string()).into());
        }
        within.sort_unstable();
        files.extend(within);
    }
    Ok(files)
}

/// Who is on a list.
fn list(file: &Path, column: Option<&str>) -> Result<Vec<Listed>, Failure> {
    let shown = || file.display().to_string();
    let sheet = sheet(file).map_err(|problem| {
        let failure = Failure::from(Unfit::Unreadable { file: shown(), source: Words(problem.message) });
        problem.help.into_iter().fold(failure, Failure::hint)
    })?;
    let rows = sheet.rows.iter().map(|row| (row.line, &*row.cells));
    let listed = listed(&sheet.header, rows, column);
    Ok(listed.map_err(|source| Unfit::Bad { file: shown(), source })?)
}

/// Which group a file is of: the one before the `=`, else the one that it is called after.
fn named(given: &Path, desired: Option<&Desired>) -> Result<(GroupName, PathBuf), Failure> {
    let text = given.display().to_string();
    let nameless = || Failure::from(Unfit::Nameless(text.clone()));
    if !given.exists() {
        let mut splits = text.match_indices('=').map(|(at, _)| (&text[..at], Path::new(&text[at + 1..])));
        let first = splits.clone().next();
        let said = splits.find(|(_, file)| file.exists()).or(first);
        if let Some((group, file)) = said {
            let group = GroupName::existing(group).map_err(|_| nameless())?;
            return Ok((group, file.to_owned()));
        }
    }
    let stem = given.file_stem().unwrap_or_default().to_string_lossy();
    let group = GroupName::existing(&stem).map_err(|_| nameless())?;
    let declares = |name: &GroupName| {
        desired.is_some_and(|desired| desired.groups.iter().any(|group| group.name.value == *name))
    };
    match first_download(&stem).and_then(|name| GroupName::existing(name).ok()) {
        Some(first) if declares(&first) && !declares(&group) => {
            Err(Unfit::Second { file: text, group: first }.into())
        }
        _ => Ok((group, given.to_owned())),
    }
}

/// `Drivers` of `Drivers (1)`, as browsers call the second download of a name.
fn first_download(stem: &str) -> Option<&str> {
    let (name, number) = stem.strip_suffix(')')?.rsplit_once('(')?;
    let is_number = !number.is_empty() && number.bytes().all(|it| it.is_ascii_digit());
    is_number.then(|| name.trim_end())
}

/// What an entry tells that lists may not; nothing where it says no username, or that its user is to go.
fn said(user: &DesiredUser, username: Username) -> Option<Said> {
    let usernames = user.identifiers().filter(|it| it.value.kind() == username.kind());
    let usernames: Vec<Box<str>> = usernames.map(|it| it.value.to_string().into()).collect();
    let name = user.display_name.declared().map(|name| name.value.as_written().into());
    (!usernames.is_empty() && user.order.is_none()).then_some(Said { usernames, name })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_of_the_group_that_it_is_called_after_or_that_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, "Username\n").unwrap();
            path
        };
        let (plain, odd) = (file("Forklift drivers.csv"), file("a=b.csv"));
        let of = |given: &str| {
            named(Path::new(given), None).map(|(group, _)| group.as_written().to_owned()).unwrap()
        };
        assert_eq!(of(plain.to_str().unwrap()), "Forklift drivers");
        assert_eq!(of(odd.to_str().unwrap()), "a=b");
        assert_eq!(of(&format!("R&D={}", plain.display())), "R&D");
        assert_eq!(of(&format!("x=y={}", odd.display())), "x=y");
        assert!(named(Path::new("=nowhere.csv"), None).is_err());
    }

    #[test]
    fn the_second_download_of_a_name_is_known() {
        assert_eq!(first_download("Drivers (1)"), Some("Drivers"));
        assert_eq!(first_download("Drivers(12)"), Some("Drivers"));
        for other in ["Drivers", "Drivers (a)", "Drivers ()", "(1"] {
            assert_eq!(first_download(other), None, "{other}");
        }
    }
}
