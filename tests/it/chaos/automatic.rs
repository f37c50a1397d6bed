//! Groups that fill themselves, by a seed: those of a tenant, what manifests ask of them, and what must hold of them whatever goes wrong.
//! What is asked for is said twice, once in the words of manifests and once as the sandbox keeps it: nothing here asks the program.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use rollcall::sandbox::LoggedRequest;
use rollcall::sandbox::docebo::Seed;
use rollcall::sandbox::docebo::seed::{
    BranchId, Condition, CourseId, EnrollmentStatus, FieldId, FieldValue, Group, Match, Operator, Population,
    RuleSet, User, UserId, Uuid,
};

use super::world::{Company, Law};
use crate::dice::Dice;

/// The first words of the names of groups that no manifest is about, and that show how conditions are written.
const EXAMPLE: &str = "Example";
/// The same of groups that manifests may be about.
const NAME: &str = "Auto";

/// Sets of conditions, in whatever order.
pub(crate) type Content = BTreeSet<BTreeSet<String>>;

/// Rules as a manifest says them, and as the sandbox keeps them.
#[derive(Clone)]
struct Rules {
    said: String,
    kept: RuleSet,
}

/// Who is to be in a group by hand, by their usernames.
enum Hands {
    /// These, and nobody else.
    Exactly(BTreeSet<String>),
    /// These, and whoever was in it by hand.
    AtLeast(BTreeSet<String>),
}

/// What is asked of one group that fills itself.
struct Wanted {
    name: String,
    /// The group that it is, if there is one.
    was: Option<Group>,
    becomes: Becomes,
}

enum Becomes {
    Gone,
    /// Filled by rules, where some group of the tenant shows how they are written.
    Filled {
        rules: RuleSet,
        is_known: bool,
        hands: Hands,
    },
}

/// What manifests ask of the groups that fill themselves.
pub(crate) struct Automatic {
    before: Seed,
    wanted: Vec<Wanted>,
    /// The entries of the groups.
    pub(crate) text: String,
}

/// A condition that manifests can say.
fn condition(dice: &mut Dice) -> (&'static str, Condition) {
    let field = |id, operator, values: &[FieldValue]| Condition::Field {
        id: FieldId(id),
        operator,
        values: values.to_vec(),
    };
    let text = |text: &str| [FieldValue::Text(text.to_owned())];
    let course = |course, status| Condition::Enrollment { course: CourseId(course), status };
    let email = |text: &str| Condition::Email { contains: text.to_owned() };
    match dice.below(12) {
        0 => ("enrolled: { course: DRV-101, status: completed }", course(5, EnrollmentStatus::Completed)),
        1 => ("enrolled: { course: FST-1, status: completed }", course(6, EnrollmentStatus::Completed)),
        2 => ("enrolled: { course: FST-1, status: inProgress }", course(6, EnrollmentStatus::InProgress)),
        3 => ("field: { Department: R&D }", field(1, Operator::Equals, &[FieldValue::Chosen(12)])),
        4 => {
            let both = [FieldValue::Chosen(13), FieldValue::Chosen(11)];
            ("field: { Department: [Sales, Depot] }", field(1, Operator::Equals, &both))
        }
        5 => ("field: { Department: { exists: true } }", field(1, Operator::NotEmpty, &[])),
        6 => {
            let day = text("2025-01-01");
            ("field: { Start Date: { after: 2025-01-01 } }", field(2, Operator::After, &day))
        }
        7 => {
            let day = text("2025-06-01");
            ("field: { Start Date: { before: 2025-06-01 } }", field(2, Operator::Before, &day))
        }
        8 => ("field: { Badge: { contains: B-1 } }", field(3, Operator::Contains, &text("B-1"))),
        9 => ("field: { Badge: { exists: false } }", field(3, Operator::IsEmpty, &[])),
        10 => ("email: { contains: '@acme' }", email("@acme")),
        _ => ("email: { contains: p1 }", email("p1")),
    }
}

/// A condition that nothing but the platform can read.
fn strange(dice: &mut Dice, steady: &Uuid) -> Condition {
    match dice.below(3) {
        0 => Condition::Raw {
            kind: "Skill".to_owned(),
            payload: serde_json::json!({ "b": [1, "x"], "a": null }),
        },
        1 => Condition::Group { uuids: vec![steady.clone()] },
        _ => Condition::Field {
            id: FieldId(1),
            operator: Operator::NotEquals,
            values: vec![FieldValue::Chosen(12)],
        },
    }
}

/// Branches as an entry names them: beside everything else that is enough.
fn branches(dice: &mut Dice) -> (&'static str, Condition) {
    let [oslo, rome, dock] = [2, 3, 4].map(BranchId);
    let of = |ids: &[BranchId], descendants: &[BranchId]| Condition::Branch {
        ids: ids.to_vec(),
        descendants: descendants.to_vec(),
    };
    match dice.below(3) {
        0 => ("    branch: OSL\n", of(&[oslo], &[])),
        1 => ("    branch: [ROM, DOCK]\n", of(&[dock, rome], &[])),
        _ => ("    branch: OSL\n    descendants: true\n", of(&[], &[oslo])),
    }
}

impl Rules {
    fn of(dice: &mut Dice) -> Rules {
        let (mut said, mut sets) = (String::new(), Vec::new());
        let branch = dice.once_in(4).then(|| branches(dice));
        if branch.is_none() || dice.once_in(2) {
            let any: Vec<String> = (0..=dice.below(3))
                .map(|_| {
                    let all: Vec<(&str, Condition)> = (0..=dice.below(2)).map(|_| condition(dice)).collect();
                    let words: Vec<String> = all.iter().map(|(words, _)| format!("{{ {words} }}")).collect();
                    sets.push(all.into_iter().map(|(_, condition)| condition).collect());
                    format!("{{ all: [{}] }}", words.join(", "))
                })
                .collect();
            let _ = writeln!(said, "    match: {{ any: [{}] }}", any.join(", "));
        }
        if let Some((words, condition)) = branch {
            said += words;
            sets.push(vec![condition]);
        }
        // Where there is one set, it is the same whether one is enough or all have to hold.
        let matching = if sets.len() == 1 && dice.once_in(2) { Match::All } else { Match::Any };
        Rules { said, kept: RuleSet { matching, sets } }
    }

    /// Those that are written as groups of a tenant show, if a few throws find any.
    fn known(dice: &mut Dice, seen: &BTreeSet<String>) -> Option<Rules> {
        (0..12).map(|_| Rules::of(dice)).find(|rules| kinds(&rules.kept).is_subset(seen))
    }
}

/// What rules say, in whatever order and however the sets are joined.
pub(crate) fn content(rules: &RuleSet) -> Content {
    let sets: Vec<Vec<Condition>> = match rules.matching {
        Match::All if !rules.sets.is_empty() => vec![rules.sets.concat()],
        _ => rules.sets.clone(),
    };
    let apart = |set: Vec<Condition>| match &set[..] {
        [Condition::Branch { ids, descendants }] => {
            let here = ids.iter().map(|id| vec![Condition::Branch { ids: vec![*id], descendants: vec![] }]);
            let below = |id: &BranchId| vec![Condition::Branch { ids: vec![], descendants: vec![*id] }];
            here.chain(descendants.iter().map(below)).collect()
        }
        _ => vec![set],
    };
    sets.into_iter().flat_map(apart).map(|set| set.iter().map(words).collect()).collect()
}

/// One condition, whatever order its parts have.
fn words(condition: &Condition) -> String {
    let mut condition = condition.clone();
    match &mut condition {
        Condition::Field { values, .. } => values.sort_by_key(|value| format!("{value:?}")),
        Condition::Branch { ids, descendants } => {
            ids.sort();
            descendants.sort();
        }
        _ => {}
    }
    format!("{condition:?}")
}

/// Whether manifests can say by what a group fills itself: nothing of one of which they can't is taken back.
pub(crate) fn is_sayable(group: &Group) -> bool {
    let is_strange = |condition: &Condition| match condition {
        Condition::Raw { .. } | Condition::Group { .. } => true,
        Condition::Field { operator, .. } => *operator == Operator::NotEquals,
        Condition::Enrollment { .. } | Condition::Branch { .. } | Condition::Email { .. } => false,
    };
    !group.ruleset.iter().flat_map(|rules| &rules.sets).flatten().any(is_strange)
}

/// What has to be shown by some group for these to be written.
fn kinds(rules: &RuleSet) -> BTreeSet<String> {
    let kinds = |condition: &Condition| match condition {
        Condition::Enrollment { status, .. } => vec![format!("so far in a course: {status:?}")],
        // The fields of these tenants differ in what they hold.
        Condition::Field { id, operator, .. } => vec![format!("field {id}: {operator:?}")],
        Condition::Email { .. } => vec!["a text in the address".to_owned()],
        Condition::Branch { ids, descendants } => {
            let ways = [(ids, "in a branch"), (descendants, "in a branch or below")];
            ways.iter().filter(|(ids, _)| !ids.is_empty()).map(|(_, way)| (*way).to_owned()).collect()
        }
        Condition::Group { .. } => vec!["in a group".to_owned()],
        Condition::Raw { kind, .. } => vec![format!("raw: {kind}")],
    };
    rules.sets.iter().flatten().flat_map(kinds).collect()
}

/// What the groups of a tenant show.
fn shown(groups: &[Group]) -> BTreeSet<String> {
    groups.iter().filter_map(|group| group.ruleset.as_ref()).flat_map(kinds).collect()
}

/// The groups of a tenant that fill themselves: some that show how conditions are written, and some that manifests may be about.
/// The latter show nothing more, so that what is known does not change while they do.
pub(crate) fn groups(dice: &mut Dice, users: &[UserId], steady: &Uuid) -> Vec<Group> {
    let mut groups = Vec::new();
    let make = |dice: &mut Dice, at: usize, name: &str, ruleset| {
        let uuid = Uuid(format!("{at:08x}-0000-4000-8000-000000000000"));
        let mut group = Group::new(uuid, format!("{name} {at}"), Population::Automatic);
        group.description = if dice.once_in(2) { format!("Fills itself {at}") } else { String::new() };
        group.labels = if dice.once_in(4) { vec!["kept".to_owned()] } else { Vec::new() };
        group.exclude_deactivated = dice.once_in(3);
        group.ruleset = Some(ruleset);
        group.members = users.iter().filter(|_| dice.once_in(6)).copied().collect();
        group
    };
    for at in 0..[0, 1, 2, 4, 6][dice.below(5)] {
        let mut ruleset = Rules::of(dice).kept;
        if dice.once_in(3) {
            ruleset.sets.push(vec![strange(dice, steady)]);
        }
        groups.push(make(dice, 50 + at, EXAMPLE, ruleset));
    }
    let seen = shown(&groups);
    for at in 0..dice.below(3) {
        let known = if dice.once_in(5) { None } else { Rules::known(dice, &seen) };
        let unread =
            |dice: &mut Dice| RuleSet { matching: Match::Any, sets: vec![vec![strange(dice, steady)]] };
        let ruleset = known.map_or_else(|| unread(dice), |rules| rules.kept);
        groups.push(make(dice, 70 + at, NAME, ruleset));
    }
    groups
}

impl Automatic {
    /// What manifests ask of the groups that fill themselves; `people` are in the entries of users.
    pub(crate) fn of(before: &Seed, people: &[String], dice: &mut Dice) -> Automatic {
        let mut automatic = Automatic { before: before.clone(), wanted: Vec::new(), text: String::new() };
        for group in before.groups.iter().filter(|group| group.name.starts_with(NAME)) {
            match dice.below(8) {
                0 => {}
                1 => automatic.delete(group),
                _ => automatic.ask(Some(group), people, dice),
            }
        }
        if dice.once_in(2) {
            automatic.ask(None, people, dice);
        }
        automatic
    }

    fn delete(&mut self, group: &Group) {
        let name = group.name.clone();
        let _ = write!(self.text, "  - name: {name}\n    population: automatic\n    state: deleted\n");
        self.wanted.push(Wanted { name, was: Some(group.clone()), becomes: Becomes::Gone });
    }

    fn ask(&mut self, was: Option<&Group>, people: &[String], dice: &mut Dice) {
        let seen = shown(&self.before.groups);
        // Now and then of whatever kind: a step by hand where no group shows it.
        let known = if dice.once_in(4) { None } else { Rules::known(dice, &seen) };
        let Rules { said, kept } = known.unwrap_or_else(|| Rules::of(dice));
        let name = match was {
            None => format!("New {NAME}"),
            Some(group) if dice.once_in(4) => format!("{} West", group.name),
            Some(group) => group.name.clone(),
        };
        let _ = write!(self.text, "  - name: {name}\n    population: automatic\n{said}");
        if let Some(former) = was.map(|group| &group.name).filter(|former| **former != name) {
            let _ = writeln!(self.text, "    formerly: [{former}]");
        }
        self.text += ["", "    description: Fills itself\n", "    description: ''\n"][dice.below(3)];
        let hands = self.hands(was, people, dice);
        let is_known = kinds(&kept).is_subset(&seen)
            || was.and_then(|group| group.ruleset.as_ref()).is_some_and(|is| content(is) == content(&kept));
        let becomes = Becomes::Filled { rules: kept, is_known, hands };
        self.wanted.push(Wanted { name, was: was.cloned(), becomes });
    }

    fn hands(&mut self, was: Option<&Group>, people: &[String], dice: &mut Dice) -> Hands {
        let held = was.map(|group| usernames(&self.before, group)).unwrap_or_default();
        let chosen = |person: &&String| held.contains(*person) != dice.once_in(5);
        let named: BTreeSet<String> = people.iter().filter(chosen).cloned().collect();
        let list: Vec<String> = named.iter().map(|person| format!("'{person}'")).collect();
        match dice.below(3) {
            0 => Hands::AtLeast(BTreeSet::new()),
            1 => {
                let _ = writeln!(self.text, "    also: [{}]", list.join(", "));
                Hands::AtLeast(named)
            }
            _ => {
                let _ = writeln!(self.text, "    members: [{}]", list.join(", "));
                Hands::Exactly(named)
            }
        }
    }

    /// Who may be put in by hand, and taken out again: whoever is named, and whoever was in it by hand.
    fn may_move(&self, uuid: &str, now: &Seed) -> Option<BTreeSet<String>> {
        let called = now.groups.iter().find(|group| group.uuid.0 == uuid).map(|group| &group.name);
        let is_it = |wanted: &&Wanted| match &wanted.was {
            Some(group) => group.uuid.0 == uuid,
            None => called == Some(&wanted.name),
        };
        let wanted = self.wanted.iter().find(is_it)?;
        let mut may = wanted.was.as_ref().map(|group| usernames(&self.before, group)).unwrap_or_default();
        if let Becomes::Filled { hands: Hands::Exactly(named) | Hands::AtLeast(named), .. } = &wanted.becomes
        {
            may.extend(named.iter().cloned());
        }
        Some(may)
    }

    /// Whom a write moves whom it must not.
    fn strangers(&self, write: &LoggedRequest, now: &Seed, company: Company) -> Vec<String> {
        let body: serde_json::Value = serde_json::from_str(&write.body).unwrap_or_default();
        let group = write.path.split('/').nth(4).unwrap_or_default();
        let (Some(may), Some(moved)) = (self.may_move(group, now), body["user_ids"].as_array()) else {
            return Vec::new();
        };
        // Whom others put in may have to leave.
        if write.method == "DELETE" && company == Company::Others {
            return Vec::new();
        }
        let user = |id: &serde_json::Value| {
            let is_it =
                |user: &&User| id.as_u64() == Some(user.id.0) || id.as_str() == Some(&user.id.to_string());
            let user = now.users.iter().chain(&self.before.users).find(is_it)?;
            Some(user.username.to_lowercase())
        };
        let strange = moved.iter().filter_map(user).filter(|user| !may.contains(user));
        strange.map(|user| format!("{} {}: {user} is named by nobody", write.method, write.path)).collect()
    }
}

impl Law<Seed> for Automatic {
    fn broken(&self, now: &Seed, log: &[LoggedRequest], company: Company) -> Vec<String> {
        let mut wrong = Vec::new();
        let new = shown(&now.groups).difference(&shown(&self.before.groups)).cloned().collect::<Vec<_>>();
        wrong.extend(new.iter().map(|kind| format!("no group showed how it is written: {kind}")));
        for was in &self.before.groups {
            let is = now.groups.iter().find(|group| group.uuid == was.uuid);
            if is.is_some_and(|is| is.population != was.population) {
                wrong.push(format!("{} is populated otherwise", was.name));
            }
            let is_example = was.name.starts_with(EXAMPLE);
            let said = |group: &Group| {
                let Group { ruleset, exclude_deactivated, description, labels, .. } = group.clone();
                format!("{ruleset:?} {exclude_deactivated} {description} {labels:?}")
            };
            if is_example && is.map(said) != Some(said(was)) {
                wrong.push(format!("{} is in no manifest, and was changed: {is:?}", was.name));
            }
        }
        for write in log.iter().filter(|it| it.is_write()) {
            let is_of =
                |group: &&Group| write.path.contains(&group.uuid.0) && group.name.starts_with(EXAMPLE);
            let touched = self.before.groups.iter().filter(is_of);
            wrong.extend(
                touched.map(|group| {
                    format!("{} {}: {} is in no manifest", write.method, write.path, group.name)
                }),
            );
            wrong.extend(self.strangers(write, now, company));
        }
        wrong
    }

    fn unmet(&self, now: &Seed, company: Company) -> Vec<String> {
        let unmet = |wanted: &Wanted| {
            Some(format!("{}: {}", wanted.name, wanted.unmet((&self.before, now), company)?))
        };
        self.wanted.iter().filter_map(unmet).collect()
    }
}

impl Wanted {
    /// What is not so of what is asked for.
    fn unmet(&self, (before, now): (&Seed, &Seed), company: Company) -> Option<String> {
        let is = now.groups.iter().find(|group| group.name == self.name);
        let Becomes::Filled { rules, is_known, hands } = &self.becomes else {
            return is.map(|_| "it is there".to_owned());
        };
        let wanted = match &self.was {
            _ if *is_known => rules,
            Some(group) => group.ruleset.as_ref()?,
            None => return is.map(|_| "it is made of what no group shows".to_owned()),
        };
        let Some(is) = is else { return Some("it is not there".to_owned()) };
        // One that others renamed is made anew.
        let was = self.was.as_ref().filter(|was| was.uuid == is.uuid);
        if was.is_some_and(|was| was.exclude_deactivated != is.exclude_deactivated) {
            return Some("who is deactivated is treated otherwise".to_owned());
        }
        if is.ruleset.as_ref().map(content) != Some(content(wanted)) {
            return Some(format!("filled by {:?}, not by {wanted:?}", is.ruleset));
        }
        let by_hand = usernames(now, is);
        let held = self.was.as_ref().map(|was| usernames(before, was)).unwrap_or_default();
        match hands {
            // As long as the conditions are not set that match them, some are kept by hand.
            Hands::Exactly(named) if !is_known => {
                let kept: BTreeSet<String> = by_hand.difference(named).cloned().collect();
                let is_so = named.is_subset(&by_hand) && kept.is_subset(&held);
                (!is_so).then(|| format!("by hand {by_hand:?}, not {named:?} and some of {held:?}"))
            }
            Hands::Exactly(named) if by_hand != *named => Some(format!("by hand {by_hand:?}, not {named:?}")),
            // Others may take out whom no manifest names.
            Hands::AtLeast(_) if company == Company::Nobody && !held.is_subset(&by_hand) => {
                Some(format!("by hand {by_hand:?}, without some of {held:?}"))
            }
            Hands::AtLeast(named) if !named.is_subset(&by_hand) => {
                Some(format!("by hand {by_hand:?}, without some of {named:?}"))
            }
            _ => None,
        }
    }
}

/// Who is in a group by hand.
fn usernames(tenant: &Seed, group: &Group) -> BTreeSet<String> {
    let users = tenant.users.iter().filter(|user| group.members.contains(&user.id));
    users.map(|user| user.username.to_lowercase()).collect()
}
