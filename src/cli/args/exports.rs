//! Which files stand for HR exports?

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::cli::process::failure::Failure;
use crate::diag::nearest;
use crate::manifest::{Exports, Loaded};

/// Files for the HR exports that manifests name.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct ExportFiles {
    /// Read this file as the HR export NAME, whatever file its source in `hr.sources` names; more than one may be given
    #[arg(long, value_name = "NAME=FILE", value_parser = given)]
    hr: Vec<Given>,
}

/// A file for one export.
#[derive(Debug, Clone)]
pub(crate) struct Given {
    name: Box<str>,
    file: PathBuf,
}

/// What `--hr` can't be.
#[derive(Debug, thiserror::Error)]
pub(super) enum Misuse {
    #[error("expected NAME=FILE")]
    NoFile,
    #[error("--hr names `{0}` twice")]
    Twice(Box<str>),
    #[error("--hr names `{0}`, and `hr.sources` has no source of that name")]
    Stranger(Box<str>),
}

pub(super) fn given(text: &str) -> Result<Given, Misuse> {
    let (name, file) = text.split_once('=').ok_or(Misuse::NoFile)?;
    let name = name.trim();
    if name.is_empty() || file.is_empty() {
        return Err(Misuse::NoFile);
    }
    Ok(Given { name: name.into(), file: file.into() })
}

impl ExportFiles {
    /// These files.
    pub(super) const fn of(hr: Vec<Given>) -> Self {
        Self { hr }
    }

    /// Each as it was given.
    pub(crate) fn given(&self) -> impl Iterator<Item = String> {
        self.hr.iter().map(|Given { name, file }| format!("{name}={}", file.display()))
    }

    /// The files by name.
    pub(crate) fn exports(&self) -> Result<Exports, Failure> {
        let mut files = BTreeMap::new();
        for Given { name, file } in &self.hr {
            if files.insert(name.clone(), file.clone()).is_some() {
                return Err(Failure::usage(Misuse::Twice(name.clone())));
            }
        }
        Ok(Exports::Read(files))
    }

    /// Refuses a name that no manifest has: the file would not be read, and another one in its place.
    pub(crate) fn check(&self, loaded: &Loaded) -> Result<(), Failure> {
        let names = || loaded.hr_sources.iter().map(|name| &**name);
        let Some(stranger) = self.hr.iter().find(|given| names().all(|name| name != &*given.name)) else {
            return Ok(());
        };
        let failure = Failure::usage(Misuse::Stranger(stranger.name.clone()));
        let sources = names().collect::<Vec<_>>().join(", ");
        Err(match nearest(&stranger.name, names()) {
            Some(near) => failure.hint(format!("did you mean `{near}`?")),
            None if sources.is_empty() => failure.hint("declare the source in `hr.sources` of a manifest"),
            None => failure.hint(format!("the sources are: {sources}")),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_given_by_name() {
        let it = given("work day=a=b.csv").unwrap();
        assert_eq!((&*it.name, it.file), ("work day", PathBuf::from("a=b.csv")));
        for text in ["workday", "=a.csv", "workday=", " =a.csv"] {
            assert!(given(text).is_err(), "{text}");
        }
    }
}
