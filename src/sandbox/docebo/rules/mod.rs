//! What may be done to the tenant and what follows from it: pure, no HTTP, one file per noun.

mod batch;
mod encoding;
mod find;
mod groups;
mod matching;
mod members;
mod opening;
mod recompute;
mod refusal;
mod ruleset;
mod users;

pub(crate) use batch::{BatchOptions, Row, Update};
pub(crate) use encoding::{Encoding, decode, encode};
pub(crate) use find::{GroupKey, Order, Reach, UserKey};
pub(crate) use groups::GroupDraft;
pub(crate) use members::Whom;
pub(crate) use opening::opened;
pub(crate) use refusal::Refusal;
pub(crate) use users::{NewUser, Status, Wrong};

#[cfg(test)]
pub(crate) mod testing {
    //! Tenants for the tables of the rules.

    use jiff::Timestamp;

    use crate::sandbox::docebo::rules::opened;
    use crate::sandbox::docebo::state::Tenant;

    /// The moment at which the tests write.
    pub(crate) const NOW: Timestamp = Timestamp::constant(1_780_000_000, 0);

    /// Opens a tenant of these members.
    #[track_caller]
    pub(crate) fn tenant(members: &str) -> Tenant {
        let text = format!("{{\"version\":1,\"platform\":\"docebo\",\"tenant\":\"acme\",{members}}}");
        let seed = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
        opened(seed).unwrap_or_else(|error| panic!("{text}: {error}"))
    }
}
