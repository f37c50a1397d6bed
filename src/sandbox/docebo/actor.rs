//! What does somebody else do to the tenant meanwhile?

use jiff::Timestamp;

use crate::sandbox::chaos::Dice;
use crate::sandbox::docebo::seed::{
    EnrollmentStatus, FieldType, FieldValue, Group, Population, UserId, Uuid,
};
use crate::sandbox::docebo::state::{ROOT, Tenant};

impl Tenant {
    /// Does one thing that an administrator or a learner may do at any time; tells what.
    pub(crate) fn meddle(&mut self, dice: &mut Dice, now: Timestamp) -> Option<String> {
        match dice.below(10) {
            0 => Some(format!("user {} appears", self.appear(None, now))),
            1 => self.user_is_deleted(dice, now),
            2 => self.user_is_turned(dice, now),
            3 => self.course_is_finished(dice, now),
            4 => self.group_is_renamed(dice, now),
            5 => self.member_joins(dice, now),
            6 => self.member_leaves(dice, now),
            7 => self.user_is_moved(dice, now),
            8 => self.field_is_filled(dice, now),
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

    /// Into one branch alone, or out of all.
    fn user_is_moved(&mut self, dice: &mut Dice, now: Timestamp) -> Option<String> {
        let id = self.anybody(dice)?;
        let to = self.branches().nth(dice.below(self.branches().count() + 1)).map(|branch| branch.id);
        self.edit_user(id, |user| user.branches = to.into_iter().collect());
        self.touch(now);
        Some(format!("user {id} is moved to branch {}", to.unwrap_or(ROOT)))
    }

    /// With one of its options, or else with a text, a day, a yes.
    fn field_is_filled(&mut self, dice: &mut Dice, now: Timestamp) -> Option<String> {
        let id = self.anybody(dice)?;
        let field = self.fields().get(dice.below(self.fields().len()))?;
        let option = field.options.get(dice.below(field.options.len()));
        let value = option.map_or_else(
            || FieldValue::Text(of_hand(field.kind).to_owned()),
            |option| FieldValue::Chosen(option.id.0),
        );
        let (field, value) = (field.id, field.take(&value).ok()?);
        let told = format!("field {field} of user {id} is filled: {}", value.text());
        self.edit_user(id, |user| drop(user.fields.insert(field, value)));
        self.touch(now);
        Some(told)
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

/// What somebody fills a field with that has no options.
fn of_hand(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Date => "2026-03-01",
        FieldType::YesNo => "1",
        _ => "by hand",
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
            r#""courses":[{"id":5,"title":"Driver Safety"}],"branches":[{"id":1,"title":"A"}],
            "fields":[{"id":1,"title":"Number"},{"id":2,"title":"D","type":"dropdown","options":[{"id":11,"title":"x"}]},
            {"id":3,"title":"Start","type":"date"},{"id":4,"title":"Staff","type":"yesno"}],
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
            "branch 0",
            "branch 1",
            "filled: by hand",
            "filled: 11",
            "filled: 2026-03-01",
            "group ",
        ] {
            assert!(told.iter().any(|deed| deed.contains(word)), "{word}");
        }
        tenant.settle(NOW);
        assert!(opened(tenant.snapshot()).is_ok());
    }
}
