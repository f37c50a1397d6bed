//! Where do the asynchronous parts of a command run?

use std::future::Future;
use std::num::NonZero;

use crate::cli::process::failure::Failure;

/// Runs a command to its end.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    // Said, so that `TOKIO_WORKER_THREADS` of some other program is nothing to this one.
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build();
    let runtime = runtime.map_err(Failure::error)?;
    let result = runtime.block_on(work);
    // A prompt that is still open after a signal must not keep the process.
    runtime.shutdown_background();
    result
}
