//! Look-up tables over slices: they store positions, not keys, and are never iterated.

use std::hash::{BuildHasher, Hash};

use foldhash::fast::FixedState;
use hashbrown::HashTable;

/// Finds positions in a slice by a key that the slice's elements hold.
///
/// The caller says what the key of a position is; building costs no copy of a key. One key may have one position.
#[derive(Debug, Default)]
pub struct Index {
    table: HashTable<(u64, u32)>,
}

impl Index {
    /// An empty index with room for `capacity` keys.
    pub fn with_capacity(capacity: usize) -> Self {
        Self { table: HashTable::with_capacity(capacity) }
    }

    /// The hash by which a key is known: the same in every index and every run.
    pub fn hash<K: Hash + ?Sized>(key: &K) -> u64 {
        FixedState::default().hash_one(key)
    }

    /// Adds `position` under `key`, unless a position `same` as it is there already: that one is answered.
    pub fn insert<K: Hash + ?Sized>(
        &mut self,
        key: &K,
        position: u32,
        same: impl Fn(u32) -> bool,
    ) -> Option<u32> {
        self.insert_hashed(Self::hash(key), position, same)
    }

    /// The same of a key whose hash is known: many can be made on all cores before they are added one by one.
    pub fn insert_hashed(&mut self, hash: u64, position: u32, same: impl Fn(u32) -> bool) -> Option<u32> {
        let equal = |entry: &(u64, u32)| entry.0 == hash && same(entry.1);
        match self.table.entry(hash, equal, |entry| entry.0) {
            hashbrown::hash_table::Entry::Occupied(entry) => Some(entry.get().1),
            hashbrown::hash_table::Entry::Vacant(entry) => {
                entry.insert((hash, position));
                None
            }
        }
    }

    /// The position under `key` for which `same` holds.
    pub fn find<K: Hash + ?Sized>(&self, key: &K, same: impl Fn(u32) -> bool) -> Option<u32> {
        let hash = Self::hash(key);
        self.table.find(hash, |entry| entry.0 == hash && same(entry.1)).map(|entry| entry.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_position_of_a_key_stays() {
        let words = ["b", "a", "b"];
        let mut index = Index::default();
        let mut add = |at: u32| {
            index.insert(words[at as usize], at, |other| words[other as usize] == words[at as usize])
        };
        assert_eq!([add(0), add(1), add(2)], [None, None, Some(0)]);
        assert_eq!(index.find("b", |at| words[at as usize] == "b"), Some(0));
        assert_eq!(index.find("c", |at| words[at as usize] == "c"), None);
    }
}
