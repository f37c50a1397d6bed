//! Does a requirement hold of an account, and who breaks it?

use std::collections::BTreeMap;

use crate::model::{
    Activation, GroupName, GroupSource, Located, Must, Origin, Phrase, Piece, Requirement, Rule, Topic, Whom,
};
use crate::phrase;
use crate::plan::findings::Findings;
use crate::plan::membership::automatic::candidate::Candidate;
use crate::plan::membership::automatic::why::{Truth, reason, truth};
use crate::plan::membership::automatic::{Sought, seek};
use crate::plan::people::People;
use crate::plan::person::Person;
use crate::plan::require::outcome::{Breach, Counts, Judged, Side};
use crate::plan::require::state::{Group, Matched, State};

/// Judges requirements of one side.
pub(super) fn judge(
    people: &People<'_>,
    state: &State,
    (side, requirements): (Side, &[&Located<Requirement>]),
    findings: &mut Findings,
) -> Vec<Judged> {
    let sought: Vec<Option<Sought<'_>>> = requirements
        .iter()
        .map(|it| {
            let name = &it.value.name;
            let rule = whom(&it.value.must).and_then(|whom| match whom {
                Whom::All => None,
                Whom::Matching(rule) => Some(rule),
            })?;
            Some(Sought { rule, name: Piece::plain(&format!("the requirement `{name}`")), key: name })
        })
        .collect();
    let matching = seek(people, &sought, findings);
    let judged = requirements.iter().zip(matching).map(|(it, matching)| {
        let judge = Judge { people, state };
        let matched =
            matching.persons.into_iter().filter(|person| state.persons.binary_search(person).is_ok());
        let asked: Vec<Person> = match whom(&it.value.must) {
            Some(Whom::All) => state.persons.clone(),
            Some(Whom::Matching(_)) => matched.collect(),
            None => Vec::new(),
        };
        judge.judged((it, side), &asked)
    });
    judged.collect()
}

/// Whom a requirement is about, if it is about users.
const fn whom(must: &Must) -> Option<&Whom> {
    match must {
        Must::Track { users, .. } | Must::LogIn { users, .. } | Must::Join { users, .. } => Some(users),
        Must::Within { .. } | Must::MatchSomeone => None,
    }
}

/// How many groups a sentence names.
const NAMED: usize = 3;
/// What is said of somebody of whom the account does not say whether they may log in.
const UNKNOWN: &str = "neither active nor deactivated";

struct Judge<'a> {
    people: &'a People<'a>,
    state: &'a State,
}

impl Judge<'_> {
    fn judged(&self, (it, side): (&Located<Requirement>, Side), asked: &[Person]) -> Judged {
        let must = &it.value.must;
        let mut judged = Judged {
            asked: asked.len(),
            unseen: whom(must).map_or(0, |whom| self.unseen(whom)),
            ..Judged::begun(it, side)
        };
        match must {
            Must::Track { users, state } => {
                let held = |person| self.state.tracking(self.people, person).word();
                self.in_state((users, asked), (Topic::Tracking, state.word()), held, &mut judged);
            }
            Must::LogIn { users, state } => {
                let held =
                    |person| self.state.activation(self.people, person).map_or(UNKNOWN, Activation::word);
                self.in_state((users, asked), (Topic::Activation, state.word()), held, &mut judged);
            }
            Must::Join { users, at_least, of } => self.joined((users, asked), (*at_least, of), &mut judged),
            Must::Within { group, rule } => self.within(group, rule, &mut judged),
            Must::MatchSomeone => {
                judged.counts = Counts::Exclusions;
                judged.doubt = self.hidden(Topic::Exclusions).or_else(|| self.hidden(Topic::Agents));
                judged.asked = self.state.exclusions.len();
                let orphans = self.state.exclusions.iter().filter(|(_, it)| **it == Matched::Nobody);
                judged.breaches.extend(orphans.map(|(login, _)| Breach {
                    who: Piece::personal(login),
                    why: Phrase::words("no user has a login or an identifier that it matches"),
                    origin: Origin::NONE,
                }));
            }
        }
        judged.breaches.sort_unstable();
        judged
    }

    /// Judges a state that each user has; where the account knows none, there is nobody to ask about.
    fn in_state(
        &self,
        (users, asked): (&Whom, &[Person]),
        (topic, wanted): (Topic, &str),
        held: impl Fn(Person) -> &'static str,
        judged: &mut Judged,
    ) {
        if self.people.observed.reach.absent(topic).is_some() {
            judged.asked = 0;
            return;
        }
        judged.doubt = self.hidden(topic);
        for person in asked {
            let held = held(*person);
            if held != wanted {
                judged.breaches.push(self.breach(*person, Phrase::words(held), users));
            }
        }
    }

    fn joined(
        &self,
        (users, asked): (&Whom, &[Person]),
        (at_least, of): (u64, &[Located<GroupName>]),
        judged: &mut Judged,
    ) {
        let groups: Vec<&Group> = if of.is_empty() {
            judged.doubt = self.hidden(Topic::Members).or_else(|| self.hidden(Topic::HrGroups));
            self.state.groups.iter().collect()
        } else {
            of.iter().filter_map(|name| self.group(&name.value, judged)).collect()
        };
        judged.groups = groups.iter().filter_map(|group| group.id).collect();
        let mut members: BTreeMap<Person, Vec<&Group>> = BTreeMap::new();
        for group in &groups {
            group.members.iter().for_each(|member| members.entry(*member).or_default().push(group));
        }
        for person in asked {
            let inside = members.get(person).map_or(&[][..], Vec::as_slice);
            if (inside.len() as u64) < at_least {
                let why = match (inside.len(), of.len()) {
                    (0, 0) => Phrase::words("in no group"),
                    (0, _) => {
                        let more = if of.len() > NAMED { ", …" } else { "" };
                        let names = of.iter().take(NAMED).map(|name| Piece::plain(&name.value));
                        Phrase::words("in none of ").list(names).then(more)
                    }
                    _ => Phrase::words("only in ").list(inside.iter().map(|group| Piece::plain(&group.name))),
                };
                judged.breaches.push(self.breach(*person, why, users));
            }
        }
    }

    fn within(&self, group: &Located<GroupName>, rule: &Located<Rule>, judged: &mut Judged) {
        judged.counts = Counts::Members;
        let Some(group) = self.group(&group.value, judged) else { return };
        judged.groups.extend(group.id);
        judged.asked = group.members.len();
        for person in &group.members {
            let Some(user) = Candidate::person(self.people, *person) else { continue };
            let why = match truth(&rule.value, user) {
                Truth::Holds => continue,
                Truth::Unknown if user.entry.is_none() => {
                    Phrase::words("in no manifest: ").joined(reason(&rule.value, user).words)
                }
                Truth::Fails | Truth::Unknown => reason(&rule.value, user).words,
            };
            judged.breaches.push(Breach {
                who: self.people.label(*person).into(),
                why,
                origin: crate::plan::people::origin(self.people, *person),
            });
        }
    }

    /// The group of a name; that there is none, or that its members are not shown, is a doubt.
    fn group(&self, name: &GroupName, judged: &mut Judged) -> Option<&Group> {
        let Some(group) = self.state.groups.iter().find(|group| group.name == *name) else {
            judged.doubt = Some(phrase!["there is no group ", Piece::plain(name)]);
            return None;
        };
        let topic = match group.source {
            GroupSource::Hr => Topic::HrGroups,
            GroupSource::Scim => Topic::ScimGroups,
            GroupSource::App | GroupSource::Directory | GroupSource::Automatic | GroupSource::Foreign(_) => {
                Topic::Members
            }
        };
        if judged.doubt.is_none() {
            judged.doubt = self.hidden(topic);
        }
        Some(group)
    }

    /// Why nobody can tell, where the keys don't show a part of the account.
    fn hidden(&self, topic: Topic) -> Option<Phrase> {
        let reach = &self.people.observed.reach;
        reach.hidden(topic).filter(|_| reach.absent(topic).is_none())?;
        Some(phrase![format!("these keys do not show {}", topic.subject())])
    }

    fn breach(&self, person: Person, why: Phrase, users: &Whom) -> Breach {
        let why = match (users, Candidate::person(self.people, person)) {
            (Whom::Matching(rule), Some(user)) => why.then("; ").joined(reason(&rule.value, user).words),
            (Whom::All, _) | (_, None) => why,
        };
        let origin = crate::plan::people::origin(self.people, person);
        Breach { who: self.people.label(person).into(), why, origin }
    }

    /// How many users whom no manifest mentions may be among those who match.
    fn unseen(&self, whom: &Whom) -> usize {
        let Whom::Matching(rule) = whom else { return 0 };
        let may_match = |person: &&Person| {
            self.people.entry(**person).is_none()
                && Candidate::person(self.people, **person)
                    .is_some_and(|user| truth(&rule.value, user) == Truth::Unknown)
        };
        self.state.persons.iter().filter(may_match).count()
    }
}
