//! How much of the manifests and exports is read?

/// How much is read.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of one file.
    pub file: u64,
    /// Bytes of all files together; [`Sources`](crate::diag::Sources) number at most 4 GiB.
    pub total: u64,
    /// Folders below each other: each is one more look at every file in it.
    pub depth: usize,
    /// Folders that are looked into, and manifests that are read.
    pub files: usize,
    /// Bytes of one HR export.
    pub export: u64,
    /// People whom the exports name and no manifest does: three times as many as the largest account has.
    pub people: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { file: 64 << 20, total: 1 << 30, depth: 64, files: 100_000, export: 512 << 20, people: 300_000 }
    }
}
