//! What the YAML reader accepts, serde-saphyr reads the same; what is written in any style reads as it was meant.

use std::collections::BTreeMap;

use proptest::prelude::*;
use rollcall::diag::{Diagnostic, Sources};
use rollcall::manifest::yaml;
use serde::{Deserialize, Serialize};

/// A manifest's shape in plain types, which both readers know.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Document {
    users: Vec<User>,
    policy: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct User {
    name: String,
    email: Vec<String>,
    tags: BTreeMap<String, String>,
}

fn ours(text: &str) -> (Document, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let (document, problems) = yaml::read(sources.add("a.yaml", text).unwrap());
    (document, problems.sorted())
}

/// Text that YAML could take for something else.
const TRAPS: &[&str] = &[
    "",
    " ",
    "no",
    "~",
    "null",
    "007",
    "1e3",
    "0x1F",
    "-",
    "- a",
    "a: b",
    "a #b",
    "#",
    "*\\ada",
    "ACME\\bob",
    "&x",
    "!t",
    "%",
    "@",
    "`",
    "'",
    "\"",
    "[a]",
    "{a: b}",
    ",",
    "?",
    "? a",
    ": ",
    "true",
    "2026-05-02",
    "…",
    "Ä b",
    "<<",
    "a\\nb",
    " a",
    "a ",
    "---",
    "...",
    "=",
    "|",
    ">-",
    "\u{feff}a",
    "李",
    "👩‍💻",
    "12:30:45",
    ".inf",
    "a'b",
    "a''b",
];

/// A trap, or text of any kind without control characters.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::sample::select(TRAPS).prop_map(str::to_owned),
        "[ -~]{0,12}",
        "[^\\p{C}\\p{Zl}\\p{Zp}]{0,8}",
    ]
}

fn document() -> impl Strategy<Value = Document> {
    let tags = || prop::collection::btree_map("[a-z]{1,5}", text(), 0..4);
    let user = (text(), prop::collection::vec(text(), 0..4), tags());
    let user = user.prop_map(|(name, email, tags)| User { name, email, tags });
    (prop::collection::vec(user, 0..4), tags()).prop_map(|(users, policy)| Document { users, policy })
}

/// How a document is written.
#[derive(Debug, Clone, Copy)]
enum Quotes {
    Single,
    Double,
}

fn scalar(text: &str, quotes: Quotes) -> String {
    match quotes {
        Quotes::Single => format!("'{}'", text.replace('\'', "''")),
        Quotes::Double => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
    }
}

/// Writes a document in flow style, with a line break after every comma.
fn flow(document: &Document, quotes: Quotes, newline: &str) -> String {
    let map = |entries: &BTreeMap<String, String>| {
        let entries: Vec<_> =
            entries.iter().map(|(key, value)| format!("{key}x: {}", scalar(value, quotes))).collect();
        format!("{{ {} }}", entries.join(","))
    };
    let user = |user: &User| {
        let email: Vec<_> = user.email.iter().map(|it| scalar(it, quotes)).collect();
        let (name, email) = (scalar(&user.name, quotes), email.join(&format!(",{newline}    ")));
        format!("  {{ name: {name}, email: [ {email} ], tags: {} }}", map(&user.tags))
    };
    let users: Vec<_> = document.users.iter().map(user).collect();
    let users = users.join(&format!(",{newline}"));
    format!(
        "# written by a test{newline}users: [{newline}{users} ]{newline}policy: {}{newline}",
        map(&document.policy)
    )
}

/// The keys as [`flow`] writes them: none can be a word that YAML reads as something else.
fn plain_keys(mut document: Document) -> Document {
    let rename =
        |map: BTreeMap<String, String>| map.into_iter().map(|(key, value)| (key + "x", value)).collect();
    document.policy = rename(document.policy);
    for user in &mut document.users {
        user.tags = rename(std::mem::take(&mut user.tags));
    }
    document
}

proptest! {
    #[test]
    fn what_serde_saphyr_writes_is_read_back(document in document()) {
        let document = plain_keys(document);
        let text = serde_saphyr::to_string(&document).unwrap();
        prop_assert_eq!(ours(&text), (document, vec![]), "{}", text);
    }

    #[test]
    fn both_readers_read_any_quoting_as_it_was_meant(
        document in document(),
        quotes in prop_oneof![Just(Quotes::Single), Just(Quotes::Double)],
        newline in prop_oneof![Just("\n"), Just("\r\n")],
    ) {
        let text = flow(&document, quotes, newline);
        let document = plain_keys(document);
        prop_assert_eq!(&serde_saphyr::from_str::<Document>(&text).unwrap(), &document, "{}", text);
        prop_assert_eq!(ours(&text), (document, vec![]), "{}", text);
    }

    #[test]
    fn what_is_accepted_after_random_edits_is_read_the_same(
        document in document(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), "[-:,#'\"\\[\\]{} \n?*&!|>a~]"), 1..6),
    ) {
        let mut text = serde_saphyr::to_string(&document).unwrap();
        for (at, edit) in edits {
            let mut at = at.index(text.len() + 1);
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            text.insert_str(at, &edit);
        }
        let (read, problems) = ours(&text);
        if problems.is_empty() {
            let other = serde_saphyr::from_str::<Document>(&text);
            prop_assert!(other.is_ok(), "{}: {:?}", text, other);
            prop_assert_eq!(read, other.unwrap(), "{}", text);
        }
    }
}
