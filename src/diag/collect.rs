//! All problems of a run, in one order whatever order they were found in.

use std::collections::BTreeMap;

use crate::diag::code::{Code, Severity};
use crate::diag::diagnostic::{Diagnostic, Place};

/// So many problems of one kind are kept; the others are counted. Whoever has more than a thousand of a kind has made one mistake.
const KEPT: usize = 1000;

/// The problems found so far. Nothing is ever dropped without being counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics {
    found: Vec<Diagnostic>,
    kinds: BTreeMap<(Severity, Code), Kind>,
}

/// The problems of one kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Kind {
    kept: usize,
    /// How many are only counted, and where the first of them is.
    more: usize,
    first: Option<Place>,
}

impl Diagnostics {
    /// Adds one problem.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let kind = self.kinds.entry((diagnostic.severity, diagnostic.code)).or_default();
        if kind.kept < KEPT {
            kind.kept += 1;
            self.found.push(diagnostic);
        } else {
            kind.more += 1;
            kind.first.get_or_insert(diagnostic.place);
        }
    }

    /// Adds all problems of another collection, and what it only counted.
    pub fn join(&mut self, other: Self) {
        for it in other.found {
            self.push(it);
        }
        for (of, more) in other.kinds {
            let kind = self.kinds.entry(of).or_default();
            kind.more += more.more;
            kind.first = kind.first.take().or(more.first);
        }
    }

    /// Takes out all of these codes.
    pub fn leave_out(&mut self, codes: &[Code]) {
        self.found.retain(|it| !codes.contains(&it.code));
        self.kinds.retain(|(_, code), _| !codes.contains(code));
    }

    /// The problems that were kept, to be changed.
    pub fn found_mut(&mut self) -> &mut [Diagnostic] {
        &mut self.found
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
        let of_severity = self.kinds.iter().filter(|((of, _), _)| *of == severity);
        of_severity.map(|(_, kind)| kind.kept + kind.more).sum()
    }

    /// Whether any problem is an error.
    pub fn has_errors(&self) -> bool {
        self.found.iter().any(|it| it.severity == Severity::Error)
    }

    /// The problems sorted by place (whole files first), then code and message, each once; and of each kind how many more there are.
    pub fn sorted(mut self) -> Vec<Diagnostic> {
        for ((severity, code), kind) in std::mem::take(&mut self.kinds) {
            if let Some(place) = kind.first {
                let message = format!("{} more of [{code}], the first of them here", kind.more);
                let more = Diagnostic::new(Code::TooManyProblems, place, message);
                self.found.push(Diagnostic { severity, ..more });
            }
        }
        self.found.sort_by(|a, b| key(a).cmp(&key(b)));
        self.found.dedup();
        self.found
    }
}

fn key(it: &Diagnostic) -> (&super::diagnostic::Place, super::code::Code, &str) {
    (&it.place, it.code, &it.message)
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(found: I) -> Self {
        let mut all = Self::default();
        all.extend(found);
        all
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, more: I) {
        more.into_iter().for_each(|it| self.push(it));
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
    fn a_hundred_thousand_problems_of_a_kind_are_a_thousand_and_a_number() {
        let at = |code, start| Diagnostic::new(code, Span::new(start, start + 1), "m");
        let mut all = Diagnostics::default();
        for part in 0..10 {
            let mut some = Diagnostics::default();
            some.extend((0..10_000).map(|one| at(Code::UnknownKey, part * 10_000 + one)));
            some.push(at(Code::NotUtf8, part));
            all.join(some);
        }
        assert_eq!(all.count(Severity::Error), 100_010);
        let sorted = all.sorted();
        let more: Vec<_> = sorted.iter().filter(|it| it.code == Code::TooManyProblems).collect();
        assert_eq!(more.len(), 1);
        assert_eq!(
            (more[0].severity, &*more[0].message),
            (Severity::Error, "99000 more of [unknown-key], the first of them here")
        );
        assert_eq!(sorted.len(), KEPT + 10 + 1);
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
