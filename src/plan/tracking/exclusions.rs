//! Global Do Not Track rules: added and removed as declared, never at the cost of a tracked user.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Act, Cause, Change, Delta, DesiredExclusion, Domain, ExclusionState, Fact, Field, Login, Object,
    ObservedExclusion, Origin, Phrase, Piece, Severity, Verb,
};
use crate::phrase;
use crate::plan::after::After;
use crate::plan::draft::Draft;
use crate::plan::fact::declared_fact;
use crate::plan::orders::stake::{self, Asked};
use crate::plan::people::People;
use crate::plan::person::Person;
use crate::plan::phase::PhaseKind;
use crate::plan::rules;
use crate::plan::rules::by_name;
use crate::plan::tracking::alike::Alike;
use crate::plan::tracking::hits::{Affected, Of};
use crate::plan::tracking::refused::{hits_tracked, is_tracked_when_rules_change};
use crate::plan::tracking::removal::remove_exclusion;

/// Drafts the declared exclusions; answers the users whose history a new rule erases.
pub(in crate::plan) fn draft(
    (people, after): (&People<'_>, &After),
    gone: &[(Login, Person)],
    draft: &mut Draft,
) -> BTreeSet<Person> {
    let mut declared: BTreeMap<&Login, &DesiredExclusion> = BTreeMap::new();
    for exclusion in &people.desired.exclusions {
        declared.entry(&exclusion.login.value).or_insert(exclusion);
    }
    let mut standing: BTreeMap<&Login, Vec<&ObservedExclusion>> = BTreeMap::new();
    for rule in &people.observed.exclusions {
        standing.entry(&rule.login).or_default().push(rule);
    }
    let observed = |login: &Login| standing.get(login);
    let states = |state: ExclusionState| {
        declared.values().filter(move |exclusion| exclusion.state == state).map(|it| &it.login.value)
    };
    let new = states(ExclusionState::Present).filter(|login| observed(login).is_none());
    let unknown = declared.values().copied().filter(|exclusion| observed(&exclusion.login.value).is_none());
    let mut alike = Alike::of(people, after, unknown, |rule| declared.contains_key(rule));
    let affected = Affected::by(people, after, &by_name(new));
    let mut erased = BTreeSet::new();
    for (login, exclusion) in &declared {
        if let Some(blocker) = alike.take(login) {
            draft.findings.blockers.push(blocker);
            continue;
        }
        match (exclusion.state, observed(login)) {
            (ExclusionState::Absent, Some(rules)) if !gone.iter().any(|(gone, _)| gone == *login) => {
                remove_exclusion((login, rules), exclusion.login.origin, Cause::Declared, draft);
            }
            (ExclusionState::Present, None) => {
                let mut hit = affected.people(login);
                let tracked = hit.find(|person| is_tracked_when_rules_change(people, *person));
                if let Some(person) = tracked {
                    draft.findings.blockers.push(hits_tracked(people, &exclusion.login, person));
                    continue;
                }
                let losers = losers(&affected, login);
                add((people, after), exclusion, &losers, draft);
                erased.extend(losers.into_keys());
            }
            _ => {}
        }
    }
    let is_new =
        |change: &Change| matches!(change.object, Object::Exclusion { .. }) && change.verb == Verb::Create;
    if draft.changes.iter().any(is_new) {
        draft.findings.notice(Origin::NONE, Phrase::words(UNSEEN));
    }
    erased
}

/// Agents are read with their users.
const UNSEEN: &str = "agents that belong to no user are not seen: a new exclusion erases what one of them collected, if it matches";

/// Who loses what was collected under which logins.
type Losers<'a> = BTreeMap<Person, BTreeSet<&'a Login>>;

/// Those whose agents have reported, with the logins of these: a new rule erases what they did.
fn losers<'a>(affected: &'a Affected<'_>, rule: &Login) -> Losers<'a> {
    let mut losers = Losers::new();
    for hit in affected.hits(rule).iter().filter(|hit| hit.of == Of::Agent) {
        losers.entry(hit.person).or_default().insert(&hit.login);
    }
    losers
}

/// A new rule. One that matches a user with history deletes that history (support article on the Do Not Track tab): the
/// gravest reading is planned for, and each user who loses theirs is a fact, so that an approval covers them and nobody else.
fn add(
    (people, after): (&People<'_>, &After),
    exclusion: &DesiredExclusion,
    losers: &Losers<'_>,
    draft: &mut Draft,
) {
    let login = exclusion.login.value.clone();
    let origin = exclusion.login.origin;
    let object = Object::Exclusion { id: None, login: login.clone() };
    let change = draft.push(rules::fingerprint_key(&login), object, Verb::Create, origin);
    let delta = Delta::Add(Piece::personal(&login));
    draft.fact(change, declared_fact(Field::Existence, delta, Severity::Disruptive, origin));
    if losers.is_empty() {
        draft.note(change, phrase!["no user's agent matches it"]);
        let wider = Login { domain: Domain::Any, user: login.user.clone() };
        if wider != login && people.observed.exclusions.iter().any(|rule| rule.login == wider) {
            draft.note(change, phrase!["excluded on every domain already, by ", Piece::personal(&wider)]);
        }
    }
    for (person, logins) in losers {
        let delta = Delta::Remove(people.label(*person).into());
        let erased = Phrase::words("erases what was collected under ");
        let fact = Fact {
            field: Field::History,
            delta,
            severity: Severity::Irreversible,
            cause: Cause::Consequence,
            origin,
            remark: Some(erased.list(logins.iter().map(Piece::personal))),
        };
        draft.fact(change, fact);
        let agents = after.agents(people, *person).into_iter();
        let agents = agents.filter(|agent| logins.contains(&agent.login));
        let asked = Asked { cause: Cause::Consequence, origin };
        for fact in stake::facts((people, after), *person, agents, asked) {
            draft.fact(change, fact);
        }
    }
    draft.affects(change, losers.keys().copied());
    let untracks = losers.keys().filter_map(|person| draft.tracking_steps.get(person).copied());
    let needs = untracks.collect();
    draft.step(PhaseKind::Exclusions, Some(change), Act::AddExclusion(login), needs);
}
