//! Who is wanted in a group: its own list, the users who name the group, those who match its rule, and those who are in groups
//! that it copies, together.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Automatic, Cause, Delta, DesiredGroup, DesiredUser, Export, Fact, Field, GroupIx, GroupName, LeftOut,
    Located, Members, Origin, Phrase, Piece, Reference, Rule, Severity,
};
use crate::phrase;
use crate::plan::membership::automatic::candidate::Candidate;
use crate::plan::membership::automatic::why::Truth;
use crate::plan::membership::automatic::{Matching, why};
use crate::plan::membership::copied::{Copied, in_none_of};
use crate::plan::membership::feeds::{feeds, files, is_unmatched};
use crate::plan::people::{People, Referred, Unfound, left_out};
use crate::plan::person::Person;
use crate::plan::resolve::resolution::Fit;

/// The users who name a group, by the group's folded name.
pub(in crate::plan) type Naming<'a> = BTreeMap<&'a str, Vec<Named<'a>>>;

/// One user naming one group.
#[derive(Debug, Clone, Copy)]
pub(in crate::plan) struct Named<'a> {
    /// The group's name as the user's entry says it.
    pub(in crate::plan) group: &'a GroupName,
    /// Position in `Desired::users`.
    pub(in crate::plan) user: u32,
    /// Where it is said.
    pub(in crate::plan) origin: Origin,
}

/// Collects which users name which groups.
pub(in crate::plan) fn naming<'a>(people: &People<'a>) -> Naming<'a> {
    let mut naming: Naming<'a> = BTreeMap::new();
    for (at, user) in (0..).zip(&people.desired.users) {
        for group in &user.groups {
            let named = Named { group: &group.value, user: at, origin: group.origin };
            naming.entry(group.value.key()).or_default().push(named);
        }
    }
    naming
}

/// Whether those who are not wanted leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plan) enum Whole {
    /// The list is the whole list.
    Yes,
    /// Nobody leaves.
    No,
}

/// What wants somebody in a group; what is said of a user goes before a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum By {
    /// A list or the user's own entry, and where.
    Located(Origin),
    /// The group's rule.
    Rule,
    /// The group at a position of those that it copies.
    Group(u32),
}

/// The users wanted in a group.
#[derive(Debug)]
pub(in crate::plan) struct Wanted<'a> {
    /// Whom, sorted, and what wants them.
    persons: Vec<(Person, By)>,
    /// Whether everybody else leaves.
    whole: Whole,
    /// What makes users of the group without naming them, if something does.
    rule: Option<&'a Automatic>,
    /// Where the group is declared.
    origin: Origin,
    /// The exports whose rows name the group, or say what its rule looks at.
    exports: Vec<&'a Export>,
    /// Whom `except` names.
    kept_out: Vec<Person>,
    /// Positions of rows that match nobody, and whose users the group would have.
    unmatched: BTreeSet<u32>,
    /// How many may be wanted of whom it is not known who they are, and how many copied groups leave open who is in them.
    doubtful: usize,
    /// Whom no manifest mentions, and whom attributes would decide.
    unseen: Vec<Person>,
    /// Those of whom the account does not say what the rule looks at: they neither enter by it nor leave.
    unsaid: Vec<Person>,
}

impl<'a> Wanted<'a> {
    /// Resolves a declared group's members, with the references that mean nobody. `matching` is what its rule comes to, and
    /// `copied` what the groups do that it copies.
    pub(in crate::plan) fn sought(
        people: &People<'a>,
        group: &'a DesiredGroup,
        (matching, copied): (&Matching, &Copied<'a>),
        naming: &Naming<'_>,
    ) -> (Self, Vec<Unfound<'a>>) {
        let mut unfound = Vec::new();
        let rule = group.automatic.as_ref();
        let (also, except) = rule.map_or((&[][..], &[][..]), |rule| (&rule.also, &rule.except));
        let (kept_out, _) = resolved(people, except, &mut unfound);
        let mut kept_out: Vec<Person> = kept_out.into_iter().map(|it| it.0).collect();
        kept_out.sort_unstable();
        let (listed, doubtful) = resolved(people, group.members.listed().iter().chain(also), &mut unfound);
        let named = naming.get(group.name.value.key()).map_or(&[][..], Vec::as_slice);
        let doubtful = doubtful + matching.doubtful + copied.doubtful();
        let doubtful = doubtful + named.iter().filter(|named| fits(people, named, Fit::Blocked)).count();
        let unmatched = named.iter().map(|named| named.user).filter(|at| is_unmatched(people, *at));
        let unmatched: BTreeSet<u32> = unmatched
            .chain(matching.unmatched.iter().copied())
            .chain(copied.unmatched.iter().copied())
            .collect();
        let said = listed.into_iter().chain(persons(people, named));
        let mut persons: Vec<(Person, By)> =
            said.map(|(person, origin)| (person, By::Located(origin))).collect();
        let may_be_in = |person: &Person| kept_out.binary_search(person).is_err();
        let by_rule = matching.persons.iter().filter(|person| may_be_in(person));
        persons.extend(by_rule.map(|person| (*person, By::Rule)));
        let by_group = copied.persons.iter().filter(|(person, _)| may_be_in(person));
        persons.extend(by_group.map(|(person, place)| (*person, By::Group(*place))));
        let whole = match (&group.members, rule) {
            // Who somebody is may turn out to be one of those who would seem to leave.
            _ if doubtful > 0 => Whole::No,
            (Members::Exactly(_), _) | (Members::Leave, Some(_)) => Whole::Yes,
            (Members::AtLeast(_), _) | (Members::Leave, None) => Whole::No,
        };
        let persons = tidy(people, persons);
        let exports: Vec<&Export> =
            people.desired.exports.iter().filter(|export| feeds(export, group)).collect();
        let wanted = Self {
            persons,
            whole,
            rule,
            origin: group.origin,
            unseen: if exports.is_empty() { matching.unseen.clone() } else { Vec::new() },
            exports,
            unsaid: matching.unsaid.iter().copied().filter(may_be_in).collect(),
            kept_out,
            unmatched,
            doubtful,
        };
        (wanted, unfound)
    }

    /// Whom, sorted.
    pub(in crate::plan) fn persons(&self) -> impl ExactSizeIterator<Item = Person> + '_ {
        self.persons.iter().map(|(person, _)| *person)
    }

    /// Those whom a list or their own entry names, sorted.
    pub(in crate::plan) fn named_persons(&self) -> impl Iterator<Item = Person> + '_ {
        self.persons.iter().filter(|(_, by)| matches!(by, By::Located(_))).map(|(person, _)| *person)
    }

    /// Those whom nobody names and the rule matches, sorted.
    pub(in crate::plan) fn matched(&self) -> impl Iterator<Item = Person> + '_ {
        self.persons.iter().filter(|(_, by)| matches!(by, By::Rule)).map(|(person, _)| *person)
    }

    /// Somebody who is wanted and joins.
    pub(in crate::plan) fn joining(&self, people: &People<'_>, person: Person) -> Option<Move> {
        let at = self.persons.binary_search_by_key(&person, |(wanted, _)| *wanted).ok()?;
        Some(joined(people, person, self.persons[at].1, self))
    }

    /// Somebody who is not wanted and leaves.
    pub(in crate::plan) fn leaving(&self, people: &People<'_>, person: Person) -> Move {
        left(people, person, self)
    }

    /// Whether everybody else leaves.
    pub(in crate::plan) fn whole(&self) -> Whole {
        self.whole
    }

    /// Whether somebody may be wanted of whom it is not known who they are.
    pub(in crate::plan) fn is_doubtful(&self) -> bool {
        self.doubtful > 0
    }

    /// The users who name a group that nobody declares.
    pub(in crate::plan) fn named(people: &People<'_>, named: &[Named<'_>]) -> Self {
        let said = persons(people, named).map(|(person, origin)| (person, By::Located(origin)));
        let persons = tidy(people, said.collect());
        Self {
            persons,
            whole: Whole::No,
            rule: None,
            origin: Origin::NONE,
            exports: Vec::new(),
            kept_out: Vec::new(),
            unmatched: named.iter().map(|named| named.user).filter(|at| is_unmatched(people, *at)).collect(),
            doubtful: named.iter().filter(|named| fits(people, named, Fit::Blocked)).count(),
            unseen: Vec::new(),
            unsaid: Vec::new(),
        }
    }

    /// Where the group's rule stands, or else the group.
    pub(in crate::plan) fn rule_origin(&self) -> Origin {
        self.rule.map_or(self.origin, Automatic::origin)
    }

    /// Rows that match nobody, and whose users the group would have.
    pub(in crate::plan) fn unmatched(&self, people: &People<'a>) -> Vec<&'a DesiredUser> {
        self.unmatched.iter().map(|at| &people.desired.users[*at as usize]).collect()
    }

    /// Their positions in `Desired::users`.
    pub(in crate::plan) fn unmatched_at(&self) -> &BTreeSet<u32> {
        &self.unmatched
    }

    /// Whether somebody stays in the group because the account does not say what its rule looks at of them.
    pub(in crate::plan) fn leaves_alone(&self, person: Person) -> bool {
        self.unsaid.binary_search(&person).is_ok()
    }

    /// Whom no manifest mentions, and whom attributes would decide if one said them; sorted.
    pub(in crate::plan) fn unseen(&self) -> &[Person] {
        &self.unseen
    }
}

/// Whom references mean, and how many of them mean somebody who is not known yet.
fn resolved<'r>(
    people: &People<'_>,
    said: impl IntoIterator<Item = &'r Located<Reference>>,
    unfound: &mut Vec<Unfound<'r>>,
) -> (Vec<(Person, Origin)>, usize) {
    let (mut persons, mut doubtful) = (Vec::new(), 0);
    for reference in said {
        match people.seek(reference) {
            Ok(Referred::Person(person)) => persons.push((person, reference.origin)),
            Ok(Referred::ByHand | Referred::Gone) => {}
            Ok(Referred::Blocked) => doubtful += 1,
            Err(nobody) => {
                doubtful += 1;
                unfound.push(nobody);
            }
        }
    }
    (persons, doubtful)
}

/// Whether who names a group turned out to be something.
fn fits(people: &People<'_>, named: &Named<'_>, fit: Fit) -> bool {
    people.resolution.fits[named.user as usize] == fit
}

fn persons(people: &People<'_>, named: &[Named<'_>]) -> impl Iterator<Item = (Person, Origin)> {
    named.iter().filter_map(|named| Some((people.person(named.user)?, named.origin)))
}

/// Sorted by person, each once, with the first place that asks for them; nobody who is removed.
fn tidy(people: &People<'_>, mut persons: Vec<(Person, By)>) -> Vec<(Person, By)> {
    persons.retain(|(person, _)| people.is_staying(*person));
    persons.sort_unstable();
    persons.dedup_by_key(|(person, _)| *person);
    persons
}

/// Somebody who joins or leaves.
#[derive(Debug)]
pub(in crate::plan) struct Move {
    /// Who.
    pub(in crate::plan) person: Person,
    /// Where that is asked for.
    pub(in crate::plan) origin: Origin,
    /// Why, where a rule decides.
    remark: Option<Phrase>,
    /// Whether whatever decides sees them.
    pub(in crate::plan) sight: Sight,
}

/// Whether what decides over somebody sees what it looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plan) enum Sight {
    /// It does.
    Seen,
    /// No manifest mentions the user, and a rule looks at what only manifests say.
    Unseen,
}

impl Move {
    /// The fact that somebody joins.
    pub(in crate::plan) fn joining(&self, people: &People<'_>) -> Fact {
        self.fact(Delta::Add(people.label(self.person).into()), Severity::Safe)
    }

    /// The fact that somebody leaves.
    pub(in crate::plan) fn leaving(&self, people: &People<'_>) -> Fact {
        self.fact(Delta::Remove(people.label(self.person).into()), Severity::Disruptive)
    }

    /// Says so where the user leaves the group that speaks for them in reports, and their entry chooses another: of whom
    /// nobody chooses it, no API tells whether it was chosen, or which one follows.
    fn of_primary(mut self, people: &People<'_>, group: Option<GroupIx>) -> Self {
        let primary = people.record(self.person).and_then(|record| record.primary_group);
        let left = group.map(|group| people.observed.group(group)).filter(|group| primary == Some(group.id));
        let entry = people.entry(self.person).map(|at| &people.desired.users[at as usize]);
        let next = entry.and_then(|entry| entry.primary_group.declared());
        if let (Some(left), Some(next)) = (left, next)
            && next.value != left.name
        {
            let words = phrase!["their primary group; ", Piece::plain(&next.value), " follows"];
            self.remark = Some(match self.remark {
                None => words,
                Some(why) => why.then("; ").joined(words),
            });
        }
        self
    }

    /// The same move for another reason.
    pub(in crate::plan) fn because(self, remark: Phrase) -> Self {
        Self { remark: Some(remark), ..self }
    }

    fn fact(&self, delta: Delta, severity: Severity) -> Fact {
        let (origin, remark) = (self.origin, self.remark.clone());
        Fact { field: Field::Member, delta, severity, cause: Cause::Declared, origin, remark }
    }
}

/// Who joins and who leaves, both sorted.
pub(in crate::plan) struct Moves {
    /// Those who join.
    pub(in crate::plan) join: Vec<Move>,
    /// Those who leave.
    pub(in crate::plan) leave: Vec<Move>,
}

impl Moves {
    pub(in crate::plan) fn is_empty(&self) -> bool {
        self.join.is_empty() && self.leave.is_empty()
    }
}

/// The difference of a group's members from those wanted.
pub(in crate::plan) fn moves(people: &People<'_>, group: Option<GroupIx>, wanted: &Wanted<'_>) -> Moves {
    let present: Vec<Person> =
        group.map_or_else(Vec::new, |group| people.observed.members(group).map(Person::Known).collect());
    let join = wanted.persons.iter().filter(|(person, _)| present.binary_search(person).is_err());
    let leave = match wanted.whole {
        Whole::No => Vec::new(),
        Whole::Yes => {
            let kept =
                |person: &Person| wanted.persons.binary_search_by_key(person, |(wanted, _)| *wanted).is_ok();
            let stays = |person: &Person| {
                kept(person)
                    || !people.is_staying(*person)
                    || people.is_in_question(*person)
                    || wanted.leaves_alone(*person)
            };
            let gone = present.iter().filter(|person| !stays(person));
            let parted = |person: &Person| left(people, *person, wanted).of_primary(people, group);
            gone.map(parted).collect()
        }
    };
    Moves { join: join.map(|(person, by)| joined(people, *person, *by, wanted)).collect(), leave }
}

fn joined(people: &People<'_>, person: Person, by: By, wanted: &Wanted<'_>) -> Move {
    let rule = wanted.rule.and_then(|automatic| automatic.rule.as_ref());
    let (origin, remark) = match (by, rule, Candidate::person(people, person)) {
        (By::Rule, Some(rule), Some(user)) => {
            let mut remark = phrase!["matches: "];
            remark.0.extend(why::reason(&rule.value, user).words.0);
            (rule.origin, Some(remark))
        }
        (By::Located(origin), ..) => (origin, None),
        (By::Group(place), ..) => match wanted.rule.and_then(|automatic| automatic.of.get(place as usize)) {
            Some(group) => (group.origin, Some(phrase!["in ", Piece::plain(&group.value)])),
            None => (wanted.origin, None),
        },
        (By::Rule, ..) => (wanted.origin, None),
    };
    Move { person, origin, remark, sight: Sight::Seen }
}

fn left(people: &People<'_>, person: Person, wanted: &Wanted<'_>) -> Move {
    let rule = wanted.rule.zip(Candidate::person(people, person));
    let Some((automatic, user)) = rule else { return in_no_row(people, person, wanted) };
    let origin = |origin: Origin| if origin == Origin::NONE { automatic.origin() } else { origin };
    let because = if wanted.kept_out.binary_search(&person).is_ok() {
        Because {
            words: Phrase::words("kept out by `except`"),
            origin: automatic.origin(),
            sight: Sight::Seen,
        }
    } else {
        let by_rule = automatic.rule.as_ref().map(|rule| unmatched(people, (person, user), rule, wanted));
        let none = Some(in_none_of(&automatic.of)).filter(|_| !automatic.of.is_empty());
        match (by_rule, none) {
            (Some(because), Some(none)) => {
                Because { words: because.words.then("; ").joined(none), ..because }
            }
            (Some(because), None) => because,
            (None, none) => {
                Because { words: none.unwrap_or_default(), origin: automatic.origin(), sight: Sight::Seen }
            }
        }
    };
    Move { person, origin: origin(because.origin), remark: Some(because.words), sight: because.sight }
}

/// Why somebody leaves.
struct Because {
    words: Phrase,
    origin: Origin,
    sight: Sight,
}

/// Why a rule does not hold for somebody who leaves.
fn unmatched(
    people: &People<'_>,
    (person, user): (Person, Candidate<'_>),
    rule: &Located<Rule>,
    wanted: &Wanted<'_>,
) -> Because {
    let reason = why::reason(&rule.value, user);
    let (words, origin, sight) = match why::truth(&rule.value, user) {
        // Exports that say what the rule looks at say it of everybody they are about.
        Truth::Unknown if let Some((export, left)) = left_out(people, person, wanted) => {
            (left_out::why(export, left), left.origin, Sight::Seen)
        }
        Truth::Unknown if !wanted.exports.is_empty() => {
            let files = files(wanted.exports.iter().copied());
            let words = phrase!["in no manifest, and in no row of "].list(files);
            (words, rule.origin, Sight::Seen)
        }
        Truth::Unknown => {
            let mut words = phrase!["in no manifest: "];
            words.0.extend(reason.words.0);
            (words, rule.origin, Sight::Unseen)
        }
        Truth::Holds | Truth::Fails => {
            let more = left_out(people, person, wanted).map(|(export, left)| left_out::why(export, left));
            let words = reason.words;
            let words = more.map_or_else(|| words.clone(), |more| words.clone().then("; ").joined(more));
            (words, reason.origin, Sight::Seen)
        }
    };
    Because { words, origin, sight }
}

/// The row for which an export that decides over a group leaves somebody out.
fn left_out<'a>(
    people: &People<'a>,
    person: Person,
    wanted: &Wanted<'a>,
) -> Option<(&'a Export, &'a LeftOut)> {
    let found = people.left_out.get(&person).copied();
    found.filter(|(export, _)| wanted.exports.iter().any(|of| of.name == export.name))
}

/// Somebody leaves whom neither the group's own list nor a row of the exports that name the group names any more.
fn in_no_row(people: &People<'_>, person: Person, wanted: &Wanted<'_>) -> Move {
    if let Some((export, left)) = left_out(people, person, wanted) {
        let remark = Some(left_out::why(export, left));
        return Move { person, origin: left.origin, remark, sight: Sight::Seen };
    }
    let (origin, remark) = match wanted.exports.first() {
        Some(first) => {
            let files = files(wanted.exports.iter().copied());
            let words = phrase!["no row of "].list(files).then(" puts them in it");
            (first.origin, Some(words))
        }
        None => (wanted.origin, None),
    };
    Move { person, origin, remark, sight: Sight::Seen }
}
