//! Which reading of an account was it? A digest that is equal if and only if the account was, as far as manifests can go into it.

use sha2::{Digest as _, Sha256};

use crate::model::{DisplayName, EmployeeId, GroupSource, Observed, Upn, hex};

/// SHA-256 over users, groups, memberships, computers and exclusions; not over revisions, and not over what agents reported when.
pub fn digest(observed: &Observed) -> String {
    let mut hash = Hash(Sha256::new());
    hash.text("rollcall reading 1");
    users(observed, &mut hash);
    groups(observed, &mut hash);
    hash.number(observed.exclusions.len());
    for rule in &observed.exclusions {
        hash.text(&rule.login.to_string());
    }
    hash.number(observed.computers.len());
    for computer in &observed.computers {
        hash.id(computer.id.0);
        hash.text(&computer.login.to_string());
    }
    hex(&hash.0.finalize())
}

fn users(observed: &Observed, hash: &mut Hash) {
    hash.number(observed.users.len());
    for user in &observed.users {
        hash.id(user.id.0);
        hash.text(user.display_name.as_ref().map_or("", DisplayName::verbatim));
        hash.texts(user.upns.iter().map(Upn::verbatim));
        hash.texts(user.emails.iter().map(|it| it.email.verbatim()));
        hash.texts(user.employee_ids.iter().map(EmployeeId::verbatim));
        hash.texts(user.device_logins.iter().map(ToString::to_string));
        hash.texts(user.agents.iter().map(|it| it.login.to_string()));
        hash.text(&format!("{:?}", user.tracking));
        hash.id(user.primary_group.map_or(0, |group| group.0));
    }
}

fn groups(observed: &Observed, hash: &mut Hash) {
    hash.number(observed.groups.len());
    for group in &observed.groups {
        hash.id(group.id.0);
        hash.text(group.name.verbatim());
        hash.text(match &group.source {
            GroupSource::App => "app",
            GroupSource::Hr => "hr",
            GroupSource::Directory => "directory",
            GroupSource::Scim => "scim",
            GroupSource::Automatic => "automatic",
            GroupSource::Foreign(name) => name,
        });
        let computers = group.computers.iter().flatten();
        hash.number(computers.clone().count());
        computers.for_each(|computer| hash.id(computer.0));
    }
    hash.number(observed.memberships.len());
    for (group, user) in &observed.memberships {
        hash.id(observed.group(*group).id.0);
        hash.id(observed.user(*user).id.0);
    }
}

/// Everything with its length before it, so that no two readings give the same bytes.
struct Hash(Sha256);

impl Hash {
    fn id(&mut self, id: u64) {
        self.0.update(id.to_be_bytes());
    }

    fn number(&mut self, number: usize) {
        self.id(u64::try_from(number).unwrap_or(u64::MAX));
    }

    fn text(&mut self, text: &str) {
        self.number(text.len());
        self.0.update(text.as_bytes());
    }

    fn texts<T: AsRef<str>>(&mut self, texts: impl ExactSizeIterator<Item = T>) {
        self.number(texts.len());
        texts.for_each(|text| self.text(text.as_ref()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ObservedUser, Revision, UserId};

    #[test]
    fn a_reading_is_another_if_the_account_is_and_not_if_a_revision_is() {
        let account = |upn: &str, revision: u64| {
            let mut ada = ObservedUser::new(UserId(1));
            ada.upns.push(Upn::observed(upn));
            ada.revision = Revision(revision);
            digest(&Observed::new(vec![ada], Vec::new(), &[], Vec::new(), Vec::new()))
        };
        assert_eq!(account("a@x.example", 1), account("a@x.example", 2));
        assert_ne!(account("a@x.example", 1), account("b@x.example", 1));
    }
}
