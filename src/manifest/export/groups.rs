//! Which HR groups do exports name? Each becomes a group of the manifests, or joins the one that a manifest declares.

use std::collections::BTreeMap;

use crate::diag::{Code, Diagnostic};
use crate::manifest::export::problems::{Problems, problem, span};
use crate::model::{DeclaredSource, DesiredGroup, GroupName, GroupState, Index, Members, Origin, Said};

/// The groups that one export names, each once whatever the way it is written.
#[derive(Debug, Default)]
pub(super) struct Named {
    names: Vec<Name>,
    /// The positions in `names`, by folded name: rows are many, and name few groups.
    index: Index,
}

/// A group's name as rows write it.
#[derive(Debug)]
struct Name {
    /// The first of all ways to write it, where it is written first.
    said: Said<GroupName>,
    /// Where another way was met first.
    other: Option<Said<GroupName>>,
}

impl Name {
    fn key(&self) -> &str {
        self.said.value.key()
    }
}

impl Named {
    /// Notes that a row names a group.
    pub(super) fn note(&mut self, name: &Said<GroupName>) {
        let Ok(next) = u32::try_from(self.names.len()) else { return };
        let key = name.value.key();
        let same = |at: u32| self.names[at as usize].key() == key;
        let Some(known) = self.index.insert(key, next, same) else {
            self.names.push(Name { said: name.clone(), other: None });
            return;
        };
        let known = &mut self.names[known as usize];
        if known.said.value.said() != name.value.said() {
            let smaller = name.value.said() < known.said.value.said();
            let other = if smaller { std::mem::replace(&mut known.said, name.clone()) } else { name.clone() };
            known.other.get_or_insert(other);
        }
    }

    /// A name that only the cell at the end of a file has, and one that it begins: the file may break off within it.
    pub(super) fn broken_off(&self, end: Origin) -> Option<(&Said<GroupName>, &Said<GroupName>)> {
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
        problems: &mut Problems,
    ) -> Vec<Said<GroupName>> {
        let places: BTreeMap<Box<str>, usize> =
            groups.iter().enumerate().rev().map(|(at, group)| (group.name.value.key().into(), at)).collect();
        self.names.sort_unstable_by(|one, other| one.key().cmp(other.key()));
        let mut named = Vec::with_capacity(self.names.len());
        for Name { said, other } in self.names {
            if let Some(group) = places.get(said.value.key()).and_then(|at| groups.get_mut(*at)) {
                unite(group, &said, problems);
            } else {
                if let Some(other) = other {
                    problems.push(written_twice(&said, &other));
                }
                groups.push(declared(said.clone()));
            }
            named.push(said);
        }
        named
    }
}

fn declared(name: Said<GroupName>) -> DesiredGroup {
    DesiredGroup {
        source: Some(DeclaredSource::Hr),
        // Whoever is in it says so: the rows are the whole list.
        members: Members::Exactly(Vec::new()),
        ..DesiredGroup::new(name)
    }
}

/// Rows join the group that a manifest, or an export before, declares.
fn unite(group: &mut DesiredGroup, named: &Said<GroupName>, problems: &mut Problems) {
    let clash = |at: Origin, message: String, help: &str| {
        let problem = problem(Code::ExportClash, named.origin, message);
        problem.related(span(at), "declared here").help(help)
    };
    let name = &group.name.value;
    if let GroupState::Deleted(origin) = group.state {
        let message = format!("rows name the group `{name}`, and a manifest deletes it");
        let help = "leave its rows out with `where`, or take `state: deleted` out";
        problems.push(clash(origin, message, help));
    } else if group.source != Some(DeclaredSource::Hr) {
        let message =
            format!("rows name the HR group `{name}`, and a manifest declares an app group of that name");
        let help = "write `source: hr` there if it is an HR group; else give one of the two another name, as by \
                    `name: 'HR {}'` beside the column";
        problems.push(clash(group.name.origin, message, help));
    } else if group.members == Members::Leave {
        group.members = Members::Exactly(Vec::new());
    }
}

fn written_twice(name: &Said<GroupName>, other: &Said<GroupName>) -> Diagnostic {
    let message =
        format!("`{}` and `{}` are one group: upper and lower case are the same", other.value, name.value);
    let help = format!(
        "write it alike; a group of that name in a manifest, with `source: hr`, decides which. Until then it is `{}`",
        name.value
    );
    problem(Code::GroupSpelling, other.origin, message)
        .related(span(name.origin), "written so here")
        .help(help)
}
