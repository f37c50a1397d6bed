//! What can be asked of the commands that only look at an account: explain, list, hr?

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};

use crate::cli::args::exports::ExportFiles;
use crate::cli::args::filters::{AgentFilters, ComputerFilters, GroupFilters, UserFilters};
use crate::cli::args::lists::ListFiles;
use crate::cli::args::shared::{Access, Manifests, Question};

/// `rollcall explain`
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "rollcall explain [OPTIONS] <USER> [PATH]\n       rollcall explain [OPTIONS] --name <NAME> [PATH]\n       rollcall explain [OPTIONS] --computer <DOMAIN\\NAME> [PATH]\n       rollcall explain [OPTIONS] --group <GROUP> [USER] [PATH]\n       rollcall explain <CODE>",
    after_help = "\
Examples:
  rollcall explain ada@acme.example
  rollcall explain 'ACME\\ada' examples/acme
  rollcall explain --name 'Ada Lovelace' --json -
  rollcall explain --group Engineering                    (who is in it, who is to be, and why)
  rollcall explain ada@acme.example --group Engineering   (why she is in it, or why not)
  rollcall explain --computer 'ACME\\LAB-01'
  rollcall explain value-taken                            (a code of a plan or of `validate`)"
)]
pub(crate) struct Explain {
    /// The user, as manifests refer to one: an address, DOMAIN\user, or an employee ID; or by an agent or its alias, or a former
    /// identifier. Else a code, like value-taken
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
    /// A group with all its members; with a user, why they are in it, or why not
    #[arg(long, value_name = "GROUP", conflicts_with = "computer")]
    pub(crate) group: Option<String>,
    #[command(flatten)]
    pub(crate) exports: ExportFiles,
    #[command(flatten)]
    pub(crate) lists: ListFiles,
    /// Write the explanation as JSON; `-` is stdout, instead of text
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
}

/// `rollcall request`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rollcall request 'Approved Drivers'
  rollcall request 'Approved Drivers' examples/learning > mail.txt
  rollcall request 'Approved Drivers' --json -")]
pub(crate) struct Request {
    /// The group: one that has `match` or `branch`
    #[arg(value_name = "GROUP")]
    pub(crate) group: String,
    #[command(flatten)]
    pub(crate) manifests: Manifests,
    #[command(flatten)]
    pub(crate) access: Access,
    #[command(flatten)]
    pub(crate) exports: ExportFiles,
    #[command(flatten)]
    pub(crate) lists: ListFiles,
    /// Write the request as JSON; `-` is stdout, instead of text
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
  rollcall list agents --inactive-for 90d
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
    /// List groups with their sources and sizes, or who is in them
    Groups(ListGroups),
    /// List computers with the groups that they are in
    Computers(ListComputers),
    /// List agents: whose they are, when they were last seen, and which were deleted
    Agents(ListAgents),
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
            Self::Computers(args) => &args.listing,
            Self::Agents(args) => &args.listing,
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
    #[command(flatten)]
    pub(crate) lists: ListFiles,
    /// Write the listing as JSON; `-` is stdout, instead of a table
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// Write the table as CSV, every cell whole; `-` is stdout, instead of the table
    #[arg(long, value_name = "FILE")]
    pub(crate) csv: Option<PathBuf>,
}

/// Where manifest entries go.
#[derive(Debug, clap::Args)]
pub(crate) struct EntryFile {
    /// Write the entries into this file, which must not be there yet. The shell's `>` would put an empty manifest there before
    /// the manifests are read
    #[arg(long, value_name = "FILE", requires = "yaml")]
    pub(crate) out: Option<PathBuf>,
}

/// What `--yaml` writes of a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum UserEntry {
    /// All that the account has
    Entry,
    /// An identifier, and `tracking: untracked`
    Untrack,
}

/// `rollcall list users`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rollcall list users examples/acme
  rollcall list users --status inactive --tracking tracked
  rollcall list users --group Engineering --inactive-for 90d
  rollcall list users --no-group --json - | jq -r '.users[].displayId'
  rollcall list users --status inactive --inactive-for 90d --yaml untrack --out users/leave-2026.yaml")]
pub(crate) struct ListUsers {
    #[command(flatten)]
    pub(crate) listing: Listing,
    #[command(flatten)]
    pub(crate) filters: UserFilters,
    /// Print manifest entries instead of a table. Users who have an entry already are named with its place, and not printed
    #[arg(long, value_name = "WHAT", num_args = 0..=1, default_missing_value = "entry",
        conflicts_with_all = ["json", "csv", "redact"])]
    pub(crate) yaml: Option<UserEntry>,
    #[command(flatten)]
    pub(crate) entries: EntryFile,
}

/// `rollcall list groups`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rollcall list groups examples/acme
  rollcall list groups --source hr
  rollcall list groups --group Engineering --members
  rollcall list groups --source app --yaml --out groups.yaml")]
pub(crate) struct ListGroups {
    #[command(flatten)]
    pub(crate) listing: Listing,
    #[command(flatten)]
    pub(crate) filters: GroupFilters,
    /// List who and what is in them, a line each
    #[arg(long)]
    pub(crate) members: bool,
    /// Print manifest entries instead of a table. Groups that have an entry already are named with its place, and not printed
    #[arg(long, conflicts_with_all = ["members", "json", "csv", "redact"])]
    pub(crate) yaml: bool,
    #[command(flatten)]
    pub(crate) entries: EntryFile,
}

/// `rollcall list computers`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rollcall list computers examples/acme
  rollcall list computers --no-group
  rollcall list computers --with LAB- --csv computers.csv")]
pub(crate) struct ListComputers {
    #[command(flatten)]
    pub(crate) listing: Listing,
    #[command(flatten)]
    pub(crate) filters: ComputerFilters,
}

/// `rollcall list agents`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rollcall list agents examples/acme
  rollcall list agents --inactive-for 90d
  rollcall list agents --deleted --json -")]
pub(crate) struct ListAgents {
    #[command(flatten)]
    pub(crate) listing: Listing,
    #[command(flatten)]
    pub(crate) filters: AgentFilters,
}

/// `rollcall list exclusions`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rollcall list exclusions examples/acme
  rollcall list exclusions --redact
  rollcall list exclusions --yaml --out exclusions.yaml")]
pub(crate) struct ListExclusions {
    #[command(flatten)]
    pub(crate) listing: Listing,
    /// Print manifest entries of the global rules instead of a table. Those that have an entry already are not printed
    #[arg(long, conflicts_with_all = ["json", "csv", "redact"])]
    pub(crate) yaml: bool,
    #[command(flatten)]
    pub(crate) entries: EntryFile,
}

/// `rollcall hr`
#[derive(Debug, clap::Args)]
#[command(
    disable_help_subcommand = true,
    after_help = "\
Examples:
  rollcall hr map workers.csv
  rollcall hr preview > snapshot.csv"
)]
pub(crate) struct Hr {
    /// What is done.
    #[command(subcommand)]
    pub(crate) what: HrCommand,
}

/// What can be done with HR exports and the file of the HR groups.
#[derive(Debug, Subcommand)]
pub(crate) enum HrCommand {
    /// Print the exact file that an apply would upload
    ///
    /// It is the whole set of HR groups, as it will be. A set that would not change is printed as it is, and stderr says that
    /// nothing would be sent. A plan with blockers has no file; one over its limits has, and the exit code is 3 for both.
    Preview(Box<Preview>),
    /// Propose a mapping for an export of an HR system, as YAML to be pasted into a manifest
    ///
    /// It looks at what the columns are called and what is in them, and says why each line is there. What is uncertain is a comment,
    /// for somebody to decide. Nothing but the file is read.
    Map(HrMap),
}

/// `rollcall hr map`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rollcall hr map workers.csv
  rollcall hr map hr/workers.csv >> rollcall.yaml
  rollcall hr map workers.csv --json -")]
pub(crate) struct HrMap {
    /// The export, a CSV file
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Write the proposal as JSON; `-` is stdout, instead of YAML
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
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
