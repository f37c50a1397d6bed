//! Whose tracking do rules set? Of everybody who matches and whose own entry does not say it.
//!
//! It is settled before anything is compared: from here on a user's tracking is declared, whether by an entry or by a rule. A rule
//! over attributes sees the users of manifests, one over what the account holds everybody, as rules of groups do.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Dates, Desired, Located, Managed, Observed, Phrase, Piece, Tracking, TrackingRule, UserIx,
};
use crate::phrase;
use crate::plan::blocker::{Blocker, BlockerCode};
use crate::plan::findings::Findings;
use crate::plan::membership::automatic::candidate::Candidate;
use crate::plan::membership::automatic::{Matching, Sought, seek, why};
use crate::plan::people::People;
use crate::plan::person::Person;
use crate::plan::resolve::resolution::Resolution;
use crate::plan::resolve::temporary::Temporaries;

/// What manifests say of tracking once rules have spoken.
pub(super) struct Ruled<'a> {
    /// The manifests, with what rules say in the entries of those who match.
    pub(super) desired: Cow<'a, Desired>,
    /// Whom rules see and don't decide over, and those over whom they disagree.
    pub(super) findings: Findings,
}

/// Lets the rules speak. What they say of records that no entry is becomes a part of the resolution.
pub(super) fn settled<'a>(
    (desired, observed): (&'a Desired, &Observed),
    resolution: &mut Resolution<'_>,
    temporaries: &Temporaries,
    today: Dates,
) -> Ruled<'a> {
    let mut findings = Findings::default();
    if desired.tracking.is_empty() {
        return Ruled { desired: Cow::Borrowed(desired), findings };
    }
    let people = People::new(desired, observed, resolution, temporaries, today);
    let matched = matched(&people, &mut findings);
    let mut undeclared: BTreeMap<UserIx, Located<Tracking>> = BTreeMap::new();
    let mut ruled = Ruled { desired: Cow::Borrowed(desired), findings };
    let mut disputes: BTreeMap<usize, Vec<Phrase>> = BTreeMap::new();
    let mut outspoken: BTreeMap<usize, Vec<Piece>> = BTreeMap::new();
    for (person, rules) in matched {
        let entry = people.entry(person);
        let own = entry.and_then(|at| desired.users[at as usize].tracking.declared());
        if let Some(own) = own {
            for at in rules.into_iter().filter(|at| desired.tracking[*at].state != own.value) {
                outspoken.entry(at).or_default().push(people.label(person).into());
            }
            continue;
        }
        match (decided(&people, person, &rules), entry, person) {
            (Some(said), Some(at), _) => {
                ruled.desired.to_mut().users[at as usize].tracking = Managed::Set(said);
            }
            (Some(said), None, Person::Known(ix)) => {
                undeclared.insert(ix, said);
            }
            (Some(_), None, Person::New(_)) => {}
            (None, ..) => {
                let who = dispute(&people, person, &rules);
                for at in rules {
                    disputes.entry(at).or_default().push(who.clone());
                }
            }
        }
    }
    ruled.say((disputes, outspoken), desired);
    resolution.ruled = undeclared;
    ruled
}

/// Everybody who matches, with the positions of the rules that they do.
fn matched(people: &People<'_>, findings: &mut Findings) -> BTreeMap<Person, Vec<usize>> {
    let rules = &people.desired.tracking;
    let name = || Piece::from("a rule of `tracking`");
    let sought = rules.iter().map(|it| Some(Sought { rule: &it.rule, name: name(), key: it.state.word() }));
    let matching = seek(people, &sought.collect::<Vec<_>>(), findings);
    let mut matched: BTreeMap<Person, Vec<usize>> = BTreeMap::new();
    for (at, it) in matching.iter().enumerate() {
        for person in it.persons.iter().filter(|person| !people.is_in_question(**person)) {
            matched.entry(*person).or_default().push(at);
        }
        unseen(&rules[at], it, findings);
    }
    matched
}

/// What rules say of somebody, where they agree. Of several the first by its words is named, whatever the order of files is.
fn decided(people: &People<'_>, person: Person, rules: &[usize]) -> Option<Located<Tracking>> {
    let rules = || rules.iter().map(|at| &people.desired.tracking[*at]);
    let states: BTreeSet<Tracking> = rules().map(|rule| rule.state).collect();
    let place = |rule: &TrackingRule| (words(people, person, rule), rule.origin);
    // Of one rule, as nearly everybody has, no words are made.
    let first = rules().min_by(|one, other| place(one).cmp(&place(other)))?;
    (states.len() == 1).then_some(Located::new(first.state, first.origin))
}

impl Ruled<'_> {
    /// The same in manifests of the same users, for whom somebody does by hand what they ask for.
    pub(super) fn told<'d>(&self, desired: &'d Desired) -> Cow<'d, Desired> {
        let mut told = Cow::Borrowed(desired);
        if !desired.tracking.is_empty() {
            for (user, ruled) in told.to_mut().users.iter_mut().zip(&self.desired.users) {
                user.tracking = ruled.tracking.clone();
            }
        }
        told
    }

    /// Says over whom rules disagree, and whose entries say otherwise.
    fn say(
        &mut self,
        (disputes, outspoken): (BTreeMap<usize, Vec<Phrase>>, BTreeMap<usize, Vec<Piece>>),
        desired: &Desired,
    ) {
        for (at, who) in disputes {
            let rule = &desired.tracking[at];
            let users = if who.len() == 1 { "1 user" } else { &format!("{} users", who.len()) };
            let message = phrase![format!(
                "this rule says {} of {users} of whom another rule says {}",
                rule.state.word(),
                turned(rule.state).word()
            )];
            let blocker = Blocker::new(rule.origin, BlockerCode::RulesDisagree, message)
                .between(who.into_iter().take(SHOWN))
                .way_out("let only one of the rules match them, by `not` in the other")
                .way_out("or write `tracking` into their entries: it counts more than any rule");
            self.findings.blockers.push(blocker);
        }
        for (at, about) in outspoken {
            let rule = &desired.tracking[at];
            let (state, own) = (rule.state.word(), turned(rule.state).word());
            let message =
                format!("this rule says {state}, but these users' own entries say {own}, which counts");
            self.findings.notice_about(rule.origin, phrase![message], about);
        }
    }
}

/// So many of those over whom rules disagree are shown.
const SHOWN: usize = 10;

/// Says how many users rules may mean that they do not see: attributes stand in manifests.
fn unseen(rule: &TrackingRule, matching: &Matching, findings: &mut Findings) {
    let (user, are) = match matching.unseen.len() {
        0 => return,
        1 => ("user", "is"),
        _ => ("users", "are"),
    };
    let message = format!(
        "{} {user} of the account {are} in no manifest, and may match by attributes, which only manifests say: the rule does not \
         make them {}",
        matching.unseen.len(),
        rule.state.word()
    );
    findings.notice(rule.rule.origin, phrase![message]);
}

/// Somebody of whom rules say both, and why each does.
fn dispute(people: &People<'_>, person: Person, rules: &[usize]) -> Phrase {
    let rules = rules.iter().map(|at| &people.desired.tracking[*at]);
    let said =
        rules.map(|rule| Phrase::words(rule.state.word()).then(" by ").joined(words(people, person, rule)));
    let mut said: Vec<Phrase> = said.collect();
    said.sort_unstable();
    said.dedup();
    let mut all = phrase![people.label(person), ": "];
    for (at, one) in said.into_iter().enumerate() {
        all = if at > 0 { all.then("; ") } else { all }.joined(one);
    }
    all
}

/// Why a rule sets somebody's tracking: `rule (works council), as location is Berlin`.
fn words(people: &People<'_>, person: Person, rule: &TrackingRule) -> Phrase {
    let named = match &rule.because {
        Some(because) => phrase!["rule (", Piece::Personal(because.clone()), "), as "],
        None => phrase!["rule, as "],
    };
    let why = Candidate::person(people, person).map(|user| why::reason(&rule.rule.value, user).words);
    named.joined(why.unwrap_or_default())
}

/// Which rule says somebody's tracking, and why; none where an entry does.
pub(super) fn why(people: &People<'_>, person: Person, said: &Located<Tracking>) -> Option<Phrase> {
    let rule = people.desired.tracking.iter().find(|rule| rule.origin == said.origin)?;
    Some(words(people, person, rule))
}

/// The other state.
const fn turned(state: Tracking) -> Tracking {
    match state {
        Tracking::Tracked => Tracking::Untracked,
        Tracking::Untracked => Tracking::Tracked,
    }
}
