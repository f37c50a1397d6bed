//! The Admin API: groups, computers, the audit log, and which account this is.

mod audit;
mod read;
mod write;

pub(super) use audit::audit_log;
pub(super) use read::{APP, ListedGroup, account_numbers, computers, group_computers, groups_proved, ping};
pub(super) use write::{change_computers, create_groups, delete_groups, rename_group};
