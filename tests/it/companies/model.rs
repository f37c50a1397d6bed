//! What should an account be in the end? Written from what manifests mean, without a look at how the program comes there.

use std::collections::BTreeSet;

use super::company::{Company, Story, TeamStory};
use super::state::{Person, State, Team};

/// How a company ends.
pub(crate) enum Verdict {
    /// Like this.
    Ends { state: State, approval: bool },
    /// Somebody has to be asked, and nothing is written before.
    Asks(Vec<Question>),
    /// The manifests contradict themselves: an error of this kind.
    IsAnError(&'static str),
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
    let approval = approval(company, &state);
    Verdict::Ends { state, approval }
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
            _ => continue,
        };
        questions.push(Question { code, sides });
    }
    for (name, story) in &company.teams {
        match story {
            TeamStory::Unknown(member) => {
                questions.push(Question { code: "unknown-reference", sides: vec![member.clone()] });
            }
            TeamStory::Emptied => {
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

/// Whether the last group of the HR system would go: an empty set can't be uploaded, whatever empties it.
fn no_hr_group_stays(company: &Company) -> bool {
    let mut hr = company.before.teams.iter().filter(|(_, team)| team.is_hr).peekable();
    let goes =
        |name: &String| matches!(company.teams.get(name), Some(TeamStory::Deleted | TeamStory::Emptied));
    let new = |story: &TeamStory| matches!(story, TeamStory::New { is_hr: true, .. });
    hr.peek().is_some() && hr.all(|(name, _)| goes(name)) && !company.teams.values().any(new)
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
        become_of(&mut end, key, story);
    }
    for (id, person) in &company.newcomers {
        end.people.insert(id.clone(), person.clone());
    }
    for (name, story) in &company.teams {
        match story {
            TeamStory::Members(members) => end.teams.get_mut(name).unwrap().members = members.clone(),
            TeamStory::Joined(members) => {
                end.teams.get_mut(name).unwrap().members.extend(members.iter().cloned())
            }
            TeamStory::Renamed(new) => {
                let team = end.teams.remove(name).unwrap();
                end.teams.insert(new.clone(), team);
            }
            TeamStory::Deleted => drop(end.teams.remove(name)),
            TeamStory::New { is_hr, members } => {
                end.teams.insert(name.clone(), Team { is_hr: *is_hr, members: members.clone() });
            }
            TeamStory::Unknown(_) | TeamStory::Emptied => {}
        }
    }
    end.rules.extend(company.rules_to_come.iter().cloned());
    end.rules.retain(|rule| !company.rules_to_go.contains(rule));
    end
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
    let orders = company.policy.orders
        && company.stories.iter().any(|(key, story)| match story {
            Story::Leaves { .. } => true,
            // An erasure of nothing is done already.
            Story::HistoryGoes => !before.people[key].agents.is_empty(),
            _ => false,
        });
    let untracked = |(key, person): (&String, &Person)| {
        person.tracked && end.people.get(key).is_some_and(|after| !after.tracked)
    };
    let untracking = company.policy.untracking && before.people.iter().any(untracked);
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
        before.people.get(key) != end.people.get(key) || were != teams(end, key)
    });
    orders || untracking || protected
}
