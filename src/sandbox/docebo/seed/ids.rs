//! What are users, fields, branches, courses and groups known by?

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Defines the number of one kind of record; numbers of different kinds do not mix.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

ids! {
    /// A user: `user_id`, in other services `idst` or `id_user`.
    UserId;
    /// An additional field of users.
    FieldId;
    /// An option of a field that has some.
    ChoiceId;
    /// A branch of the organisation chart.
    BranchId;
    /// A course.
    CourseId;
}

/// What a group, and a user in newer services, is known by; empty where a file does not say it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Uuid(pub String);

impl fmt::Display for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Uuid {
    /// The one that follows from what it is of, and from a number.
    pub(crate) fn of(kind: &str, number: u64) -> Uuid {
        let hash = Sha256::new().chain_update(kind).chain_update(number.to_le_bytes()).finalize();
        let digits = hash.iter().fold(String::new(), |digits, byte| format!("{digits}{byte:02x}"));
        let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
        // Version 4, variant 10, as those are that a tenant makes.
        Uuid(format!("{}-{}-4{}-a{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32)))
    }

    /// Whether there is none.
    pub(crate) fn is_unsaid(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it can stand in a path.
    pub(crate) fn is_plain(&self) -> bool {
        !self.is_unsaid() && self.0.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_made_uuid_is_the_same_every_time_and_looks_like_one() {
        let uuid = Uuid::of("user", 7);
        assert_eq!(uuid, Uuid::of("user", 7));
        assert_ne!(uuid, Uuid::of("group", 7));
        let lengths: Vec<usize> = uuid.0.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12], "{uuid}");
        assert!(uuid.is_plain());
    }
}
