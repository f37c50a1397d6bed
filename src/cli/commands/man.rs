//! `rollcall man`: the manual pages, made of the definitions that the help is made of.

use std::io;

use clap_mangen::Man as Page;

use crate::cli::args::{Man, definition};
use crate::cli::process::context::Context;
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::cli::product::output;
use crate::run::FileError;

/// There is no such command.
#[derive(Debug, thiserror::Error)]
#[error("there is no command {0:?}")]
struct NoCommand(String);

/// Prints one page, or writes all of them.
pub(crate) fn run(cx: &Context, args: &Man) -> Result<Exit, Failure> {
    let mut root = definition().disable_help_subcommand(true);
    root.build();
    if let Some(folder) = &args.out {
        let failed = |error| FileError::new(folder, "written", error);
        std::fs::create_dir_all(folder).map_err(failed)?;
        clap_mangen::generate_to(root, folder).map_err(failed)?;
        return Ok(Exit::Done);
    }
    let mut command = &root;
    for name in &args.command {
        let below = command.get_subcommands().find(|below| below.get_name() == name);
        command = below.ok_or_else(|| Failure::usage(NoCommand(name.clone())))?;
    }
    let page = output::bytes(|out| render(command.clone(), out))?;
    output::print(cx, &page)?;
    Ok(Exit::Done)
}

fn render(command: clap::Command, out: &mut dyn io::Write) -> io::Result<()> {
    let mut bytes = Vec::new();
    Page::new(command).render(&mut bytes)?;
    out.write_all(&bytes)
}
