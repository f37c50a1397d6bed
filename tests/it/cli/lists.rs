//! A learning platform without its API: exported lists of users in, files for its pages out.
//!
//! The sentences of the guide for training administrators about CSV files, and what can be wrong with such files.

use std::fmt::Write as _;
use std::fs;

use super::{Folder, Ran};

const HEAD: &str = "account: { name: acme, platform: docebo, id: acme, username: email }\n";

const MANIFEST: &str = "users:
  - { displayName: Ada Lovelace, email: ada@acme.example }
  - { displayName: Bo Nilsen, email: bo@acme.example }
  - { displayName: Cy Young, email: cy@acme.example }
groups:
  - { name: Forklift drivers, members: [ada@acme.example, bo@acme.example] }
";

const EVERYBODY: &str = "Username,First name,Last name,Email
ada@acme.example,Ada,Lovelace,ada@acme.example
bo@acme.example,Bo,Nilsen,bo@acme.example
cy@acme.example,Cy,Young,cy@acme.example
";

const DRIVERS: &str = "Username,First name,Last name\ncy@acme.example,Cy,Young\n";

fn folder(body: &str) -> Folder {
    let folder = Folder::new("");
    folder.write("rollcall.yaml", &format!("{HEAD}{body}"));
    fs::create_dir(folder.path().join("lists")).unwrap();
    folder.write("everybody.csv", EVERYBODY);
    folder.write("lists/Forklift drivers.csv", DRIVERS);
    folder
}

/// Runs a command over the lists and everybody.
#[track_caller]
fn over(folder: &Folder, args: &[&str]) -> Ran {
    folder.run(&[args, &["--observed", "lists", "--observed-users", "everybody.csv"]].concat())
}

#[track_caller]
fn said(ran: &Ran) -> String {
    ran.out.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn says(ran: &Ran, sentences: &[&str]) {
    let said = said(ran);
    for sentence in sentences {
        assert!(said.contains(sentence), "{sentence}: {}{}", ran.out, ran.err);
    }
}

fn read(folder: &Folder, file: &str) -> String {
    fs::read_to_string(folder.path().join(file)).unwrap()
}

#[test]
fn users_are_associated_by_a_csv_file_that_holds_who_is_missing_and_the_next_list_settles_it() {
    let folder = folder(MANIFEST);
    let plan = over(&folder, &["plan"]);
    assert_eq!(plan.code, 0, "{}", plan.err);
    says(
        &plan,
        &[
            "LISTS: what was exported of the platform, 1 group and all users",
            "1 → 2 + Ada Lovelace + Bo Nilsen - Cy Young",
            "upload associations/Forklift drivers.csv, 2 rows: + Ada Lovelace",
            "<ada@acme.example>, + Bo Nilsen <bo@acme.example>",
            "Manage group associations via CSV",
            "take out of Forklift drivers: - Cy Young <cy@acme.example>",
            "takes nobody out",
        ],
    );
    assert!(!plan.out.contains("request"), "{}", plan.out);
    let exported = over(&folder, &["export", "associations", "associations"]);
    assert_eq!(exported.code, 0, "{}", exported.err);
    says(&exported, &["into Forklift drivers", "2 rows, 42 bytes", "NOT BY A FILE", "takes nobody out"]);
    let file = read(&folder, "associations/Forklift drivers.csv");
    assert_eq!(file, "username\nada@acme.example\nbo@acme.example\n");
    // Uploaded, and clicked; then exported again.
    folder.write("lists/Forklift drivers.csv", "Username\nada@acme.example\nbo@acme.example\n");
    let again = over(&folder, &["plan", "--detailed-exitcode"]);
    assert_eq!(again.code, 0, "{}{}", again.out, again.err);
    let exported = over(&folder, &["export", "associations", "associations"]);
    says(&exported, &["No file is needed"]);
    assert!(exported.err.contains("Forklift drivers.csv is not of this plan"), "{}", exported.err);
}

#[test]
fn json_says_file_by_file_which_upload_makes_which_change() {
    let plan = over(&folder(MANIFEST), &["plan", "--json", "-"]);
    let plan: serde_json::Value = serde_json::from_str(&plan.out).unwrap();
    let steps: Vec<&str> =
        plan["manual"].as_array().unwrap().iter().map(|step| step["what"].as_str().unwrap()).collect();
    assert!(steps[0].starts_with("upload associations/Forklift drivers.csv, 2 rows: + Ada"), "{steps:?}");
    assert_eq!(plan["requests"], 0);
    assert_eq!(plan["reading"]["users"], 3);
}

#[test]
fn whoever_is_not_there_is_in_the_file_that_makes_users_and_the_same_file_adds_them_to_a_group() {
    let folder = folder(MANIFEST);
    folder.write("everybody.csv", &EVERYBODY.replace("ada@acme.example,Ada,Lovelace,ada@acme.example\n", ""));
    let plan = over(&folder, &["plan"]);
    says(
        &plan,
        &[
            "+ Ada Lovelace",
            "upload users.csv, 1 row: + Ada Lovelace <ada@acme.example>",
            "Import and manage > CSV",
        ],
    );
    let users = over(&folder, &["export", "users", "users.csv"]);
    assert_eq!(users.code, 0, "{}", users.err);
    let file = "username,firstname,lastname,email\nada@acme.example,Ada,Lovelace,ada@acme.example\n";
    assert_eq!(read(&folder, "users.csv"), file);
    let columns = "username,firstname,lastname,email";
    over(&folder, &["export", "associations", "out", "--columns", columns]);
    assert!(read(&folder, "out/Forklift drivers.csv").starts_with(file), "the same rows and columns");
}

#[test]
fn without_the_list_of_all_users_nobody_is_said_to_be_missing() {
    let folder = folder(MANIFEST);
    let plan = folder.run(&["plan", "--observed", "lists"]);
    assert_eq!(plan.code, 0, "{}", plan.err);
    says(
        &plan,
        &[
            "no list of all users",
            "these users are on no list, and are taken as there (--observed-users): Ada Lovelace",
            "Read 1 user and 1 group",
            "upload associations/Forklift drivers.csv, 2 rows",
        ],
    );
    assert!(!plan.out.contains("USERS\n"), "{}", plan.out);
    let users = folder.run(&["export", "users", "users.csv", "--observed", "lists"]);
    assert!(users.code == 64 && users.err.contains("not known who is not there"), "{}", users.err);
}

#[test]
fn what_lists_have_no_place_for_is_left_out_aloud() {
    let manifest =
        MANIFEST.replace("email: cy@acme.example }", "email: cy@acme.example, status: deactivated }");
    let manifest = manifest.replace("{ name: Forklift", "{ description: Who may drive, name: Forklift");
    let folder = folder(&format!("{manifest}  - {{ name: Fresh, description: New ones, members: [] }}\n"));
    let plan = over(&folder, &["plan"]);
    assert_eq!(plan.code, 0, "{}{}", plan.out, plan.err);
    says(
        &plan,
        &[
            "the list of users has no place for descriptions of groups: said 2 times, and",
            "the list of users has no place for the deactivation of users: said once, and",
            "make the group Fresh, populated manually",
        ],
    );
}

#[test]
fn nothing_is_applied_to_lists() {
    let folder = folder(MANIFEST);
    let applied = over(&folder, &["apply", "--yes"]);
    assert_eq!(applied.code, 64, "{}{}", applied.out, applied.err);
    assert!(
        applied.err.contains("lists can't be written to")
            && applied.err.contains("rollcall export associations")
    );
}

#[test]
fn what_no_file_does_is_a_step_by_hand() {
    let folder = folder(
        "groups:
  - { name: Drivers, formerly: Forklift drivers, members: [cy@acme.example] }
  - { name: Fresh, members: [cy@acme.example] }
  - { name: Pilot, state: deleted }
  - { name: Gone, state: deleted }
users: [{ email: cy@acme.example }]
",
    );
    folder.write("lists/Pilot.csv", "Username\n");
    let plan = over(&folder, &["plan"]);
    says(
        &plan,
        &[
            "rename the group Forklift drivers to Drivers",
            "make the group Fresh, populated manually",
            "delete the group Pilot",
            "no list of Fresh was given: it is taken as not there",
            "no list of Gone was given: whether it is still there is not seen",
        ],
    );
}

#[test]
fn lists_are_read_however_they_were_saved_and_a_column_can_be_named() {
    let folder = folder(MANIFEST);
    for list in [
        "\u{feff}Username;Status\r\nada@acme.example;Active\r\nbo@acme.example;Active\r\n",
        "Status\tUSER NAME\nActive\tADA@acme.example\nActive\tbo@acme.example",
        "\"Username\",\"Name\"\n\"ada@acme.example\",\"Lovelace, \"\"Ada\"\"\"\n\"bo@acme.example\",\"\"\n",
    ] {
        folder.write("lists/Forklift drivers.csv", list);
        let plan = over(&folder, &["plan", "--detailed-exitcode"]);
        assert_eq!(plan.code, 0, "{list}: {}{}", plan.out, plan.err);
    }
    folder.write("drivers.csv", "Benutzername\nada@acme.example\nbo@acme.example\n");
    let named = ["plan", "--detailed-exitcode", "--observed", "Forklift drivers=drivers.csv"];
    let unknown = folder.run(&named);
    assert_eq!(unknown.code, 1);
    assert!(
        unknown.err.contains("the columns are: Benutzername") && unknown.err.contains("--username-column"),
        "{}",
        unknown.err
    );
    let known = folder.run(&[&named[..], &["--username-column", "benutzername"]].concat());
    assert_eq!(known.code, 0, "{}{}", known.out, known.err);
}

#[test]
fn lists_that_are_not_whole_or_not_of_one_time_are_refused() {
    let folder = folder(MANIFEST);
    for (list, why) in [
        ("", "there is nothing in this file"),
        ("ada@acme.example\nbo@acme.example\n", "the columns are: ada@acme.example"),
        ("Username,Status\nada@acme.example,Active\nbo@ac", "line 3 has 1 cells, and the header 2"),
        ("Username,Status\n\"ada@acme.example,Active\n", "never closed"),
        ("Username,Status\n ,Active\n", "line 2 has no username"),
        (
            "Username\nsomebody@acme.example\n",
            "line 2 of the list of Forklift drivers is of somebody who is not on that of all users",
        ),
        ("<html><body>Sign in</body></html>\n", "the columns are: <html>"),
    ] {
        folder.write("lists/Forklift drivers.csv", list);
        let plan = over(&folder, &["plan"]);
        assert_eq!(plan.code, 1, "{list}: {}", plan.out);
        assert!(plan.err.contains(why), "{list}: {}", plan.err);
        assert_eq!(plan.out, "");
    }
    folder.write("lists/Forklift drivers.csv", DRIVERS);
    folder.write("everybody.csv", &format!("{EVERYBODY}Ada@acme.example,Ada,Lovelace,\n"));
    let plan = over(&folder, &["plan"]);
    assert!(plan.err.contains("in line 2, and again in line 5"), "{}", plan.err);
    let redacted = over(&folder, &["plan", "--redact"]);
    assert!(!redacted.err.contains("Ada@") && redacted.err.contains("withheld"), "{}", redacted.err);
    folder.write("everybody.csv", "Username\n");
    assert!(over(&folder, &["plan"]).err.contains("nobody on it"));
    // A group with nobody in it is one.
    folder.write("everybody.csv", EVERYBODY);
    folder.write("lists/Forklift drivers.csv", "Username,Status\n");
    says(&over(&folder, &["plan"]), &["0 → 2"]);
}

#[test]
fn a_second_download_and_a_second_list_of_one_group_are_asked_about() {
    let folder = folder(MANIFEST);
    folder.write("Forklift drivers (1).csv", DRIVERS);
    let second = folder.run(&["plan", "--observed", "Forklift drivers (1).csv"]);
    assert!(second.code == 1 && second.err.contains("second download of Forklift drivers"), "{}", second.err);
    let both = ["plan", "--observed", "lists", "--observed", "FORKLIFT drivers=Forklift drivers (1).csv"];
    let both = folder.run(&both);
    assert!(both.code == 1 && both.err.contains("two lists of one group"), "{}", both.err);
}

#[test]
fn a_group_whose_name_no_file_can_have_and_hostile_usernames_are_written_as_they_are() {
    let folder = folder(
        "users:
  - { email: '=cmd@acme.example', groups: [../../etc/cron] }
  - { email: bo@acme.example, groups: [../../etc/cron] }
groups: [{ name: ../../etc/cron }]
",
    );
    let exported = folder.run(&["export", "associations", "out", "--observed", "lists"]);
    assert_eq!(exported.code, 0, "{}", exported.err);
    says(&exported, &["1 cell begins with =, +, - or @", "make the group ../../etc/cron"]);
    let files: Vec<_> =
        fs::read_dir(folder.path().join("out")).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert_eq!(files.len(), 1);
    let name = files[0].to_str().unwrap();
    assert!(name.starts_with("_._.._etc_cron-"), "{name}");
    let text = read(&folder, &format!("out/{name}"));
    assert_eq!(text, "username\n=cmd@acme.example\nbo@acme.example\n");
}

#[test]
fn what_the_platform_would_not_take_as_it_is_is_said_all_at_once_and_nothing_is_written() {
    let long = "x".repeat(46);
    let folder = folder(&format!(
        "users:
  - {{ displayName: Long, email: '{long}@acme.example', groups: [Forklift drivers] }}
  - {{ displayName: Far, email: 'a@{long}.example', groups: [Forklift drivers] }}
groups: [{{ name: Forklift drivers }}]
"
    ));
    let refused = over(&folder, &["export", "users", "users.csv"]);
    assert_eq!(refused.code, 1, "{}", refused.out);
    assert_eq!(refused.err.matches("at most 45 characters").count(), 2, "{}", refused.err);
    assert!(!folder.path().join("users.csv").exists());
    let columns = ["export", "users", "users.csv", "--columns", "Login=username,lastname"];
    assert_eq!(over(&folder, &columns).code, 0);
    assert!(read(&folder, "users.csv").starts_with("Login,lastname\n"));
}

/// A platform whose usernames are long numbers: so many rows of a thousand bytes, and one that makes the file as long as it is to be.
fn sized(bytes: usize) -> Folder {
    let folder = Folder::new("");
    let rest = bytes - "username\n".len();
    let mut text =
        "account: { name: acme, platform: docebo, id: acme, username: employeeId }\nusers:\n".to_owned();
    let rows = rest / 1000 - 1;
    for (row, length) in (0..rows).map(|row| (row, 999)).chain([(rows, 999 + rest % 1000)]) {
        writeln!(text, "  - {{ employeeId: 'E{row:0>width$}', groups: [Everybody] }}", width = length - 1)
            .unwrap();
    }
    text.push_str("groups: [{ name: Everybody }]\n");
    folder.write("rollcall.yaml", &text);
    folder.write("Everybody.csv", "Username\n");
    folder
}

#[test]
fn a_file_is_at_most_three_megabytes_and_is_split_between_rows() {
    for (bytes, files) in [
        (2_000_000, &["Everybody.csv"][..]),
        (3_000_000, &["Everybody.csv"]),
        (3_000_001, &["Everybody (part 1 of 2).csv", "Everybody (part 2 of 2).csv"]),
    ] {
        let folder = sized(bytes);
        let exported = folder.run(&["export", "associations", "out", "--observed", "Everybody.csv"]);
        assert_eq!(exported.code, 0, "{}", exported.err);
        let texts: Vec<String> = files.iter().map(|file| read(&folder, &format!("out/{file}"))).collect();
        assert_eq!(fs::read_dir(folder.path().join("out")).unwrap().count(), files.len());
        assert!(texts.iter().all(|text| text.len() <= 3_000_000 && text.starts_with("username\nE0")));
        let whole: usize = texts.iter().map(|text| text.len() - "username\n".len()).sum();
        assert_eq!(whole + "username\n".len(), bytes);
    }
}

#[test]
fn lists_are_for_a_learning_platform_and_the_api_makes_the_same_files() {
    let folder = Folder::new("users: [{ email: cy@acme.example }]\n");
    folder.write("everybody.csv", EVERYBODY);
    let users = folder.run(&["plan", "--observed-users", "everybody.csv"]);
    assert!(users.code == 1 && users.err.contains("an account at ActivTrak"), "{}", users.err);
    let listed = folder.run(&["list", "groups", "--observed", "everybody.csv"]);
    assert_eq!(listed.code, 64, "{}", listed.err);
    folder.write(
        "account.json",
        r#"{"version": 1, "platform": "docebo", "tenant": "acme",
"users": [{"id": 11, "username": "ada@acme.example", "firstName": "Ada", "lastName": "Lovelace"}],
"groups": [{"name": "Forklift drivers"}]}"#,
    );
    let head = "account: { name: acme, platform: sandbox, seed: account.json, username: email }\n";
    folder.write("rollcall.yaml", &format!("{head}{MANIFEST}"));
    let exported = folder.run(&["export", "associations", "out"]);
    assert_eq!(exported.code, 0, "{}", exported.err);
    assert_eq!(read(&folder, "out/Forklift drivers.csv"), "username\nada@acme.example\nbo@acme.example\n");
    assert_eq!(folder.run(&["export", "users", "users.csv"]).code, 0);
    assert_eq!(read(&folder, "users.csv").lines().count(), 3);
}

#[test]
fn lists_can_be_looked_at_and_explained() {
    let folder = folder(MANIFEST);
    let groups = over(&folder, &["list", "groups", "--csv", "-"]);
    assert!(groups.out.contains("Forklift drivers"), "{}{}", groups.out, groups.err);
    let users = folder.run(&["list", "users", "--observed-users", "everybody.csv", "--csv", "-"]);
    assert_eq!(users.out.lines().count(), 4, "{}{}", users.out, users.err);
    let explained = over(&folder, &["explain", "ada@acme.example"]);
    says(&explained, &["Ada Lovelace", "Forklift drivers"]);
}

#[test]
fn limits_hold_for_what_somebody_does_by_hand() {
    let folder = folder(&format!("{MANIFEST}policy: {{ limits: {{ leaveGroup: 0 }} }}\n"));
    let plan = over(&folder, &["plan", "--json", "plan.json"]);
    assert_eq!(plan.code, 3, "{}", plan.out);
    let refused = over(&folder, &["export", "associations", "out"]);
    assert!(refused.code == 3 && refused.err.contains("export with --approve"), "{}", refused.err);
    assert!(!folder.path().join("out").exists());
    let plan: serde_json::Value = serde_json::from_str(&read(&folder, "plan.json")).unwrap();
    let digest = plan["digest"].as_str().unwrap();
    assert_eq!(over(&folder, &["export", "associations", "out", "--approve", digest]).code, 0);
}
