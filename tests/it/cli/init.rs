//! The start of a repository: right from its first commit.

use std::path::Path;
use std::process::Command;

use rollcall::sandbox::Config;
use serde_json::Value;

use super::import::files;
use super::{Folder, Remote};

/// What is there from the start, but for the account that is rehearsed against.
const FILES: [&str; 8] = [
    ".gitignore",
    ".rollcall-schema.json",
    ".vscode/settings.json",
    "CODEOWNERS",
    "exclusions.yaml",
    "groups.yaml",
    "rollcall.yaml",
    "users.yaml",
];

fn text(folder: &Folder, name: &str) -> String {
    std::fs::read_to_string(folder.path().join(name)).unwrap()
}

/// Runs Git in a folder.
#[track_caller]
fn git(folder: &Path, args: &[&str]) -> Vec<String> {
    let output = Command::new("git").args(args).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

/// Takes the entries that a manifest shows as comments for entries.
fn uncomment(folder: &Folder, name: &str) {
    let (head, entries) =
        text(folder, name).split_once(": []\n").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    let entries: Vec<&str> = entries.lines().map(|line| line.strip_prefix('#').unwrap()).collect();
    folder.write(name, &format!("{head}:\n{}\n", entries.join("\n")));
}

#[test]
fn a_new_repository_is_right_from_its_first_commit_and_stays_clean() {
    let folder = Folder::new("");
    let ran = folder.run(&["init", "new", "--sandbox"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.out.contains("new: 9 files written to new:") && ran.out.contains("rollcall plan new"),
        "{}",
        ran.out
    );
    let new = folder.path().join("new");
    git(&new, &["init", "-q"]);
    git(&new, &["add", "-A"]);
    let mut wanted = [&FILES[..], &["account.json"]].concat();
    wanted.sort_unstable();
    assert_eq!(git(&new, &["ls-files"]), wanted);
    git(&new, &["-c", "user.name=a", "-c", "user.email=a@acme.example", "commit", "-qm", "start"]);
    let validated = folder.run(&["validate", "new"]);
    assert_eq!((validated.code, &*validated.out), (0, "new: 4 manifests, no problems\n"));
    let planned = folder.run(&["plan", "new"]);
    assert_eq!(planned.code, 0, "{}", planned.err);
    assert!(planned.out.contains("No changes") && !planned.out.contains("TO KNOW"), "{}", planned.out);
    assert_eq!(folder.run(&["apply", "new", "--yes"]).code, 0);
    for name in ["users", "groups", "exclusions"] {
        uncomment(&folder, &format!("new/{name}.yaml"));
    }
    let applied = folder.run(&["apply", "new", "--yes"]);
    assert_eq!(applied.code, 0, "{}{}", applied.out, applied.err);
    assert!(new.join("account.state.json").is_file() && new.join(".rollcall").is_dir());
    let changed = [" M exclusions.yaml", " M groups.yaml", " M users.yaml"];
    assert_eq!(git(&new, &["status", "--porcelain"]), changed, "what runs leave is ignored");
}

#[test]
fn once_users_are_declared_plan_says_which_minimum_to_write() {
    let folder = Folder::new("");
    folder.run(&["init", "new", "--sandbox"]);
    uncomment(&folder, "new/users.yaml");
    folder.write("new/groups.yaml", "groups:\n  - name: Engineering\n");
    let plan = |args: &[&str]| folder.run(&[&["plan", "new"], args].concat()).out;
    assert!(
        plan(&["--width", "200"]).contains("2 users are declared: write `declaredUsers: 1` here"),
        "{}",
        plan(&[])
    );
    let digest = |out: &str| serde_json::from_str::<Value>(out).unwrap()["notices"].as_array().map(Vec::len);
    assert_eq!(digest(&plan(&["--json", "-"])), Some(1));
    let main = text(&folder, "new/rollcall.yaml").replace("declaredUsers: 0", "declaredUsers: 1");
    folder.write("new/rollcall.yaml", &main);
    assert_eq!(digest(&plan(&["--json", "-"])), Some(0));
}

#[test]
fn with_a_key_the_accounts_number_is_written_and_nothing_but_reads_is_sent() {
    let folder = Folder::new("");
    let remote = Remote::of(&folder, Config::default());
    let ran = remote.run(&folder, &["init", "new", "--region", "eu", "--name", "acme: EU", "--json", "-"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(remote.writes().is_empty());
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    let schema: Value = serde_json::from_str(&folder.run(&["schema", "init"]).out).unwrap();
    assert!(jsonschema::is_valid(&schema, &report), "{report}");
    assert_eq!((&report["id"], &report["account"]), (&Value::from(7), &Value::from("acme: EU")));
    assert_eq!(report["files"].as_array().map(Vec::len), Some(8));
    assert_eq!(report["files"][6]["path"], "rollcall.yaml");
    let main = text(&folder, "new/rollcall.yaml");
    assert!(main.contains("  name: \"acme: EU\"\n  id: 7\n  platform: activtrak\n  region: eu\n"), "{main}");
    let planned = remote.run(&folder, &["plan", "new"]);
    assert_eq!(planned.code, 0, "{}", planned.err);
    assert!(planned.out.contains("No changes"), "{}", planned.out);
}

#[test]
fn without_a_key_nobody_is_asked_and_plan_says_the_line_later() {
    let folder = Folder::new("");
    let remote = Remote::of(&folder, Config::default());
    let ran = super::ran(
        folder.command(&["init", "new", "--region", "us", "--endpoint", &remote.url()]).output().unwrap(),
    );
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(remote.sandbox.requests().is_empty());
    assert!(ran.out.contains("no key to ask for it"), "{}", ran.out);
    assert_eq!(files(&folder.path().join("new")), FILES);
    let plan = || remote.run(&folder, &["plan", "new", "--width", "200"]);
    let planned = plan();
    assert_eq!(planned.code, 0, "{}", planned.err);
    assert!(planned.out.contains("write `id: 7` below `account`"), "{}", planned.out);
    let main = text(&folder, "new/rollcall.yaml");
    folder.write("new/rollcall.yaml", &main.replace("  platform", "  id: 7\n  platform"));
    let planned = plan();
    assert!(planned.code == 0 && !planned.out.contains("TO KNOW"), "{}{}", planned.out, planned.err);
    folder.write("new/rollcall.yaml", &main.replace("  platform", "  id: 8\n  platform"));
    assert_eq!(plan().code, 1, "another account is an error from then on");
}

#[test]
fn the_workflows_of_a_learning_platform_hand_over_a_user_too_where_the_repository_has_one() {
    let folder = Folder::new("");
    let args = ["init", "new", "--platform", "docebo", "--username", "email", "--action", ACTION];
    let mut init = folder.command(&args);
    let ran = super::ran(init.env("DOCEBO_URL", "https://acme.docebosaas.com").output().unwrap());
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    for command in ["plan", "apply", "drift"] {
        let file = text(&folder, &format!("new/.github/workflows/rollcall-{command}.yml"));
        let workflow: Value = serde_saphyr::from_str(&file).unwrap();
        let steps = workflow["jobs"][command]["steps"].as_array().unwrap();
        let call = steps.iter().find(|step| step["uses"] == ACTION).unwrap();
        for variable in ["DOCEBO_CLIENT_SECRET", "DOCEBO_USERNAME", "DOCEBO_PASSWORD"] {
            assert_eq!(call["env"][variable], format!("${{{{ secrets.{variable} }}}}"), "{file}");
        }
    }
}

/// An action that there could be.
const ACTION: &str = "acme-it/rollcall@0123456789abcdef0123456789abcdef01234567";

#[test]
fn workflows_are_written_where_github_reads_them_and_call_the_action_that_is_named() {
    let folder = Folder::new("");
    let init = |dir: &str, more: &[&str]| folder.run(&[&["init", dir, "--region", "us"], more].concat());
    let ran = init("new", &["--action", ACTION]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("give the repository the secret ACTIVTRAK_API_KEY"), "{}", ran.out);
    let written = files(&folder.path().join("new"));
    for (name, command) in
        [("rollcall-apply.yml", "apply"), ("rollcall-drift.yml", "drift"), ("rollcall-plan.yml", "plan")]
    {
        let path = format!(".github/workflows/{name}");
        assert!(written.contains(&path), "{written:?}");
        let workflow: Value = serde_saphyr::from_str(&text(&folder, &format!("new/{path}"))).unwrap();
        let steps = workflow["jobs"][command]["steps"].as_array().unwrap();
        let call = steps.iter().find(|step| step["uses"] == ACTION).unwrap();
        assert_eq!((&call["with"]["command"], &call["with"]["path"]), (&command.into(), &".".into()));
    }
    let validated = folder.run(&["validate", "new"]);
    assert_eq!(validated.code, 0, "workflows are no manifests: {}", validated.err);

    let without = init("other", &[]);
    assert!(without.out.contains("NOT WRITTEN") && without.out.contains("--action"), "{}", without.out);
    let sandbox = folder.run(&["init", "trial", "--sandbox", "--action", ACTION]);
    assert!(sandbox.out.contains("a sandbox needs none"), "{}", sandbox.out);
    git(&folder.path().join("new"), &["init", "-q"]);
    let below = init("new/below", &["--action", ACTION]);
    assert!(below.out.contains("it reads them in ") && below.out.contains("new only"), "{}", below.out);
    for path in ["other", "trial", "new/below"] {
        assert!(!folder.path().join(path).join(".github").exists(), "{path}");
    }
    let branch = init("more", &["--action", "acme-it/rollcall@main"]);
    assert!(branch.code == 64 && branch.err.contains("all 40 digits"), "{}", branch.err);
}

#[test]
fn what_is_there_stays_and_is_said() {
    let folder = Folder::new("");
    std::fs::create_dir(folder.path().join("new")).unwrap();
    let mine = "users:\n  - { displayName: Ada Lovelace, upn: ada@acme.example, groups: [Staff], agents: ['ACME\\ada'] }\n  \
                - { email: bob@acme.example, tracking: untracked }\n";
    folder.write("new/users.yaml", mine);
    folder.write("new/.gitignore", "/.rollcall/\n");
    let ran = folder.run(&["init", "new", "--sandbox"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("· .gitignore: add the lines account.state.json\n"), "{}", ran.out);
    assert!(ran.out.contains("LEFT AS THEY ARE") && ran.out.contains("  · users.yaml\n"), "{}", ran.out);
    assert_eq!(
        (text(&folder, "new/users.yaml"), text(&folder, "new/.gitignore")),
        (mine.into(), "/.rollcall/\n".into())
    );
    let main = text(&folder, "new/rollcall.yaml");
    assert!(!main.contains("declaredUsers"), "users are declared: {main}");
    let seed = text(&folder, "new/account.json");
    assert!(seed.contains(r#""displayName":"Ada Lovelace","upns":["ada@acme.example"]"#), "{seed}");
    assert!(seed.contains(r#""emails":["bob@acme.example"],"tracked":false"#), "{seed}");
    let planned = folder.run(&["plan", "new"]);
    assert_eq!(planned.code, 0, "{}{}", planned.out, planned.err);
    assert!(planned.out.contains("1 change"), "she enters the group that nobody declares: {}", planned.out);
    let again = folder.run(&["init", "new", "--sandbox"]);
    assert!(again.code == 0 && again.out.contains("nothing written to new"), "{}", again.out);
}

#[test]
fn an_account_that_is_named_gets_the_rest_and_a_rehearsal_is_served() {
    let folder = Folder::new("");
    std::fs::create_dir(folder.path().join("new")).unwrap();
    folder.write(
        "new/main.yaml",
        "account: { name: acme, platform: activtrak, region: us }\nusers: [{ email: ada@acme.example }]\n",
    );
    let ran = folder.run(&["init", "new", "--sandbox"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("Rehearse: rollcall sandbox --seed new/account.json"), "{}", ran.out);
    assert!(!folder.path().join("new/rollcall.yaml").exists(), "there is one account");
    assert_eq!(folder.run(&["validate", "new"]).code, 0);
}

#[test]
fn nothing_is_written_that_would_not_be_right() {
    let folder = Folder::new("");
    std::fs::create_dir(folder.path().join("new")).unwrap();
    folder.write("new/users.yaml", "users: [{ employeeID: E1 }]\n");
    let ran = folder.run(&["init", "new", "--region", "us"]);
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert!(ran.err.contains("unknown-key") && ran.err.contains("nothing was written"), "{}", ran.err);
    assert_eq!(files(&folder.path().join("new")), ["users.yaml"]);
    assert_eq!(folder.run(&["init", "account.json", "--region", "us"]).code, 1, "a file is no folder");
    std::fs::write(folder.path().join("file"), "").unwrap();
    assert_eq!(folder.run(&["init", "file/new", "--region", "us"]).code, 1);
    assert_eq!(folder.run(&["init", "other"]).code, 64, "neither a region nor a sandbox");
    assert_eq!(folder.run(&["init", "other", "--sandbox", "--region", "us"]).code, 64);
    let remote =
        Remote::of(&folder, Config { keys: rollcall::sandbox::Keys::Only("x".into()), ..Config::default() });
    assert_eq!(remote.run(&folder, &["init", "a/b", "--region", "us"]).code, 1, "a key that opens nothing");
    assert!(!folder.path().join("a").exists() && !folder.path().join("other").exists());
}
