//! One manifest's text becomes typed values with their places, and every problem in it at once.
//!
//! `build` turns a text into a tree within budgets: by `scan` if it is written in the plainest way, else by granit-parser's events.
//! `keys` checks the mappings, `refuse` knows what YAML allows and manifests do not, and `de` is a serde `Deserializer` over the tree. An
//! error that reaches a type has been reported already; it only means "leave this value out", and the types of this module do:
//!
//! ```
//! use rollcall::diag::{Code, Sources};
//! use rollcall::manifest::yaml::{self, Either, Field, List, OneOrMany};
//! use serde::Deserialize;
//!
//! #[derive(Default, Deserialize)]
//! #[serde(default, rename_all = "camelCase")]
//! struct Manifest {
//!     users: Field<List<User>>,
//! }
//!
//! #[derive(Default, Deserialize)]
//! #[serde(default, rename_all = "camelCase")]
//! struct User {
//!     display_name: Field<Box<str>>,
//!     email: Field<OneOrMany<Box<str>>>,
//!     tracking: Field<Tracking>,
//!     boss: Field<Either<Box<str>, Named>>,
//! }
//!
//! #[derive(Deserialize, Debug, PartialEq)]
//! #[serde(rename_all = "camelCase")]
//! enum Tracking {
//!     Tracked,
//!     Untracked,
//! }
//!
//! #[derive(Default, Deserialize)]
//! #[serde(default)]
//! struct Named {
//!     name: Field<Box<str>>,
//! }
//!
//! let mut sources = Sources::default();
//! let text = "users:\n- { displayName: Ada, tracking: trakced, email: 0012345, boss: { name: Charles } }\n";
//! let (manifest, problems) = yaml::read::<Manifest>(sources.add("a.yaml", text)?);
//!
//! // `tracking` is reported and broken; everything else was read.
//! assert_eq!(problems.sorted()[0].code, Code::UnknownValue);
//! let users = manifest.users.given().unwrap().value.0;
//! assert_eq!(users[0].tracking, Field::Broken);
//! assert_eq!(&*users[0].display_name.as_ref().unwrap().value, "Ada");
//! assert_eq!(&*users[0].email.as_ref().unwrap().0[0].value, "0012345");
//! # Ok::<(), rollcall::diag::TooMuchText>(())
//! ```
//!
//! So raw types are structs with `#[serde(default)]` whose every field is a [`Field`], and whose lists are [`List`] or
//! [`OneOrMany`]. A rule that misses a key asks [`Field::is_absent`]: a broken one is there. `Option`, `Vec` and maps of
//! serde work too, but one bad value inside fails the whole. A union by shape is an [`Either`]; a mapping whose key decides
//! what the value is implements `Deserialize` by hand with `visit_map`, and its errors are placed at the mapping. No
//! `flatten`, `untagged` or internally tagged types: they lose places.

mod access;
mod at;
mod budget;
mod build;
mod de;
mod error;
mod keys;
mod layout;
mod meant;
mod refuse;
mod scan;
mod schema;
mod sink;
mod tree;
mod types;
mod written;

use serde::Deserialize;

use crate::diag::{Code, Diagnostic, Diagnostics, Place, Source};
use at::{At, Reader};
use budget::Budget;
use sink::Sink;

pub(in crate::manifest) use layout::cause;
pub use types::{Either, Field, List, Map, OneOrMany, Spanned, Written, list};
pub use written::written_out;

/// Reads one manifest. The value holds what could be read, the diagnostics everything that could not.
pub fn read<'s, T: Deserialize<'s> + Default>(source: &'s Source) -> (T, Diagnostics) {
    let sink = Sink::new();
    let tree = build::build(source, Budget::default(), &sink);
    let value = if tree.nodes.is_empty() {
        if sink.is_empty() {
            sink.push(|| nothing(source));
        }
        T::default()
    } else {
        let reader = Reader { tree: &tree, sink: &sink };
        let root = At { reader: &reader, node: 0, key: None };
        at::read(root, std::marker::PhantomData).unwrap_or_default()
    };
    (value, sink.finish(source))
}

/// Whether a manifest that is scanned makes the same tree as by the parser, and no problem there; true of one that is not scanned.
///
/// For tests and the fuzz target that hold it.
#[doc(hidden)]
pub fn scans_as_it_parses(source: &Source) -> bool {
    let sink = Sink::new();
    let scanned = scan::tree(source, &Budget::default());
    scanned.is_none_or(|tree| tree == build::parse(source, Budget::default(), &sink) && sink.is_empty())
}

fn nothing(source: &Source) -> Diagnostic {
    Diagnostic::new(Code::EmptyManifest, Place::file(source.path()), "this manifest says nothing")
        .help("take the file out, or write what it should say")
}
