//! What can be asked of export?

use std::path::PathBuf;

use clap::Subcommand;

use crate::cli::args::shared::Manifests;

/// `rollcall export`
#[derive(Debug, clap::Args)]
#[command(
    disable_help_subcommand = true,
    after_help = "\
Examples:
  rollcall export groups --new --observed groups_123456.csv --out new-groups.csv"
)]
pub(crate) struct Export {
    /// What is written.
    #[command(subcommand)]
    pub(crate) what: ExportWhat,
}

/// What can be written.
#[derive(Debug, Subcommand)]
pub(crate) enum ExportWhat {
    /// Write the file of the app's upload that makes the declared groups which the account lacks
    ///
    /// For accounts whose keys don't open the Admin API. The upload only makes groups and fills them; what else the manifests ask for
    /// is listed. Nothing is asked of the account: the app's group download says which groups and agents it has.
    Groups(ExportGroups),
}

/// `rollcall export groups`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rollcall export groups --new --observed groups_123456.csv --out new-groups.csv")]
pub(crate) struct ExportGroups {
    #[command(flatten)]
    pub(crate) manifests: Manifests,
    /// Groups that the account lacks: the upload makes no others
    #[arg(long, required = true)]
    pub(crate) new: bool,
    /// The app's group download
    #[arg(long, value_name = "FILE")]
    pub(crate) observed: PathBuf,
    /// The file to write
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}
