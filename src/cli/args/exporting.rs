//! What can be asked of export?

use std::path::PathBuf;

use clap::Subcommand;

use crate::cli::args::exports::ExportFiles;
use crate::cli::args::lists::ListFiles;
use crate::cli::args::shared::{Access, Manifests, Planning, Question};
use crate::export::Column;

/// `rollcall export`
#[derive(Debug, clap::Args)]
#[command(
    disable_help_subcommand = true,
    after_help = "\
Examples:
  rollcall export groups --new --observed groups_123456.csv --out new-groups.csv
  rollcall export users users.csv --observed-users everybody.csv
  rollcall export associations associations --observed 'Forklift drivers.csv'"
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
    /// Write the file that makes the users of a learning platform who are not there
    ///
    /// For its page Users > Import and manage > CSV. Who is not there is known by the list of all users, or by the API.
    Users(Box<ExportUsers>),
    /// Write the files that put users into the groups of a learning platform: one a group, with those who are missing in it
    ///
    /// For the page Manage group associations via CSV of each group. Nothing else in the folder is touched. What no file does (who
    /// leaves, and groups that come, go or get another name) is listed.
    Associations(Box<ExportAssociations>),
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

/// What the files for a learning platform are made of.
#[derive(Debug, clap::Args)]
pub(crate) struct ExportFileOptions {
    #[command(flatten)]
    pub(crate) manifests: Manifests,
    #[command(flatten)]
    pub(crate) access: Access,
    #[command(flatten)]
    pub(crate) exports: ExportFiles,
    #[command(flatten)]
    pub(crate) lists: ListFiles,
    /// The columns, parted by commas: username, firstname, lastname or email, each with the name that its column is to have
    /// before it (`Login=username`)
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub(crate) columns: Vec<Column>,
    /// Let exactly this plan through its violations; a digest or a saved plan
    #[arg(long, value_name = "PLAN")]
    pub(crate) approve: Option<String>,
}

impl ExportFileOptions {
    /// What a plan of the account is asked with.
    pub(crate) fn question(&self) -> Question {
        let planning = Planning::of(&self.exports, &self.lists);
        Question { manifests: self.manifests.clone(), access: self.access.clone(), planning }
    }
}

/// `rollcall export users`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rollcall export users users.csv --observed-users everybody.csv
  rollcall export users users.csv --observed-users everybody.csv --columns username,firstname,lastname,email")]
pub(crate) struct ExportUsers {
    /// The file to write; where it would be larger than the platform takes, its parts are written beside it
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) options: ExportFileOptions,
}

/// `rollcall export associations`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rollcall export associations associations --observed 'Forklift drivers.csv'
  rollcall export associations associations --observed lists --observed-users everybody.csv
  rollcall export associations associations      (the account is read by its API)")]
pub(crate) struct ExportAssociations {
    /// The folder to write the files into; it is made if it is not there
    #[arg(value_name = "DIR")]
    pub(crate) dir: PathBuf,
    #[command(flatten)]
    pub(crate) options: ExportFileOptions,
}
