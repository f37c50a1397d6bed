//! Where does a product go: to the terminal, to a pipe, to files?

use std::io::{self, Write};
use std::path::Path;

use crate::cli::args::Outputs;
use crate::cli::context::Context;
use crate::cli::failure::{Failure, FileError};
use crate::cli::files::write_private;

/// Writes to stdout. A reader who has seen enough and closed it (`| head`) is no error: the command goes on to its exit.
pub(crate) fn print(cx: &Context, bytes: &[u8]) -> Result<Heard, Failure> {
    let mut out = cx.stdout();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Ok(()) => Ok(Heard::Yes),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Heard::No),
        Err(error) => Err(FileError::new("standard output", "written", error).into()),
    }
}

/// Whether somebody read what was printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Heard {
    /// As far as can be told.
    Yes,
    /// The reader is gone.
    No,
}

/// A result in the forms that it can be asked for.
pub(crate) trait Product {
    /// For a terminal.
    fn text(&self, out: &mut dyn Write) -> io::Result<()>;
    /// For another program.
    fn json(&self, out: &mut dyn Write) -> io::Result<()>;
    /// For a pull request.
    fn markdown(&self, out: &mut dyn Write) -> io::Result<()>;
}

/// Two formats can't share stdout.
#[derive(Debug, thiserror::Error)]
#[error("--json and --markdown can't both be `-`: there is one stdout")]
struct OneStdout;

impl Outputs {
    /// Refuses what can't be followed, before anything is done.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        if is_stdout(self.json.as_deref()) && is_stdout(self.markdown.as_deref()) {
            return Err(Failure::usage(OneStdout));
        }
        Ok(())
    }

    /// Whether stdout carries text for people.
    pub(crate) fn text_on_stdout(&self) -> bool {
        !is_stdout(self.json.as_deref()) && !is_stdout(self.markdown.as_deref())
    }

    /// Writes a result everywhere it was asked for.
    pub(crate) fn deliver(&self, cx: &Context, product: &dyn Product) -> Result<Heard, Failure> {
        let mut heard = Heard::Yes;
        if self.text_on_stdout() {
            heard = print(cx, &bytes(|out| product.text(out))?)?;
        }
        if let Some(path) = &self.json {
            heard = heard.and(write(cx, path, &bytes(|out| product.json(out))?)?);
        }
        if let Some(path) = &self.markdown {
            heard = heard.and(write(cx, path, &bytes(|out| product.markdown(out))?)?);
        }
        Ok(heard)
    }
}

impl Heard {
    fn and(self, other: Self) -> Self {
        if self == Self::No { self } else { other }
    }
}

/// Writes to a file, or to stdout for `-`.
pub(crate) fn write(cx: &Context, path: &Path, bytes: &[u8]) -> Result<Heard, Failure> {
    if is_stdout(Some(path)) {
        return print(cx, bytes);
    }
    write_private(path, bytes)?;
    Ok(Heard::Yes)
}

/// Collects what a renderer writes.
pub(crate) fn bytes(render: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    // Memory takes every byte; the signature is that of any writer.
    render(&mut bytes).map_err(Failure::error)?;
    Ok(bytes)
}

fn is_stdout(path: Option<&Path>) -> bool {
    path == Some(Path::new("-"))
}
