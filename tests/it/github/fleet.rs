//! Many accounts in one repository: a matrix of those that a change concerns, one comment about all of them, and a gate that is red
//! where anything of one is not known.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use rollcall::render::json::{AccountResult, Counts};
use rollcall::render::{Marker, Validity, page_of};
use rollcall::sandbox::{Config, LoggedRequest, Sandbox, Seed};
use serde_json::{Value, json};

use super::fake::{BOT, REPOSITORY};
use super::{BLOCKED, CHANGES, OVER_LIMIT, SAME, Step, Workshop, account};

/// A repository of accounts, each of which is a sandbox of its own.
pub(super) struct Fleet {
    pub(super) workshop: Workshop,
    sandboxes: BTreeMap<String, Sandbox>,
}

impl Drop for Fleet {
    fn drop(&mut self) {
        let _in_runtime = self.workshop.runtime.enter();
        self.sandboxes.clear();
    }
}

impl Fleet {
    /// Accounts by name, with what the base branch and the pull request say of each; an empty text is a folder that is not there.
    pub(super) fn new(accounts: &[(&str, &str, &str)]) -> Self {
        let mut fleet = Self { workshop: Workshop::new("", ""), sandboxes: BTreeMap::new() };
        for (name, ..) in accounts {
            fleet.becomes(name, &account());
        }
        for side in [0, 1] {
            for (name, base, head) in accounts {
                fleet.write(name, [base, head][side]);
            }
            fleet.commit();
        }
        fleet
    }

    /// From now on an account is another.
    pub(super) fn becomes(&mut self, name: &str, account: &Value) {
        let seed = self.workshop.folder.path().join("seed.json");
        fs::write(&seed, account.to_string()).unwrap();
        let started = Sandbox::start(Seed::load(&seed).unwrap(), Config::default(), 0);
        let started = self.workshop.runtime.block_on(started).unwrap();
        let _in_runtime = self.workshop.runtime.enter();
        self.sandboxes.insert(name.to_owned(), started);
    }

    fn write(&self, name: &str, body: &str) {
        let folder = self.workshop.checkout().join("accounts").join(name);
        if body.is_empty() {
            let _none = fs::remove_dir_all(&folder);
            return;
        }
        fs::create_dir_all(&folder).unwrap();
        let head = format!("account: {{ name: {name}, platform: activtrak, region: us }}\n");
        fs::write(folder.join("rollcall.yaml"), format!("{head}{body}")).unwrap();
    }

    fn commit(&self) {
        self.workshop.git(&["add", "-A"]);
        self.workshop.git(&["commit", "-q", "--allow-empty", "-m", "a change"]);
    }

    /// Where the jobs leave their results.
    fn results(&self) -> PathBuf {
        self.workshop.folder.path().join("results")
    }

    fn step(&mut self, event: &str, inputs: &[(&'static str, &str)]) -> Step {
        let before = self.workshop.variables.clone();
        for (name, value) in inputs {
            self.workshop.set(name, value);
        }
        let step = self.workshop.run(event);
        self.workshop.variables = before;
        step
    }

    /// The job that says which accounts there are.
    fn select(&mut self, event: &str) -> Vec<Value> {
        self.select_below(event, "accounts")
    }

    /// The same of those below a folder.
    pub(super) fn select_below(&mut self, event: &str, folder: &str) -> Vec<Value> {
        let _none = fs::remove_dir_all(self.results());
        let list = self.results().join("accounts.json").display().to_string();
        let step = self.step(
            event,
            &[
                ("INPUT_COMMAND", "accounts"),
                ("INPUT_PATH", folder),
                ("INPUT_REPORT", &list),
                ("ACTIVTRAK_API_KEY", ""),
                ("ROLLCALL_REVIEW_KEY", ""),
                ("ROLLCALL_GITHUB_TOKEN", ""),
            ],
        );
        step.ends(0, "");
        let accounts: Vec<Value> = serde_json::from_str(&step.outputs["accounts"]).unwrap();
        // What a workflow compares it with.
        assert_eq!(accounts.is_empty(), step.outputs["accounts"] == "[]");
        accounts
    }

    /// The job of one account.
    pub(super) fn job(&mut self, event: &str, account: &Value) -> Step {
        let key = account["key"].as_str().unwrap();
        let result = self.results().join(format!("{key}.json")).display().to_string();
        self.job_with(event, account, &[("INPUT_REPORT", &result)])
    }

    /// The same with inputs of its own.
    pub(super) fn job_with(&mut self, event: &str, account: &Value, inputs: &[(&'static str, &str)]) -> Step {
        let text = |key: &str| account[key].as_str().unwrap().to_owned();
        let (path, url) = (text("path"), self.sandboxes[&text("name")].url());
        let all = [&[("INPUT_PATH", &*path), ("INPUT_ENDPOINT", &*url)], inputs].concat();
        self.step(event, &all)
    }

    /// The job that puts all of them together.
    pub(super) fn report(&mut self, event: &str) -> Step {
        let results = self.results().display().to_string();
        self.step(
            event,
            &[
                ("INPUT_COMMAND", "report"),
                ("INPUT_PATH", &results),
                ("ACTIVTRAK_API_KEY", ""),
                ("ROLLCALL_REVIEW_KEY", ""),
            ],
        )
    }

    /// All jobs of a workflow.
    fn all(&mut self, event: &str) -> Step {
        for account in self.select(event) {
            self.job(event, &account);
        }
        self.report(event)
    }

    pub(super) fn writes(&self, name: &str) -> usize {
        self.sandboxes[name].requests().iter().filter(|it| LoggedRequest::is_write(it)).count()
    }

    fn comments(&self) -> Vec<String> {
        self.workshop.github.hub().bodies(BOT)
    }

    /// Changes every comment, as somebody does who may write to the repository.
    fn forge(&self, change: impl Fn(&str) -> String) {
        for comment in &mut self.workshop.github.hub().comments {
            comment["body"] = json!(change(comment["body"].as_str().unwrap()));
        }
    }
}

/// What a comment says of an account.
fn marker(comment: &str, account: &str) -> Marker {
    Marker::all(comment).into_iter().find(|marker| marker.account == account).unwrap()
}

#[test]
fn a_pull_request_has_one_comment_about_every_account_that_it_changes_the_worst_first() {
    let mut fleet = Fleet::new(&[
        ("acme", SAME, CHANGES),
        ("globex", SAME, BLOCKED),
        ("hooli", SAME, SAME),
        ("zeta", "", SAME),
    ]);
    let accounts = fleet.select("pull_request");
    let names: Vec<&Value> = accounts.iter().map(|it| &it["name"]).collect();
    assert_eq!(names, ["acme", "globex", "zeta"], "hooli is as it was");
    assert_eq!(accounts[2]["because"], "new");
    for account in &accounts {
        let step = fleet.job("pull_request", account);
        assert_eq!(step.code, if account["name"] == "globex" { 3 } else { 0 }, "{}", step.err);
        assert_eq!(step.outputs["comment-url"], "");
    }
    assert_eq!(fleet.workshop.github.hub().count("POST"), 0, "the jobs of the accounts write no comment");

    let step = fleet.report("pull_request");
    step.ends(3, "blocked");
    assert_eq!((step.outputs["command"].as_str(), step.outputs["changes"].as_str()), ("report", "3"));
    assert!(step.last_words().contains("1 of 3 accounts are red\n  globex: blocked"), "{}", step.err);
    let [comment] = &fleet.comments()[..] else { panic!("{:#?}", fleet.comments()) };
    assert_eq!(page_of(comment), Some(1));
    let rows: Vec<&str> = comment.lines().filter(|line| line.starts_with("| `")).collect();
    assert_eq!(
        rows,
        [
            "| `globex` | **blocked** | 1 | 0 |",
            "| `acme` | changes | 2 | 0 |",
            "| `zeta` | no changes | 0 | 0 |"
        ]
    );
    for words in
        ["### Rollcall: 3 accounts", "1 red. 3 changes in 2 accounts", "@@ Stands against it @@", "Ada King"]
    {
        assert!(comment.contains(words), "`{words}`: {comment}");
    }
    assert!(step.summary.contains("| `globex` | **blocked** |"), "{}", step.summary);

    // The next commit: the same comment, and what changed no more is not in it.
    fleet.write("globex", SAME);
    fleet.commit();
    fleet.workshop.git(&["reset", "-q", "--soft", "HEAD^^"]);
    fleet.commit();
    let step = fleet.all("pull_request");
    step.ends(0, "");
    let [comment] = &fleet.comments()[..] else { panic!("{:#?}", fleet.comments()) };
    assert!(
        comment.contains("None is red. 2 changes in 1 account,") && !comment.contains("globex"),
        "{comment}"
    );
    assert_eq!(Marker::all(comment).len(), 2);
}

#[test]
fn the_merge_applies_what_was_reviewed_of_each_account_and_the_comment_says_so() {
    let mut fleet = Fleet::new(&[("acme", SAME, CHANGES), ("globex", SAME, CHANGES)]);
    fleet.all("pull_request").ends(0, "");
    fleet.workshop.merge();
    let before = fleet.comments();
    let accounts = fleet.select("push");
    assert_eq!(accounts.len(), 2);
    for account in &accounts {
        let step = fleet.job("push", account);
        step.ends(0, "");
        assert_eq!(step.outputs["command"], "apply");
    }
    assert_eq!(fleet.comments(), before, "only the last job writes");
    assert!(fleet.writes("acme") > 0 && fleet.writes("globex") > 0);
    fleet.report("push").ends(0, "");
    let [comment] = &fleet.comments()[..] else { panic!("{:#?}", fleet.comments()) };
    assert!(comment.contains("| `acme` | applied | 2 | 0 |"), "{comment}");
    for account in ["acme", "globex"] {
        assert_eq!(marker(comment, account).validity, Validity::Closed);
    }
    // Once more: nothing is left to do.
    let writes = fleet.writes("acme");
    fleet.all("push").ends(0, "");
    assert_eq!(fleet.writes("acme"), writes);
    assert_eq!(marker(&fleet.comments()[0], "acme").validity, Validity::Closed);
}

#[test]
fn the_key_of_each_account_is_secret_enough_and_the_gate_needs_none() {
    let mut fleet = Fleet::new(&[("acme", SAME, CHANGES), ("globex", SAME, CHANGES)]);
    let key = "k3y-of-the-account-and-of-no-other-one";
    fleet.workshop.set("ROLLCALL_REVIEW_KEY", "").set("ACTIVTRAK_API_KEY", key);
    fleet.all("pull_request").ends(0, "");
    fleet.workshop.merge();
    fleet.all("push").ends(0, "");
    assert!(fleet.writes("acme") > 0 && fleet.writes("globex") > 0);
}

#[test]
fn an_account_that_fails_is_red_in_the_comment_and_keeps_its_review() {
    let mut fleet = Fleet::new(&[("acme", SAME, CHANGES), ("globex", SAME, CHANGES)]);
    fleet.all("pull_request").ends(0, "");
    fleet.workshop.merge();
    let accounts = fleet.select("push");
    fleet.job("push", &accounts[0]).ends(0, "");
    // The job of globex never ran.
    let step = fleet.report("push");
    step.ends(1, "error");
    assert!(step.last_words().contains("globex: no result"), "{}", step.err);
    let comment = fleet.comments().remove(0);
    assert!(comment.contains("| `globex` | **no result** |"), "{comment}");
    assert_eq!(marker(&comment, "acme").validity, Validity::Closed);
    assert_eq!(marker(&comment, "globex").validity, Validity::Open);
    // It runs after all, by the same review.
    fleet.job("push", &accounts[1]).ends(0, "");
    fleet.report("push").ends(0, "");
    assert_eq!(marker(&fleet.comments()[0], "globex").validity, Validity::Closed);
    assert!(fleet.writes("globex") > 0);
}

#[test]
fn no_account_is_applied_by_the_review_of_another_or_by_one_that_was_forged() {
    let forged = |change: fn(&str) -> String, words: &str| {
        let mut fleet = Fleet::new(&[("acme", SAME, CHANGES), ("globex", SAME, CHANGES)]);
        fleet.all("pull_request").ends(0, "");
        fleet.workshop.merge();
        fleet.forge(change);
        let accounts = fleet.select("push");
        let step = fleet.job("push", &accounts[0]);
        step.ends(3, "unreviewed");
        assert!(step.last_words().contains(words), "`{words}`: {}", step.err);
        assert_eq!(fleet.writes("acme"), 0);
        let step = fleet.report("push");
        step.ends(1, "error");
        fs::remove_file(fleet.results().join(format!("{}.json", accounts[0]["key"].as_str().unwrap())))
            .unwrap();
        fleet
    };
    // Both plans are the same changes: only the name of the account tells their signatures apart.
    let swapped = |body: &str| {
        body.replace("\"account\":\"acme\"", "\"account\":\"x\"")
            .replace("\"account\":\"globex\"", "\"account\":\"acme\"")
    };
    forged(swapped, "is not signed");
    forged(
        |body| body.replace("\"account\":\"acme\"", "\"account\":\"x\""),
        "no comment with a plan for acme",
    );
    // A line below the visible part counts for nothing.
    let moved = |body: &str| {
        let line = body.lines().find(|line| line.contains("\"account\":\"acme\"")).unwrap();
        format!("{}\n{line}\n", body.replace(&format!("{line}\n"), ""))
    };
    forged(moved, "no comment with a plan for acme");
    forged(
        |body| {
            let marker = marker(body, "acme");
            body.replace(&marker.digest.unwrap().to_string(), &"ab".repeat(32))
        },
        "is not signed",
    );
}

#[test]
fn a_plan_that_is_another_by_now_is_not_applied_and_only_the_difference_of_that_account_is_told() {
    let mut fleet = Fleet::new(&[("acme", SAME, CHANGES), ("globex", SAME, CHANGES)]);
    fleet.all("pull_request").ends(0, "");
    fleet.workshop.merge();
    // Somebody renames a user in the app.
    let mut changed = account();
    changed["users"][0]["displayName"] = json!("Ada Byron");
    let seed = fleet.workshop.folder.path().join("seed.json");
    fs::write(&seed, changed.to_string()).unwrap();
    let started = Sandbox::start(Seed::load(&seed).unwrap(), Config::default(), 0);
    let other = fleet.workshop.runtime.block_on(started).unwrap();
    let accounts = fleet.select("push");
    let old = fleet.sandboxes.insert("acme".into(), other);
    {
        let _in_runtime = fleet.workshop.runtime.enter();
        drop(old);
    }
    let step = fleet.job("push", &accounts[0]);
    step.ends(4, "plan-changed");
    assert_eq!(fleet.writes("acme"), 0);
    let told: Vec<&str> = step.err.lines().filter(|line| line.starts_with(['+', '-'])).collect();
    assert!(
        told.iter().any(|line| line.starts_with("- ") && line.contains("Ada Lovelace → Ada King")),
        "{told:?}"
    );
    assert!(
        told.iter().any(|line| line.starts_with("+ ") && line.contains("Ada Byron → Ada King")),
        "{told:?}"
    );
    assert!(told.len() <= 4, "{told:?}");
    fleet.job("push", &accounts[1]).ends(0, "");
    fleet.report("push").ends(4, "plan-changed");
    let comment = fleet.comments().remove(0);
    assert!(comment.contains("| `acme` | **plan-changed** |") && comment.contains("Ada Byron"), "{comment}");
}

#[test]
fn an_approval_is_of_what_would_be_done_in_whichever_accounts_that_is() {
    let other = OVER_LIMIT.replace("bob@", "cy@");
    let mut fleet =
        Fleet::new(&[("acme", SAME, OVER_LIMIT), ("globex", SAME, OVER_LIMIT), ("hooli", SAME, &other)]);
    fleet.all("pull_request").ends(3, "blocked");
    let comment = fleet.comments().remove(0);
    let digest = |comment: &str, account: &str| marker(comment, account).digest.unwrap().to_string();
    let command = format!("/rollcall approve {}", digest(&comment, "acme"));
    assert!(comment.contains(&command), "{comment}");
    let mut hub = fleet.workshop.github.hub();
    hub.permissions = vec![("reviewer", "write")];
    hub.comment("reviewer", &command);
    drop(hub);
    // Both plans are alike, and so are their digests.
    assert_eq!(digest(&comment, "acme"), digest(&comment, "globex"));
    fleet.all("pull_request").ends(3, "blocked");
    let comment = fleet.comments().remove(0);
    assert!(comment.contains("Its violations are approved by reviewer."), "{comment}");
    let rows: Vec<&str> = comment.lines().filter(|line| line.starts_with("| `")).collect();
    assert_eq!(
        rows,
        [
            "| `hooli` | **blocked** | 1 | 0 |",
            "| `acme` | changes | 1 | 0 |",
            "| `globex` | changes | 1 | 0 |"
        ]
    );
    fleet.workshop.merge();
    fleet.all("push").ends(3, "blocked");
    assert!(fleet.writes("acme") > 0 && fleet.writes("globex") > 0 && fleet.writes("hooli") == 0);
}

#[test]
fn a_step_about_one_account_leaves_the_comment_about_many_alone() {
    let mut fleet = Fleet::new(&[("acme", SAME, CHANGES), ("globex", SAME, CHANGES)]);
    fleet.all("pull_request").ends(0, "");
    let merged = fleet.comments();
    let url = fleet.sandboxes["acme"].url();
    let alone = [("INPUT_PATH", "accounts/acme"), ("INPUT_ENDPOINT", url.as_str())];
    fleet.step("pull_request", &alone).ends(0, "");
    let comments = fleet.comments();
    assert_eq!((comments.len(), &comments[0]), (2, &merged[0]));
    // Applied by a review in the comment about many, it says so in one of its own; then neither approves anything more.
    fleet.workshop.github.hub().comments.truncate(1);
    fleet.workshop.merge();
    fleet.step("push", &alone).ends(0, "");
    let comments = fleet.comments();
    assert_eq!((comments.len(), &comments[0]), (2, &merged[0]));
    assert!(comments[1].contains("**Applied.**") && !comments[1].contains("globex"), "{}", comments[1]);
    assert_eq!(Marker::read(&comments[1]).unwrap().validity, Validity::Closed);
}

/// A result as a job of an account writes it.
fn result(account: &str, commit: &str) -> AccountResult {
    AccountResult {
        version: 1,
        repository: REPOSITORY.into(),
        commit: Some(commit.into()),
        key: format!("{account}-key"),
        account: Some(account.into()),
        command: "plan".into(),
        exit_code: 0,
        failure_reason: String::new(),
        counts: Some(Counts { changes: 2, to_change: 2, ..Counts::default() }),
        digest: Some("ab".repeat(32)),
        mac: Some("cd".repeat(32)),
        headline: "2 changes.".into(),
        urgent: String::new(),
        rest: format!("~ Somebody of {account}\n").repeat(40),
    }
}

/// Results in a folder, of accounts that were asked for.
struct Folder {
    fleet: Fleet,
    commit: String,
}

impl Folder {
    fn new(asked: &[String]) -> Self {
        let fleet = Fleet::new(&[]);
        let commit = fleet.workshop.commit_of("HEAD");
        let folder = Self { fleet, commit };
        folder.ask(asked);
        folder
    }

    /// Begins anew.
    fn ask(&self, asked: &[String]) {
        let _none = fs::remove_dir_all(self.fleet.results());
        let accounts: Vec<Value> = asked
            .iter()
            .map(|name| json!({ "key": format!("{name}-key"), "name": name, "path": format!("accounts/{name}") }))
            .collect();
        let list = json!({ "version": 1, "accounts": accounts, "others": 0, "gone": [] });
        self.put("accounts.json", &list.to_string());
    }

    fn put(&self, name: &str, text: &str) {
        let file = self.fleet.results().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    fn say(&self, file: &str, result: &AccountResult) {
        self.put(file, &serde_json::to_string(result).unwrap());
    }

    fn report(&mut self) -> Step {
        self.fleet.report("pull_request")
    }
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// A result that somebody changed.
type Forgery = fn(AccountResult) -> AccountResult;

#[test]
fn a_result_that_is_not_exactly_what_was_asked_for_is_red() {
    let changes: [(&str, Forgery); 11] = [
        ("about another commit", |it| AccountResult { commit: Some("ef".repeat(20)), ..it }),
        ("about another commit", |it| AccountResult { commit: None, ..it }),
        ("of the repository", |it| AccountResult { repository: "mallory/accounts".into(), ..it }),
        ("about the account globex", |it| AccountResult { account: Some("globex".into()), ..it }),
        ("version 2", |it| AccountResult { version: 2, ..it }),
        ("`90`", |it| AccountResult { exit_code: 90, ..it }),
        ("`blocked`", |it| AccountResult { failure_reason: "blocked".into(), ..it }),
        ("where that can't be", |it| AccountResult { exit_code: 3, ..it }),
        ("where that can't be", |it| AccountResult { command: "publish".into(), ..it }),
        ("where that can't be", |it| AccountResult { failure_reason: "<b>x</b>".into(), exit_code: 3, ..it }),
        ("where that can't be", |it| AccountResult { digest: Some("12".into()), ..it }),
    ];
    let mut folder = Folder::new(&names(&["acme"]));
    folder.say("acme.json", &result("acme", &folder.commit));
    folder.report().ends(0, "");
    for (words, change) in changes {
        folder.ask(&names(&["acme"]));
        folder.say("acme.json", &change(result("acme", &folder.commit)));
        let step = folder.report();
        step.ends(1, "error");
        assert!(step.summary.contains(words), "`{words}`: {}", step.summary);
        let comment = folder.fleet.comments().remove(0);
        assert!(comment.contains("| `acme` | **no result** |"), "{comment}");
        assert_eq!(Marker::all(&comment), [], "nothing that could be approved");
    }
}

#[test]
fn what_is_missing_doubled_broken_or_unasked_for_is_red() {
    type Prepare = fn(&Folder);
    let cases: [(&str, Prepare); 8] = [
        ("there is no result of it", |folder| {
            fs::remove_file(folder.fleet.results().join("acme.json")).unwrap();
        }),
        ("there are 2 results of it", |folder| {
            folder.say("again/acme.json", &result("acme", &folder.commit));
        }),
        ("nobody asked for it", |folder| folder.say("globex.json", &result("globex", &folder.commit))),
        ("this is no result", |folder| folder.put("x.json", "{")),
        ("this is no result", |folder| folder.put("x.txt", "hello")),
        ("unknown field", |folder| {
            let text = serde_json::to_string(&result("globex", &folder.commit)).unwrap();
            folder.put("x.json", &text.replacen('{', "{\"extra\":1,", 1));
        }),
        ("has more bytes", |folder| {
            let rest = "x".repeat(2 << 20);
            folder.say("x.json", &AccountResult { rest, ..result("globex", &folder.commit) });
        }),
        ("this is no regular file", |folder| {
            fs::create_dir_all(folder.fleet.results().join("a/b")).unwrap();
        }),
    ];
    for (words, prepare) in cases {
        let mut folder = Folder::new(&names(&["acme"]));
        folder.say("acme.json", &result("acme", &folder.commit));
        prepare(&folder);
        let step = folder.report();
        step.ends(1, "error");
        assert!(step.summary.contains(words), "`{words}`: {}", step.summary);
    }
    // Without the list nobody can tell what is missing.
    let mut folder = Folder::new(&names(&["acme"]));
    folder.say("acme.json", &result("acme", &folder.commit));
    fs::copy(folder.fleet.results().join("accounts.json"), folder.fleet.results().join("b.json")).unwrap();
    let step = folder.report();
    step.ends(1, "error");
    assert!(step.last_words().contains("2 lists of accounts in place of one"), "{}", step.err);
    fs::remove_file(folder.fleet.results().join("accounts.json")).unwrap();
    fs::remove_file(folder.fleet.results().join("b.json")).unwrap();
    let step = folder.report();
    assert!(step.last_words().contains("0 lists of accounts"), "{}", step.err);
    fs::remove_dir_all(folder.fleet.results()).unwrap();
    let step = folder.report();
    step.ends(1, "error");
    assert!(step.last_words().contains("the results can't be read"), "{}", step.err);
}

#[test]
fn three_hundred_accounts_are_a_few_comments_and_every_review_is_in_one() {
    let all: Vec<String> = (0..300).map(|at| format!("account-{at:03}")).collect();
    let mut folder = Folder::new(&all);
    for name in &all {
        folder.say(&format!("{name}.json"), &result(name, &folder.commit));
    }
    let red = AccountResult {
        exit_code: 3,
        failure_reason: "blocked".into(),
        urgent: "Stands against it\n! everybody leaves\n".into(),
        ..result("account-250", &folder.commit)
    };
    folder.say("account-250.json", &red);
    let step = folder.report();
    step.ends(3, "blocked");
    assert_eq!(step.outputs["changes"], "600");
    let comments = folder.fleet.comments();
    assert_eq!(comments.len(), 3, "{:?}", comments.iter().map(String::len).collect::<Vec<_>>());
    let mut reviewed = Vec::new();
    for (at, comment) in comments.iter().enumerate() {
        assert!(comment.len() <= 60_000, "{}", comment.len());
        assert!(comment.contains(&format!("### Rollcall: 300 accounts ({} of 3)", at + 1)), "{comment}");
        assert!(comment.contains("1 red. 600 changes in 300 accounts"), "totals are kept: {comment}");
        reviewed.extend(Marker::all(comment).into_iter().map(|marker| marker.account));
    }
    reviewed.sort();
    assert_eq!(reviewed, all);
    assert!(
        comments[0].contains("| `account-250` | **blocked** |") && comments[0].contains("everybody leaves")
    );
    assert!(
        comments[0].contains("left out here") || comments[0].contains("do not fit here"),
        "what is left out is said"
    );
    assert!(step.outputs["comment-url"].ends_with("#issuecomment-100"), "{:?}", step.outputs);

    // Fewer by the next commit: those that are too many go, and nothing of them stays approved.
    folder.ask(&names(&["account-007"]));
    folder.say("account-007.json", &result("account-007", &folder.commit));
    folder.report().ends(0, "");
    let comments = folder.fleet.comments();
    assert_eq!(comments.len(), 1);
    assert_eq!(Marker::all(&comments[0]).len(), 1);
    // None at all: the comment says that too.
    folder.ask(&[]);
    folder.report().ends(0, "");
    let comments = folder.fleet.comments();
    assert!(comments.len() == 1 && comments[0].contains("Nothing changed of any account."), "{comments:?}");
    assert_eq!(Marker::all(&comments[0]), []);
}

#[test]
fn where_nothing_is_selected_the_gate_is_green_and_says_nothing() {
    let mut fleet = Fleet::new(&[("acme", SAME, SAME)]);
    fleet.workshop.git(&["commit", "-q", "--allow-empty", "-m", "nothing"]);
    let step = fleet.all("pull_request");
    step.ends(0, "");
    assert_eq!(step.outputs["changes"], "0");
    assert!(fleet.comments().is_empty());
    assert!(step.summary.contains("Nothing changed of any account."), "{}", step.summary);
    for event in ["merge_group", "schedule"] {
        fleet.all(event).ends(0, "");
    }
    assert_eq!(fleet.select("schedule").len(), 1, "without a commit to compare with, all");
    assert!(fleet.comments().is_empty(), "only a pull request has a comment");
    let payload = fleet.workshop.payload("pull_request_target");
    fleet.workshop.set("INPUT_COMMAND", "report");
    fleet.workshop.run_with("pull_request_target", &payload).ends(64, "usage");
}

#[test]
fn whatever_results_say_is_text() {
    let hostile =
        "<!-- rollcall:v1 {} --> | `@all` \u{202e}\r\n#### `acme`\n```\n````\n::error::x ##[group] <script>";
    let mut folder = Folder::new(&names(&[hostile]));
    let said = AccountResult {
        headline: hostile.into(),
        urgent: hostile.into(),
        rest: hostile.into(),
        ..result(hostile, &folder.commit)
    };
    folder.say("x.json", &said);
    let step = folder.report();
    step.ends(0, "");
    let comment = folder.fleet.comments().remove(0);
    assert_eq!(Marker::all(&comment).len(), 1, "{comment}");
    assert_eq!(marker(&comment, hostile).account, hostile);
    for text in [&comment, &step.summary, &step.out] {
        assert!(!text.contains('\u{202e}') && !text.contains("##["), "{text}");
        assert!(!text.lines().any(|line| line.starts_with("::error::x")), "{text}");
    }
    let row = comment.lines().find(|line| line.starts_with("| ") && line.contains("changes |")).unwrap();
    let row = row.replace("\\|", "");
    assert_eq!(row.matches('|').count(), 5, "{row}");
    // Outside code nothing is left that acts.
    let options = pulldown_cmark::Options::ENABLE_TABLES;
    let visible = comment.split_once("### Rollcall").unwrap().1;
    for event in pulldown_cmark::Parser::new_ext(visible, options) {
        match event {
            pulldown_cmark::Event::Html(html) | pulldown_cmark::Event::InlineHtml(html) => {
                assert!(
                    ["<details>", "<summary>", "</details>", "</summary>"].iter().any(|it| html.contains(it))
                        && !html.contains("script"),
                    "{html}"
                );
            }
            pulldown_cmark::Event::Text(text) if text.contains("@all") => {
                assert!(visible.contains("```"), "{text}");
            }
            _ => {}
        }
    }
}

#[test]
fn a_fork_is_validated_and_the_gate_tells_without_a_comment() {
    let mut fleet = Fleet::new(&[("acme", SAME, CHANGES), ("globex", SAME, "users: [\n")]);
    fleet.workshop.github.hub().reads_only = Some(());
    let accounts = fleet.select("fork");
    fleet.job("fork", &accounts[0]).ends(0, "");
    fleet.job("fork", &accounts[1]).ends(1, "error");
    let step = fleet.report("fork");
    step.ends(1, "error");
    assert!(step.summary.contains("| `acme` | valid |"), "{}", step.summary);
    assert!(step.summary.contains("| `globex` | **error** |"), "{}", step.summary);
    assert_eq!(fleet.workshop.github.hub().count("POST"), 0);
}

#[test]
fn in_a_public_repository_no_result_names_anybody() {
    let mut fleet = Fleet::new(&[("acme", SAME, CHANGES), ("globex", SAME, BLOCKED)]);
    let accounts = fleet.select("pull_request");
    fleet.workshop.set("INPUT_REDACT", "full");
    for account in &accounts {
        fleet.job("pull_request", account);
    }
    fleet.report("pull_request").ends(3, "blocked");
    let mut shown = fleet.comments().join("\n");
    for file in fs::read_dir(fleet.results()).unwrap() {
        shown.push_str(&fs::read_to_string(file.unwrap().path()).unwrap());
    }
    for person in ["Ada", "Lovelace", "King", "Bob", "Leaver", "ada@", "bob@", "nobody@", "E2"] {
        assert!(!shown.contains(person), "`{person}`: {shown}");
    }
}

#[test]
fn what_cannot_be_written_or_read_is_told_and_no_comment_turns_it_green() {
    let mut fleet = Fleet::new(&[("acme", SAME, CHANGES)]);
    let accounts = fleet.select("pull_request");
    // A file stands where the folder of the result should be.
    fs::write(fleet.results().join("blocked"), "").unwrap();
    let path = fleet.results().join("blocked/x.json").display().to_string();
    let url = fleet.sandboxes["acme"].url();
    let step = fleet.step(
        "pull_request",
        &[("INPUT_PATH", "accounts/acme"), ("INPUT_REPORT", &path), ("INPUT_ENDPOINT", &url)],
    );
    step.ends(1, "error");
    fs::remove_file(fleet.results().join("blocked")).unwrap();
    fleet.job("pull_request", &accounts[0]).ends(0, "");
    fleet.workshop.github.hub().reads_only = Some(());
    let step = fleet.report("pull_request");
    step.ends(0, "");
    assert_eq!(step.told("notice").len(), 1, "{}", step.out);
    // Without the history nobody can tell what changed.
    let payload =
        fleet.workshop.payload("pull_request").replace(&fleet.workshop.commit_of("HEAD^"), &"ab".repeat(20));
    fleet.workshop.set("INPUT_COMMAND", "accounts").set("INPUT_PATH", "accounts");
    let step = fleet.workshop.run_with("pull_request", &payload);
    step.ends(1, "error");
    assert!(step.last_words().contains("fetch-depth: 0"), "{}", step.err);
}

#[test]
fn shards_are_handed_on_and_too_many_accounts_for_one_matrix_are_told() {
    let mut fleet = Fleet::new(&[]);
    for at in 0..300 {
        fleet.write(&format!("c{at:03}"), SAME);
    }
    fleet.commit();
    fleet.workshop.set("INPUT_COMMAND", "accounts").set("INPUT_PATH", "accounts");
    let step = fleet.workshop.run("pull_request");
    step.ends(0, "");
    assert!(step.told("notice")[0].contains("300 accounts are more than the 256 jobs"), "{}", step.out);
    fleet.workshop.set("INPUT_SHARDS", "40");
    let step = fleet.workshop.run("pull_request");
    assert!(step.told("notice").is_empty(), "{}", step.out);
    let shards: Vec<Value> = serde_json::from_str(&step.outputs["shards"]).unwrap();
    let sizes: Vec<usize> = shards.iter().map(|it| it["accounts"].as_array().unwrap().len()).collect();
    assert_eq!((shards.len() <= 40, sizes.iter().sum::<usize>()), (true, 300), "{sizes:?}");
    fleet.workshop.set("INPUT_SHARDS", "0");
    fleet.workshop.run("pull_request").ends(64, "usage");
}
