//! Where do entries go for what no manifest mentions? Below the last of their kind, or into a file as an import would name it.

use std::collections::BTreeSet;

use crate::diag::{Source, Span};
use crate::import::adopt::ground::{Ground, Planned};
use crate::import::imported::Imported;
use crate::import::place::Place;
use crate::manifest::edit::{appended, entries_of};
use crate::manifest::{Edited, Entries, emit_entries, shown_below};
use crate::model::{DeclaredSource, Desired, DesiredUser, GroupIx, Identifier, Key, Observed};

/// What of an import no manifest mentions.
pub(super) fn unmentioned(imported: &Imported, desired: &Desired, observed: &Observed) -> Vec<Place> {
    let said: Vec<Identifier> =
        desired.users.iter().flat_map(DesiredUser::known_by).map(|said| said.value).collect();
    let mut known: BTreeSet<Key<'_>> = said.iter().map(Key::from).collect();
    let names = desired.users.iter().filter_map(DesiredUser::known_by_name);
    known.extend(names.map(|name| Key::Name(name.value.key())));
    let is_known = |user: &crate::model::ObservedUser| {
        let name = user.display_name.as_ref().map(|name| Key::Name(name.key()));
        let held: Vec<Identifier> = user.identifiers().collect();
        held.iter().map(Key::from).chain(name).any(|key| known.contains(&key))
    };
    let groups: BTreeSet<&str> = desired.groups.iter().map(|group| group.name.value.key()).collect();
    let is_declared =
        |login: &crate::model::Login| desired.exclusions.iter().any(|it| it.login.value == *login);
    let users = (0..).zip(&imported.users).filter(|(_, (ix, _))| !is_known(observed.user(*ix)));
    let groups = (0..).zip(&imported.groups).filter(|(_, (_, it))| !groups.contains(it.name.value.key()));
    let rules = (0..).zip(&imported.exclusions).filter(|(_, it)| !is_declared(&it.login.value));
    let places = users.map(|(at, _)| Place::User(at)).chain(groups.map(|(at, _)| Place::Group(at)));
    places.chain(rules.map(|(at, _)| Place::Exclusion(at))).collect()
}

/// The entry that an import makes of a group.
pub(super) fn of_group(imported: &Imported, group: GroupIx) -> Option<Place> {
    imported.groups.iter().position(|(ix, _)| *ix == group).map(Place::Group)
}

/// The kinds of entries, each with the list that they stand in and the file that an import gives them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    User,
    Group(DeclaredSource),
    Exclusion,
}

impl Kind {
    fn of(imported: &Imported, place: Place) -> Self {
        match place {
            Place::User(_) => Self::User,
            Place::Group(at) => Self::Group(imported.groups[at].1.source.unwrap_or(DeclaredSource::App)),
            Place::Exclusion(_) => Self::Exclusion,
        }
    }

    const fn list(self) -> &'static str {
        match self {
            Self::User => "users",
            Self::Group(_) => "groups",
            Self::Exclusion => "exclusions",
        }
    }

    const fn file(self) -> &'static str {
        match self {
            Self::User => "users",
            Self::Group(DeclaredSource::App) => "groups",
            Self::Group(DeclaredSource::Hr) => "hr-groups",
            Self::Group(DeclaredSource::Scim) => "scim-groups",
            Self::Exclusion => "exclusions",
        }
    }
}

/// Adds entries to the manifests; none if they can't be written.
pub(super) fn added(
    ground: &Ground<'_>,
    planned: &Planned,
    mut edits: Edited,
    places: &[Place],
) -> Option<Edited> {
    let imported = ground.imported();
    let kinds: BTreeSet<Kind> = places.iter().map(|place| Kind::of(imported, *place)).collect();
    for kind in kinds {
        let of_kind: Vec<Place> =
            places.iter().copied().filter(|place| Kind::of(imported, *place) == kind).collect();
        let home = home(ground, planned, (&edits, kind));
        let text = home.as_ref().and_then(|(_, text)| {
            let lines: Option<Vec<Vec<String>>> =
                of_kind.iter().map(|place| lines(imported, *place)).collect();
            appended(text, kind.list(), &lines?)
        });
        match (home, text) {
            (Some((path, _)), Some(text)) => edits.put(&path, text),
            _ => edits.put(
                &unused(ground, planned, (&edits, kind)),
                emit_entries(&entries(imported, &of_kind)).ok()?,
            ),
        }
    }
    Some(edits)
}

/// The manifest where most entries of a kind stand, and what it says.
fn home(ground: &Ground<'_>, planned: &Planned, (edits, kind): (&Edited, Kind)) -> Option<(String, String)> {
    let Kind::Group(source) = kind else { return largest(ground, planned, (edits, kind), |_| 0) };
    let like = planned.desired.groups.iter().filter(|it| it.source.unwrap_or(DeclaredSource::App) == source);
    let files: Vec<&str> =
        like.filter_map(|group| planned.sources.file(Span::at(group.origin)?).map(Source::path)).collect();
    largest(ground, planned, (edits, kind), |path| files.iter().filter(|file| **file == path).count())
}

fn largest(
    ground: &Ground<'_>,
    planned: &Planned,
    (edits, kind): (&Edited, Kind),
    alike: impl Fn(&str) -> usize,
) -> Option<(String, String)> {
    let files = planned.sources.texts().filter(|file| file.path().starts_with(ground.root));
    let ranked = files.filter_map(|file| {
        let text = edits.text(file.path()).unwrap_or(file.text());
        let entries = entries_of(text, kind.list())?;
        Some(((alike(file.path()), entries), file.path(), text))
    });
    // Of several, the first by path.
    let best = ranked.reduce(|best, other| if other.0 > best.0 { other } else { best });
    best.map(|(_, path, text)| (path.to_owned(), text.to_owned()))
}

/// A name that no manifest has.
fn unused(ground: &Ground<'_>, planned: &Planned, (edits, kind): (&Edited, Kind)) -> String {
    let path = |number: usize| {
        let number = if number == 1 { String::new() } else { format!("-{number}") };
        shown_below(ground.folder, &format!("{}{number}.yaml", kind.file()))
    };
    let is_used =
        |path: &String| edits.text(path).is_some() || planned.sources.texts().any(|file| file.path() == path);
    let (mut number, mut name) = (1, path(1));
    while is_used(&name) {
        number += 1;
        name = path(number);
    }
    name
}

fn entries<'i>(imported: &'i Imported, places: &[Place]) -> Entries<'i> {
    let mut entries = Entries::default();
    for place in places {
        match place {
            Place::User(at) => entries.users.push(&imported.users[*at].1),
            Place::Group(at) => entries.groups.push(&imported.groups[*at].1),
            Place::Exclusion(at) => entries.exclusions.push(&imported.exclusions[*at]),
        }
    }
    entries
}

/// The lines of one entry, without what stands before each in a list.
fn lines(imported: &Imported, place: Place) -> Option<Vec<String>> {
    let text = emit_entries(&entries(imported, &[place])).ok()?;
    let lines = text.lines().skip(1).map(|line| line.get(4..).map(str::to_owned));
    lines.collect()
}
