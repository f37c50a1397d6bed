//! Who may import whom, and how every source file looks.

mod cycles;
mod imports;
mod platforms;
mod tokens;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use imports::{Import, Tests};

/// Each top-level module and those it may import; `model` and the like import nothing of the crate.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("diag", &["model"]),
    ("http", &[]),
    ("manifest", &["model", "diag"]),
    ("account", &["model", "http"]),
    ("plan", &["model", "diag"]),
    ("import", &["model", "diag", "manifest", "plan"]),
    ("init", &["model", "manifest"]),
    ("export", &["model", "plan"]),
    ("fleet", &["model", "manifest"]),
    ("apply", &["model", "account", "plan"]),
    ("render", &["model", "diag", "plan", "import", "init", "export", "fleet", "apply"]),
    ("run", &["model", "diag", "http", "account", "plan", "apply", "render"]),
    ("sandbox", &[]),
    ("github", &["model", "http", "plan", "render"]),
    (
        "cli",
        &[
            "model", "diag", "http", "manifest", "account", "plan", "import", "init", "export", "fleet",
            "apply", "render", "run", "sandbox", "github",
        ],
    ),
];

/// A source file: its path below `src/`, the top-level module it belongs to, and its text.
struct File {
    path: String,
    module: String,
    text: String,
}

/// The folder of the source.
fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every `.rs` file below `src/`, sorted.
fn files() -> Vec<File> {
    let src = source();
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

#[test]
fn modules_import_only_what_their_layer_may() {
    let mut wrong: Vec<_> = files()
        .iter()
        .filter(|it| !matches!(it.path.as_str(), "lib.rs" | "main.rs"))
        .filter(|it| MAY_IMPORT.iter().all(|(name, _)| *name != it.module))
        .map(|it| format!("src/{}: module `{}` is missing from the table", it.path, it.module))
        .collect();
    for import in imports::of_crate(&source(), Tests::Included) {
        let [from, to] = [&import.from, &import.to].map(|it| top(it));
        let allowed = MAY_IMPORT.iter().find(|(name, _)| *name == from).map_or(&[][..], |found| found.1);
        if from != to && !allowed.contains(&to) {
            wrong.push(format!("`{from}` may not import `{to}`: {import}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The top-level module of a file.
fn top(path: &str) -> &str {
    path.split_once('/').map_or(path.trim_end_matches(".rs"), |(top, _)| top)
}

/// The imports whose direction is held: all but those of tests.
fn held() -> Vec<Import> {
    imports::of_crate(&source(), Tests::LeftOut)
}

#[test]
fn no_file_imports_the_facade_above_it() {
    let is_above = |it: &&Import| it.to.strip_suffix("mod.rs").is_some_and(|room| it.from.starts_with(room));
    let wrong: Vec<String> = held().iter().filter(is_above).map(ToString::to_string).collect();
    assert!(wrong.is_empty(), "take it from the file that defines it:\n{}", wrong.join("\n"));
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let found = held();
    let edges = found.iter().map(|it| (it.from.as_str(), it.to.as_str(), it));
    if let Some(circle) = cycles::shortest(edges) {
        panic!("{}", told("files that import each other in a circle", &circle));
    }
}

#[test]
fn no_rooms_of_a_folder_import_each_other_in_a_circle() {
    let (found, files) = (held(), files());
    let is_folder = |stem: &str| files.iter().any(|it| it.path.starts_with(&format!("{stem}/")));
    let mut levels: BTreeMap<String, Vec<(String, String, &Import)>> = BTreeMap::new();
    for import in &found {
        if let Some((folder, from, to)) = rooms(&import.from, &import.to, is_folder) {
            levels.entry(folder).or_default().push((from, to, import));
        }
    }
    for (folder, edges) in &levels {
        let edges = edges.iter().map(|(from, to, it)| (from.as_str(), to.as_str(), *it));
        if let Some(circle) = cycles::shortest(edges) {
            panic!("{}", told(&format!("rooms of src/{folder} that import each other in a circle"), &circle));
        }
    }
}

/// The folder in which the ways to two files part, and the rooms of it that they stand in. A room is a file, or a folder with all
/// that is in it: its `mod.rs`, and a file of its name beside it, too. The `mod.rs` of the folder itself is a room of its own.
fn rooms(from: &str, to: &str, is_folder: impl Fn(&str) -> bool) -> Option<(String, String, String)> {
    let way = |path: &str| -> Vec<String> {
        let stem = path.trim_end_matches(".rs");
        let way = stem.split('/').map(str::to_owned);
        way.chain(is_folder(stem).then(|| "mod".to_owned())).collect()
    };
    let (from, to) = (way(from), way(to));
    let shared = from.iter().zip(&to).take_while(|(from, to)| from == to).count();
    Some((from[..shared].join("/"), from.get(shared)?.clone(), to.get(shared)?.clone()))
}

/// A circle in words: who is on it, and one import for each of its arrows.
fn told(what: &str, circle: &[(&str, &Import)]) -> String {
    let names: Vec<_> = circle.iter().map(|(name, _)| *name).collect();
    let arrows: Vec<_> = circle.iter().map(|(_, import)| format!("  {import}")).collect();
    format!("{what}: {} → {}\n{}", names.join(" → "), names[0], arrows.join("\n"))
}

/// What writes to the process's streams, and the files that may name it.
const STREAMS: &[(&str, &[&str])] = &[
    // The sanitizer stands in the first; the second looks at what stdout is and writes nothing.
    ("stdout()", &["cli/process/context.rs", "cli/product/output.rs"]),
    ("stderr()", &["cli/process/context.rs"]),
    ("io::stdout", &["cli/process/context.rs", "cli/product/output.rs"]),
    ("io::stderr", &["cli/process/context.rs"]),
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
    ("ProgressBar::", &["cli/process/progress.rs"]),
    ("tracing_subscriber::fmt()", &["cli/process/context.rs"]),
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
    // And in the one file that opens them, each has the sanitizer before it, or asks only what it is.
    let context = files().into_iter().find(|it| it.path == "cli/process/context.rs").unwrap();
    let bare = code(&context.text)
        .filter(|(_, line)| line.contains("io::stdout()") || line.contains("io::stderr()"));
    let bare: Vec<_> = bare
        .filter(|(_, line)| {
            !["Sanitizer::new", "is_terminal", "AutoStream::choice", "terminal_size_of"]
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
fn rooms_are_those_of_the_folder_in_which_the_ways_part() {
    let is_folder = |stem: &str| ["a", "a/b", "a/c"].contains(&stem);
    let rooms =
        |from, to| rooms(from, to, is_folder).map(|(folder, from, to)| format!("{folder}: {from} → {to}"));
    assert_eq!(rooms("a/b/x.rs", "a/c/y.rs").as_deref(), Some("a: b → c"));
    assert_eq!(rooms("a/mod.rs", "a/d.rs").as_deref(), Some("a: mod → d"));
    assert_eq!(rooms("a/b/x.rs", "a/b.rs").as_deref(), Some("a/b: x → mod"));
    assert_eq!(rooms("a/b/mod.rs", "a/c.rs").as_deref(), Some("a: b → c"));
    assert_eq!(rooms("a/d.rs", "e.rs").as_deref(), Some(": a → e"));
}
