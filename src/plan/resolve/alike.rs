//! Who holds almost what an entry says? Two texts that are not equal, but clash: to be asked, never to be taken for one.

use std::borrow::Cow;

use rayon::prelude::*;

use crate::model::{Desired, DesiredUser, Domain, Index, Key, Observed, UserIx, fold_fully, wide};
use crate::plan::resolve::evidence::Hits;
use crate::plan::resolve::keys::{Directory, declared, held};

/// An entry says one text, and a record has another that looks like it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::plan) struct Alike<'a> {
    /// Position of the entry.
    pub(in crate::plan) entry: u32,
    /// What it says.
    pub(in crate::plan) said: Key<'a>,
    /// What the record has.
    pub(in crate::plan) held: Key<'a>,
    /// The record.
    pub(in crate::plan) record: UserIx,
}

impl Alike<'_> {
    /// Whether the account may take the two for one: it holds addresses, logins and names unique, whatever their case.
    pub(in crate::plan) fn may_be_one(&self) -> bool {
        may_be_one(self.said, self.held)
    }
}

/// Whether the account may take two texts for one.
pub(in crate::plan) fn may_be_one(said: Key<'_>, held: Key<'_>) -> bool {
    match (said, held) {
        (Key::Address(said), Key::Address(held)) | (Key::Name(said), Key::Name(held)) => {
            fold_fully(said) == fold_fully(held)
        }
        (Key::Login(said), Key::Login(held)) => {
            let folded = |login: &crate::model::Login| fold_fully(&login.to_string()).into_owned();
            folded(said) == folded(held)
        }
        _ => false,
    }
}

/// What every entry says that no record has, but some record almost: sorted by entry.
pub(in crate::plan) fn alike<'a>(
    desired: &'a Desired,
    observed: &'a Observed,
    directory: &Directory<'a>,
    hits: &[Hits],
) -> Vec<Alike<'a>> {
    let unknown = |(at, (user, hits)): (u32, (&'a DesiredUser, &Hits))| {
        let own = hits.first.map(|record| observed.user(record));
        let is_own = |key: Key<'_>| {
            own.is_some_and(|record| {
            held(record).any(|held| held == key)
                || matches!(key, Key::Name(name) if record.display_name.as_ref().is_some_and(|it| it.key() == name))
        })
        };
        let keys = declared_keys(user).filter(move |key| !is_own(*key) && directory.owner(*key).is_none());
        keys.map(move |key| (at, key)).collect::<Vec<_>>()
    };
    let entries: Vec<(u32, (&DesiredUser, &Hits))> = (0u32..).zip(desired.users.iter().zip(hits)).collect();
    let asked: Vec<(u32, Key<'a>)> = entries.into_par_iter().flat_map_iter(unknown).collect();
    if asked.is_empty() {
        return Vec::new();
    }
    let table = Table::new(&asked);
    let mut found: Vec<Alike<'a>> = directory
        .entries()
        .par_iter()
        .flat_map_iter(|(held, owner)| {
            let asked = table.find(*held);
            asked.map(|(entry, said)| Alike { entry, said, held: *held, record: UserIx(*owner) })
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Every text of an entry that tells who it is.
pub(super) fn declared_keys(user: &DesiredUser) -> impl Iterator<Item = Key<'_>> {
    let former = user.formerly.iter().map(|said| Key::from(&said.value));
    let name = user.display_name.declared().map(|name| Key::Name(name.value.key()));
    declared(user).map(|(key, _)| key).chain(former).chain(name)
}

/// A key in the form in which keys clash.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Wide<'a> {
    Address(Cow<'a, str>),
    EmployeeId(Cow<'a, str>),
    Login(Option<Cow<'a, str>>, Cow<'a, str>),
    Name(Cow<'a, str>),
}

impl<'a> From<Key<'a>> for Wide<'a> {
    fn from(key: Key<'a>) -> Self {
        match key {
            Key::Address(text) => Self::Address(wide(text)),
            Key::EmployeeId(text) => Self::EmployeeId(wide(text)),
            Key::Name(text) => Self::Name(wide(text)),
            Key::Login(login) => {
                let domain = match &login.domain {
                    Domain::Any => None,
                    Domain::Named(domain) => Some(wide(domain.key())),
                };
                Self::Login(domain, wide(login.user.key()))
            }
        }
    }
}

/// What is asked for, by its wide form.
struct Table<'q, 'a> {
    asked: Vec<(Wide<'a>, &'q (u32, Key<'a>))>,
    index: Index,
}

impl<'q, 'a> Table<'q, 'a> {
    fn new(asked: &'q [(u32, Key<'a>)]) -> Self {
        let mut asked: Vec<_> = asked.par_iter().map(|one| (Wide::from(one.1), one)).collect();
        asked.par_sort_unstable();
        let mut index = Index::with_capacity(asked.len());
        for (at, (form, _)) in (0..).zip(&asked) {
            index.insert(form, at, |other| asked[other as usize].0 == *form);
        }
        Self { asked, index }
    }

    /// Who says what looks like a key of the account, but is not it.
    fn find(&self, held: Key<'a>) -> impl Iterator<Item = (u32, Key<'a>)> {
        let form = Wide::from(held);
        let first = self.index.find(&form, |at| self.asked[at as usize].0 == form);
        let from = first.map_or(self.asked.len(), |at| at as usize);
        let of_form = self.asked[from..].iter().take_while(move |(other, _)| *other == form);
        of_form.map(|(_, one)| **one).filter(move |(_, said)| *said != held)
    }
}
