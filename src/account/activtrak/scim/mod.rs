//! SCIM: the public API for identity providers (developer portal, "SCIM"). It shows users by fewer facts than the Users page,
//! has no revisions, and can change no group that no identity provider made.

mod list;
mod operations;
mod read;
mod wire;
mod write;

pub(super) use operations::Operations;
pub(super) use read::{group, group_members, groups, holders, ping, record, users};
pub(super) use wire::ScimGroup;
pub(super) use write::{create, create_group, patch, patch_group};
