//! What is done to many users at once (Identity API, POST /identity/v1/entities/bulk and /bulk/edits): each by itself,
//! failures listed beside successes.

use jiff::Timestamp;
use serde::Deserialize;

use crate::sandbox::rules::field_edits::FieldEdits;
use crate::sandbox::rules::refusal::{Refusal, within_limit};
use crate::sandbox::seed::{Login, User, UserId};
use crate::sandbox::state::{State, same_login};

/// One of the things that can be done to a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) enum Action {
    /// No data is collected any more; what there is stays.
    StopTracking,
    /// Data is collected again; global rules stay.
    StartTracking,
    /// The history goes and with it the agents; the record stays.
    DeleteData,
    /// The record goes; its identifiers stay blocked by global rules.
    DeleteEntity,
}

/// One user of a bulk request.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct BulkItem {
    entity_id: UserId,
    revision: u64,
    #[serde(default)]
    field_edits: Option<FieldEdits>,
}

/// What became of each user of a bulk request.
pub(crate) type BulkOutcome = Vec<(UserId, Result<(), Refusal>)>;

impl State {
    /// Does the actions to each user, all in one write.
    ///
    /// # Errors
    /// The request as a whole makes no sense; what fails for one user is in the outcome.
    pub(crate) fn bulk(
        &mut self,
        actions: &[Action],
        items: &[BulkItem],
        now: Timestamp,
    ) -> Result<BulkOutcome, Refusal> {
        if actions.is_empty() {
            return Err(Refusal::invalid("no actions given"));
        }
        if actions.contains(&Action::StopTracking) && actions.contains(&Action::StartTracking) {
            return Err(Refusal::invalid("StopTracking and StartTracking exclude each other"));
        }
        within_limit("entities", items)?;
        Ok(items.iter().map(|item| (item.entity_id, self.act(actions, item, now))).collect())
    }

    /// Edits each user, if the edits are such as the account takes.
    ///
    /// # Errors
    /// As `bulk`.
    pub(crate) fn bulk_edits(
        &mut self,
        items: Vec<BulkItem>,
        taken: impl Fn(&FieldEdits) -> Result<(), Refusal>,
        now: Timestamp,
    ) -> Result<BulkOutcome, Refusal> {
        within_limit("entities", &items)?;
        let edit = |item: BulkItem| {
            let edits = item.field_edits.ok_or_else(|| Refusal::invalid("no fieldEdits given"));
            let done = edits.and_then(|edits| {
                taken(&edits)?;
                self.patch(item.entity_id, item.revision, edits, now)
            });
            (item.entity_id, done)
        };
        Ok(items.into_iter().map(edit).collect())
    }

    fn act(&mut self, actions: &[Action], item: &BulkItem, now: Timestamp) -> Result<(), Refusal> {
        let mut user = self.current(item.entity_id, item.revision)?.clone();
        for action in actions {
            match action {
                Action::StopTracking => user.tracked = false,
                Action::StartTracking => user.tracked = true,
                Action::DeleteData => delete_data(&mut user, now),
                Action::DeleteEntity => {}
            }
        }
        if actions.contains(&Action::DeleteEntity) {
            self.remove(&user);
        } else {
            self.store(user, now);
        }
        Ok(())
    }

    /// Deletes a user by number, whatever the revision (DELETE /identity/v1/entities/{id}, and of v2).
    ///
    /// # Errors
    /// The user is unknown.
    pub(crate) fn delete_entity(&mut self, id: UserId) -> Result<(), Refusal> {
        let user = self.user(id).ok_or_else(|| Refusal::NotFound(format!("entity {id}")))?.clone();
        self.remove(&user);
        Ok(())
    }

    /// Deletes all agents of a user with their history (POST /identity/v1/entities/{id}/revision/{revision}/deleteClients).
    ///
    /// # Errors
    /// The user is unknown, or the revision stale.
    pub(crate) fn delete_clients(
        &mut self,
        id: UserId,
        revision: u64,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let mut user = self.current(id, revision)?.clone();
        delete_data(&mut user, now);
        self.store(user, now);
        Ok(())
    }

    /// Takes a record out; its identifiers stay blocked.
    pub(crate) fn remove(&mut self, user: &User) {
        self.remove_user(user.id);
        self.keep_blocked(user.derived_rules());
    }

    /// Leaves a global rule for each login that has none.
    fn keep_blocked(&mut self, logins: impl Iterator<Item = Login>) {
        for login in logins {
            if !self.rules_for(&login.user).any(|rule| same_login(&rule.login, &login)) {
                self.add_rule(login);
            }
        }
    }
}

/// Erases the history of a user: agents become deleted ones, tracking stays as it is ("Reset user data").
pub(crate) fn delete_data(user: &mut User, now: Timestamp) {
    for mut agent in user.agents.drain(..) {
        agent.deleted = Some(now);
        user.deleted_agents.push(agent);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::rules::testing::{NOW, state, user};

    const TWO: &str = r#""users":[{"id":1,"upns":["ana@x"],"emails":["ana@x"],"employeeIds":["E1"],"deviceLogins":["CORP\\ana"],
        "agents":[{"id":7,"username":"ana","domain":"CORP"}]},{"id":2,"emails":["bob@x"],"tracked":false}],
        "exclusions":[{"id":5,"login":"corp\\ANA"}]"#;

    fn run(actions: &str, items: &str) -> Result<(State, BulkOutcome), Refusal> {
        let mut state = state(TWO);
        let (actions, items): (Vec<Action>, Vec<BulkItem>) =
            (serde_json::from_str(actions).unwrap(), serde_json::from_str(items).unwrap());
        state.bulk(&actions, &items, NOW).map(|outcome| (state, outcome))
    }

    #[test]
    fn an_action_is_done_to_each_user_by_itself() {
        let items = r#"[{"entityId":1,"revision":1},{"entityId":2,"revision":9},{"entityId":8,"revision":1},
            {"entityId":1,"revision":1}]"#;
        let (state, outcome) = run(r#"["StopTracking"]"#, items).unwrap();
        let done: Vec<bool> = outcome.iter().map(|(_, result)| result.is_ok()).collect();
        assert_eq!(done, [true, false, false, false]);
        assert!(user(&state, 1).contains(r#""tracked":false"#));
        assert_eq!(state.user(UserId(1)).map(|user| user.revision), Some(2));
        assert_eq!(state.user(UserId(2)).map(|user| user.revision), Some(1));
    }

    #[test]
    fn starting_to_track_leaves_global_rules_alone() {
        let (state, _) = run(r#"["StartTracking"]"#, r#"[{"entityId":2,"revision":1}]"#).unwrap();
        assert!(user(&state, 2).contains(r#""tracked":true"#));
        assert_eq!(state.rules().count(), 1);
    }

    #[test]
    fn deleting_data_frees_the_agents_and_keeps_the_record_tracked() {
        let (state, _) = run(r#"["DeleteData"]"#, r#"[{"entityId":1,"revision":1}]"#).unwrap();
        let saved = user(&state, 1);
        assert!(
            saved.contains(
                r#""deletedAgents":[{"id":7,"username":"ana","domain":"CORP","deleted":"2026-05-28"#
            ),
            "{saved}"
        );
        assert!(saved.contains(r#""tracked":true"#), "{saved}");
        assert!(!saved.contains(r#""agents""#), "{saved}");
    }

    #[test]
    fn a_deleted_user_stays_blocked_by_global_rules() {
        let (state, _) = run(r#"["DeleteEntity","DeleteData"]"#, r#"[{"entityId":1,"revision":1}]"#).unwrap();
        assert!(state.user(UserId(1)).is_none());
        let logins: Vec<String> = state.rules().map(|rule| rule.login.to_string()).collect();
        assert_eq!(logins, ["corp\\ANA", "*\\ana@x"]);
    }

    #[test]
    fn a_request_that_makes_no_sense_is_refused_whole() {
        let many: Vec<String> = (0..51).map(|id| format!(r#"{{"entityId":{id},"revision":1}}"#)).collect();
        for (actions, items, message) in [
            ("[]", "[]".to_owned(), "no actions"),
            (r#"["StopTracking"]"#, "[]".to_owned(), "no entities"),
            (r#"["StopTracking"]"#, format!("[{}]", many.join(",")), "the maximum is 50"),
            (r#"["StopTracking","StartTracking"]"#, "[]".to_owned(), "exclude each other"),
        ] {
            let error = run(actions, &items).err().map(|error| error.to_string()).unwrap_or_default();
            assert!(error.contains(message), "{error}");
        }
    }
}
