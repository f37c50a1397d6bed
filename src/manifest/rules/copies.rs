//! Groups that copy others do so in no circle, and name them as they will be called.

use std::collections::BTreeMap;

use crate::diag::{Code, Diagnostics};
use crate::manifest::rules::facts::{Facts, at, span};
use crate::model::{DesiredGroup, GroupName, GroupState, Located};

/// Where one group copies another.
type Copy<'a> = (&'a DesiredGroup, &'a Located<GroupName>);

/// Who is in a group can't hang on who is in it.
pub(super) fn are_of_no_circle(facts: &Facts<'_>, found: &mut Diagnostics) {
    let mut walk = Walk { facts, seen: BTreeMap::new(), path: Vec::new(), circles: Vec::new() };
    for group in &facts.declared.groups {
        if !group.copied().is_empty() {
            walk.from(group);
        }
    }
    for circle in walk.circles {
        let names = circle.iter().map(|(group, _)| group.name.value.as_written());
        let names: Vec<&str> = names.chain(circle.first().map(|it| it.0.name.value.as_written())).collect();
        let message = match &names[..] {
            [name, _] => format!("`{name}` would have its own users"),
            names => {
                let links = names.windows(2).map(|pair| format!("`{}`", pair.join("` those of `")));
                links.collect::<Vec<_>>().join(", ").replacen(" those of ", " would have the users of ", 1)
            }
        };
        for (place, (_, name)) in circle.iter().enumerate() {
            let mut problem = at(Code::MembershipCircle, name.origin, message.clone());
            for (_, other) in circle.iter().enumerate().filter(|(other, _)| *other != place).map(|it| it.1) {
                problem = problem.related(span(other.origin), "and here");
            }
            found.push(problem.help("take one of the names out of `membersOf`"));
        }
    }
}

/// How far a group has been looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    /// On the way that is being walked.
    Open,
    /// All that it copies is done.
    Done,
}

/// A walk along what groups copy.
struct Walk<'f, 'a> {
    facts: &'f Facts<'a>,
    seen: BTreeMap<&'a str, Seen>,
    /// The way to where the walk stands: each group with the place of the name that is being followed.
    path: Vec<(&'a DesiredGroup, usize)>,
    circles: Vec<Vec<Copy<'a>>>,
}

impl<'a> Walk<'_, 'a> {
    /// Walks from a group, without recursion: chains may be as long as manifests are.
    fn from(&mut self, start: &'a DesiredGroup) {
        self.enter(start);
        while let Some((group, next)) = self.path.last_mut() {
            let (group, at) = (*group, *next);
            *next += 1;
            let Some(name) = group.copied().get(at) else {
                self.seen.insert(group.name.value.key(), Seen::Done);
                self.path.pop();
                continue;
            };
            let Some(other) = self.facts.groups.find(&name.value) else { continue };
            match self.seen.get(other.name.value.key()) {
                None => self.enter(other),
                Some(Seen::Open) => self.close(other),
                Some(Seen::Done) => {}
            }
        }
    }

    fn enter(&mut self, group: &'a DesiredGroup) {
        if let std::collections::btree_map::Entry::Vacant(new) = self.seen.entry(group.name.value.key()) {
            new.insert(Seen::Open);
            self.path.push((group, 0));
        }
    }

    /// The way came back to a group that it went through.
    fn close(&mut self, back: &DesiredGroup) {
        let from = self.path.iter().position(|(group, _)| group.name.value == back.name.value);
        let way = self.path.get(from.unwrap_or(0)..).unwrap_or_default();
        let copy = |(group, next): &(&'a DesiredGroup, usize)| Some((*group, group.copied().get(next - 1)?));
        self.circles.push(way.iter().filter_map(copy).collect());
    }
}

/// A name that a group gives up leads nowhere once the plan is carried out.
pub(super) fn name_groups_as_they_will_be_called(facts: &Facts<'_>, found: &mut Diagnostics) {
    let groups = &facts.declared.groups;
    if groups.iter().all(|group| group.copied().is_empty()) {
        return;
    }
    let staying = groups.iter().filter(|group| group.state == GroupState::Present);
    let former =
        staying.flat_map(|group| group.formerly.iter().map(move |name| (name.value.key(), (group, name))));
    let former: BTreeMap<&str, (&DesiredGroup, &Located<GroupName>)> = former.collect();
    for name in groups.iter().flat_map(DesiredGroup::copied) {
        if facts.groups.find(&name.value).is_some() {
            continue;
        }
        let Some((group, said)) = former.get(name.value.key()) else { continue };
        let now = &group.name.value;
        let message = format!("`{}` is called `{now}` now", name.value);
        let problem = at(Code::FormerNameUsed, name.origin, message);
        let help = format!("write `{now}`; if another group has the old name, take it out of `formerly`");
        found.push(problem.related(span(said.origin), "its former name stands here").help(help));
    }
}
