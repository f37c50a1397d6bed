//! What can be asked of a repository with many accounts?

use std::path::PathBuf;

/// `rollcall accounts`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rollcall accounts
  rollcall accounts accounts --changed-since origin/main
  rollcall accounts accounts --changed-since \"$BASE\" --json accounts.json
  rollcall accounts accounts --shards 40 --json - | jq '.shards'")]
pub(crate) struct Accounts {
    /// The folder that holds the folders of accounts
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) path: PathBuf,
    /// Only those that something changed of since a commit: a file in their folder, a manifest that they include, an export that they
    /// name, now or then; and those whose manifests can't be read
    #[arg(long, value_name = "REF")]
    pub(crate) changed_since: Option<String>,
    /// Write them as JSON, for a matrix of jobs; `-` is stdout, instead of text
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// In the JSON, the accounts in so many parts besides, for jobs that take several, one after the other
    #[arg(long, value_name = "N", requires = "json", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) shards: Option<u16>,
}
