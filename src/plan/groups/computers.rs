//! Which computers enter and leave a group? Its own list says so, and is whole on its own: users never come into it.

use crate::model::{
    Act, ChangeId, Computer, ComputerId, Delta, DesiredGroup, Field, GroupId, GroupRef, Located, Login,
    Members, ObservedGroup, Origin, Piece, Severity, StepId,
};
use crate::phrase;
use crate::plan::blocker::{Blocker, BlockerCode};
use crate::plan::draft::Draft;
use crate::plan::fact::declared_fact;
use crate::plan::people::People;
use crate::plan::phase::PhaseKind;

/// So many letters off is a slip of the keys.
const SLIPS: usize = 2;
/// So many computers that may be meant are shown.
const SHOWN: usize = 3;

/// The computers that enter and leave one group, each sorted by number.
#[derive(Default)]
pub(in crate::plan) struct Moves {
    enter: Vec<(Computer, Origin)>,
    /// Those that leave, the group they leave, and where its list stands.
    exit: Vec<(Computer, GroupId, Origin)>,
}

/// The difference of a group's computers from those declared; `observed` is none for a new group.
pub(in crate::plan) fn moves(
    people: &People<'_>,
    group: &DesiredGroup,
    observed: Option<&ObservedGroup>,
    draft: &mut Draft,
) -> Moves {
    let wanted = found(people, group.computers.listed(), draft);
    let present: &[ComputerId] = observed.and_then(|group| group.computers.as_deref()).unwrap_or(&[]);
    let is_kept = |id: &ComputerId| wanted.iter().any(|(computer, _)| computer.id == *id);
    let exit = match (&group.computers, observed) {
        // One that is not found may be one of those that would seem to leave.
        _ if is_in_doubt(people, group.computers.listed()) => Vec::new(),
        (Members::Exactly(_), Some(observed)) => present
            .iter()
            .filter(|id| !is_kept(id))
            .filter_map(|id| people.observed.computers.iter().find(|computer| computer.id == *id))
            .map(|computer| (computer.clone(), observed.id, group.origin))
            .collect(),
        _ => Vec::new(),
    };
    let enter = wanted.into_iter().filter(|(computer, _)| !present.contains(&computer.id)).collect();
    Moves { enter, exit }
}

impl Moves {
    pub(in crate::plan) fn is_empty(&self) -> bool {
        self.enter.is_empty() && self.exit.is_empty()
    }

    /// Adds the facts and steps to a group's change; `made` is the step that creates the group.
    pub(in crate::plan) fn draft(
        self,
        change: ChangeId,
        group: GroupRef,
        made: Option<StepId>,
        draft: &mut Draft,
    ) {
        for (computer, origin) in self.enter {
            let delta = Delta::Add(Piece::personal(&computer.login));
            draft.fact(change, declared_fact(Field::Computer, delta, Severity::Safe, origin));
            let act = Act::AddComputer { group, computer: computer.id };
            draft.step(PhaseKind::Members, Some(change), act, made.into_iter().collect());
        }
        for (computer, group, origin) in self.exit {
            let delta = Delta::Remove(Piece::personal(&computer.login));
            draft.fact(change, declared_fact(Field::Computer, delta, Severity::Disruptive, origin));
            let act = Act::RemoveComputer { group, computer: computer.id };
            draft.step(PhaseKind::Members, Some(change), act, Vec::new());
        }
    }
}

/// The declared computers, each found exactly once in the account; sorted by number.
fn found(people: &People<'_>, said: &[Located<Login>], draft: &mut Draft) -> Vec<(Computer, Origin)> {
    let mut found: Vec<(Computer, Origin)> = Vec::with_capacity(said.len());
    for login in said {
        let observed: Vec<&Computer> = people.observed.computers_named(&login.value).collect();
        let (what, way_out) = match observed.as_slice() {
            [one] => {
                found.push(((*one).clone(), login.origin));
                continue;
            }
            [] => (
                " is no computer of the account",
                "correct the name; a computer appears once its agent reports",
            ),
            _ => (" is more than one computer", "name its domain: DOMAIN\\computer"),
        };
        let message = phrase![Piece::personal(&login.value), what];
        let meant = if observed.is_empty() { near(people, &login.value) } else { observed };
        let asks = |computer: &Computer| phrase!["did you mean ", Piece::personal(&computer.login), "?"];
        let blocker = Blocker::new(login.origin, BlockerCode::UnknownComputer, message)
            .between(meant.into_iter().map(asks))
            .way_out(way_out);
        draft.findings.blockers.push(blocker);
    }
    found.sort_by_key(|(computer, _)| computer.id);
    found.dedup_by_key(|(computer, _)| computer.id);
    found
}

/// Whether one of the declared computers is not found, or not just once.
fn is_in_doubt(people: &People<'_>, said: &[Located<Login>]) -> bool {
    said.iter().any(|login| people.observed.computers_named(&login.value).count() != 1)
}

/// The computers whose names are a slip of the keys away, or the same on another domain; at most three, the nearest first.
fn near<'a>(people: &People<'a>, wanted: &Login) -> Vec<&'a Computer> {
    let name = wanted.user.key();
    let distance = |computer: &Computer| {
        let other = computer.login.user.key();
        let is_far = other.len().abs_diff(name.len()) > SLIPS;
        if is_far { usize::MAX } else { strsim::osa_distance(other, name) }
    };
    let computers = people.observed.computers.iter().map(|computer| (distance(computer), computer));
    let mut near: Vec<_> = computers.filter(|(distance, _)| *distance <= SLIPS).collect();
    near.sort_by_key(|(distance, computer)| (*distance, &computer.login));
    near.into_iter().map(|(_, computer)| computer).take(SHOWN).collect()
}
