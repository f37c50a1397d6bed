//! Who is who where entries and records are not one to one: the two that are best for each other belong together.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Key, UserIx};
use crate::plan::resolve::evidence::{Evidence, Weight};

/// What speaks for each pair of a contested entry and a record.
pub(in crate::plan) struct Contest<'a> {
    /// By entry: the records it leads to, and by what.
    pub(in crate::plan) by_entry: BTreeMap<u32, BTreeMap<UserIx, BTreeSet<Key<'a>>>>,
    /// By record: the entries that lead to it.
    pub(in crate::plan) by_record: BTreeMap<UserIx, BTreeSet<u32>>,
    /// Who turned out to be whom.
    pub(in crate::plan) entry_of: BTreeMap<UserIx, u32>,
}

/// What became of a contested entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plan) enum Verdict {
    /// It is this record.
    Is(UserIx),
    /// It is one record, and another that is nobody else's has an identifier of it too: two records for one human.
    Double,
    /// All it leads to is other users'.
    Others,
    /// As much speaks for one pair as for another.
    Tie,
}

impl<'a> Contest<'a> {
    /// Matches entries with records, pair by pair: whoever is strictly best for each other, among those that are left.
    pub(in crate::plan) fn new(evidence: &Evidence<'_, 'a>, contested: &[u32]) -> Self {
        let by_entry: BTreeMap<u32, _> =
            contested.iter().map(|at| (*at, evidence.by_record(*at as usize))).collect();
        let mut by_record = BTreeMap::<UserIx, BTreeSet<u32>>::new();
        let mut open_entries = BTreeMap::<u32, BTreeMap<UserIx, Weight>>::new();
        let mut open_records = BTreeMap::<UserIx, BTreeMap<u32, Weight>>::new();
        for (at, records) in &by_entry {
            for (record, keys) in records {
                let weight = Weight::of(keys);
                by_record.entry(*record).or_default().insert(*at);
                open_entries.entry(*at).or_default().insert(*record, weight);
                open_records.entry(*record).or_default().insert(*at, weight);
            }
        }
        let mut entry_of = BTreeMap::new();
        loop {
            let mutual = |(at, records): (&u32, &BTreeMap<UserIx, Weight>)| {
                let record = best(records)?;
                (best(open_records.get(&record)?)? == *at).then_some((*at, record))
            };
            let pairs: Vec<(u32, UserIx)> = open_entries.iter().filter_map(mutual).collect();
            if pairs.is_empty() {
                return Self { by_entry, by_record, entry_of };
            }
            for (at, record) in pairs {
                entry_of.insert(record, at);
                for other in open_entries.remove(&at).into_iter().flat_map(BTreeMap::into_keys) {
                    open_records.get_mut(&other).and_then(|entries| entries.remove(&at));
                }
                for other in open_records.remove(&record).into_iter().flat_map(BTreeMap::into_keys) {
                    open_entries.get_mut(&other).and_then(|records| records.remove(&record));
                }
            }
        }
    }

    /// What became of an entry.
    pub(in crate::plan) fn verdict(&self, at: u32) -> Verdict {
        let records = || self.by_entry.get(&at).into_iter().flat_map(BTreeMap::keys).copied();
        let free = |record: &UserIx| !self.entry_of.contains_key(record);
        let own = records().find(|record| self.entry_of.get(record) == Some(&at));
        match (own, records().any(|record| free(&record))) {
            (Some(record), false) => Verdict::Is(record),
            (Some(_), true) => Verdict::Double,
            (None, false) => Verdict::Others,
            (None, true) => Verdict::Tie,
        }
    }
}

/// The one that more speaks for than for any other.
fn best<K: Copy>(weights: &BTreeMap<K, Weight>) -> Option<K> {
    let most = weights.values().max()?;
    let mut heaviest = weights.iter().filter(|(_, weight)| *weight == most);
    let first = heaviest.next()?;
    heaviest.next().is_none().then_some(*first.0)
}
