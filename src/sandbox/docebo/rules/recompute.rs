//! Who is in automatic groups, and since when? Rules are looked at some time after what they are about has changed.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::sandbox::docebo::seed::{Condition, Group, RuleSet, UserId};
use crate::sandbox::docebo::state::Tenant;

impl Tenant {
    /// Looks at the rules again whose time has come.
    pub(crate) fn settle(&mut self, now: Timestamp) {
        if self.is_due(now) {
            self.compute(|_| true);
            self.done(now);
        }
    }

    /// Looks at the rules that nobody looked at yet.
    pub(crate) fn compute_new(&mut self) {
        self.compute(|group| group.computed.is_none());
    }

    fn compute(&mut self, is_wanted: impl Fn(&Group) -> bool) {
        let found: Vec<_> = self
            .groups()
            .filter(|group| group.ruleset.is_some() && is_wanted(group))
            .map(|group| (group.uuid.clone(), self.computed(group)))
            .collect();
        for (uuid, computed) in found {
            self.edit_group(&uuid, |group| group.computed = Some(computed));
        }
    }

    /// Whom the rules of a group match now. Those of a group with a rule of an unknown kind stay whom they matched.
    fn computed(&self, group: &Group) -> BTreeSet<UserId> {
        let Some(ruleset) = group.ruleset.as_ref().filter(|ruleset| !has_unknown(ruleset)) else {
            return group.computed.clone().unwrap_or_default();
        };
        let users = self.users().filter(|user| user.active || !group.exclude_deactivated);
        users.filter(|user| self.matches(user, ruleset)).map(|user| user.id).collect()
    }

    /// Notes that somebody joined or left a manual group by hand, if rules are about that.
    pub(crate) fn touch_members(&mut self, now: Timestamp) {
        let is_about_groups = |condition: &Condition| matches!(condition, Condition::Group { .. });
        let sets = self.groups().filter_map(|group| group.ruleset.as_ref()).flat_map(|it| &it.sets);
        if sets.flatten().any(is_about_groups) {
            self.touch(now);
        }
    }
}

fn has_unknown(ruleset: &RuleSet) -> bool {
    ruleset.sets.iter().flatten().any(|condition| matches!(condition, Condition::Raw { .. }))
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;
    use crate::sandbox::docebo::rules::testing::{NOW, tenant};
    use crate::sandbox::docebo::seed::Uuid;

    const TENANT: &str = r#""settings":["recompute=3600"],
        "users":[{"id":1,"username":"a","email":"a@x"},{"id":2,"username":"b"},{"id":3,"username":"c","email":"c@x","active":false}],
        "groups":[{"uuid":"m","name":"M"},
        {"uuid":"g","name":"G","type":"automatic","excludeDeactivated":true,"members":[2],
         "ruleset":{"sets":[[{"email":{"contains":"@x"}}],[{"group":{"uuids":["m"]}}]]}},
        {"uuid":"r","name":"R","type":"automatic","computed":[2],"ruleset":{"sets":[[{"raw":{"type":"New","payload":{}}}]]}}]"#;

    fn everybody(tenant: &Tenant, uuid: &str) -> Vec<u64> {
        let group = tenant.group(&Uuid(uuid.to_owned()));
        group.map(|group| group.everybody().iter().map(|id| id.0).collect()).unwrap_or_default()
    }

    #[test]
    fn rules_are_looked_at_when_the_time_has_come_and_who_was_added_by_hand_stays() {
        let mut tenant = tenant(TENANT);
        assert_eq!(everybody(&tenant, "g"), [1, 2], "a deactivated user is passed over");
        tenant.edit_user(UserId(1), |user| user.email = String::new());
        tenant.edit_user(UserId(3), |user| user.active = true);
        tenant.touch(NOW);
        let due = NOW + SignedDuration::from_hours(1);
        tenant.settle(due - SignedDuration::from_secs(1));
        assert_eq!(everybody(&tenant, "g"), [1, 2], "too early");
        tenant.settle(due);
        assert_eq!(everybody(&tenant, "g"), [2, 3]);
        assert!(!tenant.is_due(Timestamp::MAX), "what was looked at is done");
        assert_eq!(everybody(&tenant, "r"), [2], "nobody knows whom an unknown rule matches");
    }

    #[test]
    fn who_joins_a_group_that_rules_are_about_joins_where_they_match() {
        let mut tenant = tenant(TENANT);
        tenant.edit_group(&Uuid("m".to_owned()), |group| {
            group.members.insert(UserId(3));
        });
        tenant.edit_user(UserId(3), |user| user.active = true);
        tenant.touch_members(NOW);
        tenant.settle(NOW + SignedDuration::from_hours(1));
        assert_eq!(everybody(&tenant, "g"), [1, 2, 3]);
    }
}
