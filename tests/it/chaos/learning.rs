//! Which tenant of a learning platform and which manifests does a seed make? A small tenant, now and then a crowded one, and changes of
//! every kind that a plan knows there.

use std::fmt::Write as _;

use rollcall::sandbox::docebo::seed::{
    BranchId, CourseId, Enrollment, EnrollmentStatus, FieldId, FieldValue, Group, Population, User, UserId,
    Uuid,
};
use rollcall::sandbox::docebo::{Docebo, Seed, Setting};

use super::automatic::{self, Automatic};
use super::world::{Bounds, World, limits};
use crate::dice::Dice;
use crate::rig::Rig;

/// Ways in which tenants differ that a client has to be prepared for.
const SETTINGS: [Setting; 13] = [
    Setting::NumericIds,
    Setting::PluralCreate,
    Setting::PagesFromZero,
    Setting::Idst,
    Setting::RelationCapitals,
    Setting::OldUsers,
    Setting::LevelPaths,
    Setting::IdField,
    Setting::FieldLabels,
    Setting::FlatBranches,
    Setting::Subscribed,
    Setting::StatusNumbers,
    Setting::OtherRules,
];

/// What rules can look at, and nobody.
const EMPTY: &str = r#"{"version":1,"platform":"docebo","tenant":"acme",
    "fields":[{"id":1,"title":"Department","type":"dropdown",
     "options":[{"id":11,"title":"Sales"},{"id":12,"title":"R&D"},{"id":13,"title":"Depot"}]},
     {"id":2,"title":"Start Date","type":"date"},{"id":3,"title":"Badge"}],
    "branches":[{"id":1,"code":"HQ","title":"Head office"},{"id":2,"code":"OSL","title":"Oslo","parent":1},
     {"id":3,"code":"ROM","title":"Rome","parent":1},{"id":4,"code":"DOCK","title":"Dock","parent":2}],
    "courses":[{"id":5,"code":"DRV-101","title":"Driver Safety"},{"id":6,"code":"FST-1","title":"First Aid"}]}"#;

/// Of all manifests.
const ACCOUNT: &str =
    "account:\n  name: acme\n  platform: docebo\n  id: acme\n  username: email\n  allow: [createUsers]\n";

/// How far people are in courses.
const STATUSES: [EnrollmentStatus; 5] = [
    EnrollmentStatus::Waiting,
    EnrollmentStatus::Enrolled,
    EnrollmentStatus::InProgress,
    EnrollmentStatus::Completed,
    EnrollmentStatus::Suspended,
];

/// What rules ask for: of the entries of users, and of what the platform knows.
const RULES: [&str; 10] = [
    "match: { site: Oslo }",
    "match: { site: Rome }",
    "match: { field: { Department: R&D } }",
    "match: { field: { Start Date: { after: 2025-01-01 } } }",
    "match: { all: [{ site: Pune }, { field: { Badge: { exists: true } } }] }",
    "match: { enrolled: { course: DRV-101, status: completed } }",
    "match: { enrolled: { course: FST-1 } }",
    "branch: OSL",
    "branch: HQ\n    descendants: true",
    "branch: [ROM, DOCK]",
];

/// Where people work.
const SITES: [&str; 3] = ["Oslo", "Rome", "Pune"];

/// The group that stays what it is, so that others can be made of it.
const STEADY: &str = "Team 1";

pub(crate) fn world(seed: u64, bounds: Bounds) -> World<Docebo> {
    let mut dice = Dice::of(seed ^ 0x1ea4_0000);
    // As it starts: whom rules match is known then.
    let before = Rig::learning(&tenant(&mut dice), "", None).stop();
    let (wishes, automatic) = wishes(&before, &mut dice);
    let policy = match bounds {
        Bounds::Loose => limits_of_all(|| "1000"),
        Bounds::Tight => tight(&mut Dice::of(seed ^ 0x1ea4_7000)),
    };
    World::learning(before, format!("{ACCOUNT}{policy}{wishes}"), automatic)
}

/// Limits of what either platform knows, and of what only this one does.
fn limits_of_all(mut of: impl FnMut() -> &'static str) -> String {
    let more = ["deactivate", "activate"].map(|limit| format!("    {limit}: {}\n", of()));
    format!("{}{}", limits(of), more.concat())
}

/// Limits that most plans break, and protections of somebody who may be there and of a group.
fn tight(dice: &mut Dice) -> String {
    let mut text = limits_of_all(|| ["0", "0", "1", "1000"][dice.below(4)]);
    let group = if dice.once_in(3) { STEADY } else { "" };
    let _ = writeln!(text, "  protected:\n    groups: [{group}]");
    text
}

fn tenant(dice: &mut Dice) -> Seed {
    let mut seed: Seed = serde_json::from_str(EMPTY).unwrap();
    let services = [None, Some(Setting::NewCourses), Some(Setting::OldCourses)][dice.below(3)];
    let late = [0, 0, 60, 3600][dice.below(4)];
    let settings = SETTINGS.into_iter().filter(|_| dice.once_in(4)).chain(services);
    seed.settings = settings.chain([Setting::Recompute(late)]).collect();
    let crowd = if dice.once_in(8) { 200 } else { 0 };
    let count = 8 + dice.below(20) as u64 + crowd;
    seed.users = (1..=count).map(|id| user(dice, id)).collect();
    let manual = 2 + dice.below(4) as u64;
    let named = (1..=manual).map(|at| (at, format!("Team {at}"), Population::Manual));
    seed.groups =
        named.map(|(at, name, population)| group(dice, (at, name, population), &seed.users)).collect();
    let ids: Vec<UserId> = seed.users.iter().map(|user| user.id).collect();
    let steady = seed.groups[0].uuid.clone();
    seed.groups.extend(automatic::groups(dice, &ids, &steady));
    seed
}

fn user(dice: &mut Dice, id: u64) -> User {
    let name = if dice.once_in(4) { "P" } else { "p" };
    let mut user = User::new(UserId(id), format!("{name}{id}@acme.example"));
    "Person".clone_into(&mut user.first_name);
    user.last_name = id.to_string();
    // Two users may have one address, and a user none.
    user.email = if dice.once_in(6) { String::new() } else { format!("p{}@acme.example", id / 2) };
    user.active = !dice.once_in(6);
    let filled = [
        (1, FieldValue::Chosen(11 + dice.below(3) as u64)),
        (2, FieldValue::Text(format!("202{}-03-01", 4 + dice.below(3)))),
        (3, FieldValue::Text(format!("B-{id}"))),
    ];
    user.fields =
        filled.into_iter().filter(|_| !dice.once_in(3)).map(|(id, value)| (FieldId(id), value)).collect();
    user.branches = (1..=4).filter(|_| dice.once_in(4)).map(BranchId).collect();
    for course in [5, 6].into_iter().filter(|_| dice.once_in(2)).collect::<Vec<_>>() {
        let status = STATUSES[dice.below(STATUSES.len())];
        user.enrollments.push(Enrollment { course: CourseId(course), status });
    }
    user
}

fn group(dice: &mut Dice, (at, name, population): (u64, String, Population), users: &[User]) -> Group {
    let mut group = Group::new(Uuid(format!("{at:08x}-0000-4000-8000-000000000000")), name, population);
    group.description = if dice.once_in(2) { format!("Group {at}") } else { String::new() };
    group.members = users.iter().filter(|_| dice.once_in(4)).map(|user| user.id).collect();
    group
}

/// The username of a user, as a manifest says it.
fn username(id: UserId) -> String {
    format!("p{id}@acme.example")
}

/// What the manifests say of users and groups.
fn wishes(before: &Seed, dice: &mut Dice) -> (String, Automatic) {
    let mut people: Vec<String> =
        before.users.iter().filter(|_| !dice.once_in(6)).map(|user| username(user.id)).collect();
    people.extend((0..dice.below(4)).map(|at| format!("newcomer{at}@acme.example")));
    let mut text = String::from("users:\n");
    let mut there = Vec::new();
    for person in &people {
        let site = SITES[dice.below(SITES.len())];
        let status = status(dice);
        // Nobody is made to be deactivated.
        if !(person.starts_with("newcomer") && status.contains("deactivated")) {
            there.push(person.clone());
        }
        let _ = writeln!(text, "  - {{ email: '{person}', attributes: {{ site: {site} }}{status} }}");
    }
    text += "groups:\n";
    for group in before.groups.iter().filter(|group| group.population == Population::Manual) {
        text += &kept(group, &people, dice).unwrap_or_default();
    }
    for at in 0..=dice.below(3) {
        let _ = write!(text, "  - name: New team {at}\n{}{}", description(dice), members(dice, &[], &people));
    }
    let automatic = Automatic::of(before, &there, dice);
    (text + &automatic.text, automatic)
}

/// Whether a user is to be let in; mostly as it is.
fn status(dice: &mut Dice) -> &'static str {
    match dice.below(10) {
        0 => ", status: deactivated",
        1 => ", status: active",
        _ => "",
    }
}

/// What is to become of a group; nothing of one that no manifest is about.
fn kept(group: &Group, people: &[String], dice: &mut Dice) -> Option<String> {
    let held: Vec<String> = group.members.iter().map(|id| username(*id)).collect();
    let name = &group.name;
    let what = if name == STEADY { 7 } else { dice.below(8) };
    let declared = match what {
        0 | 1 => return None,
        2 => return Some(format!("  - name: {name}\n    state: deleted\n")),
        3 => format!("{name} West\n    formerly: [{name}]"),
        _ => name.clone(),
    };
    Some(format!("  - name: {declared}\n{}{}", description(dice), members(dice, &held, people)))
}

/// What a group is to say of itself: something, nothing, or what it says.
fn description(dice: &mut Dice) -> &'static str {
    ["", "", "    description: Meets on Mondays\n", "    description: ''\n"][dice.below(4)]
}

/// Who is to be in a group that holds some: most of them and some others, those whom a rule finds, or those of another group.
fn members(dice: &mut Dice, held: &[String], people: &[String]) -> String {
    match dice.below(8) {
        0 | 1 => format!("    {}\n", RULES[dice.below(RULES.len())]),
        2 if held.is_empty() => format!("    membersOf: [{STEADY}]\n"),
        _ => {
            let stay = people.iter().filter(|person| held.contains(person) && !dice.once_in(5)).cloned();
            let mut list: Vec<String> = stay.collect();
            list.extend(people.iter().filter(|person| !held.contains(person) && dice.once_in(8)).cloned());
            let quoted: Vec<String> = list.iter().map(|person| format!("'{person}'")).collect();
            format!("    members: [{}]\n", quoted.join(", "))
        }
    }
}
