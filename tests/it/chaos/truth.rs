//! Does a report say what the account knows?

use serde_json::Value;

use super::picture::{Picture, RULES};
use crate::rig::Run;

/// What may have gone wrong in a run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weather {
    /// Nothing.
    Calm,
    /// Anything.
    Foul,
    /// Anything, and an upload of an earlier run comes about meanwhile.
    Late,
}

/// What a report says that is not so.
pub(crate) fn lies(run: &Run, before: &Picture, after: &Picture, weather: Weather) -> Vec<String> {
    let mut lies = Vec::new();
    let (Some(report), Some(plan)) = (&run.report, &run.plan) else { return lies };
    let empty = Vec::new();
    let changes = report["changes"].as_array().unwrap_or(&empty);
    for (change, planned) in changes.iter().zip(plan["changes"].as_array().unwrap_or(&empty)) {
        let outcome = change["outcome"].as_str().unwrap_or_default();
        // By SCIM a user is made in two writes: where the second failed, the report says that the first did not.
        let is_half = change.to_string().contains("was created but not");
        let done = is_half
            || steps(change)
                .iter()
                .any(|it| matches!(*it, "applied" | "alreadyTrue" | "unknown" | "pending"));
        // A consequence comes about by the steps of another change.
        let own = |fact: &&Value| fact["cause"] != "consequence";
        let late = weather == Weather::Late && planned["object"]["source"] == "hr";
        for fact in planned["facts"].as_array().unwrap_or(&empty).iter().filter(own) {
            // Whoever leaves their primary group gets another by the account's own choice.
            let by_others = late || fact["field"] == "primary group";
            let [was, is] = [before, after].map(|picture| holds(picture, planned, fact));
            let said =
                format!("change {} is {outcome}: {} {}", change["id"], planned["object"], fact["field"]);
            match outcome {
                "applied" | "alreadyTrue" if is == Some(false) => {
                    lies.push(format!("{said} {} does not hold", fact["delta"]));
                }
                "failed" | "skipped" | "notAttempted"
                    if !done && !by_others && was == Some(false) && is == Some(true) =>
                {
                    lies.push(format!("{said} {} came about", fact["delta"]));
                }
                "unknown" if weather == Weather::Calm => lies.push(format!("{said}, and nothing went wrong")),
                _ => {}
            }
        }
    }
    lies
}

/// What became of the steps of a change.
fn steps(change: &Value) -> Vec<&str> {
    let steps = change["steps"].as_array().map(Vec::as_slice).unwrap_or_default();
    steps.iter().filter_map(|step| step["outcome"].as_str()).collect()
}

/// Whether a fact of a plan is so in an account; nothing where that can't be told.
fn holds(picture: &Picture, change: &Value, fact: &Value) -> Option<bool> {
    let (object, delta) = (&change["object"], &fact["delta"]);
    let value = if delta["kind"] == "set" { &delta["to"] } else { &delta["value"] };
    let (text, wanted) = (value["text"].as_str()?, delta["kind"] != "remove");
    let key = key(picture, change);
    let facts = key.as_ref().and_then(|key| picture.objects.get(key));
    let has = |fact: String| facts.is_some_and(|facts| facts.contains(&fact));
    let field = fact["field"].as_str()?;
    Some(match (object["kind"].as_str()?, field) {
        ("exclusion", _) | (_, "blocked") => picture.objects[RULES].contains(text) == wanted,
        (_, "existence") => facts.is_some() == wanted,
        (_, "name") if wanted => has(format!("name={text}")),
        ("user", "tracking") => has(format!("tracked={}", text == "tracked")),
        ("user", "history") => !facts?.iter().any(|fact| fact.starts_with("agent=")),
        ("user", "primary group") => picture.primary.get(&key?) == Some(picture.groups.get(text)?),
        ("user", _) => has(format!("{field}={text}")) == wanted,
        ("group", "member" | "pinned member") => {
            let user = user(picture, value)?;
            let groups = picture.objects.get(&user);
            let inside = key.zip(groups).is_some_and(|(key, facts)| facts.contains(&format!("in {key}")));
            inside == wanted
        }
        ("group", "description") => has(format!("description={text}")) == wanted,
        ("group", "computer") => has(format!("computer={text}")) == wanted,
        _ => return None,
    })
}

/// The key of what a change is about.
fn key(picture: &Picture, change: &Value) -> Option<String> {
    let object = &change["object"];
    match (object["kind"].as_str()?, object["record"].as_u64()) {
        ("user", _) => user(picture, object),
        ("group", Some(record)) => {
            Some(picture.numbered.get(&record).cloned().unwrap_or_else(|| format!("group #{record}")))
        }
        ("group", None) => picture.groups.get(object["name"].as_str()?).cloned(),
        _ => None,
    }
}

/// The key of a user by its number, or else by the identifier that it is shown by.
fn user(picture: &Picture, shown: &Value) -> Option<String> {
    if let Some(record) = shown["record"].as_u64() {
        return Some(picture.users.get(&record).cloned().unwrap_or_else(|| format!("user #{record}")));
    }
    let label = shown["label"].as_str().or(shown["text"].as_str())?;
    let id = label.split_once('<').map_or(label, |(_, rest)| rest.trim_end_matches('>'));
    let key = format!("user {id}");
    picture.objects.contains_key(&key).then_some(key)
}
