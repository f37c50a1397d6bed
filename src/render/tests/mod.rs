//! Whole plans in every format, built by hand: what readers see, and what they must never see.

mod commands;
mod hostile;
mod report;
mod rows;
mod sample;
mod secret;

use std::path::Path;

use crate::apply::Forecast;
use crate::diag::Sources;
use crate::model::Family;
use crate::plan::Plan;
use crate::render::markdown::{Page, PageKind};
use crate::render::{Colour, Layout, Marker, Redaction, View, json, markdown, text};

pub(super) const PAPER: Layout = Layout { width: 100, colour: Colour::Plain };

pub(super) fn as_text(plan: &Plan, sources: &Sources, redaction: Redaction) -> String {
    let mut out = Vec::new();
    text::plan(&mut out, plan, &View::new(sources, redaction), PAPER, Some(&forecast())).unwrap();
    String::from_utf8(out).unwrap()
}

pub(super) fn as_markdown(plan: &Plan, sources: &Sources, redaction: Redaction) -> String {
    as_page(plan, sources, redaction, PageKind::Comment(&Marker::of(plan)))
}

pub(super) fn as_page(plan: &Plan, sources: &Sources, redaction: Redaction, kind: PageKind<'_>) -> String {
    let (mut out, forecast) = (Vec::new(), forecast());
    let page = Page { banner: None, forecast: Some(&forecast), kind, full: "the run", approval: None };
    markdown::plan(&mut out, plan, &View::new(sources, redaction), &page).unwrap();
    String::from_utf8(out).unwrap()
}

pub(super) fn as_json(plan: &Plan, sources: &Sources, redaction: Redaction) -> String {
    let mut out = Vec::new();
    json::plan(&mut out, plan, &View::new(sources, redaction), Some(&forecast())).unwrap();
    String::from_utf8(out).unwrap()
}

/// Compares with a file in `expected/`; `BLESS=1` writes it anew.
#[track_caller]
pub(super) fn check(name: &str, shown: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/render/tests/expected").join(name);
    #[expect(clippy::disallowed_methods, reason = "a switch of the test, not of the program")]
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, shown).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(shown == expected, "{name} is not as expected; `BLESS=1` writes it anew\n{shown}");
}

/// Five requests of the sample.
fn forecast() -> Forecast {
    let writes = [(Family::Identity, 2), (Family::Admin, 2), (Family::Hrdc, 1)];
    Forecast { writes: writes.into_iter().collect(), looks: 9, per_minute: 300 }
}
