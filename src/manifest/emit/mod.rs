//! How does what an account should be become a manifest? The one place that writes manifests.
//!
//! What is written reads back as what it was written from. Only facts are written: dated orders, attributes, exports, and the rules of
//! groups that manifests fill are what people write, and no value of the account stands for them. Of a group that fills itself the rule
//! is a fact.

mod account;
mod entries;
mod policy;
mod rule;
mod written;

use std::fmt::Write;

use rayon::prelude::*;
use serde::Serialize;

use crate::manifest::emit::account::Account;
use crate::manifest::emit::entries::{Exclusion, Group, User};
use crate::manifest::emit::policy::Policy;
use crate::manifest::emit::written::{Written, as_written};
use crate::model::{Desired, DesiredExclusion, DesiredGroup, DesiredUser, is_control, is_hidden};

/// Why a manifest can't be written.
#[derive(Debug, thiserror::Error)]
#[error("the manifest can't be put into YAML")]
pub struct EmitError(#[from] serde_saphyr::ser::Error);

/// A manifest, or a part of one: what is not there is not written.
#[derive(Default, Serialize)]
struct Manifest<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<Account<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<Policy>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    users: Vec<User>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    groups: Vec<Group<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    exclusions: Vec<Exclusion>,
}

/// So many users or exclusions are written at a time: the YAML writer takes more time than all the rest.
const AT_ONCE: usize = 1000;
/// So many groups: one may list thousands of users.
const GROUPS_AT_ONCE: usize = 32;

/// Entries that stand in a manifest of their own.
#[derive(Debug, Clone, Default)]
pub struct Entries<'a> {
    /// Users.
    pub users: Vec<&'a DesiredUser>,
    /// Groups.
    pub groups: Vec<&'a DesiredGroup>,
    /// Exclusions.
    pub exclusions: Vec<&'a DesiredExclusion>,
}

/// Writes a manifest below comments, one for each line of `head`.
///
/// # Errors
/// What the YAML writer refuses.
pub fn emit(head: &[String], desired: &Desired) -> Result<String, EmitError> {
    let manifest = Manifest {
        account: Some(Account::of(&desired.account)),
        policy: Policy::of(&desired.policy),
        users: desired.users.iter().map(User::of).collect(),
        groups: desired.groups.iter().map(Group::of).collect(),
        exclusions: desired.exclusions.iter().map(Exclusion::of).collect(),
    };
    let mut text: String = head.iter().map(|line| comment(line)).collect();
    let body = yaml(&manifest)?;
    // A `String` takes whatever is written to it.
    let _infallible = write!(text, "{}{body}", if text.is_empty() { "" } else { "\n" });
    Ok(text)
}

/// Writes entries into a manifest of their own: beside another that names the account.
///
/// # Errors
/// What the YAML writer refuses.
pub fn emit_entries(entries: &Entries<'_>) -> Result<String, EmitError> {
    let users = entries.users.par_chunks(AT_ONCE).map(|some| {
        yaml(&Manifest { users: some.iter().map(|it| User::of(it)).collect(), ..Manifest::default() })
    });
    let groups = entries.groups.par_chunks(GROUPS_AT_ONCE).map(|some| {
        yaml(&Manifest { groups: some.iter().map(|it| Group::of(it)).collect(), ..Manifest::default() })
    });
    let exclusions = entries.exclusions.par_chunks(AT_ONCE).map(|some| {
        yaml(&Manifest {
            exclusions: some.iter().map(|it| Exclusion::of(it)).collect(),
            ..Manifest::default()
        })
    });
    let lists: [Vec<String>; 3] = [
        users.collect::<Result<_, _>>()?,
        groups.collect::<Result<_, _>>()?,
        exclusions.collect::<Result<_, _>>()?,
    ];
    let texts: Vec<&str> = lists.iter().flat_map(|parts| joined(parts)).collect();
    Ok(texts.concat())
}

/// The parts of one list, each with the key above it, under the key of the first.
fn joined(parts: &[String]) -> impl Iterator<Item = &str> {
    let rest = parts.iter().skip(1).filter_map(|part| part.split_once('\n')).map(|(_, entries)| entries);
    parts.first().map(String::as_str).into_iter().chain(rest)
}

/// Entries of groups as they stand below `groups:`, line by line, for who takes them in by hand.
///
/// # Errors
/// What the YAML writer refuses.
pub fn emit_groups(groups: &[DesiredGroup]) -> Result<Vec<String>, EmitError> {
    let entries = Manifest { groups: groups.iter().map(Group::of).collect(), ..Manifest::default() };
    if entries.groups.is_empty() {
        return Ok(Vec::new());
    }
    Ok(yaml(&entries)?.lines().skip(1).map(str::to_owned).collect())
}

/// What a text is, for how it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Text {
    /// An identifier or a login.
    Identifier,
    /// A name of a user or group.
    Name,
}

/// One text, as it stands on a line of its own.
///
/// # Errors
/// What the YAML writer refuses.
pub(super) fn emit_text(text: &str, kind: Text) -> Result<String, EmitError> {
    let text = match kind {
        Text::Identifier => Written::of(&text),
        Text::Name => Written::name(text),
    };
    let item = yaml(&[text])?;
    Ok(item.strip_prefix("- ").unwrap_or(&item).trim_end().to_owned())
}

fn yaml(it: &impl Serialize) -> Result<String, EmitError> {
    let options = serde_saphyr::ser_options! { prefer_block_scalars: false, compact_list_indent: false };
    Ok(as_written(&serde_saphyr::to_string_with_options(it, options)?))
}

/// One line, whatever is in it: what an account calls a user must not end a comment, nor deceive its reader.
fn comment(line: &str) -> String {
    let shown = |c: char| if is_hidden(c) { c.escape_unicode().to_string() } else { c.to_string() };
    let line: String = line.chars().map(|c| if is_control(c) { ' '.to_string() } else { shown(c) }).collect();
    format!("{}\n", format!("# {line}").trim_end())
}

#[cfg(test)]
mod tests;
