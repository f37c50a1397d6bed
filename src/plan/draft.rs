//! A plan in the making: changes and steps are pushed in their final order, and numbered as they come.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Act, Afterwards, Change, ChangeId, Fact, GroupIx, GroupRef, Login, Note, Object, ObservedGroup, Origin,
    Severity, Sizes, Step, StepId, UserId, UserLabel, UserRef, Verb,
};
use crate::plan::findings::Findings;
use crate::plan::people::People;
use crate::plan::person::Person;
use crate::plan::phase::{Phase, PhaseKind};
use crate::plan::planned_set::PlannedSnapshot;

/// A user in a group, as steps name both.
pub(super) type Membership = (GroupRef, UserRef);

/// A group whose rules are as declared, and whose users are not those that they match.
pub(super) struct Differing {
    /// The group.
    pub(super) group: GroupIx,
    /// Where its rules are said.
    pub(super) origin: Origin,
    /// Who matches and is not in it, and who is in it and does not match.
    pub(super) places: Vec<(Person, Place)>,
    /// The same of those whom the rules pass over, or no longer, by what the plan itself makes of them.
    pub(super) turned: Vec<(Person, Place)>,
}

/// Where the rules of groups are expected to leave users.
pub(super) type Places = BTreeMap<GroupRef, BTreeMap<Person, Place>>;

/// Where the rules of a group are expected to leave somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In the group.
    Inside,
    /// Out of it.
    Outside,
}

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
    /// The step that creates or edits a person's record.
    pub(super) person_steps: BTreeMap<Person, StepId>,
    /// The step that untracks or tracks a person.
    pub(super) tracking_steps: BTreeMap<Person, StepId>,
    /// Changes that follow from steps of others, with the step.
    follows: BTreeSet<(ChangeId, StepId)>,
    /// Groups that fill themselves, and whose users are not those that their rules match.
    pub(super) differing: Vec<Differing>,
    /// Where rules that are set are expected to leave users, once the account has looked at them.
    pub(super) foretold: Places,
    /// Users whose tracking turns because a rule comes or goes.
    pub(super) turned: Vec<(ChangeId, Login)>,
    /// What is found besides.
    pub(super) findings: Findings,
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

    /// The change of a person; made where there is none yet, as one that stands at `origin`.
    pub(super) fn change_of(&mut self, people: &People<'_>, person: Person, origin: Origin) -> ChangeId {
        if let Some(change) = self.of_person.get(&person) {
            return *change;
        }
        let object = Object::User(people.label(person));
        let change = self.push(people.fingerprint_key(person), object, Verb::Update, origin);
        self.of_person.insert(person, change);
        change
    }

    /// Adds a change of a group of the account.
    pub(super) fn push_group(&mut self, group: &ObservedGroup, verb: Verb, origin: Origin) -> ChangeId {
        let (id, name, source) = (Some(group.id), group.name.clone(), group.source.clone());
        self.push(format!("group:{}", group.id.0), Object::Group { id, name, source }, verb, origin)
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

    /// Says what follows from a change; of what is the same, once.
    pub(super) fn note(&mut self, change: ChangeId, note: impl Into<Note>) {
        let (notes, note) = (&mut self.changes[change.0 as usize].notes, note.into());
        if !notes.contains(&note) {
            notes.push(note);
        }
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
