//! What do people have once the plan is carried out? Fixed when it is known what differs of users; all that comes later reads it.

use std::collections::BTreeMap;

use crate::model::{Agent, AgentId, DisplayName, Edit, Identifier, ObservedUser};
use crate::plan::edits::held_after;
use crate::plan::people::People;
use crate::plan::person::Person;

/// What is written of people: their edits, and the agents that move.
#[derive(Default)]
pub(super) struct After {
    /// The edits of each record whose name or identifiers change.
    edits: BTreeMap<Person, Vec<Edit>>,
    /// Agents that steps move, and to whom.
    moved: BTreeMap<AgentId, Person>,
}

impl After {
    /// A record's name and identifiers are edited.
    pub(super) fn edit(&mut self, person: Person, edits: Vec<Edit>) {
        self.edits.insert(person, edits);
    }

    /// An agent goes to a person.
    pub(super) fn give(&mut self, agent: AgentId, to: Person) {
        self.moved.insert(agent, to);
    }

    /// Everybody whose record is edited, with the edits, by person.
    pub(super) fn edited(&self) -> impl Iterator<Item = (Person, &[Edit])> {
        self.edits.iter().map(|(person, edits)| (*person, &edits[..]))
    }

    /// The edits of a person's record.
    pub(super) fn edits(&self, person: Person) -> &[Edit] {
        self.edits.get(&person).map_or(&[], Vec::as_slice)
    }

    /// Who has an agent that `holder` has now.
    pub(super) fn owner(&self, agent: AgentId, holder: Person) -> Person {
        self.moved.get(&agent).copied().unwrap_or(holder)
    }

    /// A person's identifiers.
    pub(super) fn identifiers(&self, people: &People<'_>, person: Person) -> Vec<Identifier> {
        let Some(record) = people.record(person) else {
            let entry = people.entry(person).map(|at| &people.desired.users[at as usize]);
            return entry.into_iter().flat_map(|user| user.identifiers().map(|said| said.value)).collect();
        };
        held_after(record.identifiers(), self.edits(person).iter())
    }

    /// A person's agents.
    pub(super) fn agents<'a>(&self, people: &People<'a>, person: Person) -> Vec<&'a Agent> {
        let own = people.record(person).map_or(&[][..], |record| &record.agents);
        let stays = |agent: &&Agent| self.owner(agent.id, person) == person;
        let comes = |agent: &&Agent| self.moved.get(&agent.id) == Some(&person);
        let others = self.moved.values().any(|to| *to == person).then_some(&people.observed.users);
        let is_other = |user: &&ObservedUser| people.record(person).is_none_or(|own| own.id != user.id);
        let others = others.into_iter().flatten().filter(is_other).flat_map(|user| &user.agents);
        own.iter().filter(stays).chain(others.filter(comes)).collect()
    }

    /// A person's display name, once their record is edited.
    pub(super) fn name(&self, people: &People<'_>, person: Person) -> Option<DisplayName> {
        let renamed = self.edits(person).iter().find_map(|edit| match edit {
            Edit::Name { to, .. } => Some(to),
            Edit::Add(_) | Edit::Remove(_) | Edit::NoEmployeeId => None,
        });
        renamed.or_else(|| people.record(person)?.display_name.as_ref()).cloned()
    }
}
