//! Whose are rows? What makes one user of several, and what is two people.

use crate::manifest::export::tests::{HEADER, MAPPED, desired, folder, found, groups, read};
use crate::model::{DesiredUser, Members};

/// Every order of up to three things.
fn orders<T: Copy>(things: [T; 3]) -> [[T; 3]; 6] {
    let [a, b, c] = things;
    [[a, b, c], [a, c, b], [b, a, c], [b, c, a], [c, a, b], [c, b, a]]
}

/// The codes of what is wrong with a folder of two exports, `hr/a.csv` and `hr/b.csv`.
fn of_two(manifest: &str, exports: [&str; 2]) -> Vec<String> {
    let [a, b] = exports.map(str::as_bytes);
    let folder = folder(manifest, &[("a.csv", a), ("b.csv", b)]);
    read(folder.path()).diagnostics.iter().map(|it| it.code.to_string()).collect()
}

/// The users of two exports.
fn users_of_two(manifest: &str, exports: [&str; 2]) -> Vec<DesiredUser> {
    let [a, b] = exports.map(str::as_bytes);
    let folder = folder(manifest, &[("a.csv", a), ("b.csv", b)]);
    let loaded = read(folder.path());
    loaded.desired.unwrap_or_else(|| panic!("{:#?}", loaded.diagnostics)).users
}

#[test]
fn rows_of_one_value_are_one_user_with_all_their_groups_in_any_order() {
    let rows = ["a@b.example,,,,X,\n", "A@B.example,,E1,,Z,Q\n", "a@b.example,,E1,,Y,\n"];
    for order in orders(rows) {
        let desired = desired(MAPPED, &format!("{HEADER}{}", order.concat()));
        let [user] = &desired.users[..] else { panic!("one user") };
        let mut groups = groups(user);
        groups.sort_unstable();
        assert_eq!((groups, user.lookups.len()), (vec!["Q office", "X", "Y", "Z"], 1));
    }
}

#[test]
fn rows_of_two_values_are_two_people_whatever_else_they_share() {
    let upn = "hr: { sources: [{ name: a, csv: hr/a.csv, user: UPN, fields: { upn: UPN, email: Mail, employeeId: No }, create: true }] }\n";
    for (rows, shared) in [
        // A manager's address, a number given twice, a filler that nobody knows, in one direction and the other.
        (["b@x.example,b@x.example,\n", "d@x.example,b@x.example,\n", "c@x.example,,\n"], 1),
        (["b@x.example,,7\n", "d@x.example,,7\n", "c@x.example,,\n"], 1),
        (["b@x.example,,7\n", "d@x.example,,7\n", "c@x.example,,7\n"], 1),
        (["b@x.example,d@x.example,\n", "d@x.example,,\n", "c@x.example,,\n"], 1),
        (["b@x.example,b@x.example,\n", "d@x.example,b@x.example,8\n", "c@x.example,,8\n"], 2),
    ] {
        for order in orders(rows) {
            let codes = found(upn, format!("UPN,Mail,No\n{}", order.concat()));
            assert!((1..=shared).contains(&codes.len()), "{codes:?} in {order:?}");
            assert!(codes.iter().all(|code| code.ends_with("shared-identifier")), "{codes:?} in {order:?}");
        }
    }
}

#[test]
fn what_many_rows_share_is_one_error() {
    let rows: Vec<String> = (0..50).map(|at| format!("u{at}@x.example,,77,,,\n")).collect();
    assert_eq!(found(MAPPED, format!("{HEADER}{}", rows.concat())), ["3:3 shared-identifier"]);
}

#[test]
fn a_number_and_an_address_of_one_export_are_two_people() {
    assert_eq!(found(MAPPED, format!("{HEADER}a@b.example,,E1,,X,\nE1,,,,Y,\n")), ["3:1 shared-identifier"]);
    let several =
        "hr: { sources: [{ name: a, csv: hr/a.csv, user: [Mail, No], fields: { employeeId: No } }] }\n";
    assert_eq!(found(several, "Mail,No\na@b.example,E1\n,E1\n"), ["3:2 shared-identifier"]);
}

#[test]
fn an_entry_that_has_both_values_says_that_they_are_one_person() {
    let entry = "users: [{ email: [a@b.example, c@d.example] }]\n";
    let rows = format!("{HEADER}a@b.example,,E1,,X,\nc@d.example,,E1,,Y,\n");
    assert_eq!(found(MAPPED, &rows), ["3:3 shared-identifier"]);
    let desired = desired(&format!("{MAPPED}{entry}"), &rows);
    let [user] = &desired.users[..] else { panic!("one user") };
    assert_eq!(groups(user), ["X", "Y"]);
}

#[test]
fn an_entry_is_nobody_who_is_found_by_what_it_does_not_list() {
    let by_address =
        "hr: { sources: [{ name: a, csv: hr/a.csv, user: M, fields: { employeeId: N, email: O } }] }\n";
    for (entry, row, expected) in [
        // The row's value is the entry's.
        ("{ email: a@b.example }", "a@b.example,E1,\n", None),
        ("{ upn: a@b.example, employeeId: E1 }", "a@b.example,E1,o@b.example\n", None),
        // The entry knows no address: the number alone says who it is.
        ("{ employeeId: E1 }", "a@b.example,E1,\n", None),
        // It knows others.
        ("{ email: z@b.example, employeeId: E1 }", "a@b.example,E1,\n", Some("2:2 shared-identifier")),
        ("{ email: z@b.example }", "a@b.example,,z@b.example\n", Some("2:3 shared-identifier")),
        (
            "{ upn: z@b.example, email: [] , employeeId: E1 }",
            "a@b.example,E1,\n",
            Some("2:2 shared-identifier"),
        ),
    ] {
        let manifest = format!("{by_address}users: [{entry}]\n");
        let codes = found(&manifest, format!("M,N,O\n{row}"));
        assert_eq!(codes, expected.into_iter().collect::<Vec<_>>(), "{entry} {row}");
    }
}

#[test]
fn two_people_do_not_become_one_by_what_a_third_row_shares_with_both() {
    let rows = ["a@b.example,,E1,,X,\n", "c@d.example,,E2,,Y,\n", "E1,,E2,,Z,\n"];
    for order in orders(rows) {
        let codes = found(MAPPED, format!("{HEADER}{}", order.concat()));
        assert!(!codes.is_empty(), "{order:?}");
    }
}

const TWO: &str = "hr:\n  sources:\n    - { name: a, csv: hr/a.csv, user: Mail, fields: { employeeId: No }, groups: [{ column: G }] }\n    \
                   - { name: b, csv: hr/b.csv, user: Key, fields: { email: Boss }, groups: [{ column: G }] }\n";

#[test]
fn rows_of_two_exports_are_one_user_by_the_same_value_or_by_a_number_that_one_of_them_has() {
    for key in ["a@b.example", "E1"] {
        let users = users_of_two(TWO, ["Mail,No,G\na@b.example,E1,X\n", &format!("Key,Boss,G\n{key},,Y\n")]);
        let [user] = &users[..] else { panic!("one user by {key}") };
        assert_eq!(groups(user), ["X", "Y"]);
        assert!(matches!(&user.employee_ids, Members::AtLeast(ids) if ids.len() == 1));
    }
}

#[test]
fn people_of_two_exports_stay_two_whatever_one_says_of_another() {
    for (a, b) in [
        ("a@b.example,E1,X\n", "c@d.example,a@b.example,Y\n"),
        ("a@b.example,E1,X\nc@d.example,E2,X\n", "E1,c@d.example,Y\n"),
        ("a@b.example,E1,X\n", "E2,a@b.example,Y\nE1,,Y\n"),
    ] {
        let codes = of_two(TWO, [&format!("Mail,No,G\n{a}"), &format!("Key,Boss,G\n{b}")]);
        assert!(codes.iter().any(|code| code == "shared-identifier"), "{codes:?} in {a} {b}");
        assert!(
            codes.iter().all(|code| code == "shared-identifier" || code == "conflicting-rows"),
            "{codes:?}"
        );
    }
}

#[test]
fn what_stands_for_nothing_is_no_identifier_and_no_name() {
    for filler in ["NULL", "-", "n/a", "TBD", "none", "—", "(null)", "?"] {
        let rows = format!("a@b.example,{filler},{filler},,X,\nc@d.example,{filler},{filler},,Y,\n");
        let desired = desired(MAPPED, &format!("{HEADER}{rows}"));
        assert_eq!(desired.users.len(), 2, "{filler}");
        assert!(desired.users.iter().all(|user| user.display_name.declared().is_none()), "{filler}");
        assert!(desired.users.iter().all(|user| user.employee_ids == Members::Leave), "{filler}");
        assert_eq!(found(MAPPED, format!("{HEADER}{filler},,,,X,\n")), ["2:1 invalid-cell"], "{filler}");
    }
    for filler in ["0", "0000", "99999", "xxx", "unknown"] {
        assert_eq!(
            found(MAPPED, format!("{HEADER}a@b.example,,{filler},,X,\n")),
            ["2:3 invalid-cell"],
            "{filler}"
        );
    }
}

#[test]
fn a_source_may_list_what_stands_for_nothing() {
    let source = |empty: &str| {
        format!(
            "hr: {{ sources: [{{ name: a, csv: hr/a.csv, user: M, fields: {{ employeeId: N }}, groups: [{{ column: G }}], empty: {empty} }}] }}\n"
        )
    };
    let rows = "M,N,G\na@b.example,99999,Open\nc@d.example,99999,open\n";
    let users = desired(&source("['99999', OPEN]"), rows).users;
    assert!(users.iter().all(|user| user.employee_ids == Members::Leave && user.groups.is_empty()));
    assert_eq!(found(&source("[x]"), rows), ["3:2 shared-identifier", "3:3 group-spelling"]);
    let users = desired(&source("[]"), "M,N,G\na@b.example,0,NULL\n").users;
    assert!(matches!(&users[0].employee_ids, Members::AtLeast(ids) if ids[0].value.as_written() == "0"));
}

#[test]
fn an_entry_may_name_one_of_two_namesakes_otherwise() {
    let row = |mail: &str, name: &str| format!("{mail}@b.example,{name},,,,\n");
    let both = [row("s1", "John Smith"), row("s2", "john smith"), row("s3", "Ada")];
    let entry = |name: &str| format!("{MAPPED}users: [{{ email: s2@b.example, displayName: {name} }}]\n");
    for order in orders([0, 1, 2]) {
        let rows: String = order.iter().map(|at| both[*at].as_str()).collect();
        let users = desired(&entry("Johnny"), &format!("{HEADER}{rows}")).users;
        let names: Vec<&str> =
            users.iter().map(|user| user.display_name.declared().unwrap().value.as_written()).collect();
        assert_eq!(names.len(), 3);
        assert!(names.contains(&"Johnny") && names.contains(&"John Smith"), "{names:?}");
    }
    let alone = format!("{HEADER}{}", both[1]);
    assert_eq!(found(&entry("John Smith (Oslo)"), &alone), Vec::<String>::new(), "the other has left");
    assert_eq!(found(&entry("Johnny"), &alone), ["2:2 conflicting-rows"]);
    assert_eq!(found(&entry("John Smithson"), &alone), ["2:2 conflicting-rows"]);
    let twins = format!(
        "{MAPPED}users: [{{ email: s2@b.example, displayName: J2 }}, {{ email: s1@b.example, displayName: J1 }}]\n"
    );
    assert_eq!(found(&twins, format!("{HEADER}{}{}", both[0], both[1])), Vec::<String>::new());
}

#[test]
fn a_number_with_a_slash_is_one_where_the_column_says_so_and_where_no_login_can_be() {
    for source in ["user: B, fields: { employeeId: B }", "user: B", "user: M, fields: { employeeId: B }"] {
        let manifest = format!("hr: {{ sources: [{{ name: a, csv: hr/a.csv, {source} }}] }}\n");
        let users = desired(&manifest, "B,M\nEMP/0001,a@b.example\nDE/EMP/2,c@d.example\n").users;
        assert_eq!(users.len(), 2, "{source}");
    }
    let address = "hr: { sources: [{ name: a, csv: hr/a.csv, user: M, fields: { email: M } }] }\n";
    assert_eq!(found(address, "M\nE1\n"), ["2:1 invalid-cell"]);
    let number = "hr: { sources: [{ name: a, csv: hr/a.csv, user: B, fields: { employeeId: B } }] }\n";
    assert_eq!(found(number, "B\na@b.example\nACME\\ada\n"), ["2:1 invalid-cell", "3:1 invalid-cell"]);
}

#[test]
fn the_first_of_several_columns_that_says_something_finds_the_user() {
    let source = "hr: { sources: [{ name: a, csv: hr/a.csv, user: [Mail, No, Key] }] }\n";
    let users = desired(source, "Mail,No,Key\na@b.example,E1,\n,E2,\nNULL,-,E3\n").users;
    let found_by: Vec<String> = users.iter().map(|user| user.lookups[0].value.to_string()).collect();
    assert_eq!(found_by, ["a@b.example", "E2", "E3"]);
    assert_eq!(found(source, "Mail,No,Key\n,-,\n"), ["2:1 invalid-cell"]);
    assert_eq!(
        found("hr: { sources: [{ name: a, csv: hr/a.csv, user: [] }] }\n", "M\nE1\n"),
        ["yaml:2:49 invalid-value"]
    );
    assert_eq!(found("hr: { sources: [{ name: a, csv: hr/a.csv, user: [M, m] }] }\n", "M\nE1\n").len(), 1);
}

#[test]
fn two_positions_are_two_values_where_the_source_says_so() {
    let source = |many: &str| {
        format!(
            "hr: {{ sources: [{{ name: a, csv: hr/a.csv, user: M, attributes: {{ dept: {many} }} }}] }}\n"
        )
    };
    let rows = "M,D\na@b.example,R&D\na@b.example,Safety\na@b.example,r&d\n";
    let users = desired(&source("{ column: D, many: true }"), rows).users;
    let values: Vec<&str> = users[0].attributes.iter().map(|(_, value)| &*value.value).collect();
    assert_eq!(values, ["R&D", "Safety"]);
    for one in ["D", "{ column: D }", "{ column: D, many: false }"] {
        assert_eq!(found(&source(one), rows), ["3:2 conflicting-rows", "4:2 conflicting-rows"], "{one}");
    }
    assert_eq!(found(&source("{ many: true }"), rows), ["yaml:2:72 missing-key"]);
}

#[test]
fn a_source_may_say_what_namesakes_are_called() {
    let source = |template: &str| {
        format!(
            "hr: {{ sources: [{{ name: a, csv: hr/a.csv, user: M, fields: {{ displayName: N }}, onCollision: '{template}' }}] }}\n"
        )
    };
    let rows = "M,N,B\na@b.example,John Smith,1\nc@d.example,john smith,2\ne@f.example,Ada,\n";
    let users = desired(&source("{N} ({b})"), rows).users;
    let other = |at: usize| users[at].namesake.as_ref().map(|name| name.value.as_written());
    assert_eq!([other(0), other(1), other(2)], [Some("John Smith (1)"), Some("john smith (2)"), None]);
    for (template, expected) in [
        ("{N} {N}", "3:2 duplicate-name"),
        ("Ada", "yaml:2:93 invalid-value"),
        ("{N", "yaml:2:93 invalid-value"),
        ("N}", "yaml:2:93 invalid-value"),
        ("{}", "yaml:2:93 invalid-value"),
        ("{Badge}", "yaml:2:93 unknown-column"),
    ] {
        assert_eq!(found(&source(template), rows)[0], expected, "{template}");
    }
    let empty = "M,N,B\na@b.example,John Smith,\nc@d.example,John Smith,\n";
    assert_eq!(found(&source("{N} ({B})"), empty), ["3:2 duplicate-name"]);
    assert_eq!(
        found(&source("{N} ({B})"), format!("{empty}e@f.example,John Smith,3\n")),
        ["3:2 duplicate-name"]
    );
    let two = "M,N,B\na@b.example,John Smith,1\na@b.example,John Smith,2\n";
    assert_eq!(found(&source("{N} ({B})"), two), ["3:2 conflicting-rows"]);
    let entry = "users: [{ email: c@d.example, displayName: John Smith II }]\n";
    let users = desired(&format!("{}{entry}", source("{N} ({B})")), rows).users;
    let named: Vec<&DesiredUser> = users.iter().filter(|user| user.namesake.is_none()).collect();
    assert_eq!(named.len(), 2, "the entry's name is said");
    let nameless = "hr: { sources: [{ name: a, csv: hr/a.csv, user: M, onCollision: '{N}' }] }\n";
    assert_eq!(found(nameless, rows), ["yaml:2:65 missing-key"]);
}
