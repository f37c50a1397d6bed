//! Which change of one plan is about the same thing as a change of another?

use crate::model::{
    Change, Desired, DesiredUser, Identifier, Key, Located, Object, Observed, ObservedUser, Reference,
    UserLabel, fold,
};

/// What a change is about, the same in every plan against one reading.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum About {
    /// A record.
    User(u64),
    /// A user who is to be created.
    NewUser(String),
    /// A group of the account.
    Group(u64),
    /// A group that is to be created.
    NewGroup(String),
    /// An exclusion.
    Exclusion(String),
}

impl About {
    /// What a change is about.
    pub(super) fn of(change: &Change) -> Self {
        match &change.object {
            Object::User(UserLabel { record: Some(id), .. }) => Self::User(id.0),
            Object::User(UserLabel { name, display_id, .. }) => Self::NewUser(format!(
                "{}\0{}",
                name.as_deref().unwrap_or(""),
                display_id.as_deref().unwrap_or("")
            )),
            Object::Group { id: Some(id), .. } => Self::Group(id.0),
            Object::Group { name, .. } => Self::NewGroup(name.key().to_owned()),
            Object::Exclusion { login, .. } => Self::Exclusion(login.to_string()),
        }
    }
}

/// One user, group or exclusion, as the command line names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Only(Box<str>);

impl Only {
    /// What somebody wrote.
    pub fn new(text: &str) -> Self {
        Self(text.trim().into())
    }

    /// As it was written.
    pub fn as_written(&self) -> &str {
        &self.0
    }

    /// Whether a change is about it.
    pub(super) fn is(&self, change: &Change, observed: &Observed) -> bool {
        match &change.object {
            Object::Group { name, .. } => self.is_named(name.as_written()),
            Object::Exclusion { login, .. } => self.is_named(&login.to_string()),
            Object::User(label) => {
                let record = label.record.and_then(|id| observed.user_ix(id));
                let shown = [label.name.as_deref(), label.display_id.as_deref()];
                record.is_some_and(|ix| self.is_user(observed.user(ix)))
                    || shown.into_iter().flatten().any(|shown| self.is_named(shown))
            }
        }
    }

    /// Whether either side has something that is called so.
    pub(super) fn is_anywhere(&self, desired: &Desired, observed: &Observed) -> bool {
        let identifier = |said: &Located<Identifier>| self.is_identifier(&said.value);
        let user = |user: &DesiredUser| {
            let name = user.display_name.declared();
            name.is_some_and(|name| self.is_named(name.value.as_written()))
                || user.identifiers().any(|said| identifier(&said))
        };
        desired.users.iter().any(user)
            || desired.groups.iter().any(|group| self.is_named(group.name.value.as_written()))
            || desired.exclusions.iter().any(|it| self.is_named(&it.login.value.to_string()))
            || observed.users.iter().any(|record| self.is_user(record))
            || observed.groups.iter().any(|group| self.is_named(group.name.as_written()))
            || observed.exclusions.iter().any(|it| self.is_named(&it.login.to_string()))
    }

    fn is_identifier(&self, held: &Identifier) -> bool {
        Reference::parse(&self.0).is_ok_and(|reference| Key::from(&reference) == Key::from(held))
    }

    /// Whether a group, an exclusion or a user is called so.
    pub(super) fn is_named(&self, name: &str) -> bool {
        fold(name) == fold(&self.0)
    }

    /// Whether it is a record.
    pub(super) fn is_user(&self, record: &ObservedUser) -> bool {
        let name = record.display_name.as_ref();
        name.is_some_and(|name| self.is_named(name.as_written()))
            || record.identifiers().any(|held| self.is_identifier(&held))
    }
}
