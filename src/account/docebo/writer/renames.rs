//! Renaming groups: all that a group says is read before, sent back, and read again.

use serde_json::{Map, Value};

use crate::account::carry::{ATTEMPTS, all, before, judged};
use crate::account::docebo::facts::{KEPT_KEYS, STATE_KEYS};
use crate::account::docebo::wire::Group;
use crate::account::docebo::writer::groups::{drifted, is_called, listed};
use crate::account::docebo::writer::shared::Writer;
use crate::account::docebo::{read, write};
use crate::account::error::ReadError;
use crate::account::patience::{Due, after_failure, due};
use crate::account::sent::{Reply, words};
use crate::model::{Act, Family, GroupName, Outcome, Step, StepId};

pub(super) async fn rename(writer: &Writer, steps: &[Step]) -> Vec<(StepId, Outcome)> {
    let before = match listed(writer).await {
        Ok(before) => before,
        Err(outcome) => return all(steps, || outcome.clone()),
    };
    let renamed = steps.iter().filter_map(|step| match step.act {
        Act::RenameGroup { group, .. } => Some(group),
        _ => None,
    });
    writer.news.takes(renamed);
    let mut done = Vec::with_capacity(steps.len());
    for step in steps {
        let Act::RenameGroup { group, from, to, .. } = &step.act else { continue };
        let outcome = match before.iter().find(|listed| listed.id == *group) {
            None => Outcome::Failed("the group is gone".to_owned()),
            Some(listed) if *listed.name == *to.as_written() => Outcome::AlreadyTrue,
            Some(listed) if !is_called(listed, from) || !listed.is_manual() => drifted(listed),
            Some(listed) => rename_one(writer, listed, to).await,
        };
        done.push((step.id, outcome));
    }
    done
}

async fn rename_one(writer: &Writer, group: &Group, to: &GroupName) -> Outcome {
    let look = || read::whole_group(&writer.client, &group.uuid);
    let before = match before(&writer.patience, Family::Learning, look).await {
        Ok(before) => before,
        Err(error) => {
            return Outcome::Failed(format!("not sent, the group could not be read: {}", words(&error)));
        }
    };
    let asked = format!("name {to}");
    let mut last = Reply::Accepted;
    for attempt in 1..=ATTEMPTS {
        let said = write::rename(&writer.client, (&group.uuid, &before), to).await;
        let due = due(&said, &last);
        last = said.after(&last);
        let judge = |shown: &Result<Map<String, Value>, ReadError>| match shown {
            Ok(now) if called(now) == Some(&group.name) => due,
            Ok(_) => Due::Nothing,
            Err(error) => after_failure(error, due),
        };
        let now = match writer.patience.look(Family::Learning, look, judge).await {
            Ok(now) => now,
            Err(error) => return last.unread(&words(&error)),
        };
        match called(&now) {
            Some(name) if *name == *to.as_written() => {
                let besides = if last == Reply::Accepted { altered(&before, &now) } else { None };
                return judged(last.met(), asked, besides);
            }
            Some(name) if *name == *group.name => {
                if !matches!(last, Reply::Lost(_)) || attempt == ATTEMPTS {
                    return writer.patience.unseen(last, asked, format!("name {name}"));
                }
            }
            name => return last.unmet(asked, format!("name {}", name.unwrap_or_default())),
        }
    }
    writer.patience.unseen(last, asked, format!("name {}", group.name))
}

/// What a group says that it is called.
fn called(group: &Map<String, Value>) -> Option<&str> {
    group.get("name").and_then(Value::as_str)
}

/// What else than its name became otherwise.
fn altered(before: &Map<String, Value>, now: &Map<String, Value>) -> Option<String> {
    let keys = KEPT_KEYS.into_iter().filter(|key| settled(before.get(*key)) != settled(now.get(*key)));
    let keys: Vec<&str> = keys.collect();
    (!keys.is_empty()).then(|| format!("its {} changed", keys.join(", ")))
}

/// A value without what the platform writes into it by itself. What is not said, and nothing, are the same.
fn settled(value: Option<&Value>) -> Value {
    match value {
        None | Some(Value::Null) => Value::Null,
        Some(Value::String(text)) if text.is_empty() => Value::Null,
        Some(Value::Array(list)) if list.is_empty() => Value::Null,
        Some(Value::Object(said)) => {
            let said = said.iter().filter(|(key, _)| !STATE_KEYS.contains(&&***key));
            Value::Object(said.map(|(key, value)| (key.clone(), value.clone())).collect())
        }
        Some(value) => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_a_rename_changes_besides_the_name_is_told() {
        let of = |value: Value| value.as_object().cloned().unwrap_or_default();
        let before =
            of(json!({ "name": "A", "description": "of a", "ruleset": { "status": "READY", "sets": [] } }));
        let same =
            of(json!({ "name": "B", "description": "of a", "ruleset": { "status": "RUNNING", "sets": [] } }));
        assert_eq!(altered(&before, &same), None);
        let lost = of(json!({ "name": "B", "description": "", "ruleset": null }));
        assert_eq!(altered(&before, &lost).as_deref(), Some("its description, ruleset changed"));
        assert_eq!(altered(&of(json!({ "description": null })), &of(json!({}))), None);
    }
}
