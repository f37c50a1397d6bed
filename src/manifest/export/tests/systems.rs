//! Exports as HR systems write them: titles, names in parts, numbers of managers, positions, sums.

use crate::manifest::export::tests::{desired, found, groups};
use crate::model::{DeclaredSource, Desired, Rows};

/// A source of `hr/a.csv` with more keys.
fn source(keys: &str) -> String {
    format!("hr: {{ sources: [{{ name: hr, csv: hr/a.csv, {keys} }}] }}\n")
}

/// A problem of what a manifest says.
fn at(manifest: &str, said: &str, code: &str) -> String {
    let column = manifest.split_once(said).unwrap().0.chars().count() + 1;
    format!("yaml:2:{column} {code}")
}

fn names(desired: &Desired) -> Vec<&str> {
    desired
        .users
        .iter()
        .map(|user| user.display_name.declared().map_or("", |name| name.value.as_written()))
        .collect()
}

#[test]
fn a_header_stands_where_the_source_says() {
    let rows = "Workers, all\nAs of,05/04/2026\n\nMail,T\na@x.example,R&D\n";
    for key in ["header: 4", "header: { contains: Mail }", "header: { contains: [t, MAIL] }", "skip: 2"] {
        let desired = desired(&source(&format!("{key}, user: Mail, groups: [{{ column: T }}]")), rows);
        assert_eq!((desired.users.len(), desired.exports[0].rows.read), (1, 1), "{key}");
        assert_eq!(groups(&desired.users[0]), ["R&D"]);
    }
}

#[test]
fn a_header_that_is_not_there_is_told() {
    let rows = "Workers, all\nAs of,05/04/2026\n\nMail,T\na@x.example,R&D\n";
    for (key, said, code) in [
        ("header: 3", "3,", "unknown-column"),
        ("header: 9", "9,", "unknown-column"),
        ("skip: 9", "9,", "unknown-column"),
        ("header: 1", "1,", "unknown-column"),
        ("header: { contains: Male }", "Male", "unknown-column"),
        ("header: { contains: [Mail, As of] }", "[Mail", "unknown-column"),
        ("header: 0", "0,", "invalid-value"),
        ("header: { contains: [] }", "[] }", "invalid-value"),
    ] {
        let keys = source(&format!("{key}, user: Mail, groups: [{{ column: T }}]"));
        assert_eq!(found(&keys, rows), [at(&keys, said, code)], "{key}");
    }
    let both = source("header: 4, skip: 2, user: Mail, groups: [{ column: T }]");
    assert_eq!(found(&both, rows), [at(&both, "2, user", "conflicting-keys")]);
}

#[test]
fn what_parts_the_cells_is_what_the_source_says() {
    for (delimiter, by) in [("';'", ";"), ("tab", "\t"), ("'|'", "|"), ("'^'", "^")] {
        let rows = format!("Mail{by}T,x,y,z\na@x.example{by}R&D\n");
        let keys = format!("delimiter: {delimiter}, user: Mail, groups: [{{ column: 'T,x,y,z' }}]");
        assert_eq!(groups(&desired(&source(&keys), &rows).users[0]), ["R&D"], "{by}");
    }
    for delimiter in ["''", "a", "';;'", "'\"'"] {
        let keys = source(&format!("delimiter: {delimiter}, user: Mail, groups: [{{ column: T }}]"));
        let place = at(&keys, &format!("{delimiter}, user"), "invalid-value");
        assert_eq!(found(&keys, "Mail,T\na@x.example,R\n"), [place], "{delimiter}");
    }
}

#[test]
fn a_name_is_put_together_and_the_first_name_put_first() {
    let rows = "Mail,First,Last,Name\na@x.example,Ada,Lovelace,\"Lovelace, Ada (On Leave)\"\nb@x.example, Bob ,Stone,\"Stone, Bob\"\n";
    for (name, named) in [
        ("'{First} {Last}'", ["Ada Lovelace", "Bob Stone"]),
        ("'{Last}, {First}'", ["Lovelace, Ada", "Stone, Bob"]),
        ("{ column: '{last}, {FIRST}', order: last-first }", ["Ada Lovelace", "Bob Stone"]),
        ("{ column: Name, order: last-first }", ["Ada Lovelace", "Bob Stone"]),
        ("Name", ["Lovelace, Ada", "Stone, Bob"]),
        ("{ column: Name, cut: [] }", ["Lovelace, Ada (On Leave)", "Stone, Bob"]),
        ("{ column: Name, cut: [Bob], order: first-last }", ["Lovelace, Ada (On Leave)", "Stone,"]),
    ] {
        let desired = desired(&source(&format!("user: Mail, fields: {{ displayName: {name} }}")), rows);
        assert_eq!(names(&desired), named, "{name}");
    }
    let cut = desired(&source("user: Mail, fields: { displayName: Name }"), rows);
    assert_eq!(cut.exports[0].rows.cut_names, 1);
}

#[test]
fn a_name_that_lacks_a_part_is_told() {
    let keys = source("user: Mail, fields: { displayName: '{First} {Last}' }");
    let rows = "Mail,First,Last\na@x.example,Ada,\nb@x.example,,\nc@x.example,Cy,Young\n";
    let place = at(&keys, "'{First}", "incomplete-name");
    assert_eq!(found(&keys, rows), [place.clone(), place]);
    assert_eq!(names(&desired(&keys, rows)), ["Ada", "", "Cy Young"]);
    let order = source("user: Mail, fields: { displayName: { column: N, order: last-first } }");
    assert_eq!(found(&order, "Mail,N\na@x.example,Ada Quist\n"), [at(&order, "N, order", "incomplete-name")]);
    assert_eq!(found(&order, "Mail,N\na@x.example,\"a, b, c, d\"\n"), ["2:2 invalid-cell"]);
    for wrong in ["'{First'", "'First}'", "'{}'", "'{{First}}'", "'{ }'"] {
        let keys = source(&format!("user: Mail, fields: {{ displayName: {wrong} }}"));
        assert_eq!(found(&keys, rows), [at(&keys, wrong, "invalid-value")], "{wrong}");
    }
}

#[test]
fn a_name_as_it_is_read_tells_namesakes_apart() {
    let keys =
        "user: Mail, fields: { displayName: { column: N, order: last-first } }, onCollision: '{} ({T})'";
    let rows = "Mail,N,T\na@x.example,\"Lee, Sam\",R&D\nb@x.example,\"Lee, Sam\",Sales\n";
    let desired = desired(&source(keys), rows);
    let namesakes: Vec<&str> = desired
        .users
        .iter()
        .map(|user| user.namesake.as_ref().map_or("", |name| name.value.as_written()))
        .collect();
    assert_eq!(namesakes, ["Sam Lee (R&D)", "Sam Lee (Sales)"]);
    let keys = source(&keys.replace("{} ({T})", "{} (again)"));
    assert!(found(&keys, rows).contains(&at(&keys, "'{} (again)", "invalid-value")));
}

#[test]
fn a_pattern_takes_the_name_of_a_group_out_of_a_cell() {
    let keys = source("user: Mail, groups: [{ column: T, split: ';', pattern: '^\\(\\d+\\) (.*)$' }]");
    let rows = "Mail,T\na@x.example,(1200) R&D; (7) Müller\nb@x.example,Board\n";
    let read = desired(&keys, rows);
    assert_eq!((groups(&read.users[0]), groups(&read.users[1])), (vec!["R&D", "Müller"], vec![]));
    assert_eq!(found(&keys, rows), [at(&keys, "'^", "unmatched-pattern")], "told, and no error");
    let none = found(&keys, "Mail,T\na@x.example,R&D\nb@x.example,Board\n");
    assert_eq!(none, [at(&keys, "'^", "unmatched-pattern")]);
    let whole = desired(&keys.replace("'^\\(\\d+\\) (.*)$'", "'\\w+'"), "Mail,T\na@x.example,Müller Süd\n");
    assert_eq!(groups(&whole.users[0]), ["Müller"], "without a group all that it matches");
    let open = keys.replace("(.*)", "(.*");
    assert_eq!(found(&open, rows), [at(&open, "'^", "invalid-value")]);
}

#[test]
fn cells_stand_for_what_the_source_calls_them() {
    let keys =
        source("user: Mail, groups: [{ column: T, name: '{} team', names: { '1200': R&D, '1300': Sales } }]");
    let rows = "Mail,T\na@x.example,1200\nb@x.example,Oslo\nc@x.example,1300\n";
    let read = desired(&keys, rows);
    let of: Vec<Vec<&str>> = read.users.iter().map(groups).collect();
    assert_eq!(of, [["R&D"], ["Oslo team"], ["Sales"]]);
    assert_eq!(
        found(&keys, "Mail,T\na@x.example,1200\nb@x.example,1400\n"),
        [at(&keys, "'1300", "no-such-cell")]
    );
    let attribute = "user: Mail, attributes: { dept: { column: T, names: { '1200': R&D } } }";
    assert_eq!(&*desired(&source(attribute), rows).users[0].attributes[0].1.value, "R&D");
}

#[test]
fn a_number_is_the_name_of_whom_another_row_has_it() {
    let keys = source(
        "user: Mail, attributes: { boss: { column: M, lookup: { column: No, value: { column: Name, order: last-first } } } }, \
         where: { S: [on] }",
    );
    let rows = "Mail,No,Name,M,S\na@x.example,1,\"Quist, Ada\",2,on\nb@x.example,2,\"Stone, Bob\",,off\nc@x.example,3,\"Young, Cy\",9,on\n";
    let read = desired(&keys, rows);
    assert_eq!(&*read.users[0].attributes[0].1.value, "Bob Stone", "of a row that does not count, too");
    assert!(read.users[1].attributes.is_empty());
    assert!(found(&keys, rows).iter().any(|it| it.ends_with("unmatched-lookup")), "told, and no error");
    let wrong = found(&keys, rows.replace(",2,on", ",8,on"));
    assert!(wrong.iter().any(|it| it.ends_with("unmatched-lookup")));
    let two = found(&keys, format!("{rows}d@x.example,2,\"Other, O\",,off\n"));
    assert!(two.contains(&"2:4 conflicting-rows".to_owned()), "{two:?}");
}

#[test]
fn the_primary_row_of_a_person_counts_whatever_the_order() {
    let keys = source(
        "user: Mail, attributes: { dept: D }, groups: [{ column: T }], primary: { column: P, is: 'Yes' }",
    );
    let rows = "Mail,D,T,P\na@x.example,Lab,Safety,No\na@x.example,R&D,Core,yes\nb@x.example,Ops,Base,\nA@X.example,Lab,Fire,\n";
    let read = desired(&keys, rows);
    let of: Vec<Vec<&str>> = read.users.iter().map(groups).collect();
    assert_eq!(of, [["Core"], ["Base"]]);
    assert_eq!(read.exports[0].rows, Rows { read: 2, not_primary: 2, ..Rows::default() });
    let names: Vec<&str> = read.groups.iter().map(|group| group.name.value.as_written()).collect();
    assert_eq!(names, ["Base", "Core"], "what other rows say is not said");
    let none =
        found(&keys, "Mail,D,T,P\na@x.example,Lab,Safety,No\na@x.example,R&D,Core,\nb@x.example,X,Y,Yes\n");
    assert_eq!(none, ["2:1 conflicting-rows"]);
    let two = found(&keys, "Mail,D,T,P\na@x.example,Lab,Safety,Yes\na@x.example,R&D,Core,Yes\n");
    assert_eq!(two, ["3:2 conflicting-rows"]);
}

#[test]
fn one_value_of_unless_leaves_a_row_out() {
    let keys = source("user: Mail, groups: [{ column: T }], unless: { S: [gone], Mail: '' }");
    let rows = "Mail,T,S\na@x.example,X,on\nb@x.example,X,Gone\n,X,on\n";
    let read = desired(&keys, rows);
    assert_eq!(read.exports[0].rows, Rows { read: 1, left_out: 2, ..Rows::default() });
    let left = &read.exports[0].left_out;
    let left: Vec<String> =
        left.iter().map(|it| format!("{} {} {}={}", it.who[0], it.by, it.column, it.value)).collect();
    assert_eq!(left, ["b@x.example unless S=Gone"]);
    let unmet = found(&keys, "Mail,T,S\na@x.example,X,on\n");
    assert_eq!(unmet, [at(&keys, "gone", "no-such-cell"), at(&keys, "'' }", "no-such-cell")]);
}

#[test]
fn sums_between_users_are_counted_and_rows_of_nobody_are_errors() {
    let keys = source("user: Mail, fields: { displayName: Name }, groups: [{ column: T }]");
    let rows = "Cost,Mail,Name,T,Heads\nCost centre 1200,,,,\n,a@x.example,Ada,R&D,1\n,,,R&D total,1\nCost centre 7,,,,\n,b@x.example,Bob,Sales,1\nGrand total,,,,2\n";
    let read = desired(&keys, rows);
    assert_eq!(read.exports[0].rows, Rows { read: 2, subtotals: 3, footers: 1, ..Rows::default() });
    assert_eq!(read.groups.len(), 2);
    let nobody = "Cost,Mail,Name,T,Heads\n,a@x.example,Ada,R&D,1\n,,Cy Young,R&D,1\n,,,Total Rewards,1\nGenerated on 1 May,,,,\n,b@x.example,Bob,Sales,1\n";
    assert_eq!(found(&keys, nobody), ["3:1 invalid-cell", "4:1 invalid-cell", "5:1 broken-row"]);
}

#[test]
fn rows_name_groups_of_the_app_where_the_source_says_so() {
    let keys = |more: &str| {
        let source = source(
            "user: Mail, fields: { deviceLogin: 'ACME\\{Login}' }, groups: [{ column: T, source: app }, { column: S }]",
        );
        format!("{source}{more}")
    };
    let rows = "Mail,Login,T,S\na@x.example,ada,R&D,Oslo\nb@x.example,,R&D,Oslo\n";
    let read = desired(&keys(""), rows);
    let sources: Vec<(&str, Option<DeclaredSource>)> =
        read.groups.iter().map(|group| (group.name.value.as_written(), group.source)).collect();
    assert_eq!(sources, [("Oslo", Some(DeclaredSource::Hr)), ("R&D", Some(DeclaredSource::App))]);
    let logins: Vec<String> =
        read.users[0].device_logins.iter().map(|login| login.value.to_string()).collect();
    assert_eq!((logins, read.users[1].device_logins.len()), (vec!["ACME\\ada".to_owned()], 0));
    assert_eq!(
        found(&keys("groups: [{ name: R&D }]\n"), rows),
        Vec::<String>::new(),
        "a declared group of the app joins it"
    );
    for more in ["groups: [{ name: R&D, source: hr }]\n", "groups: [{ name: Oslo }]\n"] {
        let said = found(&keys(more), rows);
        assert!(matches!(&said[..], [one] if one.ends_with("export-clash")), "{more}: {said:?}");
    }
    let both = found(&keys(""), "Mail,Login,T,S\na@x.example,ada,Oslo,Oslo\n");
    assert_eq!(both, ["2:4 export-clash"]);
}

#[test]
fn a_pattern_that_would_take_all_memory_is_refused() {
    let keys = source("user: Mail, groups: [{ column: T, pattern: '(\\w{1000}){1000}' }]");
    assert_eq!(found(&keys, "Mail,T\na@x.example,R&D\n"), [at(&keys, "'(", "invalid-value")]);
}
