//! Which file of the crate imports which? Read from the source: every `use`, and every path that names a module on its way.
//!
//! An import of a name that a facade (`mod.rs` with `pub use`) passes on is an import of the facade's file, and the facade
//! imports what it passes on. A `mod x;` is no import, and what is compiled for tests alone can be left out.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;

use proc_macro2::TokenStream;

use super::tokens::{self, Item};

/// One file that names something of another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Import {
    /// The importing file below the root of the source.
    pub(super) from: String,
    pub(super) line: usize,
    /// The imported file.
    pub(super) to: String,
    /// The path as it is written.
    pub(super) path: String,
}

impl fmt::Display for Import {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "src/{}:{} imports {}: `{}`", self.from, self.line, self.to, self.path)
    }
}

/// Whether what is compiled for tests alone counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tests {
    Included,
    LeftOut,
}

/// The names from the crate's root to a module; empty for the root itself.
type Name = Vec<String>;

/// The text of a file, if there is one.
type Text<'a> = dyn FnMut(&str) -> Option<String> + 'a;

/// A module as it is written.
struct Module {
    file: String,
    items: Vec<Item>,
    /// What its `use` lines call other modules.
    aliases: BTreeMap<String, Name>,
}

/// The modules of a crate.
struct Crate {
    tests: Tests,
    modules: BTreeMap<Name, Module>,
    /// The exported macros, which stand at the crate's root, and the files that define them.
    macros: BTreeMap<String, String>,
}

/// Every import between files of a crate whose `lib.rs` stands in a folder, sorted.
pub(super) fn of_crate(root: &Path, tests: Tests) -> Vec<Import> {
    of_text(&mut |file| fs::read_to_string(root.join(file)).ok(), tests)
}

/// The same for files whose texts are asked for by path.
fn of_text(text: &mut Text<'_>, tests: Tests) -> Vec<Import> {
    let mut all = Crate { tests, modules: BTreeMap::new(), macros: BTreeMap::new() };
    let lib = text("lib.rs").expect("a crate has a lib.rs");
    all.read(text, Vec::new(), "lib.rs", lib.parse().expect("lib.rs is Rust"));
    all.alias();
    all.imports()
}

impl Crate {
    /// Takes a module in, and the modules that it declares.
    fn read(&mut self, text: &mut Text<'_>, name: Name, file: &str, tokens: TokenStream) {
        let items = tokens::items(tokens, self.tests);
        for item in &items {
            match item {
                Item::Module(child, inline) => {
                    let name = [&name[..], std::slice::from_ref(child)].concat();
                    if let Some(tokens) = inline {
                        self.read(text, name, file, tokens.clone());
                    } else {
                        let (file, text_of) = found(text, &name);
                        let tokens = text_of.parse().unwrap_or_else(|error| panic!("{file}: {error}"));
                        self.read(text, name, &file, tokens);
                    }
                }
                Item::Macro(name) => {
                    self.macros.insert(name.clone(), file.to_owned());
                }
                Item::Use(_) | Item::Path(_) => {}
            }
        }
        self.modules.insert(name, Module { file: file.to_owned(), items, aliases: BTreeMap::new() });
    }

    /// Notes which names stand for modules: `use crate::a::b;` makes `b` one.
    fn alias(&mut self) {
        let mut found = Vec::new();
        for (name, module) in &self.modules {
            for item in &module.items {
                let Item::Use(path) = item else { continue };
                let Some(alias) = path.alias.as_ref() else { continue };
                if let Some((target, used)) = self.resolve(name, &path.names)
                    && used == path.names.len()
                {
                    found.push((name.clone(), alias.clone(), target));
                }
            }
        }
        for (name, alias, target) in found {
            self.modules.get_mut(&name).unwrap().aliases.insert(alias, target);
        }
    }

    /// The module that a path leads to, and how many of its names lead there.
    fn resolve(&self, from: &Name, path: &[String]) -> Option<(Name, usize)> {
        let below = |name: &Name, next: &String| [&name[..], std::slice::from_ref(next)].concat();
        let (mut at, mut used) = match path[0].as_str() {
            "crate" => (Vec::new(), 1),
            "self" => (from.clone(), 1),
            "super" => {
                let up = path.iter().take_while(|it| *it == "super").count();
                (from[..from.len().checked_sub(up)?].to_vec(), up)
            }
            _ if self.modules.contains_key(&below(from, &path[0])) => (below(from, &path[0]), 1),
            first => (self.modules[from].aliases.get(first)?.clone(), 1),
        };
        while let Some(next) = path.get(used)
            && self.modules.contains_key(&below(&at, next))
        {
            at = below(&at, next);
            used += 1;
        }
        Some((at, used))
    }

    /// The file that a path takes something from.
    fn file(&self, from: &Name, path: &[String]) -> Option<&str> {
        let (module, used) = self.resolve(from, path)?;
        if module.is_empty() {
            return self.macros.get(path.get(used)?).map(String::as_str);
        }
        Some(&self.modules[&module].file)
    }

    fn imports(&self) -> Vec<Import> {
        let mut found = Vec::new();
        for (name, module) in &self.modules {
            for item in &module.items {
                let (Item::Use(path) | Item::Path(path)) = item else { continue };
                let to = self.file(name, &path.names).filter(|to| *to != module.file);
                found.extend(to.map(|to| Import {
                    from: module.file.clone(),
                    line: path.line,
                    to: to.to_owned(),
                    path: path.names.join("::"),
                }));
            }
        }
        found.sort();
        found.dedup();
        found
    }
}

/// The file of a module and its text: `a/b.rs` or `a/b/mod.rs`.
fn found(text: &mut Text<'_>, name: &Name) -> (String, String) {
    let stem = name.join("/");
    [format!("{stem}.rs"), format!("{stem}/mod.rs")]
        .into_iter()
        .find_map(|file| text(&file).map(|text| (file, text)))
        .unwrap_or_else(|| panic!("module {} has no file", name.join("::")))
}

#[cfg(test)]
mod tests {
    use super::{Tests, of_text};

    /// The imports of a crate of files, as `from:line > to`.
    fn imports(files: &[(&str, &str)]) -> Vec<String> {
        let mut text =
            |path: &str| files.iter().find(|(it, _)| *it == path).map(|(_, text)| (*text).to_owned());
        let found = of_text(&mut text, Tests::LeftOut);
        found.iter().map(|it| format!("{}:{} > {}", it.from, it.line, it.to)).collect()
    }

    /// A crate of two modules, `a` and `b`, where `b` has a child `c` and a facade; `a.rs` is given.
    fn from_a(a: &str) -> Vec<String> {
        let b = "mod c;\npub(crate) mod d;\npub use c::C;";
        let all = imports(&[
            ("lib.rs", "pub mod a; pub mod b;"),
            ("a.rs", a),
            ("b/mod.rs", b),
            ("b/c.rs", "pub struct C;"),
            ("b/d.rs", "pub fn d() {}"),
        ]);
        all.into_iter().filter_map(|it| it.strip_prefix("a.rs:").map(str::to_owned)).collect()
    }

    #[test]
    fn a_name_is_of_the_last_module_on_its_path() {
        assert_eq!(from_a("use crate::b::d::d;"), ["1 > b/d.rs"]);
        assert_eq!(from_a("use std::fmt;\nuse super::b::d;"), ["2 > b/d.rs"]);
        assert_eq!(from_a("fn f() { crate::b::d::d() }"), ["1 > b/d.rs"]);
        assert_eq!(from_a("fn f() { println!(\"{}\", crate::b::d::d()) }"), ["1 > b/d.rs"]);
    }

    #[test]
    fn a_name_that_a_facade_passes_on_is_of_the_facade() {
        assert_eq!(from_a("use crate::b::C;"), ["1 > b/mod.rs"]);
        assert_eq!(from_a("use crate::b::*;"), ["1 > b/mod.rs"]);
    }

    #[test]
    fn groups_are_taken_apart() {
        assert_eq!(from_a("use crate::{\n b::{C, d::d},\n};"), ["2 > b/d.rs", "2 > b/mod.rs"]);
        assert_eq!(from_a("use crate::b::{self, d};"), ["1 > b/d.rs", "1 > b/mod.rs"]);
    }

    #[test]
    fn a_module_under_another_name_is_followed() {
        assert_eq!(from_a("use crate::b as x;\nfn f() { x::d::d() }"), ["1 > b/mod.rs", "2 > b/d.rs"]);
    }

    #[test]
    fn what_is_no_import_is_left_out() {
        let none: [&str; 0] = [];
        assert_eq!(from_a("// use crate::b::C;\n/* crate::b::d */ const A: &str = \"crate::b::d\";"), none);
        assert_eq!(from_a("#[cfg(test)]\nmod tests { use crate::b::C; }"), none);
        assert_eq!(from_a("#[cfg(test)]\nuse crate::b::{C};\n"), none);
        assert_eq!(from_a("#[cfg(test)]\nfn f() -> crate::b::C { crate::b::C }"), none);
        assert_eq!(from_a("pub(in crate::a) struct A;"), none);
        assert_eq!(from_a("use other::b::C; fn f() { b::d::d(); x.b::<d>() }"), none);
        assert_eq!(from_a("use self::A; struct A;"), none);
    }

    #[test]
    fn children_are_imported_by_what_a_facade_passes_on_and_not_by_mod() {
        let files =
            [("lib.rs", "mod a;"), ("a/mod.rs", "mod b;\nmod c;\nuse b::B;"), ("a/b.rs", ""), ("a/c.rs", "")];
        assert_eq!(imports(&files), ["a/mod.rs:3 > a/b.rs"]);
        let files =
            [("lib.rs", "mod a;"), ("a.rs", "mod b;\nfn f() { b::g() }"), ("a/b.rs", "use super::f;")];
        assert_eq!(imports(&files), ["a.rs:2 > a/b.rs", "a/b.rs:1 > a.rs"]);
    }

    #[test]
    fn modules_inside_a_file_are_of_the_file() {
        let inner = "mod i { use super::x; use super::super::b::y; } fn x() {}";
        assert_eq!(imports(&[("lib.rs", "mod a; mod b;"), ("a.rs", inner), ("b.rs", "")]), ["a.rs:1 > b.rs"]);
    }

    #[test]
    fn an_exported_macro_is_of_the_file_that_defines_it() {
        let defined = "#[macro_export]\nmacro_rules! m { () => { $crate::c::x() } }";
        let files = [
            ("lib.rs", "mod a; mod b; mod c;"),
            ("a.rs", "fn f() { crate::m!() }"),
            ("b.rs", defined),
            ("c.rs", ""),
        ];
        assert_eq!(imports(&files), ["a.rs:1 > b.rs", "b.rs:2 > c.rs"]);
    }
}
