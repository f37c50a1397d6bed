//! What are manifests planned against, whatever is edited in them?

use std::cell::OnceCell;
use std::path::Path;

use jiff::Timestamp;

use crate::diag::{Diagnostic, Place, Severity, Sources};
use crate::import::adopt::book::Book;
use crate::import::check::Objection;
use crate::import::choices::Choices;
use crate::import::claims::Claims;
use crate::import::imported::Imported;
use crate::manifest::{self, Edited, Exports};
use crate::model::{Dates, Desired, Observed, Origin, Piece};
use crate::phrase;
use crate::plan::{self, Context, Plan};

/// What all rounds have in common.
pub(super) struct Ground<'a> {
    /// The folder.
    pub(super) folder: &'a Path,
    /// What paths of manifests in it begin with.
    pub(super) root: &'a str,
    /// Which files stand for exports.
    pub(super) exports: &'a Exports,
    /// What time it is.
    pub(super) now: Timestamp,
    /// The reading.
    pub(super) observed: &'a Observed,
    /// Who else holds a value.
    pub(super) claims: &'a Claims<'a>,
    /// What becomes of what may be written in more than one way.
    pub(super) choices: Choices,
    /// What an import would write, once somebody asks.
    pub(super) imported: OnceCell<Imported>,
}

/// Manifests and their plan.
pub(super) struct Planned {
    /// The manifests.
    pub(super) sources: Sources,
    /// What they say.
    pub(super) desired: Desired,
    /// The plan.
    pub(super) plan: Plan,
}

impl Ground<'_> {
    /// Reads manifests with edits and plans them.
    ///
    /// # Errors
    /// What keeps them from being planned.
    pub(super) fn plan(&self, edits: &Edited) -> Result<Planned, Vec<Objection>> {
        let loaded = manifest::gather_edited(self.folder, self.exports, edits).judge(Dates::of(self.now));
        let sources = loaded.sources;
        let Some(desired) = loaded.desired else {
            let errors = loaded.diagnostics.iter().filter(|it| it.severity == Severity::Error);
            return Err(errors.map(|it| said(it, &sources)).collect());
        };
        let context = Context { now: self.now, base: None, attempts: None, number: None };
        match plan::plan(&desired, self.observed, &context) {
            Ok(plan) => Ok(Planned { sources, desired, plan }),
            Err(all) => Err(all
                .iter()
                .map(|why| Objection { place: place(&sources, why.origin()), why: phrase![why.to_string()] })
                .collect()),
        }
    }

    /// What an import would write.
    pub(super) fn imported(&self) -> &Imported {
        self.imported.get_or_init(|| Imported::of(self.observed, self.choices))
    }

    /// Where everything stands in manifests.
    pub(super) fn book<'b>(&'b self, planned: &'b Planned) -> Book<'b> {
        Book::new((&planned.desired, &planned.sources), (self.observed, self.claims), self.root)
    }
}

fn said(diagnostic: &Diagnostic, sources: &Sources) -> Objection {
    let place = match &diagnostic.place {
        Place::File(_) => None,
        Place::Span(span) => place(sources, Origin::at(span.start)),
    };
    Objection { place, why: phrase![Piece::personal(&diagnostic.message)] }
}

/// A place as it is shown.
pub(super) fn place(sources: &Sources, origin: Origin) -> Option<(Box<str>, usize)> {
    sources.locate_origin(origin).map(|at| (at.source.path().into(), at.line))
}
