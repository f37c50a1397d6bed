//! What does a runner of GitHub make of `action.yml`? As much of one as the action needs, and strict about everything else.
//!
//! It knows composite actions whose steps are scripts of bash, and four kinds of expressions, in `env`, `value` and `default` only.
//! Whatever else the action comes to use fails here first.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;
use tempfile::TempDir;

/// What `github.token` is.
pub(super) const TOKEN: &str = "ghs_T0ken0fTheRun";

type Texts = BTreeMap<String, String>;

/// `action.yml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Action {
    #[serde(rename = "name")]
    _name: String,
    #[serde(rename = "description")]
    _description: String,
    #[serde(rename = "branding")]
    _branding: Texts,
    inputs: BTreeMap<String, Input>,
    outputs: BTreeMap<String, Output>,
    runs: Runs,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    #[serde(rename = "description")]
    _description: String,
    required: bool,
    default: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Output {
    #[serde(rename = "description")]
    _description: String,
    value: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Runs {
    using: String,
    steps: Vec<Step>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    #[serde(rename = "name")]
    _name: String,
    id: String,
    shell: String,
    env: Texts,
    run: String,
}

/// A machine that runs jobs, with a workspace.
pub(super) struct Runner {
    folder: TempDir,
    /// Variables of the step that uses the action, and of the machine.
    pub(super) variables: Texts,
    /// Folders before those of the machine on the path.
    pub(super) first_on_path: Vec<PathBuf>,
}

/// How the action went.
#[derive(Debug)]
pub(super) struct Ran {
    /// The exit code of the last step that ran.
    pub(super) code: i32,
    /// The steps that ran.
    pub(super) steps: Vec<String>,
    pub(super) outputs: Texts,
    /// What its scripts print.
    pub(super) log: String,
    pub(super) summary: String,
    /// What the runner itself says.
    pub(super) warnings: Vec<String>,
}

impl Ran {
    /// The commands of a kind that the runner is told: `error`, `warning`.
    pub(super) fn told(&self, kind: &str) -> Vec<&str> {
        self.log.lines().filter(|line| line.starts_with(&format!("::{kind} "))).collect()
    }
}

/// What expressions speak of.
struct Contexts<'a> {
    inputs: &'a Texts,
    steps: &'a BTreeMap<String, Texts>,
}

impl Contexts<'_> {
    /// A text with its expressions evaluated: each is one of a few, or the action asks for more than it should.
    fn evaluated(&self, text: &str) -> String {
        let (mut done, mut rest) = (String::new(), text);
        while let Some((before, after)) = rest.split_once("${{") {
            let (expression, behind) = after.split_once("}}").expect("an expression ends");
            done.push_str(before);
            done.push_str(&self.value(expression.trim()));
            rest = behind;
        }
        done + rest
    }

    fn value(&self, expression: &str) -> String {
        let parts: Vec<&str> = expression.split('.').collect();
        match parts[..] {
            ["github", "token"] => TOKEN.to_owned(),
            ["inputs", name] => self.inputs[name].clone(),
            // What a step that did not run hands on is empty.
            ["steps", step, "outputs", name] => {
                self.steps.get(step).and_then(|it| it.get(name)).cloned().unwrap_or_default()
            }
            _ => panic!("the action may not say ${{{{ {expression} }}}}"),
        }
    }
}

impl Runner {
    pub(super) fn new() -> Runner {
        let runner = Runner {
            folder: tempfile::tempdir().unwrap(),
            variables: BTreeMap::new(),
            first_on_path: Vec::new(),
        };
        for folder in ["workspace", "temp", "tools", "home"] {
            fs::create_dir(runner.at(folder)).unwrap();
        }
        runner
    }

    pub(super) fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(super) fn workspace(&self) -> PathBuf {
        self.at("workspace")
    }

    pub(super) fn set(&mut self, variable: &str, value: &str) -> &mut Runner {
        self.variables.insert(variable.to_owned(), value.to_owned());
        self
    }

    /// Says what started the workflow: a file of `tests/it/github/events`.
    pub(super) fn started_by(&mut self, event: &str) -> &mut Runner {
        let events = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/github/events");
        fs::copy(events.join(format!("{event}.json")), self.at("event.json")).unwrap();
        let payload = self.at("event.json").display().to_string();
        self.set("GITHUB_EVENT_NAME", event).set("GITHUB_EVENT_PATH", &payload)
    }

    /// A step that uses the action in a folder, with these inputs.
    pub(super) fn uses(&self, action: &Path, with: &[(&str, &str)]) -> Ran {
        let text = fs::read_to_string(action.join("action.yml")).unwrap();
        let definition: Action = serde_saphyr::from_str(&text).unwrap();
        assert_eq!(definition.runs.using, "composite");
        let known: Vec<&String> = definition.inputs.keys().collect();
        let unknown: Vec<&str> = with
            .iter()
            .map(|(name, _)| *name)
            .filter(|name| !definition.inputs.contains_key(*name))
            .collect();
        let warning = format!("Unexpected input(s) {unknown:?}, valid inputs are {known:?}");
        let inputs = filled(&definition, with);
        let mut ran = Ran {
            code: 0,
            steps: Vec::new(),
            outputs: BTreeMap::new(),
            log: String::new(),
            summary: String::new(),
            warnings: if unknown.is_empty() { Vec::new() } else { vec![warning] },
        };
        let mut steps = BTreeMap::new();
        for step in &definition.runs.steps {
            let variables = self.variables_of(step, &Contexts { inputs: &inputs, steps: &steps });
            steps.insert(step.id.clone(), self.step(action, step, &variables, &mut ran));
            if ran.code != 0 {
                break;
            }
        }
        let contexts = Contexts { inputs: &inputs, steps: &steps };
        let outputs = definition.outputs.iter();
        ran.outputs = outputs.map(|(name, it)| (name.clone(), contexts.evaluated(&it.value))).collect();
        ran
    }

    fn variables_of(&self, step: &Step, contexts: &Contexts<'_>) -> Texts {
        let mut variables = self.variables.clone();
        variables.extend(step.env.iter().map(|(name, text)| (name.clone(), contexts.evaluated(text))));
        variables
    }

    /// Runs a script; answers what it hands on.
    fn step(&self, action: &Path, step: &Step, variables: &Texts, ran: &mut Ran) -> Texts {
        assert_eq!(step.shell, "bash");
        assert!(!step.run.contains("${{"), "an expression is a part of the script of `{}`", step.id);
        let files = self.at(&format!("files-of-{}", step.id));
        let _old = fs::remove_dir_all(&files);
        fs::create_dir(&files).unwrap();
        let mut command = self.command(action);
        for (variable, file) in [
            ("GITHUB_OUTPUT", "output"),
            ("GITHUB_ENV", "env"),
            ("GITHUB_PATH", "path"),
            ("GITHUB_STEP_SUMMARY", "summary"),
        ] {
            fs::write(files.join(file), "").unwrap();
            command.env(variable, files.join(file));
        }
        fs::write(files.join("script.sh"), &step.run).unwrap();
        command.args(["--noprofile", "--norc", "-e", "-o", "pipefail"]).arg(files.join("script.sh"));
        let done = command.envs(variables).output().unwrap();
        for stream in [&done.stdout, &done.stderr] {
            ran.log.push_str(&String::from_utf8_lossy(stream));
        }
        let written = |file: &str| fs::read_to_string(files.join(file)).unwrap();
        ran.summary.push_str(&written("summary"));
        // What later steps of the job get would go on to steps that are none of the action's.
        assert_eq!((written("env"), written("path")), (String::new(), String::new()), "{}", step.id);
        ran.code = done.status.code().unwrap_or_else(|| 128 + done.status.signal().unwrap());
        ran.steps.push(step.id.clone());
        handed_on(&written("output"))
    }

    /// A bash, with what every step of every action has.
    fn command(&self, action: &Path) -> Command {
        let mut command = Command::new("bash");
        let machine: BTreeMap<_, _> = std::env::vars_os().filter(|(name, _)| name == "PATH").collect();
        let folders = machine.values().flat_map(std::env::split_paths);
        let path = std::env::join_paths(self.first_on_path.iter().cloned().chain(folders)).unwrap();
        command
            .env_clear()
            .current_dir(self.workspace())
            .stdin(Stdio::null())
            .env("PATH", path)
            .env("HOME", self.at("home"))
            .env("CI", "true")
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_ACTION_PATH", action)
            .env("GITHUB_WORKSPACE", self.workspace())
            .env("GITHUB_REPOSITORY", "acme/accounts")
            .env("GITHUB_SERVER_URL", "https://github.example")
            .env("GITHUB_API_URL", "http://127.0.0.1:9/api/v3")
            .env("GITHUB_RUN_ID", "4711")
            .env("RUNNER_OS", "Linux")
            .env("RUNNER_ARCH", "X64")
            .env("RUNNER_TEMP", self.at("temp"))
            .env("RUNNER_TOOL_CACHE", self.at("tools"));
        command
    }
}

/// Every input of an action, said or by default; one that is required has to be said.
fn filled(action: &Action, with: &[(&str, &str)]) -> Texts {
    let defaults = Contexts { inputs: &BTreeMap::new(), steps: &BTreeMap::new() };
    let said: BTreeMap<&str, &str> = with.iter().copied().collect();
    let of = |(name, input): (&String, &Input)| {
        assert!(!input.required || said.contains_key(name.as_str()), "{name} is required");
        let value = said.get(name.as_str()).map(|it| (*it).to_owned());
        (name.clone(), value.unwrap_or_else(|| defaults.evaluated(&input.default)))
    };
    action.inputs.iter().map(of).collect()
}

/// Reads `NAME=VALUE` and `NAME<<DELIMITER`, as the runner does.
fn handed_on(text: &str) -> Texts {
    let (mut outputs, mut lines) = (BTreeMap::new(), text.lines());
    while let Some(line) = lines.next() {
        let (name, value) = match (line.find("<<"), line.find('=')) {
            (Some(heredoc), equals) if equals.is_none_or(|it| heredoc < it) => {
                let delimiter = &line[heredoc + 2..];
                let value: Vec<&str> = lines.by_ref().take_while(|line| *line != delimiter).collect();
                (&line[..heredoc], value.join("\n"))
            }
            (_, Some(equals)) => (&line[..equals], line[equals + 1..].to_owned()),
            _ => panic!("the runner can't read this output: {line}"),
        };
        outputs.insert(name.to_owned(), value);
    }
    outputs
}
