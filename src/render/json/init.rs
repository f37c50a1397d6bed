//! What does `init.v1` look like?

use std::io;

use schemars::JsonSchema;
use serde::Serialize;

use crate::init::Report;
use crate::render::json::harmless::write;
use crate::render::view::{Detail, View};

/// What the start of a repository wrote, and what was there.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(title = "Rollcall init, version 1")]
pub(super) struct Document<'a> {
    /// The version of this format.
    #[schemars(range(min = 1, max = 1))]
    version: u32,
    /// The account's name in the manifests.
    account: &'a str,
    /// The account's number; absent if the manifests don't say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<u64>,
    /// Why they don't, where somebody should know.
    #[serde(skip_serializing_if = "Option::is_none")]
    unnumbered: Option<String>,
    /// The folder.
    folder: &'a str,
    /// The files that were written, sorted by path.
    files: Vec<File<'a>>,
    /// The files that were there and are as they were, sorted by path.
    kept: Vec<Kept<'a>>,
    /// Why no workflows of GitHub are among the files; absent if they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    no_workflows: Option<String>,
}

/// A file that was written.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct File<'a> {
    /// Its path below the folder, with `/`.
    path: &'a str,
    /// What it is for, in a few words.
    purpose: &'static str,
}

/// A file that was there.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Kept<'a> {
    /// Its path below the folder, with `/`.
    path: &'a str,
    /// Lines that it should have, and has not.
    lacks: &'a [&'static str],
}

/// Writes the report of an init as `init.v1`.
pub fn init(out: &mut dyn io::Write, report: &Report, view: &View<'_>) -> io::Result<()> {
    let document = Document {
        version: 1,
        account: &report.account,
        id: report.id,
        unnumbered: report.unnumbered.as_ref().map(|why| view.phrase(why, Detail::Full)),
        folder: &report.folder,
        files: report.written.iter().map(|it| File { path: &it.path, purpose: it.purpose }).collect(),
        kept: report.kept.iter().map(|it| Kept { path: &it.path, lacks: &it.lacks }).collect(),
        no_workflows: report.no_workflows.as_ref().map(|why| view.phrase(why, Detail::Full)),
    };
    write(out, &document)
}
