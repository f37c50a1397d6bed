//! Who comes and goes in a group that fills itself: by hand whoever is named, and by its rules whoever matches.
//!
//! Who is put in by hand stays whatever the rules say, and is in it by the rules again once that is taken back ("Managing groups").
//! Whom rules match comes by itself: it is foretold, and never written.

use crate::model::{Activation, Deactivated, DesiredGroup, Filling, GroupIx, Members};
use crate::phrase;
use crate::plan::draft::Place;
use crate::plan::membership::wanted::{Move, Wanted, Whole};
use crate::plan::people::People;
use crate::plan::person::Person;

/// Whether an account says who was put into a group by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::plan) enum Hands {
    /// It does.
    #[default]
    Told,
    /// It does not: whoever is in it may be.
    Untold,
}

/// How the users of a group that fills itself are to change, each sorted.
#[derive(Debug, Default)]
pub(in crate::plan) struct Flows {
    /// Put in by hand.
    pub(in crate::plan) join: Vec<Move>,
    /// Taken out, as only a hand had put them in.
    pub(in crate::plan) leave: Vec<Move>,
    /// In it by the rules, and from now on by hand.
    pub(in crate::plan) pin: Vec<Move>,
    /// In it by hand, and from now on by the rules, which match them.
    pub(in crate::plan) unpin: Vec<Move>,
    /// Expected to come by the rules.
    pub(in crate::plan) comes: Vec<Move>,
    /// Expected to go by the rules.
    pub(in crate::plan) goes: Vec<Move>,
    /// Whom the rules match or pass over by what this plan makes of whether they may log in.
    pub(in crate::plan) turned: Vec<Person>,
    /// Whether it is known who is in it by hand: otherwise some of those who are expected to go may stay.
    pub(in crate::plan) hands: Hands,
}

impl Flows {
    /// Whether nobody is put in by hand, or no longer.
    pub(in crate::plan) fn hands_are_still(&self) -> bool {
        self.join.is_empty() && self.leave.is_empty() && self.pin.is_empty() && self.unpin.is_empty()
    }

    /// Where the rules are expected to leave whom they move.
    pub(in crate::plan) fn places(&self) -> impl Iterator<Item = (Person, Place)> + '_ {
        let comes = self.comes.iter().map(|it| (it.person, Place::Inside));
        comes.chain(self.goes.iter().map(|it| (it.person, Place::Outside)))
    }

    /// Of a group that is to be made.
    pub(in crate::plan) fn of_new(people: &People<'_>, wanted: &Wanted<'_>) -> Self {
        let join = wanted.named_persons().filter_map(|person| wanted.joining(people, person));
        let comes = wanted.matched().filter_map(|person| wanted.joining(people, person));
        Self { join: join.collect(), comes: comes.collect(), ..Self::default() }
    }

    /// Of a group that is there; none where the account does not say who was put in by hand, and somebody is to be.
    pub(in crate::plan) fn of(
        people: &People<'_>,
        (group, ix): (&DesiredGroup, GroupIx),
        filling: &Filling,
        wanted: &Wanted<'_>,
    ) -> Option<Self> {
        let names_all = matches!(group.members, Members::Exactly(_));
        let whole = if names_all && !wanted.is_doubtful() { Whole::Yes } else { Whole::No };
        let by_hand = people.observed.by_hand(ix);
        if by_hand.is_none() && (names_all || wanted.named_persons().next().is_some()) {
            return None;
        }
        let hands = if by_hand.is_some() { Hands::Told } else { Hands::Untold };
        let sides = Sides {
            people,
            wanted,
            present: people.observed.members(ix).map(Person::Known).collect(),
            by_hand: by_hand.into_iter().flatten().map(Person::Known).collect(),
            named: wanted.named_persons().collect(),
            matched: wanted.matched().filter(|person| counts(people, *person, filling.deactivated)).collect(),
        };
        let turned = match filling.deactivated {
            Deactivated::PassedOver => wanted.matched().filter(|it| turns(people, *it)).collect(),
            Deactivated::Counted => Vec::new(),
        };
        Some(Flows { turned, hands, ..sides.flows(whole) })
    }
}

/// Whether this plan lets somebody log in who could not, or the other way round.
fn turns(people: &People<'_>, person: Person) -> bool {
    said(people, person)
        .is_some_and(|said| people.record(person).is_some_and(|it| it.activation != Some(said)))
}

/// Whether somebody may log in, by their entry.
fn said(people: &People<'_>, person: Person) -> Option<Activation> {
    let entry = people.entry(person).map(|at| &people.desired.users[at as usize])?;
    entry.status.declared().map(|said| said.value)
}

/// Whether rules look at somebody, as far as that hangs on whether they may log in.
fn counts(people: &People<'_>, person: Person, deactivated: Deactivated) -> bool {
    let status = said(people, person).or_else(|| people.record(person)?.activation);
    deactivated == Deactivated::Counted || status != Some(Activation::Deactivated)
}

/// Who is in the group and who is to be, each sorted.
struct Sides<'p, 'a> {
    people: &'p People<'a>,
    wanted: &'p Wanted<'a>,
    present: Vec<Person>,
    by_hand: Vec<Person>,
    named: Vec<Person>,
    matched: Vec<Person>,
}

fn has(all: &[Person], person: Person) -> bool {
    all.binary_search(&person).is_ok()
}

impl Sides<'_, '_> {
    /// The flows, where those who are named are all who are put in by hand, or only some.
    fn flows(&self, named: Whole) -> Flows {
        let mut flows = Flows::default();
        for person in self.named.iter().copied().filter(|person| !has(&self.by_hand, *person)) {
            let Some(joining) = self.wanted.joining(self.people, person) else { continue };
            if has(&self.present, person) {
                flows.pin.push(joining.because(phrase!["in it whatever the conditions say"]));
            } else {
                flows.join.push(joining);
            }
        }
        let unnamed =
            |person: &Person| named == Whole::Yes && !has(&self.named, *person) && self.may_go(*person);
        for person in self.by_hand.iter().copied().filter(unnamed) {
            let leaving = self.wanted.leaving(self.people, person);
            if has(&self.matched, person) {
                flows.unpin.push(leaving.because(phrase!["not named any more, and stays by the conditions"]));
            } else {
                flows.leave.push(leaving);
            }
        }
        let absent = self.matched.iter().filter(|person| !has(&self.present, **person));
        flows.comes = absent.filter_map(|person| self.wanted.joining(self.people, *person)).collect();
        let goes = |person: &&Person| {
            let stays =
                has(&self.named, **person) || has(&self.matched, **person) || has(&self.by_hand, **person);
            !stays && self.may_go(**person) && !self.wanted.leaves_alone(**person)
        };
        let goes = self.present.iter().filter(goes);
        flows.goes = goes.map(|person| self.wanted.leaving(self.people, *person)).collect();
        flows
    }

    /// Whether it is known of somebody that they are not wanted.
    fn may_go(&self, person: Person) -> bool {
        self.people.is_staying(person) && !self.people.is_in_question(person)
    }
}
