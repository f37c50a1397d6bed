//! Which exclusions say almost what the account has? Whether `straße` and `strasse` are one username is the account's to say, so it
//! is asked.

use std::collections::BTreeMap;

use crate::model::{DesiredExclusion, ExclusionState, Folded, Identifier, Login, Piece, fold_fully};
use crate::phrase;
use crate::plan::after::After;
use crate::plan::blocker::{Blocker, BlockerCode};
use crate::plan::people::People;
use crate::plan::person::Person;
use crate::plan::rules::names;
use crate::plan::tracking::refused::{is_tracked_when_rules_change, without_hitting};
use crate::plan::tracking::turned::rule_piece;

/// What is asked of exclusions that the account does not have as they are written.
pub(super) struct Alike<'a> {
    by_form: BTreeMap<String, Vec<&'a DesiredExclusion>>,
    blockers: BTreeMap<&'a Login, Blocker>,
}

impl<'a> Alike<'a> {
    /// Compares them with the rules of the account that no manifest writes as they are, and, of those that are to be made, with
    /// what tracked users report and go by.
    pub(super) fn of(
        people: &People<'_>,
        after: &After,
        unknown: impl Iterator<Item = &'a DesiredExclusion>,
        is_declared: impl Fn(&Login) -> bool,
    ) -> Self {
        let mut alike = Self { by_form: BTreeMap::new(), blockers: BTreeMap::new() };
        for exclusion in unknown {
            let form = fold_fully(exclusion.login.value.user.key()).into_owned();
            alike.by_form.entry(form).or_default().push(exclusion);
        }
        if alike.by_form.is_empty() {
            return alike;
        }
        for rule in people.observed.exclusions.iter().filter(|rule| !is_declared(&rule.login)) {
            alike.compare(rule.login.user.key(), |said| {
                (said.login.value.domain == rule.login.domain).then(|| of_rule(said, &rule.login))
            });
        }
        for person in people.everybody() {
            if is_tracked_when_rules_change(people, person) {
                alike.compare_with(people, after, person);
            }
        }
        alike
    }

    /// Why an exclusion can't be decided on.
    pub(super) fn take(&mut self, exclusion: &Login) -> Option<Blocker> {
        self.blockers.remove(exclusion)
    }

    fn compare_with(&mut self, people: &People<'_>, after: &After, person: Person) {
        let agents = people.record(person).into_iter().flat_map(|record| &record.agents);
        let agents = agents.map(|agent| Identifier::DeviceLogin(agent.login.clone()));
        for held in after.identifiers(people, person).into_iter().chain(agents) {
            for name in names(&held).into_iter().flatten() {
                self.compare(name, |said| {
                    let rule = Login { user: Folded::new(name), ..said.login.value.clone() };
                    let is_new = said.state == ExclusionState::Present;
                    (is_new && rule.may_hit(&held)).then(|| of_user(said, people, person, &held))
                });
            }
        }
    }

    /// Asks about the exclusions whose username is another than this folded one and may be taken for it.
    fn compare(&mut self, username: &str, ask: impl Fn(&DesiredExclusion) -> Option<Blocker>) {
        let named = self.by_form.get(fold_fully(username).as_ref()).into_iter().flatten();
        for exclusion in named.filter(|said| said.login.value.user.key() != username) {
            if let Some(blocker) = ask(exclusion) {
                self.blockers.entry(&exclusion.login.value).or_insert(blocker);
            }
        }
    }
}

fn of_rule(said: &DesiredExclusion, rule: &Login) -> Blocker {
    let message = phrase![
        "the exclusion ",
        rule_piece(&said.login.value),
        " is almost the account's ",
        rule_piece(rule),
        ": one rule, spelled in two ways?"
    ];
    Blocker::new(said.login.origin, BlockerCode::LooksAlike, message)
        .way_out_phrase(phrase!["the same: write it as the account has it, ", rule_piece(rule)])
        .way_out_phrase(phrase!["two rules: declare ", rule_piece(rule), " too"])
}

fn of_user(said: &DesiredExclusion, people: &People<'_>, person: Person, held: &Identifier) -> Blocker {
    let message = phrase![
        "the exclusion ",
        rule_piece(&said.login.value),
        " is almost ",
        Piece::personal(held),
        " of ",
        people.label(person),
        ", who is tracked: the account may take the two for one"
    ];
    without_hitting(Blocker::new(said.login.origin, BlockerCode::LooksAlike, message), people, person)
}
