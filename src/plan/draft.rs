//! A plan in the making: changes and steps are pushed in their final order, and numbered as they come.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Act, Afterwards, Agent, AgentId, Change, ChangeId, DisplayName, Edit, Fact, GroupRef, Identifier, Login,
    Object, ObservedUser, Origin, Phrase, Piece, Severity, Sizes, Step, StepId, UserId, UserLabel, UserRef,
    Verb,
};
use crate::plan::blocker::Blocker;
use crate::plan::edits::held_after;
use crate::plan::notice::{Manual, Notice};
use crate::plan::people::People;
use crate::plan::person::Person;
use crate::plan::phase::{Phase, PhaseKind};
use crate::plan::planned_set::PlannedSnapshot;

/// A user in a group, as steps name both.
pub(super) type Membership = (GroupRef, UserRef);

/// Changes, steps, and what speaks against them.
#[derive(Default)]
pub(super) struct Draft {
    /// In order; [`Change::id`] is the position.
    pub(super) changes: Vec<Change>,
    /// What names each change's object in fingerprints, by position.
    pub(super) keys: Vec<String>,
    /// Steps as they come; numbered for good by [`Draft::phases`].
    steps: Vec<(PhaseKind, Step)>,
    /// The change that creates each new user, by label: no two have one label, as no two have one identifier.
    created: BTreeMap<UserLabel, ChangeId>,
    /// The change of each person that has one.
    pub(super) of_person: BTreeMap<Person, ChangeId>,
    /// People whom a change touches without a fact of their own: members of a deleted group, those a rule stops or frees.
    affected: BTreeMap<ChangeId, BTreeSet<Person>>,
    /// The edits of each record whose name or identifiers change.
    pub(super) edits: BTreeMap<Person, Vec<Edit>>,
    /// Agents that steps move, and to whom.
    pub(super) moved: BTreeMap<AgentId, Person>,
    /// The step that creates or edits a person's record.
    pub(super) person_steps: BTreeMap<Person, StepId>,
    /// The step that untracks or tracks a person.
    pub(super) tracking_steps: BTreeMap<Person, StepId>,
    /// Changes that follow from steps of others, with the step.
    follows: BTreeSet<(ChangeId, StepId)>,
    /// Users whose tracking turns because a rule comes or goes.
    pub(super) turned: Vec<(ChangeId, Login)>,
    /// What is unknown or impossible.
    pub(super) blockers: Vec<Blocker>,
    /// What somebody has to do by hand.
    pub(super) manual: Vec<Manual>,
    /// What a reader should know.
    pub(super) notices: Vec<Notice>,
}

impl Draft {
    /// Adds a change, with what names its object in fingerprints. Its severity is that of its facts.
    pub(super) fn push(&mut self, key: String, object: Object, verb: Verb, origin: Origin) -> ChangeId {
        let id = ChangeId(u32::try_from(self.changes.len()).unwrap_or(u32::MAX));
        let severity = Severity::Safe;
        if let (Object::User(label), Verb::Create) = (&object, verb) {
            self.created.insert(label.clone(), id);
        }
        self.changes.push(Change {
            id,
            object,
            verb,
            severity,
            origin,
            facts: Vec::new(),
            members: None,
            notes: Vec::new(),
        });
        self.keys.push(key);
        id
    }

    /// What names a user to be created in fingerprints.
    pub(super) fn created_key(&self, label: &UserLabel) -> Option<&str> {
        self.created.get(label).map(|change| self.keys[change.0 as usize].as_str())
    }

    /// Adds a fact to a change.
    pub(super) fn fact(&mut self, change: ChangeId, fact: Fact) {
        let change = &mut self.changes[change.0 as usize];
        change.severity = change.severity.max(fact.severity);
        change.facts.push(fact);
    }

    /// Adds a sentence to a change.
    pub(super) fn note(&mut self, change: ChangeId, note: Phrase) {
        self.changes[change.0 as usize].notes.push(note);
    }

    /// Notes people whom a change touches without a fact of their own.
    pub(super) fn affects(&mut self, change: ChangeId, people: impl IntoIterator<Item = Person>) {
        self.affected.entry(change).or_default().extend(people);
    }

    /// Whether a change touches a person without a fact of their own.
    pub(super) fn is_affected(&self, change: ChangeId, person: Person) -> bool {
        self.affected.get(&change).is_some_and(|people| people.contains(&person))
    }

    /// Says how large the group of a change is before and after.
    pub(super) fn sizes(&mut self, change: ChangeId, sizes: Sizes) {
        self.changes[change.0 as usize].members = Some(sizes);
    }

    /// Adds a step.
    pub(super) fn step(
        &mut self,
        phase: PhaseKind,
        change: Option<ChangeId>,
        act: Act,
        needs: Vec<StepId>,
    ) -> StepId {
        let id = StepId(u32::try_from(self.steps.len()).unwrap_or(u32::MAX));
        self.steps.push((phase, Step { id, change, act, needs }));
        id
    }

    /// Notes that a change, or a part of it, comes about by a step that is another's.
    pub(super) fn follows(&mut self, change: ChangeId, step: StepId) {
        self.follows.insert((change, step));
    }

    /// The change of an object, by what names it in fingerprints.
    pub(super) fn change_with_key(&self, key: &str) -> Option<ChangeId> {
        self.keys.iter().position(|other| other == key).map(|at| self.changes[at].id)
    }

    /// Whether removals lift the rules that they leave, which they do last.
    pub(super) fn removals_lift(&self) -> bool {
        let lifts = |act: &Act| matches!(act, Act::RemoveUser { afterwards: Afterwards::Unblock, .. });
        self.steps.iter().any(|(_, step)| lifts(&step.act))
    }

    /// The steps that are about a record of the account.
    pub(super) fn steps_about(&self, record: UserId) -> impl Iterator<Item = StepId> + '_ {
        self.steps.iter().filter(move |(_, step)| step.act.concerns(record)).map(|(_, step)| step.id)
    }

    /// Every step so far.
    pub(super) fn steps(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().map(|(_, step)| step)
    }

    /// Who joins app groups, by which step, and who leaves them.
    pub(super) fn moves(&self) -> (BTreeMap<Membership, StepId>, BTreeSet<Membership>) {
        let (mut joined, mut left) = (BTreeMap::new(), BTreeSet::new());
        for (_, step) in &self.steps {
            match &step.act {
                Act::Join { group, user, .. } => {
                    joined.insert((*group, *user), step.id);
                }
                Act::Leave { group, user, .. } => {
                    left.insert((GroupRef::Known(*group), UserRef::Known(*user)));
                }
                _ => {}
            }
        }
        (joined, left)
    }

    /// Lets every deletion wait for an upload, which must be verified first; answers what is uploaded.
    pub(super) fn deletions_wait_for(
        &mut self,
        (snapshot, upload): (PlannedSnapshot, StepId),
    ) -> PlannedSnapshot {
        for (_, step) in self.steps.iter_mut().filter(|(phase, _)| *phase == PhaseKind::Deletions) {
            step.needs.push(upload);
        }
        snapshot
    }

    /// Notes something that a reader should know.
    pub(super) fn notice(&mut self, origin: Origin, message: Phrase) {
        self.notice_about(origin, message, Vec::new());
    }

    /// Notes something that a reader should know of these users or groups.
    pub(super) fn notice_about(&mut self, origin: Origin, message: Phrase, about: Vec<Piece>) {
        self.notices.push(Notice { origin, message, about });
    }

    /// A person's identifiers once the plan is carried out.
    pub(super) fn identifiers_after(&self, people: &People<'_>, person: Person) -> Vec<Identifier> {
        let Some(record) = people.record(person) else {
            let entry = people.entry(person).map(|at| &people.desired.users[at as usize]);
            return entry.into_iter().flat_map(|user| user.identifiers().map(|said| said.value)).collect();
        };
        held_after(record.identifiers(), self.edits.get(&person).into_iter().flatten())
    }

    /// The agents that a person has once the plan is carried out.
    pub(super) fn agents_after<'a>(&self, people: &People<'a>, person: Person) -> Vec<&'a Agent> {
        let own = people.record(person).map_or(&[][..], |record| &record.agents);
        let stays = |agent: &&Agent| self.moved.get(&agent.id).is_none_or(|to| *to == person);
        let comes = |agent: &&Agent| self.moved.get(&agent.id) == Some(&person);
        let others = self.moved.values().any(|to| *to == person).then_some(&people.observed.users);
        let is_other = |user: &&ObservedUser| people.record(person).is_none_or(|own| own.id != user.id);
        let others = others.into_iter().flatten().filter(is_other).flat_map(|user| &user.agents);
        own.iter().filter(stays).chain(others.filter(comes)).collect()
    }

    /// The display name that a person has once their record is edited.
    pub(super) fn name_after(&self, people: &People<'_>, person: Person) -> Option<DisplayName> {
        let renamed = self.edits.get(&person).into_iter().flatten().find_map(|edit| match edit {
            Edit::Name { to, .. } => Some(to),
            Edit::Add(_) | Edit::Remove(_) | Edit::NoEmployeeId => None,
        });
        renamed.or_else(|| people.record(person)?.display_name.as_ref()).cloned()
    }

    /// How a step names a person.
    pub(super) fn user_ref(&self, people: &People<'_>, person: Person) -> Option<UserRef> {
        match people.record(person) {
            Some(record) => Some(UserRef::Known(record.id)),
            None => self.of_person.get(&person).map(|change| UserRef::New(*change)),
        }
    }

    /// The steps by phase, renumbered in the order in which they may run, and what follows from them.
    pub(super) fn phases(&mut self) -> (Vec<Phase>, Vec<(ChangeId, StepId)>) {
        let mut steps = std::mem::take(&mut self.steps);
        steps.sort_by_key(|(phase, step)| (*phase, step.id));
        let mut number = vec![StepId(0); steps.len()];
        for (place, (_, step)) in (0..).zip(&steps) {
            number[step.id.0 as usize] = StepId(place);
        }
        let mut phases: Vec<Phase> = Vec::new();
        for (kind, mut step) in steps {
            step.id = number[step.id.0 as usize];
            for need in &mut step.needs {
                *need = number[need.0 as usize];
            }
            step.needs.sort_unstable();
            step.needs.dedup();
            match phases.last_mut().filter(|phase| phase.kind == kind) {
                Some(phase) => phase.steps.push(step),
                None => phases.push(Phase { kind, steps: vec![step] }),
            }
        }
        let follows = std::mem::take(&mut self.follows).into_iter();
        (phases, follows.map(|(change, step)| (change, number[step.0 as usize])).collect())
    }
}
