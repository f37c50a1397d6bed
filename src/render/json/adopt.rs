//! What does `adopt.v1` look like?

use std::io;

use schemars::JsonSchema;
use serde::Serialize;

use crate::import::{Difference, Revised, Unsaid};
use crate::render::adopt::{Summary, lines, plain};
use crate::render::json::harmless::write;
use crate::render::view::{Detail, Redaction, View};

/// What manifests adopt of an account, and what they leave.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(title = "Rollcall adoption, version 1")]
pub(super) struct Document<'a> {
    /// The version of this format.
    #[schemars(range(min = 1, max = 1))]
    version: u32,
    /// The account's name in the manifests.
    account: &'a str,
    /// Whether people are pseudonyms here; they never are in the manifests.
    redacted: bool,
    /// The folder of manifests.
    folder: &'a str,
    /// Whether the manifests were written.
    written: bool,
    /// Manifests that say something else, sorted by path.
    files: Vec<File<'a>>,
    /// What they adopt.
    adopted: Vec<Adopted<'a>>,
    /// How many entries were added of what no manifest mentioned.
    added: Added,
    /// What is left as it is.
    not_adopted: Vec<Left<'a>>,
    /// What of that which no manifest mentioned can't be said.
    unsaid: Vec<Unwritten>,
}

/// A manifest that says something else.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct File<'a> {
    /// Its path.
    path: &'a str,
    /// Whether it is new.
    new: bool,
    /// Lines that it gains.
    added: usize,
    /// Lines that it loses.
    removed: usize,
    /// A unified diff; absent where people are pseudonyms.
    #[serde(skip_serializing_if = "Option::is_none")]
    diff: Option<String>,
}

/// Entries of each kind.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Added {
    /// Users.
    users: usize,
    /// Groups.
    groups: usize,
    /// Exclusions.
    exclusions: usize,
}

/// Something that manifests adopt.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Adopted<'a> {
    /// What it is, with both sides, in one sentence.
    message: String,
    /// Where it was said before; absent if no line said it.
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<Line<'a>>,
}

/// Something that is left as it is.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Left<'a> {
    /// What it is, with both sides, in one sentence.
    message: String,
    /// Why it is left.
    why: String,
    /// Where it is said; absent if no line says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<Line<'a>>,
}

/// A line of a file.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Line<'a> {
    /// Its path.
    file: &'a str,
    /// The line, from 1.
    line: usize,
}

/// Something that no manifest says.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Unwritten {
    /// What it is, as in `import.v1`.
    kind: &'static str,
    /// What it is and why, in one sentence.
    message: String,
}

/// Writes what was adopted as `adopt.v1`.
pub fn adopt(out: &mut dyn io::Write, summary: &Summary<'_>, view: &View<'_>) -> io::Result<()> {
    let adoption = summary.adoption;
    let [users, groups, exclusions] = adoption.added;
    let is_redacted = view.redaction() != Redaction::Off;
    let file = |file: &'_ Revised| {
        let (added, removed) = lines(file);
        (added, removed, (!is_redacted).then(|| plain(file)))
    };
    let files = adoption.files.iter().map(|it| {
        let (added, removed, diff) = file(it);
        File { path: &it.path, new: it.before.is_none(), added, removed, diff }
    });
    let said = |it: &Difference| view.phrase(&it.what, Detail::Full);
    let adopted = adoption.adopted.iter().map(|it| Adopted { message: said(it), origin: line(it) });
    let left = adoption.left.iter().map(|it| {
        let why = it.why.as_ref().map(|why| view.phrase(why, Detail::Full)).unwrap_or_default();
        Left { message: said(it), why, origin: line(it) }
    });
    let unwritten = |unsaid: &Unsaid| Unwritten {
        kind: unsaid.kind.name(),
        message: view.phrase(&unsaid.sentence, Detail::Full),
    };
    let document = Document {
        version: 1,
        account: &adoption.account,
        redacted: is_redacted,
        folder: summary.folder,
        written: summary.is_written && !adoption.files.is_empty(),
        files: files.collect(),
        adopted: adopted.collect(),
        added: Added { users, groups, exclusions },
        not_adopted: left.collect(),
        unsaid: adoption.unsaid.iter().map(unwritten).collect(),
    };
    write(out, &document)
}

fn line(difference: &Difference) -> Option<Line<'_>> {
    difference.place.as_ref().map(|(file, line)| Line { file, line: *line })
}
