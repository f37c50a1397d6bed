//! `--hr NAME=FILE`: a file for an HR export, on every command that reads them.

use super::Folder;

/// One source without a file, and one with one that is not there.
const SOURCES: &str = "hr:
  sources:
    - { name: workday, user: Mail, groups: [{ column: Office }] }
    - { name: payroll, csv: hr/gone.csv, user: Mail }
";
const WORKDAY: &str =
    "Mail,Office\nada@acme.example,Oslo office\nE2,Oslo office\ncy@acme.example,Oslo office\n";
const PAYROLL: &str = "Mail\nada@acme.example\n";
const BOTH: [&str; 4] = ["--hr", "workday=a.csv", "--hr", "payroll=sub/b.csv"];

fn folder() -> Folder {
    let folder = Folder::new(SOURCES);
    std::fs::create_dir(folder.path().join("sub")).unwrap();
    folder.write("a.csv", WORKDAY);
    folder.write("sub/b.csv", PAYROLL);
    folder
}

#[test]
fn a_file_from_the_command_line_is_read_for_the_source_of_that_name() {
    let folder = folder();
    for command in [&["validate"][..], &["plan"], &["hr", "preview"], &["explain", "E2"], &["apply", "--yes"]]
    {
        let ran = folder.run(&[command, &BOTH].concat());
        assert_eq!(ran.code, 0, "{command:?}\n{}{}", ran.out, ran.err);
    }
    let ran = folder.run(&[&["plan", "--json", "-"], &BOTH[..]].concat());
    let plan: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(
        (&plan["exports"][0]["file"], &plan["exports"][1]["file"]),
        (&"sub/b.csv".into(), &"a.csv".into())
    );
    assert_eq!(plan["status"], "empty");
}

#[test]
fn a_source_without_a_file_says_how_to_give_one() {
    let ran = folder().run(&["validate"]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("`--hr workday=FILE`") && ran.out.contains("hr/gone.csv"), "{}", ran.out);
}

#[test]
fn a_name_that_no_source_has_is_a_usage_error_with_a_suggestion() {
    let folder = folder();
    for (given, said) in [
        (&["--hr", "wrokday=a.csv"][..], "did you mean `workday`?"),
        (&["--hr", "x=a.csv"], "the sources are: payroll, workday"),
        (&["--hr", "workday=a.csv", "--hr", "workday=b.csv"], "twice"),
        (&["--hr", "workday"], "NAME=FILE"),
    ] {
        for command in ["validate", "plan"] {
            let ran = folder.run(&[&[command], given].concat());
            assert!(ran.code == 64 && ran.err.contains(said), "{given:?}: {} {}", ran.code, ran.err);
        }
    }
}

#[test]
fn a_listing_does_not_read_exports() {
    assert_eq!(folder().run(&["list", "groups"]).code, 0);
}

#[test]
fn a_base_branch_reads_the_same_files_and_its_stricter_shrink_holds() {
    let folder = folder();
    let base = folder.path().join("base");
    std::fs::create_dir(&base).unwrap();
    let head = |expect: &str| {
        format!(
            "account: {{ name: acme, platform: sandbox, seed: account.json }}\nhr: {{ sources: [{{ name: workday, user: Mail, groups: [{{ column: Office }}]{expect} }}] }}\n"
        )
    };
    folder.write("a.csv", "Mail,Office\nE1,Oslo office\n");
    folder.write("base/rollcall.yaml", &head(", expect: { rows: 1, shrink: { percent: 0 } }"));
    std::fs::create_dir(folder.path().join("head")).unwrap();
    std::fs::copy(folder.path().join("account.json"), folder.path().join("head/account.json")).unwrap();
    folder.write("head/rollcall.yaml", &head(""));
    let plan = ["plan", "head", "--hr", "workday=a.csv"];
    assert_eq!(folder.run(&plan).code, 0);
    let ran = folder.run(&[&plan[..], &["--base", "base"]].concat());
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(
        ran.out.contains("shrink of workday: 0 → 5 % but at least 3")
            && ran.out.contains("expect.rows of workday: 1 → 0")
            && ran.out.contains("1 planned, 0 allowed"),
        "{}",
        ran.out
    );
}
