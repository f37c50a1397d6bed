//! How does a plan read as a page? One file that asks nothing of anybody: to be opened, searched, printed and kept.
//!
//! The words that decide are written here by a template, which escapes them; the changes go along as JSON, and the script of the page
//! makes text of them, never markup. A content security policy lets nothing run but that script, and lets it send nothing.

mod head;
mod page;
mod pictures;

use std::borrow::Cow;
use std::io;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use minijinja::value::Serde;
use minijinja::{Environment, context};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::apply::Report;
use crate::plan::Plan;
use crate::render::escape::visible;
use crate::render::html::head::Head;
pub use crate::render::html::page::Page;
use crate::render::html::pictures::{People, Stretch};
use crate::render::json::{Document, document, in_a_line};
use crate::render::report::{Became, became};
use crate::render::verdict::{Standing, Verdict, reason, verdicts};
use crate::render::view::View;
use crate::render::words::{self, Title};

/// Ends in `.html`, by which the template's library knows that it has to escape.
const NAME: &str = "page.html";
const TEMPLATE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// What the script of the page draws.
#[derive(Serialize)]
struct Data {
    /// Without its fingerprints, which nobody reads on a page.
    plan: Document,
    /// What each change is called, by its number.
    titles: Vec<Title>,
    people: Option<People>,
    order: Vec<Stretch>,
    /// What became of each change, by its number; empty where nothing was carried out.
    outcomes: Vec<Outcome>,
}

/// What became of a change.
#[derive(Serialize)]
struct Outcome {
    /// Its place among those that there are: the worst have the least.
    rank: usize,
    word: &'static str,
    why: String,
}

/// Writes a plan as a page; one that was carried out with what became of it.
///
/// # Errors
/// What writing fails with.
pub fn plan(out: &mut dyn io::Write, plan: &Plan, view: &View<'_>, page: &Page<'_>) -> io::Result<()> {
    let document = Document { fingerprints: Vec::new(), ..document(plan, view, Some(page.forecast)) };
    let verdicts = page.report.map(|report| (report, verdicts(plan, report)));
    let verdicts = verdicts.as_ref().map(|(report, verdicts)| (*report, &verdicts[..]));
    let head = Head::of((plan, verdicts), &document, view, page);
    let data = Data {
        titles: plan.changes.iter().map(|change| words::title(change, view)).collect(),
        people: pictures::people(plan, page.observed),
        order: pictures::order(plan, page),
        outcomes: verdicts.map(|(report, all)| outcomes((plan, report), all, view)).unwrap_or_default(),
        plan: document,
    };
    let mut environment = Environment::new();
    environment.add_template(NAME, TEMPLATE).map_err(io::Error::other)?;
    let template = environment.get_template(NAME).map_err(io::Error::other)?;
    let title = if page.report.is_some() { "Report of" } else { "Plan of" };
    let data = harmless(serde_json::to_value(data)?)?;
    let values =
        context! { title, policy => policy(), head => Serde(head), style => STYLE, script => SCRIPT, data };
    out.write_all(template.render(values).map_err(io::Error::other)?.as_bytes())
}

fn outcomes((plan, report): (&Plan, &Report), verdicts: &[Verdict<'_>], view: &View<'_>) -> Vec<Outcome> {
    let outcome = |verdict: &Verdict<'_>| {
        let why = match became(verdict, (plan, report), view) {
            Became::Said(said) => said,
            Became::InPart(said) => match verdict.decisive(report) {
                Some((_, outcome)) => format!("{said}; {}", reason(outcome, plan, view)),
                None => said,
            },
        };
        let rank =
            Standing::ALL.iter().position(|standing| *standing == verdict.standing).unwrap_or_default();
        Outcome { rank, word: verdict.standing.word(), why }
    };
    verdicts.iter().map(outcome).collect()
}

/// Nothing but this style and this script; no request to anywhere.
fn policy() -> String {
    let hash = |text: &str| format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text)));
    format!(
        "default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
}

/// JSON for the inside of an element: its texts as people are to see them, and none that could end the element.
fn harmless(mut data: Value) -> io::Result<String> {
    show(&mut data);
    Ok(in_a_line(&data)?.replace('<', "\\u003c"))
}

fn show(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Cow::Owned(shown) = visible(text) {
                *text = shown;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(show),
        Value::Object(entries) => entries.values_mut().for_each(show),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
