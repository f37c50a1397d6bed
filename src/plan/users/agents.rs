//! Agents that move from one user to another: planned around what the account refuses, and by hand where no call may do it.
//!
//! What the old user still holds of the agent's name goes first, then the agent, then the new user gets it.

use std::collections::BTreeMap;

use crate::model::{
    Act, Agent, Allowance, Cause, Delta, DesiredUser, DisplayName, Edit, Email, Fact, Field, Identifier, Key,
    Located, Login, ObservedUser, Origin, Phrase, Piece, Severity, StepId, Tracking, UserIx,
};
use crate::phrase;
use crate::plan::after::After;
use crate::plan::blocker::{Blocker, BlockerCode};
use crate::plan::draft::Draft;
use crate::plan::edits::held_after;
use crate::plan::findings::Findings;
use crate::plan::notice::Manual;
use crate::plan::people::{People, origin};
use crate::plan::person::Person;
use crate::plan::phase::PhaseKind;
use crate::plan::resolve::wording::describe;
use crate::plan::users::waiting::{Value, Waiting};

const PLACE: &str =
    "Settings > Users & Groups > Users > the user > the agent's three-dot menu > Reassign to existing user";

/// An agent that another user is to have.
struct Moving<'a> {
    agent: &'a Agent,
    from: UserIx,
    to: Person,
    origin: Origin,
}

/// Who carries moves of agents out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Carrier {
    /// The inferred call, which the manifests allow.
    Call,
    /// Somebody, by hand.
    Hand,
}

/// All agents that move.
pub(in crate::plan) struct Agents<'a> {
    moving: Vec<Moving<'a>>,
    carrier: Carrier,
}

impl<'a> Agents<'a> {
    /// Looks for the declared agents that another user has. One that nobody has is none yet: agents come when a machine does.
    pub(in crate::plan) fn of(people: &People<'a>, findings: &mut Findings) -> Self {
        let allowed = people.desired.account.allow.iter().any(|said| said.value == Allowance::AgentMoves);
        let carrier = if allowed { Carrier::Call } else { Carrier::Hand };
        let mut agents = Self { moving: Vec::new(), carrier };
        for (at, user) in (0..).zip(&people.desired.users).filter(|(_, user)| !user.agents.is_empty()) {
            let Some(to) = people.person(at).filter(|_| !user.only_removes()) else { continue };
            for said in &user.agents {
                agents.look(people, to, (user, said), findings);
            }
        }
        agents.moving.sort_by_key(|moving| (moving.to, moving.agent.id));
        agents
    }

    fn look(
        &mut self,
        people: &People<'a>,
        to: Person,
        (user, said): (&DesiredUser, &Located<Login>),
        findings: &mut Findings,
    ) {
        let notice = |why: Phrase, findings: &mut Findings| {
            let label = crate::plan::resolve::keys::label(user);
            let what = phrase!["the agent ", Piece::personal(&said.value), " of ", label];
            findings.notice(said.origin, what.joined(why));
        };
        let mut known = false;
        for holder in people.resolution.agents.owners(Key::Login(&said.value)).map(UserIx) {
            known = true;
            if Person::Known(holder) == to {
                continue;
            }
            let record = people.observed.user(holder);
            for agent in record.agents.iter().filter(|agent| agent.login == said.value) {
                if agent.merge_pending {
                    let why = " is being merged by the account, and is not moved meanwhile";
                    notice(Phrase::words(why), findings);
                } else {
                    self.moving.push(Moving { agent, from: holder, to, origin: said.origin });
                }
            }
        }
        if !known {
            let why = Phrase::words(" is not in the account yet: it appears when its machine comes online");
            let meant = if people.may_look() { near(people, to, &said.value) } else { Vec::new() };
            let meant = meant.into_iter().map(|agent| Piece::personal(&agent.login));
            let asked = Phrase::default().list(meant);
            let is_asked = !asked.0.is_empty();
            notice(
                if is_asked { why.then("; did you mean ").joined(asked).then("?") } else { why },
                findings,
            );
        }
    }

    /// Whether an email is what the account made of an agent that leaves this user.
    pub(in crate::plan) fn take_along(&self, holder: UserIx, email: &Email) -> bool {
        self.moving.iter().any(|moving| moving.from == holder && moving.agent.made(email))
    }

    /// Whether a user gets by this edit what has to wait for an agent: its username, its alias, or the email made of it.
    pub(in crate::plan) fn waits(&self, person: Person, edit: &Edit) -> bool {
        self.moving.iter().any(|moving| moving.to == person && moving.keeps_waiting(edit))
    }

    /// Takes out of the edits of a user what can't be written before somebody has moved an agent by hand: what has to wait for
    /// it, and where nothing else would be left until then, what is to make room for it.
    pub(in crate::plan) fn hold_back(
        &self,
        ix: UserIx,
        record: &ObservedUser,
        edits: &mut Vec<Located<Edit>>,
    ) {
        let all = edits.len();
        if self.carrier == Carrier::Hand {
            edits.retain(|edit| !self.waits(Person::Known(ix), &edit.value));
        }
        let now = edits.iter().map(|edit| &edit.value);
        if edits.len() < all && held_after(record.identifiers(), now).is_empty() {
            edits.retain(|edit| matches!(edit.value, Edit::Name { .. } | Edit::Add(_)));
        }
    }

    /// What a user has to lose before an agent can leave them: what they would else still go by.
    pub(in crate::plan) fn to_be_freed(
        &self,
        ix: UserIx,
        record: &ObservedUser,
        edits: &[Edit],
    ) -> Vec<Value> {
        let leaving = || self.moving.iter().filter(|moving| moving.from == ix);
        let gone = |held: &Identifier| edits.iter().any(|edit| edit.takes_away(held));
        let called = |held: &Identifier| leaving().any(|moving| moving.is_called(held));
        let identifiers = record.identifiers().filter(|held| gone(held) && called(held));
        let renamed = edits.iter().any(|edit| matches!(edit, Edit::Name { .. }));
        let name = record.display_name.as_ref().filter(|_| renamed);
        let name = name.filter(|name| leaving().any(|moving| moving.agent.goes_by(name.as_written())));
        identifiers.map(Value::Identifier).chain(name.map(|_| Value::Name)).collect()
    }

    /// Drafts the moves: facts and steps, or what somebody has to do; and then the steps that waited.
    pub(in crate::plan) fn draft(
        &self,
        people: &People<'_>,
        waiting: Vec<Waiting>,
        (after, draft): (&mut After, &mut Draft),
    ) {
        let mut moved = BTreeMap::<Person, Vec<StepId>>::new();
        for moving in &self.moving {
            if let Some(blocker) = moving.held(people, after) {
                draft.findings.blockers.push(blocker);
            } else if self.carrier == Carrier::Hand {
                draft.findings.manual.push(moving.by_hand(people));
            } else if let Some(step) = moving.step(people, (after, draft)) {
                moved.entry(moving.to).or_default().push(step);
            }
        }
        for Waiting { person, edits, mut needs } in waiting {
            let Some(record) = people.record(person) else { continue };
            needs.extend(moved.get(&person).into_iter().flatten());
            let change = draft.of_person.get(&person).copied();
            let act = Act::EditUser { user: record.id, edits };
            let step = draft.step(PhaseKind::Claims, change, act, needs);
            draft.person_steps.insert(person, step);
        }
    }
}

/// So many slips of the keys are between two usernames that may be one.
const SLIPS: usize = 2;
/// So many agents are suggested.
const SUGGESTED: usize = 3;

/// Agents of others whose usernames are a slip of the keys away, or the same on another domain; the nearest first.
fn near<'a>(people: &People<'a>, to: Person, wanted: &Login) -> Vec<&'a Agent> {
    let name = wanted.user.key();
    let distance = |agent: &Agent| {
        let other = agent.login.user.key();
        if other.len().abs_diff(name.len()) > SLIPS { usize::MAX } else { strsim::osa_distance(other, name) }
    };
    let others = (0..).map(UserIx).zip(&people.observed.users).filter(|(ix, _)| Person::Known(*ix) != to);
    let mut near: Vec<(usize, &Agent)> = others
        .flat_map(|(_, user)| &user.agents)
        .map(|agent| (distance(agent), agent))
        .filter(|(distance, _)| *distance <= SLIPS.min(name.chars().count() / 3))
        .collect();
    near.sort_by_key(|(distance, agent)| (*distance, &agent.login));
    near.into_iter().map(|(_, agent)| agent).take(SUGGESTED).collect()
}

impl Moving<'_> {
    /// The old user would still go by the agent's username or alias: the account refuses the move.
    fn held(&self, people: &People<'_>, after: &After) -> Option<Blocker> {
        let from = Person::Known(self.from);
        let edits = after.edits(from);
        let record = people.observed.user(self.from);
        let renamed = edits.iter().find_map(|edit| match edit {
            Edit::Name { to, .. } => Some(to),
            Edit::Add(_) | Edit::Remove(_) | Edit::NoEmployeeId => None,
        });
        let name =
            renamed.or(record.display_name.as_ref()).filter(|name| self.agent.goes_by(name.as_written()));
        let identifiers = after.identifiers(people, from);
        let kept = identifiers.iter().filter(|held| self.is_called(held));
        let mut kept: Vec<Piece> = kept.map(Piece::personal).collect();
        let called = kept.len();
        kept.extend(name.map(Piece::personal));
        if kept.is_empty() {
            return None;
        }
        let message =
            phrase!["the agent ", Piece::personal(&self.agent.login), " can't leave ", people.label(from)]
                .then(", who would still go by ")
                .list(kept);
        let blocker = Blocker::new(self.origin, BlockerCode::AgentHeld, message).between([describe(record)]);
        let way_out = match (people.entry(from), name, called) {
            (None, ..) => "declare the other user too, without it: under `releases`, or by another name",
            (Some(_), None, _) => {
                "take it from the other user: leave it out of their list, or under `releases`"
            }
            (Some(_), Some(_), 0) => "give the other user another display name",
            (Some(_), Some(_), _) => {
                "take it from the other user: under `releases`, and give them another display name"
            }
        };
        Some(blocker.way_out(way_out).way_out("or take the agent out of this entry"))
    }

    fn keeps_waiting(&self, edit: &Edit) -> bool {
        match edit {
            Edit::Name { to, .. } => self.agent.goes_by(to.as_written()),
            Edit::Add(Identifier::Email(email)) if self.agent.made(email) => true,
            Edit::Add(identifier) => self.is_called(identifier),
            Edit::Remove(_) | Edit::NoEmployeeId => false,
        }
    }

    /// Whether an identifier is the agent's username or alias; a device login never counts.
    fn is_called(&self, identifier: &Identifier) -> bool {
        match identifier {
            Identifier::Upn(upn) => self.agent.goes_by(upn.as_written()),
            Identifier::Email(email) => self.agent.goes_by(email.as_written()),
            Identifier::EmployeeId(id) => self.agent.goes_by(id.as_written()),
            Identifier::DeviceLogin(_) => false,
        }
    }

    /// What the new user is to get and has not, and gets only once the agent is theirs.
    fn waiting(&self, people: &People<'_>) -> Vec<Piece> {
        let entry = people.entry(self.to).map(|at| &people.desired.users[at as usize]);
        let (Some(user), Some(record)) = (entry, people.record(self.to)) else { return Vec::new() };
        let name = user.display_name.declared().map(|said| &said.value);
        let name = name.filter(|name| {
            record.display_name.as_ref().map(DisplayName::as_written) != Some(name.as_written())
        });
        let name = name.filter(|name| self.agent.goes_by(name.as_written())).map(Piece::personal);
        let new = user.identifiers().map(|said| said.value);
        let new = new.filter(|wanted| !record.identifiers().any(|held| held == *wanted));
        let new = new.filter(|wanted| self.keeps_waiting(&Edit::Add(wanted.clone())));
        name.into_iter().chain(new.map(|identifier| Piece::personal(&identifier))).collect()
    }

    fn by_hand(&self, people: &People<'_>) -> Manual {
        let mut what = phrase![
            "reassign the agent ",
            Piece::personal(&self.agent.login),
            " from ",
            people.label(Person::Known(self.from)),
            " to ",
            people.label(self.to)
        ];
        if let Some((_, remark)) = self.turn(people) {
            what = what.then("; its collection ").then(remark);
        }
        let waiting = self.waiting(people);
        if !waiting.is_empty() {
            what = what.then("; until then they don't get ").list(waiting);
        }
        let why = Phrase::words(
            "`account.allow` does not name `agentMoves`: the call for it is inferred, not documented",
        );
        Manual { origin: self.origin, what, place: PLACE.into(), why }
    }

    /// Whether the agent's data is collected no more, or again, because of whom it comes to; nothing where a rule stops it all
    /// the same.
    fn turn(&self, people: &People<'_>) -> Option<(Delta, &'static str)> {
        let login = &self.agent.login;
        if people.observed.exclusions.iter().any(|rule| rule.login.covers(login)) {
            return None;
        }
        match (people.observed.user(self.from).tracking, people.tracking_after(self.to)) {
            (Tracking::Tracked, Tracking::Untracked) => {
                Some((Delta::Remove(Piece::personal(login)), "stops: who gets it is untracked"))
            }
            (Tracking::Untracked, Tracking::Tracked) => {
                Some((Delta::Add(Piece::personal(login)), "begins again: who gets it is tracked"))
            }
            _ => None,
        }
    }

    fn step(&self, people: &People<'_>, (after, draft): (&mut After, &mut Draft)) -> Option<StepId> {
        let from = Person::Known(self.from);
        let gets = draft.change_of(people, self.to, origin(people, self.to));
        let loses = draft.change_of(people, from, origin(people, from));
        let to = draft.user_ref(people, self.to)?;
        let login = || Piece::personal(&self.agent.login);
        draft.fact(
            gets,
            Fact {
                field: Field::Agent,
                delta: Delta::Add(login()),
                severity: Severity::Disruptive,
                cause: Cause::Declared,
                origin: self.origin,
                remark: Some(phrase!["with its history, from ", people.label(from)]),
            },
        );
        draft.fact(
            loses,
            Fact {
                field: Field::Agent,
                delta: Delta::Remove(login()),
                severity: Severity::Disruptive,
                cause: Cause::Consequence,
                origin: self.origin,
                remark: Some(phrase!["with its history, to ", people.label(self.to)]),
            },
        );
        if let Some((delta, remark)) = self.turn(people) {
            // A stop is the old user's, a beginning the new one's: it counts for them.
            let whose = if matches!(delta, Delta::Remove(_)) { loses } else { gets };
            draft.fact(
                whose,
                Fact {
                    field: Field::Collection,
                    delta,
                    severity: Severity::Disruptive,
                    cause: Cause::Consequence,
                    origin: self.origin,
                    remark: Some(Phrase::words(remark)),
                },
            );
        }
        let needs =
            [from, self.to].iter().filter_map(|person| draft.person_steps.get(person)).copied().collect();
        after.give(self.agent.id, self.to);
        let act = Act::MoveAgent { agent: self.agent.id, from: people.observed.user(self.from).id, to };
        let step = draft.step(PhaseKind::Agents, Some(gets), act, needs);
        draft.follows(loses, step);
        Some(step)
    }
}
