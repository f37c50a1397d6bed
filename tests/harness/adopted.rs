//! Does adopting leave nothing to do?
//!
//! Of every account that a plan can be made of: what `import --into` writes is planned to be nothing but what it lists
//! as not adopted (and what blocked every plan blocks it still, and nothing else does), adopting again edits nothing, nothing is sent but reads, manifests that it does not name are byte for byte as they were,
//! and those that it names keep every line that its diff does not take away.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::Checked;
use crate::case::{Case, Command, entries, optional};
use crate::session::{Scratch, Session, Writes};

/// Adopts, plans what was written, and adopts again.
pub(crate) fn leaves_nothing(case: &Case) -> Checked<()> {
    let scratch = Scratch::of(case)?;
    let session = Session::start(case, &scratch, Writes::Fail)?;
    session.run(Command::Plan, 1)?;
    let blocked = blockers(&scratch)?;
    let folder = scratch.path().join("manifests");
    let before = files(&folder)?;
    let shown = session.adopt(&["--json", "shown.json"])?;
    if files(&folder)? != before {
        return Err("what is only shown was written".into());
    }
    let written = session.adopt(&["--write", "--json", "adopted.json"])?;
    let report: Value = serde_json::from_str(&optional(&scratch.path().join("adopted.json"))?)?;
    let left = report["notAdopted"].as_array().map_or(0, Vec::len);
    let exit = if left == 0 { 0 } else { 3 };
    shown.exits_with(exit, "import --into")?;
    let written = written.exits_with(exit, "import --into --write")?;
    let after = files(&folder)?;
    kept(&before, &after, &report)?;
    fs::remove_file(scratch.path().join("plan.json"))?;
    let plan = session.run(Command::Plan, 1)?;
    settled(&scratch, (&blocked, left))
        .map_err(|why| format!("{why}\n{}\n{}", written.transcript(), plan.transcript()))?;
    let again = session.adopt(&[])?.exits_with(exit, "import --into again")?;
    if files(&folder)? != after || again.stdout.contains("@@") {
        return Err(
            format!("adopting again edits more\n{}\n{}", written.transcript(), again.transcript()).into()
        );
    }
    match session.writes().first() {
        None => Ok(()),
        Some(write) => Err(format!("import --into sent a write: {} {}", write.method, write.path).into()),
    }
}

/// What blocks the plan that a run saved.
fn blockers(scratch: &Scratch) -> Checked<Vec<String>> {
    let plan: Value = serde_json::from_str(&optional(&scratch.path().join("plan.json"))?)?;
    let all = plan["blockers"].as_array().into_iter().flatten();
    Ok(all.map(|blocker| format!("{}: {}", blocker["code"], blocker["message"])).collect())
}

/// The plan of what was written has no new blocker, and no change where nothing is listed.
fn settled(scratch: &Scratch, (before, left): (&[String], usize)) -> Result<(), String> {
    let blocked = blockers(scratch).map_err(|error| format!("{error:?}"))?;
    if let Some(new) = blocked.iter().find(|blocker| !before.contains(blocker)) {
        return Err(format!("what was adopted is blocked: {new}"));
    }
    let text = optional(&scratch.path().join("plan.json")).map_err(|error| format!("{error:?}"))?;
    let plan: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let open = plan["changes"].as_array().map_or(0, Vec::len) + blocked.len();
    match (open, left) {
        (0, 0) => Ok(()),
        (0, _) => Err(format!("{left} listed as not adopted, and nothing is left to change")),
        (_, 0) => Err("what was adopted is not as it is, and nothing is listed".to_owned()),
        _ => Ok(()),
    }
}

/// Only files that the report names differ, and only by the lines that it counts.
fn kept(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>, report: &Value) -> Checked<()> {
    for (path, text) in after {
        let was = before.get(path).map_or("", String::as_str);
        let mut named = report["files"].as_array().into_iter().flatten();
        let named = named.find(|file| file["path"] == format!("manifests/{path}"));
        let Some(named) = named else {
            if was == text {
                continue;
            }
            return Err(format!("{path} was written, and the report does not say so").into());
        };
        let diff = similar::TextDiff::from_lines(was, text);
        let count = |tag| diff.iter_all_changes().filter(|change| change.tag() == tag).count() as u64;
        let counted = (count(similar::ChangeTag::Insert), count(similar::ChangeTag::Delete));
        let told =
            (named["added"].as_u64().unwrap_or_default(), named["removed"].as_u64().unwrap_or_default());
        if counted != told {
            return Err(format!("{path} differs by {counted:?} lines, and the report says {told:?}").into());
        }
        let comments = |text: &str| text.lines().filter(|line| line.trim_start().starts_with('#')).count();
        if !was.contains("'#") && !was.contains("\"#") && comments(text) < comments(was) {
            let gone = named["diff"].as_str().unwrap_or_default();
            return Err(format!("{path} lost a comment:\n{gone}").into());
        }
    }
    if before.keys().any(|path| !after.contains_key(path)) {
        return Err("a manifest is gone".into());
    }
    Ok(())
}

/// Every file of a folder that no run put there, by its path in it.
fn files(folder: &Path) -> Checked<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    for name in entries(folder)?.into_iter().filter(|name| name != ".rollcall") {
        let path = folder.join(&name);
        if path.is_dir() {
            let below = self::files(&path)?.into_iter();
            files.extend(below.map(|(path, text)| (format!("{name}/{path}"), text)));
        } else {
            files.insert(name, String::from_utf8_lossy(&fs::read(&path)?).into_owned());
        }
    }
    Ok(files)
}
