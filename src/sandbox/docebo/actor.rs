//! What does somebody else do to the tenant meanwhile?

use jiff::Timestamp;

use crate::sandbox::chaos::Dice;
use crate::sandbox::docebo::seed::{EnrollmentStatus, Group, Population, UserId, Uuid};
use crate::sandbox::docebo::state::Tenant;

impl Tenant {
    /// Does one thing that an administrator or a learner may do at any time; tells what.
    pub(crate) fn meddle(&mut self, dice: &mut Dice, now: Timestamp) -> Option<String> {
        match dice.below(8) {
            0 => Some(format!("user {} appears", self.appear(None, now))),
            1 => self.user_is_deleted(dice, now),
            2 => self.user_is_turned(dice, now),
            3 => self.course_is_finished(dice, now),
            4 => self.group_is_renamed(dice, now),
            5 => self.member_joins(dice, now),
            6 => self.member_leaves(dice, now),
            _ => Some(self.group_appears(now)),
        }
    }

    /// A user appears, before all others in the lists that are sorted by names; in a group too, if one is said.
    pub(crate) fn appear(&mut self, group: Option<&Uuid>, now: Timestamp) -> UserId {
        let number = self.users().map(|user| user.id.0).max().unwrap_or_default() + 1;
        let mut username = format!("!visitor{number}");
        while self.holder_of(&username).is_some() {
            username.push('!');
        }
        let id = self.add_user(&username, |user| user.created = Some(now));
        if let Some(uuid) = group {
            self.edit_group(uuid, |group| {
                group.members.insert(id);
            });
        }
        self.touch(now);
        id
    }

    fn anybody(&self, dice: &mut Dice) -> Option<UserId> {
        self.users().nth(dice.below(self.users().count())).map(|user| user.id)
    }

    fn any_group(&self, dice: &mut Dice) -> Option<Uuid> {
        self.groups().nth(dice.below(self.groups().count())).map(|group| group.uuid.clone())
    }

    fn user_is_deleted(&mut self, dice: &mut Dice, now: Timestamp) -> Option<String> {
        let id = self.anybody(dice)?;
        self.remove_user(id);
        self.touch(now);
        Some(format!("user {id} is deleted"))
    }

    fn user_is_turned(&mut self, dice: &mut Dice, now: Timestamp) -> Option<String> {
        let id = self.anybody(dice)?;
        self.edit_user(id, |user| user.active = !user.active);
        self.touch(now);
        let what = if self.user(id)?.active { "activated" } else { "deactivated" };
        Some(format!("user {id} is {what}"))
    }

    fn course_is_finished(&mut self, dice: &mut Dice, now: Timestamp) -> Option<String> {
        let id = self.anybody(dice)?;
        let count = self.user(id)?.enrollments.len();
        let at = dice.below(count);
        let course = self.user(id)?.enrollments.get(at)?.course;
        self.edit_user(id, |user| {
            if let Some(enrollment) = user.enrollments.get_mut(at) {
                enrollment.status = EnrollmentStatus::Completed;
            }
        });
        self.touch(now);
        Some(format!("user {id} finishes course {course}"))
    }

    fn group_is_renamed(&mut self, dice: &mut Dice, now: Timestamp) -> Option<String> {
        let uuid = self.any_group(dice)?;
        let name = format!("Renamed {uuid}");
        self.edit_group(&uuid, |group| {
            group.name = name;
            group.updated = Some(now);
        });
        Some(format!("group {uuid} is renamed"))
    }

    fn member_joins(&mut self, dice: &mut Dice, now: Timestamp) -> Option<String> {
        let (id, uuid) = (self.anybody(dice)?, self.any_group(dice)?);
        if self.group(&uuid)?.members.contains(&id) {
            return None;
        }
        self.edit_group(&uuid, |group| {
            group.members.insert(id);
        });
        self.touch_members(now);
        Some(format!("user {id} joins group {uuid}"))
    }

    fn member_leaves(&mut self, dice: &mut Dice, now: Timestamp) -> Option<String> {
        let uuid = self.any_group(dice)?;
        let members = &self.group(&uuid)?.members;
        let id = *members.iter().nth(dice.below(members.len()))?;
        self.edit_group(&uuid, |group| {
            group.members.remove(&id);
        });
        self.touch_members(now);
        Some(format!("user {id} leaves group {uuid}"))
    }

    /// A group with the name of another one, if there is one.
    fn group_appears(&mut self, now: Timestamp) -> String {
        let name = self.groups().next().map_or_else(|| "Visitors".to_owned(), |group| group.name.clone());
        let uuid = self.add_group(|uuid| {
            let group = Group::new(uuid, name, Population::Manual);
            Group { updated: Some(now), ..group }
        });
        format!("group {uuid} appears")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::docebo::rules::opened;
    use crate::sandbox::docebo::rules::testing::{NOW, tenant};

    #[test]
    fn whatever_somebody_does_is_told_and_leaves_a_tenant_that_can_be() {
        let mut tenant = tenant(
            r#""courses":[{"id":5,"title":"Driver Safety"}],
            "users":[{"id":1,"username":"a","enrollments":[{"course":5}]},{"id":2,"username":"b","enrollments":[{"course":5}]}],
            "groups":[{"uuid":"m","name":"M","members":[1]},{"uuid":"g","name":"G","type":"automatic",
            "ruleset":{"sets":[[{"enrollment":{"course":5,"status":"completed"}}],[{"group":{"uuids":["m"]}}]]}}]"#,
        );
        let mut dice = Dice::of(3, &[]);
        let told: Vec<String> = (0..300).filter_map(|_| tenant.meddle(&mut dice, NOW)).collect();
        for word in [
            "appears",
            "deleted",
            "activated",
            "deactivated",
            "finishes",
            "renamed",
            "joins",
            "leaves",
            "group ",
        ] {
            assert!(told.iter().any(|deed| deed.contains(word)), "{word}");
        }
        tenant.settle(NOW);
        assert!(opened(tenant.snapshot()).is_ok());
    }
}
