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
            operations.extend(without_number(edits));
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
        let value = Some(Value::from(to.as_written()));
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
        Edit::Name { to, .. } => ("replace", "displayName", json!(to.as_written())),
        Edit::Add(Identifier::Upn(upn)) => ("add", UPNS, json!([upn.as_written()])),
        Edit::Add(Identifier::Email(email)) => {
            ("add", "emails", json!([{ "value": email.as_written(), "primary": false }]))
        }
        Edit::Add(Identifier::EmployeeId(id)) => ("add", EMPLOYEE_NUMBER, json!(id.as_written())),
        Edit::Add(Identifier::DeviceLogin(_)) | Edit::Remove(_) | Edit::NoEmployeeId => return None,
    };
    Some(Operation { op, path: path.to_owned(), value: Some(value) })
}

/// Removes the employee ID that is shown. Where none is to be left, replacing it by itself takes those that are not shown first.
fn without_number(edits: &[Edit]) -> impl Iterator<Item = Operation> {
    let shown = edits.iter().find_map(|edit| match edit {
        Edit::Remove(Identifier::EmployeeId(id)) => Some(json!(id.verbatim())),
        _ => None,
    });
    let alone = shown.filter(|_| edits.contains(&Edit::NoEmployeeId));
    let operation = |op, value| Operation { op, path: EMPLOYEE_NUMBER.to_owned(), value };
    alone.map(|id| operation("replace", Some(id))).into_iter().chain([operation("remove", None)])
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DisplayName, Email, EmployeeId, Upn};

    /// The operations as they are sent, each as `op path value`.
    fn sent(operations: &Operations) -> Vec<String> {
        let sent = serde_json::to_value(operations).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(sent["schemas"], json!(["urn:ietf:params:scim:api:messages:2.0:PatchOp"]));
        let operations = sent["Operations"].as_array().cloned().unwrap_or_default();
        let said = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let line = |operation: &Value| {
            let path = said(&operation["path"]);
            let path = path.rsplit(':').next().unwrap_or_default().to_owned();
            let value = operation.get("value").map(|value| format!(" {value}")).unwrap_or_default();
            format!("{} {path}{value}", said(&operation["op"]))
        };
        operations.iter().map(line).collect()
    }

    fn id(text: &str) -> Identifier {
        Identifier::EmployeeId(EmployeeId::observed(text))
    }

    #[test]
    fn users_join_by_one_operation_and_leave_by_one_each_that_names_them() {
        let users = [UserId(2), UserId(30)];
        assert_eq!(sent(&Operations::join(&users)), [r#"add members [{"value":"2"},{"value":"30"}]"#]);
        assert_eq!(
            sent(&Operations::leave(&users)),
            [r#"remove members[value eq "2"]"#, r#"remove members[value eq "30"]"#]
        );
    }

    #[test]
    fn what_is_added_comes_before_what_is_removed_and_a_removal_names_its_value() {
        let email = |text: &str| Identifier::Email(Email::observed(text));
        let edits = [
            Edit::Remove(email("o\"dd@acme.example")),
            Edit::Name { from: None, to: DisplayName::observed("Ada") },
            Edit::Add(email("ada@acme.example")),
            Edit::Remove(Identifier::Upn(Upn::observed("old@acme.example"))),
        ];
        assert_eq!(
            sent(&Operations::edits(&edits)),
            [
                r#"replace displayName "Ada""#,
                r#"add emails [{"primary":false,"value":"ada@acme.example"}]"#,
                r#"remove emails[value eq "o\"dd@acme.example"]"#,
                r#"remove userPrincipalNames[value eq "old@acme.example"]"#,
            ]
        );
    }

    #[test]
    fn an_employee_id_is_added_replaced_or_removed_and_none_takes_those_that_are_not_shown() {
        let (add, remove) = (|| Edit::Add(id("E2")), || Edit::Remove(id("E1")));
        for (edits, wanted) in [
            (vec![add()], vec![r#"add employeeNumber "E2""#]),
            (vec![add(), remove()], vec![r#"replace employeeNumber "E2""#]),
            (vec![remove()], vec!["remove employeeNumber"]),
            (
                vec![remove(), Edit::NoEmployeeId],
                vec![r#"replace employeeNumber "E1""#, "remove employeeNumber"],
            ),
        ] {
            assert_eq!(sent(&Operations::edits(&edits)), wanted, "{edits:?}");
        }
    }

    #[test]
    fn tracking_is_never_written_by_active() {
        assert_eq!(sent(&Operations::tracking(Tracking::Untracked)), ["replace tracking false"]);
        assert_eq!(sent(&Operations::rename(&GroupName::observed("Eng"))), [r#"replace displayName "Eng""#]);
    }
}
