//! What can be asked for on the command line?
//!
//! The definitions are the help text: `docs/cli.md` is generated from them. Switches become enums before they leave this
//! module's callers.

mod adopting;
mod ci;
mod exporting;
mod exports;
mod filters;
mod fleet;
mod importing;
mod lists;
mod looking;
mod rehearsing;
mod shared;
mod starting;
mod testing;

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{ArgPredicate, Resettable};
use clap::{ArgAction, CommandFactory, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use jiff::Timestamp;

use crate::cli::args::exports::ExportFiles;
use crate::cli::args::shared::duration;
use crate::cli::process::exit::Exit;
use crate::model::Service;
use crate::sandbox::Platform;

pub(crate) use ci::{Ci, CiSystem};
pub(crate) use exporting::{
    Export, ExportAssociations, ExportFileOptions, ExportGroups, ExportUsers, ExportWhat,
};
pub(crate) use filters::NoGroup;
pub(crate) use fleet::Accounts;
pub(crate) use importing::{Import, LearningPlatform, RegionWord, SplitExport, SplitWord};
pub(crate) use lists::ListFiles;
pub(crate) use looking::{Explain, Hr, HrCommand, HrMap, List, Preview, Request, UserEntry, What};
pub(crate) use rehearsing::Rehearse;
pub(crate) use shared::{Addresses, Manifests, Outputs, Planning, Question, Start, Wire};
pub(crate) use starting::Init;
pub(crate) use testing::Test;

/// The definition of the command line, for the generated `docs/cli.md`.
pub fn definition() -> clap::Command {
    Args::command()
}

/// Keeps an ActivTrak account, and the groups of a learning platform, equal to YAML manifests in Git.
///
/// `plan` shows exactly what would change in the account, `apply` does it, verifies it and reports. Credentials come from
/// the environment only: `ACTIVTRAK_API_KEY`, `ACTIVTRAK_TOKEN` where the Identity API wants one of its own, and
/// `ACTIVTRAK_SCIM_KEY` where only SCIM is open; of a learning platform `DOCEBO_URL`, `DOCEBO_CLIENT_ID`, `DOCEBO_CLIENT_SECRET`,
/// and `DOCEBO_USERNAME` with `DOCEBO_PASSWORD` for a user's.
#[derive(Debug, Parser)]
#[command(name = "rollcall", version = version(), after_help = exit_codes(), arg_required_else_help = true, disable_help_subcommand = true)]
pub(crate) struct Args {
    /// Show requests as they are sent (-v), and more (-vv)
    #[arg(short, long, action = ArgAction::Count, global = true)]
    pub(crate) verbose: u8,
    /// Columns of text output; else $COLUMNS, else the terminal's, else 100
    #[arg(long, value_name = "N", global = true, value_parser = clap::value_parser!(u16).range(40..=1000))]
    pub(crate) width: Option<u16>,
    /// The command.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands, in the order of their use.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check manifests without an account: every problem at once, with its place and a way out
    Validate(Validate),
    /// Show what would change in the account
    Plan(Plan),
    /// Carry the plan out in a sandbox that is made of the account, which is only read
    Rehearse(Rehearse),
    /// Carry a plan out: show it, ask, write, verify, report
    Apply(Apply),
    /// Take back what an apply changed: plan the file that it left, show it, ask, write, verify, report
    #[command(
        mut_arg("path", |path| path.value_name("FILE").help("The rollback file; with --list and --last, the folder of manifests"))
    )]
    Rollback(Rollback),
    /// Show where each fact about a user, a computer or a group comes from, or what a code means
    Explain(Explain),
    /// Say what to ask the people of a learning platform for, so that a group fills itself there
    Request(Request),
    /// Say whether the rules of `policy.require` hold, of the manifests or of the account
    Test(Test),
    /// List what the account has: users, groups, computers, agents or exclusions
    List(List),
    /// Start a repository: manifests that say nothing yet, and the files beside them; what is there stays as it is
    #[command(
        mut_arg("path", |path| path.value_name("DIR").help("The folder; it is made if it is not there"))
    )]
    Init(Init),
    /// Write manifests of what an account has, of which `plan` says that there is nothing to do
    #[command(
        mut_arg("path", |path| path.value_name("DIR").required_unless_present("into").default_value(Resettable::Reset).default_value_if("into", ArgPredicate::IsPresent, ".").help("The folder to write; it must not hold manifests. With --sandbox, the file to write"))
    )]
    Import(Import),
    /// Write files for uploads in the app
    Export(Export),
    /// Look at the file of the HR groups
    Hr(Hr),
    /// List the accounts of a repository that has many: all, or those that something changed of
    Accounts(Accounts),
    /// Do what a workflow of a CI system is for
    Ci(Ci),
    /// Serve a local account to rehearse against
    Sandbox(Sandbox),
    /// Print a JSON Schema
    Schema(Schema),
    /// Print a completion script for a shell
    Completions(Completions),
    /// Print a manual page, or write all of them
    Man(Man),
}

impl Command {
    /// The manifests that it is about, if any.
    pub(crate) const fn manifests(&self) -> Option<&Manifests> {
        match self {
            Self::Validate(args) => Some(&args.manifests),
            Self::Plan(args) => Some(&args.question.manifests),
            Self::Rehearse(args) => Some(&args.manifests),
            Self::Apply(args) => Some(&args.question.manifests),
            Self::Rollback(args) => Some(&args.apply.question.manifests),
            Self::Explain(args) => Some(&args.manifests),
            Self::Request(args) => Some(&args.manifests),
            Self::Test(args) => Some(&args.manifests),
            Self::List(args) => Some(&args.what.listing().manifests),
            Self::Init(args) => Some(&args.manifests),
            Self::Import(args) => Some(&args.manifests),
            Self::Export(Export { what: ExportWhat::Groups(args) }) => Some(&args.manifests),
            Self::Export(Export { what: ExportWhat::Associations(args) }) => Some(&args.options.manifests),
            Self::Export(Export { what: ExportWhat::Users(args) }) => Some(&args.options.manifests),
            Self::Hr(Hr { what: HrCommand::Preview(args) }) => Some(&args.question.manifests),
            Self::Hr(Hr { what: HrCommand::Map(_) })
            | Self::Accounts(_)
            | Self::Ci(_)
            | Self::Sandbox(_)
            | Self::Schema(_)
            | Self::Completions(_)
            | Self::Man(_) => None,
        }
    }
}

/// `rollcall validate`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rollcall validate
  rollcall validate examples/acme
  rollcall validate --json - | jq '.diagnostics[].code'")]
pub(crate) struct Validate {
    #[command(flatten)]
    pub(crate) manifests: Manifests,
    #[command(flatten)]
    pub(crate) exports: ExportFiles,
    /// Write the diagnostics as JSON; `-` is stdout, instead of text
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
}

/// `rollcall plan`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rollcall plan examples/acme
  rollcall plan --out plan.json --markdown summary.md
  rollcall plan --json - --detailed-exitcode
  rollcall plan --endpoint http://127.0.0.1:8080")]
pub(crate) struct Plan {
    #[command(flatten)]
    pub(crate) question: Question,
    #[command(flatten)]
    pub(crate) outputs: Outputs,
    /// Save the plan, for `apply --plan FILE` and `apply --expect FILE`
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Exit with 2 if there are changes
    #[arg(long)]
    pub(crate) detailed_exitcode: bool,
}

/// `rollcall apply`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rollcall apply examples/acme
  rollcall plan --out plan.json && rollcall apply --yes --plan plan.json
  rollcall apply --yes --expect 12.json --expect 15.json   (two pull requests that were merged together)
  rollcall apply --approve 7f3a91c2…   (all 64 digits, from the plan)")]
pub(crate) struct Apply {
    #[command(flatten)]
    pub(crate) question: Question,
    /// Write the report as JSON; `-` is stdout, instead of text
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// Write the report as a page of its own, to open in a browser
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Do not ask
    #[arg(long)]
    pub(crate) yes: bool,
    /// Carry out what this saved plan says: the plan is made anew, and any other than this one, or what is left of it, is
    /// refused
    #[arg(long, value_name = "FILE", conflicts_with = "expect")]
    pub(crate) plan: Option<PathBuf>,
    /// Refuse any plan but this one, or what is left of it; a digest or a saved plan. Of several, what is left of all of them
    /// together is accepted
    #[arg(long, value_name = "PLAN")]
    pub(crate) expect: Vec<String>,
    /// Accept exactly this plan, or what is left of it, and let it through its violations; never a part of several
    #[arg(long, value_name = "PLAN")]
    pub(crate) approve: Option<String>,
    /// How long to wait until the account shows an HR snapshot
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = duration)]
    pub(crate) wait: Duration,
    /// How long the HR groups have to stand still after a snapshot, and before one where nothing in .rollcall/ says that no other
    /// is being processed; up to twice as long, at random
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration)]
    pub(crate) settle: Duration,
    /// How long a write is looked for before it counts as not done: the reads of an account may lag behind its writes
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = duration)]
    pub(crate) read_back: Duration,
}

/// `rollcall rollback`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rollcall rollback --list
  rollcall rollback --last
  rollcall rollback .rollcall/rollback/20260504T090000Z-7f3a91c2.yaml
  rollcall plan .rollcall/rollback/20260504T090000Z-7f3a91c2.yaml   (only looks)")]
pub(crate) struct Rollback {
    #[command(flatten)]
    pub(crate) apply: Apply,
    /// List the rollback files of a folder, the newest first, and do nothing
    #[arg(long, conflicts_with_all = ["last", "json"])]
    pub(crate) list: bool,
    /// Take the newest rollback file of a folder
    #[arg(long)]
    pub(crate) last: bool,
}

/// `rollcall sandbox`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rollcall sandbox --seed account.json
  rollcall sandbox --seed account.json --port 8080 --save
  rollcall sandbox --seed account.json --fault fail-writes --hr-delay 5s
  rollcall sandbox --seed account.json -v --redact
  rollcall sandbox --seed learning.json --setting recompute=60")]
pub(crate) struct Sandbox {
    /// The account to start from: what its `platform` says, and ActivTrak's without it
    #[arg(long, value_name = "FILE")]
    pub(crate) seed: PathBuf,
    /// The port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value = "0")]
    pub(crate) port: u16,
    /// Write the account back to the seed file at the end
    #[arg(long)]
    pub(crate) save: bool,
    /// Misbehave, so that what must not trust the account can be tried; more than one may be given
    #[arg(long, value_name = "FAULT", long_help = faults())]
    pub(crate) fault: Vec<String>,
    /// Misbehave by a number: everything that an account and the way to it may do wrong, the same for the same number
    #[arg(long, value_name = "SEED")]
    pub(crate) chaos: Option<u64>,
    /// Be an account that is set up otherwise; more than one may be given
    #[arg(long, value_name = "SETTING", long_help = settings())]
    pub(crate) setting: Vec<String>,
    /// The time HR snapshots take; 2s if none is given
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) hr_delay: Option<Duration>,
    /// What time it is there, for example 2026-05-02T00:00:00Z; else what the seed says, else now
    #[arg(long, value_name = "RFC3339")]
    pub(crate) now: Option<Timestamp>,
    /// Show no name and no identifier in what -v and -vv show of requests
    #[arg(long)]
    pub(crate) redact: bool,
    /// The key that requests must carry; any key if none is given. Of a learning platform, the secret that a token is given for
    #[arg(long)]
    pub(crate) key: Option<String>,
    /// The key that SCIM requests must carry instead; any key if none is given
    #[arg(long, value_name = "KEY")]
    pub(crate) scim_key: Option<String>,
}

/// `rollcall schema`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rollcall schema > manifest.v1.json
  rollcall schema plan")]
pub(crate) struct Schema {
    /// Of what
    #[arg(value_enum, default_value_t = Document::Manifest)]
    pub(crate) document: Document,
}

/// A document with a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Document {
    /// Manifests
    Manifest,
    /// Saved plans
    Plan,
    /// Reports of apply
    Report,
    /// Explanations of a user, computer or group
    Explain,
    /// Requests for groups that fill themselves
    Request,
    /// Listings of an account
    List,
    /// Reports of import
    Import,
    /// Rehearsals
    Rehearsal,
    /// What became of requirements
    Test,
    /// Reports of import --into
    Adopt,
    /// Reports of init
    Init,
    /// Mappings that hr map proposes
    Map,
    /// The accounts of a repository
    Accounts,
    /// What became of one account of many on GitHub
    Result,
}

/// `rollcall completions`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rollcall completions bash > ~/.local/share/bash-completion/completions/rollcall
  rollcall completions zsh > ~/.zfunc/_rollcall")]
pub(crate) struct Completions {
    /// For which shell
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

/// `rollcall man`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rollcall man | man -l -
  rollcall man plan | man -l -
  rollcall man --out ~/.local/share/man/man1")]
pub(crate) struct Man {
    /// Of which command; else of all of it
    #[arg(value_name = "COMMAND", num_args = 0.., conflicts_with = "out")]
    pub(crate) command: Vec<String>,
    /// Write the pages of all commands into this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}

/// What `--fault` can be.
fn faults() -> String {
    let intro =
        "Misbehave, so that what must not trust the account can be tried; more than one may be given:";
    listed(intro, Platform::faults, |name, does| format!("  {name:<18} {does}"))
}

/// What `--setting` can be.
fn settings() -> String {
    let intro = "Be an account that is set up otherwise; more than one may be given:";
    listed(intro, Platform::settings, |name, does| format!("  {name:<16} {does}"))
}

/// What an option can be, platform by platform.
fn listed(
    intro: &str,
    names: fn(Platform) -> Vec<(&'static str, &'static str)>,
    line: fn(&str, &str) -> String,
) -> String {
    let mut lines = vec![intro.to_owned()];
    for (at, platform) in Platform::ALL.into_iter().enumerate() {
        let name = Service::of(platform.word()).map_or(platform.word(), Service::name);
        lines.extend((at > 0).then(|| format!("Of {name}:")));
        lines.extend(names(platform).into_iter().map(|(name, does)| line(name, does)));
    }
    lines.join("\n")
}

/// The version, and which commit a release was built of.
const fn version() -> &'static str {
    match option_env!("ROLLCALL_BUILT_OF") {
        Some(commit) => commit,
        None => env!("CARGO_PKG_VERSION"),
    }
}

/// The table of exit codes under `rollcall --help`.
fn exit_codes() -> String {
    let rows = Exit::ALL.map(|exit| format!("  {:<4}{}", exit.code(), exit.meaning()));
    format!("Exit codes:\n{}", rows.join("\n"))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definitions_agree_with_each_other() {
        Args::command().debug_assert();
    }
}
