//! Does an import of the account leave nothing to do?
//!
//! Of every account that a plan can be made of, whatever the manifests of its case say: what `import` writes is planned to be
//! nothing, the same account gives the same files again, nothing is sent but reads, what is in no manifest is in the report, and a sandbox that
//! starts from what `import --sandbox` saves reads as the account did.

use std::fs;
use std::path::Path;

use rollcall::sandbox::docebo;
use rollcall::sandbox::seed::{Agent, Sourced, User};

use crate::Checked;
use crate::account::Account;
use crate::case::{Case, entries};
use crate::session::{Scratch, Session, Writes};

/// Imports, plans what was written, and imports again.
pub(crate) fn is_equal(case: &Case) -> Checked<()> {
    let scratch = Scratch::of(case)?;
    let session = Session::start(case, &scratch, Writes::Fail)?;
    let imported = session.import("imported")?.exits_with(0, "import")?;
    let plan = session.plan_of("imported")?;
    let [first, again] = ["imported", "again"].map(|name| scratch.path().join(name));
    if plan.exit != 0 || !plan.stdout.contains("No changes.") {
        return Err(format!("{}\n{}\n{}", imported.transcript(), plan.transcript(), texts(&first)?).into());
    }
    whole(case, &texts(&first)?, &imported.stdout)?;
    session.import("again")?.exits_with(0, "import again")?;
    if texts(&first)? != texts(&again)?.replace("name: again", "name: imported") {
        return Err("two imports of one account differ".into());
    }
    let saved = session.save("seed.json")?.exits_with(0, "import --sandbox")?;
    if let Some(write) = session.writes().first() {
        return Err(format!("import sent a write: {} {}", write.method, write.path).into());
    }
    let seed = Account::load(&scratch.path().join("seed.json"))?;
    let rehearsed = Session::resume(case, &scratch, seed)?.import("rehearsed")?.exits_with(0, "rehearsal")?;
    let readings = [&imported, &saved, &rehearsed].map(|ran| ran.stdout.lines().last().unwrap_or_default());
    // A sandbox has no groups of a kind that nobody knows, and none that fills itself by rules that are not read; the report says so.
    let is_strange = saved.stdout.contains(" of the type ") || saved.stdout.contains(" fills itself ");
    if !is_strange
        && readings.iter().any(|reading| *reading != readings[0] || !reading.starts_with("reading "))
    {
        return Err(format!("what was saved is not what was read: {readings:?}\n{}", saved.stdout).into());
    }
    Ok(())
}

/// Whether each value of the account is in the files, or the report says that it is not.
fn whole(case: &Case, files: &str, report: &str) -> Checked<()> {
    let seed = match &case.seed {
        Account::ActivTrak(seed) => seed,
        Account::Learning(seed) => return whole_tenant(seed, &format!("{files}\n{report}")),
    };
    let files = unescaped(files);
    let report = report.split_whitespace().collect::<Vec<_>>().join(" ");
    let missing = |topic: &str, value: &str| {
        let value = value.trim();
        // What the report writes out is compared by the plan alone.
        let is_plain = value.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
        let said = files.contains(value) || report.contains(value);
        is_plain && !said && !report.contains(&format!("not seen: {topic} "))
    };
    let mut lost: Vec<String> = Vec::new();
    for user in &seed.users {
        let values = values(user);
        let shown = values.first().map_or("", |(_, value)| value);
        let is_told = |topic: &str| {
            let of_list = format!("the {} of {shown}", topic.trim_end_matches(" beyond the first"));
            report.contains(&format!("· {shown}")) || report.contains(&of_list)
        };
        let lacking = values.iter().filter(|(topic, value)| missing(topic, value) && !is_told(topic));
        lost.extend(lacking.map(|(_, value)| value.clone()));
    }
    lost.extend(seed.groups.iter().map(|it| it.name.clone()).filter(|it| missing("app groups", it)));
    let exclusions = seed.exclusions.iter().map(|it| it.login.to_string());
    lost.extend(exclusions.filter(|it| missing("exclusions", it)));
    if lost.is_empty() {
        return Ok(());
    }
    Err(format!("neither in the files nor in the report: {lost:?}\n{files}\n{report}").into())
}

/// The same of a learning platform: everybody by their username, and every group.
fn whole_tenant(seed: &docebo::Seed, told: &str) -> Checked<()> {
    let told = unescaped(told).split_whitespace().collect::<Vec<_>>().join(" ");
    let users = seed.users.iter().map(|user| user.username.trim().to_owned());
    let values = users.chain(seed.groups.iter().map(|group| group.name.trim().to_owned()));
    let is_plain = |value: &String| value.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
    let lost: Vec<String> = values.filter(is_plain).filter(|value| !told.contains(value.as_str())).collect();
    if lost.is_empty() {
        Ok(())
    } else {
        Err(format!("neither in the files nor in the report: {lost:?}\n{told}").into())
    }
}

/// The values of a user with the topics that they are of, the one that shows the user first.
fn values(user: &User) -> Vec<(&'static str, String)> {
    let mut values: Vec<(&str, String)> = Vec::new();
    values.extend(user.display_name.iter().map(|it| ("display names", it.value.clone())));
    values.extend(user.upns.iter().map(|it| ("UPNs", it.value.clone())));
    let emails = user.emails.iter().filter(|it| !is_automatic(user, it));
    values.extend(emails.map(|it| ("emails", it.value.clone())));
    let topic = |at: usize| if at == 0 { "employee IDs" } else { "employee IDs beyond the first" };
    values.extend(user.employee_ids.iter().enumerate().map(|(at, it)| (topic(at), it.value.clone())));
    values.extend(user.device_logins.iter().map(|it| ("device logins", it.value.to_string())));
    values
}

/// Texts as they are, and as they are read in double quotes.
fn unescaped(files: &str) -> String {
    let mut parts = files.split("\\x");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.get(..2).and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(code) => text.extend([char::from(code).to_string().as_str(), &part[2..]]),
            None => text.extend(["\\x", part]),
        }
    }
    format!("{text}\n{}", text.replace("\\\\", "\\"))
}

/// Whether nobody wrote an email but the account.
fn is_automatic(user: &User, email: &Sourced<String>) -> bool {
    let of_agent = |it: &Agent| email.value.eq_ignore_ascii_case(&format!("{}@{}", it.username, it.domain));
    &*email.source == "ActivTrak" || user.agents.iter().any(of_agent)
}

/// Every file below a folder with its name.
fn texts(folder: &Path) -> Checked<String> {
    let mut texts = String::new();
    for name in entries(folder)? {
        let path = folder.join(&name);
        if path.is_dir() {
            texts.push_str(&self::texts(&path)?);
        } else if path.extension().is_some_and(|it| it == "yaml") {
            texts.extend(["# ", &name, "\n", &fs::read_to_string(path)?]);
        }
    }
    Ok(texts)
}
