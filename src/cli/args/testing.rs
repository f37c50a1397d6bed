//! What can be asked of a test of requirements?

use std::path::PathBuf;

use crate::cli::args::exports::ExportFiles;
use crate::cli::args::lists::ListFiles;
use crate::cli::args::shared::{Access, Manifests, Planning, Question};

/// `rollcall test`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rollcall test examples/acme
  rollcall test --account
  rollcall test --junit requirements.xml

Exit codes: 0 every requirement holds; 3 one does not, or it can't be told; 1 the manifests have errors.")]
pub(crate) struct Test {
    #[command(flatten)]
    pub(crate) manifests: Manifests,
    /// Look at the account as it is; else at what the manifests say, without any account
    #[arg(long)]
    pub(crate) account: bool,
    #[command(flatten)]
    pub(crate) access: Access,
    #[command(flatten)]
    pub(crate) exports: ExportFiles,
    /// Write the result as JUnit, which CI systems show
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,
    /// Write the result as JSON; `-` is stdout, instead of text
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
}

impl Test {
    /// What a plan of the account is asked with.
    pub(crate) fn question(&self) -> Question {
        let planning = Planning::of(&self.exports, &ListFiles::default());
        Question { manifests: self.manifests.clone(), access: self.access.clone(), planning }
    }
}
