//! Which files are the manifests? The walk, its limits, and the only place that reads a manifest from disk.

mod alike;
mod walk;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::path::{Component, Path, PathBuf};

use rayon::prelude::*;

use crate::diag::{Code, Diagnostic, Diagnostics, Place, Sources};
pub(crate) use alike::Alike;

/// How much is read.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of one file.
    pub file: u64,
    /// Bytes of all files together; [`Sources`] number at most 4 GiB.
    pub total: u64,
    /// Folders below each other: each is one more look at every file in it.
    pub depth: usize,
    /// Folders that are looked into, and manifests that are read.
    pub files: usize,
    /// Bytes of one HR export.
    pub export: u64,
    /// People whom the exports name and no manifest does: three times as many as the largest account has.
    pub people: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { file: 64 << 20, total: 1 << 30, depth: 64, files: 100_000, export: 512 << 20, people: 300_000 }
    }
}

/// A manifest the walk found: how it is shown, which file it is, and its size before reading.
struct Found {
    shown: String,
    file: PathBuf,
    bytes: u64,
}

/// Reads manifests below a path, each file once, and nothing outside the repository.
///
/// The repository is the nearest folder upwards with `.git`, else the path itself.
#[derive(Debug)]
pub struct Files {
    repository: PathBuf,
    limits: Limits,
    read: BTreeSet<PathBuf>,
    bytes: u64,
}

impl Files {
    /// Prepares to read below `path`: a folder, or a single manifest.
    pub fn open(path: &Path, limits: Limits) -> Result<Self, Diagnostic> {
        let at = path.canonicalize().map_err(|error| unreadable(&shown(path), &error))?;
        let folder = if at.is_dir() { &*at } else { at.parent().unwrap_or(&at) };
        let repository = folder.ancestors().find(|it| it.join(".git").exists()).unwrap_or(folder).to_owned();
        Ok(Self { repository, limits, read: BTreeSet::new(), bytes: 0 })
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
        let found = walk::manifests(path, asked, (&self.repository, self.limits), &mut refused)?;
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
        let texts: Vec<_> = new.par_iter().map(|it| text(it, self.limits.file)).collect();
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

/// A path as it is called, and the file or folder that it is, links followed. One whose name is put together of other characters
/// is found; one whose name differs is told. Of what is outside the repository nothing is: whether it is there, what it is, and how
/// it is called.
///
/// # Errors
/// Says why there is none, at the place that asks for it.
fn real(path: &Path, asked: &Place, repository: &Path) -> Result<(PathBuf, PathBuf), Diagnostic> {
    let placed = |error: io::Error| Diagnostic { place: asked.clone(), ..unreadable(&shown(path), &error) };
    if !nearest_there(path).starts_with(repository) {
        return Err(walk::leaves(asked.clone(), path));
    }
    let error = match path.canonicalize() {
        Ok(real) => return Ok((path.to_owned(), real)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => error,
        Err(error) => return Err(placed(error)),
    };
    match Alike::of(path) {
        Alike::Same(there) | Alike::Other(there, _) if !nearest_there(&there).starts_with(repository) => {
            Err(placed(error))
        }
        Alike::Same(there) => there.canonicalize().map(|real| (there, real)).map_err(placed),
        Alike::Other(there, why) => {
            let message = format!("`{}` is not there, and `{}` is", shown(path), shown(&there));
            Err(Diagnostic::new(Code::Unreadable, asked.clone(), message).help(why))
        }
        Alike::Nothing => Err(placed(error)),
    }
}

/// A path as it really is, or the nearest folder above it that is there.
fn nearest_there(path: &Path) -> PathBuf {
    let here = |path: &Path| if path.as_os_str().is_empty() { PathBuf::from(".") } else { path.to_owned() };
    path.ancestors().find_map(|above| here(above).canonicalize().ok()).unwrap_or_default()
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

fn unreadable(shown: &str, error: &io::Error) -> Diagnostic {
    Diagnostic::new(Code::Unreadable, Place::file(shown), format!("could not be read: {error}"))
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

/// Whether a file or folder of a repository, as it really is, is hidden there.
fn hides(repository: &Path, real: &Path) -> bool {
    real.strip_prefix(repository).is_ok_and(is_hidden)
}

/// Whether a path is that of a hidden file, or of one in a hidden folder.
pub(crate) fn is_hidden(path: &Path) -> bool {
    let hidden = |part| matches!(part, Component::Normal(name) if name.to_string_lossy().starts_with('.'));
    path.components().any(hidden)
}

/// What a manifest or a link leads to is hidden: it is a program's, and may hold its keys.
pub(super) fn hidden(place: Place, shown: &str) -> Diagnostic {
    let message = format!("`{shown}` is hidden, or lies in a hidden folder");
    Diagnostic::new(Code::HiddenPath, place, message)
        .help("move the file to a place whose name begins with no dot")
}

/// A path as people read it: `/` on every system, without `.` and with `..` worked out.
pub(super) fn shown(path: &Path) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut root = "";
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::RootDir => root = "/",
            Component::ParentDir if parts.last().is_some_and(|it| it != "..") => drop(parts.pop()),
            other => parts.push(other.as_os_str().to_string_lossy().into_owned()),
        }
    }
    let joined = format!("{root}{}", parts.join("/"));
    if joined.is_empty() { ".".to_owned() } else { joined }
}
