//! What holds for every case, whatever it is about?

use std::thread::sleep;
use std::time::{Duration, Instant};

use rollcall::sandbox::seed::{GroupId, RuleId, UserId};
use rollcall::sandbox::{LoggedRequest, Seed, Setting};
use serde_json::Value;

use crate::Checked;
use crate::account::{Account, lines_of};
use crate::case::{Case, Command, optional};
use crate::session::{Scratch, Session, SetUp, Writes};
use crate::shuffle;

/// Where HR snapshots go.
const UPLOAD: &str = "/hrdc/v2/bulk";
/// How long a pending snapshot may take to settle.
const PATIENCE: Duration = Duration::from_secs(20);

/// A plan says how many requests an apply sends: exactly so many where all is done, and never fewer than are sent. An account
/// that misbehaves makes runs repeat some, and so does an upload: it changes users, and a revision that was read is stale.
pub(crate) fn forecast(case: &Case, scratch: &Scratch, sent: &[LoggedRequest], exit: i32) -> Checked<()> {
    let plan = optional(&scratch.path().join("plan.json"))?;
    if plan.is_empty() || !case.faults.is_empty() {
        return Ok(());
    }
    let plan: Value = serde_json::from_str(&plan)?;
    let uploads = sent.iter().any(|write| write.path == UPLOAD);
    let by = |services: &[&str]| {
        let is_theirs = |path: &str| services.iter().any(|it| path.starts_with(&format!("/{it}/")));
        sent.iter().filter(|write| is_theirs(&write.path)).count()
    };
    let mut total = 0;
    for (family, services) in [
        ("identity", &["identity"][..]),
        ("scim", &["scim"]),
        ("admin", &["admin"]),
        ("hrdc", &["hrdc"]),
        ("learning", &["audiences", "manage"]),
    ] {
        let (said, sent) = (plan["forecast"][family].as_u64().unwrap_or_default(), by(services) as u64);
        total += said;
        if (sent > said && !uploads) || (sent < said && exit == 0) {
            return Err(format!("the plan says about {said} {family} requests, and apply sent {sent}").into());
        }
    }
    if plan["requests"].as_u64().unwrap_or_default() != total {
        return Err(format!("{} requests by family are {total}", plan["requests"]).into());
    }
    Ok(())
}

/// The laws of a second run, by how the first one ended; answers the account after the first.
pub(crate) fn after_apply(
    case: &Case,
    scratch: &Scratch,
    session: Session<'_>,
    exit: i32,
) -> Checked<Account> {
    match exit {
        0 => {
            changes_nothing(&session)?;
            Ok(session.end())
        }
        5 if case.faults.is_empty() => {
            Err("an account that behaves refused what a plan without a blocker asked for".into())
        }
        // What is left of a run is done by the next one, once the account behaves.
        5 => {
            let account = session.end();
            let again = Session::resume(case, scratch, account.clone())?;
            again.run(Command::Apply, 1)?.exits_with(0, "apply after a run that did not finish")?;
            changes_nothing(&again)?;
            Ok(account)
        }
        // Nothing shows what became of it, so it is not sent again before a newer download does.
        6 if case.has_a_download() => {
            let sent = session.writes().len();
            let again = session.run(Command::Apply, 1)?;
            // Where the Admin API is open, the groups that it shows are others than the download has: an error.
            let refusal = if case.settings.has(Setting::AdminClosed) { 3 } else { 1 };
            again.exits_with(refusal, "apply before a newer download")?;
            if session.writes().len() > sent {
                return Err("the snapshot that is not settled was sent again".into());
            }
            Ok(session.end())
        }
        // What is pending comes about by itself; the next run does what waited for it.
        6 => {
            let uploads =
                |session: &Session<'_>| session.writes().iter().filter(|write| write.path == UPLOAD).count();
            session.run(Command::Apply, 1)?.exits_with(6, "apply while a snapshot is pending")?;
            let start = Instant::now();
            while session.run(Command::Plan, 1)?.stdout.contains("HR SNAPSHOT") {
                if start.elapsed() > PATIENCE {
                    return Err("the pending snapshot never came about".into());
                }
                sleep(Duration::from_millis(200));
            }
            session.run(Command::Apply, 1)?.exits_with(0, "apply after a pending snapshot")?;
            if uploads(&session) > 1 {
                return Err("the pending snapshot was sent again".into());
            }
            changes_nothing(&session)?;
            Ok(session.end())
        }
        _ => {
            if let Some(write) = session.writes().first() {
                return Err(format!("exit {exit}, but sent: {} {}", write.method, write.path).into());
            }
            Ok(session.end())
        }
    }
}

/// Plan again is empty; apply again sends no write.
fn changes_nothing(session: &Session<'_>) -> Checked<()> {
    let sent = session.writes().len();
    session.run_with(Command::Plan, 1, &["--detailed-exitcode"])?.exits_with(0, "plan after apply")?;
    session.run(Command::Apply, 1)?.exits_with(0, "apply after apply")?;
    match session.writes().get(sent) {
        None => Ok(()),
        Some(write) => {
            let (method, path, body) = (&write.method, &write.path, &write.body);
            Err(format!("apply after apply sent {method} {path} {body}").into())
        }
    }
}

/// Manifests split into one file per entry, in the opposite order, give the same plan and the same digest; and so does an account
/// that is set up otherwise.
pub(crate) fn shuffled_files_give_the_same_plan(case: &Case) -> Checked<()> {
    let mut plans = Vec::new();
    for (shuffled, set_up) in [(false, SetUp::AsTheCaseSays), (true, SetUp::Otherwise)] {
        let scratch = Scratch::of(case)?.for_account(set_up);
        if shuffled {
            shuffle::split(&scratch.path().join("manifests"))?;
        }
        Session::start(case, &scratch, Writes::Fail)?.run(Command::Plan, 1)?;
        let mut plan: Value = serde_json::from_str(&optional(&scratch.path().join("plan.json"))?)?;
        forget_places(&mut plan);
        // How fast a misbehaving account was says nothing of what is planned.
        if let Some(forecast) = plan["forecast"].as_object_mut().filter(|_| !case.faults.is_empty()) {
            forecast.retain(|key, _| key != "perMinute" && key != "seconds");
        }
        plans.push(plan);
    }
    if plans[0] == plans[1] {
        return Ok(());
    }
    let [straight, shuffled] = [&plans[0], &plans[1]].map(|plan| format!("{plan:#}\n"));
    let diff = similar::TextDiff::from_lines(straight.as_str(), shuffled.as_str());
    Err(format!("{}", diff.unified_diff().header("as committed", "shuffled")).into())
}

/// Where something is said is all that may differ, and the order of what is sorted by that.
fn forget_places(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.remove("origin");
            // The digest of a file is one of its rows in their order.
            for export in members.get_mut("exports").and_then(Value::as_array_mut).into_iter().flatten() {
                export.as_object_mut().map(|export| export.remove("sha256"));
            }
            members.values_mut().for_each(forget_places);
            for by_place in ["blockers", "manual", "notices"] {
                if let Some(Value::Array(elements)) = members.get_mut(by_place) {
                    elements.sort_by_key(Value::to_string);
                }
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(forget_places),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Eight requests at once, to an account that is set up otherwise, leave it as one at a time does, but for the numbers of what is
/// new.
pub(crate) fn eight_at_once_end_alike(case: &Case) -> Checked<()> {
    let mut accounts = Vec::new();
    for (concurrency, set_up) in [(1, SetUp::AsTheCaseSays), (8, SetUp::Otherwise)] {
        let scratch = Scratch::of(case)?.for_account(set_up);
        let session = Session::start(case, &scratch, Writes::AsTheCaseSays)?;
        session.run(Command::Plan, concurrency)?;
        session.run(Command::Apply, concurrency)?.exits_with(0, "apply")?;
        accounts.push(match (session.end(), case.seed.activtrak()) {
            (Account::ActivTrak(account), Some(before)) => {
                vec![format!("{:#?}", renumbered(account, before))]
            }
            (Account::ActivTrak(account), None) => vec![format!("{account:#?}")],
            (Account::Learning(account), _) => lines_of(&account),
        });
    }
    if accounts[0] == accounts[1] {
        return Ok(());
    }
    Err(format!("one at a time: {}\neight at once: {}", accounts[0].join("\n"), accounts[1].join("\n"))
        .into())
}

/// Where an account takes no edit that removes a value by null, an apply says so and does what it can; once it takes them, the next
/// run does the rest.
pub(crate) fn refused_removals_are_said_and_done_later(case: &Case) -> Checked<()> {
    let scratch = Scratch::of(case)?.for_account(SetUp::NoNullEdits);
    let session = Session::start(case, &scratch, Writes::AsTheCaseSays)?;
    session.run(Command::Plan, 1)?;
    session.run(Command::Apply, 1)?.exits_with(5, "apply to an account that refuses what it removes")?;
    let account = session.end();
    let scratch = scratch.for_account(SetUp::AsTheCaseSays);
    let again = Session::resume(case, &scratch, account)?;
    again.run(Command::Apply, 1)?.exits_with(0, "apply once the account takes removals")?;
    changes_nothing(&again)
}

/// The account with what was not in `before` numbered by what it is, not by when it came.
fn renumbered(mut account: Seed, before: &Seed) -> Seed {
    let last = before.groups.iter().map(|group| group.id.0).max().unwrap_or_default();
    account.groups.sort_by_key(|group| (group.id.0.min(last + 1), group.name.clone()));
    let numbers: Vec<(GroupId, GroupId)> = (1..)
        .zip(account.groups.iter().filter(|group| group.id.0 > last))
        .map(|(at, group)| (group.id, GroupId(last + at)))
        .collect();
    let number = |id: GroupId| numbers.iter().find(|(old, _)| *old == id).map_or(id, |(_, new)| *new);
    for group in &mut account.groups {
        group.id = number(group.id);
    }
    let last = before.users.iter().map(|user| user.id.0).max().unwrap_or_default();
    account.users.sort_by_key(|user| {
        (user.id.0.min(last + 1), format!("{:?}", (&user.upns, &user.emails, &user.employee_ids)))
    });
    for (at, user) in (1..).zip(account.users.iter_mut().filter(|user| user.id.0 > last)) {
        user.id = UserId(last + at);
    }
    for user in &mut account.users {
        user.groups.iter_mut().for_each(|group| *group = number(*group));
        user.groups.sort_unstable();
    }
    let last = before.exclusions.iter().map(|rule| rule.id.0).max().unwrap_or_default();
    account.exclusions.sort_by_key(|rule| (rule.id.0.min(last + 1), rule.login.to_string()));
    for (at, rule) in (1..).zip(account.exclusions.iter_mut().filter(|rule| rule.id.0 > last)) {
        rule.id = RuleId(last + at);
    }
    account
}
