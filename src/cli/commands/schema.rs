//! `rollcall schema`: the JSON Schemas of what people write and programs read.

use crate::cli::args::{Document, Schema};
use crate::cli::process::context::Context;
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::cli::product::output;
use crate::manifest;
use crate::render::json;

/// Prints one.
pub(crate) fn run(cx: &Context, args: &Schema) -> Result<Exit, Failure> {
    let schema = match args.document {
        Document::Manifest => format!("{:#}\n", manifest::schema()),
        Document::Plan => json::plan_schema(),
        Document::Report => json::report_schema(),
        Document::Explain => json::explain_schema(),
        Document::Request => json::request_schema(),
        Document::List => json::list_schema(),
        Document::Import => json::import_schema(),
        Document::Rehearsal => json::rehearsal_schema(),
        Document::Test => json::test_schema(),
        Document::Adopt => json::adopt_schema(),
        Document::Init => json::init_schema(),
        Document::Map => json::map_schema(),
        Document::Accounts => json::accounts_schema(),
        Document::Result => json::result_schema(),
    };
    output::print(cx, schema.as_bytes())?;
    Ok(Exit::Done)
}
