//! The Admin API: groups, computers, and which account this is.

mod read;

pub(super) use read::{ListedGroup, account_numbers, computers, group_computers, groups, groups_proved};
