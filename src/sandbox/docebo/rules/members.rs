//! Who is put into a group by hand, and taken out (`/audiences/v1/audience/{uuid}/users`).

use jiff::Timestamp;

use crate::sandbox::docebo::rules::refusal::Refusal;
use crate::sandbox::docebo::seed::{Population, User, UserId, Uuid};
use crate::sandbox::docebo::state::Tenant;

/// The most users of one call. Other calls of the platform say 100 or 250.
const MOST_USERS: usize = 100;

/// Who is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Whom {
    /// These.
    These(Vec<UserId>),
    /// Everybody whom a search finds: without one, everybody.
    Everybody(Option<String>),
}

impl Tenant {
    /// Puts users into a group by hand, of either type, deactivated ones too. Whoever is not there is passed over.
    ///
    /// # Errors
    /// There is no such group, or too many are named.
    pub(crate) fn assign(&mut self, uuid: &Uuid, whom: Whom, now: Timestamp) -> Result<(), Refusal> {
        let is_manual = self.known(uuid)?.population == Population::Manual;
        let users: Vec<UserId> = match whom {
            Whom::These(ids) => within(ids)?.into_iter().filter(|id| self.user(*id).is_some()).collect(),
            Whom::Everybody(search) => {
                let is_found = |user: &&User| search.as_ref().is_none_or(|term| user.is_found(term));
                self.users().filter(is_found).map(|user| user.id).collect()
            }
        };
        self.edit_group(uuid, |group| group.members.extend(users));
        if is_manual {
            self.touch_members(now);
        }
        Ok(())
    }

    /// Takes users out of a group. Whom its rules match stays, or comes back when they are looked at.
    ///
    /// # Errors
    /// There is no such group, or too many are named, or none.
    pub(crate) fn unassign(&mut self, uuid: &Uuid, ids: Vec<UserId>, now: Timestamp) -> Result<(), Refusal> {
        let is_manual = self.known(uuid)?.population == Population::Manual;
        let mut was_of_rules = false;
        let ids = within(ids)?;
        self.edit_group(uuid, |group| {
            for id in ids {
                let by_hand = group.members.remove(&id);
                let by_rules = |group: &mut std::collections::BTreeSet<UserId>| group.remove(&id);
                was_of_rules |= !by_hand && group.computed.as_mut().is_some_and(by_rules);
            }
        });
        if was_of_rules {
            self.touch(now);
        }
        if is_manual {
            self.touch_members(now);
        }
        Ok(())
    }
}

fn within(ids: Vec<UserId>) -> Result<Vec<UserId>, Refusal> {
    match ids.len() {
        0 => Err(Refusal::invalid("no user_ids given")),
        1..=MOST_USERS => Ok(ids),
        count => Err(Refusal::Invalid(format!("{count} user_ids given, the maximum is {MOST_USERS}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::docebo::rules::testing::{NOW, tenant};

    const TENANT: &str = r#""users":[{"id":1,"username":"a","email":"a@x"},{"id":2,"username":"b","active":false},
        {"id":3,"username":"c"}],"groups":[{"uuid":"m","name":"M"},
        {"uuid":"g","name":"G","type":"automatic","members":[3],"ruleset":{"sets":[[{"email":{"contains":"@x"}}]]}}]"#;

    fn everybody(tenant: &Tenant, uuid: &str) -> Vec<u64> {
        let group = tenant.group(&Uuid(uuid.to_owned()));
        group.map(|group| group.everybody().iter().map(|id| id.0).collect()).unwrap_or_default()
    }

    fn these(ids: &[u64]) -> Vec<UserId> {
        ids.iter().map(|id| UserId(*id)).collect()
    }

    #[test]
    fn users_are_assigned_to_groups_of_either_type_and_who_is_not_there_is_passed_over() {
        let mut tenant = tenant(TENANT);
        for (uuid, expected) in [("m", &[2][..]), ("g", &[1, 2, 3])] {
            tenant.assign(&Uuid(uuid.to_owned()), Whom::These(these(&[2, 99])), NOW).unwrap();
            assert_eq!(everybody(&tenant, uuid), expected);
        }
        let manual = Uuid("m".to_owned());
        for count in [0, 101] {
            let ids: Vec<u64> = (1..=count).collect();
            assert!(tenant.assign(&manual, Whom::These(these(&ids)), NOW).is_err(), "{count}");
        }
    }

    #[test]
    fn everybody_is_everybody_or_whom_the_search_finds() {
        let mut tenant = tenant(TENANT);
        let manual = Uuid("m".to_owned());
        tenant.assign(&manual, Whom::Everybody(Some("A@X".to_owned())), NOW).unwrap();
        assert_eq!(everybody(&tenant, "m"), [1]);
        tenant.assign(&manual, Whom::Everybody(None), NOW).unwrap();
        assert_eq!(everybody(&tenant, "m"), [1, 2, 3]);
    }

    #[test]
    fn whom_rules_match_comes_back_and_who_was_added_by_hand_does_not() {
        let mut tenant = tenant(TENANT);
        let automatic = Uuid("g".to_owned());
        tenant.unassign(&automatic, these(&[1, 3]), NOW).unwrap();
        assert_eq!(everybody(&tenant, "g"), [0; 0]);
        tenant.settle(NOW);
        assert_eq!(everybody(&tenant, "g"), [1]);
    }

    #[test]
    fn who_is_matched_and_added_by_hand_stays_by_rules() {
        let mut tenant = tenant(TENANT);
        let automatic = Uuid("g".to_owned());
        let relation = |tenant: &Tenant| tenant.group(&automatic).and_then(|group| group.relation(UserId(1)));
        assert_eq!(relation(&tenant), Some(Population::Automatic));
        tenant.assign(&automatic, Whom::These(these(&[1])), NOW).unwrap();
        assert_eq!(relation(&tenant), Some(Population::Manual));
        tenant.unassign(&automatic, these(&[1]), NOW).unwrap();
        assert_eq!(relation(&tenant), Some(Population::Automatic));
        assert!(!tenant.is_due(NOW));
    }

    #[test]
    fn a_user_who_is_deleted_is_in_no_group_any_more() {
        let mut tenant = tenant(TENANT);
        tenant.remove_user(UserId(1));
        tenant.remove_user(UserId(3));
        assert_eq!(everybody(&tenant, "g"), [0; 0]);
        assert_eq!(tenant.holder_of("A"), None);
    }
}
