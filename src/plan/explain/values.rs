//! What do both sides say of a user, value by value?

use crate::model::{
    Activation, DesiredUser, Field, Identifier, Located, ObservedUser, Order, OrderKind, Origin, Piece,
    Reach, Topic, Tracking,
};
use crate::plan::explain::explanation::{Held, Value};

/// The values of an entry and of its record, in the order of fields; those that are declared first.
pub(super) fn values(
    (entry, record): (Option<&DesiredUser>, Option<&ObservedUser>),
    tracked: Option<&Located<Tracking>>,
    reach: &Reach,
) -> Vec<Value> {
    let mut values = Vec::new();
    names(entry, record, &mut values);
    identifiers(entry, record, &mut values);
    let is_tracking = reach.hidden(Topic::Tracking).is_none();
    tracking(tracked, record.filter(|_| is_tracking), &mut values);
    status(entry, record, &mut values);
    if let Some(user) = entry {
        declared_values(user, record, &mut values);
    }
    for value in values.iter_mut().filter(|value| value.held == Held::Declared && record.is_some()) {
        if topic_of(value.field).is_some_and(|topic| reach.hidden(topic).is_some()) {
            value.held = Held::Unseen;
        }
    }
    values
}

/// What has to be seen of an account to say that a record does not have a value.
fn topic_of(field: &str) -> Option<Topic> {
    match field {
        "upn" => Some(Topic::Upns),
        "email" => Some(Topic::Emails),
        "device login" => Some(Topic::DeviceLogins),
        "employee ID" => Some(Topic::MoreEmployeeIds),
        "agent" => Some(Topic::Agents),
        _ => None,
    }
}

fn names(entry: Option<&DesiredUser>, record: Option<&ObservedUser>, values: &mut Vec<Value>) {
    let declared = entry.and_then(|user| user.display_name.declared());
    let held = record.and_then(|record| record.display_name.as_ref());
    let set_by = || record.and_then(ObservedUser::name_written_by).cloned();
    let same =
        declared.is_some_and(|name| held.is_some_and(|held| held.as_written() == name.value.as_written()));
    if let Some(name) = declared {
        let (held, set_by) = if same { (Held::Both, set_by()) } else { (Held::Declared, None) };
        let value = Piece::personal(&name.value);
        values.push(Value { field: "display name", value, held, set_by, origin: name.origin });
    }
    if let Some(name) = held.filter(|_| !same) {
        let (value, held) = (Piece::personal(name), Held::Account);
        values.push(Value { field: "display name", value, held, set_by: set_by(), origin: Origin::NONE });
    }
}

fn identifiers(entry: Option<&DesiredUser>, record: Option<&ObservedUser>, values: &mut Vec<Value>) {
    let held: Vec<Identifier> = record.into_iter().flat_map(ObservedUser::identifiers).collect();
    let declared: Vec<_> = entry.into_iter().flat_map(DesiredUser::identifiers).collect();
    let from = values.len();
    let set_by = |value: &Identifier| record.and_then(|record| record.written_by(value)).cloned();
    for said in &declared {
        let there = held.contains(&said.value);
        values.push(Value {
            field: Field::of(&said.value).word(),
            value: Piece::personal(&said.value),
            held: if there { Held::Both } else { Held::Declared },
            set_by: if there { set_by(&said.value) } else { None },
            origin: said.origin,
        });
    }
    for value in held.iter().filter(|value| !declared.iter().any(|said| said.value == **value)) {
        values.push(Value {
            field: Field::of(value).word(),
            value: Piece::personal(value),
            held: Held::Account,
            set_by: set_by(value),
            origin: Origin::NONE,
        });
    }
    let order = ["upn", "email", "employee ID", "device login"];
    values[from..].sort_by_key(|value| order.iter().position(|field| *field == value.field));
}

fn tracking(declared: Option<&Located<Tracking>>, record: Option<&ObservedUser>, values: &mut Vec<Value>) {
    let mut push = |tracking: Tracking, held, origin| {
        let value = tracking.word().into();
        values.push(Value { field: "tracking", value, held, set_by: None, origin });
    };
    let held = record.map(|record| record.tracking);
    if let Some(said) = declared {
        let there = held == Some(said.value);
        push(said.value, if there { Held::Both } else { Held::Declared }, said.origin);
    }
    if let Some(held) = held.filter(|held| declared.is_none_or(|said| said.value != *held)) {
        push(held, Held::Account, Origin::NONE);
    }
}

fn status(entry: Option<&DesiredUser>, record: Option<&ObservedUser>, values: &mut Vec<Value>) {
    let declared = entry.and_then(|user| user.status.declared());
    let held = record.and_then(|record| record.activation);
    let mut push = |status: Activation, held, origin| {
        let value = status.word().into();
        values.push(Value { field: "status", value, held, set_by: None, origin });
    };
    if let Some(said) = declared {
        push(said.value, if held == Some(said.value) { Held::Both } else { Held::Declared }, said.origin);
    }
    if let Some(held) = held.filter(|held| declared.is_none_or(|said| said.value != *held)) {
        push(held, Held::Account, Origin::NONE);
    }
}

/// What is declared besides fields of the record.
fn declared_values(user: &DesiredUser, record: Option<&ObservedUser>, values: &mut Vec<Value>) {
    let mut push = |field, value, held, origin| {
        values.push(Value { field, value, held, set_by: None, origin });
    };
    for agent in &user.agents {
        let there = record.is_some_and(|record| record.agents.iter().any(|held| held.login == agent.value));
        let held = if there { Held::Both } else { Held::Declared };
        push("agent", Piece::personal(&agent.value), held, agent.origin);
    }
    if let Some(group) = user.primary_group.declared() {
        push("primary group", Piece::plain(&group.value), Held::Located, group.origin);
    }
    for (name, value) in &user.attributes {
        let text = format!("{name}: {}", value.value);
        push("attribute", Piece::personal(&text), Held::Located, value.origin);
    }
    for former in &user.formerly {
        push("formerly", Piece::personal(&former.value), Held::Located, former.origin);
    }
    for released in &user.releases {
        push("releases", Piece::personal(&released.value), Held::Located, released.origin);
    }
    for field in &user.adopt {
        push("adopt", field.value.key().into(), Held::Located, field.origin);
    }
    if let Some(Order { kind, decided, origin, .. }) = &user.order {
        let field = if matches!(kind, OrderKind::Erase) { "erase" } else { "remove" };
        push(field, Piece::plain(&format!("decided {decided}")), Held::Located, *origin);
    }
}
