//! What does `map.v1` look like?

use std::io;

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::{self, Certainty};
use crate::render::json::harmless::write;

/// A mapping that is proposed for an export.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(title = "Rollcall hr map, version 1")]
pub(super) struct Document<'a> {
    /// The version of this format.
    #[schemars(range(min = 1, max = 1))]
    version: u32,
    /// The file, as it was given.
    file: &'a str,
    /// The line of its header, from 1.
    header: u64,
    /// Rows below it.
    rows: u64,
    /// The name of the source.
    name: &'a str,
    /// What is suggested for the source, in the order of its keys.
    suggestions: Vec<Suggestion<'a>>,
}

/// One thing that is suggested.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Suggestion<'a> {
    /// Keys of the source, as YAML; absent where there is only something to know.
    #[serde(skip_serializing_if = "Option::is_none")]
    yaml: Option<&'a str>,
    /// Whether it is part of the proposal; otherwise somebody has to decide.
    proposed: bool,
    /// Why.
    why: &'a str,
}

/// Writes a proposal as `map.v1`.
pub fn proposal(out: &mut dyn io::Write, proposal: &model::Proposal) -> io::Result<()> {
    let suggestions = proposal.suggestions.iter().map(|it| Suggestion {
        yaml: Some(&*it.yaml).filter(|yaml| !yaml.is_empty()),
        proposed: it.certainty == Certainty::Proposed,
        why: &it.why,
    });
    let document = Document {
        version: 1,
        file: &proposal.file,
        header: proposal.header,
        rows: proposal.rows,
        name: &proposal.name,
        suggestions: suggestions.collect(),
    };
    write(out, &document)
}
