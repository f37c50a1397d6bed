//! What can be asked of the commands that only look at an account: explain, list, hr?

use std::path::PathBuf;

use clap::Subcommand;

use crate::cli::args::exports::ExportFiles;
use crate::cli::args::filters::{SourceWord, UserFilters};
use crate::cli::args::shared::{Access, Manifests, Question};

/// `rollcall explain`
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "rollcall explain [OPTIONS] <USER> [PATH]\n       rollcall explain [OPTIONS] --name <NAME> [PATH]\n       rollcall explain [OPTIONS] --computer <DOMAIN\\NAME> [PATH]",
    after_help = "\
Examples:
  rollcall explain ada@acme.example
  rollcall explain 'ACME\\ada' examples/acme
  rollcall explain --name 'Ada Lovelace' --json -
  rollcall explain --computer 'ACME\\LAB-01'"
)]
pub(crate) struct Explain {
    /// The user, as manifests refer to one: an address, DOMAIN\user, or an employee ID
    #[arg(value_name = "USER")]
    pub(crate) user: Option<String>,
    #[command(flatten)]
    pub(crate) manifests: Manifests,
    #[command(flatten)]
    pub(crate) access: Access,
    /// The user by display name
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// A computer instead of a user
    #[arg(long, value_name = "DOMAIN\\NAME")]
    pub(crate) computer: Option<String>,
    #[command(flatten)]
    pub(crate) exports: ExportFiles,
    /// Write the explanation as JSON; `-` is stdout, instead of text
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
}

/// `rollcall list`
#[derive(Debug, clap::Args)]
#[command(
    disable_help_subcommand = true,
    after_help = "\
Examples:
  rollcall list users --status unlicensed
  rollcall list groups --source hr
  rollcall list exclusions --json -"
)]
pub(crate) struct List {
    /// What is listed.
    #[command(subcommand)]
    pub(crate) what: What,
}

/// What can be listed.
#[derive(Debug, Subcommand)]
pub(crate) enum What {
    /// List users by the filters of the Users page
    Users(ListUsers),
    /// List groups with their sources and sizes
    Groups(ListGroups),
    /// List Do Not Track rules: global ones, and those of untracked users
    ///
    /// Of an untracked user's address both forms are listed that its rule may have: the name alone and the whole address.
    Exclusions(ListExclusions),
}

impl What {
    /// What every listing takes.
    pub(crate) const fn listing(&self) -> &Listing {
        match self {
            Self::Users(args) => &args.listing,
            Self::Groups(args) => &args.listing,
            Self::Exclusions(args) => &args.listing,
        }
    }
}

/// What every listing takes. Of the manifests only `account` counts.
#[derive(Debug, clap::Args)]
pub(crate) struct Listing {
    #[command(flatten)]
    pub(crate) manifests: Manifests,
    #[command(flatten)]
    pub(crate) access: Access,
    /// Write the listing as JSON; `-` is stdout, instead of a table
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
}

/// `rollcall list users`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rollcall list users examples/acme
  rollcall list users --status inactive --tracking tracked
  rollcall list users --no-group --json - | jq -r '.users[].displayId'")]
pub(crate) struct ListUsers {
    #[command(flatten)]
    pub(crate) listing: Listing,
    #[command(flatten)]
    pub(crate) filters: UserFilters,
}

/// `rollcall list groups`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rollcall list groups examples/acme
  rollcall list groups --source hr")]
pub(crate) struct ListGroups {
    #[command(flatten)]
    pub(crate) listing: Listing,
    /// Only groups of this source
    #[arg(long)]
    pub(crate) source: Option<SourceWord>,
}

/// `rollcall list exclusions`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rollcall list exclusions examples/acme
  rollcall list exclusions --redact")]
pub(crate) struct ListExclusions {
    #[command(flatten)]
    pub(crate) listing: Listing,
}

/// `rollcall hr`
#[derive(Debug, clap::Args)]
#[command(
    disable_help_subcommand = true,
    after_help = "\
Examples:
  rollcall hr preview > snapshot.csv"
)]
pub(crate) struct Hr {
    /// What is done.
    #[command(subcommand)]
    pub(crate) what: HrCommand,
}

/// What can be done with the file of the HR groups.
#[derive(Debug, Subcommand)]
pub(crate) enum HrCommand {
    /// Print the exact file that an apply would upload
    ///
    /// It is the whole set of HR groups, as it will be. A set that would not change is printed as it is, and stderr says that
    /// nothing would be sent. A plan with blockers has no file; one over its limits has, and the exit code is 3 for both.
    Preview(Preview),
}

/// `rollcall hr preview`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rollcall hr preview examples/acme
  rollcall hr preview > snapshot.csv
  rollcall hr preview | sha256sum      (the sha256 that plan shows)
  rollcall hr preview | cut -d, -f2 | sort | uniq -c")]
pub(crate) struct Preview {
    #[command(flatten)]
    pub(crate) question: Question,
}
