//! Where do the files of runs lie?

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::plan::Digest;
use crate::run::files::{FileError, keep_entry, write_anew};

/// Where rollback files lie, below the folder of manifests.
const ROLLBACK: &str = ".rollcall/rollback";
/// So many rollback files are kept.
const ROLLBACKS: usize = 50;
/// So many plans are kept.
const PLANS: usize = 200;

/// The folder of what a command was given: that folder itself, or the one a single manifest lies in; of a rollback file, the one
/// whose run left it.
pub(crate) fn folder_of(manifests: &Path) -> PathBuf {
    if !manifests.is_file() {
        return manifests.to_owned();
    }
    let folder = manifests.parent().unwrap_or(manifests);
    let above = |folder: &Path| folder.ancestors().nth(2).map(Path::to_owned);
    let at = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let left_by_a_run = at.canonicalize().ok().filter(|real| real.ends_with(ROLLBACK));
    let origin = match left_by_a_run {
        // As it was said, where that says it.
        Some(_) if folder.ends_with(ROLLBACK) => above(folder),
        Some(real) => above(&real),
        None => None,
    };
    origin.unwrap_or_else(|| folder.to_owned())
}

/// Whether a file lies where runs leave what goes back.
pub(crate) fn is_left_by_a_run(file: &Path) -> bool {
    let folder = file.canonicalize().ok().and_then(|real| real.parent().map(Path::to_owned));
    folder.is_some_and(|folder| folder.ends_with(ROLLBACK))
}

/// `.rollcall/` in the folder of manifests: files that runs leave for later ones, none of them for Git.
#[derive(Debug)]
pub(crate) struct RunFolder(PathBuf);

impl RunFolder {
    /// The run folder of what a command was given, whether it is there or not.
    pub(crate) fn of(manifests: &Path) -> Self {
        Self(folder_of(manifests).join(".rollcall"))
    }

    /// The folder itself.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// The folder itself, made unless it is there.
    pub(crate) fn made(&self) -> Result<&Path, FileError> {
        self.make_all()?;
        Ok(&self.0)
    }

    /// Makes a folder in it, unless it is there.
    pub(crate) fn make_folder(&self, name: &str) -> Result<PathBuf, FileError> {
        self.make_all()?;
        let folder = self.0.join(name);
        make(&folder)?;
        Ok(folder)
    }

    /// Where the plan of a digest is kept.
    pub(crate) fn plan(&self, digest: &str) -> PathBuf {
        self.0.join("plans").join(format!("{digest}.json"))
    }

    /// Where a note of a name is kept.
    pub(crate) fn note(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Keeps a note, for good before anything is sent.
    pub(crate) fn keep_note(&self, name: &str, note: &[u8]) -> Result<(), FileError> {
        self.make_all()?;
        write_anew(&self.note(name), note)
    }

    /// Keeps a plan, so that what is left of it can be recognised later.
    pub(crate) fn keep_plan(&self, digest: Digest, document: &[u8]) -> Result<(), FileError> {
        let folder = self.make_folder("plans")?;
        let path = self.plan(&digest.to_string());
        write_anew(&path, document)?;
        forget_plans(&folder, &path).map_err(|source| FileError::new(&folder, "tidied", source))
    }

    /// Keeps a rollback file and, beside it, the part of the account that it is about, for good before anything is written.
    /// Answers where the file is.
    pub(crate) fn keep_rollback(
        &self,
        name: &str,
        manifest: &[u8],
        slice: &[u8],
    ) -> Result<PathBuf, FileError> {
        let folder = self.make_folder("rollback")?;
        let free = |name: &String| !folder.join(format!("{name}.yaml")).exists();
        let names = std::iter::once(name.to_owned()).chain((2..).map(|again| format!("{name}-{again}")));
        // There is always a next number.
        let name = names.into_iter().find(free).unwrap_or_else(|| name.to_owned());
        let path = folder.join(format!("{name}.yaml"));
        write_anew(&folder.join(format!("{name}.json")), slice)?;
        write_anew(&path, manifest)?;
        Ok(path)
    }

    /// Writes a rollback file anew, at once: it is the old one or the new one at any time.
    pub(crate) fn renew_rollback(file: &Path, manifest: &[u8]) -> Result<(), FileError> {
        write_anew(file, manifest)
    }

    /// Takes a rollback file away, whose run changed nothing.
    pub(crate) fn forget_rollback(file: &Path) -> Result<(), FileError> {
        let gone = remove(file).and_then(|()| remove(&file.with_extension("json")));
        gone.map_err(|source| FileError::new(file, "deleted", source))
    }

    /// Takes the oldest rollback files away, now that the run of the newest has changed something.
    pub(crate) fn tidy_rollbacks(newest: &Path) -> Result<(), FileError> {
        let folder = newest.parent().unwrap_or(newest);
        let old = beyond(ROLLBACKS, folder, "yaml", newest)
            .map_err(|source| FileError::new(folder, "tidied", source))?;
        old.iter().try_for_each(|file| Self::forget_rollback(file))
    }

    /// The rollback files that are there, in the order in which they were written. A clock that was set back or given twice says nothing
    /// by a name.
    pub(crate) fn rollbacks(&self) -> Result<Vec<PathBuf>, FileError> {
        let folder = self.0.join("rollback");
        match by_age(&folder, "yaml") {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            files => files.map_err(|source| FileError::new(&folder, "read", source)),
        }
    }

    /// Makes the run folder with its `.gitignore`, unless they are there.
    fn make_all(&self) -> Result<(), FileError> {
        make(&self.0)?;
        let ignore = self.0.join(".gitignore");
        if !fs::symlink_metadata(&ignore).is_ok_and(|there| there.is_file()) {
            write_anew(&ignore, b"*\n")?;
        }
        Ok(())
    }
}

/// The files of a kind beyond so many, those that were written longest ago; never the newest.
fn beyond(keep: usize, folder: &Path, extension: &str, newest: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = by_age(folder, extension)?;
    files.retain(|path| path != newest);
    files.truncate((files.len() + 1).saturating_sub(keep));
    Ok(files)
}

/// The files of a kind, those that were written longest ago first.
fn by_age(folder: &Path, extension: &str) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|it| it == extension) {
            files.push((fs::symlink_metadata(&path)?.modified()?, path));
        }
    }
    files.sort_unstable();
    Ok(files.into_iter().map(|(_, path)| path).collect())
}

/// Takes a file away, unless a run beside this one did.
fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Takes the oldest plans away.
fn forget_plans(folder: &Path, newest: &Path) -> io::Result<()> {
    beyond(PLANS, folder, "json", newest)?.iter().try_for_each(|file| remove(file))
}

/// Makes a folder, unless it is there. A link is refused: files with people in them stay below the manifests.
fn make(folder: &Path) -> Result<(), FileError> {
    let made = match fs::symlink_metadata(folder) {
        Ok(there) if there.is_dir() => Ok(()),
        Ok(_) => Err(io::Error::other("it is there and is no folder; links are not followed")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            create_private(folder).and_then(|()| keep_entry(folder))
        }
        Err(error) => Err(error),
    };
    made.map_err(|source| FileError::new(folder, "made", source))
}

/// Makes a folder that was not there, for its owner only.
#[cfg(unix)]
pub(crate) fn create_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().mode(0o700).create(folder)
}

/// Windows gives a new folder the rights of the one it lies in.
#[cfg(not(unix))]
pub(crate) fn create_private(folder: &Path) -> io::Result<()> {
    fs::create_dir(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_plan_lies_in_a_folder_that_git_ignores() {
        let folder = tempfile::tempdir().unwrap();
        let runs = RunFolder::of(folder.path());
        runs.keep_plan(Digest([7; 32]), b"{}").unwrap();
        assert_eq!(fs::read_to_string(folder.path().join(".rollcall/.gitignore")).unwrap(), "*\n");
        assert_eq!(fs::read(runs.plan(&"07".repeat(32))).unwrap(), b"{}");
    }

    #[test]
    fn the_plans_that_were_written_longest_ago_go() {
        let root = tempfile::tempdir().unwrap();
        let runs = RunFolder::of(root.path());
        let mut paths = Vec::new();
        for at in 0..PLANS {
            // Names say nothing about age: the oldest is the last by name.
            let digest = Digest([u8::try_from(255 - at).unwrap(); 32]);
            runs.keep_plan(digest, b"{}").unwrap();
            let path = runs.plan(&digest.to_string());
            let then = std::time::UNIX_EPOCH + std::time::Duration::from_secs(at as u64);
            fs::File::options().write(true).open(&path).unwrap().set_modified(then).unwrap();
            paths.push(path);
        }
        runs.keep_plan(Digest([0; 32]), b"{}").unwrap();
        assert!(!paths[0].exists() && paths[1..].iter().all(|path| path.exists()));
        assert_eq!(fs::read_dir(root.path().join(".rollcall/plans")).unwrap().count(), PLANS);
    }

    #[test]
    fn the_folder_of_a_rollback_file_is_the_one_whose_run_left_it() {
        let root = tempfile::tempdir().unwrap();
        let left = RunFolder::of(root.path()).keep_rollback("now", b"a: 1", b"{}").unwrap();
        assert_eq!(folder_of(&left), root.path());
        fs::write(root.path().join("copy.yaml"), "a: 1").unwrap();
        assert_eq!(folder_of(&root.path().join("copy.yaml")), root.path());
        assert_eq!(folder_of(root.path()), root.path());
    }

    #[test]
    fn the_oldest_rollback_files_go_and_none_is_written_over() {
        let root = tempfile::tempdir().unwrap();
        let runs = RunFolder::of(root.path());
        let keep = |name: &str, text: &[u8]| {
            let file = runs.keep_rollback(name, text, b"{}").unwrap();
            RunFolder::tidy_rollbacks(&file).unwrap();
            file
        };
        let (first, again) = (keep("2026-a", b"1"), keep("2026-a", b"2"));
        assert_eq!((fs::read(&first).unwrap(), fs::read(&again).unwrap()), (b"1".to_vec(), b"2".to_vec()));
        assert_eq!(runs.rollbacks().unwrap(), [first.clone(), again.clone()]);
        for at in 0..ROLLBACKS {
            keep(&format!("2027-{at:03}"), b"3");
        }
        assert!(!first.exists() && !again.exists());
        // A clock that went back makes the newest file the first by name.
        let newest = keep("2020-a", b"4");
        assert!(newest.exists() && newest.with_extension("json").exists());
        assert_eq!(fs::read_dir(root.path().join(ROLLBACK)).unwrap().count(), 2 * ROLLBACKS);
        RunFolder::forget_rollback(&newest).unwrap();
        assert_eq!(fs::read_dir(root.path().join(ROLLBACK)).unwrap().count(), 2 * ROLLBACKS - 2);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_the_place_of_the_folder_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), folder.path().join(".rollcall")).unwrap();
        assert!(RunFolder::of(folder.path()).keep_plan(Digest([7; 32]), b"{}").is_err());
        assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
    }
}
