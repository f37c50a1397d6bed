//! How is a path shown, and which file or folder is it really?

use std::io;
use std::path::{Component, Path, PathBuf};

use crate::diag::{Code, Diagnostic, Place, Sources, Span};
use crate::manifest::files::alike::Alike;

/// A path as it is called, and the file or folder that it is, links followed. One whose name is put together of other characters
/// is found; one whose name differs is told. Of what is outside the repository nothing is: whether it is there, what it is, and how
/// it is called.
///
/// # Errors
/// Says why there is none, at the place that asks for it.
pub(super) fn real(path: &Path, asked: &Place, repository: &Path) -> Result<(PathBuf, PathBuf), Diagnostic> {
    let placed = |error: io::Error| Diagnostic { place: asked.clone(), ..unreadable(&shown(path), &error) };
    if leads_out(path, repository) {
        return Err(leaves(asked.clone(), path));
    }
    let error = match path.canonicalize() {
        Ok(real) => return Ok((path.to_owned(), real)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => error,
        Err(error) => return Err(placed(error)),
    };
    match Alike::of(path) {
        Alike::Same(there) | Alike::Other(there, _) if leads_out(&there, repository) => Err(placed(error)),
        Alike::Same(there) => there.canonicalize().map(|real| (there, real)).map_err(placed),
        Alike::Other(there, why) => {
            let message = format!("`{}` is not there, and `{}` is", shown(path), shown(&there));
            Err(Diagnostic::new(Code::Unreadable, asked.clone(), message).help(why))
        }
        Alike::Nothing => Err(placed(error)),
    }
}

/// So many links may follow one another; systems follow about as many.
const LINKS: usize = 40;

/// Whether a path leads out of the repository, links followed, and whether something is there or not.
pub(super) fn leads_out(path: &Path, repository: &Path) -> bool {
    !nearest_there(path).starts_with(repository)
}

/// A path as it really is, or the nearest folder above it that is there; where a link leads to nothing, above what it names.
fn nearest_there(path: &Path) -> PathBuf {
    let here = |path: &Path| if path.as_os_str().is_empty() { PathBuf::from(".") } else { path.to_owned() };
    let mut path = path.to_owned();
    for _ in 0..LINKS {
        let mut missing = path.ancestors().take_while(|above| here(above).canonicalize().is_err());
        let named = missing.find_map(|link| Some(link.parent()?.join(link.read_link().ok()?)));
        match named {
            Some(named) => path = named,
            None => break,
        }
    }
    path.ancestors().find_map(|above| here(above).canonicalize().ok()).unwrap_or_default()
}

pub(super) fn unreadable(shown: &str, error: &io::Error) -> Diagnostic {
    Diagnostic::new(Code::Unreadable, Place::file(shown), format!("could not be read: {error}"))
}

/// Where it leads, and whether to anything, is not told: who wrote the manifest may not know.
pub(super) fn leaves(place: Place, path: &Path) -> Diagnostic {
    let message = format!("`{}` leads out of the repository", shown(path));
    Diagnostic::new(Code::LinkLeavesRepository, place, message)
        .help("copy what is needed into the repository, or `include` a folder of it")
}

/// Whether a file or folder of a repository, as it really is, is hidden there.
pub(super) fn hides(repository: &Path, real: &Path) -> bool {
    real.strip_prefix(repository).is_ok_and(is_hidden)
}

/// Whether a path is that of a hidden file, or of one in a hidden folder.
pub(crate) fn is_hidden(path: &Path) -> bool {
    let hidden = |part| matches!(part, Component::Normal(name) if name.to_string_lossy().starts_with('.'));
    path.components().any(hidden)
}

/// What a manifest or a link leads to is hidden: it is a program's, and may hold its keys.
pub(in crate::manifest) fn hidden(place: Place, shown: &str) -> Diagnostic {
    let message = format!("`{shown}` is hidden, or lies in a hidden folder");
    Diagnostic::new(Code::HiddenPath, place, message)
        .help("move the file to a place whose name begins with no dot")
}

/// The path that a text of a manifest names, relative to that manifest.
pub(in crate::manifest) fn beside(sources: &Sources, text: Span, named: &str) -> PathBuf {
    let manifest = sources.file(text).map_or("", |file| file.path());
    Path::new(manifest).parent().unwrap_or(Path::new("")).join(named)
}

/// A path as people read it: `/` on every system, without `.` and with `..` worked out.
pub(in crate::manifest) fn shown(path: &Path) -> String {
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
