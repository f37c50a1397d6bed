//! What an emulated account is made of and saved as: the types of `account.json`.
//!
//! Every member but the ids (and the names of things that are nothing but a name) may be left out; `docs/sandbox.md`
//! shows a whole file. The state of a running sandbox is these values plus look-up tables, so a saved file has no
//! second set of types that could say something else.

mod file;
mod pseudonyms;
mod records;
mod value;

pub use crate::sandbox::file::SeedError;
pub(crate) use records::Part;
pub use records::{
    Account, Agent, AgentId, AuditEntry, AuditId, Computer, ComputerId, Exclusion, Group, GroupId,
    GroupSource, RuleId, Seed, User, UserId, Version,
};
pub use value::{Domain, Login, LoginError, Sourced};
