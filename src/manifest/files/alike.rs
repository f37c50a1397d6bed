//! Which file is there in the place of one that is not? Names that look the same, or nearly.

use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::diag::nearest;
use crate::model::{Care, Odd, fold, tidy};

/// What is there in the place of a path that leads to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Alike {
    /// The same names, put together of other characters: what one system calls `ü`, another calls `u` with two dots.
    Same(PathBuf),
    /// Names that differ, and how.
    Other(PathBuf, &'static str),
    /// Nothing.
    Nothing,
}

impl Alike {
    /// Looks for it, a folder at a time.
    pub(crate) fn of(path: &Path) -> Self {
        let text = path.to_string_lossy();
        if !cfg!(windows) && text.contains('\\') {
            let parted = PathBuf::from(text.replace('\\', "/"));
            let there = if parted.exists() { Some(parted) } else { Self::of(&parted).path() };
            return there
                .map_or(Self::Nothing, |there| Self::Other(there, "the parts of a path stand between `/`"));
        }
        let mut at = PathBuf::new();
        let mut why = None;
        for part in path.components() {
            let Component::Normal(name) = part else {
                at.push(part);
                continue;
            };
            if at.join(name).symlink_metadata().is_ok() {
                at.push(name);
                continue;
            }
            let Some((entry, differs)) = in_folder(&at, &name.to_string_lossy()) else {
                return Self::Nothing;
            };
            why = why.max(Some(differs));
            at.push(entry);
        }
        match why {
            None => Self::Nothing,
            Some(Differs::Form) => Self::Same(at),
            Some(Differs::Case) => Self::Other(at, "upper and lower case are two names"),
            Some(Differs::Looks) => Self::Other(at, "the names look alike and are two"),
            Some(Differs::Letter) => Self::Other(at, "did you mean that?"),
        }
    }

    /// The file that can be taken for the path.
    fn path(self) -> Option<PathBuf> {
        match self {
            Self::Same(path) | Self::Other(path, _) => Some(path),
            Self::Nothing => None,
        }
    }
}

/// How the name of an entry differs from the one that was looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Differs {
    Form,
    Case,
    Looks,
    Letter,
}

/// The one entry of a folder that a name may mean.
fn in_folder(folder: &Path, name: &str) -> Option<(String, Differs)> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let entries = fs::read_dir(folder).ok()?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut entries: Vec<String> = entries.collect();
    entries.sort_unstable();
    let looks = |name: &str| {
        let meant = Odd::of(name, Care::Name).and_then(|odd| odd.meant);
        fold(&tidy(meant.as_deref().unwrap_or(name))).into_owned()
    };
    let same = |differs: Differs| -> Option<(String, Differs)> {
        let equal = |entry: &&String| match differs {
            Differs::Form => tidy(entry) == tidy(name),
            Differs::Case => fold(&tidy(entry)) == fold(&tidy(name)),
            Differs::Looks | Differs::Letter => looks(entry) == looks(name),
        };
        let mut of_kind = entries.iter().filter(equal);
        let first = of_kind.next()?;
        of_kind.next().is_none().then(|| (first.clone(), differs))
    };
    same(Differs::Form).or_else(|| same(Differs::Case)).or_else(|| same(Differs::Looks)).or_else(|| {
        let shown = entries.iter().map(String::as_str).filter(|entry| !entry.starts_with('.'));
        Some((nearest(name, shown)?.to_owned(), Differs::Letter))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_found_by_a_name_of_another_form_and_others_are_named() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("hr/Bu\u{308}ro")).unwrap();
        for file in ["hr/Bu\u{308}ro/a.csv", "hr/Workers.csv", "hr/May\u{a0}2026.csv", "hr/leavers.csv"] {
            fs::write(folder.path().join(file), "x").unwrap();
        }
        let of = |path: &str| match Alike::of(&folder.path().join(path)) {
            Alike::Same(found) => Some((found.strip_prefix(folder.path()).unwrap().to_owned(), "")),
            Alike::Other(found, why) => Some((found.strip_prefix(folder.path()).unwrap().to_owned(), why)),
            Alike::Nothing => None,
        };
        assert_eq!(of("hr/B\u{fc}ro/a.csv"), Some((PathBuf::from("hr/Bu\u{308}ro/a.csv"), "")));
        for (path, found, why) in [
            ("HR/workers.csv", "hr/Workers.csv", "upper and lower case are two names"),
            ("hr/B\u{dc}RO/a.csv", "hr/Bu\u{308}ro/a.csv", "upper and lower case are two names"),
            ("hr\\Workers.csv", "hr/Workers.csv", "the parts of a path stand between `/`"),
            ("hr\\workers.csv", "hr/Workers.csv", "the parts of a path stand between `/`"),
            ("hr/May 2026.csv", "hr/May\u{a0}2026.csv", "the names look alike and are two"),
            ("hr/leaver.csv", "hr/leavers.csv", "did you mean that?"),
        ] {
            assert_eq!(of(path), Some((PathBuf::from(found), why)), "{path}");
        }
        assert_eq!(of("hr/nothing/like.it"), None);
    }
}
