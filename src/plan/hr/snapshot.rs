//! The bytes of an HR snapshot: the same set gives the same file.

use std::sync::Arc;

use sha2::{Digest, Sha256};

/// The columns that carry memberships ("Setup Guide: Update Users via CSV").
const HEADER: [&str; 2] = ["user_lookup_id", "group"];

/// The file of a set, and its SHA-256: a header, then a row for every membership, groups and members in the order given.
///
/// # Panics
/// Never: two fields a row, written to memory.
pub fn csv(groups: &[(&str, Vec<String>)]) -> (Arc<[u8]>, [u8; 32]) {
    let rows: usize = groups.iter().map(|(_, members)| members.len()).sum();
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::with_capacity(32 * (rows + 1)));
    let mut write = |row: [&str; 2]| writer.write_record(row).expect("two fields, written to memory");
    write(HEADER);
    for (name, members) in groups {
        for member in members {
            write([member, name]);
        }
    }
    let bytes = writer.into_inner().expect("memory can be flushed");
    let sha256 = Sha256::digest(&bytes).into();
    (bytes.into(), sha256)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_commas_and_quotes_are_quoted() {
        let groups =
            [("R&D, \"London\"", vec!["E1".to_owned(), "E2".to_owned()]), ("Sales", vec!["E1".to_owned()])];
        let (bytes, _) = csv(&groups);
        let text = String::from_utf8_lossy(&bytes);
        assert_eq!(
            text,
            "user_lookup_id,group\nE1,\"R&D, \"\"London\"\"\"\nE2,\"R&D, \"\"London\"\"\"\nE1,Sales\n"
        );
    }
}
