//! Where does a product go: to the terminal, to a pipe, to files?

use std::io::{self, Write};
use std::path::Path;

use crate::cli::args::Outputs;
use crate::cli::process::context::Context;
use crate::cli::process::failure::Failure;
use crate::cli::product::display::PlanDisplay;
use crate::render::{is_harmless, through};
use crate::run::{FileError, write_private};

/// Writes to stdout. A reader who has seen enough and closed it (`| head`) is no error: the command goes on to its exit.
pub(crate) fn print(cx: &Context, bytes: &[u8]) -> Result<Heard, Failure> {
    stream(cx, |out| out.write_all(bytes))
}

/// Writes to stdout as it comes: for what may be long.
pub(crate) fn stream(
    cx: &Context,
    render: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<Heard, Failure> {
    written(cx.stdout(), render)
}

/// A file that must not be changed, and that commands whoever shows it.
#[derive(Debug, thiserror::Error)]
#[error(
    "the file is not printed: it holds what a terminal or a CI runner obeys, and not a byte of it may change"
)]
struct Acts;

/// Writes a file to stdout, byte for byte: where the door would change it, only into another file. `kept` is where it is already.
pub(crate) fn copy(cx: &Context, bytes: &[u8], kept: Option<&Path>) -> Result<(), Failure> {
    match kept {
        None if acts(bytes) => {
            Err(Failure::error(Acts).hint("add --out-snapshot FILE, or send the output to a file"))
        }
        Some(_) if acts(bytes) => {
            cx.warn(Acts);
            Ok(())
        }
        _ => written(Context::exact_stdout(), |out| out.write_all(bytes)).map(drop),
    }
}

/// Whether whoever sees stdout would obey what is printed to it.
fn acts(bytes: &[u8]) -> bool {
    !is_file() && !is_harmless(bytes)
}

/// Whether stdout is a file, which obeys nothing.
#[cfg(unix)]
fn is_file() -> bool {
    use rustix::fs::{FileType, fstat};
    fstat(rustix::stdio::stdout()).is_ok_and(|out| FileType::from_raw_mode(out.st_mode).is_file())
}

/// Whether stdout is a file: nothing tells here.
#[cfg(not(unix))]
fn is_file() -> bool {
    false
}

fn written(
    mut out: impl Write,
    render: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<Heard, Failure> {
    match render(&mut out).and_then(|()| out.flush()) {
        Ok(()) => Ok(Heard::Yes),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Heard::No),
        Err(error) => Err(FileError::new("standard output", "written", error).into()),
    }
}

/// Whether stdout was closed (`>&-`). The standard library puts `/dev/null` in its place, open for reading too; who sends the output
/// there with `>` opens it for writing only.
#[cfg(unix)]
pub(crate) fn is_closed() -> bool {
    use rustix::fs::{OFlags, fcntl_getfl, fstat, stat};
    let out = rustix::stdio::stdout();
    let is_null = match (fstat(out), stat("/dev/null")) {
        (Ok(out), Ok(null)) => out.st_rdev == null.st_rdev && out.st_ino == null.st_ino,
        _ => false,
    };
    is_null && fcntl_getfl(out).is_ok_and(|flags| flags & OFlags::RWMODE == OFlags::RDWR)
}

/// Whether stdout was closed: nothing tells here.
#[cfg(not(unix))]
pub(crate) fn is_closed() -> bool {
    false
}

/// Whether somebody read what was printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Heard {
    /// As far as can be told.
    Yes,
    /// The reader is gone.
    No,
}

/// Two formats can't share stdout.
#[derive(Debug, thiserror::Error)]
#[error("only one of the files can be `-`: there is one stdout")]
struct OneStdout;

impl Outputs {
    /// Refuses what can't be followed, before anything is done.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        one_stdout(self.all())
    }

    /// Writes a plan everywhere it was asked for.
    pub(crate) fn deliver(&self, cx: &Context, shown: &PlanDisplay<'_>) -> Result<(), Failure> {
        if !self.all().into_iter().any(goes_to_stdout) {
            print(cx, &bytes(|out| shown.text(out))?)?;
        }
        if let Some(path) = &self.json {
            write(cx, path, &bytes(|out| shown.json(out))?)?;
        }
        if let Some(path) = &self.markdown {
            write(cx, path, &bytes(|out| shown.markdown(out))?)?;
        }
        if let Some(path) = &self.html {
            write(cx, path, &bytes(|out| shown.html(out))?)?;
        }
        Ok(())
    }

    fn all(&self) -> [Option<&Path>; 3] {
        [self.json.as_deref(), self.markdown.as_deref(), self.html.as_deref()]
    }
}

/// Refuses two formats on one stdout.
pub(crate) fn one_stdout<const N: usize>(files: [Option<&Path>; N]) -> Result<(), Failure> {
    let there = files.into_iter().filter(|file| goes_to_stdout(*file)).count();
    if there > 1 { Err(Failure::usage(OneStdout)) } else { Ok(()) }
}

/// Whether a format goes to stdout, in place of the text.
pub(crate) fn goes_to_stdout(file: Option<&Path>) -> bool {
    file.is_some_and(is_stdout)
}

/// Writes to a file, or to stdout for `-`. A file may be printed by whoever has it, so it leaves through the door too.
pub(crate) fn write(cx: &Context, path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    if is_stdout(path) {
        return print(cx, bytes).map(drop);
    }
    Ok(write_private(path, &through(bytes))?)
}

/// Collects what a renderer writes.
pub(crate) fn bytes(render: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    // Memory takes every byte; the signature is that of any writer.
    render(&mut bytes).map_err(Failure::error)?;
    Ok(bytes)
}

/// Whether a path on the command line means stdout.
pub(crate) fn is_stdout(path: &Path) -> bool {
    path == Path::new("-")
}
