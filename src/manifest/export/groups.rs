//! Which groups do exports name, of HR or of the app? Each becomes a group of the manifests, or joins the one that a manifest declares.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::{Code, Diagnostic};
use crate::manifest::export::problems::{Problems, problem, span};
use crate::model::{
    DeclaredSource, DesiredGroup, DesiredUser, GroupName, GroupState, Index, Located, Members, Origin,
    collapse,
};

/// The groups that one export names, each once whatever the way it is written.
#[derive(Debug, Default)]
pub(super) struct Named {
    names: Vec<Name>,
    /// The positions in `names`, by folded name with single spaces: rows are many, and name few groups.
    index: Index,
}

/// A group's name as rows write it.
#[derive(Debug)]
struct Name {
    /// The first of all ways to write it, where it is written first; one with single spaces goes before others.
    said: Located<GroupName>,
    /// The other ways, each where it was met first.
    others: Vec<Located<GroupName>>,
    /// Every way that compares as another name, for its spaces.
    spaced: BTreeSet<Box<str>>,
    /// Where the group is.
    source: DeclaredSource,
    /// Where it is named as one that is elsewhere.
    elsewhere: Option<Origin>,
}

impl Name {
    fn key(&self) -> &str {
        self.said.value.key()
    }
}

/// What orders the ways to write a name.
fn rank(name: &GroupName) -> (bool, &str) {
    (collapse(name.as_written()) != name.as_written(), name.as_written())
}

/// The names that rows write in several ways which compare as several names, each with the one that counts.
pub(super) type Respelt = BTreeMap<Box<str>, GroupName>;

impl Named {
    /// Notes that a row names a group.
    pub(super) fn note(&mut self, name: &Located<GroupName>, source: DeclaredSource) {
        let Ok(next) = u32::try_from(self.names.len()) else { return };
        let key = collapse(name.value.key());
        let same = |at: u32| collapse(self.names[at as usize].key()) == key;
        let Some(known) = self.index.insert(&*key, next, same) else {
            let (others, spaced) = (Vec::new(), BTreeSet::new());
            self.names.push(Name { said: name.clone(), others, spaced, source, elsewhere: None });
            return;
        };
        let known = &mut self.names[known as usize];
        if known.source != source {
            known.elsewhere.get_or_insert(name.origin);
        }
        if is_new(name, &known.said, &known.others) {
            if known.key() != name.value.key() {
                known.spaced.extend([known.key().into(), name.value.key().into()]);
            }
            let first = rank(&name.value) < rank(&known.said.value);
            let other = if first { std::mem::replace(&mut known.said, name.clone()) } else { name.clone() };
            known.others.push(other);
        }
    }

    /// A name that only the cell at the end of a file has, and one that it begins: the file may break off within it.
    pub(super) fn broken_off(&self, end: Origin) -> Option<(&Located<GroupName>, &Located<GroupName>)> {
        let whole = |cut: &Name| {
            let longer = self.names.iter().filter(|name| name.key() != cut.key());
            longer.filter(|name| name.key().starts_with(cut.key())).min_by_key(|name| name.key())
        };
        let mut last = self.names.iter().filter(|name| name.said.origin == end);
        last.find_map(|cut| Some((&cut.said, &whole(cut)?.said)))
    }

    pub(super) fn count(&self) -> u64 {
        self.names.len() as u64
    }

    /// Declares every group, sorted by name; those that can't be are reported.
    pub(super) fn declare(
        mut self,
        groups: &mut Vec<DesiredGroup>,
        respelt: &mut Respelt,
        problems: &mut Problems,
    ) -> Vec<Located<GroupName>> {
        let single = |name: &GroupName| Box::<str>::from(collapse(name.key()));
        let places: BTreeMap<Box<str>, usize> =
            groups.iter().enumerate().rev().map(|(at, group)| (single(&group.name.value), at)).collect();
        self.names.sort_unstable_by(|one, other| one.key().cmp(other.key()));
        let mut named = Vec::with_capacity(self.names.len());
        for Name { said, others, mut spaced, source, elsewhere } in self.names {
            if let Some(other) = elsewhere {
                problems.push(of_two_sources(&said, other));
            }
            let place = places.get(&single(&said.value)).and_then(|at| groups.get_mut(*at));
            let counts = if let Some(group) = place {
                if group.name.value != said.value {
                    problems.push(written_twice(&group.name, &said));
                    spaced.insert(said.value.key().into());
                }
                unite(group, (&said, source), problems);
                if is_of_exports(group) {
                    spell(group, std::iter::once(&said).chain(&others), problems);
                }
                Located::new(group.name.value.clone(), said.origin)
            } else {
                let mut group = declared(said.clone(), source);
                if let Some(other) = others.iter().find(|other| other.value != said.value) {
                    problems.push(written_twice(&said, other));
                }
                spell(&mut group, &others, problems);
                groups.push(group);
                said
            };
            respelt.extend(spaced.into_iter().map(|key| (key, counts.value.clone())));
            named.push(counts);
        }
        named
    }
}

/// Whether a name is written as it was not before.
fn is_new(name: &Located<GroupName>, said: &Located<GroupName>, others: &[Located<GroupName>]) -> bool {
    std::iter::once(said).chain(others).all(|known| known.value.as_written() != name.value.as_written())
}

/// Whether no manifest declares a group: rows of an export read before do.
fn is_of_exports(group: &DesiredGroup) -> bool {
    group.members == Members::Exactly(Vec::new()) && group.origin == group.name.origin
}

/// Notes other ways in which rows write the name of a group; one is said.
fn spell<'n>(
    group: &mut DesiredGroup,
    ways: impl IntoIterator<Item = &'n Located<GroupName>>,
    problems: &mut Problems,
) {
    let before = group.spellings.len();
    for way in ways {
        if way.value == group.name.value && is_new(way, &group.name, &group.spellings) {
            group.spellings.push(way.clone());
        }
    }
    if let Some(other) = group.spellings.get(before) {
        problems.push(written_twice(&group.name, other));
    }
    group.spellings.sort_unstable_by(|one, other| one.value.as_written().cmp(other.value.as_written()));
}

/// Puts the names that count in the place of other ways to write them.
pub(super) fn respell(users: &mut [DesiredUser], respelt: &Respelt) {
    if respelt.is_empty() {
        return;
    }
    for groups in users.iter_mut().map(|user| &mut user.groups) {
        for name in groups.iter_mut() {
            if let Some(counts) = respelt.get(name.value.key()) {
                name.value = counts.clone();
            }
        }
        let mut seen = BTreeSet::new();
        groups.retain(|name| seen.insert(name.value.clone()));
    }
}

fn declared(name: Located<GroupName>, source: DeclaredSource) -> DesiredGroup {
    DesiredGroup {
        source: Some(source),
        // Whoever is in it says so: the rows are the whole list.
        members: Members::Exactly(Vec::new()),
        ..DesiredGroup::new(name)
    }
}

/// Rows join the group that a manifest, or an export before, declares.
fn unite(
    group: &mut DesiredGroup,
    (named, source): (&Located<GroupName>, DeclaredSource),
    problems: &mut Problems,
) {
    let clash = |at: Origin, message: String, help: &str| {
        let problem = problem(Code::ExportClash, named.origin, message);
        problem.related(span(at), "declared here").help(help)
    };
    let name = &group.name.value;
    if let GroupState::Deleted(origin) = group.state {
        let message = format!("rows name the group `{name}`, and a manifest deletes it");
        let help = "leave its rows out with `where`, or take `state: deleted` out";
        problems.push(clash(origin, message, help));
    } else if source == DeclaredSource::App && !matches!(group.source, None | Some(DeclaredSource::App)) {
        let message = format!(
            "rows name the app group `{name}`, and a manifest declares a group of that name elsewhere"
        );
        let help = "take `source` out there if it is an app group; else give one of the two another name, as by `name: 'App {}'` \
                    beside the column";
        problems.push(clash(group.name.origin, message, help));
    } else if source == DeclaredSource::Hr && group.source != Some(DeclaredSource::Hr) {
        let message =
            format!("rows name the HR group `{name}`, and a manifest declares an app group of that name");
        let help = "write `source: hr` there if it is an HR group; else give one of the two another name, as by \
                    `name: 'HR {}'` beside the column";
        problems.push(clash(group.name.origin, message, help));
    } else if group.members == Members::Leave {
        group.members = Members::Exactly(Vec::new());
    }
}

/// Rows name one group as an HR group and as one of the app.
fn of_two_sources(name: &Located<GroupName>, other: Origin) -> Diagnostic {
    let message = format!("rows name `{}` as an HR group and as an app group", name.value);
    let help = "an account has one group of a name: give one of the two another, as by `name: 'HR {}'` beside the column";
    problem(Code::ExportClash, other, message).related(span(name.origin), "named otherwise here").help(help)
}

fn written_twice(name: &Located<GroupName>, other: &Located<GroupName>) -> Diagnostic {
    let (same, until) = if name.value == other.value {
        ("upper and lower case are the same", "as the account has it, or else ")
    } else {
        ("one space and several are the same", "")
    };
    let message = format!("`{}` and `{}` are one group: {same}", other.value, name.value);
    let help = format!(
        "write it alike; a group of that name in a manifest, with `source: hr`, decides which. Until then it is {until}`{}`",
        name.value
    );
    problem(Code::GroupSpelling, other.origin, message)
        .related(span(name.origin), "written so here")
        .help(help)
}
