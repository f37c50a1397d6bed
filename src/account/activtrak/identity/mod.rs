//! The Identity API: users, their memberships, and global Do Not Track rules.

mod edits;
mod read;
mod wire;
mod write;

pub(super) use edits::{FieldEdits, Terms};
pub(super) use read::{count_members, exclusions, member_ids, peek, record, search, users};
pub(super) use wire::{Records, SeenGroup};
pub(super) use write::{
    Loss, Refusals, Target, add_rules, bulk_edit, bulk_lose, bulk_track, change_members, create, patch,
    remove_rules, take_agent,
};
