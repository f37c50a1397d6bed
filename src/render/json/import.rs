//! What does `import.v1` look like?

use std::io;

use schemars::JsonSchema;
use serde::Serialize;

use crate::import::{self, Report, Unsaid};
use crate::render::json::harmless::write;
use crate::render::view::{Detail, Redaction, View};

/// What an import read, wrote, and could not say.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(title = "Rollcall import, version 1")]
pub(super) struct Document<'a> {
    /// The version of this format.
    #[schemars(range(min = 1, max = 1))]
    version: u32,
    /// The account's name in the manifests.
    account: &'a str,
    /// The account's number; absent if it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<u64>,
    /// Whether people are pseudonyms here; they never are in the manifests.
    redacted: bool,
    /// The group download that it was made of; absent if the account was read. Users are then agents.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<&'a str>,
    /// SHA-256 of the reading: equal if and only if the account was.
    reading: &'a str,
    /// How much was read.
    read: Read,
    /// The folder that was written.
    folder: &'a str,
    /// The files in it, sorted by path.
    files: Vec<File<'a>>,
    /// What the manifests don't say of the account.
    unsaid: Vec<Left>,
}

/// How much of an account was read.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Read {
    /// Users.
    users: usize,
    /// Groups of every source.
    groups: usize,
    /// Global Do Not Track rules.
    exclusions: usize,
    /// Computers.
    computers: usize,
}

/// A file that was written.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct File<'a> {
    /// Its path below the folder, with `/`.
    path: &'a str,
    /// Entries of users.
    users: usize,
    /// Entries of groups.
    groups: usize,
    /// Entries of exclusions.
    exclusions: usize,
}

/// Something that the manifests don't say.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Left {
    /// What it is: `account`, `hidden`, `user`, `display-name`, `identifiers`, `tracking`, `group`, `member`, `computers`,
    /// `exclusion`, `primary-groups`, `automatic-emails`, `agents`,
    /// `members-by-login` or `in-no-group`.
    kind: &'static str,
    /// What it is and why, in one sentence.
    message: String,
}

/// Writes the report of an import as `import.v1`.
pub fn import(out: &mut dyn io::Write, report: &Report, view: &View<'_>) -> io::Result<()> {
    let import::Read { users, groups, exclusions, computers } = report.read;
    let files = report.files.iter().map(|written| {
        let [users, groups, exclusions] = written.entries;
        File { path: &written.path, users, groups, exclusions }
    });
    let left = |unsaid: &Unsaid| Left {
        kind: unsaid.kind.name(),
        message: view.phrase(&unsaid.sentence, Detail::Full),
    };
    let document = Document {
        version: 1,
        account: &report.account,
        id: report.id,
        redacted: view.redaction() == Redaction::On,
        from: report.from.as_deref(),
        reading: &report.reading,
        read: Read { users, groups, exclusions, computers },
        folder: &report.folder,
        files: files.collect(),
        unsaid: report.unsaid.iter().map(left).collect(),
    };
    write(out, &document)
}
