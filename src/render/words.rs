//! What is a change called? The words for objects, facts, limits and counts, shared by every format people read.

use crate::apply::Forecast;
use crate::model::{
    Cause, Change, Delta, Domain, Fact, Field, GroupSource, Object, Piece, Severity, Topic, Verb,
};
use crate::plan::{ChangedUsers, Fate, Plan, Reading, ViolationKind};
use crate::render::count::counted;
use crate::render::effort;
use crate::render::layout::Tone;
use crate::render::view::{Detail, View, source_word};

/// The sign before a change and its colour.
pub(crate) const fn sign(verb: Verb) -> (&'static str, Tone) {
    match verb {
        Verb::Create => ("+", Tone::Added),
        Verb::Update => ("~", Tone::Changed),
        Verb::Delete => ("-", Tone::Removed),
    }
}

/// The object of a change, and what becomes of it as a whole where that is more than its sign says.
#[derive(serde::Serialize)]
pub(crate) struct Title {
    pub(crate) name: String,
    pub(crate) fate: String,
}

/// The title of a change.
pub(crate) fn title(change: &Change, view: &View<'_>) -> Title {
    let (name, fate) = match (&change.object, change.verb) {
        (Object::User(label), Verb::Create | Verb::Update) => (view.user(label, Detail::Full), String::new()),
        (Object::User(label), Verb::Delete) => {
            let what = change.facts.iter().find(|fact| fact.field == Field::Existence);
            let what = what.and_then(|fact| fact.remark.as_ref()).map(|what| view.phrase(what, Detail::Name));
            let what = what.as_deref().unwrap_or("record and all history");
            (view.user(label, Detail::Full), format!("removed: {what}"))
        }
        (Object::Group { name, .. }, Verb::Create) => (name.to_string(), String::new()),
        (Object::Group { name, source, .. }, Verb::Update) => match renamed(change, view) {
            Some(to) => (format!("{name} → {to}"), renaming(source).to_owned()),
            None => (name.to_string(), String::new()),
        },
        (Object::Group { name, source, .. }, Verb::Delete) => {
            (format!("{name} ({} group)", source_word(source)), deletion(change).to_owned())
        }
        (Object::Exclusion { login, .. }, Verb::Create | Verb::Update) => {
            (view.login(login), format!("excluded from tracking {}", reach(&login.domain)))
        }
        (Object::Exclusion { login, .. }, Verb::Delete) => {
            (view.login(login), format!("the exclusion is lifted {}", reach(&login.domain)))
        }
    };
    Title { name, fate }
}

/// The name alone, for a change that is mentioned beside another.
pub(crate) fn name(change: &Change, view: &View<'_>) -> String {
    title(change, view).name
}

fn renamed<'a>(change: &'a Change, view: &View<'_>) -> Option<std::borrow::Cow<'a, str>> {
    change.facts.iter().find_map(|fact| match (&fact.field, &fact.delta) {
        (Field::Name, Delta::Set { to, .. }) => Some(view.piece(to, Detail::Name)),
        _ => None,
    })
}

const fn renaming(source: &GroupSource) -> &'static str {
    match source {
        GroupSource::Hr => "recreated under the new name",
        GroupSource::App
        | GroupSource::Directory
        | GroupSource::Scim
        | GroupSource::Automatic
        | GroupSource::Foreign(_) => "renamed, same group",
    }
}

fn deletion(change: &Change) -> &'static str {
    match change.facts.iter().find(|fact| fact.field == Field::Existence).map(|fact| fact.cause) {
        Some(Cause::Absence) => "deleted by absence",
        Some(Cause::Policy) => "deleted by policy",
        Some(Cause::Consequence) => "deleted as a consequence",
        Some(Cause::Declared | Cause::Rule) | None => "deleted",
    }
}

const fn reach(domain: &Domain) -> &'static str {
    match domain {
        Domain::Any => "on every domain",
        Domain::Named(_) => "on this domain",
    }
}

/// The word before a row of facts.
pub(crate) const fn label(field: Field) -> &'static str {
    match field {
        Field::Member => "members",
        Field::Pinned => "pinned",
        Field::PredictedMember => "predicted",
        Field::Computer => "computers",
        Field::Existence
        | Field::Name
        | Field::Description
        | Field::Upn
        | Field::Email
        | Field::EmployeeId
        | Field::DeviceLogin
        | Field::Agent
        | Field::Tracking
        | Field::Status
        | Field::Collection
        | Field::PrimaryGroup
        | Field::History
        | Field::Block
        | Field::Conditions => field.word(),
    }
}

/// Whether the title of its change has said a fact already.
pub(crate) const fn is_in_title(change: &Change, fact: &Fact) -> bool {
    match (fact.field, &change.object, change.verb) {
        (Field::Existence, ..)
        | (Field::Name, Object::Group { .. }, _)
        | (Field::Name, Object::User(_), Verb::Create) => true,
        (
            Field::Name
            | Field::Description
            | Field::Upn
            | Field::Email
            | Field::EmployeeId
            | Field::DeviceLogin
            | Field::Agent
            | Field::Tracking
            | Field::Status
            | Field::Collection
            | Field::PrimaryGroup
            | Field::History
            | Field::Block
            | Field::Conditions
            | Field::PredictedMember
            | Field::Pinned
            | Field::Member
            | Field::Computer,
            Object::User(_) | Object::Group { .. } | Object::Exclusion { .. },
            _,
        ) => false,
    }
}

/// A fact's value as it changes.
pub(crate) struct Shown {
    /// The sign before it, if it comes or goes.
    pub(crate) sign: &'static str,
    /// The value, or from and to.
    pub(crate) value: String,
    /// The words beside it, if there are any.
    pub(crate) beside: Option<String>,
    pub(crate) tone: Tone,
}

/// What a reader takes in at a glance, in characters.
const SHORT: usize = 40;

impl Shown {
    /// Whether it may stand in a row with others.
    pub(crate) fn is_short(&self) -> bool {
        self.beside.as_ref().is_none_or(|beside| self.value.chars().count() + beside.chars().count() < SHORT)
    }
}

impl std::fmt::Display for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.sign)?;
        match &self.beside {
            Some(beside) => write!(f, "{} {beside}", self.value),
            None => f.write_str(&self.value),
        }
    }
}

/// A fact's value as it changes, the words beside it, and its colour.
pub(crate) fn value(fact: &Fact, verb: Verb, view: &View<'_>) -> Shown {
    let shown = |piece| view.piece(piece, Detail::Name);
    let (sign, value, tone) = match (&fact.delta, verb) {
        // What a new object has is listed, not signed: everything about it is new.
        (Delta::Add(value) | Delta::Set { to: value, .. }, Verb::Create) => {
            ("", shown(value).into_owned(), Tone::Plain)
        }
        (Delta::Add(value), Verb::Update | Verb::Delete) => ("+ ", shown(value).into_owned(), Tone::Added),
        (Delta::Remove(value), _) => ("- ", shown(value).into_owned(), Tone::Removed),
        (Delta::Set { from: Some(from), to }, Verb::Update | Verb::Delete) => {
            ("", format!("{} → {}", shown(from), shown(to)), Tone::Changed)
        }
        (Delta::Set { from: None, to }, Verb::Update | Verb::Delete) => {
            ("", format!("none → {}", shown(to)), Tone::Changed)
        }
    };
    match (beside(fact, view), verb) {
        (Some(words), Verb::Update) if matches!(fact.delta, Delta::Set { .. }) => {
            Shown { sign, value: format!("{value}:"), beside: Some(words), tone }
        }
        (words, _) => Shown { sign, value, beside: words.map(|words| format!("({words})")), tone },
    }
}

/// The values that a delta names.
pub(crate) fn pieces(delta: &Delta) -> impl Iterator<Item = &Piece> {
    let (one, other) = match delta {
        Delta::Add(value) | Delta::Remove(value) => (Some(value), None),
        Delta::Set { from, to } => (from.as_ref(), Some(to)),
    };
    one.into_iter().chain(other)
}

/// The words beside a fact: its remark, else what brings it about if no manifest does.
pub(crate) fn beside(fact: &Fact, view: &View<'_>) -> Option<String> {
    match &fact.remark {
        Some(remark) => Some(view.phrase(remark, Detail::Name)),
        None => fact.cause.remark().map(str::to_owned),
    }
}

/// What becomes of a group of the HR set that has no rows of its own.
pub(crate) fn fate(fate: Fate, before: usize, after: usize) -> String {
    match fate {
        Fate::Added => format!("new, {}", counted(after, "row", "rows")),
        Fate::Changed => format!("{before} → {}", counted(after, "member", "members")),
        Fate::Unchanged => format!("{}, declared and as it is", counted(after, "row", "rows")),
        Fate::Carried => format!("{} carried over (in no manifest)", counted(after, "row", "rows")),
        Fate::Unread => {
            let agents = counted(before, "agent", "agents");
            format!("{agents} now, {} after", counted(after, "user", "users"))
        }
        Fate::DeletedByAbsence => format!("{} not sent: deleted by absence", counted(before, "row", "rows")),
    }
}

/// The verdict with which the first line of a blocked plan begins.
pub(crate) const BLOCKED: &str = "BLOCKED";

/// The first line of a plan after the account's name: what it comes to, and how much was read and would be sent.
pub(crate) fn headline(plan: &Plan, forecast: Option<&Forecast>) -> String {
    let blocked = blocked_by(plan).map(|blocked| format!("{BLOCKED} by {blocked}."));
    let irreversible = |change: &&Change| change.severity == Severity::Irreversible;
    let coming = match (plan.changes.len(), plan.changes.iter().filter(irreversible).count()) {
        (0, _) if blocked.is_some() => None,
        (0, _) => Some("No changes.".to_owned()),
        (changes, 0) => Some(format!("{}.", counted(changes, "change", "changes"))),
        (changes, lost) => Some(format!("{}, {lost} irreversible.", counted(changes, "change", "changes"))),
    };
    let changed_users = changed_users(plan.changed_users);
    let Reading { users, declared, groups } = plan.reading;
    let (users, groups) = (counted(users, "user", "users"), counted(groups, "group", "groups"));
    let declared = counted(declared, "user", "users");
    let read = match plan.reach.hidden(Topic::Users) {
        Some(_) => format!("Read {groups} of a download and no users; the manifests declare {declared}."),
        None => format!("Read {users} and {groups}; the manifests declare {declared}."),
    };
    let manual = Some(plan.manual.len()).filter(|steps| *steps > 0);
    let manual = manual.map(|steps| format!("{}.", counted(steps, "manual step", "manual steps")));
    let sent = forecast.filter(|forecast| !plan.is_empty() && forecast.total() > 0).map(effort::sentence);
    let freed = Some(plan.licences).filter(|licences| *licences > 0);
    let freed = freed.map(|licences| format!("Frees {}.", counted(licences, "licence", "licences")));
    [blocked, coming, changed_users, freed, manual, Some(read), sent]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ")
}

/// Whom a plan changes, in numbers: `Affects 12 active, 3 inactive and 1 unlicensed users.`
fn changed_users(changed_users: ChangedUsers) -> Option<String> {
    let counts = [
        (changed_users.active, "active"),
        (changed_users.inactive, "inactive"),
        (changed_users.unlicensed, "unlicensed"),
        (changed_users.unknown, "other"),
    ];
    let said = counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}"));
    let noun = if changed_users.total() == 1 { "user" } else { "users" };
    Some(format!("Affects {} {noun}.", enumerated(&said.collect::<Vec<_>>())?))
}

/// `a`, `a and b`, `a, b and c`.
fn enumerated(words: &[String]) -> Option<String> {
    let (last, first) = words.split_last()?;
    Some(if first.is_empty() { last.clone() } else { format!("{} and {last}", first.join(", ")) })
}

/// What stands against a plan, in numbers.
pub fn blocked_by(plan: &Plan) -> Option<String> {
    let limits = plan.violations.iter().filter(|it| matches!(it.kind, ViolationKind::Limit { .. })).count();
    let unproved = plan.violations.iter().filter(|it| it.kind == ViolationKind::Unproved).count();
    let counts = [
        (limits, "limit", "limits"),
        (plan.violations.len() - limits - unproved, "protection", "protections"),
        (unproved, "unproved reading", "unproved readings"),
        (plan.blockers.len(), "blocker", "blockers"),
    ];
    let said: Vec<String> = counts
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| counted(count, one, many))
        .collect();
    enumerated(&said)
}
