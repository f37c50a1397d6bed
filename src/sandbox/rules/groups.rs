//! Making, renaming and deleting groups in the app (Admin API, /admin/v1/groups).

use crate::sandbox::rules::refusal::Refusal;
use crate::sandbox::seed::{GroupId, GroupSource};
use crate::sandbox::state::State;

/// The longest group name, in characters.
const NAME_LIMIT: usize = 65;

/// What became of a list of new names.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Created {
    /// Made.
    pub(crate) added: Vec<(GroupId, String)>,
    /// Taken already.
    pub(crate) duplicates: Vec<String>,
    /// Refused, with the reason.
    pub(crate) errors: Vec<String>,
}

/// What became of a list of groups to delete.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Deleted {
    /// Gone.
    pub(crate) groups: Vec<GroupId>,
    /// Why the others are not.
    pub(crate) messages: Vec<String>,
}

impl State {
    /// Makes one group.
    ///
    /// # Errors
    /// The name is invalid, or a group of any source has it.
    pub(crate) fn create_group(&mut self, name: &str) -> Result<GroupId, Refusal> {
        valid_name(name)?;
        self.free_name(name, None)?;
        Ok(self.add_group(name, GroupSource::App))
    }

    /// Makes several groups; each by itself.
    pub(crate) fn create_groups(&mut self, names: Vec<String>) -> Created {
        let mut created = Created::default();
        for name in names {
            if let Err(error) = valid_name(&name) {
                created.errors.push(error.to_string());
            } else if self.free_name(&name, None).is_err() {
                created.duplicates.push(name);
            } else {
                created.added.push((self.add_group(&name, GroupSource::App), name));
            }
        }
        created
    }

    /// Gives a group another name.
    ///
    /// # Errors
    /// The group is unknown or read-only, the name invalid or another group's.
    pub(crate) fn rename(&mut self, id: GroupId, name: &str) -> Result<(), Refusal> {
        valid_name(name)?;
        if let Some(character) = name.chars().find(|character| matches!(character, '\\' | '\t' | '^')) {
            return Err(Refusal::Invalid(format!("a group name can't hold {character:?}")));
        }
        let id = self.writable_group(id)?;
        self.free_name(name, Some(id))?;
        self.rename_group(id, name);
        Ok(())
    }

    /// Deletes several groups; their users and computers stay.
    ///
    /// # Errors
    /// None of them could be deleted.
    pub(crate) fn delete_groups(&mut self, ids: &[GroupId]) -> Result<Deleted, Refusal> {
        let mut deleted = Deleted::default();
        for id in ids {
            match self.writable_group(*id) {
                Ok(id) => {
                    self.remove_group(id);
                    deleted.groups.push(id);
                }
                Err(refusal) => deleted.messages.push(refusal.to_string()),
            }
        }
        if deleted.groups.is_empty() {
            Err(Refusal::Invalid(deleted.messages.join("; ")))
        } else {
            Ok(deleted)
        }
    }

    /// A group that the app's own calls may change: source `app` ("Group Sources", Groups guide).
    pub(crate) fn writable_group(&self, id: GroupId) -> Result<GroupId, Refusal> {
        let entry = self.group(id).ok_or_else(|| Refusal::NotFound(format!("group {id}")))?;
        match entry.group.source {
            GroupSource::App => Ok(id),
            other => Err(Refusal::Invalid(format!(
                "group {id} is managed by {} and read-only here",
                other.type_name()
            ))),
        }
    }

    fn free_name(&self, name: &str, own: Option<GroupId>) -> Result<(), Refusal> {
        match self.groups_named(name).iter().find(|holder| Some(**holder) != own) {
            Some(holder) => Err(Refusal::Invalid(format!("group {holder} is called {name:?} already"))),
            None => Ok(()),
        }
    }
}

/// What the Admin API says about names on creation: 1 to 65 characters, no double quotes. Control characters are in nobody's
/// group names, and a rename refuses the tab among them.
pub(crate) fn valid_name(name: &str) -> Result<(), Refusal> {
    if name.trim().is_empty() {
        return Err(Refusal::invalid("a group name can't be empty"));
    }
    if name.chars().count() > NAME_LIMIT {
        return Err(Refusal::Invalid(format!(
            "the group name {name:?} is longer than {NAME_LIMIT} characters"
        )));
    }
    if let Some(control) = name.chars().find(|character| character.is_control()) {
        return Err(Refusal::Invalid(format!("a group name can't hold the control character {control:?}")));
    }
    if name.contains('"') {
        return Err(Refusal::Invalid(format!("the group name {name:?} holds a double quote")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::rules::testing::{state, user};

    const GROUPS: &str = r#""groups":[{"id":3,"name":"Finance"},{"id":4,"name":"Sales"},{"id":5,"name":"Oslo","source":"hr"},
        {"id":6,"name":"Staff","source":"azure"}],"users":[{"id":1,"revision":5,"emails":["a@x"],"groups":[3,4,5],
        "primaryGroup":3}]"#;

    #[test]
    fn a_new_name_has_to_be_valid_and_free_in_every_source() {
        let long = "é".repeat(66);
        for (name, message) in [
            ("", "can't be empty"),
            ("  ", "can't be empty"),
            (long.as_str(), "longer than 65"),
            ("a \"b\"", "double quote"),
            ("a\tb", "control character"),
            ("a\u{7}", "control character"),
            ("finance", "group 3 is called"),
            ("OSLO", "group 5 is called"),
        ] {
            let error = state(GROUPS).create_group(name).unwrap_err().to_string();
            assert!(error.contains(message), "{name}: {error}");
        }
        assert_eq!(state(GROUPS).create_group(&"é".repeat(65)), Ok(GroupId(7)));
        let created = state(GROUPS).create_groups(vec!["New".into(), "new".into(), "a\"".into()]);
        assert_eq!(
            (created.added, created.duplicates),
            (vec![(GroupId(7), "New".to_owned())], vec!["new".to_owned()])
        );
        assert_eq!(created.errors.len(), 1);
    }

    #[test]
    fn a_rename_keeps_the_group_and_frees_the_old_name() {
        let mut renamed = state(GROUPS);
        renamed.rename(GroupId(3), "FINANCE").unwrap();
        renamed.rename(GroupId(3), "Money").unwrap();
        assert_eq!(renamed.create_group("Finance"), Ok(GroupId(7)));
        for (id, name, message) in [
            (3, "Sales", "group 4 is called"),
            (3, "a\\b", "can't hold"),
            (3, "a^b", "can't hold"),
            (5, "Bergen", "managed by HRDC"),
            (6, "People", "managed by AzureAD"),
            (9, "X", "not found"),
        ] {
            let error = state(GROUPS).rename(GroupId(id), name).unwrap_err().to_string();
            assert!(error.contains(message), "{name}: {error}");
        }
    }

    #[test]
    fn deleting_a_group_leaves_its_users_and_their_revisions() {
        let mut state = state(GROUPS);
        let deleted = state.delete_groups(&[GroupId(3), GroupId(5), GroupId(9)]).unwrap();
        assert_eq!(deleted.groups, [GroupId(3)]);
        assert_eq!(deleted.messages.len(), 2);
        assert!(user(&state, 1).contains(r#""revision":5"#));
        assert!(user(&state, 1).ends_with(r#""tracked":true,"groups":[4,5]}"#), "{}", user(&state, 1));
        assert!(state.delete_groups(&[GroupId(3)]).is_err(), "deleted twice");
    }
}
