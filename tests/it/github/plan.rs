//! A plan on a pull request: one comment, remarks on lines, a summary, outputs.

use std::fmt::Write as _;

use rollcall::render::Marker;

use super::fake::{AUTHOR, BOT, Mishap, REPOSITORY};
use super::{BLOCKED, CHANGES, HEAD, OVER_LIMIT, SAME, Workshop, account};
use rollcall::sandbox::Config;

#[test]
fn a_plan_is_one_comment_that_is_edited_in_its_place() {
    let workshop = Workshop::new(SAME, CHANGES);
    let first = workshop.run("pull_request");
    first.ends(0, "");
    let body = workshop.comment();
    let marker = Marker::read(&body).unwrap();
    assert_eq!(marker.account, "acme");
    assert_eq!(marker.head.as_deref(), Some(workshop.commit_of("HEAD").as_str()));
    assert_eq!(marker.digest.unwrap().to_string(), first.outputs["plan-digest"]);
    assert!(marker.mac.is_some());
    // The endpoint, which is none of ActivTrak's, is said before anything else.
    let seen: Vec<&str> =
        body.lines().skip(1).filter(|line| !line.is_empty() && !line.starts_with("> ")).collect();
    assert_eq!(seen[0], "### Rollcall: `acme`");
    assert!(seen[1].starts_with("**2 changes."), "{body}");
    assert!(body.contains("Ada Lovelace → Ada King"), "{body}");
    assert!(body.contains("https://github.example/acme/accounts/actions/runs/4711"), "{body}");
    assert!(first.summary.contains("Ada King") && !first.summary.contains("<!--"), "{}", first.summary);
    for (name, value) in
        [("command", "plan"), ("changes", "2"), ("to-add", "0"), ("to-change", "2"), ("irreversible", "0")]
    {
        assert_eq!(first.outputs[name], value, "{name}");
    }
    assert!(first.outputs["comment-url"].contains("#issuecomment-100"));

    workshop.commit(SAME);
    let second = workshop.run("pull_request");
    second.ends(0, "");
    assert!(workshop.comment().contains("No changes"), "{}", workshop.comment());
    assert_ne!(Marker::read(&workshop.comment()).unwrap().head, marker.head);
    let hub = workshop.github.hub();
    assert_eq!((hub.count("POST"), hub.count("PATCH"), hub.count("DELETE")), (1, 1, 0));
    assert_eq!(workshop.writes(), 0);
}

#[test]
fn a_page_is_written_where_it_is_asked_for_and_the_comment_says_where_it_is() {
    for (body, code) in [(CHANGES, 0), (OVER_LIMIT, 3)] {
        let mut workshop = Workshop::new(SAME, body);
        let file = workshop.folder.path().join("plan.html");
        workshop.set("INPUT_PAGE", file.to_str().unwrap());
        let step = workshop.run("pull_request");
        assert_eq!(step.code, code, "{}", step.err);
        let page = std::fs::read_to_string(&file).unwrap();
        assert!(page.contains("Plan of") && page.contains(&step.outputs["plan-digest"]), "{page}");
        assert!(!page.contains("ada@acme.example"), "addresses are withheld, as in the comment");
        assert!(workshop.comment().contains("has the plan as a page"), "{}", workshop.comment());
    }
}

#[test]
fn the_comment_is_found_among_hundreds_and_by_who_wrote_it() {
    let workshop = Workshop::new(SAME, CHANGES);
    let ours = |account: &str| {
        let marker = Marker {
            account: account.into(),
            head: None,
            digest: None,
            mac: None,
            validity: rollcall::render::Validity::Open,
        };
        format!("{}\nold", marker.line())
    };
    {
        let mut hub = workshop.github.hub();
        hub.comment("mallory", &ours("acme"));
        hub.comment(BOT, &format!("Look:\n{}", ours("acme")));
        hub.comment(BOT, &ours("another account"));
        for at in 0..297 {
            hub.comment("talker", &format!("comment {at}"));
        }
        hub.comment(BOT, &ours("acme"));
        hub.comment(BOT, &ours("acme"));
    }
    workshop.run("pull_request").ends(0, "");
    let hub = workshop.github.hub();
    assert_eq!((hub.count("POST"), hub.count("PATCH")), (0, 1));
    let changed = hub.comments.iter().filter(|it| it["updated_at"] != it["created_at"]);
    let changed: Vec<u64> = changed.map(|it| it["id"].as_u64().unwrap()).collect();
    assert_eq!(changed, [400], "the older of the two that are ours");
    let reads: Vec<&str> = hub.requests.iter().filter(|it| it.0 == "GET").map(|it| it.1.as_str()).collect();
    let pages = |at: usize| format!("/api/v3/repos/{REPOSITORY}/issues/12/comments?per_page=100&page={at}");
    assert_eq!(reads, [pages(1), pages(2), pages(3), pages(4)]);
}

#[test]
fn no_mishap_leaves_two_comments() {
    for mishap in [Mishap::Unwritten, Mishap::WrittenUnsaid, Mishap::Overtaken] {
        let workshop = Workshop::new(SAME, CHANGES);
        workshop.github.hub().mishap = Some(mishap);
        let step = workshop.run("pull_request");
        step.ends(0, "");
        assert!(workshop.comment().contains("Ada King"), "{mishap:?}");
        assert_eq!(workshop.github.hub().comments[0]["id"], 100, "{mishap:?}: the older one stays");
    }
}

#[test]
fn a_comment_that_cannot_be_written_fails_no_plan() {
    let mut workshop = Workshop::new(SAME, CHANGES);
    workshop.github.hub().reads_only = Some(());
    let step = workshop.run("pull_request");
    step.ends(0, "");
    let notices = step.told("notice");
    assert!(notices.iter().any(|it| it.contains("the comment is not written")), "{notices:?}");
    assert!(notices.iter().any(|it| it.contains("Resource not accessible")), "{notices:?}");
    assert!(step.summary.contains("Ada King"));
    for token in ["", "ghs_another"] {
        workshop.set("ROLLCALL_GITHUB_TOKEN", token);
        let step = workshop.run("pull_request");
        step.ends(0, "");
        assert!(
            step.told("notice").iter().any(|it| it.contains("the comment is not written")),
            "{}",
            step.out
        );
        assert!(!format!("{step:?}").contains("ghs_another"), "a token is never printed");
    }
}

#[test]
fn when_a_comment_is_written_is_for_the_workflow_to_say() {
    let mut workshop = Workshop::new(SAME, SAME);
    workshop.set("INPUT_COMMENT", "changes").run("pull_request").ends(0, "");
    assert_eq!(workshop.github.hub().comments.len(), 0);
    workshop.set("INPUT_COMMENT", "never");
    workshop.commit(CHANGES);
    workshop.run("pull_request").ends(0, "");
    assert_eq!(workshop.github.hub().comments.len(), 0);
    workshop.set("INPUT_COMMENT", "changes").run("pull_request").ends(0, "");
    assert!(workshop.comment().contains("Ada King"));
    workshop.commit(SAME);
    workshop.run("pull_request").ends(0, "");
    assert!(workshop.comment().contains("No changes"), "what is there is kept current");
}

#[test]
fn a_plan_that_is_blocked_is_red_beside_its_lines_and_says_what_to_do() {
    let workshop = Workshop::new(SAME, OVER_LIMIT);
    let step = workshop.run("pull_request");
    step.ends(3, "blocked");
    let (errors, warnings) = (step.told("error"), step.told("warning"));
    let at = |line: usize, title: &str| format!("file=manifests/rollcall.yaml,line={line},title={title}::");
    assert!(errors[0].contains(&at(2, "Over the limit untrack")), "{errors:?}");
    assert!(
        warnings.iter().any(|it| it.contains(&at(4, "No longer tracked")) && it.contains("Bob")),
        "{warnings:?}"
    );
    let digest = &step.outputs["plan-digest"];
    let command = format!("/rollcall approve {digest}");
    assert!(step.last_words().ends_with(&format!("{command}\n")), "{}", step.err);
    assert!(workshop.comment().contains(&format!("\n{command}\n")), "{}", workshop.comment());

    let blocked = Workshop::new(SAME, BLOCKED);
    let step = blocked.run("pull_request");
    step.ends(3, "blocked");
    assert!(step.told("error")[0].contains(&at(5, "Blocked%3A unknown-reference")), "{}", step.out);
    assert!(step.last_words().contains("settle every blocker"), "{}", step.err);
    assert!(!blocked.comment().contains("/rollcall approve"), "nothing approves a blocker");
}

#[test]
fn an_approval_turns_a_plan_green_and_no_other_plan() {
    let workshop = Workshop::new(SAME, OVER_LIMIT);
    let digest = workshop.run("pull_request").outputs["plan-digest"].clone();
    {
        let mut hub = workshop.github.hub();
        hub.permissions = vec![("reviewer", "write"), (AUTHOR, "admin")];
        hub.comment(AUTHOR, &format!("/rollcall approve {digest}"));
        hub.comment("reader", &format!("/rollcall approve {digest}"));
    }
    workshop.run("pull_request").ends(3, "blocked");
    workshop.github.hub().comment("reviewer", &format!("/rollcall approve {digest}\n\nGood bye, Bob."));
    workshop.run("pull_request").ends(0, "");
    assert!(workshop.comment().contains("approved by `reviewer`"), "{}", workshop.comment());
    workshop
        .commit(&OVER_LIMIT.replace("users:", "users:\n  - { email: cy@acme.example, tracking: untracked }"));
    workshop.run("pull_request").ends(3, "blocked");
}

#[test]
fn the_policy_of_the_base_branch_bounds_a_pull_request() {
    let strict = format!("policy: {{ limits: {{ untrack: 0 }} }}\n{SAME}");
    let loose = OVER_LIMIT.replace("untrack: 0", "untrack: 3");
    let workshop = Workshop::new(&strict, &loose);
    let step = workshop.run("pull_request");
    step.ends(3, "blocked");
    let comment = workshop.comment();
    let first = comment.lines().find(|line| line.starts_with("> **")).unwrap();
    assert!(first.starts_with("> **Policy loosened:** `policy.limits.untrack: 0 → 3`"), "{comment}");
    assert!(comment.find(first) < comment.find("### Rollcall"), "{comment}");
    assert!(step.told("warning").iter().any(|it| it.contains("title=Policy loosened")), "{}", step.out);

    let first = Workshop::new("", &loose);
    let step = first.run("pull_request");
    let comment = first.comment();
    assert!(comment.contains("> **Base branch:** `the base branch: there are no manifests;"), "{comment}");
    assert_eq!(step.code, 0, "{}", step.err);
}

#[test]
fn without_the_base_branch_no_plan_is_made() {
    let workshop = Workshop::new(SAME, CHANGES);
    let absent = workshop.payload("pull_request").replace(&workshop.commit_of("HEAD^"), &"ab".repeat(20));
    let step = workshop.run_with("pull_request", &absent);
    step.ends(1, "error");
    assert!(step.last_words().contains("fetch-depth: 0"), "{}", step.err);
    assert_eq!(workshop.sandbox.requests().len(), 0, "the account is not asked");
    let odd = workshop.payload("pull_request").replace(&workshop.commit_of("HEAD^"), "--upload-pack=x");
    workshop.run_with("pull_request", &odd).ends(64, "usage");
}

#[test]
fn manifests_with_errors_are_red_beside_their_lines_and_the_comment_shows_no_old_plan() {
    let workshop = Workshop::new(SAME, CHANGES);
    workshop.run("pull_request").ends(0, "");
    workshop.commit("users:\n  - { displayName: Ada, email: ada@acme.example, trackin: tracked }\n");
    let step = workshop.run("pull_request");
    step.ends(1, "error");
    assert!(
        step.told("error")[0].contains("file=manifests/rollcall.yaml,line=3,title=unknown-key::"),
        "{}",
        step.out
    );
    let comment = workshop.comment();
    assert!(comment.contains("**No plan could be made.**") && !comment.contains("Ada King"), "{comment}");
    assert_eq!(Marker::read(&comment).unwrap().digest, None);
    assert!(step.summary.contains("trackin"), "{}", step.summary);
    assert_eq!((step.outputs["command"].as_str(), step.outputs["changes"].as_str()), ("plan", ""));
}

/// A policy that lets go of so many users, and a company that has them.
fn many(count: usize) -> (serde_json::Value, String) {
    let mut account = account();
    let users = account["users"].as_array_mut().unwrap();
    let mut manifest =
        String::from("policy: { limits: { untrack: { percent: 100, atLeast: 9999 } } }\nusers:\n");
    for at in 0..count {
        let email = format!("person.{at}@acme.example");
        users.push(serde_json::json!({ "id": 1000 + at, "displayName": format!("Person {at} Ünïcode"), "emails": [email] }));
        writeln!(manifest, "  - {{ email: {email}, tracking: untracked }}").unwrap();
    }
    (account, manifest)
}

#[test]
fn of_a_huge_plan_the_comment_has_what_fits_and_the_remarks_say_how_many_more() {
    let (account, manifest) = many(700);
    let loose = manifest.lines().next().unwrap();
    let workshop = Workshop::of(&account, Config::default(), &format!("{loose}\n{SAME}"), &manifest);
    let step = workshop.run("pull_request");
    step.ends(0, "");
    let comment = workshop.comment();
    assert!(comment.len() > 50_000 && comment.len() < 62_000, "{}", comment.len());
    assert!(comment.contains("**700 changes."), "the totals stay");
    assert!(
        comment.contains("do not fit here.** The full plan is in [this run](https://github.example/"),
        "{comment}"
    );
    assert!(
        step.summary.len() > comment.len() && step.summary.contains("Person 699 "),
        "{}",
        step.summary.len()
    );
    let warnings = step.told("warning");
    assert_eq!(warnings.len(), 10);
    assert!(warnings[9].contains("691 more"), "{}", warnings[9]);
}

#[test]
fn a_merge_queue_and_a_schedule_are_planned_without_a_comment() {
    let workshop = Workshop::new(SAME, CHANGES);
    for event in ["merge_group", "schedule", "workflow_dispatch"] {
        let step = workshop.run(event);
        step.ends(0, "");
        assert_eq!(
            (step.outputs["command"].as_str(), step.outputs["changes"].as_str()),
            ("plan", "2"),
            "{event}"
        );
    }
    assert_eq!(workshop.github.hub().requests.len(), 0);
    assert_eq!(workshop.writes(), 0);
}

#[test]
fn without_a_key_for_reviews_a_plan_says_that_it_will_not_be_applied() {
    let mut workshop = Workshop::new(SAME, CHANGES);
    let step = workshop.set("ROLLCALL_REVIEW_KEY", "").run("pull_request");
    step.ends(0, "");
    assert!(step.told("notice").iter().any(|it| it.contains("ROLLCALL_REVIEW_KEY")), "{}", step.out);
    assert_eq!(Marker::read(&workshop.comment()).unwrap().mac, None);
    let weak = workshop.set("ROLLCALL_REVIEW_KEY", "hunter2").run("pull_request");
    weak.ends(64, "usage");
    assert!(weak.last_words().contains("openssl rand -hex 32"), "{}", weak.err);
}

#[test]
fn no_input_is_a_command_of_a_shell_an_option_or_a_sandbox_that_nobody_allowed() {
    let mut workshop = Workshop::new(SAME, CHANGES);
    for path in ["$(touch canary)", "; touch canary", "--markdown=canary", "`touch canary`", "\"'\\"] {
        let step = workshop.set("INPUT_PATH", path).run("schedule");
        assert_eq!(step.code, 1, "{path}: {}", step.err);
    }
    assert!(!workshop.checkout().join("canary").exists());
    workshop.set("INPUT_PATH", "manifests").set("INPUT_COMMAND", "destroy").run("schedule").ends(64, "usage");
    workshop.set("INPUT_COMMAND", "").set("INPUT_ENDPOINT", "");
    let seed = account().to_string();
    std::fs::write(workshop.checkout().join("manifests/account.json"), seed).unwrap();
    let sandbox = HEAD.replace("platform: activtrak, region: us", "platform: sandbox, seed: account.json");
    std::fs::write(workshop.checkout().join("manifests/rollcall.yaml"), format!("{sandbox}{CHANGES}"))
        .unwrap();
    let step = workshop.run("schedule");
    step.ends(64, "usage");
    assert!(step.last_words().contains("`sandbox: allow`"), "{}", step.err);
    workshop.set("INPUT_SANDBOX", "allow").run("schedule").ends(0, "");
}

/// What a reader of Markdown sees that is not code.
pub(super) fn outside_of_code(page: &str) -> String {
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
    let (mut in_code, mut seen) = (false, String::new());
    for event in Parser::new_ext(page, Options::all()) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Code(_) => {}
            Event::Text(_) if in_code => {}
            event => writeln!(seen, "{event:?}").unwrap(),
        }
    }
    seen
}

#[test]
fn a_name_in_the_account_pings_nobody_commands_no_runner_and_forges_no_marker() {
    const NAME: &str =
        "::error::x%0A::add-mask::y\n<!-- rollcall:v1 {} -->\n```\n@acme/all </details> ##[group]x \u{202e}z";
    let mut account = account();
    account["users"][1]["displayName"] = serde_json::json!(NAME);
    let mut workshop = Workshop::of(&account, Config::default(), SAME, OVER_LIMIT);
    let step = workshop.set("INPUT_REDACT", "none").run("pull_request");
    step.ends(3, "blocked");
    let obeyed: Vec<&str> =
        step.out.lines().chain(step.err.lines()).filter(|it| it.trim().starts_with("::")).collect();
    let ours: Vec<&str> =
        ["error", "warning", "notice"].into_iter().flat_map(|kind| step.told(kind)).collect();
    assert_eq!(obeyed.len(), ours.len(), "{obeyed:#?}");
    assert!(ours.iter().any(|it| it.contains("add-mask")), "the name is shown: {ours:#?}");
    let comment = workshop.comment();
    assert_eq!(comment.matches("<!--").count(), 1, "{comment}");
    assert_eq!(Marker::read(&comment).unwrap().account, "acme");
    for page in [comment.split_once('\n').unwrap().1, &step.summary] {
        let seen = outside_of_code(page);
        assert!(
            !seen.contains("@acme") && !seen.contains("/details") && !seen.contains("add-mask"),
            "{seen}"
        );
    }
    for text in [&step.out, &step.err, &step.summary, &comment] {
        assert!(!text.contains(['\u{202e}', '\u{1b}']) && !text.contains("##["), "{text}");
    }
}
