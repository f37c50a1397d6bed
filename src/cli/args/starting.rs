//! What can be asked of the start of a repository: init.

use std::path::PathBuf;

use crate::cli::args::importing::{LearningPlatform, RegionWord};
use crate::cli::args::shared::{Manifests, Wire};
use crate::init::ActionRef;

/// `rollcall init`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rollcall init manifests --region us
  rollcall init --region eu --name acme --action acme-it/rollcall@8f1e3c5a7b9d0f2e4a6c8b0d1f3e5a7c9b2d4f60
  rollcall init trial --sandbox && rollcall plan trial
  rollcall init learning --platform docebo --username email
  rollcall init trial --sandbox --platform docebo --username email")]
pub(crate) struct Init {
    #[command(flatten)]
    pub(crate) manifests: Manifests,
    /// The region of the account
    #[arg(long, value_name = "REGION", required_unless_present_any = ["sandbox", "platform"])]
    pub(crate) region: Option<RegionWord>,
    #[command(flatten)]
    pub(crate) learning: LearningPlatform,
    /// What the account is called in output; the name of DIR without it
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Rehearse instead: an account of the declared users in account.json, which each run starts for itself; it takes no key and no
    /// network
    #[arg(long, conflicts_with_all = ["region", "endpoint", "concurrency", "max_rate", "patience"])]
    pub(crate) sandbox: bool,
    /// Write workflows of GitHub too, which call this action: a plan on pull requests, an apply on the merge, a check for drift
    #[arg(long, value_name = "OWNER/NAME@COMMIT")]
    pub(crate) action: Option<ActionRef>,
    #[command(flatten)]
    pub(crate) wire: Wire,
    /// Write the report as JSON; `-` is stdout, instead of text
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
}
