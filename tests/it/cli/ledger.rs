//! What a run leaves behind that is killed, and what the next one makes of it.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use rollcall::sandbox::{Clock, Config, Fault, Settings};
use serde_json::Value;

use super::held::{At, Held};
use super::{CHANGES, Folder, Ran, Remote, UPLOAD, faulty};

const KEY: &str = "k3y-that-nobody-may-see";

/// Two new users, one of them in a group that is there and in a new one: five writes.
const ARRIVALS: &str = "users:
  - { displayName: Grace Hopper, upn: grace@acme.example, employeeId: E7, groups: [Engineering] }
  - { displayName: Heidi Lamarr, upn: heidi@acme.example }
groups:
  - { name: Compilers, members: [grace@acme.example, ada@acme.example] }
";

/// Everything by which somebody in it could be known.
const NAMES: [&str; 8] = ["Grace", "Hopper", "grace@", "E7", "Heidi", "Lamarr", "heidi@", "ada@"];

/// One more in the HR group, who is not there yet, and a new HR group: two writes.
const HIRED: &str = "users:
  - { displayName: Grace Hopper, upn: grace@acme.example, employeeId: E7 }
  - { upn: ada@acme.example }
groups:
  - { name: Oslo office, source: hr, members: [E1, E2, E7] }
  - { name: Bergen office, source: hr, members: [E7, E1] }
";

/// Somebody who is made by three writes where only SCIM is open.
const BY_SCIM: &str = "users:
  - { displayName: Grace Hopper, upn: grace@acme.example, email: g@acme.example, employeeId: E7, tracking: untracked }
";

/// Both keys.
const KEYS: [(&str, &str); 2] = [("ACTIVTRAK_API_KEY", KEY), ("ACTIVTRAK_SCIM_KEY", KEY)];

/// Runs apply, one request at a time, and kills it when it has sent so many writes and one more.
pub(super) fn killed(folder: &Folder, remote: &Remote, (through, at): (usize, At), more: &[&str]) {
    let held = Held::new(remote.url(), through, at);
    let mut command = folder.command(&["apply", "--yes", "--concurrency", "1", "--endpoint", held.url()]);
    command.args(more).envs(KEYS).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    held.wait();
    child.kill().unwrap();
    child.wait().unwrap();
}

#[expect(clippy::disallowed_methods, reason = "the account's clock goes with that of the program")]
fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

/// Kills a run of these manifests at each of its writes, before and after it took effect, each time on an account of its own,
/// and lets the next run do what is left, with the same plan expected. An upload that nobody knows to have arrived is not sent
/// again, so it is left out here.
fn resumed(manifests: &str, settings: &[&str], (writes, upload): (usize, Option<usize>), more: &[&str]) {
    let config = || Config {
        settings: Settings::parse(settings).unwrap(),
        hr_delay: Duration::ZERO,
        // A record of which the ledger does not say that the run made it has to be younger than the run.
        clock: Clock::Live(now),
        ..Config::default()
    };
    let moments = (0..writes).flat_map(|through| [(through, At::Before), (through, At::After)]);
    for (through, at) in moments.filter(|moment| Some(moment.0) != upload || moment.1 == At::After) {
        let folder = Folder::new(manifests);
        let remote = Remote::of(&folder, config());
        let run = |args: &[&str]| {
            let mut command = folder.command(args);
            super::ran(command.args(["--endpoint", &remote.url()]).envs(KEYS).output().unwrap())
        };
        let plan: Value = serde_json::from_str(&run(&["plan", "--json", "-"]).out).unwrap();
        // Only the ledger knows the plan.
        fs::remove_dir_all(folder.path().join(".rollcall")).unwrap();
        let expecting = [&["--expect", plan["digest"].as_str().unwrap()][..], more].concat();
        killed(&folder, &remote, (through, at), &expecting);
        let next = run(&[&["apply", "--yes"][..], &expecting].concat());
        assert_eq!(next.code, 0, "after {through} writes, {at:?}: {}{}", next.out, next.err);
        assert!(next.err.contains("was ended before its end"), "{}", next.err);
        assert_eq!(run(&["plan", "--detailed-exitcode"]).code, 0, "after {through} writes, {at:?}");
        assert_eq!(remote.writes().len(), writes, "nothing is sent twice: {:?}", remote.writes());
    }
}

fn ledgers(folder: &Folder) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.path().join(".rollcall/ledger")).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn lines(path: &PathBuf) -> Vec<Value> {
    fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn kinds(path: &PathBuf) -> Vec<String> {
    lines(path).iter().map(|line| line["line"].as_str().unwrap().to_owned()).collect()
}

#[track_caller]
fn settles(ran: &Ran, said: &str) {
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(ran.err.contains(said), "{}", ran.err);
}

#[test]
fn a_run_that_is_killed_is_settled_by_the_next_which_says_what_it_found() {
    for (at, said) in [(At::Before, "it did not take effect"), (At::After, "it took effect")] {
        let folder = Folder::new(ARRIVALS);
        let remote = Remote::of(&folder, Config::default());
        killed(&folder, &remote, (1, at), &[]);
        let left = kinds(&ledgers(&folder)[0]);
        assert_eq!(left[..2], ["run", "step"]);
        assert_eq!(left[left.len() - 5..], ["request", "answer", "outcome", "sending", "request"]);
        let next = remote.run(&folder, &["apply", "--yes"]);
        settles(
            &next,
            "was ended before its end: 1 write was answered, 1 was not; by what the account shows",
        );
        settles(&next, said);
        let again = remote.run(&folder, &["apply", "--yes"]);
        settles(&again, "");
        assert!(!again.err.contains("was ended"), "it is said once: {}", again.err);
        assert_eq!(kinds(&ledgers(&folder)[0]).last().unwrap(), "found");
        assert_eq!(kinds(&ledgers(&folder)[1]).last().unwrap(), "end");
        assert_eq!(ledgers(&folder).len(), 2, "a run with nothing to do sends nothing to note");
    }
}

#[test]
fn a_run_that_wants_something_else_does_not_say_that_a_write_took_effect() {
    let folder = Folder::new("users: [{ upn: ada@acme.example, displayName: Ada King }]\n");
    let remote = Remote::of(&folder, Config::default());
    killed(&folder, &remote, (0, At::Before), &[]);
    folder.say("users: [{ email: cy@acme.example, displayName: Cy Old }]\n");
    let next = remote.run(&folder, &["apply", "--yes"]);
    settles(&next, "1 was not; whether it took effect, the plan there is now does not tell");
    let found = lines(&ledgers(&folder)[0]).pop().unwrap();
    assert_eq!(found["untold"], 1, "{found}");
}

#[test]
fn without_its_ledger_a_killed_run_is_finished_all_the_same() {
    for (through, at) in [(0, At::After), (2, At::Before), (2, At::After), (3, At::After)] {
        let folder = Folder::new(ARRIVALS);
        let remote = Remote::of(&folder, Config::default());
        killed(&folder, &remote, (through, at), &[]);
        fs::remove_dir_all(folder.path().join(".rollcall")).unwrap();
        let next = remote.run(&folder, &["apply", "--yes"]);
        settles(&next, "");
        assert!(!next.err.contains("was ended"), "{}", next.err);
        assert_eq!(remote.run(&folder, &["plan", "--detailed-exitcode"]).code, 0);
    }
}

#[test]
fn what_is_left_of_a_plan_that_was_killed_while_it_made_users_and_groups_is_accepted() {
    resumed(ARRIVALS, &[], (5, None), &[]);
    resumed(ARRIVALS, &[], (5, None), &["--redact"]);
}

#[test]
fn what_is_left_of_a_plan_that_was_killed_around_an_upload_is_accepted() {
    resumed(HIRED, &[], (2, Some(1)), &["--settle", "0s", "--wait", "5s"]);
}

#[test]
fn what_is_left_of_a_plan_that_was_killed_while_scim_made_a_user_is_accepted() {
    resumed(BY_SCIM, &["identity-closed"], (3, None), &[]);
}

#[test]
fn what_is_left_after_writes_that_failed_is_accepted_and_anything_more_is_not() {
    let folder = Folder::new(ARRIVALS);
    let remote = Remote::of(&folder, faulty(Fault::FailWritesAfter(1)));
    let digest = {
        let plan = remote.run(&folder, &["plan", "--json", "-"]).out;
        serde_json::from_str::<Value>(&plan).unwrap()["digest"].as_str().unwrap().to_owned()
    };
    let apply = ["apply", "--yes", "--concurrency", "1", "--expect", &digest];
    assert_eq!(remote.run(&folder, &apply).code, 5);
    let account = remote.sandbox.snapshot();
    account.save(&folder.path().join("account.json")).unwrap();
    let behaving = Remote::of(&folder, Config::default());
    folder.say(&format!("{ARRIVALS}  - {{ name: Night shift, members: [grace@acme.example] }}\n"));
    let more = behaving.run(&folder, &apply);
    assert_eq!(more.code, 4, "{}", more.err);
    folder.say(ARRIVALS);
    settles(&behaving.run(&folder, &apply), "");
}

#[test]
fn half_a_last_line_is_what_a_power_cut_leaves_and_any_other_is_an_error_that_says_what_to_do() {
    let folder = Folder::new(ARRIVALS);
    let remote = Remote::of(&folder, Config::default());
    killed(&folder, &remote, (1, At::After), &[]);
    let path = ledgers(&folder)[0].clone();
    let whole = fs::read_to_string(&path).unwrap();
    let broken = whole.replacen("\"line\":\"sending\"", "\"lime\":\"sending\"", 1);
    fs::write(&path, broken).unwrap();
    let refused = remote.run(&folder, &["apply", "--yes"]);
    assert_eq!((refused.code, remote.writes().len()), (1, 2), "{}", refused.err);
    assert!(refused.err.contains("is no line of a ledger"), "{}", refused.err);
    assert!(refused.err.contains("then delete the file"), "{}", refused.err);
    fs::write(&path, &whole[..whole.len() - 20]).unwrap();
    settles(&remote.run(&folder, &["apply", "--yes"]), "; the last line of its ledger was cut off");
    assert_eq!(kinds(&path).last().unwrap(), "found", "every line can be read again");
}

#[test]
fn a_last_line_that_ends_within_a_letter_takes_nothing_else_with_it() {
    let folder = Folder::new(ARRIVALS);
    let remote = Remote::of(&folder, Config::default());
    killed(&folder, &remote, (1, At::After), &[]);
    let path = ledgers(&folder)[0].clone();
    let whole = fs::read(&path).unwrap();
    fs::write(&path, [&whole[..], b"{\"line\":\"outcome\",\"reason\":\"caf\xc3"].concat()).unwrap();
    settles(&remote.run(&folder, &["apply", "--yes"]), "; the last line of its ledger was cut off");
    let after = fs::read(&path).unwrap();
    assert!(after.starts_with(&whole), "what was whole stays");
    assert_eq!(kinds(&path).last().unwrap(), "found", "every line can be read again");
}

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_no_ledger() {
    let folder = Folder::new(CHANGES);
    folder.run(&["plan"]);
    let ledger = folder.path().join(".rollcall/ledger");
    fs::create_dir_all(ledger.join("1.jsonl")).unwrap();
    std::os::unix::fs::symlink("nowhere", ledger.join("2.jsonl")).unwrap();
    let ran = folder.run(&["apply", "--yes"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
}

#[test]
fn ledgers_of_another_account_or_of_a_rehearsal_are_left_alone() {
    let others =
        [("account", "\"other\""), ("endpoint", "\"api.activtrak.com\""), ("sandbox", "\"inProcess\"")];
    for (key, value) in others {
        let folder = Folder::new(ARRIVALS);
        let remote = Remote::of(&folder, Config::default());
        killed(&folder, &remote, (1, At::After), &[]);
        let path = ledgers(&folder)[0].clone();
        let whole = fs::read_to_string(&path).unwrap();
        let (first, rest) = whole.split_once('\n').unwrap();
        let mut run: Value = serde_json::from_str(first).unwrap();
        run[key] = serde_json::from_str(value).unwrap();
        let others = format!("{run}\n{rest}");
        fs::write(&path, &others).unwrap();
        let ran = remote.run(&folder, &["apply", "--yes"]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(!ran.err.contains("was ended before its end"), "{key}: {}", ran.err);
        assert_eq!(fs::read_to_string(&path).unwrap(), others, "{key}");
    }
}

#[test]
fn nothing_is_sent_where_no_ledger_can_be_written() {
    let folder = Folder::new(CHANGES);
    let remote = Remote::of(&folder, Config::default());
    folder.run(&["plan"]);
    folder.write(".rollcall/ledger", "a file in its place");
    let ran = remote.run(&folder, &["apply", "--yes"]);
    assert_eq!((ran.code, remote.writes().len()), (1, 0), "{}", ran.err);
    assert!(ran.err.contains("ledger could not be made"), "{}", ran.err);
}

#[test]
fn a_ledger_tells_every_write_before_and_after_it_and_names_nobody() {
    for (manifest, redaction) in [(ARRIVALS, &[][..]), (ARRIVALS, &["--redact"]), (UPLOAD, &["--redact"])] {
        let folder = Folder::new(manifest);
        let remote = Remote::of(&folder, Config::default());
        let mut command = folder.command(&["apply", "--yes", "--endpoint", &remote.url()]);
        let ran = super::ran(command.args(redaction).env("ACTIVTRAK_API_KEY", KEY).output().unwrap());
        assert_eq!(ran.code, 0, "{}", ran.err);
        let path = &ledgers(&folder)[0];
        let text = fs::read_to_string(path).unwrap();
        for name in NAMES.iter().chain(&["Oslo", KEY]) {
            assert!(!text.contains(name), "{name}: {text}");
        }
        let all = lines(path);
        let of = |kind: &str| all.iter().filter(|line| line["line"] == kind).collect::<Vec<_>>();
        let writes: Vec<String> =
            remote.writes().iter().map(|write| format!("{} {}", write.method, write.path)).collect();
        let mut sent: Vec<&str> = of("request").iter().map(|line| line["sends"].as_str().unwrap()).collect();
        let mut wanted: Vec<&str> = writes.iter().map(|write| write.split('?').next().unwrap()).collect();
        sent.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(sent, wanted);
        assert_eq!(of("answer").len(), sent.len());
        assert_eq!(of("outcome").len(), of("step").len());
        assert!(of("outcome").iter().all(|line| line["is"] == "applied"), "{text}");
        assert_eq!(of("end")[0]["ended"], "done");
        assert_eq!(all[0]["digest"].as_str().unwrap().len(), 64);
    }
}

#[cfg(unix)]
#[test]
fn a_ledger_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new(CHANGES);
    assert_eq!(folder.run(&["apply", "--yes"]).code, 0);
    let mode = fs::metadata(&ledgers(&folder)[0]).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn the_last_fifty_ledgers_stay_and_one_that_was_cut_off_is_looked_into_before_it_goes() {
    let folder = Folder::new(CHANGES);
    assert_eq!(Remote::of(&folder, Config::default()).run(&folder, &["apply", "--yes"]).code, 0);
    let first = fs::read_to_string(&ledgers(&folder)[0]).unwrap();
    for day in 1..=60 {
        folder.write(&format!(".rollcall/ledger/20250101T0000{day:02}.000000000Z-1.jsonl"), &first);
    }
    let open = ".rollcall/ledger/20240101T000000.000000000Z-1.jsonl";
    folder.write(open, &first[..=first.find('\n').unwrap()]);
    folder.write(".rollcall/ledger/20240102T000000.000000000Z-1.jsonl", "{\"line\":\"ru");
    let remote = Remote::of(&folder, Config::default());
    let ran = remote.run(&folder, &["apply", "--yes"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.err.contains("was ended before its end: no write was answered, and no other was sent"),
        "{}",
        ran.err
    );
    assert_eq!(ledgers(&folder).len(), 51, "fifty, and its own");
}

#[test]
fn an_upload_that_never_left_is_not_waited_for_and_one_that_may_have_left_is() {
    let after_the_kill = |alter: fn(&mut Vec<&str>)| {
        let folder = Folder::new(UPLOAD);
        let remote = Remote::of(&folder, Config { hr_delay: Duration::ZERO, ..Config::default() });
        killed(&folder, &remote, (0, At::Before), &["--settle", "0s"]);
        let ledger = &ledgers(&folder)[0];
        let text = fs::read_to_string(ledger).unwrap();
        let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
        assert!(lines.last().unwrap().contains("POST /hrdc/v2/bulk"), "{text}");
        alter(&mut lines);
        fs::write(ledger, lines.concat()).unwrap();
        let planned = remote.run(&folder, &["plan"]);
        let applied = remote.run(&folder, &["apply", "--yes", "--settle", "0s", "--wait", "100ms"]);
        (planned, applied, remote.writes().len())
    };
    // As if it had been killed a moment earlier: the upload was remembered, and not noted to leave.
    let (planned, applied, uploads) = after_the_kill(|lines| lines.truncate(lines.len() - 1));
    assert!(planned.err.contains("never left: it is not waited for"), "{}", planned.err);
    settles(&applied, "never left: it is not waited for");
    assert_eq!(uploads, 1);
    // Half a line may be the one that says so.
    let half = |lines: &mut Vec<&str>| *lines.last_mut().unwrap() = r#"{"line":"requ"#;
    for alter in [half, |_: &mut Vec<&str>| {}] {
        let (planned, applied, uploads) = after_the_kill(alter);
        assert!(planned.err.contains("may still be being processed"), "{}", planned.err);
        assert_eq!((applied.code, uploads), (6, 0), "{}{}", applied.out, applied.err);
    }
}
