//! What does `request.v1` look like?

use std::io;

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::{Phrase, Piece};
use crate::plan::{self, Known};
use crate::render::json::document::Origin;
use crate::render::json::harmless::write;
use crate::render::json::lower::Lower;
use crate::render::view::{Detail, Redaction, View};

/// What somebody would ask the people of a learning platform for, so that a group fills itself there.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(title = "Rollcall request, version 1")]
pub(super) struct Document {
    /// The version of this format.
    #[schemars(range(min = 1, max = 1))]
    version: u32,
    /// The account's name in the manifests.
    account: String,
    /// Whether people are pseudonyms here.
    redacted: bool,
    /// The group.
    group: String,
    /// What it is to say of itself; absent if nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// Where it is declared.
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<Origin>,
    /// Who belongs to it, a line each.
    conditions: Vec<Condition>,
    /// Whom the conditions would put in today; absent where what they look at is not seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    members: Option<Vec<Member>>,
    /// Who is a member whatever the conditions say.
    besides: Vec<String>,
    /// Who is no member whatever they say.
    but: Vec<String>,
}

/// One line of conditions.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Condition {
    /// How many lines it stands below: lines with a greater depth behind it are its own.
    depth: usize,
    /// What is asked, or how many of the lines below have to hold.
    text: String,
    /// Whether the platform knows what is looked at; otherwise only manifests say it.
    known: bool,
}

/// Somebody whom the conditions would put in.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Member {
    /// The user.
    who: String,
    /// Why.
    why: String,
}

/// Writes a request as `request.v1`.
pub fn request(
    out: &mut dyn io::Write,
    account: &str,
    request: &plan::Request,
    view: &View<'_>,
) -> io::Result<()> {
    let who = |piece: &Piece| view.piece(piece, Detail::Full).into_owned();
    let said = |phrase: &Phrase| view.phrase(phrase, Detail::Name);
    let document = Document {
        version: 1,
        account: account.to_owned(),
        redacted: view.redaction() != Redaction::Off,
        group: request.group.as_written().to_owned(),
        description: request.description.as_ref().map(ToString::to_string),
        origin: Lower { view }.origin(request.origin),
        conditions: request
            .conditions
            .iter()
            .map(|it| Condition { depth: it.depth, text: said(&it.words), known: it.known == Known::There })
            .collect(),
        members: request.members.as_ref().map(|members| {
            members.iter().map(|(member, why)| Member { who: who(member), why: said(why) }).collect()
        }),
        besides: request.besides.iter().map(who).collect(),
        but: request.but.iter().map(who).collect(),
    };
    write(out, &document)
}
