//! Which accounts of a repository are to be planned: none that a change concerns is left out.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::{Folder, Ran};

/// A repository with accounts.
struct Repository(Folder);

impl Repository {
    /// One with two accounts, of which both include `shared/base.yaml` and one reads an export.
    fn new() -> Self {
        let repository = Self(Folder(tempfile::tempdir().unwrap()));
        repository.git(&["init", "-q", "-b", "main"]);
        repository.account("accounts/acme", "acme", "include: ['../../shared']\n");
        repository.write("accounts/acme/users/ada.yaml", "users:\n  - { upn: ada@acme.example }\n");
        let export = "include: ['../../shared']\nhr:\n  sources:\n    - { name: workday, csv: ../../exports/globex.csv, user: Mail }\n";
        repository.account("accounts/globex", "globex", export);
        repository.account("accounts/initech", "initech", "users:\n  - { upn: a@initech.example }\n");
        repository.write("shared/base.yaml", "exclusions:\n  - '*\\svc-backup'\n");
        repository.write("exports/globex.csv", "Mail\na@globex.example\n");
        repository.write("README.md", "Accounts.\n");
        repository.commit();
        repository
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// An account in a folder.
    fn account(&self, folder: &str, name: &str, more: &str) {
        let name = Value::from(name);
        let account = format!("account: {{ name: {name}, platform: activtrak, region: us }}\n{more}");
        self.write(&format!("{folder}/rollcall.yaml"), &account);
    }

    fn write(&self, file: &str, text: &str) {
        let file = self.path().join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    #[track_caller]
    fn git(&self, args: &[&str]) {
        let own =
            ["-c", "user.name=Test", "-c", "user.email=test@acme.example", "-c", "commit.gpgsign=false"];
        let mut git = Command::new("git");
        let ran = git.args(own).args(args).current_dir(self.path()).stdin(Stdio::null()).output().unwrap();
        assert!(ran.status.success(), "{args:?}: {}", String::from_utf8_lossy(&ran.stderr));
    }

    fn commit(&self) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", "a change"]);
    }

    #[track_caller]
    fn run(&self, args: &[&str]) -> Ran {
        self.0.run(&[&["accounts"], args].concat())
    }

    /// The document, of a run that ends well.
    #[track_caller]
    fn document(&self, args: &[&str]) -> Value {
        let ran = self.run(&[args, &["--json", "-"]].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
        serde_json::from_str(&ran.out).unwrap()
    }

    /// The folders of what changed since the last commit, each with why.
    #[track_caller]
    fn changed(&self) -> Vec<(String, String)> {
        pairs(&self.document(&["accounts", "--changed-since", "HEAD"]))
    }
}

fn pairs(document: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let accounts = document["accounts"].as_array().unwrap().iter();
    accounts.map(|it| (text(&it["path"]), text(&it["because"]))).collect()
}

/// What is expected, in the same form.
fn because(of: &[(&str, &str)]) -> Vec<(String, String)> {
    of.iter().map(|(path, why)| ((*path).to_owned(), (*why).to_owned())).collect()
}

const ACME: &str = "accounts/acme";
const GLOBEX: &str = "accounts/globex";

#[test]
fn every_account_is_listed_with_its_name_its_folder_and_a_key() {
    let repository = Repository::new();
    let ran = repository.run(&[]);
    assert_eq!((ran.code, &*ran.err), (0, ""));
    for word in ["acme", "globex", "initech", "activtrak", "accounts/acme", "3 accounts\n"] {
        assert!(ran.out.contains(word), "{}", ran.out);
    }
    let document = repository.document(&["accounts"]);
    assert_eq!(document["version"], 1);
    let first = &document["accounts"][0];
    assert_eq!(
        (&first["name"], &first["path"], &first["platform"]),
        (&"acme".into(), &ACME.into(), &"activtrak".into())
    );
    assert!(first["key"].as_str().unwrap().starts_with("acme-"), "{first}");
    assert_eq!(document["others"], 0);
}

#[test]
fn an_account_is_selected_by_whatever_it_is_made_of() {
    let nothing = Repository::new();
    assert_eq!(nothing.changed(), []);
    let ran = nothing.run(&["--changed-since", "HEAD"]);
    assert_eq!((ran.code, &*ran.out), (0, "0 accounts of 3 changed\n"));
    nothing.write("README.md", "Other words.\n");
    nothing.write("docs/more.md", "More.\n");
    nothing.write(".github/workflows/plan.yml", "on: push\n");
    assert_eq!(nothing.changed(), [], "none is made of these");

    for (file, text, wanted) in [
        (
            "accounts/acme/rollcall.yaml",
            "account: { name: acme, platform: activtrak, region: eu }\n",
            &[ACME][..],
        ),
        ("accounts/acme/users/ada.yaml", "users: []\n", &[ACME]),
        ("accounts/acme/users/new one.yaml", "users: []\n", &[ACME]),
        ("shared/base.yaml", "exclusions: []\n", &[ACME, GLOBEX]),
        ("shared/deep/down/new.yaml", "exclusions: []\n", &[ACME, GLOBEX]),
        ("exports/globex.csv", "Mail\n", &[GLOBEX]),
    ] {
        for commit in [false, true] {
            let repository = Repository::new();
            repository.write(file, text);
            let document = if commit {
                repository.commit();
                repository.document(&["--changed-since", "HEAD^"])
            } else {
                repository.document(&["--changed-since", "HEAD"])
            };
            let wanted: Vec<(&str, &str)> = wanted.iter().map(|path| (*path, file)).collect();
            assert_eq!(pairs(&document), because(&wanted), "{file}");
            assert_eq!(document["changedSince"].as_str().unwrap().len(), 40);
        }
    }
}

#[test]
fn what_was_deleted_or_renamed_selects_those_that_it_was_a_part_of() {
    for (file, wanted) in [
        ("accounts/acme/users/ada.yaml", &[ACME][..]),
        ("shared/base.yaml", &[ACME, GLOBEX]),
        ("exports/globex.csv", &[GLOBEX]),
    ] {
        let repository = Repository::new();
        repository.write("shared/other.yaml", "exclusions: []\n");
        repository.commit();
        repository.git(&["rm", "-q", file]);
        let selected: Vec<String> = repository.changed().into_iter().map(|(path, _)| path).collect();
        assert_eq!(selected, wanted, "{file}");
    }
    // The include is gone with what it named: now nothing of it is a part, and it was one.
    let repository = Repository::new();
    repository.account(ACME, "acme", "");
    repository.commit();
    repository.git(&["rm", "-q", "-r", "shared"]);
    let document = repository.document(&["--changed-since", "HEAD^"]);
    assert_eq!(pairs(&document)[0], because(&[(ACME, "accounts/acme/rollcall.yaml and 1 more")])[0]);

    let renamed = Repository::new();
    renamed.git(&["mv", ACME, "accounts/acme corp"]);
    let document = renamed.document(&["accounts", "--changed-since", "HEAD"]);
    assert_eq!(pairs(&document), because(&[("accounts/acme corp", "new")]));
    assert_eq!(document["gone"], serde_json::json!([ACME]));
    let ran = renamed.run(&["--changed-since", "HEAD"]);
    assert!(ran.out.contains("gone: accounts/acme: nothing is done about its account"), "{}", ran.out);
    // The last one goes.
    renamed.git(&["rm", "-q", "-r", "-f", "accounts"]);
    fs::create_dir(renamed.path().join("accounts")).unwrap();
    let document = renamed.document(&["accounts", "--changed-since", "HEAD"]);
    assert_eq!(
        (document["accounts"].as_array().unwrap().len(), document["gone"].as_array().unwrap().len()),
        (0, 3)
    );
}

#[test]
fn an_account_whose_manifests_cannot_be_read_is_selected_whatever_changed() {
    for broken in [
        "account: { name: acme, platform: activtrak, region: us }\nusers: [\n",
        "account: { name: acme\n",
        "account:\n  name: acme\n  platform: nowhere\n",
        "{ account: { name: acme, platform: activtrak, region: us }, users: [ }\n",
        "--- { account: { name: acme, platform: activtrak, region: us }, usres: [] }\n",
        "account: { name: acme, platform: activtrak, region: us }\ninclude: ['../../nowhere']\n",
    ] {
        let repository = Repository::new();
        repository.write("accounts/acme/rollcall.yaml", broken);
        repository.commit();
        assert_eq!(repository.changed(), because(&[(ACME, "its manifests have errors")]), "{broken}");
    }
    // Not UTF-8: whether it names an account, nobody can tell.
    let repository = Repository::new();
    fs::create_dir_all(repository.path().join("accounts/new")).unwrap();
    fs::write(repository.path().join("accounts/new/rollcall.yaml"), b"account: \xff\n").unwrap();
    let ran = repository.run(&["accounts"]);
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert!(
        ran.err.contains("accounts/new/rollcall.yaml") && ran.err.contains("can't be told"),
        "{}",
        ran.err
    );
}

#[cfg(unix)]
#[test]
fn links_are_followed_to_what_an_account_is_really_made_of() {
    use std::os::unix::fs::symlink;
    let repository = Repository::new();
    repository.write("teams/v1/a.yaml", "exclusions: []\n");
    repository.write("teams/v2/a.yaml", "exclusions: []\n");
    symlink("v1", repository.path().join("teams/current")).unwrap();
    symlink("../../teams/current", repository.path().join("accounts/initech/teams")).unwrap();
    repository.commit();
    assert_eq!(repository.changed(), []);
    repository.write("teams/v1/a.yaml", "exclusions: ['*\\x']\n");
    assert_eq!(repository.changed(), because(&[("accounts/initech", "teams/v1/a.yaml")]));
    repository.git(&["checkout", "-q", "."]);
    // A link that stands outside its folder leads elsewhere.
    fs::remove_file(repository.path().join("teams/current")).unwrap();
    symlink("v2", repository.path().join("teams/current")).unwrap();
    let selected: Vec<String> = repository.changed().into_iter().map(|(path, _)| path).collect();
    assert_eq!(selected, ["accounts/initech"]);
    // A file behind it is gone.
    repository.git(&["checkout", "-q", "."]);
    fs::remove_file(repository.path().join("teams/v1/a.yaml")).unwrap();
    assert_eq!(repository.changed(), because(&[("accounts/initech", "teams/v1/a.yaml")]));

    let outside = Repository::new();
    let elsewhere = tempfile::tempdir().unwrap();
    fs::write(elsewhere.path().join("rollcall.yaml"), "account: {}\n").unwrap();
    symlink(elsewhere.path(), outside.path().join("accounts/linked")).unwrap();
    let ran = outside.run(&["accounts"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("leads out of the repository"), "{}", ran.err);
}

#[test]
fn names_and_paths_are_only_text_whatever_they_hold() {
    let repository = Repository::new();
    let name = "x\u{202e}\"; echo pwned # ::error::##[error]$(id)`id`";
    let folder = "accounts/$(touch pwned) `id` ';\" & ä";
    repository.account(folder, name, "");
    let ran = repository.run(&["accounts", "--json", "-"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(!ran.out.contains('\u{202e}') && !ran.out.contains("##["), "{}", ran.out);
    assert!(!ran.out.lines().any(|line| line.starts_with("::")), "{}", ran.out);
    let document: Value = serde_json::from_str(&ran.out).unwrap();
    let accounts = document["accounts"].as_array().unwrap();
    let odd = accounts.iter().find(|it| it["path"] == folder).unwrap();
    assert_eq!(odd["name"], name);
    let key = odd["key"].as_str().unwrap();
    assert!(key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'), "{key}");
    let text = repository.run(&["accounts"]);
    assert!(!text.out.contains('\u{202e}') && text.out.lines().count() == 6, "{}", text.out);
    // By what was changed in it, too.
    repository.commit();
    repository.write(&format!("{folder}/more.yaml"), "users: []\n");
    assert_eq!(repository.changed(), because(&[(folder, &format!("{folder}/more.yaml"))]));
}

#[test]
fn two_folders_for_one_account_are_an_error() {
    let by_name = Repository::new();
    by_name.account("accounts/other", "acme", "");
    let ran = by_name.run(&[]);
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert!(ran.err.contains("accounts/acme and accounts/other are both the account `acme`"), "{}", ran.err);
    for (id, place) in
        [("77", "platform: activtrak, region: us"), ("acme", "platform: docebo, username: email")]
    {
        let by_id = Repository::new();
        for name in ["one", "two"] {
            let text = format!("account: {{ name: {name}, id: {id}, {place} }}\n");
            by_id.write(&format!("accounts/{name}/rollcall.yaml"), &text);
        }
        let ran = by_id.run(&[]);
        assert_eq!(ran.code, 1, "{}", ran.out);
        assert!(ran.err.contains(&format!("both the account with the id {id}")), "{}", ran.err);
    }
}

#[test]
fn what_cannot_be_told_is_an_error_and_never_an_empty_list() {
    let repository = Repository::new();
    for (args, code, words) in [
        (&["shared"][..], 1, &["no account below shared", "rollcall accounts accounts"][..]),
        (&["nowhere"], 64, &["nowhere is no folder"]),
        (&["--changed-since", "no-such-branch"], 1, &["`no-such-branch` is no commit", "fetch-depth: 0"]),
        (&["--changed-since=--output=pwned"], 1, &["is no commit of this checkout"]),
        (&["--changed-since", "HEAD:README.md"], 1, &["is no commit"]),
        (&["--json", "-", "--shards", "257"], 64, &["256"]),
        (&["--json", "-", "--shards", "0"], 64, &["--shards"]),
    ] {
        let ran = repository.run(args);
        assert_eq!((ran.code, &*ran.out), (code, ""), "{args:?} {}", ran.err);
        for word in words {
            assert!(ran.err.contains(word), "{args:?}: {}", ran.err);
        }
    }
    assert!(!repository.path().join("pwned").exists());
    let no_git = Folder::new("");
    let ran = no_git.run(&["accounts", "--changed-since", "HEAD"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.err.contains("git rev-parse failed"), "{}", ran.err);
    // Manifests that belong nowhere are named.
    repository.write("orphans/users.yaml", "users: []\n");
    let ran = repository.run(&[]);
    assert_eq!(ran.code, 0);
    assert!(ran.err.contains("of no account, and included by none: orphans/users.yaml"), "{}", ran.err);
}

#[test]
fn since_nothing_every_account_is_new_and_a_folder_may_be_the_account_itself() {
    let repository = Repository::new();
    let document = repository.document(&["--changed-since", &"0".repeat(40)]);
    assert_eq!(pairs(&document), because(&[(ACME, "new"), (GLOBEX, "new"), ("accounts/initech", "new")]));
    let one = repository.document(&[ACME, "--changed-since", "HEAD"]);
    assert_eq!((one["accounts"].as_array().unwrap().len(), &one["others"]), (0, &1.into()));
    let mut inside = repository.0.command(&["accounts", "--changed-since", "HEAD", "--json", "-"]);
    inside.current_dir(repository.path().join(ACME));
    repository.write("shared/base.yaml", "exclusions: []\n");
    let ran = super::ran(inside.output().unwrap());
    let document: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(pairs(&document), because(&[(".", "shared/base.yaml")]));
}

#[test]
fn three_hundred_accounts_are_selected_by_what_they_share_and_stay_in_their_shards() {
    let repository = Repository::new();
    for at in 0..300 {
        let include = if at % 3 == 0 { "include: ['../../teams']\n" } else { "" };
        repository.account(&format!("accounts/c{at:03}"), &format!("c{at:03}"), include);
    }
    repository.write("teams/base.yaml", "exclusions: []\n");
    repository.commit();
    let shards = |document: &Value| -> BTreeSet<(String, String)> {
        let shards = document["shards"].as_array().unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let of = |shard: &Value| -> Vec<(String, String)> {
            let accounts = shard["accounts"].as_array().unwrap();
            assert!(!accounts.is_empty());
            accounts.iter().map(|it| (text(&shard["key"]), text(&it["path"]))).collect()
        };
        shards.iter().flat_map(of).collect()
    };
    let all = repository.document(&["accounts", "--shards", "20"]);
    assert_eq!(all["accounts"].as_array().unwrap().len(), 303);
    assert_eq!(shards(&all).len(), 303);
    assert_eq!(all["shards"].as_array().unwrap().len(), 20);
    repository.write("teams/base.yaml", "exclusions: ['*\\x']\n");
    let some = repository.document(&["accounts", "--shards", "20", "--changed-since", "HEAD"]);
    assert_eq!((some["accounts"].as_array().unwrap().len(), &some["others"]), (100, &203.into()));
    assert!(shards(&some).is_subset(&shards(&all)));
}
