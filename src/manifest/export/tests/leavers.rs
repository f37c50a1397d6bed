//! What rows mean for their users: not tracked, removed, erased, each by a cell that the plan names.

use crate::manifest::export::tests::{desired, found};
use crate::model::{Afterwards, DesiredUser, OrderKind, Rows, Tracking};

/// A source whose rows say who is away and who has left.
const LEAVERS: &str = "hr: { sources: [{ name: hr, csv: hr/a.csv, user: Mail, groups: [{ column: T }], untracked: { S: [Leave, Away] }, \
                       remove: { where: { S: [Gone] }, decided: { column: Day, form: '%d/%m/%Y' }, reason: left, unblock: true }, \
                       erase: { where: { Trial: [ended] }, decided: End } }] }\n";
const HEADER: &str = "Mail,T,S,Day,Trial,End\n";

fn order(user: &DesiredUser) -> Option<(OrderKind, String, &str, &str, &str)> {
    let order = user.order.as_ref()?;
    let row = order.row.as_deref()?;
    Some((order.kind, order.decided.to_string(), &row.cell.column, &row.cell.value, &row.dated_by))
}

#[test]
fn rows_say_who_is_not_tracked_and_order_what_becomes_of_leavers() {
    let rows = "a@x.example,R,on,,,\nb@x.example,R,gone,02/05/2026,,\nc@x.example,R,LEAVE,,,\nd@x.example,R,on,,ended,2026-05-03\n";
    let read = desired(LEAVERS, &format!("{HEADER}{rows}"));
    let [a, b, c, d] = &read.users[..] else { panic!("four users") };
    assert_eq!((a.order.is_none(), a.tracking.declared().is_none(), a.row.is_some()), (true, true, true));
    let removed = (OrderKind::Remove(Afterwards::Unblock), "2026-05-02".to_owned(), "S", "gone", "Day");
    assert_eq!(order(b), Some(removed));
    assert_eq!((b.groups.len(), b.row), (0, None), "who goes is put nowhere");
    assert_eq!(c.tracking.declared().map(|it| it.value), Some(Tracking::Untracked));
    let said = c.untracked_by.as_deref().map(|said| (&*said.column, &*said.value));
    assert_eq!(said, Some(("S", "LEAVE")));
    assert_eq!(order(d), Some((OrderKind::Erase, "2026-05-03".to_owned(), "Trial", "ended", "End")));
    assert_eq!((d.groups.len(), d.row.is_some()), (1, true), "who stays stays everywhere");
    let rows = Rows { read: 4, untracked: 1, removing: 1, erasing: 1, ..Rows::default() };
    assert_eq!(read.exports[0].rows, rows);
}

#[test]
fn an_order_has_a_day_that_its_row_says() {
    for (row, expected) in [
        ("b@x.example,R,Gone,,,\n", "2:4 undated-removal"),
        ("b@x.example,R,Gone,2026-05-02,,\n", "2:4 invalid-cell"),
        ("b@x.example,R,Gone,02/05/2026 10:00,,\n", "2:4 invalid-cell"),
        ("b@x.example,R,on,,ended,\n", "2:6 undated-removal"),
        ("b@x.example,R,Gone,02/06/2026,,\n", "2:3 order-in-future"),
        ("b@x.example,R,Gone,02/05/2026,ended,2026-05-02\n", "2:5 conflicting-rows"),
    ] {
        assert_eq!(found(LEAVERS, format!("{HEADER}{row}")), [expected], "{row}");
    }
    let old = "a@x.example,R,on,,,\nb@x.example,R,Gone,02/05/2020,,\n";
    assert_eq!(
        found(LEAVERS, format!("{HEADER}{old}")),
        Vec::<String>::new(),
        "a plan counts who left long ago"
    );
}

#[test]
fn a_row_that_goes_and_one_that_stays_contradict() {
    let two = |one: &str, other: &str| {
        found(LEAVERS, format!("{HEADER}a@x.example,R,{one}\na@x.example,R,{other}\n"))
    };
    assert_eq!(two("on,,,", "Gone,02/05/2026,,"), ["3:3 conflicting-rows"]);
    assert_eq!(two("Gone,02/05/2026,,", "on,,,"), ["2:3 conflicting-rows"]);
    assert_eq!(two("Leave,,,", "on,,,"), ["2:3 conflicting-rows"]);
    assert_eq!(two("on,,ended,2026-05-02", "on,,,"), ["2:5 conflicting-rows"]);
    assert_eq!(two("Gone,02/05/2026,,", "Gone,03/05/2026,,"), ["3:3 conflicting-rows"]);
    assert_eq!(two("Gone,02/05/2026,,", "Gone,02/05/2026,,"), Vec::<String>::new());
}

#[test]
fn a_slip_is_told_and_that_nobody_leaves_is_not() {
    assert_eq!(found(LEAVERS, format!("{HEADER}a@x.example,R,on,,,\n")), Vec::<String>::new());
    let slip = found(LEAVERS, format!("{HEADER}a@x.example,R,Leaves,,,\n"));
    assert!(matches!(&slip[..], [one] if one.ends_with("no-such-cell")), "{slip:?}");
}

#[test]
fn what_no_row_that_counts_can_say_is_an_error() {
    for (keys, code) in [
        ("where: { S: [on] }, untracked: { S: [Leave] }", "conflicting-keys"),
        ("unless: { S: [Gone] }, remove: { where: { s: [gone] }, decided: Day }", "conflicting-keys"),
        ("remove: { decided: Day }", "missing-key"),
        ("remove: { where: {}, decided: Day }", "invalid-value"),
        ("remove: { where: { S: [Gone] } }", "missing-key"),
        ("erase: { decided: Day }", "missing-key"),
        ("remove: { where: { S: [Gone] }, decided: { column: Day, form: day } }", "invalid-value"),
        ("remove: { where: { S: [Gone] }, decided: Days }", "unknown-column"),
    ] {
        let manifest = format!("hr: {{ sources: [{{ name: hr, csv: hr/a.csv, user: Mail, {keys} }}] }}\n");
        let said = found(&manifest, format!("{HEADER}a@x.example,R,on,,,\n"));
        assert!(said.iter().any(|it| it.ends_with(code)), "{keys}: {said:?}");
    }
    let partly = "hr: { sources: [{ name: hr, csv: hr/a.csv, user: Mail, where: { S: [on, Leave] }, untracked: { S: [Leave, Away] } }] }\n";
    assert_eq!(
        found(partly, format!("{HEADER}a@x.example,R,on,,,\nb@x.example,R,Leave,,,\n")),
        Vec::<String>::new()
    );
}
