//! Which of many accounts are to be planned? A list for a matrix of jobs, of those that something changed of.

use crate::cli::commands::ci::job::Job;
use crate::cli::commands::ci::outcome::Outcome;
use crate::cli::commands::ci::result;
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::cli::product::output;
use crate::cli::session::fleet::select;
use crate::render::accounts::accounts;
use crate::render::{Colour, TableForm, code_block, json};

/// So many jobs a matrix can have.
const MATRIX: usize = 256;

/// Lists them.
pub(super) fn run(job: &Job<'_>, outcome: &mut Outcome, since: Option<&str>) -> Result<Exit, Failure> {
    let selection = select(job.cx, job.path(), since)?;
    let document = json::accounts_document(&selection, job.inputs.shards);
    if let Some(file) = &job.inputs.report {
        result::put(file, &output::bytes(|out| json::accounts(out, &document))?)?;
    }
    let listed = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).trim_end().to_owned();
    outcome.set("accounts", listed(output::bytes(|out| json::value(out, &document.accounts))?));
    outcome.set("shards", listed(output::bytes(|out| json::value(out, &document.shards))?));
    let text = output::bytes(|out| accounts(out, &selection, TableForm::Columns(None, Colour::Plain)))?;
    outcome.summary =
        format!("### Rollcall: accounts\n\n{}", code_block("text", &String::from_utf8_lossy(&text)));
    output::print(job.cx, &text)?;
    if document.accounts.len() > MATRIX && job.inputs.shards.is_none() {
        let message = format!(
            "{} accounts are more than the {MATRIX} jobs that a matrix can have: say `shards: 1` to `{MATRIX}`, and make it of \
             the output `shards`",
            document.accounts.len()
        );
        outcome.warn(job.cx, "Too many accounts for one matrix", message);
    }
    Ok(Exit::Done)
}
