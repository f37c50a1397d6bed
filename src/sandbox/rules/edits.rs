//! What a field edit does to a user: adds, replaces and removals of values, and what stays unique
//! (Identity API, `FieldEditsDto`: POST /entities, PATCH /entities/{id}/revision/{revision}, POST /entities/bulk/edits).

use jiff::Timestamp;

use crate::sandbox::rules::field_edits::{Edit, FieldEdits, login_edits, not_blank, text_edits};
use crate::sandbox::rules::refusal::Refusal;
use crate::sandbox::rules::revision::API;
use crate::sandbox::seed::{GroupId, Login, Part, Sourced, User, UserId};
use crate::sandbox::state::{State, same, same_login};

/// One kind of list: its name, when two of its values are one, and who else holds a value.
struct Kind<T> {
    name: &'static str,
    same: fn(&T, &T) -> bool,
    holder: fn(&State, &T) -> Option<UserId>,
}

const UPN: Kind<String> = Kind {
    name: "UPN",
    same: |left, right| same(left, right),
    holder: |state, value| state.holder_of_address(value),
};
const EMAIL: Kind<String> = Kind { name: "email", ..UPN };
const EMPLOYEE_ID: Kind<String> = Kind {
    name: "employee ID",
    same: |left, right| left == right,
    holder: |state, value| state.holder_of_employee_id(value),
};
const LOGIN: Kind<Login> = Kind { name: "device login", same: same_login, holder: State::holder_of_login };

impl State {
    /// Creates a user.
    ///
    /// # Errors
    /// There is no UPN, email or employee ID ("Add a new user", Users page guide), or an edit is refused.
    pub(crate) fn create(&mut self, edits: FieldEdits, now: Timestamp) -> Result<UserId, Refusal> {
        let mut draft = User::new(UserId(0));
        self.edit(&mut draft, edits)?;
        if draft.upns.is_empty() && draft.emails.is_empty() && draft.employee_ids.is_empty() {
            return Err(Refusal::invalid("a user needs at least one UPN, email or employee ID"));
        }
        draft.groups.sort_unstable();
        Ok(self.add_user(now, |user| {
            *user = User { id: user.id, created: user.created, updated: user.updated, ..draft }
        }))
    }

    /// Edits a user whose revision the caller knows.
    ///
    /// # Errors
    /// The user is unknown, the revision stale, or an edit refused: then nothing is changed.
    pub(crate) fn patch(
        &mut self,
        id: UserId,
        revision: u64,
        edits: FieldEdits,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let mut user = self.current(id, revision)?.clone();
        self.edit(&mut user, edits)?;
        if user.upns.is_empty()
            && user.emails.is_empty()
            && user.employee_ids.is_empty()
            && user.device_logins.is_empty()
        {
            return Err(Refusal::invalid("the last identifier of a user can't be removed"));
        }
        self.store(user, now);
        Ok(())
    }

    /// Removes a UPN by its own call (DELETE /identity/v1/entities/{id}/upns/{upn}).
    ///
    /// # Errors
    /// As `patch`.
    pub(crate) fn remove_upn(
        &mut self,
        id: UserId,
        revision: u64,
        upn: String,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        self.patch(id, revision, FieldEdits::without_upn(upn), now)
    }

    pub(super) fn edit(&self, user: &mut User, edits: FieldEdits) -> Result<(), Refusal> {
        edits.refuse_what_is_not_emulated()?;
        if let Some(edit) = edits.display_name {
            self.edit_display_name(user, edit.value)?;
        }
        let parts = [
            (Part::First, edits.first_name),
            (Part::Middle, edits.middle_name),
            (Part::Last, edits.last_name),
        ];
        for (part, edit) in parts {
            if let Some(edit) = edit {
                let text = edit.value.filter(|text| !text.trim().is_empty());
                *user.part_mut(part) = text.map(|text| Sourced::by(API, text));
            }
        }
        let id = user.id;
        self.edit_list(&mut user.upns, id, &UPN, text_edits(edits.upns, UPN.name)?)?;
        self.edit_list(&mut user.emails, id, &EMAIL, text_edits(edits.emails, EMAIL.name)?)?;
        let ids = text_edits(edits.employee_ids, EMPLOYEE_ID.name)?;
        self.edit_list(&mut user.employee_ids, id, &EMPLOYEE_ID, ids)?;
        self.edit_list(&mut user.device_logins, id, &LOGIN, login_edits(edits.device_logons)?)?;
        for edit in text_edits(edits.group_ids, "group id")? {
            self.edit_groups(user, edit)?;
        }
        if let Some(edit) = edits.primary_group_id {
            edit_primary_group(user, edit.value)?;
        }
        user.tracked = edits.tracking.unwrap_or(user.tracked);
        Ok(())
    }

    fn edit_display_name(&self, user: &mut User, name: Option<String>) -> Result<(), Refusal> {
        let Some(name) = name else {
            user.display_name = None;
            return Ok(());
        };
        not_blank("display name", &name)?;
        match self.holder_of_display_name(&name) {
            Some(other) if other != user.id => Err(taken("display name", &name, other)),
            _ => {
                user.display_name = Some(Sourced::by(API, name));
                Ok(())
            }
        }
    }

    fn edit_list<T: std::fmt::Display>(
        &self,
        list: &mut Vec<Sourced<T>>,
        owner: UserId,
        kind: &Kind<T>,
        edits: Vec<Edit<T>>,
    ) -> Result<(), Refusal> {
        let free = |value: &T| match (kind.holder)(self, value) {
            Some(other) if other != owner => Err(taken(kind.name, value, other)),
            _ => Ok(()),
        };
        let place = |list: &[Sourced<T>], value: &T| {
            let found = list.iter().position(|held| (kind.same)(&held.value, value));
            found.ok_or_else(|| Refusal::Invalid(format!("the user has no {} {value}", kind.name)))
        };
        for edit in edits {
            match edit {
                Edit::Add(value) => {
                    free(&value)?;
                    if place(list, &value).is_err() {
                        list.push(Sourced::by(API, value));
                    }
                }
                Edit::Replace { old, new } => {
                    free(&new)?;
                    let at = place(list, &old)?;
                    if place(list, &new).is_ok_and(|other| other != at) {
                        list.remove(at);
                    } else {
                        list[at] = Sourced::by(API, new);
                    }
                }
                Edit::Remove(value) => {
                    let at = place(list, &value)?;
                    list.remove(at);
                }
            }
        }
        Ok(())
    }

    fn edit_groups(&self, user: &mut User, edit: Edit<String>) -> Result<(), Refusal> {
        let (joined, left) = match edit {
            Edit::Add(id) => (Some(id), None),
            Edit::Replace { old, new } => (Some(new), Some(old)),
            Edit::Remove(id) => (None, Some(id)),
        };
        if let Some(left) = left {
            let left = self.group_to_edit(&left)?;
            user.groups.retain(|group| *group != left);
            user.primary_group = user.primary_group.filter(|group| *group != left);
        }
        if let Some(joined) = joined {
            let joined = self.group_to_edit(&joined)?;
            if !user.groups.contains(&joined) {
                user.groups.push(joined);
            }
        }
        Ok(())
    }

    /// A group named in a body: an unknown one is a bad request, for the address of the request was found.
    fn group_to_edit(&self, text: &str) -> Result<GroupId, Refusal> {
        self.writable_group(group_id(text)?).map_err(|refusal| Refusal::Invalid(refusal.to_string()))
    }
}

fn edit_primary_group(user: &mut User, value: Option<String>) -> Result<(), Refusal> {
    user.primary_group = value.map(|value| group_id(&value)).transpose()?;
    match user.primary_group.filter(|group| !user.groups.contains(group)) {
        Some(group) => Err(Refusal::Invalid(format!("group {group} is none of the user's groups"))),
        None => Ok(()),
    }
}

fn group_id(text: &str) -> Result<GroupId, Refusal> {
    text.parse().map(GroupId).map_err(|_| Refusal::Invalid(format!("{text:?} is no group id")))
}

fn taken(what: &str, value: &(impl std::fmt::Display + ?Sized), holder: UserId) -> Refusal {
    Refusal::Invalid(format!("the {what} {value} belongs to entity {holder}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::rules::testing::{NOW, state, user};

    const TWO: &str = r#""groups":[{"id":3,"name":"A"},{"id":4,"name":"B"},{"id":5,"name":"C","source":"hr"}],
        "users":[{"id":1,"revision":5,"displayName":"Ana","upns":["ana@x"],"emails":["ana@x","a@x"],"employeeIds":["E1"],
        "deviceLogins":["CORP\\ana"],"groups":[3],"primaryGroup":3},
        {"id":2,"displayName":"Bob","emails":["bob@x"],"employeeIds":["E2"],"deviceLogins":["*\\bob"]}]"#;

    fn patched(edits: &str) -> Result<State, Refusal> {
        let mut state = state(TWO);
        state.patch(UserId(1), 5, serde_json::from_str(edits).unwrap(), NOW).map(|()| state)
    }

    #[test]
    fn an_edit_adds_replaces_or_removes_one_value() {
        for (edits, expected) in [
            (
                r#"{"displayName":{"value":"Ana R."}}"#,
                r#""displayName":{"value":"Ana R.","source":"AdminAPI"}"#,
            ),
            (r#"{"displayName":{"value":"ANA"}}"#, r#""displayName":{"value":"ANA","source":"AdminAPI"}"#),
            (
                r#"{"emails":[{"value":"n@x"}]}"#,
                r#""emails":["ana@x","a@x",{"value":"n@x","source":"AdminAPI"}]"#,
            ),
            (r#"{"emails":[{"value":"A@x"}]}"#, r#""emails":["ana@x","a@x"]"#),
            (
                r#"{"emails":[{"id":"ana@x","value":"n@x"}]}"#,
                r#""emails":[{"value":"n@x","source":"AdminAPI"},"a@x"]"#,
            ),
            (r#"{"emails":[{"id":"ana@x","value":"a@x"}]}"#, r#""emails":["a@x"]"#),
            (r#"{"emails":[{"id":"A@X","value":null}]}"#, r#""emails":["ana@x"]"#),
            (
                r#"{"employeeIds":[{"value":"e2"}]}"#,
                r#""employeeIds":["E1",{"value":"e2","source":"AdminAPI"}]"#,
            ),
            (r#"{"upns":[{"id":"ana@x","value":null}]}"#, r#""emails":["ana@x","a@x"]"#),
            (
                r#"{"deviceLogons":[{"user":"ana","logonDomain":null,"id":{"userId":"ana","logonId":"CORP"}}]}"#,
                r#""deviceLogins":[{"value":"*\\ana","source":"AdminAPI"}]"#,
            ),
            (
                r#"{"deviceLogons":[{"user":"bob","logonDomain":"CORP"}]}"#,
                r#"{"value":"CORP\\bob","source":"AdminAPI"}"#,
            ),
            (r#"{"groupIds":[{"value":"4"}]}"#, r#""primaryGroup":3,"groups":[3,4]"#),
            (r#"{"groupIds":[{"id":"3","value":null}]}"#, r#""tracked":true}"#),
            (
                r#"{"groupIds":[{"value":"4"}],"PrimaryGroupId":{"value":"4"}}"#,
                r#""primaryGroup":4,"groups":[3,4]"#,
            ),
            (r#"{"tracking":false}"#, r#""tracked":false"#),
            (r"{}", r#""revision":6,"created":"2020-01-01T00:00:00Z","updated":"2026-05-28T20:26:40Z""#),
        ] {
            let state = patched(edits).unwrap_or_else(|error| panic!("{edits}: {error}"));
            let saved = user(&state, 1);
            assert!(saved.contains(expected), "{edits}: {saved}");
            assert!(saved.contains("\"revision\":6"), "{edits}: not one revision more");
        }
    }

    #[test]
    fn an_edit_that_breaks_a_rule_changes_nothing() {
        for (edits, message) in [
            (r#"{"displayName":{"value":"BOB"}}"#, "display name BOB belongs to entity 2"),
            (r#"{"displayName":{"value":" "}}"#, "can't be empty"),
            (r#"{"upns":[{"value":"Bob@x"}]}"#, "UPN Bob@x belongs to entity 2"),
            (r#"{"employeeIds":[{"value":"E2"}]}"#, "employee ID E2 belongs to entity 2"),
            (r#"{"deviceLogons":[{"user":"BOB"}]}"#, "device login *\\BOB belongs to entity 2"),
            (r#"{"emails":[{"id":"zed@x","value":"y@x"}]}"#, "the user has no email zed@x"),
            (r#"{"emails":[{"value":null}]}"#, "neither id nor value"),
            (r#"{"groupIds":[{"value":"5"}]}"#, "managed by HRDC and read-only"),
            (r#"{"groupIds":[{"value":"9"}]}"#, "group 9 was not found"),
            (r#"{"PrimaryGroupId":{"value":"4"}}"#, "none of the user's groups"),
            (r#"{"timezone":{"value":"UTC"}}"#, "timezone is not emulated"),
            (
                r#"{"upns":[{"id":"ana@x"}],"emails":[{"id":"ana@x"},{"id":"a@x"}],"employeeIds":[{"id":"E1"}],
                   "deviceLogons":[{"id":{"userId":"ana","logonId":"CORP"}}]}"#,
                "the last identifier",
            ),
        ] {
            let error = patched(edits).err().map(|error| error.to_string()).unwrap_or_default();
            assert!(error.contains(message), "{edits}: {error:?}");
        }
    }

    #[test]
    fn a_write_about_an_older_record_or_none_is_refused() {
        let mut state = state(TWO);
        let refused = state.patch(UserId(1), 4, FieldEdits::default(), NOW);
        assert_eq!(refused, Err(Refusal::Stale { asked: 4, current: 5 }));
        assert!(matches!(state.patch(UserId(9), 1, FieldEdits::default(), NOW), Err(Refusal::NotFound(_))));
        assert!(matches!(state.remove_upn(UserId(1), 4, "ana@x".into(), NOW), Err(Refusal::Stale { .. })));
    }

    #[test]
    fn a_released_identifier_is_free_at_once() {
        let mut state = patched(r#"{"upns":[{"id":"ana@x"}],"emails":[{"id":"ana@x"}]}"#).unwrap();
        let taken = serde_json::from_str(r#"{"emails":[{"value":"ANA@x"}]}"#).unwrap();
        state.patch(UserId(2), 1, taken, NOW).unwrap();
        assert_eq!(state.holder_of_address("ana@x"), Some(UserId(2)));
    }

    #[test]
    fn a_user_is_created_with_a_number_and_a_real_identifier() {
        for (edits, message) in [
            (
                r#"{"displayName":{"value":"Zed"},"deviceLogons":[{"user":"zed"}]}"#,
                "at least one UPN, email or employee ID",
            ),
            (r#"{"emails":[{"value":"bob@x"}]}"#, "belongs to entity 2"),
        ] {
            let error = state(TWO).create(serde_json::from_str(edits).unwrap(), NOW).unwrap_err().to_string();
            assert!(error.contains(message), "{edits}: {error}");
        }
        let mut state = state(TWO);
        let edits = r#"{"employeeIds":[{"value":"E9"}],"tracking":false,"groupIds":[{"value":"4"}]}"#;
        assert_eq!(state.create(serde_json::from_str(edits).unwrap(), NOW), Ok(UserId(3)));
        assert_eq!(
            user(&state, 3),
            concat!(
                r#"{"id":3,"revision":1,"created":"2026-05-28T20:26:40Z","updated":"2026-05-28T20:26:40Z","#,
                r#""employeeIds":[{"value":"E9","source":"AdminAPI"}],"tracked":false,"groups":[4]}"#
            )
        );
        assert_eq!(state.group(GroupId(4)).map(|entry| entry.members.clone()), Some(vec![UserId(3)]));
    }
}
