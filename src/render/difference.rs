//! What differs between the plan that was expected and the one there is now? For exit code 4.

use std::io;
use std::time::Duration;

use similar::{ChangeTag, TextDiff};

use crate::plan::Plan;
use crate::render::json::document::{Delta, Document, Fact, Object, Value};
use crate::render::json::{SavedPlan, document};
use crate::render::paper::{Paper, Row, Tone};
use crate::render::view::{Redaction, View};
use crate::render::words::counted;

/// Longer than this and a rougher difference will do.
const PATIENCE: Duration = Duration::from_secs(1);

/// Writes one line for each fact that only one of the two plans has, in the order of the alphabet.
///
/// With redaction the facts are only counted: the expected plan holds people by name.
pub fn difference(
    out: &mut dyn io::Write,
    expected: &SavedPlan,
    now: &Plan,
    view: &View<'_>,
    paper: Paper,
) -> io::Result<()> {
    let (old, new) = (lines(&expected.document), lines(&document(now, &view.unredacted(), None)));
    let (old, new): (Vec<&str>, Vec<&str>) =
        (old.iter().map(String::as_str).collect(), new.iter().map(String::as_str).collect());
    let diff = TextDiff::configure().timeout(PATIENCE).diff_slices(&old, &new);
    let changes: Vec<_> = diff.iter_all_changes().filter(|it| it.tag() != ChangeTag::Equal).collect();

    let of = |tag| changes.iter().filter(|it| it.tag() == tag).count();
    let (gone, come) = (of(ChangeTag::Delete), of(ChangeTag::Insert));
    let head = Row::new(0, 2).words(0, Tone::Strong, &headline(gone, come));
    head.write(out, paper, 0)?;
    if view.redaction() == Redaction::On {
        return Ok(());
    }
    for change in changes {
        let (sign, tone) = match change.tag() {
            ChangeTag::Delete => ("- expected", Tone::Removed),
            ChangeTag::Insert => ("+ now", Tone::Added),
            ChangeTag::Equal => continue,
        };
        Row::new(0, 14).column(10, tone, sign).words(1, Tone::Plain, change.value()).write(out, paper, 2)?;
    }
    Ok(())
}

fn headline(gone: usize, come: usize) -> String {
    if gone + come == 0 {
        return "the same facts: the policy, the keys, or the members of HR groups that are sent again, differ"
            .to_owned();
    }
    let (gone, come) = (counted(gone, "fact", "facts"), counted(come, "fact", "facts"));
    format!("expected and not planned now: {gone}; planned now and not expected: {come}")
}

/// One line for every fact of a plan, and for every group that its snapshot sends; sorted.
fn lines(document: &Document) -> Vec<String> {
    let facts = document.changes.iter().flat_map(|change| {
        change.facts.iter().map(|fact| format!("{}: {}", object(&change.object), words(fact)))
    });
    let groups = document.snapshot.iter().flat_map(|snapshot| &snapshot.groups);
    let groups =
        groups.map(|group| format!("HR set, {}: {} → {} members", group.name, group.before, group.after));
    let mut lines: Vec<String> = facts.chain(groups).collect();
    lines.sort_unstable();
    lines
}

fn object(object: &Object) -> String {
    match object {
        Object::User { label, record } => format!("user {label}{}", number(*record)),
        Object::Group { name, source, record } => format!("{source} group {name}{}", number(*record)),
        Object::Exclusion { login, record } => format!("exclusion {login}{}", number(*record)),
    }
}

fn words(fact: &Fact) -> String {
    let shown = |value: &Value| format!("{}{}", value.text, number(value.record));
    let delta = match &fact.delta {
        Delta::Add { value } => format!("+ {}", shown(value)),
        Delta::Remove { value } => format!("- {}", shown(value)),
        Delta::Set { from: Some(from), to } => format!("{} → {}", shown(from), shown(to)),
        Delta::Set { from: None, to } => format!("none → {}", shown(to)),
    };
    format!("{} {delta} ({}, {})", fact.field, fact.severity.word(), fact.cause.word())
}

fn number(record: Option<u64>) -> String {
    record.map_or_else(String::new, |record| format!(" (record {record})"))
}
