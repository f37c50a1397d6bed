//! Whom `where` leaves out, and which of its values no row has.

use crate::manifest::export::tests::{HRDC, desired, found};

/// A source whose rows count where they are active or on leave.
const ONLY: &str = "hr: { sources: [{ name: hr, csv: hr/a.csv, user: [Mail, No], groups: [{ column: T }], where: { S: [active, leave] } }] }\n";

#[test]
fn whom_where_leaves_out_is_kept_unless_another_row_of_theirs_counts() {
    let rows = "Mail,No,T,S\na@x.example,1,X,Active\nb@x.example,2,X,Gone\nc@x.example,3,X,Gone\nC@x.example,3,X,leave\n,4,X,\nN/A,-,X,Gone\n";
    let wanted = desired(ONLY, rows);
    let left = &wanted.exports[0].left_out;
    let left: Vec<String> =
        left.iter().map(|it| format!("{} {}={}", it.who[0], it.column, it.value)).collect();
    assert_eq!(left, ["b@x.example S=Gone", "4 S="]);
}

#[test]
fn a_value_of_where_that_no_row_has_is_told() {
    let rows = |said: &str| format!("Mail,No,T,S\na@x.example,1,X,Active\nb@x.example,2,X,{said}\n");
    for (said, expected) in
        [("LEAVE", vec![]), ("left", vec!["yaml:2:108 no-such-cell"]), ("", vec!["yaml:2:108 no-such-cell"])]
    {
        assert_eq!(found(ONLY, rows(said)), expected, "{said}");
    }
}

#[test]
fn many_warnings_of_an_export_are_no_error() {
    let rows: Vec<String> =
        (0..30).map(|at| format!("a{at}@x.example,g{at}\nb{at}@x.example,G{at}")).collect();
    let rows = rows.join("\n");
    let rows = format!("user_lookup_id,group\n{rows}\n");
    assert!(found(HRDC, &rows).iter().any(|it| it.ends_with("too-many-problems")), "{rows}");
    assert_eq!(desired(HRDC, &rows).groups.len(), 30, "the run goes on");
}
