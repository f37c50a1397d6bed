//! What a PATCH of a user or a group holds: edits as operations of RFC 7644, on the paths that the developer portal's variants name.
//!
//! Additions stand before removals. A removal names its value in the path: one without would take every value.

use serde::Serialize;
use serde_json::{Value, json};

use crate::model::{Edit, GroupName, Identifier, Tracking, UserId};

const UPNS: &str = "urn:ietf:params:scim:schemas:extension:activtrak:2.0:User:userPrincipalNames";
const TRACKING: &str = "urn:ietf:params:scim:schemas:extension:activtrak:2.0:User:tracking";
const EMPLOYEE_NUMBER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber";

/// `PatchOp`.
#[derive(Debug, Serialize)]
pub(in crate::account::activtrak) struct Operations {
    schemas: [&'static str; 1],
    #[serde(rename = "Operations")]
    operations: Vec<Operation>,
}

#[derive(Debug, Serialize)]
struct Operation {
    op: &'static str,
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Value>,
}

impl Operations {
    fn of(operations: Vec<Operation>) -> Self {
        Self { schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], operations }
    }

    /// Edits of a user's name and identifiers. Device logins are not in SCIM's reach.
    pub(in crate::account::activtrak) fn edits(edits: &[Edit]) -> Self {
        let mut operations: Vec<Operation> = edits.iter().filter_map(added).collect();
        let number = |edit: &&Edit| matches!(edit, Edit::Remove(Identifier::EmployeeId(_)));
        let replaced = edits.iter().any(|edit| number(&edit));
        for operation in operations.iter_mut().filter(|operation| operation.path == EMPLOYEE_NUMBER) {
            // `add` would leave the old one behind, and `remove` takes whichever is first.
            operation.op = if replaced { "replace" } else { "add" };
        }
        let adds_number = operations.iter().any(|operation| operation.path == EMPLOYEE_NUMBER);
        operations.extend(edits.iter().filter_map(removed));
        if replaced && !adds_number {
            operations.push(Operation { op: "remove", path: EMPLOYEE_NUMBER.to_owned(), value: None });
        }
        Self::of(operations)
    }

    /// Tracking or untracking a user: never by `active`, which erases.
    pub(in crate::account::activtrak) fn tracking(to: Tracking) -> Self {
        let value = Some(Value::Bool(to == Tracking::Tracked));
        Self::of(vec![Operation { op: "replace", path: TRACKING.to_owned(), value }])
    }

    /// Another name of a group.
    pub(in crate::account::activtrak) fn rename(to: &GroupName) -> Self {
        let value = Some(Value::from(to.said()));
        Self::of(vec![Operation { op: "replace", path: "displayName".to_owned(), value }])
    }

    /// Users who join a group.
    pub(in crate::account::activtrak) fn join(users: &[UserId]) -> Self {
        let users: Vec<Value> = users.iter().map(|user| json!({ "value": user.0.to_string() })).collect();
        Self::of(vec![Operation { op: "add", path: "members".to_owned(), value: Some(Value::Array(users)) }])
    }

    /// Users who leave a group. Only by filters: a removal that is misread could empty the group.
    pub(in crate::account::activtrak) fn leave(users: &[UserId]) -> Self {
        let leave = |user: &UserId| Operation {
            op: "remove",
            path: format!("members[value eq \"{}\"]", user.0),
            value: None,
        };
        Self::of(users.iter().map(leave).collect())
    }
}

fn added(edit: &Edit) -> Option<Operation> {
    let (op, path, value) = match edit {
        Edit::Name { to, .. } => ("replace", "displayName", json!(to.said())),
        Edit::Add(Identifier::Upn(upn)) => ("add", UPNS, json!([upn.said()])),
        Edit::Add(Identifier::Email(email)) => {
            ("add", "emails", json!([{ "value": email.said(), "primary": false }]))
        }
        Edit::Add(Identifier::EmployeeId(id)) => ("add", EMPLOYEE_NUMBER, json!(id.said())),
        Edit::Add(Identifier::DeviceLogin(_)) | Edit::Remove(_) => return None,
    };
    Some(Operation { op, path: path.to_owned(), value: Some(value) })
}

fn removed(edit: &Edit) -> Option<Operation> {
    let (path, text) = match edit {
        Edit::Remove(Identifier::Upn(upn)) => (UPNS, upn.verbatim()),
        Edit::Remove(Identifier::Email(email)) => ("emails", email.verbatim()),
        _ => return None,
    };
    let path = format!("{path}[value eq {}]", Value::from(text));
    Some(Operation { op: "remove", path, value: None })
}
