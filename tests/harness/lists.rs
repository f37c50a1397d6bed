//! Does a case that has lists instead of an account do what its `expected` folder says, and does the next export settle it?
//!
//! `validate` and `plan` over the lists; then the files are written and uploaded as somebody would: whom they name is on the
//! lists that are exported next. A plan over those asks for no upload any more. Nothing is ever applied to lists.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::Checked;
use crate::binary::{NOW, Ran, run};
use crate::case::{Case, Command, entries, optional};
use crate::expected::{Outcome, settle};
use crate::session::Scratch;

/// The list of all users, where a case has one.
const EVERYBODY: &str = "everybody.csv";
/// Where the files for groups are written.
const ASSOCIATIONS: &str = "associations";
/// The file of new users.
const USERS: &str = "users.csv";

/// Runs a case and compares it with what is expected of it.
pub(crate) fn holds(case: &Case) -> Checked<()> {
    let scratch = Scratch::of(case)?;
    let place = Place { case, folder: scratch.path() };
    let mut outcome = Outcome::new();
    let validated = place.run(&["validate", "manifests", "--now", NOW], Command::Validate)?;
    let planned = place.over(&["plan", "manifests", "--json", "plan.json"])?;
    outcome.insert("validate.txt", validated.transcript());
    outcome.insert("plan.txt", planned.transcript());
    outcome.insert("plan.json", optional(&place.folder.join("plan.json"))?);
    let applied = place.over(&["apply", "manifests", "--yes"])?;
    if ![1, 64].contains(&applied.exit) {
        return Err(format!("something was applied to lists\n{}", applied.transcript()).into());
    }
    let mut files = String::new();
    let associations = place.export(&["associations", ASSOCIATIONS])?;
    if planned.exit != 1 {
        told(&mut files, "associations associations", &associations);
        if place.folder.join(EVERYBODY).exists() {
            let users = place.export(&["users", USERS])?;
            told(&mut files, "users users.csv", &users);
        }
        files.push_str(&place.written()?);
    }
    outcome.insert("files.txt", files);
    let exits = format!("validate {}\nplan {}\napply {}\n", validated.exit, planned.exit, applied.exit);
    outcome.insert("exit", exits);
    if associations.exit == 0 {
        place.upload()?;
        place.is_settled()?;
    }
    settle(case, outcome)
}

/// What a command said, below what it was.
fn told(files: &mut String, what: &str, ran: &Ran) {
    let _ = write!(files, "$ rollcall export {what}   (exit {})\n\n{}\n", ran.exit, ran.transcript());
}

/// Where a case is run.
struct Place<'a> {
    case: &'a Case,
    folder: &'a Path,
}

impl Place<'_> {
    fn run(&self, args: &[&str], command: Command) -> Checked<Ran> {
        let mut args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
        args.extend(self.case.args(command).iter().cloned());
        run(self.folder, &args, &[])
    }

    /// Runs a command over the lists.
    fn over(&self, args: &[&str]) -> Checked<Ran> {
        let everybody = self.folder.join(EVERYBODY).exists();
        let users: &[&str] = if everybody { &["--observed-users", EVERYBODY] } else { &[] };
        self.run(&[args, &["--now", NOW, "--observed", "lists"], users].concat(), Command::Plan)
    }

    /// Writes files, with the columns that the case asks for.
    fn export(&self, what: &[&str]) -> Checked<Ran> {
        let own = self.case.args(Command::Export).iter().map(String::as_str).collect::<Vec<_>>();
        self.over(&[&["export"], what, &["manifests"], &own].concat())
    }

    /// Every file that was written, with what is in it.
    fn written(&self) -> Checked<String> {
        let mut text = String::new();
        for (name, path) in self.files()? {
            let _ = write!(text, "--- {name}\n{}", optional(&self.folder.join(path))?);
        }
        Ok(text)
    }

    /// The files that were written: each by what it is called, and where it is.
    fn files(&self) -> Checked<BTreeMap<String, String>> {
        let mut files = BTreeMap::new();
        if self.folder.join(USERS).exists() {
            files.insert(USERS.to_owned(), USERS.to_owned());
        }
        if self.folder.join(ASSOCIATIONS).exists() {
            for name in entries(&self.folder.join(ASSOCIATIONS))? {
                files.insert(format!("{ASSOCIATIONS}/{name}"), format!("{ASSOCIATIONS}/{name}"));
            }
        }
        Ok(files)
    }

    /// Does with the files what somebody does: who is named in one is on the list that is exported next. Groups get their new
    /// names before.
    fn upload(&self) -> Checked<()> {
        let plan: Value = serde_json::from_str(&optional(&self.folder.join("plan.json"))?)?;
        for step in plan["manual"].as_array().into_iter().flatten() {
            let names = step["what"].as_str().and_then(|what| what.strip_prefix("rename the group "));
            if let Some((from, to)) = names.and_then(|names| names.split_once(" to ")) {
                let list = |name: &str| self.folder.join("lists").join(format!("{name}.csv"));
                fs::rename(list(from), list(to))?;
            }
        }
        for (name, path) in self.files()? {
            let list = name.strip_prefix(&format!("{ASSOCIATIONS}/")).map(|list| format!("lists/{list}"));
            let list = self.folder.join(list.as_deref().unwrap_or(EVERYBODY));
            let mut named = if list.exists() { usernames(&list)? } else { BTreeSet::new() };
            named.extend(usernames(&self.folder.join(path))?);
            let mut rows = csv::Writer::from_path(&list)?;
            rows.write_record(["Username"])?;
            named.iter().try_for_each(|username| rows.write_record([username]))?;
            rows.flush()?;
        }
        Ok(())
    }

    /// Nothing is left to upload: what is left is what no file does.
    fn is_settled(&self) -> Checked<()> {
        let again = self.over(&["plan", "manifests", "--json", "again.json"])?;
        let plan: Value = serde_json::from_str(&optional(&self.folder.join("again.json"))?)?;
        let steps = plan["manual"].as_array().into_iter().flatten();
        let mut uploads =
            steps.filter(|step| step["what"].as_str().is_some_and(|it| it.starts_with("upload")));
        match uploads.next() {
            None => Ok(()),
            Some(step) => {
                Err(format!("after the next export: {}\n{}", step["what"], again.transcript()).into())
            }
        }
    }
}

/// Who is named in a file that has a column of usernames.
fn usernames(file: &Path) -> Checked<BTreeSet<String>> {
    let mut reader = csv::Reader::from_path(file)?;
    let at = reader.headers()?.iter().position(|name| name.eq_ignore_ascii_case("username"));
    let at = at.ok_or_else(|| format!("{} has no usernames", file.display()))?;
    let mut named = BTreeSet::new();
    for row in reader.records() {
        named.extend(row?.get(at).map(str::to_owned));
    }
    Ok(named)
}
