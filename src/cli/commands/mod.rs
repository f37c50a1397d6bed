//! One file per command.

mod accounts;
mod adopt;
mod apply;
mod ci;
mod completions;
mod explain;
mod export;
mod hr;
mod import;
mod init;
mod list;
mod man;
mod plan;
mod rehearse;
mod request;
mod rollback;
mod sandbox;
mod schema;
mod test;
mod uploads;
mod validate;

use crate::cli::args::{Command, Export, ExportWhat, Hr, HrCommand};
use crate::cli::process::context::Context;
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;

/// Runs a command to its exit.
pub(crate) fn run(cx: &Context, command: Command) -> Result<Exit, Failure> {
    match command {
        Command::Validate(args) => validate::run(cx, &args),
        Command::Plan(args) => plan::run(cx, &args),
        Command::Rehearse(args) => rehearse::run(cx, &args),
        Command::Apply(args) => apply::run(cx, &args),
        Command::Rollback(args) => rollback::run(cx, args),
        Command::Explain(args) => explain::run(cx, &args),
        Command::Request(args) => request::run(cx, &args),
        Command::Test(args) => test::run(cx, &args),
        Command::List(args) => list::run(cx, &args),
        Command::Export(Export { what: ExportWhat::Groups(args) }) => export::groups(cx, &args),
        Command::Export(Export { what: ExportWhat::Users(args) }) => uploads::users(cx, &args),
        Command::Export(Export { what: ExportWhat::Associations(args) }) => uploads::associations(cx, &args),
        Command::Init(args) => init::run(cx, &args),
        Command::Import(args) => import::run(cx, &args),
        Command::Hr(Hr { what: HrCommand::Preview(args) }) => hr::preview(cx, &args),
        Command::Hr(Hr { what: HrCommand::Map(args) }) => hr::map(cx, &args),
        Command::Completions(args) => completions::run(cx, &args),
        Command::Man(args) => man::run(cx, &args),
        Command::Accounts(args) => accounts::run(cx, &args),
        Command::Ci(args) => Ok(ci::run(cx, args.system)),
        Command::Sandbox(args) => sandbox::run(cx, &args),
        Command::Schema(args) => schema::run(cx, &args),
    }
}
