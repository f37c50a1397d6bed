//! What is sent about users: edits of fields (`FieldEditsDto`) and search terms (`IdentityLookupRequest`).
//!
//! Lists are edit lists, never whole lists: an element without `id` adds, an element with `id` and a null `value` removes.
//! Additions stand before removals, so that a user is never without an identifier in between. What the account holds is named in
//! its own bytes, spaces around it and all; what is added is sent as it reads.

use serde::{Serialize, Serializer};

use crate::model::{Domain, Edit, Folded, GroupId, Identifier, Login, NewUser, Tracking};

/// `FieldEditsDto`: only the members that change are sent.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::account::activtrak) struct FieldEdits<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    display_name: Option<FieldEdit<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    upns: Vec<FieldEdit<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    emails: Vec<FieldEdit<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    employee_ids: Vec<FieldEdit<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    device_logons: Vec<LogonEdit<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tracking: Option<bool>,
    /// With a capital letter, as the API has it.
    #[serde(rename = "PrimaryGroupId", skip_serializing_if = "Option::is_none")]
    primary_group_id: Option<GroupEdit>,
}

/// `FieldDto` of a group, whose number is a text there.
#[derive(Debug, Serialize)]
struct GroupEdit {
    value: String,
}

/// `FieldDto`.
#[derive(Debug)]
enum FieldEdit<'a> {
    Add(&'a str),
    Remove(&'a str),
}

impl Serialize for FieldEdit<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct FieldDto<'a> {
            #[serde(skip_serializing_if = "Option::is_none")]
            id: Option<&'a str>,
            value: Option<&'a str>,
        }
        match self {
            Self::Add(value) => FieldDto { id: None, value: Some(value) },
            Self::Remove(value) => FieldDto { id: Some(value), value: None },
        }
        .serialize(serializer)
    }
}

/// `DeviceLogonDto`; no domain is any domain.
#[derive(Debug)]
enum LogonEdit<'a> {
    Add(&'a Login),
    Remove(&'a Login),
    /// One login in the place of another: from a domain to any, or back.
    Turn {
        old: &'a Login,
        new: &'a Login,
    },
}

impl Serialize for LogonEdit<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Old<'a> {
            user_id: &'a str,
            logon_id: Option<&'a str>,
        }
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct DeviceLogonDto<'a> {
            user: Option<&'a str>,
            logon_domain: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            id: Option<Old<'a>>,
        }
        let (new, old) = match self {
            Self::Add(new) => (Some(*new), None),
            Self::Remove(old) => (None, Some(*old)),
            Self::Turn { old, new } => (Some(*new), Some(*old)),
        };
        DeviceLogonDto {
            user: new.map(|login| login.user.as_written()),
            logon_domain: new.and_then(|login| domain(login, Folded::as_written)),
            id: old.map(|login| Old {
                user_id: login.user.verbatim(),
                logon_id: domain(login, Folded::verbatim),
            }),
        }
        .serialize(serializer)
    }
}

fn domain(login: &Login, form: fn(&Folded) -> &str) -> Option<&str> {
    match &login.domain {
        Domain::Any => None,
        Domain::Named(domain) => Some(form(domain)),
    }
}

impl<'a> FieldEdits<'a> {
    /// The body that creates a user.
    pub(in crate::account::activtrak) fn create(new: &'a NewUser) -> Self {
        let mut edits = Self {
            display_name: new.display_name.as_ref().map(|name| FieldEdit::Add(name.as_written())),
            tracking: new.tracking.map(|tracking| tracking == Tracking::Tracked),
            ..Self::default()
        };
        for identifier in &new.identifiers {
            edits.add(identifier);
        }
        edits
    }

    /// The body that chooses a primary group.
    pub(in crate::account::activtrak) fn primary_group(group: GroupId) -> Self {
        let edit = GroupEdit { value: group.0.to_string() };
        Self { primary_group_id: Some(edit), ..Self::default() }
    }

    /// The body that carries edits out.
    pub(in crate::account::activtrak) fn of(edits: impl Iterator<Item = &'a Edit> + Clone) -> Self {
        let mut body = Self::default();
        for edit in edits.clone() {
            match edit {
                Edit::Name { to, .. } => body.display_name = Some(FieldEdit::Add(to.as_written())),
                Edit::Add(identifier) => body.add(identifier),
                // By this API all of them are seen, and each has an edit of its own.
                Edit::Remove(_) | Edit::NoEmployeeId => {}
            }
        }
        for edit in edits {
            if let Edit::Remove(identifier) = edit {
                body.remove(identifier);
            }
        }
        body
    }

    fn add(&mut self, identifier: &'a Identifier) {
        match identifier {
            Identifier::Upn(upn) => self.upns.push(FieldEdit::Add(upn.as_written())),
            Identifier::Email(email) => self.emails.push(FieldEdit::Add(email.as_written())),
            Identifier::EmployeeId(id) => self.employee_ids.push(FieldEdit::Add(id.as_written())),
            Identifier::DeviceLogin(login) => self.device_logons.push(LogonEdit::Add(login)),
        }
    }

    /// A login that goes while another of the same username comes makes place for it: one edit.
    fn remove_login(&mut self, old: &'a Login) {
        for edit in &mut self.device_logons {
            if let LogonEdit::Add(new) = *edit
                && new.user == old.user
            {
                *edit = LogonEdit::Turn { old, new };
                return;
            }
        }
        self.device_logons.push(LogonEdit::Remove(old));
    }

    fn remove(&mut self, identifier: &'a Identifier) {
        match identifier {
            Identifier::Upn(upn) => self.upns.push(FieldEdit::Remove(upn.verbatim())),
            Identifier::Email(email) => self.emails.push(FieldEdit::Remove(email.verbatim())),
            Identifier::EmployeeId(id) => self.employee_ids.push(FieldEdit::Remove(id.verbatim())),
            Identifier::DeviceLogin(login) => self.remove_login(login),
        }
    }
}

/// What a search looks for: any of these identifiers.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::account::activtrak) struct Terms {
    email_addresses: Vec<Box<str>>,
    employee_ids: Vec<Box<str>>,
    upns: Vec<Box<str>>,
    device_logons: Vec<LogonTerm>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct LogonTerm {
    user: Box<str>,
    logon_domain: Option<Box<str>>,
}

impl Terms {
    /// Looks for one more identifier.
    pub(in crate::account::activtrak) fn push(&mut self, identifier: &Identifier) {
        match identifier {
            Identifier::Upn(upn) => self.upns.push(upn.verbatim().into()),
            Identifier::Email(email) => self.email_addresses.push(email.verbatim().into()),
            Identifier::EmployeeId(id) => self.employee_ids.push(id.verbatim().into()),
            Identifier::DeviceLogin(login) => self.device_logons.push(LogonTerm {
                user: login.user.verbatim().into(),
                logon_domain: domain(login, Folded::verbatim).map(Into::into),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{FieldEdits, Terms};
    use crate::model::{
        DisplayName, Edit, Email, EmployeeId, GroupId, Identifier, Login, NewUser, Tracking, Upn,
    };

    fn email(text: &str) -> Identifier {
        Identifier::Email(Email::observed(text))
    }

    fn login(text: &str) -> Identifier {
        Identifier::DeviceLogin(Login::parse(text).unwrap())
    }

    #[test]
    fn additions_stand_before_removals_and_only_what_changes_is_sent() {
        let edits = [
            Edit::Remove(email("old@acme.example")),
            Edit::Name { from: None, to: DisplayName::observed("Ada L.") },
            Edit::Add(email("Ada@acme.example")),
            Edit::Remove(login("ACME\\ada")),
            Edit::Add(login("*\\ada")),
            Edit::Remove(login("ACME\\old")),
            Edit::Add(login("ACME\\new")),
        ];
        let json = serde_json::to_value(FieldEdits::of(edits.iter())).unwrap();
        let wanted = serde_json::json!({
            "displayName": { "value": "Ada L." },
            "emails": [{ "value": "Ada@acme.example" }, { "id": "old@acme.example", "value": null }],
            "deviceLogons": [
                { "user": "ada", "logonDomain": null, "id": { "userId": "ada", "logonId": "ACME" } },
                { "user": "new", "logonDomain": "ACME" },
                { "user": null, "logonDomain": null, "id": { "userId": "old", "logonId": "ACME" } },
            ],
        });
        assert_eq!(json, wanted);
    }

    #[test]
    fn a_new_user_is_sent_with_what_is_declared() {
        let new = NewUser {
            display_name: None,
            identifiers: vec![
                Identifier::Upn(Upn::observed("ada@acme.example")),
                Identifier::EmployeeId(EmployeeId::observed("007")),
            ],
            tracking: Some(Tracking::Untracked),
        };
        let json = serde_json::to_value(FieldEdits::create(&new)).unwrap();
        let wanted = serde_json::json!({
            "upns": [{ "value": "ada@acme.example" }],
            "employeeIds": [{ "value": "007" }],
            "tracking": false,
        });
        assert_eq!(json, wanted);
    }

    #[test]
    fn a_primary_group_is_sent_as_text_under_a_capital_letter() {
        let json = serde_json::to_value(FieldEdits::primary_group(GroupId(9001))).unwrap();
        assert_eq!(json, serde_json::json!({ "PrimaryGroupId": { "value": "9001" } }));
    }

    #[test]
    fn what_the_account_holds_is_named_in_its_own_bytes_and_what_comes_as_it_reads() {
        let edits = [
            Edit::Add(Identifier::EmployeeId(EmployeeId::parse(" Zoe\u{308} ").unwrap())),
            Edit::Remove(Identifier::EmployeeId(EmployeeId::observed(" E7"))),
            Edit::Remove(email("zoe\u{308}@acme.example")),
            Edit::Add(login("*\\ada")),
            Edit::Remove(Identifier::DeviceLogin(Login::observed(Some("ACME "), "ada "))),
        ];
        let wanted = serde_json::json!({
            "emails": [{ "id": "zoe\u{308}@acme.example", "value": null }],
            "employeeIds": [{ "value": "Zo\u{eb}" }, { "id": " E7", "value": null }],
            "deviceLogons": [{ "user": "ada", "logonDomain": null, "id": { "userId": "ada ", "logonId": "ACME " } }],
        });
        assert_eq!(serde_json::to_value(FieldEdits::of(edits.iter())).unwrap(), wanted);
        let mut terms = Terms::default();
        terms.push(&Identifier::EmployeeId(EmployeeId::observed("E7\u{a0}")));
        assert_eq!(serde_json::to_value(&terms).unwrap()["employeeIds"], serde_json::json!(["E7\u{a0}"]));
    }

    #[test]
    fn a_search_names_every_list_even_an_empty_one() {
        let mut terms = Terms::default();
        terms.push(&email("ada@acme.example"));
        terms.push(&login("ACME\\ada"));
        let wanted = serde_json::json!({
            "emailAddresses": ["ada@acme.example"],
            "employeeIds": [],
            "upns": [],
            "deviceLogons": [{ "user": "ada", "logonDomain": "ACME" }],
        });
        assert_eq!(serde_json::to_value(&terms).unwrap(), wanted);
    }
}
