//! What can be asked of the way into manifests that are there: import --into.

use std::path::{Path, PathBuf};

use crate::cli::args::exports::{ExportFiles, Given, given};
use crate::cli::args::lists::ListFiles;
use crate::cli::args::shared::{Access, Manifests, Planning, Question, Wire};
use crate::import::{Only, UnmentionedToo};

/// What `--into` takes.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Adopting {
    /// Edit the manifests that are in this folder, so that a plan of them changes nothing: show what would differ in them
    #[arg(long, value_name = "DIR", conflicts_with_all = ["path", "from", "sandbox", "region", "name", "hr_group_type", "split"])]
    pub(crate) into: Option<PathBuf>,
    /// Beside `--into`: write the manifests
    #[arg(long, requires = "into")]
    pub(crate) write: bool,
    /// Beside `--into`: only this user, group or exclusion, by identifier or name
    #[arg(long, value_name = "NAME", requires = "into", value_parser = only)]
    pub(crate) only: Option<Only>,
    /// Beside `--into`: add entries for what no manifest mentions, too
    #[arg(long, requires = "into")]
    all: bool,
    /// Beside `--into`: read this file as the HR export NAME, as `--hr` of `plan` does; more than one may be given
    #[arg(long, value_name = "NAME=FILE", requires = "into", value_parser = given)]
    hr_file: Vec<Given>,
}

impl Adopting {
    /// Whether what no manifest mentions is added.
    pub(crate) const fn unmentioned(&self) -> UnmentionedToo {
        if self.all { UnmentionedToo::Added } else { UnmentionedToo::No }
    }

    /// What was asked for that only `--into` does, if that is not there: the parser does not say so where something else is that
    /// can't stand beside it.
    pub(crate) fn stray(&self) -> Option<&'static str> {
        let asked = [
            (self.write, "--write"),
            (self.only.is_some(), "--only"),
            (self.all, "--all"),
            (!self.hr_file.is_empty(), "--hr-file"),
        ];
        let first = asked.into_iter().find(|(is_asked, _)| *is_asked).map(|(_, name)| name);
        first.filter(|_| self.into.is_none())
    }

    /// What a plan of the manifests in a folder takes, beside what an import does.
    pub(crate) fn question(&self, folder: &Path, (manifests, wire): (&Manifests, &Wire)) -> Question {
        Question {
            manifests: Manifests { path: folder.to_owned(), ..manifests.clone() },
            access: Access { wire: wire.clone(), fresh: false },
            planning: Planning::of(&ExportFiles::of(self.hr_file.clone()), &ListFiles::default()),
        }
    }
}

fn only(text: &str) -> Result<Only, &'static str> {
    if text.trim().is_empty() { Err("an identifier or a name is expected") } else { Ok(Only::new(text)) }
}
