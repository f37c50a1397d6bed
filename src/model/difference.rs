//! What has a record lost, and what of it is another, beside what it should be?
//!
//! What it has gained is no difference: agents come online by themselves, and bring identifiers along.

use std::collections::BTreeSet;

use crate::model::identifier::{Identifier, Login};
use crate::model::name::DisplayName;
use crate::model::record::{ObservedUser, Tracking};

/// Something of a record that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// Another display name, or none.
    Name {
        /// What it should be.
        expected: Option<DisplayName>,
        /// What it is.
        found: Option<DisplayName>,
    },
    /// An identifier that it does not hold.
    Lost(Identifier),
    /// It is tracked, or not.
    Tracking {
        /// As it should be.
        expected: Tracking,
        /// As it is.
        found: Tracking,
    },
    /// An agent that is not with it.
    LostAgent(Login),
}

impl ObservedUser {
    /// What this record has lost, and what of it is another, beside what it should be.
    pub fn differences_from(&self, expected: &Self) -> Vec<Difference> {
        let mut differences = Vec::new();
        let said = |user: &Self| user.display_name.as_ref().map(|name| name.as_written().to_owned());
        if said(self) != said(expected) {
            let (expected, found) = (expected.display_name.clone(), self.display_name.clone());
            differences.push(Difference::Name { expected, found });
        }
        let held: BTreeSet<Identifier> = self.identifiers().collect();
        let lost = expected.identifiers().filter(|identifier| !held.contains(identifier));
        differences.extend(lost.map(Difference::Lost));
        if self.tracking != expected.tracking {
            let (expected, found) = (expected.tracking, self.tracking);
            differences.push(Difference::Tracking { expected, found });
        }
        let has = |id| self.agents.iter().any(|agent| agent.id == id);
        let lost = expected.agents.iter().filter(|agent| !has(agent.id));
        differences.extend(lost.map(|agent| Difference::LostAgent(agent.login.clone())));
        differences
    }
}

#[cfg(test)]
mod tests {
    use super::Difference;
    use crate::model::{DisplayName, Edit, EmployeeId, Identifier, Login, ObservedUser, Tracking, UserId};

    #[test]
    fn what_a_record_lost_is_a_difference_and_what_it_gained_is_none() {
        let id = |text: &str| EmployeeId::observed(text);
        let before = ObservedUser {
            display_name: Some(DisplayName::observed("Ada")),
            employee_ids: vec![id("E1"), id("E2")],
            ..ObservedUser::new(UserId(1))
        };
        let edits =
            [Edit::Remove(Identifier::EmployeeId(id("E1"))), Edit::Add(Identifier::EmployeeId(id("E3")))];
        let expected = before.edited(&edits);
        assert_eq!(expected.employee_ids, [id("E2"), id("E3")]);
        let more = ObservedUser {
            employee_ids: vec![id("E3"), id("E2")],
            device_logins: vec![Login::observed(None, "ada")],
            ..before.clone()
        };
        assert_eq!(more.differences_from(&expected), []);
        let less = ObservedUser {
            employee_ids: vec![id("E3")],
            tracking: Tracking::Untracked,
            display_name: None,
            ..before
        };
        let (tracked, untracked) = (Tracking::Tracked, Tracking::Untracked);
        assert_eq!(
            less.differences_from(&expected),
            [
                Difference::Name { expected: Some(DisplayName::observed("Ada")), found: None },
                Difference::Lost(Identifier::EmployeeId(id("E2"))),
                Difference::Tracking { expected: tracked, found: untracked },
            ]
        );
    }
}
