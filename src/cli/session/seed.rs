//! Which file does the sandbox of a run start from, and where is it kept?

use std::path::{Component, Path, PathBuf};

use crate::cli::args::Start;
use crate::cli::process::failure::Failure;
use crate::diag::Sources;
use crate::manifest::files::{Alike, is_hidden};
use crate::model::Located;
use crate::run::FileError;

/// The seed of `platform: sandbox`, and the file beside it that holds what runs made of it.
#[derive(Debug)]
pub(crate) struct SeedFile {
    seed: PathBuf,
    /// `account.state.json` beside `account.json`.
    pub(crate) state: PathBuf,
}

/// A seed outside the folder of manifests, or behind a link: a pull request could make a run read or write anything.
#[derive(Debug, thiserror::Error)]
#[error("{at}: the seed `{seed}` {why}")]
struct Misplaced {
    at: String,
    seed: Box<str>,
    why: &'static str,
}

/// A seed that is not there, where there is another file in its place.
#[derive(Debug, thiserror::Error)]
#[error("{at}: the seed `{seed}` is not there, and `{}` is: {why}", there.display())]
struct Elsewhere {
    at: String,
    seed: Box<str>,
    there: PathBuf,
    why: &'static str,
}

impl SeedFile {
    /// Finds the seed that a manifest names, relative to that manifest.
    pub(crate) fn find(folder: &Path, sources: &Sources, seed: &Located<Box<str>>) -> Result<Self, Failure> {
        let at = sources.locate_origin(seed.origin);
        let beside = at.and_then(|at| Path::new(at.source.path()).parent()).unwrap_or(folder);
        let misplaced = |why| {
            let at = at.map(|at| at.to_string()).unwrap_or_default();
            Failure::error(Misplaced { at, seed: seed.value.clone(), why })
        };
        let named = beside.join(&*seed.value);
        // What is outside is not looked at: nothing of it is told.
        if !tidy(&real(beside)?.join(&*seed.value)).starts_with(real(folder)?) {
            return Err(misplaced("lies outside the folder of manifests"));
        }
        let named = match Alike::of(&named) {
            Alike::Same(there) => there,
            Alike::Other(there, why) => {
                let (at, seed) = (at.map(|at| at.to_string()).unwrap_or_default(), seed.value.clone());
                return Err(Failure::error(Elsewhere { at, seed, there, why }));
            }
            Alike::Nothing => named,
        };
        let written = named.strip_prefix(beside).unwrap_or(&named);
        let tidied = tidy(&real(beside)?.join(written));
        if !tidied.starts_with(real(folder)?) {
            return Err(misplaced("lies outside the folder of manifests"));
        }
        if tidied.strip_prefix(real(folder)?).is_ok_and(is_hidden) {
            return Err(misplaced("is hidden, or lies in a hidden folder"));
        }
        if real(&named)? != tidied {
            return Err(misplaced("is a link or lies behind one"));
        }
        let state = named.with_extension("state.json");
        match std::fs::symlink_metadata(&state) {
            Ok(there) if !there.is_file() => Err(misplaced("has a state beside it that is no plain file")),
            _ => Ok(Self { seed: named, state }),
        }
    }

    /// The seed that a manifest names, as one names it that lies `below` the folder.
    pub(crate) fn named_from(
        below: &Path,
        folder: &Path,
        sources: &Sources,
        seed: &Located<Box<str>>,
    ) -> Result<Box<str>, FileError> {
        let at = sources.locate_origin(seed.origin);
        let beside = at.and_then(|at| Path::new(at.source.path()).parent()).unwrap_or(folder);
        let file = tidy(&real(beside)?.join(&*seed.value));
        let within =
            file.strip_prefix(real(folder)?).map_or_else(|_| PathBuf::from(&*seed.value), Path::to_owned);
        let up = below.components().map(|_| "..".to_owned());
        let down = within.components().map(|part| part.as_os_str().to_string_lossy().into_owned());
        Ok(up.chain(down).collect::<Vec<_>>().join("/").into())
    }

    /// Where to start from: where the last apply left off, unless a fresh start is asked for.
    pub(crate) fn start(&self, start: Start) -> &Path {
        if start == Start::WhereLeft && self.state.exists() { &self.state } else { &self.seed }
    }
}

fn real(path: &Path) -> Result<PathBuf, FileError> {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    path.canonicalize().map_err(|source| FileError::new(path, "found", source))
}

/// The path without `.` and `..`, as it reads.
fn tidy(path: &Path) -> PathBuf {
    let mut tidy = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                tidy.pop();
            }
            part => tidy.push(part),
        }
    }
    tidy
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Origin;

    /// What becomes of a seed that `m/rollcall.yaml` names, in a folder `m` beside a folder `other`.
    fn find(seed: &str, prepare: impl FnOnce(&Path)) -> Result<(PathBuf, PathBuf), String> {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("m");
        std::fs::create_dir_all(folder.join("sub")).unwrap();
        std::fs::create_dir(root.path().join("other")).unwrap();
        for file in ["m/account.json", "m/sub/account.json", "other/account.json"] {
            std::fs::write(root.path().join(file), "{}").unwrap();
        }
        prepare(root.path());
        let mut sources = Sources::default();
        sources.add(folder.join("rollcall.yaml").to_string_lossy(), "account: {}").unwrap();
        let below = |path: &Path| path.strip_prefix(&folder).map(Path::to_owned).unwrap_or_default();
        SeedFile::find(&folder, &sources, &Located::new(seed.into(), Origin::at(0)))
            .map(|file| (below(file.start(Start::Anew)), below(file.start(Start::WhereLeft))))
            .map_err(|failure| failure.error.to_string())
    }

    #[test]
    fn a_run_starts_where_the_last_apply_left_off_unless_it_starts_fresh() {
        let file = |name: &str| PathBuf::from(name);
        let kept =
            find("account.json", |root| std::fs::write(root.join("m/account.state.json"), "{}").unwrap());
        assert_eq!(kept, Ok((file("account.json"), file("account.state.json"))));
        assert_eq!(
            find("sub/account.json", |_| {}),
            Ok((file("sub/account.json"), file("sub/account.json")))
        );
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_seed_is_found_in_another_form_and_one_of_another_case_is_told() {
        let rename = |to: &'static str| {
            move |root: &Path| std::fs::rename(root.join("m/account.json"), root.join("m").join(to)).unwrap()
        };
        let composed = find("b\u{fc}ro.json", rename("bu\u{308}ro.json")).unwrap();
        assert_eq!(composed.0, PathBuf::from("bu\u{308}ro.json"));
        let told = find("account.json", rename("Account.json")).unwrap_err();
        assert!(told.contains("Account.json` is: upper and lower case"), "{told}");
        assert!(find(".\\sub\\account.json", |_| {}).unwrap_err().contains("stand between `/`"));
    }

    #[cfg(unix)]
    #[test]
    fn a_seed_outside_the_folder_or_behind_a_link_is_refused() {
        use std::os::unix::fs::symlink;
        let refused = |seed: &str, prepare: fn(&Path)| find(seed, prepare).unwrap_err();
        assert!(refused("../other/account.json", |_| {}).contains("outside"));
        for seed in [".account.json", ".keys/account.json"] {
            let hidden = refused(seed, |root| {
                std::fs::create_dir(root.join("m/.keys")).unwrap();
                std::fs::write(root.join("m/.keys/account.json"), "{}").unwrap();
                std::fs::write(root.join("m/.account.json"), "{}").unwrap();
            });
            assert!(hidden.contains("hidden"), "{hidden}");
        }
        let link = refused("link.json", |root| {
            symlink(root.join("other/account.json"), root.join("m/link.json")).unwrap();
        });
        assert!(link.contains("link"), "{link}");
        let folder =
            refused("way/account.json", |root| symlink(root.join("other"), root.join("m/way")).unwrap());
        assert!(folder.contains("link"), "{folder}");
        let state = refused("account.json", |root| {
            symlink(root.join("other/account.json"), root.join("m/account.state.json")).unwrap();
        });
        assert!(state.contains("state"), "{state}");
    }
}
