//! Only what is asked for changes, whatever way a manifest is laid out.

use super::*;

fn name(text: &str) -> Said {
    Said::Name(text.into())
}

fn identifier(text: &str) -> Said {
    Said::Identifier(text.into())
}

/// Edits at the places where these texts first stand.
fn at(text: &str, edits: &[(&str, TextChange)]) -> String {
    let edits: Vec<TextEdit> = edits
        .iter()
        .map(|(place, change)| {
            let at = text.find(place).unwrap_or_else(|| panic!("{place:?} in {text}"));
            TextEdit { at, change: change.clone() }
        })
        .collect();
    edited(text, &edits).unwrap_or_else(|stuck| format!("STUCK {stuck:?}"))
}

#[test]
fn a_value_is_replaced_in_its_quotes_and_its_comment_stays() {
    for (text, expected) in [
        ("users:\n  - name: Ada L # hers\n", "users:\n  - name: Ada B # hers\n"),
        ("users:\n  - name: 'Ada L'   # hers\n", "users:\n  - name: 'Ada B'   # hers\n"),
        ("users: [{ name: \"Ada L\", a: b }]", "users: [{ name: \"Ada B\", a: b }]"),
        ("users:\r\n- name: Ada L\r\n  a: b\r\n", "users:\r\n- name: Ada B\r\n  a: b\r\n"),
        ("users:\n- name: >-\n    Ada L\n  a: b\n", "users:\n- name: Ada B\n  a: b\n"),
    ] {
        let place = ["Ada L", "'Ada L'", "\"Ada L\""];
        let place = place.into_iter().rfind(|place| text.contains(place)).unwrap();
        assert_eq!(at(text, &[(place, TextChange::Say(name("Ada B")))]), expected);
    }
}

#[test]
fn an_item_goes_with_its_line_or_its_comma() {
    for (text, expected) in [
        (
            "g:\n  # all\n  - E1 # one\n  # second\n  - E2 # two\n  - E3\n",
            "g:\n  # all\n  - E1 # one\n  # second\n  - E3\n",
        ),
        ("g:\n- E1\n- E2\nh: 1\n", "g:\n- E1\nh: 1\n"),
        ("g:\n- E1\n- E2", "g:\n- E1\n"),
        ("g:\r\n- E2\r\n- E3\r\n", "g:\r\n- E3\r\n"),
        ("g: [E1, E2, E3] # all", "g: [E1, E3] # all"),
        ("g: [E1, E2] # all", "g: [E1] # all"),
        ("g: [ E2, E3 ]", "g: [ E3 ]"),
        ("g: [\n  E1, # one\n  E2, # two\n  E3 # three\n]\n", "g: [\n  E1, # one\n  E3 # three\n]\n"),
        ("g: [\n  E1, # one\n  E2 # two\n]\n", "g: [\n  E1, # one\n]\n"),
        ("g: [E2] # all\n", "g: [] # all\n"),
        ("g: E2 # all\n", "g: [] # all\n"),
        ("g: # all\n  - E2 # two\n# end\n", "g: [] # all\n# end\n"),
        ("g:\n  -\n    E2\n  - E3\n", "g:\n  - E3\n"),
    ] {
        assert_eq!(at(text, &[("E2", TextChange::TakeOut)]), expected, "{text}");
    }
}

#[test]
fn a_list_that_only_adds_goes_with_its_key() {
    let text = "users:\n  - email: a\n    groups: [E2]\n    # below\n    upn: b\n";
    assert_eq!(at(text, &[("E2", TextChange::TakeOut)]), "users:\n  - email: a\n    # below\n    upn: b\n");
    let first = "users:\n  - groups: [E2] # in\n    email: a\n";
    assert_eq!(at(first, &[("E2", TextChange::TakeOut)]), "users:\n  - email: a\n");
    let flow = "users: [{ groups: [E2], email: a }]\n";
    assert_eq!(at(flow, &[("E2", TextChange::TakeOut)]), "users: [{ email: a }]\n");
    let top = "groups:\n  - name: A\n    members: [{ name: E2 }]\n";
    assert_eq!(at(top, &[("E2", TextChange::TakeOut)]), "groups:\n  - name: A\n    members: []\n");
}

#[test]
fn several_items_of_one_list_go_and_come_at_once() {
    let text = "groups:\n  - name: A\n    members:\n      - E1 # one\n      - E2 # two\n      - E3\n";
    let out = |place| (place, TextChange::TakeOut);
    let add = |id: &str| ("name", TextChange::Add("members", identifier(id)));
    let head = "groups:\n  - name: A\n    members:";
    assert_eq!(at(text, &[out("E1"), out("E3")]), format!("{head}\n      - E2 # two\n"));
    assert_eq!(at(text, &[out("E1"), out("E2"), out("E3")]), format!("{head} []\n"));
    assert_eq!(
        at(text, &[out("E2"), add("E7"), add("E8")]),
        format!("{head}\n      - E1 # one\n      - E7 # two\n      - E3\n      - E8\n")
    );
    let flow = "groups:\n  - name: A\n    members: [E1, E2, E3]\n";
    assert_eq!(at(flow, &[out("E2"), out("E3")]), format!("{head} [E1]\n"));
    assert_eq!(at(flow, &[out("E1"), add("E7"), add("E8")]), format!("{head} [E7, E2, E3, E8]\n"));
    assert_eq!(at(flow, &[out("E1"), out("E2"), out("E3")]), format!("{head} []\n"));
}

#[test]
fn an_item_comes_in_the_style_of_its_neighbours() {
    let add = |text: &str, id: &str| {
        let place = if text.contains("{ name: A") { "{ name: A" } else { "name: A" };
        at(text, &[(place, TextChange::Add("members", identifier(id)))])
    };
    for (text, expected) in [
        (
            "groups:\n- name: A\n  members:\n  - 'a@b'\n# end\n",
            "groups:\n- name: A\n  members:\n  - 'a@b'\n  - 'c@d'\n# end\n",
        ),
        (
            "groups:\n- name: A\n  members:\n  - a@b # x",
            "groups:\n- name: A\n  members:\n  - a@b # x\n  - c@d",
        ),
        ("groups:\n- name: A\n  members: [\"a@b\"]\n", "groups:\n- name: A\n  members: [\"a@b\", \"c@d\"]\n"),
        ("groups:\n- name: A\n  members: []\n", "groups:\n- name: A\n  members: [c@d]\n"),
        ("groups: [{ name: A }]\n", "groups: [{ name: A, members: [c@d] }]\n"),
        (
            "groups:\n- name: A\n  also: [E1]\n- name: B\n",
            "groups:\n- name: A\n  also: [E1]\n  members: [c@d]\n- name: B\n",
        ),
        (
            "groups:\n- name: A\n  also:\n  - E1\n- name: B\n",
            "groups:\n- name: A\n  also:\n  - E1\n  members:\n    - c@d\n- name: B\n",
        ),
        (
            "groups:\n- name: A\n  members: [\n    E1, # x\n    E2 # y\n  ]\n",
            "groups:\n- name: A\n  members: [\n    E1, # x\n    E2,\n    c@d # y\n  ]\n",
        ),
        (
            "groups:\n- name: A\n  members: [\n    E1, # x\n  ]\n",
            "groups:\n- name: A\n  members: [\n    E1, # x\n    c@d,\n  ]\n",
        ),
    ] {
        assert_eq!(add(text, "c@d"), expected, "{text}");
    }
}

#[test]
fn a_value_that_stands_alone_becomes_a_list() {
    let text = "users:\n  - email: 'a@b' # work\n    upn: u\n";
    let add = ("email", TextChange::Add("email", identifier("c@d")));
    assert_eq!(at(text, &[add]), "users:\n  - email: ['a@b', 'c@d'] # work\n    upn: u\n");
    let add = ("email", TextChange::Add("employeeId", identifier("0012")));
    assert_eq!(at(text, &[add]), "users:\n  - email: 'a@b' # work\n    upn: u\n    employeeId: \"0012\"\n");
}

#[test]
fn an_entry_goes_with_its_lines_and_what_stands_around_it_stays() {
    let text = "users:\n  # first\n  - name: A\n    email: a\n\n  # second\n  - name: B # b\n    groups:\n      - X # x\n  # third\n  - name: C\n";
    let gone = "users:\n  # first\n  - name: A\n    email: a\n\n  # second\n  # third\n  - name: C\n";
    assert_eq!(at(text, &[("name: B", TextChange::TakeOutEntry)]), gone);
    let said = TextChange::Say(name("D"));
    assert_eq!(at(text, &[("name: B", TextChange::TakeOutEntry), ("X", said)]), gone);
    let apart = "users:\n  - name: A\n\n  - name: B\n\n  - name: C\n";
    let without = |place| at(apart, &[(place, TextChange::TakeOutEntry)]);
    assert_eq!(without("name: B"), "users:\n  - name: A\n\n  - name: C\n");
    assert_eq!(without("name: C"), "users:\n  - name: A\n\n  - name: B\n");
    let both = [("name: B", TextChange::TakeOutEntry), ("name: C", TextChange::TakeOutEntry)];
    assert_eq!(at(apart, &both), "users:\n  - name: A\n");
    let last = "groups:\n  - name: B\n";
    assert_eq!(at(last, &[("name: B", TextChange::TakeOutEntry)]), "groups: []\n");
    let flow = "users: [{ name: A }, { name: B }]\n";
    assert_eq!(at(flow, &[("{ name: B", TextChange::TakeOutEntry)]), "users: [{ name: A }]\n");
}

#[test]
fn keys_are_said_anew_or_go() {
    let text = "users:\n  - tracking: tracked\n    name: A\n";
    let set = |key, said| ("tracking", TextChange::Set(key, said));
    assert_eq!(
        at(text, &[set("tracking", Said::Word("untracked")), set("primaryGroup", name("G"))]),
        "users:\n  - tracking: untracked\n    name: A\n    primaryGroup: G\n"
    );
    assert_eq!(at(text, &[("tracking", TextChange::Drop("tracking"))]), "users:\n  - name: A\n");
    assert_eq!(at(text, &[("tracked", TextChange::DropKey)]), "users:\n  - name: A\n");
    assert_eq!(at(text, &[("tracking", TextChange::Drop("upn"))]), text);
    let all = [("tracking", TextChange::Drop("tracking")), ("tracking", TextChange::Drop("name"))];
    assert!(at(text, &all).starts_with("STUCK"));
}

#[test]
fn an_entry_is_added_where_others_stand() {
    let lines = vec!["name: B".to_owned(), "members:".to_owned(), "  - E1".to_owned()];
    let add = |text: &str| appended(text, "groups", std::slice::from_ref(&lines));
    assert_eq!(
        add("groups:\n    - name: A # a\n# end\n").as_deref(),
        Some("groups:\n    - name: A # a\n    - name: B\n      members:\n        - E1\n# end\n")
    );
    assert_eq!(
        add("groups:\n- name: A").as_deref(),
        Some("groups:\n- name: A\n- name: B\n  members:\n    - E1")
    );
    assert_eq!(add("groups: [{ name: A }]"), None);
    assert_eq!(add("users: []"), None);
    assert_eq!(entries_of("users:\n- a: b\n- c: d\n", "users"), Some(2));
}

/// Numbers that follow from a seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % count
    }
}

/// An entry in one of the ways in which people write them.
fn entry(at: usize, dice: &mut Dice) -> String {
    let quote = ["", "'", "\""][dice.below(3)];
    let value = |text: &str| format!("{quote}{text}{at}{quote}");
    let lists = [
        "members: []".to_owned(),
        format!("members: [{}, {}]", value("a"), value("b")),
        format!("members:\n      - {} # one\n      # two\n      - {}", value("a"), value("b")),
        format!("members:\n    - {}", value("a")),
        format!("members: [\n      {}, # one\n      {}\n    ]", value("a"), value("b")),
    ];
    match dice.below(3) {
        0 => format!("  - {{ name: {}, members: [{}] }} # flow\n", value("n"), value("a")),
        1 => format!("  -\n    name: {} # own line\n    {}\n", value("n"), lists[dice.below(5)]),
        _ => format!("  - name: {}\n    # within\n    {}\n\n", value("n"), lists[dice.below(5)]),
    }
}

/// What each entry says, as texts in their order.
fn entries(text: &str) -> Vec<Vec<String>> {
    let page = Page::of(text).unwrap_or_else(|| panic!("no YAML: {text}"));
    let Some(list) = page.top("groups") else { return Vec::new() };
    let texts = |entry: usize, end: usize| {
        let all = (entry..end).map(|at| page.node(at).text.to_string());
        all.filter(|text| !text.is_empty()).collect::<Vec<String>>()
    };
    let starts = page.children(list);
    let ends = starts.iter().skip(1).copied().chain([page.end_of(list)]);
    starts.iter().copied().zip(ends).map(|(start, end)| texts(start, end)).collect()
}

#[test]
fn random_edits_of_one_entry_leave_every_other_and_the_text_stays_yaml() {
    for seed in 0..2000 {
        let mut dice = Dice(seed);
        let mut text = String::from("# head\ngroups:\n");
        for at in 0..=dice.below(4) {
            text.push_str(&entry(at, &mut dice));
        }
        if dice.below(3) == 0 {
            text.truncate(text.trim_end().len());
        }
        if dice.below(4) == 0 {
            text = text.replace('\n', "\r\n");
        }
        let before = entries(&text);
        let page = Page::of(&text).unwrap();
        let of = page.children(page.top("groups").unwrap());
        let one = dice.below(of.len());
        let begins = page.node(of[one]).range.start;
        let name = page.value(of[one], "name").map(|(_, name)| page.node(name).range.start).unwrap();
        let (at, change) = match dice.below(5) {
            0 => (begins, TextChange::TakeOutEntry),
            1 => (name, TextChange::Say(self::name("Other, it's"))),
            2 => (begins, TextChange::Add("members", identifier("ACME\\new"))),
            3 => (begins, TextChange::Set("primary", self::name("new"))),
            _ => (begins, TextChange::Drop("members")),
        };
        let after = edited(&text, &[TextEdit { at, change: change.clone() }])
            .unwrap_or_else(|_| panic!("{change:?} is stuck in {text}"));
        let mut others = entries(&after);
        let mut expected = before.clone();
        let was = expected.remove(one);
        if change == TextChange::TakeOutEntry {
            assert_eq!(others, expected, "{seed}: {text}\n{after}");
            continue;
        }
        let is = others.remove(one);
        assert_eq!(others, expected, "{seed}: {text}\n{after}");
        let mut wanted = was.clone();
        match change {
            TextChange::Say(_) => wanted[1] = "Other, it's".to_owned(),
            TextChange::Add(..) => wanted.push("ACME\\new".to_owned()),
            TextChange::Set(..) => wanted.extend(["primary", "new"].map(str::to_owned)),
            _ => wanted.truncate(2),
        }
        assert_eq!(is, wanted, "{seed}: {text}\n{after}");
        assert_eq!(after.contains("\r\n"), text.contains("\r\n"));
        let comments = |text: &str| text.matches('#').count();
        assert!(
            comments(&after) == comments(&text) || matches!(change, TextChange::Drop(_)),
            "{seed}: {after}"
        );
    }
}
