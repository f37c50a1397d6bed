//! Which company does a seed make? What everybody is, and what is to become of them, in the words of people, not of manifests.

use std::collections::{BTreeMap, BTreeSet};

use crate::dice::Dice;

use super::state::{Person, State, Team};

/// An account, and what is wished of it.
pub(crate) struct Company {
    pub(crate) before: State,
    /// Whoever is not in it is mentioned by nothing.
    pub(crate) stories: BTreeMap<String, Story>,
    /// New people by employee ID.
    pub(crate) newcomers: BTreeMap<String, Person>,
    pub(crate) teams: BTreeMap<String, TeamStory>,
    pub(crate) rules_to_come: BTreeSet<String>,
    pub(crate) rules_to_go: BTreeSet<String>,
    /// Agents that the account is merging.
    pub(crate) merging: BTreeSet<String>,
    /// Who is on the floor that a rule of a group asks for, as their entries say.
    pub(crate) floor: BTreeSet<String>,
    pub(crate) export: Option<Export>,
    pub(crate) policy: Policy,
}

/// A file of the HR system: who sits at which site.
pub(crate) struct Export {
    /// Whoever counts, and their site.
    pub(crate) rows: Vec<(String, String)>,
    /// Whoever is left out by their status, and their site.
    pub(crate) gone: Vec<(String, String)>,
    /// A number that nobody has.
    pub(crate) stranger: Option<String>,
    /// Whether anybody who leaves a site asks for an approval.
    pub(crate) shrinks: bool,
}

/// What the policy asks an approval for.
pub(crate) struct Policy {
    pub(crate) asks: BTreeSet<Asks>,
    /// Whatever is done to this person.
    pub(crate) protected: Option<String>,
}

/// What a limit asks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Asks {
    /// Orders, as it does unless it says otherwise.
    Orders,
    /// Whoever is tracked no longer.
    Untracking,
    /// Whoever is called otherwise.
    Renames,
    /// Whoever loses an identifier, or gets one more.
    Identifiers,
}

impl Asks {
    const ALL: [Asks; 4] = [Asks::Orders, Asks::Untracking, Asks::Renames, Asks::Identifiers];
}

/// What is to become of somebody.
pub(crate) enum Story {
    /// Nothing new; the manifests say so.
    Stays,
    Renamed(String),
    /// A new name and a new address; the old ones are kept.
    Marries {
        name: String,
        email: String,
    },
    /// Name and addresses change, and only `formerly` says who it was.
    Reborn {
        name: String,
        address: String,
    },
    /// These and no others.
    Upns(BTreeSet<String>),
    /// These and no others.
    Emails(BTreeSet<String>),
    EmployeeId(String),
    /// The one identifier that they have goes to somebody else, and this one comes.
    Sole(String),
    Login(String),
    Tracked(bool),
    /// Takes an agent over from somebody.
    TakesAgent(String),
    /// Gives an address up.
    Releases(String),
    Leaves {
        unblocked: bool,
    },
    HistoryGoes,
    /// A newcomer's entry has an address of theirs, and they don't give it up.
    TakenOver {
        by: String,
        name: String,
        email: String,
    },
    /// Somebody of this name is to leave, and the manifests give an employee ID that is another's or nobody's.
    LeavesUnderAnotherId(String),
    /// Is to be called as somebody else is and stays.
    NamedAs(String),
    /// A rule is to stop whoever is tracked.
    Stopped,
    /// Is to leave on a day to come.
    LeavesSomeDay,
}

/// What is to become of a group.
pub(crate) enum TeamStory {
    Members(BTreeSet<String>),
    /// The same, and more.
    Joined(BTreeSet<String>),
    Renamed(String),
    Deleted,
    New {
        is_hr: bool,
        members: BTreeSet<String>,
    },
    /// Whoever is on the floor.
    OfFloor,
    /// Whoever's name begins like this.
    Called(String),
    /// Somebody is a member whom nobody knows.
    Unknown(String),
    /// Everybody is to leave a group of the HR system.
    Emptied,
}

/// Somebody to whom nothing happens, in every group.
pub(crate) const STEADY: &str = "#1";
/// What several people are called before the `@`, each at a shop of their own.
const NAMESAKE: &str = "sam";

impl Company {
    pub(crate) fn of(seed: u64) -> Company {
        let mut dice = Dice::of(seed ^ 0x00c0_ba51);
        let mut before = before(&mut dice);
        before.rules.extend(dice.once_in(3).then(|| format!("*\\{NAMESAKE}")));
        let agents = before.people.values().flat_map(|person| &person.agents);
        let merging = agents.filter(|_| dice.once_in(12)).cloned().collect();
        let has_id = |key: &&String| !before.people[*key].employee_ids.is_empty();
        let free = before.people.keys().filter(|key| *key != STEADY).filter(has_id).cloned().collect();
        let asks = Asks::ALL.into_iter().filter(|_| dice.once_in(4)).collect();
        let policy = Policy { asks, protected: None };
        let mut company = Company {
            before,
            stories: BTreeMap::new(),
            newcomers: BTreeMap::new(),
            teams: BTreeMap::new(),
            rules_to_come: BTreeSet::new(),
            rules_to_go: BTreeSet::new(),
            merging,
            floor: BTreeSet::new(),
            export: None,
            policy,
        };
        company.people(&mut dice, free);
        company.floor = company.on_the_floor(&mut dice);
        company.team_stories(&mut dice);
        company.rules(&mut dice);
        if dice.once_in(2) {
            company.export = Some(company.export(&mut dice));
        }
        if dice.once_in(4) {
            let protected = format!("#{}", 1 + dice.below(company.before.people.len()));
            let is_clear = !matches!(company.stories.get(&protected), Some(Story::LeavesUnderAnotherId(_)));
            company.policy.protected = is_clear.then_some(protected);
        }
        company
    }

    /// One story for most, taken from those whom no other story is about.
    fn people(&mut self, dice: &mut Dice, mut free: Vec<String>) {
        for at in 0..dice.below(4) {
            let newcomer = newcomer(at, dice);
            self.newcomers.insert(newcomer.employee_ids.first().unwrap().clone(), newcomer);
        }
        if dice.once_in(4)
            && let Some(key) = dice.draw(&mut free)
        {
            let question = self.question(dice, &key);
            self.stories.insert(key, question);
        }
        for _ in 0..dice.below(3) {
            self.circle(dice, &mut free);
        }
        self.sole_circle(dice);
        while let Some(key) = dice.draw(&mut free) {
            if let Some(story) = self.story(dice, &key, &mut free) {
                self.stories.insert(key, story);
            }
        }
    }

    /// Names, UPNs or emails go round among two to four.
    fn circle(&mut self, dice: &mut Dice, free: &mut Vec<String>) {
        let ring: Vec<String> = (0..2 + dice.below(3)).filter_map(|_| dice.draw(free)).collect();
        let what = dice.below(3);
        for (at, key) in ring.iter().enumerate() {
            let next = &self.before.people[&ring[(at + 1) % ring.len()]];
            let story = match what {
                0 => Story::Renamed(next.name.clone()),
                1 => Story::Upns(next.upns.clone()),
                _ => Story::Emails(next.emails.clone()),
            };
            self.stories.insert(key.clone(), story);
        }
    }

    /// The only identifiers go round among two to five.
    fn sole_circle(&mut self, dice: &mut Dice) {
        let ring: Vec<String> = self.before.people.keys().filter(|key| !self.has_id(key)).cloned().collect();
        if ring.len() < 2 || dice.once_in(3) {
            return;
        }
        for (at, key) in ring.iter().enumerate() {
            let next = &self.before.people[&ring[(at + 1) % ring.len()]];
            let story = Story::Sole(next.upns.first().unwrap().clone());
            self.stories.insert(key.clone(), story);
        }
    }

    /// Whether the files of the HR system can name somebody.
    fn has_id(&self, key: &str) -> bool {
        self.before.people.get(key).is_none_or(|person| !person.employee_ids.is_empty())
    }

    fn story(&mut self, dice: &mut Dice, key: &str, free: &mut Vec<String>) -> Option<Story> {
        let person = &self.before.people[key];
        let number = key.trim_start_matches('#');
        Some(match dice.below(18) {
            0 | 1 => return None,
            2 => Story::Renamed(format!("Renamed {number}")),
            3 => Story::Marries { name: format!("Wed {number}"), email: format!("wed{number}@mail.example") },
            4 => Story::Reborn {
                name: format!("Reborn {number}"),
                address: format!("reborn{number}@acme.example"),
            },
            5 => {
                let more = format!("more{number}@mail.example");
                Story::Emails(person.emails.iter().cloned().chain([more]).collect())
            }
            6 => Story::Emails(BTreeSet::new()),
            7 => Story::Upns(
                person.upns.iter().cloned().chain([format!("second{number}@acme.example")]).collect(),
            ),
            8 if !person.emails.is_empty() => Story::EmployeeId(format!("F{number}")),
            9 => Story::Login(format!("ACME\\extra{number}")),
            10 => Story::Tracked(!person.tracked),
            11 => Story::Tracked(true),
            12 => {
                let giver = dice.draw(free)?;
                let agent = self.before.people[&giver].agents.first().cloned();
                agent.map_or(Story::Stays, Story::TakesAgent)
            }
            13 => match person.emails.first().cloned() {
                Some(email) => {
                    let id = format!("T{number}");
                    let heir = Person {
                        name: format!("Heir {number}"),
                        emails: BTreeSet::from([email.clone()]),
                        employee_ids: BTreeSet::from([id.clone()]),
                        tracked: true,
                        ..Person::default()
                    };
                    self.newcomers.insert(id, heir);
                    Story::Releases(email)
                }
                None => Story::Stays,
            },
            14 => Story::Leaves { unblocked: false },
            15 => Story::Leaves { unblocked: true },
            16 => Story::HistoryGoes,
            _ => Story::Stays,
        })
    }

    /// What can't be done without a word.
    fn question(&self, dice: &mut Dice, key: &str) -> Story {
        let person = &self.before.people[key];
        match (dice.below(5), person.emails.first()) {
            (0, Some(email)) => Story::TakenOver {
                by: "Z1".to_owned(),
                name: "Zoe Stranger".to_owned(),
                email: email.clone(),
            },
            (1, _) => Story::LeavesUnderAnotherId("E9999".to_owned()),
            (2, _) => Story::NamedAs(STEADY.to_owned()),
            (3, _) if person.tracked => Story::Stopped,
            _ => Story::LeavesSomeDay,
        }
    }

    /// Whether somebody is still there when all is done, and not in question.
    fn stays(&self, key: &str) -> bool {
        !matches!(
            self.stories.get(key),
            Some(
                Story::Leaves { .. }
                    | Story::TakenOver { .. }
                    | Story::LeavesUnderAnotherId(_)
                    | Story::LeavesSomeDay
            )
        )
    }

    fn team_stories(&mut self, dice: &mut Dice) {
        let known = self.before.people.keys().filter(|key| self.stays(key));
        let anybody: Vec<String> = known.chain(self.newcomers.keys()).cloned().collect();
        let some = |dice: &mut Dice, of: &[String]| {
            let mut some: BTreeSet<String> = of.iter().filter(|_| dice.once_in(3)).cloned().collect();
            some.insert(STEADY.to_owned());
            some
        };
        let with_ids: Vec<String> = anybody.iter().filter(|key| self.has_id(key)).cloned().collect();
        for (name, team) in self.before.teams.iter().filter(|(name, _)| !name.starts_with(SITE)) {
            let anybody = if team.is_hr { &with_ids } else { &anybody };
            let story = match dice.below(12) {
                0..3 => continue,
                3 => TeamStory::Deleted,
                4 if !team.is_hr => TeamStory::Renamed(format!("{name} West")),
                5 if dice.once_in(6) => TeamStory::Unknown("nobody-knows@acme.example".to_owned()),
                6 if team.is_hr && dice.once_in(2) => TeamStory::Emptied,
                7 | 8 => TeamStory::Joined(some(dice, anybody)),
                9 if !team.is_hr => rule(dice),
                _ => TeamStory::Members(some(dice, anybody)),
            };
            self.teams.insert(name.clone(), story);
        }
        if dice.once_in(4) {
            self.teams.insert("New by rule".to_owned(), rule(dice));
        }
        for at in 0..dice.below(3) {
            let is_hr = dice.once_in(2);
            let members = some(dice, if is_hr { &with_ids } else { &anybody });
            self.teams.insert(format!("New {at}"), TeamStory::New { is_hr, members });
        }
    }

    /// Some of those who have an entry, and who stay.
    fn on_the_floor(&self, dice: &mut Dice) -> BTreeSet<String> {
        let entries = self.stories.keys().filter(|key| self.stays(key));
        let some: Vec<&String> = entries.chain(self.newcomers.keys()).collect();
        let mut floor: BTreeSet<String> = some.into_iter().filter(|_| dice.once_in(2)).cloned().collect();
        floor.insert(STEADY.to_owned());
        floor
    }

    /// A row for most of those whose number stays theirs.
    fn export(&self, dice: &mut Dice) -> Export {
        let settled = |key: &&String| {
            let story = self.stories.get(*key);
            self.stays(key)
                && self.has_id(key)
                && !matches!(story, Some(Story::Reborn { .. } | Story::HistoryGoes))
        };
        let (mut rows, mut gone) = (Vec::new(), Vec::new());
        for key in self.before.people.keys().filter(settled).chain(self.newcomers.keys()) {
            let row = (key.clone(), format!("{SITE} {}", 1 + dice.below(3)));
            match dice.below(6) {
                0 => {}
                1 if !self.newcomers.contains_key(key) && key != STEADY => gone.push(row),
                _ => rows.push(row),
            }
        }
        rows.push((STEADY.to_owned(), format!("{SITE} 1")));
        let stranger = dice.once_in(12).then(|| "E7777".to_owned());
        Export { rows, gone, stranger, shrinks: dice.once_in(2) }
    }

    fn rules(&mut self, dice: &mut Dice) {
        for at in 0..dice.below(3) {
            let domain = if dice.once_in(2) { "*" } else { "ACME" };
            self.rules_to_come.insert(format!("{domain}\\kiosk-{at}"));
        }
        self.rules_to_go = self.before.rules.iter().filter(|_| dice.once_in(3)).cloned().collect();
    }
}

/// The sites of the export are HR groups of this name and a number.
const SITE: &str = "Site";

fn rule(dice: &mut Dice) -> TeamStory {
    if dice.once_in(2) { TeamStory::OfFloor } else { TeamStory::Called("Person 1".to_owned()) }
}

fn before(dice: &mut Dice) -> State {
    let mut state = State::default();
    for number in 1..=6 + dice.below(14) {
        state.people.insert(format!("#{number}"), person(dice, number));
    }
    let everybody: Vec<String> = state.people.keys().cloned().collect();
    let known = state.people.len();
    for number in (known + 1..=known + 5).take(if dice.once_in(2) { 0 } else { dice.below(6) }) {
        state.people.insert(format!("#{number}"), sole(dice, number));
    }
    for (kind, count) in [("Team", 1 + dice.below(3)), ("Office", dice.below(3)), (SITE, dice.below(3))] {
        for at in 1..=count {
            let mut members: BTreeSet<String> =
                everybody.iter().filter(|_| dice.once_in(3)).cloned().collect();
            members.insert(STEADY.to_owned());
            state.teams.insert(format!("{kind} {at}"), Team { is_hr: kind != "Team", members });
        }
    }
    state.rules = (0..dice.below(4)).map(|at| format!("*\\svc-{at}")).collect();
    state
}

fn person(dice: &mut Dice, number: usize) -> Person {
    let mut person = plain(dice, number);
    if dice.once_in(4) {
        person.emails.insert(format!("{NAMESAKE}@shop{number}.example"));
    }
    if dice.once_in(8) {
        person.agents.insert(format!("LAB{number}\\{NAMESAKE}"));
    }
    person
}

fn plain(dice: &mut Dice, number: usize) -> Person {
    Person {
        name: format!("Person {number}"),
        upns: BTreeSet::from([format!("p{number}@acme.example")]),
        emails: (0..dice.below(3)).map(|at| format!("p{number}.{at}@mail.example")).collect(),
        employee_ids: BTreeSet::from([format!("E{number:04}")]),
        logins: (0..dice.below(2)).map(|_| format!("ACME\\login{number}")).collect(),
        tracked: number == 1 || !dice.once_in(5),
        agents: (0..dice.below(3)).map(|at| format!("ACME\\ws{number}x{at}")).collect(),
        erased: BTreeSet::new(),
    }
}

/// Somebody with one identifier and no more.
fn sole(dice: &mut Dice, number: usize) -> Person {
    Person {
        name: format!("Sole {number}"),
        upns: BTreeSet::from([format!("sole{number}@acme.example")]),
        tracked: !dice.once_in(5),
        agents: (0..dice.below(2)).map(|at| format!("ACME\\ws{number}x{at}")).collect(),
        ..Person::default()
    }
}

fn newcomer(at: usize, dice: &mut Dice) -> Person {
    Person {
        name: format!("Newcomer {at}"),
        upns: BTreeSet::from([format!("newcomer{at}@acme.example")]),
        employee_ids: BTreeSet::from([format!("N{at}")]),
        tracked: dice.once_in(2),
        ..Person::default()
    }
}
