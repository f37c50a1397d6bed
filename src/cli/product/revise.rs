//! How do edited manifests get onto the disk? Each whole or not at all, and only over what was read.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::import::Revised;
use crate::run::{FileError, Neighbour};

/// The mark before the first byte of some texts.
const MARK: &str = "\u{feff}";

/// Manifests that are not written.
#[derive(Debug, thiserror::Error)]
enum Unwritten {
    #[error("{0} is another than was read: nothing was written; run it again")]
    Changed(String),
    #[error("{0} is there, and was not when the manifests were read: nothing was written; run it again")]
    There(String),
    #[error("not all manifests were written")]
    Part,
}

/// Writes manifests: first all of them beside their places, then each takes its place. A link stays, and what it leads to is
/// written.
///
/// # Errors
/// Says which were written, if not all were.
pub(crate) fn write(files: &[Revised]) -> Result<(), Failure> {
    let mut ready = Vec::with_capacity(files.len());
    for (file, (place, text)) in files.iter().zip(written(files)?) {
        ready.push((file, Neighbour::write(&place, text.as_bytes())?));
    }
    let mut written: Vec<&str> = Vec::new();
    for (file, neighbour) in ready {
        let published = place(file).and_then(|place| {
            marked(&place, file)?;
            Ok(neighbour.publish()?)
        });
        match published {
            Ok(()) => written.push(&file.path),
            Err(failure) if written.is_empty() => return Err(failure),
            Err(failure) => {
                let done = written.iter().map(|path| format!("written: {path}"));
                let points = done.chain([failure.sentence()]).collect();
                return Err(Failure { points, ..Failure::new(Exit::Unfinished, Unwritten::Part) });
            }
        }
    }
    Ok(())
}

/// What manifests would say once they were written, with the file that would say it.
///
/// # Errors
/// One is another than was read.
pub(crate) fn written(files: &[Revised]) -> Result<Vec<(PathBuf, String)>, Failure> {
    let written = |file| {
        let place = place(file)?;
        let mark = marked(&place, file)?;
        Ok((place, format!("{mark}{}", file.after)))
    };
    files.iter().map(written).collect()
}

/// The file itself, links followed.
fn place(file: &Revised) -> Result<PathBuf, Failure> {
    let path = Path::new(&*file.path);
    match &file.before {
        Some(_) => Ok(path.canonicalize().map_err(|error| FileError::new(path, "read", error))?),
        None => Ok(path.to_owned()),
    }
}

/// The mark that a file begins with; it must say what was read.
fn marked(place: &Path, file: &Revised) -> Result<&'static str, Failure> {
    let Some(before) = &file.before else {
        return match fs::symlink_metadata(place) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(""),
            _ => Err(Failure::error(Unwritten::There(file.path.to_string()))),
        };
    };
    let bytes = fs::read(place).map_err(|error| FileError::new(place, "read", error))?;
    let (mark, text) = match bytes.strip_prefix(MARK.as_bytes()) {
        Some(text) => (MARK, text),
        None => ("", &*bytes),
    };
    if text == before.as_bytes() {
        Ok(mark)
    } else {
        Err(Failure::error(Unwritten::Changed(file.path.to_string())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn revised(path: &Path, before: Option<&str>, after: &str) -> Revised {
        let path = path.display().to_string().into();
        Revised { path, before: before.map(str::to_owned), after: after.to_owned() }
    }

    #[test]
    fn a_manifest_keeps_its_mark_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let (old, new) = (folder.path().join("old.yaml"), folder.path().join("new.yaml"));
        fs::write(&old, "\u{feff}users: []\r\n").unwrap();
        write(&[revised(&old, Some("users: []\r\n"), "groups: []\r\n"), revised(&new, None, "users: []\n")])
            .map_err(|it| it.sentence())
            .unwrap();
        assert_eq!(fs::read_to_string(&old).unwrap(), "\u{feff}groups: []\r\n");
        assert_eq!(fs::read_to_string(&new).unwrap(), "users: []\n");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn nothing_is_written_over_what_was_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let [one, two] = ["one.yaml", "two.yaml"].map(|name| folder.path().join(name));
        fs::write(&one, "a: 1\n").unwrap();
        fs::write(&two, "b: 2\n").unwrap();
        for files in [
            [revised(&one, Some("a: 1\n"), "a: 3\n"), revised(&two, Some("b: 1\n"), "b: 3\n")],
            [revised(&one, Some("a: 1\n"), "a: 3\n"), revised(&two, None, "b: 3\n")],
        ] {
            let failure = write(&files).unwrap_err();
            assert_eq!(failure.kind, Exit::Error);
            assert!(failure.sentence().contains("nothing was written"), "{}", failure.sentence());
            assert_eq!(fs::read_to_string(&one).unwrap(), "a: 1\n");
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_and_what_it_leads_to_is_written_with_its_rights() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (target, link) = (folder.path().join("target"), folder.path().join("link.yaml"));
        fs::write(&target, "a: 1\n").unwrap();
        fs::set_permissions(&target, fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        write(&[revised(&link, Some("a: 1\n"), "a: 2\n")]).map_err(|it| it.sentence()).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&target).unwrap(), "a: 2\n");
        assert_eq!(fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o640);
    }
}
