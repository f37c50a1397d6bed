//! What is wrong across entries and files.

use crate::manifest::tests::{ACCOUNT, found, load, table};

#[test]
fn an_identifier_belongs_to_one_user_in_any_file() {
    table(&[
        ("users: [{ email: a@b.example, upn: A@B.example }]", &[]),
        (
            "users: [{ email: a@b.example }]\n# b.yaml\nusers: [{ upn: A@b.example }]",
            &["b.yaml:1:16 duplicate-identifier"],
        ),
        ("users: [{ employeeId: e1 }, { employeeId: E1 }]", &["1:43 looks-alike"]),
        ("users: [{ employeeId: E1 }, { employeeId: E1 }]", &["1:43 duplicate-identifier"]),
        (
            "users: [{ employeeId: 1, deviceLogin: 'A\\b' }, { employeeId: 2, deviceLogin: a/B }]",
            &["1:78 duplicate-identifier"],
        ),
        ("users: [{ employeeId: 1, deviceLogin: 'A\\b' }, { employeeId: 2, agents: 'A\\b' }]", &[]),
        (
            "users: [{ employeeId: 1, agents: 'A\\b' }, { employeeId: 2, agents: 'A\\b' }]",
            &["1:68 duplicate-identifier"],
        ),
        ("users: [{ email: [a@b.example, A@b.example] }]", &["1:32 listed-twice"]),
    ]);
}

#[test]
fn a_message_names_both_spellings_and_both_places() {
    let loaded = load("users: [{ email: a@b.example }, { upn: A@B.example }]");
    let it = loaded.diagnostics.iter().find(|it| it.code.name() == "duplicate-identifier").unwrap();
    assert!(it.message.contains("A@B.example") && it.message.contains("a@b.example"), "{}", it.message);
    let (span, what) = &it.related[0];
    assert_eq!(loaded.sources.locate(*span).unwrap().to_string(), "a.yaml:1:18");
    assert_eq!(what, "also claimed here, as email");
    assert!(it.help.is_some());
}

#[test]
fn a_display_name_belongs_to_one_user() {
    table(&[
        (
            "users: [{ employeeId: 1, displayName: Ada }, { employeeId: 2, displayName: ADA }]",
            &["1:76 duplicate-name"],
        ),
        ("users: [{ employeeId: 1, displayName: Ada }, { employeeId: 2, displayName: Ada L }]", &[]),
    ]);
}

#[test]
fn a_group_is_declared_once_and_continues_one() {
    table(&[
        ("users: [{ employeeId: 1 }]\ngroups: [{ name: A }, { name: a }]", &["2:31 duplicate-group"]),
        (
            "users: [{ employeeId: 1 }]\ngroups: [{ name: A, formerly: C }, { name: B, formerly: c }]",
            &["2:57 formerly-clash"],
        ),
        (
            "users: [{ employeeId: 1 }]\ngroups: [{ name: A, formerly: b }, { name: B, source: hr }]",
            &["2:31 formerly-clash"],
        ),
        (
            "users: [{ employeeId: 1 }]\ngroups: [{ name: A, formerly: b }, { name: B, state: deleted }]",
            &["2:31 formerly-clash"],
        ),
        ("users: [{ employeeId: 1 }]\ngroups: [{ name: A, formerly: a }]", &["2:31 formerly-clash"]),
        ("users: [{ employeeId: 1 }]\ngroups: [{ name: A, formerly: b }, { name: B }]", &[]),
        (
            "users: [{ employeeId: 1 }]\ngroups: [{ name: A, formerly: b }, { name: B, formerly: c }, { name: C }]",
            &[],
        ),
        (
            "users: [{ employeeId: 1 }]\ngroups: [{ name: A, formerly: b }, { name: B, formerly: a }]",
            &["2:31 formerly-clash", "2:57 formerly-clash"],
        ),
        ("users: [{ employeeId: 1 }]\ngroups: [{ name: A, formerly: B }]", &[]),
    ]);
}

#[test]
fn former_and_released_identifiers_are_consistent() {
    table(&[
        (
            "users: [{ employeeId: 1, formerly: x@y.example }, { employeeId: 2, formerly: X@y.example }]",
            &["1:78 formerly-clash"],
        ),
        ("users: [{ employeeId: 1, upn: x@y.example, releases: X@y.example }]", &["1:54 still-held"]),
        ("users: [{ employeeId: 1, releases: x@y.example }, { upn: x@y.example }]", &[]),
    ]);
}

#[test]
fn a_deleted_group_has_no_users() {
    table(&[(
        "users: [{ employeeId: 1, groups: [Old, New], primaryGroup: old }]\ngroups: [{ name: Old, state: deleted }]",
        &["1:35 deleted-group-named", "1:60 deleted-group-named"],
    )]);
}

#[test]
fn a_list_names_a_user_once_by_whatever_identifier() {
    table(&[
        (
            "users: [{ employeeId: E1, email: a@b.example, displayName: Ada }]\n\
             groups: [{ name: G, members: [E1, A@b.example, { name: ada }, E9, E9] }]",
            &["2:35 listed-twice", "2:56 listed-twice", "2:67 listed-twice"],
        ),
        ("users: [{ employeeId: E1, groups: [A, B, a] }]", &["1:42 listed-twice"]),
    ]);
}

#[test]
fn a_leaver_is_in_no_list() {
    table(&[
        (
            "users: [{ employeeId: E1, remove: { decided: 2026-05-02 } }]\ngroups: [{ name: G, members: [E1] }]",
            &["2:31 leaver-listed"],
        ),
        (
            "users: [{ employeeId: E1, erase: { decided: 2026-05-02 } }]\ngroups: [{ name: G, members: [E1] }]",
            &[],
        ),
    ]);
}

#[test]
fn an_order_is_of_a_past_day_and_not_long_past() {
    let user = |day: &str| format!("users: [{{ employeeId: E1, erase: {{ decided: {day} }} }}]");
    for (day, expected) in [
        ("2026-05-11", &["1:45 order-in-future"][..]),
        ("2026-05-10", &[]),
        ("2026-04-10", &[]),
        ("2026-04-09", &["1:45 order-expired"]),
    ] {
        table(&[(&user(day), expected)]);
    }
    let policy = "policy: { ordersExpireAfter: 31d }";
    table(&[(&format!("{}\n{policy}", user("2026-04-09")), &[])]);
}

#[test]
fn an_exclusion_is_said_once() {
    table(&[
        ("users: [{ employeeId: 1 }]\nexclusions: ['A\\b', a/B]", &["2:21 listed-twice"]),
        (
            "users: [{ employeeId: 1 }]\nexclusions: ['A\\b', { login: 'a\\b', state: absent }]",
            &["2:30 contradicting-exclusions"],
        ),
        ("users: [{ employeeId: 1 }]\nexclusions: ['A\\b', '*\\b']", &[]),
    ]);
}

#[test]
fn an_exclusion_stops_no_user_declared_as_tracked() {
    let with = |user: &str, exclusion: &str, expected: &[&str]| {
        table(&[(&format!("users: [{{ employeeId: 1, {user} }}]\nexclusions: [{exclusion}]"), expected)]);
    };
    let hit = &["2:14 exclusion-hits-user"][..];
    with("tracking: tracked, email: bob@b.example", "'*\\BOB'", hit);
    with("tracking: tracked, email: bob@b.example", "'ACME\\bob'", &[]);
    with("tracking: tracked, upn: bob@b.example", "'*\\bob'", hit);
    with("tracking: tracked, deviceLogin: 'ACME\\bob'", "'acme\\bob'", hit);
    with("tracking: tracked, deviceLogin: 'ACME\\bob'", "'OTHER\\bob'", &[]);
    with("tracking: tracked, agents: 'ACME\\bob'", "'*\\bob'", hit);
    with("tracking: untracked, email: bob@b.example", "'*\\bob'", &[]);
    with("email: bob@b.example", "'*\\bob'", &[]);
    with("tracking: tracked, email: bob@b.example", "{ login: '*\\bob', state: absent }", &[]);
}

#[test]
fn almost_declared_is_probably_misspelt() {
    let with = |member: &str, expected: &[&str]| {
        let users = "users: [{ employeeId: E0012, email: grace@b.example, displayName: Grace Hopper, deviceLogin: 'ACME\\grace' }]";
        table(&[(&format!("{users}\ngroups: [{{ name: G, members: [{member}] }}]"), expected)]);
    };
    let misspelt = &["2:31 maybe-misspelt"][..];
    with("grcae@b.example", misspelt);
    with("e12", misspelt);
    with("'ACME\\grac'", misspelt);
    with("{ name: Grace Hoper }", &["2:39 maybe-misspelt"]);
    with("Grace Hopper", misspelt);
    with("E0013", &[]);
    with("eve@b.example", &[]);
    table(&[(
        "users: [{ employeeId: 1, groups: [Enginering, Sales] }]\ngroups: [{ name: Engineering }]",
        &["1:35 maybe-misspelt"],
    )]);
}

#[test]
fn what_is_protected_is_declared() {
    table(&[(
        "policy: { protected: { users: [E1, E2, { name: ada }], groups: [G, h] } }\n\
         users: [{ employeeId: E1, displayName: Ada }]\ngroups: [{ name: g }]",
        &["1:36 unknown-protected", "1:68 unknown-protected"],
    )]);
}

#[test]
fn a_rule_asks_for_attributes_that_somebody_has() {
    let groups = "groups: [{ name: G, match: { all: [{ not: { dep: x } }, { email: { exists: true } }] } }]";
    table(&[
        (
            &format!("users: [{{ employeeId: 1, attributes: {{ Dept: x }} }}]\n{groups}"),
            &["2:43 unknown-attribute"],
        ),
        (&format!("users: [{{ employeeId: 1, attributes: {{ DEP: x }} }}]\n{groups}"), &[]),
    ]);
}

#[test]
fn what_a_rule_compares_with_a_date_is_one() {
    let groups = "groups: [{ name: G, match: { not: { start: { before: 2020-01-01 } } } }]";
    for (value, problems) in [
        ("2019-02-28", &[][..]),
        ("2019-02-29", &["1:47 invalid-value"]),
        ("2019-02-28T10:00", &["1:47 invalid-value"]),
        ("soon", &["1:47 invalid-value"]),
    ] {
        let users = format!("users: [{{ employeeId: 1, attributes: {{ START: {value} }} }}]");
        table(&[(&format!("{users}\n{groups}"), problems)]);
    }
}

#[test]
fn hr_leave_out_is_about_groups_that_no_manifest_declares() {
    table(&[(
        "users: [{ employeeId: 1 }]\ngroups: [{ name: G, source: hr }]\nhr: { leaveOut: [{ group: g, user: E1 }, { group: H, user: E1 }] }",
        &["3:27 left-out-and-declared"],
    )]);
}

#[test]
fn account_stands_in_one_manifest_and_policy_in_at_most_one() {
    table(&[(
        "users: [{ employeeId: 1 }]\naccount: { name: b, platform: activtrak, region: us }",
        &["z.yaml:1:10 said-twice"],
    )]);
    table(&[(
        "users: [{ employeeId: 1 }]\npolicy: { autoEmails: keep }\n# b.yaml\npolicy: { autoEmails: keep }",
        &["b.yaml:1:9 said-twice"],
    )]);
    assert_eq!(found("users: [{ employeeId: 1 }]"), [". missing-account"]);
    table(&[("users: [{ employeeId: 1 }]\ninclude: [b]", &["2:10 misplaced-include"])]);
}

#[test]
fn half_a_picture_is_no_picture() {
    assert_eq!(found(ACCOUNT), [". nothing-declared"]);
    table(&[
        ("groups: [{ name: A }]", &[". too-few-users"]),
        ("groups: [{ name: A }]\npolicy: { minimum: { declaredUsers: 0 } }", &[]),
        ("users: [{ employeeId: 1 }]\npolicy: { minimum: { declaredUsers: 2 } }", &["2:37 too-few-users"]),
    ]);
}

#[test]
fn nothing_may_be_declared_where_the_policy_says_so_and_deletes_nothing_for_it() {
    let said = |policy: &str| found(&format!("{ACCOUNT}\npolicy: {{ {policy} }}"));
    assert_eq!(said("minimum: { declaredUsers: 0 }"), Vec::<String>::new());
    assert_eq!(said("minimum: { declaredUsers: 0 }, unmanaged: { groups: report }"), Vec::<String>::new());
    for policy in [
        "minimum: { declaredUsers: 1 }",
        "minimum: { users: 0 }",
        "minimum: { declaredUsers: 0 }, unmanaged: { groups: delete }",
        "minimum: { declaredUsers: 0 }, unmanaged: { hrGroups: deleteByAbsence }",
    ] {
        assert_eq!(said(policy), [". nothing-declared"], "{policy}");
    }
    let deleting = load(&format!(
        "{ACCOUNT}\npolicy: {{ minimum: {{ declaredUsers: 0 }}, unmanaged: {{ groups: delete }} }}"
    ));
    let help = deleting.diagnostics.first().and_then(|it| it.help.as_deref()).unwrap_or_default();
    assert!(help.contains("`policy.unmanaged.groups: delete` deletes every group"), "{help}");
}

#[test]
fn what_could_not_be_read_is_not_said_to_be_missing() {
    assert_eq!(
        found("users: [{ employeeId: 1 }\n# b.yaml\ngroups: [{ name: A, members: [E1] }]"),
        ["1:8 syntax"]
    );
}
