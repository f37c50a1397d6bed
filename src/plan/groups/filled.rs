//! Groups that fill themselves: made with their rules, given others, renamed, described; who is named is put in by hand, and who the
//! rules are expected to match is foretold.
//!
//! What fills a group is chosen when it is made. A condition of a kind that no group of the account has is never written: how it would
//! be is not known, so somebody makes it by hand, or asks for it.

use crate::model::{
    Act, Cause, ChangeId, ConditionKind, Delta, Description, DesiredGroup, Fact, Field, Filling,
    GroupCondition, GroupIx, GroupRef, GroupSource, Keeper, NewGroup, Object, ObservedGroup, Origin, Phrase,
    Piece, RuleSet, Severity, Sizes, StepId, USUAL_SETS, UserRef, Verb,
};
use crate::phrase;
use crate::plan::blocker::BlockerCode;
use crate::plan::conditions::{of_rule, words};
use crate::plan::draft::{Differing, Place};
use crate::plan::fact::declared_fact;
use crate::plan::groups::drafting::{Groups, is_renamed, redescribed};
use crate::plan::membership::filled::{Flows, Hands};
use crate::plan::membership::unmatched::doubt;
use crate::plan::membership::wanted::{Move, Wanted};
use crate::plan::notice::Manual;
use crate::plan::person::Person;
use crate::plan::phase::PhaseKind;
use crate::plan::resolve::groups::{GroupFit, source_word};

/// How several sets are meant.
const ENOUGH: &str = "whoever fits one line of conditions belongs to it";

/// What a reader should not wait for.
const LATER: &str = "who is predicted comes and goes by the platform, some time after its conditions are set";

/// Whom nobody can tell apart from those who leave.
const UNTOLD: &str = "who was put in by hand stays, and the account does not say who that is";

/// Where a group's rules are set.
const RULES: &str = "Admin menu > Groups > the group > Properties";
/// Where a group is made.
const GROUPS: &str = "Admin menu > Groups > the plus button";

impl<'a> Groups<'_, 'a> {
    /// A group that the account is to fill.
    pub(super) fn filled(&mut self, group: &'a DesiredGroup, fit: GroupFit, wanted: &Wanted<'a>) {
        let Some(rule) = group.rule() else { return };
        let rules = match of_rule::rule_set(rule, &self.people.observed.details) {
            Ok(rules) => rules,
            Err(blockers) => return self.draft.findings.blockers.extend(blockers),
        };
        let sets = rules.sets().len();
        if sets > USUAL_SETS {
            let name = Piece::plain(&group.name.value);
            let words = format!(" has {sets} sets of conditions: some accounts take {USUAL_SETS} at most");
            self.draft.findings.notice(rule.origin, phrase![name, words]);
        }
        let asked = Asked { group, rules, origin: rule.origin };
        match fit.here.or(fit.former) {
            None => self.make_filled(&asked, fit, wanted),
            Some(ix) => self.change_filled(&asked, (ix, fit), wanted),
        }
    }

    fn make_filled(&mut self, asked: &Asked<'a>, fit: GroupFit, wanted: &Wanted<'a>) {
        let (group, name) = (asked.group, &asked.group.name);
        let unseen = self.unseen(&asked.rules);
        if !unseen.is_empty() {
            let what = phrase!["make the group ", Piece::plain(&name.value), ", populated automatically"];
            return self.by_hand(asked, what, (GROUPS, &unseen));
        }
        let object = Object::Group { id: None, name: name.value.clone(), source: GroupSource::Automatic };
        let change =
            self.draft.push(format!("newgroup:{}", name.value.key()), object, Verb::Create, group.origin);
        let there = Delta::Add(Piece::plain(&name.value));
        self.draft.fact(change, declared_fact(Field::Existence, there, Severity::Safe, name.origin));
        let mut new = NewGroup { rules: Some(asked.rules.clone()), ..NewGroup::from(name.value.clone()) };
        if let Some(said) = group.description.declared() {
            new.description = said.value.clone();
            self.describes(change, &Description::default(), said);
        }
        self.conditions(change, &RuleSet::default(), asked);
        let step = self.draft.step(
            PhaseKind::Groups,
            Some(change),
            Act::CreateGroup(Keeper::App, new),
            self.freed(fit),
        );
        let flows = Flows::of_new(self.people, wanted);
        for joining in &flows.join {
            self.put_in((change, Field::Member), GroupRef::New(change), joining, &[step]);
        }
        self.foretold((change, GroupRef::New(change)), &flows);
        self.said_of(change, &asked.rules, &flows);
    }

    fn change_filled(&mut self, asked: &Asked<'a>, (ix, fit): (GroupIx, GroupFit), wanted: &Wanted<'a>) {
        let (group, observed) = (asked.group, self.observed(ix));
        if observed.source != GroupSource::Automatic {
            return self.other_population(group, ix);
        }
        let Some(filling) = observed.filling.as_deref() else {
            let message = phrase!["what fills ", Piece::plain(&observed.name), " was not read"];
            return self.block(
                asked.origin,
                BlockerCode::NotCarriedOut,
                message,
                "look at the group in the app",
            );
        };
        let Some(mut flows) = Flows::of(self.people, (group, ix), filling, wanted) else {
            let message = phrase![
                "the account does not say who was put into ",
                Piece::plain(&observed.name),
                " by hand"
            ];
            let way_out = "name nobody in it: take `members`, `also` and `groups` of users out";
            return self.block(group.origin, BlockerCode::NotCarriedOut, message, way_out);
        };
        let doubt = doubt(self.people, &observed.name, &wanted.unmatched(self.people), &flows.leave);
        self.draft.findings.blockers.extend(doubt);
        let differs = filling.rules != asked.rules;
        let unseen = if differs { self.unseen(&asked.rules) } else { Vec::new() };
        if !unseen.is_empty() {
            let what = phrase!["change the conditions of ", Piece::plain(&observed.name)];
            self.by_hand(asked, what, (RULES, &unseen));
            // The conditions that would keep them are not set yet.
            flows.unpin.clear();
        }
        let is_set = differs && unseen.is_empty();
        if !differs {
            self.differing((ix, asked.origin), &flows);
        }
        if !is_renamed(group, observed)
            && redescribed(group, observed).is_none()
            && flows.hands_are_still()
            && !is_set
        {
            return;
        }
        let change = self.push(ix, Verb::Update, group.origin);
        let mut before: Vec<StepId> = self.called(change, (group, Keeper::App), (ix, fit));
        if is_set {
            before.push(self.set_rules((change, ix), filling, asked, &before));
        }
        self.sized(change, ix, if is_set { Foretold::Counted } else { Foretold::LeftOut }, &flows);
        self.hands(change, observed, &flows);
        if is_set {
            self.foretold((change, GroupRef::Known(observed.id)), &flows);
            self.said_of(change, &asked.rules, &flows);
        }
    }

    /// A group that holds whom somebody puts in, or is of another source.
    fn other_population(&mut self, group: &DesiredGroup, ix: GroupIx) {
        let observed = self.observed(ix);
        let name = Piece::plain(&observed.name);
        let (code, message) = if observed.source == GroupSource::App {
            let words = " is populated manually, and is declared as a group that fills itself: what fills a group is chosen when it is made";
            (BlockerCode::PopulationChange, phrase![name, words])
        } else {
            let source = source_word(&observed.source);
            (BlockerCode::ReadOnlyGroup, phrase![name, " comes from ", source, " and is read-only here"])
        };
        let way_out = "give the group that fills itself another name, and delete the other one later; or take `population` out";
        self.block(group.fills_itself().unwrap_or(group.origin), code, message, way_out);
    }

    /// Kinds of conditions of which no group of the account shows how they are written.
    fn unseen(&self, rules: &RuleSet) -> Vec<ConditionKind> {
        let seen = &self.people.observed.conditions;
        let mut unseen: Vec<ConditionKind> = rules
            .conditions()
            .flat_map(GroupCondition::kinds)
            .filter(|kind| !seen.contains_key(kind))
            .collect();
        unseen.sort_unstable();
        unseen.dedup();
        unseen
    }

    /// What somebody does by hand, as its conditions can't be written.
    fn by_hand(
        &mut self,
        asked: &Asked<'_>,
        what: Phrase,
        (place, unseen): (&'static str, &[ConditionKind]),
    ) {
        let details = &self.people.observed.details;
        let sets = words::sets(&asked.rules, details).into_iter().map(|set| Piece::plain(&set));
        let what = what.then(": ").list(sets);
        let kinds: Vec<Piece> = unseen.iter().map(|kind| words::kind(*kind).into()).collect();
        let name = asked.group.name.value.as_written();
        let why = phrase!["no automatic group of the account shows how the platform writes "]
            .list(kinds)
            .then(format!(": `rollcall request {name:?}` prints what to ask for"));
        self.draft.findings.manual.push(Manual { origin: asked.origin, what, place: place.into(), why });
    }

    fn set_rules(
        &mut self,
        (change, ix): (ChangeId, GroupIx),
        filling: &Filling,
        asked: &Asked<'_>,
        before: &[StepId],
    ) -> StepId {
        self.conditions(change, &filling.rules, asked);
        let (group, name) = (self.observed(ix).id, asked.group.name.value.clone());
        let act = Act::SetRules { group, name, from: filling.rules.clone(), to: asked.rules.clone() };
        self.draft.step(PhaseKind::Groups, Some(change), act, before.to_vec())
    }

    /// The facts of what a group fills itself by: a set of conditions each.
    fn conditions(&mut self, change: ChangeId, from: &RuleSet, asked: &Asked<'_>) {
        let details = &self.people.observed.details;
        let not_in = |other: &RuleSet| {
            let other = other.sets().to_vec();
            move |set: &&Vec<_>| !other.contains(*set)
        };
        let words = |set: &Vec<_>| Piece::plain(&words::set_of(set, details));
        let gone: Vec<Piece> = from.sets().iter().filter(not_in(&asked.rules)).map(words).collect();
        let come: Vec<Piece> = asked.rules.sets().iter().filter(not_in(from)).map(words).collect();
        let added = come.into_iter().map(|set| (Delta::Add(set), Severity::Safe));
        let removed = gone.into_iter().map(|set| (Delta::Remove(set), Severity::Disruptive));
        for (delta, severity) in added.chain(removed) {
            self.draft.fact(change, declared_fact(Field::Conditions, delta, severity, asked.origin));
        }
    }

    /// What a reader should know of conditions and of who is foretold.
    fn said_of(&mut self, change: ChangeId, rules: &RuleSet, flows: &Flows) {
        if rules.sets().len() > 1 {
            self.draft.note(change, Phrase::words(ENOUGH));
        }
        if !flows.comes.is_empty() || !flows.goes.is_empty() {
            self.draft.note(change, Phrase::words(LATER));
        }
        if flows.hands == Hands::Untold && !flows.goes.is_empty() {
            self.draft.note(change, Phrase::words(UNTOLD));
        }
    }

    /// Puts in by hand whoever is named.
    fn put_in(
        &mut self,
        (change, field): (ChangeId, Field),
        group: GroupRef,
        joining: &Move,
        needs: &[StepId],
    ) {
        let Some(user) = self.draft.user_ref(self.people, joining.person) else { return };
        self.draft.fact(change, Fact { field, ..joining.joining(self.people) });
        let created = match user {
            UserRef::New(_) => self.draft.person_steps.get(&joining.person).copied(),
            UserRef::Known(_) => None,
        };
        let needs = needs.iter().copied().chain(created).collect();
        let act = Act::Join { keeper: Keeper::App, group, user };
        self.draft.step(PhaseKind::Members, Some(change), act, needs);
    }

    /// Who is put in by hand and who no longer, in a group that is there.
    fn hands(&mut self, change: ChangeId, observed: &ObservedGroup, flows: &Flows) {
        let reference = GroupRef::Known(observed.id);
        for joining in &flows.join {
            self.put_in((change, Field::Member), reference, joining, &[]);
        }
        for leaving in &flows.leave {
            self.leave(change, (Keeper::App, observed), leaving);
        }
        for pinned in &flows.pin {
            self.put_in((change, Field::Pinned), reference, pinned, &[]);
        }
        for staying in &flows.unpin {
            let Some(user) = self.people.record(staying.person) else { continue };
            self.draft.foretold.entry(reference).or_default().insert(staying.person, Place::Inside);
            let leaving = staying.leaving(self.people);
            self.draft.fact(change, Fact { field: Field::Pinned, severity: Severity::Safe, ..leaving });
            let act = Act::Leave { keeper: Keeper::App, group: observed.id, user: user.id };
            self.draft.step(PhaseKind::Members, Some(change), act, Vec::new());
        }
    }

    /// The facts of who is expected to come and to go.
    fn foretold(&mut self, (change, group): (ChangeId, GroupRef), flows: &Flows) {
        self.draft.foretold.entry(group).or_default().extend(flows.places());
        let expected = |fact: Fact| Fact { field: Field::PredictedMember, cause: Cause::Consequence, ..fact };
        let comes = flows.comes.iter().map(|it| it.joining(self.people));
        let goes = flows.goes.iter().map(|it| it.leaving(self.people));
        for fact in comes.chain(goes).map(expected).collect::<Vec<Fact>>() {
            self.draft.fact(change, fact);
        }
    }

    fn sized(&mut self, change: ChangeId, ix: GroupIx, foretold: Foretold, flows: &Flows) {
        let before = self.people.observed.members(ix).len();
        let (comes, goes) = match foretold {
            Foretold::Counted => (flows.comes.len(), flows.goes.len()),
            Foretold::LeftOut => (0, 0),
        };
        let after = before + flows.join.len() + comes - flows.leave.len() - goes;
        if after != before || comes + flows.join.len() > 0 {
            self.draft.sizes(change, Sizes { before, after });
        }
    }

    /// Whose place in a group is not as its rules say, although these are as declared.
    fn differing(&mut self, (group, origin): (GroupIx, Origin), flows: &Flows) {
        let (turned, places) = flows.places().partition(|(person, _)| flows.turned.contains(person));
        // Where nobody can tell who was put in by hand, whoever does not match may be.
        let is_sure = |(_, place): &(Person, Place)| flows.hands == Hands::Told || *place == Place::Inside;
        let places: Vec<(Person, Place)> = Vec::into_iter(places).filter(is_sure).collect();
        if !places.is_empty() || !Vec::is_empty(&turned) {
            self.draft.differing.push(Differing { group, origin, places, turned });
        }
    }
}

/// A declared group, the rules that it is to fill itself by, and where they are said.
struct Asked<'a> {
    group: &'a DesiredGroup,
    rules: RuleSet,
    origin: Origin,
}

/// Whether those count whom rules are expected to move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Foretold {
    Counted,
    LeftOut,
}
