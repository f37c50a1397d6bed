//! How much may one file hold?

/// The items of one list, and the keys of one mapping: three times as many people as the largest account has.
const ITEMS: usize = 300_000;
/// So many bytes of a manifest are about one value: room is made for as many at once.
const BYTES: usize = 8;

/// How much one file may hold.
pub(super) struct Budget {
    /// Values and keys: the default is enough for 300,000 users, and bounds memory.
    pub(super) nodes: usize,
    /// Items of one list, and keys of one mapping.
    pub(super) items: usize,
    /// Bytes of one text.
    pub(super) text: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { nodes: 6 << 20, items: ITEMS, text: 64 << 10 }
    }
}

impl Budget {
    /// For so many nodes of a file of so many bytes room is made at once.
    pub(super) fn room(&self, bytes: usize) -> usize {
        (bytes / BYTES).min(self.nodes)
    }
}
