//! All problems of a run, in one order whatever order they were found in.

use crate::diag::{Diagnostic, Severity};

/// The problems found so far. Nothing is ever dropped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics {
    found: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Adds one problem.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// The problems in the order they were found.
    pub fn found(&self) -> &[Diagnostic] {
        &self.found
    }

    /// Whether nothing at all was found, not even a warning.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// How many of this severity were found.
    pub fn count(&self, severity: Severity) -> usize {
        self.found.iter().filter(|it| it.severity == severity).count()
    }

    /// Whether any problem is an error.
    pub fn has_errors(&self) -> bool {
        self.found.iter().any(|it| it.severity == Severity::Error)
    }

    /// The problems sorted by place (whole files first), then code and message, each once.
    pub fn sorted(mut self) -> Vec<Diagnostic> {
        self.found.sort_by(|a, b| key(a).cmp(&key(b)));
        self.found.dedup();
        self.found
    }
}

fn key(it: &Diagnostic) -> (&super::Place, super::Code, &str) {
    (&it.place, it.code, &it.message)
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(found: I) -> Self {
        Self { found: found.into_iter().collect() }
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, more: I) {
        self.found.extend(more);
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    /// The problems in the order they were found.
    fn into_iter(self) -> Self::IntoIter {
        self.found.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::{Code, Place, Span};

    #[test]
    fn the_order_of_finding_does_not_show() {
        let at = |start| Diagnostic::new(Code::UnknownKey, Span::new(start, start + 1), "m");
        let file = Diagnostic::new(Code::NotUtf8, Place::file("z.yaml"), "m");
        let collect = |items: Vec<Diagnostic>| {
            let mut all = Diagnostics::default();
            all.extend(items);
            all.sorted()
        };
        let forward = collect(vec![at(1), at(7), file.clone()]);
        assert_eq!(forward, collect(vec![file.clone(), at(7), at(1)]));
        assert_eq!(forward, [file, at(1), at(7)]);
    }

    #[test]
    fn a_warning_is_not_an_error_until_it_is_raised() {
        let warning = Diagnostic {
            severity: Severity::Warning,
            ..Diagnostic::new(Code::UnknownKey, Span::new(0, 1), "m")
        };
        let mut all = Diagnostics::default();
        all.push(warning.clone());
        assert!(!all.has_errors());
        all.push(warning.as_error());
        assert!(all.has_errors());
        assert_eq!((all.count(Severity::Warning), all.count(Severity::Error)), (1, 1));
    }
}
