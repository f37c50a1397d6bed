//! What is an account of a repository, and of which files is it made?

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::fleet::key::Key;
use crate::manifest::{self, Exports};
use crate::model::{Platform, Service};

/// An account among others.
#[derive(Debug, Clone)]
pub struct Member {
    /// Its folder, as it is shown.
    pub folder: PathBuf,
    /// What machines call it.
    pub key: Key,
    /// Its name in the manifests, where that can be read.
    pub name: Option<Box<str>>,
    /// Its number, where the manifests say it.
    pub id: Option<u64>,
    /// Where it is kept, where that can be read.
    pub platform: Option<Platform>,
    /// Whether all of its manifests can be read; where not, they may be made of more than is known.
    pub is_whole: bool,
    /// What it is made of, as it really is: its folder first, then manifests, what they include, and exports.
    parts: BTreeSet<PathBuf>,
}

/// Reads the accounts in folders.
pub fn members_in(folders: &BTreeSet<PathBuf>) -> Vec<Member> {
    folders.par_iter().map(|folder| Member::read(folder)).collect()
}

impl Member {
    /// Reads the account in a folder; exports are named and not read.
    fn read(folder: &Path) -> Self {
        let gathered = manifest::gather(folder, &Exports::Ignored);
        let account = gathered.account();
        let parts = gathered.made_of().into_iter().chain([folder.to_owned()]).map(|part| real(&part));
        Self {
            folder: folder.to_owned(),
            key: Key::of(folder),
            name: account.map(|account| account.name.value.clone()),
            id: account.and_then(|account| account.id.as_ref()).map(|id| id.value),
            platform: account.map(|account| account.platform.clone()),
            is_whole: account.is_some() && !gathered.is_broken(),
            parts: parts.collect(),
        }
    }

    /// Whether a file lies in its folder, by its path as it is shown.
    pub fn holds(&self, file: &Path) -> bool {
        self.folder == Path::new(".") || file.starts_with(&self.folder)
    }

    /// What it is made of, below the top of the repository, as Git writes paths.
    pub(super) fn parts_below(&self, top: &Path) -> BTreeSet<String> {
        let below = |part: &PathBuf| Some(part.strip_prefix(top).ok()?.to_string_lossy().replace('\\', "/"));
        self.parts.iter().filter_map(below).collect()
    }

    /// Its folder below the top of the repository.
    pub(super) fn folder_below(&self, top: &Path) -> Option<PathBuf> {
        real(&self.folder).strip_prefix(top).ok().map(Path::to_owned)
    }
}

/// The files that are a part of none of the accounts.
pub fn strays<'f>(files: &'f [PathBuf], members: &[Member]) -> Vec<&'f PathBuf> {
    let parts: BTreeSet<&PathBuf> = members.iter().flat_map(|member| &member.parts).collect();
    files.iter().filter(|file| !parts.contains(&real(file))).collect()
}

/// A path as it really is, links followed; of one that is not there, the nearest folder above it is.
fn real(path: &Path) -> PathBuf {
    let there = path.ancestors().find_map(|above| {
        let at = if above.as_os_str().is_empty() { Path::new(".") } else { above };
        Some(at.canonicalize().ok()?.join(path.strip_prefix(above).ok()?))
    });
    // `join` with nothing leaves a separator behind.
    there.map_or_else(|| path.to_owned(), |there| there.components().collect())
}

/// Two folders for one account: each would undo what the other says, and a review of one would be taken for the other's.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} and {} are both the account {what}", .one.display(), .other.display())]
pub struct Twice {
    what: String,
    one: PathBuf,
    other: PathBuf,
}

/// The first account that two folders are for, by name or by number.
pub fn twice(members: &[Member]) -> Option<Twice> {
    let mut seen: BTreeMap<(Option<Service>, String), &Path> = BTreeMap::new();
    members.iter().find_map(|member| {
        let name = member.name.iter().map(|name| (None, format!("`{name}`")));
        let number = member.id.map(|id| (None, format!("with the id {id}")));
        let tenant = match &member.platform {
            Some(Platform::Tenant(service, it)) => {
                Some((Some(*service), format!("with the id {}", it.name.value)))
            }
            _ => None,
        };
        let mut known = name.chain(number).chain(tenant);
        known.find_map(|(service, what)| {
            let one = seen.insert((service, what.clone()), &member.folder)?;
            Some(Twice { what, one: one.to_owned(), other: member.folder.clone() })
        })
    })
}
