//! Does what was written leave the account as it is? It is read back from the disk and planned against the reading.

use std::path::Path;

use jiff::Timestamp;

use crate::diag::{Diagnostic, Place, Severity, Sources};
use crate::manifest::{self, Exports};
use crate::model::{Dates, Desired, Object, Observed, Origin, Phrase, Piece};
use crate::phrase;
use crate::plan::{self, Context, Plan};

/// Something that keeps a plan of what was written from being nothing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objection {
    /// The file and the line that it is about, if there is one.
    pub place: Option<(Box<str>, usize)>,
    /// What it is.
    pub why: Phrase,
}

/// Reads the manifests in a folder and plans them against the reading that they were made of: every objection, or none.
pub fn check(folder: &Path, observed: &Observed, now: Timestamp) -> Vec<Objection> {
    let loaded = manifest::gather(folder, &Exports::Ignored).judge(Dates::of(now));
    let sources = &loaded.sources;
    if let Some(desired) = &loaded.desired {
        let objections = planned(desired, observed, sources, now);
        // Of a large account that takes longer than all the sentences that follow.
        rayon::spawn(move || drop(loaded));
        return objections;
    }
    let errors = loaded.diagnostics.iter().filter(|it| it.severity == Severity::Error);
    let objection = |it: &Diagnostic| {
        let place = match &it.place {
            Place::File(_) => None,
            Place::Span(span) => sources.locate_origin(Origin::at(span.start)),
        };
        let place = place.map(|at| (at.source.path().into(), at.line));
        Objection { place, why: phrase![Piece::personal(&it.message)] }
    };
    errors.map(objection).collect()
}

/// What a plan of what was written has against it.
fn planned(desired: &Desired, observed: &Observed, sources: &Sources, now: Timestamp) -> Vec<Objection> {
    let at = |origin: Origin| sources.locate_origin(origin).map(|at| (at.source.path().into(), at.line));
    let plan = match plan::plan(desired, observed, &Context { now, base: None, attempts: None, number: None })
    {
        Ok(plan) => plan,
        Err(all) => {
            let objection =
                |why: &plan::Incomplete| Objection { place: at(why.origin()), why: phrase![why.to_string()] };
            return all.iter().map(objection).collect();
        }
    };
    let Plan { blockers, changes, manual, .. } = &plan;
    let blockers = blockers.iter().map(|it| (it.origin, it.message.clone()));
    let changes = changes.iter().map(|it| (it.origin, phrase!["a plan would change ", object(&it.object)]));
    let manual = manual.iter().map(|it| (it.origin, it.what.clone()));
    let all = blockers.chain(changes).chain(manual);
    all.map(|(origin, why)| Objection { place: at(origin), why }).collect()
}

/// What a change is about.
fn object(object: &Object) -> Piece {
    match object {
        Object::User(label) => label.clone().into(),
        Object::Group { name, .. } => Piece::plain(name),
        Object::Exclusion { login, .. } => Piece::personal(login),
    }
}
