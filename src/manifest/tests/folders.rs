//! What a folder of files says.

use std::fs;
use std::path::Path;

use jiff::civil::date;

use crate::manifest::{Exports, Loaded, load};

const TODAY: jiff::civil::Date = date(2026, 5, 10);

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join(".git")).unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn codes(loaded: &Loaded) -> Vec<&'static str> {
    loaded.diagnostics.iter().map(|it| it.code.name()).collect()
}

fn loaded(folder: &tempfile::TempDir, below: &str) -> Loaded {
    load(&folder.path().join(Path::new(below)), TODAY, &Exports::default())
}

#[test]
fn files_of_a_folder_are_one_account() {
    let folder = folder(&[
        ("rollcall.yaml", "account: { name: a, platform: activtrak, region: us }\n"),
        ("teams/b.yml", "users: [{ employeeId: 2 }]\n"),
        ("teams/a.yaml", "users: [{ employeeId: 1 }]\n"),
        (".hidden/c.yaml", "users: 7\n"),
        ("notes.txt", "no manifest"),
    ]);
    let loaded = loaded(&folder, "");
    assert_eq!(codes(&loaded), [""; 0]);
    let desired = loaded.desired.unwrap();
    let ids: Vec<_> =
        desired.users.iter().map(|user| user.employee_ids.listed()[0].value.to_string()).collect();
    assert_eq!(ids, ["1", "2"]);
}

#[test]
fn shared_manifests_are_included_once() {
    let account = "account: { name: a, platform: activtrak, region: us }\ninclude: [../common, ../common]\n";
    let folder = folder(&[
        ("acme/rollcall.yaml", account),
        ("acme/users.yaml", "users: [{ employeeId: 1 }]\n"),
        ("common/groups.yaml", "groups: [{ name: Everybody }]\n"),
    ]);
    let loaded = loaded(&folder, "acme");
    assert_eq!(codes(&loaded), [""; 0]);
    assert_eq!(loaded.desired.unwrap().groups.len(), 1);
    assert_eq!(loaded.sources.files().len(), 3);
}

#[test]
fn an_include_stays_in_the_repository_and_exists() {
    for (include, code) in
        [("../gone", "unreadable"), ("../../../..", "link-leaves-repository"), ("../.git", "hidden-path")]
    {
        let account =
            format!("account: {{ name: a, platform: activtrak, region: us }}\ninclude: [{include}]\n");
        let folder =
            folder(&[("acme/rollcall.yaml", &account), ("acme/u.yaml", "users: [{ employeeId: 1 }]\n")]);
        let loaded = loaded(&folder, "acme");
        assert_eq!(codes(&loaded), [code], "{include}");
        assert!(matches!(loaded.diagnostics[0].place, crate::diag::Place::Span(_)));
        assert!(loaded.desired.is_none());
    }
}

#[test]
fn no_manifest_is_an_error_and_nothing_else() {
    let folder = folder(&[("notes.txt", "")]);
    assert_eq!(codes(&loaded(&folder, "")), ["no-manifests"]);
    assert_eq!(codes(&loaded(&folder, "gone")), ["unreadable"]);
}
