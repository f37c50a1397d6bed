//! What can be asked for on the command line of a CI system?

use clap::Subcommand;

/// `rollcall ci`
#[derive(Debug, clap::Args)]
#[command(
    disable_help_subcommand = true,
    after_help = "\
Examples:
  rollcall ci github   (in a step of a workflow)"
)]
pub(crate) struct Ci {
    /// Which.
    #[command(subcommand)]
    pub(crate) system: CiSystem,
}

/// A CI system.
#[derive(Debug, Clone, Copy, Subcommand)]
pub(crate) enum CiSystem {
    /// GitHub Actions: plan on a pull request, apply on the merge, validate for a fork
    ///
    /// What the action calls. It takes no options: what the workflow says comes in variables (`INPUT_COMMAND`, …), and what started
    /// it from the event that the runner hands on. docs/github-inputs.md lists them.
    #[command(after_help = "\
Examples:
  - run: rollcall ci github
    env:
      ROLLCALL_GITHUB_TOKEN: ${{ github.token }}
      INPUT_PATH: manifests")]
    Github,
}
