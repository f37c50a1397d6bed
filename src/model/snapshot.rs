//! The HR snapshot: one CSV that is the whole truth about every HR-sourced group.

use std::sync::Arc;

use crate::model::id::UserRef;
use crate::model::name::GroupName;

/// An HR-sourced group with its members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HrGroup {
    /// Its name.
    pub name: GroupName,
    /// Its members, sorted.
    pub members: Vec<UserRef>,
}

/// A file to upload, the set it was built from, and the set it makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The exact bytes to send.
    pub csv: Arc<[u8]>,
    /// Their SHA-256.
    pub sha256: [u8; 32],
    /// Every HR-sourced group as it was read, sorted by name: what must still stand right before the upload.
    pub before: Vec<HrGroup>,
    /// Every HR-sourced group as it will be, sorted by name.
    pub after: Vec<HrGroup>,
}

impl Snapshot {
    /// Rows of the file without its header: one for every membership.
    pub fn rows(&self) -> usize {
        rows(&self.after)
    }

    /// The digest in hexadecimal, as `sha256sum` prints it.
    pub fn sha256_hex(&self) -> String {
        hex(&self.sha256)
    }
}

/// Memberships in a set.
pub fn rows(set: &[HrGroup]) -> usize {
    set.iter().map(|group| group.members.len()).sum()
}

/// Bytes in lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(DIGITS[digit as usize]))
        .collect()
}

/// 32 bytes from 64 hexadecimal digits of either case.
pub fn unhex(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; 32];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_is_lower_case_and_two_digits_a_byte() {
        assert_eq!(hex(&[0, 10, 255]), "000aff");
    }

    #[test]
    fn a_digest_reads_back_and_anything_else_is_none() {
        assert_eq!(unhex(&hex(&[171; 32])), Some([171; 32]));
        assert_eq!(unhex(&"AB".repeat(32)), Some([171; 32]));
        assert_eq!(unhex("ab"), None);
        assert_eq!(unhex(&"ä".repeat(32)), None);
    }
}
