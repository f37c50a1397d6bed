//! Where do the asynchronous parts of a command run?

use std::future::Future;

use crate::cli::failure::Failure;

/// Runs a command to its end.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::error)?;
    let result = runtime.block_on(work);
    // A prompt that is still open after a signal must not keep the process.
    runtime.shutdown_background();
    result
}
