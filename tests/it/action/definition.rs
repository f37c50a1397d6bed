//! What does `action.yml` say? It is written from the tables of inputs and outputs, so that no list of them is kept twice.

use std::fmt::Write as _;

use rollcall::github::{INPUTS, Input, OUTPUTS};

use crate::documents::check;

/// An input for which the program is not there yet: it says where to get it.
pub(crate) struct Setup {
    pub(crate) name: &'static str,
    pub(crate) default: &'static str,
    pub(crate) about: &'static str,
    pub(crate) words: &'static [&'static str],
}

impl Setup {
    /// The variable by which it reaches `action/install.sh`.
    pub(crate) fn variable(&self) -> String {
        format!("ROLLCALL_{}", self.name.to_ascii_uppercase())
    }
}

/// The inputs of the first step, in the order in which they are shown.
pub(crate) const SETUP: [Setup; 3] = [
    Setup {
        name: "binary",
        default: "",
        about: "A program that is there already, in place of a release: its path, or its name on the path of the runner",
        words: &[],
    },
    Setup {
        name: "version",
        default: "",
        about: "Which release, `X.Y.Z`, of those whose SHA-256 the action holds in `action/manifest.json`; where it is left out, the \
                one that the action was released with. Of a `binary`, and of what `fallback` builds, it is what they have to be",
        words: &[],
    },
    Setup {
        name: "fallback",
        default: "none",
        about: "Where the action holds no SHA-256 of a release for the runner: `cargo-install` builds the program from the action's \
                own files, which takes minutes and needs Rust and a C compiler",
        words: &["none", "cargo-install"],
    },
];

/// A text in double quotes, in which YAML reads what JSON writes.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

/// What an input says, with the words that it can be.
pub(crate) fn described(about: &str, words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    if words.is_empty() { about.to_owned() } else { format!("{about} ({})", words.join(", ")) }
}

/// The variables of a step, each from what an expression says.
fn variables<'a>(pairs: impl IntoIterator<Item = (String, &'a str)>) -> String {
    pairs.into_iter().fold(String::new(), |mut text, (variable, expression)| {
        writeln!(text, "        {variable}: ${{{{ {expression} }}}}").unwrap();
        text
    })
}

/// `action.yml`.
fn definition() -> String {
    let mut text = format!(
        "# Generated from src/github/inputs.rs and tests/it/action/definition.rs; `BLESS=1 cargo test --test it` writes it anew.\n\
         # Only `env` holds expressions: no input is a part of a script.\n\
         name: Rollcall\ndescription: {}\nbranding:\n  icon: users\n  color: blue\ninputs:\n",
        quoted(env!("CARGO_PKG_DESCRIPTION"))
    );
    let program = INPUTS.iter().map(|it| (it.name, described(it.about, it.words), it.default));
    let setup = SETUP.iter().map(|it| (it.name, described(it.about, it.words), it.default));
    for (name, about, default) in program.chain(setup) {
        let (about, default) = (quoted(&about), quoted(default));
        write!(text, "  {name}:\n    description: {about}\n    required: false\n    default: {default}\n")
            .unwrap();
    }
    text.push_str("outputs:\n");
    for output in OUTPUTS {
        let (name, about) = (output.name, quoted(output.about));
        write!(text, "  {name}:\n    description: {about}\n    value: ${{{{ steps.run.outputs.{name} }}}}\n")
            .unwrap();
    }
    let expression = |name: &str| format!("inputs.{name}");
    let (setup, program): (Vec<_>, Vec<_>) = (
        SETUP.iter().map(|it| (it.variable(), expression(it.name))).collect(),
        INPUTS.iter().map(|it| (Input::variable(it), expression(it.name))).collect(),
    );
    let install = variables(setup.iter().map(|(variable, said)| (variable.clone(), said.as_str())));
    let run = variables(program.iter().map(|(variable, said)| (variable.clone(), said.as_str())));
    write!(
        text,
        "runs:\n  using: composite\n  steps:\n    \
         - name: Install Rollcall\n      id: install\n      shell: bash\n      env:\n        BASH_ENV: \"\"\n{install}      \
         run: exec bash -p \"${{GITHUB_ACTION_PATH:?}}/action/install.sh\"\n    \
         - name: Run Rollcall\n      id: run\n      shell: bash\n      env:\n        BASH_ENV: \"\"\n        \
         ROLLCALL_BIN: ${{{{ steps.install.outputs.bin }}}}\n{run}      run: exec \"${{ROLLCALL_BIN:?}}\" ci github\n"
    )
    .unwrap();
    text
}

#[test]
fn the_action_has_the_inputs_and_outputs_of_the_program() {
    check("action.yml", &definition());
}

#[test]
fn no_name_of_an_input_is_taken_twice() {
    let mut names: Vec<&str> =
        INPUTS.iter().map(|it| it.name).chain(SETUP.iter().map(|it| it.name)).collect();
    names.sort_unstable();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all);
    for setup in SETUP {
        assert!(setup.words.is_empty() || setup.words.contains(&setup.default), "{}", setup.name);
    }
}
