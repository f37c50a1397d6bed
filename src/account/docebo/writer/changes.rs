//! Changing what a group says: its name, its description, its rules. All that it says is read before, sent back, and read again.

use serde_json::{Map, Value};

use crate::account::carry::{ATTEMPTS, all, judged};
use crate::account::docebo::facts::{DESCRIPTION, KEPT_KEYS, NAME, RULES};
use crate::account::docebo::wire::Group;
use crate::account::docebo::writer::groups::{UNSEEN, drifted, is_called, listed};
use crate::account::docebo::writer::shared::{Writer, rules_in};
use crate::account::docebo::{read, write};
use crate::account::error::ReadError;
use crate::account::patience::{Due, after_failure, due};
use crate::account::sent::{Reply, words};
use crate::model::{Act, Description, Family, GroupId, GroupName, Outcome, RuleSet, Step, StepId, UserField};

pub(super) async fn rename(writer: &Writer, steps: &[Step]) -> Vec<(StepId, Outcome)> {
    let renamed = steps.iter().filter_map(|step| match step.act {
        Act::RenameGroup { group, .. } => Some(group),
        _ => None,
    });
    writer.news.takes(renamed);
    each(writer, steps, |act, listed| {
        let Act::RenameGroup { from, to, .. } = act else { return None };
        if *listed.name == *to.as_written() {
            return Some(Err(Outcome::AlreadyTrue));
        }
        let said = |text: &str| Said::Text(text.to_owned());
        let (value, from) = (to.as_written().into(), (from.clone(), said(&listed.name)));
        Some(Ok(Change { key: NAME, value, name: from.0, from: from.1, to: said(to.as_written()) }))
    })
    .await
}

pub(super) async fn describe(writer: &Writer, steps: &[Step]) -> Vec<(StepId, Outcome)> {
    each(writer, steps, |act, _| {
        let Act::DescribeGroup { name, from, to, .. } = act else { return None };
        let said = |text: &Description| Said::Text(text.as_written().to_owned());
        let value = to.as_written().into();
        Some(Ok(Change { key: DESCRIPTION, value, name: name.clone(), from: said(from), to: said(to) }))
    })
    .await
}

pub(super) async fn set_rules(writer: &Writer, steps: &[Step]) -> Vec<(StepId, Outcome)> {
    each(writer, steps, |act, _| {
        let Act::SetRules { name, from, to, .. } = act else { return None };
        let Some(value) = writer.written(to) else { return Some(Err(Outcome::Failed(UNSEEN.to_owned()))) };
        let (from, to) = (Said::Rules(from.clone()), Said::Rules(to.clone()));
        Some(Ok(Change { key: RULES, value, name: name.clone(), from, to }))
    })
    .await
}

/// Carries each step out on its group: what is to change is told by `change`, over the group as it is listed.
async fn each(
    writer: &Writer,
    steps: &[Step],
    change: impl Fn(&Act, &Group) -> Option<Result<Change, Outcome>>,
) -> Vec<(StepId, Outcome)> {
    let before = match listed(writer).await {
        Ok(before) => before,
        Err(outcome) => return all(steps, || outcome.clone()),
    };
    let mut done = Vec::with_capacity(steps.len());
    for step in steps {
        let Some(group) = of(&step.act) else { continue };
        let outcome = match before.iter().find(|listed| listed.id == group) {
            None => Outcome::Failed("the group is gone".to_owned()),
            Some(listed) => match change(&step.act, listed) {
                None => continue,
                Some(Err(outcome)) => outcome,
                Some(Ok(change)) if !is_called(listed, &change.name) || !writer.is_as_read(listed) => {
                    drifted(listed)
                }
                Some(Ok(change)) => change_one(writer, listed, &change).await,
            },
        };
        done.push((step.id, outcome));
    }
    done
}

/// The group whose texts or rules a write changes.
const fn of(act: &Act) -> Option<GroupId> {
    match act {
        Act::RenameGroup { group, .. } | Act::DescribeGroup { group, .. } | Act::SetRules { group, .. } => {
            Some(*group)
        }
        _ => None,
    }
}

/// What a group says under a key.
#[derive(Debug, PartialEq, Eq)]
enum Said {
    Text(String),
    Rules(RuleSet),
}

/// One thing that a group says, as it is and as it is to be.
struct Change {
    key: &'static str,
    /// As it is sent.
    value: Value,
    /// What the group is called by then.
    name: GroupName,
    from: Said,
    to: Said,
}

impl Change {
    /// What a group says under the key.
    fn said(&self, writer: &Writer, group: &Map<String, Value>) -> Said {
        let text = || group.get(self.key).and_then(Value::as_str).unwrap_or_default();
        match self.key {
            RULES => Said::Rules(writer.rules_in(group)),
            DESCRIPTION => Said::Text(Description::observed(text()).as_written().to_owned()),
            _ => Said::Text(text().to_owned()),
        }
    }

    fn words(&self, said: &Said) -> String {
        match said {
            Said::Text(text) if text.is_empty() => format!("no {}", self.key),
            Said::Text(text) => format!("{} {text}", self.key),
            said if *said == self.to => "the conditions as planned".to_owned(),
            said if *said == self.from => "the conditions that it had".to_owned(),
            Said::Rules(_) => "other conditions than it had".to_owned(),
        }
    }
}

/// All that a group says, as of the last write of this run: all of it is sent back, so that an older reading would undo that.
async fn up_to_date(writer: &Writer, group: &Group) -> Result<Map<String, Value>, Outcome> {
    let (written, fields) = (writer.news.written(group.id), &writer.observed.details.fields);
    let is_behind =
        |now: &Map<String, Value>| !written.keys().all(|key| is_same(fields, (&written, now), key));
    let look = || read::whole_group(&writer.client, &group.uuid);
    let judge = |shown: &Result<Map<String, Value>, ReadError>| match shown {
        Ok(now) if is_behind(now) => Due::Surely,
        Ok(_) => Due::Nothing,
        Err(error) => after_failure(error, Due::Maybe),
    };
    match writer.patience.look(Family::Learning, look, judge).await {
        Ok(now) if is_behind(&now) => {
            let name = &group.name;
            Err(Outcome::Failed(format!("not sent: group {name} does not show what this run wrote to it")))
        }
        Ok(now) => Ok(now),
        Err(error) => {
            Err(Outcome::Failed(format!("not sent, the group could not be read: {}", words(&error))))
        }
    }
}

async fn change_one(writer: &Writer, group: &Group, change: &Change) -> Outcome {
    let look = || read::whole_group(&writer.client, &group.uuid);
    let before = match up_to_date(writer, group).await {
        Ok(before) => before,
        Err(outcome) => return outcome,
    };
    match change.said(writer, &before) {
        now if now == change.to => return Outcome::AlreadyTrue,
        now if now != change.from => {
            let now = change.words(&now);
            return Outcome::Failed(format!("changed since the plan: group {} has {now}", group.name));
        }
        _ => {}
    }
    let asked = change.words(&change.to);
    let mut last = Reply::Accepted;
    for attempt in 1..=ATTEMPTS {
        let value = (change.key, change.value.clone());
        let said = write::change(&writer.client, (&group.uuid, &before), value).await;
        let due = due(&said, &last);
        last = said.after(&last);
        let judge = |shown: &Result<Map<String, Value>, ReadError>| match shown {
            Ok(now) if change.said(writer, now) == change.from => due,
            Ok(_) => Due::Nothing,
            Err(error) => after_failure(error, due),
        };
        let now = match writer.patience.look(Family::Learning, look, judge).await {
            Ok(now) => now,
            Err(error) => return last.unread(&words(&error)),
        };
        match change.said(writer, &now) {
            said if said == change.to => {
                writer.news.wrote(group.id, change.key, now.get(change.key).cloned().unwrap_or_default());
                let is_sure = last == Reply::Accepted;
                let fields = &writer.observed.details.fields;
                let besides = if is_sure { altered(fields, (&before, &now), change.key) } else { None };
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
    writer.patience.unseen(last, asked, change.words(&change.from))
}

/// What else than what was to be changed became otherwise.
fn altered(
    fields: &[UserField],
    (before, now): (&Map<String, Value>, &Map<String, Value>),
    changed: &str,
) -> Option<String> {
    let keys = KEPT_KEYS
        .into_iter()
        .filter(|key| *key != changed)
        .filter(|key| !is_same(fields, (before, now), key));
    let keys: Vec<&str> = keys.collect();
    (!keys.is_empty()).then(|| format!("its {} changed", keys.join(", ")))
}

/// Whether a group says the same under a key.
fn is_same(
    fields: &[UserField],
    (before, now): (&Map<String, Value>, &Map<String, Value>),
    key: &str,
) -> bool {
    match key {
        RULES => rules_in(before, fields) == rules_in(now, fields),
        key => settled(before.get(key)) == settled(now.get(key)),
    }
}

/// A value; what is not said, and nothing, are the same.
fn settled(value: Option<&Value>) -> Value {
    match value {
        None | Some(Value::Null) => Value::Null,
        Some(Value::String(text)) if text.is_empty() => Value::Null,
        Some(Value::Array(list)) if list.is_empty() => Value::Null,
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
        let ruleset = |status: &str, id: u8| {
            let sets =
                json!([{ "id": id, "rules_operator": "AND", "rules": [{ "type": "New", "payload": {} }] }]);
            json!({ "status": status, "operator": "OR", "sets": sets })
        };
        let before = of(json!({ "name": "A", "description": "of a", "ruleset": ruleset("READY", 1) }));
        let same = of(json!({ "name": "B", "description": "of a", "ruleset": ruleset("RUNNING", 2) }));
        assert_eq!(altered(&[], (&before, &same), NAME), None);
        let lost = of(json!({ "name": "B", "description": "", "ruleset": null }));
        assert_eq!(altered(&[], (&before, &lost), NAME).as_deref(), Some("its description, ruleset changed"));
        assert_eq!(altered(&[], (&of(json!({ "description": null })), &of(json!({}))), NAME), None);
    }
}
