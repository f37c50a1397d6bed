//! What can be asked of the way in: import.

use std::path::PathBuf;

use clap::ValueEnum;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::cli::args::adopting::Adopting;
use crate::cli::args::shared::{Manifests, Wire};
use crate::import::{HrGroups, PrimaryGroups};
use crate::model::{HR_GROUP_TYPE, Place, Region, Service, Username};

/// `rollcall import`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rollcall import manifests --region us
  rollcall import manifests --region eu --split letter --hr carry
  rollcall import manifests --region us --split export \\
    --split-file people.csv --split-user 'Work Email' --split-column Department
  rollcall import manifests --region us --json import.json
  rollcall import learning --platform docebo --username email
  rollcall import manifests --region us --from groups_123456.csv
  rollcall import --sandbox account.json --region us && rollcall sandbox --seed account.json
  rollcall import --into manifests   (what would have to change in them, and nothing is written)
  rollcall import --into manifests --write
  rollcall import --into manifests --only ada@acme.example
  rollcall import --into manifests --all --write")]
pub(crate) struct Import {
    #[command(flatten)]
    pub(crate) manifests: Manifests,
    /// Make group manifests of this file alone, the app's group download; nothing is asked of the account
    #[arg(long, value_name = "FILE", conflicts_with_all = ["platform", "split", "hr", "primary_groups", "endpoint", "concurrency", "max_rate", "patience"])]
    pub(crate) from: Option<PathBuf>,
    /// Save the account as the seed of a sandbox instead, in the file that DIR then names
    #[arg(long, conflicts_with_all = ["from", "split", "hr", "primary_groups", "json"])]
    pub(crate) sandbox: bool,
    /// Beside `--sandbox`: another name, identifier and group name for each that there is, the same everywhere, so that the file can
    /// be shown to others
    #[arg(long, requires = "sandbox")]
    pub(crate) pseudonyms: bool,
    #[command(flatten)]
    pub(crate) adopting: Adopting,
    /// The region of the account
    #[arg(long, value_name = "REGION", required_unless_present_any = ["into", "platform"])]
    pub(crate) region: Option<RegionWord>,
    #[command(flatten)]
    pub(crate) learning: LearningPlatform,
    /// What the account is called in output; the name of DIR without it
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// How the account calls the type of its HR groups
    #[arg(long, value_name = "TYPE", default_value = HR_GROUP_TYPE)]
    pub(crate) hr_group_type: String,
    /// How users are parted into files
    #[arg(long, value_name = "HOW", default_value = "none")]
    pub(crate) split: SplitWord,
    #[command(flatten)]
    pub(crate) export: SplitExport,
    /// What becomes of HR groups
    #[arg(long, value_name = "HOW", default_value = "declare")]
    pub(crate) hr: HrWord,
    /// What becomes of the primary groups of users in several groups: no API says whether somebody chose them
    #[arg(long, value_name = "HOW", default_value = "write")]
    pub(crate) primary_groups: PrimaryWord,
    #[command(flatten)]
    pub(crate) wire: Wire,
    /// Write the report as JSON; `-` is stdout, instead of text
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
}

/// A platform where accounts have no region.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct LearningPlatform {
    /// In the place of `--region`: an account of this platform, at the address in `DOCEBO_URL`
    #[arg(long, value_name = "PLATFORM", conflicts_with = "region", requires = "username", value_parser = learning_platform())]
    pub(crate) platform: Option<Service>,
    /// With `--platform`: which identifier people log in with there
    #[arg(long, value_name = "IDENTIFIER", requires = "platform")]
    pub(crate) username: Option<UsernameWord>,
}

/// Takes the word of a learning platform.
fn learning_platform() -> impl TypedValueParser<Value = Service> {
    let services = Service::ALL.iter().filter(|it| it.place() == Place::Tenant);
    let word = |it: &Service| PossibleValue::new(it.word()).help(it.at());
    PossibleValuesParser::new(services.map(word))
        .try_map(|word| Service::of(&word).ok_or_else(|| format!("no platform: {word}")))
}

/// Which identifier is the username.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum UsernameWord {
    /// The email
    Email,
    /// The UPN
    Upn,
    /// The employee ID
    #[value(name = "employeeId")]
    EmployeeId,
}

impl From<UsernameWord> for Username {
    fn from(word: UsernameWord) -> Self {
        match word {
            UsernameWord::Email => Self::Email,
            UsernameWord::Upn => Self::Upn,
            UsernameWord::EmployeeId => Self::EmployeeId,
        }
    }
}

/// Where an account is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RegionWord {
    /// United States
    Us,
    /// European Union
    Eu,
    /// United Kingdom
    Uk,
    /// Canada
    Ca,
    /// Australia
    Au,
}

impl From<RegionWord> for Region {
    fn from(word: RegionWord) -> Self {
        match word {
            RegionWord::Us => Self::Us,
            RegionWord::Eu => Self::Eu,
            RegionWord::Uk => Self::Uk,
            RegionWord::Ca => Self::Ca,
            RegionWord::Au => Self::Au,
        }
    }
}

/// How users are parted into files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SplitWord {
    /// All in users.yaml
    None,
    /// By the first letter: users/a.yaml and so on
    Letter,
    /// By primary group: users/engineering.yaml and so on
    Group,
    /// By a column of an HR export, which `--split-file`, `--split-user` and `--split-column` name: users/sales.yaml and so on
    Export,
}

/// The HR export that says into which file a user goes.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct SplitExport {
    /// With `--split export`: the CSV file
    #[arg(long = "split-file", value_name = "FILE", required_if_eq("split", "export"))]
    pub(crate) file: Option<PathBuf>,
    /// With `--split export`: the column that finds the user, by an email, UPN or employee ID
    #[arg(long = "split-user", value_name = "COLUMN", required_if_eq("split", "export"))]
    pub(crate) user: Option<String>,
    /// With `--split export`: the column whose values become files
    #[arg(long = "split-column", value_name = "COLUMN", required_if_eq("split", "export"))]
    pub(crate) column: Option<String>,
}

/// What becomes of HR groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum HrWord {
    /// Manifests say who is in them
    Declare,
    /// No manifest mentions them, and every upload carries them over as they are
    Carry,
}

impl From<HrWord> for HrGroups {
    fn from(word: HrWord) -> Self {
        match word {
            HrWord::Declare => Self::Declare,
            HrWord::Carry => Self::Carry,
        }
    }
}

/// What becomes of primary groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PrimaryWord {
    /// They are written, as if somebody had chosen them
    Write,
    /// They are left to the account
    Leave,
}

impl From<PrimaryWord> for PrimaryGroups {
    fn from(word: PrimaryWord) -> Self {
        match word {
            PrimaryWord::Write => Self::Write,
            PrimaryWord::Leave => Self::Leave,
        }
    }
}
