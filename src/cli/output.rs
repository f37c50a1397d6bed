//! Where does a product go: to stdout, or to a file?

use std::io::{self, Write};

use crate::cli::context::Context;
use crate::cli::failure::{Failure, FileError};

/// Writes to stdout. A reader who has seen enough and closed it (`| head`) is no error: the command goes on to its exit.
pub(crate) fn print(cx: &Context, bytes: &[u8]) -> Result<(), Failure> {
    let mut out = cx.stdout();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(FileError::new("standard output", "written", error).into())
        }
        _ => Ok(()),
    }
}
