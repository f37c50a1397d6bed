//! Does the file that an apply leaves bring the account back?
//!
//! Where it lists nothing that it can't bring back, and the account did no more than it was asked, it has to be as it was, but for numbers, revisions and who wrote a
//! value; elsewhere it has to be carried out. It stays under limits and protections, so its plan is approved.

use std::collections::BTreeMap;

use rollcall::sandbox::Seed;
use rollcall::sandbox::seed::{GroupId, Sourced, User};

use crate::Checked;
use crate::account::{Account, lines_of};
use crate::case::{Case, Command};
use crate::session::{Scratch, Session, Writes};

/// What stands before the name of the file.
const WAY_BACK: &str = "To go back: rollcall rollback ";
/// What stands below it where something is lost.
const LOST: &str = "It can't bring back ";

/// What is said where the account did what no plan asked for, and so no way back knows of.
const OVERDONE: &str = "more was done than was asked";

/// What marks a value as a temporary.
const TEMPORARY: &str = ".rollcall.invalid";

/// Applies, goes back, and compares.
pub(crate) fn leads_back(case: &Case) -> Checked<()> {
    let scratch = Scratch::of(case)?;
    let session = Session::start(case, &scratch, Writes::AsTheCaseSays)?;
    session.run(Command::Plan, 1)?;
    let applied = session.run(Command::Apply, 1)?;
    let Some(file) = applied.stdout.lines().find_map(|line| line.strip_prefix(WAY_BACK)) else {
        return Ok(());
    };
    let after = session.end();
    let session = Session::resume(case, &scratch, after)?;
    session.go_back(file)?.exits_with(0, "rollback")?;
    session.nothing_to_go_back(file)?;
    let back = as_it_was(&session.end(), &case.seed);
    let before = as_it_was(&case.seed, &case.seed);
    if [LOST, OVERDONE].iter().any(|said| applied.stdout.contains(said)) || back == before {
        return Ok(());
    }
    let (before, back) = (before.join("\n"), back.join("\n"));
    let diff = similar::TextDiff::from_lines(&before, &back);
    let diff = diff.unified_diff().header("before", "after going back").to_string();
    let file = std::fs::read_to_string(scratch.path().join(file))?;
    Err(format!("{diff}\n{file}").into())
}

/// An account as lines: everything that an undo is about, in an order of its own.
fn as_it_was(account: &Account, before: &Account) -> Vec<String> {
    match (account, before) {
        (Account::ActivTrak(account), Account::ActivTrak(before)) => of_activtrak(account, before),
        (Account::Learning(account), _) => lines_of(account),
        (Account::ActivTrak(account), Account::Learning(_)) => of_activtrak(account, account),
    }
}

fn of_activtrak(account: &Seed, before: &Seed) -> Vec<String> {
    let names: BTreeMap<GroupId, &str> =
        account.groups.iter().map(|group| (group.id, group.name.as_str())).collect();
    let name = |id: &GroupId| names.get(id).copied().unwrap_or("?").to_owned();
    let mut lines = Vec::new();
    for user in &account.users {
        let chosen = before.users.iter().find(|was| was.id == user.id).and_then(|was| was.primary_group);
        // Where nobody had chosen one, the account does.
        let chosen = chosen.and_then(|_| user.primary_group.as_ref().map(&name));
        let mut groups: Vec<String> = user.groups.iter().map(name).collect();
        groups.sort_unstable();
        lines.push(format!(
            "user {}: {:?} {:?} tracked {} in {groups:?}, chosen {chosen:?}, agents {:?}",
            user.id,
            user.display_name.as_ref().map(|name| &name.value),
            identifiers(user),
            user.tracked,
            agents(user),
        ));
    }
    let groups = account.groups.iter();
    lines
        .extend(groups.map(|group| format!("group {} {:?} {:?}", group.name, group.source, group.computers)));
    lines.extend(account.exclusions.iter().map(|rule| format!("exclusion {}", rule.login)));
    // What an interrupted run left is read as the value that it stands for, before and after.
    let mut lines: Vec<String> = lines.into_iter().map(|line| line.replace(TEMPORARY, "")).collect();
    lines.sort_unstable();
    lines
}

fn identifiers(user: &User) -> Vec<Vec<String>> {
    let sorted = |values: &[Sourced<String>]| {
        let mut values: Vec<String> = values.iter().map(|it| it.value.clone()).collect();
        values.sort_unstable();
        values
    };
    let mut logins: Vec<String> = user.device_logins.iter().map(|it| it.value.to_string()).collect();
    logins.sort_unstable();
    vec![sorted(&user.upns), sorted(&user.emails), sorted(&user.employee_ids), logins]
}

fn agents(user: &User) -> Vec<u64> {
    let mut agents: Vec<u64> = user.agents.iter().map(|agent| agent.id.0).collect();
    agents.sort_unstable();
    agents
}
