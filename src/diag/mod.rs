//! A problem in a manifest and its place: code, source, span, diagnostic.
//!
//! Nothing here reads a file or prints: `manifest::files` fills [`Sources`], the manifest layers push into
//! [`Diagnostics`], and `render::diagnostics` shows them.

mod code;
mod collect;
mod diagnostic;
mod nearest;
mod source;
mod span;

pub use code::{Code, Severity};
pub use collect::Diagnostics;
pub use diagnostic::{Diagnostic, Place};
pub use nearest::{nearest, suggestions};
pub use source::{Location, Source, Sources, Table, TooMuchText};
pub use span::Span;
