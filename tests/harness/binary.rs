//! How is the program run? As a child process that sees nothing of the machine but what a case gives it.

use std::path::Path;
use std::process::{Command as Process, Stdio};

use crate::Checked;

/// The clock of every run.
pub(crate) const NOW: &str = "2026-05-04T09:00:00Z";

/// What a run of the program gave.
pub(crate) struct Ran {
    /// Its exit code.
    pub(crate) exit: i32,
    /// The product.
    pub(crate) stdout: String,
    /// The conversation.
    pub(crate) stderr: String,
}

/// Runs the program in a folder, with these keys in an environment of its own.
pub(crate) fn run(folder: &Path, args: &[String], keys: &[(&str, &str)]) -> Checked<Ran> {
    let mut process = Process::new(env!("CARGO_BIN_EXE_rollcall"));
    process.args(args).current_dir(folder).env_clear().stdin(Stdio::null());
    process.envs(keys.iter().copied());
    // Windows opens no socket without it.
    #[expect(clippy::disallowed_methods, reason = "the only variable that is passed on")]
    if let Some(root) = std::env::var_os("SystemRoot") {
        process.env("SystemRoot", root);
    }
    let output = process.output()?;
    let exit = output.status.code().ok_or_else(|| format!("{args:?} was ended by a signal"))?;
    Ok(Ran { exit, stdout: String::from_utf8(output.stdout)?, stderr: String::from_utf8(output.stderr)? })
}

impl Ran {
    /// Everything that was said, with the conversation set apart.
    pub(crate) fn transcript(&self) -> String {
        if self.stderr.is_empty() {
            return self.stdout.clone();
        }
        format!("{}--- stderr\n{}", self.stdout, self.stderr)
    }

    /// The run, or a failure that shows what it said.
    pub(crate) fn exits_with(self, code: i32, what: &str) -> Checked<Ran> {
        if self.exit == code {
            return Ok(self);
        }
        Err(format!("{what}: exit {} where {code} was expected\n{}", self.exit, self.transcript()).into())
    }
}
