//! Which rows make up a plan, and in which sections? Text and Markdown write the same ones.

use std::collections::BTreeMap;

use crate::model::{
    Cause, Change, ChangeId, Delta, Export, Fact, Field, GroupSource, Note, Object, Severity, Verb, hex,
};
use crate::plan::{Blocker, Fate, Manual, Notice, Plan, PlannedSnapshot, SetGroup, Violation, ViolationKind};
use crate::render::count::counted;
use crate::render::layout::{Row, Tone};
use crate::render::view::{Detail, View};
use crate::render::{exports, words};

/// The sections of a plan, in the order in which they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Section {
    Irreversible,
    Users,
    Groups,
    Exclusions,
    HrGroups,
}

impl Section {
    pub(crate) const ALL: [Self; 5] =
        [Self::Irreversible, Self::Users, Self::Groups, Self::Exclusions, Self::HrGroups];

    /// Its heading.
    pub(crate) const fn heading(self) -> &'static str {
        match self {
            Self::Irreversible => "IRREVERSIBLE",
            Self::Users => "USERS",
            Self::Groups => "GROUPS",
            Self::Exclusions => "EXCLUSIONS",
            Self::HrGroups => "HR SNAPSHOT",
        }
    }

    /// Where a change is shown.
    pub(crate) const fn of(change: &Change) -> Self {
        match (change.severity, &change.object) {
            (Severity::Irreversible, _) => Self::Irreversible,
            (_, Object::User(_)) => Self::Users,
            (_, Object::Group { source: GroupSource::Hr, .. }) => Self::HrGroups,
            (_, Object::Group { .. }) => Self::Groups,
            (_, Object::Exclusion { .. }) => Self::Exclusions,
        }
    }
}

/// Whether facts in which nothing is lost are shown one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Safe {
    Shown,
    Counted,
}

/// How many facts a line holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lines {
    /// Short ones of one field share it, but for members once there are more than a few.
    Shared,
    /// One: a `diff` colours whole lines.
    Own,
}

/// A plan as its readers may see it.
pub(crate) struct Outline<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) view: &'a View<'a>,
    lines: Lines,
    set: BTreeMap<ChangeId, &'a SetGroup>,
}

/// The column of facts under the sign and space of their change.
const FACTS: usize = 4;
/// The width of the words before facts, the longest of which is `primary group`.
const LABELS: usize = 13;
/// So many who join or leave a group may share a line.
const FEW: usize = 3;

impl<'a> Outline<'a> {
    pub(crate) fn new(plan: &'a Plan, view: &'a View<'a>) -> Self {
        let groups = plan.snapshot.iter().flat_map(|snapshot| &snapshot.groups);
        let set = groups.filter_map(|group| Some((group.change?, group))).collect();
        Self { plan, view, lines: Lines::Shared, set }
    }

    /// For a block of `diff`.
    pub(crate) fn of_diff(plan: &'a Plan, view: &'a View<'a>) -> Self {
        Self { lines: Lines::Own, ..Self::new(plan, view) }
    }

    /// For changes that are none of the plan's.
    pub(crate) fn apart(plan: &'a Plan, view: &'a View<'a>) -> Self {
        Self { plan, view, lines: Lines::Shared, set: BTreeMap::new() }
    }

    /// The first row of a change: sign, object, what becomes of it, place.
    pub(crate) fn title(&self, change: &Change) -> Row {
        let (sign, tone) = words::sign(change.verb);
        let group = self.set.get(&change.id);
        let title = words::title(change, self.view);
        let mut row = Row::new(0, FACTS).signed(tone, sign).then(0, Tone::Strong, &title.name);
        if let Some(group) = group.filter(|_| change.verb != Verb::Delete) {
            row = row.then(3, Tone::Plain, &words::fate(group.fate, group.before, group.after));
        }
        row.words(3, fate_tone(change), &title.fate).at(self.view.place(change.origin))
    }

    /// Every row of a change.
    pub(crate) fn change(&self, change: &Change, safe: Safe) -> Vec<Row> {
        let mut rows = vec![self.title(change)];
        let shown = |fact: &&Fact| safe == Safe::Shown || fact.severity != Severity::Safe;
        let facts: Vec<&Fact> =
            change.facts.iter().filter(|fact| !words::is_in_title(change, fact)).collect();
        let kept: Vec<&Fact> = facts.iter().copied().filter(shown).collect();
        rows.extend(self.rows_of(change, &kept));
        if kept.len() < facts.len() {
            let left = counted(facts.len() - kept.len(), "safe fact", "safe facts");
            rows.push(Row::new(FACTS, FACTS).then(0, Tone::Quiet, &format!("and {left} not shown")));
        }
        let removed = matches!(change.object, Object::User(_)) && change.verb == Verb::Delete;
        let remarks = change.facts.iter().filter(|fact| words::is_in_title(change, fact) && !removed);
        for remark in remarks.filter_map(|fact| fact.remark.as_ref()) {
            rows.push(sentence(&self.view.phrase(remark, Detail::Name)));
        }
        rows.extend(change.notes.iter().map(|note| self.note(note)));
        rows
    }

    /// What follows from a change: a value below those of its facts, or a sentence.
    pub(crate) fn note(&self, note: &Note) -> Row {
        let text = self.view.phrase(&note.words, Detail::Name);
        match note.label {
            Some(label) => labelled(label).words(1, Tone::Plain, &text),
            None => sentence(&text),
        }
    }

    /// Some facts of a change: those of one field that are asked for in one place share a row, unless there is much to say of
    /// one or many join or leave.
    pub(crate) fn rows_of(&self, change: &Change, facts: &[&Fact]) -> Vec<Row> {
        let of_fields = facts.chunk_by(|left, right| left.field == right.field);
        of_fields.flat_map(|facts| self.rows_of_field(change, facts)).collect()
    }

    fn rows_of_field(&self, change: &Change, facts: &[&Fact]) -> Vec<Row> {
        let is_member = |fact: &&Fact| matches!(fact.field, Field::Member | Field::PredictedMember);
        let is_of_many = facts.len() > FEW && facts.iter().all(is_member);
        let are_sentences = facts.iter().any(|fact| fact.field == Field::Conditions);
        if self.lines == Lines::Own || is_of_many || are_sentences {
            return self.lines_of_field(change, facts);
        }
        let is_short = |fact: &Fact| words::value(fact, change.verb, self.view).is_short();
        let same_row = |left: &&Fact, right: &&Fact| {
            let place = |fact| self.beside(change, fact);
            place(left) == place(right) && is_short(left) && is_short(right)
        };
        let mut label = facts.first().map_or("", |fact| words::label(fact.field));
        let mut rows = Vec::new();
        for facts in facts.chunk_by(same_row) {
            rows.push(self.facts(change, label, facts));
            label = "";
        }
        rows
    }

    /// The facts of a field, a line each, with the place of every member.
    fn lines_of_field(&self, change: &Change, facts: &[&Fact]) -> Vec<Row> {
        let mut label = facts.first().map_or("", |fact| words::label(fact.field));
        let mut rows = Vec::new();
        if let Some(sizes) = self.sizes(change).filter(|_| label == sized_by(change)) {
            rows.push(labelled(label).then(1, Tone::Plain, &sizes));
            label = "";
        }
        for fact in facts {
            rows.push(self.line_of(change, label, fact));
            label = "";
        }
        rows
    }

    fn line_of(&self, change: &Change, label: &str, fact: &Fact) -> Row {
        let shown = words::value(fact, change.verb, self.view);
        let (row, sign) = match self.lines {
            Lines::Shared => (labelled(label), shown.sign),
            Lines::Own => {
                // Of a new object, everything comes.
                let tone = if shown.tone == Tone::Plain { Tone::Added } else { shown.tone };
                (labelled(label).marked(tone), "")
            }
        };
        let value = format!("{sign}{}", shown.value);
        let row = match fact.field {
            Field::Conditions => row.words(1, shown.tone, &value),
            _ => row.then(1, shown.tone, &value),
        };
        let row = row.words(1, shown.tone, shown.beside.as_deref().unwrap_or_default());
        let is_member =
            matches!(fact.field, Field::Member | Field::Pinned | Field::PredictedMember | Field::Computer);
        let own = self.view.place(fact.origin).filter(|_| is_member);
        let own = own.filter(|own| self.view.place(change.origin).as_ref() != Some(own));
        row.at(own.or_else(|| self.beside(change, fact)))
    }

    /// Facts of one field that are asked for in one place.
    fn facts(&self, change: &Change, label: &str, facts: &[&Fact]) -> Row {
        let mut row = labelled(label);
        let values = |fact: &&Fact| words::value(fact, change.verb, self.view);
        let sizes = self.sizes(change).filter(|_| label == sized_by(change));
        if let Some(sizes) = &sizes {
            row = row.then(1, Tone::Plain, sizes);
        }
        row = row.next_at(facts.first().and_then(|fact| self.beside(change, fact)));
        for (at, shown) in facts.iter().map(values).enumerate() {
            let listed = shown.tone == Tone::Plain;
            let comma = if listed && at + 1 < facts.len() { "," } else { "" };
            let gap = if (at > 0 || sizes.is_some()) && !listed { 3 } else { 1 };
            row = match &shown.beside {
                Some(beside) if !shown.is_short() => {
                    let value = format!("{}{}", shown.sign, shown.value);
                    row.then(gap, shown.tone, &value).words(1, shown.tone, beside)
                }
                _ => row.then(gap, shown.tone, &format!("{shown}{comma}")),
            };
        }
        row
    }

    /// `12 → 12`; the title of an HR group says it already.
    fn sizes(&self, change: &Change) -> Option<String> {
        let sizes = change.members.filter(|_| !self.set.contains_key(&change.id))?;
        Some(format!("{} → {}", sizes.before, sizes.after))
    }

    /// Where a fact is asked for, if that is in another file than its change, another row of one table, or a rule.
    fn beside(&self, change: &Change, fact: &Fact) -> Option<String> {
        let (here, there) = (self.view.locate(change.origin), self.view.locate(fact.origin)?);
        let is_near = here.is_some_and(|here| {
            let rows = there.source.is_table() && here.line != there.line;
            here.source.path() == there.source.path() && !rows
        });
        let is_near = is_near && (fact.cause != Cause::Rule || change.origin == fact.origin);
        if is_near { None } else { self.view.place(fact.origin) }
    }

    /// A limit or protection that is broken.
    pub(crate) fn violation(&self, violation: &Violation) -> Row {
        let row = Row::new(0, FACTS).signed(Tone::Alarm, "✗");
        let row = match &violation.kind {
            ViolationKind::Limit { limit, of, planned, allowed } => {
                let row = row.column(LIMITS, Tone::Strong, limit.key());
                let row = row.then(1, Tone::Plain, &format!("{planned} planned, {allowed} allowed"));
                match of {
                    Some(of) => {
                        row.then(1, Tone::Plain, &format!("({})", self.view.phrase(of, Detail::Name)))
                    }
                    None => row,
                }
            }
            ViolationKind::Protected { object, change } => {
                let object = self.view.phrase(object, Detail::Full);
                let by = words::name(self.plan.change(*change), self.view);
                let row = row.column(LIMITS, Tone::Strong, "protected").then(1, Tone::Plain, &object);
                if by == object { row } else { row.then(1, Tone::Plain, &format!("by the change of {by}")) }
            }
            ViolationKind::Unproved => row.column(LIMITS, Tone::Strong, "unproved").words(
                1,
                Tone::Plain,
                "users were not read: who enters and leaves is not seen, in no limit and in no protection",
            ),
        };
        row.at(self.view.place(violation.origin))
    }

    /// Something unknown or impossible: what is wrong, the candidates, the ways out.
    pub(crate) fn blocker(&self, blocker: &Blocker) -> Vec<Row> {
        let message = self.view.phrase(&blocker.message, Detail::Full);
        let title = Row::new(0, FACTS).signed(Tone::Alarm, "✗").then(0, Tone::Strong, blocker.code.name());
        let mut rows = vec![title.words(3, Tone::Plain, &message).at(self.view.place(blocker.origin))];
        for candidate in &blocker.candidates {
            let text = self.view.phrase(candidate, Detail::Record);
            rows.push(Row::new(FACTS, FACTS + 2).then(0, Tone::Plain, "·").words(1, Tone::Plain, &text));
        }
        for way in &blocker.ways_out {
            let text = self.view.phrase(way, Detail::Full);
            rows.push(Row::new(FACTS, FACTS + 2).then(0, Tone::Added, "→").words(1, Tone::Plain, &text));
        }
        rows
    }

    /// Something to be done by hand: what, where, why.
    pub(crate) fn manual(&self, manual: &Manual) -> Vec<Row> {
        let what = self.view.phrase(&manual.what, Detail::Full);
        let line = |text: &str| Row::new(FACTS, FACTS).words(0, Tone::Plain, text);
        vec![
            Row::new(0, FACTS)
                .signed(Tone::Changed, "☐")
                .words(0, Tone::Strong, &what)
                .at(self.view.place(manual.origin)),
            line(&manual.place),
            line(&self.view.phrase(&manual.why, Detail::Full)),
        ]
    }

    /// An HR export that was read: how much, and which file exactly.
    pub(crate) fn export(&self, export: &Export) -> Row {
        Row::new(0, FACTS)
            .signed(Tone::Quiet, "·")
            .then(0, Tone::Plain, &export.file)
            .words(3, Tone::Plain, &exports::counted(export))
            .then(3, Tone::Quiet, &format!("sha256 {}", hex(&export.sha256)))
            .at(self.view.place(export.origin))
    }

    /// Something to know.
    pub(crate) fn notice(&self, notice: &Notice) -> Row {
        let shown = notice.about.iter().take(ABOUT).map(|piece| self.view.piece(piece, Detail::Full));
        let shown: Vec<_> = shown.collect();
        let more = match notice.about.len() - shown.len() {
            0 => String::new(),
            more => format!(" and {more} more (`--json FILE` lists them)"),
        };
        let colon = if shown.is_empty() { "" } else { ": " };
        let message = self.view.phrase(&notice.message, Detail::Full);
        let text = format!("{message}{colon}{}{more}", shown.join(", "));
        Row::new(0, FACTS)
            .signed(Tone::Quiet, "·")
            .words(0, Tone::Plain, &text)
            .at(self.view.place(notice.origin))
    }
}

/// What lets a blocked plan through, if anything.
pub(crate) fn way_past(plan: &Plan, view: &View<'_>) -> Row {
    let row = Row::new(4, 4);
    if !plan.blockers.is_empty() {
        return row.words(0, Tone::Plain, "nothing approves a blocker: settle it and plan again");
    }
    row.then(0, Tone::Plain, "approve this plan and no other:").then(
        1,
        Tone::Strong,
        &view.approval(&plan.digest),
    )
}

/// The word of the row that says how large a group is before and after: the last that is about its users.
fn sized_by(change: &Change) -> &'static str {
    let is_foretold = change.facts.iter().any(|fact| fact.field == Field::PredictedMember);
    words::label(if is_foretold { Field::PredictedMember } else { Field::Member })
}

/// A row that begins with the word before facts, and goes on below their values.
fn labelled(label: &str) -> Row {
    Row::new(FACTS, FACTS + LABELS + 1).column(LABELS, Tone::Plain, label)
}

/// A sentence below a change.
fn sentence(text: &str) -> Row {
    Row::new(FACTS, FACTS).words(0, Tone::Plain, text)
}

/// The heading of the HR section: what the upload comes to.
pub fn set_heading(planned: &PlannedSnapshot) -> String {
    let (groups, members) = planned.before();
    let is_blind = planned.groups.iter().any(|group| group.fate == Fate::Unread);
    let noun = if is_blind { " agents" } else { "" };
    format!(
        "{}, {} after this (now {groups} and {members}{noun}), {}",
        counted(planned.staying().count(), "group", "groups"),
        counted(planned.rows(), "row", "rows"),
        counted(planned.snapshot.csv.len(), "byte", "bytes"),
    )
}

/// A group of the HR set that has no change of its own here: carried, as it is, or gone.
pub(crate) fn set_group(group: &SetGroup) -> Row {
    let (sign, tone) = match group.fate {
        Fate::Added => ("+", Tone::Added),
        Fate::Changed | Fate::Unread => ("~", Tone::Changed),
        Fate::Unchanged | Fate::Carried => ("=", Tone::Quiet),
        Fate::DeletedByAbsence => ("-", Tone::Removed),
    };
    let fate = words::fate(group.fate, group.before, group.after);
    Row::new(0, FACTS).signed(tone, sign).then(0, Tone::Plain, group.name.as_written()).then(
        3,
        Tone::Plain,
        &fate,
    )
}

/// How many users or groups a notice names.
const ABOUT: usize = 8;

/// The width of the longest name of a limit.
const LIMITS: usize = 16;

fn fate_tone(change: &Change) -> Tone {
    let gone = |fact: &Fact| fact.field == Field::Existence && matches!(fact.delta, Delta::Remove(_));
    if change.severity == Severity::Irreversible || change.facts.iter().any(gone) {
        Tone::Alarm
    } else {
        Tone::Plain
    }
}

/// Safe changes in numbers, for where they are not shown one by one: `4 created, 2 updated`.
pub(crate) fn tally(changes: &[&Change]) -> String {
    let of = |verb| changes.iter().filter(|change| change.verb == verb).count();
    let counts =
        [(of(Verb::Create), "created"), (of(Verb::Update), "updated"), (of(Verb::Delete), "deleted")];
    let said = counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}"));
    said.collect::<Vec<_>>().join(", ")
}
