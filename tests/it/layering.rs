//! Who may import whom, and how every source file looks.

use std::fs;
use std::path::{Path, PathBuf};

/// Each top-level module and those it may import; `model` and the like import nothing of the crate.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("diag", &["model"]),
    ("http", &[]),
    ("manifest", &["model", "diag"]),
    ("account", &["model", "http"]),
    ("plan", &["model", "diag"]),
    ("apply", &["model", "account", "plan"]),
    ("render", &["model", "diag", "plan", "apply"]),
    ("sandbox", &[]),
    ("ci", &["http"]),
    ("cli", &["model", "diag", "http", "manifest", "account", "plan", "apply", "render", "sandbox", "ci"]),
];

/// A source file: its path below `src/`, the top-level module it belongs to, and its text.
struct File {
    path: String,
    module: String,
    text: String,
}

/// Every `.rs` file below `src/`, sorted.
fn files() -> Vec<File> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut pending = vec![src.clone()];
    let mut paths: Vec<PathBuf> = Vec::new();
    while let Some(folder) = pending.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                pending.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                paths.push(path);
            }
        }
    }
    paths.sort();
    let file = |path: PathBuf| {
        let below = path.strip_prefix(&src).unwrap();
        let first = below.components().next().unwrap().as_os_str().to_string_lossy();
        File {
            module: first.trim_end_matches(".rs").to_owned(),
            path: below.to_string_lossy().replace('\\', "/"),
            text: fs::read_to_string(&path).unwrap(),
        }
    };
    paths.into_iter().map(file).collect()
}

/// The lines of a file that are code, with their numbers: no comments, and nothing from its `mod tests` on.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(at, line)| (at + 1, line))
        .take_while(|(_, line)| !line.starts_with("mod tests"))
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// The top-level modules that a line names by `crate::…`, also in `use crate::{a::…, b::…}`.
fn imports(line: &str) -> Vec<&str> {
    let word = |text: &str| text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let mut found = Vec::new();
    for (at, _) in line.match_indices("crate::") {
        // `$crate` and `some_crate` are other words.
        if line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &line[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            None => found.push(&rest[..word(rest)]),
            Some(group) => {
                let mut depth = 0;
                for item in group.split_inclusive([',', '{', '}']) {
                    if depth == 0 {
                        found.push(&item.trim()[..word(item.trim())]);
                    }
                    depth += item.matches('{').count();
                    depth = depth.saturating_sub(item.matches('}').count());
                }
            }
        }
    }
    found.retain(|name| name.starts_with(|c: char| c.is_lowercase()));
    // Exported macros live at the root of the crate; this one belongs to `model`.
    found.into_iter().map(|name| if name == "phrase" { "model" } else { name }).collect()
}

#[test]
fn modules_import_only_what_their_layer_may() {
    let mut wrong = Vec::new();
    for file in files().iter().filter(|it| !matches!(it.path.as_str(), "lib.rs" | "main.rs")) {
        let Some((_, allowed)) = MAY_IMPORT.iter().find(|(name, _)| *name == file.module) else {
            wrong.push(format!("src/{}: module `{}` is missing from the table", file.path, file.module));
            continue;
        };
        for (number, line) in code(&file.text) {
            for name in imports(line) {
                if name != file.module && !allowed.contains(&name) {
                    let at = format!("src/{}:{number}", file.path);
                    wrong.push(format!("{at}: `{}` may not import `{name}`: {}", file.module, line.trim()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What writes to the process's streams, and the files that may name it.
const STREAMS: &[(&str, &[&str])] = &[
    // The door stands in the first; the second looks at what stdout is and writes nothing.
    ("stdout()", &["cli/context.rs", "cli/output.rs"]),
    ("stderr()", &["cli/context.rs"]),
    ("io::stdout", &["cli/context.rs", "cli/output.rs"]),
    ("io::stderr", &["cli/context.rs"]),
    ("print!(", &[]),
    ("println!(", &[]),
    ("eprint!(", &[]),
    ("eprintln!(", &[]),
    ("dbg!(", &[]),
    ("std::fs::File::from_raw_fd", &[]),
    ("/dev/stdout", &[]),
    ("/dev/stderr", &[]),
    ("/dev/tty", &[]),
    // Words of our own alone, which the type of their text holds: `&'static str`.
    ("ProgressBar::", &["cli/progress.rs"]),
    ("tracing_subscriber::fmt()", &["cli/context.rs"]),
    // It prints by itself.
    ("error.print()", &[]),
    ("error.exit()", &[]),
    ("Args::parse()", &[]),
];

#[test]
fn all_that_is_printed_leaves_through_one_door() {
    let mut wrong = Vec::new();
    for file in files() {
        for (number, line) in code(&file.text) {
            for (stream, may) in STREAMS {
                let ours = ["cx.stdout()", "cx.stderr()", "self.stderr()", "error.use_stderr()"];
                let ours = ours.iter().any(|it| line.contains(it));
                if line.contains(stream) && !ours && !may.contains(&&*file.path) {
                    wrong.push(format!("src/{}:{number}: `{stream}`: {}", file.path, line.trim()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // And in the one file that opens them, each has the door before it, or asks only what it is.
    let context = files().into_iter().find(|it| it.path == "cli/context.rs").unwrap();
    let bare = code(&context.text)
        .filter(|(_, line)| line.contains("io::stdout()") || line.contains("io::stderr()"));
    let bare: Vec<_> = bare
        .filter(|(_, line)| {
            !["Door::new", "is_terminal", "AutoStream::choice", "terminal_size_of"]
                .iter()
                .any(|it| line.contains(it))
        })
        .map(|(_, line)| line.trim().to_owned())
        .collect();
    assert_eq!(
        bare,
        ["BufWriter::new(io::stdout())"],
        "one copies a file byte for byte, once nothing in it acts"
    );
}

#[test]
fn the_library_root_declares_modules_and_nothing_else() {
    let lib = files().into_iter().find(|it| it.path == "lib.rs").unwrap();
    let other: Vec<_> =
        code(&lib.text).filter(|(_, line)| !line.is_empty() && !line.starts_with("pub mod ")).collect();
    assert!(other.is_empty(), "{other:?}");
}

#[test]
fn every_file_says_in_its_first_line_what_it_answers() {
    let silent: Vec<_> =
        files().into_iter().filter(|it| !it.text.starts_with("//! ")).map(|it| it.path).collect();
    assert!(silent.is_empty(), "no `//!` on line 1: {silent:?}");
}

#[test]
fn paths_start_at_the_crate() {
    let mut wrong = Vec::new();
    for file in files() {
        for (number, line) in code(&file.text).filter(|(_, line)| line.contains("super::super")) {
            wrong.push(format!("src/{}:{number}: {}", file.path, line.trim()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_reader_of_imports_sees_groups_and_nested_paths() {
    assert_eq!(imports("use crate::model::{Origin, Said};"), ["model"]);
    assert_eq!(imports("use crate::{model::{a, b}, diag::Code};"), ["model", "diag"]);
    assert_eq!(imports("let x = crate::plan::f(crate::http::g());"), ["plan", "http"]);
    assert!(imports("pub(crate) fn f() {} // crate").is_empty());
    assert!(imports("$crate::model").len() == 1);
    assert!(imports("other_crate::model").is_empty());
}
