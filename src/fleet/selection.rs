//! Which accounts does a change concern? Each that has a part among what changed, now or before.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::fleet::key::{Key, shard_of};
use crate::fleet::member::Member;
use crate::model::Platform;

/// What changed since a commit.
#[derive(Debug)]
pub struct Changes<'a> {
    /// The top of the repository as it is.
    pub top: &'a Path,
    /// The top of the commit, laid out.
    pub top_before: &'a Path,
    /// The accounts that it had.
    pub before: &'a [Member],
    /// The files that differ, below the top, as Git writes paths.
    pub paths: &'a BTreeSet<String>,
}

/// Why an account is selected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Because {
    /// It was not there before.
    New,
    /// A part of it is another, and so many more are.
    Changed(String, usize),
    /// Its manifests can't be read in whole: what they are made of is not known.
    Broken,
}

/// An account that is to be planned.
#[derive(Debug, Clone)]
pub struct Selected {
    /// What machines call it.
    pub key: Key,
    /// Its name, where that can be read.
    pub name: Option<Box<str>>,
    /// Where it is kept, where that can be read.
    pub platform: Option<Platform>,
    /// Its folder.
    pub folder: PathBuf,
    /// Why, where changes are asked for.
    pub because: Option<Because>,
}

/// Accounts that one job takes, one after the other.
#[derive(Debug, Clone)]
pub struct Shard<'a> {
    /// Its number, from 0.
    pub number: u16,
    /// The accounts.
    pub accounts: Vec<&'a Selected>,
}

/// The accounts of a repository that are to be planned.
#[derive(Debug, Clone)]
pub struct Selection {
    /// The commit since which something changed, where one is asked for.
    pub since: Option<String>,
    /// The accounts, sorted by folder.
    pub accounts: Vec<Selected>,
    /// How many others there are.
    pub others: usize,
    /// The folders of accounts that are there no more, sorted.
    pub gone: Vec<PathBuf>,
}

impl Selection {
    /// Every account, or those that changes concern.
    pub fn of(members: &[Member], changes: Option<(&str, &Changes<'_>)>) -> Self {
        let concern = changes.map(|(_, changes)| Concern::of(changes));
        let select = |member: &Member| {
            let because = match &concern {
                Some(concern) => Some(concern.with(member)?),
                None => None,
            };
            Some(Selected {
                key: member.key.clone(),
                name: member.name.clone(),
                platform: member.platform.clone(),
                folder: member.folder.clone(),
                because,
            })
        };
        let accounts: Vec<Selected> = members.iter().filter_map(select).collect();
        let others = members.len() - accounts.len();
        let gone = concern.map(|concern| concern.gone(members)).unwrap_or_default();
        Self { since: changes.map(|(since, _)| since.to_owned()), accounts, others, gone }
    }

    /// The accounts in so many parts at most; none of them is empty.
    pub fn shards(&self, count: u16) -> Vec<Shard<'_>> {
        let mut shards: BTreeMap<u16, Vec<&Selected>> = BTreeMap::new();
        for account in &self.accounts {
            shards.entry(shard_of(&account.folder, count)).or_default().push(account);
        }
        shards.into_iter().map(|(number, accounts)| Shard { number, accounts }).collect()
    }
}

/// Changes, with the accounts before them by their folders.
struct Concern<'a> {
    changes: &'a Changes<'a>,
    before: BTreeMap<PathBuf, &'a Member>,
}

impl<'a> Concern<'a> {
    fn of(changes: &'a Changes<'a>) -> Self {
        let folder = |member: &'a Member| Some((member.folder_below(changes.top_before)?, member));
        Self { changes, before: changes.before.iter().filter_map(folder).collect() }
    }

    /// Why changes concern an account, if they do.
    fn with(&self, member: &Member) -> Option<Because> {
        if !member.is_whole {
            return Some(Because::Broken);
        }
        let Changes { top, top_before, paths, .. } = self.changes;
        let Some(before) = self.before.get(&member.folder_below(top)?) else { return Some(Because::New) };
        let (now, before) = (member.parts_below(top), before.parts_below(top_before));
        let parts: BTreeSet<&str> = now.union(&before).map(String::as_str).collect();
        let mut changed = paths.iter().filter(|path| is_of(path, &parts));
        if let Some(first) = changed.next() {
            return Some(Because::Changed(first.clone(), changed.count()));
        }
        // A link that leads elsewhere changes what an account is made of, wherever it stands.
        let mut moved = now.symmetric_difference(&before);
        moved.next().map(|first| Because::Changed(first.clone(), moved.count()))
    }

    /// The folders of accounts that are not there any more.
    fn gone(&self, members: &[Member]) -> Vec<PathBuf> {
        let there: BTreeSet<PathBuf> =
            members.iter().filter_map(|member| member.folder_below(self.changes.top)).collect();
        self.before.keys().filter(|folder| !there.contains(*folder)).cloned().collect()
    }
}

/// Whether a path is a part, lies in one, or has one in it, as a submodule has.
fn is_of(path: &str, parts: &BTreeSet<&str>) -> bool {
    let above = |path: &str| path.rsplit_once('/').map_or("", |(above, _)| above).to_owned();
    let mut at = path.to_owned();
    loop {
        if parts.contains(at.as_str()) {
            return true;
        }
        if at.is_empty() {
            break;
        }
        at = above(&at);
    }
    let inside = format!("{path}/");
    parts.range(inside.as_str()..).next().is_some_and(|part| part.starts_with(&inside))
}
