//! The Admin API: groups, computers, and which account this is.

mod read;
mod write;

pub(super) use read::{APP, ListedGroup, account_numbers, computers, group_computers, groups_proved, ping};
pub(super) use write::{change_computers, create_groups, delete_groups, rename_group};
