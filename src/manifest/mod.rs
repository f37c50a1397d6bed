//! YAML manifests become the desired account, with every diagnostic at once.
//!
//! `files` finds and reads them, `yaml` reads one, `raw` is what a manifest can say, `lower` is what it means, and `rules`
//! hold across files. [`load`] runs all of it, [`gather`] all but the rules. [`emit`] is the way back: what an account should be becomes a manifest.

mod declared;
pub mod edit;
mod emit;
mod export;
pub mod files;
mod foreign;
mod lower;
mod raw;
mod rules;
mod source;
mod survey;
pub mod yaml;

#[cfg(test)]
mod tests;

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use schemars::Schema;
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;

use crate::diag::{Code, Diagnostic, Diagnostics, Place, Sources};
use crate::manifest::declared::Declared;
pub use crate::manifest::emit::{EmitError, Entries, emit, emit_entries, emit_groups};
pub use crate::manifest::export::{Exports, Sheet, SheetRow, propose, sheet};
pub use crate::manifest::files::{Edited, shown_below};
use crate::manifest::files::{Files, Limits};
use crate::manifest::rules::Picture;
pub use crate::manifest::survey::{Survey, survey};
use crate::model::{Account, Bounds, Dates, Desired, Policy};

/// What a folder of manifests says.
#[derive(Debug)]
pub struct Loaded {
    /// Every manifest that was read; it resolves the places of `desired` and `diagnostics`.
    pub sources: Sources,
    /// The desired account; none if any diagnostic is an error, or if HR exports are ignored and there are some.
    pub desired: Option<Desired>,
    /// The names of all HR sources, sorted: what files can be given for.
    pub hr_sources: Vec<Box<str>>,
    /// The account that they name, if exactly one manifest does, whatever is wrong with the rest.
    pub account: Option<Account>,
    /// The policy, if exactly one manifest has one that could be read, whatever is wrong with the rest.
    pub policy: Option<Policy>,
    /// The HR sources, in the order in which they are declared, with what they ask of their exports, whether those could be read or
    /// not.
    pub bounds: Vec<(Box<str>, Bounds)>,
    /// Everything that was found, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads and checks all manifests below `path`, those they include, and the HR exports that they name. `today` is the dates that
/// orders are measured by.
///
/// The outcome depends on paths and texts only, never on the order of folders.
pub fn load(path: &Path, today: impl Into<Dates>, exports: &Exports) -> Loaded {
    gather(path, exports).judge(today)
}

/// What a folder of manifests says, before its rules are checked: which day they are checked for may depend on the account
/// that is named there.
#[derive(Debug)]
pub struct Gathered {
    /// The path that was asked for.
    path: PathBuf,
    /// Every manifest that was read; it resolves the places of what they say.
    pub sources: Sources,
    declared: Declared,
    /// What they include.
    included: Vec<PathBuf>,
    found: Diagnostics,
    bounds: Vec<(Box<str>, Bounds)>,
}

/// Reads all manifests below `path`, those they include, and the HR exports that they name.
pub fn gather(path: &Path, exports: &Exports) -> Gathered {
    gather_of(path, exports, Files::open(path, Limits::default()))
}

/// The same, where some manifests are read as if they said something else than they do on the disk.
pub fn gather_edited(path: &Path, exports: &Exports, edited: &Edited) -> Gathered {
    let files = Files::open(path, Limits::default()).map(|files| files.edited(edited.clone()));
    gather_of(path, exports, files)
}

/// The same within limits.
#[cfg(test)]
fn gather_within(path: &Path, exports: &Exports, limits: Limits) -> Gathered {
    gather_of(path, exports, Files::open(path, limits))
}

fn gather_of(path: &Path, exports: &Exports, files: Result<Files, Diagnostic>) -> Gathered {
    let mut sources = Sources::default();
    let mut found = Diagnostics::default();
    let mut bounds: Vec<(Box<str>, Bounds)> = Vec::new();
    let mut included = Vec::new();
    let declared = match files {
        Ok(mut files) => {
            let new = files.read(path, &place(path), &mut sources, &mut found);
            let mut declared = read(&sources, new, &mut found);
            included = include(&mut files, &mut sources, &mut declared, &mut found);
            bounds = declared.sources.iter().map(|it| (it.name.value.clone(), it.bounds())).collect();
            if let Exports::Read(given) = exports {
                export::read(given, &files, &mut sources, &mut declared, &mut found);
            }
            declared
        }
        Err(problem) => {
            found.push(problem);
            Declared::default()
        }
    };
    Gathered { path: path.to_owned(), sources, declared, included, found, bounds }
}

impl Gathered {
    /// The account that they name, if exactly one manifest does, whatever is wrong with the rest.
    pub fn account(&self) -> Option<&Account> {
        match &self.declared.accounts[..] {
            [account] => account.as_ref(),
            _ => None,
        }
    }

    /// The files and folders that an account is made of, besides its own folder, whether they are there or not: manifests, what they
    /// include, and the HR exports that they name, where those were ignored.
    pub fn made_of(&self) -> Vec<PathBuf> {
        let exports = self.declared.sources.iter().filter_map(|source| source.csv.as_ref());
        let exports = exports.map(|csv| files::beside(&self.sources, csv.span, &csv.value));
        let manifests = self.sources.texts().map(|source| PathBuf::from(source.path()));
        manifests.chain(self.included.iter().cloned()).chain(exports).collect()
    }

    /// Whether the manifests could not be read in whole, so that they may name more than was found.
    pub fn is_broken(&self) -> bool {
        self.found.has_errors()
    }

    /// Checks what was read against all rules; `today` is the dates that orders are measured by.
    pub fn judge(self, today: impl Into<Dates>) -> Loaded {
        let account = self.account().cloned();
        let policy = match &self.declared.policies[..] {
            [policy] => Some(policy.value.clone()),
            _ => None,
        };
        let Self { path, sources, declared, mut found, bounds, .. } = self;
        let mut hr_sources: Vec<Box<str>> = bounds.iter().map(|(name, _)| name.clone()).collect();
        hr_sources.sort_unstable();
        let whole = !found.has_errors() && declared.sources.is_empty();
        let picture = if whole { Picture::Whole } else { Picture::Partial };
        let mut broken = rules::check(&declared, picture, &place(&path), today.into());
        rules::mark(&mut broken, &sources);
        found.join(broken);
        let whole = !found.has_errors() && declared.sources.is_empty();
        let desired = if whole { declared.into_desired() } else { None };
        let mut diagnostics = found.sorted();
        point_to_folder(&path, &mut diagnostics);
        Loaded { sources, desired, hr_sources, account, policy, bounds, diagnostics }
    }
}

/// Where a problem of all manifests together is shown.
fn place(path: &Path) -> Place {
    Place::file(path.to_string_lossy())
}

/// Problems of what all manifests together lack.
const OF_THE_WHOLE: [Code; 3] = [Code::MissingAccount, Code::NothingDeclared, Code::TooFewUsers];

/// What a single manifest lacks may stand in those beside it, which were not read.
fn point_to_folder(path: &Path, found: &mut [Diagnostic]) {
    let mut lacking = found.iter_mut().filter(|it| OF_THE_WHOLE.contains(&it.code)).peekable();
    if lacking.peek().is_some()
        && let Some(folder) = files::folder_of_several(path)
    {
        let help = format!(
            "the manifests beside this one were not read: to read them too, give their folder, `{folder}`"
        );
        lacking.for_each(|it| it.help = Some(help.clone()));
    }
}

/// The JSON Schema of a manifest, draft 2020-12.
pub fn schema() -> serde_json::Value {
    let mut settings = SchemaSettings::draft2020_12();
    settings.transforms.push(Box::new(RecursiveTransform(without_width)));
    settings.into_generator().into_root_schema_for::<raw::Manifest>().to_value()
}

/// Takes out how wide a number is in Rust, which editors do not know.
fn without_width(schema: &mut Schema) {
    if schema.get("type").is_some_and(|it| it == "integer") {
        schema.remove("format");
    }
}

/// So many users, groups and exclusions are read of all files together: twenty times the largest account.
const MOST_ENTRIES: usize = 2_000_000;
/// Problems that end the reading of a file.
const BREAKS_OFF: [Code; 4] = [Code::Syntax, Code::ControlCharacter, Code::TooDeep, Code::TooManyNodes];
/// Problems of what an entry lacks.
const OF_ABSENCE: [Code; 3] = [Code::MissingKey, Code::NoIdentifier, Code::DeviceLoginOnly];

/// Reads manifests in parallel and joins what they declare in their order.
fn read(sources: &Sources, new: Range<usize>, found: &mut Diagnostics) -> Declared {
    let files = sources.files().get(new).unwrap_or_default();
    let read = AtomicUsize::new(0);
    let parts: Vec<_> = files
        .par_iter()
        .map(|source| {
            if read.load(Ordering::Relaxed) > MOST_ENTRIES {
                return (Declared::default(), Diagnostics::default());
            }
            let (manifest, mut found) = yaml::read::<lower::Manifest>(source);
            let mut meaning = Diagnostics::default();
            let declared = lower::manifest(manifest, &mut meaning);
            let entries = declared.users.len() + declared.groups.len() + declared.exclusions.len();
            read.fetch_add(entries, Ordering::Relaxed);
            // The last entry of a file that breaks off is not whole: what it lacks may stand further down.
            if found.found().iter().any(|it| BREAKS_OFF.contains(&it.code)) {
                meaning.leave_out(&OF_ABSENCE);
            }
            found.join(meaning);
            if let Some(foreign) =
                found.has_errors().then(|| foreign::not_a_manifest(source, &found)).flatten()
            {
                return (Declared::default(), Diagnostics::from_iter([foreign]));
            }
            // Where the layout is astray, all else follows from it.
            match found.has_errors().then(|| yaml::cause(source)).flatten() {
                Some(cause) => (Declared::default(), Diagnostics::from_iter([cause])),
                None => (declared, found),
            }
        })
        .collect();
    if let Some(first) = files.first().filter(|_| read.load(Ordering::Relaxed) > MOST_ENTRIES) {
        let message =
            format!("the manifests together have more than {MOST_ENTRIES} users, groups and exclusions");
        let help = "an account has no more than that: look which files are no manifests of it";
        found.push(Diagnostic::new(Code::TooManyNodes, Place::file(first.path()), message).help(help));
        return Declared::default();
    }
    let mut declared = Declared::default();
    let users = || parts.iter().map(|(part, _)| part.users.len());
    if users().filter(|users| *users > 0).count() > 1 {
        declared.users.reserve_exact(users().sum());
    }
    for (part, problems) in parts {
        declared.join(part);
        found.join(problems);
    }
    declared
}

/// Reads the shared manifests that `include` names, each folder relative to the manifest that names it; answers where they are.
fn include(
    files: &mut Files,
    sources: &mut Sources,
    declared: &mut Declared,
    found: &mut Diagnostics,
) -> Vec<PathBuf> {
    let mut included = Vec::new();
    for folder in std::mem::take(&mut declared.includes) {
        let path = files::beside(sources, folder.span, &folder.value);
        if files.hides(&path, &folder.span.into()) {
            found.push(files::hidden(folder.span.into(), &folder.value));
        } else {
            let new = files.read(&path, &folder.span.into(), sources, found);
            declared.join(read(sources, new, found));
        }
        included.push(path);
    }
    included
}
