//! Generated documents are what is committed; `BLESS=1 cargo test --test it` writes them anew.

use std::fmt::Write as _;
use std::path::Path;

use rollcall::diag::Code;
use rollcall::plan::BlockerCode;

/// Compares a generated document with the committed one, or writes it.
pub(crate) fn check(path: &str, generated: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    #[expect(clippy::disallowed_methods, reason = "a switch of the test, not of the program")]
    if std::env::var_os("BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, generated).unwrap();
        return;
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == generated, "{} is not current: run `BLESS=1 cargo test --test it`", path.display());
}

#[test]
fn every_diagnostic_is_explained_in_the_docs() {
    let mut text = String::from(
        "# Diagnostics\n\n\
         What `rollcall` can find wrong in manifests, by code, and below it what can block a plan. `rollcall explain CODE` shows\n\
         the same. Generated from `src/diag/code.rs`, the files in `src/diag/explain/` and `src/plan/blocker.rs`;\n\
         `BLESS=1 cargo test --test it` writes it anew.\n\n\
         | code | severity | what is wrong |\n|---|---|---|\n",
    );
    for code in Code::ALL {
        let (name, severity, summary) = (code.name(), code.severity(), code.summary());
        writeln!(text, "| [`{name}`](#{name}) | {severity} | {summary} |").unwrap();
    }
    for code in Code::ALL {
        let mut summary = code.summary().chars();
        let first = summary.next().unwrap().to_uppercase();
        write!(text, "\n## {}\n\n{first}{}.\n\n{}", code.name(), summary.as_str(), code.explain()).unwrap();
    }
    text.push_str(
        "\n# Blockers of a plan\n\n\
         What is unknown or impossible between manifests and account. Nothing approves a blocker; the plan shows both sides and\n\
         the ways out.\n\n| code | what blocks | why, and what to do |\n|---|---|---|\n",
    );
    for code in BlockerCode::ALL {
        writeln!(text, "| `{}` | {} | {} |", code.name(), code.summary(), code.advice()).unwrap();
    }
    check("docs/diagnostics.md", &text);
}

#[test]
fn the_inputs_and_outputs_of_the_action_are_in_the_docs() {
    use crate::action::{SETUP, described};
    use rollcall::github::{INPUTS, OUTPUTS};
    let mut text = String::from(
        "# Inputs and outputs of the action\n\n\
         What a workflow can tell Rollcall, and what it tells the workflow: [github.md](github.md) says what for. `rollcall ci github`\n\
         reads each input from its variable, as [the action](../action.yml) hands it on. Generated from `src/github/inputs.rs` and\n\
         `tests/it/action/definition.rs`; `BLESS=1 cargo test --test it` writes it anew.\n\n\
         | input | default | what it says | variable |\n|---|---|---|---|\n",
    );
    for input in INPUTS {
        let default = if input.default.is_empty() { String::new() } else { format!("`{}`", input.default) };
        let about = described(input.about, input.words);
        writeln!(text, "| `{}` | {default} | {about} | `{}` |", input.name, input.variable()).unwrap();
    }
    text.push_str(
        "\nWhere the action gets the program from is for its first step, `action/install.sh`:\n\n\
         | input | default | what it says |\n|---|---|---|\n",
    );
    for input in SETUP {
        let default = if input.default.is_empty() { String::new() } else { format!("`{}`", input.default) };
        let about = described(input.about, input.words);
        writeln!(text, "| `{}` | {default} | {about} |", input.name).unwrap();
    }
    text.push_str("\n| output | what it says |\n|---|---|\n");
    for output in OUTPUTS {
        writeln!(text, "| `{}` | {} |", output.name, output.about).unwrap();
    }
    check("docs/github-inputs.md", &text);
}

#[test]
fn the_schemas_of_plans_and_reports_are_what_is_committed() {
    check("schemas/plan.v1.json", &rollcall::render::json::plan_schema());
    check("schemas/report.v1.json", &rollcall::render::json::report_schema());
    check("schemas/explain.v1.json", &rollcall::render::json::explain_schema());
    check("schemas/request.v1.json", &rollcall::render::json::request_schema());
    check("schemas/import.v1.json", &rollcall::render::json::import_schema());
    check("schemas/rehearsal.v1.json", &rollcall::render::json::rehearsal_schema());
    check("schemas/test.v1.json", &rollcall::render::json::test_schema());
    check("schemas/init.v1.json", &rollcall::render::json::init_schema());
    check("schemas/adopt.v1.json", &rollcall::render::json::adopt_schema());
    check("schemas/map.v1.json", &rollcall::render::json::map_schema());
    check("schemas/accounts.v1.json", &rollcall::render::json::accounts_schema());
    check("schemas/result.v1.json", &rollcall::render::json::result_schema());
    check("schemas/list.v1.json", &rollcall::render::json::list_schema());
}

#[test]
fn the_schema_of_manifests_is_current() {
    let schema = serde_json::to_string_pretty(&rollcall::manifest::schema()).unwrap();
    check("schemas/manifest.v1.json", &format!("{schema}\n"));
}

#[test]
fn every_explanation_belongs_to_a_code() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/diag/explain");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name()).collect();
    let mut codes: Vec<std::ffi::OsString> = Code::ALL.iter().map(|it| format!("{it}.md").into()).collect();
    files.sort();
    codes.sort();
    assert_eq!(files, codes);
}

/// The blocks of the guide are copies of what the rendering tests expect, in this order.
#[test]
fn the_guide_to_plans_shows_them_as_they_are_printed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let guide = std::fs::read_to_string(root.join("docs/reading-a-plan.md")).unwrap();
    let mut parts = guide.split("```text\n");
    let mut written = parts.next().unwrap_or_default().to_owned();
    for name in ["sample.txt", "difference.txt", "differences.txt", "report.txt"] {
        let shown = std::fs::read_to_string(root.join("src/render/tests/expected").join(name)).unwrap();
        let (_, after) = parts.next().and_then(|part| part.split_once("```")).expect("a block for each");
        write!(written, "```text\n{shown}```{after}").unwrap();
    }
    assert!(parts.next().is_none(), "a block that nothing prints");
    check("docs/reading-a-plan.md", &written);
}

#[test]
fn every_key_of_plans_and_reports_is_in_the_docs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let guide = std::fs::read_to_string(root.join("docs/plan-json.md")).unwrap();
    for schema in [rollcall::render::json::plan_schema(), rollcall::render::json::report_schema()] {
        let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
        for key in schema["properties"].as_object().unwrap().keys() {
            assert!(guide.contains(&format!("| `{key}` |")), "{key}");
        }
    }
}

/// The table between the two headings is the program's.
#[test]
fn the_page_on_compatibility_shows_which_api_carries_what() {
    use rollcall::account::Family;
    use rollcall::account::activtrak::{Evidence, ROUTES};

    let carriers = |families: &[(Family, Evidence)]| {
        let name = |(family, evidence): &(Family, Evidence)| {
            let sure = match evidence {
                Evidence::Documented => "D",
                Evidence::Described => "S",
                Evidence::Seen => "L",
                Evidence::Inferred => "I",
            };
            format!("{} {sure}", family.to_string().trim_end_matches(" API"))
        };
        families.iter().map(name).collect::<Vec<_>>().join(", ")
    };
    let mut table = String::from("| what | is shown by | is changed by |\n|---|---|---|\n");
    for row in ROUTES {
        writeln!(table, "| {} | {} | {} |", row.topic.subject(), carriers(row.shown), carriers(row.written))
            .unwrap();
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/compatibility.md");
    let page = std::fs::read_to_string(path).unwrap();
    let (head, rest) = page.split_once("own table.\n\n").unwrap();
    let (_, tail) = rest.split_once("\n## What SCIM").unwrap();
    check("docs/compatibility.md", &format!("{head}own table.\n\n{table}\n## What SCIM{tail}"));
}
