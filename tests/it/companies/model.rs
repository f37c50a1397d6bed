//! What should an account be in the end? Written from what manifests mean, without a look at how the program comes there.

use std::collections::{BTreeMap, BTreeSet};

use super::company::{Asks, Company, Story, TeamStory};
use super::state::{Person, State, Team};

/// How a company ends.
pub(crate) enum Verdict {
    /// Like this.
    Ends { state: State, wants: Wants },
    /// Somebody has to be asked, and nothing is written before.
    Asks(Vec<Question>),
    /// The manifests contradict themselves: an error of this kind.
    IsAnError(&'static str),
}

/// What has to be said before something is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wants {
    Nothing,
    Approval,
}

/// A question.
#[derive(Debug)]
pub(crate) struct Question {
    /// The kind of the blocker.
    pub(crate) code: &'static str,
    /// What it has to show: both sides.
    pub(crate) sides: Vec<String>,
}

pub(crate) fn verdict(company: &Company) -> Verdict {
    let error = company.stories.values().find_map(|story| match story {
        Story::LeavesSomeDay => Some("order-in-future"),
        _ => None,
    });
    if let Some(code) = error {
        return Verdict::IsAnError(code);
    }
    let questions = questions(company);
    if !questions.is_empty() {
        return Verdict::Asks(questions);
    }
    let state = end(company);
    let wants = if approval(company, &state) { Wants::Approval } else { Wants::Nothing };
    Verdict::Ends { state, wants }
}

fn questions(company: &Company) -> Vec<Question> {
    let mut questions = Vec::new();
    for (key, story) in &company.stories {
        let person = &company.before.people[key];
        let upn = person.upns.first().cloned().unwrap_or_default();
        let (code, sides) = match story {
            Story::TakenOver { name, .. } => ("takeover", vec![name.clone(), person.name.clone()]),
            Story::LeavesUnderAnotherId(id) => ("unsure-order", vec![id.clone(), person.name.clone()]),
            Story::NamedAs(other) => ("value-taken", vec![upn, company.before.people[other].name.clone()]),
            Story::Stopped => ("exclusion-hits-tracked", vec![stopping(person), person.name.clone()]),
            Story::Leaves { .. } | Story::HistoryGoes => {
                let merged = person.agents.iter().find(|agent| company.merging.contains(*agent));
                let Some(agent) = merged else { continue };
                ("unsure-order", vec![agent.clone(), person.name.clone()])
            }
            _ => continue,
        };
        questions.push(Question { code, sides });
    }
    questions.extend(stays_blocked(company));
    if let Some(stranger) = company.export.as_ref().and_then(|export| export.stranger.clone()) {
        questions.push(Question { code: "unmatched-row", sides: vec![stranger] });
    }
    for (name, story) in &company.teams {
        match story {
            TeamStory::Unknown(member) => {
                questions.push(Question { code: "unknown-reference", sides: vec![member.clone()] });
            }
            TeamStory::Emptied if !holds_somebody_asked_about(company, name) => {
                questions.push(Question { code: "empty-hr-group", sides: vec![name.clone()] });
            }
            _ => {}
        }
    }
    if no_hr_group_stays(company) {
        questions.retain(|question| question.code != "empty-hr-group");
        questions.push(Question { code: "empty-set", sides: Vec::new() });
    }
    questions
}

/// Whoever leaves and stays blocked by a name that somebody declared tracked has too.
fn stays_blocked(company: &Company) -> Vec<Question> {
    let end = end(company);
    let tracked = declared_tracked(company).into_iter().map(|key| &end.people[&key]);
    let tracked: Vec<&Person> = tracked.collect();
    let mut questions = Vec::new();
    for (key, story) in &company.stories {
        let Story::Leaves { unblocked: false } = story else { continue };
        let leaver = &company.before.people[key];
        // What is being merged goes nowhere, and blocks by itself.
        if leaver.agents.iter().any(|agent| company.merging.contains(agent)) {
            continue;
        }
        let left = rules_on(leaver);
        let other = tracked.iter().find(|other| rules_on(other).iter().any(|rule| left.contains(rule)));
        questions.extend(other.map(|other| Question {
            code: "stays-blocked",
            sides: vec![leaver.name.clone(), other.name.clone()],
        }));
        let absent = company.rules_to_go.intersection(&left).next();
        questions.extend(
            absent.map(|rule| Question {
                code: "stays-blocked",
                sides: vec![leaver.name.clone(), rule.clone()],
            }),
        );
    }
    questions
}

/// Whom the manifests declare tracked.
fn declared_tracked(company: &Company) -> Vec<String> {
    let stories = company.stories.iter().filter(|(_, story)| matches!(story, Story::Tracked(true)));
    let newcomers = company.newcomers.iter().filter(|(_, person)| person.tracked);
    stories.map(|(key, _)| key.clone()).chain(newcomers.map(|(key, _)| key.clone())).collect()
}

/// The rules that somebody's identifiers make, an address by its name.
fn rules_on(person: &Person) -> BTreeSet<String> {
    let addresses = person.upns.iter().chain(&person.emails);
    let rules = addresses.map(|address| format!("*\\{}", name_in(address)));
    rules.chain(person.logins.iter().cloned()).collect()
}

/// Whether a group has a member of whom it is asked who they are: such a one leaves no group meanwhile.
fn holds_somebody_asked_about(company: &Company, name: &str) -> bool {
    let members = company.before.teams.get(name).into_iter().flat_map(|team| &team.members);
    let mut stories = members.filter_map(|key| company.stories.get(key));
    stories.any(|story| matches!(story, Story::TakenOver { .. }))
}

/// Whether the last group of the HR system would go: an empty set can't be uploaded, whatever empties it.
fn no_hr_group_stays(company: &Company) -> bool {
    let mut hr = company.before.teams.iter().filter(|(_, team)| team.is_hr).peekable();
    let goes = |name: &String| match company.teams.get(name) {
        Some(TeamStory::Deleted) => true,
        Some(TeamStory::Emptied) => !holds_somebody_asked_about(company, name),
        _ => false,
    };
    let new = |story: &TeamStory| matches!(story, TeamStory::New { is_hr: true, .. });
    company.export.is_none()
        && hr.peek().is_some()
        && hr.all(|(name, _)| goes(name))
        && !company.teams.values().any(new)
}

/// The rule that would stop somebody.
pub(crate) fn stopping(person: &Person) -> String {
    format!("*\\{}", name_in(person.upns.first().unwrap()))
}

fn name_in(address: &str) -> &str {
    address.split_once('@').map_or(address, |(name, _)| name)
}

fn end(company: &Company) -> State {
    let mut end = company.before.clone();
    for (key, story) in &company.stories {
        let waits = matches!(story, Story::TakesAgent(agent) if company.merging.contains(agent));
        if !waits {
            become_of(&mut end, key, story);
        }
    }
    let (lifted, spared) = (lifted(company), spared(company, &end));
    end.rules.retain(|rule| {
        !company.before.rules.contains(rule) || !lifted.contains(rule) || spared.contains(rule)
    });
    for (id, person) in &company.newcomers {
        end.people.insert(id.clone(), person.clone());
    }
    for (name, story) in &company.teams {
        match story {
            TeamStory::Members(members) => end.teams.get_mut(name).unwrap().members.clone_from(members),
            TeamStory::Joined(members) => {
                end.teams.get_mut(name).unwrap().members.extend(members.iter().cloned());
            }
            TeamStory::Renamed(new) => {
                let team = end.teams.remove(name).unwrap();
                end.teams.insert(new.clone(), team);
            }
            TeamStory::Deleted => drop(end.teams.remove(name)),
            TeamStory::New { is_hr, members } => {
                end.teams.insert(name.clone(), Team { is_hr: *is_hr, members: members.clone() });
            }
            TeamStory::OfFloor | TeamStory::Called(_) => {
                let people = end.people.iter().filter(|(key, person)| match story {
                    TeamStory::Called(start) => person.name.starts_with(start),
                    _ => company.floor.contains(*key),
                });
                let members = people.map(|(key, _)| key.clone()).collect();
                let is_hr = end.teams.get(name).is_some_and(|team| team.is_hr);
                end.teams.insert(name.clone(), Team { is_hr, members });
            }
            TeamStory::Unknown(_) | TeamStory::Emptied => {}
        }
    }
    for (site, members) in sites(company) {
        end.teams.insert(site, Team { is_hr: true, members });
    }
    for key in declared_tracked(company) {
        let own = end.people.get(&key).map(rules_on).unwrap_or_default();
        end.rules.retain(|rule| !own.contains(rule));
    }
    end.rules.extend(company.rules_to_come.iter().cloned());
    end.rules.retain(|rule| !company.rules_to_go.contains(rule));
    end
}

/// Who sits at each site that the export names.
fn sites(company: &Company) -> BTreeMap<String, BTreeSet<String>> {
    let mut sites = BTreeMap::<String, BTreeSet<String>>::new();
    for (key, site) in company.export.iter().flat_map(|export| &export.rows) {
        sites.entry(site.clone()).or_default().insert(key.clone());
    }
    sites
}

/// The rules that leavers are freed of.
fn lifted(company: &Company) -> BTreeSet<String> {
    let freed =
        company.stories.iter().filter(|(_, story)| matches!(story, Story::Leaves { unblocked: true }));
    freed.flat_map(|(key, _)| rules_on(&company.before.people[key])).collect()
}

/// The rules that somebody else stays blocked by in the end.
fn spared(company: &Company, end: &State) -> BTreeSet<String> {
    let leavers =
        company.stories.iter().filter(|(_, story)| matches!(story, Story::Leaves { unblocked: false }));
    let leavers = leavers.map(|(key, _)| &company.before.people[key]);
    let untracked = end.people.values().chain(company.newcomers.values()).filter(|person| !person.tracked);
    leavers.chain(untracked).flat_map(rules_on).collect()
}

/// The agents of which something is collected.
fn collected(state: &State) -> BTreeSet<&String> {
    let untracked = state.people.values().filter(|person| !person.tracked);
    let rules: BTreeSet<String> = untracked.flat_map(rules_on).chain(state.rules.iter().cloned()).collect();
    let is_stopped = |agent: &String| {
        let (_, name) = agent.split_once('\\').unwrap();
        rules.contains(agent) || rules.contains(&format!("*\\{name}"))
    };
    let tracked = state.people.values().filter(|person| person.tracked);
    tracked.flat_map(|person| &person.agents).filter(|agent| !is_stopped(agent)).collect()
}

fn become_of(end: &mut State, key: &str, story: &Story) {
    if let Story::TakesAgent(agent) = story {
        for person in end.people.values_mut() {
            person.agents.remove(agent);
        }
    }
    let person = end.people.get_mut(key).unwrap();
    match story {
        Story::Renamed(name) => person.name.clone_from(name),
        Story::Marries { name, email } => {
            person.name.clone_from(name);
            person.emails.insert(email.clone());
        }
        Story::Reborn { name, address } => {
            person.name.clone_from(name);
            person.upns = BTreeSet::from([address.clone()]);
            person.emails = BTreeSet::from([address.clone()]);
        }
        Story::Upns(upns) => person.upns.clone_from(upns),
        Story::Emails(emails) => person.emails.clone_from(emails),
        Story::Sole(upn) => person.upns = BTreeSet::from([upn.clone()]),
        Story::EmployeeId(id) => person.employee_ids = BTreeSet::from([id.clone()]),
        Story::Login(login) => drop(person.logins.insert(login.clone())),
        Story::Tracked(tracked) => person.tracked = *tracked,
        Story::TakesAgent(agent) => drop(person.agents.insert(agent.clone())),
        Story::Releases(email) => drop(person.emails.remove(email)),
        Story::HistoryGoes => {
            let agents = std::mem::take(&mut person.agents);
            person.erased.extend(agents);
        }
        Story::Leaves { unblocked } => {
            let gone = end.people.remove(key).unwrap();
            for team in end.teams.values_mut() {
                team.members.remove(key);
            }
            if !unblocked {
                let addresses = gone.upns.iter().chain(&gone.emails);
                end.rules.extend(addresses.map(|address| format!("*\\{}", name_in(address))));
                end.rules.extend(gone.logins);
            }
        }
        _ => {}
    }
}

/// Whether somebody has to say yes first.
fn approval(company: &Company, end: &State) -> bool {
    let before = &company.before;
    let asks = |what| company.policy.asks.contains(&what);
    let orders = asks(Asks::Orders)
        && company.stories.iter().any(|(key, story)| match story {
            Story::Leaves { .. } => true,
            // An erasure of nothing is done already.
            Story::HistoryGoes => !before.people[key].agents.is_empty(),
            _ => false,
        });
    let untracked = |(key, person): (&String, &Person)| {
        person.tracked && end.people.get(key).is_some_and(|after| !after.tracked)
    };
    // Agents that are there before and after, and of which nothing is collected any more; or again.
    let (was, will) = (collected(before), collected(end));
    let agents = |state: &State| -> BTreeSet<String> {
        state.people.values().flat_map(|person| person.agents.iter().cloned()).collect()
    };
    let stay: BTreeSet<String> = agents(before).intersection(&agents(end)).cloned().collect();
    let turned = |agent: &String| stay.contains(agent) && was.contains(agent) != will.contains(agent);
    let stops = stay.iter().any(|agent| turned(agent) && was.contains(agent));
    let untracking = asks(Asks::Untracking) && (before.people.iter().any(untracked) || stops);
    let both = || before.people.iter().filter_map(|(key, person)| Some((person, end.people.get(key)?)));
    let renames = asks(Asks::Renames) && both().any(|(person, after)| person.name != after.name);
    let changes = |was: &BTreeSet<String>, will: &BTreeSet<String>| !was.is_empty() && was != will;
    let identifiers = asks(Asks::Identifiers)
        && both().any(|(person, after)| {
            changes(&person.upns, &after.upns)
                || changes(&person.emails, &after.emails)
                || changes(&person.employee_ids, &after.employee_ids)
                || !person.logins.is_subset(&after.logins)
        });
    let shrinks = company.export.as_ref().is_some_and(|export| export.shrinks)
        && sites(company).iter().any(|(site, members)| {
            let left = |key: &String| !members.contains(key) && end.people.contains_key(key);
            before.teams.get(site).is_some_and(|team| team.members.iter().any(left))
        });
    let teams = |state: &State, key: &str| -> BTreeSet<String> {
        let of = state.teams.iter().filter(|(_, team)| team.members.contains(key));
        of.map(|(name, _)| name.clone()).collect()
    };
    // A group that is called otherwise is the same group.
    let called = |name: String| match company.teams.get(&name) {
        Some(TeamStory::Renamed(new)) => new.clone(),
        _ => name,
    };
    let protected = company.policy.protected.as_ref().is_some_and(|key| {
        let were: BTreeSet<String> = teams(before, key).into_iter().map(called).collect();
        let of =
            |state: &State| state.people.get(key).map(|person| person.agents.clone()).unwrap_or_default();
        before.people.get(key) != end.people.get(key)
            || were != teams(end, key)
            || of(before).union(&of(end)).any(turned)
    });
    orders || untracking || renames || identifiers || shrinks || protected
}
