//! Is a group that would be created one that is there already, by another spelling or with the very same people?

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    DeclaredSource, DesiredGroup, GroupIx, GroupName, GroupSource, GroupState, Piece, fold_fully, wide,
};
use crate::phrase;
use crate::plan::blocker::{Blocker, BlockerCode};
use crate::plan::membership::wanted::Wanted;
use crate::plan::people::People;
use crate::plan::person::Person;
use crate::plan::resolve::groups::source_of;

/// Groups of the account by what new ones may be mixed up with.
#[derive(Default)]
pub(in crate::plan) struct Near<'a> {
    /// By the form in which names clash.
    by_form: BTreeMap<String, Vec<GroupIx>>,
    /// By members, of the groups that no manifest mentions.
    by_members: BTreeMap<(GroupSource, Vec<Person>), Vec<GroupIx>>,
    declared: BTreeMap<&'a str, &'a DesiredGroup>,
}

impl<'a> Near<'a> {
    /// Looks through all groups.
    pub(in crate::plan) fn of(people: &People<'a>) -> Self {
        let declared: BTreeMap<&str, &DesiredGroup> =
            people.desired.groups.iter().map(|group| (group.name.value.key(), group)).collect();
        let mut near = Self { declared, ..Self::default() };
        let mentioned = mentioned(people);
        for (at, group) in (0..).zip(&people.observed.groups) {
            let ix = GroupIx(at);
            near.by_form.entry(wide(group.name.key()).into_owned()).or_default().push(ix);
            let members: Vec<Person> = people.observed.members(ix).map(Person::Known).collect();
            if !members.is_empty() && !mentioned.contains(group.name.key()) {
                near.by_members.entry((group.source.clone(), members)).or_default().push(ix);
            }
        }
        near
    }

    /// A group of the account whose name is spelled almost so.
    pub(in crate::plan) fn spelled(&self, people: &People<'_>, group: &DesiredGroup) -> Option<Blocker> {
        let name = &group.name.value;
        let alike = self.by_form.get(&*wide(name.key()))?;
        // A group of the app is renamed; one of HR would be sent beside itself.
        let is_renamed = |other: &GroupName| {
            group.source != Some(DeclaredSource::Hr) && group.formerly.iter().any(|it| it.value == *other)
        };
        let other = alike.iter().map(|ix| &people.observed.group(*ix).name).find(|other| {
            let declared = self.declared.get(other.key());
            let stays = declared.is_some_and(|it| it.state == GroupState::Present);
            // Two that are both declared are two, unless the account may take them for one.
            **other != *name
                && !is_renamed(other)
                && (!stays || fold_fully(other.key()) == fold_fully(name.key()))
        })?;
        let message = phrase![
            "there is no group ",
            Piece::plain(name),
            ", but ",
            Piece::plain(other),
            ": one group, spelled in two ways?"
        ];
        let blocker =
            Blocker::new(group.name.origin, BlockerCode::GroupNameTaken, message).way_out_phrase(phrase![
                "the same group: write its name as the account has it, `",
                Piece::plain(other),
                "`"
            ]);
        let is_hr = group.source == Some(DeclaredSource::Hr);
        let rename = phrase!["to rename it: add `formerly: [", quoted(other.as_written()), "]`"];
        let blocker = if is_hr { blocker } else { blocker.way_out_phrase(rename) };
        Some(if fold_fully(other.key()) == fold_fully(name.key()) {
            blocker.way_out("another group: give it another name, as the account may take the two for one")
        } else {
            blocker.way_out_phrase(phrase![
                "another group: declare the other too, `- { name: ",
                quoted(other.as_written()),
                " }`"
            ])
        })
    }

    /// A group that no manifest mentions and that has the very members which a new one is to get.
    pub(in crate::plan) fn with_the_same_people(
        &self,
        people: &People<'_>,
        group: &DesiredGroup,
        wanted: &Wanted<'_>,
    ) -> Option<Piece> {
        let members: Vec<Person> = wanted.persons().collect();
        let source = source_of(group.source.unwrap_or(DeclaredSource::App));
        let found = self.by_members.get(&(source, members))?;
        let [ix] = found[..] else { return None };
        Some(Piece::plain(&people.observed.group(ix).name))
    }
}

/// The folded names of all groups that a manifest mentions: by an entry, `formerly`, `membersOf` or a user.
fn mentioned<'a>(people: &People<'a>) -> BTreeSet<&'a str> {
    let groups = &people.desired.groups;
    let declared = groups.iter().flat_map(|group| group.formerly.iter().chain([&group.name]));
    let copied = groups.iter().flat_map(DesiredGroup::copied);
    let named = people.desired.users.iter().flat_map(|user| &user.groups);
    declared.chain(copied).chain(named).map(|name| name.value.key()).collect()
}

/// A name as a manifest takes it.
fn quoted(name: &str) -> Piece {
    let plain = name.chars().all(|letter| letter.is_alphanumeric() || letter == ' ');
    if plain { Piece::plain(&name) } else { Piece::plain(&format!("'{}'", name.replace('\'', "''"))) }
}
