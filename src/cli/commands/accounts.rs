//! `rollcall accounts`: which accounts of a repository are to be planned?

use crate::cli::args::Accounts;
use crate::cli::process::context::Context;
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::cli::product::output;
use crate::cli::session::fleet::select;
use crate::render::accounts::accounts;
use crate::render::json;

/// Says which.
pub(crate) fn run(cx: &Context, args: &Accounts) -> Result<Exit, Failure> {
    let selection = select(cx, &args.path, args.changed_since.as_deref())?;
    if let Some(path) = &args.json {
        let document = json::accounts_document(&selection, args.shards);
        output::write(cx, path, &output::bytes(|out| json::accounts(out, &document))?)?;
    }
    if !args.json.as_deref().is_some_and(output::is_stdout) {
        output::print(cx, &output::bytes(|out| accounts(out, &selection, cx.table()))?)?;
    }
    Ok(Exit::Done)
}
