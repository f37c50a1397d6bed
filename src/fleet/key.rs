//! What is an account called where only plain letters may stand: in names of artifacts, files and groups of jobs?

use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::model::hex;

/// So many letters of a folder's name are in a key.
const LETTERS: usize = 40;

/// What an account is called by machines: small letters, digits and hyphens, another for every folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(String);

impl Key {
    /// That of the account in a folder: the folder's name, as far as it is plain, and what tells its path from every other.
    pub fn of(folder: &Path) -> Self {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
        let name: String = name.chars().take(LETTERS).map(plain).collect();
        let name = Some(name.trim_matches('-')).filter(|name| !name.is_empty()).unwrap_or("account");
        Self(format!("{name}-{}", hex(&print(folder)[..4])))
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Into which of so many parts the account in a folder falls: always the same one, whichever others there are.
pub fn shard_of(folder: &Path, shards: u16) -> u16 {
    let [.., high, low] = print(folder);
    u16::from_be_bytes([high, low]) % shards.max(1)
}

/// What tells the path of a folder from every other.
fn print(folder: &Path) -> [u8; 32] {
    Sha256::digest(folder.to_string_lossy().replace('\\', "/")).into()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_key_reads_like_its_folder_and_is_another_for_every_folder() {
        let of = |path: &str| Key::of(Path::new(path)).as_str().to_owned();
        assert!(of("accounts/Acme Ltd.").starts_with("acme-ltd-"), "{}", of("accounts/Acme Ltd."));
        assert!(of(".").starts_with("account-"), "{}", of("."));
        let all: BTreeSet<String> =
            ["a/x", "b/x", "b/X", "b/x-", "b/ü", "b/ö", ".", "b"].into_iter().map(of).collect();
        assert_eq!(all.len(), 8, "{all:?}");
    }

    #[test]
    fn shards_are_of_about_one_size() {
        let mut sizes = [0; 8];
        for at in 0..800 {
            sizes[usize::from(shard_of(Path::new(&format!("accounts/a{at}")), 8))] += 1;
        }
        assert!(sizes.iter().all(|size| (60..=140).contains(size)), "{sizes:?}");
    }

    proptest! {
        #[test]
        fn whatever_a_folder_is_called_its_key_is_plain(name in "(\\PC|[\u{0}-\u{1f}/\\\\:*?\"<>|]){0,60}") {
            let key = Key::of(Path::new(&name));
            prop_assert!(key.as_str().len() <= LETTERS + 9, "{:?}", key);
            prop_assert!(
                key.as_str().bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
                "{:?}",
                key
            );
            prop_assert!(!key.as_str().starts_with('-'), "{:?}", key);
        }
    }
}
