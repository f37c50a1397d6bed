//! Which files are the manifests? The walk, its limits, and the only place that reads a manifest from disk.

mod alike;
mod edited;
mod limits;
mod path;
mod walk;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::diag::{Code, Diagnostic, Diagnostics, Place, Sources};
pub(crate) use alike::Alike;
pub use edited::Edited;
pub use limits::Limits;
pub(crate) use path::is_hidden;
pub(super) use path::{beside, hidden, shown};
use path::{hides, real, unreadable};
use walk::Found;

/// Reads manifests below a path, each file once, and nothing outside the repository.
///
/// The repository is the nearest folder upwards with `.git`, else the path itself.
#[derive(Debug)]
pub struct Files {
    repository: PathBuf,
    limits: Limits,
    read: BTreeSet<PathBuf>,
    bytes: u64,
    edited: Edited,
}

impl Files {
    /// Prepares to read below `path`: a folder, or a single manifest.
    pub fn open(path: &Path, limits: Limits) -> Result<Self, Diagnostic> {
        let at = path.canonicalize().map_err(|error| unreadable(&shown(path), &error))?;
        let folder = if at.is_dir() { &*at } else { at.parent().unwrap_or(&at) };
        let repository = folder.ancestors().find(|it| it.join(".git").exists()).unwrap_or(folder).to_owned();
        Ok(Self { repository, limits, read: BTreeSet::new(), bytes: 0, edited: Edited::default() })
    }

    /// The same, where some manifests are read as if they said something else.
    #[must_use]
    pub fn edited(self, edited: Edited) -> Self {
        Self { edited, ..self }
    }

    /// Reads every manifest below `path` that was not read before, and adds them to `sources` behind what is there, sorted
    /// by path as shown. Returns which they are.
    ///
    /// The first call takes the path of [`open`](Self::open); later calls add the folders that manifests include. `asked` is
    /// who asks: the path itself, or the text of the `include`; problems of the path as a whole are placed there.
    pub fn read(
        &mut self,
        path: &Path,
        asked: &Place,
        sources: &mut Sources,
        problems: &mut Diagnostics,
    ) -> Range<usize> {
        let before = sources.files().len();
        if let Err(problem) = self.try_read(path, asked, sources, problems) {
            problems.push(problem);
        }
        before..sources.files().len()
    }

    fn try_read(
        &mut self,
        path: &Path,
        asked: &Place,
        sources: &mut Sources,
        problems: &mut Diagnostics,
    ) -> Result<(), Diagnostic> {
        let mut refused = Diagnostics::default();
        let mut found = walk::manifests(path, asked, (&self.repository, self.limits), &mut refused)?;
        self.add_new(path, &mut found);
        if found.is_empty() && refused.is_empty() {
            let message = format!("no `*.yaml` or `*.yml` below `{}`", shown(path));
            return Err(Diagnostic::new(Code::NoManifests, asked.clone(), message)
                .help("give the folder that holds the manifests; hidden files and folders are left out"));
        }
        problems.join(refused);
        let new: Vec<Found> = found.into_iter().filter(|it| self.read.insert(it.file.clone())).collect();
        self.bytes = new.iter().fold(self.bytes, |sum, it| sum.saturating_add(it.bytes));
        if self.bytes > self.limits.total {
            let message = format!(
                "the manifests have {} bytes together, at most {} are read",
                self.bytes, self.limits.total
            );
            return Err(Diagnostic::new(Code::TooLarge, asked.clone(), message));
        }
        let read = |it: &Found| match self.edited.text(&it.shown) {
            Some(edited) => Ok(edited.to_owned()),
            None => text(it, self.limits.file),
        };
        let texts: Vec<_> = new.par_iter().map(read).collect();
        for (it, text) in new.into_iter().zip(texts) {
            match text {
                Ok(text) => {
                    sources
                        .add(it.shown, text)
                        .map_err(|error| Diagnostic::new(Code::TooLarge, asked.clone(), error.to_string()))?;
                }
                Err(problem) => problems.push(problem),
            }
        }
        Ok(())
    }
}

impl Files {
    /// Adds the manifests of a folder that are not on the disk yet.
    fn add_new(&self, folder: &Path, found: &mut Vec<Found>) {
        if !folder.is_dir() {
            return;
        }
        let begins = shown_below(folder, "");
        for (path, text) in self.edited.texts().filter(|(path, _)| path.starts_with(&begins)) {
            if !Path::new(path).exists() {
                found.push(Found { shown: path.to_owned(), file: path.into(), bytes: text.len() as u64 });
            }
        }
        found.sort_by(|a, b| a.shown.cmp(&b.shown));
    }
}

/// The path of a file in a folder, as it is shown.
pub fn shown_below(folder: &Path, name: &str) -> String {
    match &*shown(folder) {
        "." => name.to_owned(),
        "/" => format!("/{name}"),
        folder => format!("{folder}/{name}"),
    }
}

/// An export that a manifest names, as it is shown and as it is.
#[derive(Debug)]
pub struct Named {
    /// As it is shown.
    pub shown: String,
    /// The file.
    pub file: PathBuf,
}

impl Files {
    /// How much is read.
    pub(super) const fn limits(&self) -> Limits {
        self.limits
    }

    /// Whether a path leads to something hidden in the repository.
    pub(super) fn hides(&self, path: &Path, asked: &Place) -> bool {
        real(path, asked, &self.repository).is_ok_and(|(_, real)| hides(&self.repository, &real))
    }

    /// The export at a path that a manifest names: a regular file in the repository, none that is hidden, and named as tables are.
    ///
    /// # Errors
    /// Says why it is none, at the place that asks for it.
    pub fn export(&self, path: &Path, asked: &Place) -> Result<Named, Diagnostic> {
        let (_, file) = real(path, asked, &self.repository)?;
        if hides(&self.repository, &file) {
            return Err(hidden(asked.clone(), &shown(path)));
        }
        let file = regular(path, file, asked)?;
        if [path, &*file].into_iter().all(is_table_name) {
            return Ok(Named { shown: shown(path), file });
        }
        let message = format!("`{}` is not named as an export is", shown(path));
        Err(Diagnostic::new(Code::NotATable, asked.clone(), message)
            .help(format!("an export ends in {}: rename the file", TABLES.join(", "))))
    }
}

/// How exports are named. A manifest names no other file: of a key or a configuration every line would be taken for somebody's.
const TABLES: [&str; 5] = [".csv", ".tsv", ".tab", ".psv", ".txt"];

fn is_table_name(path: &Path) -> bool {
    let ending = path.extension().map(|ending| format!(".{}", ending.to_string_lossy().to_ascii_lowercase()));
    ending.is_some_and(|ending| TABLES.contains(&&*ending))
}

/// A file of the command line, which may be any: who names it may read it.
///
/// # Errors
/// Says why there is none.
pub(super) fn at_hand(path: &Path) -> Result<Named, Diagnostic> {
    let shown = shown(path);
    let place = Place::file(&*shown);
    let file = real(path, &place, Path::new(""))?.1;
    Ok(Named { file: regular(path, file, &place)?, shown })
}

/// A regular file as it really is, links followed.
///
/// # Errors
/// Says why it is none, at the place that asks for it.
fn regular(path: &Path, file: PathBuf, asked: &Place) -> Result<PathBuf, Diagnostic> {
    let placed = |error: io::Error| Diagnostic { place: asked.clone(), ..unreadable(&shown(path), &error) };
    let message = || format!("`{}` is no regular file", shown(path));
    if file.metadata().map_err(placed)?.is_file() {
        Ok(file)
    } else {
        Err(Diagnostic::new(Code::NotAFile, asked.clone(), message())
            .help("name the file itself; it is read twice"))
    }
}

/// The text of one manifest, without a byte order mark.
fn text(it: &Found, most: u64) -> Result<String, Diagnostic> {
    if it.bytes > most {
        return Err(large(&it.shown, it.bytes, most));
    }
    let file = File::open(&it.file).map_err(|error| unreadable(&it.shown, &error))?;
    // The size was another moment's: the reading itself is bounded too.
    let mut bytes = Vec::with_capacity(usize::try_from(it.bytes).unwrap_or_default() + 1);
    let read = file.take(most + 1).read_to_end(&mut bytes).map_err(|error| unreadable(&it.shown, &error))?;
    if read as u64 > most {
        return Err(large(&it.shown, read as u64, most));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes().iter().take(at).filter(|&&byte| byte == b'\n').count() + 1;
        let message = format!("not UTF-8 at byte {at}, in line {line}");
        Diagnostic::new(Code::NotUtf8, Place::file(&*it.shown), message).help("save the file as UTF-8")
    })?;
    if text.starts_with("version https://git-lfs.github.com/spec/") {
        let message = "this is a Git LFS pointer, not the file it stands for";
        return Err(Diagnostic::new(Code::LfsPointer, Place::file(&*it.shown), message)
            .help("run `git lfs pull`, or take the file out of LFS"));
    }
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

fn large(shown: &str, bytes: u64, most: u64) -> Diagnostic {
    let message = format!("this file has {bytes} bytes or more, at most {most} are read");
    Diagnostic::new(Code::TooLarge, Place::file(shown), message)
        .help("split it by team, or move it out of the folder if it is no manifest")
}

/// The folder of a single manifest, as it is shown, if there are others in it. Files of a hidden folder don't belong together.
pub(super) fn folder_of_several(path: &Path) -> Option<String> {
    let file = path.canonicalize().ok().filter(|file| file.is_file())?;
    if is_hidden(path) {
        return None;
    }
    let another = |it: &PathBuf| *it != file && walk::is_manifest_name(it) && it.is_file();
    let beside = walk::entries(file.parent()?).ok()?;
    beside.iter().any(another).then(|| shown(path.parent().unwrap_or(path)))
}
