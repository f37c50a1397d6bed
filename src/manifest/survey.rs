//! Which folders below a path are those of accounts? Those with a manifest that names one, whatever is wrong with it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::diag::{Diagnostic, Diagnostics, Place, Source, Sources};
use crate::manifest::files::{Files, Limits, shown};
use crate::manifest::{foreign, lower, yaml};

/// What lies below a path.
#[derive(Debug)]
pub struct Survey {
    /// The folders of accounts, as they are shown, sorted.
    pub folders: BTreeSet<PathBuf>,
    /// Every manifest, as it is shown.
    pub manifests: Vec<PathBuf>,
    /// What could not be read.
    pub unread: Vec<Diagnostic>,
    /// The texts, which resolve the places of `unread`.
    pub sources: Sources,
}

/// Looks at every manifest below a folder.
pub fn survey(path: &Path) -> Survey {
    let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
    match Files::open(path, Limits::default()) {
        Ok(mut files) => drop(files.read(path, &Place::file(shown(path)), &mut sources, &mut found)),
        Err(problem) => found.push(problem),
    }
    let folder = |source: &Source| {
        let above = Path::new(source.path()).parent().filter(|above| !above.as_os_str().is_empty());
        above.unwrap_or(Path::new(".")).to_owned()
    };
    let of_accounts = sources.files().par_iter().filter(|source| names_account(source)).map(folder);
    Survey {
        folders: of_accounts.collect(),
        manifests: sources.files().iter().map(|source| source.path().into()).collect(),
        unread: found.sorted(),
        sources,
    }
}

/// Whether a manifest names an account: as it is read, and where it can't be, as it is written.
fn names_account(source: &Source) -> bool {
    foreign::names_account(source.text()) || !yaml::read::<lower::Manifest>(source).0.account.is_absent()
}
