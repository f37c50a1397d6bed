//! Which files below a folder are manifests, and which links lead where they may not?

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::diag::{Code, Diagnostic, Diagnostics, Place};
use crate::manifest::files::limits::Limits;
use crate::manifest::files::path::{hidden, hides, leads_out, leaves, real, shown, unreadable};

/// A manifest the walk found: how it is shown, which file it is, and its size before reading.
pub(super) struct Found {
    pub(super) shown: String,
    pub(super) file: PathBuf,
    pub(super) bytes: u64,
}

/// The manifests below `path`, sorted by path as shown. What may not be read is reported and left out; an error means that
/// `path` itself may not.
pub(super) fn manifests(
    path: &Path,
    asked: &Place,
    (repository, limits): (&Path, Limits),
    problems: &mut Diagnostics,
) -> Result<Vec<Found>, Diagnostic> {
    let (path, real) = real(path, asked, repository)?;
    let path = &*path;
    let (start, visited) = (PathBuf::new(), BTreeSet::new());
    let mut walk =
        Walk { repository, limits, problems, found: Vec::new(), start, visited, above: Vec::new() };
    if real.is_dir() {
        walk.folder(Folder { shown: path.to_owned(), real, depth: 0 });
    } else {
        walk.file(path, real);
    }
    let mut found = walk.found;
    found.sort_by(|a, b| a.shown.cmp(&b.shown));
    Ok(found)
}

/// A folder to look into.
struct Folder {
    shown: PathBuf,
    real: PathBuf,
    /// How many folders are above it.
    depth: usize,
}

struct Walk<'a> {
    repository: &'a Path,
    limits: Limits,
    problems: &'a mut Diagnostics,
    found: Vec<Found>,
    /// Where it began.
    start: PathBuf,
    /// Every folder looked into, as it really is: links can lead into one by more ways than there is time for.
    visited: BTreeSet<PathBuf>,
    /// What the folder being looked into and those above it really are; a link to one of them is a loop.
    above: Vec<PathBuf>,
}

impl Walk<'_> {
    /// Looks into a folder and all below it, each once, by the first way in their order. Without recursion: nothing on disk can
    /// overflow the stack.
    fn folder(&mut self, top: Folder) {
        self.start.clone_from(&top.shown);
        let mut pending = vec![top];
        while let Some(folder) = pending.pop() {
            if !self.visited.insert(folder.real.clone()) {
                continue;
            }
            if folder.depth > self.limits.depth {
                let message = format!("folders are nested more than {} deep", self.limits.depth);
                self.problems.push(Diagnostic::new(Code::TooDeep, place(&folder.shown), message));
                continue;
            }
            if self.visited.len().max(self.found.len()) > self.limits.files {
                let message =
                    format!("more than {} folders or manifests lie below this path", self.limits.files);
                let problem = Diagnostic::new(Code::TooLarge, place(&self.start), message);
                self.problems
                    .push(problem.help("give the folder that holds the manifests, and nothing else"));
                return;
            }
            self.above.truncate(folder.depth);
            self.above.push(folder.real);
            match entries(&folder.shown) {
                Ok(entries) => {
                    // The first is to be taken next.
                    pending.extend(entries.iter().rev().filter_map(|path| self.entry(path)));
                }
                Err(error) => self.problems.push(unreadable(&shown(&folder.shown), &error)),
            }
        }
    }

    /// Takes one entry of a folder; returns it if it is a folder to look into.
    fn entry(&mut self, path: &Path) -> Option<Folder> {
        let manifest = is_manifest_name(path);
        let link = path.is_symlink();
        if !manifest && !link && !path.is_dir() {
            return None;
        }
        if link && leads_out(path, self.repository) {
            self.problems.push(leaves(place(path), path));
            return None;
        }
        let real = match path.canonicalize() {
            Ok(real) => real,
            // A link to nothing matters only where a manifest should be.
            Err(error) => {
                if manifest {
                    self.problems.push(unreadable(&shown(path), &error));
                }
                return None;
            }
        };
        let folder = real.is_dir();
        if !folder && !manifest {
            return None;
        }
        if link && hides(self.repository, &real) {
            self.problems.push(hidden(place(path), &format!("{} -> {}", shown(path), shown(&real))));
            return None;
        }
        if !folder {
            self.file(path, real);
            return None;
        }
        if manifest {
            self.problems.push(not_a_file(path, "a folder"));
            return None;
        }
        if self.above.contains(&real) {
            let message = format!("`{}` leads back to a folder above it", shown(path));
            self.problems
                .push(Diagnostic::new(Code::LinkLoop, place(path), message).help("take the link out"));
            return None;
        }
        Some(Folder { shown: path.to_owned(), real, depth: self.above.len() })
    }

    /// Takes a manifest, unless it is something that must not be opened.
    fn file(&mut self, path: &Path, real: PathBuf) {
        match fs::metadata(&real) {
            Ok(meta) if meta.is_file() => {
                self.found.push(Found { shown: shown(path), file: real, bytes: meta.len() });
            }
            Ok(_) => self.problems.push(not_a_file(path, "a pipe, socket or device")),
            Err(error) => self.problems.push(unreadable(&shown(path), &error)),
        }
    }
}

/// The entries of a folder that are not hidden, sorted.
pub(super) fn entries(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !entry.file_name().to_string_lossy().starts_with('.') {
            entries.push(entry.path());
        }
    }
    entries.sort();
    Ok(entries)
}

/// In any case: `USERS.YAML` was meant to be read.
pub(super) fn is_manifest_name(path: &Path) -> bool {
    path.extension().is_some_and(|it| it.eq_ignore_ascii_case("yaml") || it.eq_ignore_ascii_case("yml"))
}

fn place(path: &Path) -> Place {
    Place::file(shown(path))
}

fn not_a_file(path: &Path, what: &str) -> Diagnostic {
    Diagnostic::new(Code::NotAFile, place(path), format!("this has a manifest's name and is {what}"))
        .help("rename it, or take it out of the manifests folder")
}
