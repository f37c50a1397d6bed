//! Both steps, one after the other, with the real program: what it is told, and what comes of it.

use std::fs;

use crate::action::root;
use crate::action::runner::{Ran, Runner, TOKEN};
use crate::action::scripts::{ROLLCALL, script};

/// What a workspace holds: a company, valid and with changes.
const COMPANY: [&str; 2] = ["rollcall.yaml", "account.json"];

/// A machine with a checkout, at an event.
fn machine(event: &str) -> Runner {
    let mut runner = Runner::new();
    let manifests = runner.workspace().join("manifests");
    fs::create_dir(&manifests).unwrap();
    for file in COMPANY {
        fs::copy(root().join("examples/rollback").join(file), manifests.join(file)).unwrap();
    }
    runner.started_by(event);
    runner
}

#[track_caller]
fn is_green(ran: &Ran) {
    assert_eq!(ran.code, 0, "{}", ran.log);
    assert_eq!((ran.outputs["exit-code"].as_str(), ran.outputs["failure-reason"].as_str()), ("0", ""));
    assert_eq!(ran.steps, ["install", "run"]);
}

#[test]
fn manifests_are_validated_in_two_steps() {
    let runner = machine("workflow_dispatch");
    let ran = runner.uses(root(), &[("command", "validate"), ("path", "manifests"), ("binary", ROLLCALL)]);
    is_green(&ran);
    assert_eq!(ran.outputs["command"], "validate");
    assert!(ran.summary.contains("**Manifests: "), "{}", ran.summary);
    assert_eq!(ran.warnings, Vec::<String>::new());
}

#[test]
fn a_plan_hands_on_what_it_comes_to() {
    let runner = machine("schedule");
    let with = [("path", "manifests"), ("sandbox", "allow"), ("binary", ROLLCALL)];
    let ran = runner.uses(root(), &with);
    is_green(&ran);
    let number = |name: &str| ran.outputs[name].parse::<usize>().unwrap();
    assert_eq!(ran.outputs["command"], "plan");
    assert!(number("changes") > 0, "{:?}", ran.outputs);
    assert_eq!(number("changes"), number("to-add") + number("to-change") + number("to-remove"));
    assert_eq!(ran.outputs["plan-digest"].len(), 64);
    assert!(ran.summary.contains(&ran.outputs["plan-digest"]), "{}", ran.summary);
}

#[test]
fn what_fails_is_red_with_its_outputs() {
    let runner = machine("schedule");
    fs::write(
        runner.workspace().join("manifests/more.yaml"),
        "users: [{ email: mary@acme.example, displayNam: Mary }]\n",
    )
    .unwrap();
    let ran = runner.uses(root(), &[("command", "validate"), ("path", "manifests"), ("binary", ROLLCALL)]);
    assert_eq!((ran.code, ran.outputs["exit-code"].as_str()), (1, "1"), "{}", ran.log);
    assert_eq!(ran.outputs["failure-reason"], "error");
    assert_eq!(ran.told("error").len(), 1, "{}", ran.log);
}

#[test]
fn an_input_that_the_action_does_not_have_is_said() {
    let runner = machine("workflow_dispatch");
    let with = [("command", "validate"), ("path", "manifests"), ("binary", ROLLCALL), ("comand", "apply")];
    let ran = runner.uses(root(), &with);
    is_green(&ran);
    assert!(ran.warnings[0].contains("comand") && ran.warnings[0].contains("comment"), "{:?}", ran.warnings);
}

#[test]
fn no_input_of_the_action_is_a_command_of_a_shell_or_of_the_runner() {
    let hostile = [
        "$(touch canary)`touch canary`${IFS}&&touch${IFS}canary",
        "\"; touch canary; \"'; touch canary; '",
        "x\n::add-mask::x\ntouch canary\nbin=/bin/true",
        "--version; a[$(touch canary)] ##[stop-commands]x",
    ];
    let text = fs::read_to_string(root().join("action.yml")).unwrap();
    let inputs = text.split("\noutputs:").next().unwrap().lines().filter_map(|line| {
        let name = line.strip_prefix("  ")?.strip_suffix(':')?;
        (!name.starts_with(' ')).then_some(name)
    });
    let inputs: Vec<&str> = inputs.collect();
    assert!(inputs.len() > 10, "{inputs:?}");
    let runner = machine("workflow_dispatch");
    for value in hostile {
        for name in &inputs {
            // The one at hand is hostile, the others are as they are in the test above.
            let others = [("command", "validate"), ("path", "manifests"), ("binary", ROLLCALL)];
            let mut with: Vec<_> = others.into_iter().filter(|(other, _)| other != name).collect();
            with.push((name, value));
            let ran = runner.uses(root(), &with);
            assert!(!runner.workspace().join("canary").exists(), "`{name}` of {value:?}: {}", ran.log);
            for line in ran.log.lines() {
                let obeyed = line.trim_start().starts_with("::add-mask") || line.contains("##[");
                assert!(!obeyed, "`{name}` of {value:?}: {line}");
            }
        }
    }
}

#[test]
fn variables_that_bash_obeys_do_nothing() {
    let mut runner = machine("workflow_dispatch");
    let canary = runner.at("canary.sh");
    fs::write(&canary, "touch canary\n").unwrap();
    for variable in ["BASH_ENV", "ENV"] {
        runner.set(variable, &canary.display().to_string());
    }
    runner.set("BASH_FUNC_head%%", "() { touch canary; }").set("BASH_FUNC_printf%%", "() { touch canary; }");
    let ran = runner.uses(root(), &[("command", "validate"), ("path", "manifests"), ("binary", ROLLCALL)]);
    is_green(&ran);
    assert!(!runner.workspace().join("canary").exists(), "{}", ran.log);
}

#[test]
fn the_token_is_handed_to_the_program_under_a_name_of_its_own_and_to_nothing_else() {
    let runner = machine("workflow_dispatch");
    let bin = script(
        &runner.at("bin/rollcall"),
        "if [ \"$1\" = --version ]; then echo 'rollcall 9.9.9'; env >install.env; else env >run.env; fi",
    );
    let ran = runner.uses(root(), &[("binary", &bin.display().to_string())]);
    assert_eq!(ran.code, 0, "{}", ran.log);
    let holds = |file: &str| {
        let text = fs::read_to_string(runner.workspace().join(file)).unwrap();
        let lines = text.lines().filter(|line| line.contains(TOKEN));
        lines.map(str::to_owned).collect::<Vec<String>>()
    };
    assert_eq!(holds("install.env"), Vec::<String>::new());
    assert_eq!(holds("run.env"), [format!("ROLLCALL_GITHUB_TOKEN={TOKEN}")]);
}
