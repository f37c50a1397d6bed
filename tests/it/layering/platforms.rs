//! Where is a platform named? In `account`, in `sandbox`, and in the table of services; what else would have to change for another
//! platform stands here, each with why.

use proc_macro2::{TokenStream, TokenTree};
use rollcall::model::Service;

use super::{files, tokens};

/// The folders that are made of platforms.
const OF_PLATFORMS: [&str; 2] = ["account", "sandbox"];

/// The files outside of them that name a platform, and why.
const NAMING: &[(&str, &str)] = &[
    ("model/platform.rs", "the table of services: the one line of a platform"),
    (
        "cli/product/rehearsal.rs",
        "a reading as a seed: the sandbox imports nothing, so who knows both says it",
    ),
    ("cli/product/declared.rs", "declared users as a seed: the same"),
    ("cli/product/tenant.rs", "both of a learning platform: the same"),
    ("cli/product/filled.rs", "by which rules groups of a learning platform fill themselves: the same"),
    ("cli/product/known.rs", "what a reading knows besides, of a learning platform: the same"),
];

/// What of a text names a platform, with its line: a name with the word of one in it, that word alone as a text, and the beginning
/// of its variables. Comments and what is compiled for tests alone don't count.
fn named(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    scan(text.parse().expect("a file is Rust"), &mut found);
    found
}

fn scan(tokens: TokenStream, found: &mut Vec<(usize, String)>) {
    for token in tokens::without_comments_and_tests(tokens) {
        let line = token.span().start().line;
        match token {
            TokenTree::Group(group) => scan(group.stream(), found),
            TokenTree::Ident(name) if is_of_a_platform(&name.to_string()) => {
                found.push((line, name.to_string()));
            }
            TokenTree::Literal(text) if says_a_platform(&text.to_string()) => {
                found.push((line, text.to_string()));
            }
            TokenTree::Ident(_) | TokenTree::Literal(_) | TokenTree::Punct(_) => {}
        }
    }
}

fn is_of_a_platform(name: &str) -> bool {
    let name = name.to_lowercase();
    Service::ALL.iter().any(|it| name.contains(it.word()))
}

fn says_a_platform(literal: &str) -> bool {
    let says = |it: &Service| {
        let variable = format!("{}_", it.word().to_uppercase());
        literal.contains(&variable) || literal.trim_matches('"') == it.word()
    };
    Service::ALL.iter().any(says)
}

#[test]
fn a_platform_is_named_where_platforms_are_made_and_nowhere_else() {
    let (mut wrong, mut needless): (Vec<String>, Vec<&str>) =
        (Vec::new(), NAMING.iter().map(|(path, _)| *path).collect());
    for file in files().into_iter().filter(|it| !OF_PLATFORMS.contains(&&*it.module)) {
        // A file of tests alone is declared as one elsewhere.
        if file.path.contains("/tests/") || file.path.ends_with("/tests.rs") {
            continue;
        }
        let found = named(&file.text);
        if NAMING.iter().any(|(path, _)| *path == file.path) {
            needless.retain(|path| found.is_empty() || *path != file.path);
            continue;
        }
        wrong.extend(found.into_iter().map(|(line, what)| format!("src/{}:{line}: {what}", file.path)));
    }
    assert!(wrong.is_empty(), "another platform would have to touch:\n{}", wrong.join("\n"));
    assert!(needless.is_empty(), "these name no platform any more: take them off the list: {needless:?}");
}

#[test]
fn every_emulated_platform_is_one_that_manifests_can_name() {
    let words = rollcall::sandbox::Platform::ALL.map(rollcall::sandbox::Platform::word);
    assert_eq!(words.to_vec(), Service::ALL.iter().map(|it| it.word()).collect::<Vec<_>>());
}

#[test]
fn names_variables_and_words_of_platforms_are_found_and_comments_and_tests_are_not() {
    let found =
        |text: &str| named(text).into_iter().map(|(line, what)| format!("{line} {what}")).collect::<Vec<_>>();
    assert_eq!(found("use crate::account::docebo::Reader;"), ["1 docebo"]);
    assert_eq!(
        found("fn f() {\n match x { Platform::ActivTrak(_) => at_docebo() }\n}"),
        ["2 ActivTrak", "2 at_docebo"]
    );
    assert_eq!(
        found("const A: &str = \"set DOCEBO_URL\";\nconst B: &str = \"docebo\";"),
        ["1 \"set DOCEBO_URL\"", "2 \"docebo\""]
    );
    let none: [&str; 0] = [];
    assert_eq!(
        found("/// Of `DOCEBO_URL`, or Docebo.\n// docebo\nconst A: &str = \"ActivTrak's page\";"),
        none
    );
    assert_eq!(found("#[cfg(test)]\nmod tests { use super::docebo; }"), none);
}
