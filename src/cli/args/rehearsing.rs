//! What can be asked of a rehearsal?

use std::path::PathBuf;

use crate::cli::args::exports::ExportFiles;
use crate::cli::args::lists::ListFiles;
use crate::cli::args::shared::{Access, Manifests, Planning, Question};

/// `rollcall rehearse`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rollcall rehearse examples/acme
  rollcall rehearse --json rehearsal.json
  rollcall rehearse --faults 7
  rollcall rehearse --approve 7f3a91c2…   (all 64 digits, from the plan)

Exit codes: 0 every step is done and the next plan is empty; 3 blocked, or over a limit and not approved; 4 not the
approved plan; 5 something is not done; 6 the sandbox has yet to show some of it.")]
pub(crate) struct Rehearse {
    #[command(flatten)]
    pub(crate) manifests: Manifests,
    #[command(flatten)]
    pub(crate) access: Access,
    /// A checkout of the base branch, as for `plan`
    #[arg(long, value_name = "PATH")]
    pub(crate) base: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) exports: ExportFiles,
    /// Write the rehearsal as JSON; `-` is stdout, instead of text
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// Rehearse under faults, as the number decides: the sandbox misbehaves as an account may on a bad day, and is applied to until
    /// it settles
    #[arg(long, value_name = "SEED")]
    pub(crate) faults: Option<u64>,
    /// Rehearse exactly this plan, with its violations approved; a digest or a saved plan. Without it a plan over its limits is
    /// rehearsed too, and the exit code is 3
    #[arg(long, value_name = "PLAN")]
    pub(crate) approve: Option<String>,
}

impl Rehearse {
    /// What a plan of the account is asked with.
    pub(crate) fn question(&self) -> Question {
        let planning =
            Planning { base: self.base.clone(), ..Planning::of(&self.exports, &ListFiles::default()) };
        Question { manifests: self.manifests.clone(), access: self.access.clone(), planning }
    }
}
