//! Does a case do what its `expected` folder says?

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use rollcall::sandbox::LoggedRequest;
use similar::TextDiff;

use crate::binary::Ran;
use crate::case::{Case, Command, entries, optional};
use crate::session::{Scratch, Session, Writes};
use crate::{Checked, by_scim, laws};

/// What a run gave, by the names of the files that expect it; what there is nothing of has no file.
pub(crate) type Outcome = BTreeMap<&'static str, String>;

/// What planning gave.
struct Planned {
    stdout: String,
    reached_the_account: bool,
}

/// Runs a case, compares it with what is expected of it, and holds it to the laws of a run.
pub(crate) fn holds(case: &Case) -> Checked<()> {
    let scratch = Scratch::of(case)?;
    let mut outcome = Outcome::new();
    let planned = planned(case, &scratch, &mut outcome)?;
    applied(case, &scratch, &planned, &mut outcome)?;
    if planned.reached_the_account && !case.has_its_own_keys() && case.is_at_activtrak() {
        by_scim::holds(case, &mut outcome)?;
    }
    settle(case, outcome)
}

/// Compares what came of a case with what is expected of it, or writes it down.
pub(crate) fn settle(case: &Case, mut outcome: Outcome) -> Checked<()> {
    outcome.retain(|_, text| !text.is_empty());
    #[expect(clippy::disallowed_methods, reason = "how a test is told to bless")]
    if std::env::var_os("BLESS").is_some() { bless(case, &outcome) } else { compare(case, &outcome) }
}

/// Validates and plans, against an account that answers 500 to every write.
fn planned(case: &Case, scratch: &Scratch, outcome: &mut Outcome) -> Checked<Planned> {
    let session = Session::start(case, scratch, Writes::Fail)?;
    let validated = session.run(Command::Validate, 1)?;
    let planned = session.run(Command::Plan, 1)?;
    if let Some(write) = session.writes().first() {
        return Err(format!("planning sent a write: {} {}", write.method, write.path).into());
    }
    outcome.insert("validate.txt", validated.transcript());
    outcome.insert("plan.txt", planned.transcript());
    outcome.insert("plan.json", optional(&scratch.path().join("plan.json"))?);
    let markdown = optional(&scratch.path().join("plan.md"))?;
    outcome.insert("plan.md", session.scrubbed(&markdown));
    outcome.insert("exit", format!("validate {}\nplan {}\n", validated.exit, planned.exit));
    Ok(Planned { stdout: planned.stdout, reached_the_account: session.was_asked() })
}

/// Applies, and applies again.
fn applied(case: &Case, scratch: &Scratch, planned: &Planned, outcome: &mut Outcome) -> Checked<()> {
    let session = Session::start(case, scratch, Writes::AsTheCaseSays)?;
    let applied = session.run(Command::Apply, 1)?;
    let writes = session.writes();
    // What comes after the plan, which is in a file already.
    let report = Ran {
        exit: applied.exit,
        stdout: applied.stdout.strip_prefix(&planned.stdout).unwrap_or(&applied.stdout).to_owned(),
        stderr: applied.stderr,
    };
    outcome.insert("apply.txt", report.transcript());
    outcome.insert("requests.txt", writes.iter().map(request).collect());
    let _ = writeln!(outcome.entry("exit").or_default(), "apply {}", applied.exit);
    laws::forecast(case, scratch, &writes, applied.exit)?;
    let account = laws::after_apply(case, scratch, session, applied.exit)?;
    let before = case.seed.clone().sorted().text()?;
    let after = account.text()?;
    if after != before {
        outcome.insert("account.json", after);
    }
    Ok(())
}

/// A request as it is expected: method, path and, indented, the lines of its body.
pub(crate) fn request(request: &LoggedRequest) -> String {
    let LoggedRequest { method, path, body, .. } = request;
    let mut text = format!("{method} {path}\n");
    let boundary = body.lines().next().filter(|line| line.starts_with("--"));
    let body = boundary.map_or_else(|| body.clone(), |boundary| body.replace(boundary, "--BOUNDARY"));
    for line in body.lines() {
        let _ = writeln!(text, "  {}", line.trim_end());
    }
    text
}

fn bless(case: &Case, outcome: &Outcome) -> Checked<()> {
    let folder = case.folder.join("expected");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir(&folder)?;
    for (name, text) in outcome {
        fs::write(folder.join(name), text)?;
    }
    Ok(())
}

fn compare(case: &Case, outcome: &Outcome) -> Checked<()> {
    let folder = case.folder.join("expected");
    let mut names: Vec<String> = if folder.is_dir() { entries(&folder)? } else { Vec::new() };
    names.extend(outcome.keys().map(|name| (*name).to_owned()));
    names.sort();
    names.dedup();
    let mut differences = String::new();
    for name in names {
        let expected = optional(&folder.join(&name))?;
        let actual = outcome.get(name.as_str()).map_or("", String::as_str);
        if expected != actual {
            let diff = TextDiff::from_lines(expected.as_str(), actual);
            let (old, new) = (format!("expected/{name}"), format!("this run's {name}"));
            let _ = writeln!(differences, "{}", diff.unified_diff().header(&old, &new));
        }
    }
    if differences.is_empty() {
        return Ok(());
    }
    let way_out = format!("BLESS=1 cargo test --test cases -- {:?}", case.name);
    Err(format!("{differences}\nif that is as it should be: {way_out}").into())
}
