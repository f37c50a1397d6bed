//! How does an explanation of one user, computer or group read on a terminal?

use std::io;

use crate::model::{GroupName, GroupSource, Origin, Status};
use crate::plan::{
    About, Belongs, Explanation, Held, Matched, Member, Now, Part, Plan, Reason, Value, WhyNot,
};
use crate::render::count::counted;
use crate::render::layout::{Layout, Row, Tone};
use crate::render::outline::{Outline, Safe};
use crate::render::view::{Detail, View, source_word};
use crate::render::words;

/// The columns before what stands under a heading.
const MARGIN: usize = 2;
/// The column of words beside a sign.
const HANG: usize = 4;
/// The width of the words before values.
const LABELS: usize = 13;

/// Writes an explanation by the plan that it is a part of.
pub fn explain(
    out: &mut dyn io::Write,
    explanation: &Explanation,
    plan: &Plan,
    view: &View<'_>,
    layout: Layout,
) -> io::Result<()> {
    let outline = Outline::new(plan, view);
    let mut page = Page { out, layout, plan, view, outline: &outline };
    page.head(explanation)?;
    let values: Vec<Row> = explanation.values.iter().map(|value| value_row(value, view)).collect();
    page.section("FIELDS", &values)?;
    let groups: Vec<Row> = explanation.groups.iter().map(|group| group_row(group, view)).collect();
    page.section("GROUPS", &groups)?;
    let members: Vec<Row> = explanation.members.iter().map(|member| member_row(member, view)).collect();
    page.section("MEMBERS", &members)?;
    page.part(&explanation.part)
}

struct Page<'a> {
    out: &'a mut dyn io::Write,
    layout: Layout,
    plan: &'a Plan,
    view: &'a View<'a>,
    outline: &'a Outline<'a>,
}

impl Page<'_> {
    fn section(&mut self, heading: &str, rows: &[Row]) -> io::Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        writeln!(self.out)?;
        Row::new(0, 0).then(0, Tone::Strong, heading).write(self.out, self.layout, 0)?;
        rows.iter().try_for_each(|row| row.write(self.out, self.layout, MARGIN))
    }

    /// Who it is, by what it was matched, and what the account says of it.
    fn head(&mut self, explanation: &Explanation) -> io::Result<()> {
        let view = self.view;
        let (name, matched, record) = match &explanation.about {
            About::User { label, matched, record } => (view.user(label, Detail::Full), Some(matched), record),
            About::Computer(login) => (view.login(login), None, &None),
            About::Group { name, source } => (group_title(name, source.as_ref()), None, &None),
        };
        let title = Row::new(0, MARGIN).then(0, Tone::Strong, &name).at(view.place(explanation.origin));
        title.write(self.out, self.layout, 0)?;
        let line = |label: &str, text: &str| {
            Row::new(0, LABELS + 1).column(LABELS, Tone::Quiet, label).words(1, Tone::Plain, text)
        };
        if let Some(matched) = matched {
            line("matched", &matched_words(matched, view)).write(self.out, self.layout, MARGIN)?;
        }
        if let Some(record) = record {
            let status = record.status.map_or("of unknown status", Status::word);
            let agents: Vec<String> = record.agents.iter().map(|agent| view.login(agent)).collect();
            let agents = match agents.len() {
                0 => "no agent".to_owned(),
                count => format!("{}: {}", counted(count, "agent", "agents"), agents.join(", ")),
            };
            line("account", &format!("{status}, {agents}")).write(self.out, self.layout, MARGIN)?;
        }
        Ok(())
    }

    /// What the plan says of it.
    fn part(&mut self, part: &Part) -> io::Result<()> {
        let (plan, outline) = (self.plan, self.outline);
        let mut changes: Vec<Row> =
            part.changes.iter().flat_map(|id| outline.change(plan.change(*id), Safe::Shown)).collect();
        for elsewhere in &part.elsewhere {
            let change = plan.change(elsewhere.change);
            let facts: Vec<_> = elsewhere.facts.iter().map(|at| &change.facts[*at]).collect();
            let notes = elsewhere.notes.iter().map(|at| &change.notes[*at]);
            changes.push(outline.title(change));
            changes.extend(outline.rows_of(change, &facts));
            changes.extend(notes.map(|note| outline.note(note)));
        }
        if changes.is_empty() {
            changes.push(Row::new(0, 0).words(0, Tone::Plain, "nothing"));
        }
        self.section("WHAT WOULD HAPPEN", &changes)?;
        let mut against: Vec<Row> =
            part.violations.iter().map(|at| outline.violation(&plan.violations[*at])).collect();
        against.extend(part.blockers.iter().flat_map(|at| outline.blocker(&plan.blockers[*at])));
        self.section("STANDS AGAINST IT", &against)?;
        let manual: Vec<Row> = part.manual.iter().flat_map(|at| outline.manual(&plan.manual[*at])).collect();
        self.section("BY HAND", &manual)?;
        let notices: Vec<Row> = part.notices.iter().map(|at| outline.notice(&plan.notices[*at])).collect();
        self.section("TO KNOW", &notices)?;
        writeln!(self.out)?;
        let whole = format!("The whole plan: {}", words::headline(plan, None));
        Row::new(0, MARGIN).words(0, Tone::Quiet, &whole).write(self.out, self.layout, 0)
    }
}

fn matched_words(matched: &Matched, view: &View<'_>) -> String {
    match matched {
        Matched::Undeclared => "no manifest declares it, and it is left as it is".to_owned(),
        Matched::Record(record, by) if by.is_empty() => format!("record {}, by its display name", record.0),
        Matched::Record(record, by) => {
            let by: Vec<_> = by.iter().map(|piece| view.piece(piece, Detail::Name)).collect();
            format!("record {}, by {}", record.0, by.join(", "))
        }
        Matched::New => "no record holds any of its identifiers: it would be created".to_owned(),
        Matched::ByHand => "no record holds any of its identifiers: no user is created from here".to_owned(),
        Matched::Gone => "no record holds any of its identifiers: what it asks for is done".to_owned(),
        Matched::LeftOut => "no record holds any of its identifiers: its rows are left out".to_owned(),
        Matched::Blocked => "which record it is, is not clear: see below".to_owned(),
    }
}

fn value_row(value: &Value, view: &View<'_>) -> Row {
    let (sign, tone) = match value.held {
        Held::Both => ("=", Tone::Quiet),
        Held::Declared => ("+", Tone::Added),
        Held::Account => ("·", Tone::Quiet),
        Held::Located => (" ", Tone::Plain),
        Held::Unseen => ("?", Tone::Quiet),
    };
    let set_by = value.set_by.as_ref().map(|by| format!("(last set by {by})")).unwrap_or_default();
    Row::new(0, HANG)
        .then(0, tone, sign)
        .column(LABELS, Tone::Plain, value.field)
        .then(1, Tone::Plain, &view.piece(&value.value, Detail::Name))
        .words(1, Tone::Quiet, &set_by)
        .at(view.place(value.origin))
}

fn group_title(name: &GroupName, source: Option<&GroupSource>) -> String {
    let source = source.map_or("not in the account", source_word);
    let group = if source == "not in the account" { "" } else { " group" };
    format!("{name} ({source}{group})")
}

/// The sign before a membership: as it is and is wanted.
fn sign(now: Now, reasons: &[(Reason, Origin)]) -> (&'static str, Tone) {
    match (now, reasons.iter().any(|(reason, _)| reason.puts_in())) {
        (Now::Inside, true) => ("=", Tone::Quiet),
        (Now::Inside, false) => ("·", Tone::Quiet),
        (Now::Outside, true) => ("+", Tone::Added),
        (Now::Outside, false) => (" ", Tone::Plain),
        (Now::Unseen, _) => ("?", Tone::Quiet),
    }
}

fn group_row(group: &Belongs, view: &View<'_>) -> Row {
    let (sign, tone) = sign(group.now, &group.reasons);
    let source = group.source.as_ref().map(|source| format!("({} group)", source_word(source)));
    let row = Row::new(0, HANG).then(0, tone, sign).then(1, Tone::Plain, group.group.as_written()).words(
        1,
        Tone::Quiet,
        &source.unwrap_or_default(),
    );
    match &group.why_not {
        Some((why, origin)) => with_reasons(row, &group.reasons, view)
            .words(3, Tone::Plain, &why_not_words(why, view))
            .at(view.place(*origin)),
        None => with_reasons(row, &group.reasons, view),
    }
}

fn member_row(member: &Member, view: &View<'_>) -> Row {
    let (sign, tone) = sign(member.now, &member.reasons);
    let row =
        Row::new(0, HANG).then(0, tone, sign).then(1, Tone::Plain, &view.piece(&member.who, Detail::Full));
    with_reasons(row, &member.reasons, view)
}

/// The same row with what asks for a membership, and where: the first place at the edge, the others beside their reasons.
fn with_reasons(mut row: Row, reasons: &[(Reason, Origin)], view: &View<'_>) -> Row {
    for (at, (reason, origin)) in reasons.iter().enumerate() {
        let mut text = reason_words(reason, view);
        if let Some(place) = view.place(*origin).filter(|_| at > 0) {
            text = format!("{text} ({place})");
        }
        text.push_str(if at + 1 < reasons.len() { "," } else { "" });
        row = row.words(if at == 0 { 3 } else { 1 }, Tone::Plain, &text);
    }
    if reasons.is_empty() {
        row = row.words(3, Tone::Plain, "nothing in the manifests asks for it");
    }
    row.at(reasons.first().and_then(|(_, origin)| view.place(*origin)))
}

fn why_not_words(why: &WhyNot, view: &View<'_>) -> String {
    match why {
        WhyNot::NotNamed => "(no list, no entry and no row names them there)".to_owned(),
        WhyNot::Rule(because) => {
            format!("(the rule of the group does not hold: {})", view.phrase(because, Detail::Name))
        }
        WhyNot::Copied(because) => {
            format!("(`membersOf` of the group: {})", view.phrase(because, Detail::Name))
        }
        WhyNot::Removed => "(an order removes them)".to_owned(),
        WhyNot::Undeclared => "(no manifest declares the group)".to_owned(),
    }
}

fn reason_words(reason: &Reason, view: &View<'_>) -> String {
    match reason {
        Reason::OwnEntry => "by its own entry".to_owned(),
        Reason::List => "by the list of the group".to_owned(),
        Reason::Also => "by `also` of the group".to_owned(),
        Reason::Rule(why) => format!("by the rule of the group: {}", view.phrase(why, Detail::Name)),
        Reason::Copied(why) => format!("by `membersOf` of the group: {}", view.phrase(why, Detail::Name)),
        Reason::Except => "kept out by `except`".to_owned(),
    }
}
