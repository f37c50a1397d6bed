//! Which paths can a manifest name?

use std::path::{Component, Path};

use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::manifest::yaml::Spanned;

/// A path in a manifest starts at the manifest.
pub(super) fn relative(path: &Spanned<Box<str>>, found: &mut Diagnostics) {
    let rooted = |part| matches!(part, Component::Prefix(_) | Component::RootDir);
    if path.value.starts_with('/') || Path::new(&*path.value).components().any(rooted) {
        let message = format!("`{}` leads out of the repository", path.value);
        let problem = Diagnostic::new(Code::LinkLeavesRepository, path.span, message);
        found.push(problem.help("write a path relative to this file"));
    }
}
