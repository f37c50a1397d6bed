//! The YAML reader: every problem at once, each at its place, and what is left is read.

use rollcall::diag::{Code, Diagnostic, Sources};
use rollcall::manifest::yaml::{self, Either, Field, List, Map, OneOrMany};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Manifest {
    users: Field<List<User>>,
    policy: Field<Policy>,
    rule: Field<Rule>,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct User {
    display_name: Field<Box<str>>,
    email: Field<OneOrMany<Box<str>>>,
    device_login: Field<OneOrMany<Box<str>>>,
    tracking: Field<Tracking>,
    boss: Field<Either<Box<str>, Named>>,
    attributes: Field<Map<Box<str>>>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Tracking {
    Tracked,
    Untracked,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Named {
    name: Field<Box<str>>,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Policy {
    untrack: Field<Either<u32, Share>>,
    strict: Field<bool>,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Share {
    percent: Field<u8>,
    at_least: Field<u32>,
}

/// A mapping whose one key decides what its value is, read by hand.
#[derive(Debug, PartialEq)]
enum Rule {
    All(List<Rule>),
    Is(Box<str>, Field<Box<str>>),
}

impl<'de> Deserialize<'de> for Rule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RuleVisitor)
    }
}

struct RuleVisitor;

impl<'de> Visitor<'de> for RuleVisitor {
    type Value = Rule;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a rule")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Rule, A::Error> {
        let key: Box<str> = map.next_key()?.ok_or_else(|| serde::de::Error::custom("a rule has one key"))?;
        Ok(match &*key {
            "all" => Rule::All(map.next_value()?),
            _ => Rule::Is(key, map.next_value()?),
        })
    }
}

/// The manifest, and its problems as `line:column code`.
fn read(text: &str) -> (Manifest, Vec<String>) {
    let (manifest, sources, found) = read_all(text);
    let place = |it: &Diagnostic| match &it.place {
        rollcall::diag::Place::Span(span) => {
            let at = sources.locate(*span).unwrap();
            format!("{}:{} {}", at.line, at.column, it.code)
        }
        rollcall::diag::Place::File(_) => it.code.to_string(),
    };
    let found = found.iter().map(place).collect();
    (manifest, found)
}

fn read_all(text: &str) -> (Manifest, Sources, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let (manifest, problems) = yaml::read(sources.add("manifest.yaml", text).unwrap());
    (manifest, sources, problems.sorted())
}

/// The one problem of a text.
fn only(text: &str) -> Diagnostic {
    let (.., mut found) = read_all(text);
    assert_eq!(found.len(), 1, "{text:?}: {found:?}");
    found.remove(0)
}

#[test]
fn ten_planted_errors_are_found_in_one_pass_each_at_its_place() {
    let text = r#"users:
  - displayName: Ada
    emial: ada@acme.example
    email: [ada@acme.example, ~, { a: b }]
    tracking: tracket
    deviceLogin: "ACME\bob"
  - displayName:
    email: x
    email: y
    deviceLogin: *\ada
    boss: { nmae: Ada }
policy:
  strict: yes
  untrack: { percent: ten, atLeast: 3 }
"#;
    let (manifest, found) = read(text);
    let expected = [
        "3:5 unknown-key",
        "4:31 empty-value",
        "4:34 wrong-type",
        "5:15 unknown-value",
        "6:18 control-character",
        "7:5 empty-value",
        "9:5 duplicate-key",
        "10:18 anchor-or-alias",
        "11:13 unknown-key",
        "13:11 wrong-type",
        "14:23 wrong-type",
    ];
    assert_eq!(found, expected);

    let users = manifest.users.given().unwrap().value.0;
    assert_eq!(&*users[0].display_name.as_ref().unwrap().value, "Ada");
    assert_eq!(users[0].email.as_ref().unwrap().0.len(), 1);
    assert_eq!(users[0].tracking, Field::Broken);
    assert_eq!(users[0].boss, Field::Absent);
    assert_eq!(&*users[1].email.as_ref().unwrap().0[0].value, "x");
    let policy = manifest.policy.given().unwrap();
    assert!(policy.strict == Field::Broken && !policy.strict.is_absent());
    let Some(Either::Mapping(share)) = policy.untrack.as_ref().map(|it| &it.value) else { panic!() };
    assert_eq!(share.at_least.as_ref().unwrap().value, 3);
}

/// For each code of the reader, a text that has this problem and no other.
const EXAMPLES: &[(Code, &str)] = &[
    (Code::Syntax, "users: [a"),
    (Code::Syntax, "users:\n\t- a"),
    (Code::Syntax, r#"users: [{ displayName: "ACME\lee" }]"#),
    (Code::Syntax, "users: [] # c\n}"),
    (Code::ControlCharacter, r#"users: [{ displayName: "ACME\bob" }]"#),
    (Code::ControlCharacter, "users: [] # \0"),
    (Code::ControlCharacter, "users:\n- displayName: \"a\tb\""),
    (Code::AnchorOrAlias, "users: &all []"),
    (Code::AnchorOrAlias, "users: *all"),
    (Code::Tag, "users: !list []"),
    (Code::MergeKey, "policy: { <<: { strict: true } }"),
    (Code::SecondDocument, "users: []\n---\nusers: []"),
    (Code::EmptyManifest, ""),
    (Code::EmptyManifest, "# nothing but a comment\n"),
    (Code::KeyNotText, "policy: { [a]: b }"),
    (Code::KeyNotText, "policy: { ? {a: b} : c }"),
    (Code::KeyNotText, "policy: { : b }"),
    (Code::DuplicateKey, "users: []\nusers: []"),
    (Code::DuplicateKey, "users: [{ attributes: { 'a': b, a: c } }]"),
    (Code::UnknownKey, "user: []"),
    (Code::EmptyValue, "users:"),
    (Code::EmptyValue, "users: ~"),
    (Code::EmptyValue, "policy: { strict: null }"),
    (Code::EmptyValue, "users: [{ email: [a, NULL] }]"),
    (Code::EmptyValue, "users:\n-\n"),
    (Code::EmptyValue, "---\n"),
    (Code::WrongType, "users: { a: b }"),
    (Code::WrongType, "users: none"),
    (Code::WrongType, "just text"),
    (Code::WrongType, "[]"),
    (Code::WrongType, "users: [{ displayName: [a] }]"),
    (Code::WrongType, "users: [{ boss: [a] }]"),
    (Code::WrongType, "policy: { untrack: 010 }"),
    (Code::WrongType, "policy: { untrack: '10' }"),
    (Code::WrongType, "policy: { untrack: -1 }"),
    (Code::WrongType, "policy: { untrack: 1e3 }"),
    (Code::WrongType, "policy: { untrack: 4294967296 }"),
    (Code::WrongType, "policy: { strict: yes }"),
    (Code::WrongType, "policy: { strict: 'true' }"),
    (Code::UnknownValue, "users: [{ tracking: on }]"),
    (Code::InvalidValue, "rule: {}"),
];

#[test]
fn each_example_has_its_problem_and_no_other() {
    for (code, text) in EXAMPLES {
        assert_eq!(only(text).code, *code, "{text:?}");
    }
}

#[test]
fn text_is_kept_as_it_is_written() {
    for text in ["0012345", "007", "1e3", "no", "True", "0x1F", "12:30", "2026-05-02", "1_000", ".inf"] {
        let (manifest, found) = read(&format!("users: [{{ email: {text} }}, {{ email: [{text}] }}]"));
        assert!(found.is_empty(), "{text}: {found:?}");
        for user in manifest.users.given().unwrap().value.0 {
            assert_eq!(&*user.email.as_ref().unwrap().0[0].value, text);
        }
    }
}

#[test]
fn what_says_nothing_is_text_in_quotes() {
    let (manifest, found) =
        read("users: [{ displayName: '' }, { displayName: \"~\" }, { displayName: 'null' }]");
    assert!(found.is_empty());
    let names = manifest.users.given().unwrap().value.0;
    let names: Vec<_> = names.iter().map(|it| &*it.display_name.as_ref().unwrap().value).collect();
    assert_eq!(names, ["", "~", "null"]);
}

#[test]
fn an_empty_list_is_given_and_a_key_left_out_is_absent() {
    let (manifest, found) = read("users: [{ email: [] }, {}]");
    assert!(found.is_empty());
    let users = manifest.users.given().unwrap().value.0;
    assert!(users[0].email.as_ref().is_some_and(|it| it.0.is_empty()));
    assert!(users[1].email.is_absent());
}

#[test]
fn a_span_is_the_text_that_says_it() {
    let text = "users:\n- displayName: 'Ada L'\n  email: [a, b]\n  boss: { name: Ä }\n";
    let (manifest, sources, _) = read_all(text);
    let said = |span| &text[sources.files()[0].range(span)];
    let users = manifest.users.given().unwrap();
    assert_eq!(said(users.span), "displayName");
    assert_eq!(said(users.0[0].span), "displayName");
    let user = &users.0[0];
    assert_eq!(said(user.display_name.as_ref().unwrap().span), "'Ada L'");
    let email = user.email.as_ref().unwrap();
    assert_eq!((said(email.span), said(email.0[1].span)), ("[a, b]", "b"));
    assert_eq!(said(user.boss.as_ref().unwrap().span), "{ name: Ä }");
}

#[test]
fn a_long_flow_list_is_marked_by_its_bracket() {
    let (manifest, sources, _) = read_all("users: [\n  { displayName: a },\n]\n");
    let range = sources.files()[0].range(manifest.users.given().unwrap().span);
    assert_eq!(range, 7..8);
}

#[test]
fn a_shape_decides_what_a_value_is() {
    let (manifest, found) = read("users: [{ boss: Ada }, { boss: { name: Ada } }]\npolicy: { untrack: 7 }");
    assert!(found.is_empty());
    let users = manifest.users.given().unwrap().value.0;
    assert!(matches!(&users[0].boss.as_ref().unwrap().value, Either::Scalar(name) if &**name == "Ada"));
    assert!(matches!(&users[1].boss.as_ref().unwrap().value, Either::Mapping(_)));
    let policy = manifest.policy.given().unwrap();
    assert!(matches!(policy.untrack.as_ref().unwrap().value, Either::Scalar(7)));
}

#[test]
fn a_key_can_decide_what_its_value_is() {
    let (manifest, found) = read("rule: { all: [{ department: R&D }, { site: }, {}] }");
    assert_eq!(found, ["1:38 empty-value", "1:47 invalid-value"]);
    let Rule::All(rules) = manifest.rule.given().unwrap().value else { panic!() };
    assert_eq!(rules.0.len(), 2);
    assert!(matches!(&rules.0[0].value, Rule::Is(key, Field::Given(_)) if &**key == "department"));
}

#[test]
fn a_trap_gets_its_hint() {
    let help = |text| only(text).help.unwrap();
    assert!(help(r#"users: [{ deviceLogin: "ACME\bob" }]"#).ends_with(r"'ACME\bob'"));
    assert!(help(r"users: [{ deviceLogin: *\ada }]").ends_with(r"'*\ada'"));
    assert!(help(r#"users: [{ deviceLogin: "ACME\lee" }]"#).contains("single quotes"));
    assert!(help("users:").contains("write `[]` for none, or take the key out"));
    assert!(help("users: [{ dispalyname: a }]").starts_with("did you mean `displayName`?"));
    assert!(help("users: [{ tracking: Untraked }]").starts_with("did you mean `untracked`?"));
}

#[test]
fn a_key_written_twice_shows_the_first_place() {
    let text = "users: []\npolicy: {}\nusers: []";
    let (_, sources, found) = read_all(text);
    let (first, what) = &found[0].related[0];
    assert_eq!(sources.locate(*first).unwrap().to_string(), "manifest.yaml:1:1");
    assert_eq!(what, "first written here");
}

#[test]
fn duplicates_among_many_keys_are_found_too() {
    let keys = |n: usize| (0..n).map(|it| format!("k{it}: v")).collect::<Vec<_>>().join(", ");
    let (_, found) = read(&format!("users: [{{ attributes: {{ {}, k7: v, k0: v }} }}]", keys(100)));
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|it| it.ends_with("duplicate-key")));
}

#[test]
fn what_comes_before_a_syntax_error_is_still_checked() {
    let (manifest, found) = read("users:\n- emial: a\n- displayName: Ada\n  email: [a");
    assert_eq!(found, ["2:3 unknown-key", "4:10 syntax"]);
    assert_eq!(manifest.users.given().unwrap().0.len(), 2);
    let (_, found) = read("users:\n- email: a\n  email: b\n  tracking: \"");
    assert_eq!(found, ["3:3 duplicate-key", "4:13 syntax"]);
}

#[test]
fn line_breaks_of_windows_change_nothing() {
    let text = "users:\n- displayName: Ada\n  emial: a\n  boss: |\n    A\n    B\n";
    let (unix, found) = read(text);
    let (windows, windows_found) = read(&text.replace('\n', "\r\n"));
    assert_eq!(found, windows_found);
    let boss =
        |it: Manifest| format!("{:?}", it.users.given().unwrap().value.0[0].boss.as_ref().unwrap().value);
    assert_eq!(boss(unix), boss(windows));
}
