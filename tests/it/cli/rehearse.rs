//! Rehearsals: the plan of an account that is only read, carried out in a sandbox made of it.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};

use rollcall::sandbox::{Chaos, Config, Processing, Seed, Settings};
use serde_json::Value;

use super::{BLOCKED, CHANGES, Folder, OVER_LIMIT, Ran, Remote, SAME, UPLOAD, many, ran};

/// A machine before an account that answers 500 to whatever is no read, by a list of its own, and remembers every request.
struct Guard {
    port: u16,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Guard {
    fn before(remote: &Remote) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::<Mutex<Vec<String>>>::default();
        let (account, list) = (remote.url().replace("http://", ""), Arc::clone(&seen));
        std::thread::spawn(move || {
            for socket in listener.incoming() {
                let (account, list) = (account.clone(), Arc::clone(&list));
                std::thread::spawn(move || guard(socket.unwrap(), &account, &list));
            }
        });
        Self { port, seen }
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Every request so far, as `GET /path`.
    fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

/// Passes one request on if it is a read.
fn guard(mut socket: TcpStream, account: &str, seen: &Mutex<Vec<String>>) {
    let (mut request, mut byte) = (Vec::new(), [0]);
    while !request.ends_with(b"\r\n\r\n") {
        if socket.read(&mut byte).unwrap_or_default() == 0 {
            return;
        }
        request.push(byte[0]);
    }
    let head = String::from_utf8(request).unwrap();
    let line = head.lines().next().unwrap();
    let line = line.rsplit_once(' ').unwrap().0;
    let line = line.split('?').next().unwrap().to_owned();
    let length = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    socket.read_exact(&mut body).unwrap();
    let is_read = is_read(&line);
    seen.lock().unwrap().push(line);
    if !is_read {
        let no = "HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        return socket.write_all(no.as_bytes()).unwrap();
    }
    let mut to = TcpStream::connect(account).unwrap();
    let head = head.replacen("\r\n", "\r\nconnection: close\r\n", 1);
    to.write_all(head.as_bytes()).unwrap();
    to.write_all(&body).unwrap();
    let mut answer = Vec::new();
    to.read_to_end(&mut answer).unwrap();
    // Whoever asked may have gone.
    drop(socket.write_all(&answer));
}

/// A read by the API's documents: every GET, and the search that is a POST.
fn is_read(line: &str) -> bool {
    line.starts_with("GET ") || line == "POST /identity/v2/entities/search"
}

/// Rehearses an account through a guard, and proves that it was only read.
#[track_caller]
fn rehearse(folder: &Folder, config: Config, args: &[&str]) -> Ran {
    let remote = Remote::of(folder, config);
    let before = remote.sandbox.snapshot();
    let guard = Guard::before(&remote);
    let mut command = folder.command(&[&["rehearse", "--endpoint", &guard.url()], args].concat());
    command.env("ACTIVTRAK_API_KEY", "any").env("ACTIVTRAK_SCIM_KEY", "any");
    let ran = ran(command.output().unwrap());
    let seen = guard.seen();
    assert!(!seen.is_empty(), "{}", ran.err);
    let others: Vec<_> = seen.iter().filter(|line| !is_read(line)).collect();
    assert!(others.is_empty(), "the account is asked for more than reads: {others:?}");
    assert!(remote.writes().is_empty());
    assert_eq!(remote.sandbox.snapshot(), before, "the account is as it was");
    ran
}

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("no JSON: {}{}", ran.out, ran.err))
}

/// Every file below a folder with what is in it.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let (path, name) = (entry.path(), entry.file_name().into_string().unwrap());
        if path.is_dir() {
            all.extend(files(&path).into_iter().map(|(below, text)| (format!("{name}/{below}"), text)));
        } else {
            all.insert(name, fs::read(path).unwrap());
        }
    }
    all
}

/// A rename, emails, a group member and an upload.
fn everything() -> String {
    format!(
        "{CHANGES}  - {{ email: cy@acme.example, employeeId: E3 }}\n{}",
        UPLOAD.split_once("E3 }\n").unwrap().1
    )
}

#[test]
fn a_rehearsal_sends_nothing_but_reads_and_tells_how_an_apply_would_end() {
    let folder = Folder::new(&everything());
    let ran = rehearse(&folder, Config::default(), &[]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    for said in [
        "acme: rehearsed: all is done, and the next plan is empty.",
        "Nothing was sent to the account but reads",
        "3 of 3 changes done.",
        "AFTERWARDS: USERS\n  ~ Ada Lovelace <ada@acme.example>\n      name          Ada Lovelace → Ada King",
        "AFTERWARDS: HR GROUPS\n  ~ Oslo office\n      members       2 → 3   + Cy Young",
        "NEXT PLAN\n  No changes.",
        "An apply takes less than a minute at 300 a minute: a guess",
        "goals, alarms",
    ] {
        assert!(ran.out.contains(said), "{said}: {}", ran.out);
    }
    // What follows in the account is told from what the plan says.
    assert!(ran.out.contains("primary group none → Oslo office: in no line of the plan"), "{}", ran.out);
    assert_eq!(files(folder.path()).into_keys().collect::<Vec<_>>(), ["account.json", "rollcall.yaml"]);
}

#[test]
fn what_it_tells_comes_about_in_an_apply() {
    let folder = Folder::new(&everything());
    let told = json(&rehearse(&folder, Config::default(), &["--json", "-"]));
    let remote = Remote::of(&folder, Config::default());
    let before = remote.sandbox.requests().len();
    let applied = remote.run(&folder, &["apply", "--yes", "--settle=0s", "--json", "-"]);
    assert_eq!(applied.code, 0, "{}", applied.err);
    let applied = json(&applied);
    let report = &told["runs"][0]["came"]["report"];
    assert_eq!((&report["changes"], &report["digest"]), (&applied["changes"], &applied["digest"]));
    let writes = |run: &Value| ["identity", "scim", "admin", "hrdc"].map(|api| run[api].as_u64().unwrap());
    let rehearsed: u64 = writes(&told["runs"][0]["applying"]).iter().sum();
    let rehearsed = usize::try_from(rehearsed).unwrap();
    assert_eq!(rehearsed, remote.writes().len());
    assert!(remote.sandbox.requests().len() > before + rehearsed);
}

#[test]
fn a_rehearsal_touches_nothing_that_runs_left_and_takes_no_lock() {
    let folder = Folder::new(CHANGES);
    assert_eq!(folder.run(&["apply", "--yes"]).code, 0);
    folder.say(&everything());
    let before = files(folder.path());
    assert!(before.contains_key(".rollcall/.gitignore") && before.contains_key("account.state.json"));
    let scratch = tempfile::tempdir().unwrap();
    // The lock is another's: an apply would refuse.
    let lock = fs::File::options().write(true).open(folder.path().join(".rollcall/lock")).unwrap();
    lock.lock().unwrap();
    let mut command = folder.command(&["rehearse"]);
    let ran = ran(command.env("TMPDIR", scratch.path()).output().unwrap());
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("all is done"), "{}", ran.out);
    assert_eq!(files(folder.path()), before);
    assert_eq!(fs::read_dir(scratch.path()).unwrap().count(), 0, "its own folder is gone");
    assert_eq!(folder.run(&["apply", "--yes"]).code, 1, "the lock is held");
}

#[test]
fn a_blocked_plan_is_not_rehearsed_and_it_says_by_what() {
    let folder = Folder::new(BLOCKED);
    let ran = rehearse(&folder, Config::default(), &[]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    for said in
        ["acme: not rehearsed: the plan is blocked by 1 blocker.", "NOT REHEARSED", "nobody@acme.example"]
    {
        assert!(ran.out.contains(said), "{said}: {}", ran.out);
    }
    assert!(!ran.out.contains("RUN"), "{}", ran.out);
    let told = json(&rehearse(&folder, Config::default(), &["--json", "-"]));
    assert_eq!((&told["status"], &told["runs"]), (&"blocked".into(), &Value::Array(Vec::new())));
}

#[test]
fn a_plan_over_its_limits_is_rehearsed_and_exits_with_3_until_it_is_approved() {
    let folder = Folder::new(OVER_LIMIT);
    let ran = rehearse(&folder, Config::default(), &[]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    for said in
        ["AN APPLY REFUSES THIS PLAN UNTIL IT IS APPROVED", "untrack", "all is done", "tracked → untracked"]
    {
        assert!(ran.out.contains(said), "{said}: {}", ran.out);
    }
    let digest = ran.out.trim_end().rsplit(' ').next().unwrap().to_owned();
    let approved = rehearse(&folder, Config::default(), &["--approve", &digest]);
    assert_eq!(approved.code, 0, "{}{}", approved.out, approved.err);
    assert!(!approved.out.contains("REFUSES"), "{}", approved.out);
    let other = rehearse(&folder, Config::default(), &["--approve", &"7".repeat(64)]);
    assert_eq!(other.code, 4, "{}{}", other.out, other.err);
}

#[test]
fn where_nothing_would_change_there_is_nothing_to_rehearse() {
    let ran = rehearse(&Folder::new(SAME), Config::default(), &[]);
    assert_eq!(
        (ran.code, ran.out.lines().nth(1)),
        (0, Some("acme: nothing to rehearse: no changes.")),
        "{}",
        ran.err
    );
}

#[test]
fn a_rehearsal_is_json_by_its_schema_and_names_nobody_where_that_is_asked() {
    let folder = Folder::new(&everything());
    let schema: Value = serde_json::from_str(&folder.run(&["schema", "rehearsal"]).out).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    for args in [&["--json", "-", "--redact"][..], &["--json", "-", "--faults", "3"]] {
        let ran = rehearse(&folder, Config::default(), args);
        let told = json(&ran);
        let wrong: Vec<_> = schema.iter_errors(&told).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{wrong:?}\n{told:#}");
        assert_eq!((&told["status"], &told["next"]["empty"]), (&"settled".into(), &true.into()), "{told:#}");
        assert_eq!(ran.out.contains("Ada"), !args.contains(&"--redact"), "{}", ran.out);
    }
    let ran = rehearse(&folder, Config::default(), &["--redact"]);
    assert!(!["Ada", "Bob", "Cy ", "acme.example"].iter().any(|name| ran.out.contains(name)), "{}", ran.out);
}

#[test]
fn under_faults_it_is_applied_until_it_settles_and_ends_where_it_does_without_any() {
    let folder = Folder::new(&everything());
    let wanted = json(&rehearse(&folder, Config::default(), &["--json", "-"]));
    let (mut again, mut rehearsed) = (0, 0);
    let seeds = (0..200).filter(|seed| !Chaos::of(*seed).has_an_actor());
    for seed in seeds.take(12) {
        let told = rehearse(&folder, Config::default(), &["--json", "-", "--faults", &seed.to_string()]);
        let code = told.code;
        let told = json(&told);
        assert_eq!((code, &told["status"]), (0, &"settled".into()), "{seed}: {told:#}");
        assert_eq!(told["changes"], wanted["changes"], "{seed}");
        assert_eq!(told["faults"]["seed"], seed);
        let runs = told["runs"].as_array().unwrap();
        again += usize::from(runs.len() > 1);
        rehearsed += runs.len();
    }
    assert!(again > 0 && rehearsed < 12 * 9, "{again} of 12 took more than one run, {rehearsed} in all");
}

/// A run that ended early is followed by one that begins anew, as another process would. With these numbers somebody else changes
/// what a run is about to write.
#[test]
fn after_a_run_that_stopped_the_next_one_writes() {
    let mut followed = 0;
    for seed in ["1", "4", "38", "41"] {
        // A rehearsal leaves nothing in the folder.
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/acme");
        let args = ["rehearse", folder, "--fresh", "--json", "-", "--faults", seed];
        let told = json(&Folder::new("").run(&args));
        let runs = told["runs"].as_array().unwrap();
        let reports: Vec<&Value> = runs.iter().map(|run| &run["came"]["report"]).collect();
        for report in &reports {
            let untried = report["changes"].to_string().contains("notAttempted");
            assert!(!untried || !report["stopped"].is_null(), "{seed}: {report:#}");
        }
        let stopped = reports.iter().position(|report| !report["stopped"].is_null());
        let after = stopped.map_or(&[][..], |at| &reports[at + 1..]);
        followed += usize::from(after.iter().any(|report| report["writes"].as_u64() > Some(0)));
    }
    assert!(followed > 0, "no run was stopped and followed by another");
}

#[test]
fn the_same_number_of_faults_makes_the_same_rehearsal() {
    let folder = Folder::new(&everything());
    // What comes late is asked for as often as the clock allows.
    let is_timeless =
        |chaos: &Chaos| !chaos.lags() && chaos.uploads() == Processing::Normal && !chaos.has_an_actor();
    let seed = (0..200).find(|seed| is_timeless(&Chaos::of(*seed))).unwrap().to_string();
    let [one, other] = [(); 2].map(|()| rehearse(&folder, Config::default(), &["--faults", &seed]));
    assert_eq!(
        (one.code, &one.out.replace(|c: char| c.is_ascii_digit(), "")),
        (0, &other.out.replace(|c: char| c.is_ascii_digit(), ""))
    );
    assert!(one.out.contains("Under faults: chaos"), "{}", one.out);
}

#[test]
fn what_the_keys_do_not_carry_is_left_to_be_done_by_hand_as_in_an_apply() {
    let folder = Folder::new(&format!(
        "{CHANGES}  - {{ email: cy@acme.example, employeeId: E3, deviceLogin: 'ACME\\cy' }}\n"
    ));
    for settings in [
        &["identity-closed"][..],
        &["identity-closed", "scim-own-groups"],
        &["identity-closed", "admin-closed"],
    ] {
        let config = || Config { settings: Settings::parse(settings).unwrap(), ..Config::default() };
        let ran = rehearse(&folder, config(), &[]);
        assert_eq!(ran.code, 0, "{settings:?} {}{}", ran.out, ran.err);
        for said in ["all is done", "BY HAND", "not seen: exclusions", "(2 SCIM)"] {
            assert!(ran.out.contains(said), "{said} {settings:?}: {}", ran.out);
        }
    }
}

#[test]
fn what_can_not_be_undone_is_rehearsed_with_what_it_leaves() {
    let folder = Folder::new(
        "policy: { limits: { removeUsers: 1, eraseHistory: 1 } }
users:
  - { email: bob@acme.example, employeeId: E2, remove: { decided: 2026-05-02 } }
",
    );
    let ran = rehearse(&folder, Config::default(), &["--now", "2026-05-04T09:00:00Z"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    for said in [
        "  - Bob Leaver <bob@acme.example>   removed: record and all history",
        "AFTERWARDS: EXCLUSIONS\n  + *\\bob",
    ] {
        assert!(ran.out.contains(said), "{said}: {}", ran.out);
    }
}

#[test]
fn new_users_and_a_seed_of_many_are_rehearsed() {
    let folder = Folder::new(&many(60));
    let ran = rehearse(&folder, Config::default(), &[]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("60 writes (60 Identity)"), "{}", ran.out);
    let seed = Seed::load(&folder.path().join("account.json")).unwrap();
    assert_eq!(seed.users.len(), 3, "the seed of the account is as it was");
}
