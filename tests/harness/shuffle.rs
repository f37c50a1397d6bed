//! How are manifests written differently without saying anything else? One file per entry, the last entry first; of exports, the
//! last row.

use std::fs;
use std::path::Path;

use crate::Checked;
use crate::case::entries;

/// Splits every manifest below a folder: each entry of a top-level list becomes a file of its own, sorted the other way.
pub(crate) fn split(folder: &Path) -> Checked<()> {
    for name in entries(folder)? {
        let path = folder.join(&name);
        if path.is_dir() {
            split(&path)?;
            continue;
        }
        if path.extension().is_some_and(|it| it == "csv") {
            fs::write(&path, reversed(&fs::read(&path)?))?;
            continue;
        }
        let text = fs::read_to_string(&path)?;
        fs::remove_file(&path)?;
        let parts = parts(&text);
        for (at, part) in parts.iter().enumerate() {
            fs::write(folder.join(format!("{:03}-{name}", parts.len() - at)), part)?;
        }
    }
    Ok(())
}

/// The rows of an export behind its header, the last first; one with quotes, or in UTF-16, stays as it is: a
/// line break byte may end no row there.
fn reversed(export: &[u8]) -> Vec<u8> {
    if export.contains(&b'"') || export.contains(&0) {
        return export.to_vec();
    }
    let mut lines: Vec<&[u8]> = export.split_inclusive(|byte| *byte == b'\n').collect();
    let header = usize::from(export.starts_with(b"sep=")) + 1;
    if let Some(rows) = lines.get_mut(header..) {
        rows.reverse();
    }
    lines.concat()
}

/// The top-level keys of a manifest, a list by its entries, each with its key. Knows YAML only as cases write it: block style, two
/// spaces before the dash.
fn parts(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let (mut key, mut fresh) = ("", false);
    for line in text.split_inclusive('\n') {
        let top = !line.starts_with([' ', '#', '\n']);
        let list = ["users:\n", "groups:\n", "exclusions:\n"].contains(&line);
        match parts.last_mut() {
            _ if list => (key, fresh) = (line, true),
            _ if top => {
                (key, fresh) = ("", false);
                parts.push(line.to_owned());
            }
            _ if fresh || (!key.is_empty() && line.starts_with("  - ")) => {
                fresh = !line.starts_with("  - ");
                if !fresh {
                    parts.push(format!("{key}{line}"));
                }
            }
            Some(part) => part.push_str(line),
            None => {}
        }
    }
    parts
}
