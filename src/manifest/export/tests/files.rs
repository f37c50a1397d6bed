//! In what shapes do files come? Titles above the header, cells left out, other encodings, times behind dates.

use crate::manifest::export::tests::{desired, found};

/// A source that maps two of the columns of its file.
fn source(more: &str) -> String {
    format!(
        "hr: {{ sources: [{{ name: a, csv: hr/a.csv, user: Mail, groups: [{{ column: T }}]{more} }}] }}\n"
    )
}

#[test]
fn lines_above_the_header_are_skipped_where_the_source_says_so() {
    let body = "Mail;T\na@b.example;X\n";
    for (skip, above) in [
        ("", ""),
        ("", "sep=;\n"),
        ("", "\n\n"),
        (", skip: 1", "Worker \"Directory\n"),
        (", skip: 3", "Worker Directory\nEffective as of,05/04/2026,\n\n"),
        (", skip: 2", "sep=;\nTitle, of a report\n"),
        (", skip: 0", ""),
    ] {
        assert_eq!(desired(&source(skip), &format!("{above}{body}")).users.len(), 1, "{above:?}");
    }
    for delimiter in ['|', '\t', ',', '^'] {
        let text = format!("sep={delimiter}\n{}", body.replace(';', &delimiter.to_string()));
        assert_eq!(desired(&source(""), &text).users.len(), 1, "{text}");
    }
}

#[test]
fn a_row_below_titles_has_the_line_that_it_has_in_the_file() {
    let text = "Title\nAs of,2026\n\nMail,T\na@b.example,X\n,X\n";
    assert_eq!(found(&source(", skip: 3"), text), ["6:1 invalid-cell"]);
}

#[test]
fn a_header_that_stands_elsewhere_is_one_error() {
    for (skip, text) in [
        ("", "Worker Directory\nEffective as of Date,05/04/2026\n\nMail,T\na@b.example,X\n"),
        ("", "Worker Directory\nMail;T\na@b.example;X\n"),
        ("", "Mail report\nMail,T\na@b.example,X\n"),
        (", skip: 2", "Mail,T\na@b.example,X\nc@d.example,Y\n"),
    ] {
        let codes = found(&source(skip), text);
        assert!(matches!(&codes[..], [code] if code.ends_with("unknown-column")), "{codes:?} in {text}");
    }
    let none = "Name,Team\na,X\nb,Y\n";
    assert_eq!(found(&source(""), none).len(), 2, "no line has the columns");
}

#[test]
fn a_row_may_lack_last_cells_that_nobody_reads() {
    let header = "Mail,T,Notes,More\n";
    assert_eq!(
        desired(&source(""), &format!("{header}a@b.example,X,n,m\nc@d.example,X\ne@f.example,Y,n\n"))
            .users
            .len(),
        3
    );
    assert_eq!(
        desired(&source(", where: { T: [X] }"), &format!("{header}a@b.example,X\nc@d.example,Y\n"))
            .users
            .len(),
        1
    );
    let cut = desired(&source(""), &format!("{header}a@b.example,X,n"));
    assert_eq!(cut.users.len(), 1, "cut, if at all, where nobody reads");
    for (text, line) in [
        // What is read is missing: a group, an attribute, what `where` asks for.
        ("a@b.example\nc@d.example,X,n,m\n", "2:1 broken-row"),
        // Without its line break nobody knows what was cut off, even of cells that are there.
        ("a@b.example,X,n,m\nc@d.example,X", "3:1 broken-row"),
    ] {
        assert_eq!(found(&source(""), format!("{header}{text}")), [line], "{text}");
    }
    for more in [", where: { Notes: [n] }", ", attributes: { note: Notes }"] {
        assert_eq!(
            found(&source(more), format!("{header}a@b.example,X,n,m\nc@d.example,X\n")),
            ["3:1 broken-row"],
            "{more}"
        );
    }
}

#[test]
fn an_encoding_is_read_as_it_is_declared_and_said_where_it_is_a_guess() {
    let named = |more: &str| {
        format!(
            "hr: {{ sources: [{{ name: a, csv: hr/a.csv, user: Mail, fields: {{ displayName: N }}{more} }}] }}\n"
        )
    };
    let polish = b"Mail,N,X\na@b.example,\xa3ukasz,\n";
    let folder =
        crate::manifest::export::tests::folder(&named(", encoding: windows-1250"), &[("a.csv", polish)]);
    let loaded = crate::manifest::export::tests::read(folder.path());
    assert_eq!(
        loaded.desired.unwrap().users[0].display_name.declared().unwrap().value.as_written(),
        "Łukasz"
    );
    assert_eq!(found(&named(""), polish), ["2:2 guessed-encoding"]);
    assert_eq!(
        found(&named(", encoding: windows-1252"), b"Mail,N\na@b.example,Zo\xeb\n"),
        Vec::<String>::new()
    );
    assert_eq!(
        found(&named(""), b"Mail,N,X\na@b.example,Zoe,\xeb\n"),
        Vec::<String>::new(),
        "nobody reads it"
    );
    assert_eq!(
        found(&named(", encoding: windows-1250"), "Mail,N\na@b.example,Zoë\n"),
        ["yaml:2:93 not-utf8"]
    );
    assert_eq!(found(&named(", encoding: utf-8"), b"Mail,N\na@b.example,Zo\xeb\n"), ["not-utf8"]);
    assert_eq!(
        found(&named(", encoding: klingon"), "Mail,N\na@b.example,Zoe\n"),
        ["yaml:2:93 invalid-value"]
    );
    assert_eq!(found(&named(""), "Mail,N\na@b.example,MÃ¼ller\n"), ["2:2 invalid-cell"]);
}

#[test]
fn a_date_may_have_a_time_behind_it_and_several_forms() {
    let dated = |forms: &str| {
        format!(
            "hr: {{ sources: [{{ name: a, csv: hr/a.csv, user: M, attributes: {{ start: D }}, dates: {{ start: {forms} }} }}] }}\n"
        )
    };
    for (forms, text) in [
        ("'%Y-%m-%d %H:%M:%S'", "2023-05-03 00:00:00"),
        ("'%m/%d/%Y %H:%M'", "05/03/2023 0:00"),
        ("['%Y-%m-%d', '%d.%m.%Y']", "3.5.2023"),
        ("['%Y-%m-%d', '%Y-%m-%dT%H:%M:%SZ']", "2023-05-03T00:00:00Z"),
    ] {
        let users = desired(&dated(forms), &format!("M,D\na@b.example,{text}\n")).users;
        assert_eq!(&*users[0].attributes[0].1.value, "2023-05-03", "{text}");
    }
    for (forms, text) in [("'%Y-%m-%d'", "2023-05-03 00:00:00"), ("['%d/%m/%Y', '%m/%d/%Y']", "03/05/2023")] {
        assert_eq!(
            found(&dated(forms), format!("M,D\na@b.example,{text}\n")),
            ["2:2 invalid-cell"],
            "{text}"
        );
    }
    assert_eq!(found(&dated("[]"), "M,D\na@b.example,2023-05-03\n"), ["yaml:2:94 invalid-value"]);
}
