//! How an agent is moved: the call that the reference infers (2.5), and how its answers are judged.

use std::sync::Arc;

use rollcall::account::activtrak::Writer;
use rollcall::account::{Family, Write, pack};
use rollcall::model::{
    Act, AgentId, ChangeId, Observed, ObservedUser, Outcome, Revision, Step, StepId, UserId, UserRef,
};

use super::canned::Canned;

const MOVE: &str = "PATCH /identity/v2/entities/350/revision/1";
const OLD: &str = "GET /identity/v1/entities/349";
const NEW: &str = "GET /identity/v1/entities/350";

/// A record with the agent 142, or without.
fn record(id: u64, revision: u64, agents: &str) -> String {
    format!(r#"{{"id":{id},"revision":{revision},"tracked":true,"agents":[{agents}]}}"#)
}

const AGENT: &str =
    r#"{"userId":142,"userName":"aruiz","logonDomain":"CORP","tracked":true,"deleted":false}"#;

/// Moves the agent 142 from record 349, read at revision 5, to record 350, read at revision 1.
async fn move_agent(canned: &Canned) -> Outcome {
    let user = |id, revision| ObservedUser { revision: Revision(revision), ..ObservedUser::new(UserId(id)) };
    let observed = Observed::new(vec![user(349, 5), user(350, 1)], Vec::new(), &[], Vec::new(), Vec::new());
    let writer = Writer::new(&canned.serve().await, Arc::new(observed)).unwrap();
    let act = Act::MoveAgent { agent: AgentId(142), from: UserId(349), to: UserRef::Known(UserId(350)) };
    let step = Step { id: StepId(0), change: Some(ChangeId(0)), act, needs: Vec::new() };
    let packets = pack([step], Family::Identity);
    assert_eq!(packets.len(), 1);
    writer.perform(&packets[0]).await.remove(0).1
}

/// The account answers the PATCH so, and then shows who has the agent.
fn answering(status: u16, body: &str, [old, new]: [&str; 2]) -> Canned {
    let (old, new) = (record(349, 6, old), record(350, 2, new));
    Canned::default().on(MOVE, status, body).on(OLD, 200, &old).on(NEW, 200, &new)
}

#[tokio::test]
async fn an_agent_is_moved_by_a_patch_of_who_gets_it_that_names_who_has_it_at_which_revision() {
    let canned = answering(200, &record(350, 2, AGENT), ["", AGENT]);
    assert_eq!(move_agent(&canned).await, Outcome::Applied);
    let writes = canned.writes();
    let [(line, body)] = &writes[..] else { panic!("{writes:?}") };
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    let wanted = serde_json::json!({
        "userId": { "value": "142" }, "entity": { "value": "349" }, "revision": { "value": "5" },
    });
    assert_eq!((line.as_str(), body), (MOVE, wanted));
    let read: Vec<String> = canned.heard().into_iter().map(|heard| heard.line).collect();
    assert_eq!(read, [MOVE, OLD, NEW], "both records are looked at afterwards");
}

#[tokio::test]
async fn an_agent_that_is_not_where_it_should_be_is_never_taken_for_moved() {
    let ok = record(350, 2, AGENT);
    let held = r#"{"message":"entity 349 still goes by the agent's name","statusCode":400}"#;
    for (status, body, agents, wanted) in [
        (200, ok.as_str(), [AGENT, ""], "its old user still has it"),
        (200, &ok, [AGENT, AGENT], "its old user still has it"),
        (200, &ok, ["", ""], "neither user has it"),
        (400, held, [AGENT, ""], "still goes by the agent's name"),
        (500, "", [AGENT, ""], "500"),
    ] {
        let canned = answering(status, body, agents);
        let outcome = move_agent(&canned).await;
        let (is_mismatch, why) = match &outcome {
            Outcome::Mismatched { answered, .. } => (true, answered),
            Outcome::Failed(why) | Outcome::Unknown(why) => (false, why),
            _ => panic!("{outcome:?}"),
        };
        assert!(why.contains(wanted) && is_mismatch == (status == 200), "{outcome:?}");
        assert_eq!(canned.writes().len(), 1, "what was not refused for a revision is not sent again");
    }
}

#[tokio::test]
async fn a_stale_revision_of_either_record_is_read_again_and_the_move_sent_once_more() {
    let stale = r#"{"message":"revision is stale","statusCode":409}"#;
    let again = "PATCH /identity/v2/entities/350/revision/2";
    let canned = Canned::default()
        .on(MOVE, 409, stale)
        .on(OLD, 200, &record(349, 6, AGENT))
        .on(NEW, 200, &record(350, 2, ""))
        .on(again, 200, &record(350, 3, AGENT))
        .on(OLD, 200, &record(349, 7, ""))
        .on(NEW, 200, &record(350, 3, AGENT));
    assert_eq!(move_agent(&canned).await, Outcome::Applied);
    let writes = canned.writes();
    assert_eq!(writes.iter().map(|write| write.0.as_str()).collect::<Vec<_>>(), [MOVE, again]);
    assert!(writes[1].1.contains(r#""revision":{"value":"6"}"#), "{writes:?}");
}
