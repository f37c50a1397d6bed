//! Which number has what is known by something else: a group by its UUID, and on a list everybody by a name?

use sha2::{Digest, Sha256};

use crate::model::GroupId;

/// Bits of a number that every reader of JSON keeps exactly.
const BITS: u32 = 53;

/// The first 53 bits of a UUID; none where it is no UUID.
pub(super) fn of(uuid: &str) -> Option<GroupId> {
    let digits: String = uuid.chars().filter(|it| *it != '-').collect();
    let is_uuid = digits.len() == 32 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let whole = u128::from_str_radix(&digits, 16).ok().filter(|_| is_uuid)?;
    u64::try_from(whole >> (u128::BITS - BITS)).ok().map(GroupId)
}

/// The number of what has none: the same for the same text on every list, and hardly ever that of another.
pub(super) fn of_text(text: &str) -> u64 {
    let digest = Sha256::digest(text);
    let first = digest.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes));
    first >> (u64::BITS - BITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_made_of_a_text_is_exact_in_json_and_stays() {
        assert_eq!(of_text("ada@acme.example"), of_text("ada@acme.example"));
        assert_ne!(of_text("ada@acme.example"), of_text("bob@acme.example"));
        assert!((0..1000).all(|n| of_text(&n.to_string()) < 1 << BITS));
    }

    #[test]
    fn a_number_is_the_beginning_of_the_uuid_whatever_its_case() {
        let number = of("0b7a3c1e-5d2f-4a6b-8c9d-0e1f2a3b4c5d");
        assert_eq!(number, Some(GroupId(0x000b_7a3c_1e5d_2f4a >> 3)));
        assert_eq!(number, of("0B7A3C1E5D2F4A6B8C9D0E1F2A3B4C5D"));
        assert_eq!(of("ffffffff-ffff-ffff-ffff-ffffffffffff"), Some(GroupId((1 << 53) - 1)));
        for none in ["", "17", "0b7a3c1e-5d2f-4a6b-8c9d-0e1f2a3b4c5", "0b7a3c1e-5d2f-4a6b-8c9d-0e1f2a3b4c5g"]
        {
            assert_eq!(of(none), None, "{none}");
        }
    }
}
