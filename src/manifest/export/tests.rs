//! What is read of HR exports, and what is refused: whole folders, as a run reads them.

mod files;
mod leavers;
mod only;
mod people;
mod systems;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use jiff::civil::date;

use crate::diag::Code;
use crate::manifest::files::Limits;
use crate::manifest::{Exports, Loaded, gather_within, load};
use crate::model::{
    Afterwards, Desired, DesiredUser, GroupState, Members, Missing, OrderKind, Rows, Tracking, hex,
};

const ACCOUNT: &str = "account: { name: a, platform: activtrak, region: us }\n";

/// A folder with a manifest and exports, all in `hr/`.
fn folder(manifest: &str, exports: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join(".git")).unwrap();
    fs::create_dir_all(folder.path().join("hr")).unwrap();
    fs::write(folder.path().join("rollcall.yaml"), format!("{ACCOUNT}{manifest}")).unwrap();
    for (name, bytes) in exports {
        fs::write(folder.path().join("hr").join(name), bytes).unwrap();
    }
    folder
}

fn read(folder: &Path) -> Loaded {
    load(folder, date(2026, 5, 10), &Exports::default())
}

/// The manifest of one source, `hr/a.csv`, that maps columns.
const MAPPED: &str = "hr:\n  sources:\n    - name: hr\n      csv: hr/a.csv\n      user: Mail\n      fields: { displayName: Name, employeeId: ID }\n      \
                      attributes: { started: Start }\n      dates: { started: '%d/%m/%Y' }\n      groups: [{ column: Team }, { column: Site, name: '{} office', split: ';' }]\n";
/// The header that it needs.
const HEADER: &str = "Mail,Name,ID,Start,Team,Site\n";
/// The manifest of one source in HRDC's own format.
const HRDC: &str = "hr: { sources: [{ name: hrdc, csv: hr/a.csv }] }\n";

/// What an export gives, of which nothing is wrong.
fn desired(manifest: &str, export: &str) -> Desired {
    let folder = folder(manifest, &[("a.csv", export.as_bytes())]);
    let loaded = read(folder.path());
    loaded.desired.unwrap_or_else(|| panic!("{:#?} in\n{export}", loaded.diagnostics))
}

/// What is wrong with an export, a line each: `line:column code`, or `code` alone for the file.
fn found(manifest: &str, export: impl AsRef<[u8]>) -> Vec<String> {
    let folder = folder(manifest, &[("a.csv", export.as_ref())]);
    shown(&read(folder.path()))
}

/// The same of what was read.
fn shown(loaded: &Loaded) -> Vec<String> {
    let of = |it: &crate::diag::Diagnostic| match &it.place {
        crate::diag::Place::File(_) => it.code.to_string(),
        crate::diag::Place::Span(span) => {
            let at = loaded.sources.locate(*span).unwrap();
            let file = if at.source.is_table() { "" } else { "yaml:" };
            format!("{file}{}:{} {}", at.line, at.column, it.code)
        }
    };
    loaded.diagnostics.iter().map(of).collect()
}

fn groups(user: &DesiredUser) -> Vec<&str> {
    user.groups.iter().map(|group| group.value.as_written()).collect()
}

#[test]
fn a_row_becomes_a_user_with_fields_attributes_and_groups() {
    let row = "Ada@acme.example, Ada Lovelace ,E1,02/05/2026,R&D,London; Oslo;;\n";
    let desired = desired(MAPPED, &format!("{HEADER}{row}bob@acme.example,,,,,\n"));
    let [ada, bob] = &desired.users[..] else { panic!("two users") };
    assert_eq!(ada.display_name.declared().unwrap().value.as_written(), "Ada Lovelace");
    assert!(matches!(&ada.employee_ids, Members::AtLeast(ids) if ids[0].value.as_written() == "E1"));
    assert_eq!(ada.lookups[0].value.to_string(), "Ada@acme.example");
    assert_eq!(&*ada.attributes[0].1.value, "2026-05-02");
    assert_eq!((groups(ada), groups(bob)), (vec!["R&D", "London office", "Oslo office"], vec![]));
    assert_eq!((ada.missing, &ada.upns), (Missing::Block, &Members::Leave));
    let [export] = &desired.exports[..] else { panic!("one export") };
    assert_eq!(export.rows, Rows { read: 2, without_group: 1, ..Rows::default() });
    let names: Vec<&str> = desired.groups.iter().map(|group| group.name.value.as_written()).collect();
    assert_eq!(names, ["London office", "Oslo office", "R&D"]);
    assert!(desired.groups.iter().all(|group| group.members == Members::Exactly(Vec::new())));
    assert!(export.file.ends_with("hr/a.csv") && hex(&export.sha256).len() == 64);
}

#[test]
fn a_fact_knows_its_row_and_a_cell_its_column() {
    let folder = folder(MAPPED, &[("a.csv", format!("{HEADER}\na@b.example,\"A\u{1}B\",,,,\n").as_bytes())]);
    assert_eq!(found(MAPPED, format!("{HEADER}\na@b.example,\"A\u{1}B\",,,,\n")), ["3:2 invalid-cell"]);
    fs::write(folder.path().join("hr/a.csv"), format!("{HEADER}\na@b.example,A,,,X,\n")).unwrap();
    let loaded = read(folder.path());
    let user = &loaded.desired.as_ref().unwrap().users[0];
    let place = |origin| loaded.sources.locate_origin(origin).map(|at| (at.line, at.column)).unwrap();
    assert_eq!((place(user.origin), place(user.groups[0].origin)), ((3, 1), (3, 5)));
}

#[test]
fn a_row_joins_the_entry_that_it_shares_an_identifier_with() {
    let users = "users: [{ email: [a@b.example, a2@b.example], employeeId: E1 }, { upn: c@d.example }]\n";
    let desired = desired(
        &format!("{MAPPED}{users}"),
        &format!("{HEADER}A2@b.example,Ada,E1,,X,\nc@d.example,,E7,,X,\n"),
    );
    let [ada, other] = &desired.users[..] else { panic!("two users") };
    assert!(
        matches!(&ada.emails, Members::Exactly(emails) if emails.len() == 2),
        "a row makes no list whole"
    );
    assert!(matches!(&other.employee_ids, Members::AtLeast(ids) if ids.len() == 1));
    assert_eq!((ada.missing, ada.lookups.len(), groups(ada)), (Missing::Create, 0, vec!["X"]));
    assert_eq!(ada.display_name.declared().unwrap().value.as_written(), "Ada");
}

#[test]
fn two_things_said_of_one_user_are_reported_with_both_places() {
    for (users, rows, expected) in [
        ("", "a@b.example,Ada,,,,\na@b.example,Ada K,,,,\n", vec!["3:2 conflicting-rows"]),
        ("", "a@b.example,,E1,,,\na@b.example,,E2,,,\n", vec!["3:3 conflicting-rows"]),
        ("", "a@b.example,,,01/01/2026,,\na@b.example,,,02/01/2026,,\n", vec!["3:4 conflicting-rows"]),
        ("", "a@b.example,Ada,E1,01/01/2026,,\na@b.example,Ada,E1,01/01/2026,,\n", vec![]),
        (
            "users: [{ email: a@b.example, displayName: Ada }]\n",
            "a@b.example,ADA,,,,\n",
            vec!["2:2 conflicting-rows"],
        ),
        (
            "users: [{ email: a@b.example, employeeId: E1 }]\n",
            "a@b.example,,E2,,,\n",
            vec!["2:3 conflicting-rows"],
        ),
        (
            "users: [{ email: a@b.example }, { employeeId: E2 }]\n",
            "a@b.example,,E2,,,\n",
            vec!["2:1 conflicting-rows"],
        ),
    ] {
        assert_eq!(found(&format!("{MAPPED}{users}"), format!("{HEADER}{rows}")), expected, "{rows}");
    }
}

#[test]
fn a_group_of_a_manifest_is_united_with_the_rows_that_name_it() {
    let hr = "groups: [{ name: x, source: hr, members: [E9] }, { name: Y, source: hr }, { name: Z, source: hr, members: [E9], membership: additive }]\n";
    let desired = desired(
        &format!("{MAPPED}{hr}users: [{{ employeeId: E9 }}]\n"),
        &format!("{HEADER}a@b.example,,,,X,\nc@d.example,,,,Y,\ne@f.example,,,,Z,\n"),
    );
    let [x, y, z] = &desired.groups[..] else { panic!("three groups") };
    assert_eq!(
        (x.name.value.as_written(), x.members.listed().len()),
        ("x", 1),
        "the manifest's spelling counts"
    );
    assert_eq!(y.members, Members::Exactly(Vec::new()));
    assert!(matches!(z.members, Members::AtLeast(_)));
    for (groups, expected) in [
        ("groups: [{ name: X }]", vec!["2:5 export-clash"]),
        ("groups: [{ name: X, source: app }]", vec!["2:5 export-clash"]),
        ("groups: [{ name: X, source: hr, state: deleted }]", vec!["2:5 export-clash"]),
    ] {
        let mut codes = found(&format!("{MAPPED}{groups}\n"), format!("{HEADER}a@b.example,,,,X,\n"));
        codes.retain(|code| !code.ends_with("deleted-group-named"));
        assert_eq!(codes, expected, "{groups}");
    }
}

#[test]
fn the_spelling_of_a_group_does_not_hang_on_the_order_of_rows() {
    let rows = ["a@b.example,,,,eng,\n", "c@d.example,,,,Eng,\n", "e@f.example,,,,ENG,\n"];
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        let text: String = order.iter().map(|at| rows[*at]).collect();
        let desired = desired(MAPPED, &format!("{HEADER}{text}"));
        assert_eq!((desired.groups.len(), desired.groups[0].name.value.as_written()), (1, "ENG"));
        assert_eq!(found(MAPPED, format!("{HEADER}{text}")).len(), 1);
    }
}

#[test]
fn blank_rows_repeated_headers_and_footers_are_no_users() {
    let row = "a@b.example,,,,X,\n";
    for text in [
        format!("{HEADER}\n{row},,,,,\n{HEADER}  \n{row}"),
        format!("{HEADER}{row}\nTotal: 200\n\nGenerated on 2026-05-01\n"),
        format!("{HEADER}{row},,,,,,,\n"),
        format!("{HEADER}\"a@b.example\",\"\",\"\",\"\",\"X\",\"\"\n"),
        format!("\n{}{row}", HEADER.replace(',', " , ")),
        format!("{}{}", HEADER.replace(',', ";"), "a@b.example;;;;X;\r\n"),
        format!("{}{}", HEADER.replace(',', "\t"), "a@b.example\t\t\t\tX\t"),
    ] {
        let desired = desired(MAPPED, &text);
        assert_eq!((desired.users.len(), desired.groups.len()), (1, 1), "{text}");
        let footers = text.lines().filter(|line| line.starts_with(['T', 'G'])).count();
        assert_eq!(desired.exports[0].rows.footers, footers as u64, "{text}");
    }
}

#[test]
fn a_row_that_could_be_a_user_is_never_dropped() {
    let row = "a@b.example,,,,X,\n";
    for (text, expected) in [
        (format!("{HEADER}{row}Ada Lovelace\n"), "3:1 broken-row"),
        (format!("{HEADER}{row}c@d.exa"), "3:1 broken-row"),
        (format!("{HEADER}{row}HR:1001\n"), "3:1 broken-row"),
        (format!("{HEADER}{row}c@d.example,Lovelace, Ada,,,X,\n"), "3:1 broken-row"),
        (format!("{HEADER}{row}c@d.example,,,,X,,\n"), "3:1 broken-row"),
        (format!("{HEADER}{row}Generated on 2026-05-01\n{row}"), "3:1 broken-row"),
        (format!("{HEADER}{row},Ada,,,X,\n"), "3:1 invalid-cell"),
        (format!("{HEADER}{row}ACME\\ada,,,,X,\n"), "3:1 invalid-cell"),
        (format!("{HEADER}{row}1.23E+11,,,,X,\n"), "3:1 invalid-cell"),
        (format!("{HEADER}{row}c@d.example,,,,#N/A,\n"), "3:5 invalid-cell"),
        (format!("{HEADER}{row}c@d.example,,,,,\"x;#REF!\"\n"), "3:6 invalid-cell"),
        (format!("{HEADER}{row}c@d.example,,,2026-05-02,,\n"), "3:4 invalid-cell"),
        (format!("{HEADER}{row}c@d.example,,,,\"a\"\"b\",\n"), "3:5 invalid-cell"),
        (format!("{HEADER}{row}c@d.example,\"Ada,,,X,\n"), "3:1 broken-row"),
    ] {
        assert_eq!(found(MAPPED, &text), [expected], "{text}");
    }
}

#[test]
fn a_file_that_ends_with_the_beginning_of_a_group_is_refused() {
    let rows = "user_lookup_id,group\na@b.example,London\nc@d.example,";
    for (end, expected) in [
        ("Lo", vec!["3:2 broken-row"]),
        ("Lo\n", vec![]),
        ("London", vec![]),
        ("Lisbon", vec![]),
        ("", vec![]),
    ] {
        assert_eq!(found(HRDC, format!("{rows}{end}")), expected, "{end}");
    }
    assert_eq!(found(HRDC, format!("{rows}Lo\ne@f.example,Lo")), Vec::<String>::new(), "said twice");
}

#[test]
fn a_file_without_users_or_with_other_columns_is_refused() {
    for (text, expected) in [
        ("", vec!["empty-export"]),
        ("\n\n", vec!["empty-export"]),
        (HEADER, vec!["empty-export"]),
        ("version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n", vec!["lfs-pointer"]),
        ("Mail,Name,ID,Start,Teams,Site\na@b.example,,,,,\n", vec!["yaml:10:27 unknown-column"]),
        ("Mail,Name,ID,Start,Team,Site,TEAM\na@b.example,,,,,,\n", vec!["yaml:10:27 unknown-column"]),
        (
            "Name,ID\nAda,E1\n",
            vec![
                "yaml:6:13 unknown-column",
                "yaml:8:30 unknown-column",
                "yaml:10:27 unknown-column",
                "yaml:10:45 unknown-column",
            ],
        ),
        ("Mail,Name,ID,Start,Team,Site\na\0", vec!["not-utf8"]),
    ] {
        let codes = found(MAPPED, text);
        assert_eq!(codes.len(), expected.len(), "{codes:?} in {text}");
        for (code, expected) in codes.iter().zip(expected) {
            assert_eq!(code.rsplit(' ').next(), expected.rsplit(' ').next(), "{codes:?} in {text}");
        }
    }
}

#[test]
fn a_renamed_column_is_suggested() {
    let folder = folder(MAPPED, &[("a.csv", b"Mail,Name,ID,Start,Teams,Site\na@b.example,,,,,\n")]);
    let loaded = read(folder.path());
    assert_eq!(loaded.diagnostics[0].help.as_deref(), Some("did you mean `Teams`?"));
}

#[test]
fn many_wrong_rows_are_counted_and_not_listed() {
    let text = format!("{HEADER}{}", "bad\n".repeat(50));
    let codes = found(MAPPED, text);
    assert_eq!(codes.iter().filter(|code| code.ends_with("broken-row")).count(), 20);
    assert_eq!(codes.iter().filter(|code| *code == "too-many-problems").count(), 1);
}

#[test]
fn where_leaves_rows_out_and_expect_wants_enough_of_the_rest() {
    let only = |more: &str| {
        format!(
            "hr: {{ sources: [{{ name: a, csv: hr/a.csv, user: U, groups: [{{ column: G }}], where: {{ S: [active, Leave] }}{more} }}] }}\n"
        )
    };
    let text = "U,S,G\na@b.example, ACTIVE,X\nc@d.example,leave,Y\ne@f.example,gone,Z\n,gone,\n";
    let read = desired(&only(""), text);
    assert_eq!((read.users.len(), read.groups.len(), read.exports[0].rows.left_out), (2, 2, 2));
    assert_eq!(found(&only(", expect: { rows: 2, groups: 2 }"), text), Vec::<String>::new());
    assert_eq!(found(&only(", expect: { rows: 3 }"), text).len(), 1);
    assert_eq!(found(&only(", expect: { groups: 3 }"), text).len(), 1);
    assert_eq!(
        found(&only(""), "U,S,G\na@b.example,gone,X\n"),
        ["empty-export", "yaml:2:90 no-such-cell", "yaml:2:98 no-such-cell"]
    );
}

#[test]
fn hrdcs_own_format_needs_no_mapping() {
    let text = "user_lookup_id,employee_id,email_address,display_name,group,track,delete_user\n\
                a@b.example,E1,a2@b.example,Ada,X,n,\na@b.example,E1,,,Y,,N\nE9,,,,,y,\n";
    let desired = desired(HRDC, text);
    let [ada, other] = &desired.users[..] else { panic!("two users") };
    assert_eq!(
        (groups(ada), ada.tracking.declared().map(|it| it.value)),
        (vec!["X", "Y"], Some(Tracking::Untracked))
    );
    assert!(matches!(&ada.emails, Members::AtLeast(emails) if emails.len() == 1));
    assert_eq!(
        (other.tracking.declared(), ada.order.as_ref()),
        (None, None),
        "`y` starts nothing, as in HRDC"
    );
    assert_eq!(desired.groups[0].state, GroupState::Present);
    for (text, expected) in [
        ("user_lookup_id,track\na@b.example,no\n", "2:2 invalid-cell"),
        ("user_lookup_id,delete_user\na@b.example,y\n", "2:2 undated-removal"),
        ("user_lookup_id,groups\na@b.example,X\n", "1:2 unknown-column"),
        ("user_lookup_id,group,group\na@b.example,X,Y\n", "1:3 unknown-column"),
        ("email_address,group\na@b.example,X\n", "yaml:2:17 unknown-column"),
    ] {
        assert_eq!(found(HRDC, text), [expected], "{text}");
    }
}

#[test]
fn a_dated_removal_is_an_order_that_its_row_names() {
    let dated = "hr: { sources: [{ name: hrdc, csv: hr/a.csv, remove: { decided: 2026-05-02, reason: left, unblock: true } }] }\n";
    let folder = folder(dated, &[("a.csv", b"user_lookup_id,delete_user\na@b.example,y\nb@b.example,\n")]);
    let loaded = read(folder.path());
    let desired = loaded.desired.unwrap();
    let order = desired.users[0].order.as_ref().unwrap();
    assert_eq!((order.kind, order.decided), (OrderKind::Remove(Afterwards::Unblock), date(2026, 5, 2)));
    assert!(loaded.sources.locate_origin(order.origin).unwrap().to_string().ends_with("hr/a.csv:2:2"));
    assert!(desired.users[1].order.is_none());
}

#[test]
fn unmatched_and_create_say_what_becomes_of_a_row_that_matches_nobody() {
    let source = |more: &str| {
        format!(
            "hr: {{ sources: [{{ name: a, csv: hr/a.csv, user: Mail, fields: {{ email: Mail }}{more} }}] }}\n"
        )
    };
    for (more, missing) in [
        ("", Missing::Block),
        (", unmatched: block", Missing::Block),
        (", unmatched: list", Missing::List),
        (", unmatched: list, create: true", Missing::Create),
        (", create: false", Missing::Block),
    ] {
        let user = &desired(&source(more), "Mail\na@b.example\n").users[0];
        assert_eq!((user.missing, user.lookups.len()), (missing, 0), "{more}");
    }
    let nobody = "hr: { sources: [{ name: a, csv: hr/a.csv, user: Mail, create: true }] }\n";
    assert_eq!(found(nobody, "Mail\na@b.example\n"), ["yaml:2:63 missing-key"]);
}

#[test]
fn a_file_that_is_hidden_is_not_read_neither_by_its_name_nor_behind_a_link() {
    let folder = folder(
        "hr: { sources: [{ name: a, csv: .keys/a.csv, user: Mail }] }\n",
        &[("a.csv", b"Mail\na@b.example\n")],
    );
    fs::rename(folder.path().join("hr"), folder.path().join(".keys")).unwrap();
    let codes = || read(folder.path()).diagnostics.iter().map(|it| it.code.name()).collect::<Vec<_>>();
    assert_eq!(codes(), ["hidden-path"]);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(folder.path().join(".keys"), folder.path().join("hr")).unwrap();
        let said = fs::read_to_string(folder.path().join("rollcall.yaml")).unwrap();
        fs::write(folder.path().join("rollcall.yaml"), said.replace(".keys/", "hr/")).unwrap();
        // The link, and what is named behind it.
        assert_eq!(codes(), ["hidden-path"; 2]);
    }
}

#[test]
fn a_manifest_names_no_file_but_one_that_is_named_as_an_export_is() {
    let manifest = |csv: &str| format!("hr: {{ sources: [{{ name: a, csv: '{csv}', user: Mail }}] }}\n");
    for (file, codes) in [
        ("hr/a.CSV", &[][..]),
        ("hr/a.txt", &[]),
        ("hr/key.json", &["yaml:2:33 not-a-table"]),
        ("hr/key", &["yaml:2:33 not-a-table"]),
        ("hr/key.pem", &["yaml:2:33 not-a-table"]),
        ("hr/key.csv.bak", &["yaml:2:33 not-a-table"]),
    ] {
        let name = file.strip_prefix("hr/").unwrap();
        let folder = folder(&manifest(file), &[(name, b"Mail\na@b.example\n")]);
        assert_eq!(shown(&read(folder.path())), codes, "{file}");
    }
    let key = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG\n-----END PRIVATE KEY-----\n";
    assert_eq!(
        found(&manifest("hr/a.csv").replace("Mail", "'-----BEGIN PRIVATE KEY-----'"), key),
        ["yaml:2:33 not-a-table"]
    );
    #[cfg(unix)]
    {
        // Neither does a link of such a name.
        let folder = folder(&manifest("hr/a.csv"), &[("key.json", b"Mail\na@b.example\n")]);
        std::os::unix::fs::symlink("key.json", folder.path().join("hr/a.csv")).unwrap();
        assert_eq!(shown(&read(folder.path())), ["yaml:2:33 not-a-table"]);
    }
}

#[test]
fn an_export_over_its_limits_is_read_no_further() {
    let rows: Vec<String> =
        (0..20).map(|at| format!("u{at}@b.example,,,,X,\nu{at}@b.example,,,,Y,\n")).collect();
    let rows = rows.concat();
    let folder = folder(MAPPED, &[("a.csv", format!("{HEADER}{rows}").as_bytes())]);
    let within = |limits| {
        let loaded = gather_within(folder.path(), &Exports::default(), limits).judge(date(2026, 5, 10));
        loaded.diagnostics.iter().map(|it| it.message.clone()).collect::<Vec<_>>()
    };
    assert_eq!(within(Limits { people: 20, ..Limits::default() }), Vec::<String>::new());
    let of_people = within(Limits { people: 10, ..Limits::default() });
    assert_eq!(of_people, ["the exports name more than 10 people whom no manifest does"]);
    let of_bytes = within(Limits { export: 99, ..Limits::default() });
    assert_eq!(of_bytes, [format!("this file has {} bytes, at most 99 are read", HEADER.len() + rows.len())]);
}

#[test]
fn of_what_is_outside_the_repository_not_even_is_told_whether_it_is_there() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("there.csv"), "Mail\na@b.example\n").unwrap();
    fs::create_dir(outside.path().join("folder.csv")).unwrap();
    let up = outside.path().file_name().unwrap().to_string_lossy().into_owned();
    let told = |name: &str| {
        let csv = format!("../{up}/{name}");
        let manifest = format!("hr: {{ sources: [{{ name: a, csv: '{csv}', user: Mail }}] }}\n");
        let loaded = read(folder(&manifest, &[]).path());
        let [one] = &loaded.diagnostics[..] else { panic!("{:?}", loaded.diagnostics) };
        (one.code, one.message.rsplit_once("` ").unwrap().1.to_owned(), one.help.clone())
    };
    let there = told("there.csv");
    assert_eq!(there.0, Code::LinkLeavesRepository);
    for other in ["gone.csv", "THERE.csv", "ther.csv", "folder.csv", "gone/a.csv", "there.csv/x"] {
        assert_eq!(told(other), there, "{other}");
    }
}

#[test]
fn of_a_file_that_is_no_export_no_more_than_a_few_characters_are_shown() {
    const SECRET: &str = "glcbt-64_S3CRETs3cretS3CRET";
    let files = [
        (
            "'[core]'",
            format!(
                "[core]\n\turl = https://ci:{SECRET}@gitlab.example.com/a.git\n\tfetch = +refs/*\n[gc]\nauto = 0\n"
            ),
        ),
        ("'A=1'", format!("A=1\nTOKEN={SECRET}\nPASSWORD: {SECRET} x\n")),
        ("user", format!("user,password\nroot,{SECRET}\n{SECRET},x\n")),
        ("'# keys'", format!("# keys\n{SECRET} {SECRET}\n\"{SECRET} and more\"\n")),
        ("Mail", format!("{SECRET}\n{SECRET}\n")),
        ("Mail", format!("{SECRET}{SECRET},{SECRET}{SECRET}\nx,y\n")),
    ];
    let options = [
        "fields: { email: COLUMN }",
        "fields: { upn: COLUMN, displayName: COLUMN }",
        "where: { COLUMN: [x] }",
        "where: { COLUMN: ['[gc]'] }, unmatched: list",
        "attributes: { a: COLUMN }, dates: { a: '%Y-%m-%d' }",
        "encoding: utf-8",
    ];
    for (column, text) in &files {
        for options in options {
            let options = options.replace("COLUMN", column);
            let manifest =
                format!("hr: {{ sources: [{{ name: a, csv: hr/a.csv, user: {column}, {options} }}] }}\n");
            let loaded = read(folder(&manifest, &[("a.csv", text.as_bytes())]).path());
            for it in &loaded.diagnostics {
                let all = format!("{} {:?} {:?} {:?}", it.message, it.help, it.label, it.related);
                assert!(!all.contains(&SECRET[..9]), "{options} {text}: {all}");
            }
        }
    }
}

#[test]
fn a_file_is_found_from_its_manifest_and_stays_in_the_repository() {
    let manifest = |csv: &str| format!("hr: {{ sources: [{{ name: a, csv: '{csv}', user: Mail }}] }}\n");
    let codes = |manifest: &str| found(manifest, "Mail\na@b.example\n");
    assert_eq!(codes(&manifest("./hr/../hr/a.csv")), Vec::<String>::new());
    assert_eq!(codes(&manifest("hr/b.csv")), ["yaml:2:33 unreadable"]);
    assert_eq!(codes(&manifest("hr")), ["yaml:2:33 not-a-file"]);
    assert_eq!(codes("hr: { sources: [{ name: a, user: Mail }] }\n"), ["yaml:2:17 no-export"]);
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("a.csv"), "Mail\na@b.example\n").unwrap();
    let up = format!("../{}/a.csv", outside.path().file_name().unwrap().to_string_lossy());
    assert_eq!(codes(&manifest(&up)), ["yaml:2:33 link-leaves-repository"]);
    assert_eq!(
        codes(&manifest(&outside.path().join("a.csv").to_string_lossy()))[0],
        "yaml:2:33 link-leaves-repository"
    );
}

#[test]
fn a_file_that_is_given_stands_for_the_one_that_a_manifest_names() {
    let folder = folder(
        "hr: { sources: [{ name: b, user: Mail }, { name: a, csv: hr/gone.csv, user: Mail }] }\n",
        &[],
    );
    let outside = tempfile::tempdir().unwrap();
    let mut given = BTreeMap::new();
    for name in ["a", "b"] {
        let path = outside.path().join(name);
        fs::write(&path, format!("Mail\n{name}@b.example\n")).unwrap();
        given.insert(name.into(), path);
    }
    let loaded = load(folder.path(), date(2026, 5, 10), &Exports::Read(given));
    assert_eq!(loaded.hr_sources, ["a".into(), "b".into()]);
    let desired = loaded.desired.unwrap();
    assert_eq!(desired.exports.iter().map(|export| &*export.name).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(desired.users.len(), 2);
    let ignored = load(folder.path(), date(2026, 5, 10), &Exports::Ignored);
    assert!(ignored.desired.is_none() && ignored.account.is_some() && ignored.diagnostics.is_empty());
}

#[test]
fn a_manifest_can_name_the_user_of_a_row() {
    let groups = "groups: [{ name: Club, members: [A@b.example, E7] }]\npolicy: { protected: { users: [a@b.example] } }\n";
    let text = format!("{HEADER}a@b.example,,,,X,\nE7,,,,X,\n");
    assert_eq!(found(&format!("{MAPPED}{groups}"), text), Vec::<String>::new());
}

#[test]
fn an_attribute_that_only_an_export_maps_is_one_that_users_have() {
    let rule = "groups: [{ name: New, match: { started: { after: 2026-01-01 } } }]\n";
    assert_eq!(
        found(&format!("{MAPPED}{rule}"), format!("{HEADER}a@b.example,,,02/05/2026,X,\n")),
        Vec::<String>::new()
    );
    assert_eq!(
        found(&format!("{MAPPED}{rule}"), format!("{HEADER}a@b.example,,,,X,\n")),
        Vec::<String>::new()
    );
}
