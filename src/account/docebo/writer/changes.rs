//! Changing what a group says: its name, its description. All that it says is read before, sent back, and read again.

use serde_json::{Map, Value};

use crate::account::carry::{ATTEMPTS, all, before, judged};
use crate::account::docebo::facts::{DESCRIPTION, KEPT_KEYS, NAME, STATE_KEYS};
use crate::account::docebo::wire::Group;
use crate::account::docebo::writer::groups::{drifted, is_called, listed};
use crate::account::docebo::writer::shared::Writer;
use crate::account::docebo::{read, write};
use crate::account::error::ReadError;
use crate::account::patience::{Due, after_failure, due};
use crate::account::sent::{Reply, words};
use crate::model::{Act, Description, Family, Outcome, Step, StepId};

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
            None => gone(),
            Some(listed) if *listed.name == *to.as_written() => Outcome::AlreadyTrue,
            Some(listed) if !is_called(listed, from) || !listed.is_manual() => drifted(listed),
            Some(listed) => {
                let change = Change { key: NAME, to: to.as_written(), from: &listed.name };
                change_one(writer, listed, change).await
            }
        };
        done.push((step.id, outcome));
    }
    done
}

pub(super) async fn describe(writer: &Writer, steps: &[Step]) -> Vec<(StepId, Outcome)> {
    let before = match listed(writer).await {
        Ok(before) => before,
        Err(outcome) => return all(steps, || outcome.clone()),
    };
    let mut done = Vec::with_capacity(steps.len());
    for step in steps {
        let Act::DescribeGroup { group, name, from, to } = &step.act else { continue };
        let outcome = match before.iter().find(|listed| listed.id == *group) {
            None => gone(),
            Some(listed) if !is_called(listed, name) || !listed.is_manual() => drifted(listed),
            Some(listed) => {
                let change = Change { key: DESCRIPTION, to: to.as_written(), from: from.as_written() };
                change_one(writer, listed, change).await
            }
        };
        done.push((step.id, outcome));
    }
    done
}

fn gone() -> Outcome {
    Outcome::Failed("the group is gone".to_owned())
}

/// One text of a group, as it is and as it is to be.
#[derive(Clone, Copy)]
struct Change<'a> {
    key: &'static str,
    to: &'a str,
    from: &'a str,
}

impl Change<'_> {
    /// What a group says under the key.
    fn said(self, group: &Map<String, Value>) -> String {
        let text = group.get(self.key).and_then(Value::as_str).unwrap_or_default();
        if self.key == DESCRIPTION {
            Description::observed(text).as_written().to_owned()
        } else {
            text.to_owned()
        }
    }

    fn words(self, text: &str) -> String {
        if text.is_empty() { format!("no {}", self.key) } else { format!("{} {text}", self.key) }
    }
}

async fn change_one(writer: &Writer, group: &Group, change: Change<'_>) -> Outcome {
    let look = || read::whole_group(&writer.client, &group.uuid);
    let before = match before(&writer.patience, Family::Learning, look).await {
        Ok(before) => before,
        Err(error) => {
            return Outcome::Failed(format!("not sent, the group could not be read: {}", words(&error)));
        }
    };
    match change.said(&before) {
        now if now == change.to => return Outcome::AlreadyTrue,
        now if now != change.from => {
            let now = change.words(&now);
            return Outcome::Failed(format!("changed since the plan: group {} has {now}", group.name));
        }
        _ => {}
    }
    let asked = change.words(change.to);
    let mut last = Reply::Accepted;
    for attempt in 1..=ATTEMPTS {
        let value = (change.key, change.to.into());
        let said = write::change(&writer.client, (&group.uuid, &before), value).await;
        let due = due(&said, &last);
        last = said.after(&last);
        let judge = |shown: &Result<Map<String, Value>, ReadError>| match shown {
            Ok(now) if change.said(now) == change.from => due,
            Ok(_) => Due::Nothing,
            Err(error) => after_failure(error, due),
        };
        let now = match writer.patience.look(Family::Learning, look, judge).await {
            Ok(now) => now,
            Err(error) => return last.unread(&words(&error)),
        };
        match change.said(&now) {
            said if said == change.to => {
                let is_sure = last == Reply::Accepted;
                let besides = if is_sure { altered((&before, &now), change.key) } else { None };
                return judged(last.met(), asked, besides);
            }
            said if said == change.from => {
                if !matches!(last, Reply::Lost(_)) || attempt == ATTEMPTS {
                    return writer.patience.unseen(last, asked, change.words(&said));
                }
            }
            said => return last.unmet(asked, change.words(&said)),
        }
    }
    writer.patience.unseen(last, asked, change.words(change.from))
}

/// What else than what was to be changed became otherwise.
fn altered((before, now): (&Map<String, Value>, &Map<String, Value>), changed: &str) -> Option<String> {
    let others = KEPT_KEYS.into_iter().filter(|key| *key != changed);
    let keys = others.filter(|key| settled(before.get(*key)) != settled(now.get(*key)));
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
        assert_eq!(altered((&before, &same), NAME), None);
        let lost = of(json!({ "name": "B", "description": "", "ruleset": null }));
        assert_eq!(altered((&before, &lost), NAME).as_deref(), Some("its description, ruleset changed"));
        assert_eq!(altered((&of(json!({ "description": null })), &of(json!({}))), NAME), None);
    }
}
