//! What differs between the plans that were expected and the one there is now? For exit code 4.

use std::collections::BTreeMap;
use std::io;

use crate::plan::Plan;
use crate::render::count::counted;
use crate::render::json::document::{Delta, Document, Fact, Fate, Object, Value};
use crate::render::json::{SavedPlan, document};
use crate::render::layout::{Layout, Row, Tone};
use crate::render::view::{Redaction, View};

/// A saved plan that was expected, by the name it was given.
#[derive(Debug, Clone, Copy)]
pub struct Named<'a> {
    /// Its file, or its digest.
    pub name: &'a str,
    /// What was saved of it.
    pub saved: &'a SavedPlan,
}

/// Writes what is planned now and was not expected, and what was expected and is not planned now: a line for each fact, in the
/// order of the alphabet, each once. Of several plans it says which of them holds what, change by change.
///
/// With redaction the facts are only counted: the expected plans hold people by name.
pub fn difference(
    out: &mut dyn io::Write,
    expected: &[Named<'_>],
    now: &Plan,
    view: &View<'_>,
    layout: Layout,
) -> io::Result<()> {
    let table = Table::new(expected, &document(now, &view.unredacted(), None));
    Row::new(0, 2).words(0, Tone::Strong, &table.headline()).write(out, layout, 0)?;
    if view.redaction() != Redaction::Off {
        return Ok(());
    }
    let several = expected.len() > 1;
    for (at, one) in expected.iter().enumerate().filter(|_| several) {
        Row::new(0, 4)
            .then(1, Tone::Quiet, &format!("{} is", at + 1))
            .words(1, Tone::Plain, one.name)
            .write(out, layout, 2)?;
    }
    let mut line = |tone, sign: &str, text: &str| {
        Row::new(0, 14).column(10, tone, sign).words(1, Tone::Plain, text).write(out, layout, 2)
    };
    for one in table.facts.values().filter(|one| !one.now) {
        let which = if several { &list(&one.plans) } else { "expected" };
        line(Tone::Removed, &format!("- {which}"), &one.text)?;
    }
    for one in table.facts.values().filter(|one| one.plans.is_empty()) {
        line(Tone::Added, if several { "+ none" } else { "+ now" }, &one.text)?;
    }
    for ((object, plans), facts) in table.covered().into_iter().filter(|_| several) {
        line(
            Tone::Quiet,
            &format!("= {}", list(plans)),
            &format!("{object}: {}", counted(facts, "fact", "facts")),
        )?;
    }
    Ok(())
}

/// A fact of a plan, or of several.
#[derive(Default)]
struct Line {
    /// What it is about.
    object: String,
    /// All of it.
    text: String,
    /// Which of the expected plans hold it.
    plans: Vec<usize>,
    /// Whether the present one does.
    now: bool,
    /// Whether a snapshot sends it, and nothing changes.
    sent_again: bool,
}

/// Every fact, by what makes it the same fact in another plan: a record counts, and not how it is called.
#[derive(Default)]
struct Table {
    facts: BTreeMap<(String, String), Line>,
}

impl Table {
    fn new(expected: &[Named<'_>], now: &Document) -> Self {
        let mut table = Self::default();
        for (at, one) in expected.iter().enumerate() {
            table.read(&one.saved.document, |line| line.plans.push(at));
        }
        table.read(now, |line| line.now = true);
        table
    }

    fn read(&mut self, document: &Document, note: impl Fn(&mut Line)) {
        for change in &document.changes {
            for fact in &change.facts {
                let key = (object(&change.object, Who::Keyed), words(fact, Who::Keyed));
                let line = self.facts.entry(key).or_default();
                line.object = object(&change.object, Who::Shown);
                line.text = format!("{}: {}", line.object, words(fact, Who::Shown));
                note(line);
            }
        }
        let sent = document.snapshot.iter().flat_map(|snapshot| &snapshot.groups);
        for group in sent.filter(|group| matches!(group.fate, Fate::Carried | Fate::Unchanged)) {
            let object = format!("HR set, {}", group.name);
            let text = format!("{object}: sent again, members: {}", group.after);
            let line = self.facts.entry((object.clone(), text.clone())).or_default();
            (line.object, line.text, line.sent_again) = (object, text, true);
            note(line);
        }
    }

    fn headline(&self) -> String {
        let gone = self.facts.values().filter(|line| !line.now).count();
        let come = self.facts.values().filter(|line| line.plans.is_empty()).count();
        if gone + come == 0 {
            return "the same facts: the policy, the keys, or the members of HR groups that are sent again, differ"
                .to_owned();
        }
        let (gone, come) = (counted(gone, "fact", "facts"), counted(come, "fact", "facts"));
        format!("expected and not planned now: {gone}; planned now and not expected: {come}")
    }

    /// How many facts of each object are in which of the expected plans.
    fn covered(&self) -> BTreeMap<(&str, &[usize]), usize> {
        let mut covered = BTreeMap::new();
        let reviewed = self.facts.values().filter(|line| line.now && !line.plans.is_empty());
        for line in reviewed.filter(|line| !line.sent_again) {
            *covered.entry((line.object.as_str(), line.plans.as_slice())).or_default() += 1;
        }
        covered
    }
}

/// The numbers of plans, as they are shown.
fn list(plans: &[usize]) -> String {
    plans.iter().map(|at| (at + 1).to_string()).collect::<Vec<_>>().join(", ")
}

/// How records are named.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Who {
    /// As a reader knows them.
    Shown,
    /// As another plan may name them too.
    Keyed,
}

fn object(object: &Object, who: Who) -> String {
    let (kind, name, record) = match object {
        Object::User { label, record } => ("user".to_owned(), label, record),
        Object::Group { name, source, record } => (format!("{source} group"), name, record),
        Object::Exclusion { login, record } => ("exclusion".to_owned(), login, record),
    };
    format!("{kind} {}", named(name, *record, who))
}

fn words(fact: &Fact, who: Who) -> String {
    let shown = |value: &Value| named(&value.text, value.record, who);
    let delta = match &fact.delta {
        Delta::Add { value } => format!("+ {}", shown(value)),
        Delta::Remove { value } => format!("- {}", shown(value)),
        Delta::Set { from: Some(from), to } => format!("{} → {}", shown(from), shown(to)),
        Delta::Set { from: None, to } => format!("none → {}", shown(to)),
    };
    format!("{} {delta} ({}, {})", fact.field, fact.severity.word(), fact.cause.word())
}

fn named(name: &str, record: Option<u64>, who: Who) -> String {
    match (record, who) {
        (None, _) => name.to_owned(),
        (Some(record), Who::Shown) => format!("{name} (record {record})"),
        (Some(record), Who::Keyed) => format!("(record {record})"),
    }
}
