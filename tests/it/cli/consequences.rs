//! What a report says of what follows from a write that the account refused.

use rollcall::sandbox::{Config, Settings};
use serde_json::Value;

use super::{Folder, Remote};

const MOVES: &str = r"account: { name: acme, platform: sandbox, seed: account.json, allow: [agentMoves] }
users:
  - employeeId: E1
    agents: ['PC-1\ada']
  - employeeId: E2                     # loses an agent, and is called otherwise
    displayName: Ben Ode
";

const ACCOUNT: &str = r#"{
  "version": 1,
  "account": { "id": 7, "name": "acme" },
  "users": [
    { "id": 1, "displayName": "Ada Lovelace", "employeeIds": ["E1"] },
    { "id": 2, "displayName": "B. Ode", "employeeIds": ["E2"],
      "agents": [{ "id": 21, "username": "ada", "domain": "PC-1" }] }
  ]
}"#;

#[test]
fn who_keeps_an_agent_that_was_not_moved_is_not_said_to_have_lost_it() {
    let without_the_name = MOVES.replace("    displayName: Ben Ode\n", "");
    for (manifests, said) in [
        (without_the_name.as_str(), "Ode <E2> not done: it follows from Ada"),
        (MOVES, "1 of 1 step done; the rest is not done: it"),
    ] {
        let folder = Folder::new("");
        folder.write("account.json", ACCOUNT);
        folder.write("rollcall.yaml", manifests);
        let settings = Settings::parse(["no-agent-moves"]).unwrap();
        let remote = Remote::of(&folder, Config { settings, ..Config::default() });
        let ran = remote.run(&folder, &["apply", "--yes", "--json", "report.json"]);
        assert_eq!(ran.code, 5, "{}{}", ran.out, ran.err);
        let words = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(said), "{}", ran.out);
        assert!(words.contains("0 of 2 changes done (1 skipped, 1 failed)"), "{}", ran.out);
        let report = std::fs::read_to_string(folder.path().join("report.json")).unwrap();
        let report: Value = serde_json::from_str(&report).unwrap();
        let changes = report["changes"].as_array().unwrap();
        let of = |record: u64| changes.iter().find(|it| it["object"]["record"] == record).unwrap();
        assert_eq!(of(2)["outcome"], "skipped", "{report}");
        assert_eq!(of(2)["followsFrom"], of(1)["id"], "{report}");
    }
}
