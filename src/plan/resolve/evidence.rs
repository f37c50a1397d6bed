//! By what a declared user is known to be a record: the identifiers they share.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Desired, Key, UserIx};
use crate::plan::resolve::keys::{Directory, declared, releases};
use crate::plan::resolve::temporary::Temporaries;

/// The records a declared user's identifiers lead to, without repetition; one in nearly every case.
#[derive(Debug, Clone, Default)]
pub(in crate::plan) struct Hits {
    /// The first.
    pub(in crate::plan) first: Option<UserIx>,
    /// The others.
    pub(in crate::plan) more: Vec<UserIx>,
}

impl Hits {
    fn add(&mut self, record: UserIx) {
        match self.first {
            None => self.first = Some(record),
            Some(first) if first == record || self.more.contains(&record) => {}
            Some(_) => self.more.push(record),
        }
    }

    /// Every record.
    pub(in crate::plan) fn iter(&self) -> impl Iterator<Item = UserIx> + '_ {
        self.first.into_iter().chain(self.more.iter().copied())
    }
}

/// How much speaks for a pair of entry and record: shared employee IDs first, then shared identifiers of other kinds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::plan) struct Weight {
    employee_ids: usize,
    others: usize,
}

impl Weight {
    /// What a set of shared keys weighs.
    pub(in crate::plan) fn of(keys: &BTreeSet<Key<'_>>) -> Self {
        let employee_ids = keys.iter().filter(|key| matches!(key, Key::EmployeeId(_))).count();
        Self { employee_ids, others: keys.len() - employee_ids }
    }
}

/// What declared users share with records.
pub(in crate::plan) struct Evidence<'d, 'a> {
    desired: &'a Desired,
    observed: &'d Directory<'a>,
    temporaries: &'a Temporaries,
    /// Values that their holder's own entry gives up, with the record: no sign that the one who is to get them is that record.
    handed_on: Vec<(Key<'a>, UserIx)>,
}

impl<'d, 'a> Evidence<'d, 'a> {
    /// Looks which values are handed on.
    pub(in crate::plan) fn new(
        desired: &'a Desired,
        observed: &'d Directory<'a>,
        temporaries: &'a Temporaries,
    ) -> Self {
        let mut evidence = Self { desired, observed, temporaries, handed_on: Vec::new() };
        let releases = desired.users.iter().flat_map(|user| &user.releases);
        let given_up: BTreeSet<Key<'_>> = releases.map(|released| Key::from(&released.value)).collect();
        let givers: Vec<usize> =
            (0..desired.users.len()).filter(|at| !desired.users[*at].releases.is_empty()).collect();
        let mut owned: Vec<BTreeSet<UserIx>> =
            givers.iter().map(|at| evidence.own(*at, |key| !given_up.contains(key))).collect();
        // Who is known by a value that its former holder is known to have handed on already is no longer unknown: from the end of
        // a chain back to its beginning.
        loop {
            evidence.handed_on = evidence.handed_on_by(&givers, &owned);
            let mut found = false;
            for (at, own) in givers.iter().zip(&mut owned).filter(|(_, own)| own.is_empty()) {
                *own = evidence.own(*at, |_| true);
                found |= !own.is_empty();
            }
            if !found {
                return evidence;
            }
        }
    }

    /// The records that share a key with an entry, or hold a temporary of what it gives up while nobody else has its name: on
    /// the way back the temporary is that of the one who gets the value again.
    fn own(&self, at: usize, counts: impl Fn(&Key<'_>) -> bool) -> BTreeSet<UserIx> {
        let user = &self.desired.users[at];
        let name = user.display_name.declared().map(|name| Key::Name(name.value.key()));
        let called = |record: UserIx| {
            let mut owners = name.into_iter().flat_map(|name| self.observed.owners(name)).peekable();
            owners.peek().is_none() || owners.any(|owner| UserIx(owner) == record)
        };
        let gave = self.temporaries.iter();
        let gave = gave.filter(|(record, value)| releases(user, Key::from(*value)) && called(*record));
        let shared = self.shared(at).filter(|(key, _)| counts(key)).map(|(_, record)| record);
        shared.chain(gave.map(|(record, _)| record)).collect()
    }

    /// What entries give up, with the records that may be theirs; sorted.
    fn handed_on_by(&self, givers: &[usize], owned: &[BTreeSet<UserIx>]) -> Vec<(Key<'a>, UserIx)> {
        let mut handed_on = Vec::new();
        for (giver, own) in givers.iter().map(|at| &self.desired.users[*at]).zip(owned) {
            // Whoever can be known by nothing else may be the very record that holds the value.
            let unknown = own.is_empty() && giver.order.is_none();
            let is_giver = |holder: &UserIx| unknown || own.contains(holder);
            for key in giver.releases.iter().map(|released| Key::from(&released.value)) {
                let holders = self.observed.owners(key).map(UserIx).filter(is_giver);
                handed_on.extend(holders.map(|holder| (key, holder)));
            }
        }
        handed_on.sort_unstable();
        handed_on
    }

    /// Every identifier of an entry that a record holds, declared or former, with the record. A former one is known by its
    /// temporary too, whoever has it by now.
    fn shared(&self, at: usize) -> impl Iterator<Item = (Key<'a>, UserIx)> {
        let user = &self.desired.users[at];
        let declared = declared(user).map(|(key, _)| key);
        let former = user.formerly.iter().map(|said| Key::from(&said.value));
        let former = former.filter(move |key| !releases(user, *key));
        let by_temporary = former.clone().flat_map(|key| {
            let standing = self.temporaries.iter().filter(move |(_, value)| Key::from(*value) == key);
            standing.map(move |(ix, _)| (key, ix))
        });
        let held = declared
            .chain(former)
            .flat_map(|key| self.observed.owners(key).map(move |owner| (key, UserIx(owner))));
        held.chain(by_temporary).filter(|pair| self.handed_on.binary_search(pair).is_err())
    }

    /// The records an entry leads to.
    pub(in crate::plan) fn hits(&self, at: usize) -> Hits {
        let mut hits = Hits::default();
        for (_, record) in self.shared(at) {
            hits.add(record);
        }
        hits
    }

    /// What an entry shares with each record it leads to.
    pub(in crate::plan) fn by_record(&self, at: usize) -> BTreeMap<UserIx, BTreeSet<Key<'a>>> {
        let mut shared = BTreeMap::<UserIx, BTreeSet<Key<'a>>>::new();
        for (key, record) in self.shared(at) {
            shared.entry(record).or_default().insert(key);
        }
        shared
    }
}
